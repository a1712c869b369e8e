"""The days that an English sentence speaks of. Pure.

A vague time ("early March", "the past week") is found too and marked so: a number beside it must
not fall back to the month of the title.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Final

from pipelines.extract.languages.calendar import Period, Span, Times, found_in, overlaps
from pipelines.extract.languages.script import lower_case

Groups = Mapping[str, str | None]

MONTH_NAMES: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTHS: Final = {
    **{name: n for n, name in enumerate(MONTH_NAMES, start=1)},
    **{name[:3]: n for n, name in enumerate(MONTH_NAMES, start=1)},
    "sept": 9,
}
_M: Final = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)\b\.?"
)
_S: Final = r"[ \n]{1,3}"
_D: Final = r"\d{1,2}(?:st|nd|rd|th)?"
_Y: Final = r"(?:19|20)\d\d\b"
_TO: Final = r"(?:[ \n]{0,3}[-–][ \n]{0,3}|[ \n]{1,3}(?:to|and|until|till|through)[ \n]{1,3})"


_COUNTS: Final = (
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
)


def _day(n: str) -> str:
    """A day in one of two orders; the year may be missing."""
    return (
        rf"(?:(?P<d{n}>{_D}){_S}(?:of{_S})?(?P<m{n}>{_M})(?:,?[ \n](?P<y{n}>{_Y}))?"
        rf"|(?P<n{n}>{_M}){_S}(?P<e{n}>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?[ \n](?P<z{n}>{_Y}))?)"
    )


_VAGUE: Final = re.compile(
    r"\b(?:(?:in|over|during|within|for)?[ \n]?(?:the[ \n])?(?:past|last|previous|preceding|next"
    r"|coming|recent)[ \n](?:\w+[ \n]){0,2}(?:hours?|days?|weeks?|months?|years?|quarter)"
    r"|overnight|daily|per[ \n]day|(?:a|each|every)[ \n](?:day|week|month)|in[ \n]recent[ \n]\w+"
    r"|last[ \n](?:week|month|year)|this[ \n](?:week|year)|so[ \n]far[ \n]this[ \n]year"
    r"|(?:on|by|at)[ \n](?:the|that)[ \n]same[ \n](?:date|day|time)"
    r"|in[ \n](?:a|one|two|three|four|five|six|seven|ten|\d{1,2})[ \n](?:days?|weeks?|months?)"
    r"|(?:at[ \n]the)?[ \n]?(?:peak|height)[ \n]of|(?:year|month|week)[ \n]earlier"
    r"|(?:the|this|that)[ \n]reporting[ \n](?:week|period)|today|yesterday|tomorrow)\b"
)
_PART: Final = (
    r"(?P<part>(?:(?:in|by|during|over|since)[ \n])?(?:the[ \n])?"
    r"(?:early|mid|late|beginning[ \n]of|start[ \n]of|"
    r"(?:first|second|third|fourth|last|latter)[ \n](?:(?:\w+[ \n]){0,2})of)[ \n-]{1,2}"
    r"(?:the[ \n])?)"
)
_PATTERNS: Final = (
    ("range", re.compile(rf"\b(?:(?:between|from){_S})?{_day('1')}{_TO}{_day('2')}")),
    (
        "days",
        re.compile(
            rf"\b(?:(?:between|from){_S})?(?:the{_S})?(?P<d1>{_D}){_TO}(?P<d2>{_D}){_S}"
            rf"(?:of{_S})?(?P<m2>{_M})(?:,?[ \n](?P<y2>{_Y}))?"
        ),
    ),
    (
        "to_middle",
        re.compile(
            rf"\b(?:between|from){_S}{_day('1')}{_TO}mid-(?P<m2>{_M})(?:[ \n](?P<y2>{_Y}))?"
        ),
    ),
    (
        "months",
        re.compile(
            rf"\b(?:(?:between|from){_S})?(?P<m1>{_M})(?:[ \n](?P<y1>{_Y}))?{_TO}(?P<m2>{_M})"
            rf"(?:[ \n](?P<y2>{_Y}))"
            rf"|\b(?:between|from){_S}(?P<m3>{_M}){_TO}(?P<m4>{_M})(?![ \n]\d)"
        ),
    ),
    (
        "month_to_day",
        re.compile(rf"\b(?:between|from){_S}(?P<m1>{_M})(?:[ \n](?P<y1>{_Y}))?{_TO}{_day('2')}"),
    ),
    (
        "since",
        re.compile(
            rf"\bsince{_S}(?:{_day('1')}|(?:last{_S}|the{_S}(?:start|beginning){_S}of{_S})?"
            rf"(?:(?P<m3>{_M})(?:[ \n](?P<y3>{_Y}))?|(?P<y4>{_Y}))"
            rf"|(?:the{_S})?end{_S}of{_S}(?P<m5>{_M})(?:[ \n](?P<y5>{_Y}))?)"
        ),
    ),
    (
        "week",
        re.compile(
            rf"\b(?:(?:in|during|over){_S})?(?:the{_S})?(?P<w>first|last|second)"
            rf"{_S}(?P<u>week|half|two{_S}weeks|ten{_S}days){_S}of{_S}(?P<m1>{_M})"
            rf"(?:[ \n](?P<y1>{_Y}))?"
        ),
    ),
    (
        "so_far",
        re.compile(
            rf"\b(?:(?P<since>since{_S}the{_S}(?:start|beginning){_S}of{_S}(?:the|this){_S}year)"
            rf"|so{_S}far{_S}this{_S}year|this{_S}year{_S}so{_S}far)\b"
        ),
    ),
    (
        "first_months",
        re.compile(
            rf"\b(?:(?:in|during|over|throughout){_S})?(?:the{_S})?first{_S}"
            rf"(?P<n>{'|'.join(_COUNTS)}|\d{{1,2}}){_S}months{_S}of{_S}"
            rf"(?:(?:this|the{_S}current){_S}year|(?P<y1>{_Y}))"
        ),
    ),
    ("month_so_far", re.compile(rf"\bso{_S}far{_S}in{_S}(?P<m1>{_M})(?:[ \n](?P<y1>{_Y}))?")),
    ("part", re.compile(rf"\b{_PART}(?:{_M}(?:[ \n]{_Y})?|{_Y})")),
    (
        "end",
        re.compile(
            rf"\b(?:as{_S}of{_S}|by{_S}|at{_S}|until{_S})?(?:the{_S})?end[ \n-](?:of[ \n])?"
            rf"(?:(?P<m1>{_M})(?:[ \n](?P<y1>{_Y}))?|(?P<y2>{_Y}))"
        ),
    ),
    (
        "as_of",
        re.compile(rf"\b(?:as{_S}(?:of|at)|by|until|till|up{_S}to){_S}(?:the{_S})?{_day('1')}"),
    ),
    ("as_of_month", re.compile(rf"\bas{_S}of{_S}(?P<m1>{_M})(?:[ \n](?P<y1>{_Y}))?")),
    ("until_month", re.compile(rf"\b(?:by|until|till){_S}{_M}(?:[ \n]{_Y})?")),
    ("day", re.compile(rf"\b(?:on{_S})?(?:the{_S})?{_day('1')}")),
    ("month", re.compile(rf"\b(?P<m1>{_M})[ \n-]{{1,3}}(?P<y1>{_Y})")),
    (
        "bare_month",
        re.compile(
            rf"\b(?:in|during|for|throughout|of){_S}(?:the{_S}month{_S}of{_S})?(?P<m1>{_M})"
        ),
    ),
    (
        "years",
        re.compile(rf"\b(?:in|during|between){_S}(?P<y1>{_Y})(?:[-–]|{_S}and{_S})(?P<y2>{_Y})"),
    ),
    ("year", re.compile(rf"\b(?:in|during|throughout){_S}(?P<y1>{_Y})")),
)
_BEGAN: Final = re.compile(
    r"\b(?:that|which|who)[ \n](?:had[ \n])?(?:began|begun|started|erupted|broke[ \n]out)[ \n]$"
)
_SUPERLATIVE: Final = re.compile(
    r"\b(?:lowest|highest|largest|biggest|fewest|worst)\b[^.;,]{0,50}\b(?P<since>since\b[^.;,]*)"
)
"""Compares with earlier times, and dates nothing."""
_HAS_SINCE: Final = re.compile(r"\bsince\b")


def find(text: str, near: date | None) -> list[Period]:
    """The times of one sentence, in order, none inside another.

    Args:
        text: A uniform sentence or heading.
        near: A day that the document is known to speak of; a missing year is the newest one that
            does not lie after it. None leaves such a time vague.
    """
    lower = lower_case(text)
    if aside := _SUPERLATIVE.search(lower):
        a, b = aside.span("since")
        lower = lower[:a] + " " * (b - a) + lower[b:]
    times = Times(near or _latest_year(lower))
    taken = found_in(lower, (*_PATTERNS, ("vague", _VAGUE)), partial(_period, times=times))
    taken = [_begun(lower, _bounded(lower, period)) for period in taken]
    for match in _HAS_SINCE.finditer(lower):
        if not overlaps(match.span(), taken):
            taken.append(Period(*match.span(), "vague", None, None))
    return sorted(taken, key=lambda p: p.start)


_BOUND: Final = re.compile(
    r"\b(?:after|before|prior[ \n]to|ahead[ \n]of|following)[ \n](?:the[ \n])?$"
)
_OF_COMPARISON: Final = re.compile(
    r"\b(?:(?:compared|in[ \n]comparison)[ \n](?:to|with)|relative[ \n]to"
    r"|than[ \n](?:in|during)?)[ \n]?(?:what[ \n](?:was|were)[ \n]\w+[ \n])?(?:the[ \n])?$",
    re.IGNORECASE,
)
_ISSUED: Final = re.compile(r"\b(?:issued|published|released)[ \n]$", re.IGNORECASE)
"""Before the time of a paper that is cited."""
_NUMBER_BEHIND: Final = re.compile(r",?[ \n](?:when|which|where)\b|,?[ \n]?\(?\d")


def only_compared(text: str, period: Period) -> bool:
    """Whether a time is that of another count, of which the sentence gives no number.

    As in "up by a third compared to the first half of July, mostly to Dana (2,700)".
    """
    if _ISSUED.search(text[: period.start]):
        return True
    compared = _OF_COMPARISON.search(text[: period.start]) is not None
    return compared and _NUMBER_BEHIND.match(text, period.end) is None


def _bounded(lower: str, period: Period) -> Period:
    """What was counted "after November" was not counted in November."""
    if period.kind in ("since", "as_of") or not _BOUND.search(lower[: period.start]):
        return period
    return replace(period, kind="vague", first=None, last=None)


def _begun(lower: str, period: Period) -> Period:
    """The day on which something began that goes on: what is counted, is counted since then."""
    if period.kind != "day" or not _BEGAN.search(lower, 0, period.start):
        return period
    return replace(period, kind="since", last=None)


def _latest_year(lower: str) -> date | None:
    years = [int(y) for y in re.findall(rf"\b{_Y}", lower)]
    return date(max(years), 12, 31) if years else None


def _period(kind: str, match: re.Match[str], *, times: Times) -> Period:
    g, span = match.groupdict(), match.span()
    day, month, year = _parts(g, "1")
    if kind == "range":
        return times.between(span, (day, month, year), _parts(g, "2"))
    if kind == "month_to_day":
        return times.between(span, (1, month, year), _parts(g, "2"))
    if kind == "to_middle":
        _, last_month, last_year = _parts(g, "2")
        middle = (15, last_month, last_year)
        return replace(times.between(span, (day, month, year), middle), rough=True)
    if kind == "months" and g["m3"]:
        return times.months(span, (_parts(g, "3")[1], None), (_parts(g, "4")[1], None))
    if kind in ("days", "months"):
        last_day, last_month, last_year = _parts(g, "2")
        if day and last_day and last_month:
            return times.days(span, day, last_day, last_month, last_year)
        return times.months(span, (month, year), (last_month, last_year))
    if kind == "since":
        if g["m5"]:
            last = times.whole(*_parts(g, "5")[1:])[1]
            return times.made(span, "since", last, None, rough=True)
        month, year = month or _parts(g, "3")[1], year or _year(g)
        return times.of("since" if month else "since_year")(times, span, day, month, year)
    if kind == "so_far" and times.near:
        first = times.near.replace(month=1, day=1)
        if g["since"]:
            return times.made(span, "since", first, None)
        return times.made(span, "year", first, times.near)
    if kind == "years":
        return times.months(span, (1, year), (12, _parts(g, "2")[2]))
    if kind == "first_months":
        whole = year or (times.near.year if times.near else None)
        many = _COUNTS.index(str(g["n"])) + 2 if g["n"] in _COUNTS else int(str(g["n"]))
        if whole is None or not 1 <= many < 12:
            return Period(*span, "vague", None, None)
        return times.months(span, (1, whole), (many, whole))
    if kind == "month_so_far":
        return times.of("so_far")(times, span, None, month, year)
    if kind == "week":
        return _week(times, span, g)
    if kind == "as_of_month":
        return times.made(span, "as_of", *times.whole(month, year), rough=True)
    if kind == "end":
        return times.of("month_end" if month else "year_end")(times, span, None, month, _year(g))
    return times.of(kind.removeprefix("bare_"))(times, span, day, month, year)


def _parts(g: Groups, n: str) -> tuple[int | None, int | None, int | None]:
    """Day, month and year of the n-th day of a match; None for what is not printed."""
    day, month, year = (g.get(f"{a}{n}") or g.get(f"{b}{n}") for a, b in ("de", "mn", "yz"))
    return (
        int(day.rstrip("sthndr")) if day else None,
        _MONTHS[month.strip(".")] if month else None,
        int(year) if year else None,
    )


def _year(g: Groups) -> int | None:
    """The year wherever it stands in a match."""
    return next((int(v) for name, v in g.items() if name[0] == "y" and v), None)


def _week(times: Times, span: Span, g: Groups) -> Period:
    """The first or last days of a month; of "the second week" it is open which days it has."""
    first, last = times.whole(*_parts(g, "1")[1:])
    which, unit = str(g["w"]), " ".join(str(g["u"]).split())
    days = {"week": 7, "half": 15, "two weeks": 14, "ten days": 10}[unit]
    if first is None or last is None or (which == "second" and unit != "half"):
        return Period(*span, "vague", None, None)
    if which == "first":
        return times.made(span, "span", first, first.replace(day=days))
    start = first.replace(day=16) if unit == "half" else last - timedelta(days=days - 1)
    return times.made(span, "span", start, last)


_LONGEST_FLOW: Final = 40
"""Days. "Have been displaced from 1 December to 2 February" is a running count since the first."""


def runs_on(period: Period, lower: str, text: str) -> bool:
    """Whether a window is that of a cumulative count: long, and in the present perfect.

    Or given as "from" a day "to" another, or the title's (`text` is empty), unless that is whole
    months.
    """
    if period.kind != "span" or period.first is None or period.last is None:
        return False
    if (period.last - period.first).days <= _LONGEST_FLOW:
        return False
    perfect = re.search(r"\bha(?:s|ve)[ \n](?:\w+[ \n])?(?:been|fled|left|returned)\b", lower)
    counted = not text or re.match(r"from[ \n]\d", text[period.start : period.end], re.IGNORECASE)
    months = period.first.day == (period.last + timedelta(days=1)).day == 1
    return perfect is not None or (bool(counted) and not months)
