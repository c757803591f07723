"""What a rule says beside its status: what it cites, what it lacks, what it would change and how strong it is."""

from __future__ import annotations

from typing import get_args

import pytest
from cases import (
    BY_HEART,
    CASES,
    CUT_HELPS,
    DESCRIBED,
    DESCRIPTION_ACTS,
    DISOBEYS,
    GAP_SMALL,
    HALF_THERE,
    KNOWN_WORD,
    LEAKS,
    RISES,
    THERE,
    TRIGGER_DEAD,
    WEAK_TRIGGER,
    evidence_of,
)  # fmt: skip

from fluxdiag.diagnose import why_open
from fluxdiag.records import Band, Severity, StepFormula
from fluxdiag.registry import Judge, rules

LABORATORY = StepFormula(per_image=260, plus=910)
FACTS = {"setting.rank", "setting.learning-rate", "setting.regularisation-images"}
"""told as prose (`Rank 64 is above 16-32`) and not as a measurement with its interval"""


@pytest.mark.parametrize(("cause", "numbers", "status", "direction"), CASES)
def test_a_finding_opens_with_a_sentence_and_cites_what_it_then_tells(judge, cause, numbers, status, direction):
    match = judge(cause, numbers)
    told = {key for key in numbers if any(f"{key} " in sentence for sentence in match.because)}
    assert set(match.cites) - told <= FACTS
    assert told <= set(match.cites)
    assert not any(f"{key} " in match.because[0] for key in numbers)


@pytest.mark.parametrize(("cause", "numbers", "status", "direction"), CASES)
def test_only_unknown_lacks_anything(judge, cause, numbers, status, direction):
    assert not judge(cause, numbers).lacking or status == "unknown"


TOLD = [
    # cause, evidence -> all that is cited, in the order of the reasons
    ("known-trigger", KNOWN_WORD | HALF_THERE | WEAK_TRIGGER, "consistency.trigger-base identity.trigger trigger.effect"),
    ("known-trigger", THERE | {"consistency.trigger-base": 0.0}, "consistency.trigger-base"),
    ("known-trigger", THERE | KNOWN_WORD, "identity.trigger"),
    ("no-trigger-in-captions", TRIGGER_DEAD | {"captions.trigger-share": 0.0}, "captions.trigger-share trigger.effect"),
    ("no-trigger-in-captions", TRIGGER_DEAD | {"captions.trigger-share": 1.0}, "captions.trigger-share"),
    ("wrong-base", HALF_THERE | {"file.other-base": 1.0}, "file.other-base identity.trigger"),
    ("wrong-base", HALF_THERE | {"file.other-base": 0.0}, "file.other-base"),
    ("wrong-base", THERE | {"file.other-base": 1.0}, "identity.trigger"),
    (
        "overcaptioned-appearance",
        TRIGGER_DEAD | DESCRIBED | DESCRIPTION_ACTS | {"loss.description": 3.0, "captionless.identity": 0.8},
        "trigger.effect loss.binding description.effect loss.description captionless.identity captions.appearance-share",
    ),
    ("overcaptioned-appearance", TRIGGER_DEAD | {"captions.appearance-share": 0.0}, "captions.appearance-share"),
    ("low-diversity-dataset", DISOBEYS | {"dataset.effective-images": 1.2}, "obedience.background dataset.effective-images"),
    (
        "low-diversity-dataset",
        {"loss.gap": 100.0, "loss.binding": -3.0, "loss.face-share": -9.0, "obedience.outfit": -0.5},
        "obedience.outfit loss.face-share loss.gap loss.binding",
    ),
    (
        "low-diversity-dataset",
        {"obedience.background": 0.0, "obedience.outfit": 0.0, "loss.gap": 18.0},
        "obedience.background obedience.outfit loss.gap",
    ),
    (
        "wrong-step-count",
        LEAKS | BY_HEART | {"variety.within-prompt": 0.4, "strength.more": -0.2, "setting.exposure-ratio": 3.0},
        "loss.gap loss.heldout-gain bleed.class strength.more setting.exposure-ratio",
    ),
    (
        "wrong-step-count",
        HALF_THERE | GAP_SMALL | {"strength.more": 0.2, "setting.exposure-ratio": 0.2},
        "identity.trigger loss.gap strength.more setting.exposure-ratio",
    ),
    ("wrong-step-count", THERE | {"loss.gap": 18.0, "bleed.class": 0.1}, "identity.trigger loss.gap bleed.class"),
    ("wrong-rank", LEAKS | {"setting.rank": 128} | CUT_HELPS, "setting.rank rank.truncated-bleed rank.truncated-identity"),
    ("wrong-rank", {"setting.rank": 128, "rank.truncated-bleed": 0.0}, "setting.rank rank.truncated-bleed"),
    (
        "wrong-rank",
        LEAKS | BY_HEART | {"setting.rank": 128, "setting.exposure-ratio": 1.0, "setting.regularisation-images": 100},
        "setting.rank bleed.class loss.gap setting.exposure-ratio setting.regularisation-images",
    ),
    (
        "wrong-rank",
        HALF_THERE | GAP_SMALL | {"setting.rank": 4, "setting.exposure-ratio": 1.0},
        "setting.rank identity.trigger loss.gap setting.exposure-ratio",
    ),
    ("wrong-rank", THERE | {"setting.rank": 128, "bleed.class": 0.1}, "identity.trigger bleed.class"),
    ("learning-rate", {"setting.learning-rate": 1e-3} | BY_HEART, "setting.learning-rate loss.gap loss.heldout-gain"),
    ("learning-rate", {"setting.learning-rate": 1e-5} | THERE, "setting.learning-rate identity.trigger"),
    ("inert-lora", {"file.delta-norm": 0.0, "file.modules": 0, "file.applied-error": 0.5},
     "file.delta-norm file.modules file.applied-error"),
    ("inert-lora", {"drift.unrelated": 0.05, "loss.training-gain": 9.0}, "drift.unrelated loss.training-gain"),
    (
        "missing-regularisation",
        LEAKS | {"bleed.same-sex": 0.6, "setting.regularisation-images": 0},
        "setting.regularisation-images bleed.class bleed.same-sex",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "numbers", "keys"), TOLD)
def test_all_that_speaks_for_a_finding_is_cited(judge, cause, numbers, keys):
    match = judge(cause, numbers)
    assert match.status != "unknown"
    assert match.cites == tuple(keys.split())


def test_a_sound_number_is_told_in_words_too(judge):
    sound = judge("wrong-step-count", THERE | {"loss.gap": 18.0, "bleed.class": 0.1})
    assert [sentence.partition(":")[0] for sentence in sound.because] == [
        "Neither too little nor too much was learnt.",
        "The person is there",
        "Its own photos did not gain much more than others",
        "The person does not come uncalled",
    ]


NOTHING_KNOWN = {
    "overcaptioned-appearance": "trigger.effect loss.binding description.advantage description.effect loss.description"
    " captions.appearance-share",
    "low-diversity-dataset": "obedience.background obedience.outfit loss.face-share loss.gap loss.binding loss.heldout-gain",
    "wrong-step-count": "identity.trigger loss.gap loss.heldout-gain bleed.class setting.exposure-ratio strength.more",
    "wrong-rank": "setting.rank",
    "inert-lora": "drift.unrelated bleed.class trigger.effect loss.heldout-gain",
    "missing-regularisation": "bleed.class setting.regularisation-images",
    "learning-rate": "setting.learning-rate",
    "known-trigger": "consistency.trigger-base identity.trigger",
    "no-trigger-in-captions": "captions.trigger-share trigger.effect",
    "wrong-base": "file.other-base identity.trigger",
}


@pytest.mark.parametrize(("cause", "keys"), NOTHING_KNOWN.items())
def test_without_evidence_a_rule_names_what_it_would_need_and_says_so(judge, cause, keys):
    match = judge(cause, {})
    assert (match.status, match.lacking) == ("unknown", tuple(keys.split()))
    assert "not measured" in " ".join(match.because)


OPEN = [
    # cause, the fact that makes it a suspicion -> what a finding would need, and the sentence that opens it
    ("wrong-rank", {"setting.rank": 4}, "identity.trigger loss.gap setting.exposure-ratio", "Rank 4 is below 16, but"),
    (
        "wrong-rank",
        {"setting.rank": 128},
        "bleed.class loss.gap setting.exposure-ratio setting.regularisation-images rank.truncated-bleed rank.truncated-identity",
        "Rank 128 is above 32, but",
    ),
    (
        "learning-rate",
        {"setting.learning-rate": 1e-5},
        "identity.trigger loss.gap",
        "The rate, 1e-5, lies outside 5e-5 to 4e-4, b",
    ),
    (
        "learning-rate",
        {"setting.learning-rate": 1e-3},
        "loss.gap loss.heldout-gain",
        "The rate, 0.001, lies outside 5e-5 to 4e-4, b",
    ),
    ("missing-regularisation", {"setting.regularisation-images": 0}, "bleed.class", "The signs do not decide."),
]


@pytest.mark.parametrize(("cause", "numbers", "lacking", "opening"), OPEN)
def test_a_suspicion_names_the_probes_that_would_make_it_a_finding(judge, cause, numbers, lacking, opening):
    match = judge(cause, numbers)
    assert match.lacking == tuple(lacking.split())
    assert match.because[0].startswith(opening)
    told = [key for key in match.lacking if key != "rank.truncated-identity"]  # one cut LoRA gives both, in one sentence
    assert sum(sentence.startswith("not measured: ") for sentence in match.because) >= len(told)


def test_where_it_is_not_known_whether_others_were_shown_both_leaks_are_told_and_that(judge):
    match = judge("missing-regularisation", LEAKS | {"bleed.same-sex": 0.6})
    assert (match.status, match.cites) == ("unknown", ("bleed.class", "bleed.same-sex"))
    assert match.because[-1] == "not known: setting.regularisation-images: not measured"
    assert not any("not known" in said for said in judge("missing-regularisation", {"setting.regularisation-images": 0}).because)


WHY_OPEN = [
    ("wrong-rank", HALF_THERE | {"setting.rank": 128}, "missing"),  # never cut down in the quick suite
    ("wrong-rank", LEAKS | {"setting.rank": 128, "loss.gap": 20.0, "setting.exposure-ratio": 3.0,
                            "setting.regularisation-images": 9}, "missing"),  # all else is there
    ("missing-regularisation", {"setting.regularisation-images": 0, "bleed.class": (0.4, 0.1, 0.7)}, "missing"),
    ("missing-regularisation", {"setting.regularisation-images": 0, "bleed.class": (0.4, 0.1, 0.7),
                                "bleed.same-sex": (0.4, 0.1, 0.7)}, "divided"),
    ("wrong-step-count", HALF_THERE | GAP_SMALL | {"setting.exposure-ratio": 1.0}, "missing"),
    ("learning-rate", {}, "missing"),
    ("learning-rate", {"setting.learning-rate": 1e-5, "identity.trigger": (0.4, 0.3, 0.5), "loss.gap": (11.0, 5.0, 17.0)},
     "divided"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "numbers", "why"), WHY_OPEN)
def test_an_open_finding_is_open_for_want_of_a_measurement_or_by_what_was_measured(judge, cause, numbers, why):
    match = judge(cause, numbers)
    assert (match.status, why_open(match)) == ("unknown", why)


HARMLESS = [
    ("wrong-rank", {"setting.rank": 16}, "Rank 16 lies within 16-32 (field guide, section 6), and no probe speaks against it."),
    (
        "wrong-rank",
        {"setting.rank": 128, "rank.truncated-bleed": 0.0},
        "Rank 128 is above 16-32, but cut down it leaks as before.",
    ),
    ("learning-rate", {"setting.learning-rate": 1e-4}, "The rate, 1e-4, lies within 5e-5 to 4e-4 (field guide, section 5"),
    (
        "learning-rate",
        {"setting.learning-rate": 1e-5, "loss.gap": 18.0},
        "The rate, 1e-5, lies outside 5e-5 to 4e-4, and did no harm.",
    ),
    ("missing-regularisation", {"setting.regularisation-images": 100}, "100 regularisation pictures were used; if the face"),
]


@pytest.mark.parametrize(("cause", "numbers", "opening"), HARMLESS)
def test_a_setting_that_did_no_harm_is_told_with_its_value(judge, cause, numbers, opening):
    match = judge(cause, numbers)
    assert match.status == "absent"
    assert match.because[0].startswith(opening)


def test_every_cause_is_in_these_tables():
    causes = {rule.cause for rule in rules()}
    assert causes == set(NOTHING_KNOWN) == {cause for cause, *_ in TOLD} == {cause for cause, *_ in CHANGES}


CHANGES = [
    # cause, evidence -> setting, whether it is safe, from, to (the beginning)
    ("overcaptioned-appearance", TRIGGER_DEAD | DESCRIBED, "captions", True, "appearance named in 100% of the captions", "t"),
    ("low-diversity-dataset", DISOBEYS, "images", True, None, "15-30 images"),
    ("low-diversity-dataset", DISOBEYS | {"setting.images": 12}, "images", True, "12 images", "15-30 images"),
    ("low-diversity-dataset", DISOBEYS | {"setting.images": 12, "dataset.effective-images": 1.62}, "images", True,
     "12 images, worth 1.6 different ones", "15-30 images"),
    ("wrong-step-count", BY_HEART, "steps", True, None, "as many as the base's formula says"),
    ("wrong-step-count", BY_HEART | {"setting.steps": 3000, "setting.exposure-ratio": 3.0}, "steps", True, "3000", "1000, by"),
    ("wrong-step-count", BY_HEART | {"setting.steps": 3000, "setting.exposure-ratio": 1.0}, "steps", True, "3000", "2700: the f"),
    ("wrong-step-count", HALF_THERE | GAP_SMALL | RISES | {"setting.steps": 3000}, "steps", True, "3000", "3300: the f"),
    ("wrong-step-count", HALF_THERE | GAP_SMALL | {"setting.steps": 300, "setting.exposure-ratio": 0.2}, "steps", True,
     "300", "1500, by"),
    # the count lies on the other side of the formula: it is not what makes too little or too much of it
    ("wrong-step-count", BY_HEART | {"setting.steps": 740, "setting.exposure-ratio": 0.4}, "steps", True,
     "740", "666, in steps of 10%; below the base's formula, so look at the learning rate first"),
    ("wrong-step-count", HALF_THERE | GAP_SMALL | RISES | {"setting.steps": 4000, "setting.exposure-ratio": 2.0}, "steps", True,
     "4000", "4400, in steps of 10%; above"),
    ("wrong-rank", LEAKS | {"setting.rank": 128} | CUT_HELPS, "rank", True, "128", "16-32"),
    ("inert-lora", {"file.modules": 0}, "file", False, None, "export it again"),
    ("missing-regularisation", LEAKS | {"setting.regularisation-images": 0}, "regularisation_images", True, "none", "100-200"),
    ("learning-rate", {"setting.learning-rate": 1e-3} | BY_HEART, "learning_rate", True, "0.001", "5e-5 to 4e-4"),
    ("known-trigger", KNOWN_WORD | HALF_THERE, "trigger", False, None, "a word that means nothing"),
    ("no-trigger-in-captions", TRIGGER_DEAD | {"captions.trigger-share": 0.25}, "trigger_in_captions", True,
     "in 25% of the captions", "in every caption"),
    ("wrong-base", HALF_THERE | {"file.other-base": 1.0}, "base", False, None, "use it on the base"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "numbers", "setting", "safe", "now", "to"), CHANGES)
def test_a_cause_asks_for_one_change(judge, cause, numbers, setting, safe, now, to):
    (change,) = judge(cause, numbers).changes
    assert (change.setting, change.safe, change.from_) == (setting, safe, now)
    assert change.to.startswith(to)


# Other people take half of the steps; a rule of three for the rest.
FORMULA = [
    ({"setting.steps": 4000, "setting.exposure-ratio": 2.0}, "2000"),
    ({"setting.steps": 4000, "setting.exposure-ratio": 2.0, "setting.regularisation-images": 0}, "2000"),
    ({"setting.steps": 4000, "setting.exposure-ratio": 2.0, "setting.regularisation-images": 50}, "2000"),
    ({"setting.steps": 4, "setting.exposure-ratio": 20.0}, "1"),  # never none
]


@pytest.mark.parametrize(("known", "steps"), FORMULA)
def test_the_steps_of_the_formula(judge, known, steps):
    (change,) = judge("wrong-step-count", BY_HEART | known).changes
    assert change.to.startswith(f"{steps}, by the base's formula")


def of_rule(cause: str) -> Judge:
    return next(rule.judge for rule in rules() if rule.cause == cause)


def test_where_the_band_still_holds_half_of_the_formula_others_take_the_other_half():
    rule = of_rule("wrong-step-count")
    known = evidence_of(BY_HEART | {"setting.steps": 4000, "setting.exposure-ratio": 2.0, "setting.regularisation-images": 50})
    for low, steps in ((0.5, "1000"), (0.6, "2000")):
        band = Band(low=low, high=1.5, source="x")
        (change,) = rule(known.model_copy(update={"bands": {"exposure_ratio": band}})).changes
        assert change.to.startswith(f"{steps}, by")


FAR_OFF = {"setting.steps": 4000, "setting.exposure-ratio": 2.0}
WORDS = [
    # the base's formula as the evidence carries it; None in evidence from before
    (BY_HEART | FAR_OFF, LABORATORY, "2000, by the base's formula (260 for each image and 910 more); then in steps of 10%"),
    (BY_HEART | FAR_OFF, None, "2000, by the base's formula; then in steps of 10%"),
    (BY_HEART, LABORATORY,
     "as many as the base's formula says (260 for each image and 910 more), at batch size 1; then in steps of 10%"),
    (BY_HEART, None, "as many as the base's formula says, at batch size 1; then in steps of 10%"),
]  # fmt: skip


@pytest.mark.parametrize(("numbers", "formula", "to"), WORDS)
def test_the_formula_that_is_told_is_the_bases_own(numbers, formula, to):
    (change,) = of_rule("wrong-step-count")(evidence_of(numbers).model_copy(update={"step_formula": formula})).changes
    assert change.to == to


SHOWN_BESIDE_OTHERS = [
    # what the evidence knows of other people, how many there were -> steps
    (None, {}, "2000"),
    (None, {"setting.regularisation-images": 50}, "1000"),  # evidence from before: counted ones only
    (True, {}, "1000"),  # there were some, and nobody says how many
    (False, {}, "2000"),
]


@pytest.mark.parametrize(("others", "counted", "steps"), SHOWN_BESIDE_OTHERS)
def test_a_ratio_that_was_halved_for_others_is_told_in_their_steps(others, counted, steps):
    bands = {"exposure_ratio": Band(low=0.5, high=1.5, source="x")}
    known = evidence_of(BY_HEART | FAR_OFF | counted).model_copy(update={"beside_others": others, "bands": bands})
    (change,) = of_rule("wrong-step-count")(known).changes
    assert change.to.startswith(f"{steps}, by")


STRENGTHS = [
    ("wrong-step-count", BY_HEART, "strong"),
    ("wrong-step-count", BY_HEART | {"setting.exposure-ratio": 1.0}, "weak"),  # the settings speak against it
    ("wrong-rank", LEAKS | {"setting.rank": 128} | CUT_HELPS, "strong"),
    ("wrong-rank", LEAKS | {"setting.rank": 128, "setting.exposure-ratio": 1.0, "setting.regularisation-images": 9}, "weak"),
    ("inert-lora", {"file.modules": 0}, "strong"),
    ("wrong-base", HALF_THERE | {"file.other-base": 1.0}, "moderate"),
    ("known-trigger", {"consistency.trigger-base": (0.25, 0.18, 0.4)} | HALF_THERE, None),
    ("known-trigger", {"consistency.trigger-base": (0.3, 0.21, 0.4), "identity.trigger": (0.4, 0.3, 0.44)}, "moderate"),
    ("no-trigger-in-captions", TRIGGER_DEAD | {"captions.trigger-share": 0.0}, "strong"),
    ("missing-regularisation", LEAKS | {"setting.regularisation-images": 0}, "moderate"),
    ("missing-regularisation", LEAKS | {"bleed.same-sex": 0.6, "setting.regularisation-images": 0}, "strong"),
    ("low-diversity-dataset", {"obedience.background": (-0.4, -0.7, -0.21)}, "weak"),
    ("overcaptioned-appearance", TRIGGER_DEAD | DESCRIBED | DESCRIPTION_ACTS, "strong"),
    ("learning-rate", {"setting.learning-rate": 1e-3, "loss.gap": (50.0, 31.0, 69.0)}, "weak"),
]


@pytest.mark.parametrize(("cause", "numbers", "strength"), STRENGTHS)
def test_a_cause_is_as_strong_as_its_signs(judge, cause, numbers, strength):
    assert judge(cause, numbers).strength == strength


def test_every_rule_has_one_of_the_severities_that_there_are():
    assert {rule.severity for rule in rules()} <= set(get_args(Severity))


ALIBIS = [
    ("wrong-rank", "low", {"setting.rank": 16}, "Rank 16 is not below 16-32 (field guide, section 6)."),
    ("wrong-rank", "high", {"setting.rank": 32}, "Rank 32 is not above 16-32 (field guide, section 6)."),
    ("wrong-rank", "low", {"setting.rank": 8}, None),
    ("wrong-rank", "high", {"setting.rank": 64}, None),
    ("wrong-rank", "high", {}, None),
    ("overcaptioned-appearance", None, {"captions.appearance-share": 0.0}, "The captions hardly name the person's appearance: "),
    ("overcaptioned-appearance", None, {"captions.appearance-share": 0.051}, None),
    ("overcaptioned-appearance", None, {}, None),
    ("low-diversity-dataset", None, {"dataset.effective-images": 30.0}, None),
    ("missing-regularisation", None, {"setting.regularisation-images": 100}, None),
]


@pytest.mark.parametrize(("cause", "direction", "numbers", "sentence"), ALIBIS)
def test_a_fact_rules_a_cause_out_before_anything_is_weighed(cause, direction, numbers, sentence):
    account = next(rule.account for rule in rules() if rule.cause == cause)
    found = account.alibi(evidence_of(numbers), direction)
    assert (found is None) == (sentence is None)
    if sentence is not None:
        assert found[0].startswith(sentence)
        assert found[1] in numbers


def test_what_clears_the_set_says_of_outfits_what_was_shown(judge):
    obeyed = {"obedience.background": (0.0, -0.1, 0.1), "loss.gap": (18.0, 14.0, 22.0)}
    shown, leaning = ((0.0, -0.15, 0.15), (0.0, -0.3, 0.3))
    shown_sentence = judge("low-diversity-dataset", obeyed | {"obedience.outfit": shown}).because[0]
    leaning_sentence = judge("low-diversity-dataset", obeyed | {"obedience.outfit": leaning}).because[0]
    assert shown_sentence == "Backgrounds and outfits are painted as asked."
    assert leaning_sentence.startswith("Backgrounds are painted as asked, ")
    assert "of outfits only the estimate says so" in leaning_sentence
