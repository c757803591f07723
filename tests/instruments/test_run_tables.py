"""What of a run folder becomes a table: which faces are high enough, what belongs together, and what two runs have in common."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from fluxdiag.errors import RunMismatch
from fluxdiag.instruments.likeness import likeness
from fluxdiag.instruments.tables import Tables, common, load_tables
from fluxdiag.records import FaceReading, Gap, Measurement
from fluxdiag.runs import Run, write_arrays
from simulated import HEALTHY, HEALTHY_GAINS, Truth, gathered

HIGH = 64
"""px from which a face of the simulation is measurable"""


@pytest.fixture
def run(tmp_path) -> Run:
    return gathered(tmp_path, Truth(HEALTHY, HEALTHY_GAINS, photos=5))


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Tables:
    return load_tables(gathered(tmp_path_factory.mktemp("whole"), Truth(HEALTHY, HEALTHY_GAINS, photos=5)))


# ------------------------------------------------------------------------------------------------ faces

FACES = [
    ("person", "ok", (80,), [0]),
    ("person", "ok", (HIGH - 1,), [0]),  # whom gathering called measurable
    ("person", "several", (80, HIGH, HIGH - 1), [0, 1]),
    ("person", "several", (HIGH - 1, 80), [0, 1]),
    ("person", "several", (80, HIGH - 1, 80), [0, 2]),
    ("person", "small", (HIGH - 1,), None),
    ("person", "small", (HIGH - 1, HIGH), [1]),
    ("person", "profile", (80, 10), [0]),
    ("man", "ok", (HIGH - 1,), [0]),
    ("group", "ok", (80, HIGH - 1, HIGH), [0, 2]),
    ("group", "several", (HIGH - 1, 80), [1]),
    ("group", "ok", (HIGH - 1,), None),
    ("person", "no-face", (), None),
]


@pytest.mark.parametrize(("kind", "outcome", "heights", "rows"), FACES)
def test_of_each_picture_the_faces_that_are_high_enough_are_kept(run, kind, outcome, heights, rows):
    """The largest of a measurable picture of one person always is: gathering has chosen it already."""
    first, *rest = run.shots()
    faces = tuple(FaceReading(box=(0, 0, height, height), score=0.9, height=height, yaw=0.0) for height in heights)
    run.write_shots((first.model_copy(update={"kind": kind, "outcome": outcome, "faces": faces}), *rest))
    found = np.random.default_rng(0).normal(size=(len(heights), 64)).astype(np.float32)
    arrays = {key: array for key, array in run.arrays("faces").items() if key != first.id}
    write_arrays(run.arrays_folder / "faces.npz", arrays | ({first.id: found} if heights else {}))

    kept = load_tables(run).faces.get(first.id)

    assert (kept is None) == (rows is None)
    if kept is not None:
        assert np.array_equal(kept, found[rows])


@pytest.mark.parametrize("count", [0, 2])
def test_embeddings_of_another_number_of_faces_belong_to_another_gathering(run, count):
    first = next(shot for shot in run.shots() if len(shot.faces) == 1)
    write_arrays(run.arrays_folder / "faces.npz", run.arrays("faces") | {first.id: np.zeros((count, 64), np.float32)})
    with pytest.raises(RunMismatch, match=rf"does not hold every face of shot {first.id} \(1\)"):
        load_tables(run)


@pytest.mark.parametrize("place", [0, 3, 7])
def test_a_reference_whose_numbers_are_none_goes_alone_and_that_is_said(run, place):
    """In the first place it drove out all the others, and likeness was silently that to the trigger's own pictures."""
    file = run.arrays_folder / "references.npz"
    arrays = run.arrays("references")
    sound, arrays["embeddings"][place] = np.delete(arrays["embeddings"], place, axis=0), np.nan
    assert load_tables(run).gather.gaps.keys() == set()
    write_arrays(file, arrays)
    found = load_tables(run)
    assert (found.references == sound).all()
    assert found.gather.gaps["references"].startswith("1 of 8 faces came out of the face pack as numbers that are none")
    for tables in (found, dataclasses.replace(found, references=arrays["embeddings"])):
        assert (likeness(tables).references == sound.astype(np.float64)).all()


# ------------------------------------------------------------------------------------------------ CLIP, labels, losses


def test_tables_hold_what_was_gathered_and_a_run_without_its_arrays_has_none(run):
    tables, shots = load_tables(run), run.shots()
    told = ["id", "arm", "prompt_id", "prompt", "kind", "seed", "lora", "variant", "outcome"]
    assert tables.shots.to_dict("records") == [{name: getattr(shot, name) for name in told} for shot in shots]
    assert np.array_equal(tables.references, run.arrays("references")["embeddings"])
    assert tables.references.shape == (8, 64)
    assert tables.photos().shape == (5, 64)
    assert set(tables.labels) == {"background", "light", "framing", "outfit"}
    assert all(len(texts) == len(vectors) > 1 for texts, vectors in tables.labels.values())
    assert tables.losses is not None
    for name in ("clip", "losses", "labels", "references"):
        (run.arrays_folder / f"{name}.npz").unlink()
    without = load_tables(run)
    assert (without.clip, without.labels, without.losses, without.captionless) == ({}, {}, None, None)
    assert (len(without.photos()), len(without.references)) == (0, 0)


def test_losses_of_no_photo_are_none(run):
    write_arrays(run.arrays_folder / "losses.npz", {key: array[:0] for key, array in run.arrays("losses").items()})
    assert load_tables(run).losses is None


@pytest.mark.parametrize("column", ["photo", "split", "prompt", "sigma", "noise", "lora", "loss", "face", "background"])
def test_losses_that_lack_a_column_belong_to_another_gathering(run, column):
    losses = run.arrays("losses")
    write_arrays(run.arrays_folder / "losses.npz", {key: array for key, array in losses.items() if key != column})
    with pytest.raises(RunMismatch, match=f"does not hold {column}"):
        load_tables(run)


def test_an_arm_is_its_pictures_with_one_variant_and_of_the_kinds_asked_for(whole):
    full = whole.arm("trigger")
    assert set(full["variant"]) == {"full"}
    assert set(full["arm"]) == {"trigger"}
    half = whole.arm("trigger", variant="strength-0.5")
    assert set(half["variant"]) == {"strength-0.5"}
    people = whole.arm("others", "man", "woman")
    assert set(people["kind"]) == {"man", "woman"}
    assert len(people) < len(whole.arm("others"))
    assert whole.arm("others", "person").empty


def test_an_arm_of_which_only_a_variant_was_drawn_is_none(whole):
    shots = whole.shots[(whole.shots["arm"] != "trigger") | (whole.shots["variant"] != "full")]
    without = dataclasses.replace(whole, shots=shots)
    assert whole.has("trigger")
    assert not without.has("trigger")
    assert not without.arm("trigger", variant="strength-0.5").empty
    assert not whole.has("moon")


# ------------------------------------------------------------------------------------------------ the captionless run

LIKENESS = Measurement(key="captionless.identity", value=0.6, low=0.5, high=0.7, n=8)
SAYS = {
    "lora_sha256": "0" * 64, "folder": "run-captionless", "photos": 15, "steps": 1000, "answer": "appears",
    "identity": LIKENESS.model_dump(), "reason": "none",
}  # fmt: skip
SHORT = SAYS | {"identity": None, "reason": "only 2 prompts show a face"}


UNREADABLE = Gap(key="captionless.identity", reason="captionless.json cannot be read (ValidationError)")
CAPTIONLESS = {
    "of this LoRA": (json.dumps(SAYS), LIKENESS),
    "of another": (json.dumps(SAYS | {"lora_sha256": "1" * 64}), None),
    "without a likeness": (json.dumps(SHORT), Gap(key="captionless.identity", reason="only 2 prompts show a face")),
    "cut off": (json.dumps(SAYS)[:40], UNREADABLE),
    "of another program": ("{}", UNREADABLE),
    "a list": ("[1]", UNREADABLE),
    "no measurement": (json.dumps(SAYS | {"identity": {"value": 1}}), UNREADABLE),
}


@pytest.mark.parametrize("kind", CAPTIONLESS)
def test_a_captionless_run_counts_where_it_was_made_for_this_very_lora(run, kind):
    text, expected = CAPTIONLESS[kind]
    (run.folder / "captionless.json").write_text(text)
    assert load_tables(run).captionless == expected


# ------------------------------------------------------------------------------------------------ two runs


@pytest.mark.parametrize("column", ["arm", "variant", "prompt_id", "seed"])
def test_pictures_that_differ_in_any_of_what_made_them_are_not_the_same(whole, column):
    """Either way round: of both runs the pictures alone stay that both have drawn."""
    last = whole.shots[column].iloc[-1]
    renamed = whole.shots[column].where(whole.shots[column] != last, -1 if column == "seed" else "another")
    other = dataclasses.replace(whole, shots=whole.shots.assign(**{column: renamed}))
    expected = whole.shots[whole.shots[column] != last]
    for found in (*common(whole, other), *common(other, whole)):
        assert found.shots.equals(expected)
        assert found.losses is whole.losses


def test_each_run_keeps_its_own_numbers_of_the_pictures_in_common(whole):
    other = dataclasses.replace(whole, shots=whole.shots.assign(outcome="no-face").iloc[::2])
    one, two = common(whole, other)
    assert one.shots.equals(whole.shots.iloc[::2])
    assert two.shots.equals(other.shots)
