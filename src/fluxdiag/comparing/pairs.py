"""What two runs have in common, and how likeness changed prompt by prompt. Compare and the gate share it.

Each prompt counts with what both have drawn and both show. Over each run's own pictures a change would tell, beside what the
LoRA does, where the one stopped before and the other lost the face: where the hardest quarter is lost, likeness seems to rise by
.08 (tests/simulate_comparisons.py). How many faces are lost is for `faces.measurable` to say.

Nothing heavy is imported before it is needed: a gate without a run before does not pay for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from fluxdiag.errors import CannotMeasure
from fluxdiag.records import Case, Measurement
from fluxdiag.suites import ARMS

if TYPE_CHECKING:
    import pandas as pd

    from fluxdiag.instruments.statistics import Floats, Interval
    from fluxdiag.instruments.tables import Tables

AGAINST_BASE = tuple(f"identity.{arm}" for arm in ("trigger", "class", "description", "both", "trigger-base"))
OTHER_PEOPLE = ("bleed.same-sex", "bleed.other-sex", "bleed.group")
EFFECTS = {"trigger.effect": "trigger", "description.effect": "description"}
SAMENESS = "consistency.trigger"
PAIRED = (*AGAINST_BASE, "bleed.class", *OTHER_PEOPLE, *EFFECTS, SAMENESS)


def paired(id_: str, new: Tables, old: Tables) -> Measurement | str:
    """New minus old over the prompts that both could measure, or why there is no such number."""
    from fluxdiag.instruments.readings import reading
    from fluxdiag.instruments.statistics import t_interval

    try:
        new, old = side_by_side(new, old)
        change = by_prompt(id_, new) - by_prompt(id_, old)
        interval = _interval_of_sameness(new, old, change) if id_ == SAMENESS else t_interval
        found = reading(id_, change, "scale", "prompts could be measured in both runs", interval)
    except CannotMeasure as shortfall:
        return str(shortfall)
    return found if isinstance(found, Measurement) else found.reason


def pairable(*runs: Tables) -> tuple[str, ...]:
    """The measurements that `paired` has a number for: without references each run's likeness has a scale of its own."""
    from fluxdiag.instruments.likeness import likeness

    try:
        return PAIRED if all(likeness(tables).by_references for tables in runs) else (SAMENESS,)
    except CannotMeasure:
        return (SAMENESS,)


# ------------------------------------------------------------------------------------------------ what both have


def side_by_side(one: Tables, other: Tables) -> tuple[Tables, Tables]:
    """Both runs, where one stopped early with the pictures alone that both have drawn, and with the faces that both show.

    Pictures whose face the other lost stay: that they show one is an answer too, and so is all that is not in the face.
    """
    from fluxdiag.instruments.tables import common

    if any(tables.gather.stopped is not None for tables in (one, other)):
        one, other = common(one, other)
    shown = _shown(one), _shown(other)
    both = shown[0].index.intersection(shown[1].index)
    return _with_faces(one, shown[0][shown[0].index.isin(both)]), _with_faces(other, shown[1][shown[1].index.isin(both)])


def _shown(tables: Tables) -> pd.Series:
    """Place -> the shot that shows a measurable face there."""
    from fluxdiag.instruments.tables import MEASURABLE, PLACE

    shots = tables.shots
    seen = shots[shots["outcome"].isin(MEASURABLE) & shots["id"].isin(list(tables.faces))]
    return seen.set_index(PLACE)["id"]


def _with_faces(tables: Tables, shots: pd.Series) -> Tables:
    return replace(tables, faces={shot: tables.faces[shot] for shot in shots})


def same_pictures(one: Tables, other: Tables) -> bool:
    """Whether both runs are of the very same pictures, as far as faces and CLIP tell: then nothing can have changed in them."""
    import numpy as np

    first, second = _seen(one), _seen(other)
    if first.keys() != second.keys() or not any(len(faces) or len(clip) for _, faces, clip in first.values()):
        return False
    return all(
        outcome == second[place][0] and np.array_equal(faces, second[place][1]) and np.array_equal(clip, second[place][2])
        for place, (outcome, faces, clip) in first.items()
    )


def _seen(tables: Tables) -> dict[tuple[str, ...], tuple[str, Floats, Floats]]:
    """Place -> what became of the picture, its faces, its CLIP embedding; arrays are empty where there is none."""
    import numpy as np

    from fluxdiag.instruments.tables import PLACE

    nothing = np.zeros(0)
    rows = tables.shots[[*PLACE, "outcome", "id"]].itertuples(index=False, name=None)
    return {tuple(place): (what, tables.faces.get(id_, nothing), tables.clip.get(id_, nothing)) for *place, what, id_ in rows}


# ------------------------------------------------------------------------------------------------ prompt by prompt


def by_prompt(id_: str, tables: Tables) -> pd.Series:
    """One value a prompt, of which the instrument's measurement is the mean (held to it by a test)."""
    from fluxdiag.instruments.likeness import consistency, likeness

    if id_ == SAMENESS:
        return consistency(tables, "trigger")
    person = likeness(tables)
    if not person.by_references:
        raise CannotMeasure("without references each run has a scale of its own, so the two cannot be compared")
    if id_ in EFFECTS:
        arm = EFFECTS[id_]
        _drawn(tables, arm, f"{arm}-base", "class", "base")
        return person.added(arm)
    if id_ in OTHER_PEOPLE:
        kind = _kind(id_, tables.case)
        _drawn(tables, "others", "others-base")
        return person.leaked(kind)
    arm = id_.partition(".")[2]
    _drawn(tables, arm, "base")
    return person.above_base(arm)


def _interval_of_sameness(new: Tables, old: Tables, change: pd.Series) -> Callable[[Floats], Interval]:
    """Each prompt is held against the others, so a t-interval over prompts would be too narrow, as within one run."""
    import numpy as np

    from fluxdiag.instruments.likeness import consistency
    from fluxdiag.instruments.statistics import jackknife_interval

    def without(prompt: str) -> float:
        left = consistency(new, without=prompt) - consistency(old, without=prompt)
        return float(left.mean())

    left_out = np.array([without(str(prompt)) for prompt in change.dropna().index])
    return lambda values: jackknife_interval(float(values.mean()), left_out)


def _drawn(tables: Tables, *arms: str) -> None:
    missing = [arm for arm in arms if arm in ARMS and tables.arm(arm).empty]
    if missing:
        raise CannotMeasure(f"no images were made for the {' and the '.join(missing)} arm")


def _kind(id_: str, case: Case) -> str:
    """The kind of prompt that the measurement asks with this class word."""
    from fluxdiag.instruments.bleed import no_sex, prompt_kind

    word = str(case.class_word.value)
    kind = prompt_kind(id_, word)
    if kind is None:
        raise CannotMeasure(no_sex(word))
    return kind
