"""The three streams that a shell hands over, where it has closed one of them (`2>&-`, a service without a console).

Python then has None in its place. `print(..., file=None)` writes to stdout, so what is said would land in the JSON, and an answer
printed to a stdout that is None is gone without a word. The next file to be opened would get the free number, and with it all
that a library prints to 1 or 2.
"""

from __future__ import annotations

import io
import os
import sys

from fluxdiag.errors import FluxdiagError


class Closed(io.TextIOBase):
    """In place of stdout: a command that has no answer to print needs none."""

    encoding = "utf-8"

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        raise FluxdiagError("is closed, and there is an answer to print", where="stdout", do="Give it a place, such as > FILE")


def open_closed() -> None:
    """What is said goes nowhere, as was asked for; an answer is refused."""
    _take_free_numbers()
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    if sys.stdout is None:
        sys.stdout = Closed()


def _take_free_numbers() -> None:
    """The lowest free number is what `open` gives. Inherited, for a trainer that is started needs its streams too."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
