"""Captions that are not English are said to be unjudged, never called clean; English ones with a foreign word are judged."""

import pytest
from typer.testing import CliRunner

from fluxdiag.captions import check, lint
from fluxdiag.commands.captions import app
from fluxdiag.dataset.audit.checks import not_assessed
from fluxdiag.dataset.audit.photoset import PhotoSet
from photo_folders import audited, picture

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


SHORT = {
    "ohwx woman mit langen Haaren": "German",
    "ohwx woman mit Brille und Hut": "German",
    "ohwx woman steht in der Küche": "German",
    "ohwx frau am Strand": "German",
    "ohwx femme aux cheveux roux, portant une robe": "French",
    "ohwx woman avec un chapeau": "French",
    "ohwx woman con sombrero": "Spanish",
    "ohwx woman de pelo largo": "Spanish",
    "ohwx woman met een hoed": "Dutch",
    "ohwx woman com chapéu": "Portuguese",
}


@pytest.mark.parametrize("caption", SHORT)
@pytest.mark.parametrize("trigger", ["ohwx", "ohwx woman"])
def test_the_trigger_and_its_noun_say_nothing_of_the_language(caption, trigger):
    assert SHORT[caption] in (check("a.txt", caption, trigger).unjudged or "")


@pytest.mark.parametrize(
    "caption",
    [
        "ohwx woman, fisherman's hat, 60s, sunset",
        "ohwx woman at Comic Con",
        "ohwx woman, Comic Con, red hair",
        "ohwx woman, comic con, red hair",
        "ohwx woman, wooden hut, loose strand, visage",
        "ohwx woman, yin yang tattoo",
        "ohwx woman, Rio de Janeiro",
        "ohwx woman in Las Vegas",
        "ohwx woman on a MIT campus",
        "ohwx woman with a Frau Holle book in the snow",
        "ohwx woman",
        "ohwx woman smiling",
    ],
)
def test_short_english_is_judged(caption):
    assert check("a.txt", caption, "ohwx woman").unjudged is None


# ------------------------------------------------------------------------------------------------ sets


def made(folder, *captions):
    for number, caption in enumerate(captions):
        picture(number).save(folder / f"{number}.png")
        (folder / f"{number}.txt").write_text(caption, encoding="utf-8")
    return folder


GERMAN = ("ohwx woman mit langen Haaren", "ohwx woman mit Brille", "ohwx woman trägt ein Kleid")
SETS = {
    "none judged": (GERMAN, 3, "0 of 0 judged captions describe the character; 3 more not judged: "
                               "too few were judged to call this set clean"),
    "the rest is in the same language": ((*GERMAN, "ohwx woman tanzt"), 3, "; 4 more not judged: too few"),
    "what was found is told": ((*GERMAN, "ohwx woman, red hair"), 1, "1 of 1 judged captions describe the character; 3 more"),
    "few judged": ((*GERMAN, "ohwx woman in a park"), 3, "0 of 1 judged captions describe the character; 3 more"),
    "most judged": (("ohwx woman in a park", "ohwx woman at sea", GERMAN[0]), 0, "; 1 more not judged"),
    "alone it is English": (("ohwx woman tanzt", "ohwx woman at sea", "ohwx woman in a park"), 0, "0 of 3 captions describe"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SETS)
def test_a_set_of_which_little_was_judged_does_not_read_as_clean(tmp_path, kind):
    captions, code, says = SETS[kind]
    run = CliRunner().invoke(app, ["lint", str(made(tmp_path, *captions)), "--trigger", "ohwx woman"])
    assert run.exit_code == code
    assert says in run.stderr.splitlines()[-1]


def test_captions_that_are_no_text_were_not_judged_either(tmp_path):
    made(tmp_path, "ohwx at sea", "", "")
    for name in ("1.txt", "2.txt"):
        (tmp_path / name).write_bytes("ohwx with red hair".encode("utf-16"))
    assert lint(tmp_path, "ohwx").few_judged
    run = CliRunner().invoke(app, ["lint", str(tmp_path), "--trigger", "ohwx"])
    assert (run.exit_code, run.stderr.splitlines()[-1]) == (
        3, "0 of 1 captions describe the character; 2 cannot be read: too few were judged to call this set clean",
    )  # fmt: skip


def test_the_audit_says_that_it_has_not_read_them(tmp_path):
    found = audited(made(tmp_path, *GERMAN, "ohwx woman tanzt", "ohwx woman at sea"))
    assert found.not_assessed["described-looks"] == "4 of 5 captions are not in English, and not judged"
    assert found.described == (0, 1)
    assert "described-looks" not in not_assessed(PhotoSet(()))
