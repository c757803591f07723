"""Which checkpoints there are, which pair is picked and how sure that is, and the page, on made-up LoRAs."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import save_file

from fluxdiag.commands.repair import _numbers
from fluxdiag.errors import FluxdiagError
from fluxdiag.instruments.likeness import likeness
from fluxdiag.plan import disk_gb, duration, size
from fluxdiag.profiles import load_profile
from fluxdiag.searching.checkpoints import Checkpoint, Checkpoints, checkpoints
from fluxdiag.searching.rounds import question_of, unseen
from fluxdiag.searching.sweep_records import Sweep, how_sure, why
from fluxdiag.searching.trials import differences, faces_kept
from fluxdiag.suites import load_suite
from fluxdiag.sweep import Cell, _folder, _refuse, behind, compared, contenders, cost, mean_of, written
from fluxdiag.variants import FULL, Variant
from painted import PaintedRounds, painted
from simulated import HEALTHY, Simulation, Truth

CASE = Simulation("unused", Truth(HEALTHY)).case()
STRENGTHS = (0.6, 0.8, 1.0)


def lora_at(path: Path, seed: int = 0, metadata=None) -> Path:
    rng = np.random.default_rng(seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    name = "transformer.single_transformer_blocks.0.attn.to_q"
    tensors = {
        f"{name}.lora_A.weight": rng.normal(size=(2, 3072)).astype(np.float16),
        f"{name}.lora_B.weight": rng.normal(size=(3072, 2)).astype(np.float16),
    }
    save_file(tensors, path, metadata)
    return path


# ------------------------------------------------------------------------------------------------ what it takes


def test_what_it_takes_is_said_before_anything_is_drawn(monkeypatch):
    """Two pairs on eight prompts: both stay for the second seed, and are drawn once more. Of the base two arms each time."""
    chosen, (suite, _), profile = Checkpoints((None, None), {}), load_suite("quick"), load_profile(CASE.base)
    prompts = len(question_of(suite).prompts)
    most = 2 * (2 * prompts + 2 * prompts) + 4 * prompts + 2 * (2 * prompts) + 2 * prompts
    said = cost(CASE, chosen, (1.0,), suite)
    time = duration(most * profile.cost.seconds_per_image["cpu"] / 60)
    assert said.startswith(f"2 checkpoints at 1 strengths: at most {most} pictures, about {time}, {profile.cost.vram_gb:g} GB")
    assert said.endswith(f"{size(disk_gb(most, profile))} of disk")
    alone = cost(CASE, Checkpoints((None,), {}), (1.0,), suite)
    assert f"at most {2 * 2 * prompts + 4 * prompts} pictures" in alone, "of one nothing is chosen"
    monkeypatch.setattr("fluxdiag.engines.encoders.best_device", lambda: SimpleNamespace(type="mps"))
    with pytest.raises(FluxdiagError, match="the profile has no cost for mps"):
        cost(CASE, chosen, (1.0,), suite)


# ------------------------------------------------------------------------------------------------ finding


@pytest.mark.parametrize(
    "names",
    [
        ["mine-000500", "mine-001000", "mine"],
        ["mine_000000500", "mine_000001000", "mine"],
        ["mine-step00000500", "mine-step00001000", "mine"],
    ],
)
def test_a_trainers_folder_is_read_in_the_order_of_its_steps(tmp_path, names):
    for seed, name in enumerate(reversed(names)):
        lora_at(tmp_path / f"{name}.safetensors", seed)
    (tmp_path / "mine.state.safetensors").write_bytes(b"no checkpoint")
    (tmp_path / "sample.png").write_bytes(b"")
    found = checkpoints([tmp_path])
    assert [one.label for one in found.found] == names
    assert [one.step for one in found.found] == [500, 1000, None]
    assert list(found.skipped) == ["mine.state.safetensors"]


@pytest.mark.parametrize(
    ("names", "taken", "skipped"),
    [
        (["fatema-000500", "fatema"], ["fatema-000500", "fatema"], []),  # a name, not an average of the weights
        (["mine-000500", "mine", "mine_ema"], ["mine-000500", "mine"], ["mine_ema.safetensors"]),
        (["mine", "optimizer"], ["mine"], ["optimizer.safetensors"]),
        (["mine-2000", "mine-1950"], ["mine-1950", "mine-2000"], []),  # round, so steps
        (["alice-2023-000500", "alice-2023"], ["alice-2023-000500", "alice-2023"], []),
    ],
)
def test_names_that_only_look_like_a_state_or_a_step_are_told_apart(tmp_path, names, taken, skipped):
    for seed, name in enumerate(names):
        lora_at(tmp_path / f"{name}.safetensors", seed)
    found = checkpoints([tmp_path])
    assert [one.label for one in found.found] == taken
    assert list(found.skipped) == skipped


def test_two_years_are_two_trainings(tmp_path):
    for seed, name in enumerate(("alice-2023", "alice-2024")):
        lora_at(tmp_path / f"{name}.safetensors", seed)
    with pytest.raises(FluxdiagError, match="2 trainings: alice-2023, alice-2024"):
        checkpoints([tmp_path])


def test_folders_of_checkpoints_are_found(tmp_path):
    for seed, number in enumerate((1000, 500)):
        lora_at(tmp_path / f"checkpoint-{number}" / "pytorch_lora_weights.safetensors", seed)
    assert [(one.label, one.step) for one in checkpoints([tmp_path]).found] == [
        ("checkpoint-500", 500),
        ("checkpoint-1000", 1000),
    ]


def test_the_header_knows_the_step_better_than_the_name(tmp_path):
    """kohya numbers epochs."""
    lora_at(tmp_path / "mine-000002.safetensors", 1, {"ss_steps": "800"})
    lora_at(tmp_path / "mine-000010.safetensors", 2, {"ss_steps": "400"})
    assert [(one.label, one.step) for one in checkpoints([tmp_path]).found] == [("mine-000010", 400), ("mine-000002", 800)]


def test_what_cannot_be_read_or_is_there_twice_is_left_out_with_a_reason(tmp_path):
    lora_at(tmp_path / "mine-000500.safetensors")
    lora_at(tmp_path / "mine.safetensors")
    (tmp_path / "mine-000600.safetensors").write_bytes(b"cut off")
    found = checkpoints([tmp_path])
    assert [one.label for one in found.found] == ["mine-000500"]
    assert found.skipped["mine"] == "the same bytes as mine-000500"
    assert found.skipped["mine-000600"]


def test_a_folder_of_two_trainings_or_of_none_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(FluxdiagError, match="no safetensors files"):
        checkpoints([tmp_path / "empty"])
    with pytest.raises(FluxdiagError, match=r"/nowhere\.safetensors: there are no checkpoints here"):
        checkpoints([tmp_path / "nowhere.safetensors"])
    for name in ("one-000100", "two-000100"):
        lora_at(tmp_path / f"{name}.safetensors")
    with pytest.raises(FluxdiagError, match="2 trainings: one, two"):
        checkpoints([tmp_path])


@pytest.mark.parametrize("label", ["../../etc", "a/b", "x" * 300, "<b>", "a\nb"])
def test_a_name_of_a_checkpoint_is_never_a_path(label):
    folder = _folder(Path("out"), Checkpoint(Path("x"), label, None, CASE.lora))
    assert folder.parent == Path("out/checkpoints")
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,69}", folder.name)


@pytest.mark.parametrize("given", ["", "a", "0.5,,1", "0", "-1", "nan", "9", "0.5;1"])
def test_strengths_that_are_none_are_refused(given):
    with pytest.raises(FluxdiagError, match="no strengths"):
        _numbers(given)


def test_a_face_pack_that_is_named_reads_the_faces(fluxdiag, tmp_path, monkeypatch):
    seen, pack = [], tmp_path / "pack"
    pack.mkdir()

    def stop(case, *rest):
        seen.append(case.face_pack)
        raise FluxdiagError("stopped here")

    monkeypatch.setattr("fluxdiag.sweep.sweep", stop)
    for call in ((), ("--faces", pack)):
        done = fluxdiag("sweep", lora_at(tmp_path / "mine.safetensors"), "--out", tmp_path / "out", *call)
        assert " GB of memory for the model, " in done.err
        assert done.mistake == "fluxdiag: stopped here"
    assert seen == [None, str(pack)]


def test_strengths_are_numbers_with_commas():
    assert _numbers("0.6, 0.8,1") == STRENGTHS


# ------------------------------------------------------------------------------------------------ choosing


def training(step: int):
    """Identity comes early, bleed later, and both with the strength."""

    def shown(variant: Variant) -> tuple[float, float]:
        identity = 0.7 * np.tanh(step / 500 * variant.strength)
        return identity, 0.5 * (step / 3000 * variant.strength) ** 1.5

    return shown


def checkpoint(step: int) -> Checkpoint:
    return Checkpoint(Path(f"c-{step}"), f"c-{step}", step, CASE.lora.model_copy(update={"sha256": f"{step:064d}"}))


def swept(tmp_path, steps=(250, 1000, 2000, 3000), strengths=STRENGTHS, **more) -> Sweep:
    ones = [checkpoint(step) for step in steps]
    rounds = {one: painted(tmp_path / one.label, CASE, training(one.step), **more) for one in ones}
    return compared(rounds, strengths, {})


def test_the_pick_has_the_widest_difference_and_the_others_are_behind_it(tmp_path):
    found = swept(tmp_path, spread=0.005)
    cells = [(step, strength) for step in (250, 1000, 2000, 3000) for strength in STRENGTHS]
    truth = {cell: np.subtract(*training(cell[0])(Variant(cell[1]))) for cell in cells}
    first = found.pairs[0]
    assert (found.pick, found.strength, found.pick_sha256) == (first.checkpoint, first.strength, f"{first.step:064d}")
    assert truth[first.step, first.strength] > max(truth.values()) - 0.01
    assert len(found.pairs) == len(cells)
    last = min(found.pairs, key=lambda pair: truth[pair.step, pair.strength])
    assert (first.behind, first.look) == (None, 3)
    assert last.look == 1, "what is clearly worse goes no further than the first look"
    assert last.behind.low > 0


def test_noise_makes_rivals_and_that_is_said(tmp_path):
    found = swept(tmp_path, steps=(1000, 1010), strengths=(1.0,), spread=0.2)
    assert "cannot be told from" in found.sure
    assert found.pairs[1].behind.low <= 0


def test_ten_checkpoints_take_no_more_pictures_than_four_reports(tmp_path):
    found = swept(tmp_path, steps=range(300, 3300, 300), spread=0.2)
    assert found.pictures <= 4 * 168
    assert {pair.look for pair in found.pairs} == {1, 2, 3}


# ------------------------------------------------------------------------------------------------ once more


QUICK, FULL_SUITE = (question_of(load_suite(name)[0]) for name in ("quick", "full"))
OWN = replace(QUICK, prompts=(*QUICK.prompts[:3], QUICK.prompts[3].model_copy(update={"text": "{subject} as a drawing"})))


@pytest.mark.parametrize(
    ("asked", "prompts", "seeds"),
    [
        (QUICK, FULL_SUITE.prompts[8:], (101,)),
        (FULL_SUITE, FULL_SUITE.prompts, (104,)),  # there are no others
        (replace(FULL_SUITE, prompts=FULL_SUITE.prompts[:9]), FULL_SUITE.prompts[:9], (104,)),  # not so many
        (OWN, OWN.prompts, (103,)),  # of another kind
    ],
)
def test_what_chose_nothing_are_other_prompts_of_the_same_kind_or_else_other_noise(asked, prompts, seeds):
    found = unseen(asked)
    assert (found.prompts, found.seeds, found.probe) == (prompts, seeds, asked.probe)
    places = [{(prompt.id, seed) for prompt in each.prompts for seed in each.seeds} for each in (asked, found)]
    assert not places[0] & places[1]


def test_the_picks_own_numbers_are_of_pictures_that_chose_nothing(tmp_path):
    drawn = {}
    real, rounds = (
        PaintedRounds.draw,
        {one: painted(tmp_path / one.label, CASE, training(one.step)) for one in map(checkpoint, (900, 990))},
    )

    def draw(self):
        drawn[self.run.folder.name] = {(prompt, seed) for variant, prompt, seed in self.drawn if variant}
        return real(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PaintedRounds, "draw", draw)
        found = compared(rounds, (1.0,), {})
    assert {name for name in drawn if name.endswith("-again")} == {"c-900-again", "c-990-again"}
    assert not drawn["c-900"] & drawn["c-900-again"]
    assert found.pictures == 2 * sum(len(places) for places in drawn.values())
    again, (pick, second) = found.again, found.pairs
    assert (again.other_prompts, again.found.pictures, again.found.identity.n) == (True, 16, 8)
    assert f"Likeness is {again.found.identity.value:.2f} when" in found.why
    assert "on prompts that it was not chosen by. It was chosen for the widest difference." in found.why
    said = f"less that of {second.checkpoint} at 1 is {again.ahead.value:.2f} [{again.ahead.low:.2f}, {again.ahead.high:.2f}]."
    assert found.sure.endswith(said)
    assert again.score != pick.score


def test_other_noise_on_the_same_prompts_is_said_to_flatter_still(tmp_path):
    rounds = {one: painted(tmp_path / one.label, CASE, training(one.step)) for one in map(checkpoint, (900, 990))}
    for each in rounds.values():
        each.question = OWN
    found = compared(rounds, (1.0,), {})
    assert not found.again.other_prompts
    assert "with starting noise that it was not chosen by, on the same prompts, which flatter it still" in found.why


def test_of_one_pair_nothing_is_chosen_and_nothing_drawn_again(tmp_path):
    found = swept(tmp_path, steps=(900,), strengths=(1.0,))
    assert (found.again, found.pictures) == (None, 2 * 2 * 8)


def test_the_best_of_many_alike_looks_better_than_it_is_only_by_the_pictures_that_chose_it(tmp_path):
    """Six sweeps of ten checkpoints that all show .5 called and .1 not: .4 in cosines."""
    shown = []
    for number in range(6):
        ones = {f"c-{step}": checkpoint(step) for step in range(10 * number, 10 * number + 10)}
        alike = {one: painted(tmp_path / name, CASE, lambda variant: (0.5, 0.1), spread=0.2) for name, one in ones.items()}
        found = compared(alike, (1.0,), {})
        chosen = alike[ones[found.pick]]
        again = chosen.apart(unseen(QUICK))
        again.ask([], again.question.prompts, again.question.seeds)
        people = [likeness(each.draw()) for each in (chosen, again)]
        scores = found.pairs[0].score.value, found.again.score.value
        shown.append([score * (person.ceiling - person.floor) for score, person in zip(scores, people, strict=True)])
    by_choice, once_more = np.mean(shown, axis=0)
    assert by_choice > 0.4 + 0.03
    assert once_more == pytest.approx(0.4, abs=0.025)


def test_a_second_sweep_of_the_same_asks_for_the_same(tmp_path):
    assert swept(tmp_path / "one", spread=0.05) == swept(tmp_path / "two", spread=0.05)


def by_picture(values, seed: int = 1) -> pd.Series:
    index = pd.MultiIndex.from_tuples([(f"p{at}", seed) for at in range(len(values))], names=["prompt_id", "seed"])
    return pd.Series(values, index=index)


def test_pairs_are_compared_on_the_seeds_that_both_were_drawn_with():
    """The second seed is another face altogether, which only the leader was asked for."""
    leader = pd.concat([by_picture([0.5, 0.6, 0.55, 0.5]), by_picture([0.9, 0.9, 0.9, 0.9], seed=2)])
    assert not behind(leader, by_picture([0.5, 0.59, 0.56, 0.5]))
    assert behind(leader, by_picture([0.3, 0.4, 0.36, 0.3]))


def test_a_lead_over_many_has_to_be_wider_than_one_over_the_only_other():
    leader = by_picture([0.5, 0.6, 0.55, 0.5])
    near, far = by_picture([0.4, 0.42, 0.5, 0.42]), by_picture([0.2, 0.3, 0.26, 0.2])
    assert (behind(leader, near), behind(leader, near, 8)) == (True, False)
    assert behind(leader, far, 8)
    assert not behind(leader, by_picture([0.1]), 8), "of one prompt nothing is known"


def test_where_all_pairs_are_alike_hardly_any_is_called_clearly_worse():
    rng, wrong = np.random.default_rng(5), []
    for _ in range(300):
        alike = [by_picture(row) for row in rng.normal(0, 0.15, 8) + rng.normal(0, 0.12, (8, 8))]
        pick, *others = sorted(alike, key=mean_of, reverse=True)
        wrong.append([any(behind(pick, other, among) for other in others) for among in (2, len(alike))])
    one, all_ = np.mean(wrong, axis=0)
    assert one > 0.25
    assert all_ < 0.05


def burnt(strength_of_face: float):
    """Cosines of a checkpoint that shows more of the person wherever it still paints a face."""
    return lambda variant: (strength_of_face, 0.05)


@pytest.mark.parametrize(
    ("lost", "pick"),
    [
        (5, "c-500"),  # of eight prompts: where it paints a face it is the person, mostly it paints none
        (1, "c-900"),  # one face in eight is less than what it gains
    ],
)
def test_a_face_that_is_lost_counts_against_a_checkpoint(tmp_path, lost, pick):
    sound = painted(tmp_path / "sound", CASE, burnt(0.4), spread=0.01)
    other = painted(tmp_path / "other", CASE, burnt(0.6), spread=0.01, lost=lambda variant, place: place >= 8 - lost)
    found = compared({checkpoint(500): sound, checkpoint(900): other}, (1.0,), {})
    assert found.pick == pick
    assert [pair.faces for pair in sorted(found.pairs, key=lambda pair: pair.step)] == [1, 1 - lost / 8]
    assert ("a face was lost" in found.why) == (pick == "c-900")


def test_only_a_face_that_the_base_shows_can_be_lost(tmp_path):
    rounds = painted(tmp_path, CASE, burnt(0.4), lost=lambda variant, place: place < 2)
    rounds.ask([FULL], rounds.question.prompts, [1])
    tables = rounds.draw()
    person = likeness(tables)
    assert (differences(person, "full") == 0).sum() == 2
    assert faces_kept(person, "full") == 6 / 8
    for shot in tables.shots["id"][tables.shots["prompt_id"] == rounds.question.prompts[0].id]:
        tables.faces.pop(shot, None)
    base_without = likeness(tables)
    assert len(differences(base_without, "full")) == 7, "of a prompt that the base paints no face in either nothing is known"
    assert faces_kept(base_without, "full") == 6 / 7


def test_contenders_are_those_that_are_not_clearly_behind():
    scores = {
        Cell(checkpoint(step), 1.0): by_picture([base, base + 0.1, base + 0.05, base + wobble])
        for step, base, wobble in ((1, 0.5, 0.0), (2, 0.1, 0.01), (3, 0.45, 0.3))
    }
    assert [cell.checkpoint.step for cell in contenders(scores, scores, 5)] == [3, 1]
    assert len(contenders(scores, scores, 1)) == 1


def test_without_photos_or_trigger_nothing_is_compared(tmp_path):
    with pytest.raises(FluxdiagError, match="no photos of the person"):
        _refuse(CASE.model_copy(update={"references": ()}))
    with pytest.raises(FluxdiagError, match="trigger") as caught:
        _refuse(CASE.model_copy(update={"trigger": None, "gaps": {"trigger": "it is not told; give it with --trigger"}}))
    assert (caught.value.where, str(caught.value).lower().count("give it with --trigger")) == (CASE.lora.path, 1)
    with pytest.raises(FluxdiagError, match="too few reference photos"):
        swept(tmp_path, references=2)


def test_how_sure_counts_those_that_are_clearly_behind(tmp_path):
    pairs = swept(tmp_path, spread=0.005).pairs
    clear = [pair.model_copy(update={"look": 2, "clear": True}) for pair in pairs]
    assert how_sure(clear) == "Clearly better than each of the 11 others drawn in full."
    one_open = [*clear[:-1], clear[-1].model_copy(update={"clear": False})]
    assert how_sure(one_open).startswith("Clearly better than 10 of the 11 others drawn in full; cannot be told from ")
    assert how_sure(clear[:2]) == "Clearly better than the other one drawn in full."
    last = pairs[-1]
    assert how_sure([clear[0], one_open[-1]]) == f"It cannot be told from {last.checkpoint} at {last.strength:g}."
    assert how_sure(clear[:1]) == "There was nothing to compare it with."


def test_nothing_is_claimed_of_what_left_at_the_first_look(tmp_path):
    pairs = swept(tmp_path, spread=0.005).pairs
    early = [pair.model_copy(update={"look": 1, "clear": False}) for pair in pairs]
    assert how_sure([pairs[0], *early[1:]]) == "11 pairs went no further than the first few prompts, being behind on those."
    second = pairs[1].model_copy(update={"look": 2, "clear": True})
    both = how_sure([pairs[0], second, *early[2:]])
    assert both.startswith(
        "Clearly better than the other one drawn in full. 10 more pairs went no further than the first few prompts"
    )
    assert not any(pair.clear for pair in pairs if pair.look == 1)


def test_why_says_the_two_numbers_and_no_more_than_is_so(tmp_path):
    pairs = swept(tmp_path, spread=0.005).pairs
    identity, bleed = pairs[0].found.identity.value, pairs[0].found.bleed.value
    said = f"Likeness is {identity:.2f} when the person is called and {bleed:.2f} when not: the widest difference."
    assert why(pairs) == said
    better = pairs[-1].score.model_copy(update={"value": 0.99})
    seen_less = [*pairs[:-1], pairs[-1].model_copy(update={"score": better})]
    assert why(seen_less) == said[:-1] + " of those drawn in full."


# ------------------------------------------------------------------------------------------------ the page


class Page(HTMLParser):
    """Tags that were opened, and every text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.texts, self.links = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data):
        self.texts.append(data)


def test_the_page_shows_every_pair_and_asks_for_nothing(tmp_path):
    found = swept(tmp_path)
    html = written(tmp_path / "out", found).read_text()
    page = Page(html)
    assert page.tags.count("circle") == len(found.pairs) + 2 * 4, "every pair, and each checkpoint's two over the steps"
    assert page.tags.count("tr") == len(found.pairs) + 1
    assert "script" not in page.tags
    assert page.links == ["data:,"]
    assert Sweep.model_validate_json((tmp_path / "out" / "sweep.json").read_text()) == found


def test_marks_lie_inside_the_figure(tmp_path):
    html = written(tmp_path / "out", swept(tmp_path, spread=0.2)).read_text()
    xs, ys = ([float(at) for at in re.findall(rf'c{axis}="([^"]+)"', html)] for axis in "xy")
    assert min(xs) >= 56
    assert max(xs) <= 720
    assert min(ys) >= 0
    assert max(ys) <= 440


def test_what_a_file_is_called_is_shown_and_never_obeyed(tmp_path):
    name = '<img src=x onerror="alert(1)">\u202egnp'
    found = swept(tmp_path)
    pairs = tuple(pair.model_copy(update={"checkpoint": name}) for pair in found.pairs)
    evil = found.model_copy(update={"pick": name, "pairs": pairs, "skipped": {name: name}})
    html = written(tmp_path / "out", evil).read_text()
    assert "img" not in Page(html).tags
    assert "\u202e" not in html
