"""The captions describe what the trigger was meant to learn."""

from __future__ import annotations

from fluxdiag.records import Change, Evidence, Match
from fluxdiag.registry import Account, rule
from fluxdiag.rules import lines
from fluxdiag.rules.remedy import change
from fluxdiag.rules.signs import Sign, above, below, cites, lacking, strength_of, texts, value

BINDING = 1.5
"""percent of base loss; laboratory table: healthy +3.8 to +6.1, appearance in every caption +0.3 to +0.9, 200 steps +1.7"""
DESCRIPTION_LOSS = 1.0
"""percent of base loss by which the described caption gains more than the bare one; first cut, to be fitted"""
OUTDONE = 0.2
"""description.advantage; first cut: the description brings a fifth of the person more than the trigger does"""
APPEARANCE_SHARE = 0.3
"""share of captions; laboratory decoy: appearance in 2 of 16 captions (.125) does no harm"""
SAME_PICTURES = {"description.advantage"}
"""signs that are reckoned from the pictures of others, and count once with them"""
HARDLY_ANY = 0.05
"""share of captions below which there is nothing to take out of them"""
LEAD = "The captions describe the face, so the trigger learnt almost nothing."


def _captions(evidence: Evidence, direction: str | None) -> tuple[Change, ...]:
    share = value(evidence, "captions.appearance-share")
    edited = change(
        "captions",
        now=None if share is None else f"appearance named in {share:.0%} of the captions",
        to="trigger, background, lighting, pose, framing and style; no hair, eyes, skin, face, marks, clothes or accessories",
        because="what a caption names is learnt by those words and not by the trigger",
    )
    return (edited,)


def _not_named(evidence: Evidence, direction: str | None) -> tuple[str, str] | None:
    named = above(evidence, "captions.appearance-share", HARDLY_ANY, "")
    return (f"The captions hardly name the person's appearance: {named.text}", named.key) if named.refuted else None


@rule(
    cause="overcaptioned-appearance",
    title="Captions describe the person's appearance",
    severity="critical",
    root=True,
    account=Account({None: LEAD}, _captions, _not_named),
)
def judge(evidence: Evidence) -> Match:
    """The captions describe the person, so the description learnt the face and the trigger did not.

    What it means: The captions of the training images name things that make the person who they are: hair, eyes, skin,
    face, marks, clothes. Whatever a caption names, training ties to those words. The trigger is left with nothing to learn,
    so your prompt with the trigger paints a stranger, while a prompt that repeats the description comes nearer to the person.

    Why it happens: Automatic captioners (WD14 tags, BLIP and JoyCaption sentences) describe hair and eyes in every caption.
    FLUX.1 reads long captions well enough to use all of it. Nothing in the training log shows this.

    How we tell: The same prompts and seeds are painted with the LoRA on and off, with the trigger, with the bare class word
    and with the description taken from your captions. The cause is present when the captions do name appearance and the
    trigger adds almost nothing, in the pictures or in the training loss of held-out photos, or clearly less than the
    description does, and a second sign agrees: the description brings the person where the trigger does not, or a captionless
    run (`fluxdiag retrain RUN --captionless`) does. Where the person is missing even in that run, something else is wrong as
    well. Captions alone never convict: where the trigger works, they did no harm.

    What else looks like this: Too few training steps also leave the trigger weak, but then the description brings nobody
    either. Without regularisation pictures the face comes with and without the trigger, so the trigger seems to add little:
    look at the bleed. A file that does nothing at all is reported as inert.
    """
    trigger, description = _of_the_trigger(evidence), _of_the_description(evidence)
    no_effect, no_binding, _ = trigger
    if no_effect.refuted or (no_binding.refuted and not no_effect):
        return _absent(evidence, "The trigger does bring the person, so the captions left it enough to learn.", *trigger)
    named = above(evidence, "captions.appearance-share", APPEARANCE_SHARE, "The captions name the person's appearance")
    if named.refuted:
        return _absent(evidence, "The captions hardly name the person's appearance.", named)
    appears = above(evidence, "captionless.identity", lines.PERSON_THERE, "Trained without captions the person appears")
    missing_anyway = appears.refuted and not any(description)
    probes = (*trigger, *description, *(() if appears.missing else (appears,)))
    if named and any(trigger) and sum(map(bool, probes)) >= 2 and not missing_anyway:
        return _present(evidence, tuple(filter(bool, probes)), named)
    return Match(
        status="unknown",
        because=("The signs do not decide.", *texts(*probes, named)),
        cites=cites(evidence, *probes, named),
        lacking=lacking(*probes, named),
    )


def _of_the_trigger(evidence: Evidence) -> tuple[Sign, Sign, Sign]:
    effect = lines.trigger_effect(evidence)
    return (
        below(evidence, "trigger.effect", effect, "The trigger adds almost nothing to the class word"),
        below(evidence, "loss.binding", BINDING, "In the training loss too the trigger says no more than the class word"),
        above(evidence, "description.advantage", OUTDONE, "The description brings more of the person than the trigger"),
    )


def _of_the_description(evidence: Evidence) -> tuple[Sign, Sign]:
    brought = lines.description_effect(evidence)
    return (
        above(evidence, "description.effect", brought, "The description brings the person without the trigger"),
        above(evidence, "loss.description", DESCRIPTION_LOSS, "The LoRA's gain on its own photos hangs on the description"),
    )


def _absent(evidence: Evidence, because: str, *signs: Sign) -> Match:
    return Match(status="absent", because=(because, *texts(*signs)), cites=cites(evidence, *signs))


def _present(evidence: Evidence, probes: tuple[Sign, ...], named: Sign) -> Match:
    return Match(
        status="present",
        strength=strength_of(sign for sign in probes if sign.key not in SAME_PICTURES),
        because=(LEAD, *texts(*probes, named)),
        cites=cites(evidence, *probes, named),
        changes=_captions(evidence, None),
    )
