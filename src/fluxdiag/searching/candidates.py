"""Which edits to try, and which of those tried is best: coarse to fine, on few prompts first. No pictures are made here.

first      one of each kind on half of the prompts: strengths, ranks, a group of blocks less
then       the best ones on all prompts, beside them a step of strength up or down and pairs of edits
and again  with smaller steps, until the best is clearly good enough or nothing gets better
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from fluxdiag.gating.policy import Policy
from fluxdiag.instruments.statistics import Floats
from fluxdiag.profiles import Profile
from fluxdiag.records import Measurement
from fluxdiag.searching.trials import LITTLE, Trial
from fluxdiag.variants import FULL, GROUPS, Variant

KEPT, LEFT = 0.9, 0.5
"""the aim of a repair: at least so much of the identity, at most so much of the bleed"""
STEPS = (0.2, 0.12, 0.06)
"""by which the strength moves, round by round, where those seen point to one that was tried already"""
SAME = 0.03
"""strengths nearer than this show the same"""
GRID = 0.01
WEAKEST, STRONGEST = 0.3, 1.6
FIRST = 4
"""prompts of the first look"""
BEST = (4, 3, 2)
"""how many of the best go on to all prompts, round by round"""


@dataclass(frozen=True)
class Needs:
    """What a repaired file has to show, on the subject's scale: the policy's lines; the aims are shares of the whole LoRA's."""

    identity: float | None
    bleed: float | None
    effect: float | None
    kept: float = KEPT
    left: float = LEFT

    def margins(self, found: Trial) -> list[float]:
        """By how much the estimates clear what is needed, on the subject's scale; below 0 they miss it."""
        cleared = [
            _above(found.identity, self.identity),
            _below(found.bleed, self.bleed),
            _above(found.effect, self.effect),
            _times(_above(found.kept, self.kept), _whole(found.identity, found.kept)),
            _times(_below(found.left, self.left), _whole(found.bleed, found.left)),
        ]
        return [margin for margin in cleared if margin is not None]

    def clears(self, identity: float, bleed: float, whole: Trial) -> float:
        """By how much two numbers clear their nearest line, where the whole LoRA shows what `whole` does."""
        kept = None if whole.identity is None else self.kept * whole.identity.value
        left = None if whole.bleed is None or whole.bleed.value < LITTLE else self.left * whole.bleed.value
        lows = ((identity, self.identity), (identity, kept), (identity - bleed, self.effect))
        highs = ((bleed, self.bleed), (bleed, left))
        cleared = [value - line for value, line in lows if line is not None]
        return min([*cleared, *(line - value for value, line in highs if line is not None)], default=0.0)

    def shortfall(self, found: Trial) -> float:
        """What is missed, summed; 0 where nothing is."""
        return -sum(min(0.0, margin) for margin in self.margins(found))

    def met(self, found: Trial) -> bool:
        """Whether the intervals leave no doubt, of the aims and of the policy's lines."""
        low = (found.identity, self.identity), (found.effect, self.effect), (found.kept, self.kept)
        high = (found.bleed, self.bleed), (found.left, self.left)
        return all(line is None or (m is not None and m.low >= line) for m, line in low) and all(
            line is None or (m is not None and m.high <= line) or (m is None and line == self.left) for m, line in high
        )

    def refused(self, found: Trial) -> str | None:
        """The policy's line that it clearly misses; None where it may still pass."""
        if found.identity is None or found.bleed is None:
            return "; ".join(found.gaps.values()) or "it shows no measurable face"
        if self.identity is not None and found.identity.high < self.identity:
            return f"identity {found.identity.value:.2f} is below {self.identity:g}"
        if self.bleed is not None and found.bleed.low > self.bleed:
            return f"bleed {found.bleed.value:.2f} is above {self.bleed:g}"
        if self.effect is not None and found.effect is not None and found.effect.high < self.effect:
            return f"the trigger adds {found.effect.value:.2f}, below {self.effect:g}"
        return None


def _above(found: Measurement | None, line: float | None) -> float | None:
    return None if found is None or line is None else found.value - line


def _below(found: Measurement | None, line: float | None) -> float | None:
    return None if found is None or line is None else line - found.value


def _times(share: float | None, whole: float) -> float | None:
    return None if share is None else share * whole


def _whole(part: Measurement | None, share: Measurement | None) -> float:
    """The whole LoRA's value that a share is of."""
    return 0.0 if part is None or share is None or share.value <= 0 else part.value / share.value


def needs_of(policy: Policy) -> Needs:
    """The limits of a policy's lines that an edit can move; those that only warn do not count."""

    def limit(id_: str, side: str) -> float | None:
        if id_ not in policy.asserts or (line := policy.line(id_)).level != "error":
            return None
        value: float | None = getattr(line, side)
        return value

    return Needs(limit("identity.trigger", "min"), limit("bleed.class", "max"), limit("trigger.effect", "min"))


# ------------------------------------------------------------------------------------------------ what to try


def coarse(rank: int, groups: Iterable[str], profile: Profile, weak: bool) -> list[Variant]:
    """One of each kind; only more strength for a LoRA that shows too little of the person. `rank` is the file's largest."""
    if weak:
        return [FULL.at(1.25), FULL.at(1.5)]
    high = round(profile.bands["rank"].high)
    ranks = sorted({cut for cut in (high, rank // 2, rank // 4) if 0 < cut < rank}, reverse=True)
    present = [group for group in GROUPS if group in set(groups)]
    blocks = [Variant(without=frozenset({group})) for group in present] if len(present) > 1 else []
    return [FULL.at(0.8), FULL.at(0.6), *(Variant(rank=cut) for cut in ranks), *blocks]


def finer(ranked: list[Variant], trials: Mapping[Variant, Trial], needs: Needs, step: float) -> list[Variant]:
    """What to try next: the best two edits at the strength that those seen point to, and the best joined with the next ones."""
    best = ranked[0]
    edits = list(dict.fromkeys(variant.at(1.0) for variant in ranked))[:2]
    pointed = [edit.at(strength) for edit in edits if (strength := pointed_to(edit, trials, needs)) is not None]
    if not pointed:
        moves = [move for move in (1 - step, 1 + step) if _helps(move, trials[best], needs)]
        pointed = [best.at(min(max(best.strength * move, WEAKEST), STRONGEST)) for move in moves]
    joined = [other for rest in ranked[1:3] if (other := _joined(best, rest)) is not None]
    return [variant for variant in dict.fromkeys([*pointed, *joined]) if variant not in trials]


def pointed_to(edit: Variant, trials: Mapping[Variant, Trial], needs: Needs) -> float | None:
    """The strength of an edit that clears its nearest line by most, with straight lines between those seen and nothing at 0.

    None where it was tried already, or where too little was seen. Up to a fifth beyond the strongest seen.
    """
    whole, seen = trials[FULL], {0.0: (0.0, 0.0)}
    if whole.identity is None or whole.bleed is None:
        return None
    for variant, found in trials.items():
        if variant.at(1.0) == edit and found.kept is not None:
            left = whole.bleed.value if found.left is None else found.left.value * whole.bleed.value
            seen[variant.strength] = found.kept.value * whole.identity.value, left
    strengths = sorted(seen)
    if len(strengths) < 2:
        return None
    points = np.arange(WEAKEST, min(STRONGEST, 1.2 * strengths[-1]) + GRID / 2, GRID)
    identity = _through(points, strengths, [seen[at][0] for at in strengths])
    bleed = _through(points, strengths, [seen[at][1] for at in strengths])
    cleared = [needs.clears(one, other, whole) for one, other in zip(identity.tolist(), bleed.tolist(), strict=True)]
    best = float(points[int(np.argmax(cleared))])
    return None if any(abs(best - at) < SAME for at in strengths) else round(best, 2)


def _through(points: Floats, at: list[float], values: list[float]) -> Floats:
    """Straight lines between the points seen, and on beyond the last."""
    slope = (values[-1] - values[-2]) / (at[-1] - at[-2])
    through: Floats = np.interp(points, at, values) + slope * np.maximum(points - at[-1], 0)
    return through


def _helps(move: float, found: Trial, needs: Needs) -> bool:
    """Whether that move goes where something is missing; both ways where nothing is."""
    ups = _above(found.kept, needs.kept), _above(found.identity, needs.identity), _above(found.effect, needs.effect)
    downs = _below(found.left, needs.left), _below(found.bleed, needs.bleed)
    short, high = (any(margin is not None and margin < 0 for margin in side) for side in (ups, downs))
    return (short or not high) if move > 1 else (high or not short)


def _joined(one: Variant, other: Variant) -> Variant | None:
    """Both edits at once; None where they are of one kind."""
    if (one.rank and other.rank) or one.without & other.without:
        return None
    rank = one.rank or other.rank
    joined = replace(one, rank=rank, without=one.without | other.without).at(one.strength * other.strength)
    return joined if joined not in (one, other) and len(joined.without) < 3 else None


def ranked(trials: Mapping[Variant, Trial], needs: Needs) -> list[Variant]:
    """The best first: what misses least; of those that miss nothing, what clears its nearest line by most."""

    def order(variant: Variant) -> tuple[bool, float, float]:
        found = trials[variant]
        seen = found.identity is not None and found.bleed is not None
        return not seen, round(needs.shortfall(found), 3), -min(needs.margins(found), default=0.0)

    return sorted((variant for variant in trials if variant != FULL), key=order)
