"""Which measurements may speak for which cause, and with which sign. The fit chooses how loudly, never the direction.

A cause with a direction is a target of its own: `wrong-step-count:under`. Signs come from what the rules tell under
"How we tell" and the laboratory's trial; `0` is left to the fit, where two causes pull the same number in opposite ways.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal["as is", "log2", "log2(1+x)"]


@dataclass(frozen=True)
class Line:
    """Where a measurement says nothing, and how far beyond that it says twice as much; in its own units."""

    at: float
    scale: float


@dataclass(frozen=True)
class Speaker:
    """A measurement that speaks for a cause as it rises (+1), as it falls (-1), or as the fit finds it (0)."""

    key: str
    sign: Literal[1, -1, 0]
    form: Form = "as is"
    cited: Line | None = None
    """a line that is known without a grid. Fitted weights count from it; where no fit could hear the measurement, it speaks
    from there with a usual weight"""

    @property
    def is_setting(self) -> bool:
        """Facts of the training and the file: they give the prior, and never outweigh what the probes say."""
        return self.key.partition(".")[0] in {"setting", "captions", "dataset"}


@dataclass(frozen=True)
class Hearing:
    """Who speaks on a target. Of each group in `needs` one must have been measured, else the cause is not assessable."""

    speakers: tuple[Speaker, ...]
    needs: tuple[tuple[str, ...], ...]


PERSON_THERE = Line(0.45, 0.2)
"""of likeness in the captionless run: the line is that of `rules/lines.py`; another training seed moves likeness by 0.1
(SceneWorks, sc-6541), so two such steps are a scale"""

NEITHER = Line(0.0, 0.2)
"""of the description's advantage over the trigger: at 0 they learnt alike. The scale as above"""

HEARINGS: dict[str, Hearing] = {
    "overcaptioned-appearance": Hearing(
        (
            Speaker("trigger.effect", -1),
            Speaker("loss.binding", -1),
            Speaker("loss.training-binding", -1),
            Speaker("description.effect", 1),
            Speaker("description.advantage", 1, cited=NEITHER),
            Speaker("loss.description", 1),
            Speaker("consistency.trigger", -1),
            Speaker("captions.appearance-share", 1),
            Speaker("captionless.identity", 1, cited=PERSON_THERE),
        ),
        (
            ("trigger.effect", "loss.binding", "loss.training-binding"),
            ("captions.appearance-share", "description.effect", "loss.description"),
        ),
    ),
    "low-diversity-dataset": Hearing(
        (
            Speaker("obedience.background", -1),
            Speaker("obedience.outfit", -1),
            Speaker("loss.gap", 1),
            Speaker("loss.training-gain", 1),
            Speaker("loss.heldout-gain", -1),
            Speaker("loss.face-share", -1),
            Speaker("leak.nearest", 1),
            Speaker("bleed.class", -1),
            Speaker("dataset.effective-images", -1, "log2"),
            Speaker("dataset.effective-backgrounds", -1, "log2"),
            Speaker("dataset.effective-outfits", -1, "log2"),
        ),
        (("obedience.background", "obedience.outfit", "loss.gap", "loss.training-gain"),),
    ),
    "wrong-step-count:under": Hearing(
        (
            Speaker("identity.trigger", -1),
            Speaker("consistency.trigger", -1),
            Speaker("loss.gap", -1),
            Speaker("loss.training-gain", -1),
            Speaker("loss.description", -1),
            Speaker("strength.more", 1),
            Speaker("file.delta-norm", -1, "log2"),
            Speaker("setting.exposure-ratio", -1, "log2"),
            Speaker("setting.rank", 1, "log2"),
        ),
        (("identity.trigger", "consistency.trigger", "trigger.effect"), ("loss.gap", "loss.training-gain", "strength.more")),
    ),
    "wrong-step-count:over": Hearing(
        (
            Speaker("loss.gap", 1),
            Speaker("loss.training-gain", 1),
            Speaker("loss.heldout-gain", -1),
            Speaker("variety.within-prompt", -1, "log2"),
            Speaker("strength.less", 1),
            Speaker("strength.more", -1),
            Speaker("file.delta-norm", 1, "log2"),
            Speaker("bleed.class", 0),
            Speaker("dataset.effective-images", 1, "log2"),
            Speaker("setting.regularisation-images", 1, "log2(1+x)"),
            Speaker("setting.exposure-ratio", 1, "log2"),
        ),
        (("loss.gap", "loss.training-gain", "strength.less"), ("identity.trigger", "bleed.class", "variety.within-prompt")),
    ),
    "wrong-rank:low": Hearing(
        (
            Speaker("identity.trigger", -1),
            Speaker("trigger.effect", -1),
            Speaker("consistency.trigger", -1),
            Speaker("loss.gap", -1),
            Speaker("loss.training-gain", -1),
            Speaker("file.delta-norm", -1, "log2"),
            Speaker("setting.rank", -1, "log2"),
        ),
        (("setting.rank",), ("identity.trigger", "consistency.trigger", "trigger.effect")),
    ),
    "wrong-rank:high": Hearing(
        (
            Speaker("bleed.class", 1),
            Speaker("loss.gap", 1),
            Speaker("loss.heldout-gain", -1),
            Speaker("rank.truncated-bleed", -1),
            Speaker("rank.truncated-identity", 1),
            Speaker("file.delta-norm", 1, "log2"),
            Speaker("setting.rank", 1, "log2"),
        ),
        (("setting.rank",), ("bleed.class", "loss.gap", "rank.truncated-bleed")),
    ),
    "missing-regularisation": Hearing(
        (
            Speaker("bleed.class", 1),
            Speaker("bleed.same-sex", 1),
            Speaker("bleed.other-sex", 1),
            Speaker("trigger.effect", -1),
            Speaker("loss.heldout-gain", -1),
            Speaker("setting.regularisation-images", -1, "log2(1+x)"),
        ),
        (("bleed.class", "bleed.same-sex"),),
    ),
}
"""target -> who speaks on it"""
