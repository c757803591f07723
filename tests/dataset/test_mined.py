"""What most captions say of the person, as a phrase that can follow `with`."""

from dataclasses import replace

import numpy as np
import pytest

from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.mined import mined_description
from fluxdiag.records import Photo
from fluxlab.captions import appearance, full_caption, listed
from fluxlab.world import OUTFITS, Figure, sample_picture, subject


def photos(*captions):
    return [Photo(path=str(n), sha256="", caption=text, appearance=find_spans(text or "")) for n, text in enumerate(captions)]


MINED = {
    ("a woman with long brown hair and green eyes", "a woman with brown hair", "a woman with brown hair, green eyes"):
        "brown hair and green eyes",
    ("long brown hair", "brown long hair", "park"): "long brown hair",
    ("a woman with a round face", "round face", "her round face"): "a round face",
    ("a blonde woman", "blonde hair, park", "a blonde woman"): "blonde hair",
    ("a blue-eyed man", "blue eyes", "night"): "blue eyes",
    ("a bald man", "a bald head", "bald, park"): "a bald head",
    ("a bearded man with glasses", "a man with a beard and glasses"): "a beard and glasses",
    ("wearing a red t-shirt, green eyes", "wearing a red t-shirt, green eyes"): "a red t-shirt and green eyes",
    ("wearing a red t-shirt, green eyes", "wearing a blue t-shirt, green eyes", "green eyes"): "green eyes",
    ("an oval face", "an oval face"): "an oval face",
    # nothing that half of them share, or nothing that can follow `with`
    ("brown hair", "park", "beach"): None,
    ("a young woman", "a young woman"): None,
    ("brown hair", "black hair", "red hair", "blonde hair"): None,
    ("a woman smiling", "a woman smiling"): None,
    ("park", None): None,
    (): None,
}  # fmt: skip


@pytest.mark.parametrize("captions", MINED)
def test_what_half_of_the_captions_share(captions):
    assert mined_description(photos(*captions)) == MINED[captions]


@pytest.mark.parametrize("number", range(12))
def test_the_laboratorys_people_are_described_in_its_own_words(number):
    rng, person = np.random.default_rng(number), subject(number)
    pictures = [replace(sample_picture(rng, person), figures=(Figure(person, outfit, "standing", 0.0),)) for outfit in OUTFITS]
    captions = [full_caption(picture, "ohwx woman") for picture in pictures]
    assert mined_description(photos(*captions)) == listed(appearance(person))
