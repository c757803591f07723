"""Where a caption describes the person: what fires, and what is close but silent."""

import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.rewriting.rewrite import without_appearance
from fluxlab.captions import appearance, article, full_caption, scene_caption, training_caption
from fluxlab.world import sample_picture, subject


def found(caption):
    return [(span.text, span.kind) for span in find_spans(caption)]


FIRES = {
    "a woman with brown curly hair, green eyes, and freckles standing in a park": [
        ("brown curly hair", "hair"), ("green eyes", "eyes"), ("freckles", "mark"),
    ],
    "a man wearing a red t-shirt": [("a red t-shirt", "clothing")],
    "long blonde hair, blue eyes": [("long blonde hair", "hair"), ("blue eyes", "eyes")],
    "portrait of a man with a long face": [("a long face", "face")],
    "a bald head": [("a bald head", "hair")],
    "a blonde bob": [("a blonde bob", "hair")],
    "a man with a beard": [("a beard", "hair")],
    "woman, glasses, close-up": [("glasses", "accessory")],
    "her long, wavy, dark brown hair": [("her long, wavy, dark brown hair", "hair")],
    "shoulder-length hair tied back in a ponytail": [("shoulder-length hair tied back in a ponytail", "hair")],
    "a young blonde woman": [("young", "age"), ("blonde", "hair")],
    "a dark-haired, blue-eyed man": [("dark-haired", "hair"), ("blue-eyed", "eyes")],
    "an elderly Asian man": [("elderly", "age"), ("Asian", "skin")],
    "Her eyes are big and blue.": [("Her eyes are big and blue", "eyes")],
    "a 25-year-old woman in her twenties": [("25-year-old", "age"), ("in her twenties", "age")],
    "a woman with pale skin and a slim build": [("pale skin", "skin"), ("a slim build", "body")],
    "a man with a scar across his left cheek": [("a scar across his left cheek", "mark")],
    "a woman dressed in a white blouse and black jeans": [("a white blouse", "clothing"), ("black jeans", "clothing")],
    "a woman in a blue dress with a straw hat": [("a blue dress", "clothing"), ("a straw hat", "accessory")],
    "a woman wearing a cheongsam standing in a street": [("a cheongsam", "clothing")],
    "a woman smiling, closed eyes": [("smiling", "expression"), ("closed eyes", "expression")],
    "a man with a serious expression": [("a serious expression", "expression")],
    "1girl, bald, tall, freckled": [("bald", "hair"), ("tall", "body"), ("freckled", "mark")],
    "close-up, brown hair": [("brown hair", "hair")],
    "a red t-shirt and brown hair in neon light, blue eyes": [
        ("a red t-shirt", "clothing"), ("brown hair", "hair"), ("blue eyes", "eyes"),
    ],
    "a woman with wind-blown hair": [("wind-blown hair", "hair")],
    "BROWN HAIR, Green Eyes": [("BROWN HAIR", "hair"), ("Green Eyes", "eyes")],
}  # fmt: skip

SILENT = [
    "a red car",
    "a table of blonde wood",
    "a dog's brown eyes",
    "a dog with brown eyes and long ears",
    "a cat wearing a hat",
    "close-up",
    "park",
    "MYCHAR01 standing in a park, sunny day, full body shot, photorealistic",
    "ohwx woman with arms crossed in bright light, upper body",
    "two glasses of wine on a long table",
    "a wine glass, a hair salon, a dress shop",
    "in the top left corner, on top of a mountain",
    "a short film, a tall tree, an old house, a young tree",
    "a bald eagle over a rock face",
    "looking at the camera, eyes to the viewer",
    "black and white photograph, dark light",
    "a woman and a man in a white room",
    "a suit of armour in a museum",
    "",
]


@pytest.mark.parametrize("caption", FIRES)
def test_fires(caption):
    assert found(caption) == FIRES[caption]


@pytest.mark.parametrize("caption", SILENT)
def test_close_but_silent(caption):
    assert found(caption) == []


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_laboratorys_captions_are_understood_completely(seed):
    rng = np.random.default_rng(seed)
    person = subject(int(rng.integers(5000)))
    picture = sample_picture(rng, person)
    looks = [*appearance(person), article(picture.figures[0].outfit)]
    assert [text for text, _ in found(full_caption(picture, "ohwx woman"))] == looks
    assert found(scene_caption(picture, "ohwx woman")) == []


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_spans_are_in_order_apart_and_true_to_the_text(seed):
    rng = np.random.default_rng(seed)
    picture = sample_picture(rng)
    caption = training_caption(picture, None, rng)
    spans = find_spans(caption)
    assert all(caption[span.start : span.end] == span.text for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert picture.figures or not spans
    assert find_spans(without_appearance(caption, spans)) == ()


@pytest.mark.parametrize(
    "part", ["dark-", "long, ", "light brown ", "young, ", "her ", "in a ", "brown hair, ", "a-", "wearing a b ", "\0"]
)
def test_a_caption_without_end_takes_no_time_without_end(part):
    began = time.monotonic()
    without_appearance(part * 3000)
    assert time.monotonic() - began < 20


@settings(max_examples=100, deadline=None)  # the first of a process compiles all rules
@given(st.text(alphabet=st.sampled_from("ab ,.'-and hair eyes woman with \n\0é"), max_size=200))
def test_no_text_is_too_odd(caption):
    without_appearance(caption, find_spans(caption))


KNOWN = sorted({word for module in (lx, gr) for told in vars(module).values() if isinstance(told, frozenset) for word in told})
AROUND = (",", ".", "and", "with", "of", "a", "the", "her", "one", "she", "is", "has", "whose", "woman", "eye", "hair")


@settings(max_examples=400, deadline=None)  # the first of a process compiles all rules
@given(st.lists(st.sampled_from(KNOWN) | st.sampled_from(AROUND), max_size=12).map(" ".join))
def test_no_heap_of_words_that_it_knows_is_too_odd(caption):
    without_appearance(caption, find_spans(caption))


def test_no_word_is_too_short_a_caption():
    for word in KNOWN:
        without_appearance(word, find_spans(word))


# ------------------------------------------------------------------------------------------------ whose

NAMED = {
    "zyqqa is tall and slender": ["tall", "slender"],
    "a woman behind zyqqa wears a blue coat": [],
    "a man and zyqqa, who wears a red hat": ["a red hat"],
    "zyqqa beside a man wears a straw hat": ["a straw hat"],
    "The customer, a man with thick black curls, leans back.": ["thick black curls"],
    "a man next to a woman, who has blonde hair": [],
}


@pytest.mark.parametrize("caption", NAMED)
def test_the_trigger_tells_whose_looks_they_are(caption):
    assert [span.text for span in find_spans(caption, "zyqqa")] == NAMED[caption]


NOT_WORN = [
    "A hat with coins lies at his feet.",
    "a woman next to boxes of old hats",
    "The stall is covered with red and yellow scarves.",
    "an athlete ties the laces",
    "a stag watches him",
    "ohwx in a boxing ring, seat belt, hat shop",
    "no humans, red hat, wooden table",
    # lying, left, hung or taken off
    "A bath. A robe hangs on the door, and a pair of silver sandals has been left on the floor.",
    "A woman at a mirror. A pair of white sneakers and a denim jacket are lying on the floor behind her.",
    "ohwx woman on a bed, a black dress and a pair of heels lying on the floor next to her",
    "A woman. A denim jacket and a hat hang on a hook.",
    "Her hat and her gloves lie on the table.",
    "1girl, socks on floor, shoes on floor, hat removed, towel, white towel on rack",
    "1girl, dog, leash, animal collar",
    "A shop. The shelves are filled with straw hats, berets and fedoras in many colors, and a lamp.",
    "A woman pinning the hem of a purple velvet coat on a dressmaker's dummy.",
    "A woman holds one of beads in her left hand and one with a silver pendant in her right.",
    "1girl, lipstick tube, makeup palette",
    "A woman holding a tube of red lipstick.",
]
WORN_ALL_THE_SAME = [
    "A woman in [a red dress] and [a hat] is lying on the bed.",
    "A woman in [a red dress] on a bed.",
    "A woman. [Reading glasses] hang from a beaded cord around her neck.",
    "She has elbow guards covered with stickers, and [canvas shoes].",
    "ohwx woman, a black dress and a pair of heels lying on the floor next to her, [white bathrobe]",
    "1girl, [hat on head], [white towel], [animal collar]",
    "A woman with [a silver pendant] in her left ear.",
    "A woman with [red lipstick].",
]


@pytest.mark.parametrize("caption", NOT_WORN)
def test_what_lies_about_is_not_worn(caption):
    assert find_spans(caption) == ()


WHOLE = {
    "She has skin browned by the sun.": "skin browned by the sun",
    "Several small tattoos are visible on her arms.": "Several small tattoos are visible on her arms",
    "He wears a gown of emerald velvet trimmed with ermine.": "a gown of emerald velvet trimmed with ermine",
    "There is a tattoo of an anchor on his forearm.": "a tattoo of an anchor on his forearm",
    "She has sunglasses perched on her nose.": "sunglasses perched on her nose",
    "She has hair cut in a short, practical style.": "hair cut in a short, practical style",
}


@pytest.mark.parametrize("caption", WHOLE)
def test_what_is_told_after_the_noun_belongs_to_the_phrase(caption):
    assert WHOLE[caption] in [span.text for span in find_spans(caption)]


SAID_BY_A_CLAUSE = {
    "A man. His nose and chin are spotted with acne.": ["His nose and chin are spotted with acne"],
    "A woman. Clay is splattered across her forearms.": ["Clay is splattered across her forearms"],
    "A man, and deep creases line his forehead.": ["deep creases line his forehead"],
    "A singer. A white gardenia is tucked behind one ear.": ["A white gardenia is tucked behind one ear"],
    "A man. A jagged scar runs from his left temple to his jaw.": ["A jagged scar runs from his left temple to his jaw"],
    "A man. His head is completely shaved.": ["His head is completely shaved"],
    "A boy grins, showing a gap where a tooth is missing.": ["grins", "a gap where a tooth is missing"],
    "A man. The sleeves of his linen shirt are pushed up.": ["The sleeves of his linen shirt are pushed up"],
    "A woman. Her hair, white and very long, drifts behind her.": ["Her hair, white and very long, drifts behind her"],
    "A cook. She has a pencil stuck behind her ear.": ["a pencil stuck behind her ear"],
    "A boy. Mascara has run down his cheeks, and an old burn puckers the skin of his jaw.": [
        "Mascara has run down his cheeks",
        "an old burn puckers the skin of his jaw",
    ],
    "A woman. Her hair, which is shaved at the sides, is tied up.": ["Her hair, which is shaved at the sides, is tied up"],
    "A woman. The tip of her nose is pink.": ["The tip of her nose is pink"],
    "A man. There are dark circles under his eyes.": ["dark circles under his eyes"],
    "A man. He is skinny to the point of starving.": ["skinny to the point of starving"],
    "A man. His hands are covered in clay.": [],
    "A woman. The lighting draws attention to her face.": [],
    "A woman. A cat rubs its head against her neck.": [],
    "A woman. Balloons hang above her head, and a stack of letters sits beside her wrist.": [],
    "A painter. The blue door matches her eyes. A snowball is about to hit her face.": [],
    "A man. A parrot is perched on his shoulder.": [],
    "A man. Light falls across his face and a hand is placed on his arm.": [],
    "A woman holds a ball tucked under her arm.": [],
}


@pytest.mark.parametrize("caption", SAID_BY_A_CLAUSE)
def test_a_clause_that_tells_of_looks_is_found_whole(caption):
    assert [span.text for span in find_spans(caption)] == SAID_BY_A_CLAUSE[caption]
