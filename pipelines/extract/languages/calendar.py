"""Days out of the parts that a language's patterns find. Pure; a day that is none is vague."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, Protocol

GOVERNMENT_FELL: Final = date(2024, 12, 8)
"""The day on which Syria's government fell: texts count since then without naming it."""
Kind = Literal["span", "month", "day", "as_of", "since", "year", "vague"]
Span = tuple[int, int]


class _Spanned(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


def overlaps(span: Span, others: Iterable[_Spanned]) -> bool:
    """Whether a span shares a character with one of the others."""
    return any(o.start < span[1] and span[0] < o.end for o in others)


@dataclass(frozen=True)
class Period:
    """A time that the text names.

    Attributes:
        start: Where its words begin.
        end: Where they end.
        kind: `since` has its first day in `first` and no last day; `as_of` and `day` are one day.
        first: First day; None where it is vague.
        last: Last day; None where it is vague or open.
        rough: Whether a month stands for a day.
    """

    start: int
    end: int
    kind: Kind
    first: date | None
    last: date | None
    rough: bool = False


Made = Callable[["Times", Span, int | None, int | None, int | None], Period]


def found_in(
    text: str,
    patterns: Iterable[tuple[str, re.Pattern[str]]],
    made: Callable[[str, re.Match[str]], Period],
) -> list[Period]:
    """The times of one sentence, in order, none inside another; an earlier pattern comes first."""
    taken: list[Period] = []
    for kind, pattern in patterns:
        for match in pattern.finditer(text):
            if not overlaps(match.span(), taken):
                taken.append(made(kind, match))
    return sorted(taken, key=lambda p: p.start)


def found_near(
    text: str,
    patterns: Sequence[tuple[str, re.Pattern[str]]],
    made: Callable[["Times"], Callable[[str, re.Match[str]], Period]],
    near: date | None,
) -> list[Period]:
    """The times of one sentence, as `found_in` gives them; a missing year is the newest before.

    That is before `near`, and where no day is near, before the newest that the sentence names with
    its year.
    """
    if near is None:
        dated = found_in(text, patterns, made(Times(None)))
        near = max((p.last for p in dated if p.last is not None), default=None)
    return found_in(text, patterns, made(Times(near)))


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
        """Two days of one month, both of the year that the last of them has."""
        end = self.on(last, month, year)
        return self.made(span, "span", end and self.on(first, month, end.year), end)

    def months(
        self, span: Span, first: tuple[int | None, int | None], last: tuple[int | None, int | None]
    ) -> Period:
        """From one month to another, each as month and year or None."""
        end = self.whole(*last)[1]
        start = Times(end).whole(*first)[0] if end else None
        return self.made(span, "span", start, end)

    def between(self, span: Span, first: tuple[Any, ...], last: tuple[Any, ...]) -> Period:
        """Two days, each as day, month and year or None."""
        end = self.on(*last)
        start = Times(end).on(*first) if end else None
        return self.made(span, "span", start, end)

    def quarter(self, span: Span, year: int, which: int) -> Period:
        """A quarter of a year."""
        last = monthrange(year, which * 3)[1]
        return self.made(span, "span", date(year, which * 3 - 2, 1), date(year, which * 3, last))

    def whole(self, month: int | None, year: int | None) -> tuple[date | None, date | None]:
        """First and last day of a month."""
        first = self.on(1, month, year) if month else None
        return first, first and first.replace(day=monthrange(first.year, first.month)[1])

    def since_the_fall(self, span: Span) -> Period:
        """Since the day on which the government fell; vague in a text of before."""
        after = self.near is None or self.near >= GOVERNMENT_FELL
        return self.made(span, "since", GOVERNMENT_FELL if after else None, None)

    def of(self, kind: str) -> Made:
        """What makes a period of a kind of its day, month and year."""
        return _MADE.get(kind, _vague)


def _since(
    times: Times, span: Span, day: int | None, month: int | None, year: int | None
) -> Period:
    """Since a day, or since a month's first."""
    first = times.on(day or 1, month, year) if month else None
    return times.made(span, "since", first, None, rough=day is None)


def _one_day(
    times: Times, span: Span, day: int | None, month: int | None, year: int | None
) -> Period:
    """One day."""
    on = times.on(day, month, year) if day and month else None
    return times.made(span, "day", on, on)


def _month_span(
    times: Times, span: Span, day: int | None, month: int | None, year: int | None
) -> Period:
    """A whole month."""
    return times.made(span, "month", *times.whole(month, year))


def _since_year(times: Times, span: Span, *parts: int | None) -> Period:
    year = parts[2]
    return times.made(span, "since", date(year, 1, 1) if year else None, None, rough=True)


def _this_month(times: Times, span: Span, *parts: int | None) -> Period:
    first = times.near.replace(day=1) if times.near else None
    return times.made(span, "since", first, None)


def _so_far(times: Times, span: Span, *parts: int | None) -> Period:
    first, last = times.whole(parts[1], parts[2])
    if last and times.near and first and first <= times.near < last:
        last = times.near
    return times.made(span, "span", first, last)


def _year_end(times: Times, span: Span, *parts: int | None) -> Period:
    last = date(parts[2], 12, 31) if parts[2] else None
    return times.made(span, "as_of", last, last)


def _month_end(times: Times, span: Span, *parts: int | None) -> Period:
    last = times.whole(parts[1], parts[2])[1]
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


_MADE: Final[Mapping[str, Made]] = {
    "since": _since,
    "since_year": _since_year,
    "this_month": _this_month,
    "so_far": _so_far,
    "year_end": _year_end,
    "month_end": _month_end,
    "as_of": _as_of,
    "as_of_month": _month_end,
    "day": _one_day,
    "month": _month_span,
    "year": _year,
}
