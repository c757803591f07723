"""The YAML at the head of a model card. Only the keys that change are written anew; the rest stays, comments too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from fluxdiag.errors import FluxdiagError
from fluxdiag.yaml_text import read_yaml

OPENING = r"\A(\ufeff?\s*---[ \t]*\r?\n)"
HEAD = re.compile(OPENING + r"(.*?)(?<=\n)(---[ \t]*(?:\r?\n|\Z))", re.DOTALL)


@dataclass(frozen=True)
class Parts:
    """A card taken apart; joined again it is the same text, but for a newline after a closing line that ended the file."""

    opening: str
    head: str
    closing: str
    body: str

    def __str__(self) -> str:
        return self.opening + self.head + self.closing + self.body


class _Dumper(yaml.SafeDumper):
    """Lists indented below their key, as model cards have them; nothing is ever an alias."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def split(card: str, newline: str, where: str) -> Parts:
    """A card without front matter gets an empty one."""
    found = HEAD.match(card)
    if found:
        # What follows the closing line would be a part of it where the file ends with that line and without a newline.
        closing = found[3] if found[3].endswith("\n") else found[3] + newline
        return Parts(found[1], found[2], closing, card[found.end() :])
    if re.match(OPENING, card):
        raise FluxdiagError("its front matter has no end (a line `---`)", where=where, do="Close it, or take its first line out")
    return Parts(f"---{newline}", "", f"---{newline}{newline if card else ''}", card.removeprefix("\ufeff"))


def parsed(head: str, where: str) -> dict[str, Any]:
    try:
        content = read_yaml(head)
    except ValueError as error:
        raise FluxdiagError(
            f"its front matter is no YAML ({str(error)[:200]})", where=where, do="Correct it; nothing was written"
        ) from error
    if content is not None and not isinstance(content, dict):
        raise FluxdiagError("its front matter is no mapping", where=where, do="Correct it; nothing was written")
    return content or {}


def with_keys(head: str, wanted: Mapping[str, Any], newline: str, where: str) -> str:
    """The YAML with these keys set. What was written is read again: nothing else may have changed."""
    before = parsed(head, where)
    changes = {key: value for key, value in wanted.items() if key not in before or before[key] != value}
    written = {key: dump({key: value}).replace("\n", newline) for key, value in changes.items()}
    try:
        text = _spliced(head if not head or head.endswith("\n") else head + newline, written)
        same = (read_yaml(text) or {}) == {**before, **changes}
    except (yaml.YAMLError, ValueError):
        same = False
    if not same:
        raise FluxdiagError(
            "its front matter is written in a way that cannot be added to",
            where=where,
            do="Write one `key: value` a line, each key once; nothing was written",
        )
    return text


def _spliced(text: str, written: Mapping[str, str]) -> str:
    for key, lines in written.items():
        text = _with_key(text, key, lines)
    return text


def _with_key(text: str, key: str, written: str) -> str:
    """The key's own lines replaced, or new lines at the end."""
    lines = text.splitlines(keepends=True)
    for found, end in _places(text):
        if found.value == key:
            first, last = found.start_mark.line, end.line if end.column == 0 else end.line + 1
            return "".join([*lines[:first], written, *_trailing(lines[first:last]), *lines[last:]])
    return text + written


def _places(text: str) -> list[tuple[Any, Any]]:
    """The top-level keys as nodes, and where the value of each ends."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    return [(key, value.end_mark) for key, value in node.value] if isinstance(node, yaml.MappingNode) else []


def _trailing(lines: list[str]) -> list[str]:
    """Comments and blanks after a value belong to what follows it; YAML counts them as the value's end."""
    kept: list[str] = []
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        kept.insert(0, lines.pop())
    return kept


def dump(content: Mapping[str, Any]) -> str:
    """Letters of all languages as they are, unless PyYAML would not read them back the same (it does not for U+0085)."""
    for unicode in (True, False):
        written = yaml.dump(dict(content), Dumper=_Dumper, sort_keys=False, allow_unicode=unicode, width=1000)
        if yaml.safe_load(written) == dict(content):
            break
    return written
