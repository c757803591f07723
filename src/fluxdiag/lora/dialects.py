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


BARE = ("model.diffusion_model.", "diffusion_model.", "unet.", "")

DIALECTS = (
    Dialect("diffusers", ("transformer.",), names.diffusers),  # diffusers, ai-toolkit, SimpleTuner, fluxdiag
    Dialect("kohya", ("lora_unet_",), names.flat),  # sd-scripts, fluxgym, LyCORIS
    Dialect("peft", ("base_model.model.transformer.", "transformer.base_model.model.", "base_model.model."), names.dotted),
    Dialect("bfl", BARE, names.bfl),  # ComfyUI, OneTrainer
    Dialect("diffusers-bare", BARE, names.diffusers),  # DiffSynth, diffusers' save_lora_adapter
    Dialect("onetrainer", ("lora_transformer_",), names.flat_diffusers),
    Dialect("onetrainer-bfl", ("transformer.", *BARE), names.bfl_parts),
    Dialect("xlabs", BARE, names.xlabs),
    Dialect("lycoris", ("lycoris_",), names.flat),  # LyCORIS' own wrapper, SimpleTuner, old ai-toolkit
)


def dialect_of(layers: Iterable[str]) -> Dialect | None:
    """The dialect that knows most of the layers; None when none knows any."""
    layers = list(layers)
    known = {dialect: sum(dialect.layers(name) is not None for name in layers) for dialect in DIALECTS}
    best = max(DIALECTS, key=lambda dialect: known[dialect])
    return best if known[best] else None
