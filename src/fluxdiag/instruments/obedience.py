"""Is the prompt still obeyed? Share of pictures that CLIP finds as asked, trigger with the LoRA on minus the same with it off.

CLIP picks the nearest of the labels that the suite names. What a prompt asks for is read from the prompts as drawn, so that
the run folder alone decides. Where CLIP recognises too few of the base's own pictures it is blind, and the reading is a gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from fluxdiag.instruments.readings import reading
from fluxdiag.instruments.statistics import share_difference_interval
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument

ASPECTS = ("background", "light", "framing", "outfit")
PAIRS = (("trigger", "base"), ("contrast", "contrast-base"))
BLIND = 0.5
"""share of the base's pictures that must be recognised: below it a LoRA that disobeys could hardly be seen"""
PARTS = {f"obedience.{aspect}": PAIRS[1] for aspect in ASPECTS}


@instrument(gives=tuple(f"obedience.{aspect}" for aspect in ASPECTS), arms=("trigger", "base"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    for aspect in ASPECTS:
        yield _obedience(tables, aspect)


def _obedience(tables: Tables, aspect: str) -> Measurement | Gap:
    key = f"obedience.{aspect}"
    if aspect not in tables.labels or not tables.clip:
        return Gap(key=key, reason=tables.gather.gaps.get("clip", f"no CLIP labels for {aspect} were gathered"))
    on = pd.concat([_hits(tables, arm, aspect) for arm, _ in PAIRS])
    off = pd.concat([_hits(tables, arm, aspect) for _, arm in PAIRS])
    if len(off) and off.mean() < BLIND:
        return Gap(key=key, reason=f"CLIP recognises the asked {aspect} in only {off.mean():.0%} of the base's own pictures")
    lost = (on - off).dropna().groupby(level="prompt_id").mean()
    return reading(key, lost, "share", f"prompts ask for a {aspect}", share_difference_interval)


def _hits(tables: Tables, arm: str, aspect: str) -> pd.Series:
    """(prompt, seed) -> 1.0 where the nearest label is the asked one; shots that ask for none are left out."""
    texts, embeddings = tables.labels[aspect]
    shots = tables.arm(arm, "person")
    asked = shots["prompt"].map(lambda prompt: asked_label(prompt, texts))
    shots, asked = shots[asked.notna()], asked.dropna()
    nearest = [str(texts[int(np.argmax(embeddings @ tables.clip[shot]))]) for shot in shots["id"]]
    hits = (asked.to_numpy(dtype=str) == np.array(nearest, dtype=str)).astype(float)
    return pd.Series(hits, index=pd.MultiIndex.from_frame(shots[["prompt_id", "seed"]]))


def asked_label(prompt: str, labels: np.ndarray) -> str | None:
    """The label that a prompt names, the longest where several do (`white lab coat` before `coat`)."""
    named = [str(label) for label in labels if re.search(rf"\b{re.escape(str(label))}\b", prompt)]
    return max(named, key=len, default=None)
