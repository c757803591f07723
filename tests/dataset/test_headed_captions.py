"""Captions in sections, as chat models write them: what each heading says of what stands under it, and what is left."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fluxdiag.dataset.bundles import whole
from fluxdiag.dataset.finding.sections import sections
from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.rewriting.rewrite import without_appearance

FOUND = {
    "- **Hair:** dark brown, pulled back into two tight braids - **Build:** lean and muscular": [
        "dark brown, pulled back into two tight braids",
        "lean and muscular",
    ],
    "Hair: brown, wavy. Setting: an office.": ["brown, wavy"],
    "**Hair:** She has long black hair. **Pose:** sitting on a chair": ["long black hair"],
    "**Hair:** not visible. **Pose:** sitting": [],
    "**Background:** a heavy bag, a ring and a coach in a gray tracksuit.": [],
    "**Clothing:** a red coat. **Background:** a rack with hats and shoes.": ["a red coat"],
    "**Mood:** her red coat glows in the dark.": ["her red coat glows in the dark"],  # speaks of the character all the same
    "Setting: a hat shop with a red dress in the window. Subject: a woman in a coat.": ["a coat"],
    "A man: a coat and a hat.": ["a coat", "a hat"],  # one colon is no heading
    "**Hair color:** auburn\n\n**Eye color:** green\n**Age:** 25\n**Ethnicity:** Korean": ["auburn", "green", "25", "Korean"],
    "**Hair:** Long, dark. Braided at the sides. **Setting:** a gym": ["Long, dark", "Braided at the sides"],
    "**Composition:** Medium shot of a woman in a blue dress.": ["a blue dress"],
    "**Setting:** The woman wears a red dress in a gym.": ["a red dress"],
    "**Background:** Two dancers in red leotards and their teacher.": [],
    "### Hair\nlong, red\n### Setting\na rack of hats": ["long, red"],
    "Hair - long and red\nSetting - a rack of hats": ["long and red"],
    "**Hair** - long. **Setting** - a rack of hats": ["long"],
    "*Hair:* long and red. *Setting:* a rack of hats": ["long and red"],
    "**Hair (top):** long. **Setting:** a rack of hats": ["long"],
    "Photo: a woman with red hair - long exposure - in a park": ["red hair"],
}


@pytest.mark.parametrize(("caption", "wanted"), FOUND.items())
def test_found(caption: str, wanted: list[str]) -> None:
    assert [span.text for span in find_spans(caption)] == wanted


LEFT = {
    # as `captions fix` reads lines
    whole("Style: photo\nSubject: a woman with red hair\nHair: long\nSetting: a park"): (
        "Style: photo, Subject: a woman, Setting: a park"
    ),
    whole("### Hair\nlong, red\n### Setting\nA gym."): "### Setting, A gym.",
    "This photograph captures a female boxer. - **Hair:** dark, in two braids - **Clothing:** a black sports bra, red shorts and"
    " red boxing gloves - **Background:** a heavy bag, a ring and a coach in a gray tracksuit. The image conveys strength.": (
        "This photograph captures a female boxer. - **Background:** a heavy bag, a ring and a coach in a gray tracksuit."
        " The image conveys strength."
    ),
    "**Hair:** dark brown, in two braids\n**Clothing:** a black bra\n**Background:** a ring.\n**Lighting:** soft": (
        "**Background:** a ring.\n**Lighting:** soft"
    ),
    "1. **Subject**: A young woman with freckles.\n2. **Background**: a closet with dresses.": (
        "1. **Subject**: A woman.\n2. **Background**: a closet with dresses."
    ),
    "Here is a description:\n\n* **Hair:** She has long hair.\n* **Pose:** She is sitting.": (
        "Here is a description:\n\n* **Pose:** She is sitting."
    ),
    "- Hair: dark brown\n- Outfit: black dress\n- Setting: a shop": "- Setting: a shop",
}


@pytest.mark.parametrize(("caption", "left"), LEFT.items())
def test_left(caption: str, left: str) -> None:
    assert without_appearance(caption) == left


PIECES = ["**Hair:**", "### Hair", "## Setting", "Hair:", "Setting -", "*Mood:*", "- ", "1. ", "\n", " ", ", ", ". ",
          "long red hair", "a gym", "a woman in a red coat", "She wears a hat", "**", "__", "#", "(top)", ":",
          "Subject:"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join) | st.text(max_size=40))
@example("Setting - **Hair:** Hair: Hair: She wears a hat .  Subject:")  # a heading in the blank behind another
@example("a woman, ¹")  # a digit to `str.isdigit`, and no number to `int`
@example("He's 10² here, about ²⁵, aged ③, ²5 years old")
def test_sections_are_the_whole_caption_and_any_is_rewritten(caption: str) -> None:
    found = sections(caption)
    assert not found or (found[0].start, found[-1].end) == (0, len(caption))
    assert all(one.start <= one.content <= one.end for one in found)
    assert all(one.end == after.start for one, after in pairwise(found))
    assert len(without_appearance(caption)) <= len(caption)
