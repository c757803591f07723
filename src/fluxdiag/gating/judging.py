"""One line of a policy against what the run says. Three answers, not two: an interval that straddles a limit decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fluxdiag.errors import FluxdiagError
from fluxdiag.gating.facts import PICTURES, UNDECIDED, Facts, Word
from fluxdiag.gating.policy import Line, Policy, Unanswered, Waiver, is_pattern
from fluxdiag.gating.reading import nearest
from fluxdiag.gating.result import Effect, Outcome, Result, gravity
from fluxdiag.gating.where import AT, Where
from fluxdiag.records import SEVERITIES, Measurement, Severity
from fluxdiag.rules.signs import measured

OTHER_SCALE = (
    "there are no references, so likeness is on the scale of the trigger's own images; the policy's limits are not "
    '(scale = "any" judges it all the same)'
)


@dataclass(frozen=True)
class Judge:
    """A policy's lines for one run on one day; causes below `fail_on` warn and do not fail.

    `where` is what all of the facts are of, where the lines are those of an `[[assert_for]]`.
    """

    facts: Facts
    policy: Policy
    today: date
    fail_on: Severity = "low"
    where: Where | None = None

    def results(self) -> list[Result]:
        """The lines in the policy's order; ids that have a line of their own are not judged by patterns too."""
        return [result for id_ in self.policy.asserts for result in self._line(id_)]

    def pictures(self) -> list[Result]:
        """Whether the pictures are there, by the policy's defaults where they are not and no line of its own says what to do."""
        asked = any(PICTURES in self.facts.matching(id_) for id_ in self.policy.asserts)
        found = [] if asked else [self.judge(PICTURES, self.policy.unasked("there"))]
        return [result for result in found if result.outcome != "pass"]

    def _line(self, id_: str) -> list[Result]:
        line = self.policy.line(id_)
        own = [key for key in self.facts.matching(id_) if key == id_ or key not in self.policy.asserts]
        if line.level == "off" or not own:
            return [] if not own else [self._placed(skipped(id_, line))]
        judged = [self.judge(key, line) for key in own]
        waived = [result for result in judged if result.effect == "waived"]
        rest = [result for result in judged if result.effect != "waived"]
        if not is_pattern(id_) or line.across == "each":
            return judged
        return [*([_across(self.name(id_), line, rest)] if rest else []), *waived]

    def judge(self, id_: str, line: Line) -> Result:
        level = self._softened(id_, line)
        if id_ in self.facts.words:
            result = judge_word(id_, self.facts.words[id_], level)
        elif id_ in self.facts.numbers:
            found = self.facts.numbers[id_]
            foreign = found.unit == "scale" and not self.facts.by_references and line.scale == "references"
            result = unmeasured(id_, level, OTHER_SCALE) if foreign else judge_number(found, level)
        else:
            result = unmeasured(id_, level, self.facts.gaps[id_])
        return waived(self._placed(result), (waiver for waiver, _ in self.policy.waivers), self.today)

    def name(self, id_: str) -> str:
        """What the line of an id is called, and waived by."""
        return id_ if self.where is None else f"{id_}{AT}{self.where}"

    def _placed(self, result: Result) -> Result:
        given = {} if self.where is None else self.where.given
        return result.model_copy(update={"id": self.name(result.id), "match": given})

    def names(self) -> set[str]:
        """All that a waiver can mean: lines as they are written, and each id that they match."""
        return {self.name(id_) for line in self.policy.asserts for id_ in (line, *self.facts.matching(line))}

    def skipped(self, why: str) -> list[Result]:
        """The lines as they are written, where none of them is to be judged."""
        return [self._placed(skipped(id_, self.policy.line(id_), why)) for id_ in self.policy.asserts]

    def _softened(self, id_: str, line: Line) -> Line:
        """A line about a cause that is less grave than `fail_on` warns at most."""
        cause = id_.removeprefix("cause.").rpartition(".")[0]
        severity = self.facts.severities.get(cause) if id_.startswith("cause.") else None
        if severity is None or SEVERITIES.index(severity) <= SEVERITIES.index(self.fail_on) or line.level == "off":
            return line
        return line.model_copy(update={"level": "warn"})


# ------------------------------------------------------------------------------------------------ one id


def judge_number(found: Measurement, line: Line) -> Result:
    if isinstance(line.equals, str):
        raise FluxdiagError(f"is a number, not `{line.equals}`", where=found.key, do="Use min, max or a number after equals")
    least = line.min if line.equals is None else line.equals
    most = line.max if line.equals is None else line.equals
    low, high = (found.value, found.value) if line.decide_by == "estimate" else (found.low, found.high)
    beyond = (least is not None and high < least) or (most is not None and low > most)
    within = (least is None or low >= least) and (most is None or high <= most)
    outcome: Outcome = "fail" if beyond else "pass" if within else "undetermined"
    margins = [found.value - least] if least is not None else []
    margins += [most - found.value] if most is not None else []
    why = "" if outcome != "undetermined" else f"the interval straddles the limit (n = {found.n}); more prompts narrow it"
    result = _result(found.key, line, outcome, why)
    return result.model_copy(update={"found": measured(found), "measurement": found, "margin": min(margins)})


def judge_word(id_: str, word: Word, line: Line) -> Result:
    """`unknown`, `undetermined` and `missing` are answers only to those who ask for them."""
    if line.equals not in word.vocabulary:
        asked = line.needs if line.equals is None else f"`{line.equals}`"
        close = nearest(str(line.equals), word.vocabulary)
        raise FluxdiagError(f"cannot be {asked}{close}", where=id_, do=f"Use equals with one of {', '.join(word.vocabulary)}")
    if word.value == line.equals:
        return _result(id_, line, "pass").model_copy(update={"found": word.value})
    outcome: Outcome = "undetermined" if word.value in UNDECIDED else "fail"
    return _result(id_, line, outcome, word.why).model_copy(update={"found": word.value})


def unmeasured(id_: str, line: Line, why: str) -> Result:
    return _result(id_, line, "unmeasured", why).model_copy(update={"found": "not measured"})


def skipped(id_: str, line: Line, why: str = "") -> Result:
    return _result(id_, line, "skipped", why)


def _result(id_: str, line: Line, outcome: Outcome, why: str = "") -> Result:
    return Result(id=id_, level=line.level, needs=line.needs, outcome=outcome, effect=effect_of(outcome, line), why=why)


def effect_of(outcome: Outcome, line: Line) -> Effect:
    """What an outcome counts as: never more than the line's own level."""
    unanswered: dict[Outcome, Unanswered] = {"undetermined": line.undetermined, "unmeasured": line.unmeasured}
    if outcome == "skipped":
        return "off"
    counts = "pass" if outcome == "pass" else unanswered.get(outcome, "error")
    return "warn" if counts == "error" and line.level == "warn" else counts


def waived(result: Result, waivers: Iterable[Waiver], today: date) -> Result:
    """Only what would have blocked or warned needs a waiver; a pass stays a pass."""
    cover = next(
        (waiver for waiver in waivers if result.kind != "warnings" and waiver.covers(result.id, result.kind, today)), None
    )
    if cover is None or result.effect not in ("error", "warn"):
        return result
    by = f", {cover.by}" if cover.by else ""
    return result.model_copy(update={"effect": "waived", "waived": f"{cover.reason} (until {cover.until}{by})"})


# ------------------------------------------------------------------------------------------------ several ids


def warnings_of(results: Iterable[Result], most: int | None) -> list[Result]:
    """How many lines may warn (`--max-warnings`) is a line too: every output counts it, and none contradicts the exit code."""
    if most is None:
        return []
    warned = [result.id for result in results if result.effect == "warn"]
    line = Line(max=most)
    result = _result("warnings", line, "fail" if len(warned) > most else "pass", ", ".join(warned))
    found = f"{len(warned)} warning{'' if len(warned) == 1 else 's'}"
    return [result.model_copy(update={"kind": "warnings", "found": found, "margin": float(most - len(warned))})]


def _across(pattern: str, line: Line, results: list[Result]) -> Result:
    """One result for all ids of a pattern: the worst unless the policy says otherwise."""
    ordered = sorted(results, key=_worst_first)
    place = {"worst": 0, "median": (len(ordered) - 1) // 2, "best": len(ordered) - 1}[line.across]
    chosen = ordered[place]
    others = [result.id for result in ordered if result is not chosen]
    why = f"{line.across} of {len(ordered)}: {chosen.id}" + (f"; {chosen.why}" if chosen.why else "")
    alike = [result.id for result in ordered if result is not chosen and result.outcome == chosen.outcome]
    if chosen.outcome != "pass" and alike:
        why += f"; likewise {', '.join(alike)}"
    return chosen.model_copy(update={"id": pattern, "why": why, "of": (chosen.id, *others)})


def _worst_first(result: Result) -> tuple[int, int, float]:
    """By what it counts as, then by outcome, then by how far beyond its limit it lies."""
    return *gravity(result), result.margin or 0.0
