"""Is this answer too different from the one before? Pure: frames in, sentences out.

Each sentence is a doubt for a person to judge; a run with any is held, and readers keep the figures
they had.
"""

from typing import Any, Final

import pandas as pd

from data.contract import Table
from data.tables import FIGURE_KEY

GONE: Final = 0.10
"""Share of figures that may go missing from a complete answer."""
SHRUNK: Final = 0.5
"""Share of its size below which an answer that is never complete is doubted."""
CELL: Final = 1_000
CELL_TIMES: Final = 5.0
STOCK: Final = 10_000
STOCK_TIMES: Final = 3.0
SUM_TIMES: Final = 10.0
YEAR: Final = pd.Timedelta(days=500)
_SAME: Final = [
    name for name in FIGURE_KEY if name not in ("reference_period_start", "reference_period_end")
]


def doubts(
    new: pd.DataFrame,
    published: pd.DataFrame,
    *,
    complete: bool = True,
    size_before: int | None = None,
) -> list[str]:
    """What a person should look at before readers do.

    Args:
        new: Prepared figures of this run.
        published: Latest figures of the same source; empty before its first run.
        complete: Whether the answer lists every figure of the source.
        size_before: How many figures the answer before gave, for answers that are never complete.
    """
    last = new.sort_values("known_from", na_position="last", kind="stable")
    last = last.drop_duplicates("figure_id", keep="last")
    both = published.merge(last, on="figure_id", suffixes=("_old", "_new"))
    found = [
        _gone(last, published) if complete else _shrunk(last, size_before),
        _went_back(last, published),
        _jumped(both),
        _stock_jumped(last, published),
        _fewer_places(last, published),
        _sum_jumped(both),
    ]
    return [sentence for sentence in found if sentence]


def table_doubts(new: pd.DataFrame, published: pd.DataFrame, table: Table) -> list[str]:
    """What a person should look at before a companion table replaces the one readers have.

    Args:
        new: The whole table of this run.
        published: The same source's rows that are published; empty before its first run.
        table: Their contract; amounts in USD are held against those before.
    """
    found = []
    if len(new) < SHRUNK * len(published):
        found.append(
            f"The table {table.name} has {len(new):,} rows where it had {len(published):,}."
        )
    both = published.merge(new, on=list(table.key), suffixes=("_old", "_new"))
    for column in table.columns:
        if column.unit != "USD":
            continue
        old, now = _values(both, f"{column.name}_old"), _values(both, f"{column.name}_new")
        wrong = both[_by(old, now, CELL_TIMES, CELL)]
        if len(wrong):
            first = wrong.iloc[0]
            found.append(
                f"{len(wrong):,} rows of {column.name} changed at least {CELL_TIMES:g}-fold, for "
                f"example {first[f'{column.name}_old']:,} became {first[f'{column.name}_new']:,}."
            )
    return found


def _gone(last: pd.DataFrame, published: pd.DataFrame) -> str | None:
    if published.empty:
        return None
    gone = int((~published["figure_id"].isin(last["figure_id"])).sum())
    share = gone / len(published)
    if share < GONE:
        return None
    return f"{gone:,} of {len(published):,} published figures are gone ({share:.0%})."


def _shrunk(last: pd.DataFrame, before: int | None) -> str | None:
    if not before or len(last) >= SHRUNK * before:
        return None
    return f"The answer has {len(last):,} figures where the one before had {before:,}."


def _went_back(last: pd.DataFrame, published: pd.DataFrame) -> str | None:
    was = published.loc[published["value"].notna(), "as_of"].max()
    now = last.loc[last["value"].notna(), "as_of"].max()
    if pd.isna(was) or (pd.notna(now) and now >= was):
        return None
    said = "nothing" if pd.isna(now) else f"{now:%Y-%m-%d}"
    return f"The newest figure went back from {was:%Y-%m-%d} to {said}."


def _jumped(both: pd.DataFrame) -> str | None:
    old, new = _values(both, "value_old"), _values(both, "value_new")
    jumped = _by(old, new, CELL_TIMES, CELL)
    # The whole year's flow replaces the half year's: larger by nature.
    completed = (
        (both["measure_old"] == "flow")
        & _mid_year(both["caveat_old"])
        & ~_mid_year(both["caveat_new"])
    )
    wrong = both[jumped & ~completed.to_numpy(dtype=bool)]
    if wrong.empty:
        return None
    first = wrong.iloc[0]
    return (
        f"{len(wrong):,} figures changed at least {CELL_TIMES:g}-fold, for example "
        f"{first['population_group_new']} in {first['place_code_new']} on "
        f"{first['as_of_new']:%Y-%m-%d}: {first['value_old']:,} became {first['value_new']:,}."
    )


def _stock_jumped(last: pd.DataFrame, published: pd.DataFrame) -> str | None:
    """The newest stock of a series beside the one a year before, where it is news."""
    stocks = last[(last["measure"] == "stock") & last["value"].notna()].sort_values("as_of")
    if stocks.empty:
        return None
    series = stocks.groupby(_SAME, dropna=False, sort=False)
    before = series[["value", "as_of"]].shift(1)
    newest = ~stocks.duplicated(_SAME, keep="last")
    news = ~(stocks["figure_id"] + stocks["value"].astype("string")).isin(
        published["figure_id"] + published["value"].astype("string")
    )
    near = (stocks["as_of"] - before["as_of"]) <= YEAR
    # A series that ended years ago says nothing of this answer.
    near &= stocks["as_of"] > stocks["as_of"].max() - YEAR
    old, new = before["value"], stocks["value"]
    wrong = stocks[
        _by(old, new, STOCK_TIMES, STOCK) & newest.to_numpy() & news.to_numpy(dtype=bool) & near
    ]
    if wrong.empty:
        return None
    first = wrong.iloc[0]
    was = before.loc[wrong.index[0], "value"]
    return (
        f"{len(wrong):,} stocks changed at least {STOCK_TIMES:g}-fold within a year, for example "
        f"{first['population_group']} in {first['place_code']}: {was:,} became "
        f"{first['value']:,} on {first['as_of']:%Y-%m-%d}."
    )


def _fewer_places(last: pd.DataFrame, published: pd.DataFrame) -> str | None:
    """A reporting round that is news and names far fewer places than the one before it."""
    rounds = last[last["reporting_round"].notna() & last["value"].notna()]
    by = [name for name in _SAME if name not in ("place_code", "reporting_round", "origin_code")]
    for _, series in rounds.groupby([*by, "admin_level"], dropna=False, sort=False):
        each = series.groupby("as_of")["place_code"].nunique().sort_index()
        newest = series[series["as_of"] == each.index[-1]]
        if len(each) < 2 or newest["figure_id"].isin(published["figure_id"]).any():
            continue
        now, before = int(each.iloc[-1]), int(each.iloc[-2])
        if now < SHRUNK * before:
            return (
                f"Round {newest['reporting_round'].iloc[0]} names {now:,} places where the one "
                f"before it named {before:,}."
            )
    return None


def _sum_jumped(both: pd.DataFrame) -> str | None:
    """The sum of all cells of a kind: no figure to show anyone, but a good smoke alarm."""
    kinds = ["measure_new", "unit_new"]
    sums = both.groupby(kinds)[["value_old", "value_new"]].sum()
    wrong = sums[_by(sums["value_old"], sums["value_new"], SUM_TIMES, CELL)]
    if wrong.empty:
        return None
    measure, unit = wrong.index[0]
    return f"All figures of {measure} in {unit} together changed at least {SUM_TIMES:g}-fold."


def _values(both: pd.DataFrame, name: str) -> "pd.Series[Any]":
    return both[name]


def _mid_year(caveats: "pd.Series[Any]") -> "pd.Series[bool]":
    return caveats.fillna("").map(lambda codes: "mid_year" in codes.split()).astype(bool)


def _by(
    old: "pd.Series[Any]", new: "pd.Series[Any]", times: float, least: int
) -> "pd.Series[bool]":
    """Where one is at least `times` the other and the larger is at least `least`."""
    larger = old.where(old > new, new)
    smaller = old.where(old <= new, new).clip(lower=1)
    return ((larger >= least) & (larger >= times * smaller)).fillna(False).astype(bool)
