"""Which licences let anybody pass figures and files on."""

import re
from typing import Final

from data.publication import harm

OPEN: Final = re.compile(r"facts|public domain|CC0|CC[ -]BY(?!.*\b(?:NC|ND)\b)", re.IGNORECASE)


def is_open(licence: str) -> bool:
    """Whether it allows commercial use and changes, as far as its name says.

    An attribution or the same terms may be asked for; no name that is not known is open.
    """
    return OPEN.match(licence) is not None


def passed_on(licence: str, body: bytes) -> bool:
    """Whether a public office may hand out a stored copy."""
    if not is_open(licence):
        return False
    try:
        return harm.in_text(body.decode("utf-8")) is None
    except UnicodeDecodeError:
        return False  # bytes that nobody can look through
