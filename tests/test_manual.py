"""Messages that send the user to a page of the documentation: it is there, and its place is one on the user's machine."""

import ast
import re
from pathlib import Path

from fluxdiag.gating.reading import HOW
from fluxdiag.manual import manual_page

SOURCE = Path(__file__).parents[1] / "src" / "fluxdiag"
TREES = {file: ast.parse(file.read_text(encoding="utf-8")) for file in sorted(SOURCE.rglob("*.py"))}
BARE = re.compile(r"docs/\w+\.md")


def told(tree: ast.AST) -> list[str]:
    """Every string that is no docstring."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docstrings]
    return [node.value for node in nodes if isinstance(node.value, str)]


def test_no_message_names_a_page_that_only_a_checkout_has():
    assert [(file.name, text) for file, tree in TREES.items() for text in told(tree) if BARE.search(text)] == []


def test_a_message_is_told_from_a_docstring():
    tree = ast.parse('"""See docs/gate.md."""\nprint(f"see docs/faces.md {1}")')
    assert [text for text in told(tree) if BARE.search(text)] == ["see docs/faces.md "]


def test_every_page_that_is_named_is_there():
    calls = [node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = {ast.literal_eval(call.args[0]) for call in calls if getattr(call.func, "id", "") == "manual_page"}
    assert {"faces.md", "setup.md", "probes.md", "retrain.md", "gate.md"} <= named
    assert [name for name in sorted(named) if not Path(manual_page(name)).is_file()] == []


def test_a_page_is_named_by_a_path_that_can_be_opened_from_anywhere():
    assert Path(HOW.removeprefix("See ")).is_absolute()
