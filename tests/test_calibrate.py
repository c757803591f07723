"""Fitting weights: signs that science fixes, the mix that is no prior, people that are left out, a user's own labels."""

import shutil

import numpy as np
import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from fluxdiag.calibrate import FEWEST, LOUDEST, LOUDEST_SETTINGS, Example, fit, fit_target, left_out, probabilities
from fluxdiag.commands.calibrate import calibrate
from fluxdiag.errors import FluxdiagError
from fluxdiag.labels import read_labels
from fluxdiag.measure import measure
from fluxdiag.profiles import load_profile
from fluxdiag.records import Evidence, Measurement, Stopped
from fluxdiag.runs import Run
from fluxdiag.weighing.calibration import read_calibration
from fluxdiag.weighing.odds import weigh
from fluxdiag.weighing.speaking import HEARINGS
from simulated import HEALTHY, HEALTHY_GAINS, OVERCAPTIONED, OVERCAPTIONED_GAINS, Truth, gathered

TARGET = "missing-regularisation"
BANDS = load_profile("flux1-dev").bands


def example(numbers: dict[str, float], targets=(), person: str = "a", half: float = 0.05) -> Example:
    measurements = {
        key: Measurement(key=key, value=v, low=v - half, high=v + half, n=8) for key, v in numbers.items()
    }  # fmt: skip
    return Example(Evidence(measurements=measurements, gaps={}, bands=BANDS), frozenset(targets), person)


def people(with_it: int, without: int, bleed=(0.7, 0.1), effect=(0.1, 0.45), noise: float = 0.05, seed: int = 0) -> list[Example]:
    rng = np.random.default_rng(seed)
    kinds = [(TARGET,)] * with_it + [()] * without
    return [
        example(
            {
                "bleed.class": bleed[not targets] + noise * rng.normal(),
                "trigger.effect": effect[not targets] + noise * rng.normal(),
                "setting.regularisation-images": 0.0 if targets else 60.0,
            },
            targets,
            f"p{number}",
        )
        for number, targets in enumerate(kinds)
    ]


def test_people_who_were_left_out_are_judged_rightly():
    examples = people(12, 12, noise=0.12)
    right = 0
    for person, others in left_out(examples):
        weights = fit(others, "ours", "flux1-dev", "")
        mine = next(each for each in examples if each.person == person)
        right += (probabilities(mine.evidence, weights)[TARGET] >= 0.5) == (TARGET in mine.targets)
    assert right >= 23


def test_a_measurement_that_says_the_opposite_of_science_is_silenced():
    table = fit_target(TARGET, people(10, 10, bleed=(0.1, 0.7)))
    weights = {weight.key: weight.weight for weight in table.weights}
    assert weights["bleed.class"] == 0
    assert weights["trigger.effect"] < 0


def test_no_weight_is_louder_than_it_may_be():
    clear = fit_target(TARGET, people(60, 60, noise=0.001))
    for weight in clear.weights:
        limit = LOUDEST_SETTINGS if weight.key.startswith("setting") else LOUDEST
        assert abs(weight.weight) <= limit


def test_the_mix_of_causes_is_not_the_prior():
    even, rare = (fit_target(TARGET, people(count, 40, noise=0.15)) for count in (40, 8))
    divided = example({"bleed.class": 0.4, "trigger.effect": 0.27}).evidence
    assert abs(weigh(divided, even).probability(0.5) - weigh(divided, rare).probability(0.5)) < 0.15


@pytest.mark.parametrize(("with_it", "without"), [(FEWEST - 1, 20), (20, FEWEST - 1), (0, 0)])
def test_too_few_loras_are_not_fitted(with_it, without):
    assert fit_target(TARGET, people(with_it, without)) is None


@pytest.mark.parametrize(("described", "fitted"), [(FEWEST - 1, False), (FEWEST, True)])
def test_weights_count_from_a_line_that_is_known_without_a_grid(described, fitted):
    """Not from half way between the medians, .25; too few of the others with a description, and it is not fitted."""
    having = [example({"description.advantage": 0.6}, ("overcaptioned-appearance",), f"h{n}") for n in range(6)]
    sound = [example({"trigger.effect": 0.5} | ({"description.advantage": -0.1} if n < described else {})) for n in range(6)]
    table = fit_target("overcaptioned-appearance", [*having, *sound])
    lines = {} if table is None else {weight.key: (weight.line, weight.scale) for weight in table.weights}
    assert lines == ({"description.advantage": (0.0, 0.2)} if fitted else {})


def test_one_person_trained_often_is_not_enough():
    often = [Example(each.evidence, each.targets, "a") for each in people(8, 0)] + people(0, 20)
    assert fit_target(TARGET, often) is None


def test_the_same_examples_give_the_same_weights():
    assert fit(people(8, 8), "ours", "flux1-dev", "") == fit(people(8, 8), "ours", "flux1-dev", "")


def test_loras_that_a_fact_rules_out_do_not_teach_what_the_cause_looks_like():
    """Bleed without regularisation at rank 16 says nothing of rank 64."""
    sound = [example({"setting.rank": 16, "bleed.class": 0.1 + 0.01 * n, "loss.gap": 18}, (), f"s{n}") for n in range(6)]
    bleeding = [example({"setting.rank": 16, "bleed.class": 0.8, "loss.gap": 50}, (TARGET,), f"b{n}") for n in range(20)]
    high = [
        example({"setting.rank": 64, "bleed.class": 0.5 + 0.01 * n, "loss.gap": 42}, ("wrong-rank:high",), f"h{n}")
        for n in range(6)
    ]
    table = fit_target("wrong-rank:high", [*sound, *bleeding, *high])
    assert table.negatives == 6
    assert next(weight for weight in table.weights if weight.key == "bleed.class").weight > 0


def test_every_cause_that_is_weighed_has_an_account_and_known_needs():
    for target, hearing in HEARINGS.items():
        keys = {speaker.key for speaker in hearing.speakers}
        assert all(set(group) & keys for group in hearing.needs), target


# ------------------------------------------------------------------------------------------------ a user's labels


def command(*arguments) -> Result:
    app = typer.Typer()
    app.command()(calibrate)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_command_writes_weights_says_what_was_not_fitted_and_overwrites_nothing(runs, tmp_path):
    rows = ["run,causes"]
    for name, causes in (("anna", ""), ("ben", "overcaptioned-appearance")):
        for number in range(FEWEST):
            shutil.copytree(runs / name, runs / f"{name}{number}")
            rows.append(f"{name}{number},{causes}")
    table, out = labels(tmp_path, "\n".join(rows)), tmp_path / "mine.json"
    done = command(runs, table, "--out", out)
    assert (done.exit_code, done.stdout.strip()) == (0, str(out))
    assert "overcaptioned-appearance   3 with, 3 without" in done.stderr
    assert "low-diversity-dataset      not fitted: it takes 3 LoRAs" in done.stderr
    assert read_calibration(out).about == "6 LoRAs of 6 people, labelled by their user"
    again = command(runs, table, "--out", out)
    assert isinstance(again.exception, FluxdiagError)
    assert "nothing is overwritten" in str(again.exception)


def test_a_file_without_a_single_weight_is_not_written(runs, tmp_path):
    table, out = labels(tmp_path, "run,causes\nanna,\nben,overcaptioned-appearance\n"), tmp_path / "mine.json"
    done = command(runs, table, "--out", out)
    assert "nothing can be fitted to these 2 LoRAs of 2 people. It takes 3 LoRAs of 3 people" in str(done.exception)
    assert not out.exists()


@pytest.fixture
def runs(tmp_path):
    for name, truth in (
        ("anna", Truth(HEALTHY, HEALTHY_GAINS)),
        ("ben", Truth(OVERCAPTIONED, OVERCAPTIONED_GAINS, described=True)),
    ):
        measure(gathered(tmp_path / "runs" / name, truth))
    return tmp_path / "runs"


def labels(tmp_path, text: str):
    file = tmp_path / "labels.csv"
    file.write_text(text)
    return file


def test_labels_name_runs_causes_and_people(runs, tmp_path):
    table = "run,causes,person\nanna,,x\nruns/ben,overcaptioned-appearance; wrong-rank:low,\n"
    examples, profiles = read_labels(runs, labels(tmp_path, table))
    assert [each.targets for each in examples] == [frozenset(), {"overcaptioned-appearance", "wrong-rank:low"}]
    assert [each.person for each in examples] == ["x", "runs/ben"]
    assert profiles == {"flux1-dev"}


def test_labels_as_a_spreadsheet_saves_them(runs, tmp_path):
    file = tmp_path / "labels.csv"
    file.write_bytes(b"\xef\xbb\xbfrun,causes\r\nanna,\r\n")
    examples, _ = read_labels(runs, file)
    assert len(examples) == 1


MISTAKES = [
    ("run,causes\nclara,\n", "labels.csv:2: 'clara' is no measured run folder"),
    ("run,causes\nanna,wrong-rank\n", "labels.csv:2: no such cause: wrong-rank"),
    ("name,why\nanna,\n", "there are no rows with `run` and `causes`"),
    ("", "there are no rows"),
    ("run,causes\nanna,\nruns/anna,wrong-rank:low\n", "labels.csv:3: 'runs/anna' has a row already"),
]


@pytest.mark.parametrize(("text", "said"), MISTAKES)
def test_a_mistake_in_the_labels_says_which_line_and_what_to_do(runs, tmp_path, text, said):
    with pytest.raises(FluxdiagError, match=said):
        read_labels(runs, labels(tmp_path, text))


def test_labels_that_are_not_there_are_a_sentence(runs, tmp_path):
    with pytest.raises(FluxdiagError) as caught:
        read_labels(runs, tmp_path / "no.csv")
    assert (caught.value.what, caught.value.where) == ("cannot be read (No such file or directory)", str(tmp_path / "no.csv"))
    assert caught.value.do.endswith("calibration.md shows it")


def test_a_run_that_stopped_early_teaches_nothing(runs, tmp_path):
    run = Run(runs / "anna")
    stopped = Stopped(prompts=4, of=8, pictures=56, of_pictures=168, left_out=("others:man",), weights="")
    run.write(run.gather_file, run.gather_info().model_copy(update={"stopped": stopped}))

    with pytest.raises(FluxdiagError, match="'anna' was not drawn to the end"):
        read_labels(runs, labels(tmp_path, "run,causes\nanna,\n"))
