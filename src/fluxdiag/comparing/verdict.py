"""Better, equal, worse, mixed or undecided: from the changes that are larger than another seed's.

A change for the worse does not count while it stays on the right side of its line: a cure that takes a little likeness off a
LoRA that has plenty is a cure. Where something else became clearly worse and something clearly better, the verdicts decide.
"""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.comparing.changes import MARGIN
from fluxdiag.comparing.records import Answer, Changed
from fluxdiag.records import ExitCode, Verdict

JUDGED = {
    "identity.trigger": "likeness with the trigger",
    "consistency.trigger": "the same person each time",
    "trigger.effect": "what the trigger adds",
    "bleed.class": "the face under the class word",
    "bleed.same-sex": "the face in others of the same sex",
    "bleed.other-sex": "the face in the other sex",
    "bleed.group": "the face in groups",
    "obedience.background": "backgrounds as asked",
    "obedience.outfit": "outfits as asked",
}
"""what a user sees in the pictures, in words; the rest explains"""
CODES: dict[Answer, ExitCode] = {
    "better": ExitCode.HEALTHY,
    "equal": ExitCode.HEALTHY,
    "worse": ExitCode.PROBLEM,
    "mixed": ExitCode.UNDETERMINED,
    "undecided": ExitCode.UNDETERMINED,
}


def answer(changes: Sequence[Changed], before: Verdict, after: Verdict) -> tuple[Answer, str]:
    """The answer and its sentence for a stranger."""
    judged = [changed for key in JUDGED for changed in changes if changed.key == key and changed.change is not None]
    better = [JUDGED[changed.key] for changed in judged if changed.matters and changed.state == "better"]
    worse = [JUDGED[changed.key] for changed in judged if changed.matters and changed.state == "worse"]
    open_ = [JUDGED[changed.key] for changed in judged if _may_be_worse(changed)]
    if better and worse:
        return _mixed(before, after), f"Clearly better: {', '.join(better)}. Clearly worse: {', '.join(worse)}."
    if worse:
        return "worse", f"Clearly worse: {', '.join(worse)}."
    if better:
        return "better", f"Clearly better: {', '.join(better)}. Nothing is clearly worse."
    if not judged:
        return "undecided", "Nothing that shows in the pictures was measured in both runs."
    if before == "healthy" != after:
        return "undecided", f"No measurement is clearly worse, and yet the second run is {after} where the first was healthy."
    if open_:
        return (
            "undecided",
            f"Nothing is clearly better or worse. More prompts would tell whether these are worse: {', '.join(open_)}.",
        )
    return "equal", "Nothing changed by more than another seed would change it."


def _mixed(before: Verdict, after: Verdict) -> Answer:
    if "healthy" in (before, after) and before != after:
        return "better" if after == "healthy" else "worse"
    return "mixed"


def _may_be_worse(changed: Changed) -> bool:
    """Whether the interval reaches beyond the margin on the worse side; never where no prompt answered otherwise."""
    if changed.change is None or changed.change.value == 0:
        return False
    margin = MARGIN.get(changed.unit, 0.0)
    return changed.change.low < -margin if changed.way == "rise" else changed.change.high > margin
