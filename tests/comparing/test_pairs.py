"""What two runs have in common, and likeness prompt by prompt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from fluxdiag.comparing.changes import Pair, changes
from fluxdiag.comparing.pairs import PAIRED, by_prompt, paired, same_pictures, side_by_side
from fluxdiag.instruments.tables import MEASURABLE, SHOT_COLUMNS, Tables, load_tables
from fluxdiag.measure import measured
from fluxdiag.records import Stopped
from fluxdiag.registry import instruments

EARLY = Stopped(prompts=4, of=8, pictures=80, of_pictures=168, left_out=(), weights="")


@pytest.fixture(scope="module")
def run(before) -> Tables:
    """It has every arm, those with the description too."""
    return load_tables(before)


@pytest.fixture
def only_identity(monkeypatch) -> None:
    """For leaving each prompt out of all instruments takes its time."""
    kept = [one for one in instruments() if one.name == "identity"]
    monkeypatch.setattr("fluxdiag.comparing.changes.instruments", lambda: kept)


def lost(tables: Tables, shots: pd.Series) -> Tables:
    """The same run, but for the faces of these shots."""
    outcomes = tables.shots["outcome"].where(~shots, "no-face")
    faces = {shot: face for shot, face in tables.faces.items() if shot not in set(tables.shots.loc[shots, "id"])}
    return replace(tables, shots=tables.shots.assign(outcome=outcomes), faces=faces)


def hardest(tables: Tables) -> pd.Series:
    """Those shots with the trigger, at any strength, whose prompts show the person least."""
    prompts = by_prompt("identity.trigger", tables).nsmallest(2).index
    return (tables.shots["arm"] == "trigger") & tables.shots["prompt_id"].isin(prompts)


def one_seed(tables: Tables) -> pd.Series:
    """A picture of each prompt with the trigger, and of one group."""
    shots = tables.shots
    first = ~shots.duplicated(["arm", "variant", "prompt_id"])
    group = shots["prompt_id"] == shots.loc[shots["kind"] == "group", "prompt_id"].iloc[0]
    return first & ((shots["arm"] == "trigger") | ((shots["arm"] == "others") & group))


@pytest.mark.parametrize("id_", PAIRED)
def test_the_mean_over_prompts_is_what_the_instrument_measures(run, before, id_):
    assert np.mean(by_prompt(id_, run).dropna()) == pytest.approx(before.evidence().measurements[id_].value)


@pytest.mark.parametrize("fewer", [hardest, one_seed])
def test_a_face_that_one_run_lost_changes_no_likeness_and_is_counted(run, fewer):
    """The pictures are the same but for the lost faces, so nothing else may seem to have changed."""
    pair = Pair(*side_by_side(run, lost(run, fewer(run))))

    likeness = {key: pair.change(key)[0] for key in (*PAIRED, "strength.more", "identity.floor")}
    faces, _ = pair.change("faces.measurable.trigger")

    assert {(one.low, one.high) for one in likeness.values()} == {(0, 0)}
    assert faces.value < 0


@pytest.mark.parametrize("fewer", [hardest, one_seed])
@pytest.mark.parametrize("key", PAIRED)
def test_the_gate_says_the_same_of_lost_faces(run, fewer, key):
    found = paired(key, lost(run, fewer(run)), run)
    assert (found.value, found.low, found.high) == (0, 0, 0)


@pytest.mark.parametrize("key", PAIRED)
def test_the_gate_and_compare_say_the_same(compared, before, after, key):
    gate = paired(key, load_tables(after), load_tables(before))
    own = {changed.key: changed for changed in compared.changes}.get(key)

    assert (own is None or own.change is None) == isinstance(gate, str)
    assert isinstance(gate, str) or own.change == gate


def test_each_runs_own_numbers_stand_beside_the_change(run, only_identity):
    poorer = lost(run, hardest(run))
    then, now = measured(run), measured(poorer)

    (found,) = (one for one in changes(run, poorer, then, now) if one.key == "identity.trigger")

    assert (found.before, found.after) == (then.get("identity.trigger"), now.get("identity.trigger"))
    assert (found.before.n, found.after.n, found.change.n) == (8, 6, 6)


def test_too_few_prompts_in_common_are_a_reason_and_no_number(run, only_identity):
    prompts = sorted(set(run.arm("trigger")["prompt_id"]))
    first, second = (
        lost(run, (run.shots["arm"] == "trigger") & ~run.shots["prompt_id"].isin(kept)) for kept in (prompts[:5], prompts[3:])
    )
    told = changes(first, second, measured(first), measured(second))
    (found,) = (one for one in told if one.key == "identity.trigger")

    assert (found.change, found.state) == (None, "unclear")
    assert found.why == "only 2 prompts could be measured in both runs, at least 3 are needed"


def test_likeness_that_too_few_prompts_show_in_both_runs_is_no_number_by_leaving_out_either(run):
    strengths = run.shots["variant"] == "strength-1.5"
    prompts = sorted(set(run.shots.loc[strengths, "prompt_id"]))
    first, second = (lost(run, strengths & ~run.shots["prompt_id"].isin(kept)) for kept in (prompts[:5], prompts[3:]))
    why, is_paired = Pair(*side_by_side(first, second)).change("strength.more")
    assert not is_paired
    assert why.startswith("of what both runs show: only 2 prompts")


def test_pictures_stay_of_which_the_other_run_lost_the_face(run):
    poorer = lost(run, hardest(run))
    one, other = side_by_side(run, poorer)
    assert (len(one.shots), len(other.shots)) == (len(run.shots), len(run.shots))
    assert one.faces.keys() == other.faces.keys() == poorer.faces.keys() & set(run.shots["id"])
    assert one.shots["outcome"].isin(MEASURABLE).sum() > other.shots["outcome"].isin(MEASURABLE).sum()


@pytest.mark.parametrize("key", ["identity.trigger", "bleed.class", "consistency.trigger", "trigger.effect"])
def test_a_run_that_stopped_early_is_paired_over_the_same_prompts(run, key):
    prompts = sorted(set(run.arm("trigger")["prompt_id"]))[:4]
    shots = run.shots[(run.shots["kind"] != "person") | run.shots["prompt_id"].isin(prompts)]
    early = replace(run, shots=shots, gather=run.gather.model_copy(update={"stopped": EARLY}))

    for new, old in ((early, run), (run, early)):
        found = paired(key, new, old)
        assert (found.value, found.low, found.high, found.n) == (0, 0, 0, 4)


def test_the_same_pictures_are_told_by_faces_clip_and_outcome(run):
    a_face, a_picture = next(iter(run.faces)), run.shots["id"].iloc[0]
    others = [
        replace(run, faces=run.faces | {a_face: -run.faces[a_face]}),
        replace(run, clip=run.clip | {a_picture: -run.clip[a_picture]}),
        replace(run, shots=run.shots.assign(outcome=run.shots["outcome"].where(run.shots["id"] != a_picture, "several"))),
        replace(run, shots=run.shots.iloc[1:]),
    ]
    assert same_pictures(run, replace(run, shots=run.shots.iloc[::-1]))
    assert [same_pictures(run, other) for other in others] == [False] * 4
    unseen = replace(run, faces={}, clip={})
    assert not same_pictures(unseen, unseen), "nothing is known of them"


@pytest.mark.parametrize("key", ["faces.measurable.trigger", "obedience.background", "obedience.outfit", "bleed.animal"])
def test_of_the_same_pictures_shares_too_are_known_to_be_the_same(run, key):
    change, _ = Pair(run, run).change(key)
    assert (change.low, change.high) == (0, 0)


def test_prompts_that_answer_alike_are_told_from_prompts_that_cancel(run):
    def without_face(prompt: int) -> Tables:
        prompts = sorted(set(run.arm("trigger")["prompt_id"]))
        return lost(run, (run.shots["arm"] == "trigger") & (run.shots["prompt_id"] == prompts[prompt]))

    for other, alike in ((without_face(0), True), (without_face(1), False)):
        pair = Pair(*side_by_side(without_face(0), other))
        change, _ = pair.change("faces.measurable.trigger")
        assert (change.value, pair.answered_alike("faces.measurable.trigger")) == (0, alike)


# ------------------------------------------------------------------------------------------------ simulated


def faces_at(rng: np.random.Generator, person: np.ndarray, cosines: np.ndarray) -> np.ndarray:
    """(prompts, seeds, dim): faces at these cosines (prompts, seeds) to the person."""
    cosines = np.clip(cosines, -1, 1)
    noise = rng.normal(size=(*cosines.shape, len(person)))
    noise -= (noise @ person)[..., None] * person
    noise /= np.linalg.norm(noise, axis=-1, keepdims=True)
    return cosines[..., None] * person + np.sqrt(1 - cosines**2)[..., None] * noise


def made_up(like: Tables, arms: dict[str, np.ndarray], references: np.ndarray, no_face: tuple[int, ...] = ()) -> Tables:
    """Tables of these faces by arm; at the prompts `no_face` the trigger shows none."""
    rows, faces = [], {}
    for arm, found in arms.items():
        for prompt, seed in np.ndindex(found.shape[:2]):
            shot, gone = f"{arm}-{prompt}-{seed}", arm == "trigger" and prompt in no_face
            rows.append((shot, arm, f"p{prompt}", "", "person", seed, arm != "base", "full", "no-face" if gone else "ok"))
            faces |= {} if gone else {shot: found[prompt, seed][None].astype(np.float32)}
    shots = pd.DataFrame(rows, columns=list(SHOT_COLUMNS))
    return replace(like, shots=shots, faces=faces, references=references.astype(np.float32), clip={}, labels={}, losses=None)


@pytest.mark.parametrize("lost_are", ["none", "any", "hardest"])
def test_of_two_equal_loras_the_interval_holds_nought_whichever_faces_one_of_them_lost(run, lost_are):
    """Prompts differ by .18 in cosine, pictures by .05; two of eight prompts lose their face in the second run."""
    rng, held, found = np.random.default_rng(5), [], []
    for _ in range(80):
        person = rng.normal(size=64)
        person /= np.linalg.norm(person)
        likely = 0.45 + rng.normal(0, 0.18, (8, 1))
        gone = {"none": (), "any": (0, 1), "hardest": tuple(np.argsort(likely[:, 0])[:2])}[lost_are]
        base, references = faces_at(rng, person, rng.normal(0, 0.05, (8, 2))), faces_at(rng, person, np.full((1, 8), 0.75))[0]
        arms = [{"base": base, "trigger": faces_at(rng, person, likely + rng.normal(0, 0.05, (8, 2)))} for _ in range(2)]
        change, _ = Pair(*side_by_side(made_up(run, arms[0], references), made_up(run, arms[1], references, gone))).change(
            "identity.trigger"
        )
        held.append(change.low <= 0 <= change.high)
        found.append((change.value, change.high - change.value))
    bias, half = np.mean(found, axis=0)
    assert 0.88 <= np.mean(held) <= 1
    assert abs(bias) < 0.02
    assert half < 0.09, "prompts that are compared with themselves do not add their own spread"
