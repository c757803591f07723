"""References of somebody else are told before anything is drawn, and on the page, whatever else it leaves out."""

from pathlib import Path
from shutil import copytree

import pytest

import states
from fluxdiag.report import render

LAB = Path(__file__).parents[1] / "src" / "fluxlab"
EXAMPLE = LAB / "examples" / "healthy"
OTHER = LAB / "examples" / "overcaptioned" / "references"


@pytest.fixture
def mixed(tmp_path) -> Path:
    """The person's references and two of another's."""
    folder = copytree(EXAMPLE / "references", tmp_path / "references")
    for name in ("01", "02"):
        (folder / f"other-{name}.png").write_bytes((OTHER / f"{name}.png").read_bytes())
    return folder


def dry_run(fluxdiag, references: Path, *more: str):
    (lora,) = EXAMPLE.glob("*.safetensors")
    told = ("--base", LAB / "weights" / "base", "--references", references, "--dry-run", *more)
    return fluxdiag("report", lora, *told)


@pytest.mark.parametrize("dataset", [EXAMPLE / "dataset", None], ids=["with the training photos", "without"])
def test_two_of_another_persons_photos_are_named(fluxdiag, mixed, tmp_path, dataset):
    (lora,) = EXAMPLE.glob("*.safetensors")
    alone = tmp_path / "alone" / lora.name
    alone.parent.mkdir()
    alone.write_bytes(lora.read_bytes())
    given = [] if dataset is None else ["--dataset", dataset]
    done = fluxdiag("report", alone, "--base", LAB / "weights" / "base", "--references", mixed, *given, "--dry-run")
    of = len(list(mixed.glob("*.png")))
    assert f"wrong person: 2 of {of} reference photos seem to show somebody else (other-01.png, other-02.png)" in done.err


def test_a_folder_of_another_person_is_told(fluxdiag):
    assert "the reference photos and the training photos seem to show two different people" in dry_run(fluxdiag, OTHER).err


def test_of_the_persons_own_photos_nothing_is_said(fluxdiag):
    assert "wrong person" not in dry_run(fluxdiag, EXAMPLE / "references").err


@pytest.mark.parametrize(("public", "named"), [(False, True), (True, False)])
def test_the_page_says_it_and_names_photos_only_where_they_may_be(tmp_path, public, named):
    run = states.laid_out("healthy", tmp_path / "run")
    references = run.case().references
    run = states.changed(run, gather={"strangers": (1,)})
    page = render(run, public=public).read_text(encoding="utf-8")
    assert f"1 of {len(references)} reference photos seems to show somebody else" in page
    assert (Path(references[1].path).name in page) is named
