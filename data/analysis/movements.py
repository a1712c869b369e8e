"""Who moved from where to where within a period: cells, published totals, and their differences.

Sums are made here for one purpose: to stand beside the total that the publisher published. They
are never given out as the publisher's, and a cell that is part of another is in no sum.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from data.analysis.cells import has_caveat
from data.analysis.series import in_series, ordered
from data.gazetteer import places

UNKNOWN: Final = "origin_unknown"
"""Category of a published count of moves whose origin the publisher does not know."""
SERIES: Final = ("publisher", "dataset", "population_group")
"""What the cells of one matrix share, besides kind, unit and period. The source is not among it:
a publisher's maps and its tables of one dataset are read by two, the origins and the totals."""
LEVELS: Final = (1, 3)
EXACT: Final = ("exact", "rounded")


@dataclass(frozen=True)
class Cell:
    """One published number of moves.

    Attributes:
        origin: Code of where people came from; UNKNOWN where the publisher says so.
        destination: Code of where they arrived.
        kind: within (the origin is the destination or holds it), between, region (the origin is
            a region without exact borders, so neither can be stated) or unknown.
        figure: The row of `tables.FIGURES`.
        counted: Whether it belongs in a sum; a part of another published figure does not.
    """

    origin: str
    destination: str
    kind: str
    figure: dict[str, Any]
    counted: bool

    @property
    def value(self) -> int | None:
        """The number; None where there is none, which is not zero."""
        return None if pd.isna(self.figure["value"]) else int(self.figure["value"])


@dataclass(frozen=True)
class Sum:
    """A sum of published cells beside the published total of the same.

    Attributes:
        parts: How many published cells are in it.
        value: The sum; None where there is no cell with a number.
        exact: Whether every cell was printed exactly: else the sum is as vague as its cells.
        total: The publisher's own total; None where it published none.
    """

    parts: int
    value: int | None
    exact: bool
    total: dict[str, Any] | None

    @property
    def difference(self) -> int | None:
        """The published total less the sum; None where one of them is missing."""
        if self.value is None or self.total is None or pd.isna(self.total["value"]):
            return None
        return int(self.total["value"]) - self.value


@dataclass(frozen=True)
class Matrix:
    """The moves of one period at one level, from one series of one publisher.

    Attributes:
        cells: By origin and destination.
        origins: Codes in the order of the rows, the one with most moves first; UNKNOWN last.
        destinations: Codes in the order of the columns.
        arrivals: For each destination, its cells beside the published arrivals there.
        departures: For each origin, its cells beside the published departures from there.
        whole: What was published for each destination (its arrivals; its cells where no arrivals
            were) beside the published total of the country; `parts` counts the destinations.
        inside, between, regions, unknown: The cells of each kind; nothing is published beside.
        figures: Every figure used, for the table and the download.
    """

    cells: dict[tuple[str, str], Cell]
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    arrivals: dict[str, Sum]
    departures: dict[str, Sum]
    whole: Sum
    inside: Sum
    between: Sum
    regions: Sum
    unknown: Sum
    figures: pd.DataFrame


def moves(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures that count moves of IDPs inside a country within a period, series by series."""
    figures = in_series(figures)
    flows = figures["measure"].eq("flow") & figures["unit"].eq("movements")
    whole = figures["gender"].eq("all") & figures["age_range"].eq("all")
    return figures[flows & whole]


def series(figures: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Moves split into what may stand in one matrix, the one with most origins first.

    Departures go with the arrivals of the same dataset: they are its totals by origin.

    Yields:
        A code for the address, which begins with the source of most origins, and the figures.
    """
    arriving = figures.assign(
        population_group=figures["population_group"].replace({"IDP_DEP": "IDP_ARR"})
    )
    groups = [
        ((_first_source(part), *map(str, key)), figures.loc[part.index])
        for key, part in arriving.groupby(list(SERIES), dropna=False, sort=True)
    ]
    for key, part in sorted(groups, key=lambda g: (-int(g[1]["origin_code"].notna().sum()), g[0])):
        yield "~".join(name.replace(" ", "_") for name in key), part


def _first_source(figures: pd.DataFrame) -> str:
    """The source that tells most origins; the first by name among equals."""
    origins = figures["origin_code"].notna().groupby(figures["source"].astype(str)).sum()
    return str(origins.idxmax())


def periods(figures: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The figures of each period, oldest first: a month as YYYY-MM, else two days.

    One figure for each place, origin and category: the one known last.
    """
    span = ["reference_period_end", "reference_period_start"]
    by = [*span, "population_group", "place_code", "origin_code", "category"]
    found = ordered(figures).drop_duplicates(by, keep="last")
    return {
        period_code(rows[span[1]].iloc[0], rows[span[0]].iloc[0]): rows
        for _, rows in found.groupby(span, sort=True)
    }


def period_code(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """A period for the address."""
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    if first.day == 1 and last == first + pd.offsets.MonthEnd(0):
        return f"{first:%Y-%m}"
    return f"{first:%Y-%m-%d}..{last:%Y-%m-%d}"


def matrix(figures: pd.DataFrame, level: int) -> Matrix:
    """The moves of one series and period, at one level of destination.

    Args:
        figures: Of one period, as `periods` gives them for one series.
        level: 1 governorates, 3 sub-districts.
    """
    at_level = figures["admin_level"].eq(level).fillna(False)
    leaving = figures["population_group"].eq("IDP_DEP")
    unknown = figures["category"].eq(UNKNOWN).fillna(False)
    with_origin = figures["origin_code"].notna()
    cells = {
        (cell.origin, cell.destination): cell
        for cell in map(_cell, _rows(figures[at_level & ~leaving & (with_origin | unknown)]))
    }
    plain = figures["category"].isna() & ~with_origin
    totals = _by_place(figures[at_level & ~leaving & plain])
    left = _by_place(figures[at_level & leaving & plain])
    country = _by_place(figures[figures["admin_level"].eq(0).fillna(False) & ~leaving & plain])
    origins = _by_size({origin for origin, _ in cells} | set(left), cells, 0, left)
    destinations = _by_size({to for _, to in cells} | set(totals), cells, 1, totals)
    used = figures[at_level | figures["place_code"].isin(country)]
    return Matrix(
        cells=cells,
        origins=origins,
        destinations=destinations,
        arrivals={
            code: _sum([c for c in cells.values() if c.destination == code], totals.get(code))
            for code in destinations
        },
        departures={
            code: _sum([c for c in cells.values() if c.origin == code], left.get(code))
            for code in origins
        },
        whole=_whole(destinations, totals, cells, next(iter(country.values()), None)),
        inside=_sum([c for c in cells.values() if c.kind == "within"], None),
        between=_sum([c for c in cells.values() if c.kind == "between"], None),
        regions=_sum([c for c in cells.values() if c.kind == "region"], None),
        unknown=_sum([c for c in cells.values() if c.kind == "unknown"], None),
        figures=used,
    )


def _cell(row: dict[str, Any]) -> Cell:
    origin = UNKNOWN if pd.isna(row["origin_code"]) else str(row["origin_code"])
    destination = str(row["place_code"])
    counted = not has_caveat(row, "subset")
    return Cell(origin, destination, _kind(origin, destination), row, counted)


def _kind(origin: str, destination: str) -> str:
    if origin == UNKNOWN:
        return "unknown"
    if origin.startswith("X-"):
        return "region"
    holders = places.codes(destination).values() if places.is_known_code(destination) else ()
    return "within" if origin == destination or origin in holders else "between"


def _rows(figures: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in figures.to_dict("records")]


def _by_place(figures: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {str(row["place_code"]): row for row in _rows(figures)}


def _by_size(
    codes: set[str],
    cells: dict[tuple[str, str], Cell],
    end: int,
    totals: dict[str, dict[str, Any]],
) -> tuple[str, ...]:
    """Codes with the largest published number first; an unknown origin last."""
    sizes = dict.fromkeys(codes, 0)
    for ends, cell in cells.items():
        sizes[ends[end]] = max(sizes[ends[end]], cell.value or 0)
    for code, row in totals.items():
        if code in sizes and pd.notna(row["value"]):
            sizes[code] = max(sizes[code], int(row["value"]))
    return tuple(sorted(codes, key=lambda code: (code == UNKNOWN, -sizes[code], code)))


def _whole(
    destinations: tuple[str, ...],
    totals: dict[str, dict[str, Any]],
    cells: dict[tuple[str, str], Cell],
    country: dict[str, Any] | None,
) -> Sum:
    rows, parts = [], 0
    for code in destinations:
        own = [cell.figure for cell in cells.values() if cell.destination == code and cell.counted]
        arrived = totals.get(code)
        published = own if arrived is None else [arrived] * (not has_caveat(arrived, "subset"))
        rows += published
        parts += any(pd.notna(row["value"]) for row in published)
    return replace(_sum_of(rows, country), parts=parts)


def _sum(cells: list[Cell], total: dict[str, Any] | None) -> Sum:
    return _sum_of([cell.figure for cell in cells if cell.counted], total)


def _sum_of(rows: list[dict[str, Any]], total: dict[str, Any] | None) -> Sum:
    known = [row for row in rows if pd.notna(row["value"])]
    exact = len(known) == len(rows) and all(row["qualifier"] in EXACT for row in known)
    value = sum(int(row["value"]) for row in known) if known else None
    return Sum(len(known), value, exact, total)
