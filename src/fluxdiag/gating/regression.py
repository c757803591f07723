"""A run against the one before it, paired by prompt. Two files are compared, not two recipes.

Another training seed alone moves identity by about .1 (SceneWorks, sc-6541), so a fall of that size is no proof that a recipe
became worse; it does say which of the two files to publish.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from fluxdiag.errors import CannotMeasure, FluxdiagError
from fluxdiag.gating.judging import Judge, judge_number, skipped, unmeasured, waived
from fluxdiag.gating.policy import Policy, Regression
from fluxdiag.gating.reading import nearest
from fluxdiag.gating.result import Result
from fluxdiag.pairing import refuse_incomparable
from fluxdiag.records import Case, Measurement
from fluxdiag.runs import Run
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
NO_RUN = "no run to compare with was given (--against)"
SAME_FILE = "the run to compare with (--against) measured this same file, and none of a version before"


def compare(judge: Judge, policy: Policy, new: Run, old: Run | None) -> list[Result]:
    """The lines of `[regression]`. Without a run to compare with they are skipped, or unmeasured where one is required.

    Where one is required, a run of the same file is none: nothing falls against itself.
    """
    _known(policy)
    lines = {id_: policy.regression_line(id_) for id_ in policy.regression}
    required = bool(policy.required.value)
    if old is None:
        return [_without(judge, id_, line, required, NO_RUN) for id_, line in lines.items()]
    refuse_incomparable(new, old)
    if required and old.case().lora.sha256 == new.case().lora.sha256:
        return [_without(judge, id_, line, required, SAME_FILE) for id_, line in lines.items()]
    return list(_compared(judge, {id_: line for id_, line in lines.items() if line.level != "off"}, new, old))


def _known(policy: Policy) -> None:
    for id_, fields in policy.regression.items():
        if id_ not in PAIRED:
            origins = ", ".join(dict.fromkeys(given.origin for given in fields.values()))
            known = f"Known here: {', '.join(PAIRED)}"
            raise FluxdiagError(
                f"cannot be paired by prompt{nearest(id_, PAIRED)}", where=f'{origins}: regression "{id_}"', do=known
            )


def _without(judge: Judge, id_: str, line: Regression, required: bool, why: str) -> Result:
    if required and line.level != "off":
        return _waived(judge, _named(unmeasured(id_, line.as_line(), why), line))
    return _named(skipped(id_, line.as_line(), why), line)


def _compared(judge: Judge, lines: dict[str, Regression], new: Run, old: Run) -> Iterator[Result]:
    from fluxdiag.instruments.tables import load_tables

    tables = (load_tables(new), load_tables(old))
    for id_, line in lines.items():
        change = paired(id_, *tables)
        limits = line.as_line()
        result = unmeasured(id_, limits, change) if isinstance(change, str) else judge_number(change, limits)
        yield _waived(judge, _named(result, line))


def _waived(judge: Judge, result: Result) -> Result:
    return waived(result, (waiver for waiver, _ in judge.policy.waivers), judge.today)


def _named(result: Result, line: Regression) -> Result:
    return result.model_copy(update={"kind": "regression", "needs": _needs(line)})


def _needs(line: Regression) -> str:
    from fluxdiag.rules.signs import number

    drop = [] if line.max_drop is None else [f"a drop of at most {number(line.max_drop)}"]
    rise = [] if line.max_rise is None else [f"a rise of at most {number(line.max_rise)}"]
    return " and ".join(drop + rise)


# ------------------------------------------------------------------------------------------------ numbers


def paired(id_: str, new: Tables, old: Tables) -> Measurement | str:
    """New minus old over the prompts that both could measure, or why there is no such number."""
    from fluxdiag.instruments.readings import reading
    from fluxdiag.instruments.statistics import t_interval

    try:
        change = by_prompt(id_, new) - by_prompt(id_, old)
        interval = _interval_of_sameness(new, old, change) if id_ == SAMENESS else t_interval
        found = reading(id_, change, "scale", "prompts could be measured in both runs", interval)
    except CannotMeasure as shortfall:
        return str(shortfall)
    return found if isinstance(found, Measurement) else found.reason


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
