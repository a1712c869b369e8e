"""Which licences let anybody pass figures and files on."""

import re
from typing import Final

OPEN: Final = re.compile(r"facts|public domain|CC0|CC[ -]BY(?!.*\b(?:NC|ND)\b)", re.IGNORECASE)


def is_open(licence: str) -> bool:
    """Whether it allows commercial use and changes, as far as its name says.

    An attribution or the same terms may be asked for; no name that is not known is open.
    """
    return OPEN.match(licence) is not None
