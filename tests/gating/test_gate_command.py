"""`fluxdiag gate` as its users call it: exit codes, what goes where, and that nothing goes out with a LoRA that did not pass."""

import json
import os
import re
import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import typer
import yaml
from typer.testing import CliRunner

from fluxdiag.commands.gate import gate
from fluxdiag.diagnose import diagnose
from fluxdiag.errors import FluxdiagError
from fluxdiag.measure import measure
from fluxdiag.records import GatherInfo
from fluxdiag.runs import sha256_file

app = typer.Typer(pretty_exceptions_enable=False)
app.command()(gate)


@pytest.fixture
def call(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return run


@pytest.mark.parametrize(
    ("run", "policy", "code"), [("healthy", "marketplace", 0), ("faulty", "marketplace", 1), ("healthy", "studio", 3)]
)
def test_exit_codes(call, request, run, policy, code):
    done = call(request.getfixturevalue(run).folder, "--policy", policy)

    assert (done.exit_code, done.stdout) == (code, "")
    assert f"gate {policy} on x.safetensors" in done.stderr


def test_json_alone_is_on_stdout(call, faulty):
    done = call(faulty.folder, "--json")

    assert json.loads(done.stdout)["exit_code"] == done.exit_code == 1


def test_every_file_is_written(call, healthy, tmp_path):
    names = {"--junit": "j.xml", "--summary": "s.md", "--badge": "b.json", "--card": "README.md", "--civitai": "c.json"}
    done = call(healthy.folder, *(part for pair in names.items() for part in pair))

    assert done.exit_code == 0
    assert ET.parse(tmp_path / "j.xml").getroot().get("failures") == "0"
    assert (tmp_path / "s.md").read_text(encoding="utf-8").startswith("### ✅ fluxdiag gate: passed")
    assert json.loads((tmp_path / "b.json").read_text())["message"].startswith("passed · likeness 0.")
    assert "fluxdiag:start" in (tmp_path / "README.md").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "c.json").read_text())["poi"] is None


@pytest.mark.parametrize("spoilt", ["run", "policy"])
def test_after_a_mistake_no_earlier_pass_is_left_lying(call, copy, tmp_path, spoilt):
    files = ("--junit", "j.xml", "--summary", "s.md", "--badge", "b.json")
    assert call(copy.folder, *files).exit_code == 0
    if spoilt == "run":
        copy.evidence_file.write_text("{")
    policy = "marketplace" if spoilt == "run" else "marketplaces"
    done = call(copy.folder, "--policy", policy, *files)

    assert isinstance(done.exception, FluxdiagError)
    root = ET.parse(tmp_path / "j.xml").getroot()
    assert [root.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["1", "0", "1", "0"]
    assert root.find(".//error").get("message").startswith("evidence.json: no Evidence" if spoilt == "run" else "marketplaces: ")
    assert (tmp_path / "s.md").read_text(encoding="utf-8").rpartition("### ")[2].startswith("❌ fluxdiag gate: no answer")
    assert json.loads((tmp_path / "b.json").read_text())["message"] == "no answer"


def says_no_answer(folder) -> bool:
    badge = json.loads((folder / "b.json").read_text())["message"]
    return badge == "no answer" and ET.parse(folder / "j.xml").getroot().get("errors") == "1"


FILES = ("--junit", "j.xml", "--badge", "b.json")


@pytest.mark.parametrize("end", [PermissionError(13, "Permission denied", "x"), TypeError("a bug"), KeyboardInterrupt()])
def test_whatever_ends_it_no_earlier_pass_is_left_lying(call, healthy, tmp_path, monkeypatch, end):
    assert call(healthy.folder, *FILES).exit_code == 0
    assert not says_no_answer(tmp_path)

    def fail(*_, **__):
        raise end

    monkeypatch.setattr("fluxdiag.gate.gate", fail)
    assert call(healthy.folder, *FILES).exit_code != 0
    assert says_no_answer(tmp_path)


@pytest.mark.parametrize("wrong", [["--fail-on", "hgih"], ["--polcy", "studio"], ["another"], ["--policy"]])
@pytest.mark.parametrize("first", [True, False])
def test_a_call_that_cannot_be_read_leaves_no_earlier_pass_lying(fluxdiag, healthy, tmp_path, wrong, first):
    assert fluxdiag("gate", healthy.folder, *FILES).code == 0
    if first and wrong == ["--policy"]:
        return  # it takes the next word, which is a call that can be read
    arguments = (healthy.folder, *wrong, *FILES) if first else (healthy.folder, *FILES, *wrong)

    assert fluxdiag("gate", *arguments).code == 2

    assert says_no_answer(tmp_path)


@pytest.mark.parametrize("asked", ["--help"])
def test_asking_for_help_writes_nothing(fluxdiag, tmp_path, asked):
    assert fluxdiag("gate", asked, *FILES).code == 0
    assert [path.name for path in tmp_path.iterdir()] == []


BROKEN_CARD = "# mine\n<!-- fluxdiag:start -->\n"


@pytest.mark.parametrize("spoilt", ["--card", "--civitai", "--badge"])
def test_after_a_mistake_of_publishing_nothing_says_that_it_passed(call, healthy, tmp_path, spoilt):
    (tmp_path / "file").write_text("")
    card = tmp_path / "README.md"
    names = {"--junit": "j.xml", "--summary": "s.md", "--badge": "b.json", "--card": "README.md", "--civitai": "c.json"}
    if spoilt == "--card":
        card.write_text(BROKEN_CARD)
    else:
        names[spoilt] = "file/below"
    done = call(healthy.folder, *(part for pair in names.items() for part in pair), "--json")

    assert isinstance(done.exception, FluxdiagError)
    assert done.stdout == ""
    assert ET.parse(tmp_path / "j.xml").getroot().get("errors") == "1"
    assert (tmp_path / "s.md").read_text(encoding="utf-8").startswith("### ❌ fluxdiag gate: no answer")
    assert (tmp_path / "s.md").read_text(encoding="utf-8").count("###") == 1
    assert spoilt == "--badge" or json.loads((tmp_path / "b.json").read_text())["message"] == "no answer"
    if spoilt == "--card":
        assert card.read_text() == BROKEN_CARD
        assert not (tmp_path / "c.json").exists()
    if spoilt == "--civitai":
        assert not card.exists()


def test_a_card_that_cannot_be_written_is_a_mistake_of_the_call(call, healthy, tmp_path):
    (tmp_path / "file").write_text("")
    assert isinstance(call(healthy.folder, "--card", "file/README.md").exception, FluxdiagError)


def test_a_mistake_is_told_where_nothing_can_be_written_about_it(call, copy, tmp_path):
    (tmp_path / "folder").mkdir()
    done = call(copy.folder, "--policy", "none", "--junit", tmp_path / "folder")
    assert "there is no such policy" in str(done.exception)


def test_the_summary_is_added_to_what_is_there(call, healthy, tmp_path):
    (tmp_path / "s.md").write_text("before\n")
    call(healthy.folder, "--summary", "s.md")

    assert (tmp_path / "s.md").read_text(encoding="utf-8").startswith("before\n### ")


def test_nothing_goes_out_with_a_lora_that_did_not_pass(call, faulty, tmp_path):
    arguments = [faulty.folder, "--card", "README.md", "--civitai", "c.json", "--junit", "j.xml"]
    done = call(*arguments)

    assert "did not pass" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["j.xml"]

    assert call(*arguments, "--card-anyway").exit_code == 1
    assert "**FAILED**" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_print_policy_needs_no_run(call):
    done = call("--policy", "studio", "--print-policy")

    assert done.exit_code == 0
    assert "# preset marketplace" in done.stdout
    assert "# preset studio" in done.stdout


def test_a_printed_policy_never_looks_like_a_gate_that_was_passed(call, faulty):
    done = call(faulty.folder, "--print-policy")

    assert isinstance(done.exception, FluxdiagError)
    assert str(done.exception) == f"{faulty.folder}: with --print-policy no run is judged. Leave one of the two out"


def test_card_anyway_without_a_card_is_refused(call, healthy):
    assert "nothing to write anyway" in str(call(healthy.folder, "--card-anyway").exception)


@pytest.mark.parametrize("arguments", [[], ["none"], ["none", "--policy", "none"], ["--fail-on", "none"]])
def test_mistakes_are_sentences(call, arguments):
    done = call(*arguments)

    assert done.exit_code == 2 or isinstance(done.exception, FluxdiagError)


def test_a_file_that_cannot_be_written_is_a_mistake_of_the_call(call, healthy, tmp_path):
    (tmp_path / "file").write_text("")
    done = call(healthy.folder, "--junit", "file/j.xml")

    assert isinstance(done.exception, FluxdiagError)
    assert "cannot be written" in str(done.exception)


def test_no_model_library_and_no_statistics_are_imported(healthy):
    """Half a second each; in a process of its own, for this one has them all."""
    import subprocess

    program = (
        "import sys\nfrom pathlib import Path\nfrom fluxdiag.gate import gate\nfrom fluxdiag.gating.reading import read_policy\n"
        "from fluxdiag.runs import Run\ngate(Run(Path(sys.argv[1])), read_policy('marketplace'))\n"
        "print(sorted({'torch', 'diffusers', 'scipy', 'pandas', 'numpy', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(healthy.folder)], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_the_action_runs_the_command_with_options_it_has(call):
    action = yaml.safe_load((Path(__file__).parents[2] / "docs" / "gate" / "action.yml").read_text(encoding="utf-8"))
    script = next(step["run"] for step in action["runs"]["steps"] if "fluxdiag gate" in step.get("run", ""))
    options = set(re.findall(r"--[a-z][a-z-]*", script))

    known = call("--help").stdout
    assert options
    assert [option for option in options if option not in known] == []
    assert "${{" not in script, "inputs go through the environment: text in a script is code"


@pytest.fixture
def act(tmp_path, program):
    """act("a run") -> (exit code, what it told later steps): the action's script as GitHub's runner calls it."""
    import os
    import subprocess

    action = yaml.safe_load((Path(__file__).parents[2] / "docs" / "gate" / "action.yml").read_text(encoding="utf-8"))
    script = next(step["run"] for step in action["runs"]["steps"] if "fluxdiag gate" in step.get("run", ""))
    environment = {
        **os.environ,
        "PATH": f"{program.parent}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "RUNNER_TEMP": str(tmp_path),
        "POLICY": "marketplace",
        "AGAINST": "",
        "LORA": "",
        "CARD": "README.md",
    }

    def call(run):
        (tmp_path / "output").write_text("")
        given = {**environment, "RUN": str(run)}
        done = subprocess.run(["bash", "-e", "-c", script], env=given, cwd=tmp_path, capture_output=True, text=True)
        return done.returncode, dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())

    return call


@pytest.mark.parametrize("run", ["healthy", "faulty"])
def test_the_actions_script_judges_a_run(request, run, tmp_path, act):
    shutil.copytree(request.getfixturevalue(run).folder, tmp_path / "a run")
    code, status = {"healthy": (0, "passed"), "faulty": (1, "failed")}[run]

    returned, said = act("a run")

    assert (returned, said["status"]) == (code, status)
    assert (tmp_path / "summary.md").read_text(encoding="utf-8").startswith("### ")
    assert (tmp_path / "README.md").exists() == (code == 0)


@pytest.mark.parametrize("run", ["--help", "--print-policy", "-h", "none"])
def test_the_action_passes_nothing_that_was_not_judged(act, run):
    returned, said = act(run)

    assert (returned, said["status"], said["exit_code"]) == (2, "mistake", "2")


def test_a_run_whose_name_begins_with_a_dash_is_judged_all_the_same(healthy, tmp_path, act):
    shutil.copytree(healthy.folder, tmp_path / "--help")
    assert act("--help")[1]["status"] == "passed"


def test_a_program_that_ends_with_0_and_no_answer_is_no_pass(act, program):
    program.write_text('#!/bin/sh\necho \'{"status": "passed"}\'\n')
    returned, said = act("none")
    assert (returned, said["status"]) == (2, "mistake")


def test_two_uses_of_the_action_in_one_job_keep_both_answers(healthy, faulty, act):
    """Each output names what was judged there, also after the other."""
    passed, failed = act(healthy.folder)[1], act(faulty.folder)[1]

    for said, code in ((passed, 0), (failed, 1)):
        assert json.loads(Path(said["json"]).read_text(encoding="utf-8"))["exit_code"] == code
        assert int(ET.parse(said["junit"]).getroot().get("failures")) >= code
    assert ET.parse(passed["junit"]).getroot().get("failures") == "0"


@pytest.mark.parametrize(("given", "code"), [("0", 1), ("40", 0), ("-1", 2), ("1.5", 2)])
def test_how_many_lines_may_warn_is_a_number_from_nothing_up(fluxdiag, faulty, tmp_path, given, code):
    """`hobby` warns of this run and passes it; what is no such number is a mistake of the call, whose files say so."""
    done = fluxdiag("gate", faulty.folder, "--policy", "hobby", "--max-warnings", given, *FILES)

    assert done.code == code
    root = ET.parse(tmp_path / "j.xml").getroot()
    assert (root.get("failures"), root.get("errors")) == {0: ("0", "0"), 1: ("1", "0"), 2: ("0", "1")}[code]
    assert says_no_answer(tmp_path) == (code == 2)


def test_names_that_are_no_utf8_are_spelt_in_every_output(call, copy, tmp_path):
    """A file and a policy named by bytes, as old archives leave them: the digest is checked, and what is written is UTF-8."""
    lora = Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.safetensors"))
    lora.write_bytes(b"a LoRA")
    policy = Path(os.fsdecode(os.fsencode(tmp_path) + b"/mine\xe9.toml"))
    policy.write_text('schema = 1\nextends = ["hobby"]\n')
    file = copy.case().lora.model_copy(update={"path": str(lora), "sha256": sha256_file(lora)})
    copy.write(copy.case_file, copy.case().model_copy(update={"lora": file}))
    sealed_anew(copy)
    done = call(copy.folder, "--policy", policy, "--json", "--junit", "j.xml", "--summary", "s.md")

    assert done.exit_code == 0
    told = json.loads(done.stdout_bytes.decode("utf-8"))
    assert (told["lora"], told["lora_checked"], told["policy"]) == ("bad[U+DCFF].safetensors", True, "mine[U+DCE9].toml")
    assert "\\udc" not in done.stdout
    for name in ("j.xml", "s.md"):
        assert "bad[U+DCFF].safetensors" in (tmp_path / name).read_bytes().decode("utf-8")


def sealed_anew(run):
    """The stages after the case, made of this one."""
    info = GatherInfo.model_validate_json(run.gather_file.read_text(encoding="utf-8"))
    run.write(run.gather_file, info.model_copy(update={"case_sha256": sha256_file(run.case_file)}))
    measure(run), diagnose(run)
