"""How much do pictures change that have nothing to do with the person? CLIP distance, LoRA on against off."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.readings import reading
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument

UNRELATED = ("animal", "object", "scene")
PARTS = {"drift.unrelated": tuple(f"{arm}:{kind}" for arm in ("others", "others-base") for kind in UNRELATED)}


@instrument(gives=("drift.unrelated",), arms=("others", "others-base"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    if not tables.clip:
        raise CannotMeasure(tables.gather.gaps.get("clip", "no CLIP embeddings were gathered"))
    on, off = (tables.arm(arm, *UNRELATED).set_index(["prompt_id", "seed"])["id"] for arm in ("others", "others-base"))
    pairs = pd.concat({"on": on, "off": off}, axis=1).dropna()
    distances = [max(0.0, 1.0 - float(tables.clip[a] @ tables.clip[b])) for a, b in zip(pairs["on"], pairs["off"], strict=True)]
    by_prompt = pd.Series(distances, index=pairs.index, dtype=float).groupby(level="prompt_id").mean()
    yield reading("drift.unrelated", by_prompt, "cosine distance", "unrelated prompts were drawn with the LoRA on and off")
