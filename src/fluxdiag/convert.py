"""`fluxdiag convert`: the same LoRA in a dialect that the user's program loads, in a new file."""

from __future__ import annotations

from pathlib import Path

from fluxdiag.lora import read_lora
from fluxdiag.lora.carried import Target
from fluxdiag.lora.edits import truncated
from fluxdiag.lora.write import Written, write_lora


def convert(lora: Path, to: Target, out: Path | None = None, rank: int | None = None) -> Written:
    """Writes beside the file unless `out` is given. With `rank`, every layer is cut to it, LoHa and LoKr become plain LoRA.

    Raises FluxdiagError for a file that cannot be read or expressed, and where the new file exists already.
    """
    found = read_lora(lora)
    return write_lora(found if rank is None else truncated(found, rank), out or beside(lora, to), to)


def beside(lora: Path, to: Target) -> Path:
    """`mine.safetensors` -> `mine-kohya.safetensors`"""
    return lora.with_name(f"{lora.stem}-{to}.safetensors")
