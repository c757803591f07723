"""docs/gate.md cannot rot: its policy reads, its numbers are the presets', its options exist, its shell step works."""

import re
import shlex
import subprocess
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path

import pytest
import typer
import yaml
from typer.testing import CliRunner

from fluxdiag.commands.gate import gate
from fluxdiag.gating.reading import preset_names, read_policy

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "gate.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    return re.search(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)[1]


def test_the_policy_reads_and_holds_every_default(tmp_path):
    (tmp_path / "gate.toml").write_text(block("toml"), encoding="utf-8")
    policy = read_policy(str(tmp_path / "gate.toml"))

    assert {given.origin for given in policy.defaults.values()} == {"gate.toml"}
    assert policy.line("bleed.class").max == 0.30


@pytest.mark.parametrize("key", ["identity.trigger", "trigger.effect", "bleed.class"])
def test_the_table_of_presets_holds_their_limits(key):
    cells = re.search(rf"^\| `{key}` at (?:least|most) \|(.*)\|$", DOCUMENT, re.MULTILINE)[1].split("|")
    lines = [read_policy(name).line(key) for name in preset_names()]

    assert [float(re.search(r"\.\d+", cell)[0]) for cell in cells] == [
        line.max if line.min is None else line.min for line in lines
    ]
    assert ["warns" in cell for cell in cells] == [line.level == "warn" for line in lines]


CALIBRATION = (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", preset_names())
def test_every_limit_of_a_preset_is_laid_beside_planted_and_published_figures(name):
    policy = read_policy(name)
    lines = {id_: policy.line(id_) for id_ in policy.asserts}
    limits = {id_: line.max if line.min is None else line.min for id_, line in lines.items() if line.equals is None}
    for id_, limit in limits.items():
        (row,) = re.findall(rf"^\|[^|]*`{re.escape(id_)}`[^|]*at (?:least|most) \|(.*)\|$", CALIBRATION, re.MULTILINE)
        *cells, planted, published = row.split("|")
        assert limit in [float(found) for cell in cells for found in re.findall(r"-?\d*\.?\d+", cell)], id_
        assert planted.strip(), id_
        assert published.strip(), id_
    for id_, fields in policy.regression.items():
        change = next(given.value for key, given in fields.items() if key in ("max_drop", "max_rise"))
        (row,) = re.findall(rf"^\| `{re.escape(id_)}` may (?:drop|rise) by \|(.*)\|$", CALIBRATION, re.MULTILINE)
        assert change in [float(found) for cell in row.split("|")[:3] for found in re.findall(r"\d*\.?\d+", cell)], id_


def test_every_option_that_is_named_exists():
    app = typer.Typer()
    app.command()(gate)
    known = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).stdout
    named = set(re.findall(r"`(--[a-z-]+)", DOCUMENT)) | set(re.findall(r"gate .*?(--[a-z-]+)", DOCUMENT))

    assert named >= {"--json", "--junit", "--summary", "--badge", "--card", "--civitai", "--lora", "--fail-on"}
    assert [option for option in named if option not in known] == []


def upload() -> list[str]:
    """The words of the upload step."""
    steps = yaml.safe_load(block("yaml"))["jobs"]["publish"]["steps"]
    return shlex.split(next(line for step in steps for line in step.get("run", "").splitlines() if line.startswith("hf upload")))


def test_the_upload_names_what_goes_up_and_nothing_of_the_run():
    words = upload()
    given = {option: [value for key, value in pairwise(words) if key == option] for option in ("--include", "--exclude")}
    assert len(words) == 4 + 2 * sum(map(len, given.values())), "each pattern has an --include of its own: `hf` takes one value"

    def goes_up(file: str) -> bool:
        """As huggingface_hub filters: fnmatch, whose * crosses folders."""
        named, kept_back = (any(fnmatch(file, pattern) for pattern in given[option]) for option in ("--include", "--exclude"))
        return named and not kept_back

    assert all(map(goes_up, ("mychar.safetensors", "README.md", "fluxdiag-sample-1.png")))
    assert not any(map(goes_up, ("run/shots/people.png", "run/fluxdiag-sample-1.png", "other.safetensors", "run/README.md")))


def test_the_action_installs_nothing_that_was_not_named():
    action = yaml.safe_load((ROOT / "docs" / "gate" / "action.yml").read_text(encoding="utf-8"))
    assert action["inputs"]["install"]["default"] == ""
    steps = yaml.safe_load(block("yaml"))["jobs"]["publish"]["steps"]
    assert set(next(step["with"] for step in steps if "fluxdiag-gate" in step.get("uses", ""))) <= set(action["inputs"])


@pytest.mark.parametrize(("run", "code"), [("healthy", 0), ("faulty", 1)])
def test_the_shell_step_stops_before_publishing_what_did_not_pass(request, run, code, tmp_path, program):
    environment = {"PATH": f"{program.parent}:/usr/bin:/bin", "RUN": str(request.getfixturevalue(run).folder)}
    done = subprocess.run(["sh", "-c", block("sh")], env=environment, cwd=tmp_path, capture_output=True, text=True)

    assert done.returncode == code, done.stderr
    assert ("may be published" in done.stdout) == (code == 0)
    assert (tmp_path / "README.md").exists() == (code == 0)
    assert (tmp_path / "gate.json").read_text().startswith("{")
