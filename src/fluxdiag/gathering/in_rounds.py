"""Gathering in rounds: draw, measure, ask what could still change the verdict, and draw that; stop when nothing could.

What is drawn next is a pure function of what has been measured (`stopping.py`), so a run that was killed goes the same way
again: its pictures are there, and nothing is drawn twice. gather.json is written when the last round is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fluxdiag.gathering.pictures import Gathering
from fluxdiag.gathering.stopping import OTHERS, Drawn, Plan, looks_of
from fluxdiag.gating.policy import Policy, is_pattern
from fluxdiag.gating.reading import read_policy
from fluxdiag.instruments.parts import loss_part, made_from
from fluxdiag.instruments.tables import load_tables
from fluxdiag.measure import measured
from fluxdiag.plan import Plan as Drawing
from fluxdiag.plan import first_prompts
from fluxdiag.records import Evidence, GatherInfo, Stopped, Suite
from fluxdiag.runs import Run
from fluxdiag.verdict import OPEN_QUESTIONS
from fluxdiag.weighing.calibration import digest_of_weights, load_calibration

if TYPE_CHECKING:
    from fluxdiag.engines.studio import Held, LossRequest, Progress

GATE = "marketplace"
"""the policy whose lines are answered by every run, whatever it finds"""


def asked_keys() -> frozenset[str]:
    """What is measured in any case: what a verdict needs, other people, and each line of the gate that wants an answer."""
    return frozenset(OPEN_QUESTIONS) | OTHERS | _needed(read_policy(GATE))


def answers_all(policy: Policy) -> bool:
    """Whether a run that stopped early has a number for each line of this policy that wants one."""
    return _needed(policy) <= asked_keys() and all(where.strength is None for where in policy.asserts_for)


def _needed(policy: Policy) -> frozenset[str]:
    """The measurements without which a line of the policy has no answer."""
    lines = {id_: policy.line(id_) for id_ in policy.asserts if not is_pattern(id_)}
    needed = {id_ for id_, line in lines.items() if line.level != "off" and line.unmeasured != "pass"}
    return frozenset(needed & made_from().keys())


def gather_by_looks(
    run: Run,
    suite: Suite,
    suite_sha256: str,
    progress: Progress | None = None,
    decided: tuple[str, ...] = (),
    held: Held | None = None,
    suite_file: str | None = None,
) -> GatherInfo:
    """As much of the suite as the verdict needs, and whatever `decided` is made from. Raises WeightsMissing."""
    calibration = load_calibration(run.case().base)
    gathering = Gathering(run, suite, progress, held)
    plan = Plan(gathering.passes(), looks_of(suite), calibration, asked_keys() | frozenset(decided))
    gathering.prepare()
    drawn: Drawn = {}
    following = plan.first()
    while following != drawn:
        gathering.draw(_drawing(gathering, following, plan), _new_losses(gathering, following))
        drawn, following = following, plan.after(_evidence(gathering, following, plan, suite_sha256), following)
    stopped = _stopped(gathering, drawn, plan)
    return gathering.finish(_drawing(gathering, drawn, plan), suite_sha256, stopped, decided, suite_file)


def _drawing(gathering: Gathering, drawn: Drawn, plan: Plan) -> Drawing:
    return first_prompts(gathering.drawing, drawn, plan.looks, gathering.profile.batch)


def _new_losses(gathering: Gathering, drawn: Drawn) -> list[LossRequest]:
    """Photos under the prompts that are due and were not read in an earlier round."""
    read = {(request.split, request.sha256, name) for request in gathering.probed for name in request.prompts}
    due = []
    for request in gathering.requests:
        names = [name for name in request.prompts if loss_part(request.split, name) in drawn]
        new = [name for name in names if (request.split, request.sha256, name) not in read]
        if new:
            due.append(request.under(new))
    return due


# ------------------------------------------------------------------------------------------------ a look


@dataclass(frozen=True)
class Interim(Run):
    """The numbers of a look, in a folder of their own until the last one; case and pictures are those of the run."""

    whole: Run

    @property
    def case_file(self) -> Path:
        return self.whole.case_file

    @property
    def shots_folder(self) -> Path:
        return self.whole.shots_folder

    def audit(self) -> None:
        """The photos are audited when all is drawn, and no verdict hangs on it; what lies there may be of an earlier case."""


def _evidence(gathering: Gathering, drawn: Drawn, plan: Plan, suite_sha256: str) -> Evidence:
    into = Interim(gathering.run.work_folder / "look", gathering.run)
    shots = gathering.read(into, _drawing(gathering, drawn, plan))
    into.write(into.gather_file, gathering.info(into, shots, suite_sha256, _stopped(gathering, drawn, plan)))
    return measured(load_tables(into))


def _stopped(gathering: Gathering, drawn: Drawn, plan: Plan) -> Stopped | None:
    """None where nothing of the suite is missing."""
    pictures, everything = len(_drawing(gathering, drawn, plan).tasks), len(gathering.drawing.tasks)
    left_out = tuple(sorted(plan.available.keys() - drawn.keys()))
    if pictures == everything and not left_out:
        return None
    return Stopped(
        prompts=max(drawn.values()),
        of=plan.looks[-1],
        pictures=pictures,
        of_pictures=everything,
        left_out=left_out,
        weights=digest_of_weights(gathering.case.base),
    )
