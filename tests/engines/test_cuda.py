"""What only a card can show: the same pictures and lessons as on the processor, blocks that visit it, a base in fewer bits.

FLUXDIAG_TEST_CARD=1 python -m pytest tests/engines/test_cuda.py
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from fluxdiag.engines import placing
from fluxdiag.engines.adapter import Adapter, install_text_encoder, load_transformer
from fluxdiag.engines.encoders import encode_texts, free_text_encoders, load_encoders
from fluxdiag.engines.lora_training import LoraTraining
from fluxdiag.engines.optimizers import optimizer_lacks
from fluxdiag.engines.placing import place
from fluxdiag.engines.sampling import Sampler
from fluxdiag.engines.training_base import quantised_lacks
from fluxdiag.engines.training_cache import Encoded
from fluxdiag.engines.variants import Changing
from fluxdiag.engines.velocity import predict_velocity
from fluxdiag.lora import Lora, LoraModule, read_lora
from fluxdiag.lora.forms import LowRank
from fluxdiag.profiles import load_profile
from fluxdiag.trainers.setup import TrainingSetup, setup_for
from fluxdiag.variants import Variant

if TYPE_CHECKING:
    from diffusers import FluxTransformer2DModel

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA card and FLUXDIAG_TEST_CARD=1")
CARD, CPU = torch.device("cuda"), torch.device("cpu")
SEEDS = [3, 4]


def far(found: torch.Tensor, expected: torch.Tensor) -> float:
    return float((found.float().cpu() - expected.float().cpu()).norm() / expected.float().norm())


def drawn(examples: Path, device: torch.device, strength: float | None) -> torch.Tensor:
    """Latents of two seeds of the laboratory's base on `device`, the example's LoRA on at `strength` or off."""
    base = examples.parent / "weights" / "base"
    profile = load_profile(str(base))
    pipeline = load_encoders(str(base), profile.precision)
    prompt, pooled, _ = pipeline.encode_prompt("a photo of a woman", None, max_sequence_length=profile.max_sequence_length)
    free_text_encoders(pipeline)
    transformer = load_transformer(str(base), profile.precision).requires_grad_(False).eval()
    switch = Adapter(transformer, read_lora(next((examples / "healthy").glob("*.safetensors"))))
    place(transformer, device)
    if strength is None:
        switch.off()
    else:
        assert switch.check(strength).outcome == "loaded"
    text = prompt[0].cpu(), pooled[0].cpu()
    return Sampler(pipeline, transformer, profile, device).draw([text] * len(SEEDS), SEEDS)


def test_another_rank_visits_with_its_blocks(examples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was installed after the blocks had been placed has to come along as well."""
    base = str(examples.parent / "weights" / "base")
    profile, lora = load_profile(base), read_lora(next((examples / "healthy").glob("*.safetensors")))
    seen = []
    for roomy in (0.85, 0.0):
        monkeypatch.setattr(placing, "ROOMY", roomy)
        transformer = load_transformer(base, profile.precision).requires_grad_(False).eval()
        changing = Changing(transformer, lora, profile)
        place(transformer, CARD)
        outputs = [velocity(transformer, changing, rank) for rank in (None, 2, None)]
        assert torch.equal(outputs[0], outputs[2])
        assert far(outputs[1], outputs[0]) > 1e-3
        seen.append(outputs)
    assert all(torch.equal(visiting, whole) for visiting, whole in zip(*seen, strict=True))


@torch.inference_mode()
def velocity(transformer: FluxTransformer2DModel, changing: Changing, rank: int | None) -> torch.Tensor:
    changing.on(Variant(rank=rank), 1.0)
    random = torch.Generator().manual_seed(5)
    noisy, prompt, pooled = (torch.randn(shape, generator=random).to(CARD) for shape in ((2, 16, 64), (2, 48, 96), (2, 96)))
    return predict_velocity(transformer, noisy, torch.tensor([0.3, 0.7], device=CARD), prompt, pooled, 2.5, (4, 4))


@pytest.mark.parametrize("strength", [None, 1.0])
def test_a_card_draws_what_the_processor_draws(examples: Path, strength: float | None) -> None:
    assert far(drawn(examples, CARD, strength), drawn(examples, CPU, strength)) < 1e-3


def test_blocks_that_visit_the_card_draw_the_same_to_the_bit(examples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On and off: the LoRA's own tensors have to visit with their blocks."""
    whole = [drawn(examples, CARD, strength) for strength in (None, 1.0)]
    monkeypatch.setattr(placing, "ROOMY", 0.0)
    visiting = [drawn(examples, CARD, strength) for strength in (None, 1.0)]
    assert all(torch.equal(found, expected) for found, expected in zip(visiting, whole, strict=True))
    assert far(whole[1], whole[0]) > 0.05


def test_text_encoders_that_visit_the_card_read_the_same(examples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """T5-XXL on a card of 8 GB."""
    pipeline = load_encoders(str(examples.parent / "weights" / "base"), "float32")
    whole = encode_texts(pipeline, ["a woman at sea"], 48, CARD)["a woman at sea"]
    pipeline = load_encoders(str(examples.parent / "weights" / "base"), "float32")
    monkeypatch.setattr(placing, "ROOMY", 0.0)
    visiting = encode_texts(pipeline, ["a woman at sea"], 48, CARD)["a woman at sea"]
    assert all(torch.equal(found, expected) for found, expected in zip(visiting, whole, strict=True))


def test_a_lora_of_text_encoders_that_visit_the_card_visits_with_them(
    examples: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Read without it first, as a run does: what was installed after the placing has to be where its layer works."""

    def read(roomy: float) -> tuple[torch.Tensor, torch.Tensor]:
        monkeypatch.setattr(placing, "ROOMY", roomy)
        pipeline = load_encoders(str(examples.parent / "weights" / "base"), "float32")
        off = encode_texts(pipeline, ["a woman at sea"], 48, CARD)["a woman at sea"][0]
        path, layer = next((n, m) for n, m in pipeline.text_encoder_2.named_modules() if n.endswith("SelfAttention.q"))
        rng = np.random.default_rng(0)
        down, up = (rng.normal(size=size).astype(np.float32) for size in ((2, layer.in_features), (layer.out_features, 2)))
        module = LoraModule(f"text_encoder_2.{path}", LowRank(down, up), 2, None)
        file = Lora(tmp_path, "0" * 64, "kohya", None, {}, {module.path: module}, {}, ())
        assert install_text_encoder(pipeline, file, 1.0) is None
        return off, encode_texts(pipeline, ["a woman at sea"], 48, CARD)["a woman at sea"][0]

    (off, on), (off_visiting, on_visiting) = read(placing.ROOMY), read(0.0)
    assert torch.equal(off, off_visiting)
    assert torch.equal(on, on_visiting)
    assert not torch.equal(on, off)


def told(base: Path, **changes: object) -> TrainingSetup:
    some = {"steps": 6, "batch_size": 4, "rank": 4, "learning_rate": 1e-2, "warmup_steps": 2, "regularisation_target": "base"}
    return setup_for(str(base), "dataset", "x.safetensors", 3, **(some | changes))


KINDS = [
    {},
    {"precision": "bfloat16", "gradient_checkpointing": True},
    {"optimizer": "adamw8bit"},
    {"optimizer": "prodigy", "learning_rate": 1.0},
    {"quantised": "8bit", "precision": "bfloat16", "gradient_checkpointing": True},
    {"quantised": "4bit", "precision": "bfloat16", "gradient_checkpointing": True},
]


@pytest.mark.parametrize("changes", KINDS, ids=str)
def test_a_training_that_was_killed_ends_where_an_undisturbed_one_does(
    tiny_base: Path, encoded: Encoded, tmp_path: Path, changes: dict[str, object]
) -> None:
    setup = told(tiny_base, checkpoint_every=3, **changes)
    if why := optimizer_lacks(setup) or quantised_lacks(setup):
        pytest.skip(why)
    state = tmp_path / "state.safetensors"
    losses: list[float] = []
    undisturbed = LoraTraining(setup, encoded, tmp_path / "none", "d")
    whole = undisturbed.run(lambda step, tensors: None, lambda at: losses.append(at.loss))

    def killed(step: int, tensors: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        LoraTraining(setup, encoded, state, "d").run(killed)
    resumed = LoraTraining(setup, encoded, state, "d").run(lambda step, tensors: None)
    assert len(losses) == setup.steps
    ups = [name for name in whole if name.endswith(".lora_B.weight")]
    assert all(whole[name].abs().max() > 0 for name in ups), "a layer that learnt nothing"
    assert max(far(resumed[name], whole[name]) for name in ups) < 0.02  # a card adds up in no fixed order


@pytest.mark.parametrize(("kept", "most"), [("8bit", 0.05), ("4bit", 0.3)])
def test_a_base_in_fewer_bits_has_nearly_the_loss_of_the_whole(
    tiny_base: Path, encoded: Encoded, tmp_path: Path, kept: str, most: float
) -> None:
    setups = [told(tiny_base, precision="bfloat16", quantised=bits) for bits in ("no", kept)]
    if why := quantised_lacks(setups[1]):
        pytest.skip(why)
    whole, fewer = (LoraTraining(setup, encoded, tmp_path / "none", "d").advance() for setup in setups)
    assert fewer != whole
    assert abs(fewer - whole) / whole < most
