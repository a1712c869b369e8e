"""Picks over figures: which is newest, what came before it, which may share an axis.

Nothing here adds figures up. Every function takes rows of `tables.FIGURES`, one for each figure.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final, Generic, NamedTuple, TypeAlias, TypeVar

import numpy as np
import pandas as pd

from data.analysis.cells import Row, none
from data.schema.frame_keys import row_key
from data.schema.tables import FIGURE_KEY

SERIES: Final = tuple(
    name
    for name in FIGURE_KEY
    if name not in ("reference_period_start", "reference_period_end", "reporting_round")
)
"""What figures must share to be points of one line: everything of the key but the time."""
PLACELESS: Final = tuple(name for name in SERIES if name != "place_code")
"""What figures must share to stand on one map."""
FORWARD: Final = "mid_year"
CURRENT: Final = timedelta(days=731)
"""What is older than two years is history: a first page that shows it would say it is now."""
ABREAST: Final = timedelta(days=400)
"""People counted further apart than this do not stand on one map: a year and a late edition."""


ONE_BY_ONE: Final = ("idmc_idu",)
"""Sources whose every figure tells of a displacement of its own: no two of them are points of one
line, hundreds would crowd out every series, and they are never added up."""


Figures: TypeAlias = pd.DataFrame | Sequence[Row]
"""Figures as a frame, or as its rows where who asks has taken them out already."""


def ordered(figures: pd.DataFrame) -> pd.DataFrame:
    """Oldest day first; of one day, the one known last comes last; what has no day, at the end."""
    # As numbers: `sort_values` spends milliseconds on three columns, and a page asks hundreds.
    keys = [_moments(figures[name]) for name in ("retrieved_at", "known_from", "as_of")]
    return figures.iloc[np.lexsort(keys)]


def _moments(days: "pd.Series[Any]") -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Microseconds since 1970; the largest number for null."""
    moments = days.to_numpy(dtype="datetime64[us]")
    return np.where(np.isnat(moments), np.iinfo(np.int64).max, moments.view(np.int64))


def same_series(figures: pd.DataFrame, like: "pd.Series[Any]") -> pd.DataFrame:
    """The figures that share every column of `SERIES` with one of them; null equals null."""
    same = pd.Series(True, index=figures.index)
    for name in SERIES:
        asked = like[name]
        same &= figures[name].isna() if pd.isna(asked) else figures[name].eq(asked).fillna(False)
    return figures[same]


def in_series(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures that belong to a series; not those of `ONE_BY_ONE`."""
    return figures[~figures["source"].isin(ONE_BY_ONE)]


def single(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures that each tell of a displacement of its own, newest day first."""
    found = figures[figures["source"].isin(ONE_BY_ONE)]
    return found.sort_values(["as_of", "figure_id"], ascending=[False, True])


def records(figures: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries, taken out of the frame at once: a column at a time costs far more."""
    names = [str(name) for name in figures.columns]
    rows = figures.to_numpy(dtype=object).tolist()
    return [dict(zip(names, row, strict=True)) for row in rows]


def rows(figures: Figures, columns: Sequence[str] = ()) -> Sequence[Row]:
    """The rows of figures: as they are where they were taken out already.

    Args:
        figures: Figures.
        columns: Those that are needed of a frame; all by default.
    """
    if not isinstance(figures, pd.DataFrame):
        return figures
    return records(figures[list(columns)] if columns else figures)


def lines(figures: pd.DataFrame, fewest: int = 0) -> Iterator[pd.DataFrame]:
    """Figures split so that each part may be one line on one axis, longest first.

    Kinds, units, groups, sources, places and windows never share a part.

    Args:
        figures: Rows of `tables.FIGURES`.
        fewest: Days with a number that a line must have.
    """
    kept, found = positions_of_lines(figures, fewest)
    for positions in found:
        yield kept.iloc[positions]


def charted(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures whose lines a place's page draws: of everybody, from wherever they came.

    Counts by origin inside the country are parts of others, but for returns; tables have them.
    """
    inside = figures["origin_code"].notna() & figures["origin_location_code"].eq(
        figures["location_code"]
    )
    whole = figures["gender"].eq("all") & figures["age_range"].eq("all")
    return figures[(~inside | figures["population_group"].eq("RET")) & whole]


def positions_of_lines(
    figures: pd.DataFrame, fewest: int = 0
) -> tuple[pd.DataFrame, list[list[int]]]:
    """The same as `lines`, for who draws few of them: a frame takes longer than its positions.

    Returns:
        The figures, and the positions of each line's rows among them.
    """
    kept = ordered(in_series(figures))
    rows = records(kept[[*SERIES, "figure_id", "as_of", "value"]])

    def days(positions: list[int]) -> set[Any]:
        return {rows[at]["as_of"] for at in positions if none(rows[at]["value"]) is not None}

    return kept, [found for found in _split(rows) if len(days(found)) >= fewest]


def line_rows(figures: Figures) -> list[list[Row]]:
    """The same as `lines`, each line as its rows: for drawings, which ask every value.

    Args:
        figures: A frame; or rows that stand in the order of `ordered` already.
    """
    if isinstance(figures, pd.DataFrame):
        taken: Sequence[Row] = records(ordered(in_series(figures)))
    else:
        taken = [row for row in figures if row["source"] not in ONE_BY_ONE]
    return [[taken[at] for at in positions] for positions in _split(taken)]


def _split(rows: Sequence[Mapping[str, Any]]) -> list[list[int]]:
    """Positions of the rows of each line, the longest line first; null equals null."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for at, row in enumerate(rows):
        found.setdefault(tuple(none(row[name]) for name in SERIES), []).append(at)
    return sorted(found.values(), key=lambda at: (-len(at), str(rows[at[0]]["figure_id"])))


WHOLE: Final[Mapping[str, tuple[str, ...]]] = {
    "asylum_location_code": ("ALL",),
    "origin_code": ("ALL",),
    "sector": ("intersectoral",),
    "category": (),
    "operation": (),
}
"""Columns by which a publisher splits a count, with the codes of its total; a null is one too."""
OF_A_PART: Final = frozenset({"sites_only", "non_camp_only", "subset", "other_area_of_control"})
"""Caveats of a figure that counts a part of its place or of its people alone."""


_RANK: Final = {"IDP": 0, "REF": 1, "RET": 2, "RDP": 3, "NEWDISP": 4, "IDP_ARR": 5}


def weight(part: pd.DataFrame) -> tuple[int, int, str]:
    """Where a part stands among others: by its group, the longest first."""
    group = rank(str(part["population_group"].iloc[0]))
    return group, -len(part), str(part["figure_id"].iloc[0])


def rank(group: str) -> int:
    """Where a population group stands among others: people at a date first."""
    return _RANK.get(group, 9)


def newest_of_each(figures: pd.DataFrame) -> pd.DataFrame:
    """The newest figure of every series, newest day first."""
    kept = ordered(in_series(figures)).drop_duplicates(list(SERIES), keep="last")
    return kept.sort_values(["as_of", "figure_id"], ascending=[False, True])


def important_first(figures: pd.DataFrame) -> pd.DataFrame:
    """Whole counts before their parts, then by group, the newest day first.

    Args:
        figures: One figure of each series, as `newest_of_each` gives them.
    """
    parts = figures[["category", "sector"]].notna().any(axis=1) | (
        figures["origin_location_code"].eq(figures["location_code"]).fillna(False)
    )
    rank = figures["population_group"].map(_RANK).fillna(9)
    ranked = figures.assign(_part=parts, _rank=rank)
    order = ["_part", "_rank", "as_of", "figure_id"]
    falling = [True, True, False, True]
    return ranked.sort_values(order, ascending=falling, kind="stable")[figures.columns]


def shares(
    parts: pd.DataFrame, wholes: pd.DataFrame
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Stocks of a place beside the country's of which they are a part: the newest of each series.

    A share that is long past the newest one is left out.

    Args:
        parts: Figures of a place.
        wholes: Figures among which its country's are; those of other places are passed over.

    Yields:
        The part and the whole: they share everything of the key but the place (so one publisher
        and one day), and the whole is above zero and not below the part.
    """
    by = [name for name in FIGURE_KEY if name != "place_code"]
    country = wholes["admin_level"].eq(0).fillna(False)
    stocks = wholes[country & wholes["measure"].eq("stock") & wholes["value"].gt(0).fillna(False)]
    known = {_key(row, by): row for row in stocks.to_dict("records")}
    listed, newest = set(), None
    for row in ordered(parts[parts["value"].notna()]).iloc[::-1].to_dict("records"):
        whole = known.get(_key(row, by))
        series = _key(row, list(SERIES))
        if whole is None or series in listed or whole["figure_id"] == row["figure_id"]:
            continue
        newest = newest or row["as_of"]
        listed.add(series)
        if row["value"] <= whole["value"] and row["as_of"] >= newest - ABREAST:
            yield named(row), named(whole)


def _key(row: dict[Any, Any], by: list[str]) -> tuple[str, ...]:
    return tuple("" if pd.isna(row[name]) else str(row[name]) for name in by)


def named(row: dict[Any, Any]) -> dict[str, Any]:
    """A row of a frame with its columns' names as text, which pandas does not promise."""
    return {str(name): value for name, value in row.items()}


def near_newest(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures whose day lies near the newest of their country; older ones are left out."""
    newest = figures.groupby("location_code")["as_of"].transform("max")
    return figures[figures["as_of"] >= newest - ABREAST]


def newest_by_place(figures: pd.DataFrame) -> pd.DataFrame:
    """The newest figure with a number of each place, largest first: one row for each place.

    Parts of a whole (by gender or age, in camps only) are no place's number.
    """
    newest = ordered(wholes(figures)).drop_duplicates("place_code", keep="last")
    return newest.sort_values(["value", "place_code"], ascending=[False, True])


def by_day_of_each(parts: Sequence[pd.DataFrame]) -> list[list[pd.DataFrame]]:
    """One frame for each day of each part, newest day first, each as `newest_by_place` gives it.

    A flow's day is its whole period: a month and a quarter that end on one day are two frames, the
    month first.
    """
    numbered = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    whole = ordered(wholes(pd.concat(parts).assign(_part=numbered)))
    began = whole["reference_period_start"].where(whole["measure"].eq("flow"))
    time = ["_part", "as_of", "_began"]
    kept = whole.assign(_began=began).drop_duplicates([*time, "place_code"], keep="last")
    falling = [True, False, False, False, True]
    kept = kept.sort_values([*time, "value", "place_code"], ascending=falling, ignore_index=True)
    days = kept.groupby(time, sort=False, dropna=False).ngroup().to_numpy()
    edges = [*np.flatnonzero(np.diff(days, prepend=-1)), len(kept)]
    plain = kept.drop(columns=["_part", "_began"])
    found: list[list[pd.DataFrame]] = [[] for _ in parts]
    for first, end in pairwise(edges):
        found[kept["_part"].iat[first]].append(plain.iloc[first:end])
    return found


def wholes(figures: pd.DataFrame) -> pd.DataFrame:
    """Figures with a number that is not by gender or age and not of camps alone.

    What a publisher counts by category is in: it is a series of its own, and named as one. Where
    nothing names it, as in a table of places, ask `whole_counts`.
    """
    whole = figures["gender"].eq("all") & figures["age_range"].eq("all")
    return figures[
        figures["value"].notna() & whole & ~have_caveat(figures, {"sites_only", "subset"})
    ]


def whole_counts(figures: pd.DataFrame) -> "pd.Series[bool]":
    """Whether each figure counts all of its group at its place.

    No part by category, sector, status, gender or age does, and none with a caveat that says so.
    This is the one rule of what may stand for a place where only group, number and day are said:
    IOM counts the IDPs of Idleb, and apart from them those of its camps, of its communities and of
    its city neighbourhoods.
    """
    sector = figures["sector"]
    return (
        figures[["gender", "age_range", "population_status"]].eq("all").all(axis=1)
        & figures["category"].isna()
        & (sector.isna() | sector.isin(WHOLE["sector"]))
        & ~have_caveat(figures, OF_A_PART)
    )


F_co = TypeVar("F_co", bound=Figures, covariant=True)


class Newest(NamedTuple, Generic[F_co]):
    """The newest figures of a place: what a page shows, and what it folds away beneath."""

    shown: F_co
    by_category: F_co
    """Parts of counts that are shown."""
    older: F_co
    since: pd.Timestamp
    """The first day of what is shown; NaT where there is nothing."""


def folded(newest: pd.DataFrame) -> Newest[pd.DataFrame]:
    """The newest figures of each series, without parts of others and those long before the rest.

    Args:
        newest: One figure of each series, as `newest_of_each` gives them; order is kept.
    """
    since = newest["as_of"].max() - CURRENT
    old, parts = _folds(newest, since)
    return Newest(newest[~old & ~parts], newest[parts], newest[old], since)


def folded_by_place(newest: pd.DataFrame, taken: Sequence[Row]) -> dict[str, Newest[list[Row]]]:
    """The same of each place, of all places at once.

    Args:
        newest: One figure of each series of every place.
        taken: Their rows.
    """
    since = newest.groupby("place_code")["as_of"].transform("max") - CURRENT
    old, parts = _folds(newest, since)
    found: dict[str, Newest[list[Row]]] = {}
    for row, first, is_old, is_part in zip(taken, since, old, parts, strict=True):
        place = found.setdefault(str(row["place_code"]), Newest([], [], [], first))
        (place.older if is_old else place.by_category if is_part else place.shown).append(row)
    return found


def _folds(newest: pd.DataFrame, since: Any) -> tuple["pd.Series[bool]", "pd.Series[bool]"]:
    """Whether each figure is from before the first day shown, and whether it is a shown one's part.

    Args:
        newest: Figures; a count and its parts are of one place.
        since: The first day; of each figure, where it is not the same for all.
    """
    old = newest["as_of"] < since
    parts = pd.Series(False, index=newest.index)
    parts[~old] = _parts_of_counts(newest[~old])
    return old, parts


def _parts_of_counts(figures: pd.DataFrame) -> "pd.Series[bool]":
    """Whether each figure is a part by category of a count that is among the figures too."""
    whole = figures["category"].isna()
    if whole.all():
        return ~whole
    counted = row_key(figures, [name for name in SERIES if name != "category"])
    return ~whole & counted.isin(counted[whole])


def each_once(*figures: pd.DataFrame) -> pd.DataFrame:
    """The figures of several frames, each once."""
    return pd.concat(figures).drop_duplicates("figure_id", ignore_index=True)


def have_caveat(figures: pd.DataFrame, codes: Collection[str]) -> "pd.Series[bool]":
    """Whether each figure has one of these caveats."""
    anyof = rf"\b(?:{'|'.join(sorted(codes))})\b"
    return figures["caveat"].fillna("").str.contains(anyof).astype(bool)
