"""The run folder: what is written lies there whole, and is read back as it was."""

import errno
import io
import os
import stat
from pathlib import Path

import numpy as np
import pytest

from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.runs import Run, write_arrays, write_bytes
from reported import judged


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


def test_a_file_in_the_place_of_a_run_folder_is_named(tmp_path):
    (tmp_path / "mychar.safetensors").write_bytes(b"x")
    with pytest.raises(FluxdiagError, match=r"mychar\.safetensors: is a file, and no run folder"):
        Run(tmp_path / "mychar.safetensors").diagnosis()
