"""The LoRA was trained on another base."""

from __future__ import annotations

from fluxdiag.records import Evidence, Match
from fluxdiag.registry import rule
from fluxdiag.rules import lines
from fluxdiag.rules.remedy import change
from fluxdiag.rules.signs import above, below, cites, lacking, texts


@rule(cause="wrong-base", title="Trained on another base", severity="high")
def judge(evidence: Evidence) -> Match:
    """The file's header names another base than the one it is used on.

    What it means: The weights are changes to another model. Where the two are close, a shadow of the person comes through; where
    they are not, noise.

    Why it happens: The LoRA was trained on FLUX.1 [schnell], which is distilled for few steps and unstable under fine-tuning,
    on a fine-tuned FLUX.1, or on another model altogether.

    How we tell: The header says what it was trained on. It counts only when the person is not fully there: LoRAs of one FLUX.1
    often work on another. A file that names no base is not cleared by that.

    What else looks like this: A header may be copied or wrong. Try the LoRA on the base that it names before training again.
    """
    other = above(evidence, "file.other-base", 0.5, "The header names another base")
    there = above(evidence, "identity.trigger", lines.PERSON_THERE, "The person is there all the same")
    weak = below(evidence, "identity.trigger", lines.PERSON_THERE, "The person is hardly there")
    if other.refuted or there:
        signs = (other,) if other.refuted else (there,)
        because = "The header names no other base." if other.refuted else "Whatever it was trained on, it works here."
        return Match(status="absent", because=(because, *texts(*signs)), cites=cites(evidence, *signs))
    if other and weak:
        return Match(
            status="present",
            strength="moderate",
            because=("The LoRA was trained on another base than it is used on.", *texts(other, weak)),
            cites=cites(evidence, other, weak),
            changes=(
                change(
                    "base",
                    now=None,
                    to="use it on the base that its header names, or train it on FLUX.1 [dev]",
                    because="its weights are changes to another model",
                    safe=False,
                ),
            ),
        )
    return Match(
        status="unknown",
        because=("The signs do not decide.", *texts(other, weak)),
        cites=cites(evidence, other, weak),
        lacking=lacking(other, weak),
    )
