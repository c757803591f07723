"""The training loop: flow matching on cached examples, only the LoRA's matrices learn.

Everything random (which photo, which noise, which time) follows from the seed and the number of the step, so a run
that was killed goes on from its last checkpoint to the very file that it would have written undisturbed.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from fluxdiag.engines.encoders import best_device
from fluxdiag.engines.optimizers import make_optimizer, optimizer_state, restore_optimizer
from fluxdiag.engines.training_base import ADAPTER, adapter_off, learning_parameters, learning_transformer
from fluxdiag.engines.training_cache import Encoded, Example
from fluxdiag.engines.training_draws import DRAWS, draw_sigma, drops_caption, learning_rate_at, same_shape, shown_at
from fluxdiag.engines.velocity import predict_velocity
from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.runs import write_bytes
from fluxdiag.trainers.setup import TrainingSetup

WEIGHT = "weight:"
ATTENTION = [SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH]
"""all but cuDNN's, which torch prefers on Hopper cards: its gradients in bfloat16 are no numbers or an illegal memory access, on
some shapes and not every time (pytorch 139298 and 196678; seen on an H100 with torch 2.11 within three steps)"""


@dataclass(frozen=True)
class TrainingProgress:
    """Where the run stands after a step. `loss` is a running mean over about 50 steps; `eta_seconds` to the end."""

    step: int
    steps: int
    loss: float
    eta_seconds: float


@dataclass(frozen=True)
class Batch:
    """Examples of one image shape with their times and noise; `share` of the step's images."""

    examples: list[Example]
    sigma: Tensor  # (batch,)
    noise: Tensor  # (batch, tokens, channels)
    share: float


Progress = Callable[[TrainingProgress], None]
State = dict[str, Tensor]
Checkpoint = Callable[[int, State], None]


class LoraTraining:
    """A transformer with a LoRA that learns; `run` takes it from the last saved state to the end."""

    def __init__(self, setup: TrainingSetup, encoded: Encoded, state_file: Path, digest: str) -> None:
        self.setup, self.encoded, self.state_file, self.digest = setup, encoded, state_file, digest
        self.device = best_device()
        self.dtype = getattr(torch, setup.precision)
        self.subject = [example for example in encoded.examples if not example.regularisation]
        self.others = [example for example in encoded.examples if example.regularisation]
        self.grids = tuple(e.grid for e in self.subject), tuple(e.grid for e in self.others)
        self.transformer = learning_transformer(setup)
        self.parameters = learning_parameters(self.transformer)
        self.optimizer = make_optimizer(setup, list(self.parameters.values()))
        self.step = self._resume()

    def run(self, checkpoint: Checkpoint, progress: Progress | None = None) -> State:
        """The finished LoRA, keyed as diffusers keys it; `checkpoint` gets each unfinished one worth keeping."""
        began, first, mean = time.monotonic(), self.step, float("nan")
        while self.step < self.setup.steps:
            loss = self.advance()
            mean = loss if math.isnan(mean) else 0.98 * mean + 0.02 * loss
            if progress is not None:
                pace = (time.monotonic() - began) / (self.step - first)
                progress(TrainingProgress(self.step, self.setup.steps, mean, pace * (self.setup.steps - self.step)))
            if self._every(self.setup.sample_every) and self.encoded.samples is not None:
                self.encoded.samples.paint(self.transformer, self.step)
            if self._every(self.setup.checkpoint_every) and self.step < self.setup.steps:
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

    def advance(self) -> float:
        """One optimiser step; returns its loss. The device is waited for once, at the end."""
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate_at(self.step, self.setup)
        losses = []
        with sdpa_kernel(ATTENTION):
            for batch in self._batches():
                loss = self._loss(batch) * batch.share
                torch.autograd.backward(loss)
                losses.append(loss.detach())
        torch.nn.utils.clip_grad_norm_(self.parameters.values(), self.setup.max_grad_norm)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        total = float(torch.stack(losses).sum())
        if not math.isfinite(total):
            raise FluxdiagError(f"the loss is {total} at step {self.step}", where=self.setup.output, do="Lower the learning rate")
        self.step += 1
        return total

    def _every(self, steps: int) -> bool:
        return bool(steps) and self.step % steps == 0

    def _batches(self) -> Iterator[Batch]:
        """This step's images, drawn in the order of their slots whatever the shapes."""
        rng = np.random.default_rng([self.setup.seed, DRAWS, self.step])
        count = self.setup.images_per_step
        shown = [self._example(slot) for slot in range(self.step * count, (self.step + 1) * count)]
        sigmas = torch.tensor([draw_sigma(rng, self.setup, example.latent.shape[0]) for example in shown])
        noises = [torch.from_numpy(rng.standard_normal(tuple(e.latent.shape), dtype=np.float32)) for e in shown]
        for indices in same_shape([example.grid for example in shown], self.setup.batch_size):
            noise = torch.stack([noises[index] for index in indices]).to(self.device)
            examples = [shown[index] for index in indices]
            yield Batch(examples, sigmas[indices].to(self.device), noise, len(indices) / count)

    def _example(self, slot: int) -> Example:
        regularisation, index = shown_at(slot, *self.grids, self.setup.seed, self.setup.batch_size)
        example = (self.others if regularisation else self.subject)[index]
        return example.captioned(self.encoded.empty) if drops_caption(slot, self.setup) else example

    def _loss(self, batch: Batch) -> Tensor:
        """Mean squared velocity error in float32; other people weighted as the setup says."""
        latent = torch.stack([example.latent for example in batch.examples]).to(self.device)  # (batch, tokens, channels)
        sigma = batch.sigma[:, None, None]
        noisy = (1 - sigma) * latent + sigma * batch.noise
        target = self._target(batch.noise - latent, noisy, batch)
        with self._autocast():
            velocity = self._predict(noisy, batch.sigma, batch.examples)
        errors = (velocity.float() - target).square().mean(dim=(1, 2))  # (batch,)
        weights = [self.setup.regularisation_weight if example.regularisation else 1.0 for example in batch.examples]
        return (errors * torch.tensor(weights, device=self.device)).mean()

    def _target(self, velocity: Tensor, noisy: Tensor, batch: Batch) -> Tensor:
        """The photos' velocity; for other people, where the setup says so, what the base itself predicts at that place."""
        others = [index for index, example in enumerate(batch.examples) if example.regularisation]
        if self.setup.regularisation_target == "photos" or not others:
            return velocity
        with torch.no_grad(), adapter_off(self.transformer), self._autocast():
            predicted = self._predict(noisy[others], batch.sigma[others], [batch.examples[index] for index in others])
        return velocity.index_copy(0, torch.tensor(others, device=velocity.device), predicted.float())

    def _predict(self, noisy: Tensor, sigma: Tensor, examples: list[Example]) -> Tensor:
        prompt = torch.stack([example.prompt for example in examples]).to(self.device, self.dtype)  # (batch, text, channels)
        pooled = torch.stack([example.pooled for example in examples]).to(self.device, self.dtype)
        grid, guidance = examples[0].grid, self.setup.guidance
        return predict_velocity(self.transformer, noisy.to(self.dtype), sigma, prompt, pooled, guidance, grid)

    def _autocast(self) -> AbstractContextManager[object]:
        """The LoRA learns in float32 whatever the base's precision; autocast joins the two."""
        if self.setup.precision == "float32":
            return nullcontext()
        return torch.autocast(self.device.type, dtype=torch.bfloat16)

    def _save_state(self) -> None:
        """Weights and the optimizer's state in one file, so that a kill can never part them."""
        tensors, numbers = optimizer_state(self.optimizer, list(self.parameters))
        tensors |= {f"{WEIGHT}{name}": p.detach().cpu().contiguous() for name, p in self.parameters.items()}
        said = {"step": str(self.step), "digest": self.digest, "optimizer": numbers}
        write_bytes(self.state_file, save(tensors, said))

    def _resume(self) -> int:
        """The step to go on from: 0, or that of the saved state, which is then in place. Raises RunMismatch."""
        if not self.state_file.exists():
            return 0
        with safe_open(self.state_file, "pt") as file:
            said = file.metadata() or {}
            if said.get("digest") != self.digest or "optimizer" not in said:
                raise RunMismatch(
                    "the saved training state belongs to other settings, other photos or another version",
                    where=str(self.state_file),
                    do="Remove it to start anew, or choose another output",
                )
            with torch.no_grad():
                for name, parameter in self.parameters.items():
                    parameter.copy_(file.get_tensor(f"{WEIGHT}{name}"))
            parts = {key: file.get_tensor(key) for key in file.keys() if not key.startswith(WEIGHT)}  # noqa: SIM118
        restore_optimizer(self.optimizer, list(self.parameters), parts, said["optimizer"])
        return int(said["step"])
