"""What is wrong with a file's content, in words that whoever wrote it knows: pydantic's speak of dictionaries and instances."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

LONGEST = 60
"""characters that are shown of a wrong value"""
A_LIST = "a list in square brackets"
A_DAY = "a day such as 2026-12-31"
WANTED = {
    "string": "text", "int": "a whole number", "float": "a number", "finite": "a number", "bool": "true or false",
    "tuple": A_LIST, "list": A_LIST, "dict": "a table", "model": "a table", "date": A_DAY,
}  # fmt: skip
"""first word of an error's type -> what belongs there"""
LIMITS = {"greater_than": "above", "greater_than_equal": "at least"}
LIMITS |= {"less_than": "below", "less_than_equal": "at most"}
ALTERNATIVE = re.compile(r"(constrained-)?(str|int|float|bool)|(tuple|list|dict)\[.*\]")
"""what pydantic adds to the place of an error where several types are allowed"""


def why(error: Exception) -> str:
    """What a file's content, its encoding or the disk refused, on one line."""
    if isinstance(error, ValidationError):
        return first_problem(error)
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start + 1} is not UTF-8 text"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)


def first_problem(error: ValidationError) -> str:
    """The first thing that is wrong, and where: `probes, entry 2: the key `name` is missing`."""
    first, *others = error.errors()
    place = _place(first)
    same = [first, *(each for each in others if _place(each) == place)]
    before, name = _named(place)
    return f"{before}{_said(name, same)}".strip()


def _place(found: ErrorDetails) -> tuple[int | str, ...]:
    """Without the types that were tried there, which are no keys of the file."""
    return tuple(part for part in found["loc"] if not ALTERNATIVE.fullmatch(str(part)))


def _named(place: Sequence[int | str]) -> tuple[str, str]:
    """What leads there, and the last name: entries are counted from 1."""
    parts = [f"entry {part + 1}" if isinstance(part, int) else f"`{part}`" for part in place]
    if not parts:
        return "", ""
    before = ", ".join(part.strip("`") for part in parts[:-1])
    return f"{before}: " if before else "", parts[-1]


def _said(name: str, found: Sequence[ErrorDetails]) -> str:
    first = found[0]
    match first["type"]:
        case "missing":
            return "`schema = 1` is missing" if name == "`schema`" else f"the key {name} is missing"
        case "extra_forbidden":
            return f"{name} is no key that belongs here"
        case "json_invalid":
            return f"it is no JSON ({first['ctx']['error']})"
        case "too_long":
            return f"{name} has {first['ctx']['actual_length']} entries, and {first['ctx']['max_length']} belong there"
        case "string_too_short":
            return f"{name} is empty"
        case "value_error":
            return f"{name}: {first['ctx']['error']}" if first["loc"] else str(first["ctx"]["error"])
        case "string_pattern_mismatch":
            return f"{name} is not of the form that belongs there, and is {_shown(first['input'])}"
    wanted = dict.fromkeys(_wanted(each) for each in found)
    return f"{name} must be {' or '.join(wanted)}, and is {_shown(first['input'])}"


def _wanted(found: ErrorDetails) -> str:
    kind, context = found["type"], found.get("ctx", {})
    if kind in LIMITS:
        return " ".join((LIMITS[kind], *(f"{limit:g}" for limit in context.values())))
    if kind in ("literal_error", "enum"):
        return str(context["expected"]).replace("'", '"')
    return WANTED.get(kind.partition("_")[0], "something else")


def _shown(value: Any) -> str:
    """As TOML and JSON have it; of what is long only the beginning, and of tables and lists only that they are."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    shown = json.dumps(value, default=str, ensure_ascii=False)
    return shown if len(shown) <= LONGEST else shown[:LONGEST] + "…"
