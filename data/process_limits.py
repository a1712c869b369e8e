"""What a process may take, one that we start or our own: so much memory, and no more."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
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


@contextmanager
def at_most(more: int) -> Iterator[None]:
    """Inside, this process may write to so many bytes more than it has now.

    For what is unpacked by a library that believes what a file says of itself: what wants more ends
    in a `MemoryError` there, and not in the machine's. Only Linux says how much there is; elsewhere
    nothing happens.
    """
    try:
        import resource
    except ImportError:  # Windows
        yield
        return
    printed = None
    with suppress(OSError):
        printed = re.search(rb"VmData:\s+(\d+) kB", Path("/proc/self/status").read_bytes())
    if printed is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bound = int(printed[1]) * 1024 + more
    known = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min([bound, *known]), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
