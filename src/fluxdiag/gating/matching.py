"""What of a run the entries of `[[assert_for]]` are for. Nothing is passed in silence: an entry that fits no run is refused.

A strength belongs to every run, so one at which nothing was to be drawn is refused. Suite and base are of the run as a whole,
and a policy may hold entries for several: those for others are skipped and shown so, and one of their kind must be for this run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import filter as matching

from fluxdiag.errors import FluxdiagError
from fluxdiag.gating.facts import Facts
from fluxdiag.gating.judging import Judge
from fluxdiag.gating.policy import Policy
from fluxdiag.gating.reading import nearest
from fluxdiag.gating.result import Result
from fluxdiag.gating.strengths import at_strength, by_strength, own_strength, strengths_of
from fluxdiag.gating.where import Where
from fluxdiag.manual import manual_page
from fluxdiag.records import Case, GatherInfo
from fluxdiag.runs import Run


def placed(judge: Judge, run: Run, case: Case, made: GatherInfo) -> list[tuple[Judge, str]]:
    """A judge for each entry, and why its lines are not judged: empty where they are. Raises FluxdiagError as said above."""
    has = {"suite": (made.suite,), "base": (case.profile, case.base)}
    _refuse_ids(judge.policy)
    _refuse_unmet(judge.policy, has)
    others = {where: _other(where, has) for where in judge.policy.asserts_for}
    strengths = _strengths(judge, [where for where, other in others.items() if not other], run)
    return [
        (replace(judge, facts=strengths.get(where, judge.facts), policy=judge.policy.at(where), where=where), other)
        for where, other in others.items()
    ]


def results(judges: list[tuple[Judge, str]]) -> Iterator[Result]:
    for judge, other in judges:
        yield from judge.skipped(other) if other else judge.results()


def _other(where: Where, has: dict[str, tuple[str, ...]]) -> str:
    """What the run has in place of what an entry is for; empty where it is for this run."""
    unlike = [name for name in where.of_the_run if where.given[name] not in has[name]]
    return "; ".join(f"this run's {name} is {has[name][0]}" for name in unlike)


def _refuse_unmet(policy: Policy, has: dict[str, tuple[str, ...]]) -> None:
    """Entries by suite say nothing of a run of yet another suite, and neither do ten of them: that must not look like a pass."""
    for kinds in dict.fromkeys(where.of_the_run for where in policy.asserts_for if where.of_the_run):
        alike = [where for where in policy.asserts_for if where.of_the_run == kinds]
        if all(_other(where, has) for where in alike):
            named = " and ".join(f"{kind} {has[kind][0]}" for kind in kinds)
            written = "; ".join(dict.fromkeys(str(replace(where, strength=None)) for where in alike))
            raise FluxdiagError(
                f"no [[assert_for]] is for a run of {named}, only for: {written}",
                where=policy.name,
                do="Correct a name, or add an entry for it; its lines may be `off`",
            )


def _refuse_ids(policy: Policy) -> None:
    """At a strength, what the strength changes can be asked. Lines without one are held against all ids (`with_asked`)."""
    for where in (where for where in policy.asserts_for if where.strength is not None):
        for id_ in policy.asserts_for[where]:
            if not matching(by_strength(), id_):
                raise FluxdiagError(
                    f"`{id_}` is not measured by strength{nearest(id_, by_strength())}",
                    where=policy.at(where).origin(id_),
                    do=f"Known here: {', '.join(by_strength())}",
                )


def _strengths(judge: Judge, wheres: list[Where], run: Run) -> dict[Where, Facts]:
    """What the run says at each strength that is asked for. Raises FluxdiagError where nothing was to be drawn at one."""
    places = {where: where.strength for where in wheres if where.strength is not None}
    drawn = strengths_of(run.case(), *run.gathered()) if places else {}
    for where, strength in places.items():
        if strength not in drawn:
            raise _not_drawn(judge.policy, where, strength, drawn, run.case().strength)
    own = [where for where, strength in places.items() if drawn[strength] == "full"]
    others = {where: strength for where, strength in places.items() if where not in own}
    return {where: own_strength(judge.facts) for where in own} | _at_others(judge, others, drawn, run)


def _at_others(judge: Judge, places: dict[Where, float], drawn: dict[float, str], run: Run) -> dict[Where, Facts]:
    if not places:
        return {}
    from fluxdiag.instruments.tables import load_tables

    tables = load_tables(run)
    return {
        where: at_strength(judge.facts, tables, strength, drawn[strength], _asked(judge.policy.at(where)))
        for where, strength in places.items()
    }


def _not_drawn(policy: Policy, where: Where, strength: float, drawn: Iterable[float], own: float) -> FluxdiagError:
    """No pictures at a strength are no gap of the run but a question that it was never asked."""
    known = ", ".join(f"{each:g}" for each in sorted(drawn))
    return FluxdiagError(
        f"matches nothing: this run drew at the strengths {known}",
        where=f"{policy.name}: assert_for {where}",
        do=f"Correct it, or draw it: a suite with the variant `strength-{strength / own:g}` ({manual_page('probes.md')})",
    )


def _asked(policy: Policy) -> frozenset[str]:
    """The measurements that its lines speak of."""
    return frozenset(key for line in policy.asserts for key in matching(by_strength(), line))
