"""Pages that are made from the code when the documentation is built, so that they cannot rot: `mkdocs build` calls this file.

Causes from the rules' docstrings, instruments from the instruments, commands from Typer, files from the pydantic records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from inspect import cleandoc, getdoc, getmodule
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from fluxdiag.batching.records import Batch
from fluxdiag.comparing.records import Compared
from fluxdiag.curing.record import Retraining
from fluxdiag.dataset.audit.records import Audit
from fluxdiag.gating.result import GateResult
from fluxdiag.inspect import Inspection
from fluxdiag.records import Captionless, Case, Diagnosis, Evidence, GatherInfo, Record, Shot, Suite
from fluxdiag.registry import Instrument, Rule, instruments, rules
from fluxdiag.repair import Repair
from fluxdiag.searching.sweep_records import Sweep

TOP = Path(__file__).parents[1]
FILES: dict[str, type[Record]] = {
    "case.json": Case,
    "gather.json": GatherInfo,
    "shots.jsonl": Shot,
    "evidence.json": Evidence,
    "diagnosis.json": Diagnosis,
    "audit.json": Audit,
    "repair.json": Repair,
    "sweep.json": Sweep,
    "batch.json": Batch,
    "retrain.json": Retraining,
    "captionless.json": Captionless,
    "inspect --json": Inspection,
    "gate --json": GateResult,
    "compare --json": Compared,
    "probes/*.toml": Suite,
}
"""what the program writes or answers -> its record"""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the generated pages beside the written ones."""
    pages = {
        "index.md": front_page(),
        "causes.md": causes(),
        "instruments.md": measured(),
        "commands.md": commands(),
        "files.md": records(),
        "laboratory.md": laboratory(),
    }
    for name, content in pages.items():
        files.append(File.generated(config, name, content=content))
    return files


def front_page() -> str:
    """The README, its links and pictures as seen from here."""
    text = (TOP / "README.md").read_text(encoding="utf-8")
    return re.sub(r"\]\(docs/", "](", text).replace('src="docs/', 'src="')


def laboratory() -> str:
    """The model card, which lies beside the laboratory's code."""
    return (TOP / "src" / "fluxlab" / "README.md").read_text(encoding="utf-8").replace("../../docs/", "")


# ------------------------------------------------------------------------------------------------ causes


def causes() -> str:
    known = rules()
    table = [f"| [`{rule.cause}`](#{rule.cause}) | {rule.severity} | {rule.title} |" for rule in known]
    head = ["# Causes", "", "`fluxdiag explain` prints the same.", "", "| cause | severity | |", "|---|---|---|", *table]
    return "\n".join([*head, *(line for rule in known for line in _cause(rule))])


def _cause(rule: Rule) -> Iterator[str]:
    yield from ("", f"## {rule.title} {{ #{rule.cause} }}", "")
    yield re.sub(r"^(What|Why|How)([^:\n]{3,40}):", r"**\1\2.**", cleandoc(rule.text), flags=re.MULTILINE)


# ------------------------------------------------------------------------------------------------ instruments


def measured() -> str:
    """Who measures what and from which arms; what each key means is in measurements.md."""
    head = ["# Instruments", "", "What each key means, and what it is computed from, is under [Measurements](measurements.md)."]
    return "\n".join([*head, *(line for one in instruments() for line in _instrument(one))])


def _instrument(one: Instrument) -> Iterator[str]:
    module = getmodule(one.measure)
    yield from ("", f"## {one.name.replace('_', ' ')}", "", getdoc(module) or "", "")
    needs = [f"`{arm}`" for arm in one.arms] + (["the loss probe"] if one.losses else [])
    yield f"Needs: {', '.join(needs) or 'no picture'}."
    yield from ("", "Gives: " + ", ".join(f"`{key}`" for key in one.gives) + ".")


# ------------------------------------------------------------------------------------------------ commands


def commands() -> str:
    """Every command's own help."""
    import typer.main

    from fluxdiag.cli import app

    return "\n".join(["# Commands", "", *_helps(typer.main.get_command(app), "fluxdiag")])


def _helps(command: Any, name: str) -> Iterator[str]:
    context = command.context_class(command, info_name=name, terminal_width=100, max_content_width=100)
    yield from (f"## `{name}`", "", "```text", command.get_help(context).rstrip(), "```", "")
    shown = {below: child for below, child in getattr(command, "commands", {}).items() if not child.hidden}
    for below, child in sorted(shown.items()):
        yield from _helps(child, f"{name} {below}")


# ------------------------------------------------------------------------------------------------ files


def records() -> str:
    """The fields of every file that the program writes, and of what it answers to other programs."""
    about = "Written by one command, read by the next or by other programs; each carries the number of its `schema`."
    head = ["# Files and answers", "", about]
    return "\n".join([*head, *(line for file, record in FILES.items() for line in _record(file, record))])


def _record(file: str, record: type[Record]) -> Iterator[str]:
    schema = record.model_json_schema(by_alias=True)
    yield from ("", f"## `{file}`", "", schema.get("description", ""), "", *_fields(schema))
    for name, below in schema.get("$defs", {}).items():
        if "properties" in below:
            yield from ("", f"### {name} {{ #{_slug(file)}-{name.lower()} }}", "", below.get("description", ""), "")
            yield from _fields(below)


def _fields(schema: dict[str, Any]) -> Iterable[str]:
    yield from ("| field | type | |", "|---|---|---|")
    for name, field in schema["properties"].items():
        yield f"| `{name}` | {_type(field)} | {field.get('description', '')} |".replace("\n", " ")


def _type(field: dict[str, Any]) -> str:
    """A JSON schema's type as a person would write it; `\\|` because it stands in a table."""
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if "enum" in field or "const" in field:
        return " \\| ".join(f"`{value}`" for value in field.get("enum", [field.get("const")]))
    if "anyOf" in field:
        return " \\| ".join(_type(option) for option in field["anyOf"])
    if field.get("type") == "array":
        items = field.get("items") or {}
        return f"list of {_type(items)}" if items else "list"
    if field.get("type") == "object" and isinstance(field.get("additionalProperties"), dict):
        return f"{{name: {_type(field['additionalProperties'])}}}"
    return str(field.get("type", "any"))


def _slug(text: str) -> str:
    return re.sub(r"\W+", "-", text).strip("-")
