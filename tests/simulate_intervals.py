"""What the intervals of the docs cover, by simulation with known truth and the tool's own instruments: tables on stdout, minutes.

python -m tests.simulate_intervals references|looks|line|variants|consistency [TIMES]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))


from fluxdiag.gathering.stopping import LOOKS, spent, widened
from fluxdiag.instruments import consistency, identity, strength
from fluxdiag.instruments.likeness import consistency as sameness
from fluxdiag.instruments.likeness import likeness
from fluxdiag.instruments.statistics import t_interval, unit
from fluxdiag.records import Evidence, Gap, Measurement
from instruments.at_cosines import CENTRE, tables

DIM, SEEDS = 128, 2
PHOTO, PHOTOS_VARY = 0.72, 0.10
"""cosine of a photo to the person, and its spread"""
CALLED = 0.45
"""cosine of a picture with the trigger to the person"""


def at(rng: np.random.Generator, cosines: np.ndarray) -> np.ndarray:
    """(n,) -> (n, DIM): unit vectors at these cosines to the person, who is the first axis."""
    noise = rng.normal(size=(len(cosines), DIM))
    noise[:, 0] = 0
    found = np.sqrt(1 - cosines**2)[:, None] * unit(noise)
    found[:, 0] = cosines
    return found


def of_references(times: int) -> None:
    """Likeness of a person at .45 / .72 on the scale that so many photos make."""
    print("| references | prompts | over prompts alone | with the references' chance | half-width |\n|---|---|---|---|---|")
    for count in (3, 5, 8, 15):
        for prompts in (8, 16):
            rng, held = np.random.default_rng(0), []
            for _ in range(times):
                plain, whole = _likeness(rng, count, prompts)
                held.append((*(one.low <= CALLED / PHOTO <= one.high for one in (plain, whole)), (whole.high - whole.low) / 2))
            alone, both, half = np.mean(held, axis=0)
            print(f"| {count} | {prompts} | {alone:.2f} | {both:.2f} | {half:.2f} |", flush=True)


def _likeness(rng: np.random.Generator, count: int, prompts: int) -> tuple[Measurement, Measurement]:
    prompt = rng.normal(0, 0.05, (prompts, 1))
    shown = {
        ("base", "full"): prompt + rng.normal(0, 0.06, (prompts, SEEDS)),
        ("trigger", "full"): CALLED + prompt + rng.normal(0, 0.08, (prompts, 1)) + rng.normal(0, 0.06, (prompts, SEEDS)),
    }
    laid = tables(shown)
    cosines = np.array([(face @ CENTRE).item() for face in laid.faces.values()])
    faces = dict(zip(laid.faces, at(rng, cosines)[:, None], strict=True))
    photos = at(rng, np.clip(rng.normal(PHOTO, PHOTOS_VARY, count), 0.1, 0.98))
    run = replace(laid, faces=faces, references=photos)
    whole = measured(identity.measure(run), "identity.trigger")
    plain = t_interval(likeness(run).above_base("trigger").to_numpy())
    return whole.model_copy(update={"low": plain.low, "high": plain.high}), whole


def of_looks(times: int) -> None:
    """A person who comes in six prompts of ten, at .70 or .03: .43, below a line of .45. How many runs clear the line?"""
    print("| looks after | runs that pass | the interval holds the truth |\n|---|---|---|")
    for looks in ((4, 8), (8,), (4, 8, 16), LOOKS, (16,)):
        rng, ended = np.random.default_rng(1), []
        for _ in range(10 * times):
            prompts = np.where(rng.random(looks[-1]) < 0.6, 0.70, 0.03) + rng.normal(0, 0.05, looks[-1])
            ended.append(_stopped(prompts, looks))
        passed, held = np.mean(ended, axis=0)
        print(f"| {', '.join(map(str, looks))} | {passed:.3f} | {held:.2f} |", flush=True)


def of_line(times: int) -> None:
    """A likeness exactly at its line: how many runs call it off the line?"""
    print("| looks after | called off its line |\n|---|---|")
    for looks in ((8,), LOOKS, (16,)):
        rng = np.random.default_rng(4)
        held = [_stopped(rng.normal(0.45, 0.15, looks[-1]), looks, truth=0.45)[1] for _ in range(10 * times)]
        print(f"| {', '.join(map(str, looks))} | {1 - np.mean(held):.3f} |", flush=True)


def _stopped(prompts: np.ndarray, looks: tuple[int, ...], line: float = 0.45, truth: float = 0.432) -> tuple[bool, bool]:
    """Whether it passes where it stops, and whether the interval that is then reported holds the truth."""
    for look in looks:
        found = t_interval(prompts[:look])
        one = Measurement(key="x", value=found.value, low=found.low, high=found.high, n=found.n)
        wide = widened(Evidence(measurements={"x": one}, gaps={}), spent(look, looks)).measurements["x"]
        if wide.clearly_above(line) or wide.clearly_below(line):
            break
    return one.clearly_above(line), one.low <= truth <= one.high


def of_variants(times: int) -> None:
    """Half as much again of the LoRA changes nothing, and burns away the faces that are least like the person."""
    print("| prompts | faces lost | change said | the interval holds 0 |\n|---|---|---|---|")
    for prompts in (8, 16):
        for lost in (0.0, 0.15, 0.3):
            rng, found = np.random.default_rng(2), []
            for _ in range(times):
                change = _more(rng, prompts, lost)
                found.append((change.value, change.low <= 0 <= change.high))
            value, held = np.mean(found, axis=0)
            print(f"| {prompts} | {lost:.0%} | {value:+.3f} | {held:.2f} |", flush=True)


def _more(rng: np.random.Generator, prompts: int, lost: float) -> Measurement:
    shared = CALLED + rng.normal(0, 0.08, (prompts, 1)) + rng.normal(0, 0.12, (prompts, SEEDS))
    shown = {name: np.clip(shared + rng.normal(0, 0.04, shared.shape), -0.9, 0.9) for name in ("full", "strength-1.5")}
    more = np.where(shown["strength-1.5"] < np.quantile(shown["strength-1.5"], lost), np.nan, shown["strength-1.5"])
    base = rng.normal(0, 0.05, shared.shape)
    run = tables({("trigger", "full"): shown["full"], ("trigger", "strength-1.5"): more, ("base", "full"): base})
    return measured(strength.measure(run), "strength.more")


def of_consistency(times: int) -> None:
    """The same person in every prompt, more of her in some, nobody in a fifth: does the interval hold the mean of all runs?"""
    print("| prompts | the person | consistency | over prompts as if apart | the interval holds it |\n|---|---|---|---|---|")
    ways: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
        "alike": lambda _, n: np.full(n, 0.7),
        "more in some": lambda rng, n: rng.choice([0.5, 0.8], n),
        "nobody in a fifth": lambda rng, n: rng.choice([0.0, 0.7], n, p=[0.2, 0.8]),
    }
    for how, share in ways.items():
        for prompts in (4, 6, 8, 16):
            rng = np.random.default_rng(3)
            found = [_sameness(rng, share(rng, prompts)) for _ in range(times)]
            truth = np.mean([whole.value for _, whole in found])
            held = np.mean([[one.low <= truth <= one.high for one in both] for both in found], axis=0)
            print(f"| {prompts} | {how} | {truth:.2f} | {held[0]:.2f} | {held[1]:.2f} |", flush=True)


def _sameness(rng: np.random.Generator, cosines: np.ndarray) -> tuple[Measurement, Measurement]:
    """Of a run whose prompts lie at these cosines to the person: with Student's t over the prompts, and as it is measured."""
    prompts = len(cosines)
    laid = tables({("trigger", "full"): np.zeros((prompts, 1)), ("base", "full"): np.zeros((prompts, 1))})
    placed = np.concatenate([cosines, np.full(prompts, 0.1)])
    run = replace(laid, faces=dict(zip(laid.faces, at(rng, placed)[:, None], strict=True)), references=at(rng, np.full(9, PHOTO)))
    whole = measured(consistency.measure(run), "consistency.trigger")
    plain = t_interval(sameness(run, "trigger").dropna().to_numpy())
    return whole.model_copy(update={"low": plain.low, "high": plain.high}), whole


def measured(found: Iterable[Measurement | Gap], key: str) -> Measurement:
    (one,) = (one for one in found if one.key == key)
    assert isinstance(one, Measurement), one
    return one


TRIALS: dict[str, Callable[[int], None]] = {
    "references": of_references,
    "looks": of_looks,
    "line": of_line,
    "variants": of_variants,
    "consistency": of_consistency,
}

if __name__ == "__main__":
    TRIALS[sys.argv[1]](int(sys.argv[2]) if len(sys.argv) > 2 else 300)
