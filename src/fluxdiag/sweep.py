"""Which checkpoint, and at which strength? Likeness with the trigger against likeness without it, for every pair.

    OUT/checkpoints/NAME-DIGEST/         the pictures of one checkpoint: a run folder
    OUT/checkpoints/NAME-DIGEST-again/   those of the pick and of the next pair that they were not chosen by
    OUT/sweep.json  OUT/sweep.html

Three looks: all pairs on few prompts, those that may still be the best on all prompts, the last few on a second seed. Then the
pick and the next pair once more on prompts that neither was chosen by: the best of many looks better than it is. The same call
goes on where a killed one was; checkpoints that were added since are all that is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd
from scipy import stats

from fluxdiag.errors import CannotMeasure, FluxdiagError
from fluxdiag.gather import planned
from fluxdiag.instruments.likeness import Likeness, likeness
from fluxdiag.instruments.readings import reading
from fluxdiag.plan import duration, estimate, size
from fluxdiag.records import Case, Measurement, Suite
from fluxdiag.runs import Run
from fluxdiag.searching.checkpoints import Checkpoint, Checkpoints
from fluxdiag.searching.rounds import Rounds, new_rounds, question_of, unseen
from fluxdiag.searching.sweep_records import Again, Pair, Sweep, how_sure, why
from fluxdiag.searching.trials import by_prompt, differences, faces_kept, trial
from fluxdiag.variants import FULL

if TYPE_CHECKING:
    from fluxdiag.engines.studio import Progress

FIRST = 4
"""prompts of the first look"""
KEPT = (8, 3)
"""pairs that go on to all prompts, and to a second seed"""


@dataclass(frozen=True)
class Cell:
    """A checkpoint at a strength."""

    checkpoint: Checkpoint
    strength: float


Scores = dict[Cell, pd.Series]
"""identity less bleed by prompt and seed, 0 where a face was lost: pairs are compared on those that both were drawn with"""


def sweep(
    case: Case, chosen: Checkpoints, strengths: Sequence[float], suite: Suite, out: Path, progress: Progress | None = None
) -> Sweep:
    """`case` is any checkpoint's own: trigger, base and photos are shared. Raises FluxdiagError without trigger or photos."""
    from fluxdiag.engines.studio import Held

    _refuse(case)
    held = Held()
    rounds = {one: new_rounds(_folder(out, one), _case_of(case, one), suite, held, progress) for one in chosen.found}
    return compared(rounds, strengths, chosen.skipped)


def compared(rounds: Mapping[Checkpoint, Rounds], strengths: Sequence[float], skipped: dict[str, str]) -> Sweep:
    """The three looks, and the pick once more."""
    cells = [Cell(one, strength) for one in rounds for strength in dict.fromkeys(strengths)]
    question = next(iter(rounds.values())).question
    looks: dict[Cell, Literal[1, 2, 3]] = dict.fromkeys(cells, 1)
    people, scores = _look(rounds, cells, FIRST, question.seeds[:1], {})
    second = contenders(scores, cells, KEPT[0])
    looks |= dict.fromkeys(second, 2)
    people, scores = _look(rounds, second, len(question.prompts), question.seeds[:1], people)
    third = contenders(scores, second, KEPT[1])
    looks |= dict.fromkeys(third, 3)
    people, scores = _look(rounds, third, len(question.prompts), question.seeds[:2], people)
    order = sorted(cells, key=lambda cell: (-looks[cell], -mean_of(scores[cell])))
    pairs = tuple(_pair(cell, order[0], looks, people, scores) for cell in order)
    again, drawn = _again(rounds, order[:2])
    return Sweep(
        pick=pairs[0].checkpoint,
        pick_sha256=order[0].checkpoint.file.sha256,
        strength=pairs[0].strength,
        why=why(pairs, again),
        sure=how_sure(pairs, again),
        pairs=pairs,
        again=again,
        skipped=skipped,
        pictures=sum(one.with_lora for one in rounds.values()) + drawn,
    )


def cost(case: Case, chosen: Checkpoints, strengths: Sequence[float], suite: Suite) -> str:
    """What it will take at most, in a sentence, before anything is drawn.

    Raises FluxdiagError where the profile does not know what a picture costs on this device.
    """
    from fluxdiag.engines.encoders import best_device

    question = question_of(suite)
    prompts = len(question.prompts)
    pairs = len(chosen.found) * len(set(strengths))
    first, rest = min(FIRST, prompts), prompts - min(FIRST, prompts)
    most = 2 * (pairs * first + min(pairs, KEPT[0]) * rest + min(pairs, KEPT[1]) * prompts) + 2 * 2 * prompts
    most += 2 * (2 + 1) * len(unseen(question).prompts) if pairs > 1 else 0  # the pick, the next pair and the base once more
    one = estimate(planned(case, suite), (), case, suite.model_copy(update={"losses": None}), best_device().type)
    share = most / one.images
    room = f"{one.vram_gb:g} GB of memory for the model, {size(share * one.disk_gb)} of disk"
    tried = f"{len(chosen.found)} checkpoints at {len(set(strengths))} strengths"
    return f"{tried}: at most {most} pictures, about {duration(share * one.minutes)}, {room}"


def _refuse(case: Case) -> None:
    if case.trigger is None:
        what = "neither header, settings nor captions tell the trigger word"
        raise FluxdiagError(what, where=case.lora.path, do="Give it with --trigger")
    if not case.references:
        what = "there are no photos of the person, and checkpoints can only be compared by likeness to them"
        raise FluxdiagError(what, where=case.lora.path, do="Give --references, or --dataset")


def _case_of(case: Case, one: Checkpoint) -> Case:
    return case.model_copy(update={"lora": one.file, "strength": 1.0})


def _folder(out: Path, one: Checkpoint) -> Path:
    """File names are other people's: only letters and digits of them reach a path."""
    return out / "checkpoints" / f"{re.sub(r'[^A-Za-z0-9_-]+', '-', one.label)[:60]}-{one.file.sha256[:8]}"


def _look(
    rounds: Mapping[Checkpoint, Rounds],
    cells: Iterable[Cell],
    prompts: int,
    seeds: tuple[int, ...],
    people: dict[Checkpoint, Likeness],
) -> tuple[dict[Checkpoint, Likeness], Scores]:
    """Draws the look of these pairs, checkpoint by checkpoint; the scores are of all that was ever drawn."""
    wanted: dict[Checkpoint, list[float]] = {}
    for cell in cells:
        wanted.setdefault(cell.checkpoint, []).append(cell.strength)
    people = people | {one: _person(rounds[one], shown, prompts, seeds) for one, shown in wanted.items()}
    shown_ever = {one: sorted(set(person.tables.shots["variant"])) for one, person in people.items()}
    scores = {
        Cell(one, _strength(variant)): differences(people[one], variant)
        for one, variants in shown_ever.items()
        for variant in variants
        if not people[one].tables.arm("trigger", variant=variant).empty
    }
    return people, scores


def _again(rounds: Mapping[Checkpoint, Rounds], best: Sequence[Cell]) -> tuple[Again | None, int]:
    """The pick and the next pair on pictures that neither was chosen by, and how many these took with a checkpoint on."""
    if len(best) < 2:
        return None, 0
    asked = next(iter(rounds.values())).question
    question, (pick, second) = unseen(asked), best
    apart = {cell.checkpoint: rounds[cell.checkpoint].apart(question) for cell in best}
    people, scores = _look(apart, best, len(question.prompts), question.seeds, {})
    person, variant = people[pick.checkpoint], FULL.at(pick.strength).name
    score = reading("score", by_prompt(scores[pick]), "scale", "prompts show a measurable face")
    ahead = reading("ahead", by_prompt(scores[pick] - scores[second]), "scale", "prompts show a measurable face with both")
    again = Again(
        other_prompts=question.prompts != asked.prompts,
        found=trial(person, variant),
        faces=faces_kept(person, variant),
        score=score if isinstance(score, Measurement) else None,
        ahead=ahead if isinstance(ahead, Measurement) else None,
    )
    return again, sum(one.with_lora for one in apart.values())


def _person(one: Rounds, strengths: list[float], prompts: int, seeds: tuple[int, ...]) -> Likeness:
    """The base's pictures are of all prompts from the first look on, so that the scale never moves."""
    one.ask([], one.question.prompts, seeds[:1])
    one.ask([FULL.at(strength) for strength in strengths], one.question.prompts[:prompts], seeds)
    try:
        person = likeness(one.draw())
    except CannotMeasure as shortfall:
        raise FluxdiagError(str(shortfall), where="sweep", do="Give more --references") from shortfall
    if not person.by_references:
        what = "too few reference photos show a measurable face, and checkpoints can only be compared by likeness to them"
        raise FluxdiagError(what, where="sweep", do="Give at least three --references")
    return person


def _strength(variant: str) -> float:
    return float(variant.removeprefix("strength-")) if variant != FULL.name else 1.0


# ------------------------------------------------------------------------------------------------ choosing


def contenders(scores: Mapping[Cell, pd.Series], cells: Iterable[Cell], most: int) -> list[Cell]:
    """The pairs that go on, best first: not behind the leader by more than chance between two, on the same prompts.

    Nothing is claimed of those that stay behind: where many are alike, some are by chance.
    """
    order = sorted(cells, key=lambda cell: -mean_of(scores[cell]))
    open_ = [cell for cell in order if not behind(scores[order[0]], scores[cell])]
    return open_[:most]


def mean_of(score: pd.Series) -> float:
    return float(by_prompt(score).mean()) if len(score) else float("-inf")


def behind(leader: pd.Series, other: pd.Series, among: int = 2) -> bool:
    """Whether the difference is more than chance, whichever `among` so many had come to lead (Bonferroni over ordered pairs).

    Without that, of eighteen pairs that are all alike at least one is "clearly" behind the pick in a quarter of the sweeps
    (tests/simulate_comparisons.py).
    """
    found = reading("behind", by_prompt(leader - other), "scale", "prompts")
    if not isinstance(found, Measurement):
        return False
    two, many = (float(stats.t.ppf(1 - 0.05 / (pairs * (pairs - 1)), found.n - 1)) for pairs in (2, among))
    return found.value - (found.value - found.low) * many / two > 0


def _pair(
    cell: Cell, pick: Cell, looks: Mapping[Cell, Literal[1, 2, 3]], people: Mapping[Checkpoint, Likeness], scores: Scores
) -> Pair:
    score = reading("score", by_prompt(scores[cell]), "scale", "prompts show a measurable face")
    less = reading("behind", by_prompt(scores[pick] - scores[cell]), "scale", "prompts show a measurable face with both")
    # Of two, each may fall behind at either of two looks, so they count as three.
    full = sum(look > 1 for look in looks.values())
    return Pair(
        checkpoint=cell.checkpoint.label,
        step=cell.checkpoint.step,
        strength=cell.strength,
        look=looks[cell],
        found=trial(people[cell.checkpoint], FULL.at(cell.strength).name),
        score=score if isinstance(score, Measurement) else None,
        faces=faces_kept(people[cell.checkpoint], FULL.at(cell.strength).name),
        behind=less if isinstance(less, Measurement) and cell != pick else None,
        clear=looks[cell] > 1 and behind(scores[pick], scores[cell], max(full, 3)),
    )


def written(out: Path, found: Sweep) -> Path:
    """`sweep.json`, and the page beside it."""
    from fluxdiag.searching.sweep_page import render

    Run(out).write(out / "sweep.json", found)
    return render(found, out / "sweep.html")
