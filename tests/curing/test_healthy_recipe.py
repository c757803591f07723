"""What is planted in the laboratory comes back as its healthy recipe, whatever the file's header says of the training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save

from fluxdiag.case import build_case
from fluxdiag.retrain import Nothing, Options, Plan, plan
from fluxdiag.runs import write_bytes
from fluxdiag.trainers.builtin import training_photos, with_sorted_header
from fluxdiag.trainers.header import header
from fluxdiag.trainers.own import BuiltIn
from fluxdiag.trainers.setup import PLACES, TrainingSetup
from fluxlab import headers
from fluxlab.album import ORDINARY_PEOPLE, character, training_captions, training_pictures, write_photos
from fluxlab.bench.metadata import FALSE, falsify
from fluxlab.plant import BASE, _setup, _write_album, recipe_of
from judged_runs import PERSON_MISSING, diagnosis, evidence, finding, judged

SUBJECT = 5006  # eleven photos, so steps by the formula are a half that has to be rounded
ASKS: dict[str, tuple[str, str, str | None]] = {
    "overcaptioned": ("overcaptioned-appearance", "captions", None),
    "low-diversity": ("low-diversity-dataset", "images", None),
    "under": ("wrong-step-count", "steps", "under"),
    "over": ("wrong-step-count", "steps", "over"),
    "rank-low": ("wrong-rank", "rank", "low"),
    "rank-high": ("wrong-rank", "rank", "high"),
    "no-regularisation": ("missing-regularisation", "regularisation_images", None),
}
"""fault -> what the rule that finds it asks for"""


def setup_of(fault: str, folder: Path) -> TrainingSetup:
    recipe = recipe_of(fault)
    return _setup(recipe, character(SUBJECT), folder, BASE, 0, recipe.ordinary > 0, {})


LeftBehind = Callable[[str, str], Path]
"""fault, what the header tells -> the LoRA"""


@pytest.fixture(scope="module")
def left_behind(laboratory, tmp_path_factory) -> LeftBehind:
    """All that `fluxlab plant` leaves, but for the training: layers and rank are right, the numbers in them are noise."""
    (example,) = (laboratory / "examples" / "healthy").glob("*.safetensors")
    folders: dict[str, Path] = {}

    def left(fault: str, kind: str) -> Path:
        if fault not in folders:
            folders[fault] = tmp_path_factory.mktemp(fault)
            recipe, rng = recipe_of(fault), np.random.default_rng([79, SUBJECT, 0])
            others = round(recipe.ordinary * ORDINARY_PEOPLE)
            _write_album(character(SUBJECT), recipe, others, False, rng, folders[fault])
        return _file(setup_of(fault, folders[fault]), kind, example)

    return left


def _file(setup: TrainingSetup, kind: str, example: Path) -> Path:
    file, rng = Path(setup.output), np.random.default_rng(0)
    resized = {name: _of_rank(array, setup.rank, name, rng) for name, array in load_file(example).items()}
    told = header(setup, training_photos(setup), setup.steps, file.stem, "0" * 64)
    write_bytes(file, with_sorted_header(save(resized, told)))
    return falsify(file) if kind == FALSE else headers.restyle(file, setup, kind)


def _of_rank(array: Any, rank: int, name: str, rng: np.random.Generator) -> Any:
    shape = (rank, array.shape[1]) if ".lora_A." in name else (array.shape[0], rank)
    return (0.02 * rng.standard_normal(shape)).astype(np.float16)


def planned(file: Path, fault: str, folder: Path, dataset: Path | None = None) -> Plan | Nothing:
    cause, setting, direction = ASKS[fault]
    said = diagnosis(finding(cause, setting, direction=direction))
    return plan(
        judged(folder / "run", build_case(file, base=str(BASE)), evidence(PERSON_MISSING), said), Options(dataset=dataset)
    )


def better(folder: Path) -> Path:
    who, rng = character(SUBJECT), np.random.default_rng(5)
    pictures = training_pictures(who, 0.0, rng)
    write_photos(folder, pictures, training_captions(who, pictures, 0.0, rng))
    return folder


@pytest.mark.parametrize("kind", ["kohya", "none", FALSE])
@pytest.mark.parametrize("fault", ASKS)
def test_a_planted_fault_is_trained_anew_as_the_healthy_lora_was(fault, kind, tmp_path, left_behind):
    file = left_behind(fault, kind)
    new = better(tmp_path / "better") if fault == "low-diversity" else None
    found = planned(file, fault, tmp_path, new)
    assert isinstance(found, Plan), found
    assert isinstance(found.trainer, BuiltIn)
    assert [applied.setting for applied in found.applied] == [ASKS[fault][1]]
    ours = found.trainer.setup(found.recipe, found.out).model_dump(exclude=set(PLACES))
    healthy = setup_of("healthy", file.parent).model_dump(exclude=set(PLACES))
    assert {key: ours[key] for key in ours if ours[key] != healthy[key]} == {}
    assert found.recipe.regularisation is not None
    assert (len(found.people), found.to_draw) == ((0, 100) if fault == "no-regularisation" else (ORDINARY_PEOPLE, 0))


def test_captions_come_back_as_a_careful_user_would_have_written_them(tmp_path, left_behind):
    described = left_behind("overcaptioned", "kohya")
    healthy = left_behind("healthy", "kohya")
    found = planned(described, "overcaptioned", tmp_path)
    assert isinstance(found, Plan)
    careful = [file.read_text().strip() for file in sorted((healthy.parent / "dataset").glob("*.txt"))]
    assert [copy.caption for copy in found.copies] == careful


def test_photos_that_are_too_much_alike_are_not_trained_again(tmp_path, left_behind):
    found = planned(left_behind("low-diversity", "kohya"), "low-diversity", tmp_path)
    assert isinstance(found, Plan)
    assert not found.applied
    assert [left.needs_user for left in found.left] == [True]
    assert "--dataset" in found.left[0].why


@pytest.mark.parametrize("fault", ["under", "over"])
def test_the_printed_number_of_steps_is_the_planned_one(fault, tmp_path, left_behind):
    from fluxdiag.instruments.settings import measure
    from fluxdiag.profiles import load_profile
    from fluxdiag.rules.wrong_step_count import _steps

    file = left_behind(fault, "kohya")
    found = planned(file, fault, tmp_path)
    assert isinstance(found, Plan)
    profile = load_profile(str(BASE))

    class Known:
        case, formula = build_case(file, base=str(BASE)), profile.step_formula

    facts = {one.key: one for one in measure(Known()) if hasattr(one, "value")}
    known = evidence({}).model_copy(update={"measurements": facts, "bands": profile.bands})
    (printed,) = _steps(known, fault)
    assert printed.to.split(",")[0] == str(found.recipe.steps) == str(setup_of("healthy", tmp_path).steps)
