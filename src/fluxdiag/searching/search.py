"""The search for an edit: rounds of pictures, coarse to fine, until the best leaves no doubt or nothing gets better."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fluxdiag.errors import CannotMeasure, FluxdiagError
from fluxdiag.instruments.likeness import Likeness, likeness
from fluxdiag.plan import noise_seed
from fluxdiag.profiles import profile_of
from fluxdiag.runs import Run
from fluxdiag.searching.candidates import BEST, FIRST, STEPS, Needs, coarse, finer, ranked
from fluxdiag.searching.rounds import Rounds
from fluxdiag.searching.trials import Trial, trial
from fluxdiag.variants import FULL, Variant, group_of

if TYPE_CHECKING:
    from fluxdiag.lora import Lora

HOPELESS = 0.15
"""on the subject's scale: so much is not made up by a finer step"""


@dataclass(frozen=True)
class Found:
    """What a search saw, and how many pictures with the LoRA on it took."""

    trials: dict[Variant, Trial]
    fresh: Trial | None
    pictures: int


def search(rounds: Rounds, run: Run, lora: Lora, needs: Needs, room: int) -> Found:
    """What was tried, at most `room` pictures with the LoRA on.

    `run` may hold pictures of the whole LoRA already: they are taken over and cost nothing.
    """
    prompts, seeds = rounds.question.prompts, rounds.question.seeds
    rounds.ask([FULL], prompts, seeds)
    spared = rounds.take_over(run)
    trials = _trials(rounds, [FULL])
    profile = profile_of(rounds.case)
    groups = {group_of(path, profile) for path in lora.modules}
    new = coarse(rounds.case.lora.rank_max, groups, profile, _weak(trials[FULL], needs))
    for step, count in zip(STEPS, BEST, strict=True):
        cost = 2 * FIRST * len(new) + 2 * len(prompts) * (count + 2)
        if not new or rounds.with_lora - spared + cost > room:
            break
        trials = _round(rounds, trials, new, count, needs)
        order = ranked(trials, needs)
        if needs.met(trials[order[0]]) or _hopeless(trials, order, needs):
            break
        new = finer(order, trials, needs, step)
    if len(trials) == 1:
        what = f"three suites leave room for {room} pictures, and the first round alone takes {cost}"
        raise FluxdiagError(what, where=rounds.case.lora.path, do="Use `--suite quick`")
    best = ranked(trials, needs)[0]
    worth = needs.refused(trials[best]) is None and needs.shortfall(trials[best]) < needs.shortfall(trials[FULL])
    fresh = _fresh(rounds, best) if worth else None
    return Found(trials, fresh, rounds.with_lora - spared)


def _hopeless(trials: dict[Variant, Trial], order: list[Variant], needs: Needs) -> bool:
    """Whether each of the best, seen on all prompts, clearly misses a line of the policy, and by more than a step is worth."""
    best = [trials[variant] for variant in order[:2]]
    return all(needs.refused(found) is not None and needs.shortfall(found) > HOPELESS for found in best)


def _round(rounds: Rounds, trials: dict[Variant, Trial], new: list[Variant], count: int, needs: Needs) -> dict[Variant, Trial]:
    """The new ones on a few prompts, then the best of all on every prompt."""
    prompts, seed = rounds.question.prompts, rounds.question.seeds[0]
    rounds.ask(new, prompts[:FIRST], [seed])
    trials = _trials(rounds, [*trials, *new])
    rounds.ask(ranked(trials, needs)[:count], prompts, [seed])
    return _trials(rounds, trials)


def _trials(rounds: Rounds, variants: Iterable[Variant]) -> dict[Variant, Trial]:
    """Of all that was drawn so far."""
    person = _person(rounds)
    try:
        return {variant: trial(person, variant.name) for variant in variants}
    except CannotMeasure as shortfall:
        raise _no_likeness(rounds, shortfall) from shortfall


def _fresh(rounds: Rounds, variant: Variant) -> Trial:
    """The chosen variant against the whole LoRA, with starting noise of a seed that no round has used."""
    prompts, seed = rounds.question.prompts, max(rounds.question.seeds) + 1
    rounds.ask([FULL, variant], prompts, [seed])
    return trial(_person(rounds), variant.name, frozenset(noise_seed(prompt, seed) for prompt in prompts))


def _person(rounds: Rounds) -> Likeness:
    """Draws what is missing. Raises FluxdiagError where likeness cannot be told at all."""
    try:
        return likeness(rounds.draw())
    except CannotMeasure as shortfall:
        raise _no_likeness(rounds, shortfall) from shortfall


def _no_likeness(rounds: Rounds, shortfall: CannotMeasure) -> FluxdiagError:
    return FluxdiagError(str(shortfall), where=rounds.case.lora.path, do="Give --references to `fluxdiag report` first")


def _weak(whole: Trial, needs: Needs) -> bool:
    """Too little of the person, and no bleed that less of the LoRA would be for."""
    short = whole.identity is not None and needs.identity is not None and whole.identity.value < needs.identity
    bleeds = whole.bleed is not None and whole.bleed.value > (0.25 if needs.bleed is None else needs.bleed / 2)
    return short and not bleeds
