"""Policies from TOML files and presets. TOML and not YAML, where `off` means false. A mistake names the file and the key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from fluxdiag.errors import FluxdiagError
from fluxdiag.errors_in_files import first_problem, why
from fluxdiag.gating.policy import (
    CHANGES,
    CONDITIONS,
    Defaults,
    Entry,
    Fields,
    Given,
    Layer,
    Level,
    Line,
    Policy,
    Regression,
    is_pattern,
)
from fluxdiag.gating.where import AT, Match, Where
from fluxdiag.manual import manual_page

PRESETS = Path(__file__).parent / "presets"
BUILT_IN = "built in"
HOW = f"See {manual_page('gate.md')}"
FIELDS: dict[str, type[BaseModel]] = {"defaults": Defaults, "assert": Line, "regression": Regression, "match": Match}


def preset_names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in PRESETS.glob("*.toml")))


def read_policy(name: str) -> Policy:
    """A policy by preset name (`marketplace`) or by path to a TOML, with all that it extends."""
    layers = _layers(name, Path(), ())
    policy = _merge(layers)
    _complete(policy)
    return policy


# ------------------------------------------------------------------------------------------------ files


def _layers(name: str, beside: Path, above: tuple[Path, ...]) -> list[tuple[str, Layer]]:
    """What a policy extends, in order, and itself last. `beside` is the folder that relative paths start from."""
    path, origin = _locate(name, beside, above[-1:])
    if path in above:
        raise FluxdiagError("extends itself, by way of others or directly", where=str(path), do="Take one `extends` out")
    layer = _read(path)
    below = [each for other in layer.extends for each in _layers(other, path.parent, (*above, path))]
    return [*below, (origin, layer)]


def _locate(name: str, beside: Path, above: tuple[Path, ...]) -> tuple[Path, str]:
    preset = name.removeprefix("fluxdiag:")
    if preset in preset_names():
        return PRESETS / f"{preset}.toml", f"preset {preset}"
    path = (beside / name).resolve()
    if not path.is_file():
        known = ", ".join(preset_names())
        where = ": extends: ".join((*map(str, above), name))
        raise FluxdiagError("there is no such policy", where=where, do=f"Give a TOML file or one of the presets: {known}")
    return path, path.name if not above or Path(name).is_absolute() else name


def _read(path: Path) -> Layer:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return Layer.model_validate(_prepared(content, path))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise FluxdiagError(f"cannot be read as TOML ({why(error)})", where=str(path), do=HOW) from error
    except ValidationError as error:
        raise FluxdiagError(_explained(error, Layer), where=str(path), do=f"{HOW} for the keys") from error


def _prepared(content: dict[str, Any], path: Path) -> dict[str, Any]:
    """`"id" = "warn"` becomes a table, `required` leaves the ids, and each line's fields are checked under its own name."""
    content = dict(content)
    for section in ("assert", "regression"):
        if not isinstance(content.get(section, {}), dict):
            raise FluxdiagError("is not a table", where=f"{path}: [{section}]", do=HOW)
    regression = dict(content.pop("regression", {}))
    content["required"] = regression.pop("required", None)
    content["assert"] = _lines(content.get("assert", {}), path, "assert")
    content["assert_for"] = _entries(content.get("assert_for", []), path)
    content["regression"] = _lines(regression, path, "regression")
    content["defaults"] = _checked(content.get("defaults", {}), path, "defaults", "defaults")
    return content


def _lines(entries: dict[str, Any], path: Path, section: str, stem: str = "") -> dict[str, dict[str, Any]]:
    lines = dict(_flat(entries, FIELDS[section].model_fields))
    for id_ in (id_ for id_ in lines if AT in id_):
        do = f"Write [[assert_for]], with what stands after the `{AT.strip()}` in its match"
        raise FluxdiagError("is the name of a result, and no id", where=f'{path}: {stem}{section}."{id_}"', do=do)
    return {id_: _checked(line, path, section, f'{stem}{section}."{id_}"') for id_, line in lines.items()}


def _entries(entries: Any, path: Path) -> list[dict[str, Any]]:
    """Each `[[assert_for]]`. Refused where it could never speak: without lines, or without anything to match."""
    if not isinstance(entries, list):
        do = f"Write [[assert_for]], with two brackets. {HOW}"
        raise FluxdiagError("is not a list of tables", where=f"{path}: assert_for", do=do)
    return [_entry(entry, f"assert_for {number}", path) for number, entry in enumerate(entries, 1)]


def _entry(entry: Any, key: str, path: Path) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise FluxdiagError("is not a table", where=f"{path}: {key}", do=f"Write [[assert_for]]. {HOW}")
    lines, match = entry.get("assert", {}), entry.get("match", {})
    if not isinstance(lines, dict) or not lines:
        raise FluxdiagError("asserts nothing", where=f"{path}: {key}", do='Give it assert = { "ID" = { min = ... } }')
    if match == {}:
        do = f"Give it match = {{ {' or '.join(Match.model_fields)} = ... }}; what holds for every run stands in [assert]"
        raise FluxdiagError("matches nothing in particular", where=f"{path}: {key}", do=do)
    told = _checked(match, path, "match", f"{key}: match")
    return {**entry, "match": told, "assert": _lines(lines, path, "assert", f"{key}: ")}


def _flat(entries: Mapping[str, Any], fields: Iterable[str], stem: str = "") -> Iterable[tuple[str, Any]]:
    """`bleed.class = {...}` without quotes is a table in a table to TOML; here it is the id `bleed.class` all the same."""
    for key, value in entries.items():
        if isinstance(value, str):
            yield stem + key, {"level": value}
        elif isinstance(value, dict) and not set(value) & set(fields) and _holds_lines(value):
            yield from _flat(value, fields, f"{stem}{key}.")
        else:
            yield stem + key, value


def _holds_lines(table: Mapping[str, Any]) -> bool:
    """Rather than misspelt fields: tables, or levels on their own."""
    return any(isinstance(value, dict) or value in get_args(Level) for value in table.values())


def _checked(fields: Any, path: Path, section: str, key: str) -> dict[str, Any]:
    kind = FIELDS[section]
    try:
        return kind.model_validate(fields).model_dump(exclude_unset=True)
    except ValidationError as error:
        message = _explained(error, kind)
        raise FluxdiagError(message, where=f"{path}: {key}", do=f"{HOW} for the keys") from error


def _explained(error: ValidationError, kind: type[BaseModel]) -> str:
    """The first problem; for a misspelt key the known one that is nearest."""
    first = error.errors()[0]
    if first["type"] != "extra_forbidden":
        return first_problem(error)
    key = str(first["loc"][-1])
    known = [info.alias or name for name, info in kind.model_fields.items()]
    return f"`{key}` is no key that belongs here{nearest(key, known)}"


def nearest(word: str, known: Iterable[str]) -> str:
    """`; the nearest known one is ...`, or nothing where none is near."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"; the nearest known one is `{close[0]}`" if close else ""


# ------------------------------------------------------------------------------------------------ merging


def _merge(layers: list[tuple[str, Layer]]) -> Policy:
    built_in = {key: Given(value, BUILT_IN) for key, value in Defaults().model_dump().items()}
    defaults: Fields = built_in
    asserts: dict[str, Fields] = {}
    asserts_for: dict[Where, dict[str, Fields]] = {}
    regression: dict[str, Fields] = {}
    required = Given(False, BUILT_IN)
    for origin, layer in layers:
        defaults = {**defaults, **_given(layer.defaults, origin)}
        _over(asserts, layer.assert_, origin)
        for where, lines in _by_place(layer.assert_for, origin).items():
            _over(asserts_for.setdefault(where, {}), lines, origin)
        _over(regression, layer.regression, origin)
        required = required if layer.required is None else Given(layer.required, origin)
    waivers = tuple((waiver, origin) for origin, layer in layers for waiver in layer.waive)
    whole = {where: _inherited(lines) for where, lines in asserts_for.items()}
    return Policy(layers[-1][0].removeprefix("preset "), defaults, _inherited(asserts), regression, required, waivers, whole)


def _by_place(entries: Iterable[Entry], origin: str) -> dict[Where, dict[str, dict[str, Any]]]:
    """A list of strengths or names is as many entries. One file says each line once: which of two it means nobody could tell."""
    found: dict[Where, dict[str, dict[str, Any]]] = {}
    for where, entry in ((where, each) for each in entries for where in each.match.wheres):
        there = found.setdefault(where, {})
        twice = sorted(there.keys() & entry.assert_.keys())
        if twice:
            do = "Keep one of them"
            raise FluxdiagError(f"`{twice[0]}` is asserted twice for {where}", where=f"{origin}: assert_for", do=do)
        there.update(entry.assert_)
    return found


def _given(fields: Mapping[str, Any], origin: str) -> dict[str, Given]:
    return {key: Given(value, origin) for key, value in fields.items()}


def _over(below: dict[str, Fields], lines: Mapping[str, Mapping[str, Any]], origin: str) -> None:
    for id_, fields in lines.items():
        below[id_] = {**below.get(id_, {}), **_given(fields, origin)}


def _inherited(asserts: Mapping[str, Fields]) -> dict[str, Fields]:
    """A line without a condition of its own, such as `"cause.x.status" = "warn"`, takes that of the pattern it falls under."""
    return {
        id_: fields if set(fields) & {*CONDITIONS} else {**_pattern_for(id_, asserts), **fields}
        for id_, fields in asserts.items()
    }


def _pattern_for(id_: str, asserts: Mapping[str, Fields]) -> Fields:
    covering = [
        fields for pattern, fields in asserts.items() if is_pattern(pattern) and pattern != id_ and fnmatchcase(id_, pattern)
    ]
    return covering[-1] if covering else {}


# ------------------------------------------------------------------------------------------------ sense


def _complete(policy: Policy) -> None:
    """Refuse what could only ever pass: a policy without lines, a line without a condition, limits that exclude everything."""
    places = [policy, *(policy.at(where) for where in policy.asserts_for)]
    lines = [each.line(id_) for each in places for id_ in each.asserts]
    changes = [policy.regression_line(id_) for id_ in policy.regression]
    if all(line.level == "off" for line in (*lines, *changes)):
        raise FluxdiagError("asserts nothing, so everything would pass", where=policy.name, do="Add lines under [assert]")
    for where, lines_there in policy.asserts_for.items():
        for id_, fields in lines_there.items():
            _sensible(policy.at(where).line(id_), _where(policy, f"{id_}{AT}{where}", fields))
    for id_, fields in policy.asserts.items():
        _sensible(policy.line(id_), _where(policy, id_, fields))
    for id_, fields in policy.regression.items():
        if policy.regression_line(id_).level != "off" and not set(fields) & {*CHANGES}:
            raise FluxdiagError("has neither max_drop nor max_rise", where=_where(policy, id_, fields), do="Give one, or `off`")


def _where(policy: Policy, id_: str, fields: Fields) -> str:
    origins = dict.fromkeys(given.origin for given in fields.values())
    return f'{", ".join(origins) or policy.name}: "{id_}"'


def _sensible(line: Line, where: str) -> None:
    bounded = line.min is not None or line.max is not None
    if line.level == "off":
        return
    if not bounded and line.equals is None:
        raise FluxdiagError("has no condition", where=where, do="Give min, max or equals, or set it to `off`")
    if bounded and line.equals is not None:
        raise FluxdiagError("has limits and `equals` at once", where=where, do="Keep one of them")
    if line.min is not None and line.max is not None and line.min > line.max:
        raise FluxdiagError("its min lies above its max, so nothing could pass", where=where, do="Correct one of them")
