"""Why some figures may not be added up, stated for exactly those figures."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from visuals.language.words import Words

DIFFERENT: Final[Mapping[str, str]] = {
    "measure": "measure",
    "unit": "unit",
    "source": "source",
    "admin_level": "level",
    "population_group": "group",
}
"""Columns whose different values forbid a sum, and the sentence that says so."""


def sentences(words: Words, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What forbids to add these figures up; the general rule comes first, also for one alone."""
    found = [words("adding.always")]
    found += [
        words(f"adding.{key}")
        for column, key in DIFFERENT.items()
        if len({str(row[column]) for row in rows}) > 1
    ]
    if len({str(row["as_of"]) for row in rows if row["measure"] == "stock"}) > 1:
        found.append(words("adding.day"))
    if any(row["measure"] == "cumulative" for row in rows) and len(rows) > 1:
        found.append(words("adding.cumulative"))
    return found
