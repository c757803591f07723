"""The trigger as captions misspell it: what lint says of it, and that `fix` writes it right, once, and loses nothing else."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fluxdiag.captions import check
from fluxdiag.dataset.trigger_spelling import exact

T = "MYCHAR01"
MENDED = {
    (T, "MYCHAR 01 woman in a library"): ("MYCHAR01 woman in a library", ["split"]),
    (T, "MYCHAR_01 in a library"): ("MYCHAR01 in a library", ["split"]),
    (T, "a portrait of My Char 01 at night"): ("a portrait of MYCHAR01 at night", ["split", "in other letter case"]),
    (T, "MYCHAR01woman walking"): ("MYCHAR01 woman walking", ["joined to another word"]),
    (T, "photo_of_MYCHAR01_walking"): ("photo_of MYCHAR01 walking", ["joined to another word"]),
    (T, "MYCHAR01s walking"): ("MYCHAR01 walking", ["inflected"]),
    (T, "the MYCHAR01s woman"): ("the MYCHAR01 woman", ["inflected"]),
    (T, "mychar01 in a garden"): ("MYCHAR01 in a garden", ["in other letter case"]),
    (T, "photo of mychar01's hand"): ("photo of MYCHAR01's hand", ["in other letter case"]),
    (T, "MYCHAR01 woman, MYCHAR01 woman"): ("MYCHAR01 woman", ["2 times"]),
    (T, "MYCHAR01 woman, MYCHAR01 in a park"): ("MYCHAR01 woman in a park", ["2 times"]),
    (T, "MYCHAR01MYCHAR01"): ("MYCHAR01", ["2 times"]),
    (T, "MYCHAR01 MYCHAR01 MYCHAR01 in fog"): ("MYCHAR01 in fog", ["3 times"]),
    (T, "MYCHAR01. MYCHAR01 stands in a park."): ("MYCHAR01 stands in a park.", ["2 times"]),
    (T, "MYCHAR01 at dawn, MYCHAR01"): ("MYCHAR01 at dawn", ["2 times"]),
    ("ohwx woman", "ohwx_woman in a park"): ("ohwx woman in a park", ["split"]),
    ("ohwx woman", "ohwxs woman walking"): ("ohwx woman walking", ["inflected"]),
    ("ohwx woman", "ohwx women in a park"): ("ohwx woman in a park", ["missing"]),
    ("ohwx woman", "ohwx, a woman at a concert"): ("ohwx woman at a concert", ["missing"]),
    ("ohwx", "oh wx in a park"): ("ohwx in a park", ["split"]),
    ("Elena", "a photo of elena in a park"): ("a photo of Elena in a park", ["in other letter case"]),
}
RIGHT = {
    "a possessive": (T, "MYCHAR01's hand on a table"),
    "in two sentences": (T, "MYCHAR01 sits. MYCHAR01 is waving."),
    "in front, and in the sentence": (T, "MYCHAR01, a photo of MYCHAR01 in a park"),
    "with a hyphen": (T, "MYCHAR01-inspired art"),
    "the word beside the name": ("Rose", "Rose with a rose"),
    "two nouns": (T, "MYCHAR01 woman, MYCHAR01 girl in a park"),
}
WORDS = {
    ("ana", "a banana on a table"): "ana, a banana on a table",
    ("ana", "an a on a wall"): "ana, an a on a wall",
    ("together", "keys to get her in"): "together, keys to get her in",
    ("super", "a superman in a park"): "super, a superman in a park",
    ("Rose", "A woman with a red rose in her hand"): "Rose with a red rose in her hand",
    ("sks", "a woman asks the way"): "sks asks the way",
    ("MYCHAR0", "MYCHAR01 in a park"): "MYCHAR0, MYCHAR01 in a park",
}


@pytest.mark.parametrize(("trigger", "caption"), MENDED)
def test_a_misspelt_trigger_is_named_and_put_right(trigger, caption):
    rewritten, faults = MENDED[trigger, caption]
    found = check("a.txt", caption, trigger)
    assert (found.rewritten, list(found.problems)) == (rewritten, [f"trigger {fault}" for fault in faults])
    assert check("a.txt", rewritten, trigger).problems == ()


@pytest.mark.parametrize("kind", RIGHT)
def test_what_is_right_stays(kind):
    trigger, caption = RIGHT[kind]
    found = check("a.txt", caption, trigger)
    assert (found.rewritten, found.problems) == (caption, ())


@pytest.mark.parametrize(("trigger", "caption"), WORDS)
def test_words_that_hold_its_letters_are_other_words(trigger, caption):
    found = check("a.txt", caption, trigger)
    assert (found.rewritten, found.problems) == (WORDS[trigger, caption], ("trigger missing",))


def test_looks_are_found_by_the_right_spelling_and_shown_where_they_stood():
    caption = "photo of mychar_01_woman in a red coat beside a man in a blue coat"
    found = check("a.txt", caption, T)
    assert found.rewritten == "photo of MYCHAR01 woman beside a man in a blue coat"
    assert [(span.text, caption[span.start : span.end]) for span in found.spans] == [("a red coat", "a red coat")]


TRIGGERS = st.sampled_from([T, "ohwx", "ohwx woman", "sks man", "ana", "Elena", "zyx5char", "my-char", "bnkr7p woman"])
SPELT = st.sampled_from(
    [str, str.lower, str.upper, str.title, lambda t: f"{t}s", lambda t: f"{t}'s", lambda t: f"{t}, {t}", lambda t: f"{t} {t}",
     lambda t: t.replace(" ", "_"), lambda t: f"{t[:-2]} {t[-2:]}", lambda t: f"{t}woman", lambda t: f"_{t}_",
     lambda t: "a woman"]
)  # fmt: skip
REST = st.lists(st.sampled_from(["on a pier", "banana", "at dawn", "under a lamp", "wide shot"]), max_size=3, unique=True)


@given(TRIGGERS, st.lists(SPELT, max_size=3), REST, st.sampled_from([", ", " ", ". "]))
def test_after_fix_it_stands_there_right_and_nothing_else_is_lost(trigger, spelt, rest, mark):
    caption = mark.join([*(one(trigger) for one in spelt), *rest])
    found = check("a.txt", caption, trigger)
    assume(found.unjudged is None)
    rewritten, again = found.rewritten, check("a.txt", found.rewritten, trigger)
    assert again.problems == ()
    assert again.rewritten == rewritten
    assert 1 <= len(exact(rewritten, trigger)) <= max(1, len(exact(caption, trigger)), len(spelt))
    assert all(re.search(rf"\b{part}\b", rewritten, re.IGNORECASE) for part in rest)
