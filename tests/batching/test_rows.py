"""What a batch says of runs: rows, their codes and order, and the page. Simulated runs stand in for those that were drawn."""

import json
import re
from html import unescape

import pytest

from fluxdiag.batch import Asked, told, written
from fluxdiag.batching.manifest import Item, Manifest
from fluxdiag.batching.records import Answer, Batch, Job, Row
from fluxdiag.batching.rows import row_of
from fluxdiag.gating.reading import read_policy
from fluxdiag.report import render
from fluxdiag.runs import Run, as_json
from fluxdiag.swapped import swapped
from reported import FAULTY_TRUTH, HEALTHY_TRUTH, Reader, judged
from states import HOSTILE


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """Two runs, as a batch leaves them."""
    folder = tmp_path_factory.mktemp("batch")
    for name, truth in (("healthy", HEALTHY_TRUTH), ("faulty", FAULTY_TRUTH)):
        render(judged(folder / "runs" / name, truth))
    return folder


def row(out, run, answer=None, policy=None, fail_on="low", name=None) -> Row:
    folder = out / "runs" / run
    case = Run(folder).case()
    job = Job(name=name or run, case=case, folder=str(folder), suite="quick", thorough=False)
    return row_of(job, answer or Answer(), out, None if policy is None else read_policy(policy), fail_on)


def batch_of(*rows) -> Batch:
    return Batch(manifest="m.csv", suite="quick", thorough=False, policy=None, fail_on="low", rows=rows, skipped={})


def test_a_row_holds_what_the_run_says(out):
    found = row(out, "faulty")
    assert (found.verdict, found.exit_code, found.error) == ("faulty", 1, None)
    assert (found.cause.cause, found.cause.severity) == ("overcaptioned-appearance", "critical")
    assert found.identity.key == "identity.trigger"
    assert found.bleed.low <= found.bleed.value <= found.bleed.high
    assert found.symptoms
    assert (found.run, found.report, found.gate) == ("runs/faulty", "runs/faulty/report.html", None)


@pytest.mark.parametrize(
    ("run", "policy", "fail_on", "code"),
    [
        ("healthy", None, "low", 0),
        ("faulty", None, "low", 1),
        ("faulty", None, "critical", 1),
        ("faulty", "marketplace", "low", 1),
    ],
)
def test_the_code_is_the_reports_and_the_gates(out, run, policy, fail_on, code):
    assert row(out, run, policy=policy, fail_on=fail_on).exit_code == code


def test_a_healthy_one_that_fails_its_policy_is_a_problem(out, tmp_path):
    strict = tmp_path / "strict.toml"
    strict.write_text('schema = 1\n[assert]\n"identity.trigger" = { min = 5.0 }\n')
    found = row(out, "healthy", policy=str(strict))
    assert (found.verdict, found.exit_code) == ("healthy", 1)
    assert (found.gate.status, found.gate.failed) == ("failed", ("identity.trigger",))


def test_a_policy_that_cannot_judge_the_run_is_a_mistake_and_no_pass(out, tmp_path):
    other = tmp_path / "other.toml"
    other.write_text('schema = 1\n[assert]\n"identity.triger" = { min = 0.5 }\n')
    found = row(out, "healthy", policy=str(other))
    assert (found.verdict, found.exit_code) == (None, 2)
    assert "identity.triger" in found.error


def test_an_error_is_no_verdict_whatever_lies_in_the_folder(out):
    found = row(out, "healthy", Answer(error="the disk is full"))
    assert (found.verdict, found.error, found.exit_code) == (None, "the disk is full", 2)
    assert row(out, "healthy", Answer(error="a bug", bug=True)).exit_code == 70


def test_pictures_that_were_swapped_are_judged_by_nobody(tmp_path):
    run = judged(tmp_path / "runs" / "x")
    (run.folder / run.shots()[0].file).write_bytes(b"another")
    found = row(tmp_path, "x")
    assert (found.verdict, found.exit_code) == (None, 2)
    assert "not the ones that were measured" in found.error


@pytest.mark.parametrize(
    ("codes", "code"),
    [((0, 0), 0), ((0, 3), 3), ((3, 1, 0), 1), ((1, 2), 2), ((2, 70), 70), ((3,), 3), ((), 0)],
)
def test_the_gravest_row_speaks_for_all(codes, code):
    rows = [Row(name=str(at), file="x", sha256=None, exit_code=each) for at, each in enumerate(codes)]
    assert batch_of(*rows).exit_code == code


def test_the_record_reads_back_and_keeps_the_manifests_order(out):
    names = ("b", "a", "c")
    manifest = Manifest(tuple(Item(name, out) for name in names), {"c-500": "a checkpoint"})
    asked = Asked(out, "quick", False, None, "low")
    rows = [Row(name=name, file="x", sha256=None, error="e", exit_code=2) for name in ("c", "b", "a")]
    found = told(manifest, out, asked, rows)
    assert [each.name for each in found.rows] == list(names)
    again = json.loads(as_json(found))
    assert (again["schema"], again["skipped"], again["counts"]) == (1, {"c-500": "a checkpoint"}, {"error": 3})


# ------------------------------------------------------------------------------------------------ the page


def rendered(out, *rows) -> str:
    return written(batch_of(*rows), out).read_text(encoding="utf-8")


def test_the_worst_comes_first(out):
    page = rendered(out, row(out, "healthy"), row(out, "faulty"), row(out, "healthy", Answer(error="no"), name="stopped"))
    titles = re.findall(r"<h2><bdi>(.*?)</bdi>", page)
    assert titles == ["stopped", "faulty", "healthy"]


def test_the_page_stands_alone_and_runs_nothing(out):
    page = rendered(out, row(out, "healthy"), row(out, "faulty"))
    tags = Reader(page).tags
    assert not [tag for tag, _ in tags if tag in ("script", "iframe", "form", "object")]
    assert "default-src 'none'" in unescape(page)
    assert "script-src 'none'" in unescape(page)
    sources = [attributes["src"] for tag, attributes in tags if tag == "img"]
    assert len(sources) == 4
    assert all(source.startswith("data:image/webp;base64,") for source in sources)
    links = {attributes["href"] for tag, attributes in tags if tag == "a"}
    assert links == {"runs/healthy/report.html", "runs/faulty/report.html"}


def test_whatever_a_lora_is_called_is_text_on_the_page(out):
    texts = {"trigger": HOSTILE, "file": f"/x/{HOSTILE}", "sentence": HOSTILE}
    hostile = row(out, "healthy", name=HOSTILE).model_copy(update=texts)
    stopped = row(out, "faulty", Answer(error=HOSTILE), name=HOSTILE + "2")
    page = rendered(out, hostile, stopped)
    assert not [tag for tag, attributes in Reader(page).tags if tag == "script" or "onerror" in attributes]
    assert "\u202e" not in page
    assert "{{7*7}}" in page.replace("&#39;", "'")


def test_pictures_that_are_gone_leave_a_sentence(tmp_path):
    run = judged(tmp_path / "runs" / "x")
    for shot in run.shots():
        (run.folder / shot.file).unlink()
    page = rendered(tmp_path, row(tmp_path, "x"))
    assert "their files are gone" in page
    assert "<img" not in page


def test_of_the_pictures_only_the_pair_that_is_shown_is_read_again(out, monkeypatch):
    """All of them were when the row was judged: minutes for 500 LoRAs on a disk of a network."""
    asked = []
    monkeypatch.setattr("fluxdiag.batching.page.swapped", lambda run, shots: asked.append(shots) or swapped(run, shots))
    assert rendered(out, row(out, "healthy"), row(out, "faulty")).count("<img") == 4
    assert [len(shots) for shots in asked] == [2, 2]


def test_a_pair_that_was_swapped_since_gives_way_to_the_next(tmp_path, monkeypatch):
    run, asked = judged(tmp_path / "runs" / "x"), []
    monkeypatch.setattr("fluxdiag.batching.page.swapped", lambda run, shots: asked.append(shots) or swapped(run, shots))
    found = row(tmp_path, "x")
    rendered(tmp_path, found)
    ((first, _),) = asked
    (run.folder / first.file).write_bytes(b"another")
    page = rendered(tmp_path, found)
    *_, shown = asked
    assert first.id not in {shot.id for shot in shown}
    assert page.count("<img") == 2
    for shot in run.shots():
        (run.folder / shot.file).write_bytes(b"another")
    assert "<img" not in rendered(tmp_path, found)
