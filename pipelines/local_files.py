"""The bytes of a file that a person names or pipes in, within the bound of what may be sent."""

from pathlib import Path
from typing import BinaryIO, Final

from pipelines.errors import SourceUnavailable

MAX_BYTES: Final = 200 * 1024 * 1024
"""Of one file or one answer of a publisher."""


def read_file(path: Path) -> bytes:
    """The bytes of a file that a person names.

    Raises:
        SourceUnavailable: It cannot be read, or is too large.
    """
    try:
        with path.open("rb") as opened:
            return read_stream(opened, f"The file {path}")
    except OSError as error:
        raise SourceUnavailable(f"The file {path} cannot be read ({error.strerror}).") from None


def read_stream(opened: BinaryIO, text: str, most: int | None = None) -> bytes:
    """The bytes of a file or a pipe.

    Args:
        opened: The file.
        text: What it is called where it is too large.
        most: The most bytes; `MAX_BYTES` where none is given.

    Raises:
        SourceUnavailable: It is too large.
    """
    bound = MAX_BYTES if most is None else most
    body = opened.read(bound + 1)
    if len(body) > bound:
        raise SourceUnavailable(
            f"{text} is larger than {bound:,} bytes; look whether it is the right one."
        )
    return body
