"""The run folder: what is written lies there whole, and is read back as it was."""

import errno
import io
import json
import os
import stat
from pathlib import Path

import numpy as np
import pytest

from fluxdiag.diagnose import diagnose, judge
from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.gate import gate
from fluxdiag.gating.reading import read_policy
from fluxdiag.measure import measure, measured
from fluxdiag.printable import as_named, in_utf8
from fluxdiag.records import Photo, Record
from fluxdiag.runs import Run, as_json, write_arrays, write_bytes
from reported import judged
from simulated import HEALTHY, Truth


def test_a_prompt_with_other_line_ends_is_read_back(tmp_path):
    run = judged(tmp_path / "run")
    shots = tuple(shot.model_copy(update={"prompt": "ohwx\u2028woman\x85in\u2029a park"}) for shot in run.shots())
    run.write_shots(shots)
    assert Run(run.folder).shots() == shots


def test_the_umask_says_who_may_read_a_file(tmp_path):
    before = os.umask(0o077)
    try:
        write_bytes(tmp_path / "case.json", b"{}")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "case.json").stat().st_mode) == 0o600


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_bytes(pipe, b"<testsuites/>")
        assert os.read(reading, 100) == b"<testsuites/>"
    finally:
        os.close(reading)
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_what_cannot_be_written_names_the_file_and_leaves_nothing(tmp_path):
    (tmp_path / "here.json").mkdir()
    with pytest.raises(OSError, match=r"here\.json") as told:
        write_bytes(tmp_path / "here.json", b"{}")
    assert (told.value.errno, told.value.filename) == (errno.EISDIR, str(tmp_path / "here.json"))
    assert list(tmp_path.iterdir()) == [tmp_path / "here.json"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_named_by_the_file():
    with pytest.raises(OSError, match="No space left") as told:
        write_bytes(Path("/dev/full"), b"{}")
    assert (told.value.errno, told.value.filename) == (errno.ENOSPC, "/dev/full")


def saved(array) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


def sealed_arrays(run: Run) -> Run:
    """As gathering leaves it; the simulated runs are of before it named digests."""
    run.write(run.gather_file, run.gather_info().model_copy(update={"digests": run.digests()}))
    measure(run), diagnose(run)
    return run


def cut_short(run: Run) -> None:
    run.write_shots(run.shots()[:-1])


def one_swapped_in_the_list(run: Run) -> None:
    first, *rest = run.shots()
    run.write_shots((first.model_copy(update={"outcome": "no-face", "faces": ()}), *rest))


def another_array(run: Run) -> None:
    write_arrays(run.arrays_folder / "faces.npz", {key: -array for key, array in run.arrays("faces").items()})


def one_array_more(run: Run) -> None:
    write_arrays(run.arrays_folder / "references.npz", {"embeddings": np.ones((2, 64), np.float32)})


def one_array_less(run: Run) -> None:
    (run.arrays_folder / "faces.npz").unlink()


OTHERS = (cut_short, one_swapped_in_the_list, another_array, one_array_more, one_array_less)


@pytest.mark.parametrize("change", OTHERS)
def test_shots_and_arrays_that_are_not_what_was_gathered_are_refused_by_name(tmp_path, change):
    run = sealed_arrays(judged(tmp_path / "run", Truth(HEALTHY, references=0)))
    assert run.gathered() == (run.gather_info(), run.shots())
    change(run)
    for stage in (measure, lambda run: gate(run, read_policy("hobby"))):
        with pytest.raises(
            RunMismatch, match=r"(shots\.jsonl|faces\.npz|references\.npz): is not what was gathered\. Run `fluxdiag gat"
        ):
            stage(run)


def test_of_a_run_from_before_the_number_of_shots_alone_is_known(tmp_path):
    run = judged(tmp_path / "run", Truth(HEALTHY, references=0))
    another_array(run)
    run.gathered()
    count = len(run.shots())
    cut_short(run)
    with pytest.raises(RunMismatch, match=rf"shots\.jsonl: holds {count - 1} shots, and {count} were gathered"):
        run.gathered()


@pytest.mark.parametrize("of", ["gather.json", "shots.jsonl"])
def test_evidence_never_names_a_gathering_that_it_was_not_made_from(tmp_path, monkeypatch, of):
    """Another process gathers anew while this one measures."""
    run = sealed_arrays(judged(tmp_path / "run", Truth(HEALTHY, references=0)))
    before = run.evidence_file.read_bytes()

    def meanwhile(tables):
        file = run.folder / of
        file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        return measured(tables)

    monkeypatch.setattr("fluxdiag.measure.measured", meanwhile)
    with pytest.raises(RunMismatch, match=r"written anew while it was read|is not what was gathered"):
        measure(run)
    assert run.evidence_file.read_bytes() == before


def test_a_diagnosis_never_names_evidence_that_it_was_not_made_from(tmp_path, monkeypatch):
    run = judged(tmp_path / "run", Truth(HEALTHY, references=0))

    def meanwhile(evidence, calibration):
        run.write(run.evidence_file, evidence.model_copy(update={"measurements": {}}))
        return judge(evidence, calibration)

    monkeypatch.setattr("fluxdiag.diagnose.judge", meanwhile)
    with pytest.raises(RunMismatch, match=r"evidence\.json: was written anew while it was read"):
        diagnose(run)


def test_a_case_that_was_changed_since_is_not_diagnosed(tmp_path):
    run = judged(tmp_path / "run", Truth(HEALTHY, references=0))
    run.write(run.case_file, run.case().model_copy(update={"strength": 0.5}))
    with pytest.raises(RunMismatch, match=r"gather\.json: made from another case\.json"):
        diagnose(run)


DAMAGED = {
    "empty": b"",
    "cut short": None,
    "garbage": b"garbage",
    "one array": saved(np.zeros(3)),
    "objects": saved(np.array([{}], dtype=object)),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_file_of_arrays_is_named_with_what_makes_it_anew(tmp_path, kind):
    run = Run(tmp_path / "run")
    file = run.arrays_folder / "faces.npz"
    write_arrays(file, {"a": np.arange(1000)})
    file.write_bytes(file.read_bytes()[:300] if DAMAGED[kind] is None else DAMAGED[kind])
    with pytest.raises(RunMismatch, match=r"faces\.npz: is damaged.* Run `fluxdiag gather"):
        run.arrays("faces")


def test_only_one_draws_into_a_folder(tmp_path):
    one, other = Run(tmp_path), Run(tmp_path)
    with one.alone():
        with pytest.raises(RunMismatch, match="another fluxdiag is drawing"), other.alone():
            pass
        with Run(tmp_path / "elsewhere").alone():
            pass
    with other.alone():
        pass
    assert list(tmp_path.iterdir()) == []


TRAINED = {
    "one": (["mine.safetensors"], "Give the LoRA in it: `fluxdiag report {0}/mine.safetensors`"),
    "several": (["mine_000500.safetensors", "mine.safetensors"], "/mine.safetensors`; or all 2 of them: `fluxdiag sweep {0}`"),
    "none": (["notes.txt"], "Give the folder that `fluxdiag report` has written"),
}


@pytest.mark.parametrize("kind", TRAINED)
@pytest.mark.parametrize("read", [Run.case, Run.gather_info, Run.diagnosis, Run.shots])
def test_a_trainers_folder_is_no_run_and_its_lora_is_what_to_give(tmp_path, kind, read):
    names, do = TRAINED[kind]
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(FluxdiagError, match="is no run folder") as refused:
        read(Run(tmp_path))
    assert refused.value.do.endswith(do.format(tmp_path))


def test_a_run_folder_that_lacks_a_file_hears_which_command_makes_it(tmp_path):
    Run(tmp_path).case_file.touch()
    with pytest.raises(FluxdiagError, match=r"gather\.json: there is no such file in the run folder") as refused:
        Run(tmp_path).gather_info()
    assert refused.value.do == f"`fluxdiag gather {tmp_path}` makes it"


@pytest.mark.parametrize("read", [Run.case, Run.gather_info, Run.diagnosis, Run.shots])
def test_a_run_folder_that_is_not_there_is_named_and_not_a_file_in_it(tmp_path, read):
    with pytest.raises(FluxdiagError, match="there is no such folder") as refused:
        read(Run(tmp_path / "nosuch"))
    assert refused.value.where == str(tmp_path / "nosuch")


def test_a_file_in_the_place_of_a_run_folder_is_named(tmp_path):
    (tmp_path / "mychar.safetensors").write_bytes(b"x")
    with pytest.raises(FluxdiagError, match=r"mychar\.safetensors: is a file, and no run folder"):
        Run(tmp_path / "mychar.safetensors").diagnosis()


def named_in_bytes(folder: Path, name: bytes) -> str:
    """A real file with this name, as Python calls it."""
    path = folder / os.fsdecode(name)
    path.write_bytes(b"x")
    return str(path)


@pytest.mark.parametrize("name", [b"bad\xff.safetensors", b"caf\xe9 \x80\xfe.safetensors"])
def test_a_record_with_a_name_that_is_no_utf8_is_utf8_and_names_the_same_file_again(tmp_path, name):
    run = judged(tmp_path / "run", Truth(HEALTHY, references=0))
    path = named_in_bytes(tmp_path, name)
    photo = Photo(path=path, sha256="0" * 64)
    case = run.case().model_copy(
        update={
            "lora": run.case().lora.model_copy(update={"path": path}),
            "photos": (photo,),
            "references": (photo,),
            "overlap": (path,),
        }
    )
    run.write(run.case_file, case)

    written = run.case_file.read_bytes().decode("utf-8")
    assert (
        json.loads(written)["lora"]["path"]
        == in_utf8(path)
        == "".join(f"[U+{ord(c):04X}]" if 0xD800 <= ord(c) <= 0xDFFF else c for c in path)
    )
    assert "\\ud" not in written
    assert run.case() == case
    assert Path(run.case().lora.path).read_bytes() == b"x"


def test_a_file_that_is_named_as_another_is_spelt_is_itself(tmp_path):
    literal = named_in_bytes(tmp_path, b"x[U+DCFF].safetensors")
    assert as_named(literal) == literal
    Path(literal).unlink()
    assert as_named(literal) == str(tmp_path / "x\udcff.safetensors")
    assert as_named("\0[U+DCFF]" + "a" * 5000) == "\0\udcff" + "a" * 5000


def test_half_a_pair_that_no_file_can_bear_is_spelt_too():
    assert in_utf8("\ud800.png") == "[U+D800].png"


def test_a_name_in_utf8_is_written_as_ever(tmp_path):
    case = judged(tmp_path / "run", Truth(HEALTHY, references=0)).case()
    case = case.model_copy(update={"lora": case.lora.model_copy(update={"path": "/x/caf\u00e9 \U0001f600 \x1b.safetensors"})})

    assert as_json(case) == case.model_dump_json(by_alias=True, indent=2) + "\n"
    assert in_utf8(case.lora.path) == case.lora.path


def test_all_else_of_such_a_record_is_written_as_ever():
    """Numbers, nothing and words other than that name."""

    class Odd(Record):
        name: str
        small: float = 1e-7
        huge: float = 1e22
        none: float = float("nan")
        nothing: str | None = None
        many: tuple[dict[str, str], ...] = ({"k\u00e9y": "\U0001f600"},)

    assert as_json(Odd(name="\udcff")) == as_json(Odd(name="[U+DCFF]"))


def test_shots_with_such_names_are_one_a_line(tmp_path):
    run = judged(tmp_path / "run", Truth(HEALTHY, references=0))
    first = run.shots()[0].model_copy(update={"prompt": "\udcff"})
    run.write_shots((first, first))

    assert [shot.prompt for shot in run.shots()] == ["[U+DCFF]", "[U+DCFF]"]
