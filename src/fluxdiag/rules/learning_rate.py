"""The learning rate was far from what this base takes."""

from __future__ import annotations

from typing import Literal

from fluxdiag.records import Band, Evidence, Match
from fluxdiag.registry import rule
from fluxdiag.rules import lines
from fluxdiag.rules.remedy import change
from fluxdiag.rules.signs import Sign, above, below, cites, lacking, number, strength_of, texts

DEFAULT_BAND = Band(low=5e-5, high=4e-4, source="field guide, section 5")
LEADS = {
    "low": "The learning rate was too low for anything to be learnt in these steps.",
    "high": "The learning rate was too high: training overran the person and damaged what the base knew.",
}


@rule(cause="learning-rate", title="Wrong learning rate", severity="medium")
def judge(evidence: Evidence) -> Match:
    """The learning rate was so far off that the number of steps no longer means what it should.

    What it means: Low: training ran its course and hardly moved. High: every step went too far, so faces are distorted or
    the photos are learnt by heart within the usual number of steps.

    Why it happens: 1e-4 suits FLUX.1; 1e-5 comes from full fine-tuning and 5e-4 and more from other trainers. An adaptive
    optimiser such as Prodigy wants a rate of 1.

    How we tell: The rate is read from the header or the trainer's settings. It counts only when a probe agrees: below the
    band with a weak likeness and a small gap, above it with a large gap or a LoRA that harms photos it never saw.

    What else looks like this: Too few steps and a low rate look the same, as do too many steps and a high one. The step count
    then decides: if it is right, it was the rate.
    """
    rate, band = evidence.get("setting.learning-rate"), evidence.bands.get("learning_rate", DEFAULT_BAND)
    if rate is None:
        return Match(
            status="unknown",
            because=(evidence.why_missing("setting.learning-rate") or "",),
            lacking=("setting.learning-rate",),
        )
    if band.low <= rate.value <= band.high or rate.value >= 0.5:
        because = f"The rate, {_rate(rate.value)}, lies within {_shown(band)} ({band.source}), or is an adaptive optimiser's."
        return Match(status="absent", because=(because,), cites=("setting.learning-rate",))
    return _low(evidence, rate.value, band) if rate.value < band.low else _high(evidence, rate.value, band)


def _rate(rate: float) -> str:
    """As trainers' settings have it: 4e-4, and 0.001."""
    mantissa, _, exponent = f"{rate:.2e}".partition("e")
    return f"{float(mantissa):g}e{int(exponent)}" if 0 < rate < 1e-3 else number(rate)


def _shown(band: Band) -> str:
    return f"{_rate(band.low)} to {_rate(band.high)}"


def _low(evidence: Evidence, rate: float, band: Band) -> Match:
    weak = below(evidence, "identity.trigger", lines.PERSON_THERE, "The likeness stays weak")
    gap = lines.hardly_fits(evidence)
    there = weak.refuted or gap.refuted
    return _judged(evidence, "low", rate, band, (weak, gap), bool(weak and gap), there)


def _high(evidence: Evidence, rate: float, band: Band) -> Match:
    gap = above(evidence, "loss.gap", lines.OVERFULL_GAP, "The LoRA knows its own photos by heart")
    harm = below(evidence, "loss.heldout-gain", 0, "Other photos of the person got worse")
    sound = gap.refuted and harm.refuted
    return _judged(evidence, "high", rate, band, (gap, harm), bool(gap or harm), sound)


def _judged(
    evidence: Evidence,
    direction: Literal["low", "high"],
    rate: float,
    band: Band,
    signs: tuple[Sign, ...],
    present: bool,
    harmless: bool,
) -> Match:
    cited, clear = ("setting.learning-rate", *cites(evidence, *signs)), tuple(filter(bool, signs))
    if present:
        return Match(
            status="present",
            direction=direction,
            strength=strength_of(clear),
            because=(LEADS[direction], f"The rate was {_rate(rate)}, and {_shown(band)} is right.", *texts(*clear)),
            cites=cited,
            changes=(
                change(
                    "learning_rate",
                    now=_rate(rate),
                    to=_shown(band),
                    because="the steps then mean what the rule for their number takes them to mean",
                ),
            ),
        )
    if harmless:
        because = f"The rate, {_rate(rate)}, lies outside {_shown(band)}, and did no harm."
        return Match(status="absent", because=(because, *texts(*signs)), cites=cited)
    because = f"The rate, {_rate(rate)}, lies outside {_shown(band)}, but no probe shows that it does harm."
    return Match(status="unknown", because=(because, *texts(*signs)), cites=cited, lacking=lacking(*signs))
