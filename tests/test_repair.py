"""The search for an edit, on made-up LoRAs whose response is known; and what a run needs before it can be repaired."""

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from safetensors.numpy import save_file

from fluxdiag.commands.repair import beside
from fluxdiag.errors import FluxdiagError
from fluxdiag.gather import planned
from fluxdiag.gating.reading import read_policy
from fluxdiag.lora import read_lora
from fluxdiag.profiles import load_profile
from fluxdiag.records import ExitCode, Measurement
from fluxdiag.repair import SUITES, Repair, _aims, _file, _judged, _refuse, _refuse_other, _shares, cost
from fluxdiag.runs import Run
from fluxdiag.searching.candidates import Needs, coarse, finer, needs_of, pointed_to, ranked
from fluxdiag.searching.search import search
from fluxdiag.searching.trials import Trial, ratio_of_means
from fluxdiag.suites import load_suite
from fluxdiag.variants import FULL, GROUPS, Variant
from gating.gates import answer, result
from painted import painted
from reported import judged
from simulated import HEALTHY, Simulation, Truth
from tiny import lora_of

PROFILE = load_profile("flux1-dev")
CASE = Simulation("unused", Truth(HEALTHY)).case()
HIGH = CASE.model_copy(update={"lora": CASE.lora.model_copy(update={"rank_max": 64})})
BLOCKS = ("transformer.transformer_blocks.0", "transformer.single_transformer_blocks.20")
LORA = lora_of({f"{block}.attn.to_q": (8, 8) for block in BLOCKS})
SIDES = {"A": (8, 3072), "B": (3072, 8)}
NEEDS = needs_of(read_policy("marketplace"))
ROOM = 400


def searched(tmp_path, shown, case=HIGH, needs=NEEDS, room=ROOM, **more):
    rounds = painted(tmp_path, case, shown, **more)
    return search(rounds, Run(tmp_path / "none"), LORA, needs, room), rounds


# ------------------------------------------------------------------------------------------------ the search


def over(variant: Variant) -> tuple[float, float]:
    """Too strong: identity saturates, bleed grows with the square of the strength; the rank does not matter."""
    part = 0.4 if variant.without else 1.0
    return part * 0.72 * np.tanh(2.2 * variant.strength), part * 0.5 * variant.strength**2


def test_less_strength_is_found_where_it_is_the_cure(tmp_path):
    found, _ = searched(tmp_path, over)
    best = ranked(found.trials, NEEDS)[0]
    assert best.without == frozenset()
    kept, left = (after / before for after, before in zip(over(best), over(FULL), strict=True))
    assert kept >= 0.9
    assert left <= 0.5
    assert found.fresh.kept.low <= kept <= found.fresh.kept.high


def rank_high(variant: Variant) -> tuple[float, float]:
    """The bleed lies in the directions above 32; less strength costs as much identity as bleed."""
    part = variant.strength * (0.3 if variant.without else 1.0)
    return 0.66 * part, (0.1 if variant.rank else 0.45) * part


def test_a_lower_rank_is_found_where_it_is_the_cure(tmp_path):
    found, _ = searched(tmp_path, rank_high)
    assert ranked(found.trials, NEEDS)[0].rank is not None
    assert found.fresh.kept.value == pytest.approx(1.0, abs=0.1)
    assert found.fresh.left.value < 0.4


def in_late_blocks(variant: Variant) -> tuple[float, float]:
    """The bleed sits in the later single blocks, with a fifth of the person: without them more strength is needed."""
    late = 0.0 if "single-late" in variant.without else 1.0
    return 0.66 * variant.strength * (0.75 + 0.25 * late), variant.strength * (0.1 + 0.4 * late)


def test_fewer_blocks_and_more_strength_are_joined(tmp_path):
    found, _ = searched(tmp_path, in_late_blocks)
    best = ranked(found.trials, NEEDS)[0]
    assert best.without == {"single-late"}
    assert best.strength > 1
    assert found.fresh.kept.value >= 0.9
    assert found.fresh.left.value <= 0.5


def tied(variant: Variant) -> tuple[float, float]:
    """Trained without other people: the person comes called or not, at any strength, rank and with any blocks."""
    both = 0.6 * variant.strength * (0.5 if variant.without else 1.0)
    return both + 0.02, both


def test_what_no_edit_cures_is_given_up_early(tmp_path):
    found, rounds = searched(tmp_path, tied)
    assert found.fresh is None
    assert found.pictures < ROOM / 2
    best = found.trials[ranked(found.trials, NEEDS)[0]]
    assert NEEDS.refused(best) is not None
    assert rounds.with_lora == found.pictures


def test_a_weak_lora_is_only_tried_stronger(tmp_path):
    found, _ = searched(tmp_path, lambda variant: (0.3 * variant.strength, 0.02 * variant.strength), case=CASE)
    assert all(variant.strength >= 1 for variant in found.trials)
    assert any(variant.strength > 1.3 for variant in found.trials)


@pytest.mark.parametrize("shown", [over, rank_high, in_late_blocks, tied])
@pytest.mark.parametrize("room", [200, 400])
def test_the_room_for_pictures_is_kept(tmp_path, shown, room):
    found, _ = searched(tmp_path, shown, room=room)
    fresh = 4 * 8 if found.fresh else 0
    assert found.pictures - fresh <= room


def test_a_suite_too_small_for_a_search_is_refused(tmp_path):
    with pytest.raises(FluxdiagError, match="leave room for 80 pictures"):
        searched(tmp_path, over, room=80)


def test_what_is_kept_and_left_is_measured_on_noise_that_the_search_has_not_seen(tmp_path):
    found, rounds = searched(tmp_path, over)
    best = ranked(found.trials, NEEDS)[0]
    seeds = {seed for variant, _, seed in rounds.drawn if variant == best}
    assert max(seeds) not in rounds.question.seeds
    assert found.fresh.pictures == 2 * len(rounds.question.prompts)


def test_the_same_search_again_asks_for_the_same_pictures(tmp_path):
    assert searched(tmp_path, over)[1].drawn == searched(tmp_path, over)[1].drawn


def test_without_a_face_to_measure_it_says_what_to_give(tmp_path):
    with pytest.raises(FluxdiagError, match="no scale to measure on"):
        searched(tmp_path, over, blind=True)


# ------------------------------------------------------------------------------------------------ candidates


def about(value: float, half: float = 0.01) -> Measurement:
    return Measurement(key="x", value=value, low=value - half, high=value + half, n=8)


def trial_of(identity=0.6, bleed=0.2, kept=1.0, left=0.5, half=0.01) -> Trial:
    numbers = {"identity": identity, "bleed": bleed, "effect": identity - bleed, "kept": kept, "left": left}
    return Trial(variant="x", pictures=16, **{key: about(value, half) for key, value in numbers.items()})


def test_the_policys_blocking_lines_are_the_needs():
    assert (NEEDS.identity, NEEDS.bleed, NEEDS.effect) == (0.45, 0.5, 0.2)
    assert needs_of(read_policy("hobby")) == Needs(None, None, None), "what only warns is no need"


@pytest.mark.parametrize(
    ("trial", "short"),
    [
        (trial_of(), 0.0),
        (trial_of(identity=0.4, kept=1.0), 0.05),
        (trial_of(kept=0.8, identity=0.64), 0.1 * 0.8),
        (trial_of(left=0.8, bleed=0.4), 0.3 * 0.5),
        (trial_of(bleed=0.6, left=0.4, identity=0.9), 0.1),
    ],
)
def test_the_shortfall_is_what_is_missed_on_the_subjects_scale(trial, short):
    assert NEEDS.shortfall(trial) == pytest.approx(short)


def test_only_intervals_leave_no_doubt():
    assert NEEDS.met(trial_of(left=0.4))
    assert not NEEDS.met(trial_of(left=0.4, half=0.2))
    assert NEEDS.met(trial_of().model_copy(update={"left": None})), "nothing to halve"
    assert not NEEDS.met(trial_of().model_copy(update={"kept": None}))


def test_refused_says_which_line_is_clearly_missed():
    assert NEEDS.refused(trial_of()) is None
    assert NEEDS.refused(trial_of(identity=0.3, half=0.2)) is None
    assert NEEDS.refused(trial_of(identity=0.3)) == "identity 0.30 is below 0.45"
    assert NEEDS.refused(trial_of(bleed=0.7, identity=0.95)) == "bleed 0.70 is above 0.5"
    assert NEEDS.refused(trial_of(bleed=0.45, identity=0.5)) == "the trigger adds 0.05, below 0.2"


def test_the_first_candidates_are_one_of_each_kind_that_the_file_can_have():
    assert [v.rank for v in coarse(64, GROUPS, PROFILE, weak=False) if v.rank] == [32, 16]
    assert not [v for v in coarse(1, ["double"], PROFILE, weak=False) if v.rank or v.without]
    assert len({v.name for v in coarse(64, GROUPS, PROFILE, weak=False)}) == 8


def seen_at(**strengths: tuple[float, float]) -> dict[Variant, Trial]:
    """Trials of the whole LoRA at strengths `s0_8=(kept, left)`; it shows .6 of the person and bleeds .4."""
    found = {FULL: trial_of(identity=0.6, bleed=0.4, kept=1.0, left=1.0)}
    for name, (kept, left) in strengths.items():
        found[FULL.at(float(name[1:].replace("_", ".")))] = trial_of(0.6 * kept, 0.4 * left, kept, left)
    return found


def test_the_next_strength_lies_where_the_ones_seen_clear_both_aims():
    assert pointed_to(FULL, seen_at(s0_8=(0.96, 0.6), s0_6=(0.86, 0.3)), NEEDS) == pytest.approx(0.7, abs=0.03)


def test_a_strength_that_was_tried_is_not_tried_again():
    assert pointed_to(FULL, seen_at(s0_8=(0.95, 0.45), s0_6=(0.6, 0.4)), NEEDS) is None


def test_beyond_the_strongest_seen_it_goes_a_fifth_at_most():
    weak = {FULL: trial_of(identity=0.2, bleed=0.02), FULL.at(1.2): trial_of(0.24, 0.02, 1.2, 1.0)}
    assert pointed_to(FULL, weak, NEEDS) == pytest.approx(1.44, abs=0.02)


@pytest.mark.parametrize("step", [0.2, 0.06])
def test_finer_candidates_are_new_and_go_where_something_is_missing(step):
    best, other = FULL.at(0.8), Variant(rank=16)
    trials = seen_at(s0_8=(0.95, 0.55), s0_6=(0.7, 0.35)) | {other: trial_of(kept=0.5, left=0.9)}
    new = finer([best, other], trials, NEEDS, step)
    assert Variant(0.8, 16) in new
    assert not any(variant.rank is None and variant.strength >= 0.8 for variant in new), "more does not lower the bleed"
    assert any(variant.rank is None for variant in new)
    assert not set(new) & set(trials)


def test_edits_of_one_kind_are_not_joined():
    order = [Variant(rank=16), Variant(rank=32), Variant(rank=8, without=frozenset({"double"}))]
    new = finer(order, {variant: trial_of() for variant in (FULL, *order)}, NEEDS, 0.2)
    assert {variant.rank for variant in new} <= {16, 32}
    assert not any(variant.without for variant in new)


def test_ranking_puts_what_shows_no_face_last():
    blind = trial_of().model_copy(update={"identity": None})
    trials = {FULL.at(0.5): blind, FULL.at(0.8): trial_of(kept=0.1), FULL: trial_of()}
    assert ranked(trials, NEEDS) == [FULL.at(0.8), FULL.at(0.5)]


# ------------------------------------------------------------------------------------------------ numbers


def test_a_ratio_of_means_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(3)
    hits = []
    for _ in range(1000):
        whole = 0.6 + 0.08 * rng.normal(size=8)
        found = ratio_of_means(0.9 * whole + 0.05 * rng.normal(size=8), whole)
        hits.append(found.low <= 0.9 <= found.high)
    assert 0.93 <= np.mean(hits) <= 0.97


def test_a_ratio_of_paired_means_does_not_pay_for_what_the_prompts_share():
    whole = np.array([0.2, 0.9, 0.5, 0.7])
    found = ratio_of_means(0.5 * whole, whole)
    assert (found.low, found.value, found.high) == pytest.approx((0.5, 0.5, 0.5))


# ------------------------------------------------------------------------------------------------ what is said


def test_an_unknown_share_says_why_it_is_unknown():
    why = "the whole LoRA has hardly any: 0.06 on the subject's scale"
    fresh = trial_of(kept=0.95).model_copy(update={"left": None, "gaps": {"left": why}})
    assert _shares(fresh).endswith(f" of the identity and an unknown share ({why}) of the bleed")


def test_a_folder_that_is_no_run_is_told_so_whatever_else_is_given(fluxdiag, tmp_path):
    (tmp_path / "output").mkdir()
    done = fluxdiag("repair", tmp_path / "output", "--trigger", "ohwx woman")
    assert done.code == ExitCode.USAGE
    assert done.mistake.startswith(f"fluxdiag: {tmp_path / 'output'}: is no run folder")


def test_options_that_a_run_cannot_follow_are_named(fluxdiag, tmp_path):
    run = judged(tmp_path / "run")
    done = fluxdiag("repair", run.folder, "--class-word", "man")
    assert done.code == ExitCode.USAGE
    assert "and --class-word would change nothing" in done.mistake


def test_what_it_takes_is_said_before_anything_is_drawn(tmp_path):
    run = judged(tmp_path / "run")
    said = cost(run.case())
    most = re.match(r"at most (\d+) pictures, about ", said)
    assert int(most[1]) == SUITES * len(planned(run.case(), load_suite("quick")[0]).tasks)
    with pytest.raises(FluxdiagError, match="has no probe with the arms"):
        cost(run.case(), "captionless")


def test_what_a_picture_costs_on_a_device_that_the_profile_does_not_know_is_not_nought(tmp_path, monkeypatch):
    case = judged(tmp_path / "run").case()
    monkeypatch.setattr("fluxdiag.engines.encoders.best_device", lambda: SimpleNamespace(type="mps"))
    with pytest.raises(FluxdiagError, match="the profile has no cost for mps"):
        cost(case)


@pytest.mark.parametrize(("policy", "whole"), [("hobby", False), ("marketplace", False), ("studio", True)])
def test_a_lora_is_reported_first_and_all_that_takes_is_said_before(fluxdiag, tmp_path, monkeypatch, policy, whole):
    """No more is drawn than `report` would, unless a line of the policy could be among what that leaves out."""
    drawn = []

    def stop(case, run, suite, show, thorough):
        drawn.append((case.face_pack, thorough))
        raise FluxdiagError("stopped here")

    monkeypatch.setattr("fluxdiag.flow.examine", stop)
    lora, pack = tmp_path / "mine.safetensors", tmp_path / "pack"
    save_file({f"{BLOCKS[0]}.attn.to_q.lora_{side}.weight": np.ones(shape, np.float32) for side, shape in SIDES.items()}, lora)
    pack.mkdir()
    done = fluxdiag("repair", lora, "--trigger", "ohwx woman", "--policy", policy, "--faces", pack, "--out", tmp_path / "out")
    assert drawn == [(str(pack), whole)]
    first, then = (line for line in done.err.splitlines() if " GB of memory" in line)
    assert ("it stops as soon as the verdict is settled" in first) is not whole
    assert then.startswith("then the repair: at most ")
    assert " MB of disk" in then or " GB of disk" in then


# ------------------------------------------------------------------------------------------------ what came of it


def shares(kept=0.95, left=0.4, half=0.05) -> Trial:
    return trial_of().model_copy(update={"kept": about(kept, half), "left": None if left is None else about(left, half)})


@pytest.mark.parametrize(
    ("fresh", "reached"),
    [
        (shares(), True),
        (shares(kept=0.92, left=0.43, half=0.15), True),
        (shares(half=0.5), False),  # the bleed may have been kept as well as the identity
        (shares(kept=0.85), False),
        (shares(left=0.55), False),
        (shares(left=None), False),  # there was nothing to halve, so nothing was gained
    ],
)
def test_the_aims_are_reached_where_more_of_the_bleed_than_of_the_identity_is_clearly_given_up(fresh, reached):
    assert _aims(fresh, NEEDS) == reached


def line(id_: str, outcome: str):
    return result(id_, outcome, "pass" if outcome == "pass" else "error")


def gated(**outcomes: str):
    return answer(*(line(id_, outcome) for id_, outcome in outcomes.items()))


FAILS = {"bleed": "fail", "cause": "fail", "identity": "pass"}
OUTCOMES = [
    (FAILS | {"bleed": "pass"}, shares(left=None), "improved"),  # one line that failed passes
    (FAILS, shares(), "improved"),  # both aims, though no line is passed that was not
    (FAILS, shares(left=None), "not-repairable"),  # no line gained, and nothing to halve
    (FAILS | {"identity": "fail"}, shares(), "not-repairable"),  # worse at the gate
    (FAILS | {"bleed": "pass", "identity": "fail"}, shares(), "not-repairable"),  # one for another
    (FAILS | {"bleed": "unmeasured"}, shares(), "not-repairable"),  # a number lost is no line gained
    (FAILS | {"bleed": "pass", "identity": "undetermined"}, shares(), "not-repairable"),
    (FAILS | {"bleed": "undetermined"}, shares(left=None), "not-repairable"),  # whether it is gained is not known
    (FAILS | {"bleed": "undetermined", "cause": "pass"}, shares(left=None), "improved"),
    (dict.fromkeys(FAILS, "pass"), shares(), "repaired"),
]


@pytest.mark.parametrize(("after", "fresh", "outcome"), OUTCOMES)
def test_better_is_only_said_of_what_is_better_at_the_gate_or_by_both_aims(tmp_path, after, fresh, outcome):
    (tmp_path / "x").write_bytes(b"1")
    said = _judged(record(), fresh, tmp_path / "x", NEEDS, gated(**FAILS), gated(**after), 1)
    assert said.outcome == outcome
    assert said.sentence.startswith("Better, but not enough") == (outcome == "improved")


def test_of_a_file_that_passed_an_edit_that_does_not_is_no_improvement(tmp_path):
    (tmp_path / "x").write_bytes(b"1")
    passed = dict.fromkeys(FAILS, "pass")
    said = _judged(record(), shares(), tmp_path / "x", NEEDS, gated(**passed), gated(**FAILS), 1)
    assert said.outcome == "nothing-to-repair"
    assert said.sentence.startswith("The file passes the gate as it is, and its best edit does not")


def record(**given) -> Repair:
    told = {"outcome": "not-repairable", "sentence": "", "policy": "marketplace", "before": "b", "pictures": 1, "at_most": 2}
    return Repair.model_validate({"lora_sha256": CASE.lora.sha256, **told, **given})


# ------------------------------------------------------------------------------------------------ mistakes


def test_the_record_of_another_repair_is_not_written_over(tmp_path):
    policy = read_policy("marketplace")
    _refuse_other(tmp_path, CASE, policy)
    Run(tmp_path).write(tmp_path / "repair.json", record())
    _refuse_other(tmp_path, CASE, policy)
    for other in ({"lora_sha256": "f" * 64}, {"policy": "studio"}):
        Run(tmp_path).write(tmp_path / "repair.json", record(**other))
        with pytest.raises(FluxdiagError, match=r"repair\.json: is of another LoRA or policy"):
            _refuse_other(tmp_path, CASE, policy)
    (tmp_path / "repair.json").write_text("{}")
    with pytest.raises(FluxdiagError, match="is of another version"):
        _refuse_other(tmp_path, CASE, policy)


def test_the_run_that_one_stands_in_has_a_name_too(tmp_path, monkeypatch):
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path / "mine")
    assert beside(Path()) == beside(tmp_path / "mine") == tmp_path / "mine-repair"


def test_a_case_without_a_trigger_cannot_be_repaired():
    with pytest.raises(FluxdiagError, match="trigger"):
        _refuse(CASE.model_copy(update={"trigger": None, "gaps": {"trigger": "the trigger is nowhere"}}), LORA)


def test_a_file_of_another_repair_is_never_judged_as_this_one(tmp_path):
    tensors = {f"{BLOCKS[0]}.attn.to_q.lora_{side}.weight": np.ones((2, 2), np.float32) for side in "AB"}
    save_file(tensors, tmp_path / "mychar.safetensors")
    lora = read_lora(tmp_path / "mychar.safetensors")
    file = _file(tmp_path, lora, FULL.at(0.8), CASE)
    assert _file(tmp_path, lora, FULL.at(0.8), CASE) == file
    before = file.read_bytes()
    with pytest.raises(FluxdiagError, match=r"of another repair, and now strength-0\.6 is the best edit"):
        _file(tmp_path, lora, FULL.at(0.6), CASE)
    assert file.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["mychar-repaired.safetensors", "mychar.safetensors"]
