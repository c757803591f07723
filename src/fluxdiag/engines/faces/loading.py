"""Whose fault it is when networks do not load: the files', which are then no pack, or the card's, which may be full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from fluxdiag.errors import FluxdiagError, WeightsMissing, of_the_machine

PROCESSOR = "CPUExecutionProvider"

T = TypeVar("T")


def loaded(load: Callable[[Sequence[str]], T], providers: Sequence[str], where: str, unfit: Callable[[str], WeightsMissing]) -> T:
    """What `load` makes of the files on these providers of onnxruntime.

    Raises `unfit` of the reason where no provider can, FluxdiagError where only the card cannot, and as they are: what the disk
    says, a library that does not import, too little memory. onnxruntime's own errors do not tell a broken file from a full card.
    """
    try:
        return load(providers)
    except (FluxdiagError, ImportError, MemoryError):
        raise
    except Exception as error:
        if of_the_machine(error) is not None:
            raise
        if providers[0] != PROCESSOR and _loads(load):
            what = f"runs on the processor, and not on the card ({_reason(error)})"
            do = "Close what else uses the card; `fluxdiag doctor` says which onnxruntime is here"
            raise FluxdiagError(what, where=where, do=do) from error
        raise unfit(_reason(error)) from error


def _loads(load: Callable[[Sequence[str]], object]) -> bool:
    """On the processor: whatever it says is only asked for, not told."""
    try:
        load((PROCESSOR,))
    except Exception:
        return False
    return True


def _reason(error: Exception) -> str:
    """One line, also of an error that says nothing."""
    return ": ".join([type(error).__name__, *str(error).strip().splitlines()[:1]])
