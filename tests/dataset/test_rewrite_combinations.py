"""Every usual way of telling looks beside what somebody does, put together: what is done is left, word for word."""

from __future__ import annotations

import pytest
from tests.dataset.score_pairs import alike, pairs

from fluxdiag.dataset.rewriting.rewrite import without_appearance

DOING = (
    ("She", "she", "is sitting on a wooden chair"),
    ("The woman", "she", "stands by the window"),
    ("A man", "he", "is reading a book in a cafe"),
    ("He", "he", "looks at the camera"),
    ("The boy", "he", "holds a red balloon"),
    ("A woman", "she", "walks her dog along the beach"),
)
BODY = (
    "long black hair",
    "blue eyes and freckles",
    "a short beard",
    "brown hair tied in a ponytail",
    "a tattoo on {her} left arm",
)
WORN = ("a red coat", "a black dress, pearl earrings, and a veil", "glasses", "a denim jacket over a white T-shirt")
ABOUT_A_PRONOUN = (
    "{S} {does} and {s} has {body}.",
    "{S} {does}, and {s} has {body}.",
    "{S} {does} and has {body}.",
    "{S} {does} and wears {worn}.",
    "{S} {does}, wearing {worn}.",
    "{S} {does} wearing {worn}.",
    "{S} {does} in {worn}.",
    "{S} {does} while wearing {worn}.",
    "{S} has {body} and {does}.",
    "{S} wears {worn} and {does}.",
    "{S} is wearing {worn} and {does}.",
    "{S} has {body}, is wearing {worn}, and {does}.",
    "{S} {does}. {P} has {body} and is wearing {worn}.",
    "{S} {does}. {P} is wearing {worn} and has {body}.",
    "{S} {does}. {P} has {body}, and {s} is wearing {worn}.",
    "{S}, who has {body}, {does}.",
    "{S}, wearing {worn}, {does}.",
    "Wearing {worn}, {small} {does}.",
    "Dressed in {worn}, {small} {does}.",
    "With {body}, {small} {does}.",
    "{S} {does}; {s} has {body}.",
    "{S} {does}. {P} is dressed in {worn}, and {her} hair is tied back.",
    "{S} {does}, {her} long hair falling over {her} shoulders.",
    "{S} {does} with {her} hair in a bun.",
    "{S} {does}, dressed in {worn}.",
    "{S} {does}. {Her} outfit consists of {worn}.",
    "{S} {does}. {P} also wears {worn}.",
    "{S} {does}, and {her} hair is long and curly.",
    "{S} {does} and {her} hair is blowing in the wind.",
    "{S} {does}, has {body}, and wears {worn}.",
    "{S} has {body}. {P} {does}.",
    "{S} is wearing {worn}, and {s} {does}.",
    "{S} is wearing {worn} while {s} {does}.",
    "{S}, dressed in {worn}, {does}.",
    "{S}, {her} hair tied back, {does}.",
    "{S} {does}, sporting {body}.",
    "{S} {does} with {body} and {worn}.",
    "{S} {does} with {body}, wearing {worn}.",
)
ABOUT_A_NOUN = ("{S} with {body} {does}.", "{S} in {worn} {does}.", "{S} with {body} and wearing {worn} {does}.")
MANY = [(way, doing) for way in ABOUT_A_PRONOUN for doing in DOING]
MANY += [(way, doing) for way in ABOUT_A_NOUN for doing in DOING if " " in doing[0]]


@pytest.mark.parametrize(("way", "doing"), MANY)
def test_what_somebody_does_is_left(way: str, doing: tuple[str, str, str]) -> None:
    subject, pronoun, does = doing
    her = {"she": "her", "he": "his"}[pronoun]
    for body in BODY:
        for worn in WORN:
            caption = way.format(
                S=subject,
                s=pronoun,
                P=pronoun.capitalize(),
                small=subject[0].lower() + subject[1:],
                her=her,
                Her=her.capitalize(),
                does=does,
                body=body.format(her=her),
                worn=worn,
            )
            assert without_appearance(caption) == f"{subject} {does}."


@pytest.mark.parametrize(("name", "at_least"), [("hard", 275), ("plain", 198), ("plain2", 175)])
def test_so_many_captions_come_out_as_an_editor_leaves_them(name: str, at_least: int) -> None:
    assert sum(alike(wanted, without_appearance(caption)) for caption, wanted in pairs(name)) >= at_least
