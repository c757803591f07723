"""From findings to one list of changes: merged by setting, the smallest first, safe ones before unsafe ones.

Two values for one setting are a stated conflict, and neither is applied. What a change should do to the measurements follows
from how far each of them is from its line: that is what the next run is held to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from fluxdiag.records import Change, Conflict, Evidence, Finding, Record
from fluxdiag.rules import lines

SIZE = (
    "captions", "trigger_in_captions", "trigger", "steps", "learning_rate", "rank", "regularisation_images", "images", "base",
    "file",
)  # fmt: skip
"""settings by what a change of them costs: words, then numbers, then pictures, then another base"""
Way = Literal["rise", "fall"]
Line = tuple[Way, Callable[[Evidence], float]]

LINES: dict[str, Line] = {
    "identity.trigger": ("rise", lambda evidence: lines.PERSON_THERE),
    "consistency.trigger": ("rise", lambda evidence: lines.SAME_PERSON),
    "trigger.effect": ("rise", lines.trigger_effect),
    "bleed.class": ("fall", lines.bleed),
    "bleed.same-sex": ("fall", lines.bleed),
    "loss.gap": ("fall", lambda evidence: lines.LARGE_GAP),
    "obedience.background": ("rise", lambda evidence: lines.DISOBEDIENCE),
    "obedience.outfit": ("rise", lambda evidence: lines.DISOBEDIENCE),
}
"""measurement -> the way that is better, and the line behind which it is right: those that symptoms and rules are drawn at"""
MORE = ("identity.trigger", "consistency.trigger", "trigger.effect")
LESS = ("bleed.class", "bleed.same-sex", "loss.gap")
MOVES: dict[tuple[str, str | None], tuple[str, ...]] = {
    ("captions", None): MORE,
    ("trigger_in_captions", None): MORE,
    ("trigger", None): MORE,
    ("images", None): ("obedience.background", "obedience.outfit", "loss.gap", *MORE),
    ("regularisation_images", None): ("bleed.class", "bleed.same-sex", "trigger.effect"),
    ("base", None): MORE,
    ("file", None): MORE,
    ("steps", "under"): MORE,
    ("steps", "over"): LESS,
    ("rank", "low"): MORE,
    ("rank", "high"): LESS,
    ("learning_rate", "low"): MORE,
    ("learning_rate", "high"): LESS,
}
"""(setting, direction of the finding) -> what a change of it moves, by the cause that asks for it"""


class Prediction(Record):
    """What a measurement should do after a change: cross its line, so move by at least `by`, in its own unit."""

    key: str
    way: Way
    now: float
    line: float
    by: float
    unit: str = ""

    @property
    def sentence(self) -> str:
        side = "above" if self.way == "rise" else "below"
        if self.by == 0:
            return f"{self.key} {self.way}s from {self.now:.2f}, so that it is clearly {side} {self.line:.2f}"
        return f"{self.key} {self.way}s from {self.now:.2f} to {side} {self.line:.2f}, by {self.by:.2f} or more"


def prescribe(findings: Iterable[Finding]) -> tuple[tuple[Change, ...], tuple[Conflict, ...]]:
    """The changes of the causes that are present, and the settings on which they disagree."""
    wanted: dict[str, list[tuple[str, Change]]] = {}
    for finding in findings:
        if finding.status == "present":
            for change in finding.changes:
                wanted.setdefault(change.setting, []).append((finding.cause, change))
    changes = tuple(_merge([change for _, change in entries]) for entries in wanted.values() if _agree(entries))
    conflicts = tuple(
        Conflict(setting=setting, wanted=tuple(f"{cause}: {change.to}" for cause, change in entries))
        for setting, entries in wanted.items()
        if not _agree(entries)
    )
    return tuple(sorted(changes, key=smallest_first)), conflicts


def smallest_first(change: Change) -> tuple[bool, int]:
    """Safe ones first; a setting that is not in the list is taken for a large one."""
    return not change.safe, SIZE.index(change.setting) if change.setting in SIZE else len(SIZE)


def predicted(setting: str, direction: str | None, evidence: Evidence) -> tuple[Prediction, ...]:
    """What a change of this setting should move, of what was measured and is not clearly right already."""
    keys = MOVES.get((setting, direction), MOVES.get((setting, None), ()))
    return tuple(found for key in keys if (found := _prediction(key, evidence)) is not None)


def direction_of(setting: str, findings: Iterable[Finding]) -> str | None:
    """Of the finding that asks for a change of this setting."""
    asking = (f for f in findings if f.status == "present" and any(change.setting == setting for change in f.changes))
    return next((finding.direction for finding in asking if finding.direction), None)


def _prediction(key: str, evidence: Evidence) -> Prediction | None:
    found = evidence.get(key)
    if found is None:
        return None
    way, line_of = LINES[key]
    line = line_of(evidence)
    right = found.clearly_above(line) if way == "rise" else found.clearly_below(line)
    if right:
        return None
    by = max(0.0, line - found.value if way == "rise" else found.value - line)
    return Prediction(key=key, way=way, now=found.value, line=line, by=by, unit=found.unit)


def _agree(entries: list[tuple[str, Change]]) -> bool:
    return len({change.to for _, change in entries}) == 1


def _merge(changes: list[Change]) -> Change:
    """One change with every reason; it is safe only if all say so."""
    because = "; ".join(dict.fromkeys(change.because for change in changes))
    return changes[0].model_copy(update={"because": because, "safe": all(change.safe for change in changes)})
