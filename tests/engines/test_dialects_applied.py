"""Every dialect, loaded through the Adapter: what each layer adds is what the file says, worked out apart in float64."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from fluxdiag.engines.adapter import Adapter, Installed
from fluxdiag.lora import read_lora
from spellings import DIALECTS, Written
from tiny import output


@torch.no_grad()
def matrix_and_bias(layer: torch.nn.Linear) -> tuple[np.ndarray, np.ndarray]:
    """What a linear layer does, found by asking it, in float64."""
    bias = layer(torch.zeros(1, layer.in_features, dtype=layer.weight.dtype))
    weight = layer(torch.eye(layer.in_features, dtype=layer.weight.dtype)) - bias
    return weight.double().numpy().T, bias.double().numpy()[0]


def far(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


def adapted(transformer, written: Written, folder: Path) -> tuple[Adapter, dict]:
    """The adapter, and every layer that the file adapts as it was before."""
    save_file(written.tensors, folder / "lora.safetensors")
    lora = read_lora(folder / "lora.safetensors")
    assert lora.ignored == {}
    assert lora.modules.keys() == {f"transformer.{path}" for path in written.changes}
    before = {path: matrix_and_bias(transformer.get_submodule(path)) for path in written.changes}
    return Adapter(transformer, lora), before


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_layer_adds_what_the_file_says(transformer, tmp_path, dialect):
    transformer.double()  # float32's own rounding of the base would hide the adapter's
    written = DIALECTS[dialect]()
    adapter, before = adapted(transformer, written, tmp_path)
    for strength in (1.0, 0.6):
        adapter.on(strength)
        for path, change in written.changes.items():
            weight, bias = matrix_and_bias(transformer.get_submodule(path))
            assert far(weight - before[path][0], change.of(before[path][0], strength)) < 1e-5, path
            if change.bias is not None:
                assert far(bias - before[path][1], strength * change.bias) < 1e-5, path
    installed = adapter.check(1.0)
    assert (installed.layers, installed.misfits) == (len(written.changes), ())
    assert installed.error < 1e-5


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_probe_agrees_in_float32_and_off_is_the_base(transformer, tmp_path, dialect):
    before = output(transformer)
    adapter, _ = adapted(transformer, DIALECTS[dialect](), tmp_path)
    assert torch.equal(output(transformer), before), "nothing is on yet"
    installed = adapter.check(0.8)
    assert (installed.misfits, installed.error < 1e-5) == ((), True)
    assert not torch.allclose(output(transformer), before, atol=1e-3)
    adapter.off()
    assert torch.equal(output(transformer), before)


@pytest.mark.parametrize("dialect", ["kohya", "kohya, LoHa", "OneTrainer, DoRA of the inputs", "kohya, LoKr, both factored"])
def test_in_bfloat16_only_its_rounding_is_left(transformer, tmp_path, dialect):
    transformer.to(torch.bfloat16)
    adapter, _ = adapted(transformer, DIALECTS[dialect](), tmp_path)
    installed = adapter.check(1.0)
    assert installed.misfits == ()
    assert 0 < installed.error < 0.02


@pytest.mark.parametrize("dialect", ["kohya, LoHa", "kohya, DoRA"])
def test_blocks_that_visit_the_device_bring_their_changes_along(transformer, tmp_path, dialect):
    """The processor stands for the card: the same hooks move every tensor of a block, those of the changes with it."""
    adapter, _ = adapted(transformer, DIALECTS[dialect](), tmp_path)
    adapter.on(0.7)
    expected = output(transformer)
    cpu = torch.device("cpu")
    transformer.enable_group_offload(onload_device=cpu, offload_device=cpu, offload_type="block_level", num_blocks_per_group=1)
    assert torch.equal(output(transformer), expected)
    installed = adapter.check(0.7)
    assert (installed.misfits, installed.error < 1e-5) == ((), True)
    assert torch.equal(output(transformer), expected)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_whatever_moves_the_blocks_moves_all_that_the_changes_reckon_with(transformer, tmp_path, dialect):
    """The meta device stands for a card: a tensor that stayed behind could not be reckoned with what moved."""
    adapter, _ = adapted(transformer, DIALECTS[dialect](), tmp_path)
    adapter.on(0.7)
    transformer.to("meta")
    adapter.on(0.5)  # the strength may change while the blocks are away
    for path in adapter.fitting:
        layer = transformer.get_submodule(path.removeprefix("transformer."))
        assert layer(torch.empty(2, layer.in_features, device="meta")).device.type == "meta", path


def test_a_layer_that_adds_something_else_is_named(transformer, tmp_path):
    adapter, _ = adapted(transformer, DIALECTS["kohya, DoRA"](), tmp_path)
    path = next(iter(adapter.fitting))
    adapter.fitting[path].lengths.magnitude *= 1.5
    installed: Installed = adapter.check(1.0)
    assert [misfit.split(":")[0] for misfit in installed.misfits] == [path]
    assert installed.error > 0.1
