"""CLIP by open_clip: one embedding a picture, one a label. A folder is loaded as it is, a name from open_clip's cache."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import open_clip
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from fluxdiag.engines.encoders import best_device
from fluxdiag.errors import WeightsMissing

TEMPLATES = ("{}", "a photo of {}", "a picture, {}")
"""a label's embedding is the mean over these (2103.00020, 3.1.4)"""
BATCH = 32


def fetch(model: str) -> None:
    """The weights onto this machine, unless they are here; nothing is loaded. Raises WeightsMissing."""
    name, _, tag = model.partition(":")
    if not Path(model).is_dir():
        with _missing(model):
            known = open_clip.get_pretrained_cfg(name, tag)
            if not known:
                raise ValueError("open_clip knows no such model")
            open_clip.download_pretrained(known)


@contextmanager
def _missing(model: str) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        do = "Give the same command again once this machine is online, or a folder as the profile's `clip_model`"
        raise WeightsMissing(f"CLIP cannot be loaded ({error})", where=model, do=do) from error


class ClipReader:
    """Raises WeightsMissing when the model is neither a folder nor known to open_clip nor to be had."""

    def __init__(self, model: str) -> None:
        folder = Path(model).is_dir()
        name, _, tag = (f"local-dir:{model}", "", "") if folder else model.partition(":")
        with _missing(model):
            self._model, _, self._prepare = open_clip.create_model_and_transforms(name, pretrained=tag or None)
            self._tokenizer = open_clip.get_tokenizer(name)
        self.name = Path(model).name if folder else model
        self.device = best_device()
        self._model.to(self.device).eval()

    def images(self, images: Iterable[Image.Image]) -> np.ndarray:
        """(n, dim) float32 of length 1."""
        return self.embedded([self.prepared(image) for image in images])

    def prepared(self, image: Image.Image) -> Tensor:
        """(3, side, side), as the model wants it."""
        pixels: Tensor = self._prepare(image)
        return pixels

    @torch.inference_mode()
    def embedded(self, prepared: Sequence[Tensor]) -> np.ndarray:
        """(n, dim) float32 of length 1."""
        parts = []
        for start in range(0, len(prepared), BATCH):
            pixels = torch.stack(list(prepared[start : start + BATCH])).to(self.device)
            parts.append(functional.normalize(self._model.encode_image(pixels), dim=-1).float().cpu().numpy())
        return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)

    @torch.inference_mode()
    def labels(self, labels: Sequence[str]) -> np.ndarray:
        """(k, dim) float32 of length 1."""
        rows = []
        for label in labels:
            tokens = self._tokenizer([template.format(label) for template in TEMPLATES]).to(self.device)
            seen = functional.normalize(self._model.encode_text(tokens), dim=-1).mean(dim=0)
            rows.append(functional.normalize(seen, dim=0).float().cpu().numpy())
        return np.stack(rows)
