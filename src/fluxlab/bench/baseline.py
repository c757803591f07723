"""What settings alone would say: the guide's limits on rank, steps, captions, images and regularisation, and no probe at all."""

from __future__ import annotations

from fluxdiag.records import Evidence
from fluxdiag.rules import lines
from fluxlab.bench.judging import Answer, Bands
from fluxlab.bench.rows import Row
from fluxlab.bench.truth import causes_of

DESCRIBED = 0.3
"""share of captions that name appearance"""
ALIKE = 2.0
"""effective images"""


def by_settings(row: Row, state: str, bands: Bands) -> Answer:
    """Everything that a setting breaks is called present; the verdict follows."""
    present = tuple(broken(row.evidence(state, bands)))
    verdict = "faulty" if present else "healthy"
    return Answer(row, state, causes_of(row.planted), verdict, present, frozenset({"bleed"}), {})


def broken(evidence: Evidence) -> list[str]:
    """The causes that the settings speak of, the worst of the guide's list first."""
    few, many = lines.exposure(evidence)
    rank = evidence.bands["rank"]
    limits = (
        ("overcaptioned-appearance", "captions.appearance-share", DESCRIBED, float("inf")),
        ("low-diversity-dataset", "dataset.effective-images", float("-inf"), ALIKE),
        ("wrong-step-count:under", "setting.exposure-ratio", float("-inf"), few),
        ("wrong-step-count:over", "setting.exposure-ratio", many, float("inf")),
        ("wrong-rank:low", "setting.rank", float("-inf"), rank.low),
        ("wrong-rank:high", "setting.rank", rank.high, float("inf")),
        ("missing-regularisation", "setting.regularisation-images", float("-inf"), 1.0),
    )
    told = [(target, evidence.get(key), low, high) for target, key, low, high in limits]
    return [target for target, found, low, high in told if found is not None and low < found.value < high]
