"""All figures of the bench in one record: what `accuracy.json` holds and the pages show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from fluxdiag.records import Record
from fluxlab.bench.ablation import Ablated, ablation
from fluxlab.bench.baseline import by_settings
from fluxlab.bench.cells import JUDGING
from fluxlab.bench.early import Early, early_of
from fluxlab.bench.judging import Answer, Bands, answers, fitted, weights_for
from fluxlab.bench.retraining import Retrained, retrained_of
from fluxlab.bench.rows import Row
from fluxlab.bench.scores import Rate, Scores, flips_of, scores_of, turns_of
from fluxlab.bench.states import STATES

FITTING, REPORTING = "Fitting subjects, leave one subject out", "Reporting subjects, never fitted on"

DREW = 1.0
"""s of drawing, below which a run found its pictures on disk: what it took then says nothing"""


class BenchReport(Record):
    schema_: Literal[1] = Field(default=1, alias="schema")
    world: str
    rows: int
    fitted_loras: int
    fitted_subjects: int
    passes: float
    seconds: float = Field(description="of gathering, where it drew; 0 where every picture was there already")
    flips: Rate
    turns: Rate
    sets: dict[str, dict[str, Scores]] = Field(description="set of subjects -> state of knowledge -> scores")
    by_thresholds: dict[str, dict[str, Scores]] = Field(
        default={}, description="as `sets`, by the rules' cited thresholds alone: what a base without weights gets"
    )
    baseline: dict[str, Scores] = Field(description="set of subjects -> what the settings alone would say, all known")
    retrained: Retrained | None = Field(default=None, description="people who were trained in the same way with several seeds")
    ablation: tuple[Ablated, ...] = ()
    early: Early | None = None
    early_by_thresholds: Early | None = Field(default=None, description="the same without weights, as on a base that has none")

    model_config = Record.model_config | {"populate_by_name": True}


def bench_report(rows: Sequence[Row], bands: Bands, world: str, *, ablate: bool) -> BenchReport:
    """Every figure, from the rows of one world."""
    weights = weights_for(rows, bands, world)
    sets = {name: chosen for name, chosen in _sets(rows).items() if chosen}
    said = {name: answers(chosen, bands, weights) for name, chosen in sets.items()}
    first = [row for row in rows if not row.probe_seeds]
    informed = [answer for found in said.values() for answer in found if answer.state == "all"]
    whole = fitted(rows, bands, world)
    judged = sets.get(REPORTING) or sets.get(FITTING) or []
    return BenchReport(
        world=world,
        rows=len(rows),
        fitted_loras=whole.loras,
        fitted_subjects=len(whole.subjects),
        passes=_mean([row.passes for row in first]),
        seconds=_mean([row.seconds["all"] for row in first if row.seconds.get("draw", DREW) >= DREW]),
        flips=flips_of(informed),
        turns=turns_of(informed),
        sets={name: _by_state(found) for name, found in said.items()},
        by_thresholds={name: _by_state(answers(chosen, bands, lambda row: None)) for name, chosen in sets.items()},
        baseline={name: scores_of([by_settings(row, "all", bands) for row in chosen]) for name, chosen in sets.items()},
        retrained=retrained_of(informed),
        ablation=tuple(ablation(rows, bands, world, judged)) if ablate else (),
        early=early_of(rows, bands, weights),
        early_by_thresholds=early_of(rows, bands, lambda row: None),
    )


def _sets(rows: Sequence[Row]) -> dict[str, list[Row]]:
    return {
        REPORTING: [row for row in rows if row.subject >= JUDGING],
        FITTING: [row for row in rows if row.subject < JUDGING],
    }


def _by_state(found: Sequence[Answer]) -> dict[str, Scores]:
    return {state: scores_of([answer for answer in found if answer.state == state]) for state in STATES}


def _mean(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 1) if values else 0.0
