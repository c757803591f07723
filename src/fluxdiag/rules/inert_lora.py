"""The file changes nothing."""

from __future__ import annotations

from fluxdiag.records import Evidence, Match
from fluxdiag.registry import rule
from fluxdiag.rules.remedy import change
from fluxdiag.rules.signs import Sign, above, below, cites, lacking, texts

HALF_LOADED = 0.05
"""relative error of an installed layer against the file; float32 and bfloat16 agree within 1% where loading is right"""
NO_CHANGE = 0.002
"""CLIP cosine distance between pictures with the LoRA on and off; the same picture drawn twice differs by less than .001"""
NO_GAIN = 0.1
"""percent of base loss; the weakest planted LoRA that trained at all gained more on its own photos"""
LEFT_OUT = 0.05
"""share of the file's layers that this base has no place for; first cut: the same tolerance as for a layer's output"""
NOTHING = "The file does nothing when it is loaded, so there is nothing to judge yet."
PARTLY = "Only a part of the file could be loaded, so what is painted is not what was trained."
SOME_WEIGHT = 1e-6
"""Frobenius norm: an untouched LoRA is exactly zero"""


@rule(cause="inert-lora", title="The LoRA does nothing", severity="critical")
def judge(evidence: Evidence) -> Match:
    """The file has no effect, or only part of it was loaded.

    What it means: Pictures with the LoRA are the pictures without it. Captions, images and steps are not the question yet:
    nothing of what was trained reaches the base.

    Why it happens: The keys in the file fit no layer of the base, so the program skips them without a word; training ended
    before the first update; the learning rate was practically zero; the file was saved from the wrong object.

    How we tell: The layers that were really installed are counted and one is compared with the file. Pictures and losses with
    the LoRA on and off are compared: if nothing moves, the LoRA does nothing. Facts of the file are checked before any
    picture is interpreted.

    What else looks like this: A LoRA trained far too briefly moves a little. A strength of 0 moves nothing: the strength used
    is in the report.
    """
    empty = below(evidence, "file.delta-norm", SOME_WEIGHT, "The weights in the file are zero")
    unloaded = below(evidence, "file.modules", 1, "No layer of the base took the file")
    broken = above(evidence, "file.applied-error", HALF_LOADED, "What was installed is not what the file says")
    if empty or unloaded or broken:
        return _present(evidence, NOTHING, tuple(filter(bool, (empty, unloaded, broken))))
    left_out = above(evidence, "file.left-out", LEFT_OUT, "Layers of the file found no place in the base")
    if left_out:
        return _present(evidence, PARTLY, (left_out,), half_loaded=True)
    moves = (
        above(evidence, "drift.unrelated", NO_CHANGE, "Pictures change"),
        above(evidence, "bleed.class", 0.05, "People change"),
        above(evidence, "trigger.effect", 0.05, "The trigger acts"),
        above(evidence, "loss.heldout-gain", NO_GAIN, "The training loss changes"),
        below(evidence, "loss.heldout-gain", -NO_GAIN, "The training loss changes"),
    )
    told = (
        above(evidence, "description.effect", 0.05, "The description acts"),
        above(evidence, "loss.training-gain", NO_GAIN, "The loss on the training photos falls"),
    )
    if moved := tuple(filter(bool, (*moves, *told))):
        because = ("The LoRA is loaded and changes the pictures.", *texts(*moved))
        return Match(status="absent", because=because, cites=cites(evidence, *moved))
    still = below(evidence, "drift.unrelated", NO_CHANGE, "Pictures with and without the LoRA are the same")
    gain = evidence.get("loss.heldout-gain")
    if still and (gain is None or (gain.low > -NO_GAIN and gain.high < NO_GAIN)):
        return _present(evidence, NOTHING, (still,))
    return Match(
        status="unknown",
        because=("Nothing tells whether the LoRA acts.", still.text),
        cites=cites(evidence, still),
        lacking=lacking(still, *moves),
    )


def _present(evidence: Evidence, lead: str, signs: tuple[Sign, ...], half_loaded: bool = False) -> Match:
    return Match(
        status="present",
        strength="strong",
        because=(lead, *texts(*signs)),
        cites=cites(evidence, *signs),
        half_loaded=half_loaded,
        changes=(
            change(
                "file",
                now=None,
                to="export it again from the trainer in the diffusers or kohya layout, or retrain if its weights are zero",
                because="only what fits the base's layers reaches the pictures",
                safe=False,
            ),
        ),
    )
