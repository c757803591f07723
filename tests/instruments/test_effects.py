"""What is compared with what: every reading of likeness as arithmetic on the cosines of its arms, all of them known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from fluxdiag.diagnose import judge
from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.likeness import consistency, likeness, own_consistency
from fluxdiag.instruments.statistics import centroid, leave_one_out
from fluxdiag.instruments.tables import SHOT_COLUMNS, Tables
from fluxdiag.measure import measured
from fluxdiag.profiles import load_profile
from fluxdiag.records import Evidence, Fact, GatherInfo, Measurement, StepFormula
from simulated import HEALTHY, Simulation, Truth

EYE = np.eye(40)
REFERENCES = np.stack([0.9 * EYE[0] + np.sqrt(1 - 0.81) * EYE[axis] for axis in (1, 2, 3, 4)])
CENTRE = centroid(REFERENCES)
CEILING = float(leave_one_out(REFERENCES).mean())
CASE = Simulation("unused", Truth(HEALTHY)).case()

PERSON = {
    "base": 0.02, "class": 0.11, "trigger": 0.47, "trigger-base": 0.05, "description": 0.31, "description-base": 0.07,
    "both": 0.53,
}  # fmt: skip
OTHERS = {
    ("others", "woman"): 0.23, ("others-base", "woman"): 0.03, ("others", "man"): 0.17, ("others-base", "man"): 0.04,
    ("others", "group"): 0.29, ("others-base", "group"): 0.06,
}  # fmt: skip
KIND_OF_PERSON = {(arm, "person"): cosine for arm, cosine in PERSON.items()}


def face(cosine: float) -> np.ndarray:
    return (cosine * CENTRE + np.sqrt(1 - cosine**2) * EYE[39])[None]


def tables(
    arms: dict[tuple[str, str], float], prompts: int = 4, references: np.ndarray = REFERENCES, word: str = "woman"
) -> Tables:
    """(arm, kind of prompt) -> cosine to the person; every prompt a little off by the same amount in every arm."""
    rows, faces = [], {}
    for (arm, kind), cosine in arms.items():
        for number in range(prompts):
            name = f"{arm}-{kind}-{number}"
            faces[name] = face(cosine + 0.01 * (number - (prompts - 1) / 2))
            rows.append((name, arm, f"{kind}{number}", "", kind, 1, True, "full", "ok"))
    return Tables(
        case=CASE.model_copy(update={"class_word": Fact(value=word, source="option")}),
        gather=GatherInfo.model_construct(gaps={}, smallest_face=64, modules_adapted=1, delta_error=0.0, stopped=None),
        formula=StepFormula(per_image=100, plus=350),
        bands=load_profile("flux1-dev").bands,
        shots=pd.DataFrame(rows, columns=list(SHOT_COLUMNS)),
        faces=faces,
        references=references,
        clip={},
        labels={},
        losses=None,
    )


ARITHMETIC = {
    "identity.trigger": 0.47 - 0.02,
    "identity.class": 0.11 - 0.02,
    "identity.trigger-base": 0.05 - 0.02,
    "identity.description": 0.31 - 0.02,
    "identity.both": 0.53 - 0.02,
    "bleed.class": 0.11 - 0.02,
    "trigger.effect": (0.47 - 0.11) - (0.05 - 0.02),
    "description.effect": (0.31 - 0.11) - (0.07 - 0.02),
    "description.advantage": (0.31 - 0.07) - (0.47 - 0.05),
    "trigger.interaction": (0.53 - 0.31) - (0.47 - 0.11),
    "bleed.same-sex": 0.23 - 0.03,
    "bleed.other-sex": 0.17 - 0.04,
    "bleed.group": 0.29 - 0.06,
}


@pytest.mark.parametrize(("key", "difference"), ARITHMETIC.items())
def test_a_reading_is_the_difference_of_its_arms_on_the_subjects_scale(key, difference):
    found = measured(tables(KIND_OF_PERSON | OTHERS)).measurements[key]
    assert found.value == pytest.approx(difference / (CEILING - 0.02))
    assert (found.n, found.unit) == (4, "scale")
    assert found.high - found.low < 1e-9, "paired: what the prompts have in common cancels"


def test_floor_and_ceiling_are_cosines():
    found = measured(tables(KIND_OF_PERSON)).measurements
    assert found["identity.floor"].value == pytest.approx(0.02)
    assert found["identity.ceiling"].value == pytest.approx(CEILING)
    assert {found[key].unit for key in ("identity.floor", "identity.ceiling")} == {"cosine"}


SEXES = [
    ("woman", 0.20, 0.13), ("man", 0.13, 0.20), ("young Lady", 0.20, 0.13), ("boy", 0.13, 0.20), ("old actor", 0.13, 0.20),
    ("actress", 0.20, 0.13), ("girl", 0.20, 0.13), ("guy", 0.13, 0.20), ("female", 0.20, 0.13), ("male", 0.13, 0.20),
]  # fmt: skip


@pytest.mark.parametrize(("word", "same", "other"), SEXES)
def test_the_class_word_says_who_is_of_the_same_sex(word, same, other):
    found = measured(tables(KIND_OF_PERSON | OTHERS, word=word)).measurements
    values = [found[key].value * (CEILING - 0.02) for key in ("bleed.same-sex", "bleed.other-sex")]
    assert values == pytest.approx([same, other])


def test_without_an_arm_what_needs_it_is_a_gap_and_nothing_else_is():
    whole = measured(tables(KIND_OF_PERSON)).measurements.keys()
    for arm, lost in (
        ("both", {"identity.both", "trigger.interaction"}),
        ("description-base", {"description.effect", "description.advantage"}),
    ):
        less = measured(tables({key: cosine for key, cosine in KIND_OF_PERSON.items() if key[0] != arm}))
        assert whole - less.measurements.keys() == lost
        assert lost <= less.gaps.keys()


# ------------------------------------------------------------------------------------------------ the scale itself


@pytest.mark.parametrize(("given", "by_references"), [(2, False), (3, True), (4, True)])
def test_three_different_references_make_a_scale(given, by_references):
    assert likeness(tables(KIND_OF_PERSON, references=REFERENCES[:given])).by_references == by_references


@pytest.mark.parametrize(("cosine", "kept"), [(0.98, 3), (0.99, 2)])
def test_nearly_the_same_photo_counts_once(cosine, kept):
    """.979 was the most alike pair of honest photos."""
    twin = cosine * REFERENCES[0] + np.sqrt(1 - cosine**2) * EYE[7]
    found = likeness(tables(KIND_OF_PERSON, references=np.stack([REFERENCES[0], twin, REFERENCES[1]])))
    assert found.by_references == (kept == 3)


def test_without_references_and_with_two_prompts_nobody_is_there_to_compare_with():
    with pytest.raises(CannotMeasure, match="only 2 prompts with the trigger show a measurable face"):
        likeness(tables(KIND_OF_PERSON, prompts=2, references=np.zeros((0, 0))))
    assert not likeness(tables(KIND_OF_PERSON, prompts=3, references=np.zeros((0, 0)))).by_references


def test_without_references_the_triggers_images_are_one():
    person = likeness(tables(KIND_OF_PERSON, references=np.zeros((0, 0))))
    assert person.ceiling == pytest.approx(float(person.cosines("trigger").mean()))
    there = person.scale(person.cosines("trigger") - person.cosines("base"))
    assert float(there.mean()) == pytest.approx(1.0)


@pytest.mark.parametrize(("spread", "scaled"), [(0.105, True), (0.095, False)])
def test_a_floor_near_the_ceiling_makes_no_scale(spread, scaled):
    found = measured(tables(KIND_OF_PERSON | {("base", "person"): CEILING - spread}))
    assert ("identity.trigger" in found.measurements) == scaled
    assert scaled or "no scale to measure on" in found.gaps["identity.trigger"]
    assert {"identity.floor", "identity.ceiling"} <= found.measurements.keys()


def test_the_likeness_holds_the_chance_that_lies_in_the_references():
    """As if each photo in turn had not been given; of photos that are alike hardly anything hangs on one of them."""
    uneven = np.stack([c * EYE[0] + np.sqrt(1 - c**2) * EYE[axis] for axis, c in enumerate((0.95, 0.9, 0.5, 0.85), start=1)])
    widths = {}
    for name, references in (("alike", REFERENCES), ("uneven", uneven)):
        found = measured(tables(KIND_OF_PERSON, references=references)).measurements["identity.trigger"]
        widths[name] = found.high - found.low
        left = [measured(tables(KIND_OF_PERSON, references=np.delete(references, one, axis=0))) for one in range(4)]
        moved = np.ptp([one.measurements["identity.trigger"].value for one in left])
        assert (moved > 0.05) == (name == "uneven")
    assert widths["uneven"] > 3 * widths["alike"]


def test_a_pack_that_cannot_see_the_person_convicts_nobody():
    """Sameness stands in for likeness where there were no references, not where they make no scale."""
    sameness = {"consistency.trigger": Measurement(key="consistency.trigger", value=0.0, low=-0.1, high=0.1, n=8)}
    without_scale = measured(tables(KIND_OF_PERSON | {("base", "person"): CEILING - 0.05})).measurements
    assert judge(Evidence(measurements=without_scale | sameness, gaps={})).verdict == "undetermined"
    assert judge(Evidence(measurements=sameness, gaps={})).verdict == "faulty"


# ------------------------------------------------------------------------------------------------ the same person each time


def seeded(alike: dict[str, float], seeds: tuple[int, ...] = (1, 2)) -> Tables:
    """arm -> cosine of each of its faces to an axis that they share; what is left of each is its own."""
    rows, faces = [], {}
    for arm, cosine in alike.items():
        for number in range(4):
            for seed in seeds:
                name, own = f"{arm}-{number}-{seed}", EYE[1 + len(faces) % 39]
                faces[name] = (cosine * EYE[0] + np.sqrt(1 - cosine**2) * own)[None]
                rows.append((name, arm, f"p{number}", "", "person", seed, True, "full", "ok"))
    made = tables(KIND_OF_PERSON)
    return dataclasses.replace(made, shots=pd.DataFrame(rows, columns=list(SHOT_COLUMNS)), faces=faces)


def to_the_others(cosine: float, others: int) -> float:
    """Of one face to the mean direction of `others` such faces, each with an axis of its own."""
    return others * cosine**2 / np.sqrt((others * cosine) ** 2 + others * (1 - cosine**2))


@pytest.mark.parametrize(("seeds", "others"), [((1,), 3), ((1, 2), 3)])
def test_a_face_is_compared_with_those_of_other_prompts_and_other_seeds(seeds, others):
    found = own_consistency(seeded({"trigger": 0.8}, seeds), "trigger")
    assert list(found.index) == ["p0", "p1", "p2", "p3"]
    assert found.to_numpy() == pytest.approx(to_the_others(0.8, others))


def test_consistency_is_nought_at_the_bases_own_sameness_and_one_for_one_picture():
    found = measured(seeded({"trigger": 0.8, "base": 0.5, "trigger-base": 0.5})).measurements
    base, trigger = to_the_others(0.5, 3), to_the_others(0.8, 3)
    assert found["consistency.trigger"].value == pytest.approx((trigger - base) / (1 - base))
    assert found["consistency.trigger-base"].value == pytest.approx(0)
    one_picture = measured(seeded({"trigger": 1.0, "base": 0.5})).measurements["consistency.trigger"]
    assert one_picture.value == pytest.approx(1)


def test_a_base_that_paints_one_face_leaves_no_room_to_be_more_alike():
    found = measured(seeded({"trigger": 0.8, "base": 0.97}))
    assert "as alike as one person's (0.9" in found.gaps["consistency.trigger"]


# ------------------------------------------------------------------------------------------------ by loops


def painted_at_random(seed: int) -> Tables:
    """Two arms of five prompts and three seeds, and six references: faces like one another, and none like the next."""
    rng = np.random.default_rng(seed)
    rows, faces = [], {}
    for arm in ("trigger", "base"):
        for number, shot in np.ndindex(5, 3):
            name = f"{arm}-{number}-{shot}"
            faces[name] = random_face(rng)[None]
            rows.append((name, arm, f"p{number}", "", "person", shot, True, "full", "ok"))
    made = tables(KIND_OF_PERSON, references=np.stack([random_face(rng) for _ in range(6)]))
    return dataclasses.replace(made, shots=pd.DataFrame(rows, columns=list(SHOT_COLUMNS)), faces=faces)


def random_face(rng) -> np.ndarray:
    drawn = rng.normal(size=12) + 1.5 * np.eye(12)[0] * rng.uniform(0.5, 1.5)
    return drawn / np.linalg.norm(drawn)


def of_arm(made: Tables, arm: str) -> dict[tuple[str, int], np.ndarray]:
    return {(row.prompt_id, row.seed): made.faces[row.id][0] for row in made.shots.itertuples() if row.arm == arm}


def direction(vectors: list[np.ndarray]) -> np.ndarray:
    whole = sum(vectors)
    return whole / np.linalg.norm(whole)


def mean_by_prompt(values: dict[tuple[str, int], float]) -> list[float]:
    prompts = sorted({prompt for prompt, _ in values})
    return [float(np.mean([value for (own, _), value in values.items() if own == prompt])) for prompt in prompts]


@pytest.mark.parametrize("seed", range(4))
def test_likeness_is_what_loops_over_faces_find(seed):
    made = painted_at_random(seed)
    person, references = likeness(made), list(made.references)
    for arm in ("trigger", "base"):
        expected = mean_by_prompt({place: float(face @ direction(references)) for place, face in of_arm(made, arm).items()})
        assert person.cosines(arm).to_numpy() == pytest.approx(expected)
    assert person.floor == pytest.approx(np.mean(person.cosines("base")))
    without = [references[:at] + references[at + 1 :] for at in range(len(references))]
    assert person.ceiling == pytest.approx(
        np.mean([own @ direction(rest) for own, rest in zip(references, without, strict=True)])
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_face_that_one_arm_lacks_does_not_count_in_the_other(seed):
    """Like noise gives like faces: the mean of other seeds would be another question."""
    made = painted_at_random(seed)
    lacking = made.shots.index[(made.shots["arm"] == "base") & (made.shots["seed"] == made.shots["seed"].min())][:2]
    shots = made.shots.copy()
    shots.loc[lacking, "outcome"] = "no-face"
    made = dataclasses.replace(made, shots=shots)
    there, person = direction(list(made.references)), likeness(made)
    base = {(r.prompt_id, r.seed): made.faces[r.id][0] for r in shots.itertuples() if r.arm == "base" and r.outcome == "ok"}
    expected = {place: float((face - base[place]) @ there) for place, face in of_arm(made, "trigger").items() if place in base}
    found = person.paired(("trigger",), ("base",))
    assert found.to_numpy() == pytest.approx(mean_by_prompt(expected))
    assert found.to_numpy() != pytest.approx((person.cosines("trigger") - person.cosines("base")).to_numpy())


@pytest.mark.parametrize("seed", range(4))
def test_the_triggers_own_person_leaves_out_the_prompt_that_is_asked(seed):
    made = dataclasses.replace(painted_at_random(seed), references=np.zeros((0, 0)))
    called = of_arm(made, "trigger")
    for arm in ("trigger", "base"):
        cosines = {
            place: float(face @ direction([other for (prompt, _), other in called.items() if prompt != place[0]]))
            for place, face in of_arm(made, arm).items()
        }
        assert likeness(made).cosines(arm).to_numpy() == pytest.approx(mean_by_prompt(cosines))


@pytest.mark.parametrize("seed", range(4))
def test_consistency_is_what_loops_over_faces_find(seed):
    made = painted_at_random(seed)
    alike = {}
    for arm in ("trigger", "base"):
        faces = of_arm(made, arm)
        strangers = {
            place: [face for other, face in faces.items() if other[0] != place[0] and other[1] != place[1]] for place in faces
        }
        alike[arm] = mean_by_prompt({place: float(faces[place] @ direction(strangers[place])) for place in faces})
    base = np.array(alike["base"])
    expected = (np.array(alike["trigger"]) - base) / (1 - base.mean())
    assert consistency(made).to_numpy() == pytest.approx(expected)
