"""LoRAs handed out to processes that answer, stumble and die: a small program stands in for the drawing."""

import os
import sys
import time
from threading import Event, Thread, Timer

import pytest

from fluxdiag.batching.drawing import Drawing
from fluxdiag.batching.records import Job
from fluxdiag.batching.workers import Workers, _last_words, places
from fluxdiag.errors import FluxdiagError
from simulated import HEALTHY, Simulation, Truth

CASE = Simulation("unused", Truth(HEALTHY)).case()
WORKER = """
import json, os, sys, time
place = os.environ["CUDA_VISIBLE_DEVICES"]
if place == "7":
    print("fluxdiag: there is no card 7", file=sys.stderr)
    sys.exit(2)
print("ready", flush=True)
for line in sys.stdin:
    name = json.loads(line)["name"]
    if name == "slow":
        time.sleep(1)
    if name == "dies":
        print("Segmentation fault", file=sys.stderr, flush=True)
        os.kill(os.getpid(), 11)
    if name == "real-time":
        os.kill(os.getpid(), 40)
    if name == "babbles":
        print("no JSON at all", flush=True)
        continue
    if name == "hangs":
        time.sleep(600)
    error = "wrong base" if name == "wrong" else f"by {place or 'cpu'}" if name == "who" else None
    print(json.dumps({"error": error, "bug": False}), flush=True)
"""


def jobs(*names):
    return [Job(name=name, case=CASE, folder="x", suite="quick", thorough=False) for name in names]


def workers(tmp_path, *where):
    return Workers(where, tmp_path / "workers", (sys.executable, "-c", WORKER))


def drawn(tmp_path, where, *names):
    with workers(tmp_path, *where) as several:
        return [(job.name, answer.error) for job, answer in several.drawn(jobs(*names))]


@pytest.mark.parametrize("where", [("0",), ("0", "1"), ("cpu", "cpu", "cpu")])
def test_every_job_is_answered_once(tmp_path, where):
    names = [f"lora-{at}" for at in range(7)]
    assert sorted(drawn(tmp_path, where, *names)) == [(name, None) for name in names]


def test_a_file_whose_name_is_no_utf8_is_a_job_as_others(tmp_path):
    case = CASE.model_copy(update={"lora": CASE.lora.model_copy(update={"path": "/x/bad\udcff.safetensors"})})
    with workers(tmp_path, "0") as several:
        job = Job(name="bad\udcff", case=case, folder="x", suite="quick", thorough=False)
        assert [answer.error for _, answer in several.drawn([job])] == [None]


def test_more_workers_than_jobs_do_no_harm(tmp_path):
    assert drawn(tmp_path, ("0", "1", "2"), "one") == [("one", None)]
    assert drawn(tmp_path, ("0",)) == []


def test_a_slow_one_holds_nobody_up(tmp_path):
    assert [name for name, _ in drawn(tmp_path, ("0", "1"), "slow", "b", "c", "d")][-1] == "slow"


def test_each_is_told_its_card_and_no_other(tmp_path):
    assert drawn(tmp_path, ("3",), "who") == [("who", "by 3")]
    assert drawn(tmp_path, ("cpu",), "who") == [("who", "by cpu")]


def test_a_mistake_is_that_loras_alone(tmp_path):
    assert drawn(tmp_path, ("0",), "wrong", "b") == [("wrong", "wrong base"), ("b", None)]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dies", "SIGSEGV: Segmentation fault"),
        ("babbles", "it answered nonsense"),
        pytest.param("real-time", "signal 40", marks=pytest.mark.skipif(sys.platform != "linux", reason="Linux has them")),
    ],
)
def test_of_a_worker_that_dies_the_others_take_the_rest(tmp_path, name, said):
    found = dict(drawn(tmp_path, ("0", "1"), name, "b", "c", "d"))
    error = found.pop(name)
    assert said in error
    assert "The same command tries it again" in error
    assert found == {"b": None, "c": None, "d": None}


def test_where_no_worker_is_left_each_of_the_rest_says_so(tmp_path):
    found = drawn(tmp_path, ("0",), "a", "dies", "c", "d")
    assert [name for name, _ in found] == ["a", "dies", "c", "d"]
    assert found[0][1] is None
    assert all("no worker is left (card 0: SIGSEGV" in error and "goes on from here" in error for _, error in found[2:])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("where", ["_started", "_why"])
def test_a_bug_beside_a_worker_is_that_workers_end_and_nobody_waits_for_ever(tmp_path, monkeypatch, where):
    def broken(*_):
        raise RuntimeError("nobody has thought of this")

    monkeypatch.setattr(Workers, where, broken)
    found: list = []
    waits = Thread(target=lambda: found.extend(drawn(tmp_path, ("0",), "dies", "b")), daemon=True)
    waits.start()
    waits.join(60)
    assert [name for name, _ in found] == ["dies", "b"]
    assert all("a bug in fluxdiag" in error for _, error in found)


def test_the_log_that_was_taken_away_holds_no_last_words(tmp_path):
    log = tmp_path / "worker-0.log"
    assert _last_words(log) == []
    log.write_text("")
    assert _last_words(log) == []
    log.write_text("first\n" + "x" * 500 + "\n\n")
    assert _last_words(log) == ["x" * 300]


def test_a_card_that_is_not_there_takes_no_job_with_it(tmp_path):
    assert drawn(tmp_path, ("7", "0"), "a", "b") == [("a", None), ("b", None)]
    (only,) = drawn(tmp_path, ("7",), "a")
    assert "card 7: exit code 2: fluxdiag: there is no card 7" in only[1]


def test_a_program_that_cannot_be_started_is_said(tmp_path):
    with Workers(("0",), tmp_path / "workers", (str(tmp_path / "away"),)) as several:
        ((_, answer),) = several.drawn(jobs("a"))
    assert "No such file" in answer.error


def test_no_worker_outlives_the_call(tmp_path):
    several = workers(tmp_path, "0", "1")
    began = time.monotonic()
    with several:
        next(several.drawn(jobs("a", "hangs", "b")))
    assert time.monotonic() - began < 60
    assert all(process.poll() is not None for process in several._processes.values())


def test_a_worker_that_was_about_to_start_when_the_call_ended_is_not_started(tmp_path, monkeypatch):
    started, ending = Workers._started, Event()

    def late(self, at, place, log):
        if at == 1:
            ending.wait(60)
        return started(self, at, place, log)

    monkeypatch.setattr(Workers, "_started", late)
    several = workers(tmp_path, "0", "1")
    try:
        with several:
            next(several.drawn(jobs("a", "b", "c")))
            Timer(1, ending.set).start()
        assert ending.is_set()
        assert several._processes.keys() == {0}
    finally:
        for process in several._processes.values():
            process.kill()


@pytest.mark.parametrize(("given", "found"), [("0", ("0",)), ("0, 1", ("0", "1")), ("cpu,cpu", ("cpu", "cpu"))])
def test_places_are_cards_or_the_processor(given, found):
    assert places(given) == found


@pytest.mark.parametrize("given", ["", "0,", "a", "-1", "0;1", "1,1", "0 1", "GPU-", "--x"])
def test_what_is_no_card_is_refused(given):
    with pytest.raises(FluxdiagError):
        places(given)


# ------------------------------------------------------------------------------------------------ in this process


@pytest.mark.parametrize(
    ("raised", "said", "bug"),
    [
        (FluxdiagError("wrong base", where="x"), "x: wrong base", False),
        (OSError(28, "No space left on device", "out"), "out: No space left on device", False),
        (type("OutOfMemoryError", (RuntimeError,), {})("CUDA out of memory"), "too little memory", False),
        (KeyError("layer"), "a bug in fluxdiag: KeyError", True),
    ],
)
def test_what_stops_one_lora_is_said_of_it_and_the_next_is_drawn(monkeypatch, capsys, raised, said, bug):
    def examine(case, run, *rest):
        if run.folder.name == "first":
            raise raised

    monkeypatch.setattr("fluxdiag.batching.drawing.examine", examine)
    first, second = (job.model_copy(update={"folder": name}) for job, name in zip(jobs("a", "b"), ("first", "x"), strict=True))
    (_, stopped), (_, fine) = Drawing().drawn([first, second])
    assert said in stopped.error
    assert (stopped.bug, fine.error) == (bug, None)
    assert ("Traceback" in capsys.readouterr().err) == bug


def test_ctrl_c_is_none_of_a_loras_mistakes(monkeypatch):
    def examine(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("fluxdiag.batching.drawing.examine", examine)
    with pytest.raises(KeyboardInterrupt):
        Drawing().answer(jobs("a")[0])


def test_one_base_is_held_at_a_time_and_shared_by_those_that_need_it(monkeypatch):
    seen = []
    monkeypatch.setattr("fluxdiag.batching.drawing.examine", lambda *given: seen.append(given[-1]))
    here, there = (CASE.model_copy(update={"base": base}) for base in ("a/here", "b/there"))
    several = [job.model_copy(update={"case": case}) for job, case in zip(jobs("a", "b", "c"), (here, here, there), strict=True)]
    assert all(answer.error is None for _, answer in Drawing().drawn(several))
    assert seen[0] is seen[1]
    assert seen[1] is not seen[2]


def test_the_worker_itself_ends_where_there_is_no_card(tmp_path):
    """The program proper, without a model: it ends before it is handed anything."""
    if "FLUXDIAG_TEST_CARD" in os.environ:
        pytest.skip("there may be a card 97 nowhere, but torch is asked in earnest")
    with Workers(("97",), tmp_path / "workers") as several:
        ((_, answer),) = several.drawn(jobs("a"))
    assert "there is no card 97 here that torch can use" in answer.error
