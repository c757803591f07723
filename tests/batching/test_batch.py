"""A real batch on the laboratory's two examples and a broken file. Minutes on two cores, so it is made once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fluxdiag.case import build_case
from fluxdiag.flow import examine
from fluxdiag.runs import Run
from test_flow import SMALL_SUITE, without_digest


@pytest.fixture(scope="module")
def made(examples, tmp_path_factory):
    """(folder of the table, environment, the call, what it gave)"""
    folder = tmp_path_factory.mktemp("batch")
    loras = {name: next((examples / name).glob("*.safetensors")) for name in ("healthy", "overcaptioned")}
    (folder / "broken.safetensors").write_bytes(b"no LoRA")
    (folder / "small.toml").write_text(SMALL_SUITE, encoding="utf-8")
    rows = [f"{loras['healthy']},a/../b", f"{loras['overcaptioned']},over", "broken.safetensors,"]
    (folder / "table.csv").write_text("\n".join(["lora,name", *rows]), encoding="utf-8")
    source = Path(__file__).parents[2]
    environment = os.environ | {"FLUXDIAG_CACHE": str(folder / "cache"), "PYTHONPATH": f"{source / 'src'}{os.pathsep}{source}"}
    base = str(examples.parent / "weights" / "base")
    call = [sys.executable, "-m", "fluxdiag", "batch", str(folder / "table.csv"), "--base", base, "--suite",
            str(folder / "small.toml"), "--out", str(folder / "out"), "--policy", "marketplace", "--json"]  # fmt: skip
    done = subprocess.run(call, env=environment, capture_output=True, text=True, check=False)
    return folder, environment, call, done


def pictures(run):
    return {file.name: file.read_bytes() for file in run.shots_folder.glob("*.png")}


def test_each_has_a_row_and_the_broken_one_its_reason(made):
    folder, _, _, done = made
    answer = json.loads(done.stdout)
    assert done.returncode == answer["exit_code"] == 2
    healthy, over, broken = answer["rows"]
    assert (healthy["name"], healthy["verdict"], healthy["exit_code"]) == ("a/../b", "healthy", 0)
    assert (over["verdict"], over["cause"]["cause"], over["gate"]["status"]) == ("faulty", "overcaptioned-appearance", "failed")
    assert "not a safetensors file" in broken["error"]
    assert all((folder / "out" / row["report"]).is_file() for row in (healthy, over))
    assert healthy["run"].startswith("runs/a-b-")
    assert "2 LoRAs: up to " in done.stderr
    assert (folder / "out" / "index.html").read_text(encoding="utf-8").count("<img") == 4


def test_the_second_lora_on_the_base_of_the_first_is_as_by_itself(made, examples, tmp_path, monkeypatch):
    """The one that `report` draws with a base of its own, photos audited and CLIP read."""
    folder, *_ = made
    monkeypatch.setenv("FLUXDIAG_CACHE", str(tmp_path / "cache"))
    second, alone = Run(folder / "out" / "runs" / "over"), Run(tmp_path / "alone")
    lora = next((examples / "overcaptioned").glob("*.safetensors"))
    case = build_case(lora, base=str(examples.parent / "weights" / "base"))
    examine(case, alone, str(folder / "small.toml"), thorough=False)
    assert pictures(second) == pictures(alone)
    assert without_digest(second.evidence()) == without_digest(alone.evidence())
    assert second.gather_info().clip_model == alone.gather_info().clip_model == "clip"
    assert second.audit() is not None


def test_the_same_call_draws_nothing_again_also_by_workers(made):
    folder, environment, call, first = made
    drawn = {file: file.stat().st_mtime_ns for file in (folder / "out" / "runs").glob("*/shots/*.png")}
    again = subprocess.run([*call, "--gpus", "cpu,cpu"], env=environment, capture_output=True, text=True, check=False)
    assert json.loads(again.stdout) == json.loads(first.stdout)
    assert "2 of them whole already: nothing is left to draw" in again.stderr
    assert {file: file.stat().st_mtime_ns for file in (folder / "out" / "runs").glob("*/shots/*.png")} == drawn


def test_two_workers_draw_what_one_process_does(made, tmp_path):
    folder, environment, call, first = made
    apart = [part.replace(str(folder / "out"), str(tmp_path / "out")) for part in call]
    done = subprocess.run([*apart, "--gpus", "cpu,cpu"], env=environment, capture_output=True, text=True, check=False)
    ours, theirs = (json.loads(each.stdout)["rows"] for each in (done, first))
    assert [(row["name"], row["verdict"], row["error"]) for row in ours] == [
        (row["name"], row["verdict"], row["error"]) for row in theirs
    ]
    assert ours[1]["identity"]["value"] == pytest.approx(theirs[1]["identity"]["value"], abs=1e-3)
    assert sorted(file.name for file in (tmp_path / "out" / "workers").iterdir()) == ["worker-0.log", "worker-1.log"]
