"""The answer, the page and the command."""

import re
import shutil
from pathlib import Path
from typing import get_args

import pytest
import typer
from typer.testing import CliRunner

import states
from fluxdiag.commands.compare import compare as command
from fluxdiag.compare import compare, write_page
from fluxdiag.comparing.changes import JUDGED, RIGHT_SIDE, SEED
from fluxdiag.comparing.page import HELD, SHOWN, STATES, TITLES, rendered
from fluxdiag.comparing.records import Answer, Changed, Compared, Held, Promise, State
from fluxdiag.comparing.terminal import terminal
from fluxdiag.comparing.verdict import CODES, answer
from fluxdiag.diagnose import diagnose
from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.measure import measure
from fluxdiag.records import Measurement, Stopped
from fluxdiag.runs import Run, sha256_file
from fluxdiag.symptoms import OBEYED, PEOPLE
from states import HOSTILE

UNSEEN = ("\u202e", "\u2066", "\u200b", "\x07")


def changed(key: str, value: float, half: float, state: str, excuse: str | None = None) -> Changed:
    way = "fall" if key.startswith("bleed") else "rise"
    change = Measurement(key=key, value=value, low=value - half, high=value + half, n=8, unit="scale")
    return Changed(
        key=key, unit="scale", way=way, before=change, after=change, change=change, paired=True, state=state, excuse=excuse
    )


BETTER = changed("identity.trigger", 0.3, 0.1, "better")
WORSE = changed("bleed.class", 0.3, 0.1, "worse")
EXCUSED = changed("bleed.class", 0.05, 0.01, "worse", SEED)
SPARED = changed("consistency.trigger", -0.3, 0.1, "worse", RIGHT_SIDE)
PERHAPS = changed("identity.trigger", 0.2, 0.05, "better", SEED)
SAME = changed("bleed.group", 0.0, 0.05, "same")
NOT_MEASURED = BETTER.model_copy(update={"change": None, "state": "unclear", "why": "not measured now"})
UNCLEAR = changed("trigger.effect", -0.05, 0.3, "unclear")


@pytest.mark.parametrize(
    ("changes", "verdicts", "said"),
    [
        ((BETTER, SAME), ("faulty", "faulty"), "better"),
        ((BETTER, EXCUSED), ("faulty", "healthy"), "better"),
        ((BETTER, UNCLEAR), ("faulty", "faulty"), "better"),
        ((BETTER, SAME), ("healthy", "faulty"), "undecided"),  # healthy to faulty is never better
        ((BETTER, UNCLEAR), ("healthy", "undetermined"), "undecided"),
        ((BETTER, UNCLEAR), ("undetermined", "faulty"), "better"),
        # inside what a seed may do, and beyond what it mostly does: the verdicts bear it out
        ((PERHAPS, SAME), ("faulty", "healthy"), "better"),
        ((PERHAPS, SAME), ("undetermined", "healthy"), "undecided"),
        ((PERHAPS, SAME), ("faulty", "undetermined"), "undecided"),
        ((PERHAPS, SAME), ("healthy", "healthy"), "undecided"),
        ((PERHAPS, WORSE), ("faulty", "healthy"), "worse"),
        ((changed("identity.trigger", 0.09, 0.02, "better", SEED), SAME), ("faulty", "healthy"), "undecided"),
        ((SAME, SPARED), ("healthy", "healthy"), "equal"),
        ((SAME, NOT_MEASURED), ("healthy", "healthy"), "undecided"),
        ((WORSE, SAME), ("healthy", "faulty"), "worse"),
        ((BETTER, WORSE), ("faulty", "faulty"), "mixed"),
        ((BETTER, WORSE), ("faulty", "healthy"), "better"),
        ((BETTER, WORSE), ("healthy", "faulty"), "worse"),
        ((SAME,), ("faulty", "faulty"), "equal"),
        ((SAME, EXCUSED), ("healthy", "healthy"), "equal"),
        ((SAME, UNCLEAR), ("healthy", "healthy"), "undecided"),
        ((SAME,), ("healthy", "faulty"), "undecided"),
        ((), ("healthy", "healthy"), "undecided"),
    ],
)
def test_answers(changes, verdicts, said):
    assert answer(changes, *verdicts)[0] == said


WIDE = [
    (changed("trigger.effect", 0.25, 0.3, "unclear"), "undecided"),  # at worst .05 down, and perhaps much better
    (changed("trigger.effect", 0.04, 0.06, "same"), "equal"),
    (changed("trigger.effect", 0.04, 0.061, "unclear"), "undecided"),
    (changed("trigger.effect", -0.05, 0.1, "unclear"), "undecided"),
    (changed("bleed.class", -0.25, 0.3, "unclear"), "undecided"),
    (changed("bleed.class", 0.05, 0.1, "unclear"), "undecided"),
    (changed("bleed.class", 0.0, 0.3, "unclear"), "undecided"),  # some rose, some fell, and nobody knows of the next
    (changed("obedience.outfit", 0.0, 0.12, "same"), "equal"),  # enough prompts answered alike
    (NOT_MEASURED, "undecided"),
]


@pytest.mark.parametrize(("one", "said"), WIDE)
def test_what_may_have_changed_leaves_it_open(one, said):
    assert answer((one,), "healthy", "healthy")[0] == said


@pytest.mark.parametrize(("before", "after"), [("faulty", "undetermined"), ("undetermined", "broken"), ("healthy", "healthy")])
def test_better_in_one_and_worse_in_another_is_mixed_unless_the_verdict_went_from_or_to_healthy(before, after):
    said, sentence = answer((WORSE, BETTER), before, after)
    assert said == "mixed"
    assert sentence == "Clearly better: likeness with the trigger. Clearly worse: the face under the class word."


@pytest.mark.parametrize(("words", "outcomes"), [(HELD, Held), (STATES, State), (TITLES, Answer)])
def test_every_outcome_has_its_word_and_every_word_an_outcome(words, outcomes):
    assert set(words) == set(get_args(outcomes))


def test_what_a_symptom_is_read_from_is_judged_and_named():
    seen = {*PEOPLE, *OBEYED, "identity.trigger", "consistency.trigger", "trigger.effect", "faces.measurable.trigger"}
    assert set(JUDGED) == seen
    for key, words in JUDGED.items():
        worse = changed(key, 0.3 if key.startswith("bleed") else -0.3, 0.1, "worse")
        assert answer((worse,), "healthy", "healthy") == ("worse", f"Clearly worse: {words}.")


def test_the_sentences_say_no_more_than_is_known():
    said = answer((BETTER, SAME), "healthy", "faulty")[1]
    assert said.startswith("Clearly better: likeness with the trigger. No measurement is clearly worse, and yet")
    assert answer((SAME, UNCLEAR), "healthy", "healthy")[1].endswith("say that these are equal: what the trigger adds.")
    assert answer((SAME,), "healthy", "healthy")[1] == "Nothing changed by more than another seed would change it."
    spared = "Less, and still enough: the same person each time. Nothing else changed by more than another seed would change it."
    assert answer((SAME, SPARED), "healthy", "healthy")[1] == spared


def test_every_answer_has_its_exit_code():
    assert CODES == {"better": 0, "equal": 0, "worse": 1, "mixed": 3, "undecided": 3}
    assert set(CODES) == set(get_args(Answer))


def test_the_sentence_names_likeness_first_as_the_table_does():
    bleed = changed("bleed.class", -0.3, 0.1, "better")
    assert answer((bleed, BETTER), "faulty", "faulty")[1].startswith("Clearly better: likeness with the trigger, the face under")


def test_the_page_says_that_the_other_measurements_decide_nothing(compared, before, after):
    """Some may have become worse beside a heading that nothing has."""
    html = rendered(compared, before, after)
    assert (
        html.index("All other measurements</h2>") < html.index("They explain, and decide nothing") < html.index("drift.unrelated")
    )


def test_a_cure_is_better(compared):
    assert (compared.answer, compared.exit_code) == ("better", 0)
    assert "likeness with the trigger" in compared.sentence


def test_a_run_against_itself_is_equal_and_that_is_said(after):
    same = compare(after, after)

    assert (same.answer, same.exit_code) == ("equal", 0)
    assert "Both runs are of the same file" in same.remarks
    assert all(one.change.value == 0 for one in same.changes)


def test_numbers_of_another_version_are_measured_anew(compared, before, after, tmp_path):
    """Two versions with two scales would make a change of what nobody changed."""
    old = Run(shutil.copytree(before.folder, tmp_path / "old"))
    evidence = old.evidence()
    found = evidence.measurements["identity.trigger"]
    higher = found.model_copy(update={"value": found.value + 0.3, "low": found.low + 0.3, "high": found.high + 0.3})
    stored = evidence.measurements | {"identity.trigger": higher}
    states.changed(old, evidence={"measurements": stored})

    assert compare(old, after).changes == compared.changes


def test_other_probes_are_refused_by_name(before, after, tmp_path):
    other = Run(shutil.copytree(after.folder, tmp_path / "other"))
    other.write(other.gather_file, other.gather_info().model_copy(update={"suite_sha256": "f" * 64}))
    with pytest.raises(RunMismatch, match="these differ: probes"):
        compare(before, other)


def test_the_page_has_the_pictures_and_asks_for_nothing(compared, before, after, tmp_path):
    page = write_page(compared, before, after, tmp_path / "page.html").read_text(encoding="utf-8")
    pairs = [shot for shot in after.shots() if shot.arm in SHOWN and shot.variant == "full"]

    assert pairs
    assert page.count('alt="before: ') == page.count('alt="after: ') == len(pairs)
    assert page.count("data:image/webp;base64,") == 2 * len(pairs)
    assert "<script" not in page
    assert not re.search(r"(src|href)=\"(?!data:|#)", page)
    assert str(before.folder) not in page


def test_text_from_the_runs_is_escaped(compared, before, after, tmp_path):
    run = Run(shutil.copytree(after.folder, tmp_path / "run"))
    run.write_shots(shot.model_copy(update={"prompt": HOSTILE, "probe": HOSTILE}) for shot in run.shots())
    side = compared.after.model_copy(update={"lora": f"/x/{HOSTILE}", "sentence": HOSTILE})
    hostile = compared.model_copy(update={"after": side, "remarks": (HOSTILE,)})
    page = rendered(hostile, before, run)

    assert "<script" not in page
    assert not any(unseen in page for unseen in UNSEEN)
    assert not any(unseen in terminal(hostile) for unseen in UNSEEN)


def test_a_page_is_written_again_and_nothing_else_is_overwritten(compared, before, after, tmp_path):
    page, photo = tmp_path / "page.html", tmp_path / "photo.png"
    photo.write_bytes(b"\x89PNG")
    for _ in range(2):
        assert write_page(compared, before, after, page).read_text(encoding="utf-8").startswith("<!doctype html>")
    with pytest.raises(FluxdiagError, match="there is a file already, and no page"):
        write_page(compared, before, after, photo)
    assert photo.read_bytes() == b"\x89PNG"


def test_a_long_reason_stands_at_the_end_and_makes_no_column_wide(compared):
    missing = SAME.model_copy(update={"change": None, "after": None, "why": "not drawn: " + "x" * 200})
    shown = terminal(compared.model_copy(update={"changes": (BETTER, missing)}))
    lines = [line for line in shown.splitlines() if line.startswith(("identity.trigger", "bleed.group"))]
    assert [len(line) > 100 for line in lines] == [False, True]
    assert lines[1].endswith(missing.why)


def test_a_promise_without_an_amount_names_none(compared):
    open_ = Promise(key="bleed.group", way="fall", by=0.0, line=0.25, unit="scale", setting="rank", held="open", sentence="open")
    held = Promise(key="bleed.class", way="fall", by=0.3, line=0.25, unit="scale", setting="rank", held="held", sentence="held")
    shown = terminal(compared.model_copy(update={"promises": (open_, held)}))
    assert "bleed.group to below 0.25: open" in shown
    assert "bleed.class to below 0.25, by 0.30 or more: held" in shown


def test_of_the_pictures_only_those_that_are_shown_are_read(compared, before, after, monkeypatch):
    asked = []
    monkeypatch.setattr("fluxdiag.comparing.page.swapped", lambda run, shots: asked.extend(shots) or frozenset())
    rendered(compared, before, after)
    assert {shot.arm for shot in asked} <= set(SHOWN)
    assert 0 < len(asked) < len(before.shots()) + len(after.shots())


def test_pictures_outside_the_run_are_not_shown(compared, before, after, tmp_path):
    run = Run(shutil.copytree(after.folder, tmp_path / "run"))
    shutil.copy(run.folder / run.shots()[0].file, tmp_path / "private.png")
    run.write_shots(shot.model_copy(update={"file": "../private.png"}) for shot in run.shots())
    page = rendered(compared, before, run)

    assert 'alt="before: ' in page
    assert 'alt="after: ' not in page
    assert "picture file missing" in page


def test_nothing_of_a_run_is_overwritten(compared, before, after):
    with pytest.raises(FluxdiagError, match="another --out"):
        write_page(compared, before, after, after.case_file)


def test_the_command(before, after, tmp_path):
    app = typer.Typer()
    app.command()(command)
    files = {path: sha256_file(path) for run in (before, after) for path in run.folder.rglob("*") if path.is_file()}

    page = tmp_path / "page.html"
    done = CliRunner().invoke(app, [str(before.folder), str(after.folder), "--json", "--out", str(page)])

    assert done.exit_code == 0
    assert Compared.model_validate_json(done.stdout).answer == "better"
    assert "identity.trigger" in done.stderr
    assert page.is_file()
    assert files == {path: sha256_file(path) for path in files}


def test_a_run_that_stopped_early_is_laid_beside_the_same_prompts(before, after, tmp_path):
    early = Run(Path(shutil.copytree(after.folder, tmp_path / "early")))
    prompts = list(dict.fromkeys(shot.prompt_id for shot in early.shots() if shot.arm == "trigger"))[:4]
    early.write_shots(tuple(shot for shot in early.shots() if shot.kind != "person" or shot.prompt_id in prompts))
    stopped = Stopped(prompts=4, of=8, pictures=80, of_pictures=168, left_out=(), weights="")
    early.write(early.gather_file, early.gather_info().model_copy(update={"stopped": stopped, "shots": len(early.shots())}))
    measure(early)
    diagnose(early)

    found = {changed.key: changed for changed in compare(before, early).changes}["identity.trigger"]

    assert before.evidence().measurements["identity.trigger"].n == 8
    assert (found.before.n, found.after.n, found.paired) == (4, 4, True)
