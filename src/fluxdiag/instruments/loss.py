"""What the LoRA learnt, read from the training loss itself: no picture is drawn.

For a photo, the gain under a prompt is how much the LoRA lowers the velocity error, in percent of the base's, with the same
noise and sigmas for both (2303.16203; sigmas mid-path, 2606.07271). Differences of gains are then differences of
differences: the base's own reaction to a prompt cancels. Photos are the clusters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from fluxdiag.instruments.parts import loss_part
from fluxdiag.instruments.readings import FEWEST_CLUSTERS, as_measurement, reading
from fluxdiag.instruments.statistics import welch_interval
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument

PERCENT = "percent of base loss"
CONDITION = ["photo", "split", "prompt", "sigma", "noise"]


GIVES = ("binding", "training-binding", "heldout-gain", "training-gain", "gap", "face-share", "description")
PARTS = {
    "loss.binding": (loss_part("held-out", "trigger"), loss_part("held-out", "class")),
    "loss.heldout-gain": (loss_part("held-out", "trigger"),),
    "loss.gap": (loss_part("training", "trigger"), loss_part("held-out", "trigger")),
    "loss.training-gain": (loss_part("training", "trigger"),),
    "loss.training-binding": (loss_part("training", "trigger"), loss_part("training", "class")),
    "loss.face-share": (loss_part("training", "trigger"),),
    "loss.description": (loss_part("training", "caption"), loss_part("training", "caption-bare")),
}


@instrument(gives=tuple(f"loss.{name}" for name in GIVES), losses=True)
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    assert tables.losses is not None, "measure.py runs loss instruments only where losses were gathered"
    whole = gains(tables.losses, "loss")
    held_out, training = _of(whole, "held-out"), _of(whole, "training")
    photos = "held-out photos were probed"
    yield reading("loss.binding", held_out("trigger") - held_out("class"), PERCENT, f"{photos} with trigger and class word")
    yield reading("loss.heldout-gain", held_out("trigger"), PERCENT, f"{photos} with the trigger")
    yield _gap(training("trigger"), held_out("trigger"))
    # Without outside photos these two are all there is; learning by heart raises both.
    own = "training photos were probed"
    yield reading("loss.training-gain", training("trigger"), PERCENT, f"{own} with the trigger")
    yield reading("loss.training-binding", training("trigger") - training("class"), PERCENT, f"{own} with trigger and class word")
    face, rest = _of(gains(tables.losses, "face"), "training"), _of(gains(tables.losses, "background"), "training")
    yield reading(
        "loss.face-share", face("trigger") - rest("trigger"), PERCENT, "training photos with a face were probed with the trigger"
    )
    yield reading(
        "loss.description", training("caption") - training("caption-bare"), PERCENT, "training photos have captions to probe"
    )


def gains(losses: pd.DataFrame, region: str) -> pd.Series:
    """(split, prompt, photo) -> 100 * (off - on) / off, each summed over the sigmas and noises that both have."""
    table = losses.dropna(subset=[region]).pivot_table(index=CONDITION, columns="lora", values=region)
    table = table.reindex(columns=[False, True]).dropna()
    sums = table.groupby(level=["split", "prompt", "photo"]).sum()
    return 100 * (sums[False] - sums[True]) / sums[False]


def _of(table: pd.Series, split: str) -> Callable[[str], pd.Series]:
    """The gains of one split, by prompt: a series over photos, empty where nothing was probed."""

    def by_photo(prompt: str) -> pd.Series:
        wanted = (table.index.get_level_values("split") == split) & (table.index.get_level_values("prompt") == prompt)
        return table[wanted].droplevel(["split", "prompt"])

    return by_photo


def _gap(training: pd.Series, held_out: pd.Series) -> Measurement | Gap:
    """Training minus held-out photos: different pictures, so unpaired."""
    for name, photos in (("training", training), ("held-out", held_out)):
        if len(photos) < FEWEST_CLUSTERS:
            reason = f"only {len(photos)} {name} photos were probed with the trigger, at least {FEWEST_CLUSTERS} are needed"
            return Gap(key="loss.gap", reason=reason)
    return as_measurement("loss.gap", welch_interval(training.to_numpy(), held_out.to_numpy()), PERCENT)
