"""DoRA: the lengths of a weight are learnt apart from its directions (Liu et al. 2402.09353, equation 5).

W' = m (W + s D) / ||W + s D||, with a length for each output (row) or, as OneTrainer has it, for each input (column).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fluxdiag.lora.forms import CHUNK, Doubles, Form
from fluxdiag.lora.model import LoraModule, Magnitude

Weight = NDArray[np.floating[Any]]


def delta(module: LoraModule, base_weight: Weight, strength: float) -> Doubles:
    """W' - W, dense and in float64; without a magnitude s D."""
    form = module.form
    if module.magnitude is None:
        return strength * form.dense().astype(np.float64)
    gained = gain(form, module.magnitude, base_weight, strength)
    whole = np.concatenate([base + strength * change for base, change in _chunks(form, base_weight)])
    return whole * (1 + gained) - base_weight


def gain(form: Form, magnitude: Magnitude, base_weight: Weight, strength: float) -> Doubles:
    """m / ||W + s D|| - 1, as (out, 1) or (1, in)."""
    squares = ((base + strength * change) ** 2 for base, change in _chunks(form, base_weight))
    if magnitude.axis == "out":
        lengths = np.sqrt(np.concatenate([chunk.sum(axis=1) for chunk in squares]))[:, None]
    else:
        lengths = np.sqrt(np.sum(np.stack([chunk.sum(axis=0) for chunk in squares]), axis=0))[None]
    gained: Doubles = magnitude.values.astype(np.float64).reshape(lengths.shape) / lengths - 1
    return gained


def _chunks(form: Form, base_weight: Weight) -> Iterator[tuple[Doubles, Doubles]]:
    """Some rows of W and D at a time."""
    for start in range(0, len(base_weight), CHUNK):
        base = base_weight[start : start + CHUNK].astype(np.float64)
        yield base, form.rows(start, start + len(base)).dense().astype(np.float64)
