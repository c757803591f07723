"""The file's layers of CLIP and T5, installed into tiny models of transformers' own."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from diffusers.hooks.group_offloading import ModuleGroup

from fluxdiag.engines import placing
from fluxdiag.engines.adapter import install_text_encoder
from fluxdiag.engines.deltas import Delta
from fluxdiag.engines.placing import place_text_encoder
from fluxdiag.lora import Lora, LoraModule
from fluxdiag.lora.forms import LowRank

WIDTH = 8
CLIP = "text_encoder.text_model.encoder.layers.0.self_attn.q_proj"
T5 = "text_encoder_2.encoder.block.0.layer.0.SelfAttention.o"


@pytest.fixture
def pipeline():
    return tiny_encoders()


def tiny_encoders() -> SimpleNamespace:
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


def placed(encoder: torch.nn.Module, monkeypatch) -> None:
    """As on a small card, whose part the processor plays."""
    real = placing.apply_group_offloading
    monkeypatch.setattr(placing, "fits", lambda _: False)
    monkeypatch.setattr(
        placing, "apply_group_offloading", lambda model, **given: real(model, **given | {"onload_device": torch.device("cpu")})
    )
    place_text_encoder(encoder, SimpleNamespace(type="cuda"))


@torch.no_grad()
@pytest.mark.parametrize("path", [CLIP, T5])
def test_what_is_added_is_added_while_its_layer_is_on_the_card(pipeline, monkeypatch, path):
    """With leaves that visit one by one the layer had gone before its change was added: a mismatch of devices on small cards."""
    whole = tiny_encoders()
    encoder, same = (getattr(each, path.partition(".")[0]) for each in (pipeline, whole))
    ids = torch.ones(1, 4, dtype=torch.long)
    placed(encoder, monkeypatch)
    before = encoder(input_ids=ids).last_hidden_state
    for each in (pipeline, whole):
        assert install_text_encoder(each, lora(path), 1.0) is None
    placed(encoder, monkeypatch)  # for the second reading, with the LoRA on
    visiting, seen = [], []
    onload, offload, added = ModuleGroup.onload_, ModuleGroup.offload_, Delta.forward
    monkeypatch.setattr(ModuleGroup, "onload_", lambda group: visiting.append(group) or onload(group))
    monkeypatch.setattr(ModuleGroup, "offload_", lambda group: visiting.remove(group) or offload(group))

    def watched(delta, *given):
        seen.append(any(delta in set(module.modules()) for group in visiting for module in group.modules))
        return added(delta, *given)

    monkeypatch.setattr(Delta, "forward", watched)
    after = encoder(input_ids=ids).last_hidden_state
    assert seen == [True]
    monkeypatch.setattr(Delta, "forward", added)
    assert torch.equal(after, same(input_ids=ids).last_hidden_state)
    assert not torch.equal(after, before)


@pytest.mark.parametrize(("where", "visits"), [("cuda", False), ("cpu", True)])
def test_an_encoder_that_is_on_the_card_stays_though_it_leaves_no_room(monkeypatch, where, visits):
    visitors = []
    monkeypatch.setattr(placing, "fits", lambda _: False)
    monkeypatch.setattr(placing, "_visiting", lambda encoder, _: visitors.append(encoder))
    encoder = torch.nn.Linear(2, 2)
    monkeypatch.setattr(encoder, "parameters", lambda: iter([SimpleNamespace(device=SimpleNamespace(type=where))]))
    place_text_encoder(encoder, SimpleNamespace(type="cuda"))
    assert visitors == [encoder] * visits


def test_what_has_no_place_is_named(pipeline):
    said = install_text_encoder(pipeline, lora("text_encoder_2.encoder.block.9.layer.0.SelfAttention.q"), 1.0)
    assert said.startswith("1 adapted layers of the text encoders are not applied: text_encoder_2.encoder.block.9")
    assert "no such linear layer" in said
    assert "shape (4, 4)" in install_text_encoder(pipeline, lora(T5, width=4), 1.0)
