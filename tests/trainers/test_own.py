"""The built-in trainer behind the contract: a recipe becomes its setup, its job prints what is read, and it resumes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from recipes import recipe, regularised, write
from test_builtin import photos

from fluxdiag.profiles import load_profile
from fluxdiag.trainers.own import SAME, SETUP, SILENT, BuiltIn, _needed_gb
from fluxdiag.trainers.recipe import OPTIMIZER_MODULES, Recipe
from fluxdiag.trainers.setup import TrainingSetup


def small(base: Path, folder: Path, **changes: object):
    told = {"base": str(base), "dataset": str(folder / "dataset"), "resolution": (32, 32), "max_sequence_length": 48}
    told |= {"steps": 20, "rank": 2, "optimizer": "adamw", "learning_rate": 1e-3, "images": 3}
    return recipe(**told | changes)


@pytest.fixture
def miniature(tiny_base: Path, tmp_path: Path) -> Path:
    """A base that says of itself that it is small."""
    import shutil

    import fluxlab

    base = tmp_path / "base"
    shutil.copytree(tiny_base, base)
    shutil.copy(Path(fluxlab.__file__).parent / "profile.toml", base / "profile.toml")
    return base


def test_every_word_of_the_recipe_reaches_the_setup(tmp_path):
    given = regularised(optimizer="prodigy", learning_rate=1.0, d_coef=2.0, alpha=8.0, caption_dropout=0.1, blocks="x", seed=3)
    write(BuiltIn(), given, tmp_path)
    setup = TrainingSetup.model_validate_json((tmp_path / SETUP).read_text())
    shared = set(setup.model_dump()) & set(given.model_dump())
    assert {field: getattr(setup, field) for field in shared} == {field: getattr(given, field) for field in shared}
    assert setup.output == str(tmp_path / "mychar-2.safetensors")
    assert set(given.model_dump()) - set(setup.model_dump()) == {"name", "images", "regularisation_images"}


def test_a_field_that_recipe_and_setup_share_is_carried_over_whatever_its_value(tmp_path):
    """By name, so that one that is added to both cannot be left at the setup's default in silence."""
    assert [field for field in Recipe.model_fields if field not in SAME] == ["name", "images", "regularisation_images"]
    assert set(BuiltIn().words(recipe())) == set(SAME) - SILENT


@pytest.mark.parametrize(("optimizer", "modules"), OPTIMIZER_MODULES.items())
def test_the_engine_needs_for_an_optimizer_what_is_checked_before(optimizer, modules):
    from fluxdiag.engines.optimizers import LIBRARIES

    assert (LIBRARIES.get(optimizer),) == (modules or (None,))


@pytest.mark.parametrize(("memory", "side", "batch", "kept"), [
    (80, 1024, 1, "no"), (32, 1024, 1, "no"), (24, 1024, 1, "8bit"), (20, 1024, 1, "8bit"),
    (16, 1024, 1, "4bit"), (8, 1024, 1, "4bit"),
    (32, 1024, 4, "4bit"), (34, 1024, 4, "8bit"), (40, 1024, 4, "no"), (29, 512, 1, "no"), (16, 512, 1, "8bit"),
])  # fmt: skip
def test_smaller_cards_and_larger_batches_keep_the_base_in_fewer_bits(memory, side, batch, kept, tmp_path):
    given = recipe(resolution=(side, side), batch_size=batch)
    assert BuiltIn(memory).setup(given, tmp_path).quantised == kept


def test_what_was_measured_on_a_card_fits_into_what_is_asked_for():
    peaks = {
        ("no", 512): 25.3,
        ("no", 1024): 27.2,
        ("8bit", 512): 14.4,
        ("8bit", 1024): 17.5,
        ("4bit", 512): 8.8,
        ("4bit", 1024): 12.0,
    }
    for (kept, side), peak in peaks.items():  # GB, docs/performance.md
        asked = _needed_gb(kept, recipe(resolution=(side, side)), load_profile("flux1-dev"))
        assert 1.05 * peak < asked < 1.25 * peak


def test_a_miniature_is_never_quantised(miniature, tmp_path):
    assert BuiltIn(4).setup(small(miniature, tmp_path), tmp_path).quantised == "no"


def test_the_job_prints_what_progress_reads_and_leaves_the_file(miniature, tmp_path):
    photos(tmp_path / "dataset", 3)
    trainer, given = BuiltIn(), small(miniature, tmp_path)
    write(trainer, given, tmp_path)
    assert trainer.result(given, tmp_path) is None
    command = trainer.command(given, tmp_path)
    ended = subprocess.run(command.arguments, cwd=command.folder, capture_output=True, text=True, check=True)
    seen = [at for line in ended.stdout.splitlines() if (at := trainer.progress(line, given))]
    assert [(at.step, at.steps) for at in seen] == [(10, 20), (20, 20)]
    assert trainer.result(given, tmp_path) == tmp_path / "mychar-2.safetensors"


def test_a_mistake_is_a_sentence_and_an_exit_code(miniature, tmp_path):
    trainer, given = BuiltIn(), small(miniature, tmp_path)
    write(trainer, given, tmp_path)
    ended = subprocess.run(trainer.command(given, tmp_path).arguments, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "there is no such folder" in ended.stdout
    assert "Traceback" not in ended.stderr


def test_a_disk_that_fills_up_is_a_sentence_and_no_traceback(miniature, tmp_path):
    """No file may grow beyond 5,000 bytes: what the system says then is what it says of a full disk."""
    trainer, given = BuiltIn(), small(miniature, tmp_path)
    photos(tmp_path / "dataset", 2)
    write(trainer, given, tmp_path)
    limit = "import resource, signal, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000)); "
    ended = subprocess.run(
        [sys.executable, "-c", f"{limit}from fluxdiag.trainers.builtin_job import main; main()", str(tmp_path / "setup.json")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert "File too large" in ended.stdout
    assert "Traceback" not in ended.stderr


def test_what_it_needs_is_looked_for(miniature, tmp_path):
    checks = {check.what: check for check in BuiltIn().check(small(miniature, tmp_path), tmp_path)}
    assert all(check.ok for check in checks.values()), checks
    (miniature / "transformer" / "config.json").unlink()
    checks = {check.what: check for check in BuiltIn().check(small(miniature, tmp_path), tmp_path)}
    assert "transformer" in checks["base"].found


def test_a_disk_that_is_too_small_is_said_before(miniature, tmp_path):
    checks = {check.what: check for check in BuiltIn().check(small(miniature, tmp_path, rank=10**9), tmp_path / "not" / "yet")}
    assert not checks["disk"].ok
    assert checks["disk"].needed


def test_setup_holds_no_surprise_for_people(tmp_path):
    write(BuiltIn(), recipe(), tmp_path)
    assert json.loads((tmp_path / SETUP).read_text())["schema"] == 1
    assert BuiltIn().command(recipe(), tmp_path).arguments[0] == sys.executable
