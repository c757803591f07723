"""How often a comparison or a sweep is wrong about recipes that are alike, by simulation with the tool's own functions.

python -m tests.simulate_comparisons compare|sweep|lost|regression [TIMES]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))


from fluxdiag.comparing.changes import JUDGED, reach_of, state_of
from fluxdiag.comparing.pairs import paired
from fluxdiag.instruments import identity
from fluxdiag.instruments.better import BETTER
from fluxdiag.instruments.readings import reading
from fluxdiag.instruments.statistics import t_interval
from fluxdiag.records import Measurement
from fluxdiag.searching.trials import PLACE, by_prompt
from fluxdiag.sweep import FIRST, KEPT, behind, contenders, mean_of
from instruments.at_cosines import tables
from simulate_intervals import measured

PROMPTS_VARY = 0.15
"""spread of one prompt's change"""
PROMPTS = {key: 4 if key in ("bleed.same-sex", "bleed.other-sex", "bleed.group") else 8 for key in JUDGED}


# ------------------------------------------------------------------------------------------------ two LoRAs


def of_compare(times: int) -> None:
    """Two equal recipes, and two of which the second has more likeness: what is said of either."""
    print("| likeness truly rises by | another seed moves it by | called better | anything worse | worse by the interval alone |")
    print("|---|---|---|---|---|")
    for rise, seeds_vary in ((0.0, 0.1), (0.3, 0.1), (0.4, 0.1), (0.6, 0.1), (0.3, 0.03), (0.4, 0.03)):
        rng = np.random.default_rng(0)
        found = np.mean([_compared(rng, rise, seeds_vary) for _ in range(times)], axis=0)
        print(f"| {rise} | {seeds_vary} | {found[0]:.0%} | {found[1]:.1%} | {found[2]:.0%} |", flush=True)


def _compared(rng: np.random.Generator, rise: float, seeds_vary: float) -> tuple[bool, bool, bool]:
    changes = [_change(rng, key, rise if key == "identity.trigger" else 0.0, seeds_vary) for key in JUDGED]
    states = [state_of(one, BETTER[one.key]) for one in changes]
    beyond = [abs(one.value) >= reach_of(one) for one in changes]
    worse = [state == "worse" for state in states]
    better = states[0] == "better" and beyond[0]
    return better, any(w and b for w, b in zip(worse, beyond, strict=True)), any(worse)


def _change(rng: np.random.Generator, key: str, rise: float, seeds_vary: float) -> Measurement:
    prompts = PROMPTS[key]
    found = t_interval(rise + rng.normal(0, seeds_vary) + rng.normal(0, PROMPTS_VARY, prompts))
    unit = "share" if key.startswith(("obedience", "faces")) else "scale"
    return Measurement(key=key, value=found.value, low=found.low, high=found.high, n=found.n, unit=unit)


def of_lost(times: int) -> None:
    """Two equal LoRAs, eight prompts that differ by .18 in cosine; the two hardest show no face in the second run."""
    print("| over | likeness seems to rise by | half-width |\n|---|---|---|")
    rng, own, shared = np.random.default_rng(1), [], []
    for _ in range(times):
        prompts = rng.normal(0.45, 0.18, (8, 1))
        hard = prompts <= np.sort(prompts, axis=0)[1]
        runs = [np.clip(prompts + rng.normal(0, 0.04, (8, 2)), -0.9, 0.9) for _ in range(2)]
        base = {("base", "full"): rng.normal(0, 0.05, (8, 2))}
        old, new = (tables(base | {("trigger", "full"): run}) for run in (runs[0], np.where(hard, np.nan, runs[1])))
        change = paired("identity.trigger", new, old)
        assert isinstance(change, Measurement)
        one, other = (measured(identity.measure(run), "identity.trigger") for run in (old, new))
        own.append((other.value - one.value, np.hypot(one.high - one.value, other.high - other.value)))
        shared.append((change.value, change.high - change.value))
    for name, found in (("each run's own faces", own), ("the faces of both", shared)):
        value, half = np.mean(found, axis=0)
        print(f"| {name} | {value:+.3f} | {half:.2f} |", flush=True)


def of_regression(times: int) -> None:
    """How wide a paired change of bleed is over 12 prompts that differ by .08 and .10."""
    rng = np.random.default_rng(2)
    for vary in (0.08, 0.10):
        halves = [(found := t_interval(rng.normal(0, vary, 12))).high - found.value for _ in range(times)]
        print(f"prompts that differ by {vary}: half-width {np.mean(halves):.3f}", flush=True)


# ------------------------------------------------------------------------------------------------ checkpoints


def of_sweep(times: int) -> None:
    """Pairs that are alike in truth: is one called clearly worse, how far is the pick flattered, is the truth held?"""
    print("| pairs | prompts, seeds vary by | one 'clearly' behind: of two | of all | flattered | held | once more | held |")
    print("|---|---|---|---|---|---|---|---|")
    for pairs, prompts_vary, seeds_vary in ((18, 0.10, 0.08), (18, 0.15, 0.10), (6, 0.10, 0.08)):
        rng = np.random.default_rng(3)
        found = np.mean([_swept(rng, pairs, prompts_vary, seeds_vary) for _ in range(times)], axis=0)
        shares = [f"{found[at]:.0%}" for at in (0, 1)]
        said = [*shares, f"{found[2]:+.3f}", f"{found[3]:.0%}", f"{found[4]:+.3f}", f"{found[5]:.0%}"]
        print(f"| {pairs} | {prompts_vary}, {seeds_vary} | {' | '.join(said)} |", flush=True)


def _swept(rng: np.random.Generator, pairs: int, prompts_vary: float, seeds_vary: float) -> tuple[float, ...]:
    """As `sweep.compared` goes on: 4 prompts, all, a second seed, and the pick once more on prompts that it was not chosen by."""
    shared, truth = rng.normal(0, 0.05, 16), 0.5
    whole = [_pictures(truth + shared + rng.normal(0, prompts_vary, 16), rng, seeds_vary) for _ in range(pairs)]
    second = contenders({at: _of(whole[at], FIRST, 1) for at in range(pairs)}, range(pairs), KEPT[0])
    scores = {at: _of(whole[at], 8, 1) for at in second}
    third = contenders(scores, second, KEPT[1])
    scores |= {at: _of(whole[at], 8, 2) for at in third}
    order = sorted(third, key=lambda at: -mean_of(scores[at]))
    pick, others = order[0], [at for at in second if at != order[0]]
    drawn = whole[pick][[prompt >= "p08" for prompt in whole[pick].index.get_level_values("prompt_id")]]
    seen = [reading("score", by_prompt(one), "scale", "prompts") for one in (scores[pick], drawn)]
    told = [part for one in seen if isinstance(one, Measurement) for part in (one.value - truth, one.low <= truth <= one.high)]
    clearly = [any(behind(scores[pick], scores[at], among) for at in others) for among in (2, max(len(second), 2))]
    return (*clearly, *told)


def _pictures(prompts: np.ndarray, rng: np.random.Generator, seeds_vary: float) -> pd.Series:
    """(16,) -> a number by prompt and seed."""
    values = prompts[:, None] + rng.normal(0, seeds_vary, (len(prompts), 2))
    index = pd.MultiIndex.from_product([[f"p{at:02}" for at in range(len(prompts))], (0, 1)], names=PLACE)
    return pd.Series(values.ravel(), index=index)


def _of(whole: pd.Series, prompts: int, seeds: int) -> pd.Series:
    names, noise = (whole.index.get_level_values(level) for level in PLACE)
    return whole[(names < f"p{prompts:02}") & (noise < seeds)]


TRIALS: dict[str, Callable[[int], None]] = {
    "compare": of_compare,
    "sweep": of_sweep,
    "lost": of_lost,
    "regression": of_regression,
}

if __name__ == "__main__":
    TRIALS[sys.argv[1]](int(sys.argv[2]) if len(sys.argv) > 2 else 300)
