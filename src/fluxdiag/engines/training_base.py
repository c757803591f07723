"""The frozen base with a LoRA in it that learns: whole or quantised, fresh or from a LoRA that is already there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from diffusers import FluxTransformer2DModel
from diffusers.training_utils import cast_training_params
from peft import LoraConfig
from torch import Tensor

from fluxdiag.bases import revision_of
from fluxdiag.engines.adapter import load_transformer
from fluxdiag.engines.encoders import best_device, weights_from
from fluxdiag.errors import FluxdiagError
from fluxdiag.lora import Lora, read_lora
from fluxdiag.trainers.setup import LAYERS, TrainingSetup

ADAPTER = "default"


def learning_transformer(setup: TrainingSetup) -> FluxTransformer2DModel:
    """The base's transformer on its device, frozen, with a LoRA in float32 on the layers that the setup names.

    Raises WeightsMissing, and FluxdiagError where nothing matches or this machine cannot hold such a base.
    """
    transformer = _base(setup)
    transformer.requires_grad_(False)
    config = LoraConfig(
        r=setup.rank, lora_alpha=setup.scale * setup.rank, target_modules=target_modules(transformer, setup), bias="none"
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(setup.seed)
        transformer.add_adapter(config, ADAPTER)
    cast_training_params(transformer, torch.float32)
    if setup.gradient_checkpointing:
        transformer.enable_gradient_checkpointing()
    if setup.quantised == "no":
        transformer.to(best_device())
    if setup.start_from is not None:
        start_from(Path(setup.start_from), learning_parameters(transformer), setup.scale)
    return transformer.train()


def learning_parameters(transformer: FluxTransformer2DModel) -> dict[str, torch.nn.Parameter]:
    return {name: parameter for name, parameter in transformer.named_parameters() if parameter.requires_grad}


def quantised_lacks(setup: TrainingSetup) -> str | None:
    """Why this machine cannot hold the base in so few bits, or None. Asked before anything is loaded."""
    if setup.quantised == "4bit":
        if not torch.cuda.is_available():
            return "a base of 4 bits needs a CUDA card"
        return None if find_spec("bitsandbytes") else "a base of 4 bits needs the library bitsandbytes, which is not installed"
    if setup.quantised == "8bit" and find_spec("torchao") is None:
        return "a base of 8 bits needs the library torchao, which is not installed"
    return None


def _base(setup: TrainingSetup) -> FluxTransformer2DModel:
    if setup.quantised == "no":
        return load_transformer(setup.base, setup.precision)
    missing = quantised_lacks(setup)
    if missing is not None:
        raise FluxdiagError(missing, where="quantised", do="Install it, or train with quantised = no")
    with weights_from(setup.base, "transformer"):
        return FluxTransformer2DModel.from_pretrained(
            setup.base,
            subfolder="transformer",
            revision=revision_of(setup.base) or "main",
            dtype=getattr(torch, setup.precision),
            device_map=best_device().type,
            quantization_config=_quantisation(setup),
        )


def _quantisation(setup: TrainingSetup) -> Any:
    """Weights only; they are widened to the training's precision at each use."""
    if setup.quantised == "4bit":
        from diffusers import BitsAndBytesConfig

        dtype = getattr(torch, setup.precision)
        return BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=dtype)
    from diffusers import TorchAoConfig
    from torchao.quantization import Int8WeightOnlyConfig

    return TorchAoConfig(Int8WeightOnlyConfig())


@contextmanager
def adapter_off(transformer: FluxTransformer2DModel) -> Iterator[None]:
    """The base alone, exactly; afterwards the LoRA is on again and learns."""
    transformer.disable_adapters()
    try:
        yield
    finally:
        transformer.enable_adapters()


def target_modules(transformer: torch.nn.Module, setup: TrainingSetup) -> list[str]:
    """Full paths of the linear layers to adapt: of a layer kind that the setup names, in a block that it allows."""
    layer = re.compile(rf"(single_)?transformer_blocks\.\d+\.({LAYERS[setup.layers]})")
    linear = [name for name, module in transformer.named_modules() if isinstance(module, torch.nn.Linear)]
    chosen = [name for name in linear if layer.fullmatch(name) and re.search(setup.blocks, f"transformer.{name}")]
    if not chosen:
        raise FluxdiagError(f"no layer of the base matches the blocks {setup.blocks!r}", where=setup.base, do="Widen the pattern")
    return chosen


@torch.no_grad()
def start_from(file: Path, parameters: dict[str, torch.nn.Parameter], scale: float) -> None:
    """Copies a LoRA of any dialect over the fresh one. Raises FluxdiagError unless layers and ranks are the same.

    Both matrices are stored, so a file of another alpha goes on from the same product: the up matrix takes the difference.
    """
    given = _matrices(read_lora(file), scale)
    wanted = {name.replace(f".{ADAPTER}.", "."): parameter for name, parameter in parameters.items()}
    other = [name for name in wanted if name not in given or given[name].shape != wanted[name].shape]
    if other or given.keys() != wanted.keys():
        first = next(iter(other or given.keys() - wanted.keys()))
        told = "the file has none" if first not in given else f"the file's is {tuple(given[first].shape)}"
        raise FluxdiagError(
            f"cannot be gone on from: {first} differs ({told})", where=str(file), do="Train with the same rank, layers and blocks"
        )
    for name, parameter in wanted.items():
        parameter.copy_(given[name])


def _matrices(lora: Lora, scale: float) -> dict[str, Tensor]:
    """`<path>.lora_A.weight` (rank, in) and `.lora_B.weight` (out, rank), the latter for a layer that multiplies by `scale`."""
    found = {}
    for path, module in lora.modules.items():
        if module.plain:
            name = path.removeprefix("transformer.")
            found[f"{name}.lora_A.weight"] = torch.from_numpy(module.down)
            found[f"{name}.lora_B.weight"] = torch.from_numpy(module.up / scale)
    return found
