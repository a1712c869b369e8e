"""Where `nuzuh` begins: Ctrl-C ends it without a traceback, also while it is still being loaded."""

import signal
from typing import Any


def main(**given: Any) -> None:
    """The command line, as click takes it."""
    listens = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if listens:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from commands.main import main as run

    if listens:  # from here on each command puts away what it holds
        signal.signal(signal.SIGINT, signal.default_int_handler)
    run(**given)
