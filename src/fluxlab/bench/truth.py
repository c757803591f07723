"""The right answer for what was planted. Only the bench reads this; no rule and no weight may."""

from __future__ import annotations

from fluxdiag.records import Finding
from fluxlab.bench.decoys import DECOYS

CAUSES: dict[str, frozenset[str]] = {
    "healthy": frozenset(),
    "overcaptioned": frozenset({"overcaptioned-appearance"}),
    "low-diversity": frozenset({"low-diversity-dataset"}),
    "under": frozenset({"wrong-step-count:under"}),
    "over": frozenset({"wrong-step-count:over"}),
    "rank-low": frozenset({"wrong-rank:low"}),
    "rank-high": frozenset({"wrong-rank:high"}),
    "no-regularisation": frozenset({"missing-regularisation"}),
}
"""planted fault -> causes that fluxdiag should name"""
TARGETS = tuple(sorted(frozenset().union(*CAUSES.values())))
ROOTS = frozenset(target for target in TARGETS if target != "missing-regularisation")


def causes_of(planted: str) -> frozenset[str]:
    """What should be named: nothing for decoys, whether the LoRA is fine or failed for a reason that is none of these."""
    if planted in DECOYS:
        return frozenset()
    return frozenset().union(*(CAUSES[fault] for fault in planted.split("+")))


def target_of(finding: Finding) -> str:
    """A finding as the truth names it: `cause`, or `cause:direction` where it has one."""
    return finding.cause + (f":{finding.direction}" if finding.direction else "")
