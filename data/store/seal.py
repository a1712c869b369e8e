"""A JSON object that carries the SHA-256 of its own bytes, so that damage to it is seen.

The seal is the first field of the object, which stays an object that any program reads. What an
earlier version wrote has none: it begins with another byte, and no single flip makes one of the
other.
"""

import re
from hashlib import sha256
from typing import Final

_SEAL: Final = re.compile(rb'\{"seal": "([0-9a-f]{64})",\n')
_UNSEALED: Final = b"{\n"


class Damaged(ValueError):  # noqa: N818 - reads as a fact where it is raised
    """The bytes are not those that were written."""


def sealed(body: bytes) -> bytes:
    """A JSON object of at least one field, with the hash of the rest as its first field."""
    rest = body.removeprefix(b"{").lstrip()
    return f'{{"seal": "{sha256(rest).hexdigest()}",\n'.encode() + rest


def is_sealed(body: bytes) -> bool:
    """Whether the body carries a seal at all."""
    return _SEAL.match(body) is not None


def unsealed(body: bytes) -> bytes:
    """The object without its seal; one that never had any, as it is.

    Raises:
        Damaged: The bytes are not those that were sealed, or no object of a store begins so.
    """
    seal = _SEAL.match(body)
    if seal is None:
        if not body.startswith(_UNSEALED):
            raise Damaged
        return body
    rest = body[seal.end() :]
    if sha256(rest).hexdigest() != seal.group(1).decode():
        raise Damaged
    return b"{" + rest
