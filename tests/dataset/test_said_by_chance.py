"""Words that end or stand as looks do and are none, and what a person does in their clothes: each beside its like that fires."""

import re
from pathlib import Path

import pytest

import fluxdiag.dataset.finding as finding
from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.rewriting.rewrite import without_appearance

FOUND = {
    "He is engaged in conversation.": [],
    "ohwx man is splashed by a wave.": [],
    "ohwx woman is clipped to a rope.": [],
    "A middleaged, barelegged man, aged and bearded.": ["middleaged", "barelegged", "aged", "bearded"],
    "a red haired woman": ["red haired"],
    "old photo of ohwx woman from the late 1990s": [],
    "early 2000s digital photo of ohwx woman": [],
    "ohwx woman confident in her abilities": [],
    "A woman in her late 30s or early 40s": ["in her late 30s or early 40s"],
    "She is in her mid-twenties.": ["in her mid-twenties"],
    "ohwx woman, 25 y/o, beach": ["25 y/o"],
    "ohwx woman, 25 years of age, beach": ["25 years of age"],
    "The woman in front is petite.": ["petite"],
    "The woman in the back is petite.": ["petite"],
    "The chair in front is petite.": [],
    "She braces herself against the fender.": [],
    "She wears braces on her teeth.": ["braces on her teeth"],
    "The children lean in to see it, and the boys, all of them, lean in to hear.": [],
    "The man, lean in build, waits.": ["lean"],
    "He works as he squints into the sun.": [],
    "1girl, squinting": ["squinting"],
    "ohwx at the airport before a red eye flight": [],
    "ohwx with one red eye": ["one red eye"],
    "ohwx woman <lora:blue_eyes_v2:0.8> <lora:red-dress:1> in a park": [],
}


@pytest.mark.parametrize(("caption", "wanted"), FOUND.items())
def test_found(caption: str, wanted: list[str]) -> None:
    assert [span.text for span in find_spans(caption)] == wanted


LEFT = {
    "ohwx, a woman": "ohwx, a woman",  # ends with another word for the character
    "ohwx in a red coat, a woman": "ohwx, a woman",
    "ohwx woman in a red gown turned to the side, studio": "ohwx woman turned to the side, studio",
    "ohwx woman in a cap turned to the side, studio": "ohwx woman, studio",
    "ohwx woman in a red dress turned from the camera": "ohwx woman turned from the camera",
    "ohwx man in a suit seated at the back of a church": "ohwx man seated at the back of a church",
    "ohwx woman in a sweater curled up, reading": "ohwx woman curled up, reading",
    "ohwx woman in a sweater rolled up, reading": "ohwx woman reading",
    "ohwx boy in striped pajamas tucked in bed": "ohwx boy tucked in bed",
    "ohwx boy in a shirt tucked into his trousers": "ohwx boy",
    "ohwx woman in a suit turned toward the window, her hand on the glass": (
        "ohwx woman turned toward the window, her hand on the glass"
    ),
    "ohwx man in a shirt pushed against a truck": "ohwx man pushed against a truck",
    "ohwx woman, ((red dress)), [long hair], {green eyes:1.2}, beach": "ohwx woman, beach",
    "ohwx woman with (long red hair:1.3) and (green eyes) on a beach": "ohwx woman on a beach",
    "A man in a coat waits... He runs!?": "A man waits... He runs!?",
}


@pytest.mark.parametrize(("caption", "left"), LEFT.items())
def test_left(caption: str, left: str) -> None:
    assert without_appearance(caption) == left


def test_every_room_is_on_the_map() -> None:
    folder = Path(finding.__file__).parent
    named = set(re.findall(r"\w+\.py", finding.__doc__ or ""))
    assert named == {file.name for file in folder.glob("*.py")} - {"__init__.py"}
