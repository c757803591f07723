"""The documentation builds without a warning, and what is made from the code names all of it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fluxdiag.registry import instruments, rules

pytest.importorskip("material", reason="mkdocs-material comes with the dev extra")

TOP = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(
        command, cwd=TOP, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "NO_MKDOCS_2_WARNING": "1"}
    )
    assert done.returncode == 0, done.stderr
    yield folder
    shutil.rmtree(folder)


def page(site: Path, name: str) -> str:
    return (site / name / "index.html").read_text(encoding="utf-8")


def test_every_cause_has_its_text(site):
    text = page(site, "causes")
    assert [rule.cause for rule in rules() if f'id="{rule.cause}"' not in text] == []
    assert "How we tell" in text


def test_every_measurement_is_given_by_a_described_instrument(site):
    text = page(site, "instruments")
    assert [key for one in instruments() for key in one.gives if f"<code>{key}</code>" not in text] == []


@pytest.mark.parametrize("command", ["report", "gate", "captions lint", "inspect"])
def test_every_command_has_its_help(site, command):
    assert f"<code>fluxdiag {command}</code>" in page(site, "commands")


def test_every_field_of_the_diagnosis_is_listed(site):
    from fluxdiag.records import Diagnosis

    names = [field.alias or name for name, field in Diagnosis.model_fields.items()]
    text = page(site, "files")
    assert [name for name in names if f"<code>{name}</code>" not in text] == []


def test_the_front_page_shows_its_pictures(site):
    front = (site / "index.html").read_text(encoding="utf-8")
    pictures = [part.split('"')[0] for part in front.split('src="')[1:] if part.split('"')[0].endswith(".png")]
    assert [name for name in pictures if not name.startswith("http") and not (site / name).exists()] == []
