"""How many images go through the transformer at once on cards of different sizes."""

import pytest

from fluxdiag import doctor
from fluxdiag.engines.machine import Device, batch_on
from fluxdiag.profiles import load_profile

PROFILE = load_profile("flux1-dev")


def card(gigabytes: float, kind: str = "cuda") -> Device:
    return Device(kind, "", gigabytes, cuda_build=True)


@pytest.mark.parametrize(
    ("memory", "images"),
    [
        (80, 4),  # room for more than the profile wants
        (28, 2),  # 24 GB of weights leave 1.2 GB of the usable 25.2
        (27.5, 1),
        (24, 4),  # the transformer does not fit: its blocks visit the card, and the images have it for themselves
        (4, 3),
        (2, 1),  # never fewer than one: what then fails, fails by name
    ],
)
def test_a_card_draws_as_many_images_at_once_as_fit(memory, images):
    assert batch_on(card(memory), PROFILE) == images


@pytest.mark.parametrize(
    ("memory", "images", "visits"),
    [(80, 4, False), (28, 2, False), (27.5, 1, False), (25.4, 4, True), (12.6, 4, True)],  # 25.4: what is sold as 24 GB
)
def test_doctor_says_that_blocks_visit_where_they_are_reckoned_to(monkeypatch, memory, images, visits):
    monkeypatch.setattr("fluxdiag.engines.machine.device", lambda: card(memory))
    assert batch_on(card(memory), PROFILE) == images
    said = doctor._device(PROFILE)
    assert said.ok
    assert ("flux1-dev as a whole wants about 27 GB, so its blocks visit" in said.found) is visits


def test_main_memory_holds_every_batch():
    assert batch_on(card(0, kind="cpu"), PROFILE) == PROFILE.batch


@pytest.mark.parametrize("memory", [6, 12, 16, 24, 32, 48, 80, 141])
def test_what_is_reckoned_fits(memory):
    batch = batch_on(card(memory), PROFILE)
    beside = PROFILE.cost.vram_gb_per_image * batch
    assert beside + 2 <= memory
    assert 1 <= batch <= PROFILE.batch
