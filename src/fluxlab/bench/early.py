"""Deciding early, tried on finished runs: what the first few prompts alone would have said, and whether it was the same.

Pictures that gather would not have drawn are left out of the tables; everything else, `settled` included, is the real thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from fluxdiag.instruments.tables import Tables, load_tables
from fluxdiag.measure import measured
from fluxdiag.records import Evidence, Record
from fluxdiag.runs import Run
from fluxdiag.settled import LOOKS, settled
from fluxlab.bench.judging import Bands, Weights, answer
from fluxlab.bench.rows import Look, Row, numbers_of
from fluxlab.bench.scores import Rate, rate


class Early(Record):
    """What looking early saves, and what it costs in verdicts."""

    looks: tuple[int, ...]
    loras: int
    share: float
    """of the forward passes, on average"""
    same: Rate
    stopped: dict[str, int]
    """prompts -> LoRAs that were settled there"""


def first_prompts(tables: Tables, prompts: int) -> Tables:
    """Of every arm and kind of prompt the first so many, in the order of the suite."""
    order = tables.shots.groupby(["arm", "kind", "variant"])["prompt_id"].transform(lambda ids: ids.factorize()[0])
    return replace(tables, shots=tables.shots[order < prompts])


def looks_of(run: Run, steps: int, loss_passes: int, everything: Evidence) -> dict[str, Look]:
    """The early looks of a finished run: those at fewer prompts than it has."""
    tables, known, found = load_tables(run), numbers_of(everything), {}
    for prompts in LOOKS:
        if prompts < tables.arm("trigger")["prompt_id"].nunique():
            fewer = first_prompts(tables, prompts)
            numbers = numbers_of(measured(fewer))
            found[str(prompts)] = Look(
                passes=len(fewer.shots) * steps + loss_passes,
                measurements={key: value for key, value in numbers.items() if known.get(key) != value},
                missing=tuple(sorted(known.keys() - numbers.keys())),
            )
    return found


def early_of(rows: Sequence[Row], bands: Bands, weights: Weights) -> Early | None:
    """Each LoRA stops at the first look at which it is settled. None where no row was looked at early."""
    looked = [row for row in rows if row.looks and not row.probe_seeds]
    if not looked:
        return None
    stops = [stop_of(row, bands, weights) for row in looked]
    said = [_said(row, look, bands, weights) == _said(row, None, bands, weights) for row, look in zip(looked, stops, strict=True)]
    shares = [(row.looks[look].passes if look else row.passes) / row.passes for row, look in zip(looked, stops, strict=True)]
    return Early(
        looks=tuple(sorted({int(look) for row in looked for look in row.looks})),
        loras=len(looked),
        share=round(float(np.mean(shares)), 4),
        same=rate(said),
        stopped={look or "all": stops.count(look) for look in dict.fromkeys(stops)},
    )


def stop_of(row: Row, bands: Bands, weights: Weights) -> str | None:
    """The look at which this LoRA is settled; None where it takes all prompts."""
    looks = LOOKS[: len(row.looks) + 1]  # the last one is all prompts of its suite
    for look in looks[:-1]:
        if settled(row.look(str(look), bands), look, weights(row), looks):
            return str(look)
    return None


def _said(row: Row, look: str | None, bands: Bands, weights: Weights) -> tuple[str, str]:
    evidence = row.evidence("all", bands) if look is None else row.look(look, bands)
    said = answer(row, "all", evidence, weights(row))
    return said.verdict, said.called
