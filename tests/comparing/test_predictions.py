"""What was promised, and what came of it."""

import pytest

from fluxdiag.comparing import predictions
from fluxdiag.comparing.predictions import outcome
from fluxdiag.comparing.records import Changed
from fluxdiag.curing.cure import Applied
from fluxdiag.curing.record import FILE, Retraining, Trained
from fluxdiag.prescribe import Prediction
from fluxdiag.records import Measurement

RISE = Prediction(key="identity.trigger", way="rise", now=0.2, line=0.45, by=0.25, unit="scale")
FALL = Prediction(key="bleed.class", way="fall", now=0.6, line=0.25, by=0.35, unit="scale")


def changed(prediction: Prediction, low: float, high: float) -> Changed:
    def number(value, below, above):
        return Measurement(key=prediction.key, value=value, low=below, high=above, n=8, unit="scale")

    middle = (low + high) / 2
    after = prediction.now + middle
    return Changed(
        key=prediction.key,
        unit="scale",
        way=prediction.way,
        before=number(prediction.now, prediction.now - 0.05, prediction.now + 0.05),
        after=number(after, after - 0.05, after + 0.05),
        change=number(middle, low, high),
        paired=True,
        state="unclear",
    )


@pytest.mark.parametrize(
    ("prediction", "low", "high", "held"),
    [
        (RISE, 0.3, 0.5, "held"),
        (RISE, 0.05, 0.15, "failed"),  # moved, but not far enough
        (RISE, -0.1, 0.1, "failed"),  # did not move
        (RISE, -0.1, 0.4, "open"),
        (RISE, 0.1, 0.3, "open"),  # moved; far enough is inside the interval, the line is not reached
        (FALL, -0.5, -0.4, "held"),
        (FALL, 0.1, 0.2, "failed"),
        (FALL, -0.5, 0.1, "open"),
        (RISE, 0.1, 0.24, "failed"),  # the line is a quarter away
        (RISE, 0.1, 0.26, "open"),
        (FALL, -0.34, -0.1, "failed"),
        (FALL, -0.36, -0.1, "open"),
        (RISE, -0.1, 0.0, "failed"),
    ],
)
def test_outcomes(prediction, low, high, held):
    assert outcome(prediction, changed(prediction, low, high))[0] == held


SENTENCES = [
    (0.3, 0.5, "moved as promised, and is now on the right side of its line"),
    (0.05, 0.15, "moved the right way, but not far enough"),
    (-0.1, 0.1, "did not move as promised"),
    (0.1, 0.3, "moved the right way; whether far enough cannot be told from so few prompts"),
    (-0.1, 0.4, "whether it moved at all cannot be told from so few prompts"),
]


@pytest.mark.parametrize(("low", "high", "sentence"), SENTENCES)
def test_the_outcome_is_said(low, high, sentence):
    assert outcome(RISE, changed(RISE, low, high))[1] == sentence


def test_what_was_not_measured_is_open():
    assert outcome(RISE, None)[0] == "open"


def test_without_a_record_the_prescription_of_the_run_before_is_held_against_the_run_after(compared, before):
    assert before.diagnosis().prescription
    assert "whether it was followed is not known" in compared.promised_by
    assert {one.key: one.held for one in compared.promises}["identity.trigger"] == "held"


def record(before, after, **changes) -> Retraining:
    """That a change of the captions was to raise the likeness, and that this LoRA came of it."""
    applied = Applied.model_construct(setting="captions", predictions=(RISE,))
    made = Trained(file="lora.safetensors", sha256=after.case().lora.sha256, modules=1, rank=16, problems=())
    told = {"lora_sha256": before.case().lora.sha256, "applied": (applied,), "result": made}
    return Retraining.model_construct(**(told | changes))


OTHERS = [
    {"lora_sha256": "f" * 64},  # of another LoRA on trial
    {"result": None},  # not finished
    {"result": Trained(file="lora.safetensors", sha256="f" * 64, modules=1, rank=16, problems=())},
]


def test_a_retrainings_own_predictions_are_held_against_what_it_made(before, after, monkeypatch):
    monkeypatch.setattr(predictions, "read_retraining", lambda folder: record(before, after))
    kept, origin = predictions.promises(before, after, ())
    assert ([(one.setting, one.key, one.held) for one in kept], origin) == ([("captions", "identity.trigger", "open")], FILE)


@pytest.mark.parametrize("changes", OTHERS)
def test_the_record_of_another_retraining_promises_nothing(before, after, monkeypatch, changes):
    monkeypatch.setattr(predictions, "read_retraining", lambda folder: record(before, after, **changes))
    assert "whether it was followed is not known" in predictions.promises(before, after, ())[1]
