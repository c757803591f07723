"""The exceptions that a user can meet. Each says what was wrong, where, and what to do about it.

FluxdiagError                 a mistake that only the user can mend; caught once, in `__main__.py`, exit code 2
+- UnreadableLora             missing, truncated, not safetensors, a pickle
+- WrongFamily                a LoRA, but for another model (SD 1.5, SDXL, ...)
+- RunMismatch                the run folder belongs to another LoRA, or a file in it was made from other inputs
+- WeightsMissing             the base, face pack or CLIP model is gated, absent or incomplete

CannotMeasure                 not the user's fault: an instrument lacks what it needs; `measure.py` records a gap
"""

from __future__ import annotations

import errno

OF_THE_DISK = frozenset((
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO,
    errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ELOOP,
))  # fmt: skip
"""what no code of ours can mend: a full or read-only disk, a folder that may not be written, a file where a folder should be"""


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


def of_the_machine(error: Exception) -> str | None:
    """What a full disk or a card that is too small is told as; None of a bug."""
    if isinstance(error, OSError) and error.errno in OF_THE_DISK:
        return f"{error.filename or 'the output'}: {error.strerror}. Mend that, and give the command again"
    if type(error).__name__ == "OutOfMemoryError":  # torch's, which is not imported for this
        told = " ".join(str(error).split())[:200]
        return f"the card has too little memory ({told}). Close what else uses it; the same command goes on from here"
    return None
