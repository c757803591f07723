"""Which room may import what; the reasons are in CONTRIBUTING.md."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "fluxdiag"
MODEL_LIBRARIES = {"torch", "diffusers", "transformers", "peft", "insightface", "onnxruntime", "open_clip", "torchvision"}
ROOMS = {
    "rules": {"fluxdiag.records", "fluxdiag.registry", "fluxdiag.rules"},
    "instruments": {
        "fluxdiag.records", "fluxdiag.registry", "fluxdiag.errors", "fluxdiag.runs", "fluxdiag.profiles", "fluxdiag.instruments",
        "fluxdiag.dataset.audit.records",
        "numpy", "pandas", "scipy",
    },
    "lora": {
        "fluxdiag.records", "fluxdiag.errors", "fluxdiag.runs", "fluxdiag.lora", "fluxdiag.blocks", "fluxdiag.yaml_text", "numpy",
    },
    "dataset": {
        "fluxdiag.records", "fluxdiag.errors", "fluxdiag.runs", "fluxdiag.dataset", "numpy", "PIL", "imagehash", "pydantic",
        "tokenizers", "fluxdiag.yaml_text", "fluxdiag.printable",
    },
}  # fmt: skip


def imported(path: Path) -> set[str]:
    """Every module that a file imports at any depth, absolute and dotted; the standard library left out."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            names.add(node.module or "")
    return {name for name in names if name.partition(".")[0] not in sys.stdlib_module_names}


def files(room: str) -> list[Path]:
    return sorted((SOURCE / room).rglob("*.py"))


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_imports_only_what_it_may(room: str) -> None:
    allowed = ROOMS[room]
    strays = {
        (path.name, name)
        for path in files(room)
        for name in imported(path)
        if not any(name == root or name.startswith(f"{root}.") for root in allowed)
    }

    assert strays == set()


def test_only_engines_import_model_libraries() -> None:
    outside = [path for path in files(".") if "engines" not in path.relative_to(SOURCE).parts]

    strays = {(path.name, name) for path in outside for name in imported(path) if name.partition(".")[0] in MODEL_LIBRARIES}

    assert strays == set()


def test_fluxdiag_never_imports_the_laboratory_but_for_the_demo() -> None:
    strays = {path.name for path in files(".") if any(name.startswith("fluxlab") for name in imported(path))}

    assert strays <= {"demo.py"}


@pytest.mark.parametrize("room", ["weighing", "gating", "comparing", "reporting"])
def test_what_is_judged_and_said_needs_no_model(room: str) -> None:
    strays = {(path.name, name) for path in files(room) for name in imported(path) if name.startswith("fluxdiag.engines")}

    assert strays == set()


def test_only_the_program_knows_the_command_line() -> None:
    outside = [path for path in files(".") if path.name not in ("cli.py", "__main__.py") and path.parent.name != "commands"]

    strays = {
        (path.name, name) for path in outside for name in imported(path) if name.startswith(("fluxdiag.cli", "fluxdiag.commands"))
    }

    assert strays == set()
