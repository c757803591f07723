"""Rounds of real pictures on the laboratory: nothing is drawn twice, models are loaded once, variants are what they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fluxdiag.case import build_case
from fluxdiag.engines import studio
from fluxdiag.engines.studio import Held
from fluxdiag.errors import FluxdiagError
from fluxdiag.rounds import Rounds, new_rounds, question_of
from fluxdiag.runs import Run
from fluxdiag.suites import load_suite
from fluxdiag.variants import FULL, parsed

QUICK, _ = load_suite("quick")
HALF, CUT, FEWER = parsed("strength-0.5"), parsed("rank-2"), parsed("without-double")


@pytest.fixture
def rounds(examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rounds:
    monkeypatch.setenv("FLUXDIAG_CACHE", str(tmp_path / "cache"))
    file = next((examples / "healthy").glob("*.safetensors"))
    return new_rounds(tmp_path / "search", build_case(file, base=str(examples.parent / "weights" / "base")), QUICK, Held())


def pictures(run: Run) -> dict[str, float]:
    return {file.name: file.stat().st_mtime_ns for file in run.shots_folder.glob("*.png")}


def test_rounds_draw_what_is_missing_and_load_the_base_once(rounds, monkeypatch, tmp_path):
    loads = []
    real = studio.load_transformer
    monkeypatch.setattr(studio, "load_transformer", lambda *given: loads.append(given) or real(*given))
    prompts = rounds.question.prompts[:2]
    rounds.ask([FULL], prompts, [101])
    first = rounds.draw()
    before = pictures(rounds.run)
    assert len(before) == len(first.shots) == 2 * 4

    rounds.ask([FULL, HALF, CUT, FEWER], prompts, [101])
    second = rounds.draw()
    after = pictures(rounds.run)
    assert {name: after[name] for name in before} == before, "the first round's pictures are as they were"
    assert len(after) == 2 * 4 + 3 * 2 * 2
    assert rounds.with_lora == 4 * 2 * 2
    assert len(loads) == 1
    assert set(second.shots["variant"]) == {"full", "strength-0.5", "rank-2", "without-double"}
    shown = {name: _picture(rounds, second, name) for name in ("full", "strength-0.5", "rank-2", "without-double")}
    assert all((shown["full"] != picture).any() for name, picture in shown.items() if name != "full")

    again = new_rounds(tmp_path / "again", rounds.case, QUICK, Held())
    again.ask([FULL, HALF], prompts, [101])
    assert again.take_over(rounds.run) == 2 * 2 * 2
    assert len(again.draw().shots) == 2 * 4 + 2 * 2
    ours, theirs = again.run.shots_folder, rounds.run.shots_folder
    assert all((ours / name).read_bytes() == (theirs / name).read_bytes() for name in pictures(again.run))


def _picture(rounds: Rounds, tables, variant: str) -> np.ndarray:
    shot = tables.arm("trigger", variant=variant)["id"].iloc[0]
    return np.asarray(Image.open(rounds.run.shots_folder / f"{shot}.png"))


def test_a_suite_without_the_arms_is_refused():
    others = QUICK.model_copy(update={"probes": QUICK.probes[-1:]})
    with pytest.raises(FluxdiagError, match="no probe with the arms trigger, class, base, trigger-base"):
        question_of(others)


def test_asking_twice_is_asking_once(rounds):
    rounds.ask([FULL], rounds.question.prompts, [101])
    rounds.ask([FULL], rounds.question.prompts, [101])
    rounds.ask([FULL], rounds.question.prompts[:3], [101, 102])
    assert rounds.with_lora == 2 * (8 + 3)
    assert len({task.id for task in rounds.planned().tasks}) == len(rounds.planned().tasks) == 2 * rounds.with_lora
