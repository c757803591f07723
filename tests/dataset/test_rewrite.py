"""The caption without the person's looks is still a caption."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.rewriting.rewrite import without_appearance
from fluxlab.captions import full_caption, scene_caption
from fluxlab.world import sample_picture, subject

REWRITTEN = {
    "a woman with brown curly hair and green eyes standing in a park": "a woman standing in a park",
    "A woman with brown curly hair, green eyes, and freckles standing in a park": "A woman standing in a park",
    "ohwx woman wearing a red t-shirt, standing at sunset, portrait": "ohwx woman standing at sunset, portrait",
    "DUKIK with short red hair, wearing a blue suit, is standing in a park.": "DUKIK is standing in a park.",
    "woman, bald head, glasses, red t-shirt, park, night": "woman, park, night",
    "long blonde hair, blue eyes, park": "park",
    "an elderly man with a beard and glasses on a bench": "a man on a bench",
    "an attractive actor": "an actor",
    "a young, slim woman": "a woman",
    "a woman with freckles and arms crossed": "a woman with arms crossed",
    "a woman with brown hair and a dog": "a woman with a dog",
    "a woman with brown hair and a man with a beard in fog": "a woman and a man with a beard in fog",
    "zyx5 with blue eyes and bnkr7 with a beard": "zyx5 and bnkr7",
    "a woman in jeans and a white t-shirt on a beach": "a woman on a beach",
    "Her hair is long and brown. She has green eyes and is standing in a kitchen.": "She is standing in a kitchen.",
    "She is wearing a red dress. The light is soft.": "The light is soft.",
    "A model on a runway. She is extremely tall and thin. The light is hard.": "A model on a runway. The light is hard.",
    "A man in a gym. He's shirtless, showing his chiseled abs. He's lifting a bar.": "A man in a gym. He's lifting a bar.",
    "A cook. He wears a plaid shirt with the sleeves torn off. He holds a pan.": "A cook. He holds a pan.",
    "a man standing in a park wearing a blue suit": "a man standing in a park",
    "a woman with a warm smile and green eyes": "a woman with a warm smile",
    "Her long blonde hair is styled in loose waves, and she is smiling softly.": "She is smiling softly.",
    "The image shows a young woman with wavy hair that falls over her shoulders. The sky is blue.":
        "The image shows a woman. The sky is blue.",
    "She has a slim build and is dressed casually in a grey hoodie and blue jeans.": "",
    "ohwx woman, she wears a black coat with a scarf, walking down a street": "ohwx woman walking down a street",
    "a woman with short hair and no makeup in front of a white wall": "a woman in front of a white wall",
    "The subject is a woman, likely in her late 20s, with full lips.": "The subject is a woman.",
    "a man with short, greying hair, wearing a navy suit, white shirt, and a red tie": "a man",
    "ohwx woman biting her plump lip, black background": "ohwx woman biting her lip, black background",
    "A light carves out his sharp cheekbones and aquiline nose.": "A light carves out his cheekbones.",
    "A cook. He is impeccably dressed in a grey suit, a case in one hand.": "A cook. He has a case in one hand.",
    "A boy sits in a chair. He is wearing a bib and nothing else.": "A boy sits in a chair.",
    "A boy in a pool. He is grinning, showing straight white teeth.": "A boy in a pool. He is grinning.",
    "A man on a deck. His hair is grey and falls to his waist. The sea is calm.": "A man on a deck. The sea is calm.",
    "A man. The man, seen from behind, wears a long coat.": "A man. The man is seen from behind.",
    "A guest. She is tall, with a dog at her side.": "A guest. She has a dog at her side.",
    "MYCHAR01 standing in a park, sunny day": "MYCHAR01 standing in a park, sunny day",
    "a long face": "",
    "": "",
}  # fmt: skip


@pytest.mark.parametrize("caption", REWRITTEN)
def test_what_is_left(caption):
    assert without_appearance(caption, find_spans(caption)) == REWRITTEN[caption]


def test_expressions_stay_unless_they_are_to_go():
    caption = "a woman with brown hair, smiling, in a park"
    assert without_appearance(caption, find_spans(caption)) == "a woman smiling, in a park"
    assert without_appearance(caption, find_spans(caption), keep=()) == "a woman in a park"


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), who=st.sampled_from(["ohwx woman", "a man", "MYCHAR01"]))
def test_the_laboratorys_full_caption_becomes_its_scene_caption(seed, who):
    rng = np.random.default_rng(seed)
    picture = sample_picture(rng, subject(int(rng.integers(5000))))
    caption = full_caption(picture, who)
    assert without_appearance(caption, find_spans(caption)) == scene_caption(picture, who)
