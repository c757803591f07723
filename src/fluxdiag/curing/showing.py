"""The diff against the training that was, in the trainer's own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fluxdiag.trainers.contract import Trainer
from fluxdiag.trainers.recipe import Recipe

COPIED = frozenset({"dataset", "base"})
"""fields of which the diff says nothing unless they were changed on purpose"""


@dataclass(frozen=True)
class Row:
    """One line of the config; `before` is None where it is not known."""

    field: str
    before: str | None
    after: str
    because: str

    @property
    def known(self) -> bool:
        """Whether it is a change: of something known, or made on purpose."""
        return self.before is not None or bool(self.because)


def rows(trainer: Trainer, before: Mapping[str, Any], after: Recipe, reasons: Mapping[str, str]) -> tuple[Row, ...]:
    """What is not as it was, and what is not known and therefore the guide's."""
    return tuple(_rows(trainer, before, after, reasons))


def _rows(trainer: Trainer, before: Mapping[str, Any], after: Recipe, reasons: Mapping[str, str]) -> Iterator[Row]:
    new = trainer.words(after)
    old = trainer.words(after.model_copy(update=dict(before)))
    yield from _people(before, after, new.get("regularisation", ""), reasons)
    for field in new:
        if field == "regularisation" or (field in COPIED and field not in reasons):
            continue
        known = field in before
        if known and old.get(field) == new[field]:
            continue
        if not known and new[field].rpartition(" ")[2] in ("None", "''"):
            continue
        yield Row(field, old.get(field, "none") if known else None, new[field], reasons.get(field, ""))


def _people(before: Mapping[str, Any], after: Recipe, new: str, reasons: Mapping[str, str]) -> Iterator[Row]:
    """Their folder is a copy, so it always differs: what counts is how many they are."""
    count = before.get("regularisation_images")
    if count == after.regularisation_images or (count is None and not after.regularisation_images):
        return
    because = reasons.get("regularisation_images", "")
    told = _counted(after.regularisation_images) + (f" ({new})" if after.regularisation_images else "")
    yield Row("regularisation_images", None if count is None else _counted(count), told, because)


def _counted(count: int) -> str:
    return f"{count} pictures of ordinary people" if count else "no pictures of ordinary people"
