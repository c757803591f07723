"""What each instrument is worth: the macro recall without it, all weights fitted again, and the forward passes that it costs."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.records import Record
from fluxdiag.registry import Instrument, instruments
from fluxdiag.weighing.speaking import HEARINGS
from fluxlab.bench.judging import Bands, answers, weights_for
from fluxlab.bench.rows import Row
from fluxlab.bench.scores import Scores, scores_of


class Ablated(Record):
    """One instrument taken away. `passes`: of the arms and losses that it reads, shared with others that read them too."""

    instrument: str
    passes: float
    macro_recall: float | None
    false_alarms: float | None
    brier: float | None
    heard: bool
    """whether any cause listens to it at all"""


def ablation(rows: Sequence[Row], bands: Bands, world: str, judged: Sequence[Row]) -> list[Ablated]:
    """Every instrument in turn; `rows` to fit on, `judged` to be judged, both in the state that knows everything."""
    listened = {speaker.key for hearing in HEARINGS.values() for speaker in hearing.speakers}
    found = []
    for instrument in instruments():
        without = frozenset(instrument.gives)
        weights = weights_for(rows, bands, world, without)
        scores = scores_of(answers(judged, bands, weights, ("all",), without))
        found.append(_ablated(instrument, scores, passes_of(instrument, judged), bool(listened & without)))
    return sorted(found, key=lambda each: each.macro_recall if each.macro_recall is not None else 1.0)


def _ablated(instrument: Instrument, scores: Scores, passes: float, heard: bool) -> Ablated:
    return Ablated(
        instrument=instrument.name,
        passes=passes,
        macro_recall=scores.macro_recall,
        false_alarms=scores.false_alarms.value,
        brier=scores.brier,
        heard=heard,
    )


def passes_of(instrument: Instrument, rows: Sequence[Row]) -> float:
    """Mean forward passes a LoRA of the arms that it names, and of the losses where it reads them."""
    if not rows:
        return 0.0
    spent = 0.0
    for row in rows:
        pictures = sum(row.shots.values())
        steps = (row.passes - row.loss_passes) / pictures if pictures else 0.0
        drawn = sum(count for arm, count in row.shots.items() if arm.partition("/")[0] in instrument.arms)
        spent += steps * drawn + (row.loss_passes if instrument.losses else 0)
    return round(spent / len(rows), 1)
