"""What holds of every rewrite of the labelled captions, and how what was wrong on unseen ones now reads."""

import re
from pathlib import Path

import pytest
from tests.dataset.score_captions import read

from fluxdiag.dataset.finding.cast import cast
from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.finding.tokens import tokens
from fluxdiag.dataset.rewriting.rewrite import without_appearance

CAPTIONS = [one.caption for folder in sorted((Path(__file__).parent / "labelled").iterdir()) for one in read(folder)]
BROKEN = (
    r" ,|,\s*,|,\.|  ",
    r"\b(?:and|with|that) and\b",
    r"\b(?:and|or|with|a|an|the|of|to|from|by|into|onto|wearing|while|which|but|is|are|has|have|his|their)[,.](?=\s|$)",
    r"[.!?]\s+(?:and|with|that|which|though|but)\s[^,.]*\.",
)
LEFT = {
    "A man. The dress shirt is blue. It has long sleeves. A dog sits next to him.": "A man. A dog sits next to him.",
    "A girl in a yard. Her boots are black. They have silver buckles. The grass is wet.": "A girl in a yard. The grass is wet.",
    "She wears a coat with a pen clipped to the pocket and holds a book.": "She holds a book.",
    "The woman wears a headset with a microphone near her mouth. She is typing.": "The woman is typing.",
    "Two men sit at a bar. One has a beard and the other is clean-shaven. They drink.": "Two men sit at a bar. They drink.",
    "A boy. He is missing his two front teeth. He laughs.": "A boy. He laughs.",
    "A cook. She wears an apron, her chin resting on her hand.": "A cook. Her chin is resting on her hand.",
    "The man, wearing a suit, and the woman, wearing a dress, dance.": "The man and the woman, wearing a dress, dance.",
    "A man with a beard that reaches his chest is sitting on a rock.": "A man is sitting on a rock.",
    "A hiker. He wears a harness, and a bag dangles from it. Fog drifts by.": "A hiker. Fog drifts by.",
    "A man. A jeweler's loupe is strapped to his right eye. He works.": "A man. He works.",
    "A boy. A lanyard with several keys swings from his belt. He waves.": "A boy. He waves.",
    "The man has dimples when he smiles and a mole on his cheek. He waves.": "The man waves.",
    "A woman. She has a scar on her knee from a childhood fall. She climbs.": "A woman. She climbs.",
    "a trip, laughing, that green parka again": "a trip, laughing",
    "a man sawing, he's got that big mustache": "a man sawing",
    "a man and a camera strap across the chest": "a man",
    "A coach. A whistle hangs around his neck. He shouts.": "A coach. He shouts.",
    "A runner. Her hair is pinned up, though several loose tendrils have escaped and frame her face.":
        "A runner.",
}  # fmt: skip


@pytest.fixture(scope="module")
def rewrites() -> dict[str, str]:
    """Of all labelled captions, not of a sample: a failure must not hang on chance."""
    return {caption: without_appearance(caption) for caption in CAPTIONS}


def broken(caption: str, left: str) -> bool:
    """More of what is no English than the caption had, or a sentence that begins small; a tag is left as it was written."""
    stumps = any(len(re.findall(one, left, re.IGNORECASE)) > len(re.findall(one, caption, re.IGNORECASE)) for one in BROKEN)
    return stumps or (caption[0].isupper() and left[:1].islower() and f", {left}" not in caption)


def test_a_rewrite_has_no_stumps(rewrites: dict[str, str]) -> None:
    assert [left for caption, left in rewrites.items() if broken(caption, left)] == []


def test_a_rewrite_of_a_single_person_has_nothing_more_to_drop(rewrites: dict[str, str]) -> None:
    single = [left for caption, left in rewrites.items() if "other" not in cast(tokens(caption)).owner]
    assert [left for left in single if without_appearance(left) != left] == []


def test_a_caption_of_one_word_is_read_all_the_same() -> None:
    """`Gulls` once ended in an IndexError."""
    assert without_appearance("Gulls") == "Gulls"
    for word in {word for caption in CAPTIONS for word in caption.split()}:
        for written in (word, word.capitalize()):
            find_spans(written)
            without_appearance(written)


def test_a_caption_that_breaks_off_is_read_all_the_same() -> None:
    """At any word: trainers cut captions at 75 tokens, and `a girl in a yellow leotard hanging` once ended in an IndexError."""
    assert without_appearance("young girl in a yellow leotard hanging") == "girl"
    for number, caption in enumerate(CAPTIONS):
        words = caption.split(" ")
        cut = len(words) * (number % 7 + 1) // 8
        for part in (" ".join(words[:cut]), " ".join(words[cut:])):
            assert all(part[one.start : one.end] == one.text for one in find_spans(part))
            without_appearance(part)


@pytest.mark.parametrize("caption", LEFT)
def test_what_was_wrong_on_unseen_captions(caption):
    assert without_appearance(caption) == LEFT[caption]
