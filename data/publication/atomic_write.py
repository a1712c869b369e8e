"""A file put in its place whole or not at all; what is in it is made by `data.publication.exports`.

What is written to is what was named: a link is followed, a file that is there keeps its mode and
owner, and what is no plain file is refused, unless it is this process's own output.
"""

import os
import re
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from data.publication.exports import CannotWrite

_OUTPUT: Final = re.compile(r"-|/dev/(?:stdout|stderr|fd/(\d+))|/proc/self/fd/(\d+)")
"""Names of what this process was given to write on."""
_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
)


def write(path: Path, body: bytes) -> None:
    """Put the file in place whole or not at all.

    `-`, `/dev/stdout` and their like are written to.

    Raises:
        CannotWrite: The folder is missing or may not be written, or something that is no plain
            file has the name.
    """
    try:
        output = _OUTPUT.fullmatch(str(path))
        if output:
            # Where it stands: opened anew, a file would be written over from its beginning.
            given = output.group(1) or output.group(2) or (2 if "stderr" in str(path) else 1)
            _on(os.dup(int(given)), body)
            return
        target = Path(os.path.realpath(path))
        there = _there(path, target)
        # One name of several is not taken away from the others, nor a file from its owner.
        if there is not None and (there.st_nlink > 1 or not _may_give(there)):
            _on(os.open(target, os.O_WRONLY | os.O_TRUNC), body)
            return
        _replace(target, body, there)
    except OSError as error:
        raise CannotWrite(f"{path} cannot be written ({error.strerror}); name another.") from None


def _there(path: Path, target: Path) -> os.stat_result | None:
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    for is_one, ending in _KINDS:
        if is_one(found.st_mode):
            raise CannotWrite(f"{path} is {ending}, no file; name a file, or - for the output.")
    return found


def _may_give(there: os.stat_result) -> bool:
    """Whether a new file can be given the owner that is there; Windows asks for none."""
    if not hasattr(os, "geteuid"):
        return True
    return os.geteuid() == 0 or (there.st_uid, there.st_gid) == (os.geteuid(), os.getegid())


def _on(handle: int, body: bytes) -> None:
    """Write on what is open, and close it."""
    with os.fdopen(handle, "wb") as file:
        file.write(body)


def _replace(target: Path, body: bytes, there: os.stat_result | None) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        if there is not None:
            # Only root gives a file away (`_may_give`), and a sandbox may end whoever tries.
            if hasattr(os, "geteuid") and os.geteuid() == 0:
                with suppress(PermissionError):
                    os.chown(draft, there.st_uid, there.st_gid)
            draft.chmod(stat.S_IMODE(there.st_mode))
        else:
            draft.chmod(0o666 & ~_umask())
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _umask() -> int:
    """What this process keeps from others; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
