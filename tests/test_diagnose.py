"""From numbers to symptoms, verdict and sentence. Rules have their own tables; here only what joins them."""

import subprocess
import sys

import pytest

from fluxdiag.diagnose import judge
from fluxdiag.records import Diagnosis, Evidence, Measurement
from fluxdiag.symptoms import symptoms_of

SOUND = {
    "identity.ceiling": (0.85, 0.83, 0.87),
    "identity.trigger": (0.62, 0.55, 0.69),
    "trigger.effect": (0.45, 0.35, 0.55),
    "bleed.class": (0.12, 0.05, 0.19),
    "obedience.background": (0.0, -0.1, 0.1),
    "obedience.outfit": (0.0, -0.15, 0.15),
    "loss.gap": (18, 14, 22),
    "loss.heldout-gain": (4, 2, 6),
    "loss.binding": (4.4, 3.5, 5.3),
    "setting.rank": (16, 16, 16),
    "file.modules": (304, 304, 304),
}
WITHOUT_REFERENCES = {
    "consistency.trigger": (0.5, 0.42, 0.58),
    "trigger.effect": (0.7, 0.6, 0.8),
    "bleed.class": (0.2, 0.1, 0.3),
}
ROOTS = {"overcaptioned-appearance", "low-diversity-dataset", "wrong-step-count", "wrong-rank"}


def judged(numbers: dict[str, tuple[float, float, float]], **changed: tuple[float, float, float]) -> Diagnosis:
    found = numbers | {key.replace("__", ".").replace("_", "-"): interval for key, interval in changed.items()}
    measurements = {key: Measurement(key=key, value=v, low=low, high=high, n=8) for key, (v, low, high) in found.items()}
    return judge(Evidence(measurements=measurements, gaps={}))


SYMPTOMS = [
    ({"identity__trigger": (0.1, 0.0, 0.2)}, "identity-missing"),
    ({"identity__trigger": (0.35, 0.28, 0.42)}, "identity-weak"),
    ({"bleed__class": (0.5, 0.4, 0.6)}, "bleed"),
    ({"bleed__group": (0.5, 0.4, 0.6)}, "bleed"),
    ({"bleed__animal": (0.75, 0.31, 0.95)}, "bleed"),
    ({"obedience__background": (-0.5, -0.7, -0.3)}, "context-leak"),
    ({"obedience__outfit": (-0.5, -0.7, -0.3)}, "context-leak"),
    ({"leak__nearest": (0.7, 0.6, 0.8), "loss__gap": (60.0, 50.0, 70.0)}, "memorised"),
    ({"file__modules": (0, 0, 0)}, "inert"),
]


@pytest.mark.parametrize(("changed", "symptom"), SYMPTOMS)
def test_one_clear_number_gives_one_symptom_and_it_is_cited(changed, symptom):
    diagnosis = judged(SOUND, **changed)
    assert [found.name for found in diagnosis.symptoms] == [symptom]
    assert diagnosis.symptoms[0].cites
    assert diagnosis.verdict == ("broken" if symptom == "inert" else "faulty")


PEOPLE, THINGS = (
    ("bleed.class", "bleed.same-sex", "bleed.other-sex", "bleed.group"),
    ("bleed.animal", "bleed.object", "bleed.scene"),
)
LINES = [
    # what else is known, measurement, its line, the symptom below it and above it
    (SOUND, "identity.trigger", 0.25, "identity-missing", "identity-weak"),
    (SOUND, "identity.trigger", 0.45, "identity-weak", None),
    (WITHOUT_REFERENCES, "consistency.trigger", 0.2, "identity-missing", None),
    *((SOUND, key, 0.25, None, "bleed") for key in PEOPLE),
    *((WITHOUT_REFERENCES, key, 0.5, None, "bleed") for key in PEOPLE),
    *((SOUND, key, 0.3, None, "bleed") for key in THINGS),
    (SOUND, "obedience.background", -0.2, "context-leak", None),
    (SOUND, "obedience.outfit", -0.2, "context-leak", None),
    (SOUND | {"loss.gap": (60.0, 60.0, 60.0)}, "leak.nearest", 0.5, None, "memorised"),
    (SOUND | {"leak.nearest": (0.7, 0.7, 0.7)}, "loss.gap", 38.0, None, "memorised"),
]


@pytest.mark.parametrize(("known", "key", "line", "below", "above"), LINES)
def test_a_symptom_begins_at_its_line(known, key, line, below, above):
    for at, symptom in ((line - 0.01, below), (line + 0.01, above)):
        found = judged(known | {key: (at, at, at)}).symptoms
        assert [(each.name, key in each.cites) for each in found] == ([(symptom, True)] if symptom else [])


def test_a_symptom_cites_all_that_shows_it_and_no_more():
    leaks = dict.fromkeys((*PEOPLE[1:], *THINGS), (0.5, 0.5, 0.5))
    (bleed,) = judged(SOUND | leaks).symptoms
    assert bleed.cites == (*PEOPLE[1:], *THINGS)
    (memorised,) = judged(SOUND, leak__nearest=(0.7, 0.6, 0.8), loss__gap=(60.0, 50.0, 70.0)).symptoms
    assert memorised.cites == ("leak.nearest", "loss.gap")


DOUBTS = [
    # what keeps a LoRA from being called healthy where no symptom shows: an interval on its line, or the bleed's estimate
    (SOUND, "identity.trigger", (0.6, 0.451, 0.7), (0.6, 0.449, 0.7)),
    (SOUND, "trigger.effect", (0.4, 0.201, 0.5), (0.4, 0.199, 0.5)),
    (SOUND, "bleed.class", (0.249, 0.1, 0.4), (0.25, 0.1, 0.4)),
    (WITHOUT_REFERENCES, "consistency.trigger", (0.4, 0.201, 0.5), (0.4, 0.199, 0.5)),
    (WITHOUT_REFERENCES, "trigger.effect", (0.4, 0.351, 0.5), (0.4, 0.349, 0.5)),
    (WITHOUT_REFERENCES, "bleed.class", (0.499, 0.4, 0.6), (0.5, 0.4, 0.6)),
]


@pytest.mark.parametrize(("known", "key", "clear", "doubtful"), DOUBTS)
def test_healthy_ends_at_a_line(known, key, clear, doubtful):
    assert judged(known | {key: clear}).verdict == "healthy"
    assert judged(known | {key: doubtful}).verdict == "undetermined"
    assert judged({other: number for other, number in known.items() if other != key}).verdict == "undetermined"


HALF_SHOWN = [
    # measurement, an interval that leaves it healthy, one that does not: an estimate past the line
    ("obedience.outfit", (-0.19, -0.53, 0.2), (-0.2, -0.53, 0.2)),
    ("obedience.outfit", (-0.167, -0.52, 0.27), (-0.667, -1.0, 0.012)),  # one of six prompts lost, four of six
    ("obedience.outfit", (-0.19, -0.3, -0.1), (-1.0, -1.0, -0.012)),  # four of four prompts lost
    ("obedience.background", (-0.19, -0.3, -0.1), (-0.2, -0.39, -0.01)),
    ("bleed.scene", (0.25, 0.05, 0.7), (0.5, 0.15, 0.85)),  # a face in one, in two of four empty scenes
    ("bleed.animal", (0.25, 0.05, 0.7), (0.5, 0.15, 0.85)),
    ("bleed.object", (0.25, 0.05, 0.7), (0.5, 0.15, 0.85)),
    ("faces.measurable.trigger", (0.8, 0.6, 0.9), (0.25, 0.1, 0.5)),
    ("faces.measurable.trigger", (0.76, 0.6, 0.9), (0.74, 0.5, 0.9)),  # a quarter fewer than the base's
    ("faces.measurable.trigger", (0.7, 0.3, 1.0), (0.7, 0.5, 0.9)),  # the interval still reaches the base's share
]


@pytest.mark.parametrize(("key", "clear", "doubtful"), HALF_SHOWN)
def test_what_is_half_shown_is_not_called_healthy(key, clear, doubtful):
    base = {"faces.measurable.base": (1.0, 0.8, 1.0)}
    assert judged(SOUND | base | {key: clear}).verdict == "healthy"
    open_ = judged(SOUND | base | {key: doubtful})
    assert (open_.verdict, open_.symptoms) == ("undetermined", ())
    assert f"[{key}]" in open_.sentence


def test_faces_that_the_base_lacks_too_are_no_fault_of_the_lora():
    lost = {"faces.measurable.trigger": (0.25, 0.1, 0.5), "faces.measurable.base": (0.3, 0.1, 0.5)}
    assert judged(SOUND | lost).verdict == "healthy"
    assert judged(SOUND | {"faces.measurable.trigger": (0.25, 0.1, 0.5)}).verdict == "healthy"


@pytest.mark.parametrize("known", [SOUND, WITHOUT_REFERENCES])
def test_a_healthy_sentence_says_of_whom_it_is_not_settled(known):
    told = judged(
        known | {"bleed.group": (0.55, -0.1, 1.2), "bleed.other-sex": (0.6, 0.0, 1.2), "bleed.same-sex": (0.1, 0.0, 0.2)}
    )
    assert told.verdict == "healthy"
    assert "pictures of the other sex and groups too is not settled" in told.sentence
    assert "[bleed.group]" in told.sentence
    assert "same-sex" not in told.sentence
    assert "not settled" not in judged(known | {"bleed.group": (0.2, -0.1, 0.5)}).sentence


SILENT = [
    {"identity__trigger": (0.46, 0.4, 0.52)},  # straddles
    {"bleed__class": (0.24, 0.15, 0.33)},
    {"bleed__animal": (0.25, 0.05, 0.7)},  # one of four
    {"obedience__background": (-0.2, -0.4, 0.0)},
    {"leak__nearest": (0.7, 0.6, 0.8)},  # near training photos, as a good likeness is too
]


@pytest.mark.parametrize("changed", SILENT)
def test_what_straddles_its_line_is_no_symptom(changed):
    assert not judged(SOUND, **changed).symptoms


def test_sound_numbers_are_healthy():
    diagnosis = judged(SOUND)
    assert (diagnosis.verdict, diagnosis.symptoms, diagnosis.prescription) == ("healthy", (), ())


def test_without_references_a_trigger_that_works_is_healthy_and_the_sentence_says_what_was_not_measured():
    diagnosis = judged(WITHOUT_REFERENCES)
    assert diagnosis.verdict == "healthy"
    assert "likeness to the real person was not measured" in diagnosis.sentence


def test_without_references_a_trigger_that_brings_nobody_is_missing():
    assert judged(WITHOUT_REFERENCES, consistency__trigger=(0.03, -0.05, 0.11)).symptoms[0].name == "identity-missing"


def test_references_that_make_no_scale_leave_it_open_whether_the_person_is_there():
    numbers = {key: value for key, value in SOUND.items() if key != "identity.trigger"}
    diagnosis = judged(numbers, consistency__trigger=(0.03, -0.05, 0.11))
    assert (diagnosis.verdict, diagnosis.symptoms) == ("undetermined", ())


UNDETERMINED = [
    (
        {"identity__trigger": (0.46, 0.4, 0.52)},
        "whether the person is there when called: 0.46 (0.40 to 0.52) is not clearly above 0.45 [identity.trigger]",
    ),
    (
        {"trigger__effect": (0.25, 0.1, 0.4)},
        "whether it is the trigger that brings the person: 0.25 (0.10 to 0.40) is not clearly above 0.2 [trigger.effect]",
    ),
    (
        {"bleed__class": (0.27, 0.15, 0.39)},
        "whether the person stays away when not called: 0.27 (0.15 to 0.39) is not below 0.25 [bleed.class]",
    ),
]


@pytest.mark.parametrize(("changed", "named"), UNDETERMINED)
def test_undetermined_says_what_is_open_with_the_number_and_its_line(changed, named):
    diagnosis = judged(SOUND, **changed)
    assert diagnosis.verdict == "undetermined"
    assert diagnosis.sentence == f"The measurements do not decide {named}."


def test_what_was_not_measured_is_open_for_the_reason_that_the_gap_gives():
    measurements = {key: Measurement(key=key, value=v, low=low, high=high, n=8) for key, (v, low, high) in SOUND.items()}
    del measurements["trigger.effect"]
    diagnosis = judge(Evidence(measurements=measurements, gaps={"trigger.effect": "the trigger is not known"}))
    asked = "whether it is the trigger that brings the person"
    assert diagnosis.sentence == f"The measurements do not decide {asked}: the trigger is not known [trigger.effect]."


def test_a_file_that_was_loaded_in_part_is_broken_and_says_so():
    diagnosis = judged(SOUND, file__left_out=(0.5, 0.5, 0.5), bleed__class=(0.5, 0.4, 0.6))
    assert diagnosis.verdict == "broken"
    assert diagnosis.sentence.startswith("Only a part of the file could be loaded")
    assert [symptom.name for symptom in diagnosis.symptoms] == ["bleed"]
    assert diagnosis.findings[0].half_loaded


def test_a_file_of_which_nothing_acts_has_no_other_symptom_whatever_it_cites():
    nothing = judged(SOUND, file__modules=(0, 0, 0), bleed__class=(0.5, 0.4, 0.6)).findings[0]
    assert not nothing.half_loaded
    evidence = Evidence(measurements={}, gaps={})
    cited = nothing.model_copy(update={"cites": ("file.modules", "file.left-out")})
    assert [symptom.name for symptom in symptoms_of(evidence, (cited,))] == ["inert"]
    assert symptoms_of(evidence, (cited.model_copy(update={"half_loaded": True}),)) == ()


def test_good_pictures_with_a_clear_cause_are_not_called_healthy():
    diagnosis = judged(SOUND, loss__gap=(70, 60, 80), loss__heldout_gain=(-9, -12, -6), setting__exposure_ratio=(3, 3, 3))
    assert diagnosis.verdict == "undetermined"
    assert "learnt by heart" in diagnosis.sentence


HEART = {"loss__gap": (70, 60, 80), "loss__heldout_gain": (-9, -12, -6), "setting__exposure_ratio": (3, 3, 3)}
"""learnt by heart: a cause that is plain in the losses"""


@pytest.mark.parametrize("changed", [changed for changed, _ in UNDETERMINED])
def test_a_doubt_with_a_cause_for_it_is_a_fault(changed):
    diagnosis = judged(SOUND, **changed, **HEART)
    assert (diagnosis.verdict, diagnosis.symptoms) == ("faulty", ())
    assert diagnosis.sentence == diagnosis.findings[0].because[0]


def test_a_doubt_with_a_weak_cause_stays_a_doubt():
    rank = {"setting__rank": (64, 64, 64), "setting__regularisation_images": (60, 60, 60), "setting__exposure_ratio": (1, 1, 1)}
    near = {"identity__trigger": (0.46, 0.4, 0.52), "bleed__class": (0.2, 0.1, 0.3), "loss__gap": (45, 41, 49)}
    diagnosis = judged(SOUND, **rank, **near)
    assert (diagnosis.findings[0].cause, diagnosis.findings[0].strength) == ("wrong-rank", "weak")
    assert diagnosis.verdict == "undetermined"


def test_what_was_not_measured_is_no_sign_of_a_fault():
    numbers = {key: value for key, value in SOUND.items() if key != "trigger.effect"}
    diagnosis = judged(numbers, **HEART)
    assert diagnosis.findings[0].status == "present"
    assert diagnosis.verdict == "undetermined"


def test_without_any_evidence_the_four_roots_are_unknown_and_nothing_is_decided():
    diagnosis = judged({})
    assert {finding.cause for finding in diagnosis.findings} >= ROOTS
    assert {finding.status for finding in diagnosis.findings} == {"unknown"}
    assert diagnosis.verdict == "undetermined"


def test_findings_come_likeliest_first():
    present = {"bleed__class": (0.5, 0.4, 0.6), "setting__regularisation_images": (0, 0, 0), "loss__gap": (30, 20, 40)}
    statuses = [finding.status for finding in judged(SOUND, **present).findings]
    assert statuses == sorted(statuses, key=["present", "unknown", "absent"].index)
    assert len(set(statuses)) == 3


def test_present_causes_come_by_strength_then_by_severity_and_an_inert_file_before_its_equals():
    weak = {
        "trigger__effect": (0.0, -0.02, 0.02), "loss__binding": (0.2, 0.1, 0.3), "captions__appearance_share": (1, 1, 1),
        "captions__trigger_share": (0, 0, 0), "identity__trigger": (0.3, 0.22, 0.38), "file__other_base": (1, 1, 1),
        "consistency__trigger_base": (0.3, 0.21, 0.39),
    }  # fmt: skip
    present = [(each.cause, each.strength) for each in judged(SOUND, **weak).findings if each.status == "present"]
    assert present == [
        ("overcaptioned-appearance", "strong"),
        ("no-trigger-in-captions", "strong"),
        ("known-trigger", "strong"),
        ("wrong-base", "moderate"),
    ]
    assert judged(SOUND, **weak, file__modules=(0, 0, 0)).findings[0].cause == "inert-lora"


def test_a_finding_by_thresholds_keeps_what_its_rule_said():
    found = judged(SOUND, **HEART).findings[0]
    assert (found.cause, found.direction, found.strength) == ("wrong-step-count", "over", "strong")
    assert (found.severity, [change.setting for change in found.changes]) == ("high", ["steps"])
    assert "loss.gap" in found.cites


def test_no_probability_is_claimed_while_no_weights_are_fitted():
    diagnosis = judged(SOUND, bleed__class=(0.5, 0.4, 0.6))
    assert diagnosis.calibration == "laboratory"  # where the thresholds come from
    assert all(finding.probability is None and not finding.weighed for finding in diagnosis.findings)


def test_diagnosing_imports_neither_models_nor_arrays():
    heavy = ["torch", "numpy", "pandas", "scipy", "diffusers", "transformers", "insightface", "onnxruntime", "open_clip"]
    code = "import sys; from fluxdiag.diagnose import judge; from fluxdiag.records import Evidence; "
    code += f"judge(Evidence(measurements={{}}, gaps={{}})); print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert done.stdout.strip() == "[]"
