"""The measurement that would tell two causes apart, or decide an open one: made when asked for (`--decide`), then judged again.

What only the user can bring is said and not tried: photos, captions, a LoRA of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import filter as matching
from typing import TYPE_CHECKING

from fluxdiag.diagnose import diagnose
from fluxdiag.gather import announce, asked_of, gather, own_suite, parts_of_case
from fluxdiag.gathering.wanted import pivotal
from fluxdiag.instruments.parts import LOSSES, loss_part, made_from, part
from fluxdiag.measure import measure
from fluxdiag.records import Case, Diagnosis, Evidence, Finding
from fluxdiag.registry import Rule, rules
from fluxdiag.runs import Run

if TYPE_CHECKING:
    from fluxdiag.engines.studio import Progress

NOTHING = "No cause is open that a missing measurement could decide."
CAPTIONLESS = "captionless.identity"
BRINGS = {
    f"{LOSSES}held-out": "--references: photos of the person that were not trained on",
    LOSSES: "--dataset: the training photos",
    "description": "--dataset: the training captions",
    "both": "--dataset: the training captions",
}
"""beginning of a part -> what it takes; the first that fits"""


@dataclass(frozen=True)
class Asked:
    """Measurements that were not made, what they would tell, and why they were not made."""

    keys: tuple[str, ...]
    tells: str
    because: str


@dataclass(frozen=True)
class Means:
    """How a measurement could be had. `draws`: by pictures and losses of this case; else `sentence` says what it takes."""

    draws: bool
    sentence: str


def decide(
    run: Run, suite_name: str | None = None, progress: Progress | None = None, tell: Callable[[str], None] = lambda cost: None
) -> str:
    """Draws what the diagnosis misses most and judges again; returns what was done, or why it was not. Raises WeightsMissing.

    The suite is the run's own unless one is named. `tell` hears what it will take before anything is drawn.
    """
    diagnosis, evidence, case = run.diagnosis(), run.evidence(), run.case()
    if not (missing := _missing(diagnosis)):
        return NOTHING
    name, drawn = suite_name or own_suite(run), _drawn(run)
    available = parts_of_case(case, asked_of(run, name, tuple(missing)))

    def means(asked: Asked) -> Means:
        return means_of(asked, case, available, drawn, run.folder.name)

    open_ = [(asked, means(asked)) for asked in _open(diagnosis, evidence, lambda key: means(Asked((key,), "", "")).draws)]
    if not open_:
        return NOTHING
    asked, chosen = next(((asked, one) for asked, one in open_ if one.draws), open_[0])
    if chosen.draws:
        _draw(run, name, asked.keys, progress, tell)
    return chosen.sentence


def _draw(run: Run, suite: str, keys: tuple[str, ...], progress: Progress | None, tell: Callable[[str], None]) -> None:
    tell(f"{' and '.join(keys)}: {announce(run.case(), asked_of(run, suite, keys), run, keys).sentence}")
    gather(run, suite, progress, thorough=run.gather_info().stopped is None, decided=keys)
    measure(run)
    diagnose(run)


def _missing(diagnosis: Diagnosis) -> list[str]:
    """The keys that could be asked for."""
    if diagnosis.decider is not None:
        return [diagnosis.decider.key]
    return sorted({key for finding in _unknown(diagnosis) for key in finding.lacking})


def _unknown(diagnosis: Diagnosis) -> list[Finding]:
    """Causes that cited lines left open; of a healthy LoRA none is looked for."""
    if diagnosis.verdict == "healthy":
        return []
    return [each for each in diagnosis.findings if each.status == "unknown" and not each.weighed]


def _open(diagnosis: Diagnosis, evidence: Evidence, draws: Callable[[str], bool]) -> Iterator[Asked]:
    """What would tell two rivals apart, by the fitted weights; without it, what each open cause hangs on by its cited lines."""
    if (decider := diagnosis.decider) is not None:
        yield Asked((decider.key,), f"would tell {decider.between[0]} from {decider.between[1]}", decider.because)
    else:
        unknown = {each.cause: each for each in _unknown(diagnosis)}
        for rule in rules():  # the four root causes first
            if keys := _hangs_on(rule, unknown.get(rule.cause), evidence, draws):
                why = evidence.gaps.get(keys[0], "it was not measured")
                yield Asked(keys, f"would tell whether it is {rule.cause}", why)


def _hangs_on(rule: Rule, finding: Finding | None, evidence: Evidence, draws: Callable[[str], bool]) -> tuple[str, ...]:
    """What can be drawn together and would decide; where nothing can, the first key that would alone, or might with others."""
    missing = () if finding is None else finding.lacking
    together = pivotal(rule, evidence, [key for key in missing if draws(key)])
    alone = [key for key in missing if pivotal(rule, evidence, [key])]
    return tuple(sorted(together)) or (*alone, *missing)[:1]


def _drawn(run: Run) -> frozenset[str]:
    """The parts of which the run has something."""
    losses = run.arrays("losses")
    read = {loss_part(str(a), str(b)) for a, b in zip(losses["split"], losses["prompt"], strict=True)} if losses else set()
    return frozenset({part(shot.arm, shot.variant, shot.kind) for shot in run.shots()} | read)


def means_of(asked: Asked, case: Case, available: Iterable[str], drawn: Iterable[str], folder: str = "RUN") -> Means:
    """What it takes to make the measurements: `available` are the parts that this case can be asked."""
    said = f"{' and '.join(asked.keys)} {asked.tells}"
    if CAPTIONLESS in asked.keys:
        return Means(False, f"{said}: `fluxdiag retrain {folder} --captionless` trains and asks the LoRA that it needs.")
    made = [made_from().get(key, ()) for key in asked.keys]
    names = [name for each in made for name in each]
    missing = [name for name in names if not matching(available, name)]
    if not all(made) or missing:
        brought = dict.fromkeys(_brings(name, case) for name in missing)
        needs = "; ".join(one for one in brought if one)
        return Means(False, f"{said}, but {asked.because}{f' ({needs})' if needs else ''}.")
    if all(matching(drawn, name) for name in names):
        return Means(False, f"{said}, but its pictures were drawn and do not say: {asked.because}.")
    return Means(True, f"{said}, so {'it was' if len(asked.keys) == 1 else 'they were'} drawn.")


def _brings(name: str, case: Case) -> str:
    if case.trigger is None:
        return "--trigger: the phrase that the captions use"
    return next((what for beginning, what in BRINGS.items() if name.startswith(beginning)), "")
