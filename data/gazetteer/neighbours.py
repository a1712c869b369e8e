"""Which places lie beside one another: they share a boundary, across a border too.

The table was worked out once from official boundaries and is carried as pairs of codes, since the
carried outlines are too coarse for sub-districts; `data/reference/README.md` says how.
"""

from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from data.gazetteer import places

FILE: Final = places.REFERENCE / "neighbours.csv"


def neighbours_of(code: str) -> list[str]:
    """Codes of a place's neighbours: those of its own country and level first, then by name.

    Empty for a region without exact borders, and for a place whose boundary is not known.
    """
    found = _pairs().get(code, frozenset())
    if not places.is_known_code(code):
        return []
    own = places.codes(code)

    def order(other: str) -> tuple[bool, bool, str]:
        codes = places.codes(other)
        return (
            codes["location_code"] != own["location_code"],
            codes["admin_level"] != own["admin_level"],
            str(places.row(other)["name_en"]),
        )

    return sorted(found, key=order)


@cache
def _pairs() -> dict[str, frozenset[str]]:
    table = pd.read_csv(Path(FILE), dtype="string")
    found: dict[str, set[str]] = {}
    for one, other in zip(table["place_code"], table["neighbour_code"], strict=True):
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {code: frozenset(beside) for code, beside in found.items()}
