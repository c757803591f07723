"""Instruments on made-up tables with known answers; the whole of them over a run folder is in tests/test_measure.py."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments import (
    bleed,
    captions,
    drift,
    file,
    likeness,
    loss,
    memory,
    obedience,
    settings,
    stray_faces,
    strength,
    variety,
)
from fluxdiag.instruments.readings import exact, reading
from fluxdiag.instruments.tables import SHOT_COLUMNS, Tables
from fluxdiag.profiles import load_profile
from fluxdiag.records import Case, Fact, Gap, GatherInfo, LoraFile, Photo, Span, StepFormula

EYE = np.eye(6)
LORA = LoraFile(
    path="x.safetensors",
    sha256="0",
    dialect="kohya",
    trainer=None,
    modules=1,
    text_encoder_modules=0,
    rank_min=8,
    rank_median=8,
    rank_max=8,
    alpha_over_rank=1,
    parameters=1,
    delta_norm=1,
)
CASE = Case(
    lora=LORA,
    base="/nowhere",
    profile="flux1-dev",
    strength=1,
    trigger=None,
    class_word=Fact(value="young woman", source="option"),
    description=None,
    settings={},
    photos=(),
    references=(),
    reference_source="none",
)
GATHER = GatherInfo.model_construct(gaps={}, smallest_face=64, modules_adapted=1, delta_error=0.0)


def tables(shots=(), *, faces=None, clip=None, labels=None, references=None, losses=None, **case) -> Tables:
    """`shots` are (id, arm, prompt, kind, seed, outcome); the prompt is its own text."""
    rows = [(id_, arm, prompt, prompt, kind, seed, True, "full", outcome) for id_, arm, prompt, kind, seed, outcome in shots]
    return Tables(
        case=CASE.model_copy(update=case),
        gather=GATHER,
        formula=StepFormula(per_image=100, plus=350),
        bands=load_profile("flux1-dev").bands,
        shots=pd.DataFrame(rows, columns=list(SHOT_COLUMNS)),
        faces=faces or {},
        references=np.zeros((0, 0)) if references is None else references,
        clip=clip or {},
        labels=labels or {},
        losses=losses,
    )


def by_key(readings) -> dict:
    return {found.key: found for found in readings}


# ------------------------------------------------------------------------------------------------ likeness


def faces_at(*cosines: float):
    """One (1, dim) face a cosine to the first axis, the rest of it along an axis of its own."""
    return [(c * EYE[0] + np.sqrt(1 - c**2) * EYE[1 + i % 5])[None] for i, c in enumerate(cosines)]


def arm(name: str, *cosines: float, kind: str = "person"):
    shots = [(f"{name}{i}", name, f"p{i}", kind, 1, "ok") for i in range(len(cosines))]
    return shots, {f"{name}{i}": face for i, face in enumerate(faces_at(*cosines))}


REFERENCES = np.stack([0.9 * EYE[0] + np.sqrt(1 - 0.81) * EYE[axis] for axis in (1, 2, 3, 4)])


def test_likeness_is_the_cosine_to_the_centroid_of_the_references_by_prompt():
    shots, faces = arm("base", 0.1, 0.2, 0.3)
    person = likeness.likeness(tables(shots, faces=faces, references=REFERENCES))
    centre = REFERENCES.mean(axis=0) / np.linalg.norm(REFERENCES.mean(axis=0))
    assert person.by_references
    assert person.cosines("base").to_numpy() == pytest.approx([face[0] @ centre for face in faces.values()])
    assert person.floor == pytest.approx(np.mean([face[0] @ centre for face in faces.values()]))


def test_a_duplicated_reference_does_not_raise_the_ceiling():
    shots, faces = arm("base", 0.1, 0.2, 0.3)
    once = likeness.likeness(tables(shots, faces=faces, references=REFERENCES)).ceiling
    twice = likeness.likeness(tables(shots, faces=faces, references=np.vstack([REFERENCES, REFERENCES]))).ceiling
    assert twice == pytest.approx(once)


@pytest.mark.parametrize(("alike", "kept"), [(0.98, 3), (0.99, 0)])
def test_two_references_count_as_one_photo_only_where_they_are_more_alike_than_honest_ones(alike, kept):
    other = alike * EYE[0] + np.sqrt(1 - alike**2) * EYE[1]
    shots, faces = arm("trigger", 0.0, 0.1, 0.2)
    person = likeness.likeness(tables(shots, faces=faces, references=np.stack([EYE[0], other, EYE[2]])))
    assert len(person.references) == kept  # two are too few for a scale, so none is kept


def test_references_as_unlike_one_another_as_strangers_give_no_scale():
    shots, faces = arm("base", 0.0, 0.0, 0.0)
    person = likeness.likeness(tables(shots, faces=faces, references=np.eye(6)[:4]))
    with pytest.raises(CannotMeasure, match="no scale to measure on"):
        person.scale(person.cosines("base"))


def test_without_references_a_prompt_is_never_compared_with_its_own_images():
    shots, faces = arm("trigger", 0.0, 0.0, 0.0)  # three faces at right angles
    person = likeness.likeness(tables(shots, faces=faces))
    assert not person.by_references
    assert person.cosines("trigger").to_numpy() == pytest.approx([0, 0, 0])


def test_a_face_that_cannot_be_measured_is_left_out_and_not_zero():
    shots, faces = arm("base", 0.5, 0.5, 0.5)
    shots[0] = (*shots[0][:-1], "profile")
    person = likeness.likeness(tables(shots, faces=faces, references=REFERENCES))
    assert list(person.cosines("base").index) == ["p1", "p2"]


# ------------------------------------------------------------------------------------------------ bleed


def test_in_a_group_the_face_most_like_the_person_counts():
    pair = np.stack([EYE[5], 0.8 * EYE[0] + 0.6 * EYE[5]])
    shots, _ = arm("others", 0, kind="group")
    person = likeness.likeness(tables(shots, faces={"others0": pair}, references=REFERENCES))
    centre = REFERENCES.mean(axis=0) / np.linalg.norm(REFERENCES.mean(axis=0))
    assert person.strongest("others", "group").to_numpy() == pytest.approx([pair[1] @ centre])


def test_a_class_word_without_a_sex_leaves_bleed_by_sex_a_gap():
    base, faces = arm("base", 0.0, 0.1, 0.2)
    on, more = arm("class", 0.4, 0.5, 0.6)
    made = tables(base + on, faces=faces | more, references=REFERENCES, class_word=Fact(value="person", source="option"))
    found = by_key(bleed.measure(made))
    assert "does not say a sex" in found["bleed.same-sex"].reason
    assert found["bleed.class"].low > 0.3


def test_a_stray_face_counts_only_where_the_base_has_none():
    shots = [(f"on{i}", "others", f"p{i}", "animal", 1, "small" if i < 2 else "no-face") for i in range(4)]
    shots += [(f"off{i}", "others-base", f"p{i}", "animal", 1, "ok" if i == 0 else "no-face") for i in range(4)]
    found = by_key(stray_faces.measure(tables(shots)))
    assert (found["bleed.animal"].value, found["bleed.animal"].n) == (pytest.approx(1 / 3), 3)
    assert isinstance(found["bleed.scene"], Gap)


# ------------------------------------------------------------------------------------------------ CLIP


LABELS = {"background": (np.array(["park", "beach", "white beach"]), EYE[:3])}


def obedience_of(on: list[int], off: list[int]):
    """One picture of a prompt for each label that CLIP finds; a second round of the three prompts has the next seed."""
    prompts = ["a woman in a park", "a woman on a beach", "a woman on a white beach"]
    shots = [(f"on{i}", "trigger", prompts[i % 3], "person", i // 3, "ok") for i in range(len(on))]
    shots += [(f"off{i}", "base", prompts[i % 3], "person", i // 3, "ok") for i in range(len(off))]
    clip = {f"on{i}": EYE[label] for i, label in enumerate(on)} | {f"off{i}": EYE[label] for i, label in enumerate(off)}
    return by_key(obedience.measure(tables(shots, clip=clip, labels=LABELS)))["obedience.background"]


def test_obedience_is_what_the_lora_loses_against_the_base():
    assert obedience_of(on=[0, 1, 2], off=[0, 1, 2]).value == 0
    assert obedience_of(on=[0, 0, 0], off=[0, 1, 2]).value == pytest.approx(-2 / 3)


def test_where_clip_does_not_recognise_the_base_obedience_is_a_gap():
    assert "only 33%" in obedience_of(on=[0, 1, 2], off=[0, 0, 0]).reason


@pytest.mark.parametrize(("recognised", "gap"), [(9, "only 45%"), (11, None)])
def test_recognising_about_half_is_just_enough_to_see_by(recognised, gap):
    seen = [i % 3 if i < recognised else (i + 1) % 3 for i in range(20)]
    found = obedience_of(on=[i % 3 for i in range(20)], off=seen)
    assert gap in found.reason if gap else not isinstance(found, Gap)


@pytest.mark.parametrize(
    ("prompt", "label"),
    [("a coat", "coat"), ("a white lab coat", "white lab coat"), ("a raincoat", None), ("a dog", None)],
)
def test_the_longest_whole_label_is_what_a_prompt_asks_for(prompt, label):
    assert obedience.asked_label(prompt, np.array(["coat", "white lab coat"])) == label


def test_drift_is_zero_for_the_same_pictures_and_one_for_unrelated_ones():
    shots = [(f"{name}{i}", name, f"p{i}", "scene", 1, "no-face") for name in ("others", "others-base") for i in range(3)]
    same = {f"{name}{i}": EYE[i] for name in ("others", "others-base") for i in range(3)}
    other = same | {f"others{i}": EYE[i + 3] for i in range(3)}
    assert by_key(drift.measure(tables(shots, clip=same)))["drift.unrelated"].value == 0
    assert by_key(drift.measure(tables(shots, clip=other)))["drift.unrelated"].value == 1


def test_copies_lie_near_the_photos_and_seeds_that_agree_have_no_variety():
    shots = [(f"{a}{p}{s}", a, f"p{p}", "person", s, "ok") for a in ("trigger", "base") for p in range(3) for s in (1, 2)]
    clip = {f"trigger{p}{s}": EYE[0] for p in range(3) for s in (1, 2)} | {
        f"base{p}{s}": EYE[s] for p in range(3) for s in (1, 2)
    }
    found = by_key(memory.measure(tables(shots, clip=clip | {"photo:a": EYE[0]})))
    assert found["leak.nearest"].value == 1
    assert found["variety.within-prompt"].value < 0.01


def at(cosine: float, axis: int = 5) -> np.ndarray:
    """Of length 1, at this cosine to the first axis."""
    return cosine * EYE[0] + np.sqrt(1 - cosine**2) * EYE[axis]


def test_nearness_to_a_photo_is_a_share_of_the_way_that_the_base_leaves():
    """The nearest of the photos counts, the seeds of a prompt are averaged: .6 where the base has .2 is half of the way."""
    shots = [(f"{arm}{p}{s}", arm, f"p{p}", "person", s, "ok") for arm in ("trigger", "base") for p in range(3) for s in (1, 2)]
    clip = {f"trigger{p}{s}": at(0.5 if s == 1 else 0.7) for p in range(3) for s in (1, 2)}
    clip |= {f"base{p}{s}": at(0.1 if s == 1 else 0.3) for p in range(3) for s in (1, 2)}
    found = by_key(memory.measure(tables(shots, clip=clip | {"photo:a": EYE[0], "photo:b": -EYE[0]})))["leak.nearest"]
    assert (found.value, found.n, found.unit) == (pytest.approx(0.5), 3, "share")


def test_variety_is_the_ratio_of_the_distances_between_all_seeds_of_a_prompt():
    """Three seeds, of which two agree: a third of the pairs is no distance apart. A prompt of one seed has none."""
    shots = [(f"{arm}{p}{s}", arm, f"p{p}", "person", s, "ok") for arm in ("trigger", "base") for p in range(3) for s in range(3)]
    shots += [(f"{arm}30", arm, "p3", "person", 0, "ok") for arm in ("trigger", "base")]
    clip = {f"base{p}{s}": EYE[s] for p in range(3) for s in range(3)} | {"base30": EYE[0], "trigger30": EYE[1]}
    clip |= {f"trigger{p}{s}": EYE[min(s, 1)] for p in range(3) for s in range(3)}
    found = by_key(memory.measure(tables(shots, clip=clip)))
    assert (found["variety.within-prompt"].value, found["variety.within-prompt"].n) == (pytest.approx(2 / 3), 3)
    assert "no readable training photos" in found["leak.nearest"].reason
    two = by_key(memory.measure(tables([shot for shot in shots if shot[2] != "p0"], clip=clip)))["variety.within-prompt"]
    assert two.reason == "only 2 prompts were drawn with two seeds, at least 3 are needed"


def test_drift_is_of_pairs_and_of_what_has_no_person():
    shots = [(f"{name}{i}", name, f"p{i}", "scene", 1, "no-face") for name in ("others", "others-base") for i in range(3)]
    shots += [("others3", "others", "p3", "scene", 1, "no-face")]  # its other half was not drawn
    shots += [(f"{name}4", name, "p4", "group", 1, "ok") for name in ("others", "others-base")]
    clip = {f"others{i}": at(0.9) for i in range(4)} | {f"others-base{i}": EYE[0] for i in range(3)}
    clip |= {"others4": EYE[1], "others-base4": EYE[0]}
    found = by_key(drift.measure(tables(shots, clip=clip)))["drift.unrelated"]
    assert (found.value, found.n) == (pytest.approx(0.1), 3)


def test_obedience_hears_both_pairs_of_arms_and_only_prompts_that_ask():
    asked = {"p0": "a woman in a park", "p1": "a woman on a beach", "p2": "a woman, smiling"}
    arms = {"trigger": ("p0", "p2"), "base": ("p0", "p2"), "contrast": ("p1", "p3"), "contrast-base": ("p1", "p3")}
    rows = [
        (f"{arm}-{prompt}-{seed}", arm, prompt, asked.get(prompt, "a park"), "person", seed, True, "full", "ok")
        for arm, prompts in arms.items()
        for prompt in prompts
        for seed in (1, 2)
    ]
    right = {"p0": 0, "p1": 1, "p2": 0, "p3": 0}
    # Disobeyed: of the beach both seeds, of the second park one.
    clip = {row[0]: EYE[right[row[2]]] for row in rows} | {
        "contrast-p1-1": EYE[0], "contrast-p1-2": EYE[0], "contrast-p3-1": EYE[1],
    }  # fmt: skip
    made = dataclasses.replace(tables(clip=clip, labels=LABELS), shots=pd.DataFrame(rows, columns=list(SHOT_COLUMNS)))
    found = by_key(obedience.measure(made))
    assert (found["obedience.background"].value, found["obedience.background"].n) == (pytest.approx(-0.5), 3)
    assert "no CLIP labels for outfit" in found["obedience.outfit"].reason


def test_backgrounds_count_by_how_evenly_the_photos_are_spread():
    """Two of four in the park, one at either beach: the entropy of a half and two quarters."""
    photos = {f"photo:{number}": EYE[label] for number, label in enumerate((0, 0, 1, 2))}
    found = by_key(variety.measure(tables(clip=photos, labels=LABELS)))
    assert found["dataset.effective-backgrounds"].value == pytest.approx(2**1.5)
    assert found["dataset.background-share"].value == 0.5
    for key, aspect in (("effective-outfits", "outfit"), ("outfit-share", "outfit"), ("effective-lights", "light")):
        assert found[f"dataset.{key}"].reason == f"the suite's prompts ask for no {aspect}"
    assert "dataset.light-share" not in found


# ------------------------------------------------------------------------------------------------ losses


def losses(gains: dict[tuple[str, str], list[float]], background: float = 0.0) -> pd.DataFrame:
    """One photo a gain in percent; two sigmas, so that the sums over them are exercised."""
    rows = [
        (
            f"{split}{i}",
            split,
            prompt,
            sigma,
            0,
            on,
            base * (1 - on * gain / 100),
            base * (1 - on * gain / 100),
            base * (1 - on * background / 100),
        )
        for (split, prompt), values in gains.items()
        for i, gain in enumerate(values)
        for sigma, base in ((0.3, 1.0), (0.7, 2.0))
        for on in (False, True)
    ]
    return pd.DataFrame(rows, columns=["photo", "split", "prompt", "sigma", "noise", "lora", "loss", "face", "background"])


def test_losses_with_known_gains_come_out_as_planted():
    planted = {
        ("held-out", "trigger"): [5.0, 6, 7],
        ("held-out", "class"): [1.0, 2, 3],
        ("training", "trigger"): [20.0, 21, 22],
        ("training", "class"): [8.0, 9, 10],
        ("training", "caption"): [9.0, 9, 9],
        ("training", "caption-bare"): [4.0, 4, 4],
    }
    found = by_key(loss.measure(tables(losses=losses(planted, background=11))))
    values = {key: found[key].value for key in found}
    expected = {
        "loss.binding": 4,
        "loss.training-binding": 12,
        "loss.heldout-gain": 6,
        "loss.training-gain": 21,
        "loss.gap": 15,
        "loss.face-share": 10,
        "loss.description": 5,
    }
    assert values == pytest.approx(expected)
    assert found["loss.binding"].low == pytest.approx(found["loss.binding"].high)  # paired: the photos' own spread cancels
    assert found["loss.gap"].high - found["loss.gap"].low > 1  # unpaired: it does not


def test_photos_without_a_face_are_left_out_of_the_face_share_alone():
    table = losses({("training", "trigger"): [20.0, 21, 22, 23]})
    table.loc[table["photo"] == "training0", ["face", "background"]] = np.nan
    assert by_key(loss.measure(tables(losses=table)))["loss.face-share"].n == 3


# ------------------------------------------------------------------------------------------------ the case


def test_settings_are_read_as_numbers_and_the_exposure_counts_what_was_shown():
    known = {"steps": 975, "batch_size": 4, "regularisation_images": 60, "images": 16, "learning_rate": "1e-4"}
    facts = {name: Fact(value=value, source="header") for name, value in known.items()}
    found = by_key(settings.measure(tables(settings=facts)))
    assert found["setting.learning-rate"].value == 1e-4
    assert found["setting.exposure-ratio"].value == pytest.approx(975 * 4 / 2 / (16 * 100 + 350))
    assert (found["setting.rank"].value, found["setting.rank"].low, found["setting.rank"].n) == (8, 8, 1)


def test_whole_factors_have_no_rank_that_a_rule_could_judge():
    known = tables()
    factors = LORA.model_copy(update={"ranked": False, "rank_median": 3072})
    found = by_key(settings.measure(dataclasses.replace(known, case=known.case.model_copy(update={"lora": factors}))))
    assert found["setting.rank"] == Gap(key="setting.rank", reason=settings.UNRANKED)


EXPOSURES = [
    ({"steps": 975, "images": 16}, 0.5),
    ({"steps": 975, "images": 16, "batch_size": 2, "accumulation": 3}, 3.0),
    ({"steps": 975, "images": 16, "regularisation_images": 0}, 0.5),
    ({"steps": 975, "images": 16, "regularisation_images": 1}, 0.25),
    ({"steps": 975, "images": 16, "regularisation": True}, 0.25),
    ({"steps": 975, "images": 16, "accumulation": -1}, 0.5),
    ({"steps": 225}, 0.5),  # one readable photo: 100 and 350
]


@pytest.mark.parametrize(("known", "ratio"), EXPOSURES)
def test_the_exposure_is_what_was_shown_over_the_formula(known, ratio):
    photos = (Photo(path="a.png", sha256="a"), Photo(path="b.png", sha256="b", problem="is no image"))
    facts = {name: Fact(value=value, source="header") for name, value in known.items()}
    found = by_key(settings.measure(tables(settings=facts, photos=photos)))
    assert found["setting.exposure-ratio"].value == pytest.approx(ratio)
    assert found["setting.images"].value == known.get("images", 1)


@pytest.mark.parametrize(("known", "unknown"), [({"steps": 975}, "images"), ({"images": 16}, "steps")])
def test_without_steps_or_images_the_exposure_is_not_known_and_says_which(known, unknown):
    facts = {name: Fact(value=value, source="header") for name, value in known.items()}
    found = by_key(settings.measure(tables(settings=facts)))
    assert found["setting.exposure-ratio"].reason == f"neither the file nor what lies beside it tells the {unknown}"
    assert isinstance(found[f"setting.{unknown}"], Gap)


@pytest.mark.parametrize(
    ("trigger", "said", "share"),
    [
        ("ohwx", ("ohwx woman", "a photo of OHWX.", "ohwxy", "a woman"), 0.5),  # whole words, whatever the case
        ("a+b", ("a+b", "aab"), 0.5),  # no pattern
        ("ohwx woman", ("ohwx woman in a park", "ohwx"), 0.5),
    ],
)
def test_the_trigger_is_looked_for_in_the_captions_as_a_word(trigger, said, share):
    photos = tuple(Photo(path=f"{i}.png", sha256=str(i), caption=caption) for i, caption in enumerate(said))
    found = by_key(captions.measure(tables(photos=photos, trigger=Fact(value=trigger, source="option"))))
    assert found["captions.trigger-share"].value == share


def test_a_setting_that_is_no_number_or_not_known_is_a_gap_that_says_so():
    found = by_key(settings.measure(tables(settings={"steps": Fact(value="many", source="header ss_steps")})))
    assert "'many'" in found["setting.steps"].reason
    assert "learning rate" in found["setting.learning-rate"].reason
    assert isinstance(found["setting.exposure-ratio"], Gap)


def test_expressions_are_no_appearance_and_missing_captions_are_a_gap():
    hair, smile = Span(start=0, end=4, text="hair", kind="hair"), Span(start=0, end=5, text="smile", kind="expression")
    spans = [(hair, hair, smile), (smile,), ()]
    photos = tuple(Photo(path=f"{i}.png", sha256=str(i), caption="x", appearance=found) for i, found in enumerate(spans))
    found = by_key(captions.measure(tables(photos=photos)))
    assert found["captions.appearance-share"].value == pytest.approx(1 / 3)
    assert found["captions.appearance-phrases"].value == pytest.approx(2 / 3)
    with pytest.raises(CannotMeasure, match="captions"):
        list(captions.measure(tables()))


@pytest.mark.parametrize(("foreign", "share"), [(1, 0.5), (2, 0.5), (3, None)])
def test_captions_that_were_not_judged_acquit_nobody(foreign, share):
    hair = (Span(start=0, end=4, text="hair", kind="hair"),)
    english = [Photo(path=f"{i}.png", sha256=str(i), caption="x", appearance=found) for i, found in enumerate((hair, ()))]
    others = [Photo(path=f"x{i}.png", sha256=f"x{i}", caption="y", unjudged="German: not judged") for i in range(foreign)]
    found = by_key(captions.measure(tables(photos=(*english, *others))))
    if share is None:
        assert found["captions.appearance-share"].reason == "3 of 5 captions were not judged (German: not judged)"
        assert isinstance(found["captions.appearance-phrases"], Gap)
    else:
        assert found["captions.appearance-share"].value == share


# ------------------------------------------------------------------------------------------------ readings


def test_two_clusters_and_numbers_that_are_none_are_gaps():
    assert reading("x", pd.Series([0.1, 0.2, np.nan]), "scale", "prompts").reason == "only 2 prompts, at least 3 are needed"
    assert isinstance(exact("x", float("nan"), ""), Gap)


def with_strengths(*variants: str) -> Tables:
    """Prompts with a cosine of .4 to the person at half the strength, .8 at the whole, .6 above it; the base has none of it."""
    likeness_at = {"full": 0.8, "strength-0.5": 0.4, "strength-1.5": 0.6}
    rows, faces = [], {}
    for arm, variant in [("base", "full"), ("trigger", "full"), *(("trigger", variant) for variant in variants)]:
        for number in range(4):
            name, cosine = f"{arm}-{variant}-{number}", likeness_at[variant] if arm == "trigger" else 0.0
            rows.append((name, arm, f"p{number}", "", "person", 1, arm == "trigger", variant, "ok"))
            faces[name] = (cosine * EYE[0] + np.sqrt(1 - cosine**2) * EYE[1 + number % 2])[None]
    references = np.stack([EYE[0] + 0.3 * EYE[i] for i in (3, 4, 5)])
    made = tables(references=references / np.linalg.norm(references, axis=1, keepdims=True), faces=faces)
    return dataclasses.replace(made, shots=pd.DataFrame(rows, columns=list(SHOT_COLUMNS)))


def test_strength_is_what_less_and_more_of_the_lora_bring_against_the_whole():
    seen = {found.key: found for found in strength.measure(with_strengths("strength-0.5", "strength-1.5"))}
    assert seen["strength.less"].value == pytest.approx(2 * seen["strength.more"].value)
    assert seen["strength.less"].value == pytest.approx(-0.4, rel=0.1)


def test_a_strength_that_was_not_drawn_is_a_gap():
    less, more = strength.measure(with_strengths("strength-0.5"))
    assert not isinstance(less, Gap)
    assert isinstance(more, Gap)
    assert "1.5 times" in more.reason


# ------------------------------------------------------------------------------------------------ the file
LEFT_OUT = [
    ({"modules": 12}, 12, False, 0.0),
    ({"modules": 12}, 9, True, 0.25),
    ({"modules": 12}, 12, True, 1 / 12),  # a part of a layer is lost
    ({"modules": 12, "unread": 4}, 12, False, 0.25),
    ({"modules": 6, "unread": 6}, 3, True, 0.75),
    ({"modules": 0}, 0, True, 1.0),
]


@pytest.mark.parametrize(("told", "adapted", "lost", "share"), LEFT_OUT)
def test_layers_that_could_not_be_read_count_as_those_that_found_no_place(told, adapted, lost, share):
    gather = GATHER.model_copy(update={"modules_adapted": adapted, "gaps": {"lora": "some"} if lost else {}})
    seen = dataclasses.replace(tables(lora=LORA.model_copy(update=told)), gather=gather)
    assert by_key(file.measure(seen))["file.left-out"].value == pytest.approx(share)


@pytest.mark.parametrize(
    ("gaps", "found"),
    [
        ({}, 0.0),
        ({"base": "the header says it was trained on 'flux1-schnell', and it is judged on x"}, 1.0),
        ({"base-in-header": "nothing in the file names the base that it was trained on"}, None),
    ],
)
def test_a_file_that_names_no_base_is_not_measured_against_it(gaps, found):
    seen = tables()
    seen = dataclasses.replace(seen, gather=GATHER, case=seen.case.model_copy(update={"gaps": gaps}))
    read = {each.key: each for each in file.measure(seen)}["file.other-base"]
    assert getattr(read, "value", None) == found
    assert found is not None or read.reason == gaps["base-in-header"]
