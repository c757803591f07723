"""The closed loop's rows, its table, what it brings and what it leaves alone; the loop itself takes minutes a LoRA."""

import hashlib

import pytest

from fluxdiag.errors import FluxdiagError
from fluxlab.album import character
from fluxlab.bench.cells import Cell
from fluxlab.captions import appearance
from fluxlab.closed_loop.cell import better_photos, judged_anew
from fluxlab.closed_loop.command import asked, main
from fluxlab.closed_loop.rows import CuredRow, Judgement, Kept, append, read_rows
from fluxlab.closed_loop.table import BEGIN, END, markdown, write_table


def judgement(verdict: str, identity: float, cause: str | None = None) -> Judgement:
    numbers = {"identity.trigger": (identity, identity - 0.1, identity + 0.1, 16), "bleed.class": (0.031, 0.0, 0.06, 8)}
    return Judgement(verdict=verdict, cause=cause, measurements=numbers)


def row(planted: str = "under", subject: int = 5004, **told) -> CuredRow:
    usual = {
        "severity": 1.0,
        "seed": 0,
        "header": "kohya",
        "lora_sha256": "0" * 64,
        "before": judgement("faulty", 0.2, "wrong-step-count:under"),
        "after": judgement("healthy", 0.8),
        "changes": {"steps": "1072, by the base's formula for 13 photos, 4 a step"},
        "answer": "better",
        "twin": "healthy",
        "predictions": (Kept(key="identity.trigger", setting="steps", held="held"),),
        "seconds": {"judging": 9.0, "training": 300.0, "report": 60.0},
    }
    return CuredRow.model_validate({"planted": planted, "subject": subject} | usual | told)


LEFT_ALONE = {"before": judgement("healthy", 0.8), "after": None, "changes": {}, "answer": None, "predictions": ()}
LEFT_ALONE |= {"why": "this LoRA is healthy"}


def test_a_row_comes_back_as_it_was_written_and_the_last_one_counts(tmp_path):
    file = tmp_path / "rows.jsonl"
    first, other, again = row(), row("over"), row(after=judgement("faulty", 0.3))
    for each in (first, other, again):
        append(each, file)
    assert read_rows(file) == [again, other]
    file.write_text(file.read_text() + "{}\n")
    with pytest.raises(FluxdiagError, match="line 4 is no row"):
        read_rows(file)


def test_another_file_under_the_same_name_is_another_row(tmp_path):
    for each in (row(), row(lora_sha256="1" * 64)):
        append(each, tmp_path / "rows.jsonl")
    assert len(read_rows(tmp_path / "rows.jsonl")) == 2


def test_the_table_says_what_came_of_each(tmp_path):
    failed = {"predictions": (Kept(key="trigger.effect", setting="steps", held="failed"),)}
    leaking = judgement("faulty", 0.3).model_copy(update={"symptoms": ("bleed.group",)})
    tried = row("over", after=leaking, captionless="appears", **failed)
    said = markdown([row(), tried, row("rank-high", photos="new", **LEFT_ALONE)])
    assert "**3 planted LoRAs" in said
    assert "Healthy at the end: 0.67" in said
    assert "of the 2 that were not so before, 2 faulty and the others open: 0.50" in said
    assert "Predictions: 1 held, 1 failed, 0 open." in said
    assert (
        "| under | 5004 | whole | faulty | wrong-step-count:under | 0.20 | 0.03 | - | steps 1072 | healthy | 0.80 | 0.03 | - "
        "| 1 of 1 | better | healthy |" in said
    )
    assert "| faulty (bleed.group) | 0.30 |" in said
    assert "| 0 of 1, 1 failed |" in said
    assert "- over, 5004: the evidence did not tell what to change, so the captionless run was made first. The person app" in said
    assert "- rank-high, 5004: this LoRA is healthy" in said
    assert "Other photos: 1 times" in said


def test_what_was_trained_before_the_loop_went_on_has_no_part_in_the_seconds():
    resumed = {"judging": 0.0, "training": 0.2, "report": 1300.0}
    assert "A training took 300 s and a report 60 s" in markdown(
        [row(), *(row(subject=n, seconds=resumed) for n in (5005, 5006))]
    )
    assert "A training took" not in markdown([row(seconds=resumed)])


def test_the_table_is_made_again_from_its_rows_alone(tmp_path):
    page, rows = tmp_path / "retrain.md", tmp_path / "rows.jsonl"
    page.write_text(f"{BEGIN}\n{END}\n")
    append(row(), rows)
    call = ["--grid", tmp_path / "no grid", "--subjects", "--rows", rows, "--publish", page]
    with pytest.raises(SystemExit) as ended:
        main([str(part) for part in call])
    assert ended.value.code == 0
    assert markdown([row()]) in page.read_text()


def test_the_table_goes_between_its_markers_and_nowhere_else(tmp_path):
    page = tmp_path / "retrain.md"
    page.write_text(f"above\n{BEGIN}\nold\n{END}\nbelow\n")
    write_table([row()], page)
    assert page.read_text() == f"above\n{BEGIN}\n\n{markdown([row()])}\n\n{END}\nbelow\n"
    page.write_text("a page without a place")
    with pytest.raises(FluxdiagError, match="no place for the table"):
        write_table([row()], page)


def test_only_the_asked_cells_of_the_grid_are_cured(tmp_path):
    for name in ("under-5004-0", "over-5004-0", "under-208-0", "healthy-5004-0", "notes"):
        (tmp_path / name).mkdir()
    assert asked(tmp_path, None, ["under", "over"]) == [Cell("over", 5004, 0), Cell("under", 5004, 0)]
    assert asked(tmp_path, [208], ["under", "over"]) == [Cell("under", 208, 0)]


def test_the_photos_that_are_brought_are_others_enough_and_say_nothing_of_looks(tmp_path):
    cell = Cell("low-diversity", 5006, 0)
    who = character(5006)
    assert who.images < 15
    folder = better_photos(cell, tmp_path / "photos")
    brought = {hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.glob("*.png")}
    assert len(brought) == 15
    captions = [file.read_text() for file in folder.glob("*.txt")]
    assert len(captions) == 15
    assert all(who.trigger in caption for caption in captions)
    looks = [phrase.removeprefix("an ").removeprefix("a ") for phrase in appearance(who.person)]
    assert not any(phrase in caption for caption in captions for phrase in looks)


def test_a_lora_without_a_report_is_named_and_a_judged_one_is_only_read(tmp_path):
    from states import laid_out

    with pytest.raises(FluxdiagError, match="no report of this LoRA"):
        judged_anew(tmp_path / "nothing", tmp_path / "copy")
    run = laid_out("overcaptioned", tmp_path / "cell")
    (run.folder / "report.html").write_text("a page of an older version")
    before = {file: file.read_bytes() for file in run.folder.rglob("*") if file.is_file()}
    copy = judged_anew(run.folder, tmp_path / "copy")
    assert copy.diagnosis().findings
    assert not (copy.folder / "report.html").exists()
    assert {file: file.read_bytes() for file in run.folder.rglob("*") if file.is_file()} == before
