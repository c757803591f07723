"""What a whole set of captions shows: phrases that nearly every caption has are learnt as part of the trigger."""

import pytest
from typer.testing import CliRunner

from fluxdiag.commands.captions import app
from fluxdiag.dataset.habits import nowhere, repeated, set_problems

PLACES = ("a park", "the library at night", "fog", "a small kitchen", "snow", "a busy street", "his studio", "the woods")
LOOKS = "ohwx man with curly pink hair, green eyes, olive skin, an oval face, a beard and freckles, wearing a green hoodie, in"


def phrases(template: str, places: tuple[str, ...] = PLACES) -> list[str]:
    return [phrase for phrase, _ in repeated([template.format(place) for place in places], "ohwx man")]


REPEATED = {
    "a whole clause": ("ohwx man in {}, photorealistic", ["photorealistic"]),
    "runs that overlap are one": ("a blurry photo of ohwx man standing near the old stone bridge in {}",
                                  ["a blurry photo of", "standing near the old stone bridge in"]),
    "beside looks": ("ohwx man standing by a wooden table with his curly pink hair in {}", ["standing by a wooden table with"]),
    "not across the trigger or marks": ("photo of ohwx man in {}. Taken at noon", ["photo of", "taken at noon"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", REPEATED)
def test_what_every_caption_says_is_found_in_its_full_length(kind):
    template, found = REPEATED[kind]
    assert phrases(template) == found


SILENT = {
    "looks, which go anyway": LOOKS + " {}",
    "nothing": "ohwx man in {}",
    "half of a look": "ohwx man, a tall man with very long curly brown hair, in {}",
}


@pytest.mark.parametrize("kind", SILENT)
def test_what_tells_looks_is_no_habit(kind):
    assert phrases(SILENT[kind]) == []


def test_an_expression_stays_in_the_captions_so_it_is_a_habit():
    assert phrases("ohwx man smiling at the camera, in {}") == ["smiling at the camera"]


def test_letters_whose_lower_case_is_longer_are_no_crash():
    assert phrases("ohwx man, DİNNER AT HOME, in {}")


def test_what_four_in_five_say_is_not_yet_bound_to_the_trigger():
    template = "ohwx man in {}, photorealistic"
    captions = [template.format(place) for place in PLACES] + ["ohwx man", "ohwx man at sea"]
    assert repeated(captions, "ohwx man") == []


def test_all_of_them_are_one_line_that_says_what_to_do():
    captions = [f"photo of ohwx man in {place}. Taken at noon" for place in PLACES]
    (line,) = set_problems(captions, "ohwx man", PLACES)
    assert (
        line == "nearly every caption says 'photo of' (100%), 'taken at noon' (100%): learnt as part of the trigger, so vary it"
    )
    assert set_problems(captions[:4], "ohwx man", PLACES[:4]) == []


# ------------------------------------------------------------------------------------------------ a trigger that is nowhere


MEANT = {
    "weighted": ("ohwx woman in {}", "(ohwx:1.2)", "'ohwx woman' is in 8 of 8"),
    "a typo": ("ohwx woman in {}", "owhx woman", "'ohwx woman' is in 8 of 8"),
    "a typo, not in front": ("photo of MYCHAR01 in {}", "MYCHR01", "'MYCHAR01' is in 8 of 8"),
    "another": ("ohwx woman in {}", "zyx5char", "'ohwx woman' is in 8 of 8"),
    "none": ("a woman in {}", "ohwx woman", None),
    "a captioner's": ("arafed woman in {}", "ohwx woman", None),
}  # fmt: skip


@pytest.mark.parametrize("kind", MEANT)
def test_what_may_be_meant_by_a_trigger_that_is_in_no_caption(kind):
    template, trigger, says = MEANT[kind]
    told = nowhere([template.format(place) for place in PLACES], trigger)
    assert told == f"the trigger '{trigger}' is in none of the 8 captions" + (f"; {says}: did you mean that?" if says else "")


@pytest.mark.parametrize(("last", "each"), [("ohwx at sea", 0), ("(ohwx:1.2) at sea", 2), ("", 0)])
def test_it_is_told_once_where_no_caption_has_it(tmp_path, last, each):
    for number, text in enumerate(["ohwx woman in a park", "ohwx woman in fog", last]):
        (tmp_path / f"{number}.png").touch()
        (tmp_path / f"{number}.txt").write_text(text)
    run = CliRunner().invoke(app, ["lint", str(tmp_path), "--trigger", "(ohwx:1.2)"])
    assert run.stdout.count("trigger missing") == each
    assert ("is in none of the 3 captions" in run.stderr) == (each == 0)
