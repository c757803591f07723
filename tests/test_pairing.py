"""Each condition alone forbids laying two runs side by side; what may have moved a number is remarked on; the rest is silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from fluxdiag.errors import RunMismatch
from fluxdiag.pairing import refuse_incomparable, remarks
from fluxdiag.records import Fact, Photo
from fluxdiag.runs import Run
from simulated import HEALTHY, Simulation, Truth


def run_of(folder: Path, case: dict[str, object], gather: dict[str, object]) -> Run:
    """The two records that pairing reads, with these fields changed."""
    made = Simulation(folder, Truth(HEALTHY))
    made.run.write(made.run.case_file, made.case().model_copy(update=case))
    made.run.write(made.run.gather_file, made._info(0).model_copy(update={"clip_model": "one", **gather}))
    return made.run


def pair_of(folder: Path, case: dict[str, object] | None = None, gather: dict[str, object] | None = None) -> tuple[Run, Run]:
    """(new, old): the old one is plain, the new one has the changes."""
    return run_of(folder / "new", case or {}, gather or {}), run_of(folder / "old", {}, {})


PHOTOS = Simulation(Path("unused"), Truth(HEALTHY)).case().references

REFUSED = {
    "probes": [({}, {"suite": "full"}), ({}, {"suite_sha256": "f" * 64})],
    "base": [({"base": "someone/else"}, {})],
    "sampler": [
        ({}, {"resolution": (128, 96)}),
        ({}, {"resolution": (96, 128)}),
        ({}, {"steps": 8}),
        ({}, {"guidance": 1.0}),
        ({}, {"precision": "bfloat16"}),
    ],
    "face model": [({}, {"face_pack": "other"}), ({}, {"smallest_face": 65})],
    "references": [
        ({"references": ()}, {}),
        ({"references": PHOTOS[1:]}, {}),
        ({"references": (Photo(path="r0.png", sha256="another"), *PHOTOS[1:])}, {}),
        ({}, {"reference_faces": 7}),
    ],
    "class word": [({"class_word": Fact(value="man", source="header")}, {})],
}


@pytest.mark.parametrize(("what", "case", "gather"), [(what, *changes) for what in REFUSED for changes in REFUSED[what]])
def test_whatever_gives_a_number_another_meaning_is_refused_alone_and_by_name(tmp_path, what, case, gather):
    for new, old in (pair_of(tmp_path / "a", case, gather), pair_of(tmp_path / "b", case, gather)[::-1]):
        with pytest.raises(RunMismatch) as refused:
            refuse_incomparable(new, old)
        assert f"these differ: {what} (" in str(refused.value)
        assert str(refused.value).count(" before, ") == 1, "nothing else is named"


def test_a_refusal_says_which_run_had_what(tmp_path):
    new, old = pair_of(tmp_path, {"base": "someone/else"}, {"steps": 8})
    with pytest.raises(RunMismatch) as refused:
        refuse_incomparable(new, old)
    assert refused.value.where == str(old.folder)
    said = str(refused.value)
    assert f"cannot be compared with {new.folder}, for these differ: base (/nowhere before, someone/else now), " in said
    assert "96x96, 20 steps, guidance 3.5, float32 before, 96x96, 8 steps, guidance 3.5, float32 now" in said


COMPARABLE = {
    "the LoRA's own settings": ({"settings": {}, "photos": (), "trigger": None, "description": "red hair"}, {}),
    "the same photos in another order": ({"references": PHOTOS[::-1]}, {}),
    "the same photos elsewhere": ({"references": tuple(photo.model_copy(update={"path": "x"}) for photo in PHOTOS)}, {}),
    "the same word from elsewhere": ({"class_word": Fact(value="woman", source="captions")}, {}),
    "another speed": ({}, {"seconds": {"sampling": 9.0}, "face_provider": "CUDAExecutionProvider"}),
}


@pytest.mark.parametrize("kind", COMPARABLE)
def test_what_changes_no_meaning_is_neither_refused_nor_remarked_on(tmp_path, kind):
    new, old = pair_of(tmp_path, *COMPARABLE[kind])
    refuse_incomparable(new, old)
    refuse_incomparable(old, new)
    assert remarks(new, old) == ()


REMARKED = {
    "The strength differs: 1.0 before, 0.8 now": ({"strength": 0.8}, {}),
    "The device differs: cpu before, cuda now": ({}, {"device": "cuda"}),
    "The batch differs: 4 before, 1 now": ({}, {"batch": 1}),
    "The CLIP model differs: one before, none now": ({}, {"clip_model": "none"}),
    "The library versions differ: none noted before, peft 1, torch 2 now": ({}, {"versions": {"torch": "2", "peft": "1"}}),
}


@pytest.mark.parametrize("sentence", REMARKED)
def test_what_may_have_moved_a_number_is_remarked_on_and_not_refused(tmp_path, sentence):
    new, old = pair_of(tmp_path, *REMARKED[sentence])
    refuse_incomparable(new, old)
    assert remarks(new, old) == (sentence,)
