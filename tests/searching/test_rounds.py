"""Rounds of real pictures on the laboratory: nothing is drawn twice, models are loaded once, variants are what they say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fluxdiag.case import build_case
from fluxdiag.engines import studio
from fluxdiag.engines.studio import Held
from fluxdiag.errors import FluxdiagError
from fluxdiag.runs import Run
from fluxdiag.searching.rounds import Rounds, new_rounds, question_of, unseen
from fluxdiag.suites import load_suite
from fluxdiag.variants import FULL, parsed
from simulated import HEALTHY, Simulation, Truth

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


ARMS = ("trigger", "class", "base", "trigger-base")
ANOTHER = QUICK.probes[0].model_copy(update={"name": "another", "seeds": (7,), "arms": ARMS})
OTHERS = {
    "one of four arms is missing": [{"arms": ARMS[1:]}, {"arms": ARMS[:1] + ARMS[2:]}, {"arms": ARMS[:3]}],
    "never the whole LoRA": [{"variants": ("strength-0.5",)}],
}


@pytest.mark.parametrize("change", [change for changes in OTHERS.values() for change in changes])
def test_the_question_is_that_of_the_first_probe_with_all_four_arms_and_the_whole_lora(change):
    first = ANOTHER.model_copy(update={"name": "first", **change})
    asked = question_of(QUICK.model_copy(update={"probes": (first, ANOTHER, *QUICK.probes)}))
    assert (asked.probe, asked.seeds, asked.prompts) == ("another", (7,), ANOTHER.prompts)
    whole = question_of(QUICK.model_copy(update={"probes": (ANOTHER.model_copy(update={"variants": ("rank-2", "full")}),)}))
    assert whole.probe == "another"


@pytest.fixture
def on_paper(tmp_path: Path) -> Rounds:
    """Of a LoRA that is nowhere: what is asked needs no model."""
    case = Simulation(Path("unused"), Truth(HEALTHY)).case()
    return new_rounds(tmp_path / "ours", case, QUICK, Held())


def test_a_round_asks_each_variant_with_the_lora_on_and_the_base_once(on_paper):
    first, second, *_ = on_paper.question.prompts
    on_paper.ask([FULL, HALF], [first, second], [101, 102])
    tasks = on_paper.planned().tasks
    variants = [("trigger", "full"), ("class", "full"), ("trigger", HALF.name), ("class", HALF.name)]
    made = [*variants, ("base", "full"), ("trigger-base", "full")]
    expected = Counter({(*each, prompt.id): 2 for each in made for prompt in (first, second)})  # one for each seed
    assert Counter((task.arm.name, task.variant, task.prompt.id) for task in tasks) == expected
    assert len({task.id for task in tasks}) == len(tasks)
    assert on_paper.with_lora == 2 * 2 * 2 * 2
    on_paper.ask([HALF], [first], [103])
    assert on_paper.with_lora == 2 * 2 * 2 * 2 + 2
    assert len(on_paper.planned().tasks) == len(tasks) + 2 + 2


def test_something_else_is_asked_apart_in_a_folder_of_its_own(on_paper):
    on_paper.ask([FULL], on_paper.question.prompts, [101])
    before = on_paper.planned().tasks
    apart = on_paper.apart(unseen(on_paper.question))
    assert apart.run.folder == on_paper.run.folder.with_name("ours-again")
    assert apart.with_lora == 0
    apart.ask([HALF], apart.question.prompts, apart.question.seeds)
    assert {task.id for task in apart.planned().tasks}.isdisjoint(task.id for task in before)
    assert (on_paper.planned().tasks, apart.with_lora) == (before, 2 * 8)


def test_what_another_run_has_drawn_is_copied_and_what_is_here_stays(on_paper, tmp_path):
    prompts = on_paper.question.prompts[:2]
    on_paper.ask([FULL], prompts, [101])
    tasks = {(task.arm.name, task.prompt.id): f"{task.id}.png" for task in on_paper.planned().tasks}
    (called, called_too), (base, _) = ([tasks[arm, prompt.id] for prompt in prompts] for arm in ("trigger", "base"))
    there, ours = Run(tmp_path / "there").shots_folder, on_paper.run.shots_folder
    for folder, names in ((there, (called, called_too, base, "unasked.png")), (ours, (called_too,))):
        folder.mkdir(parents=True)
        for name in names:
            (folder / name).write_text(folder.parent.name)

    assert on_paper.take_over(Run(tmp_path / "there")) == 2, "the base's own pictures spare none with the LoRA on"

    assert {file.name: file.read_text() for file in ours.iterdir()} == {called: "there", called_too: "ours", base: "there"}


def test_asking_twice_is_asking_once(rounds):
    rounds.ask([FULL], rounds.question.prompts, [101])
    rounds.ask([FULL], rounds.question.prompts, [101])
    rounds.ask([FULL], rounds.question.prompts[:3], [101, 102])
    assert rounds.with_lora == 2 * (8 + 3)
    assert len({task.id for task in rounds.planned().tasks}) == len(rounds.planned().tasks) == 2 * rounds.with_lora
