"""LoHa, LoKr, full differences and their DoRA through the writer: the change read back is the one worked out in float64."""

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from fluxdiag.lora import read_lora
from fluxdiag.lora.edits import scaled
from fluxdiag.lora.write import write_lora
from spellings import DIALECTS, H

FORMS = [name for name in DIALECTS if any(word in name for word in ("LoHa", "LoKr", "full differences"))]
ALREADY = [name for name in FORMS if name.startswith("kohya")]


def written(folder, dialect, target, edit=lambda lora: lora):
    """The file, what it is rewritten to, and what the file means."""
    spelt = DIALECTS[dialect]()
    source = folder / "source.safetensors"
    save_file(spelt.tensors, source)
    lora = edit(read_lora(source))
    out = folder / "out.safetensors"
    return spelt, write_lora(lora, out, target), read_lora(out)


def far(found, expected):
    return np.linalg.norm(found - expected) / np.linalg.norm(expected)


def agrees(lora, changes, factor=1.0):
    assert lora.ignored == {}
    assert lora.modules.keys() == {f"transformer.{path}" for path in changes}
    for path, change in changes.items():
        module = lora.modules[f"transformer.{path}"]
        assert far(module.form.dense().astype(np.float64), factor * change.weight) < 1e-6, path
        if change.bias is not None:
            assert far(module.bias, factor * change.bias) < 1e-6, path
        if change.magnitude is not None:
            assert np.array_equal(module.magnitude.values, change.magnitude.ravel().astype(np.float32)), path


@pytest.mark.parametrize("target", ["diffusers", "kohya"])
@pytest.mark.parametrize("dialect", FORMS)
def test_the_change_is_that_of_the_file(tmp_path, dialect, target):
    spelt, _, again = written(tmp_path, dialect, target)
    agrees(again, spelt.changes)
    assert again.dialect in (target, "lycoris")


@pytest.mark.parametrize("dialect", FORMS)
def test_kohya_has_the_same_tensors_bit_by_bit_under_other_names(tmp_path, dialect):
    spelt, _, _ = written(tmp_path, dialect, "kohya")
    found = sorted((array.shape, array.tobytes()) for array in load_file(tmp_path / "out.safetensors").values())
    assert found == sorted((array.shape, array.tobytes()) for array in spelt.tensors.values())


@pytest.mark.parametrize("dialect", ALREADY)
def test_a_file_of_kohya_is_copied(tmp_path, dialect):
    spelt, _, _ = written(tmp_path, dialect, "kohya")
    assert load_file(tmp_path / "out.safetensors").keys() == spelt.tensors.keys()


@pytest.mark.parametrize("target", ["diffusers", "kohya"])
@pytest.mark.parametrize("dialect", FORMS)
def test_a_strength_is_written_in_every_form(tmp_path, dialect, target):
    spelt, _, again = written(tmp_path, dialect, target, lambda lora: scaled(lora, 0.37))
    agrees(again, spelt.changes, 0.37)


@pytest.mark.parametrize("dialect", ["ai-toolkit, LoKr", "LyCORIS, LoHa"])
def test_parts_trained_apart_keep_diffusers_names_and_that_is_said(tmp_path, dialect):
    _, made, again = written(tmp_path, dialect, "kohya")
    assert again.dialect == "lycoris"
    assert any("sd-scripts does not load" in note for note in made.notes)


def test_half_types_are_written_in_float32_where_a_product_needs_it(tmp_path):
    """A product of two float16 numbers has 22 bits: nothing of the change is lost."""
    rng = np.random.default_rng(0)
    layer = "lora_unet_double_blocks_0_img_mlp_0"
    shapes = {"hada_w1_a": (4 * H, 2), "hada_w1_b": (2, H), "hada_w2_a": (4 * H, 3), "hada_w2_b": (3, H)}
    tensors = {f"{layer}.{name}": rng.standard_normal(shape).astype(np.float16) for name, shape in shapes.items()}
    save_file(tensors, tmp_path / "s.safetensors")
    write_lora(read_lora(tmp_path / "s.safetensors"), tmp_path / "o.safetensors", "diffusers")
    found = load_file(tmp_path / "o.safetensors")
    assert {array.dtype for array in found.values()} == {np.dtype(np.float32)}
    a, b, c, d = (array.astype(np.float64) for array in tensors.values())
    up, down = (found[key].astype(np.float64) for key in sorted(found, reverse=True))
    assert np.allclose(up @ down, (a @ b) * (c @ d), rtol=1e-14, atol=1e-14)
