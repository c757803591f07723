"""Do faces appear where nobody was asked for? Counted only where the base paints none."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from fluxdiag.instruments.readings import reading
from fluxdiag.instruments.statistics import wilson_interval
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument

KINDS = ("animal", "object", "scene")
PARTS = {f"bleed.{kind}": (f"others:{kind}", f"others-base:{kind}") for kind in KINDS}


@instrument(gives=tuple(f"bleed.{kind}" for kind in KINDS), arms=("others", "others-base"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    for kind in KINDS:
        on, off = _seen(tables.arm("others", kind)), _seen(tables.arm("others-base", kind))
        clean = off[~off].index.intersection(on.index)
        shares = on[clean].astype(float).groupby(level="prompt_id").mean()
        of = f"{kind} prompts are free of faces with the LoRA off"
        yield reading(f"bleed.{kind}", shares, "share", of, wilson_interval)


def _seen(shots: pd.DataFrame) -> pd.Series:
    """(prompt, seed) -> was any face found? Small and profile faces count too: nobody was asked for."""
    return shots.set_index(["prompt_id", "seed"])["outcome"] != "no-face"
