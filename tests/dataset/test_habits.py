"""What a whole set of captions shows: phrases that nearly every caption has are learnt as part of the trigger."""

import pytest

from fluxdiag.dataset.habits import repeated, set_problems

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
