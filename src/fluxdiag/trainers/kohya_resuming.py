"""How sd-scripts is made to go on where it was, and to end at the planned step.

Read off train_network.py at 48d368f (lines 940-970, 1232-1275, 1340-1358, 1411-1418, 1605). After a resumption it counts from the
first step of the epoch that it was in, ends when that count reaches `--max_train_steps` or the epochs are over, and saves the
count as the state's number. So a second resumption begins too early, trains far too much, and the cosine runs past its end. Where
gradients are accumulated it multiplies the step by the accumulation, and counts on from the product.

Here all steps are one epoch (`repeats`), so the epoch's count is the true one, the number of a state too; `--initial_step` says
where to go on, divided by what it is going to be multiplied by.
"""

from __future__ import annotations

import glob
import re
from dataclasses import dataclass
from pathlib import Path

from fluxdiag.trainers.recipe import Recipe

NUMBER = re.compile(r"-step(\d+)-state$")


@dataclass(frozen=True)
class State:
    """`initial_step` is the argument of that name."""

    folder: Path
    initial_step: int


def newest_state(output: Path, recipe: Recipe) -> State | None:
    """Where an interrupted training goes on; None to begin anew.

    accelerate writes a state's random numbers last; `train_state.json` is there before the weights are. A state of the last step
    is of no use: nothing would be left to train, which the script takes for a mistake.
    """
    found = output.glob(f"{glob.escape(recipe.name)}-step*-state/random_states_0.pkl") if output.is_dir() else ()
    whole = {int(match[1]): file.parent for file in found if (match := NUMBER.search(file.parent.name)) and file.stat().st_size}
    step = max((step for step in whole if step < recipe.steps and step % recipe.accumulation == 0), default=None)
    return None if step is None else State(whole[step], step // recipe.accumulation)


def checkpoint_every(recipe: Recipe) -> int:
    """A multiple of the accumulation, so that the number of each state can be divided by it."""
    return -(-recipe.checkpoint_every // recipe.accumulation) * recipe.accumulation


def repeats(recipe: Recipe) -> int:
    """So many that one epoch holds every step: after a resumption the script counts from the epoch's first.

    Of its two kinds of pictures there are as many of each, and no more regularisation pictures than photos times repeats.
    """
    shown = recipe.steps * recipe.accumulation * recipe.batch_size
    needed = max(-(-shown // 2), recipe.regularisation_images) if recipe.regularisation else shown
    return max(1, -(-needed // recipe.images))
