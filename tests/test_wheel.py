"""The wheel alone, away from the checkout: what users install. It is built, installed into a fresh environment, and used."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from fluxdiag.registry import rules
from fluxdiag.report import render
from reported import HEALTHY_TRUTH, judged

CHECKOUT = Path(__file__).parents[1]
LABORATORY = CHECKOUT / "src" / "fluxlab"
PLACES = {"docs": "fluxdiag/_docs", "probes": "fluxdiag/_probes", "reports/templates": "fluxdiag/_templates"}
LOOK = """
import json
from importlib.util import find_spec
from fluxdiag import manual, profiles, report, suites

suite, file = suites.load_suite("quick")
print(json.dumps({
    "modules": [find_spec(name).origin for name in ("fluxdiag", "fluxlab")],
    "suite": [suite.name, str(file)],
    "templates": str(report.templates_folder()),
    "manual": manual.manual_page("faces.md"),
    "profiles": [profiles.load_profile(base).name for base in ("black-forest-labs/FLUX.1-dev", "x/schnell")],
}))
"""


def run(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Without what would lead back to the checkout: PYTHONPATH, and the folder itself."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, CHECKOUT, cwd=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The `bin` of an environment that holds the wheel, and for what it requires looks into this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    # Folders named in a .pth are searched, but the .pth files in them are not read: the editable checkout stays unseen.
    (site / "requirements.pth").write_text("".join(f"{path}\n" for path in sys.path if path.endswith("site-packages")))
    pip = (sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "--quiet", "--disable-pip-version-check")
    run(*pip, "install", "--no-deps", "--no-index", wheel, cwd=folder)
    return folder / "bin"


def test_it_holds_the_code_the_documentation_the_probes_the_profiles_the_templates_and_the_licence(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for source, place in PLACES.items():
        files = [file for file in (CHECKOUT / source).rglob("*") if file.is_file() and "__pycache__" not in file.parts]
        assert {f"{place}/{file.relative_to(CHECKOUT / source)}" for file in files} <= names
    source = CHECKOUT / "src"
    code = [file for room in ("fluxdiag", "fluxlab") for file in (source / room).rglob("*") if file.suffix in {".py", ".toml"}]
    assert {str(file.relative_to(source)) for file in code} <= names
    assert any(name.endswith("LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "lab-build/")) or "__pycache__" in name]


@pytest.mark.skipif(not (LABORATORY / "examples").is_dir(), reason="the laboratory is not made yet")
@pytest.mark.parametrize("what", ["weights", "examples"])
def test_it_holds_the_laboratory(wheel, what):
    files = {f"fluxlab/{file.relative_to(LABORATORY)}" for file in (LABORATORY / what).rglob("*") if file.is_file()}
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert files, f"there are no {what}"
    assert files <= names


def test_it_finds_all_its_parts_in_itself(installed, tmp_path):
    found = json.loads(run(installed / "python", "-c", LOOK, cwd=tmp_path).stdout)
    environment = str(installed.parent)
    for place in (*found["modules"], found["suite"][1], found["templates"], found["manual"]):
        assert Path(place).exists()
        assert place.startswith(environment)
        assert not Path(place).is_relative_to(CHECKOUT)
    assert found["suite"][0] == "quick"
    assert found["profiles"] == ["flux1-dev", "flux1-schnell"]


def test_its_commands_run_from_any_folder(installed, tmp_path):
    assert "Usage: fluxdiag" in run(installed / "fluxdiag", "--help", cwd=tmp_path).stdout
    explained = run(installed / "fluxdiag", "explain", cwd=tmp_path).stdout
    assert [line.split()[0] for line in explained.splitlines()] == [rule.cause for rule in rules()]
    assert list(tmp_path.iterdir()) == []


def test_it_renders_a_report_as_the_checkout_does(installed, tmp_path):
    simulated = judged(tmp_path / "run", HEALTHY_TRUTH)
    ours = render(simulated).read_bytes()
    simulated.report_file.unlink()
    done = run(installed / "fluxdiag", "report", "run", cwd=tmp_path)
    assert done.stdout == f"{Path('run') / 'report.html'}\n"
    assert simulated.report_file.read_bytes() == ours


def test_its_messages_name_pages_that_it_holds(installed, tmp_path):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    (tmp_path / "mine.toml").write_text("no TOML")
    call = [installed / "fluxdiag", "gate", "--print-policy", "--policy", "mine.toml"]
    done = subprocess.run(call, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    (page,) = [word for word in done.stderr.split() if word.endswith("gate.md")]
    assert page.startswith(str(installed.parent))
    assert Path(page).read_text(encoding="utf-8").startswith("# ")
