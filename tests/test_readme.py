"""The documents show the program as it is: its help word for word, and no command or option that does not exist."""

import json
import re
from pathlib import Path

import pytest
import typer

from fluxdiag import cli

ROOT = Path(__file__).parents[1]
MARKED = re.compile(r"<!-- `fluxdiag --help`[^\n]*-->\n```\n(.*?)\n```\n<!-- end of help -->", re.DOTALL)
COMMANDS = typer.main.get_command(cli.app).commands
DOCUMENTS = ["README.md", "CONTRIBUTING.md", *sorted(f"docs/{file.name}" for file in (ROOT / "docs").glob("*.md"))]


def test_the_help_in_the_readme_is_the_programs(fluxdiag, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    shown = MARKED.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(shown) == 1, "the two markers are gone"
    assert shown[0] == fluxdiag("--help").out.rstrip(), "put the output of `COLUMNS=80 fluxdiag --help` between the markers"


def test_the_figures_in_the_readme_are_the_benchs():
    scores = json.loads((ROOT / "docs" / "accuracy" / "accuracy.json").read_text(encoding="utf-8"))
    of = scores["sets"]["Reporting subjects, never fitted on"]["all"]
    (found, planted), (right, named) = (
        [sum(each[part] for each in of[kind].values()) for part in ("hits", "n")] for kind in ("recall", "precision")
    )
    accused = of["false_alarms"]
    said = (
        f"On {of['loras']} LoRAs of {of['subjects']} people whom no weight was fitted on, {found} of {planted} planted "
        f"faults were named, {right} of {named} names were right, "
        f"and {accused['hits']} of {accused['n']} healthy LoRAs were accused."
    )
    assert said in " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())


def lines_of_code(document: str) -> list[str]:
    """What stands in code, in lines of its own or within a sentence: only there a command is meant as one."""
    text = (ROOT / document).read_text(encoding="utf-8")
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return [line for block in (*blocks, *inline) for line in block.splitlines()]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_only_commands_and_options_that_exist_are_shown(document):
    for line in lines_of_code(document):
        call = re.match(r"(?:\$ )?(?:\S*/)?fluxdiag ([a-z]\S*)(.*)", line.partition("#")[0])
        if call is None:
            continue
        name, rest = call.groups()
        assert name in COMMANDS, line
        command = COMMANDS[name]
        if below := getattr(command, "commands", {}):
            second = rest.split()[0]
            assert second in below, line
            command = below[second]
        options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        assert set(re.findall(r"(?<!\S)--[a-z-]+", rest)) <= options, line


@pytest.mark.parametrize("document", DOCUMENTS)
def test_only_make_targets_that_exist_are_shown(document):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    shown = {call[1] for line in lines_of_code(document) if (call := re.match(r"make ([a-z]+)", line))}
    assert shown <= targets


def test_the_documents_show_calls_at_all():
    """Else the two tests above would pass on nothing."""
    lines = lines_of_code("README.md")
    assert any(re.match(r"\S*fluxdiag report ", line) for line in lines)
    assert any(line.startswith("make test") for line in lines)
