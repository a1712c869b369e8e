"""Picks for the page of the two sides of the border. Nothing here adds figures up."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from data.analysis import series


def newest_stocks(figures: pd.DataFrame) -> pd.DataFrame:
    """The newest number of people at each place, the largest first: one row for each place.

    Their days differ: each keeps its own, and they are never added up.
    """
    newest = series.ordered(_whole_stocks(figures)).drop_duplicates("place_code", keep="last")
    return newest.sort_values(["value", "place_code"], ascending=[False, True])


def one_series(figures: pd.DataFrame) -> pd.DataFrame:
    """The newest stock of each place out of one series: the one that covers most places.

    Governorates stand beside one another: two publishers' counts of them would be read as one
    table. Of series that cover equally many, the one with the newest day.
    """
    kept = _whole_stocks(figures)
    parts = [part for _, part in kept.groupby(list(series.PLACELESS), dropna=False)]
    if not parts:
        return kept
    best = max(parts, key=lambda p: (p["place_code"].nunique(), p["as_of"].max()))
    return newest_stocks(best)


def _whole_stocks(figures: pd.DataFrame) -> pd.DataFrame:
    stocks = figures["measure"].eq("stock") & figures["value"].notna()
    return figures[stocks & series.whole_counts(figures)]


def split_by_start(
    figures: pd.DataFrame, first: date, last: date
) -> Iterator[tuple[date, pd.DataFrame]]:
    """Cumulative counts that began within some days, split so that each part may be one chart.

    Returns since 8 December 2024 and since 2016 are different numbers, and so are those of two
    publishers, of two first days or from two countries: none of them share a part.

    Args:
        figures: Any figures.
        first: Earliest first day of a window.
        last: Latest.

    Yields:
        The first day of the window and the figures of one series, longest first.
    """
    since = figures["cumulative_since"]
    inside = since.between(pd.Timestamp(first), pd.Timestamp(last))
    kept = figures[figures["measure"].eq("cumulative") & inside & figures["value"].notna()]
    by = [name for name in series.SERIES if name != "place_code"]
    parts = [part for _, part in kept.groupby(by, dropna=False)]
    for part in sorted(parts, key=lambda p: (-len(p), str(p["figure_id"].iloc[0]))):
        yield part["cumulative_since"].iloc[0].date(), series.ordered(part)


def by_crossing(figures: pd.DataFrame, crossings: pd.DataFrame) -> pd.DataFrame:
    """The newest figure of every series of returns at a crossing, newest first.

    A figure is one of a crossing where its `category` is the crossing's code.
    """
    returns = figures["population_group"].eq("RET") & figures["value"].notna()
    at_one = figures["category"].isin(crossings["crossing_code"]).fillna(False)
    return series.newest_of_each(figures[returns & at_one])


def status_on(crossings: pd.DataFrame, statuses: pd.DataFrame, day: date) -> pd.DataFrame:
    """The crossings with the newest status that was published by a day.

    Args:
        crossings: Columns of `tables.CROSSINGS`, with a carried status where one was noted.
        statuses: crossing_code, status, as_of, publisher, published_on, source_url: what was
            brought since; no rows where nobody noted any.
        day: What was published later is passed over.

    Returns:
        The crossings with status, status_as_of, status_source and status_url; all null where
        nothing was published by that day.
    """
    until = pd.Timestamp(day)
    by_code: dict[str, dict[str, Any]] = {}
    for row in crossings.to_dict("records"):
        if pd.notna(row["status_as_of"]) and row["status_as_of"] <= until:
            by_code[row["crossing_code"]] = {
                "status": row["status"],
                "status_as_of": row["status_as_of"],
                "status_source": row["status_source"],
                "status_url": None,
            }
    later = statuses.sort_values("as_of", kind="stable") if len(statuses) else statuses
    for row in later.to_dict("records"):
        public = row["as_of"] if pd.isna(row["published_on"]) else row["published_on"]
        before = by_code.get(row["crossing_code"])
        if public > until or (before is not None and before["status_as_of"] > row["as_of"]):
            continue
        by_code[row["crossing_code"]] = {
            "status": row["status"],
            "status_as_of": row["as_of"],
            "status_source": row["publisher"],
            "status_url": row["source_url"],
        }
    names = ["status", "status_as_of", "status_source", "status_url"]
    known = pd.DataFrame.from_dict(by_code, orient="index", columns=names)
    known["status_as_of"] = pd.to_datetime(known["status_as_of"])
    return crossings.drop(columns=names[:3]).join(known, on="crossing_code")
