"""The exceptions that a user can meet. Each says what was wrong, where, and what to do about it.

FluxdiagError                 a mistake that only the user can mend; caught once, in `__main__.py`, exit code 2
+- UnreadableLora             missing, truncated, not safetensors, a pickle
+- WrongFamily                a LoRA, but for another model (SD 1.5, SDXL, ...)
+- RunMismatch                the run folder belongs to another LoRA, or a file in it was made from other inputs
+- WeightsMissing             the base, face pack or CLIP model is gated, absent or incomplete

CannotMeasure                 not the user's fault: an instrument lacks what it needs; `measure.py` records a gap
"""

from __future__ import annotations


class FluxdiagError(Exception):
    """What was wrong, where, and what to do: three parts, so that none is forgotten."""

    def __init__(self, what: str, *, where: str = "", do: str = "") -> None:
        self.what, self.where, self.do = what, where, do
        super().__init__(": ".join(part for part in (where, what) if part) + (f". {do}" if do else ""))


class UnreadableLora(FluxdiagError):
    """The file cannot be read as a LoRA at all."""


class WrongFamily(FluxdiagError):
    """The file is a LoRA for a model that is not FLUX.1."""


class RunMismatch(FluxdiagError):
    """The run folder holds something made from other inputs than those given now."""


class WeightsMissing(FluxdiagError):
    """A model that has to be there is not: gated, absent or incomplete."""


class CannotMeasure(Exception):
    """Raised by an instrument with the reason why its measurements cannot be had from what was gathered."""
