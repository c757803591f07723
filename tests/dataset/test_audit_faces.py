"""Which face pack reads the photos: the option, else the variable, else the profile's; the laboratory's two packs at work."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from fluxdiag import cli
from fluxdiag.audit import Audited, Models, audit, audit_case
from fluxdiag.case import build_case
from fluxdiag.dataset.audit.cache import Cache
from fluxdiag.errors import FluxdiagError, WeightsMissing
from fluxdiag.profiles import load_profile

NO_BASE = "/no/such/base"
PHOTOS = 6


@pytest.fixture(autouse=True)
def _nothing_is_chosen(monkeypatch):
    monkeypatch.delenv("FLUXDIAG_FACES", raising=False)


@pytest.fixture
def photos(examples: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for file in sorted((examples / "healthy" / "dataset").glob("*.png"))[:PHOTOS]:
        shutil.copy(file, folder)
    return folder


@pytest.fixture
def packs(laboratory: Path) -> Path:
    return laboratory / "weights"


def read_with(photos: Path, pack: Path, cache: Cache | None = None) -> Audited:
    return audit(photos, Models.of(load_profile(NO_BASE), NO_BASE, str(pack)), cache=cache)


def faces(fluxdiag, photos: Path, *more: object) -> str:
    """Which pack the command says that it has read faces with."""
    told = fluxdiag("dataset", "audit", photos, "--base", NO_BASE, "--json", *more)
    return json.loads(told.out)["models"]["faces"]


def test_the_option_wins_over_the_variable_and_that_over_the_profile(fluxdiag, photos, packs, monkeypatch):
    assert faces(fluxdiag, photos).startswith("buffalo_l: the face pack is not on this machine. ")
    monkeypatch.setenv("FLUXDIAG_FACES", str(packs / "faces-depthwise"))
    assert faces(fluxdiag, photos) == "faces-depthwise"
    assert faces(fluxdiag, photos, "--faces", packs / "faces") == "faces"
    monkeypatch.setenv("FLUXDIAG_FACES", "")
    assert faces(fluxdiag, photos).startswith("buffalo_l: ")


def test_a_pack_is_named_by_a_folder_however_it_is_spelled_or_by_its_name(fluxdiag, photos, packs, monkeypatch):
    shutil.copytree(packs / "faces", Path.home() / ".insightface" / "models" / "mine")
    assert faces(fluxdiag, photos, "--faces", "mine") == "mine"
    assert faces(fluxdiag, photos, "--faces", "~/.insightface/models/mine") == "mine"
    monkeypatch.chdir(packs / "faces")
    assert faces(fluxdiag, photos, "--faces", ".") == "faces"


@pytest.mark.parametrize("pack", ["faces", "faces-depthwise"])
def test_with_a_pack_the_person_is_assessed(photos, packs, pack):
    found = read_with(photos, packs / pack).audit
    assert found.models["faces"] == pack
    assert sum(map(len, found.shots.values())) == sum(map(len, found.angles.values())) == PHOTOS
    assert not {"head-cropped", "other-person", "missing-shot"} & found.not_assessed.keys()
    assert "missing-shot" in found.checks


def test_two_packs_never_take_each_others_faces_from_the_cache(photos, packs, tmp_path):
    cache = Cache(tmp_path / "cache")
    first, other, again = (read_with(photos, packs / pack, cache).photos.photos for pack in ("faces", "faces-depthwise", "faces"))
    assert again == first
    assert [photo.face.box for photo in other] == [photo.face.box for photo in first]  # one detector, two recognisers
    assert not {photo.face.embedding for photo in other} & {photo.face.embedding for photo in first}


@pytest.mark.parametrize("how", ["option", "variable"])
def test_a_pack_that_was_named_and_is_not_there_is_a_mistake(fluxdiag, photos, monkeypatch, how):
    if how == "variable":
        monkeypatch.setenv("FLUXDIAG_FACES", "/no/such/pack")
    told = fluxdiag("dataset", "audit", photos, *(("--faces", "/no/such/pack") if how == "option" else ()))
    assert (told.code, told.out) == (2, "")
    assert "/no/such/pack" in told.mistake
    assert "the face pack is not on this machine" in told.mistake
    assert "fluxdiag doctor" in told.mistake


def test_it_is_the_mistake_that_report_tells_of(fluxdiag, photos, examples, packs):
    lora = next((examples / "healthy").glob("*.safetensors"))
    of_report = fluxdiag("report", lora, "--base", packs / "base", "--faces", "/no/such/pack", "--out", "run")
    assert fluxdiag("dataset", "audit", photos, "--faces", "/no/such/pack").mistake == of_report.mistake


def test_the_help_is_that_of_report():
    commands = typer.main.get_command(cli.app).commands
    of_report, of_audit = (
        next(one.help for one in command.params if "--faces" in one.opts)
        for command in (commands["report"], commands["dataset"].commands["audit"])
    )
    assert of_audit == of_report


def test_a_damaged_pack_is_a_mistake_where_it_was_named_and_a_reason_where_it_was_not(photos, packs, tmp_path):
    pack = Path(shutil.copytree(packs / "faces", tmp_path / "pack"))
    (pack / "pack.toml").write_text("smallest_face = 'small'")
    with pytest.raises(FluxdiagError, match="not a face pack's declaration"):
        read_with(photos, pack)
    found = audit(photos, Models(str(pack), "/no/such/clip", 64)).audit
    assert "not a face pack's declaration" in found.not_assessed["other-person"]


def test_a_set_that_was_read_before_needs_no_model_library(fluxdiag, photos, packs):
    """The libraries take longer to import than the whole audit takes. Bit for bit the same is said."""
    arguments = ("dataset", "audit", str(photos), "--base", str(packs / "base"), "--json")
    first = fluxdiag(*arguments)
    code = "import sys; from fluxdiag.__main__ import main\ntry: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    again = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
    assert again.stdout == first.out
    heavy = {"torch", "onnxruntime", "insightface", "cv2", "open_clip", "transformers", "diffusers", "pandas", "scipy"}
    assert not heavy & set(again.stderr.split())
    assert json.loads(first.out)["models"] == {"faces": "faces", "clip": "clip"}


def test_what_one_photo_lacks_is_read(photos, packs, tmp_path, examples):
    cache = Cache(tmp_path / "cache")
    first = read_with(photos, packs / "faces", cache).photos.photos
    shutil.copy(sorted((examples / "healthy" / "dataset").glob("*.png"))[PHOTOS], photos)
    second = read_with(photos, packs / "faces", cache).photos.photos
    assert second[:PHOTOS] == first
    assert second[PHOTOS].face is not None


@pytest.mark.parametrize("left", [0, 1, 100, 128, -4])
def test_a_cache_that_was_damaged_costs_time_and_nothing_else(photos, packs, tmp_path, left):
    """Photos, labels and faces, each cut short."""
    base, cache = str(packs / "base"), Cache(tmp_path / "cache")
    models = Models.of(load_profile(base), base)
    first = audit(photos, models, cache=cache).audit
    kept = [*tmp_path.glob("cache/*/*/*.f32"), *tmp_path.glob("cache/*/*/*-faces-*.json")]
    assert len(kept) > 2 * PHOTOS
    for file in kept[::2]:
        file.write_bytes(file.read_bytes()[:left])
    assert audit(photos, models, cache=cache).audit == first
    face = next(tmp_path.glob("cache/*/*/*-faces-*.json"))
    known = json.loads(face.read_text())
    for embedding in (known["faces"][0]["embedding"][: -8 * 16], "zz", "00"):
        known["faces"][0]["embedding"] = embedding
        face.write_text(json.dumps(known))
        assert audit(photos, models, cache=cache).audit == first


def test_an_empty_set_needs_no_faces_but_a_pack_that_is_there(tmp_path):
    with pytest.raises(WeightsMissing):
        read_with(tmp_path, tmp_path / "none")


def test_a_cases_photos_are_read_with_the_pack_that_is_asked_for(examples, packs):
    case = build_case(next((examples / "healthy").glob("*.safetensors")), base=str(packs / "base"))
    few = case.model_copy(update={"photos": case.photos[:PHOTOS], "reference_source": "none"})
    models = Models.of(load_profile(NO_BASE), NO_BASE, str(packs / "faces-depthwise"))
    assert audit_case(few, models).audit.models["faces"] == "faces-depthwise"
