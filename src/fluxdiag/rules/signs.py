"""Signs: one measurement held against one threshold. A rule is a few signs and what they mean together.

A sign is `clear` only when the whole interval lies beyond the threshold. One that straddles it decides nothing, and neither
does one that was not measured: those two make a rule `unknown`, never `absent`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from fluxdiag.records import Evidence, Measurement, Strength

SHOWN_BY_TWO_PLACES = 0.02


@dataclass(frozen=True)
class Sign:
    """`clear`: it holds; `refuted`: its opposite holds; neither: straddles the threshold, or was not measured at all."""

    key: str
    clear: bool
    refuted: bool
    wide: bool
    """the interval clears the threshold by at least its own half-width"""
    text: str
    missing: bool = False
    """not measured at all"""

    def __bool__(self) -> bool:
        return self.clear

    @property
    def possible(self) -> bool:
        """Measured, and its opposite does not hold: it is clear, or straddles the threshold."""
        return not (self.refuted or self.missing)


def below(evidence: Evidence, key: str, threshold: float, meaning: str) -> Sign:
    """Holds when `key` is clearly below the threshold."""
    found = evidence.get(key)
    if found is None:
        return _missing(evidence, key)
    clear, refuted = found.clearly_below(threshold), found.clearly_above(threshold)
    margin = threshold - found.high
    return Sign(
        key,
        clear,
        refuted,
        clear and margin >= (found.high - found.low) / 2,
        _text(found, clear, refuted, "below", threshold, meaning),
    )


def above(evidence: Evidence, key: str, threshold: float, meaning: str) -> Sign:
    """Holds when `key` is clearly above the threshold."""
    found = evidence.get(key)
    if found is None:
        return _missing(evidence, key)
    clear, refuted = found.clearly_above(threshold), found.clearly_below(threshold)
    margin = found.low - threshold
    return Sign(
        key,
        clear,
        refuted,
        clear and margin >= (found.high - found.low) / 2,
        _text(found, clear, refuted, "above", threshold, meaning),
    )


def or_else(sign: Sign, instead: Sign) -> Sign:
    """The second where the first was not measured; where neither was, the first is what is missing."""
    return instead if sign.missing and not instead.missing else sign


def strength_of(signs: Iterable[Sign]) -> Strength:
    """A point for each clear sign and another where it clears by its own half-width: 4 are strong, 2 moderate, 1 is weak.

    Independent signs that agree count; first-cut, to be replaced by weights fitted on planted LoRAs.
    """
    points = sum(sign.clear + sign.wide for sign in signs)
    return "strong" if points >= 4 else "moderate" if points >= 2 else "weak"


def texts(*signs: Sign) -> tuple[str, ...]:
    return tuple(sign.text for sign in signs)


def cites(evidence: Evidence, *signs: Sign) -> tuple[str, ...]:
    """The keys of the signs that rest on a number; what was not measured cannot be cited."""
    return tuple(dict.fromkeys(sign.key for sign in signs if sign.key in evidence.measurements))


def lacking(*signs: Sign) -> tuple[str, ...]:
    """The keys that were not measured, in order: what an `unknown` would need."""
    return tuple(dict.fromkeys(sign.key for sign in signs if sign.missing))


def value(evidence: Evidence, key: str) -> float | None:
    """A fact's value, for the settings: those are exact."""
    found = evidence.get(key)
    return None if found is None else found.value


def shown(found: Measurement) -> str:
    """`trigger.effect 0.05 (0.01 to 0.09, scale)`; exact facts without an interval."""
    return f"{found.key} {measured(found)}"


def measured(found: Measurement) -> str:
    """The value with its interval and unit; `1950 (steps)` for an exact fact."""
    if found.low == found.high:
        return number(found.value) + (f" ({found.unit})" if found.unit else "")
    unit = f", {found.unit}" if found.unit else ""
    places = _places(max(abs(found.low), abs(found.high)))
    return f"{found.value:z.{places}f} ({found.low:z.{places}f} to {found.high:z.{places}f}{unit})"


def number(value: float) -> str:
    """As people write it: 1950, 0.25, 0.0001; an exponent only for what is smaller still (5e-5)."""
    if abs(value) >= 100 or value == 0:
        return f"{value:.0f}"
    mantissa, _, exponent = f"{value:.3g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def _places(size: float) -> int:
    """Two, and more where two would show nothing but noughts."""
    return 2 if size == 0 or size >= SHOWN_BY_TWO_PLACES else min(9, 1 - math.floor(math.log10(size)))


def _text(found: Measurement, clear: bool, refuted: bool, side: str, threshold: float, meaning: str) -> str:
    if clear:
        return f"{meaning}: {shown(found)}, {side} {number(threshold)}"
    verdict = f"not {side}" if refuted else "too near to"
    return f"{shown(found)}, {verdict} {number(threshold)}"


def _missing(evidence: Evidence, key: str) -> Sign:
    return Sign(key, False, False, False, f"not measured: {evidence.why_missing(key)}", missing=True)
