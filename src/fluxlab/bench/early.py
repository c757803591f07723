"""Deciding early, tried on finished runs: the very decisions that gathering takes (`fluxdiag/gathering/stopping.py`), on rows.

A row holds what the first few prompts alone would have told and what all of them did. From there the policy is followed look
by look: what it would not have drawn is taken away, what it would have drawn is counted in forward passes. Measurements of a
part that was drawn at one look are those of that look, so nothing is estimated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from fluxdiag.gathering.in_rounds import asked_keys
from fluxdiag.gathering.stopping import LOOKS, Drawn, Plan
from fluxdiag.gathering.stopping import looks_of as looks_at
from fluxdiag.instruments.parts import LOSSES, loss_part, part
from fluxdiag.instruments.tables import Tables, load_tables
from fluxdiag.measure import measured
from fluxdiag.records import LEFT_OUT, Evidence, Record, Suite
from fluxdiag.runs import Run
from fluxdiag.suites import load_suite
from fluxdiag.weighing.calibration import Calibration
from fluxlab.bench.judging import Bands, Weights, answer
from fluxlab.bench.rows import Look, Row, numbers_of
from fluxlab.bench.scores import Rate, rate

PROBED = {"training": "loss.training-gain", "held-out": "loss.heldout-gain"}
"""split -> a measurement that counts its photos"""


class Early(Record):
    """What stopping early saves, and what it costs in verdicts."""

    looks: tuple[int, ...]
    loras: int
    share: float
    """of the forward passes, on average"""
    same: Rate
    """verdict and first cause as with everything drawn"""
    stopped: dict[str, int]
    """prompts -> LoRAs that were settled there"""


# ------------------------------------------------------------------------------------------------ from a run


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


# ------------------------------------------------------------------------------------------------ from rows


def early_of(rows: Sequence[Row], bands: Bands, weights: Weights) -> Early | None:
    """Each LoRA as gathering by looks would have left it. None where no row holds what it needs."""
    looked = [row for row in rows if not row.probe_seeds and _looked_at(row)]
    if not looked:
        return None
    asked = asked_keys()
    ended = [(row, *followed(row, bands, weights(row), asked)) for row in looked]
    stops = [str(max(drawn.values())) for _, _, drawn in ended]
    return Early(
        looks=tuple(sorted({look for row in looked for look in looks_at(_suite(row.suite))})),
        loras=len(looked),
        share=round(float(np.mean([passes_of(row, drawn) / row.passes for row, _, drawn in ended])), 4),
        same=rate(_said(row, seen, weights) == _said(row, row.evidence("all", bands), weights) for row, seen, _ in ended),
        stopped={look: stops.count(look) for look in sorted(set(stops), key=int)},
    )


def _looked_at(row: Row) -> bool:
    """At every look before the last, of which the suite of this row may have none."""
    return all(str(look) in row.looks for look in looks_at(_suite(row.suite))[:-1])


def followed(row: Row, bands: Bands, calibration: Calibration | None, asked: frozenset[str]) -> tuple[Evidence, Drawn]:
    """The evidence with which gathering by looks would have ended, and what it would have drawn by then."""
    looks = looks_at(_suite(row.suite))
    costs = {name: passes_of(row, {name: looks[-1]}) for name in sorted(parts_of_row(row))}
    plan = Plan(costs, looks, calibration, asked)
    drawn: Drawn = {}
    following = plan.first()
    while following != drawn:
        drawn = following
        evidence = known_after(row, drawn, plan, bands)
        following = plan.after(evidence, drawn)
    return evidence, drawn


def known_after(row: Row, drawn: Drawn, plan: Plan, bands: Bands) -> Evidence:
    """What these parts of the suite would have told."""
    look, undrawn = max(drawn.values()), plan.undrawn(drawn)
    seen = row.evidence("all", bands) if look == plan.looks[-1] else row.look(str(look), bands)
    kept = {key: found for key, found in seen.measurements.items() if key not in undrawn}
    return seen.model_copy(update={"measurements": kept, "gaps": seen.gaps | dict.fromkeys(sorted(undrawn), LEFT_OUT)})


def parts_of_row(row: Row) -> frozenset[str]:
    """What was drawn for this LoRA, by part."""
    pictures = {name for name in _pictures(_suite(row.suite), 0) if name.partition(":")[0] in row.shots}
    known = row.states["all"].measurements
    prompts = {"training": ("trigger", "class"), "held-out": ("trigger", "class")}
    losses = {loss_part(split, name) for split, names in prompts.items() if PROBED[split] in known for name in names}
    described = {"loss.description", PROBED["training"]} <= known.keys()
    captions = {loss_part("training", name) for name in ("caption", "caption-bare") if described}
    return frozenset(pictures | losses | captions)


def passes_of(row: Row, drawn: Drawn) -> int:
    """Forward passes of these parts: pictures times steps, and one a photo, sigma, noise and switch of the LoRA."""
    suite = _suite(row.suite)
    steps = (row.passes - row.loss_passes) // sum(row.shots.values())
    pictures = sum(_pictures(suite, upto)[name] for name, upto in drawn.items() if not name.startswith(LOSSES))
    known, losses = row.states["all"].measurements, suite.losses
    each = 0 if losses is None else 2 * len(losses.sigmas) * losses.noises
    photos = sum(known[PROBED[_split(name)]][3] for name in drawn if name.startswith(LOSSES))
    return pictures * steps + photos * each


def _split(loss: str) -> str:
    return loss.removeprefix(LOSSES).partition("/")[0]


def _pictures(suite: Suite, upto: int) -> dict[str, int]:
    """Part -> its pictures at the first so many prompts of each kind, at all of them after the last look."""
    found: dict[str, int] = {}
    limit = None if upto == looks_at(suite)[-1] else upto
    for probe in suite.probes:
        for kind in dict.fromkeys(prompt.kind for prompt in probe.prompts):
            prompts = [prompt for prompt in probe.prompts if prompt.kind == kind][:limit]
            for arm in probe.arms:
                for variant in probe.variants if not arm.endswith("base") else ("full",):
                    name = part(arm, variant, kind)
                    found[name] = found.get(name, 0) + len(prompts) * len(probe.seeds)
    return found


@cache
def _suite(name: str) -> Suite:
    return load_suite(name)[0]


def _said(row: Row, evidence: Evidence, weights: Weights) -> tuple[str, str]:
    said = answer(row, "all", evidence, weights(row))
    return said.verdict, said.called
