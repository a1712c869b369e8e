"""What a process that we start may take: so much memory, and no more."""

import subprocess
from typing import Any, Final

MEMORY: Final = 1536 * 1024 * 1024
"""Bytes for reading and publishing what a person brought; a large import takes some 600 MB."""


def bound_memory(process: "subprocess.Popen[Any]", most: int = MEMORY) -> None:
    """Let the process, which has just been started, write to no more memory than that.

    What wants more ends in a sentence, or at once in a library that knows none. Only Linux lets
    one process bound another; elsewhere nothing happens.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    bound = getattr(resource, "prlimit", None)
    if bound is None:
        return
    try:
        bound(process.pid, resource.RLIMIT_DATA, (most, most))
    except (ProcessLookupError, PermissionError):
        return  # it is over already, or the machine's keeper has set a bound of his own
