"""Listings of real files' keys and shapes: what fluxdiag makes of each, beside what diffusers does.

`python tests/listings.py FOLDER` prints the table of docs/dialects.md. FOLDER holds `*/NAME.json` ({NAME: {key: shape}})
and `diffusers_load_matrix.json`, what `FluxPipeline.load_lora_weights` did with the same keys.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fluxdiag.errors import FluxdiagError
from fluxdiag.lora import Lora, read_lora


def sparse_file(path: Path, keys: Mapping[str, Sequence[int]]) -> Path:
    """A file of these tensors at full size, all zero, in bfloat16. Its zeros take no room on the disk."""
    header, end = {}, 0
    for name, shape in keys.items():
        begin, end = end, end + 2 * math.prod(shape)
        header[name] = {"dtype": "BF16", "shape": list(shape), "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + end)
    return path


def ours(keys: Mapping[str, Sequence[int]]) -> str:
    """What read_lora says, in a few words."""
    with tempfile.TemporaryDirectory() as folder:
        path = sparse_file(Path(folder) / "lora.safetensors", keys)
        try:
            return _summary(read_lora(path))
        except FluxdiagError as error:
            return f"refused: {error.what}"


def _summary(lora: Lora) -> str:
    forms = sorted({type(module.form).__name__ for module in lora.all_modules()})
    dora = ", DoRA" if any(module.magnitude is not None for module in lora.all_modules()) else ""
    encoders = f" + {len(lora.text_encoder)} of text encoders" if lora.text_encoder else ""
    ignored = f", {len(lora.ignored)} ignored" if lora.ignored else ""
    return f"{lora.dialect}: {len(lora.modules)} layers{encoders} ({', '.join(forms)}{dora}){ignored}"


def theirs(found: Mapping[str, Any] | None) -> str:
    """What diffusers' loader did, in a few words."""
    if found is None:
        return "not tried"
    error = found.get("load_error") or found.get("lora_state_dict_error")
    if error:
        return f"error: {error.split(chr(10))[0][:90]}"
    layers, encoders = found["transformer_lora_modules"], found["text_encoder_lora_modules"]
    said = f"{layers} layers" + (f" + {encoders} of CLIP" if encoders else "")
    if not layers:
        return "0 layers, no error"
    dropped = found["n_keys"] - found["converted_keys"] if any("DoRA" in line for line in found["log"]) else 0
    lost = sum(count for prefix, count in found["converted_prefixes"].items() if prefix not in ("transformer", "text_encoder"))
    return f"{said}{', magnitudes dropped' * bool(dropped)}{f', {lost} tensors dropped' * bool(lost)}"


def table(folder: Path) -> list[str]:
    matrix = json.loads((folder / "diffusers_load_matrix.json").read_text())
    tried = matrix["real_listings"] | matrix["synthetic_variants"]
    rows = ["| listing | tensors | fluxdiag | diffusers |", "|---|---|---|---|"]
    for file in sorted(folder.glob("*/*.json")):
        ((name, keys),) = json.loads(file.read_text()).items()
        rows.append(f"| {name} | {len(keys)} | {ours(keys)} | {theirs(tried.get(name))} |")
    return rows


if __name__ == "__main__":
    print("\n".join(table(Path(sys.argv[1]))))
