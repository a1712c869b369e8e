"""Where `nuzuh` begins: Ctrl-C ends it without a traceback, also while it is still being loaded."""

import gc
import signal
from types import FrameType
from typing import Any, Final

IMPORTING: Final = "<frozen importlib"
YOUNG: Final = 20_000
"""New objects after which memory is searched for garbage. What a command loads stays until it ends:
searched at every 700, as is usual, that is 40 ms for nothing."""


def main(**given: Any) -> None:
    """The command line, as click takes it."""
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
    listens = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if listens:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from commands.main import main as run

    if listens:  # from here on each command puts away what it holds
        signal.signal(signal.SIGINT, _interrupted)
    run(**given)


def _interrupted(number: int, frame: FrameType | None) -> None:
    """Raises KeyboardInterrupt, but ends the process where a module is just being loaded.

    Compiled modules take an exception within their own beginning for a fault of theirs. Nothing is
    held there that a killed process would not leave whole as well.
    """
    while frame is not None:
        if frame.f_code.co_filename.startswith(IMPORTING):
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        frame = frame.f_back
    raise KeyboardInterrupt
