"""Training stopped too early or went on too long."""

from __future__ import annotations

from typing import Literal

from fluxdiag.records import SHARE_BESIDE_OTHERS, Change, Evidence, Match
from fluxdiag.registry import Account, rule
from fluxdiag.rules import lines
from fluxdiag.rules.remedy import change
from fluxdiag.rules.signs import Sign, above, below, cites, lacking, strength_of, texts, value

HELDOUT_HARM = 0.0
"""percent of base loss; laboratory table: 3,200 steps -8 and -16, healthy above 0: the LoRA harms what it has not seen"""
Direction = Literal["under", "over"]
FALLS = -0.05
"""strength.more; laboratory trial: .63 to .50 after 2,400 steps"""
LEADS: dict[str | None, str] = {
    "under": "Training stopped too early: the person has only begun to appear.",
    "over": "Training went on too long: the photos were learnt by heart.",
}
LEARNT = {"under": "too little of the person was learnt", "over": "the photos were learnt by heart, not the person"}


def _steps(evidence: Evidence, direction: str | None) -> tuple[Change, ...]:
    """The number by the base's formula in the user's own batch size; unknown settings leave the formula in words.

    A count that lies on the other side of the formula than the probes say is no reason to go further that way: the rate, the
    batch or the header are then not what they seem.
    """
    steps, ratio = value(evidence, "setting.steps"), value(evidence, "setting.exposure-ratio")
    low, high = lines.exposure(evidence)
    words = f" ({evidence.step_formula.in_words})" if evidence.step_formula else ""
    to = f"as many as the base's formula says{words}, at batch size 1; then in steps of 10%"
    if steps:
        to = f"{_tenth(steps, direction)}: the formula is met, so go on in steps of 10%"
    if steps and ratio and not low <= ratio <= high:
        formula = _by_formula(evidence, steps, ratio)
        to = f"{formula}, by the base's formula{words}; then in steps of 10%"
        if (formula > steps) != (direction == "under"):
            side = "above" if ratio > high else "below"
            to = f"{_tenth(steps, direction)}, in steps of 10%; {side} the base's formula, so look at the learning rate first"
    now = None if steps is None else f"{steps:.0f}"
    return (change("steps", now=now, to=to, because=LEARNT[direction or "under"]),)


def _others_shown(evidence: Evidence) -> bool:
    """Whether the ratio holds that every second picture was somebody else's; older evidence tells it of counted ones only."""
    return _counted_others(evidence) if evidence.beside_others is None else evidence.beside_others


def _tenth(steps: float, direction: str | None) -> int:
    return max(1, round(steps * (1.1 if direction == "under" else 0.9)))


def _by_formula(evidence: Evidence, steps: float, ratio: float) -> int:
    """What `trainers/recipe.py: right_steps` gives: now / ratio.

    Other people take half of what is shown. Where the base's band still holds the other half, the formula's number stays.
    """
    band = evidence.bands.get("exposure_ratio")
    share = SHARE_BESIDE_OTHERS if _others_shown(evidence) and (band is None or band.low <= SHARE_BESIDE_OTHERS) else 1.0
    return max(1, round(round(steps / ratio * share, 3)))  # a half must not depend on the last digit of the ratio


@rule(
    cause="wrong-step-count",
    title="Wrong number of training steps",
    severity="high",
    root=True,
    account=Account(LEADS, _steps),
)
def judge(evidence: Evidence) -> Match:
    """The LoRA was trained for too few or too many steps for the number of images.

    What it means: Under: the person has only begun to appear, faces differ from seed to seed, and a higher strength helps.
    Over: the training photos were learnt by heart; the face comes uncalled, prompts lose their hold, and pictures look alike.

    Why it happens: Steps were taken from a recipe for another number of images. The field rule is 100 steps for each image
    and 350 more, at batch size 1; a larger batch, gradient accumulation or regularisation pictures change how often the
    person was really seen.

    How we tell: The LoRA's gain on its training photos is compared with its gain on photos of the same person that it never
    saw. A gap near zero with a weak likeness means that little was learnt; a large gap with held-out photos getting worse
    means that it was learnt by heart. One and a half times the strength tells the same: where it still helps, too little
    was learnt, and where it hurts, too much. Without photos that it never saw, a small gain on its own stands for the small
    gap. The step count itself only supports what these probes say, and never decides.

    What else looks like this: Rank 1-4 also leaves a weak likeness and a small gap. A learning rate far from 1e-4, no
    regularisation pictures, or a set of near-identical photos also make a large gap: each has its own finding.
    """
    if _sound(evidence):
        return _absent(evidence)
    under = _under(evidence)
    if under is not None:
        return under
    return _over(evidence) or _unclear(evidence)


def _sound(evidence: Evidence) -> bool:
    """The person is there, nobody leaks or the gap is no outlier, and nothing says that it was learnt by heart."""
    _, most = lines.exposure(evidence)
    there = above(evidence, "identity.trigger", lines.PERSON_THERE, "")
    gap = above(evidence, "loss.gap", lines.LARGE_GAP, "")
    bleed = below(evidence, "bleed.class", lines.bleed(evidence), "")
    harm = below(evidence, "loss.heldout-gain", HELDOUT_HARM, "")
    falls = below(evidence, "strength.more", FALLS, "")
    too_often = above(evidence, "setting.exposure-ratio", most, "") and not harm.refuted
    return bool(there) and not (gap or harm or falls or too_often) and (gap.refuted or bleed.clear)


def _absent(evidence: Evidence) -> Match:
    heard = (
        above(evidence, "identity.trigger", lines.PERSON_THERE, "The person is there"),
        below(evidence, "loss.gap", lines.LARGE_GAP, "Its own photos did not gain much more than others"),
        below(evidence, "bleed.class", lines.bleed(evidence), "The person does not come uncalled"),
    )
    return Match(
        status="absent",
        because=("Neither too little nor too much was learnt.", *texts(*heard)),
        cites=cites(evidence, *heard),
    )


def _under(evidence: Evidence) -> Match | None:
    """Not where the person was learnt after all and only sits in other words: then it comes with the description or uncalled.

    Nor by a small gap alone: how much of its loss a base gives up hangs on its size, so the steps or the strength speak too.
    Where the likeness itself is in doubt, gap, steps and strength have to agree.
    """
    fewest, _ = lines.exposure(evidence)
    weak = below(evidence, "identity.trigger", lines.PERSON_THERE, "The person is not yet there")
    gap = lines.hardly_fits(evidence)
    seen = below(evidence, "setting.exposure-ratio", fewest, "The person was shown less often than the rule asks")
    rises = above(evidence, "strength.more", lines.RISES, "More strength brings more of the person")
    described = above(evidence, "description.effect", lines.description_effect(evidence), "")
    leaks = above(evidence, "bleed.class", lines.bleed(evidence), "")
    told = (weak and (seen or (gap and rises))) or (weak.possible and seen and gap and rises)
    if not told or any((gap.refuted, seen.refuted and not (gap and rises), described, leaks)):
        return None
    return _present(evidence, "under", (weak, gap, rises), seen, doubt=() if weak else (weak,))


def _over(evidence: Evidence) -> Match | None:
    """Learnt by heart; or, whatever a base's losses are like, the person is there and stays away, and yet others' photos got
    worse or more strength brings less. Little variety is no sign: a sound LoRA paints one person where the base paints many."""
    _, most = lines.exposure(evidence)
    there = above(evidence, "identity.trigger", lines.PERSON_THERE, "The person is there")
    gap = above(evidence, "loss.gap", lines.LARGE_GAP, "The LoRA knows its own photos by heart")
    harm = below(evidence, "loss.heldout-gain", HELDOUT_HARM, "Other photos of the person got worse")
    leaks = above(evidence, "bleed.class", lines.bleed(evidence), "The face comes without the trigger")
    falls = below(evidence, "strength.more", FALLS, "More strength brings less of the person")
    seen = above(evidence, "setting.exposure-ratio", most, "The person was shown more often than the rule asks")
    by_heart = gap and any((harm, leaks, falls))
    burnt = there and leaks.refuted and any((harm, falls))
    without_losses = seen and gap.missing and (falls or (leaks and _counted_others(evidence)))
    if not (by_heart or burnt or without_losses) or (seen.refuted and _explained_otherwise(evidence)):
        return None
    return _present(evidence, "over", (gap, harm, leaks, falls), seen)


def _counted_others(evidence: Evidence) -> bool:
    """Whether pictures of other people were trained on, too; not where nobody knows how many."""
    return (value(evidence, "setting.regularisation-images") or 0) > 0


def _explained_otherwise(evidence: Evidence) -> bool:
    """No regularisation pictures, or a set too much alike, leaves the same marks at the right number of steps."""
    disobeyed = below(evidence, "obedience.background", lines.DISOBEDIENCE, "")
    return value(evidence, "setting.regularisation-images") == 0 or disobeyed.clear


def _present(
    evidence: Evidence, direction: Direction, probes: tuple[Sign, ...], seen: Sign, doubt: tuple[Sign, ...] = ()
) -> Match:
    """`doubt`: what straddles its line, however well the others agree."""
    clear = tuple(filter(bool, (*probes, seen)))
    return Match(
        status="present",
        direction=direction,
        strength="weak" if seen.refuted else "moderate" if doubt else strength_of(clear),
        because=(LEADS[direction], *texts(*clear, *doubt)),
        cites=cites(evidence, *clear, *doubt),
        changes=_steps(evidence, direction),
    )


def _beside_a_small_gap(evidence: Evidence) -> tuple[Sign, ...]:
    """What has to speak, too, where the gap is small or may be."""
    if lines.hardly_fits(evidence).refuted:
        return ()
    return (above(evidence, "strength.more", lines.RISES, "More strength brings more of the person"),)


def _unclear(evidence: Evidence) -> Match:
    _, most = lines.exposure(evidence)
    heard = (
        below(evidence, "identity.trigger", lines.PERSON_THERE, "The person is not yet there"),
        above(evidence, "loss.gap", lines.LARGE_GAP, "The LoRA knows its own photos by heart"),
        below(evidence, "loss.heldout-gain", HELDOUT_HARM, "Other photos of the person got worse"),
        above(evidence, "bleed.class", lines.bleed(evidence), "The face comes without the trigger"),
        above(evidence, "setting.exposure-ratio", most, "The person was shown more often than the rule asks"),
        *_beside_a_small_gap(evidence),
    )
    return Match(
        status="unknown",
        because=("The signs do not tell the number of steps from the other causes.", *texts(*heard)),
        cites=cites(evidence, *heard),
        lacking=lacking(*heard),
    )
