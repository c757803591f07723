"""What a run says, id by id: numbers with intervals, words from a fixed vocabulary, and gaps with their reasons."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import filter as matching
from typing import get_args

from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.gating.policy import is_pattern
from fluxdiag.gating.reading import nearest
from fluxdiag.manual import manual_page
from fluxdiag.records import Case, Diagnosis, Evidence, Finding, Measurement, Severity, Status, Verdict

ID = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)*")
UNDECIDED = ("unknown", "undetermined", "missing")
PICTURES = "pictures"
"""id of whether the pictures that the numbers were made from are in the run folder"""
RULED_OUT = "a fact rules this cause out, so nothing was weighed"
NOT_FITTED = "no weights are fitted for this cause on this base"
NOT_IN_RUN = "this run was made by a version without it; `fluxdiag measure RUN`, then `diagnose RUN`, make it anew"


@dataclass(frozen=True)
class Word:
    """An answer in words, and all the answers there could have been."""

    value: str
    vocabulary: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True)
class Facts:
    """All that a policy can ask of a run."""

    numbers: dict[str, Measurement]
    words: dict[str, Word]
    gaps: dict[str, str]
    by_references: bool
    """likeness is on the scale of the reference photos"""
    severities: dict[str, Severity]
    """of the causes, by machine name"""

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(sorted({*self.numbers, *self.words, *self.gaps}))

    def matching(self, pattern: str) -> list[str]:
        return sorted(matching(self.ids, pattern))


def facts_of(case: Case, evidence: Evidence, diagnosis: Diagnosis) -> Facts:
    """Raises RunMismatch when an id could be mistaken for something else, for ids are printed as they are, and when a cause has
    two findings or a root cause none.
    """
    _whole(diagnosis)
    causes = {f"cause.{finding.cause}": finding for finding in diagnosis.findings}
    words = {f"{name}.status": _status(finding) for name, finding in causes.items()}
    numbers = {**evidence.measurements, "file.problems": _exact("file.problems", len(case.lora.problems), "problems")}
    gaps = dict(evidence.gaps)
    for name, finding in causes.items():
        if finding.probability is None:
            gaps[f"{name}.probability"] = RULED_OUT if finding.weighed else NOT_FITTED
        else:
            numbers[f"{name}.probability"] = _exact(f"{name}.probability", finding.probability, "probability")
    facts = Facts(
        numbers={id_: found for id_, found in numbers.items() if _sound(found)},
        words={"verdict": Word(diagnosis.verdict, get_args(Verdict), diagnosis.sentence), **words},
        gaps={**gaps, **{id_: "the number or its interval is none" for id_, found in numbers.items() if not _sound(found)}},
        by_references="identity.ceiling" in evidence.measurements,
        severities={finding.cause: finding.severity for finding in diagnosis.findings},
    )
    _readable(facts.ids)
    return facts


def with_pictures(facts: Facts, missing: int, of: int) -> Facts:
    """The facts, and whether the pictures are there: without them nobody can check the numbers, so it is an open question."""
    why = f"{missing} of {of} picture files are not in the run folder, so they could not be checked" if missing else ""
    told = Word("missing" if missing else "there", ("there", "missing"), why)
    return replace(facts, words={**facts.words, PICTURES: told})


def _status(finding: Finding) -> Word:
    return Word(finding.status, get_args(Status), " ".join(finding.because[:1]))


def _exact(key: str, value: float, unit: str) -> Measurement:
    return Measurement(key=key, value=value, low=value, high=value, n=1, unit=unit)


def _sound(found: Measurement) -> bool:
    """An interval turned around would pass all limits."""
    return found.low <= found.value <= found.high


def _readable(ids: Iterable[str]) -> None:
    strange = [id_ for id_ in ids if not ID.fullmatch(id_)]
    if strange:
        raise RunMismatch(f"holds an id that is none: {strange[0]!r}", where="evidence.json", do="Measure the run again")


def _whole(diagnosis: Diagnosis) -> None:
    from fluxdiag.registry import rules

    said = Counter(finding.cause for finding in diagnosis.findings)
    wrong = [f"says twice what it finds of {cause}" for cause, times in said.items() if times > 1]
    wrong += [f"says nothing of {rule.cause}" for rule in rules() if rule.root and rule.cause not in said]
    if wrong:
        raise RunMismatch(wrong[0], where="diagnosis.json", do="Run `fluxdiag diagnose` again")


def with_asked(facts: Facts, asked: Iterable[tuple[str, str]]) -> Facts:
    """The facts, and a gap for each id that this version measures and the run lacks: a pattern means those too. Raises
    FluxdiagError on ids that are none.

    `asked` are pairs of id and where it was asked.
    """
    open_ = [(id_, where) for id_, where in asked if is_pattern(id_) or not facts.matching(id_)]
    known = _known(only_causes=all(id_.startswith("cause.") for id_, _ in open_))
    for id_, where in open_:
        if not facts.matching(id_) and not matching(known, id_):
            close = nearest(id_, {*known, *facts.ids})
            raise FluxdiagError(
                f"`{id_}` matches nothing that fluxdiag measures{close}", where=where, do=f"See {manual_page('measurements.md')}"
            )
    there = set(facts.ids)
    lacked = {key: NOT_IN_RUN for id_, _ in open_ for key in matching(known, id_) if key not in there}
    return replace(facts, gaps={**facts.gaps, **lacked})


def _known(only_causes: bool) -> list[str]:
    """Every id of this version. Instruments take half a second to import, and are not where causes alone were asked for."""
    from fluxdiag.registry import instruments, rules

    causes = [f"cause.{rule.cause}.{asked}" for rule in rules() for asked in ("status", "probability")]
    return causes if only_causes else [*causes, *(key for instrument in instruments() for key in instrument.gives)]
