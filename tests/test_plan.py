"""What a suite asks of a case, picture by picture: pairing, names, and what the cache of base pictures may share."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdiag.bases import NOTES, _read_by_pipelines, base_digest
from fluxdiag.errors import FluxdiagError
from fluxdiag.plan import Plan, duration, estimate, first_prompts, plan, size
from fluxdiag.profiles import Profile, load_profile
from fluxdiag.records import Case, Fact, LossProbe, Photo, Probe, Prompt, Suite
from fluxdiag.suites import ARMS, extended, load_suite, strength_factor
from simulated import ASPECTS, HEALTHY, Simulation, Truth

QUICK, _ = load_suite("quick")
PROFILE = load_profile("flux1-dev")
SETTING = "cpu {'torch': '2.6'}"
CASE = Simulation(Path("unused"), Truth(HEALTHY, described=True)).case()


def case_with(**changes) -> Case:
    """The case with other fields; `sha256` is the LoRA's."""
    if "sha256" in changes:
        changes["lora"] = CASE.lora.model_copy(update={"sha256": changes.pop("sha256")})
    return CASE.model_copy(update=changes)


def planned(case: Case = CASE, suite: Suite = QUICK, profile: Profile = PROFILE, setting: str = SETTING) -> Plan:
    return plan(case, suite, profile, setting)


def suite_of(*prompts: Prompt, arms=("class", "base"), name: str = "probe", seeds=(1,)) -> Suite:
    return Suite(schema=1, name="s", about="", probes=(Probe(name=name, arms=arms, prompts=prompts, seeds=seeds),))


# ------------------------------------------------------------------------------------------------ pairs


def places(drawing: Plan, probe: str, arm: str) -> list[tuple[int, int, int, str, int]]:
    """(batch among the arm's own, its size, place in it, prompt, seed) of every picture of an arm."""
    batches = [batch for batch in drawing.batches if (batch[0].probe, batch[0].arm.name) == (probe, arm)]
    return [
        (number, len(batch), place, task.prompt.id, task.seed)
        for number, batch in enumerate(batches)
        for place, task in enumerate(batch)
    ]


@given(st.integers(1, 40))
def test_the_arms_of_a_probe_have_the_same_prompts_and_seeds_in_the_same_places(batch):
    drawing = planned(profile=PROFILE.model_copy(update={"batch": batch}))
    for probe in QUICK.probes:
        first = places(drawing, probe.name, probe.arms[0])
        assert len(first) == len(probe.prompts) * len(probe.seeds) * len(probe.variants)
        assert all(places(drawing, probe.name, arm) == first for arm in probe.arms)


def test_every_prompt_has_noise_of_its_own():
    """With shared noise eight prompts would be one cluster: the same noise gives like faces."""
    drawing = planned()
    for probe in QUICK.probes:
        seeds = {(task.prompt.id, task.seed) for task in drawing.tasks if task.probe == probe.name}
        assert len({seed for _, seed in seeds}) == len(probe.prompts) * len(probe.seeds)


def test_another_strength_starts_from_the_same_noise():
    noise = {
        variant: {
            (task.prompt.id, task.seed) for task in planned().tasks if task.variant == variant and task.arm.name == "trigger"
        }
        for variant in ("full", "strength-0.5", "strength-1.5")
    }
    assert noise["full"] == noise["strength-0.5"] == noise["strength-1.5"]


@given(st.integers(1, 40))
def test_a_batch_is_of_one_arm_and_no_larger_than_the_profile_allows(size):
    drawing = planned(profile=PROFILE.model_copy(update={"batch": size}))
    assert all(len({(task.probe, task.arm.name, task.variant) for task in batch}) == 1 for batch in drawing.batches)
    assert max(len(batch) for batch in drawing.batches) <= size
    assert len(drawing.tasks) == sum(len(p.arms) * len(p.prompts) * len(p.seeds) * len(p.variants) for p in QUICK.probes)


def test_a_variant_of_the_adapter_is_a_picture_of_its_own_at_another_strength():
    strengths = {task.variant: task.strength for task in planned().tasks if task.arm.name == "trigger"}
    assert strengths == {"full": 1.0, "strength-0.5": 0.5, "strength-1.5": 1.5}
    assert {task.strength for task in planned().tasks if task.arm.name == "base"} == {0.0}


FULL_SUITE, _ = load_suite("full")


def high_rank(rank: int) -> Case:
    return CASE.model_copy(update={"lora": CASE.lora.model_copy(update={"rank_max": rank})})


def test_a_rank_is_cut_only_where_the_file_has_more():
    low, high = planned(high_rank(16), FULL_SUITE), planned(high_rank(64), FULL_SUITE)
    assert low.gaps["rank-band-high"] == "the LoRA's rank, 16, is not above 32"
    assert "rank-band-high" not in high.gaps
    cut = [task for task in high.tasks if task.variant == "rank-32"]
    assert len(cut) == len(high.tasks) - len(low.tasks) == 2 * 16
    assert {task.arm.name for task in cut} == {"trigger", "class"}


def test_the_base_is_drawn_once_whatever_the_variants_and_not_at_all_without_any():
    probe = Probe(
        name="x", arms=("class", "base"), prompts=(Prompt(id="p", text="p"),), seeds=(1,), variants=("rank-8", "rank-4")
    )
    suite = Suite(schema=1, name="s", about="", probes=(probe,))
    drawn = [(task.arm.name, task.variant) for task in planned(suite=suite).tasks]
    assert drawn == [("class", "rank-8"), ("class", "rank-4"), ("base", "full")]
    assert planned(high_rank(2), suite).tasks == ()


def test_two_names_of_one_variant_are_drawn_once():
    probe = Probe(
        name="x", arms=("class",), prompts=(Prompt(id="p", text="p"),), seeds=(1,), variants=("rank-32", "rank-band-high")
    )
    suite = Suite(schema=1, name="s", about="", probes=(probe,))
    assert [task.variant for task in planned(high_rank(64), suite).tasks] == ["rank-32"]


def test_the_thorough_suite_holds_the_pictures_of_quick_in_the_same_order():
    quick, full = QUICK.probes[0], FULL_SUITE.probes[0]
    assert full.prompts[: len(quick.prompts)] == quick.prompts
    assert set(quick.seeds) <= set(full.seeds)
    drawn = {task.id for task in planned(suite=FULL_SUITE).tasks}
    assert {task.id for task in planned().tasks if task.probe == "identity"} <= drawn
    variants = next(probe for probe in FULL_SUITE.probes if probe.name == "variants")
    assert {prompt.id for prompt in variants.prompts} == {prompt.id for prompt in full.prompts}


# ------------------------------------------------------------------------------------------------ parts and looks


def test_a_look_holds_the_first_prompts_of_every_kind_in_each_of_its_parts():
    look = first_prompts(planned(), {"trigger": 4, "others:man": 4, "contrast": 8}, (4, 8), 4)
    drawn = {}
    for task in look.tasks:
        drawn.setdefault(task.part, []).append(task.prompt.id)
    assert list(dict.fromkeys(drawn["trigger"])) == [prompt.id for prompt in QUICK.probes[0].prompts[:4]]
    assert len(drawn["trigger"]) == 4 * 2
    assert len(drawn["others:man"]) == 4
    assert len(set(drawn["contrast"])) == 6  # all that there are
    assert drawn.keys() == {"trigger", "others:man", "contrast"}


@given(st.integers(1, 20), st.integers(1, 20))
def test_batches_do_not_depend_on_the_round_they_are_drawn_in(upto, batch):
    """So a picture and its pair are drawn in the same shape, and a killed run goes on with whole batches."""
    whole, parts = planned(), ("trigger", "class", "base", "trigger/strength-1.5", "others:man")
    everything = set(first_prompts(whole, dict.fromkeys(parts, 8), (4, 8), batch).batches)
    early = first_prompts(whole, dict.fromkeys(parts[:3], 4 if upto < 8 else 8), (4, 8), batch).batches
    assert set(early) <= everything
    shapes = {arm: [len(b) for b in early if b[0].arm.name == arm] for arm in ("trigger", "class", "base")}
    assert shapes["trigger"] == shapes["class"] == shapes["base"]


def test_all_parts_at_the_last_look_are_the_whole_suite():
    whole = planned(suite=FULL_SUITE)
    last = first_prompts(whole, dict.fromkeys((task.part for task in whole.tasks), 16), (4, 8, 16), 4)
    assert {task.id for task in last.tasks} == {task.id for task in whole.tasks}


def test_a_suite_is_extended_by_what_a_measurement_needs_and_by_nothing_else():
    more = extended(QUICK, ["rank.truncated-bleed"])
    (added,) = more.probes[len(QUICK.probes) :]
    assert (added.arms, added.variants) == (("class",), ("rank-band-high",))
    assert {prompt.id for prompt in added.prompts} == {prompt.id for prompt in QUICK.probes[0].prompts}
    assert extended(QUICK, ["strength.more", "loss.gap", "setting.rank"]) == QUICK


def test_the_thorough_suite_asks_sixteen_prompts_of_each_kind_those_of_quick_first():
    for probe in FULL_SUITE.probes:
        texts = [prompt.text for prompt in probe.prompts]
        assert len({prompt.id for prompt in probe.prompts}) == len(texts) == len(set(texts))
        for kind in {prompt.kind for prompt in probe.prompts}:
            asked = [prompt for prompt in probe.prompts if prompt.kind == kind]
            before = [p for each in QUICK.probes if each.name == probe.name for p in each.prompts if p.kind == kind]
            assert len(asked) == 16
            assert asked[: len(before)] == before
    labels = [{getattr(p, aspect) for s in (QUICK, FULL_SUITE) for each in s.probes for p in each.prompts} for aspect in ASPECTS]
    assert labels == [{getattr(p, aspect) for each in QUICK.probes for p in each.prompts} for aspect in ASPECTS]


@pytest.mark.parametrize(
    ("variant", "factor"),
    [("full", 1.0), ("strength-0.5", 0.5), ("strength-2", 2.0), ("strength-", None), ("rank-16", 1.0), ("rank-band-high", 1.0)],
)
def test_a_variant_is_full_or_a_strength(variant, factor):
    assert strength_factor(variant) == factor


def test_every_text_has_the_subject_of_its_arm():
    texts = {task.arm.name: task.text for task in planned().tasks if task.prompt.id == "park-portrait"}
    assert texts["trigger"].startswith("ohwx woman standing in a park")
    assert texts["class"] == texts["base"]
    assert texts["base"].startswith("a woman standing in a park")
    assert texts["both"].startswith("ohwx woman with brown hair standing")
    assert "{subject}" not in " ".join(texts.values())


@pytest.mark.parametrize(
    ("changes", "gone"),
    [
        ({"trigger": None, "gaps": {"trigger": "nobody knows it"}}, {"trigger", "trigger-base", "both", "contrast"}),
        ({"description": None, "gaps": {"description": "nobody knows it"}}, {"description", "description-base", "both"}),
    ],
)
def test_an_arm_whose_subject_is_not_known_is_a_gap_with_the_cases_reason(changes, gone):
    drawing = planned(case_with(**changes))
    assert drawing.gaps == dict.fromkeys(gone, "nobody knows it")
    assert not gone & {task.arm.name for task in drawing.tasks}


# ------------------------------------------------------------------------------------------------ names


def ids(drawing: Plan, lora: bool) -> set[str]:
    return {task.id for task in drawing.tasks if task.arm.lora is lora}


def test_every_picture_has_a_name_of_its_own_and_the_same_plan_gives_the_same_names():
    drawing = planned()
    assert len(ids(drawing, True) | ids(drawing, False)) == len(drawing.tasks)
    assert planned() == drawing


@pytest.mark.parametrize("changes", [{"strength": 0.8}, {"sha256": "1" * 64}])
def test_strength_and_lora_rename_what_is_drawn_with_the_lora_and_nothing_else(changes):
    before, after = planned(), planned(case_with(**changes))
    assert not ids(before, True) & ids(after, True)
    assert ids(before, False) == ids(after, False)


ELSEWHERE = {
    "a trigger": {"case": case_with(trigger=Fact(value="zzz", source="x"))},
    "versions": {"setting": "cpu {'torch': '2.7'}"},
    "steps": {"profile": PROFILE.model_copy(update={"steps": 4})},
    "the base": {"case": case_with(base="/elsewhere")},
}
TOUCHED = {"a trigger": {"trigger", "trigger-base", "both", "contrast"}}


@pytest.mark.parametrize("change", ELSEWHERE)
def test_whatever_changes_a_picture_renames_it(change):
    before, after = planned(), planned(**ELSEWHERE[change])
    kept = {task.id for task in before.tasks} & {task.id for task in after.tasks}
    expected = set(ARMS) - TOUCHED.get(change, set(ARMS))
    assert {task.arm.name for task in before.tasks if task.id in kept} == expected


def test_a_picture_that_is_asked_for_otherwise_is_another_picture():
    asked = Prompt(id="park", text="{subject} in a park")
    before, after = (
        planned(suite=suite_of(prompt)) for prompt in (asked, asked.model_copy(update={"text": "{subject} in a forest"}))
    )
    assert not {task.id for task in before.tasks} & {task.id for task in after.tasks}


# ------------------------------------------------------------------------------------------------ the cache of base pictures


def keys(drawing: Plan) -> dict[tuple[str, str, int], str | None]:
    return {(task.arm.name, task.prompt.id, task.seed): task.base_key for task in drawing.tasks}


def test_only_pictures_without_the_lora_are_shared():
    assert all((task.base_key is None) is task.arm.lora for task in planned().tasks)


def test_base_keys_do_not_depend_on_the_lora():
    assert keys(planned()) == keys(planned(case_with(sha256="1" * 64, strength=0.5)))


@given(st.sampled_from(sorted(ELSEWHERE.keys() - {"a trigger"})))
def test_base_keys_depend_on_all_that_makes_the_picture(change):
    shared = {key for key in keys(planned()).values() if key} & {
        key for key in keys(planned(**ELSEWHERE[change])).values() if key
    }
    assert shared == set()


def test_arms_that_ask_the_same_of_the_base_share_its_picture():
    prompt = Prompt(id="park", text="{subject} in a park")
    drawing = planned(suite=suite_of(prompt, arms=("base", "contrast-base")))
    assert len({task.base_key for task in drawing.tasks}) == 1
    assert len({task.id for task in drawing.tasks}) == 2


def test_a_base_folder_is_told_by_its_content_and_not_by_its_place(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name / "vae").mkdir(parents=True)
        (tmp_path / name / "vae" / "config.json").write_text("{}")
    one, two = (base_digest(str(tmp_path / name)) for name in ("one", "two"))
    (tmp_path / "two" / "vae" / "config.json").write_text("{} ")
    assert one == two
    assert base_digest(str(tmp_path / "two")) != one
    (tmp_path / "two" / "vae" / "config.json").rename(tmp_path / "two" / "config.json")
    (tmp_path / "two" / "config.json").write_text("{}")
    assert base_digest(str(tmp_path / "two")) != one


BESIDE = {
    "what `hf download --local-dir` notes": (".cache/huggingface/download/model_index.json.metadata", False),
    "a licence": ("LICENSE.md", False),
    "the same weights in one file": ("flux1-dev.safetensors", False),
    "what a desktop leaves": ("vae/.DS_Store", False),
    "a part that is not in the index": ("image_encoder/config.json", False),
    "a part's settings": ("vae/config.json", True),
    "the index": ("model_index.json", True),
}


@pytest.mark.parametrize("kind", BESIDE)
def test_only_what_a_pipeline_reads_draws_pictures_anew(tmp_path, kind):
    name, counts = BESIDE[kind]
    (tmp_path / "vae").mkdir()
    (tmp_path / "model_index.json").write_text('{"vae": ["diffusers", "AutoencoderKL"], "image_encoder": [null, null]}')
    before = base_digest(str(tmp_path))
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    with (tmp_path / name).open("a") as file:
        file.write(" ")
    assert (base_digest(str(tmp_path)) != before) is counts


def test_of_the_laboratory_everything_but_notes_counts(laboratory):
    """Pictures that were kept of it are named by all of that."""
    folder = laboratory / "weights" / "base"
    everything = {file for file in folder.rglob("*") if file.is_file()}
    assert everything - set(_read_by_pipelines(folder)) == {folder / name for name in NOTES}


def test_notes_beside_the_weights_draw_no_picture_anew(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    before = base_digest(str(tmp_path))
    (tmp_path / "calibration.json").write_text("{}")
    (tmp_path / "profile.toml").write_text("")
    assert base_digest(str(tmp_path)) == before
    bands = PROFILE.model_copy(update={"bands": {}, "learning_rate": 1.0})
    assert [task.id for task in planned(profile=bands).tasks] == [task.id for task in planned().tasks]


# ------------------------------------------------------------------------------------------------ hostile suites

HOSTILE = st.text(max_size=200) | st.sampled_from(
    ["../../etc/passwd", "/etc/passwd", "..", ".", "", "C:\\x", "a\0b", "x\n", "CON"]
)


@given(HOSTILE, HOSTILE, st.integers(-(2**63), 2**63))
def test_no_name_in_a_suite_is_ever_a_path(probe, prompt, seed):
    drawing = planned(suite=suite_of(Prompt(id=prompt, text=prompt), name=probe, seeds=(seed,)))
    for task in drawing.tasks:
        file = Path("run/shots") / f"{task.id}.png"
        assert file.parent == Path("run/shots")
        assert file.resolve().parent == Path("run/shots").resolve()
        assert task.id.isascii()
        assert task.id.isprintable()
        assert not set(task.id) & set('/\\:*?"<>| ')
        assert len(file.name.encode()) <= 255


@given(st.lists(HOSTILE, min_size=2, max_size=2, unique=True))
def test_prompts_that_would_have_the_same_name_keep_their_pictures_apart(texts):
    prompts = (Prompt(id="same", text=texts[0]), Prompt(id="same!", text=texts[1]))
    drawing = planned(suite=suite_of(*prompts))
    assert len({task.id for task in drawing.tasks}) == 4


# ------------------------------------------------------------------------------------------------ what it will take


def test_the_estimate_counts_what_is_left_to_draw():
    drawing = planned()
    whole, half = (estimate(drawing, drawing.tasks[:there], CASE, QUICK, "cuda") for there in (0, len(drawing.tasks) // 2))
    assert (whole.images, whole.cached) == (len(drawing.tasks), 0)
    assert half.cached == len(drawing.tasks) // 2
    assert half.minutes < whole.minutes
    per_image = PROFILE.cost.seconds_per_image["cuda"]
    assert whole.minutes - half.minutes == pytest.approx(half.cached * per_image / 60)
    assert f"{whole.images} images (0 of them there already)" in whole.sentence


def test_without_a_card_the_estimate_tells_the_time_on_one_too():
    drawing = planned()
    card, processor = (estimate(drawing, (), CASE, QUICK, device) for device in ("cuda", "cpu"))
    assert (card.on_a_card, processor.on_a_card) == (None, pytest.approx(card.minutes))
    assert f" on this processor and {duration(card.minutes)} on a card, " in processor.sentence
    assert " on a card" not in card.sentence.split("(")[0]


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0.0, "1 s"), (0.9, "54 s"), (1.5, "2 min"), (89, "89 min"), (90, "1.5 h"), (14640, "10 days")],
)
def test_a_duration_is_said_in_the_unit_that_fits(minutes, said):
    assert duration(minutes) == said


@pytest.mark.parametrize(("gigabytes", "said"), [(0.0, "1 MB"), (0.0011, "1 MB"), (0.3, "300 MB"), (23.84, "23.8 GB")])
def test_a_size_is_said_in_the_unit_that_fits(gigabytes, said):
    assert size(gigabytes) == said


@pytest.mark.parametrize(
    ("photos", "references", "twins", "source", "read"),
    [
        (16, 8, 0, "held-out", 3 + 3), (2, 8, 0, "held-out", 2 + 3), (16, 8, 6, "held-out", 3 + 2), (16, 8, 0, "training", 3),
        (0, 0, 0, "none", 0),
    ],
)  # fmt: skip
def test_loss_readings_are_counted_by_photo(photos, references, twins, source, read):
    case = case_with(
        photos=(*(Photo(path=f"{i}", sha256=f"{i}") for i in range(photos)), Photo(path="x", sha256="x", problem="not an image")),
        references=tuple(Photo(path=f"r{i}", sha256=f"r{i}") for i in range(references)),
        reference_source=source,
        overlap=tuple(f"r{i}" for i in range(twins)),
    )
    suite = QUICK.model_copy(update={"losses": LossProbe(sigmas=(0.3, 0.6), noises=2, photos=3)})
    passes = estimate(planned(case), (), case, suite, "cpu").forward_passes
    assert passes == read * 2 * 2 * 2 * 4  # sigmas, noises, LoRA on and off, prompts


def test_a_device_that_the_profile_has_no_cost_for_is_named():
    with pytest.raises(FluxdiagError, match="no cost for abacus"):
        estimate(planned(), (), CASE, QUICK, "abacus")
