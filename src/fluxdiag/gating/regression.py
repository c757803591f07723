"""A run against the one before it, paired by prompt. Two files are compared, not two recipes.

Another training seed alone moves identity by about .1 (SceneWorks, sc-6541), so a fall of that size is no proof that a recipe
became worse; it does say which of the two files to publish.
"""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.comparing.pairs import PAIRED, paired
from fluxdiag.errors import FluxdiagError
from fluxdiag.gating.judging import Judge, judge_number, skipped, unmeasured, waived
from fluxdiag.gating.policy import Policy, Regression
from fluxdiag.gating.reading import nearest
from fluxdiag.gating.result import Result
from fluxdiag.pairing import refuse_incomparable
from fluxdiag.runs import Run

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
