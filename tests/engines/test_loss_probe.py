"""Where the face is among the image's tokens, and what one probe of a photo reads."""

import numpy as np
import pytest
import torch

from fluxdiag.engines.adapter import Adapter
from fluxdiag.engines.encoders import EncodedPhoto
from fluxdiag.engines.loss_probe import LossReader, ProbedPhoto, face_tokens
from fluxdiag.profiles import load_profile
from fluxdiag.records import LossProbe
from tiny import LAYERS, lora_of, new_transformer

PROFILE = load_profile("flux1-dev").model_copy(update={"precision": "float32", "batch": 3})
PROBE = LossProbe(sigmas=(0.3, 0.6), noises=2, photos=1)
CPU = torch.device("cpu")
SHA = "ab" * 32


def photo(rows: int, columns: int, height: int, width: int) -> EncodedPhoto:
    latent = torch.randn((rows * columns, 16), generator=torch.Generator().manual_seed(2))
    return EncodedPhoto(latent, (rows, columns), np.zeros((height, width, 3), np.uint8))


TOKENS = [
    # 2 x 3 tokens of 16 px: centres at 8, 24 (down) and 8, 24, 40 (across)
    ((0, 0, 48, 32), ["111", "111"]),
    ((0, 0, 16, 16), ["100", "000"]),
    ((16, 0, 48, 16), ["011", "000"]),
    ((20, 20, 28, 28), ["000", "010"]),
    ((9, 9, 23, 23), ["000", "000"]),  # between the centres
    ((8, 8, 24, 24), ["110", "110"]),  # on the centres
    ((-20, -20, 10, 10), ["100", "000"]),  # boxes may lie partly outside
    ((100, 100, 200, 200), ["000", "000"]),
    (None, ["000", "000"]),
]


@pytest.mark.parametrize(("face", "expected"), TOKENS)
def test_a_token_is_the_faces_when_its_centre_is(face, expected):
    seen = face_tokens(face, photo(2, 3, 32, 48)).reshape(2, 3)
    assert ["".join(str(int(inside)) for inside in row) for row in seen] == expected


def read(face=(0, 0, 16, 16), sha256: str = SHA, silent: bool = False) -> dict[str, np.ndarray]:
    """One photo under two texts, of which one stands under two names. `silent`: the transformer always says nought."""
    transformer = new_transformer()
    if silent:
        torch.nn.init.zeros_(transformer.proj_out.weight), torch.nn.init.zeros_(transformer.proj_out.bias)
    generator = torch.Generator().manual_seed(3)
    texts = {name: (torch.randn((4, 12), generator=generator), torch.randn(6, generator=generator)) for name in ("a", "b")}
    prompts = {name: (text, text) for name, text in texts.items()} | {"a again": (texts["a"], texts["a"])}
    probed = ProbedPhoto(sha256, "training", photo(2, 3, 32, 48), prompts, face)
    return LossReader(Adapter(transformer, lora_of(LAYERS)), PROBE, PROFILE, CPU).read(probed, 1.0)


def column(found: dict[str, np.ndarray], name: str, prompt: str, lora: bool) -> np.ndarray:
    return found[name][(found["prompt"] == prompt) & (found["lora"] == lora)]


def test_every_prompt_is_read_at_every_sigma_and_noise_with_the_lora_on_and_off():
    found = read()
    assert {len(values) for values in found.values()} == {3 * 2 * 2 * 2}
    rows = zip(*(found[name].tolist() for name in ("prompt", "lora", "sigma", "noise")), strict=True)
    assert len(set(rows)) == 24
    assert set(found["photo"]) == {SHA}
    assert set(found["split"]) == {"training"}


def test_the_whole_is_the_face_and_the_rest_by_their_tokens():
    found = read()  # one token of six is the face's
    assert np.allclose(found["loss"], found["face"] / 6 + found["background"] * 5 / 6)
    assert not np.allclose(found["face"], found["background"])


def test_a_photo_without_a_face_has_no_loss_of_one():
    found = read(face=None)
    assert np.isnan(found["face"]).all()
    assert np.isnan(found["background"]).all()
    assert np.isfinite(found["loss"]).all()


def test_the_lora_and_the_prompt_are_what_moves_the_loss():
    found = read()
    assert not np.allclose(column(found, "loss", "a", True), column(found, "loss", "a", False))
    assert not np.allclose(column(found, "loss", "a", False), column(found, "loss", "b", False))
    assert np.array_equal(column(found, "loss", "a", True), column(found, "loss", "a again", True))


def test_a_probe_repeated_is_the_same_and_another_photo_has_other_noise():
    first = read()["loss"]
    assert np.array_equal(read()["loss"], first)
    assert not np.allclose(read(sha256="cd" * 32)["loss"], first)


def test_the_loss_is_the_squared_error_of_the_velocity_from_photo_to_noise():
    """A transformer that says nought errs by noise less photo, whatever the prompt, the sigma and the LoRA."""
    found = read(silent=True)
    clean = photo(2, 3, 32, 48).latent.numpy()
    for number in range(PROBE.noises):
        noise = np.random.default_rng([int(SHA[:12], 16), number]).standard_normal(clean.shape, dtype=np.float32)
        assert np.allclose(found["loss"][found["noise"] == number], np.square(noise - clean).mean(), rtol=1e-5)
