"""The LoRA has too little or too much room."""

from __future__ import annotations

from typing import Literal

from fluxdiag.records import Band, Evidence, Match
from fluxdiag.registry import rule
from fluxdiag.rules import lines
from fluxdiag.rules.remedy import change
from fluxdiag.rules.signs import Sign, above, below, cites, texts

SMALL_GAP = 11.0
"""percent of base loss; laboratory table: rank 1 7-8, healthy 13-21"""
LARGE_GAP = 30.0
"""percent of base loss; laboratory table: rank 64 42, healthy 13-21; rank 64 at a lower rate is sound at 17"""
MISSING = "not measured: the same prompts with the LoRA cut down to rank 16-32 (not in the quick suite)"
DEFAULT_BAND = Band(low=16, high=32, source="field guide, section 6")


@rule(cause="wrong-rank", title="Wrong LoRA rank", severity="high", root=True)
def judge(evidence: Evidence) -> Match:
    """The LoRA's rank gives it too little or too much room for one person.

    What it means: Low: the face stays generic, an average of the person, however long you train. High: there is room for
    everything in the photos, so the face bleeds into other people and the base's idea of a person is overwritten.

    Why it happens: 4-8 is a habit from style LoRAs, 64-128 one from older models. For a FLUX.1 character 16-32 is right.

    How we tell: The rank is read from the file. It counts only when a probe agrees: below the band with a weak likeness
    and a small training gap although the person was shown often enough; above the band with bleed or a large gap although
    the steps were right. Where the person is there and does not leak, the rank did no harm, whatever it is.

    What else looks like this: Too few steps look like a low rank; too many steps or no regularisation pictures look like a
    high one. The test that tells them apart, the same LoRA cut down to rank 16-32, is not part of the quick suite, so this
    finding stays weak or unknown more often than the others.
    """
    band = evidence.bands.get("rank", DEFAULT_BAND)
    rank = evidence.get("setting.rank")
    there = above(evidence, "identity.trigger", lines.PERSON_THERE, "The person is there")
    clean = below(evidence, "bleed.class", lines.bleed(evidence), "The person does not come uncalled")
    if there and clean:
        because = "The person is there and does not leak: the rank did no harm."
        return Match(status="absent", because=(because, *texts(there, clean)), cites=cites(evidence, there, clean))
    if rank is None:
        return Match(status="unknown", because=(evidence.why_missing("setting.rank") or "",))
    if band.low <= rank.value <= band.high:
        because = f"Rank {rank.value:g} lies within {band.low:g}-{band.high:g} ({band.source}), and no probe speaks against it."
        return Match(status="absent", because=(because,), cites=("setting.rank",))
    return _low(evidence, rank.value, band) if rank.value < band.low else _high(evidence, rank.value, band)


def _low(evidence: Evidence, rank: float, band: Band) -> Match:
    weak = below(evidence, "identity.trigger", lines.PERSON_THERE, "The likeness stays weak")
    gap = below(evidence, "loss.gap", SMALL_GAP, "The LoRA hardly fits even its own photos")
    shown_enough = above(evidence, "setting.exposure-ratio", lines.exposure(evidence)[0], "The person was shown often enough")
    if weak and gap and shown_enough:
        sentence = f"Rank {rank:g} is too small to hold the face."
        return _present(evidence, "low", sentence, rank, band, (weak, gap, shown_enough))
    return _open(evidence, f"Rank {rank:g} is below {band.low:g}", (weak, gap, shown_enough))


def _high(evidence: Evidence, rank: float, band: Band) -> Match:
    leaks = above(evidence, "bleed.class", lines.bleed(evidence), "The face comes without the trigger")
    gap = above(evidence, "loss.gap", LARGE_GAP, "The LoRA knows its own photos by heart")
    not_too_often = below(evidence, "setting.exposure-ratio", lines.exposure(evidence)[1], "The person was not shown too often")
    regularised = above(evidence, "setting.regularisation-images", 0, "Regularisation pictures were used")
    if (leaks or gap) and not_too_often and regularised:
        sentence = f"Rank {rank:g} has room for more than the person, and it was filled."
        return _present(evidence, "high", sentence, rank, band, (leaks, gap, not_too_often, regularised))
    return _open(evidence, f"Rank {rank:g} is above {band.high:g}", (leaks, gap, not_too_often, regularised))


def _present(
    evidence: Evidence, direction: Literal["low", "high"], sentence: str, rank: float, band: Band, signs: tuple[Sign, ...]
) -> Match:
    """Never more than weak: without the truncated variant a probe can only agree with a rank, not single it out."""
    clear = tuple(filter(bool, signs))
    because = "too little room for the face" if direction == "low" else "too much room lets the person overwrite everybody"
    return Match(
        status="present",
        direction=direction,
        strength="weak",
        because=(sentence, *texts(*clear), MISSING),
        cites=("setting.rank", *cites(evidence, *clear)),
        changes=(change("rank", now=f"{rank:g}", to=f"{band.low:g}-{band.high:g}", because=because),),
    )


def _open(evidence: Evidence, sentence: str, signs: tuple[Sign, ...]) -> Match:
    """A rank outside its band is a suspicion, not a finding."""
    because = (f"{sentence}, but no probe shows that it does harm.", *texts(*signs), MISSING)
    return Match(status="unknown", because=because, cites=("setting.rank", *cites(evidence, *signs)))
