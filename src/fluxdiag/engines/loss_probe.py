"""Velocity errors on photos with the LoRA on and off: one forward pass each, no sampling.

The same noise and the same mid-path sigmas for every prompt and both switches, so that differences are paired
(2303.16203; sigmas: 2606.07271). Whole picture, face and surroundings apart, by image token.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from fluxdiag.engines.adapter import Adapter
from fluxdiag.engines.encoders import EncodedPhoto, Text
from fluxdiag.engines.velocity import predict_velocity
from fluxdiag.profiles import Profile
from fluxdiag.records import LossProbe

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class ProbedPhoto:
    """A photo, the prompts it is asked under by name, and where its face is in the pixels as encoded."""

    sha256: str
    split: str
    photo: EncodedPhoto
    prompts: Mapping[str, tuple[Text, Text]]
    """name -> as the text encoders see it with the LoRA off, and on"""
    face: Box | None


class LossReader:
    def __init__(self, adapter: Adapter, probe: LossProbe, profile: Profile, device: torch.device) -> None:
        self.adapter, self.probe, self.profile, self.device = adapter, probe, profile, device

    @torch.inference_mode()
    def read(self, probed: ProbedPhoto, strength: float) -> dict[str, np.ndarray]:
        """Columns of equal length, a row a forward pass: photo, split, prompt, sigma, noise, lora, loss, face, background."""
        rows = [row for lora in (False, True) for row in self._switched(probed, lora, strength)]
        names = ("photo", "split", "prompt", "sigma", "noise", "lora", "loss", "face", "background")
        return {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}

    def _switched(self, probed: ProbedPhoto, lora: bool, strength: float) -> Iterator[tuple[object, ...]]:
        if lora:
            self.adapter.on(strength)
        else:
            self.adapter.off()
        conditions = [(sigma, noise) for sigma in self.probe.sigmas for noise in range(self.probe.noises)]
        mask = face_tokens(probed.face, probed.photo)
        seen: dict[int, np.ndarray] = {}  # two names may stand for one text: a caption without appearance to remove
        for name, texts in probed.prompts.items():
            text = texts[lora]
            if id(text) not in seen:
                seen[id(text)] = self._errors(probed, text, conditions)  # (conditions, tokens)
            errors = seen[id(text)]
            for (sigma, noise), error in zip(conditions, errors, strict=True):
                face = float(error[mask].mean()) if mask.any() else np.nan
                rest = float(error[~mask].mean()) if mask.any() and not mask.all() else np.nan
                yield probed.sha256, probed.split, name, sigma, noise, lora, float(error.mean()), face, rest

    def _errors(self, probed: ProbedPhoto, text: Text, conditions: list[tuple[float, int]]) -> np.ndarray:
        """Squared velocity error by condition and token, in batches of the profile's size."""
        parts = []
        for start in range(0, len(conditions), self.profile.batch):
            batch = conditions[start : start + self.profile.batch]
            sigma = torch.tensor([s for s, _ in batch], device=self.device)
            noise = torch.stack([_noise(probed.sha256, number, probed.photo.latent) for _, number in batch]).to(self.device)
            parts.append(self._batch(probed, text, sigma, noise))
        return np.concatenate(parts)

    def _batch(self, probed: ProbedPhoto, text: Text, sigma: Tensor, noise: Tensor) -> np.ndarray:
        dtype = getattr(torch, self.profile.precision)
        clean = probed.photo.latent.to(self.device)[None].expand_as(noise)
        mix = sigma[:, None, None]
        prompt, pooled = (part.to(self.device, dtype)[None].expand(len(sigma), *part.shape) for part in text)
        noisy = ((1 - mix) * clean + mix * noise).to(dtype)
        velocity = predict_velocity(
            self.adapter.transformer, noisy, sigma, prompt, pooled, self.profile.loss_guidance, probed.photo.grid
        )
        errors: np.ndarray = (velocity.float() - (noise - clean)).square().mean(dim=2).cpu().numpy()
        return errors


def _noise(sha256: str, number: int, latent: Tensor) -> Tensor:
    """Noise of one photo and one draw, the same on every machine."""
    rng = np.random.default_rng([int(sha256[:12], 16), number])
    return torch.from_numpy(rng.standard_normal(tuple(latent.shape), dtype=np.float32))


def face_tokens(face: Box | None, photo: EncodedPhoto) -> np.ndarray:
    """(tokens,) bool: which image tokens have their centre in the face box."""
    rows, columns = photo.grid
    if face is None:
        return np.zeros(rows * columns, dtype=bool)
    height, width = photo.pixels.shape[:2]
    y = (np.arange(rows) + 0.5)[:, None] * height / rows
    x = (np.arange(columns) + 0.5)[None, :] * width / columns
    left, top, right, bottom = face
    inside: np.ndarray = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
    return inside.reshape(-1)
