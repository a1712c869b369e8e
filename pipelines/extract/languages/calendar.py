"""Days out of the parts that a language's patterns find. Pure; a day that is none is vague."""

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from pipelines.extract.periods import Kind, Period

Span = tuple[int, int]
Made = Callable[["Times", Span, int | None, int | None, int | None], Period]


class _Spanned(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


def overlaps(span: Span, others: Iterable[_Spanned]) -> bool:
    """Whether a span shares a character with one of the others."""
    return any(o.start < span[1] and span[0] < o.end for o in others)


@dataclass(frozen=True)
class Times:
    """Completes days without a year: the newest one that does not lie after `near`."""

    near: date | None

    def year(self, month: int, day: int, year: int | None) -> int | None:
        """The year of a month and day; None where nothing tells it."""
        if year is not None or self.near is None:
            return year
        return self.near.year if (month, day) <= (self.near.month, self.near.day) else (
            self.near.year - 1
        )  # fmt: skip

    def on(self, day: int, month: int, year: int | None) -> date | None:
        """A day; None where there is no such day."""
        whole = self.year(month, day, year)
        try:
            return date(whole, month, day) if whole else None
        except ValueError:
            return None

    def made(
        self, span: Span, kind: Kind, first: date | None, last: date | None, *, rough: bool = False
    ) -> Period:
        """A period, vague where its first day is none or lies after its last."""
        if first is None or (last is not None and first > last):
            return Period(*span, "vague", None, None)
        return Period(*span, kind, first, last, rough)

    def days(self, span: Span, first: int, last: int, month: int, year: int | None) -> Period:
        """Two days of one month."""
        return self.made(span, "span", self.on(first, month, year), self.on(last, month, year))

    def between(self, span: Span, first: tuple[Any, ...], last: tuple[Any, ...]) -> Period:
        """Two days, each as day, month and year or None."""
        end = self.on(*last)
        start = Times(end).on(*first) if end else None
        return self.made(span, "span", start, end)

    def quarter(self, span: Span, year: int, which: int) -> Period:
        """A quarter of a year."""
        last = monthrange(year, which * 3)[1]
        return self.made(span, "span", date(year, which * 3 - 2, 1), date(year, which * 3, last))

    def whole(self, month: int, year: int | None) -> tuple[date | None, date | None]:
        """First and last day of a month."""
        first = self.on(1, month, year)
        return first, first and first.replace(day=monthrange(first.year, first.month)[1])

    def other(self, kind: str) -> Made:
        """What makes a period of the rarer kinds."""
        return {
            "since_year": _since_year,
            "this_month": _this_month,
            "so_far": _so_far,
            "year_end": _year_end,
            "month_end": _month_end,
            "as_of": _as_of,
            "as_of_month": _month_end,
            "year": _year,
        }.get(kind, _vague)


def since(times: Times, span: Span, day: int | None, month: int | None, year: int | None) -> Period:
    """Since a day, or since a month's first."""
    first = times.on(day or 1, month, year) if month else None
    return times.made(span, "since", first, None, rough=day is None)


def one_day(
    times: Times, span: Span, day: int | None, month: int | None, year: int | None
) -> Period:
    """One day."""
    on = times.on(day, month, year) if day and month else None
    return times.made(span, "day", on, on)


def month_span(
    times: Times, span: Span, day: int | None, month: int | None, year: int | None
) -> Period:
    """A whole month."""
    first, last = times.whole(month, year) if month else (None, None)
    return times.made(span, "month", first, last)


def _since_year(times: Times, span: Span, *parts: int | None) -> Period:
    year = parts[2]
    return times.made(span, "since", date(year, 1, 1) if year else None, None, rough=True)


def _this_month(times: Times, span: Span, *parts: int | None) -> Period:
    first = times.near.replace(day=1) if times.near else None
    return times.made(span, "since", first, None)


def _so_far(times: Times, span: Span, *parts: int | None) -> Period:
    first, last = times.whole(parts[1], parts[2]) if parts[1] else (None, None)
    if last and times.near and first and first <= times.near < last:
        last = times.near
    return times.made(span, "span", first, last)


def _year_end(times: Times, span: Span, *parts: int | None) -> Period:
    last = date(parts[2], 12, 31) if parts[2] else None
    return times.made(span, "as_of", last, last)


def _month_end(times: Times, span: Span, *parts: int | None) -> Period:
    last = times.whole(parts[1], parts[2])[1] if parts[1] else None
    return times.made(span, "as_of", last, last)


def _as_of(times: Times, span: Span, *parts: int | None) -> Period:
    day, month, year = parts
    on = times.on(day, month, year) if day and month else None
    return times.made(span, "as_of", on, on)


def _year(times: Times, span: Span, *parts: int | None) -> Period:
    year = parts[2]
    return times.made(
        span, "year", date(year, 1, 1) if year else None, date(year, 12, 31) if year else None
    )


def _vague(times: Times, span: Span, *parts: int | None) -> Period:
    return Period(*span, "vague", None, None)
