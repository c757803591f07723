"""The command line as a caller sees it: help, exit codes, what goes to stdout and what to stderr."""

import json
import os
import shutil
import signal
import subprocess
import sys
from importlib import metadata
from inspect import cleandoc
from pathlib import Path

import pytest
import typer

from fluxdiag import __main__ as program
from fluxdiag import cli
from fluxdiag.records import ExitCode
from fluxdiag.registry import rules
from fluxdiag.runs import Run
from reported import FAULTY_TRUTH, HEALTHY_TRUTH, flat, judged
from simulated import HEALTHY, Truth, gathered

COMMANDS = typer.main.get_command(cli.app).commands
ITSELF = [sys.executable, "-c", "import sys; from fluxdiag.__main__ import main; sys.argv[0] = 'fluxdiag'; main()"]
HEAVY = ["torch", "numpy", "pandas", "scipy", "diffusers", "transformers", "peft", "insightface", "onnxruntime", "open_clip"]


# ------------------------------------------------------------------------------------------------ help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_every_parameter_says_what_it_is_for(fluxdiag, name):
    done = fluxdiag(name, "--help")
    assert done.code == ExitCode.HEALTHY
    assert flat(cleandoc(COMMANDS[name].help)) in flat(done.out)
    assert [parameter.name for parameter in COMMANDS[name].params if not getattr(parameter, "help", None)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_arguments_are_written_as_the_documents_write_them(name):
    """`RUN`, `LORA`; not the program's own variables."""
    arguments = [each.metavar for each in COMMANDS[name].params if each.param_type_name == "argument"]
    assert all(shown and shown.isupper() for shown in arguments)


def test_the_top_command_lists_the_others_and_the_exit_codes(fluxdiag):
    done = fluxdiag("--help")
    assert done.code == ExitCode.HEALTHY
    assert [name for name in COMMANDS if f"\n  {name} " not in done.out] == ["batch-worker"]  # not for people
    text = " ".join(done.out.split())
    assert [code for code in ExitCode if f" {code.value} " not in text] == []


def test_the_version_is_told(fluxdiag):
    done = fluxdiag("--version")
    assert (done.code, done.out) == (ExitCode.HEALTHY, f"fluxdiag {metadata.version('fluxdiag')}\n")


def test_help_needs_no_model_library():
    code = f"import sys, fluxdiag.cli; print([name for name in {HEAVY} if name in sys.modules])"
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "[]"


def test_the_installed_command_hands_its_exit_code_to_the_shell(tmp_path):
    command = shutil.which("fluxdiag", path=str(Path(sys.executable).parent))
    if command is None:
        pytest.skip("fluxdiag is not installed in this environment")
    done = subprocess.run([command, "report", str(tmp_path / "no.safetensors")], capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.USAGE
    assert done.stderr.startswith("fluxdiag: ")


# ------------------------------------------------------------------------------------------------ verdicts

TRUTHS = [
    (HEALTHY_TRUTH, ExitCode.HEALTHY, "HEALTHY: "),
    (FAULTY_TRUTH, ExitCode.PROBLEM, "FAULTY: "),
    (Truth(HEALTHY, trigger=False), ExitCode.UNDETERMINED, "UNDETERMINED: "),
]


@pytest.mark.parametrize(("truth", "code", "word"), TRUTHS)
def test_stage_by_stage_a_run_is_measured_judged_and_rendered(fluxdiag, tmp_path, truth, code, word):
    run = gathered(tmp_path / "run", truth)
    measured = fluxdiag("measure", run.folder)
    assert (measured.code, "measurements" in measured.err) == (ExitCode.HEALTHY, True)
    done = fluxdiag("diagnose", run.folder)
    assert done.code == code
    assert done.err.startswith(word)
    rendered = fluxdiag("report", run.folder)
    assert (rendered.code, rendered.out) == (code, f"{run.report_file}\n")
    assert run.diagnosis().sentence.split(":")[0] in run.report_file.read_text()


def test_the_summary_names_cause_strength_and_change(fluxdiag, tmp_path):
    done = fluxdiag("diagnose", judged(tmp_path, FAULTY_TRUTH).folder)
    assert "  overcaptioned-appearance: strong evidence, critical\n" in done.err
    assert "  change captions: " in done.err


@pytest.fixture
def minor(tmp_path) -> Run:
    """A faulty run whose only present cause is of high severity, one below the gravest."""
    run = judged(tmp_path / "minor", FAULTY_TRUTH)
    diagnosis = run.diagnosis()
    findings = tuple(finding.model_copy(update={"severity": "high"}) for finding in diagnosis.findings)
    run.write(run.diagnosis_file, diagnosis.model_copy(update={"findings": findings}))
    return run


@pytest.mark.parametrize(("fail_on", "code"), [("critical", 0), ("high", 1), ("medium", 1), ("low", 1)])
def test_a_cause_below_the_line_is_no_problem(fluxdiag, minor, fail_on, code):
    assert fluxdiag("report", minor.folder, "--fail-on", fail_on).code == code


def test_wrong_pictures_without_a_known_cause_are_a_problem_at_any_line(fluxdiag, minor):
    minor.write(minor.diagnosis_file, minor.diagnosis().model_copy(update={"findings": ()}))
    assert fluxdiag("report", minor.folder, "--fail-on", "critical").code == ExitCode.PROBLEM


# ------------------------------------------------------------------------------------------------ explain, doctor


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.cause)
def test_explain_shows_every_heading_of_a_rule(fluxdiag, rule):
    done = fluxdiag("explain", rule.cause)
    assert done.code == ExitCode.HEALTHY
    assert done.out.startswith(f"{rule.title} ({rule.cause}, {rule.severity})\n")
    for heading in ("What it means:", "Why it happens:", "How we tell:", "What else looks like this:"):
        assert f"\n{heading} " in done.out


@pytest.mark.parametrize("columns", [60, 90])
def test_explain_keeps_to_the_width_of_the_terminal(fluxdiag, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = fluxdiag("explain", "wrong-rank").out.splitlines()
    assert columns - 12 < max(map(len, lines)) <= columns


def test_explain_lists_the_causes(fluxdiag):
    lines = fluxdiag("explain").out.splitlines()
    assert [line.split()[0] for line in lines] == [rule.cause for rule in rules()]


def test_an_unknown_cause_is_refused_with_the_known_ones(fluxdiag):
    done = fluxdiag("explain", "bad-luck")
    assert (done.code, done.out) == (ExitCode.USAGE, "")
    assert done.mistake.startswith("fluxdiag: bad-luck: there is no such cause. Known causes: ")
    assert all(rule.cause in done.mistake for rule in rules())


def test_doctor_fails_where_something_needed_is_missing_and_prints_its_repair(fluxdiag, monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    done = fluxdiag("doctor")
    assert done.code == ExitCode.USAGE
    assert "\nok   torch: " in done.out
    assert "\nBAD  base: black-forest-labs/FLUX.1-dev" in done.out
    assert "\n     repair: Accept the licence at https://" in done.out


# ------------------------------------------------------------------------------------------------ bugs, Ctrl-C


def test_a_bug_is_a_traceback_and_seventy(fluxdiag, monkeypatch, tmp_path):
    monkeypatch.setattr("fluxdiag.measure.measure", lambda run: 1 / 0)
    done = fluxdiag("measure", tmp_path)
    assert done.code == ExitCode.BUG
    assert "ZeroDivisionError" in done.err
    assert "This is a bug in fluxdiag" in done.err


def test_a_card_that_is_full_is_a_sentence_and_no_bug(fluxdiag, monkeypatch, tmp_path):
    import torch

    def full(run):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 96.00 MiB.")

    monkeypatch.setattr("fluxdiag.measure.measure", full)
    done = fluxdiag("measure", tmp_path)
    assert done.code == ExitCode.USAGE
    assert "the card has too little memory (CUDA out of memory. Tried to allocate 96.00 MiB.)" in done.mistake


def test_an_end_of_file_is_a_bug_and_no_problem_found(fluxdiag, monkeypatch, tmp_path):
    def ended(run):
        raise EOFError

    monkeypatch.setattr("fluxdiag.measure.measure", ended)
    done = fluxdiag("measure", tmp_path)
    assert done.code == ExitCode.BUG
    assert "EOFError" in done.err


def test_ctrl_c_is_no_verdict_and_says_how_to_go_on(fluxdiag, monkeypatch, tmp_path):
    monkeypatch.setattr("fluxdiag.measure.measure", lambda run: signal.raise_signal(signal.SIGINT))
    done = fluxdiag("measure", tmp_path)
    assert done.code == program.STOPPED
    assert done.code not in list(ExitCode)
    assert "the same command goes on from here" in done.mistake


INTERRUPTED = """
import runpy, signal, sys

class Finder:
    def find_spec(name, path=None, target=None):
        if name == "typer":
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Finder)
sys.argv = ["fluxdiag", "explain"]
runpy.run_module("fluxdiag", run_name="__main__", alter_sys=True)
"""


def test_ctrl_c_in_the_first_moment_is_a_sentence_too():
    """While the commands are imported, which takes half a second."""
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (program.STOPPED, "stopped; the same command goes on from here\n")


@pytest.mark.parametrize("command", [["explain"], ["--help"]])
def test_output_that_nobody_reads_any_more_is_no_verdict(command):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run([*ITSELF, *command], stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (program.UNHEARD, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_a_sentence_and_no_bug(tmp_path):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*ITSELF, "explain"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == ExitCode.USAGE
    assert done.stderr.splitlines()[-1].startswith("fluxdiag: the output: No space left on device. ")
    assert "Traceback" not in done.stderr


def test_json_stays_json_where_the_output_knows_no_umlaut(tmp_path):
    (tmp_path / "\u00fc \u65e5.png").write_bytes(b"")
    (tmp_path / "\u00fc \u65e5.txt").write_text("ohwx woman, gr\u00fcn \U0001f600", encoding="utf-8")
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii"}
    call = [*ITSELF, "captions", "lint", str(tmp_path), "--trigger", "ohwx woman", "--json"]
    done = subprocess.run(call, capture_output=True, check=False, env=environment)
    assert done.returncode == ExitCode.HEALTHY, done.stderr.decode()
    caption, *_ = json.loads(done.stdout)["captions"]
    assert caption["file"] == "\u00fc \u65e5.txt"
    assert caption["caption"] == "ohwx woman, gr\u00fcn \U0001f600"


def test_where_stderr_is_no_terminal_nothing_is_said_but_the_sentence(fluxdiag, tmp_path):
    done = fluxdiag("gather", tmp_path)
    assert done.code == ExitCode.USAGE
    assert done.err == done.mistake + "\n"
