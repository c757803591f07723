"""The captions do not hold the trigger."""

from __future__ import annotations

from fluxdiag.records import Evidence, Match
from fluxdiag.registry import rule
from fluxdiag.rules import lines
from fluxdiag.rules.remedy import change
from fluxdiag.rules.signs import above, below, cites, lacking, strength_of, texts

MOST = 0.5
"""captions.trigger-share; half of them: a word in few captions has hardly been trained"""


@rule(cause="no-trigger-in-captions", title="Captions without the trigger", severity="high")
def judge(evidence: Evidence) -> Match:
    """The captions of the training images hardly hold the trigger, so nothing was tied to it.

    What it means: The prompt calls the person by a word that training never saw, or saw in few captions. The person may well be
    in the LoRA, under the class word or a description.

    Why it happens: The captions were made by a captioner and the trigger was never added; it is spelt otherwise there; or
    the trainer was told a trigger that it did not put into the captions.

    How we tell: The captions are searched for the trigger. It counts only when the trigger adds almost nothing in the pictures.

    What else looks like this: Appearance in the captions leaves the trigger without effect too, though it stands in all of them.
    A training without captions is legitimate: the trainer then uses the trigger alone.
    """
    few = below(evidence, "captions.trigger-share", MOST, "Few captions hold the trigger")
    useless = below(evidence, "trigger.effect", lines.trigger_effect(evidence), "The trigger adds almost nothing")
    works = above(evidence, "trigger.effect", lines.trigger_effect(evidence), "The trigger works")
    if few.refuted or works:
        signs = (few,) if few.refuted else (works,)
        return Match(
            status="absent",
            because=("The trigger was trained.", *texts(*signs)),
            cites=cites(evidence, *signs),
        )
    if few and useless:
        return Match(
            status="present",
            strength=strength_of((few, useless)),
            because=("The captions hardly hold the trigger, so nothing was tied to it.", *texts(few, useless)),
            cites=cites(evidence, few, useless),
            changes=(
                change(
                    "trigger_in_captions",
                    now=f"in {evidence.measurements['captions.trigger-share'].value:.0%} of the captions",
                    to="in every caption, best at its beginning",
                    because="a word that the captions do not hold learns nothing",
                ),
            ),
        )
    return Match(
        status="unknown",
        because=("The signs do not decide.", *texts(few, useless)),
        cites=cites(evidence, few, useless),
        lacking=lacking(few, useless),
    )
