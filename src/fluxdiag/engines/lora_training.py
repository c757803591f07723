"""The training loop: flow matching on cached examples, only the LoRA's matrices learn.

Everything random (which photo, which noise, which time) follows from the seed and the number of the step, so a run
that was killed goes on from its last checkpoint to the very file that it would have written undisturbed.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from diffusers import FluxTransformer2DModel
from diffusers.training_utils import cast_training_params
from peft import LoraConfig
from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor

from fluxdiag.engines.adapter import load_transformer
from fluxdiag.engines.encoders import best_device
from fluxdiag.engines.training_cache import Example
from fluxdiag.engines.velocity import predict_velocity
from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.runs import write_bytes
from fluxdiag.trainers.setup import LAYERS, TrainingSetup

ADAPTER = "default"
# Streams of random numbers; a new use takes a new number, so that old runs keep theirs.
ORDER, ORDER_REGULARISATION, DRAWS = 0, 1, 2


@dataclass(frozen=True)
class TrainingProgress:
    """Where the run stands after a step. `loss` is a running mean over about 50 steps; `eta_seconds` to the end."""

    step: int
    steps: int
    loss: float
    eta_seconds: float


Progress = Callable[[TrainingProgress], None]
State = dict[str, Tensor]
Checkpoint = Callable[[int, State], None]


class LoraTraining:
    """A transformer with a LoRA that learns; `run` takes it from the last saved state to the end."""

    def __init__(self, setup: TrainingSetup, examples: Sequence[Example], state_file: Path, digest: str) -> None:
        self.setup, self.state_file, self.digest = setup, state_file, digest
        self.device = best_device()
        self.subject = [example for example in examples if not example.regularisation]
        self.others = [example for example in examples if example.regularisation]
        self.transformer = _transformer(setup).to(self.device)
        self.parameters = {name: p for name, p in self.transformer.named_parameters() if p.requires_grad}
        self.optimizer = torch.optim.AdamW(
            list(self.parameters.values()), lr=setup.learning_rate, weight_decay=setup.weight_decay, fused=True
        )
        self.step = self._resume()

    def run(self, checkpoint: Checkpoint, progress: Progress | None = None) -> State:
        """The finished LoRA, keyed as diffusers keys it; `checkpoint` gets each unfinished one worth keeping."""
        began, first, mean = time.monotonic(), self.step, float("nan")
        while self.step < self.setup.steps:
            loss = self._advance()
            mean = loss if math.isnan(mean) else 0.98 * mean + 0.02 * loss
            if progress is not None:
                pace = (time.monotonic() - began) / (self.step - first)
                progress(TrainingProgress(self.step, self.setup.steps, mean, pace * (self.setup.steps - self.step)))
            every = self.setup.checkpoint_every
            if every and self.step % every == 0 and self.step < self.setup.steps:
                self._save_state()
                checkpoint(self.step, self.lora())
        return self.lora()

    def lora(self) -> State:
        """`transformer.<path>.lora_A.weight` (rank, in) and `.lora_B.weight` (out, rank), and `.alpha` where it matters.

        Without an alpha every program takes the scale to be 1, which is then right.
        """
        dtype = getattr(torch, self.setup.file_precision)
        tensors = {
            f"transformer.{name.replace(f'.{ADAPTER}.', '.')}": p.detach().to("cpu", dtype).contiguous().clone()
            for name, p in self.parameters.items()
        }
        if self.setup.alpha is not None and self.setup.alpha != self.setup.rank:
            downs = [name for name in tensors if name.endswith(".lora_A.weight")]
            tensors |= {name.replace(".lora_A.weight", ".alpha"): torch.tensor(float(self.setup.alpha)) for name in downs}
        return tensors

    def _advance(self) -> float:
        """One optimiser step; returns its loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate_at(self.step, self.setup)
        total = 0.0
        for batch, share in self._batches():
            loss = self._loss(*batch) * share
            torch.autograd.backward(loss)
            total += loss.item()
        if not math.isfinite(total):
            raise FluxdiagError(f"the loss is {total} at step {self.step}", do="Lower the learning rate")
        torch.nn.utils.clip_grad_norm_(self.parameters.values(), self.setup.max_grad_norm)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        return total

    def _batches(self) -> Iterator[tuple[tuple[list[Example], Tensor, list[Tensor]], float]]:
        """This step's examples with their times and noise, in batches of one image shape, and each batch's share."""
        rng = np.random.default_rng([self.setup.seed, DRAWS, self.step])
        shown = [self._example(slot) for slot in self._slots()]
        sigmas = torch.tensor([draw_sigma(rng, self.setup, example.latent.shape[0]) for example in shown])
        noises = [torch.from_numpy(rng.standard_normal(tuple(e.latent.shape), dtype=np.float32)) for e in shown]
        for batch in _same_shape(shown, self.setup.batch_size):
            yield ([shown[i] for i in batch], sigmas[batch], [noises[i] for i in batch]), len(batch) / len(shown)

    def _slots(self) -> range:
        count = self.setup.images_per_step
        return range(self.step * count, (self.step + 1) * count)

    def _example(self, slot: int) -> Example:
        regularisation, index = shown_at(slot, len(self.subject), len(self.others), self.setup.seed)
        return (self.others if regularisation else self.subject)[index]

    def _loss(self, examples: list[Example], sigmas: Tensor, noises: list[Tensor]) -> Tensor:
        """Mean squared velocity error in float32; other people weighted as the setup says."""
        latent = torch.stack([example.latent for example in examples]).to(self.device)  # (batch, tokens, channels)
        noise = torch.stack(noises).to(self.device)
        sigma = sigmas.to(self.device)
        noisy = (1 - sigma[:, None, None]) * latent + sigma[:, None, None] * noise
        with self._autocast():
            velocity = self._predict(noisy, sigma, examples)
        errors = (velocity.float() - (noise - latent)).square().mean(dim=(1, 2))  # (batch,)
        weights = [self.setup.regularisation_weight if example.regularisation else 1.0 for example in examples]
        return (errors * torch.tensor(weights, device=self.device)).mean()

    def _predict(self, noisy: Tensor, sigma: Tensor, examples: list[Example]) -> Tensor:
        dtype = getattr(torch, self.setup.precision)
        prompt = torch.stack([example.prompt for example in examples]).to(self.device, dtype)  # (batch, text, channels)
        pooled = torch.stack([example.pooled for example in examples]).to(self.device, dtype)
        return predict_velocity(self.transformer, noisy.to(dtype), sigma, prompt, pooled, self.setup.guidance, examples[0].grid)

    def _autocast(self) -> AbstractContextManager[object]:
        """The LoRA learns in float32 whatever the base's precision; autocast joins the two."""
        if self.setup.precision == "float32":
            return nullcontext()
        return torch.autocast(self.device.type, dtype=torch.bfloat16)

    def _save_state(self) -> None:
        """Weights and moments in one file, so that a kill can never part them."""
        tensors = {}
        for name, parameter in self.parameters.items():
            state = self.optimizer.state[parameter]
            tensors[f"weight:{name}"] = parameter.detach().cpu().contiguous()
            tensors[f"mean:{name}"] = state["exp_avg"].cpu().contiguous()
            tensors[f"square:{name}"] = state["exp_avg_sq"].cpu().contiguous()
        write_bytes(self.state_file, save(tensors, {"step": str(self.step), "digest": self.digest}))

    def _resume(self) -> int:
        """The step to go on from: 0, or that of the saved state, which is then in place. Raises RunMismatch."""
        if not self.state_file.exists():
            return 0
        with safe_open(self.state_file, "pt", device=str(self.device)) as file:
            said = file.metadata() or {}
            if said.get("digest") != self.digest:
                raise RunMismatch(
                    "the saved training state belongs to other settings or other photos",
                    where=str(self.state_file),
                    do="Remove it to start anew, or choose another output",
                )
            step = int(said["step"])
            for name, parameter in self.parameters.items():
                parameter.data.copy_(file.get_tensor(f"weight:{name}"))
                self.optimizer.state[parameter] = {
                    "step": torch.tensor(float(step), device=self.device),
                    "exp_avg": file.get_tensor(f"mean:{name}"),
                    "exp_avg_sq": file.get_tensor(f"square:{name}"),
                }
        return step


def _transformer(setup: TrainingSetup) -> FluxTransformer2DModel:
    """The base's transformer, frozen, with a fresh LoRA in float32 on the layers that the setup names."""
    transformer = load_transformer(setup.base, setup.precision)
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
    return transformer.train()


def target_modules(transformer: torch.nn.Module, setup: TrainingSetup) -> list[str]:
    """Full paths of the linear layers to adapt: of a layer kind that the setup names, in a block that it allows."""
    layer = re.compile(rf"(single_)?transformer_blocks\.\d+\.({LAYERS[setup.layers]})")
    linear = [name for name, module in transformer.named_modules() if isinstance(module, torch.nn.Linear)]
    chosen = [name for name in linear if layer.fullmatch(name) and re.search(setup.blocks, f"transformer.{name}")]
    if not chosen:
        raise FluxdiagError(f"no layer of the base matches the blocks {setup.blocks!r}", where=setup.base, do="Widen the pattern")
    return chosen


def learning_rate_at(step: int, setup: TrainingSetup) -> float:
    """Linear warm-up, then half a cosine down to nought (or constant)."""
    if step < setup.warmup_steps:
        return setup.learning_rate * (step + 1) / setup.warmup_steps
    if setup.scheduler == "constant":
        return setup.learning_rate
    done = (step - setup.warmup_steps) / max(1, setup.steps - setup.warmup_steps)
    return setup.learning_rate * 0.5 * (1 + math.cos(math.pi * done))


def draw_sigma(rng: np.random.Generator, setup: TrainingSetup, tokens: int) -> float:
    """A time in (0, 1), 1 being pure noise."""
    if setup.timesteps == "uniform":
        return float(rng.uniform(0.001, 0.999))
    sigma = 1 / (1 + math.exp(-setup.sigmoid_scale * rng.standard_normal()))
    if setup.timesteps == "sigmoid":
        return sigma
    # FLUX's own shift: mu runs from 0.5 at 256 image tokens to 1.15 at 4096 (diffusers calculate_shift).
    shift = math.exp(0.5 + (1.15 - 0.5) * (tokens - 256) / (4096 - 256))
    return shift * sigma / (1 + (shift - 1) * sigma)


def shown_at(slot: int, subject: int, others: int, seed: int) -> tuple[bool, int]:
    """(of other people?, which one) for the image number `slot` of the run; every second is of other people if there are any."""
    if not others:
        return False, in_turn(slot, subject, seed, ORDER)
    turn, regularisation = divmod(slot, 2)
    if regularisation:
        return True, in_turn(turn, others, seed, ORDER_REGULARISATION)
    return False, in_turn(turn, subject, seed, ORDER)


def in_turn(turn: int, count: int, seed: int, stream: int) -> int:
    """Which of `count` comes at this turn: every one once in each round, every round in another order."""
    return _order(turn // count, count, seed, stream)[turn % count]


@lru_cache(maxsize=8)
def _order(round_: int, count: int, seed: int, stream: int) -> tuple[int, ...]:
    return tuple(int(i) for i in np.random.default_rng([seed, stream, round_]).permutation(count))


def _same_shape(examples: Sequence[Example], at_most: int) -> Iterator[list[int]]:
    """Indices in batches of at most so many whose images have the same shape."""
    by_grid: dict[tuple[int, int], list[int]] = {}
    for index, example in enumerate(examples):
        by_grid.setdefault(example.grid, []).append(index)
    for indices in by_grid.values():
        for start in range(0, len(indices), at_most):
            yield indices[start : start + at_most]
