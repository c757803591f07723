"""What is said of a file, its header and its dataset: each sentence from one fact, and from none that is close to it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fluxdiag.dataset.photos import Reading
from fluxdiag.lora.beside import TrainerConfig
from fluxdiag.lora.health import Broken, Health
from fluxdiag.lora.model import Remark
from fluxdiag.lora.spectrum import Spectrum
from fluxdiag.lora.survey import Layer, Survey
from fluxdiag.problems import problems_of
from fluxdiag.records import SEVERITIES, Fact, Photo, Span


def layer(number: int, size: float = 1.0, alpha: float | None = None) -> Spectrum:
    return Spectrum(f"transformer.transformer_blocks.{number}.attn.to_q", (8, 8), 4, alpha, np.array([size]), True, size**2)


def surveyed(*spectra: Spectrum, layers: int | None = None, **changes) -> Survey:
    """A file without a fault, of these layers, but for what is said otherwise."""
    spectra = spectra or tuple(layer(number) for number in range(20))
    named = tuple(
        Layer(f"transformer.transformer_blocks.{number}.attn.to_q", 4, None) for number in range(layers or len(spectra))
    )
    whole = Survey(
        path=Path("l.safetensors"), sha256="0", size=1, dtypes=("BF16",), dialect="diffusers", keys=(), metadata={}, layers=named,
        modules=len(named), spectra=spectra, health=Health(numbers=1000), hit={}, ignored={}, problems=(), contradictions=(),
        outcome=None,
    )  # fmt: skip
    return replace(whole, **changes)


def said(found: Survey, *, base=None, against=(), training=None, trigger=None, photos=None, **config) -> list[tuple[str, str]]:
    facts = {name: fact(value) for name, value in (training or {}).items()}
    every = problems_of(found, TrainerConfig(**config), base, against, facts, trigger, photos)
    assert all(problem.do for problem in every)
    return [(problem.severity, problem.what) for problem in every]


def fact(value: str | int | float) -> Fact:
    return Fact(value=value, source="header x")


def test_of_a_file_without_a_fault_nothing_is_said():
    config = TrainerConfig()
    assert problems_of(surveyed(), config, fact("flux1-dev"), (), {}, None, None) == ()
    assert said(surveyed(), training={"steps": 100, "planned_steps": 100}) == []


DEAD = [
    (20, [("critical", "the change of every layer is zero: this file does nothing")]),
    (3, [("high", "3 of its 20 layers change nothing (transformer.transformer_blocks.0.attn.to_q first)")]),
    (2, [("low", "2 of its 20 layers change nothing (transformer.transformer_blocks.0.attn.to_q first)")]),  # a tenth
]


@pytest.mark.parametrize(("count", "problems"), DEAD)
def test_layers_that_change_nothing(count, problems):
    assert said(surveyed(*(layer(number, float(number >= count)) for number in range(20)))) == problems


A, B, C, D = (Broken(name, nan, infinite) for name, nan, infinite in (("a", 1, 0), ("b", 2, 3), ("c", 0, 4), ("d", 5, 0)))


def test_numbers_that_are_none_are_told_by_layer_and_the_first_three_tensors_by_name():
    hit = {"a": ("x", "y"), "b": ("y",), "c": ("z",), "d": ("z",)}
    found = surveyed(*(layer(number) for number in range(17)), layers=20, health=Health(1000, broken=(A, B, C, D)), hit=hit)
    (problem,) = said(found)
    assert problem == (
        "critical",
        "3 of its 20 layers hold NaN or infinity: the training diverged "
        "(a: 1 NaN; b: 2 NaN, 3 infinite; c: 4 infinite; and 1 more tensors)",
    )
    three = replace(found, health=Health(1000, broken=(A, B, C)))
    assert said(three)[0][1].endswith("c: 4 infinite)")


def test_numbers_that_are_none_in_what_is_left_out_are_less_grave():
    found = surveyed(health=Health(1000, broken=(A, B)), hit={"a": (), "b": ()})
    assert said(found) == [("medium", "2 tensors that are left out hold numbers that are none (a: 1 NaN; b: 2 NaN, 3 infinite)")]


def test_numbers_that_only_float32_cannot_hold():
    found = surveyed(*(layer(number) for number in range(18)), layers=20)
    assert said(found) == [("critical", "2 of its 20 layers hold numbers beyond float32")]


@pytest.mark.parametrize(("denormal", "told"), [(10, False), (11, True)])
def test_a_hundredth_of_numbers_too_small_for_their_type_is_none_too_many(denormal, told):
    found = said(surveyed(health=Health(1000, denormal=denormal)))
    assert found == ([("medium", "1% of its numbers are too small for their type (BF16) and have lost digits")] if told else [])


SCALES = [
    ((1.0, 8.0), None),  # from a quarter of the rank to twice the rank
    ((0.9,), "alpha / rank is 0.225, so that the learning rate acted 0.225 times as strongly"),
    ((8.4, 8.4), "alpha / rank is 2.1, so that the learning rate acted 2.1 times as strongly"),
    ((0.8, 4.0), "alpha / rank is 0.2 to 1, so that the learning rate acted 0.2 to 1 times as strongly"),
    ((4.0, 16.0), "alpha / rank is 1 to 4, so that the learning rate acted 1 to 4 times as strongly"),
]


@pytest.mark.parametrize(("alphas", "told"), SCALES)
def test_an_alpha_that_no_trainer_takes_without_being_asked(alphas, told):
    found = said(surveyed(*(layer(number, alpha=alpha) for number, alpha in enumerate(alphas))))
    assert found == ([] if told is None else [("low", told)])


@pytest.mark.parametrize(("alpha", "told"), [(1.0, "0.0625 (header ot_config)"), (16.0, None), (None, None)])
def test_a_scale_that_was_multiplied_in_is_the_headers(alpha, told):
    """No layer has an alpha: the tensors are used at scale 1, and the rate acted as the header says."""
    header = {} if alpha is None else {"ot_config": json.dumps({"lora_rank": 16, "lora_alpha": alpha})}
    training = {} if alpha is None else {"alpha": Fact(value=alpha, source="header ot_config")}
    every = problems_of(surveyed(metadata=header), TrainerConfig(), None, (), training, None, None)
    assert [problem.what.partition(" is ")[2].partition(",")[0] for problem in every] == ([] if told is None else [told])


STEPS = [
    ({"steps": 1500, "planned_steps": 3000}, [("low", "it was saved at step 1500 of 3000")]),
    ({"steps": 3000, "planned_steps": 3000}, []),
    ({"steps": 3001, "planned_steps": 3000}, []),
    ({"steps": 1500}, []),
    ({"planned_steps": 3000}, []),
    ({"steps": "1500", "planned_steps": 3000}, []),
]


@pytest.mark.parametrize(("training", "problems"), STEPS)
def test_a_checkpoint_before_the_last(training, problems):
    assert said(surveyed(), training=training) == problems


BASES = [
    (fact("flux1-dev"), (), []),
    (None, (), []),
    (fact("flux1-krea"), (), [("high", "it was trained on flux1-krea (header x), and is mostly used on flux1-dev")]),
    (fact("flux1-dev"), ("the header says schnell",), [("medium", "the header says schnell")]),
]


@pytest.mark.parametrize(("base", "against", "problems"), BASES)
def test_another_base(base, against, problems):
    assert said(surveyed(), base=base, against=against) == problems


READ = [
    ("layers that lack a part", "high", "Copy the file again"),
    ("layers whose tensors do not fit together", "high", "Copy the file again"),
    ("layers of another shape than FLUX.1's", "high", "Make sure that it is for FLUX.1"),
    ("fused layers that cannot be taken apart", "high", "Convert it"),
    ("fused layers were trained in parts (kohya's split_qkv)", "high", "Load it at a higher strength"),
    ("layers that FLUX.1 does not have", "low", "Make sure that it is for FLUX.1"),
    ("values that are not text", "low", "`fluxdiag convert`"),
    ("trained embeddings", "low", "See whether"),
]


@pytest.mark.parametrize(("kind", "severity", "do"), READ)
def test_what_the_reader_met_is_told_with_what_to_do(kind, severity, do):
    """By its kind: the names of other kinds in its sentence may come from the file."""
    remark = Remark(kind, "; ".join(other for other, *_ in READ))
    (problem,) = problems_of(surveyed(problems=(remark,)), TrainerConfig(), None, (), {}, None, None)
    assert (problem.severity, problem.what) == (severity, remark.text)
    assert problem.do.startswith(do)


BESIDE = [
    ({"outcome": "drops 3 keys"}, {}, ("high", "diffusers' own loader drops 3 keys")),
    (
        {"outcome": "drops 3 keys", "elsewhere": "ComfyUI and Forge"},
        {},
        ("low", "diffusers' own loader drops 3 keys; ComfyUI and Forge can load it as it is"),
    ),
    ({"contradictions": ("rank 64, the tensors say 4",)}, {}, ("medium", "rank 64, the tensors say 4")),
    ({"metadata": {"ot_config": "{"}}, {}, ("low", "its header holds JSON that cannot be read or is far too long: ot_config")),
    ({}, {"problem": "config.yaml cannot be read"}, ("low", "config.yaml cannot be read")),
    ({}, {"remarks": ("network_alpha is no setting",)}, ("low", "network_alpha is no setting")),
]


@pytest.mark.parametrize(("changes", "config", "problem"), BESIDE)
def test_what_header_settings_and_other_programs_say(changes, config, problem):
    assert said(surveyed(**changes), **config) == [problem]


def tagged(**folders: dict[str, int]) -> dict[str, str]:
    return {"ss_tag_frequency": json.dumps(folders)}


LOOKS = "by its header the captions describe what the person looks like, which then needs these words: "
HEADERS = [
    (tagged(a={"ohwx": 20, "blue eyes": 15, "smiling": 20, "park": 4}), {"images": 20}, LOOKS + "'blue eyes' in 15 of 20"),
    (
        tagged(a={"long hair": 3, "blue eyes": 15}),
        {},
        LOOKS + "'blue eyes' in 15 of at least 15, 'long hair' in 3 of at least 15",
    ),
    (
        tagged(a={"blue eyes": 15}),
        {"images": 10},
        LOOKS + "'blue eyes' in 15 of at least 15",
    ),  # a count that cannot be of these photos
    (
        tagged(a={"blue eyes": 5, "red hair": 4, "a beard": 3, "freckles": 2}),
        {},
        LOOKS + "'blue eyes' in 5 of at least 5, 'red hair' in 4 of at least 5, 'a beard' in 3 of at least 5 and 1 more",
    ),
    (tagged(**{"1_ohwx": {"ohwx": 1}}), {}, None),  # ai-toolkit's, made up
    (tagged(a={"ohwx": 20, "park": 4, "smiling": 9}), {}, None),
    (
        tagged(reg={"blue eyes": 15}) | {"ss_datasets": json.dumps([{"subsets": [{"image_dir": "reg", "is_reg": True}]}])},
        {},
        None,
    ),
    ({"ss_tag_frequency": "["}, {}, None),
]


@pytest.mark.parametrize(("metadata", "training", "what"), HEADERS)
def test_the_captions_that_the_header_keeps_are_read_where_the_photos_are_not_at_hand(metadata, training, what):
    told = [what_ for _, what_ in said(surveyed(metadata=metadata), training=training) if "JSON" not in what_]
    assert told == ([] if what is None else [what])


SHARES = [
    ({"ohwx": 20, "brown hair": 1}, {}, "medium"),  # the user's: 1 of at least 20
    ({"ohwx": 40, "brown hair": 1}, {}, "low"),
    ({"ohwx": 20, "brown hair": 1}, {"images": 30}, "low"),
    ({"ohwx": 20, "brown hair": 5}, {}, "medium"),
    ({"ohwx": 20, "brown hair": 6}, {}, "critical"),
    ({"ohwx": 20, "brown hair": 20, "blue eyes": 20}, {"images": 20}, "critical"),
    ({"ohwx": 20, "brown hair": 1, "long hair": 1, "blue eyes": 1, "freckles": 1, "a beard": 1}, {}, "medium"),  # one caption
    ({"ohwx": 20, **{f"a woman with brown hair number {n}": 1 for n in range(20)}}, {}, "critical"),  # a sentence in each
    ({"brown hair": 1}, {}, "critical"),
    ({"brown hair": 0}, {"images": 0}, "low"),  # of no trainer's making
]


@pytest.mark.parametrize(("tags", "training", "severity"), SHARES)
def test_a_few_captions_in_many_are_no_critical_problem(tags, training, severity):
    (problem,) = said(surveyed(metadata=tagged(a=tags)), training=training)
    assert problem[0] == severity


def photo(number: int, caption: str | None = "ohwx woman in a park", **more) -> Photo:
    return Photo(path=f"{number}.png", sha256=str(number), caption=caption, **more)


HAIR = (Span(start=0, end=4, text="hair", kind="hair"),)
GOOD = (photo(1), photo(2))
DATASETS = [
    (Reading(GOOD), {}, []),
    (Reading(), {}, [("high", "the dataset has no readable image")]),
    (Reading((photo(1, problem="is no image"),)), {}, [("high", "the dataset has no readable image")]),
    (Reading((*GOOD, photo(3, problem="is no image"))), {}, [("medium", "1 of 3 images cannot be used (the first is no image)")]),
    (Reading(GOOD, bad_captions=("1.txt", "2.txt")), {}, [("medium", "2 captions are not UTF-8 text (1.txt first)")]),
    (
        Reading((photo(1, appearance=HAIR), photo(2), photo(3, None))),
        {},
        [("critical", "1 of 2 captions describe what the person looks like, which then needs these words")],
    ),
    (Reading((photo(1, "a park"), photo(2))), {}, []),  # one of them has it
    (Reading((photo(1, "a park"), photo(2, None))), {}, [("medium", "no caption holds the trigger 'ohwx' (header x)")]),
    (Reading((photo(1, None),)), {}, []),  # without captions the trainer takes the trigger alone
    (Reading(GOOD), {"images": 3}, [("low", "the training saw 3 images, the dataset has 2")]),
    (Reading(GOOD), {"images": 2}, []),
]


@pytest.mark.parametrize(("photos", "training", "problems"), DATASETS)
def test_what_the_dataset_says(photos, training, problems):
    assert said(surveyed(), trigger=fact("ohwx"), photos=photos, training=training) == problems


@pytest.mark.parametrize(
    ("trigger", "told"),
    [("sks woman", "means something of its own"), ("Elena", "is a word or name"), ("ohwx woman", ""), ("nkxo21 man", "")],
)
def test_a_trigger_that_the_base_may_know(trigger, told):
    problems = said(surveyed(), trigger=fact(trigger))

    assert [severity for severity, _ in problems] == (["medium"] if told else [])
    assert all(what.startswith("the base may know the trigger: ") and told in what for _, what in problems)


def test_a_trigger_that_nothing_here_can_judge_is_no_problem(no_vocabulary):
    assert said(surveyed(), trigger=fact("Elena")) == []


def test_the_gravest_come_first():
    found = surveyed(*(layer(number) for number in range(18)), layers=20, outcome="drops 3 keys", metadata={"ot_config": "{"})
    severities = [severity for severity, _ in said(found, against=("the header says schnell",))]
    assert severities == list(SEVERITIES) == ["critical", "high", "medium", "low"]
