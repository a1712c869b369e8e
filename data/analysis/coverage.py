"""Which figures there are: place by series by month or year, and where everyone stopped.

Counts of rows and picks of the newest; no number of a publisher is touched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

import pandas as pd

from data.analysis.series import ordered, whole_counts
from data.gazetteer import places

ROW: Final = ("place_code", "population_group", "measure", "unit", "publisher")
"""What a row of the matrix is: a place, what is counted there, and by whom."""
STOPPED: Final = timedelta(days=365)
"""A place without a published figure for so long is shown as one without figures."""
Age = Literal["new", "year", "old"]
AGES: Final[tuple[tuple[Age, timedelta], ...]] = (
    ("new", timedelta(days=92)),
    ("year", timedelta(days=365)),
)
"""Up to how old a figure is called so; what is older is `old`."""


@dataclass(frozen=True)
class Cell:
    """What there is of one row in one month or year.

    Attributes:
        count: How many figures with a number.
        figure_id: The newest of them.
        as_of: Its reference date.
        age: How old it is on the day that is shown.
    """

    count: int
    figure_id: str
    as_of: pd.Timestamp
    age: Age


@dataclass(frozen=True)
class CoverageRow:
    """One row of the matrix: its newest figure, and a cell for each column that has figures."""

    newest: dict[str, Any]
    cells: dict[int, Cell]


@dataclass(frozen=True)
class Instead:
    """What a place without figures shows: the figure of the nearest place above, or None."""

    place: str
    nearest: dict[str, Any] | None
    other: dict[str, Any] | None
    """The newest figure of another kind at the place itself."""


def usable(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures that have a number."""
    return figures[figures["value"].notna()]


def _ordered(figures: pd.DataFrame) -> pd.DataFrame:
    """Oldest day first; of one day whole counts last, so that no part is taken for the newest."""
    found = ordered(figures)
    whole = found.assign(_whole=whole_counts(found)).sort_values(["as_of", "_whole"], kind="stable")
    return whole.drop(columns="_whole")


def years(figures: pd.DataFrame) -> list[int]:
    """Every year from the first figure's to the last one's, oldest first."""
    if figures.empty:
        return []
    days = figures["as_of"]
    return list(range(days.min().year, days.max().year + 1))


def matrix(figures: pd.DataFrame, day: date, *, year: int | None = None) -> list[CoverageRow]:
    """The rows of the matrix, by place, the newest first within a place.

    Args:
        figures: Columns of `tables.FIGURES`; those without a number are passed over.
        day: The day from which ages are counted.
        year: The columns are its months, 1 to 12; without, they are years.
    """
    known = _ordered(usable(figures))
    if year is not None:
        known = known[known["as_of"].dt.year.eq(year)]
    moment = known["as_of"].dt.year if year is None else known["as_of"].dt.month
    known = known.assign(_at=moment)
    by = [*ROW, "_at"]
    counted = known.groupby(by, sort=False, dropna=False).size()
    newest = known.drop_duplicates(by, keep="last").set_index(by).assign(_count=counted)
    rows: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in newest.reset_index().sort_values("_at", kind="stable").to_dict("records"):
        named = {str(name): value for name, value in row.items()}
        rows.setdefault(tuple(named[name] for name in ROW), []).append(named)
    found: dict[str, list[CoverageRow]] = {}
    for (code, *_), cells in rows.items():
        made = {int(cell["_at"]): _cell(cell, day) for cell in cells}
        found.setdefault(str(code), []).append(CoverageRow(cells[-1], made))
    return [
        line
        for held in found.values()
        for line in sorted(held, key=lambda line: line.newest["as_of"], reverse=True)
    ]


def _cell(row: dict[str, Any], day: date) -> Cell:
    at = row["as_of"]
    return Cell(int(row["_count"]), str(row["figure_id"]), at, age(at, day))


def age(at: pd.Timestamp, day: date) -> Age:
    """How old a figure of a day is on another day."""
    passed = pd.Timestamp(day) - at
    return next((name for name, longest in AGES if passed <= longest), "old")


def stopped(figures: pd.DataFrame, order: Sequence[str], day: date) -> list[dict[str, Any]]:
    """The newest figure of each place whose newest figure of anyone is older than `STOPPED`.

    Args:
        figures: Of any place, kind and publisher.
        order: The places asked about.
        day: The day from which it is counted.
    """
    last = _ordered(usable(figures)).drop_duplicates("place_code", keep="last")
    old = last[last["as_of"] < pd.Timestamp(day) - STOPPED].set_index("place_code", drop=False)
    return [_named(old.loc[code]) for code in order if code in old.index]


def missing(asked: pd.DataFrame, figures: pd.DataFrame, order: Sequence[str]) -> list[Instead]:
    """What there is instead for each place that has no figure of those asked for.

    Args:
        asked: The figures of the reader's choice, of any place.
        figures: All figures, of every kind, of the same places and those above them.
        order: The places asked about.
    """
    newest = _ordered(usable(asked)).drop_duplicates("place_code", keep="last")
    of_choice = newest.set_index("place_code", drop=False)
    other = _ordered(usable(figures)).drop_duplicates("place_code", keep="last")
    of_any = other.set_index("place_code", drop=False)
    found = []
    for code in order:
        if code in of_choice.index:
            continue
        above = next((up for up in places.ancestors(code) if up in of_choice.index), None)
        found.append(
            Instead(
                code,
                None if above is None else _named(of_choice.loc[above]),
                _named(of_any.loc[code]) if code in of_any.index else None,
            )
        )
    return found


def _named(row: Any) -> dict[str, Any]:
    return {str(name): value for name, value in row.to_dict().items()}
