"""The LoRA has too little or too much room."""

from __future__ import annotations

from typing import Literal

from fluxdiag.records import Band, Change, Evidence, Match, Strength
from fluxdiag.registry import Account, rule
from fluxdiag.rules import lines
from fluxdiag.rules.remedy import change
from fluxdiag.rules.signs import Sign, above, below, cites, lacking, strength_of, texts, value

BLEEDS_LESS = -0.05
"""rank.truncated-bleed, change on the subject's scale when the LoRA is cut to the band; first cut: more than a repeat's noise"""
HOLDS = -0.1
"""rank.truncated-identity, likewise; first cut: a tenth of the person"""
NOT_DRAWN = "not in the quick suite"
DEFAULT_BAND = Band(low=16, high=32, source="field guide, section 6")
LEADS: dict[str | None, str] = {
    "low": "The rank is too small to hold the face.",
    "high": "The rank has room for more than the person, and it was filled.",
}


def band_of(evidence: Evidence) -> Band:
    return evidence.bands.get("rank", DEFAULT_BAND)


def _rank(evidence: Evidence, direction: str | None) -> tuple[Change, ...]:
    rank, band = value(evidence, "setting.rank"), band_of(evidence)
    because = "too little room for the face" if direction == "low" else "too much room lets the person overwrite everybody"
    now = None if rank is None else f"{rank:g}"
    return (change("rank", now=now, to=f"{band.low:g}-{band.high:g}", because=because),)


def _within(evidence: Evidence, direction: str | None) -> tuple[str, str] | None:
    """The tensors cannot lie about the rank: one that is not below the band is not too low, nor above it too high."""
    rank, band = value(evidence, "setting.rank"), band_of(evidence)
    if rank is None or (rank < band.low if direction == "low" else rank > band.high):
        return None
    side = "below" if direction == "low" else "above"
    return f"Rank {rank:g} is not {side} {band.low:g}-{band.high:g} ({band.source}).", "setting.rank"


@rule(
    cause="wrong-rank",
    title="Wrong LoRA rank",
    severity="high",
    root=True,
    account=Account(LEADS, _rank, _within),
)
def judge(evidence: Evidence) -> Match:
    """The LoRA's rank gives it too little or too much room for one person.

    What it means: Low: the face stays generic, an average of the person, however long you train. High: there is room for
    everything in the photos, so the face bleeds into other people and the base's idea of a person is overwritten.

    Why it happens: 4-8 is a habit from style LoRAs, 64-128 one from older models. For a FLUX.1 character 16-32 is right.

    How we tell: The rank is read from the file. It counts only when a probe agrees: below the band with a small training gap
    and a likeness that is weak, or in doubt and better with more strength, although the person was shown often enough; above
    the band with bleed or a large gap although the steps were right. The test for a high rank is the same LoRA cut down to
    16-32: if the person stays and leaks less, the rank was the reason. Where the person is there and does not leak, the rank
    did no harm, whatever it is.

    What else looks like this: Too few steps look like a low rank; too many steps or no regularisation pictures look like a
    high one. Where the LoRA was not cut down, as in the quick suite, this finding stays weak or unknown more often than the
    others.
    """
    band = band_of(evidence)
    rank = evidence.get("setting.rank")
    there = above(evidence, "identity.trigger", lines.PERSON_THERE, "The person is there")
    clean = below(evidence, "bleed.class", lines.bleed(evidence), "The person does not come uncalled")
    if there and clean:
        because = "The person is there and does not leak: the rank did no harm."
        return Match(status="absent", because=(because, *texts(there, clean)), cites=cites(evidence, there, clean))
    if rank is None:
        return Match(status="unknown", because=(evidence.why_missing("setting.rank") or "",), lacking=("setting.rank",))
    if band.low <= rank.value <= band.high:
        because = f"Rank {rank.value:g} lies within {band.low:g}-{band.high:g} ({band.source}), and no probe speaks against it."
        return Match(status="absent", because=(because,), cites=("setting.rank",))
    return _low(evidence, rank.value, band) if rank.value < band.low else _high(evidence, rank.value, band)


def _low(evidence: Evidence, rank: float, band: Band) -> Match:
    weak = below(evidence, "identity.trigger", lines.PERSON_THERE, "The likeness stays weak")
    gap = lines.hardly_fits(evidence)
    shown_enough = above(evidence, "setting.exposure-ratio", lines.exposure(evidence)[0], "The person was shown often enough")
    rises = above(evidence, "strength.more", lines.RISES, "More strength brings more of the person")
    if gap and shown_enough and (weak or (weak.possible and rises)):
        return _present(evidence, "low", "weak", (weak, gap, shown_enough, *(() if weak else (rises,))))
    return _open(evidence, f"Rank {rank:g} is below {band.low:g}", (weak, gap, shown_enough))


def _high(evidence: Evidence, rank: float, band: Band) -> Match:
    less = below(evidence, "rank.truncated-bleed", BLEEDS_LESS, "Cut down to the band, the LoRA leaks less")
    holds = above(evidence, "rank.truncated-identity", HOLDS, "and the person stays")
    if less and holds:
        return _present(evidence, "high", strength_of((less, holds)), (less, holds))
    if less.refuted:
        because = f"Rank {rank:g} is above {band.low:g}-{band.high:g}, but cut down it leaks as before."
        return Match(status="absent", because=(because, less.text), cites=("setting.rank", *cites(evidence, less)))
    leaks = above(evidence, "bleed.class", lines.bleed(evidence), "The face comes without the trigger")
    gap = above(evidence, "loss.gap", lines.OVERFULL_GAP, "The LoRA knows its own photos by heart")
    not_too_often = below(evidence, "setting.exposure-ratio", lines.exposure(evidence)[1], "The person was not shown too often")
    regularised = above(evidence, "setting.regularisation-images", 0, "Regularisation pictures were used")
    cut = (less, holds)
    if (leaks or gap) and not_too_often and regularised:
        return _present(evidence, "high", "weak", (leaks, gap, not_too_often, regularised), cut)
    return _open(evidence, f"Rank {rank:g} is above {band.high:g}", (leaks, gap, not_too_often, regularised), cut)


def _told(evidence: Evidence, cut: tuple[Sign, ...]) -> tuple[str, ...]:
    """What cutting the LoRA down has shown, or that it was not done and why. A file below the band has no rank to cut."""
    if not cut or not all(sign.missing for sign in cut):
        return texts(*cut)
    band, why = band_of(evidence), evidence.gaps.get(cut[0].key, NOT_DRAWN)
    return (f"not measured: the same prompts with the LoRA cut down to rank {band.low:g}-{band.high:g} ({why})",)


def _present(
    evidence: Evidence,
    direction: Literal["low", "high"],
    strength: Strength,
    signs: tuple[Sign, ...],
    cut: tuple[Sign, ...] = (),
) -> Match:
    """Never more than weak without the truncated variant: the other probes agree with a rank and cannot single it out."""
    heard = tuple(sign for sign in signs if sign.possible)
    return Match(
        status="present",
        direction=direction,
        strength=strength,
        because=(LEADS[direction], *texts(*heard), *_told(evidence, cut)),
        cites=("setting.rank", *cites(evidence, *heard, *cut)),
        changes=_rank(evidence, direction),
    )


def _open(evidence: Evidence, sentence: str, signs: tuple[Sign, ...], cut: tuple[Sign, ...] = ()) -> Match:
    """A rank outside its band is a suspicion, not a finding."""
    because = (f"{sentence}, but no probe shows that it does harm.", *texts(*signs), *_told(evidence, cut))
    cited = ("setting.rank", *cites(evidence, *signs, *cut))
    return Match(status="unknown", because=because, cites=cited, lacking=lacking(*signs, *cut))
