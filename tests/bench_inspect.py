"""Inspecting a large file: a rank-64 LoRA on all 494 layers of FLUX.1 in bfloat16, random numbers; `bench.py` runs it.

The naive way forms each change and takes its full SVD; it is tried on one of the smallest layers of the same file.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

RANK = 64
D = 3072
LAYERS = 8
"""that our way is timed on: one alone is too quick"""

Shape = tuple[str, int, int]


def layers() -> Iterator[Shape]:
    """(path, out, in) of every linear layer in FLUX.1's blocks."""
    square = ("to_q", "to_k", "to_v", "to_out.0", "add_q_proj", "add_k_proj", "add_v_proj", "to_add_out")
    for block in range(19):
        path = f"transformer.transformer_blocks.{block}"
        yield from ((f"{path}.attn.{name}", D, D) for name in square)
        for name in ("ff", "ff_context"):
            yield f"{path}.{name}.net.0.proj", 4 * D, D
            yield f"{path}.{name}.net.2", D, 4 * D
        yield from ((f"{path}.{name}.linear", 6 * D, D) for name in ("norm1", "norm1_context"))
    for block in range(38):
        path = f"transformer.single_transformer_blocks.{block}"
        yield from ((f"{path}.attn.{name}", D, D) for name in ("to_q", "to_k", "to_v"))
        yield from ((f"{path}.proj_mlp", 4 * D, D), (f"{path}.proj_out", D, 5 * D), (f"{path}.norm.linear", 3 * D, D))


def write(path: Path) -> None:
    """687 MB, one matrix after the other."""
    import numpy as np

    shapes = [
        (f"{name}.{half}.weight", shape)
        for name, rows, columns in layers()
        for half, shape in (("lora_A", (RANK, columns)), ("lora_B", (rows, RANK)))
    ]
    header, at = {}, 0
    for name, shape in shapes:
        size = 2 * shape[0] * shape[1]
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    rng = np.random.default_rng(0)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for _, shape in shapes:
            numbers = rng.standard_normal(shape[0] * shape[1], dtype=np.float32) / 100
            file.write((numbers.view(np.uint32) >> 16).astype("<u2").tobytes())


def compare(path: Path) -> dict[str, float]:
    """Seconds of the processor for the spectrum of one layer of 3072 x 3072, both ways; reading it is part of ours."""
    import numpy as np

    from fluxdiag.lora import read_lora
    from fluxdiag.lora.spectrum import spectrum

    names = [name for name, *shape in layers() if shape == [D, D]][:LAYERS]
    lora = read_lora(path)
    modules = [lora.modules[name] for name in names]
    began = time.process_time()
    found = [spectrum(module) for module in modules]
    ours = (time.process_time() - began) / LAYERS
    began = time.process_time()
    exact = np.linalg.svd(modules[0].form.dense(), compute_uv=False)
    naive = time.process_time() - began
    assert np.allclose(found[0].values, exact[:RANK], rtol=1e-3), "both ways find the same"
    return {"ours": ours, "naive": naive, "ratio": naive / ours}


if __name__ == "__main__":
    target = Path(sys.argv[2])
    write(target) if sys.argv[1] == "write" else print(json.dumps(compare(target)))
