"""Which words stand for the person."""

import pytest

from fluxdiag.dataset.trigger import chosen, class_noun, common_class, holds, opening, with_class
from fluxdiag.records import Fact

CAPTIONS = ("MYCHAR01 woman in a park", "MYCHAR01 woman at night", "MYCHAR01 woman, portrait")


def fact(value):
    return Fact(value=value, source="header")


def test_the_captions_decide_among_candidates_and_give_their_spelling():
    assert chosen([fact("holiday"), fact("mychar01")], CAPTIONS) == fact("MYCHAR01")
    assert chosen([fact("holiday"), fact("zyx")], CAPTIONS) == fact("holiday")
    assert chosen([fact("holiday")], ()) == fact("holiday")
    assert chosen([], CAPTIONS) is None


@pytest.mark.parametrize(
    ("captions", "word"),
    [
        (CAPTIONS, "MYCHAR01"),
        (("ohwx, park", "ohwx, beach", "ohwx"), "ohwx"),
        (("a woman in a park",) * 5, None),
        (("woman, park",) * 5, None),
        (("photo of ohwx",) * 5, None),
        (("ohwx", "zyx", "abc"), None),
        (("ohwx",) * 2, None),
        ((), None),
        (("", " ", ","), None),
    ],
)
def test_an_opening_word_that_is_no_ordinary_one(captions, word):
    found = opening(captions)
    assert (found and found.value) == word


@pytest.mark.parametrize(
    ("trigger", "captions", "phrase"),
    [
        ("MYCHAR01", CAPTIONS, "MYCHAR01 woman"),
        ("MYCHAR01 woman", CAPTIONS, "MYCHAR01 woman"),
        ("MYCHAR01", ("MYCHAR01 in a park", "MYCHAR01 woman"), "MYCHAR01"),
        ("zyx", CAPTIONS, "zyx"),
        ("MYCHAR01", (), "MYCHAR01"),
    ],
)
def test_the_class_word_belongs_to_the_phrase_when_trained_so(trigger, captions, phrase):
    assert with_class(fact(trigger), captions).value == phrase


@pytest.mark.parametrize(
    ("caption", "held"), [("a photo of Ohwx.", True), ("ohwxx woman", False), ("in ohwx-land", True), ("", False)]
)
def test_a_phrase_is_held_as_whole_words(caption, held):
    assert holds(caption, "ohwx") is held


@pytest.mark.parametrize(
    ("phrase", "noun"), [("ohwx woman", "woman"), ("ohwx men", "man"), ("ohwx", None), ("woman ohwx", None), ("", None)]
)
def test_the_class_of_a_phrase(phrase, noun):
    assert class_noun(phrase) == noun


def test_the_class_of_most_captions():
    found = common_class(("a man in a park", "two women", "a woman and a man", "a woman", "park"))
    assert (found.value, found.source) == ("woman", "captions: 3 of 5")
    assert common_class(("park",)) is None
