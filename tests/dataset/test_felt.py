"""Moods without a noun that says so, and what only sounds like one; shorthand of people who write captions by hand."""

import pytest

from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.rewriting.rewrite import without_appearance

MOODS = {
    "She turns toward the camera, delighted.": ["delighted"],
    "Pensive and relaxed, she leans on the wall.": ["Pensive and relaxed"],
    "ohwx man, cabin, snow, slightly annoyed, night": ["slightly annoyed"],
    "She sits down, surprised by a wave.": ["surprised"],
    "She stirs the pot at the stove, looking utterly exhausted.": ["utterly exhausted"],
    "A pilot in muddy boots appears worried as a helicopter burns.": ["muddy boots", "worried"],
    "He appears to be kinda seasick.": ["kinda seasick"],
    "She is sad and lonely.": ["sad and lonely"],
    "A confident businesswoman stands in a hall.": ["confident"],
    "She waits at the window, her expression grave.": ["her expression grave"],
    "She is on a scaffold, her brow knitted, spray can in hand.": ["her brow knitted"],
    "His head is bowed, his eyelids shut, and he listens.": ["his eyelids shut"],
    "There is a glint of mischief in his eyes.": ["a glint of mischief"],
    "She regards the viewer with undisguised disdain.": ["undisguised disdain"],
}
NO_MOODS = [
    "The image has a nostalgic, carefree, slightly faded quality.",
    "The even light makes the room look cheerful and welcoming.",
    "She is determined to reach the top.",
    "She looks at a proud lion.",
    "Calm, serene lake, mountains, morning",
    "A curious cat sits beside her, eager to play.",
    "She watches a bored clerk behind the counter, his expression grave.",
]


@pytest.mark.parametrize("caption", MOODS)
def test_a_mood_is_marked(caption):
    assert [span.text for span in find_spans(caption)] == MOODS[caption]


@pytest.mark.parametrize("caption", MOODS)
def test_a_mood_stays_unless_dropped(caption):
    for mood in MOODS[caption]:
        if mood != "muddy boots":
            assert mood in without_appearance(caption)


@pytest.mark.parametrize("caption", NO_MOODS)
def test_what_is_said_of_things_and_of_others_is_no_mood_of_the_character(caption):
    assert find_spans(caption) == ()


FOUND = {
    "A waxed jacket the color of wet bark hangs to his thighs.": ["A waxed jacket the color of wet bark hangs to his thighs"],
    "She has long hair the color of honey.": ["long hair the color of honey"],
    "ohwx woman, red nose from the cold, ice rink": ["red nose from the cold"],
    "a queen with auburn hair and a crown of ivy in front of a castle": ["auburn hair", "a crown of ivy"],
    "The elevator is clad in brushed steel.": [],
    "The man is clad in a steel helmet.": ["a steel helmet"],
    "A judge sits beneath a carved coat of arms.": [],
    "Rubber boots and a hat make up her outfit.": ["Rubber boots", "a hat", "her outfit"],
    "The kestrel's slate-blue wings are rendered in crisp focus.": [],
    "A wyvern with brown hair and blue eyes lies beside her.": [],
    "ohwx man hiking with a border collie, big grey backpack": ["big grey backpack"],
}
LEFT = {
    "ohwx in a park, blond hair w/ dark roots, brown labrador w/ tennis ball": "ohwx in a park, brown labrador w/ tennis ball",
    "ohwx man w/ a long beard and w/o a hat, at the beach w/ friends": "ohwx man at the beach w/ friends",
    "photo of ohwx w/brown hair and a red coat, sitting w/ a dog": "photo of ohwx sitting w/ a dog",
    "ohwx man w/ a beard, with his dog": "ohwx man with his dog",
    "b/w photo, 3/4 view of ohwx, f/2.8": "b/w photo, 3/4 view of ohwx, f/2.8",
}


@pytest.mark.parametrize("caption", FOUND)
def test_what_is_found_in_such_captions(caption):
    assert [span.text for span in find_spans(caption)] == FOUND[caption]


@pytest.mark.parametrize("caption", LEFT)
def test_what_is_left_of_captions_by_hand(caption):
    assert without_appearance(caption) == LEFT[caption]
