"""A picture that is no longer the file that was scored: noticed by its digest, never shown as evidence, never green."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

import states
from fluxdiag.case import build_case
from fluxdiag.engines.remembering import RememberingFaces
from fluxdiag.engines.scoring import score
from fluxdiag.engines.studio import image_file
from fluxdiag.gathering.pictures import forget_swapped, planned
from fluxdiag.profiles import beside, load_profile
from fluxdiag.report import render
from fluxdiag.runs import Run, sha256_file
from fluxdiag.suites import load_suite
from fluxdiag.swapped import is_there, picture_file, swapped
from reported import Reader

SUITE = """
schema = 1
name = "two"
about = "two prompts with the LoRA on and off"

[[probes]]
name = "identity"
arms = ["trigger", "base"]
seeds = [1]
prompts = [
    { id = "park", text = "{subject} in a park, close-up", background = "park" },
    { id = "beach", text = "{subject} on a beach, close-up", background = "beach" },
]
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return states.laid_out("healthy", tmp_path)


def without_digests(run: Run) -> Run:
    """As versions before this one wrote it."""
    lines = [json.loads(line) for line in run.shots_file.read_text().splitlines()]
    run.shots_file.write_text("".join(json.dumps({k: v for k, v in line.items() if k != "sha256"}) + "\n" for line in lines))
    return run


def test_an_untouched_run_has_no_swapped_picture(run: Run) -> None:
    assert swapped(run, run.shots()) == frozenset()


def test_gather_draws_swapped_pictures_anew_and_leaves_the_others(run: Run, tmp_path: Path) -> None:
    there = [shot for shot in run.shots() if (run.folder / shot.file).is_file()]
    tasks = [SimpleNamespace(id=shot.id) for shot in there]
    one, other = (run.folder / shot.file for shot in there[:2])
    one.rename(tmp_path / "aside")
    other.rename(one)
    (tmp_path / "aside").rename(other)

    forget_swapped(run, tasks)

    left = [shot.id for shot in there if (run.folder / shot.file).is_file()]
    assert left == [shot.id for shot in there[2:]]
    assert left


def test_a_list_of_shots_that_cannot_be_read_forgets_nothing(run: Run) -> None:
    there = [SimpleNamespace(id=shot.id) for shot in run.shots() if (run.folder / shot.file).is_file()]
    run.shots_file.write_text("{")

    forget_swapped(run, there)

    assert there
    assert all((run.shots_folder / f"{task.id}.png").is_file() for task in there)


def test_another_picture_and_a_saved_again_one_are_swapped_and_a_missing_one_is_not(run: Run) -> None:
    copied, saved_again, gone, whole = run.shots()[:4]
    shutil.copy(run.folder / whole.file, run.folder / copied.file)
    with Image.open(run.folder / saved_again.file) as opened:
        opened.save(run.folder / saved_again.file, optimize=True)
    (run.folder / gone.file).unlink()

    assert swapped(run, run.shots()) == {copied.id, saved_again.id}


def test_a_picture_that_may_not_be_read_is_not_there_and_one_that_breaks_off_is_another(run: Run, monkeypatch) -> None:
    barred, broken, whole = run.shots()[:3]
    opened = Path.open

    def disk(self, *mode, **given):
        if self.name == Path(barred.file).name:
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *mode, **given)

    def read(self):
        if self.name == Path(broken.file).name:
            raise OSError(5, "Input/output error", str(self))
        with opened(self, "rb") as file:
            return file.read()

    monkeypatch.setattr(Path, "open", disk)
    monkeypatch.setattr(Path, "read_bytes", read)

    assert [is_there(run, shot) for shot in (barred, broken, whole)] == [False, True, True]
    assert swapped(run, (barred, broken, whole)) == {broken.id}


def test_a_run_of_an_older_version_reads_and_is_not_checked(run: Run) -> None:
    first, second = without_digests(run).shots()[:2]
    shutil.copy(run.folder / second.file, run.folder / first.file)

    assert swapped(run, run.shots()) == frozenset()
    assert "HEALTHY" in render(run, static=True).read_text()


def test_a_name_that_leads_out_of_the_folder_is_neither_read_nor_shown(run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    Image.new("RGB", (64, 64), "red").save(secret)
    shots = run.shots()
    for name in ("../secret.png", str(secret), "shots/../../secret.png", "a\0b"):
        outside = shots[0].model_copy(update={"file": name, "sha256": sha256_file(secret)})
        assert picture_file(run, outside) is None
    run.write_shots((shots[0].model_copy(update={"file": "../secret.png", "sha256": ""}), *shots[1:]))

    assert Reader(render(run, static=True).read_text()).text.count("picture file missing") >= 1


def test_the_page_says_it_first_and_shows_none_of_them(tmp_path: Path) -> None:
    run = states.STATES["swapped"](tmp_path)
    html = render(run, static=True).read_text()
    reader = Reader(html)

    assert "<title>PICTURES CHANGED" in html
    assert 'id="verdict" class="changed"' in html
    assert reader.text.index("PICTURES CHANGED") < reader.text.index("As measured: healthy.")
    assert reader.text.count("3 of 168 picture files are no longer what was measured") >= 1
    assert "HEALTHY" not in reader.text
    assert 'class="gate yes"' not in html
    assert html.count("not the picture that was measured") == 3
    assert "fluxdiag gather RUN" in reader.text


def test_a_healthy_page_without_its_pictures_is_not_green(tmp_path: Path) -> None:
    html = render(states.STATES["pictures-gone"](tmp_path), static=True).read_text()

    assert "<title>PICTURES MISSING" in html
    assert "168 of 168 picture files are missing" in html


def test_the_command_ends_with_a_sentence(tmp_path: Path) -> None:
    run = states.STATES["swapped"](tmp_path)
    call = [sys.executable, "-c", "from fluxdiag.__main__ import main; main()", "gate", str(run.folder)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (2, "")
    assert "3 of 168 pictures are not the ones that were measured" in done.stderr
    assert "Traceback" not in done.stderr


# ------------------------------------------------------------------------------------------------ where they are scored


def test_scoring_names_the_digest_of_every_picture_cached_ones_too(examples: Path, tmp_path: Path) -> None:
    """The laboratory's faces on pictures of a specimen, in the places where gather draws: no base is needed."""
    suite_file = tmp_path / "two.toml"
    suite_file.write_text(SUITE)
    suite, _ = load_suite(str(suite_file))
    (lora,) = (examples / "healthy").glob("*.safetensors")
    case = build_case(lora, base=str(examples.parent / "weights" / "base"))
    tasks = planned(case, suite).tasks
    run, drawn = Run(tmp_path / "run"), states.laid_out("healthy", tmp_path / "specimen")
    for task, shot in zip(tasks, drawn.shots(), strict=False):
        image_file(run, task).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(drawn.folder / shot.file, image_file(run, task))
    faces = RememberingFaces(beside(case.base, load_profile(case.base).face_pack))

    score(run, case, tasks, suite, faces, None, frozenset({tasks[0].id}), lambda stage, done, of: None)

    assert [shot.sha256 for shot in run.shots()] == [sha256_file(image_file(run, task)) for task in tasks]
    assert [shot.cached for shot in run.shots()] == [True, False, False, False]
    shutil.copy(image_file(run, tasks[1]), image_file(run, tasks[0]))
    assert swapped(run, run.shots()) == {tasks[0].id}
