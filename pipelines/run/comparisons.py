"""What two answers of a source differ by, and what one answer contradicts in itself.

Pure: a `Case` in, a doubt or nothing out. Which of these a kind of source is held against, with
which limits and why, is the table of `pipelines.run.rules`.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from data.schema import definitions
from data.schema.check_results import ROW_FIELDS, CheckResult, DoubtedRow, Fact
from data.schema.codes import ALL_COUNTRIES
from data.schema.tables import FIGURE_KEY, is_in, row_key

SERIES: Final = [
    name
    for name in FIGURE_KEY
    if name not in ("reference_period_start", "reference_period_end", "reporting_round")
]
"""What makes two figures one series: the key without the period and the number of the round."""
_OVER_PLACES: Final = [
    *(name for name in SERIES if name not in ("place_code", "origin_code")),
    "admin_level",
]
"""What makes two rounds one series, all places of a level together."""
_ROUNDS: Final = [*_OVER_PLACES, "figure_id", "place_code", "reporting_round", "as_of", "value"]
SEASON: Final = pd.Timedelta(days=300)
"""Figures of one edition's newest year, be some of them the half year's."""
YEAR: Final = pd.Timedelta(days=500)
"""Figures of one series at most this far apart are neighbours, be a year's edition late or not."""
_ROW: Final = [name for name in ROW_FIELDS if name not in ("reason", "value_before", "value")]
_SHOWN: Final = [*_ROW, "value", "caveat", "reference_period_end"]


@dataclass(frozen=True)
class Size:
    """A figure of `least` or more that became `times` larger or smaller is doubted."""

    least: int
    times: float


@dataclass(frozen=True)
class Case:
    """One answer beside what it is held against.

    Attributes:
        new: Prepared figures of this run.
        published: Latest figures of the same source; the carried ones before its first run.
        own: Whether `published` are of an earlier run of the source itself.
        complete: Whether the answer lists every figure of the source.
        size_before: How many figures the answer before gave, for answers that are never complete.
        answered: How many figures this one gave; None where `new` is the answer and no more.
        earlier: All vintages of the published figures; None where there is no history to look at.
    """

    new: pd.DataFrame
    published: pd.DataFrame
    own: bool = True
    complete: bool = True
    size_before: int | None = None
    answered: int | None = None
    earlier: pd.DataFrame | None = None

    @cached_property
    def last(self) -> pd.DataFrame:
        """The answer's figures, each once: of several vintages the last."""
        if self.new["figure_id"].is_unique:
            return self.new
        ordered = self.new.sort_values("known_from", na_position="last", kind="stable")
        return ordered.drop_duplicates("figure_id", keep="last")

    @cached_property
    def both(self) -> pd.DataFrame:
        """Figures that both have, with `value_before` and `caveat_before`."""
        before = self.published[["figure_id", "value", "caveat"]]
        before = before.rename(columns={"value": "value_before", "caveat": "caveat_before"})
        return self.last[_SHOWN].merge(before, on="figure_id")

    @cached_property
    def newest(self) -> pd.Timestamp:
        """The last day of the newest period that both sides have a number for.

        Earlier periods are closed: a mid-year figure gives way to the year's under one name, so the
        newest period of either side may still change.
        """
        ends = [
            frame.loc[frame["value"].notna(), "reference_period_end"].max()
            for frame in (self.last, self.published)
        ]
        return pd.Timestamp.min if any(pd.isna(end) for end in ends) else min(ends)

    def closed(self, figures: pd.DataFrame, caveats: "pd.Series[Any]") -> "pd.Series[bool]":
        """Whether each is of a period that no later edition changes.

        That is every one before the newest of both; and the newest that was published as soon as
        the answer has a later one, but for the half year's.

        Args:
            figures: Published figures, or those that both have.
            caveats: Of the published ones.
        """
        ends = self.last.loc[self.last["value"].notna(), "reference_period_end"]
        before = figures["reference_period_end"] < self.newest
        if self.newest == pd.Timestamp.min or not ends.max() > self.newest:
            return before
        return before | ((figures["reference_period_end"] == self.newest) & ~_mid_year(caveats))

    @cached_property
    def series(self) -> pd.DataFrame:
        """The answer's stocks by series and day, each with the one before it in its series."""
        counted = (self.last["measure"] == "stock") & self.last["value"].notna()
        stocks = self.last if counted.all() else self.last[counted]
        stocks = stocks[_SHOWN].assign(series=row_key(stocks, SERIES), news=self._news(stocks))
        stocks = stocks.sort_values("as_of", kind="stable", ignore_index=True)
        before = stocks.groupby("series", sort=False)[["value", "as_of"]].shift(1)
        return stocks.assign(
            value_before=before["value"],
            near=(stocks["as_of"] - before["as_of"]) <= YEAR,
            last=~stocks.duplicated("series", keep="last"),
        )

    def _news(self, stocks: pd.DataFrame) -> "pd.Series[bool]":
        # Of a number that readers see already nothing is said again.
        told = ["figure_id", "value"]
        return ~is_in(row_key(stocks, told), row_key(self.published, told))


def gone(case: Case, *, share: float) -> CheckResult | None:
    """Published figures that a complete answer no longer has."""
    if case.published.empty or not case.complete:
        return None
    there = is_in(case.published["figure_id"], case.last["figure_id"])
    lost = case.published[_SHOWN][~there]
    part = len(lost) / len(case.published)
    if part < share:
        return None
    facts: dict[str, Fact] = {"gone": len(lost), "of": len(case.published), "share": part}
    return CheckResult("gone", facts, _lost_rows("gone", lost))


def years_gone(case: Case, *, share: float, least: int) -> CheckResult | None:
    """Figures of closed periods that the answer no longer has: many, or one that is large.

    A figure of the half year is no doubt, since it gives way to the year's.
    """
    whole = ~_mid_year(case.published["caveat"])
    counted = case.published[_SHOWN][whole & (case.published["value"] > 0).fillna(False)]
    closed = counted[case.closed(counted, counted["caveat"])]
    numbers = case.last.loc[case.last["value"].notna(), "figure_id"]
    lost = closed[~is_in(closed["figure_id"], numbers)]
    large = lost["value"].max() if len(lost) else 0
    if lost.empty or (large < least and len(lost) < share * len(closed)):
        return None
    rows = _lost_rows("years_gone", lost)
    counts: dict[str, Fact] = {"gone": len(lost), "of": len(closed)}
    counts |= {"share": len(lost) / len(closed), "was": rows[0].value_before or 0}
    return CheckResult("years_gone", counts | _example(rows[0]), rows)


def shrunk(case: Case, *, share: float) -> CheckResult | None:
    """An answer that is never complete and has far fewer figures than the one before."""
    now = len(case.last) if case.answered is None else case.answered
    if case.complete or not case.size_before or now >= share * case.size_before:
        return None
    return CheckResult("shrunk", {"now": now, "before": case.size_before})


def went_back(case: Case) -> CheckResult | None:
    """The newest figure is older than the one that the source published before.

    Carried figures may be newer than what a mirror sends: nothing is withdrawn, and it is no doubt.
    """
    was = case.published.loc[case.published["value"].notna(), "as_of"].max()
    now = case.last.loc[case.last["value"].notna(), "as_of"].max()
    if pd.notna(was) and pd.isna(now):
        return CheckResult("no_value", {"was": _day(was)})
    if pd.isna(was) or now >= was or not case.own:
        return None
    return CheckResult("went_back", {"was": _day(was), "now": _day(now)})


def jumped(case: Case, size: Size) -> CheckResult | None:
    """Figures that changed under one name."""
    both = case.both
    # The whole year's flow replaces the half year's: larger by nature.
    completed = (
        (both["measure"] == "flow") & _mid_year(both["caveat_before"]) & ~_mid_year(both["caveat"])
    )
    wrong = both[moved(both, size) & ~completed.to_numpy(dtype=bool)]
    return _changed("jumped", wrong, of=len(both), times=size.times)


def history_changed(
    case: Case, sizes: tuple[Size, ...], *, small: Size, share: float, count: int
) -> CheckResult | None:
    """Figures of closed periods that changed: a large one by little, or many by much.

    Args:
        case: What is compared.
        sizes: A figure that was so large may not move so much.
        small: What counts towards the share.
        share: Of the closed figures.
        count: The fewest that make a share.
    """
    both = case.both
    closed = both[case.closed(both, both["caveat_before"])]
    large = pd.Series(False, index=closed.index)
    for size in sizes:
        large |= moved(closed, size, before=True)
    many = moved(closed, small)
    if not large.any() and int(many.sum()) < max(count, share * len(closed)):
        return None
    return _changed("history_changed", closed[large | many], of=len(closed))


def reverted(case: Case, *, share: float, count: int) -> CheckResult | None:
    """Figures that changed, and nearly all back to what they were in an earlier edition.

    The half year's flow is an earlier number of the year's: it stands under the year's name where
    the edition of the middle of the year is fetched after its end.
    """
    both = case.both
    changed = both[(both["value"] != both["value_before"]).fillna(False).astype(bool)]
    if case.earlier is None or len(changed) < count:
        return None
    answered = case.last[is_in(case.last["figure_id"], changed["figure_id"])]
    were = is_in(_numbers(answered), _numbers(case.earlier).dropna())
    back = changed[is_in(changed["figure_id"], answered.loc[were, "figure_id"])]
    if len(back) < max(count, share * len(changed)):
        return None
    return _changed("reverted", back, of=len(changed))


def newest_changed(case: Case, size: Size) -> CheckResult | None:
    """Stocks of the newest period that were published and changed, or are gone."""
    old = case.published[_SHOWN][
        (case.published["reference_period_end"] == case.newest)
        & (case.published["measure"] == "stock")
        & (case.published["value"] >= size.least)
    ]
    now = case.last[["figure_id", "value"]]
    both = old.rename(columns={"value": "value_before"}).merge(now, how="left")
    wrong = both[moved(both.fillna({"value": 0}), size, before=True)]
    return _changed("jumped", wrong, of=len(both), times=size.times)


def stock_jumped(
    case: Case, size: Size, *, before: bool = False, share: float = 0.0, count: int = 1
) -> CheckResult | None:
    """The newest stock of a series beside the one a year before, where it is news.

    Args:
        case: What is compared.
        size: Which stocks, and how far they may move.
        before: Whether the size is that of the year before, not of the larger of the two.
        share: Of the newest stocks of that size that must have moved, for the answer to be doubted.
        count: The fewest that must have.
    """
    stocks = case.series
    if not stocks["news"].any():
        return None
    # A series that ended years ago says nothing of this answer.
    newest = stocks["last"] & (stocks["as_of"] > stocks["as_of"].max() - YEAR) & stocks["near"]
    larger = np.fmax(_plain(stocks["value"]), _plain(stocks["value_before"]))
    of = int((newest & (larger >= size.least)).sum())
    far = moved(stocks, size, before=before) & newest & stocks["news"]
    if int(far.sum()) < max(count, share * of):
        return None
    wrong = stocks[far]
    return _changed("stock_jumped", wrong, of=of, times=size.times)


def newest_lost(case: Case, *, least: int) -> CheckResult | None:
    """Large stocks that the answer has for the year before its newest and not for the newest."""
    stocks = case.series
    if stocks.empty:
        return None
    newest = stocks["reference_period_end"].max()
    known = case.published.loc[case.published["value"].notna(), "reference_period_end"].max()
    if case.own and pd.notna(known) and known >= newest:
        return None  # `newest_changed` says what a published newest year lost
    ended = stocks["last"] & (stocks["reference_period_end"] == newest - pd.DateOffset(years=1))
    lost = stocks[ended & (stocks["value"] >= least)]
    if lost.empty:
        return None
    rows = _lost_rows("newest_lost", lost)
    facts = {"count": len(lost), **_example(rows[0]), "was": rows[0].value_before or 0}
    return CheckResult("newest_lost", facts, rows)


def holes(case: Case, *, least: int, count: int) -> CheckResult | None:
    """Years that a series lacks between two that it has: rows that were cut."""
    stocks = case.series
    after = stocks.groupby("series", sort=False)["value"].shift(-1)
    there = stocks["value_before"] >= least
    gap = ~stocks["near"] & there & (stocks["value"] >= least)
    zero = (stocks["value"] == 0) & there & (after >= least)
    found = stocks[(gap | zero).fillna(False).astype(bool)]
    if len(found) < count or not found["news"].any():
        return None
    rows = _rows("holes", found.assign(value=pd.NA))
    return CheckResult("holes", {"count": len(found), **_example(rows[0])}, rows)


def repeated(case: Case, *, least: int, share: float, count: int) -> CheckResult | None:
    """Newest stocks that are the year before's to the last person: it was put in their place."""
    stocks = case.series
    newest = stocks["last"] & stocks["near"] & (stocks["as_of"] > stocks["as_of"].max() - SEASON)
    newest &= stocks["value"] >= least
    same = stocks[newest & (stocks["value"] == stocks["value_before"]).fillna(False)]
    if len(same) < max(count, share * int(newest.sum())) or not same["news"].any():
        return None
    return _changed("repeated", same, of=int(newest.sum()))


def parts(case: Case, *, share: float, least: int) -> CheckResult | None:
    """Totals over all countries beside the sum of the countries, both in one answer."""
    last = case.last[_SHOWN]
    last = last[last["value"].notna() & last["origin_code"].notna()]
    by = ["dataset", "measure", "population_group", "unit", "origin_code", "reference_period_end"]
    whole = last[last["asylum_location_code"] == ALL_COUNTRIES]
    country = last[last["asylum_location_code"] != ALL_COUNTRIES]
    sums = country.groupby(by, as_index=False)["value"].sum()
    held = whole.merge(sums.rename(columns={"value": "value_before"}), on=by)
    larger = held[["value", "value_before"]].max(axis=1)
    apart = (held["value"] - held["value_before"]).abs()
    wrong = held[((larger >= least) & (apart > share * larger)).astype(bool)]
    if wrong.empty:
        return None
    rows = _rows("parts", wrong)
    told = _example(rows[0]) | _became(rows[0])
    del told["place"]
    return CheckResult("parts", {"count": len(wrong), "of": len(held), **told}, rows)


def fewer_places(case: Case, *, share: float) -> CheckResult | None:
    """A reporting round that is news and names far fewer places than the one before it.

    The one before may be a published one, or a carried one before the first answer.
    """
    known = case.published["figure_id"]
    before = case.published[_ROUNDS][~is_in(known, case.last["figure_id"])]
    rounds = pd.concat([before, case.last[_ROUNDS]], ignore_index=True)
    rounds = rounds[rounds["reporting_round"].notna() & rounds["value"].notna()]
    rounds = rounds.assign(known=is_in(rounds["figure_id"], known))
    if rounds["known"].all():
        return None
    rounds = rounds[["known", "reporting_round", "as_of", "place_code"]].assign(
        series=row_key(rounds, _OVER_PLACES)
    )
    each = rounds.groupby(["series", "as_of"], sort=True).agg(
        places=("place_code", "nunique"), known=("known", "any"), round=("reporting_round", "first")
    )
    each["before"] = each.groupby("series", sort=False)["places"].shift(1)
    newest = each[~each.index.get_level_values("series").duplicated(keep="last")]
    wrong = newest[~newest["known"] & (newest["places"] < share * newest["before"])]
    if wrong.empty:
        return None
    first = wrong.iloc[0]
    places = {"now": int(first["places"]), "before": int(first["before"])}
    return CheckResult("fewer_places", {"round": str(first["round"]), **places})


def round_jumped(case: Case, size: Size) -> CheckResult | None:
    """A round that is news and whose places together are far from those of the round before."""
    last, known = case.last, case.published["figure_id"]
    # A part of a group moves with what a round calls it: of whole groups alone a sum is steady.
    whole = (last["measure"] == "stock") & last["value"].notna() & last["category"].isna()
    rounds = last[_ROUNDS][whole]
    rounds = rounds[["figure_id", "measure", "unit", "as_of", "value"]].assign(
        series=row_key(rounds, _OVER_PLACES), known=is_in(rounds["figure_id"], known)
    )
    each = rounds.groupby(["series", "measure", "unit", "as_of"], as_index=False).agg(
        value=("value", "sum"), known=("known", "all")
    )
    each["value_before"] = each.groupby("series", sort=False)["value"].shift(1)
    wrong = each[moved(each, size) & ~each["known"]]
    return _together(wrong, size)


def sum_jumped(case: Case, size: Size) -> CheckResult | None:
    """The sum of all cells of a kind: no figure to show anyone, but a good smoke alarm."""
    kinds = ["measure", "unit"]
    sums = case.both.groupby(kinds, as_index=False)[["value_before", "value"]].sum()
    return _together(sums[moved(sums, size)], size)


def _together(wrong: pd.DataFrame, size: Size) -> CheckResult | None:
    if wrong.empty:
        return None
    told: dict[str, Fact] = {name: str(wrong.iloc[0][name]) for name in ("measure", "unit")}
    return CheckResult("sum_jumped", told | {"times": size.times})


def _changed(code: str, wrong: pd.DataFrame, *, of: int, **more: Fact) -> CheckResult | None:
    if wrong.empty:
        return None
    rows = _rows(code, wrong)
    facts = {"count": len(wrong), "of": of, **more} | _example(rows[0]) | _became(rows[0])
    return CheckResult(code, facts, rows)


def _lost_rows(reason: str, lost: pd.DataFrame) -> tuple[DoubtedRow, ...]:
    return _rows(reason, lost.assign(value_before=lost["value"], value=pd.NA))


def _rows(reason: str, wrong: pd.DataFrame) -> tuple[DoubtedRow, ...]:
    """The rows as data, largest change first."""
    change = (wrong["value"].fillna(0) - wrong["value_before"].fillna(0)).abs()
    ordered = wrong.assign(change=change).sort_values("change", ascending=False, kind="stable")
    told = ordered[_ROW].astype("object").where(ordered[_ROW].notna(), None)
    told["as_of"] = ordered["as_of"].dt.strftime("%Y-%m-%d")
    values = (
        ordered[["value_before", "value"]]
        .astype("object")
        .where(ordered[["value_before", "value"]].notna(), None)
    )
    return tuple(
        DoubtedRow(reason=reason, value_before=_whole(was), value=_whole(now), **row)
        for row, was, now in zip(
            told.to_dict("records"), values["value_before"], values["value"], strict=True
        )
    )


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _example(row: DoubtedRow) -> dict[str, Fact]:
    # Of its own count the Turkish register does not say that they are refugees.
    protected = row.population_group == "REF" and row.publisher in definitions.TURKISH
    group = "REF.protected" if protected else row.population_group
    return {"group": group, "place": row.place_code, "day": row.as_of}


def _became(row: DoubtedRow) -> dict[str, Fact]:
    return {"was": row.value_before or 0, "now": row.value or 0}


def _day(at: pd.Timestamp) -> str:
    return f"{at:%Y-%m-%d}"


def _numbers(rows: pd.DataFrame) -> "pd.Series[str]":
    """Each number of a series with the day its period begins, as one text; null without one."""
    return row_key(rows, [*SERIES, "reference_period_start"]) + rows["value"].astype("string")


def _mid_year(caveats: "pd.Series[Any]") -> "pd.Series[bool]":
    of_them = [codes for codes in caveats.dropna().unique() if "mid_year" in codes.split()]
    return caveats.isin(of_them).astype(bool)


def moved(both: pd.DataFrame, size: Size, *, before: bool = False) -> "pd.Series[bool]":
    """Where a value is many times the other; the size is of the larger, or of the one before."""
    # As plain numbers: a null is like no number, and so neither large nor many times another.
    old, new = (_plain(both[name]) for name in ("value_before", "value"))
    larger = np.maximum(old, new)
    smaller = np.maximum(np.minimum(old, new), 1)
    large = (old if before else larger) >= size.least
    return pd.Series(large & (larger >= size.times * smaller), index=both.index)


def _plain(values: "pd.Series[Any]") -> "np.ndarray[Any, np.dtype[np.float64]]":
    return values.to_numpy(dtype="float64", na_value=np.nan)
