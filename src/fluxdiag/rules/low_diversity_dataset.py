"""The training images share more than the person."""

from __future__ import annotations

import math

from fluxdiag.records import Change, Evidence, Match
from fluxdiag.registry import Account, rule
from fluxdiag.rules import lines
from fluxdiag.rules.remedy import change
from fluxdiag.rules.signs import Sign, above, below, cites, lacking, strength_of, texts, value

BACKGROUND_LEARNT = -5.0
"""percent of base loss by which the face gains less than the rest of the training photos; first cut, to be fitted"""
HUGE_GAP = 65.0
"""percent of base loss; laboratory table: one background and outfit 84-121, 3,200 steps 54-56, no regularisation 50"""
NEGATIVE_BINDING = -1.0
"""percent of base loss; laboratory table: one background and outfit -2.6 and -3.4 (a third subject +1.8), healthy +3.8 to +6.1"""
FEW_IMAGES = 2.0
"""effective number of images (Vendi, CLIP); first cut: below it the set is worth two different pictures"""

CARRIES = 0.25
"""share of the gain on its own photos that photos from elsewhere gain too; laboratory: one background and outfit -.08 to .10,
healthy .0 to .5, four times the steps below 0. A ratio, so that it does not hang on how much of its loss a base gives up"""

LEAD = "The training images are too much alike, so their background or outfit was learnt with the face."
OBEYED = "Backgrounds and outfits are painted as asked."
BACKGROUNDS_OBEYED = (
    "Backgrounds are painted as asked, and the photos it was trained on gain little more than others; of outfits only the "
    "estimate says so, for too few were asked for."
)


def _images(evidence: Evidence, direction: str | None) -> tuple[Change, ...]:
    images, effective = value(evidence, "setting.images"), value(evidence, "dataset.effective-images")
    worth = "" if effective is None else f", worth {effective:.1f} different ones"
    varied = change(
        "images",
        now=None if images is None else f"{images:.0f} images{worth}",
        to="15-30 images that vary in background, lighting, angle, framing and clothing",
        because="whatever all images share is learnt as part of the person",
    )
    return (varied,)


@rule(
    cause="low-diversity-dataset",
    title="Training images are too much alike",
    severity="critical",
    root=True,
    account=Account({None: LEAD}, _images),
)
def judge(evidence: Evidence) -> Match:
    """The training images share a background, an outfit or a pose, and the LoRA learnt that along with the face.

    What it means: Everything that stays the same through the training images belongs to the trigger, as far as training can
    tell. Ask for a beach and you get the living room of your photos; ask for a raincoat and the same shirt appears.
    The face itself may look fine.

    Why it happens: Photos from one day, one place, one outfit. Many near-identical pictures are no better than one: fifteen
    varied ones beat a hundred frames of a video.

    How we tell: Pictures with the trigger are painted in backgrounds and outfits that the suite fixes, whatever your set holds:
    one that your photos share too is obeyed all the same, and says nothing then. CLIP says which pictures show what was asked
    for, and the same prompts without the LoRA say what the base would have obeyed. In the training loss,
    a gain that lies outside the face, or a huge gap between training and held-out photos where the trigger even hurts, says
    the same; so does a set that is worth one or two pictures, where next to nothing of what was learnt of them holds for
    other photos and the likeness is not clearly there, or, without other photos, where much was learnt of its own and the
    likeness is weak all the same. Weak likeness alone never counts as a sign of this.

    What else looks like this: Far too many steps also paint the training photos again; there the set itself is varied. A
    prompt that the base cannot obey either proves nothing and is left out.
    """
    no_background = below(evidence, "obedience.background", lines.DISOBEDIENCE, "Asked-for backgrounds no longer appear")
    no_outfit = below(evidence, "obedience.outfit", lines.DISOBEDIENCE, "Asked-for outfits no longer appear")
    outside = below(evidence, "loss.face-share", BACKGROUND_LEARNT, "The LoRA learnt more of the surroundings than of the face")
    gap = above(evidence, "loss.gap", HUGE_GAP, "The LoRA knows its training photos and hardly the person in others")
    unbound = below(evidence, "loss.binding", NEGATIVE_BINDING, "On photos taken elsewhere the trigger hurts")
    few = below(evidence, "dataset.effective-images", FEW_IMAGES, "The set is worth few different pictures")
    empty, of_what_was_learnt = _empty(evidence)
    probes = (no_background, no_outfit, outside, gap, unbound, *of_what_was_learnt)
    if any((no_background, no_outfit)) or (gap and (unbound or outside)) or (few and (outside or empty)):
        clear = tuple(filter(bool, (*probes, few)))
        return Match(
            status="present",
            strength=strength_of(clear),
            because=(LEAD, *texts(*clear)),
            cites=cites(evidence, *clear),
            changes=_images(evidence, None),
        )
    kept = no_outfit.refuted or (gap.refuted and _outfits_lean_well(evidence))
    if no_background.refuted and kept and not gap and not few:
        heard = (no_background, no_outfit, gap)
        return Match(
            status="absent",
            because=(OBEYED if no_outfit.refuted else BACKGROUNDS_OBEYED, *texts(*heard)),
            cites=cites(evidence, *heard),
        )
    return Match(
        status="unknown",
        because=("The signs do not decide.", *texts(*probes)),
        cites=cites(evidence, *probes),
        lacking=lacking(*probes),
    )


def _outfits_lean_well(evidence: Evidence) -> bool:
    """Whether the estimate, at least, lies on the good side of the line: six prompts never put a whole interval there, and a
    loss gap does not look at outfits, so that it clears nobody whose outfits were repainted, or not asked for."""
    found = evidence.get("obedience.outfit")
    return found is not None and found.value > lines.DISOBEDIENCE


def _empty(evidence: Evidence) -> tuple[bool, tuple[Sign, ...]]:
    """Whether what was learnt is not the person, and what says so: other photos gain next to nothing by it, and the likeness is
    not clearly there. Where no other photos are at hand, it has to be weak beside all that was learnt of the LoRA's own.
    """
    hollow = _hollow(evidence)
    weak = below(evidence, "identity.trigger", lines.PERSON_THERE, "The likeness stays weak")
    learnt = above(evidence, "loss.training-gain", lines.SMALL_GAP, "Its own photos were learnt")
    if hollow.missing and not learnt.missing:
        return learnt.clear and weak.clear, (learnt, weak)
    return hollow.clear and weak.possible, (hollow,)


def _hollow(evidence: Evidence) -> Sign:
    """Clear only where something was learnt at all."""
    own = evidence.get("loss.training-gain")
    line = CARRIES * own.value if own is not None and own.clearly_above(0) else -math.inf
    return below(evidence, "loss.heldout-gain", line, "Next to nothing of what it learnt of its own photos holds for others")
