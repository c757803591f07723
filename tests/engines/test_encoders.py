"""What stands before the models: photos as pixels, and weights that are not there as one sentence."""

import errno
import shutil
from types import SimpleNamespace

import numpy as np
import pytest
from huggingface_hub.errors import GatedRepoError, LocalEntryNotFoundError
from PIL import Image
from safetensors.torch import load_file, save_file

from fluxdiag.engines.encoders import load_encoders, load_pixels, weights_from
from fluxdiag.errors import WeightsMissing
from fluxdiag.profiles import load_profile

PROFILE = load_profile("flux1-dev")
BASE = "black-forest-labs/FLUX.1-dev"


def gated() -> GatedRepoError:
    return GatedRepoError("403 Client Error", response=SimpleNamespace(headers={}, request=None))


def by_library() -> OSError:
    """As diffusers and transformers pass it on: their own OSError, the hub's as its cause."""
    error = OSError("You are trying to access a gated repo.\nMake sure to have access to it.")
    error.__cause__ = gated()
    return error


REASONS = [
    (gated(), True, "403 Client Error"),
    (by_library(), True, "You are trying to access a gated repo."),
    (LocalEntryNotFoundError("no connection and nothing in the cache"), False, "no connection"),
    (OSError("no file named model_index.json\nsecond line"), False, "no file named model_index.json"),
    (ValueError("no such folder"), False, "no such folder"),
    (OSError(), False, "OSError"),  # some libraries say nothing at all
]


@pytest.mark.parametrize(("error", "login", "reason"), REASONS)
def test_weights_that_are_missing_are_one_sentence_with_licence_size_and_what_to_do(error, login, reason):
    with pytest.raises(WeightsMissing) as caught, weights_from(BASE, "transformer", PROFILE):
        raise error
    said = str(caught.value)
    assert said.startswith(f"{BASE}: the transformer cannot be loaded ({reason}")
    assert "\n" not in said
    assert PROFILE.licence_url in said
    assert "about 34 GB" in said
    assert ("hf auth login" in said) is login


FULL = OSError(errno.ENOSPC, "No space left on device", "/home/me/.cache/huggingface/blobs/ab.incomplete")


def passed_on(error: Exception) -> OSError:
    """As transformers pass it on, and diffusers above them."""
    between, above = OSError("Can't load the model"), OSError("Error no file found")
    between.__context__, above.__cause__ = error, between
    return above


@pytest.mark.parametrize("error", [FULL, passed_on(FULL), PermissionError(errno.EACCES, "Permission denied", "/cache")])
def test_a_full_disk_is_no_missing_weights(error):
    with pytest.raises(OSError, match=r"No space left|Permission denied") as told, weights_from(BASE, "transformer", PROFILE):
        raise error
    assert told.value.filename


def test_an_error_of_the_net_has_a_number_too_and_is_missing_weights():
    error = passed_on(ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"))
    with pytest.raises(WeightsMissing, match="Error no file found"), weights_from(BASE, "transformer", PROFILE):
        raise error


def test_a_bug_is_not_taken_for_missing_weights():
    with pytest.raises(ZeroDivisionError), weights_from(BASE, "transformer", PROFILE):
        raise ZeroDivisionError


def test_a_folder_that_is_no_pipeline_is_named(tmp_path):
    with pytest.raises(WeightsMissing, match=f"{tmp_path}: the text encoders and autoencoder cannot be loaded"):
        load_encoders(str(tmp_path), "float32", PROFILE)


@pytest.mark.parametrize("encoder", ["text_encoder", "text_encoder_2"])
def test_a_text_encoder_that_would_be_filled_with_noise_is_refused(encoder, laboratory, tmp_path):
    base = tmp_path / "base"
    shutil.copytree(laboratory / "weights" / "base", base, ignore=shutil.ignore_patterns("transformer"))
    file = base / encoder / "model.safetensors"
    tensors = load_file(file)
    del tensors[next(name for name in sorted(tensors) if "layer_norm" in name)]
    save_file(tensors, file, {"format": "pt"})
    with pytest.raises(WeightsMissing, match=rf"1 layers of the {encoder} are not in its files, the first is .*layer_norm"):
        load_encoders(str(base), "float32")


def test_a_photo_is_turned_as_the_camera_says(tmp_path):
    pixels = np.zeros((32, 32, 3), np.uint8)
    pixels[:8] = 255  # a bar at the top of what the sensor saw
    exif = Image.Exif()
    exif[0x0112] = 6  # "rotate by 90 degrees clockwise to view"
    Image.fromarray(pixels).save(tmp_path / "photo.png", exif=exif)
    seen = load_pixels(tmp_path / "photo.png", (32, 32), 16)
    assert (seen[:, -8:] == 255).all()
    assert not seen[:, :24].any()


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK"])
def test_every_kind_of_image_becomes_rgb(tmp_path, mode):
    name = tmp_path / ("photo.tif" if mode == "CMYK" else "photo.png")
    Image.new("RGB", (48, 48), (200, 100, 50)).convert(mode).save(name)
    assert load_pixels(name, (32, 32), 16).shape == (32, 32, 3)


def test_what_does_not_fit_is_cropped_evenly_from_both_ends(tmp_path):
    pixels = np.zeros((40, 32, 3), np.uint8)
    pixels[:4], pixels[-4:] = (255, 0, 0), (0, 255, 0)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    seen = load_pixels(tmp_path / "photo.png", (32, 32), 32)
    assert seen.shape == (32, 32, 3)
    assert not seen.any()
