"""What a policy says. Levels, limits and what to do without an answer; every field remembers the file it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from fluxdiag.gating.where import AT, Match, Where
from fluxdiag.records import Record

Level = Literal["off", "warn", "error"]
Unanswered = Literal["error", "warn", "pass"]
Section = Literal["assert", "regression"]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Amount = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

CONDITIONS = ("min", "max", "equals")
CHANGES = ("max_drop", "max_rise")


class Defaults(Record):
    """What holds for every line that does not say otherwise. Doubt and silence block, unless a policy says they may pass."""

    level: Level = "error"
    undetermined: Unanswered = Field(default="error", description="the interval straddles the limit, or a cause is unknown")
    unmeasured: Unanswered = Field(default="error", description="there is no number at all")
    decide_by: Literal["interval", "estimate"] = "interval"
    across: Literal["worst", "median", "best", "each"] = Field(default="worst", description="of the ids that a pattern matches")
    scale: Literal["references", "any"] = Field(
        default="references", description="whether likeness without reference photos, on another scale, may be judged"
    )


class Line(Defaults):
    """One line of `[assert]`: at least one of min, max, equals, unless it is off."""

    min: Number | None = None
    max: Number | None = None
    equals: str | Number | None = None

    @property
    def needs(self) -> str:
        """The condition in words: `at least 0.45`, `at most 0.5`, `healthy`."""
        from fluxdiag.rules.signs import number

        if self.equals is not None:
            return self.equals if isinstance(self.equals, str) else f"exactly {number(self.equals)}"
        least = [] if self.min is None else [f"at least {number(self.min)}"]
        most = [] if self.max is None else [f"at most {number(self.max)}"]
        return " and ".join(least + most)


class Regression(Defaults):
    """One line of `[regression]`: how far the number may fall or rise against the run given with `--against`."""

    max_drop: Amount | None = None
    max_rise: Amount | None = None

    def as_line(self) -> Line:
        """The same as limits of the paired difference, new minus old."""
        limits = {"min": None if self.max_drop is None else -self.max_drop, "max": self.max_rise}
        return Line.model_validate({**self.model_dump(exclude={*CHANGES}), **limits})


class Waiver(Record):
    """A failure that someone answers for until a day; after it the waiver no longer counts."""

    id: Words
    of: Section = Field(
        default="assert", description="whose line: a limit that is waived says nothing of a fall since the run before"
    )
    reason: Words
    until: date
    by: str = ""

    def covers(self, id_: str, section: Section, today: date) -> bool:
        return today <= self.until and section == self.of and self.means(id_)

    def means(self, id_: str) -> bool:
        """A line of `[[assert_for]]` is waived by naming what it is for: `*` alone does not reach over the `@`."""
        (own, _, here), (id_, _, there) = self.id.partition(AT), id_.partition(AT)
        return fnmatchcase(id_, own) and fnmatchcase(there, here)


class Entry(Record):
    """One `[[assert_for]]` as it was written."""

    match: Match
    assert_: dict[str, dict[str, Any]] = Field(alias="assert")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Layer(Record):
    """One policy file as it was written, before merging."""

    schema_: Literal[1] = Field(alias="schema")
    about: str = ""
    extends: tuple[str, ...] = ()
    defaults: dict[str, Any] = Field(default={})
    assert_: dict[str, dict[str, Any]] = Field(default={}, alias="assert")
    assert_for: tuple[Entry, ...] = ()
    regression: dict[str, dict[str, Any]] = Field(default={})
    required: bool | None = Field(default=None, description="of `[regression]`: no run to compare with is then no pass")
    waive: tuple[Waiver, ...] = ()

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


@dataclass(frozen=True)
class Given:
    """A value, and the preset or file that gave it."""

    value: Any
    origin: str


Fields = Mapping[str, Given]


@dataclass(frozen=True)
class Policy:
    """All layers merged, later ones over earlier ones, field by field."""

    name: str
    defaults: Fields
    asserts: Mapping[str, Fields]
    regression: Mapping[str, Fields]
    required: Given
    waivers: tuple[tuple[Waiver, str], ...] = field(default=())
    asserts_for: Mapping[Where, Mapping[str, Fields]] = field(default_factory=dict)
    section: str = "assert"
    """which of them `asserts` is, for messages"""

    def at(self, where: Where) -> Policy:
        """The policy whose `[assert]` is what it asserts for this alone."""
        section = f"assert_for {where}:"
        return replace(self, asserts=self.asserts_for[where], asserts_for={}, regression={}, section=section)

    def origin(self, id_: str) -> str:
        """The files and the line of them that say something of this id."""
        return f'{", ".join(dict.fromkeys(given.origin for given in self.asserts[id_].values()))}: {self.section} "{id_}"'

    def line(self, id_: str) -> Line:
        return Line.model_validate(self._filled(self.asserts[id_]))

    def unasked(self, equals: str) -> Line:
        """What its defaults make of a question that has no line."""
        return Line.model_validate({**self._filled({}), "equals": equals})

    def regression_line(self, id_: str) -> Regression:
        return Regression.model_validate(self._filled(self.regression[id_]))

    def _filled(self, fields: Fields) -> dict[str, Any]:
        return {name: given.value for name, given in {**self.defaults, **fields}.items()}


def is_pattern(id_: str) -> bool:
    return any(sign in id_ for sign in "*?[")
