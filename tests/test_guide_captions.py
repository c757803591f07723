"""The field guide's own two captions (its section on captions) through `captions fix`, with the trigger put in."""

import pytest
from typer.testing import CliRunner

from fluxdiag.commands.captions import app

BAD = "A woman with brown curly hair, green eyes, and freckles standing in a park"
GOOD = "MYCHAR01 standing in a park, sunny day, full body shot, photorealistic"
TAIL = ", sunny day, full body shot, photorealistic"
"""what the guide's good caption says of the picture beyond its bad one"""


def fixed(folder, caption, trigger="MYCHAR01"):
    """What stands in the new folder's caption file."""
    source = folder / "photos"
    source.mkdir()
    (source / "a.png").write_bytes(b"x")
    (source / "a.txt").write_text(caption, encoding="utf-8")
    run = CliRunner().invoke(app, ["fix", str(source), "--trigger", trigger, "--out", str(folder / "new")])
    assert run.exit_code == 0, run.output
    assert (source / "a.txt").read_text(encoding="utf-8") == caption
    return (folder / "new" / "a.txt").read_text(encoding="utf-8").removesuffix("\n")


def test_the_guides_bad_caption_becomes_the_beginning_of_its_good_one(tmp_path):
    """It says no more of the picture than the park, and nothing is made up."""
    assert fixed(tmp_path, BAD) == GOOD.removesuffix(TAIL)


def test_with_the_rest_of_the_picture_it_becomes_the_good_one_word_for_word(tmp_path):
    assert fixed(tmp_path, BAD + TAIL) == GOOD


def test_the_good_one_stays_word_for_word(tmp_path):
    assert fixed(tmp_path, GOOD) == GOOD


@pytest.mark.parametrize(
    "caption",
    [f"MYCHAR01, {BAD[0].lower()}{BAD[1:]}{TAIL}", f"MYCHAR01{BAD.removeprefix('A woman')}{TAIL}"],
    ids=["trigger before the sentence", "trigger as its subject"],
)
def test_a_trigger_that_is_there_already_is_not_put_in_twice(tmp_path, caption):
    assert fixed(tmp_path, caption) == GOOD


@pytest.mark.parametrize("trigger", ["ohwx", "zyx5char", "bnkr7p", "ohwx woman"])
def test_every_trigger_takes_the_persons_place(tmp_path, trigger):
    """Those that the guide recommends, and a phrase."""
    assert fixed(tmp_path, BAD + TAIL, trigger) == GOOD.replace("MYCHAR01", trigger)
