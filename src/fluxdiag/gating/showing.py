"""`--print-policy`: the merged policy as TOML that can be read again, with the origin of every line in a comment."""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.gating.policy import Fields, Given, Policy
from fluxdiag.gating.where import Where
from fluxdiag.gating.words import line
from fluxdiag.toml_text import toml

COLUMN = 44
"""where the comments begin"""


def shown(policy: Policy) -> str:
    return "\n".join(_lines(policy)) + "\n"


def _lines(policy: Policy) -> Iterator[str]:
    yield f"# {line(policy.name)}, with all that it extends"
    yield "schema = 1"
    yield from ("", "[defaults]", *_fields(policy.defaults))
    for id_, fields in policy.asserts.items():
        yield from ("", f"[assert.{toml(id_)}]", *_fields(fields))
    for where, lines in policy.asserts_for.items():
        yield from ("", "[[assert_for]]", f"match = {{ {_match(where)} }}")
        for id_, fields in lines.items():
            yield from ("", f"[assert_for.assert.{toml(id_)}]", *_fields(fields))
    yield from ("", "[regression]", _field("required", policy.required))
    for id_, fields in policy.regression.items():
        yield from ("", f"[regression.{toml(id_)}]", *_fields(fields))
    for waiver, origin in policy.waivers:
        given = {name: Given(value, origin) for name, value in waiver.model_dump().items() if value != ""}
        yield from ("", "[[waive]]", *_fields(given))


def _match(where: Where) -> str:
    return ", ".join(f"{name} = {toml(value) if isinstance(value, str) else value}" for name, value in where.given.items())


def _fields(fields: Fields) -> list[str]:
    return [_field(name, given) for name, given in fields.items()]


def _field(name: str, given: Given) -> str:
    value = toml(given.value) if isinstance(given.value, str) else _plain(given.value)
    return f"{f'{name} = {value}':{COLUMN}} # {line(given.origin)}"


def _plain(value: object) -> str:
    """Booleans, numbers and dates: TOML writes the last two as Python prints them."""
    return str(value).lower() if isinstance(value, bool) else str(value)
