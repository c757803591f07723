"""The whole flow on the laboratory: real files, real inference, real faces. Minutes on two cores, and the point of it all."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from safetensors.numpy import load_file, save_file

from fluxdiag.case import build_case
from fluxdiag.curing import captionless, record
from fluxdiag.curing.planning import Options
from fluxdiag.demo import run_demo
from fluxdiag.errors import RunMismatch
from fluxdiag.flow import examine
from fluxdiag.gather import gather, is_gathered
from fluxdiag.records import LEFT_OUT, Diagnosis, Evidence
from fluxdiag.retrain import prepare, probe
from fluxdiag.runs import Run

SMALL_SUITE = """
schema = 1
name = "small"
about = "a few pictures of each kind"
losses = { sigmas = [0.5], noises = 1, photos = 3 }

[[probes]]
name = "identity"
arms = ["trigger", "class", "base", "trigger-base"]
seeds = [1]
prompts = [
    { id = "park", text = "{subject} in a park, close-up", background = "park" },
    { id = "beach", text = "{subject} on a beach, close-up", background = "beach" },
    { id = "library", text = "{subject} in a library, portrait", background = "library" },
    { id = "kitchen", text = "{subject} in a kitchen, close-up", background = "kitchen" },
    { id = "forest", text = "{subject} in a forest, portrait", background = "forest" },
]

[[probes]]
name = "blocks"
arms = ["trigger"]
variants = ["without-double"]
seeds = [1]
prompts = [
    { id = "park", text = "{subject} in a park, close-up", background = "park" },
    { id = "beach", text = "{subject} on a beach, close-up", background = "beach" },
    { id = "library", text = "{subject} in a library, portrait", background = "library" },
]
"""


@pytest.fixture(scope="module", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLUXDIAG_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def demo(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Diagnosis, Run]]:
    found = run_demo(tmp_path_factory.mktemp("demo"))
    return {name: (diagnosis, Run(page.parent)) for name, diagnosis, page in found}


def example(examples: Path, name: str) -> Path:
    (found,) = (examples / name).glob("*.safetensors")
    return found


@pytest.fixture(scope="session")
def healthy(examples: Path) -> Path:
    if not (examples / "healthy").is_dir():
        pytest.skip("there is no healthy example yet")
    return example(examples, "healthy")


def base(examples: Path) -> str:
    return str(examples.parent / "weights" / "base")


def test_the_healthy_example_is_healthy(healthy: Path, demo: dict[str, tuple[Diagnosis, Run]]) -> None:
    diagnosis, run = demo["healthy"]

    assert diagnosis.verdict == "healthy"
    assert run.report_file.is_file()


def test_the_overcaptioned_example_is_found_out(demo: dict[str, tuple[Diagnosis, Run]]) -> None:
    diagnosis, _ = demo["overcaptioned"]

    assert diagnosis.verdict == "faulty"
    assert (diagnosis.findings[0].cause, diagnosis.findings[0].status) == ("overcaptioned-appearance", "present")


def test_every_layer_of_the_file_is_applied_as_it_says(demo: dict[str, tuple[Diagnosis, Run]]) -> None:
    for _, run in demo.values():
        info, case = run.gather_info(), run.case()

        assert info.modules_adapted == case.lora.modules
        assert info.delta_error < 1e-4


def test_base_pictures_are_drawn_once(examples: Path, demo: dict[str, tuple[Diagnosis, Run]], tmp_path: Path) -> None:
    _, first = next(iter(demo.values()))
    lora = example(examples, "overcaptioned")

    second = Run(tmp_path / "again")
    examine(build_case(lora, base=base(examples), strength=0.5), second, thorough=False)

    drawn = {shot.id for shot in first.shots() if not shot.lora}
    assert len(drawn) > 20
    assert not any(shot.cached for shot in first.shots())
    assert all(shot.cached for shot in second.shots() if shot.id in drawn)
    assert not any(shot.cached for shot in second.shots() if shot.lora)


@pytest.mark.parametrize("name", ["healthy", "overcaptioned"])
def test_another_recogniser_comes_to_the_same_verdict(
    name: str, examples: Path, demo: dict[str, tuple[Diagnosis, Run]], tmp_path: Path
) -> None:
    """Its cosines are others; read against the subject's own references they say the same."""
    said, run = demo[name]
    second = Run(Path(shutil.copytree(run.folder, tmp_path / name)))
    second.gather_file.unlink()
    pack = examples.parent / "weights" / "faces-depthwise"

    again = examine(build_case(example(examples, name), base=base(examples), face_pack=str(pack)), second, thorough=False)

    assert second.gather_info().face_pack != run.gather_info().face_pack
    assert (again.verdict, again.findings[0].cause) == (said.verdict, said.findings[0].cause)
    then, now = run.evidence().measurements["identity.trigger"], second.evidence().measurements["identity.trigger"]
    assert now.value == pytest.approx(then.value, abs=0.15)
    assert now.value != then.value


def test_a_file_alone_is_enough(healthy: Path, examples: Path, tmp_path: Path) -> None:
    alone = Path(shutil.copy(healthy, tmp_path))
    case = build_case(alone, base=base(examples))

    diagnosis = examine(case, Run(tmp_path / "run"), thorough=False)

    assert diagnosis.verdict == "healthy"
    assert not [finding.cause for finding in diagnosis.findings if finding.status == "present"]
    assert {"photos", "references", "captions"} <= case.gaps.keys()


def command(examples: Path, folder: Path, lora: Path) -> list[str]:
    suite = folder / "small.toml"
    suite.write_text(SMALL_SUITE, encoding="utf-8")
    options = ["--base", base(examples), "--suite", str(suite), "--out", str(folder / "run")]
    return [sys.executable, "-c", "from fluxdiag.__main__ import main; main()", "report", str(lora), *options]


def without_digest(evidence: Evidence) -> Evidence:
    """Seconds are part of gather.json, so its digest differs from run to run; nothing else may."""
    return evidence.model_copy(update={"gather_sha256": ""})


def killed_when(begun: str, call: list[str], run: Run, environment: dict[str, str]) -> int:
    """Starts the call, kills it as soon as there is such a file among what is drawn; returns how many there were."""
    process = subprocess.Popen(call, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 300
    while not any(run.work_folder.glob(begun)) and time.monotonic() < until and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return len(list(run.work_folder.glob(begun)))


def test_killed_and_resumed_is_the_same_run(examples: Path, tmp_path: Path) -> None:
    """Once in the first round, and once between two of them."""
    lora = example(examples, "overcaptioned")
    (tmp_path / "killed").mkdir()
    (tmp_path / "whole").mkdir()
    killed, whole = Run(tmp_path / "killed" / "run"), Run(tmp_path / "whole" / "run")
    call = command(examples, tmp_path / "killed", lora)
    environment = os.environ | {"FLUXDIAG_CACHE": str(tmp_path / "own")}

    left = [killed_when(begun, call, killed, environment) for begun in ("*.npz", "look/gather.json")]
    unfinished = not killed.gather_file.exists()
    subprocess.run(call, env=environment, capture_output=True, check=False)
    apart = os.environ | {"FLUXDIAG_CACHE": str(tmp_path / "apart")}
    subprocess.run(command(examples, tmp_path / "whole", lora), env=apart, capture_output=True, check=False)

    assert all(left)
    assert unfinished
    assert without_digest(killed.evidence()) == without_digest(whole.evidence())
    assert killed.gather_info().stopped == whole.gather_info().stopped is not None
    pictures = {file.name: file.read_bytes() for file in whole.shots_folder.glob("*.png")}
    assert {file.name: file.read_bytes() for file in killed.shots_folder.glob("*.png")} == pictures


def test_what_was_left_out_is_drawn_beside_what_is_there(examples: Path, tmp_path: Path) -> None:
    """A verdict that is settled early leaves pictures out; they can be had one by one or all, and none that is there changes."""
    run, suite = Run(tmp_path / "run"), tmp_path / "small.toml"
    suite.write_text(SMALL_SUITE, encoding="utf-8")
    case = build_case(example(examples, "overcaptioned"), base=base(examples))

    early = examine(case, run, str(suite), thorough=False)
    stopped, gaps, before = run.gather_info().stopped, run.evidence().gaps, pictures_of(run)
    one_more = gather(run, str(suite), thorough=False, decided=("blocks.double",))
    between = pictures_of(run)
    late = examine(case, run, str(suite), thorough=True)

    assert stopped is not None
    assert "trigger/without-double" in stopped.left_out
    assert gaps["blocks.double"] == LEFT_OUT
    assert one_more.decided == ("blocks.double",)
    assert {name for name in between.keys() - before.keys() if name.startswith("blocks.")} == between.keys() - before.keys()
    assert len(between) == len(before) + 3
    assert run.gather_info().stopped is None
    assert LEFT_OUT not in run.evidence().gaps.values()
    assert len(pictures_of(run)) == stopped.of_pictures == 5 * 4 + 3
    assert before.items() <= between.items() <= pictures_of(run).items()
    assert (early.verdict, early.findings[0].cause) == (late.verdict, late.findings[0].cause)


def test_a_clip_that_was_missing_is_read_by_the_same_call_and_nothing_is_drawn_anew(examples: Path, tmp_path: Path) -> None:
    weights, run, suite = tmp_path / "weights", Run(tmp_path / "run"), tmp_path / "small.toml"
    shutil.copytree(examples.parent / "weights", weights)
    (weights / "clip").rename(weights / "away")
    suite.write_text(SMALL_SUITE, encoding="utf-8")
    case = build_case(example(examples, "overcaptioned"), base=str(weights / "base"))

    examine(case, run, str(suite))
    gap, before = run.gather_info().gaps["clip"], pictures_of(run)
    drawn = {file.name: file.stat().st_mtime_ns for file in run.shots_folder.glob("*.png")}
    again = is_gathered(run, suite)
    (weights / "away").rename(weights / "clip")
    examine(case, run, str(suite))

    assert "Give the same command again" in gap
    assert again, "as long as it is missing there is nothing to do"
    assert run.gather_info().clip_model == "clip"
    assert "clip" not in run.gather_info().gaps
    assert pictures_of(run) == before
    assert {file.name: file.stat().st_mtime_ns for file in run.shots_folder.glob("*.png")} == drawn


def test_references_of_somebody_else_are_in_the_evidence(
    examples: Path, demo: dict[str, tuple[Diagnosis, Run]], tmp_path: Path
) -> None:
    suite, mixed = tmp_path / "small.toml", Path(shutil.copytree(examples / "healthy" / "references", tmp_path / "references"))
    suite.write_text(SMALL_SUITE, encoding="utf-8")
    shutil.copy(examples / "overcaptioned" / "references" / "01.png", mixed / "other.png")
    run = Run(tmp_path / "run")

    examine(build_case(example(examples, "healthy"), base=base(examples), references=mixed), run, str(suite))

    (row,) = run.gather_info().strangers or ()
    assert Path(run.case().references[row].path).name == "other.png"
    assert run.evidence().measurements["references.other-people"].value == 1 / len(run.case().references)
    for _, own in demo.values():
        assert own.evidence().measurements["references.other-people"].value == 0


def test_the_captionless_run_answers_the_run_that_asked(
    demo: dict[str, tuple[Diagnosis, Run]], examples: Path, tmp_path: Path
) -> None:
    """Here the LoRA on trial stands in for the one trained without captions."""
    run = Run(Path(shutil.copytree(demo["healthy"][1].folder, tmp_path / "run")))
    planned = captionless.plan(run, Options(trainer="builtin"))
    prepare(planned)
    lora = Path(shutil.copy(example(examples, "healthy"), planned.out))
    begun = record.read(planned.out)
    assert begun is not None
    trained = record.Trained(file=lora.name, sha256="", modules=1, rank=1, problems=())
    record.write(planned.out, begun.model_copy(update={"status": "done", "result": trained}))

    outcome = probe(planned, lambda stage, done, of: None)

    assert outcome.identity is not None
    assert outcome.identity.value > 0.4
    assert run.evidence().get("captionless.identity") == outcome.identity
    assert Run(planned.out / "run").gather_info().suite == "captionless"
    assert run.report_file.stat().st_mtime > run.captionless_file.stat().st_mtime


def pictures_of(run: Run) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in run.shots_folder.glob("*.png")}


def test_another_loras_run_folder_is_refused(examples: Path, demo: dict[str, tuple[Diagnosis, Run]], tmp_path: Path) -> None:
    _, run = demo["overcaptioned"]
    before = run.case_file.read_bytes()
    other = tmp_path / "other.safetensors"
    tensors = load_file(example(examples, "overcaptioned"))
    save_file({key: value + 1 for key, value in tensors.items()}, other)

    with pytest.raises(RunMismatch, match="another LoRA"):
        examine(build_case(other, base=base(examples)), run)

    assert run.case_file.read_bytes() == before
