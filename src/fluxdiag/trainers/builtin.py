"""The built-in trainer: a LoRA on any diffusers FLUX.1 folder, from a folder of photos, resumable at any checkpoint.

NAME.safetensors            the LoRA, written last, with the header that kohya's trainer would write
NAME-000500.safetensors     checkpoints          NAME.state.safetensors   to resume from; removed at the end
NAME-samples/               pictures on the way
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fluxdiag.dataset.layout import caption_of, folder_caption, images
from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.runs import sha256_file, write_bytes
from fluxdiag.trainers.header import DIGEST_KEY, header
from fluxdiag.trainers.setup import TrainingSetup

if TYPE_CHECKING:
    from fluxdiag.engines.lora_training import Progress, State
    from fluxdiag.engines.training_cache import TrainingPhoto


def train(setup: TrainingSetup, progress: Progress | None = None) -> Path:
    """Trains as the setup says and returns the finished file; goes on from a saved state, does nothing when all is done.

    Raises FluxdiagError for an empty dataset, an output that is already something else and a machine that cannot do it,
    RunMismatch for a saved state of other settings or photos, WeightsMissing for an incomplete base.
    """
    photos = training_photos(setup)
    output = _output(setup)
    digest = setup.digest(_inputs(setup, photos))
    if _finished(output, digest):
        return output
    missing = machine_lacks(setup)
    if missing is not None:
        raise FluxdiagError(missing, where="the built-in trainer", do="Install it, or choose another optimizer or precision")
    state = output.with_suffix(".state.safetensors")

    from fluxdiag.engines.lora_training import LoraTraining
    from fluxdiag.engines.training_cache import encode

    training = LoraTraining(setup, encode(photos, setup), state, digest)

    def write(step: int, tensors: State, path: Path) -> None:
        _save(path, tensors, header(setup, photos, step, path.stem, digest))

    def checkpoint(step: int, tensors: State) -> None:
        write(step, tensors, output.with_stem(f"{output.stem}-{step:06d}"))

    write(setup.steps, training.run(checkpoint, progress), output)
    state.unlink(missing_ok=True)
    return output


def machine_lacks(setup: TrainingSetup) -> str | None:
    """Why this machine cannot train so, or None; seconds, and nothing of the base is loaded."""
    from fluxdiag.engines.optimizers import optimizer_lacks
    from fluxdiag.engines.training_base import quantised_lacks

    return optimizer_lacks(setup) or quantised_lacks(setup)


def _inputs(setup: TrainingSetup, photos: Sequence[TrainingPhoto]) -> str:
    """Digests and captions of all that is learnt from."""
    shown = "".join(f"{p.sha256}{p.caption}{p.regularisation}" for p in photos)
    if setup.start_from is None:
        return shown
    begun = Path(setup.start_from)
    if not begun.is_file():
        raise FluxdiagError("there is no such LoRA to go on from", where=str(begun), do="Give a .safetensors file")
    return f"{shown}from {sha256_file(begun)}"


def training_photos(setup: TrainingSetup) -> tuple[TrainingPhoto, ...]:
    """The photos of the subject, then the regularisation images, each with the words it is trained on."""
    subject = _photos(Path(setup.dataset), setup.trigger or "", regularisation=False)
    if setup.regularisation is None:
        return subject
    return subject + _photos(Path(setup.regularisation), f"a {setup.class_word}", regularisation=True)


def _photos(folder: Path, fallback: str, regularisation: bool) -> tuple[TrainingPhoto, ...]:
    from fluxdiag.engines.training_cache import TrainingPhoto

    files = images(folder)
    if not files:
        raise FluxdiagError("there are no images in this folder", where=str(folder), do="Give a folder of .png or .jpg photos")
    return tuple(
        TrainingPhoto(file, sha256_file(file), caption_of(file) or folder_caption(file.parent) or fallback, regularisation)
        for file in files
    )


def _output(setup: TrainingSetup) -> Path:
    output = Path(setup.output)
    if output.suffix != ".safetensors":
        raise FluxdiagError("a LoRA is written as .safetensors", where=str(output), do="Give a name that ends so")
    return output


def _finished(output: Path, digest: str) -> bool:
    """Whether this very training has already been completed. Raises RunMismatch when something else lies there."""
    if not output.exists():
        return False
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(output, "np") as file:
            said = (file.metadata() or {}).get(DIGEST_KEY)
    except SafetensorError:
        said = None
    if said != digest:
        raise RunMismatch("there is another file already", where=str(output), do="Choose another output; nothing is overwritten")
    return True


def _save(path: Path, tensors: State, metadata: dict[str, str]) -> None:
    from safetensors.torch import save

    try:
        write_bytes(path, with_sorted_header(save(tensors, metadata)))
    except OSError as error:
        raise FluxdiagError(f"cannot be written ({error})", where=str(path), do="Choose another output folder") from error


def with_sorted_header(content: bytes) -> bytes:
    """The same safetensors file with its metadata in order: the library shuffles it, and like runs should give like bytes."""
    size = int.from_bytes(content[:8], "little")
    parsed = json.loads(content[8 : 8 + size])
    parsed["__metadata__"] = dict(sorted(parsed["__metadata__"].items()))
    text = json.dumps(parsed, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # tensors begin at a multiple of 8 bytes
    return len(text).to_bytes(8, "little") + text + content[8 + size :]
