"""Captions that are not English are said to be unjudged, never called clean; English ones with a foreign word are judged."""

import pytest

from fluxdiag.captions import check

FOREIGN = {
    "Eine Frau mit langen braunen Haaren steht im Park": "German",
    "une femme aux cheveux bruns avec un manteau rouge": "French",
    "mujer con pelo rubio y ojos azules en la playa": "Spanish",
    "kobieta z długimi włosami i niebieskimi oczami": "Polish",
    "kvinna med långt hår och blå ögon på stranden": "Swedish",
    "en kvinde med langt hår og en rød jakke står på stranden": "Danish",
    "žena s dlouhými vlasy a modrýma očima stojí v parku": "Czech",
    "uzun saçlı kadın plajda duruyor": "",
    "phụ nữ tóc dài đứng trong công viên": "",
    "женщина с длинными волосами": "script",
    "長い髪の女性、青い目": "script",
    "امرأة بشعر طويل": "script",
}


@pytest.mark.parametrize("caption", FOREIGN)
def test_other_languages_are_not_judged_and_left_as_they_are(caption):
    found = check("a.txt", caption, "ohwx")
    assert found.unjudged is not None
    assert FOREIGN[caption] in found.unjudged
    assert (found.spans, found.rewritten) == ((), caption)


@pytest.mark.parametrize(
    "caption",
    [
        "ohwx woman at a café with a piñata, red hair",
        "1girl, café, crème brûlée, red hair, looking at viewer",
        "ohwx, red hair",
        "a woman in Málaga with red hair and a résumé in her hand",
    ],
)
def test_english_with_a_foreign_word_is_judged(caption):
    found = check("a.txt", caption, "ohwx")
    assert found.unjudged is None
    assert "red hair" in [span.text for span in found.spans]
