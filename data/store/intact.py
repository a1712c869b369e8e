"""Whether a file holds the bytes that its hash names: the one place that says so.

A file is hashed once in a process. It counts as the same file for as long as its place on the
disk, its size and its times of change are the same, so that a page's hundredth question costs a
look at the folder and no reading. What changed a moment ago is hashed again the next time: two
changes within one tick of the system's clock look alike.
"""

import os
import stat
import time
from hashlib import file_digest
from pathlib import Path
from typing import Final

_Identity = tuple[int, int, int, int, int]
_SETTLED: Final = 50_000_000
"""Nanoseconds after its last change from which a file's times tell it from what it was."""
_REMEMBERED: Final = 200_000
_SEEN: Final[dict[_Identity, str]] = {}


def holds(path: Path, digest: str) -> bool:
    """Whether `path` is a plain file whose SHA-256 is `digest`.

    Raises:
        OSError: It is there and cannot be read.
    """
    return digest_of(path) == digest


def digest_of(path: Path) -> str | None:
    """The SHA-256 of a file; None where there is no plain file.

    Raises:
        OSError: It is there and cannot be read.
    """
    try:
        before = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(before.st_mode):
        return None
    identity = _identity(before)
    known = _SEEN.get(identity)
    if known is not None:
        return known
    with path.open("rb") as opened:
        found = file_digest(opened, "sha256").hexdigest()
        after = os.fstat(opened.fileno())
    settled = time.time_ns() - max(after.st_mtime_ns, after.st_ctime_ns) > _SETTLED
    if settled and _identity(after) == identity:
        if len(_SEEN) >= _REMEMBERED:
            _SEEN.clear()
        _SEEN[identity] = found
    return found


def forget_hashes() -> None:
    """Hash every file again at the next question: for who means to look at the disk itself."""
    _SEEN.clear()


def _identity(found: os.stat_result) -> _Identity:
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
