"""Is this answer too different from the one before? Pure: frames in, doubts out.

Each doubt is for a person to judge; a run with any is held, and readers keep the figures they had.
"""

from typing import Any, Final

import pandas as pd

from data.schema.check_results import CheckResult, Fact
from data.schema.contract import Table
from data.schema.tables import FIGURE_KEY, is_in, row_key

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
_SHOWN: Final = [
    "figure_id",
    "measure",
    "unit",
    "population_group",
    "place_code",
    "as_of",
    "value",
    "caveat",
]


def doubts(
    new: pd.DataFrame,
    published: pd.DataFrame,
    *,
    complete: bool = True,
    size_before: int | None = None,
) -> list[CheckResult]:
    """What a person should look at before readers do.

    Args:
        new: Prepared figures of this run.
        published: Latest figures of the same source; empty before its first run.
        complete: Whether the answer lists every figure of the source.
        size_before: How many figures the answer before gave, for answers that are never complete.
    """
    last = new
    if not new["figure_id"].is_unique:
        last = new.sort_values("known_from", na_position="last", kind="stable")
        last = last.drop_duplicates("figure_id", keep="last")
    both = published[_SHOWN].merge(last[_SHOWN], on="figure_id", suffixes=("_old", "_new"))
    found = [
        _gone(last, published) if complete else _shrunk(last, size_before),
        _went_back(last, published),
        _jumped(both),
        _stock_jumped(last, published),
        _fewer_places(last, published),
        _sum_jumped(both),
    ]
    return [doubt for doubt in found if doubt is not None]


def table_doubts(new: pd.DataFrame, published: pd.DataFrame, table: Table) -> list[CheckResult]:
    """What a person should look at before a companion table replaces the one readers have.

    Args:
        new: The whole table of this run.
        published: The same source's rows that are published; empty before its first run.
        table: Their contract; amounts in USD are held against those before.
    """
    found: list[CheckResult] = []
    if len(new) < SHRUNK * len(published):
        sizes = {"now": len(new), "before": len(published)}
        found.append(CheckResult("table_shrunk", {"table": table.name, **sizes}))
    both = published.merge(new, on=list(table.key), suffixes=("_old", "_new"))
    for column in table.columns:
        if column.unit != "USD":
            continue
        old, now = _values(both, f"{column.name}_old"), _values(both, f"{column.name}_new")
        wrong = both[_by(old, now, CELL_TIMES, CELL)]
        if len(wrong):
            counts = {"count": len(wrong), "of": len(both), "times": CELL_TIMES}
            amounts = _became(wrong.iloc[0], f"{column.name}_old", f"{column.name}_new")
            found.append(CheckResult("table_jumped", {"column": column.name, **counts, **amounts}))
    return found


def _gone(last: pd.DataFrame, published: pd.DataFrame) -> CheckResult | None:
    if published.empty:
        return None
    gone = int((~is_in(published["figure_id"], last["figure_id"])).sum())
    share = gone / len(published)
    if share < GONE:
        return None
    return CheckResult("gone", {"gone": gone, "of": len(published), "share": share})


def _shrunk(last: pd.DataFrame, before: int | None) -> CheckResult | None:
    if not before or len(last) >= SHRUNK * before:
        return None
    return CheckResult("shrunk", {"now": len(last), "before": before})


def _went_back(last: pd.DataFrame, published: pd.DataFrame) -> CheckResult | None:
    was = published.loc[published["value"].notna(), "as_of"].max()
    now = last.loc[last["value"].notna(), "as_of"].max()
    if pd.isna(was) or (pd.notna(now) and now >= was):
        return None
    if pd.isna(now):
        return CheckResult("no_value", {"was": _day(was)})
    return CheckResult("went_back", {"was": _day(was), "now": _day(now)})


def _jumped(both: pd.DataFrame) -> CheckResult | None:
    if both.empty:
        return None
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
    counts = {"count": len(wrong), "of": len(both), "times": CELL_TIMES}
    return CheckResult(
        "jumped",
        {
            **counts,
            "group": str(first["population_group_new"]),
            "place": str(first["place_code_new"]),
            "day": _day(first["as_of_new"]),
            **_became(first, "value_old", "value_new"),
        },
    )


def _stock_jumped(last: pd.DataFrame, published: pd.DataFrame) -> CheckResult | None:
    """The newest stock of a series beside the one a year before, where it is news."""
    stocks = last[(last["measure"] == "stock") & last["value"].notna()]
    if stocks.empty:
        return None
    # Of a series that is not news nothing is said.
    known = published[["figure_id", "value"]].drop_duplicates()
    news = ~is_in(_told(stocks), _told(known))
    if not news.any():
        return None
    stocks = stocks[_SHOWN].assign(series=row_key(stocks, _SAME), news=news)
    stocks = stocks.sort_values("as_of", kind="stable", ignore_index=True)
    before = stocks.groupby("series", sort=False)[["value", "as_of"]].shift(1)
    newest = ~stocks.duplicated("series", keep="last")
    near = (stocks["as_of"] - before["as_of"]) <= YEAR
    # A series that ended years ago says nothing of this answer.
    near &= stocks["as_of"] > stocks["as_of"].max() - YEAR
    old, new = before["value"], stocks["value"]
    wrong = stocks[_by(old, new, STOCK_TIMES, STOCK) & newest & stocks["news"] & near]
    if wrong.empty:
        return None
    first = wrong.iloc[0]
    counts = {"count": len(wrong), "of": int(newest.sum()), "times": STOCK_TIMES}
    return CheckResult(
        "stock_jumped",
        {
            **counts,
            "group": str(first["population_group"]),
            "place": str(first["place_code"]),
            "day": _day(first["as_of"]),
            "was": int(before.loc[wrong.index[0], "value"]),
            "now": int(first["value"]),
        },
    )


def _fewer_places(last: pd.DataFrame, published: pd.DataFrame) -> CheckResult | None:
    """A reporting round that is news and names far fewer places than the one before it."""
    rounds = last[last["reporting_round"].notna() & last["value"].notna()]
    if is_in(rounds["figure_id"], published["figure_id"]).all():
        return None
    by = [name for name in _SAME if name not in ("place_code", "reporting_round", "origin_code")]
    rounds = rounds[["figure_id", "reporting_round", "as_of", "place_code"]].assign(
        series=row_key(rounds, [*by, "admin_level"]),
        known=is_in(rounds["figure_id"], published["figure_id"]),
    )
    each = rounds.groupby(["series", "as_of"], sort=True).agg(
        places=("place_code", "nunique"), known=("known", "any"), round=("reporting_round", "first")
    )
    each["before"] = each.groupby("series", sort=False)["places"].shift(1)
    newest = each[~each.index.get_level_values("series").duplicated(keep="last")]
    wrong = newest[~newest["known"] & (newest["places"] < SHRUNK * newest["before"])]
    if wrong.empty:
        return None
    first = wrong.iloc[0]
    places = {"now": int(first["places"]), "before": int(first["before"])}
    return CheckResult("fewer_places", {"round": str(first["round"]), **places})


def _sum_jumped(both: pd.DataFrame) -> CheckResult | None:
    """The sum of all cells of a kind: no figure to show anyone, but a good smoke alarm."""
    if both.empty:
        return None
    kinds = ["measure_new", "unit_new"]
    sums = both.groupby(kinds)[["value_old", "value_new"]].sum()
    wrong = sums[_by(sums["value_old"], sums["value_new"], SUM_TIMES, CELL)]
    if wrong.empty:
        return None
    measure, unit = wrong.index[0]
    return CheckResult("sum_jumped", {"measure": measure, "unit": unit, "times": SUM_TIMES})


def _became(row: "pd.Series[Any]", old: str, new: str) -> dict[str, Fact]:
    return {"was": int(row[old]), "now": int(row[new])}


def _day(at: pd.Timestamp) -> str:
    return f"{at:%Y-%m-%d}"


def _told(rows: pd.DataFrame) -> "pd.Series[str]":
    """Each figure with its number, as one text; null where it has none."""
    return rows["figure_id"] + rows["value"].astype("string")


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
