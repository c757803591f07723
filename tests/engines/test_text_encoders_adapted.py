"""The file's layers of CLIP and T5, installed into tiny models of transformers' own."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from fluxdiag.engines.adapter import install_text_encoder
from fluxdiag.lora import Lora, LoraModule
from fluxdiag.lora.forms import LowRank

WIDTH = 8
CLIP = "text_encoder.text_model.encoder.layers.0.self_attn.q_proj"
T5 = "text_encoder_2.encoder.block.0.layer.0.SelfAttention.o"


@pytest.fixture(scope="module")
def pipeline():
    from transformers import CLIPTextConfig, CLIPTextModel, T5Config, T5EncoderModel

    torch.manual_seed(0)
    clip = CLIPTextConfig(hidden_size=WIDTH, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2)
    t5 = T5Config(d_model=WIDTH, d_kv=4, d_ff=16, num_layers=1, num_heads=2, feed_forward_proj="gated-gelu")
    return SimpleNamespace(text_encoder=CLIPTextModel(clip).eval(), text_encoder_2=T5EncoderModel(t5).eval())


def lora(*paths: str, width: int = WIDTH) -> Lora:
    rng = np.random.default_rng(0)
    shapes = [(rng.normal(size=(2, width)), rng.normal(size=(width, 2))) for _ in paths]
    forms = [LowRank(down.astype(np.float32), up.astype(np.float32)) for down, up in shapes]
    modules = {path: LoraModule(path, form, 2, None) for path, form in zip(paths, forms, strict=True)}
    return Lora(Path("x"), "0" * 64, "kohya", None, {}, modules, {}, ())


@torch.no_grad()
def test_both_encoders_add_what_the_file_says(pipeline):
    layers = {
        CLIP: next(layer for name, layer in pipeline.text_encoder.named_modules() if name.endswith("self_attn.q_proj")),
        T5: pipeline.text_encoder_2.encoder.block[0].layer[0].SelfAttention.o,
    }
    x = torch.randn(3, WIDTH, generator=torch.Generator().manual_seed(1))
    before = {path: layer(x) for path, layer in layers.items()}
    file = lora(CLIP, T5)
    assert install_text_encoder(pipeline, file, 0.5) is None
    for path, layer in layers.items():
        change = torch.from_numpy(0.5 * file.text_encoder[path].form.dense())
        assert torch.allclose(layer(x) - before[path], x @ change.T, atol=1e-5)


def test_what_has_no_place_is_named(pipeline):
    said = install_text_encoder(pipeline, lora("text_encoder_2.encoder.block.9.layer.0.SelfAttention.q"), 1.0)
    assert said.startswith("1 adapted layers of the text encoders are not applied: text_encoder_2.encoder.block.9")
    assert "no such linear layer" in said
    assert "shape (4, 4)" in install_text_encoder(pipeline, lora(T5, width=4), 1.0)
