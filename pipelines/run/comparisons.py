"""What two answers of a source differ by, and what one answer contradicts in itself.

Pure: a `Case` in, a doubt or nothing out. Which of these a kind of source is held against, with
which limits and why, is the table of `pipelines.run.rules`. A column that is compared is a plain
array of numbers or days, in which nothing is no number and no day; rows are taken out of their
table only where they are in doubt.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
import pyarrow as arrow
from pyarrow import compute

from data.schema import definitions
from data.schema.arrow_rows import in_order, whole
from data.schema.check_results import ROW_FIELDS, CheckResult, DoubtedRow, Fact
from data.schema.codes import ALL_COUNTRIES
from data.schema.tables import FIGURE_KEY, keys

Days = np.ndarray[Any, np.dtype[np.datetime64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Numbers = np.ndarray[Any, np.dtype[np.float64]]
Places = np.ndarray[Any, np.dtype[np.int64]]
"""Where rows stand, or which of several groups each is of."""

SERIES: Final = [
    name
    for name in FIGURE_KEY
    if name not in ("reference_period_start", "reference_period_end", "reporting_round")
]
"""What makes two figures one series: the key without the period and the number of the round."""
NUMBER: Final = [*SERIES, "reference_period_start", "value"]
"""A number of a series, with the day its period begins."""
_OVER_PLACES: Final = [
    *(name for name in SERIES if name not in ("place_code", "origin_code")),
    "admin_level",
]
"""What makes two rounds one series, all places of a level together."""
_ROUNDS: Final = [*_OVER_PLACES, "figure_id", "place_code", "reporting_round", "as_of", "value"]
SEASON: Final = np.timedelta64(300, "D")
"""Figures of one edition's newest year, be some of them the half year's."""
YEAR: Final = np.timedelta64(500, "D")
"""Figures of one series at most this far apart are neighbours, be a year's edition late or not."""
_ROW: Final = [name for name in ROW_FIELDS if name not in ("reason", "value_before", "value")]
_SUMMED: Final = [*_ROW, "value", "reference_period_end"]


@dataclass(frozen=True)
class Size:
    """A figure of `least` or more that became `times` larger or smaller is doubted."""

    least: int
    times: float


@dataclass(frozen=True)
class Pairs:
    """Rows, each beside the number that it is held against.

    Attributes:
        rows: The figures that they are among.
        at: Where they stand there.
        value: Their numbers.
        before: What they are held against.
    """

    rows: arrow.Table
    at: Places
    value: Numbers
    before: Numbers


@dataclass(frozen=True)
class Both(Pairs):
    """The figures that an answer and what is published have both, in the answer's order.

    Attributes:
        was_at: Where each stands among the published ones.
    """

    was_at: Places


@dataclass(frozen=True)
class Series(Pairs):
    """The answer's stocks by day, each beside those before and after it in its series.

    Attributes:
        after: The number after it; none where it is the last.
        as_of: The days.
        ends: The last days of the periods.
        near: Whether the one before is its neighbour.
        last: Whether none follows.
        news: Whether readers do not see the number already: of one that they see nothing is said.
    """

    after: Numbers
    as_of: Days
    ends: Days
    near: Flags
    last: Flags
    news: Flags


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
        earlier: Gives the columns `NUMBER` of all vintages of the published figures, of which few
            checks need any; None where there is no history to look at.
    """

    new: arrow.Table
    published: arrow.Table
    own: bool = True
    complete: bool = True
    size_before: int | None = None
    answered: int | None = None
    earlier: Callable[[], arrow.Table] | None = None

    @cached_property
    def last(self) -> arrow.Table:
        """The answer's figures, each once: of several vintages the last."""
        return once(self.new)

    @cached_property
    def both(self) -> Both:
        """Figures that both have."""
        found = _found(self.last, self.published)
        at = np.flatnonzero(found >= 0)
        value, before = _numbers(self.last["value"]), _numbers(self.published["value"])
        return Both(self.last, at, value[at], before[found[at]], found[at])

    @cached_property
    def mid_year(self) -> Flags:
        """Which of the published figures are the half year's."""
        return _mid_year(self.published["caveat"])

    @cached_property
    def newest(self) -> np.datetime64 | None:
        """The last day of the newest period that both sides have a number for.

        Earlier periods are closed: a mid-year figure gives way to the year's under one name, so the
        newest period of either side may still change.
        """
        ends = [_latest(rows, "reference_period_end") for rows in (self.last, self.published)]
        return None if ends[0] is None or ends[1] is None else min(ends[0], ends[1])

    @cached_property
    def closed(self) -> Flags:
        """Whether each published figure is of a period that no later edition changes.

        That is every one before the newest of both; and the newest that was published as soon as
        the answer has a later one, but for the half year's.
        """
        ends = _days(self.published["reference_period_end"])
        newest, latest = self.newest, _latest(self.last, "reference_period_end")
        if newest is None or latest is None:
            return np.zeros(len(ends), dtype=bool)
        before = ends < newest
        return before if latest <= newest else before | ((ends == newest) & ~self.mid_year)

    @cached_property
    def series(self) -> Series:
        """The answer's stocks by series and day."""
        value, days = _numbers(self.last["value"]), _days(self.last["as_of"])
        counted = _flags(compute.equal(self.last["measure"], "stock")) & ~np.isnan(value)
        at = np.flatnonzero(counted)
        at = at[np.argsort(days[at], kind="stable")]
        value, as_of = value[at], days[at]
        before, after = _neighbours(_groups(self.last, SERIES)[at])
        return Series(
            rows=self.last,
            at=at,
            value=value,
            before=np.where(before < 0, np.nan, value[before]),
            after=np.where(after < 0, np.nan, value[after]),
            as_of=as_of,
            ends=_days(self.last["reference_period_end"])[at],
            near=(before >= 0) & (as_of - as_of[before] <= YEAR),
            last=after < 0,
            news=self._news[at],
        )

    @cached_property
    def continued(self) -> Series:
        """The same after what is published, where the answer alone does not hold the days before.

        A first answer is held against carried figures and has none of its own before it.
        """
        if self.own:
            return self.series
        return replace(self, new=arrow.concat_tables([self.published, self.new])).series

    @cached_property
    def _news(self) -> Flags:
        """Which numbers of the answer readers do not see yet."""
        if not len(self.published):
            return np.ones(len(self.last), dtype=bool)
        at, shown = _found(self.last, self.published), _numbers(self.published["value"])
        return (at < 0) | (shown[at] != _numbers(self.last["value"]))


def once(figures: arrow.Table) -> arrow.Table:
    """Each figure once: of several vintages the last that was known, or what is said now."""
    if compute.count_distinct(figures["figure_id"]).as_py() == len(figures):
        return figures
    ordered = in_order(figures, ["known_from"])
    figure = whole(ordered["figure_id"]).dictionary_encode().indices.to_numpy()
    at = np.arange(len(ordered))
    newest = np.zeros(len(ordered), dtype=np.int64)
    newest[figure] = at
    return ordered.filter(arrow.array(newest[figure] == at))


def gone(case: Case, *, share: float) -> CheckResult | None:
    """Published figures that a complete answer no longer has."""
    if not len(case.published) or not case.complete:
        return None
    lost = np.flatnonzero(_found(case.published, case.last) < 0)
    part = len(lost) / len(case.published)
    if part < share:
        return None
    facts: dict[str, Fact] = {"gone": len(lost), "of": len(case.published), "share": part}
    return CheckResult("gone", facts, _lost_rows("gone", case.published, lost))


def years_gone(case: Case, *, share: float, least: int) -> CheckResult | None:
    """Figures of closed periods that the answer no longer has: many, or one that is large.

    A figure of the half year is no doubt, since it gives way to the year's.
    """
    known, value = case.published, _numbers(case.published["value"])
    closed = ~case.mid_year & (value > 0) & case.closed
    lost = np.flatnonzero(closed & (_found(known, case.last.filter(_valued(case.last))) < 0))
    of = int(closed.sum())
    if not len(lost) or (value[lost].max() < least and len(lost) < share * of):
        return None
    rows = _lost_rows("years_gone", known, lost)
    counts: dict[str, Fact] = {"gone": len(lost), "of": of}
    counts |= {"share": len(lost) / of, "was": rows[0].value_before or 0}
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
    was, now = _latest(case.published, "as_of"), _latest(case.last, "as_of")
    if was is not None and now is None:
        return CheckResult("no_value", {"was": str(was)})
    if was is None or now is None or now >= was or not case.own:
        return None
    return CheckResult("went_back", {"was": str(was), "now": str(now)})


def jumped(case: Case, size: Size) -> CheckResult | None:
    """Figures that changed under one name."""
    both = case.both
    wrong = moved(both.before, both.value, size)
    if wrong.any():
        # The whole year's flow replaces the half year's: larger by nature.
        flow = _flags(compute.equal(both.rows["measure"], "flow"))
        whole_year = flow & ~_mid_year(both.rows["caveat"])
        wrong &= ~(whole_year[both.at] & case.mid_year[both.was_at])
    return _changed("jumped", both, wrong, of=len(wrong), times=size.times)


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
    closed = case.closed[both.was_at]
    large = np.zeros(len(closed), dtype=bool)
    for size in sizes:
        large |= closed & moved(both.before, both.value, size, before=True)
    many = closed & moved(both.before, both.value, small)
    of = int(closed.sum())
    if not large.any() and int(many.sum()) < max(count, share * of):
        return None
    return _changed("history_changed", both, large | many, of=of)


def reverted(case: Case, *, share: float, count: int) -> CheckResult | None:
    """Figures that changed, and nearly all back to what they were in an earlier edition.

    The half year's flow is an earlier number of the year's: it stands under the year's name where
    the edition of the middle of the year is fetched after its end.
    """
    both = case.both
    changed = ~np.isnan(both.value) & ~np.isnan(both.before) & (both.value != both.before)
    of = int(changed.sum())
    if case.earlier is None or of < count:
        return None
    earlier = case.earlier()
    known = keys(earlier.filter(_valued(earlier)), NUMBER)
    answered = keys(case.last.select(NUMBER).take(arrow.array(both.at[changed])), NUMBER)
    back = changed.copy()
    back[changed] = compute.is_in(answered, known).to_numpy(zero_copy_only=False)
    if int(back.sum()) < max(count, share * of):
        return None
    return _changed("reverted", both, back, of=of)


def newest_changed(case: Case, size: Size) -> CheckResult | None:
    """Stocks of the newest period that were published and changed, or are gone."""
    if case.newest is None:
        return None
    value = _numbers(case.published["value"])
    old = np.flatnonzero(
        (_days(case.published["reference_period_end"]) == case.newest)
        & _flags(compute.equal(case.published["measure"], "stock"))
        & (value >= size.least)
    )
    at = _found(case.published, case.last)[old]
    there = np.append(_numbers(case.last["value"]), np.nan)  # the last of them for what is gone
    now = there[at]
    both = Pairs(case.published, old, now, value[old])
    wrong = moved(both.before, np.nan_to_num(now), size, before=True)
    return _changed("jumped", both, wrong, of=len(old), times=size.times)


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
    if not stocks.news.any():
        return None
    # A series that ended years ago says nothing of this answer.
    newest = stocks.last & (stocks.as_of > stocks.as_of.max() - YEAR) & stocks.near
    larger = np.fmax(stocks.value, stocks.before)
    of = int((newest & (larger >= size.least)).sum())
    far = moved(stocks.before, stocks.value, size, before=before) & newest & stocks.news
    if int(far.sum()) < max(count, share * of):
        return None
    return _changed("stock_jumped", stocks, far, of=of, times=size.times)


def newest_lost(case: Case, *, least: int) -> CheckResult | None:
    """Large stocks that the answer has for the year before its newest and not for the newest."""
    stocks = case.series
    if not len(stocks.at):
        return None
    newest = stocks.ends.max()
    known = _latest(case.published, "reference_period_end")
    if case.own and known is not None and known >= newest:
        return None  # `newest_changed` says what a published newest year lost
    ended = stocks.last & (stocks.ends == _a_year_before(newest))
    lost = np.flatnonzero(ended & (stocks.value >= least))
    if not len(lost):
        return None
    rows = _lost_rows("newest_lost", stocks.rows, stocks.at[lost])
    facts = {"count": len(lost), **_example(rows[0]), "was": rows[0].value_before or 0}
    return CheckResult("newest_lost", facts, rows)


def holes(case: Case, *, least: int, count: int) -> CheckResult | None:
    """Years that a series lacks between two that it has: rows that were cut."""
    stocks = case.series
    there = stocks.before >= least
    gap = ~stocks.near & there & (stocks.value >= least)
    zero = (stocks.value == 0) & there & (stocks.after >= least)
    found = np.flatnonzero(gap | zero)
    if len(found) < count or not stocks.news[found].any():
        return None
    nothing = np.full(len(found), np.nan)
    rows = _rows("holes", stocks.rows, stocks.at[found], stocks.before[found], nothing)
    return CheckResult("holes", {"count": len(found), **_example(rows[0])}, rows)


def repeated(
    case: Case, *, least: int, share: float, count: int, continued: bool = False
) -> CheckResult | None:
    """Newest stocks that are those before them to the last person, put in their place."""
    stocks = case.continued if continued else case.series
    if not len(stocks.at):
        return None
    newest = stocks.last & stocks.near & (stocks.as_of > stocks.as_of.max() - SEASON)
    newest &= stocks.value >= least
    if continued:
        newest &= stocks.news
    same = newest & (stocks.value == stocks.before)
    of = int(newest.sum())
    if int(same.sum()) < max(count, share * of) or not stocks.news[same].any():
        return None
    return _changed("repeated", stocks, same, of=of)


def parts(case: Case, *, share: float, least: int) -> CheckResult | None:
    """Totals over all countries beside the sum of the countries, both in one answer."""
    over = compute.equal(case.last["asylum_location_code"], ALL_COUNTRIES)
    whose = compute.and_(_valued(case.last), case.last["origin_code"].is_valid())
    total, country = (
        case.last.select(_SUMMED).filter(compute.and_(compute.fill_null(is_it, False), whose))
        for is_it in (over, compute.invert(over))
    )
    if not len(total):
        return None
    by = ["dataset", "measure", "population_group", "unit", "origin_code", "reference_period_end"]
    sums = country.group_by(by).aggregate([("value", "sum")])
    at = compute.index_in(keys(total, by), keys(sums, by))
    held = total.filter(at.is_valid())
    value = _numbers(held["value"])
    in_parts = _numbers(sums["value_sum"].take(at.drop_null()))
    larger = np.maximum(value, in_parts)
    wrong = np.flatnonzero((larger >= least) & (np.abs(value - in_parts) > share * larger))
    if not len(wrong):
        return None
    rows = _rows("parts", held, wrong, in_parts[wrong], value[wrong])
    facts = _example(rows[0]) | _became(rows[0])
    del facts["place"]
    return CheckResult("parts", {"count": len(wrong), "of": len(held), **facts}, rows)


def fewer_places(case: Case, *, share: float) -> CheckResult | None:
    """A reporting round that is news and names far fewer places than the one before it.

    The one before may be a published one, or a carried one before the first answer.
    """
    before = case.published.select(_ROUNDS).filter(
        arrow.array(_found(case.published, case.last) < 0)
    )
    rounds = arrow.concat_tables([before, case.last.select(_ROUNDS)])
    rounds = rounds.filter(compute.and_(rounds["reporting_round"].is_valid(), _valued(rounds)))
    known = _found(rounds, case.published) >= 0
    if known.all():
        return None
    series, days = _groups(rounds, _OVER_PLACES), _days(rounds["as_of"])
    order, starts = _runs(series, days)
    names = whole(rounds["place_code"]).dictionary_encode().indices.to_numpy().astype(np.int64)
    group = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(order))))
    pairs = np.unique(group * (names.max() + 1) + names[order])
    places = np.bincount(pairs // (names.max() + 1), minlength=len(starts))
    seen = np.logical_or.reduceat(known[order], starts)
    of = series[order][starts]
    newest = np.append(of[1:] != of[:-1], True)
    previous = _of_the_round_before(of, places)
    wrong = np.flatnonzero(newest & ~seen & (places < share * previous))
    if not len(wrong):
        return None
    firsts = order[starts[wrong]]
    one = _first_by_name(rounds, firsts, _OVER_PLACES)
    name = rounds["reporting_round"][int(firsts[one])].as_py()
    counts = {"now": int(places[wrong[one]]), "before": int(previous[wrong[one]])}
    return CheckResult("fewer_places", {"round": str(name), **counts})


def round_jumped(case: Case, size: Size) -> CheckResult | None:
    """A round that is news and whose places together are far from those of the round before."""
    # A part of a group moves with what a round calls it: of whole groups alone a sum is steady.
    groups = compute.and_(compute.equal(case.last["measure"], "stock"), _valued(case.last))
    counted = compute.and_(groups, case.last["category"].is_null())
    rounds = case.last.select(_ROUNDS).filter(counted)
    if not len(rounds):
        return None
    known = _found(rounds, case.published) >= 0
    if known.all():
        return None
    series, days = _groups(rounds, _OVER_PLACES), _days(rounds["as_of"])
    order, starts = _runs(series, days)
    value = np.add.reduceat(_numbers(rounds["value"])[order], starts)
    seen = np.logical_and.reduceat(known[order], starts)
    before = _of_the_round_before(series[order][starts], value)
    wrong = np.flatnonzero(moved(before, value, size) & ~seen)
    if not len(wrong):
        return None
    firsts = order[starts[wrong]]
    return _together(rounds, int(firsts[_first_by_name(rounds, firsts, _OVER_PLACES)]), size)


def sum_jumped(case: Case, size: Size) -> CheckResult | None:
    """The sum of all cells of a kind: no figure to show anyone, but a good smoke alarm."""
    both = case.both
    if not len(both.at):
        return None
    kinds = ["measure", "unit"]
    group = _groups(both.rows, kinds)[both.at]
    before, now = (
        np.bincount(group, np.nan_to_num(each)).astype(np.float64)
        for each in (both.before, both.value)
    )
    wrong = both.at[moved(before, now, size)[group]]
    if not len(wrong):
        return None
    return _together(both.rows, int(wrong[_first_by_name(both.rows, wrong, kinds)]), size)


def _of_the_round_before(series: Places, numbers: Numbers | Places) -> Numbers:
    """Of rounds in order, the number of the one before in the same series; none of the first."""
    same = np.append(False, series[1:] == series[:-1])
    return np.where(same, np.append(0, numbers[:-1]), np.nan)


def _together(rows: arrow.Table, at: int, size: Size) -> CheckResult:
    kind: dict[str, Fact] = {name: str(rows[name][at].as_py()) for name in ("measure", "unit")}
    return CheckResult("sum_jumped", kind | {"times": size.times})


def _first_by_name(rows: arrow.Table, at: Places, names: list[str]) -> int:
    """Which of some rows is the first in the order of what they are of."""
    texts = keys(rows.take(arrow.array(at)), names).to_pylist()
    return min(range(len(texts)), key=texts.__getitem__)


def _changed(code: str, held: Pairs, wrong: Flags, *, of: int, **more: Fact) -> CheckResult | None:
    if not wrong.any():
        return None
    at = np.flatnonzero(wrong)
    rows = _rows(code, held.rows, held.at[at], held.before[at], held.value[at])
    facts = {"count": len(at), "of": of, **more} | _example(rows[0]) | _became(rows[0])
    return CheckResult(code, facts, rows)


def _lost_rows(reason: str, rows: arrow.Table, lost: Places) -> tuple[DoubtedRow, ...]:
    before = _numbers(rows["value"].take(arrow.array(lost)))
    return _rows(reason, rows, lost, before, np.full(len(lost), np.nan))


def _rows(
    reason: str, rows: arrow.Table, at: Places, before: Numbers, value: Numbers
) -> tuple[DoubtedRow, ...]:
    """Some of the rows as data, largest change first."""
    change = np.abs(np.nan_to_num(value) - np.nan_to_num(before))
    order = np.argsort(-change, kind="stable")
    chosen = rows.select(_ROW).take(arrow.array(at[order])).to_pylist()
    return tuple(
        DoubtedRow(
            reason=reason,
            value_before=_count(was),
            value=_count(now),
            **{name: f"{v:%Y-%m-%d}" if isinstance(v, date) else v for name, v in row.items()},
        )
        for row, was, now in zip(chosen, before[order], value[order], strict=True)
    )


def _count(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _example(row: DoubtedRow) -> dict[str, Fact]:
    # Of its own count the Turkish register does not say that they are refugees.
    protected = row.population_group == "REF" and row.publisher in definitions.TURKISH
    group = "REF.protected" if protected else row.population_group
    return {"group": group, "place": row.place_code, "day": row.as_of}


def _became(row: DoubtedRow) -> dict[str, Fact]:
    return {"was": row.value_before or 0, "now": row.value or 0}


def _a_year_before(day: np.datetime64) -> np.datetime64:
    """The same day of the year before; the last of February where it is the 29th."""
    found = date.fromisoformat(str(day))
    leap = (found.month, found.day) == (2, 29)
    return np.datetime64(found.replace(year=found.year - 1, day=28 if leap else found.day), "D")


def _mid_year(caveats: arrow.ChunkedArray) -> Flags:
    given = [codes for codes in compute.unique(caveats).to_pylist() if codes is not None]
    of_them = [codes for codes in given if "mid_year" in codes.split()]
    if not of_them:
        return np.zeros(len(caveats), dtype=bool)
    return _flags(compute.is_in(caveats, arrow.array(of_them, arrow.string())))


def moved(old: Numbers, new: Numbers, size: Size, *, before: bool = False) -> Flags:
    """Where a value is many times the other; the size is of the larger, or of the one before.

    No number is like none, and so neither large nor many times another.
    """
    larger = np.maximum(old, new)
    smaller = np.maximum(np.minimum(old, new), 1)
    large = (old if before else larger) >= size.least
    return np.asarray(large & (larger >= size.times * smaller), dtype=bool)


def _valued(rows: arrow.Table) -> arrow.ChunkedArray:
    return rows["value"].is_valid()


def _latest(rows: arrow.Table, name: str) -> np.datetime64 | None:
    """The last day in a column, of the rows with a number."""
    found = compute.max(rows[name].filter(_valued(rows))).as_py()
    return None if found is None else np.datetime64(found, "D")


def _found(rows: arrow.Table, others: arrow.Table) -> Places:
    """Where each figure stands among others; -1 where it does not."""
    at = compute.index_in(rows["figure_id"], whole(others["figure_id"]))
    return np.asarray(compute.fill_null(at, -1).to_numpy(), dtype=np.int64)


def _groups(rows: arrow.Table, names: Sequence[str]) -> Places:
    """A number for each row, equal where the columns are equal, nulls included."""
    group = np.zeros(len(rows), dtype=np.int64)
    for name in names:
        coded = whole(rows[name]).dictionary_encode(null_encoding="encode")
        if len(coded.dictionary) > 1:
            both = group * len(coded.dictionary) + coded.indices.to_numpy()
            group = np.unique(both, return_inverse=True)[1].astype(np.int64)
    return group


def _neighbours(group: Places) -> tuple[Places, Places]:
    """Where the row before and the one after stand in each row's group; -1 where there is none."""
    order = np.argsort(group, kind="stable")
    before, after = (np.full(len(group), -1, dtype=np.int64) for _ in range(2))
    pair = np.flatnonzero(group[order][1:] == group[order][:-1])
    before[order[pair + 1]] = order[pair]
    after[order[pair]] = order[pair + 1]
    return before, after


def _runs(group: Places, days: Days) -> tuple[Places, Places]:
    """The rows in the order of group and day, and where in it each day of a group begins."""
    order = np.lexsort((days, group))
    new = (group[order][1:] != group[order][:-1]) | (days[order][1:] != days[order][:-1])
    return order, np.append(0, np.flatnonzero(new) + 1)


def _numbers(column: arrow.ChunkedArray) -> Numbers:
    return np.asarray(column.cast(arrow.float64(), safe=False).to_numpy(), dtype=np.float64)


def _days(column: arrow.ChunkedArray) -> Days:
    return np.asarray(column.to_numpy(), dtype="datetime64[D]")


def _flags(column: arrow.ChunkedArray) -> Flags:
    return np.asarray(compute.fill_null(column, False).to_numpy(), dtype=bool)
