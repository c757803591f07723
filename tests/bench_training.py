"""Is the built-in trainer nothing but forward, backward and step? Its loop against a bare one, on the laboratory's base.

    python tests/bench_training.py [FILE]   prints the times of both and their ratio (1.10 is the most that is allowed)
                                            FILE gets the same as JSON

Both loops take the same steps on the same two models, a few by one, then a few by the other: what else the machine does then
hits both alike. The bare loop's batches are drawn and put together beforehand.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import torch

from fluxdiag.engines.lora_training import LoraTraining
from fluxdiag.engines.training_cache import Encoded, encode
from fluxdiag.engines.velocity import predict_velocity
from fluxdiag.trainers.builtin import training_photos
from fluxdiag.trainers.setup import TrainingSetup, setup_for

LABORATORY = Path(__file__).parents[1] / "src" / "fluxlab"
ROUNDS, STEPS = 12, 3
MOST = 1.10


def setup() -> TrainingSetup:
    """As the laboratory trains, with other people pulled to their photos: one forward pass a step."""
    example = LABORATORY / "examples" / "healthy"
    suggested = setup_for(str(LABORATORY / "weights" / "base"), str(example / "dataset"), "none.safetensors", 20)
    changes = {"regularisation": str(example / "regularisation"), "regularisation_target": "photos"}
    return suggested.model_copy(update=changes | {"batch_size": 4, "class_word": "woman", "steps": 10_000, "warmup_steps": 100})


def trainer(setup: TrainingSetup, encoded: Encoded) -> LoraTraining:
    return LoraTraining(setup, encoded, Path(tempfile.gettempdir()) / "no-such-state.safetensors", "")


def bare(setup: TrainingSetup, encoded: Encoded) -> Callable[[], None]:
    """A step of the plainest loop there is; every batch already lies on the device."""
    held = trainer(setup, encoded)
    drawn = []
    for held.step in range(ROUNDS * STEPS + 1):
        (batch,) = held._batches()
        latent = torch.stack([example.latent for example in batch.examples]).to(held.device)
        sigma = batch.sigma[:, None, None]
        prompt = torch.stack([example.prompt for example in batch.examples]).to(held.device, held.dtype)
        pooled = torch.stack([example.pooled for example in batch.examples]).to(held.device, held.dtype)
        noisy = ((1 - sigma) * latent + sigma * batch.noise).to(held.dtype)
        drawn.append((noisy, batch.sigma, prompt, pooled, batch.noise - latent, batch.examples[0].grid))
    turn = iter(drawn)

    def step() -> None:
        noisy, sigma, prompt, pooled, target, grid = next(turn)
        velocity = predict_velocity(held.transformer, noisy, sigma, prompt, pooled, setup.guidance, grid)
        torch.autograd.backward((velocity.float() - target).square().mean())
        held.optimizer.step()
        held.optimizer.zero_grad(set_to_none=True)

    return step


def seconds(step: Callable[[], object]) -> float:
    """Of this process for one step, so that other programs do not count."""
    began = time.process_time()
    for _ in range(STEPS):
        step()
    return (time.process_time() - began) / STEPS


def figures() -> dict[str, float]:
    """Milliseconds a step, medians over the rounds, and the median of the rounds' ratios."""
    torch.set_num_threads(1)
    told = setup()
    encoded = encode(training_photos(told), told)
    ours, plain = trainer(told, encoded).advance, bare(told, encoded)
    ours(), plain()
    pairs = [(seconds(ours), seconds(plain)) for _ in range(ROUNDS)]
    return {
        "trainer_ms": 1000 * median(first for first, _ in pairs),
        "bare_loop_ms": 1000 * median(second for _, second in pairs),
        "ratio": median(first / second for first, second in pairs),
    }


def main() -> int:
    found = figures()
    print(f"trainer    {found['trainer_ms']:8.1f} ms a step (processor time, {ROUNDS} x {STEPS} steps)")
    print(f"bare loop  {found['bare_loop_ms']:8.1f} ms a step")
    print(f"ratio      {found['ratio']:8.3f} (at most {MOST:.2f})")
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(found, indent=2) + "\n")
    return 0 if found["ratio"] <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
