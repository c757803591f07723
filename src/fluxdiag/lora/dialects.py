"""Prefix x names: how each program spells the layers of FLUX.1. A new dialect is a new line of the table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fluxdiag.lora import names
from fluxdiag.lora.names import Namespace


@dataclass(frozen=True)
class Dialect:
    """`prefixes` are tried in order; the first after which `names` knows the layer is the right one."""

    name: str
    prefixes: tuple[str, ...]
    names: Namespace

    def layers(self, name: str) -> tuple[str, ...] | None:
        """The diffusers layers that a layer of the file is, or None where this dialect does not know it."""
        for prefix in self.prefixes:
            found = self.names(name.removeprefix(prefix)) if name.startswith(prefix) else None
            if found is not None:
                return found
        return None


DIALECTS = (
    Dialect("diffusers", ("transformer.",), names.diffusers),  # diffusers, ai-toolkit, SimpleTuner, fluxdiag
    Dialect("kohya", ("lora_unet_",), names.flat_bfl),  # sd-scripts, fluxgym
    Dialect("peft", ("base_model.model.transformer.", "transformer.base_model.model.", "base_model.model."), names.dotted),
    Dialect("bfl", ("model.diffusion_model.", "diffusion_model.", ""), names.bfl),  # ComfyUI
    Dialect("diffusers-bare", ("model.diffusion_model.", "diffusion_model.", ""), names.diffusers),  # DiffSynth
    Dialect("onetrainer", ("lora_transformer_",), names.flat_diffusers),
)


def dialect_of(layers: Iterable[str]) -> Dialect | None:
    """The dialect that knows most of the layers; None when none knows any."""
    layers = list(layers)
    known = {dialect: sum(dialect.layers(name) is not None for name in layers) for dialect in DIALECTS}
    best = max(DIALECTS, key=lambda dialect: known[dialect])
    return best if known[best] else None
