"""Rows -> answers: what fluxdiag says of each planted LoRA today, with weights that never saw the person.

Subjects below 5000 are judged with weights fitted on the other fitting subjects (leave one subject out), those from 5000 on
with weights fitted on all fitting subjects. Nothing is ever fitted on a reporting subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from fluxdiag.calibrate import Example, fit, left_out, probabilities
from fluxdiag.diagnose import judge
from fluxdiag.errors import FluxdiagError
from fluxdiag.records import Band, Diagnosis, Evidence
from fluxdiag.weighing.calibration import Calibration
from fluxlab.bench.cells import JUDGING
from fluxlab.bench.rows import Row
from fluxlab.bench.states import STATES
from fluxlab.bench.truth import causes_of, target_of

Bands = dict[str, Band]


@dataclass(frozen=True)
class Answer:
    """What was said of one LoRA in one state of knowledge, beside the truth."""

    row: Row
    state: str
    truth: frozenset[str]
    verdict: str
    present: tuple[str, ...]
    """targets, likeliest first"""
    symptoms: frozenset[str]
    probabilities: Mapping[str, float]
    """by target, of those that are fitted"""

    @property
    def called(self) -> str:
        """The first cause named; else `healthy`, `nothing named` for a fault without a cause, or `undecided`."""
        if self.present:
            return self.present[0]
        return {"healthy": "healthy", "undetermined": "undecided"}.get(self.verdict, "nothing named")


def examples_of(rows: Iterable[Row], bands: Bands, without: frozenset[str] = frozenset()) -> list[Example]:
    """What weights are fitted to: every state of every LoRA of a fitting subject, the states of a LoRA sharing its weight."""
    found = []
    for row in rows:
        if row.subject >= JUDGING:
            raise FluxdiagError(
                f"subject {row.subject} is for reporting", where="fit", do=f"Fit on subjects below {JUDGING} only"
            )
        for state in row.states:
            evidence = less(row.evidence(state, bands), without)
            found.append(Example(evidence, causes_of(row.planted), str(row.subject), 1 / len(row.states)))
    return found


def less(evidence: Evidence, without: frozenset[str]) -> Evidence:
    """The evidence as it would be without some measurements."""
    kept = {key: found for key, found in evidence.measurements.items() if key not in without}
    return evidence if len(kept) == len(evidence.measurements) else evidence.model_copy(update={"measurements": kept})


def fitted(rows: Iterable[Row], bands: Bands, world: str, without: frozenset[str] = frozenset()) -> Calibration:
    """The laboratory's weights, from the fitting subjects' first draws."""
    examples = examples_of([row for row in rows if row.subject < JUDGING and not row.probe_seeds], bands, without)
    return _fit(examples, world)


def _fit(examples: Sequence[Example], world: str) -> Calibration:
    loras, people = round(sum(example.weight for example in examples)), len({example.person for example in examples})
    about = f"{loras} LoRAs planted in {people} drawn people, each judged in {len(STATES)} states of knowledge"
    return fit(examples, "laboratory", "laboratory", about, world)


Weights = Callable[[Row], Calibration | None]


def weights_for(rows: Sequence[Row], bands: Bands, world: str, without: frozenset[str] = frozenset()) -> Weights:
    """Row -> the weights to judge it with, none of them fitted on its own subject."""
    whole = fitted(rows, bands, world, without)
    fitting = [row for row in rows if row.subject < JUDGING and not row.probe_seeds]
    others = {person: _fit(rest, world) for person, rest in left_out(examples_of(fitting, bands, without))}
    return lambda row: others.get(str(row.subject), whole)


def answers(
    rows: Iterable[Row], bands: Bands, weights: Weights, states: Iterable[str] = STATES, without: frozenset[str] = frozenset()
) -> list[Answer]:
    """Every row in every state."""
    return [answer(row, state, less(row.evidence(state, bands), without), weights(row)) for row in rows for state in states]


def answer(row: Row, state: str, evidence: Evidence, calibration: Calibration | None) -> Answer:
    diagnosis = judge(evidence, calibration)
    return Answer(
        row=row,
        state=state,
        truth=causes_of(row.planted),
        verdict=diagnosis.verdict,
        present=present_in(diagnosis),
        symptoms=frozenset(symptom.name for symptom in diagnosis.symptoms),
        probabilities={} if calibration is None else probabilities(evidence, calibration),
    )


def present_in(diagnosis: Diagnosis) -> tuple[str, ...]:
    return tuple(target_of(finding) for finding in diagnosis.findings if finding.status == "present")
