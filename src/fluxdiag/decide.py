"""The one measurement that would tell two causes apart, made when asked for (`--decide`), and the verdict after it.

What only the user can bring is said and not tried: photos, captions, a LoRA of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import filter as matching
from typing import TYPE_CHECKING

from fluxdiag.diagnose import diagnose
from fluxdiag.gather import announce, asked_of, gather, own_suite, parts_of_case
from fluxdiag.instruments.parts import LOSSES, loss_part, made_from, part
from fluxdiag.measure import measure
from fluxdiag.records import Case, Decider
from fluxdiag.runs import Run

if TYPE_CHECKING:
    from fluxdiag.engines.studio import Progress

CAPTIONLESS = "captionless.identity"
BRINGS = {
    f"{LOSSES}held-out": "--references: photos of the person that were not trained on",
    LOSSES: "--dataset: the training photos",
    "description": "--dataset: the training captions",
    "both": "--dataset: the training captions",
}
"""beginning of a part -> what it takes; the first that fits"""


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
    decider, stopped = run.diagnosis().decider, run.gather_info().stopped
    if decider is None:
        return "There is no measurement that would tell two causes apart and was not made."
    case, name = run.case(), suite_name or own_suite(run)
    asked = asked_of(run, name, (decider.key,))
    means = means_of(decider, case, parts_of_case(case, asked), _drawn(run), run.folder.name)
    if means.draws:
        tell(f"{decider.key}: {announce(case, asked, run, (decider.key,)).sentence}")
        gather(run, name, progress, thorough=stopped is None, decided=(decider.key,))
        measure(run)
        diagnose(run)
    return means.sentence


def _drawn(run: Run) -> frozenset[str]:
    """The parts of which the run has something."""
    losses = run.arrays("losses")
    read = {loss_part(str(a), str(b)) for a, b in zip(losses["split"], losses["prompt"], strict=True)} if losses else set()
    return frozenset({part(shot.arm, shot.variant, shot.kind) for shot in run.shots()} | read)


def means_of(decider: Decider, case: Case, available: Iterable[str], drawn: Iterable[str], folder: str = "RUN") -> Means:
    """What it takes to make the measurement: `available` are the parts that this case can be asked."""
    between = f"{decider.key} would tell {decider.between[0]} from {decider.between[1]}"
    if decider.key == CAPTIONLESS:
        return Means(False, f"{between}: `fluxdiag retrain {folder} --captionless` trains and asks the LoRA that it needs.")
    names = made_from().get(decider.key, ())
    missing = [name for name in names if not matching(available, name)]
    if not names or missing:
        brought = dict.fromkeys(_brings(name, case) for name in missing)
        needs = "; ".join(one for one in brought if one)
        return Means(False, f"{between}, but {decider.because}{f' ({needs})' if needs else ''}.")
    if all(matching(drawn, name) for name in names):
        return Means(False, f"{between}, but its pictures were drawn and do not say: {decider.because}.")
    return Means(True, f"{between}, so it was drawn.")


def _brings(name: str, case: Case) -> str:
    if case.trigger is None:
        return "--trigger: the phrase that the captions use"
    return next((what for beginning, what in BRINGS.items() if name.startswith(beginning)), "")
