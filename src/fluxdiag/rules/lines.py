"""The lines that more than one cause and the symptoms are drawn at. First cut: from the laboratory's trial table, not yet fitted.

Likeness is on the subject's own scale, 0 = the base's images, 1 = the references among themselves. Without references 1 is the
trigger's own images among themselves: a healthy trigger then stands at 1 and not at .6, so everything else does at 1/.6 too.
"""

from __future__ import annotations

from fluxdiag.records import Evidence
from fluxdiag.rules.signs import Sign, below, or_else

PERSON_THERE = 0.45
"""identity.trigger; laboratory trial: healthy .59 and more, one background and outfit .43, 150 steps .35"""
PERSON_MISSING = 0.25
"""identity.trigger; laboratory trial: appearance in every caption .15"""
SAME_PERSON = 0.2
"""consistency.trigger; first cut, from a few planted LoRAs: healthy .3 and more, half-trained .1-.2, over-captioned below .1"""
DISOBEDIENCE = -0.2
"""obedience.*, share of prompts lost against the base's own pictures; first cut: a fifth"""
LARGE_GAP = 38.0
"""loss.gap; laboratory trial: 3,200 steps 54-56, healthy 13-21, far too hot a rate 34. In the laboratory that ships: four times
the steps 18-39, no regularisation 48 and more, healthy 9-24. How much of its loss a base gives up hangs on its size"""
SMALL_GAP = 11.0
"""loss.gap that a weak likeness goes with; laboratory table: 200 steps 8-9, rank 1 7-8, healthy 13-21"""
OVERFULL_GAP = 30.0
"""loss.gap of too large a rank or rate, which need not go as far as too many steps do; laboratory table: rank 64 42 (at a lower
rate it is sound at 17), 5 times the rate 34, healthy 13-21"""
RISES = 0.05
"""strength.more of too little learnt; laboratory trial: .27 to .36 after 150 steps, healthy below .1"""
EXPOSURE = (0.7, 1.5)
"""setting.exposure-ratio where the profile names no band: the guide's formula, widened to the spread of published recipes"""


def hardly_fits(evidence: Evidence) -> Sign:
    """A small gap. Where there are no other photos: a small gain on its own, which a gap exceeds only where others got worse."""
    meaning = "The LoRA hardly fits even its own photos"
    gap = below(evidence, "loss.gap", SMALL_GAP, meaning)
    return or_else(gap, below(evidence, "loss.training-gain", SMALL_GAP, meaning))


def by_references(evidence: Evidence) -> bool:
    return "identity.ceiling" in evidence.measurements


def bleed(evidence: Evidence) -> float:
    """bleed.class and of other people; laboratory trial: healthy .10-.20, without regularisation .57."""
    return 0.25 if by_references(evidence) else 0.5


def trigger_effect(evidence: Evidence) -> float:
    """trigger.effect; laboratory trial: healthy .43-.51, appearance in every caption .05, without regularisation .15."""
    return 0.2 if by_references(evidence) else 0.35


def description_effect(evidence: Evidence) -> float:
    """description.effect; laboratory trial: appearance in every caption .22, scene-only captions .07."""
    return 0.1 if by_references(evidence) else 0.2


def exposure(evidence: Evidence) -> tuple[float, float]:
    """The band of setting.exposure-ratio, from the base's profile where it has one."""
    band = evidence.bands.get("exposure_ratio")
    return EXPOSURE if band is None else (band.low, band.high)
