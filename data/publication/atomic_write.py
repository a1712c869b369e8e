"""A file put in its place whole or not at all; what is in it is made by `data.exports`."""

import os
import tempfile
from pathlib import Path

from data.publication.exports import CannotWrite


def write(path: Path, body: bytes) -> None:
    """Put the file in place whole or not at all.

    Raises:
        CannotWrite: The folder is missing or may not be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CannotWrite(f"{path} cannot be written ({error.strerror}); name another.") from None
