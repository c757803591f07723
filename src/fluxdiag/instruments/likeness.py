"""How much of the person is in each shot: the one similarity that identity, effects and bleed share.

The person is the centroid of the references. Without at least three measurable ones it is the centroid of the trigger
images of all other prompts, so that no image is compared with itself. Absolute face thresholds are never used: a person's
own floor (the same prompts with the LoRA off) and ceiling (photo to photo, leave-one-out) set the scale, because real
same-person pairs range from .31 to .68 by person (docs/faces.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.statistics import (
    Floats,
    Interval,
    centroid,
    held_against,
    leave_kin_out,
    leave_one_out,
    on_scale,
    t_interval,
    without_duplicates,
)
from fluxdiag.instruments.tables import MEASURABLE, Tables

FEWEST_REFERENCES = 3
NEAR_DUPLICATE = 0.985
"""cosine above which two references count as one photo: the most alike pair of honest photos measured was .979"""
SMALLEST_SPREAD = 0.1
"""cosine between floor and ceiling below which the scale would magnify noise"""


def faces_of(tables: Tables, shots: pd.DataFrame) -> tuple[Floats, pd.DataFrame]:
    """The person's face in every measurable shot: (n, dim) and the rows of `shots` that it belongs to."""
    seen = shots[shots["outcome"].isin(MEASURABLE) & shots["id"].isin(list(tables.faces))]
    if seen.empty:
        return np.zeros((0, 0)), seen
    return np.stack([tables.faces[shot][0] for shot in seen["id"]]).astype(np.float64), seen


@dataclass(frozen=True)
class Likeness:
    """Similarities to one person; `references` is empty when the person is the trigger images' own centroid."""

    tables: Tables
    references: Floats

    @property
    def by_references(self) -> bool:
        return len(self.references) > 0

    @cached_property
    def _person(self) -> Floats:
        return centroid(self.references if self.by_references else self._trigger[0])

    @cached_property
    def _trigger(self) -> tuple[Floats, pd.DataFrame]:
        return faces_of(self.tables, self.tables.arm("trigger", "person"))

    def person_for(self, prompt_id: str) -> Floats:
        """(dim,) of length 1: what this prompt's faces are compared with.

        The references' centroid. Without references the centroid of the trigger's images, less this prompt's own: a picture
        that is compared with itself looks like the person.
        """
        if self.by_references:
            return self._person
        faces, shots = self._trigger
        return centroid(faces[(shots["prompt_id"] != prompt_id).to_numpy()])

    def cells(self, arm: str, variant: str = "full") -> pd.Series:
        """Cosine to the person by prompt and seed, of person prompts, where there is a measurable face."""
        faces, shots = faces_of(self.tables, self.tables.arm(arm, "person", variant=variant))
        values = [float(face @ self.person_for(prompt)) for face, prompt in zip(faces, shots["prompt_id"], strict=True)]
        return _by_cell(values, shots)

    def cosines(self, arm: str, variant: str = "full") -> pd.Series:
        """Mean by prompt over the seeds with a measurable face. For differences of arms there is `paired`."""
        return self.cells(arm, variant).groupby(level=0).mean()

    def paired(self, plus: tuple[str, ...], minus: tuple[str, ...], variant: str = "full") -> pd.Series:
        """By prompt: sum of the arms `plus` less the arms `minus`, over those seeds at which all of them show a measurable face.

        The same noise gives like faces with the LoRA or without, so a face that one arm lacks must not count in the other.
        `variant` is of the arms `plus`.
        """
        # One from each side at a time: arms whose pictures are the same then cancel to the last bit.
        cells = [self.cells(arm, variant) - self.cells(other) for arm, other in zip(plus, minus, strict=True)]
        return pd.concat(cells, axis=1).dropna().sum(axis=1).groupby(level=0).mean()

    def above_base(self, arm: str) -> pd.Series:
        """By prompt, on the scale: the arm less the base's image of the same prompt, so that 0 is the matched floor."""
        return self.scale(self.paired((arm,), ("base",)))

    def interval(self, arm: str, variant: str = "full") -> Callable[[Floats], Interval]:
        """How an arm's values above the base become an interval: over prompts, and over the references where there are any."""
        if not self.by_references:
            return t_interval
        return lambda values: held_against(values, self._without_each(arm, variant))

    def _without_each(self, arm: str, variant: str) -> Floats:
        """(m,) what the likeness comes to without each of the m references, on whatever scale those that are left make: a small
        one is no reason for silence, but for a wide interval."""
        left = ((fewer, fewer.paired((arm,), ("base",), variant).to_numpy(dtype=float)) for fewer in self.with_fewer())
        return np.array([float(np.mean(on_scale(above, fewer.floor, fewer.ceiling))) for fewer, above in left])

    def added(self, arm: str) -> pd.Series:
        """By prompt, on the scale: what the arm's words add to the class word with the LoRA on, less with it off."""
        return self.scale(self.paired((arm, "base"), ("class", f"{arm}-base")))

    def strongest(self, arm: str, kind: str) -> pd.Series:
        """By prompt and seed of one kind, the cosine of the face most like the person: bleed may sit in any face of a group."""
        shots = self.tables.arm(arm, kind)
        shots = shots[(shots["outcome"].isin(MEASURABLE)) & shots["id"].isin(list(self.tables.faces))]
        return _by_cell([float(np.max(self.tables.faces[shot] @ self._person)) for shot in shots["id"]], shots)

    def leaked(self, kind: str) -> pd.Series:
        """By prompt of one kind, on the scale: the face most like the person, LoRA on less off, over the seeds that both show."""
        change = self.strongest("others", kind) - self.strongest("others-base", kind)
        return self.scale(change.dropna().groupby(level=0).mean())

    def with_fewer(self) -> Iterator[Likeness]:
        """The same pictures held against all references but one, each in turn."""
        for left_out in range(len(self.references)):
            yield Likeness(self.tables, np.delete(self.references, left_out, axis=0))

    @cached_property
    def floor(self) -> float:
        return float(self.cosines("base").mean())

    @cached_property
    def ceiling(self) -> float:
        if self.by_references:
            return float(np.mean(leave_one_out(self.references)))
        return float(self.cosines("trigger").mean())

    def scale(self, above_floor: pd.Series) -> pd.Series:
        """Differences of cosines -> the subject's scale. Raises CannotMeasure when floor and ceiling lie too close for one."""
        if not self.ceiling - self.floor >= SMALLEST_SPREAD:
            whose = "the reference photos are" if self.by_references else "the trigger's images are"
            raise CannotMeasure(
                f"{whose} hardly more like one another ({self.ceiling:.2f}) than the base's images are like them "
                f"({self.floor:.2f}), so there is no scale to measure on"
            )
        return pd.Series(on_scale(above_floor.to_numpy(dtype=float), self.floor, self.ceiling), index=above_floor.index)


def _by_cell(values: list[float], shots: pd.DataFrame) -> pd.Series:
    cells = pd.Series(values, index=pd.MultiIndex.from_frame(shots[["prompt_id", "seed"]]), dtype=float)
    return cells.groupby(level=[0, 1]).mean()  # one each, also where another's records name a prompt twice


def likeness(tables: Tables) -> Likeness:
    """Raises CannotMeasure when neither references nor trigger images show enough measurable faces."""
    distinct = without_duplicates(tables.references.astype(np.float64), NEAR_DUPLICATE)
    if len(distinct) >= FEWEST_REFERENCES:
        return Likeness(tables, distinct)
    prompts = faces_of(tables, tables.arm("trigger", "person"))[1]["prompt_id"].nunique()
    if prompts < FEWEST_REFERENCES:
        raise CannotMeasure(f"{no_references(tables)}, and only {prompts} prompts with the trigger show a measurable face")
    return Likeness(tables, distinct[:0])


def no_references(tables: Tables) -> str:
    """Why there is no reference scale, for the gaps."""
    if not tables.case.references:
        return "no reference photos were given"
    distinct = len(without_duplicates(tables.references.astype(np.float64), NEAR_DUPLICATE))
    return f"only {distinct} different reference photos show a measurable face, at least {FEWEST_REFERENCES} are needed"


def consistency(tables: Tables, arm: str = "trigger", without: str | None = None) -> pd.Series:
    """By prompt: how alike the arm's faces are, 0 as the base's own, 1 as one picture. `without` leaves a prompt out of both.

    Not in cosines, for how alike strangers are differs by network, class word and base.
    """
    base = own_consistency(tables, "base", without)
    sameness = float(base.mean())
    if 1 - sameness < SMALLEST_SPREAD:
        raise CannotMeasure(f"the base's own faces are as alike as one person's ({sameness:.2f})")
    return (own_consistency(tables, arm, without) - base) / (1 - sameness)


def own_consistency(tables: Tables, arm: str, without: str | None = None) -> pd.Series:
    """By prompt: cosine of the arm's faces to the centroid of the same arm's faces in all other prompts.

    And of other seeds, where there are several: the same starting noise gives like faces, with the LoRA or without.
    """
    faces, shots = faces_of(tables, tables.arm(arm, "person"))
    prompts, seeds = shots["prompt_id"].to_numpy(dtype=str), shots["seed"].to_numpy()
    if len(set(prompts)) >= FEWEST_REFERENCES and without is not None:
        kept = prompts != without
        faces, prompts, seeds = faces[kept], prompts[kept], seeds[kept]
    elif len(set(prompts)) < FEWEST_REFERENCES:
        raise CannotMeasure(f"only {len(set(prompts))} prompts of the {arm} arm show a measurable face")
    kinships = (prompts, seeds) if len(set(seeds)) > 1 else (prompts,)
    return pd.Series(leave_kin_out(faces, *kinships), index=prompts).groupby(level=0).mean()
