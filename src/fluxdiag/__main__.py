"""The program itself: hears Ctrl-C from its first moment, and turns whatever ends a command into a sentence and an exit code.

Nothing large is imported before the first of these, so the commands (`cli.py`, `commands/`) come last.
"""

from __future__ import annotations

import codecs
import io
import signal
import sys
from contextlib import suppress
from types import FrameType

from fluxdiag.errors import FluxdiagError, of_the_machine
from fluxdiag.streams import open_closed

STOPPED = 130
"""what shells say of a program that Ctrl-C ended; none of our own codes, for nothing was judged"""
UNHEARD = 141
"""likewise where the reader of our output went away, as `head` does: typer's own code for it, 1, says that a problem was found"""


class Stopped(BaseException):
    """Ctrl-C. Not KeyboardInterrupt: typer turns that into exit code 1, which says that a problem was found."""


def main() -> None:
    """The one place where a user's mistake becomes a sentence and an exit code."""
    try:
        signal.signal(signal.SIGINT, _stop)
        open_closed()
        _run()
    except Stopped:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # who presses it again does not want to hear of it
        with suppress(OSError):
            print("stopped; the same command goes on from here", file=sys.stderr, flush=True)
        sys.exit(STOPPED)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _run() -> None:
    import typer

    from fluxdiag.cli import app
    from fluxdiag.records import ExitCode

    _escape_what_the_terminal_lacks()
    try:
        app(prog_name="fluxdiag")
    except FluxdiagError as error:
        _say(f"fluxdiag: {error}")
        sys.exit(ExitCode.USAGE)
    except SystemExit as end:
        if not isinstance(end.__context__, BrokenPipeError | typer.Abort):
            raise
        sys.exit(UNHEARD if isinstance(end.__context__, BrokenPipeError) else _bug())
    except Exception as error:
        if (told := of_the_machine(error)) is not None:
            _say(f"fluxdiag: {told}")
            sys.exit(ExitCode.USAGE)
        sys.exit(_bug())


def _escape_what_the_terminal_lacks() -> None:
    codecs.register_error("escaped", _escaped)
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="escaped")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """What a terminal's encoding lacks, as JSON has it: JSON stays JSON. Raises an error of decoding."""
    import json

    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def _bug() -> int:
    """Also for an EOFError, of which typer would make exit code 1: that a problem was found."""
    import traceback

    from fluxdiag.records import ExitCode

    with suppress(OSError):
        traceback.print_exc()
    _say("This is a bug in fluxdiag. Please report it with the lines above.")
    return ExitCode.BUG


def _say(text: str) -> None:
    """The last words. Where stderr takes none, the exit code has to do: Python's own, 1, says that a problem was found."""
    from fluxdiag.commands.talk import say

    with suppress(OSError):
        say(text)


if __name__ == "__main__":
    main()
