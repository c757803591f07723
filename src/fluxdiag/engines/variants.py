"""Variants of a LoRA, or several LoRAs, one at a time in a transformer that is loaded once.

Strength and blocks are switched on what is installed; another rank or another file takes the place of what was there.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from diffusers import FluxPipeline, FluxTransformer2DModel

from fluxdiag.engines import deltas
from fluxdiag.engines.adapter import Adapter, Installed, install_text_encoder
from fluxdiag.engines.placing import placed_anew
from fluxdiag.lora import Lora
from fluxdiag.lora.edits import truncated
from fluxdiag.profiles import Profile
from fluxdiag.variants import Variant, group_of


class Changing:
    """One transformer and what is in it at the moment."""

    def __init__(self, transformer: FluxTransformer2DModel, lora: Lora, profile: Profile) -> None:
        self.transformer, self.lora, self.profile = transformer, lora, profile
        self.adapter = self._installed(lora)
        self.rank: int | None = None
        self._cut: dict[int, Lora] = {}

    def on(self, variant: Variant, strength: float) -> None:
        """Show the variant; `strength` is the case's."""
        self._at_rank(variant.rank)
        self.adapter.on(strength * variant.strength)
        for path, delta in self.adapter.fitting.items():
            delta.active = group_of(path, self.profile) not in variant.without

    def off(self) -> None:
        self.adapter.off()

    def check(self, variant: Variant, strength: float) -> Installed:
        """What was installed for the variant, compared with its edited file; the variant is on afterwards."""
        self._at_rank(variant.rank)
        installed = self.adapter.check(strength * variant.strength)
        self.on(variant, strength)
        return replace(installed, layers=sum(delta.active for delta in self.adapter.fitting.values()))

    def _at_rank(self, rank: int | None) -> None:
        if rank == self.rank:
            return
        if rank is not None and rank not in self._cut:
            self._cut[rank] = truncated(self.lora, rank)
        take_out(self.transformer)
        self.adapter = self._installed(self.lora if rank is None else self._cut[rank])
        self.rank = rank

    def _installed(self, lora: Lora) -> Adapter:
        adapter = Adapter(self.transformer, lora)
        placed_anew(self.transformer)
        return adapter


def take_out(model: torch.nn.Module) -> None:
    """Leaves the model as if no LoRA had ever been in it."""
    for layer in list(model.modules()):
        if hasattr(layer, deltas.NAME):
            delattr(layer, deltas.NAME)
            ours = [key for key, hook in layer._forward_hooks.items() if hook is deltas._add]
            for key in ours:
                del layer._forward_hooks[key]


def install_text_encoders(pipeline: FluxPipeline, lora: Lora, variant: Variant, strength: float) -> str | None:
    """The variant's layers of CLIP and T5, in place of those of any other; returns why some could not be, or None.

    Blocks are the transformer's: without some of them the text encoders are the whole LoRA's.
    """
    for encoder in (pipeline.text_encoder, pipeline.text_encoder_2):
        take_out(encoder)
    words = replace(lora, modules={})
    cut = words if variant.rank is None else truncated(words, variant.rank)
    return install_text_encoder(pipeline, cut, strength * variant.strength)
