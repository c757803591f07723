"""From rows to figures: who is fitted on whom, what counts as right, and intervals that keep small grids honest."""

import pytest
from planted import MARKS, numbers, row, rows

from fluxdiag.errors import FluxdiagError
from fluxdiag.gathering.in_rounds import asked_keys
from fluxdiag.profiles import load_profile
from fluxdiag.records import LEFT_OUT
from fluxlab.bench.baseline import broken
from fluxlab.bench.document import BEGIN, END, markdown, write_document
from fluxlab.bench.early import early_of, followed, parts_of_row, passes_of
from fluxlab.bench.judging import Answer, answers, examples_of, fitted, weights_for
from fluxlab.bench.page import write_page
from fluxlab.bench.report import REPORTING, bench_report
from fluxlab.bench.rows import Look, Row
from fluxlab.bench.scores import brier_of, flips_of, rate, reliability_of, risk_of, scores_of, turns_of
from fluxlab.bench.truth import causes_of
from fluxlab.plant import BASE

BANDS = load_profile(str(BASE)).bands
FITTING, JUDGED = rows(range(100, 105)), rows(range(5000, 5003))
GRID = [*FITTING, *JUDGED]


@pytest.fixture(scope="module")
def weights():
    return weights_for(GRID, BANDS, "w")


@pytest.fixture(scope="module")
def said(weights):
    return answers(JUDGED, BANDS, weights)


def made_up(planted: str, present=(), verdict="faulty", symptoms=(), probabilities=None, **changes) -> Answer:
    each = row("healthy", 1).model_copy(update={"planted": planted, **changes})
    return Answer(each, "all", causes_of(planted), verdict, tuple(present), frozenset(symptoms), probabilities or {})


def test_nothing_is_ever_fitted_on_a_reporting_subject():
    with pytest.raises(FluxdiagError, match="subject 5000 is for reporting"):
        examples_of(JUDGED, BANDS)
    assert fitted(GRID, BANDS, "w") == fitted(FITTING, BANDS, "w")
    assert fitted(GRID, BANDS, "w").subjects == ("100", "101", "102", "103", "104")


def test_a_fitting_subject_is_judged_by_weights_that_never_saw_it(weights):
    assert weights(FITTING[0]).subjects == ("101", "102", "103", "104")
    assert len(weights(JUDGED[0]).subjects) == 5


def test_plain_faults_of_unseen_people_are_named(said):
    scores = scores_of([answer for answer in said if answer.state == "all"])
    assert scores.macro_recall >= 0.8
    assert scores.false_alarms.hits == 0
    assert scores.decoys_convicted.hits == 0
    assert scores.brier < 0.08


def test_with_the_file_alone_captions_are_not_accused(said):
    alone = [answer for answer in said if answer.state == "file"]
    assert not any("overcaptioned-appearance" in answer.present for answer in alone)


def test_settings_alone_convict_the_decoy():
    assert broken(row("decoy-rank", 5000).evidence("all", BANDS)) == ["wrong-rank:high"]
    assert broken(row("healthy", 5000).evidence("all", BANDS)) == []


RIGHT = [
    ("under", ("wrong-step-count:under",), (), True),
    ("under", ("wrong-step-count:over",), (), False),
    ("under", ("wrong-rank:low", "wrong-step-count:under"), (), True),
    ("no-regularisation", ("missing-regularisation",), ("bleed",), True),
    ("no-regularisation", ("missing-regularisation",), (), False),
    ("no-regularisation", ("missing-regularisation", "wrong-step-count:over"), ("bleed",), False),
]


@pytest.mark.parametrize(("planted", "present", "symptoms", "right"), RIGHT)
def test_right_is_the_cause_with_its_direction(planted, present, symptoms, right):
    target = next(iter(causes_of(planted)))
    assert scores_of([made_up(planted, present, symptoms=symptoms)]).recall[target].hits == right


def test_milder_faults_do_not_enter_the_recall():
    mild = made_up("under", severity=0.5)
    scores = scores_of([mild, made_up("under", ("wrong-step-count:under",))])
    assert scores.recall["wrong-step-count:under"].n == 1
    assert {name: each.hits for name, each in scores.by_severity.items()} == {"under at 0.5": 0, "under at 1": 1}


def test_a_decoy_that_failed_for_another_reason_may_be_called_faulty_but_none_of_the_four_named():
    assert scores_of([made_up("decoy-rate")]).decoys_convicted.hits == 0
    assert scores_of([made_up("decoy-rate", ("wrong-step-count:over",))]).decoys_convicted.hits == 1
    assert scores_of([made_up("decoy-rank", ("missing-regularisation",))]).decoys_convicted.hits == 1


def test_a_share_of_nothing_is_not_known_and_of_few_is_wide():
    assert rate([]).value is None
    assert rate([True] * 10).low == pytest.approx(0.722, abs=0.01)


def test_probabilities_are_scored_against_the_truth():
    sure = made_up("under", probabilities={"wrong-step-count:under": 0.9, "wrong-rank:low": 0.1})
    wrong = made_up("healthy", probabilities={"wrong-step-count:under": 0.8, "wrong-rank:low": 0.2})
    assert brier_of([sure]) == pytest.approx(0.01)
    assert brier_of([sure, wrong]) == pytest.approx((0.01 + 0.01 + 0.64 + 0.04) / 4)
    assert [(bin.n, bin.was) for bin in reliability_of([sure, wrong])] == [(1, 0), (1, 0), (1, 0), (1, 1)]
    assert risk_of([sure, wrong])[-1] == (1.0, 0.25)
    assert brier_of([]) is None


def test_a_verdict_that_changes_with_the_probe_seeds_is_a_flip():
    first = made_up("under", ("wrong-step-count:under",))
    again = made_up("under", (), "undetermined", probe_seeds=1000)
    assert flips_of([first, again]).hits == 1
    assert turns_of([first, again]).hits == 1
    assert flips_of([first]).n == turns_of([first]).n == 0


def test_a_verdict_that_is_closed_is_no_other_cause():
    first = made_up("under", ("wrong-step-count:under",), "undetermined")
    again = made_up("under", ("wrong-step-count:under",), "faulty", probe_seeds=1000)
    assert (flips_of([first, again]).hits, turns_of([first, again]).hits) == (1, 0)


CORE = {"trigger": 16, "class": 16, "base": 16, "trigger-base": 16}
REST = {
    "others": 24,
    "others-base": 24,
    "contrast": 12,
    "contrast-base": 12,
    "trigger/strength-0.5": 16,
    "trigger/strength-1.5": 16,
}


def looked_at(planted: str, subject: int, widened: float = 1.0) -> Row:
    """As `quick` draws it, with 4 of its 8 prompts telling the same less surely; ten photos of each kind, 20 steps."""
    each = row(planted, subject)
    photos = {key: (1.0, 0.5, 1.5, 10) for key in ("loss.training-gain", "loss.heldout-gain") if key not in MARKS[planted]}
    photos |= {"loss.heldout-gain": (*each.states["all"].measurements["loss.heldout-gain"][:3], 10)}
    known = each.states["all"].measurements | photos
    wide = {
        key: (value, value - widened * (value - low), value + widened * (high - value), 4)
        if low < high and n == 8
        else (value, low, high, n)
        for key, (value, low, high, n) in known.items()
    }
    everything = each.states["all"].model_copy(update={"measurements": known})
    passes = sum((CORE | REST).values()) * 20 + 20 * (4 * 10 + 2 * 10)
    return each.model_copy(
        update={
            "shots": CORE | REST,
            "passes": passes,
            "loss_passes": 1200,
            "states": each.states | {"all": everything},
            "looks": {"4": Look(passes=1, measurements={key: one for key, one in wide.items() if one != known[key]})},
        }
    )


@pytest.fixture
def early_looks(monkeypatch):
    """Four prompts may do, too; the suites that ship are not looked at so soon."""
    monkeypatch.setattr("fluxdiag.gathering.stopping.LOOKS", (4, 8, 16))


@pytest.mark.usefixtures("early_looks")
def test_deciding_early_spends_few_passes_where_the_verdict_is_plain_and_more_where_it_is_not(weights):
    plain, open_ = looked_at("healthy", 5000), looked_at("healthy", 5001, widened=30.0)
    early = early_of([plain, open_], BANDS, weights)
    assert early.same.hits == 2
    assert early.stopped == {"4": 1, "8": 1}
    assert early.looks == (4, 8)
    (_, few), (_, many) = (followed(each, BANDS, weights(each), asked_keys()) for each in (plain, open_))
    assert passes_of(plain, few) < passes_of(open_, many)
    assert early.share == pytest.approx((passes_of(plain, few) + passes_of(open_, many)) / 2 / plain.passes, abs=1e-3)
    assert early_of([row("healthy", 5000)], BANDS, weights) is None


def test_everything_drawn_costs_what_the_row_says():
    each = looked_at("healthy", 5000)
    assert passes_of(each, dict.fromkeys(parts_of_row(each), 8)) == each.passes


@pytest.mark.usefixtures("early_looks")
def test_what_would_not_have_been_drawn_is_not_known(weights):
    each = looked_at("healthy", 5000)
    evidence, drawn = followed(each, BANDS, weights(each), asked_keys())
    assert {"trigger", "class", "base", "trigger-base", "others:woman"} <= drawn.keys()
    assert all((evidence.gaps.get(key) == LEFT_OUT) != (key in evidence.measurements) for key in ("strength.more", "loss.gap"))
    assert evidence.get("identity.trigger").n == 4


def test_the_pages_show_every_set_and_escape_what_they_are_given(tmp_path):
    report = bench_report(GRID, BANDS, "<w>", ablate=False)
    page, document = tmp_path / "accuracy.html", tmp_path / "accuracy.md"
    write_page(report, page)
    assert "<w>" not in page.read_text()
    assert REPORTING in page.read_text()
    document.write_text(f"before\n{BEGIN}\nstale figures\n{END}\nafter\n")
    write_document(report, document)
    text = document.read_text()
    assert markdown(report) in text
    assert text.startswith("before")
    assert text.endswith("after\n")
    assert "stale figures" not in text


def test_a_page_without_markers_is_left_alone(tmp_path):
    file = tmp_path / "accuracy.md"
    file.write_text("nothing to fill\n")
    with pytest.raises(FluxdiagError, match="no place for the figures"):
        write_document(bench_report(FITTING, BANDS, "w", ablate=False), file)
    assert file.read_text() == "nothing to fill\n"


def test_the_made_up_rows_measure_what_the_weights_listen_to():
    import numpy as np

    from fluxdiag.weighing.speaking import HEARINGS

    listened = {speaker.key for hearing in HEARINGS.values() for speaker in hearing.speakers}
    assert len(listened & set(numbers("healthy", np.random.default_rng(0)))) >= 18
