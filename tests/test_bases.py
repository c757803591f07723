"""Which state of a base is meant, on a machine that has it, on one that has yet to fetch it, and when `main` moves."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest
from huggingface_hub.utils import HFValidationError, validate_repo_id

from fluxdiag import bases
from fluxdiag.bases import base_digest, is_hub_id, revision_of
from fluxdiag.engines import settling
from fluxdiag.engines.adapter import load_transformer
from fluxdiag.engines.encoders import load_encoders
from fluxdiag.engines.settling import settle
from fluxdiag.errors import WeightsMissing
from fluxdiag.plan import plan
from fluxdiag.profiles import load_profile
from fluxdiag.runs import Run
from fluxdiag.searching.rounds import new_rounds
from fluxdiag.suites import load_suite
from fluxdiag.variants import FULL
from simulated import HEALTHY, Simulation, Truth

BASE, FIRST, SECOND = "someone/flux", "1" * 40, "2" * 40
QUICK, _ = load_suite("quick")
PROFILE = load_profile(BASE)
CASE = Simulation(Path("unused"), Truth(HEALTHY, described=True)).case().model_copy(update={"base": BASE})


class Hub:
    """The hub and its cache on this machine: what is asked for lies there afterwards, as huggingface_hub leaves it."""

    def __init__(self, cache: Path, holds: Path) -> None:
        self.cache, self.holds = cache / f"models--{BASE.replace('/', '--')}", holds
        self.main, self.online, self.asked = FIRST, True, list[str]()

    def download(self, base: str, name: str, revision: str | None = None) -> str:
        if not self.online:
            raise OSError("no connection and nothing in the cache")
        self.asked.append(name)
        commit = revision or self.main
        file = self.cache / "snapshots" / commit / name
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.holds / name, file)
        if revision is None:
            self.fetched_by_hand()
        return str(file)

    def fetched_by_hand(self) -> None:
        (self.cache / "refs").mkdir(parents=True, exist_ok=True)
        (self.cache / "refs" / "main").write_text(self.main)


@pytest.fixture
def hub(monkeypatch, tmp_path, tiny_base) -> Hub:
    """A machine that never had the base."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("FLUXDIAG_CACHE", str(tmp_path / "cache"))
    there = Hub(tmp_path / "hub", tiny_base)
    monkeypatch.setattr(settling, "hf_hub_download", there.download)
    bases._read_once.cache_clear()
    return there


def another_process() -> None:
    bases._read_once.cache_clear()


def names() -> set[str]:
    return {task.id for task in plan(CASE, QUICK, PROFILE, "cuda").tasks}


def test_pictures_of_the_first_run_are_found_again_by_the_next(hub):
    settle(BASE, PROFILE)
    first, digest = names(), base_digest(BASE)
    another_process()
    settle(BASE, PROFILE)
    assert (revision_of(BASE), base_digest(BASE), names()) == (FIRST, digest, first)


def test_nothing_is_fetched_where_the_base_is(hub):
    settle(BASE, PROFILE)
    hub.asked.clear()
    hub.online = False
    settle(BASE, PROFILE)
    assert hub.asked == []


def test_what_was_cached_without_an_index_is_completed_at_its_own_revision(hub):
    hub.fetched_by_hand()  # by a program that wants flux1-dev.safetensors alone
    hub.main = SECOND
    settle(BASE, PROFILE)
    assert revision_of(BASE) == FIRST
    assert {folder.name for folder in (hub.cache / "snapshots").iterdir()} == {FIRST}


def test_a_main_that_moved_upstream_changes_nothing_until_it_is_fetched(hub):
    settle(BASE, PROFILE)
    before = names()
    hub.main = SECOND
    another_process()
    settle(BASE, PROFILE)
    assert names() == before
    hub.fetched_by_hand()
    assert names() == before, "while a run is on"
    another_process()
    assert not names() & before, "the next run is of another base"


def test_without_the_base_and_a_way_to_it_nothing_is_planned(hub):
    hub.online = False
    with pytest.raises(WeightsMissing, match=r"someone/flux: the model_index.json cannot be loaded \(no connection"):
        settle(BASE, PROFILE)


HUB_IDS = {
    "black-forest-labs/FLUX.1-dev": True,
    "_me/my-flux.v2": True,
    f"a/{'b' * 96}": True,
    "../flux": False,
    "-x/flux": False,
    "me/flux.": False,
    "me/flux--dev": False,
    "me/..": False,
    "me/flux.git": False,
    f"a/{'b' * 97}": False,
    "caf\u00e9/flux": False,
    "me/flux\n": False,
    "models/flux/dev": False,
    "city96/FLUX.1-dev-gguf": True,
}


@pytest.mark.parametrize("base", HUB_IDS)
def test_a_hub_id_is_what_the_hub_takes_for_one(base):
    assert is_hub_id(base) is HUB_IDS[base]
    with contextlib.nullcontext() if HUB_IDS[base] else pytest.raises(HFValidationError):
        validate_repo_id(base)


def test_a_folder_of_that_name_is_no_hub_id(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / BASE).mkdir(parents=True)
    assert not is_hub_id(BASE)


SINGLE = ["models/flux1-dev.safetensors", "models/FLUX1-dev-Q8_0.GGUF", "models/flux1-dev-fp8.sft", "models/notes"]
ALONE = "it is the transformer alone, without text encoders and VAE"


@pytest.mark.parametrize("file", SINGLE)
@pytest.mark.parametrize("absolute", [False, True])
def test_a_file_that_is_there_is_never_asked_for_elsewhere(hub, fluxdiag, lora, monkeypatch, tmp_path, file, absolute):
    """With the sentence and the command of docs/setup.md, whichever command meets it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    (tmp_path / file).touch()
    base = str(tmp_path / file) if absolute else file
    page = (Path(bases.__file__).parents[2] / "docs" / "setup.md").read_text()
    assert not is_hub_id(base)
    for call in (("report", lora, "--out", "run"), ("report", lora, "--out", "run", "--dry-run"), ("doctor",)):
        done = fluxdiag(*call, "--base", base)
        said = done.out + done.err
        assert done.code == 2
        assert f"`{bases.FETCH_FOLDER}`" in said
        assert (ALONE in said) is (file != "models/notes")
    assert (bases.FETCH_FOLDER in page, ALONE in page) == (True, True)
    with pytest.raises(WeightsMissing, match="is a file, and not readable as a base"):
        settle(base, PROFILE)
    assert (hub.asked, (tmp_path / "run").exists()) == ([], False)


def test_a_file_that_is_not_there_is_no_hub_id_either(hub, fluxdiag, lora):
    done = fluxdiag("report", lora, "--base", "models/flux1-dv.safetensors")
    assert (done.code, hub.asked) == (2, [])
    assert "there is no such folder" in done.mistake


@pytest.mark.parametrize("base", ["/nowhere", "nowhere", ".."])
def test_what_is_no_hub_id_is_not_asked_for(hub, base):
    settle(base, PROFILE)
    assert (hub.asked, revision_of(base)) == ([], "")


def test_a_repair_finds_the_pictures_of_a_run_that_was_drawn_on_another_machine(hub, tmp_path):
    settle(BASE, PROFILE)
    rounds = new_rounds(tmp_path / "search", CASE.model_copy(update={"profile": PROFILE.name}), QUICK, None)
    rounds.ask([FULL], rounds.question.prompts[:1], [101])
    other = Run(tmp_path / "run")
    other.shots_folder.mkdir(parents=True)
    for task in rounds.planned().tasks:
        (other.shots_folder / f"{task.id}.png").touch()
    shutil.rmtree(hub.cache)
    another_process()
    assert rounds.take_over(other) == 2


@pytest.fixture
def whole(hub, monkeypatch, tiny_base) -> Hub:
    """The whole base lies in the hub's cache, and there is no network."""
    settle(BASE, PROFILE)
    shutil.copytree(tiny_base, hub.cache / "snapshots" / FIRST, dirs_exist_ok=True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    return hub


def test_weights_are_loaded_at_the_revision_that_was_planned(whole):
    assert revision_of(BASE) == FIRST
    whole.main = SECOND
    whole.fetched_by_hand()  # by another program, between planning and loading
    assert load_transformer(BASE, "float32").config.num_layers > 0
    assert load_encoders(BASE, "float32").text_encoder_2 is not None
    another_process()
    with pytest.raises(WeightsMissing):
        load_transformer(BASE, "float32")


@pytest.fixture
def lora(examples) -> Path:
    return next((examples / "healthy").glob("*.safetensors"))


def test_a_report_settles_the_base_before_its_pictures_have_names(hub, fluxdiag, lora, monkeypatch, tmp_path):
    class Planned(WeightsMissing):
        pass

    def plan_and_stop(*_):
        raise Planned(revision_of(BASE))

    monkeypatch.setattr("fluxdiag.engines.remembering.RememberingFaces", lambda pack: None)
    monkeypatch.setattr("fluxdiag.gathering.pictures.planned", plan_and_stop)
    assert FIRST in fluxdiag("report", lora, "--base", BASE, "--out", tmp_path / "run").mistake
    assert sorted(hub.asked) == sorted(["model_index.json", *(f"{part}/config.json" for part in bases.PARTS)])


def test_a_dry_run_fetches_nothing(hub, fluxdiag, lora, tmp_path):
    done = fluxdiag("report", lora, "--base", BASE, "--out", tmp_path / "run", "--dry-run")
    assert (done.code, hub.asked) == (0, [])
    assert "images (0 of them there already)" in done.err


def test_a_base_that_cannot_be_had_leaves_no_run(hub, fluxdiag, lora, tmp_path):
    hub.online = False
    done = fluxdiag("report", lora, "--base", BASE, "--out", tmp_path / "run")
    assert "model_index.json cannot be loaded (no connection" in done.mistake
    assert not (tmp_path / "run").exists()
