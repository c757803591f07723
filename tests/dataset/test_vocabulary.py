"""Rare words by class, each where it tells of a person and where it does not."""

from __future__ import annotations

import pytest

from fluxdiag.dataset.finding.spans import find_spans


def found(caption: str) -> list[tuple[str, str]]:
    return [(span.text, span.kind) for span in find_spans(caption)]


@pytest.mark.parametrize(
    ("caption", "spans"),
    [
        ("A grizzled man sits on a bench.", [("grizzled", "hair")]),
        ("A good-looking man sits on a bench.", [("good-looking", "face")]),
        ("A dumpy woman sits on a bench.", [("dumpy", "body")]),
        ("He is corpulent.", [("corpulent", "body")]),
        ("A spectacled boy sits on a bench.", [("spectacled", "accessory")]),
        ("A wizened apothecary stands at a counter.", [("wizened", "face")]),
        ("Kofi selling bread from a blue cart, a gamcha, crimson fruit", [("a gamcha", "accessory")]),
        ("1girl, solo, ankle boot, park", [("ankle boot", "clothing")]),
        ("a man with a pegleg on a pier", [("a pegleg", "accessory")]),
        ("a woman with cropped fair hair", [("cropped fair hair", "hair")]),
        ("His eyes are grey-green.", [("His eyes are grey-green", "eyes")]),
        ("His face is pinched.", [("His face is pinched", "face")]),
        ("portrait of a woman, 34, street", [("34", "age")]),
    ],
)
def test_rare_words_tell_of_the_person(caption: str, spans: list[tuple[str, str]]) -> None:
    assert found(caption) == spans


@pytest.mark.parametrize(
    "caption",
    [
        "A dumpy pillow lies on a bench.",
        "A stubby candle burns on a table.",
        "A woman is kneeling beside a horse, wrapping a bandage around its leg.",
        "A single glove lies on the pavement.",
        "a good-looking car on a street",
        "At his feet lies a white cushion.",
        "A woman crouches beside a borzoi in a jewelled collar.",
        "photo of two men, 3, street",
        "a woman, 50 mm lens, street",
    ],
)
def test_the_same_words_of_a_thing_do_not(caption: str) -> None:
    assert found(caption) == []
