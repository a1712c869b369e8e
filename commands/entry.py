"""Where `nuzuh` begins: Ctrl-C ends it without a traceback, also while it is still being loaded."""

import signal
import sys
from types import FrameType
from typing import Any, Final

IMPORTING: Final = "<frozen importlib"
EXIT: Final = 1
"""What click ends with where a person broke off."""


def main(**given: Any) -> None:
    """The command line, as click takes it."""
    listens = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    interruption = _Interruption()
    if listens:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from commands.main import main as run

    if listens:  # from here on each command puts away what it holds
        signal.signal(signal.SIGINT, interruption)
    try:
        run(**given)
    except RuntimeError:
        # DuckDB makes "Query interrupted" of what is raised within a question.
        if not interruption.came:
            raise
        sys.stderr.write("Aborted!\n")
        sys.exit(EXIT)


class _Interruption:
    """Raises KeyboardInterrupt, but ends the process where a module is just being loaded.

    Compiled modules take an exception within their own beginning for a fault of theirs. Nothing is
    held there that a killed process would not leave whole as well.
    """

    def __init__(self) -> None:
        self.came = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.came = True
        while frame is not None:
            if frame.f_code.co_filename.startswith(IMPORTING):
                signal.signal(number, signal.SIG_DFL)
                signal.raise_signal(number)
            frame = frame.f_back
        raise KeyboardInterrupt
