"""How far a count of people moved from one reading to the next, place by place, for one map.

Only differences that may be taken at all are kept: equal kind, unit, place, source, definition and
coverage, both numbers exact (`data.analysis.comparable.comparable_change`). A picture has one
publisher, one day and one day before: places whose reading before is of another day are not on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import pandas as pd

from data.analysis.cells import Row
from data.analysis.comparable import comparable_change
from data.analysis.series import in_series, line_rows, whole_counts

OF: Final = "IDP"
LEAST: Final = 100
"""People before below which a change in percent says nothing: of ten, two are a fifth."""
_ONE: Final = ("publisher", "source", "dataset")
"""What all places of one picture share beside both days."""


@dataclass(frozen=True)
class Shift:
    """One change with the two figures that it is made of, rows of `tables.FIGURES`."""

    before: Row
    after: Row

    @property
    def people(self) -> int:
        """The later number less the earlier."""
        return int(self.after["value"]) - int(self.before["value"])

    @property
    def percent(self) -> float:
        """The same as a part of the earlier number, in hundredths."""
        return 100 * self.people / float(self.before["value"])


def shifts(figures: pd.DataFrame) -> Iterator[Shift]:
    """Every change from one reading to the next that may be taken, in no order."""
    at = in_series(figures)
    stocks = (
        at["population_group"].eq(OF)
        & at["measure"].eq("stock")
        & at["unit"].eq("people")
        & at["value"].notna()
    )
    for rows in line_rows(at[stocks & whole_counts(at)]):
        last_of_day = {row["as_of"]: row for row in rows}
        for before, after in pairwise(last_of_day.values()):
            if int(before["value"]) < LEAST:
                continue
            if comparable_change(before, after).status == "number":
                yield Shift(before, after)


def pictures(figures: pd.DataFrame) -> dict[str, dict[str, list[Shift]]]:
    """What may be shaded on one map: changes between two days of one publisher at one level.

    Returns:
        By level as an address calls it, then by time, oldest first: `shifts` of the places, the
        largest rise first. A time is both days; where two publishers share them, the name of each
        says which it is.
    """
    found: dict[str, dict[tuple[Any, ...], list[Shift]]] = {}
    for shift in shifts(figures):
        row = shift.after
        level = "none" if pd.isna(row["admin_level"]) else str(row["admin_level"])
        one = (row["as_of"], shift.before["as_of"], *(str(row[name]) for name in _ONE))
        found.setdefault(level, {}).setdefault(one, []).append(shift)
    return {level: _by_time(at) for level, at in found.items()}


def _by_time(found: dict[tuple[Any, ...], list[Shift]]) -> dict[str, list[Shift]]:
    days = [one[:2] for one in found]
    named: dict[str, list[Shift]] = {}
    for one in sorted(found):
        both = f"{one[0]:%Y-%m-%d}~{one[1]:%Y-%m-%d}"
        code = both if days.count(one[:2]) == 1 else "~".join((both, *one[2:]))
        named[code.replace(" ", "_")] = sorted(
            found[one], key=lambda shift: (-shift.percent, str(shift.after["place_code"]))
        )
    return named
