"""Where marks lie, which pair is shown, what a fix costs, what changed since the version before."""

import dataclasses
import itertools

import pytest

import states
from fluxdiag.instruments import memory
from fluxdiag.instruments.tables import load_tables
from fluxdiag.records import Change, Measurement, Symptom
from fluxdiag.report import render
from fluxdiag.reporting.comparing import decisive
from fluxdiag.reporting.figures import Trace, axis_over, curve, marks_of
from fluxdiag.reporting.findings import headlines
from fluxdiag.reporting.gallery import LINKED, Tile
from fluxdiag.reporting.pictures import Picture, Views, small_side
from fluxdiag.reporting.plots import _slopes, _widths, plots_of, prompts_needed
from fluxdiag.reporting.previous import previous_of
from fluxdiag.reporting.remedy import PROMPTS_OF_FULL, _more, remedy_of
from fluxdiag.reporting.series import nearest_photos, noise_of_seeds, person_of
from fluxdiag.reporting.words import FILTERS
from fluxdiag.runs import Run
from fluxdiag.suites import load_suite
from reported import FAULTY_TRUTH, HEALTHY_TRUTH, Reader, judged, page


def measured(value, low, high, n=8, key="k"):
    return Measurement(key=key, value=value, low=low, high=high, n=n, unit="scale")


# ------------------------------------------------------------------------------------------------ figures


def test_a_curve_puts_low_values_low_and_first_values_left():
    made = curve("c", "", ("", ""), [(0.0, "0"), (2.0, "2")], [Trace("t", "main", marks_of([(0.0, measured(0.1, 0, 0.2))]))])
    assert made is not None
    assert float(made.y(0.0)) > float(made.y(0.5)) > float(made.y(1.0))
    assert float(made.x(0.0)[:-1]) < float(made.x(1.0)[:-1]) < float(made.x(2.0)[:-1])


def test_a_curve_without_a_mark_is_none():
    assert curve("c", "", ("", ""), [(0.0, "0")], [Trace("t", "main", ())]) is None


@pytest.mark.parametrize("ends", [(), (0.0, 0.0), (-40.0, 3.0), (5000.0,), (float("nan"), 2.0)])
def test_an_axis_holds_what_is_finite(ends):
    axis = axis_over(ends)
    assert axis.low < axis.high
    assert all(axis.low <= end <= axis.high for end in ends if end == end)
    assert len(axis.ticks) <= 9


PROMPTS = [
    (measured(0.40, 0.30, 0.50), 0.45, True),  # half the width is twice the distance: about four times the prompts
    (measured(0.45, 0.30, 0.60), 0.45, False),  # on the line
    (measured(0.449, 0.30, 0.60), 0.45, False),  # thousands would be needed
    (measured(0.90, 0.85, 0.95), 0.45, False),  # decided already
]


@pytest.mark.parametrize(("found", "line", "some"), PROMPTS)
def test_more_prompts_are_asked_for_only_where_they_would_decide(found, line, some):
    assert (prompts_needed(found, line) is not None) is some
    if some:
        assert 32 <= prompts_needed(found, line) <= 40


ASKED = {
    "the largest suite has them": (0.52, "about 15 prompts instead of 8 would probably decide, if the mean stays where it is (-"),
    "a suite of one's own": (0.50, "a suite of your own (--suite MINE.toml; “Probe suites” in the documentation says how)"),
    "out of reach": (0.49, "hardly within reach: the run without captions (fluxdiag retrain RUN --captionless) tells more."),
    "on the line": (0.45, "more prompts would hardly decide it"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ASKED)
def test_more_prompts_are_asked_for_where_they_can_be_had(kind, tmp_path):
    value, said = ASKED[kind]
    unclear = next(h for h in headlines(judged(tmp_path).evidence()) if h.key == "identity.trigger")
    found = measured(value, value - 0.09, value + 0.09)
    run = Run(tmp_path)
    open_ = run.diagnosis().model_copy(update={"verdict": "undetermined"})
    (sentence,) = _more(run.case(), open_, [dataclasses.replace(unclear, found=found, line=0.45)])
    assert said in sentence


def test_the_largest_suite_has_as_many_prompts_as_the_page_says():
    (identity,) = (probe for probe in load_suite("full")[0].probes if probe.name == "identity")
    assert len(identity.prompts) == PROMPTS_OF_FULL


@pytest.mark.parametrize("arm", ["class", "trigger"])
def test_a_mean_has_one_interval_on_the_whole_page(arm, tmp_path):
    run = states.laid_out("overcaptioned", tmp_path)
    evidence = run.evidence()
    on, off = _slopes(person_of(load_tables(run)), evidence)
    mark, found = on.traces[-1].marks[arm == "trigger"], evidence.measurements[f"identity.{arm}"]
    assert (mark.value, mark.low, mark.high) == (found.value, found.low, found.high)
    assert off.traces[-1].marks[0].value == pytest.approx(0)


def test_the_more_pictures_the_smaller():
    assert [small_side(pictures) for pictures in (1, 260, 261, 500, 501)] == [256, 256, 192, 192, 128]


def test_only_pictures_of_the_run_folder_are_linked():
    assert LINKED.fullmatch("shots/identity.trigger.park.101.ab12.png")
    assert not LINKED.fullmatch("shots/../../x.png")
    assert not LINKED.fullmatch("javascript:alert(1).png")


# ------------------------------------------------------------------------------------------------ what the page chooses to show


def test_the_pair_shows_the_leading_symptom_and_is_the_median(tmp_path):
    run = states.laid_out("no-regularisation", tmp_path)
    shots = run.shots()
    likely = {shot.id: index / 100 for index, shot in enumerate(shots)}
    chosen = decisive(shots, likely, run.diagnosis(), "man")
    assert [shot.arm for shot in chosen.shots] == ["base", "class"]
    assert len({(shot.prompt_id, shot.seed) for shot in chosen.shots}) == 1
    pairs = {(s.prompt_id, s.seed): {} for s in shots if s.kind == "person"}
    for shot in shots:
        if shot.arm in ("base", "class") and shot.kind == "person":
            pairs[shot.prompt_id, shot.seed][shot.arm] = likely[shot.id]
    steps = sorted(pair["class"] - pair["base"] for pair in pairs.values() if len(pair) == 2)
    assert likely[chosen.shots[1].id] - likely[chosen.shots[0].id] == pytest.approx(steps[(len(steps) - 1) // 2])


@pytest.mark.parametrize(
    ("kind", "outcome", "word"),
    [
        ("person", "ok", ""),
        ("person", "several", "several faces"),
        ("group", "several", ""),
        ("group", "ok", "one face"),
        ("group", "no-face", "no face"),
        ("dog", "no-face", ""),
        ("dog", "ok", "a face"),
    ],
)
def test_a_picture_is_marked_when_it_shows_other_than_it_was_asked_to(tmp_path, kind, outcome, word):
    shot = states.laid_out("no-regularisation", tmp_path).shots()[0]
    tile = Tile(shot.model_copy(update={"kind": kind, "outcome": outcome}), "", Views(small=Picture("data:,")), None)
    assert (tile.outcome, tile.odd) == (word, bool(word))


@pytest.mark.parametrize(
    ("cites", "class_word", "shown"),
    [
        (("bleed.group",), "man", ("others-base", "others", "group")),
        (("bleed.other-sex", "bleed.group"), "man", ("others-base", "others", "woman")),
        (("bleed.same-sex",), "young woman", ("others-base", "others", "woman")),
        (("bleed.class", "bleed.group"), "man", ("base", "class", "person")),
        (("bleed.same-sex",), "elf", ("base", "class", "person")),
    ],
)
def test_a_face_that_bleeds_elsewhere_alone_is_shown_there(tmp_path, cites, class_word, shown):
    run = states.laid_out("no-regularisation", tmp_path)
    diagnosis = run.diagnosis()
    symptom = next(symptom for symptom in diagnosis.symptoms if symptom.name == "bleed")
    said = diagnosis.model_copy(update={"symptoms": (symptom.model_copy(update={"cites": cites}),)})
    before, after = decisive(run.shots(), {}, said, class_word).shots
    assert (before.arm, after.arm, after.kind) == shown
    assert (before.prompt_id, before.seed) == (after.prompt_id, after.seed)


def test_the_fix_says_what_it_costs_what_it_should_bring_and_what_would_prove_it_wrong(tmp_path):
    run = judged(tmp_path, FAULTY_TRUTH)
    text, found = Reader(page(run)).text, run.evidence().measurements["trigger.effect"]
    assert f"one more training (the last took 1,950 steps), then the same {len(run.shots())} pictures again" in text
    assert f"trigger effect from {found.value:.2f} to above 0.20" in text
    assert "was not the cause, or not the only one" in text
    assert "fluxdiag captions fix DATASET --trigger 'ohwx woman' --out NEW_DATASET" in text


def test_the_page_leads_to_the_retraining_and_to_the_same_probes_on_the_same_base(tmp_path):
    text = Reader(page(judged(tmp_path, FAULTY_TRUTH))).text
    assert "(--launch starts it): Copy fluxdiag retrain RUN To" in text
    assert "fluxdiag report NEW.safetensors --references REFERENCES --base BASE --out NEW_RUN" in text
    assert "fluxdiag compare RUN NEW_RUN --out COMPARED.html" in text
    assert "change of identity.trigger a drop of at most 0.15" in text


def test_where_no_change_can_be_named_the_captionless_run_is_offered(tmp_path):
    run = judged(tmp_path, FAULTY_TRUTH)
    run.write(run.diagnosis_file, run.diagnosis().model_copy(update={"prescription": ()}))
    html = page(run)
    assert ">fluxdiag retrain RUN --captionless</pre>" in html
    assert ">fluxdiag compare" not in html


@pytest.mark.parametrize(("name", "offered"), [("bleed", True), ("identity-weak", False)])
def test_who_bleeds_without_a_known_cause_is_offered_a_weaker_edit(name, offered, tmp_path):
    run = judged(tmp_path, FAULTY_TRUTH)
    symptom = Symptom(name=name, sentence="It is so.", cites=())
    told = {"verdict": "faulty", "prescription": (), "symptoms": (symptom,)}
    run.write(run.diagnosis_file, run.diagnosis().model_copy(update=told))
    assert (">fluxdiag repair RUN</pre>" in page(run)) == offered


def test_a_healthy_lora_is_offered_no_retraining(tmp_path):
    assert ">fluxdiag retrain RUN" not in page(judged(tmp_path))


GAINS = [
    ("steps", "under", {"identity.trigger": 0.30, "bleed.class": 0.20}, "likeness from 0.30 to above 0.45"),
    ("images", None, {"bleed.class": 0.20}, ""),
    ("regularisation_images", None, {"bleed.class": 0.20}, "bleed clearly below 0.25 (now 0.20)"),
    ("regularisation_images", None, {"bleed.group": 0.60}, "bleed from 0.60 to below 0.25"),
    ("strength", None, {"bleed.class": 0.60}, ""),
]


@pytest.mark.parametrize(("setting", "direction", "values", "promised"), GAINS)
def test_nothing_is_promised_that_the_changes_do_not_move(tmp_path, setting, direction, values, promised):
    """And a number that lies behind its line already is not promised to come there."""
    run = judged(tmp_path)
    change = Change(setting=setting, to="x", because="", safe=True)
    first = run.diagnosis().findings[0]
    found = first.model_copy(update={"status": "present", "direction": direction, "changes": (change,)})
    diagnosis = run.diagnosis().model_copy(update={"findings": (found,), "prescription": (change,)})
    numbers = {key: measured(value, value - 0.2, value + 0.2, key=key) for key, value in values.items()}
    evidence = run.evidence().model_copy(update={"measurements": run.evidence().measurements | numbers})
    remedy = remedy_of(run.case(), run.gather_info(), evidence, diagnosis, headlines(evidence), str)
    assert remedy.gain == promised


@pytest.mark.parametrize(("seconds", "said"), [(3.4, "3 s"), (300, "5 min"), (18_000, "5.0 h")])
def test_a_time_is_said_in_the_words_of_the_estimate(tmp_path, seconds, said):
    """`report` announces a run in these, so the page should not measure it in others."""
    run = judged(tmp_path)
    change = Change(setting="captions", to="x", because="", safe=True)
    diagnosis = run.diagnosis().model_copy(update={"prescription": (change,)})
    made = run.gather_info().model_copy(update={"seconds": {"all": seconds}})
    assert f"({said} on this machine)" in remedy_of(run.case(), made, run.evidence(), diagnosis, [], str).cost
    assert FILTERS["duration"](seconds / 60) == said


def test_a_strange_trigger_never_enters_a_command(tmp_path):
    html = page(states.STATES["hostile"](tmp_path))
    assert "fluxdiag captions fix DATASET --trigger TRIGGER --out NEW_DATASET" in html


# ------------------------------------------------------------------------------------------------ the version before


def test_the_version_before_is_compared_by_prompt(tmp_path):
    before, now = judged(tmp_path / "a", FAULTY_TRUTH), judged(tmp_path / "b", HEALTHY_TRUTH)
    rows = {row.key: row for row in previous_of(now, before, {}).rows}
    assert rows["identity.trigger"].state == "yes"
    assert rows["identity.trigger"].change.low > 0
    text = Reader(render(now, against=before).read_text(encoding="utf-8")).text
    assert "better" in text.partition("Beside the version before")[2]


def test_runs_that_cannot_be_compared_are_not(tmp_path):
    before, now = judged(tmp_path / "a", FAULTY_TRUTH), judged(tmp_path / "b", HEALTHY_TRUTH)
    states.changed(before, gather={"steps": 28})
    found = previous_of(now, before, {})
    assert found.rows == ()
    assert "sampler" in found.refused
    assert "Not compared: it cannot be compared" in Reader(render(now, against=before).read_text(encoding="utf-8")).text


@pytest.mark.parametrize(
    ("ends", "minor"),
    [((-0.25, 1.25), [-0.25, 0.25, 0.75, 1.25]), ((0, 1), None), ((-30, 40), None)],
)
def test_every_second_tick_from_nought_on_loses_its_word_on_a_narrow_page(ends, minor):
    axis = axis_over(ends)
    kept = [tick for tick in axis.ticks if not axis.minor(tick)]
    assert 0 in kept
    assert all(axis.minor(a) != axis.minor(b) for a, b in itertools.pairwise(axis.ticks))
    assert minor is None or [tick for tick in axis.ticks if axis.minor(tick)] == minor


# ------------------------------------------------------------------------------------------------ what each figure says of itself


@pytest.fixture(scope="module")
def overcaptioned(tmp_path_factory):
    return states.laid_out("overcaptioned", tmp_path_factory.mktemp("overcaptioned"))


def test_likeness_has_one_scale_in_every_figure(overcaptioned):
    run, tables = overcaptioned, load_tables(overcaptioned)
    person = person_of(tables)
    plots = plots_of(person, run.evidence(), person.by_shot(run.shots()), run.shots(), {})
    drawn = [
        figure.axis for one in (plots.identity, plots.effects, plots.bleed) for figure in one.figures if figure.unit == "scale"
    ]
    assert {plots.shift_axis, plots.strength.y_axis, *drawn, *(one.y_axis for one in plots.slopes)} == {plots.shift_axis}


def shot_of(template, seed, prompt="park", arm="base"):
    return template.model_copy(update={"id": f"{arm}-{prompt}-{seed}", "prompt_id": prompt, "seed": seed, "arm": arm})


def test_the_noise_of_seeds_needs_pairs_without_the_lora(overcaptioned):
    template = overcaptioned.shots()[0]
    shots = tuple(shot_of(template, seed, f"prompt {at}") for at in range(5) for seed in (1, 2))
    likely = {shot.id: 0.1 * shot.seed for shot in shots}
    assert noise_of_seeds(likely, shots) == pytest.approx(0.1)
    assert noise_of_seeds(likely, shots[:8]) is None
    assert noise_of_seeds(likely, tuple(shot_of(template, s.seed, s.prompt_id, "class") for s in shots)) is None


def test_the_strip_of_copies_has_the_measured_mean(overcaptioned):
    tables = load_tables(overcaptioned)
    measured_now = next(found for found in memory.measure(tables) if found.key == "leak.nearest")
    strip = nearest_photos(tables)
    off, on = (sum(getattr(shift, end) for shift in strip) / len(strip) for end in ("off", "on"))
    assert measured_now.value == pytest.approx((on - off) / (1 - off), abs=1e-6)


def test_the_interval_of_few_prompts_is_held_against_the_distance_that_decides(overcaptioned):
    person, mean = person_of(load_tables(overcaptioned)), measured(0.3, 0.2, 0.4)
    assert _widths(person, mean, 0.45).needed == pytest.approx(0.15)
    assert _widths(person, None, 0.45).needed is None


def test_captions_tell_the_persons_own_from_what_changes_and_how_many_hold_the_trigger(overcaptioned):
    text = Reader(page(overcaptioned)).text
    assert "(the person's own)" in text
    assert "clothing (may change)" in text
    photos = overcaptioned.case().photos
    assert f"The trigger stands in {len(photos)} of {len(photos)} captions." in text


@pytest.mark.parametrize(("calibration", "shown"), [("laboratory", False), ("mine", True)])
def test_probabilities_are_drawn_only_with_a_calibration_for_this_base(calibration, shown, tmp_path):
    run = states.changed(states.STATES["weighed"](tmp_path), diagnosis={"calibration": calibration})
    html = page(run)
    assert ('class="chart odds"' in html) is shown
    assert html.count('class="hatched"') == (3 if shown else 0)


def test_weights_are_summed_up_as_they_come(tmp_path):
    run = states.STATES["weighed"](tmp_path)
    leading = run.diagnosis().findings[0].evidence
    assert f"together {sum(one.weight for one in leading):+.2f}" in Reader(page(run)).text


def test_the_version_before_is_drawn_prompt_by_prompt(tmp_path):
    before, now = judged(tmp_path / "a", FAULTY_TRUTH), judged(tmp_path / "b", HEALTHY_TRUTH)
    prompts = previous_of(now, before, {}).prompts
    assert len(prompts) == len({shot.prompt_id for shot in now.shots() if shot.arm == "trigger" and shot.kind == "person"})
    assert all(shift.on > shift.off for shift in prompts)
