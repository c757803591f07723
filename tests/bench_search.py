"""Ten checkpoints of one training, made without training: the healthy example at 0.1 to 1.0 of its strength.

    python tests/bench_search.py FOLDER     FOLDER gets dataset, references and the checkpoints, as a trainer would leave them

What `sweep` and `repair` cost hangs on how many files and edits they draw and how soon they stop, not on where these came from.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "src" / "fluxlab" / "examples" / "healthy"
CHECKPOINTS = 10


def write(folder: Path) -> None:
    """`NAME-000100.safetensors` to `NAME-001000.safetensors`: the half that leads back out is scaled, so the whole LoRA is."""
    from safetensors import safe_open
    from safetensors.numpy import load_file, save_file

    (lora,) = EXAMPLE.glob("*.safetensors")
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(lora.name))
    tensors = load_file(lora)
    with safe_open(lora, framework="numpy") as file:
        header = file.metadata()
    for number in range(1, CHECKPOINTS + 1):
        share = number / CHECKPOINTS
        scaled = {
            key: tensor * tensor.dtype.type(share) if "lora_up" in key or "lora_B" in key else tensor
            for key, tensor in tensors.items()
        }
        if all(scaled[key] is tensor for key, tensor in tensors.items()):
            sys.exit(f"{lora.name} holds no lora_up and no lora_B")
        save_file(scaled, folder / f"{lora.stem}-{100 * number:06}.safetensors", header)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
