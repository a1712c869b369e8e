"""What can be wrong with a store: one sentence each, with a remedy."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager


class StoreProblem(Exception):  # noqa: N818 - reads as a fact where it is raised
    """The store cannot do what was asked; what was published before is untouched."""


class StoreEmpty(StoreProblem):
    """Nothing has been published yet."""


class StoreBroken(StoreProblem):
    """The pointer or a file it names is missing or altered."""


class StoreBusy(StoreProblem):
    """Somebody else is publishing, or running the same source."""


class StoreNotWritable(StoreProblem):
    """The disk is full, or the store may not be written."""


@contextmanager
def as_store_problem(address: str) -> Iterator[None]:
    """Turn the system's write errors into sentences; anything else passes."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreNotWritable(
                f"The disk of the store {address} is full; free some space and run again."
            ) from None
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise StoreNotWritable(
                f"The store {address} may not be written; "
                "check its permissions or set NUZUH_STORE to another folder."
            ) from None
        raise
