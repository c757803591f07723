"""What a run says at another strength than its own: the very instruments, shown what was drawn at it in place of the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from fluxdiag.gating.facts import NOT_IN_RUN, Facts
from fluxdiag.gating.where import as_strength
from fluxdiag.records import LEFT_OUT, Case, Gap, GatherInfo, Measurement, Shot
from fluxdiag.variants import Variant, parsed

if TYPE_CHECKING:
    from fluxdiag.instruments.tables import Tables

LORA_OFF = ("consistency.trigger-base", "faces.measurable.base")
"""measured beside what changes with the strength, and do not change themselves"""
OWN_SCALE = "without references the scale of likeness is made of the trigger's images, and each strength would have its own"


def by_strength() -> tuple[str, ...]:
    """The measurements that another strength changes, and that its pictures are enough for: of whole arms, some with the LoRA."""
    from fluxdiag.instruments.parts import LOSSES, made_from

    whole = {key: parts for key, parts in made_from().items() if not any("/" in part or LOSSES in part for part in parts)}
    return tuple(key for key, parts in whole.items() if _with_lora(parts) and key not in LORA_OFF)


def strengths_of(case: Case, made: GatherInfo, shots: Iterable[Shot]) -> dict[float, str]:
    """Strength -> the adapter's variant that shows it: what was drawn, or left out only because the verdict was settled."""
    left_out = made.stopped.left_out if made.stopped else ()
    names = {shot.variant for shot in shots if shot.lora} | {part.partition("/")[2].partition(":")[0] for part in left_out}
    known = {name: variant for name in sorted(names) if (variant := parsed(name)) is not None}
    alone = {name: variant.strength for name, variant in known.items() if variant == Variant(strength=variant.strength)}
    return {as_strength(factor * case.strength): name for name, factor in {**alone, "full": 1.0}.items()}


def own_strength(facts: Facts) -> Facts:
    """The facts of the run, of them those that are told apart by strength."""
    keys = by_strength()
    numbers = {key: facts.numbers[key] for key in keys if key in facts.numbers}
    gaps = {key: facts.gaps.get(key, NOT_IN_RUN) for key in keys if key not in numbers}
    return replace(facts, numbers=numbers, words={}, gaps=gaps)


def at_strength(facts: Facts, tables: Tables, strength: float, variant: str, keys: Iterable[str]) -> Facts:
    """The same facts, of what was drawn with the variant. Only `keys` are measured, for the others nobody asked."""
    from fluxdiag.measure import run_instrument
    from fluxdiag.registry import instruments

    wanted = frozenset(keys)
    undrawn = {key: why for key in wanted if (why := _why_not(key, tables, strength, variant))}
    shown = _shown(tables, variant)
    asked = [one for one in instruments() if (wanted - undrawn.keys()) & set(one.gives)]
    readings = [found for one in asked for found in run_instrument(one, shown) if found.key in wanted - undrawn.keys()]
    scaled = [found if facts.by_references or isinstance(found, Gap) else _on_a_scale(found) for found in readings]
    numbers = {found.key: found for found in scaled if isinstance(found, Measurement)}
    gaps = undrawn | {found.key: found.reason for found in scaled if isinstance(found, Gap)}
    return replace(facts, numbers=numbers, words={}, gaps=gaps)


def _on_a_scale(found: Measurement) -> Measurement | Gap:
    return Gap(key=found.key, reason=OWN_SCALE) if found.unit == "scale" else found


def _shown(tables: Tables, variant: str) -> Tables:
    """What was drawn with the variant stands where the whole LoRA's pictures stood; the base's stay."""
    shots = tables.shots
    return replace(tables, shots=shots[~shots["lora"].astype(bool) | (shots["variant"] == variant)].assign(variant="full"))


def _why_not(key: str, tables: Tables, strength: float, variant: str) -> str:
    """Why there is no such number at this strength; empty where all that it is made of was drawn."""
    from fluxdiag.instruments.parts import made_from

    missing = [arm for arm in _with_lora(made_from()[key]) if tables.arm(arm, variant=variant).empty]
    left_out = tables.gather.stopped.left_out if tables.gather.stopped else ()
    if not missing:
        return ""
    if any(part.startswith(f"{arm}/{variant}") for arm in missing for part in left_out):
        return LEFT_OUT
    return f"no images were made at strength {strength:g} for the {' and the '.join(missing)} arm"


def _with_lora(parts: Iterable[str]) -> list[str]:
    from fluxdiag.suites import ARMS

    return [arm for arm in dict.fromkeys(part.partition(":")[0] for part in parts) if ARMS[arm].lora]
