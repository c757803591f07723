"""The base already knows the trigger."""

from __future__ import annotations

from fluxdiag.records import Evidence, Match
from fluxdiag.registry import rule
from fluxdiag.rules import lines
from fluxdiag.rules.remedy import change
from fluxdiag.rules.signs import Sign, above, below, cites, lacking, strength_of, texts

KNOWN = 0.2
"""consistency.trigger-base, the line of consistency.trigger: the base paints one and the same person for the word"""


@rule(cause="known-trigger", title="The trigger means something already", severity="medium")
def judge(evidence: Evidence) -> Match:
    """The base has a meaning for the trigger word, and training had to work against it.

    What it means: Without the LoRA, the trigger already brings a certain look. The LoRA's person and that look mix, and the
    person stays weak.

    Why it happens: The trigger is a real name, a common word (hero, mage) or a made-up one that the base has seen. FLUX.1 knows
    many names.

    How we tell: The prompts with the trigger are painted with the LoRA off. Where they show one and the same face, more than the
    class word's pictures do, the base has somebody in mind. It counts when the person is not fully there with the LoRA on.

    What else looks like this: A trigger with the class word in it (`ohwx woman`) shares the class's look, which is meant: the
    class word's own pictures are the floor.
    """
    known = above(
        evidence, "consistency.trigger-base", KNOWN, "Without the LoRA the trigger already brings one and the same face"
    )
    there = above(evidence, "identity.trigger", lines.PERSON_THERE, "The person is there all the same")
    weak = below(evidence, "identity.trigger", lines.PERSON_THERE, "The person is hardly there")
    useless = below(evidence, "trigger.effect", lines.trigger_effect(evidence), "The trigger adds almost nothing")
    if known.refuted or there:
        return _absent(evidence, known if known.refuted else there)
    if known and (weak or useless):
        return _present(evidence, tuple(filter(bool, (known, weak, useless))))
    return Match(
        status="unknown",
        because=("The signs do not decide.", *texts(known, weak)),
        cites=cites(evidence, known, weak),
        lacking=lacking(known, weak),
    )


def _absent(evidence: Evidence, sign: Sign) -> Match:
    return Match(
        status="absent",
        because=("The base has no one in mind for the trigger, or training overcame it.", sign.text),
        cites=cites(evidence, sign),
    )


def _present(evidence: Evidence, signs: tuple[Sign, ...]) -> Match:
    return Match(
        status="present",
        strength=strength_of(signs),
        because=("The base already has a meaning for the trigger, and the person is weak.", *texts(*signs)),
        cites=cites(evidence, *signs),
        changes=(
            change(
                "trigger",
                now=None,
                to="a word that means nothing: ohwx, zyx5char, bnkr7p",
                because="a word without a meaning leaves the person nothing to fight with",
                safe=False,
            ),
        ),
    )
