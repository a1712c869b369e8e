"""Which series of several places and publishers may stand on one time axis.

Lines share an axis where they count the same people in the same way: kind, unit, group, origin and
window are equal. A place never stands beside one that lies in it: the one holds the other, and a
reader would add them. Nothing here adds figures up.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from data.analysis.series import SERIES, WHOLE, in_series, lines, weight, wholes
from data.gazetteer import places

NAMED: Final = {
    "population_group": "",
    "measure": "",
    "unit": "",
    "population_status": "status.",
    "sector": "sector.",
    "category": "category.",
    "origin_code": "from.",
    "asylum_location_code": "in.",
    "cumulative_since": "since.",
}
"""Each column of `COUNT` with what stands before its code in an address."""
COUNT: Final = tuple(NAMED)
"""What two lines must share to be read against one another, whoever counted and wherever."""
MOST_LINES: Final = 8
"""More lines than this on one axis cannot be distinguished; each place has a drawing then."""
MOST_PLACES: Final = 12
SPARSE: Final = timedelta(days=400)
"""Two figures further apart are dots: a stroke between them would show what nobody counted."""


def kinds_of_count(figures: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Figures of several places by what they count, the most important first.

    Parts by gender and age, camps alone and single displacements are left out.

    Args:
        figures: Columns of `tables.FIGURES`.

    Returns:
        The rows of each count by its code in an address, as `IDP~stock~people`.
    """
    usable = wholes(in_series(figures))
    shared = compared(usable)
    keys = [shared[name].array for name in COUNT]
    parts = [part for _, part in usable.groupby(keys, dropna=False, sort=False)]
    counts = [(compared(part.head(1)).iloc[0], part) for part in parts]
    return {code_of(first): part for first, part in sorted(counts, key=_rank)}


def compared(figures: pd.DataFrame) -> pd.DataFrame:
    """The columns `COUNT`, where the country of asylum is null if people are counted in it.

    Refugees in Türkiye and refugees in Lebanon are one count at two places. People who returned
    are counted by the country that they left, which stays, wherever that was counted.
    """
    asylum = figures["asylum_location_code"]
    here = asylum.eq(figures["location_code"]) & figures["population_group"].ne("RET")
    return figures[list(COUNT)].assign(asylum_location_code=asylum.mask(here.fillna(False)))


def present_code(code: str, counts: Mapping[str, pd.DataFrame]) -> str:
    """The code of a count today; addresses used to name the country that people are counted in.

    Args:
        code: From an address, perhaps of an earlier version.
        counts: What `kinds_of_count` found.
    """
    own = f"~{NAMED['asylum_location_code']}"
    older = "~".join(part for part in code.split("~") if not f"~{part}".startswith(own))
    return older if code not in counts and older in counts else code


def _rank(count: "tuple[pd.Series[Any], pd.DataFrame]") -> tuple[int, int, int, str]:
    """The count that most of the places have, then whole counts before their parts, by group."""
    first, part = count
    split = sum(
        pd.notna(first[name]) and first[name] not in codes
        for name, codes in WHOLE.items()
        if name in COUNT
    )
    group, _, _ = weight(part)
    return -int(part["place_code"].nunique()), split, group, code_of(first)


def code_of(row: "pd.Series[Any]") -> str:
    """A count in an address: its codes, joined; a code that says "all" or nothing is left out.

    Args:
        row: Of `compared`.
    """
    parts = []
    for name, before in NAMED.items():
        value = row[name]
        if pd.isna(value) or (name, value) == ("population_status", "all"):
            continue
        part = str(value.date()) if name == "cumulative_since" else str(value)
        parts.append(f"{before}{part}".replace(" ", "_"))
    return "~".join(parts)


def between(figures: pd.DataFrame, since: date | None, until: date | None) -> pd.DataFrame:
    """The figures whose reference date lies in a range; either end may be open."""
    kept = figures
    if since is not None:
        kept = kept[kept["as_of"] >= pd.Timestamp(since)]
    if until is not None:
        kept = kept[kept["as_of"] <= pd.Timestamp(until)]
    return kept


def studio_figures(
    figures: pd.DataFrame,
    series: str | None,
    source: str | None,
    since: date | None,
    until: date | None,
) -> pd.DataFrame | None:
    """The figures that the chart studio draws; None where there are none.

    Args:
        figures: Of the places that were chosen.
        series: A code of `kinds_of_count`; the first one without.
        source: One source alone.
        since: First reference date.
        until: Last reference date.
    """
    found = kinds_of_count(figures)
    asked = next(iter(found), "") if series is None else present_code(series, found)
    count = found.get(asked)
    if count is None:
        return None
    if source is not None:
        count = count[count["source"].eq(source)]
    kept = between(count, since, until)
    return kept if len(kept) else None


def split_into_axes(count: pd.DataFrame, order: Sequence[str]) -> list[pd.DataFrame]:
    """One count split into axes of `MOST_LINES` at most, no place beside one that it lies in.

    Args:
        count: One value of `kinds_of_count`, of the places in `order`.
        order: Codes of places, in the order in which a reader chose them.

    Returns:
        The figures of each axis, line by line. Where the lines are too many for one axis, each
        place has its own.
    """
    drawn = [line for code in order for line in _of_place(count, code)]
    if too_many(count):
        found = [list(_of_place(count, code)) for code in order]
        return [pd.concat(part[:MOST_LINES]) for part in found if part]
    sharing: list[list[pd.DataFrame]] = []
    for line in drawn:
        code = _place(line)
        mine = next((axis for axis in sharing if not _holds(axis, code)), None)
        if mine is None:
            sharing.append([line])
        else:
            mine.append(line)
    return [pd.concat(axis) for axis in sharing]


def too_many(count: pd.DataFrame) -> bool:
    """Whether figures make more lines than one axis holds."""
    return len(count[list(SERIES)].drop_duplicates()) > MOST_LINES


def has_nested_places(order: Sequence[str]) -> bool:
    """Whether one of some places lies in another of them."""
    return any(code in places.ancestors(other) for code in order for other in order)


def _of_place(count: pd.DataFrame, code: str) -> Iterator[pd.DataFrame]:
    yield from lines(count[count["place_code"].eq(code)])


def _place(line: pd.DataFrame) -> str:
    return str(line["place_code"].iloc[0])


def _holds(axis: Sequence[pd.DataFrame], code: str) -> bool:
    return any(has_nested_places((code, _place(line))) for line in axis)


def unbroken_runs(days: Sequence[pd.Timestamp]) -> list[tuple[int, int]]:
    """What a stroke may join of one line: first and last position of each run without a long gap.

    Args:
        days: Reference dates, oldest first.
    """
    runs: list[tuple[int, int]] = []
    first = 0
    for at in range(1, len(days) + 1):
        if at == len(days) or days[at] - days[at - 1] > SPARSE:
            runs.append((first, at - 1))
            first = at
    return runs
