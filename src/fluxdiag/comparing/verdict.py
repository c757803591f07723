"""Better, equal, worse, mixed or undecided: from the changes that neither another seed nor chance would make.

A change for the worse does not count while it stays on the right side of its line: a cure that takes a little likeness off a
LoRA that has plenty is a cure. Where something else became clearly worse and something clearly better, the verdicts decide.
What was healthy and no longer is has never become better, and nothing is equal that was too loosely measured to tell.
"""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.comparing.changes import JUDGED, MARGIN, RIGHT_SIDE, SEED, inside
from fluxdiag.comparing.records import Answer, Changed
from fluxdiag.records import ExitCode, Verdict

CODES: dict[Answer, ExitCode] = {
    "better": ExitCode.HEALTHY,
    "equal": ExitCode.HEALTHY,
    "worse": ExitCode.PROBLEM,
    "mixed": ExitCode.UNDETERMINED,
    "undecided": ExitCode.UNDETERMINED,
}


def answer(changes: Sequence[Changed], before: Verdict, after: Verdict) -> tuple[Answer, str]:
    """The answer and its sentence for a stranger."""
    judged = [changed for key in JUDGED for changed in changes if changed.key == key]
    better = [JUDGED[changed.key] for changed in judged if changed.matters and changed.state == "better"]
    worse = [JUDGED[changed.key] for changed in judged if changed.matters and changed.state == "worse"]
    open_ = [JUDGED[changed.key] for changed in judged if not _settled(changed)]
    spared = [JUDGED[changed.key] for changed in judged if changed.excuse == RIGHT_SIDE]
    no_longer = f"and yet the second run is {after} where the first was healthy."
    if better and worse:
        return _mixed(before, after), f"Clearly better: {', '.join(better)}. Clearly worse: {', '.join(worse)}."
    if worse:
        return "worse", f"Clearly worse: {', '.join(worse)}."
    if before == "healthy" != after:
        gains = f"Clearly better: {', '.join(better)}. " if better else ""
        return "undecided", f"{gains}No measurement is clearly worse, {no_longer}"
    if not better and (gained := _borne_out(judged, before, after)):
        return (
            "better",
            f"Better: {', '.join(gained)}, and the run is healthy that was {before}. Nothing is clearly worse.",
        )
    if better:
        return "better", f"Clearly better: {', '.join(better)}. Nothing is clearly worse."
    if all(changed.change is None for changed in judged):
        return "undecided", "Nothing that shows in the pictures was measured in both runs."
    if open_:
        return (
            "undecided",
            f"Nothing is clearly better or worse. Too little is known to say that these are equal: {', '.join(open_)}.",
        )
    less = f"Less, and still enough: {', '.join(spared)}. " if spared else ""
    return "equal", f"{less}Nothing {'else ' if spared else ''}changed by more than another seed would change it."


def _borne_out(judged: Sequence[Changed], before: Verdict, after: Verdict) -> list[str]:
    """Gains that another seed alone could make in one number, where faulty became healthy: a whole interval beyond a line then
    lies on the other side of it, which another seed hardly does too."""
    if before not in ("faulty", "broken") or after != "healthy":
        return []
    seen = [one for one in judged if one.state == "better" and one.excuse == SEED and one.change is not None]
    return [JUDGED[one.key] for one in seen if one.change is not None and abs(one.change.value) >= MARGIN.get(one.unit, 0.0)]


def _mixed(before: Verdict, after: Verdict) -> Answer:
    if "healthy" in (before, after) and before != after:
        return "better" if after == "healthy" else "worse"
    return "mixed"


def _settled(changed: Changed) -> bool:
    """Whether the change is known to be none that matters: the whole interval inside the margin whichever way, enough prompts
    that answered alike, or a loss where there is plenty. That gains and losses of single prompts cancel says nothing yet."""
    if changed.change is None:
        return False
    return changed.state == "same" or inside(changed.change) or changed.excuse == RIGHT_SIDE
