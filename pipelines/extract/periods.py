"""The days that a sentence speaks of. Pure.

A vague time ("early March", "the past week") is found too and marked so: a number beside it must
not fall back to the month of the title.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

Kind = Literal["span", "month", "day", "as_of", "since", "year", "vague"]

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
        "months",
        re.compile(
            rf"\b(?:(?:between|from){_S})?(?P<m1>{_M})(?:[ \n](?P<y1>{_Y}))?{_TO}(?P<m2>{_M})"
            rf"(?:[ \n](?P<y2>{_Y}))"
        ),
    ),
    (
        "since",
        re.compile(
            rf"\bsince{_S}(?:{_day('1')}|(?:the{_S}(?:start|beginning){_S}of{_S})?"
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
    ("as_of_month", re.compile(rf"\bas{_S}of{_S}(?P<m1>{_M})[ \n](?P<y1>{_Y})")),
    ("until_month", re.compile(rf"\b(?:by|until|till){_S}{_M}(?:[ \n]{_Y})?")),
    ("day", re.compile(rf"\b(?:on{_S})?(?:the{_S})?{_day('1')}")),
    ("month", re.compile(rf"\b(?P<m1>{_M})[ \n-]{{1,3}}(?P<y1>{_Y})")),
    (
        "bare_month",
        re.compile(
            rf"\b(?:in|during|for|throughout|of){_S}(?:the{_S}month{_S}of{_S})?(?P<m1>{_M})"
        ),
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


def find(text: str, near: date | None) -> list[Period]:
    """The times of one sentence, in order, none inside another.

    Args:
        text: A uniform sentence or heading.
        near: A day that the document is known to speak of; a missing year is the newest one that
            does not lie after it. None leaves such a time vague.
    """
    lower = text.lower()
    if len(lower) != len(text):  # İ becomes two characters; offsets are sacred
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    if aside := _SUPERLATIVE.search(lower):
        a, b = aside.span("since")
        lower = lower[:a] + " " * (b - a) + lower[b:]
    near = near or _latest_year(lower)
    taken: list[Period] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(lower):
            if not any(p.start < match.end() and match.start() < p.end for p in taken):
                taken.append(_period(kind, match, near))
    for match in _VAGUE.finditer(lower):
        if not any(p.start < match.end() and match.start() < p.end for p in taken):
            taken.append(Period(match.start(), match.end(), "vague", None, None))
    taken = [_begun(lower, period) for period in taken]
    if "since" in lower:
        for match in _HAS_SINCE.finditer(lower):
            if not any(p.start <= match.start() < p.end for p in taken):
                taken.append(Period(match.start(), match.end(), "vague", None, None))
    return sorted(taken, key=lambda p: p.start)


def _begun(lower: str, period: Period) -> Period:
    """The day on which something began that goes on: what is counted, is counted since then."""
    if period.kind != "day" or not _BEGAN.search(lower, 0, period.start):
        return period
    return replace(period, kind="since", last=None)


def _latest_year(lower: str) -> date | None:
    years = [int(y) for y in re.findall(rf"\b{_Y}", lower)]
    return date(max(years), 12, 31) if years else None


def _period(kind: str, match: re.Match[str], near: date | None) -> Period:
    span = match.span()
    vague = Period(*span, "vague", None, None)
    try:
        found = _READ[kind](match.groupdict(), near)
    except ValueError:  # 31 February
        return vague
    if found is None:
        return vague
    period, first, last, rough = found
    if first is not None and last is not None and first > last:
        return vague
    return Period(*span, period, first, last, rough)


Found = tuple[Kind, date | None, date | None, bool] | None
Groups = dict[str, str | None]


def _month(name: str) -> int:
    return _MONTHS[name.strip(".")]


def _one(g: Groups, n: str) -> tuple[int, int, int | None]:
    """Day, month and year (None if not printed) of the n-th day of a match."""
    day, month, year = g[f"d{n}"], g[f"m{n}"], g[f"y{n}"]
    if day is None:
        day, month, year = g[f"e{n}"], g[f"n{n}"], g[f"z{n}"]
    if day is None or month is None:
        raise ValueError("no day")
    return int(day.rstrip("sthndr")), _month(month), int(year) if year else None


def _dated(day: int, month: int, year: int | None, near: date | None) -> date:
    if year is not None:
        return date(year, month, day)
    if near is None:
        raise ValueError("no year")
    here = date(near.year, month, day)
    return here if here <= near else date(near.year - 1, month, day)


def _range(g: Groups, near: date | None) -> Found:
    d1, m1, y1 = _one(g, "1")
    d2, m2, y2 = _one(g, "2")
    last = _dated(d2, m2, y2, near)
    first = date(y1 or (last.year if (m1, d1) <= (m2, d2) else last.year - 1), m1, d1)
    return "span", first, last, False


def _days(g: Groups, near: date | None) -> Found:
    month = _month(str(g["m2"]))
    last = _dated(
        int(str(g["d2"]).rstrip("sthndr")), month, int(g["y2"]) if g["y2"] else None, near
    )
    return "span", last.replace(day=int(str(g["d1"]).rstrip("sthndr"))), last, False


def _months(g: Groups, near: date | None) -> Found:
    m1, m2, y2 = _month(str(g["m1"])), _month(str(g["m2"])), int(str(g["y2"]))
    y1 = int(str(g["y1"])) if g["y1"] else (y2 if m1 <= m2 else y2 - 1)
    return "span", date(y1, m1, 1), _end(y2, m2), False


def _since(g: Groups, near: date | None) -> Found:
    if g["d1"] or g["e1"]:
        return "since", _dated(*_one(g, "1"), near), None, False
    if g["m5"]:
        year = int(g["y5"]) if g["y5"] else None
        month = _dated(1, _month(g["m5"]), year, near)
        return "since", _end(month.year, month.month), None, True
    if g["m3"]:
        year = int(g["y3"]) if g["y3"] else None
        return "since", _dated(1, _month(g["m3"]), year, near), None, True
    return "since", date(int(str(g["y4"])), 1, 1), None, True


def _at_end(g: Groups, near: date | None) -> Found:
    if g["y2"]:
        day = date(int(g["y2"]), 12, 31)
        return "as_of", day, day, False
    month = _month(str(g["m1"]))
    year = int(g["y1"]) if g["y1"] else _dated(1, month, None, near).year
    return "as_of", _end(year, month), _end(year, month), False


def _as_of(g: Groups, near: date | None) -> Found:
    day = _dated(*_one(g, "1"), near)
    return "as_of", day, day, False


def _as_of_month(g: Groups, near: date | None) -> Found:
    year, month = int(str(g["y1"])), _month(str(g["m1"]))
    return "as_of", date(year, month, 1), _end(year, month), True


def _one_day(g: Groups, near: date | None) -> Found:
    day = _dated(*_one(g, "1"), near)
    return "day", day, day, False


def _whole_month(g: Groups, near: date | None) -> Found:
    month = _month(str(g["m1"]))
    year = int(str(g["y1"])) if g.get("y1") else _dated(1, month, None, near).year
    return "month", date(year, month, 1), _end(year, month), False


def _whole_year(g: Groups, near: date | None) -> Found:
    year = int(str(g["y1"]))
    return "year", date(year, 1, 1), date(year, 12, 31), False


def _so_far(g: Groups, near: date | None) -> Found:
    if near is None:
        return None
    first = date(near.year, 1, 1)
    return ("since", first, None, False) if g["since"] else ("year", first, near, False)


def _week(g: Groups, near: date | None) -> Found:
    """The first or last days of a month; of "the second week" it is open which days it has."""
    month = _month(str(g["m1"]))
    year = int(str(g["y1"])) if g["y1"] else _dated(1, month, None, near).year
    which, unit = str(g["w"]), " ".join(str(g["u"]).split())
    days = {"week": 7, "half": 15, "two weeks": 14, "ten days": 10}[unit]
    final = _end(year, month)
    if which == "first":
        return "span", date(year, month, 1), date(year, month, days), False
    if unit == "half":
        return "span", date(year, month, 16), final, False
    if which == "second":
        return None
    return "span", final - timedelta(days=days - 1), final, False


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


_READ: Final = {
    "range": _range,
    "days": _days,
    "months": _months,
    "since": _since,
    "so_far": _so_far,
    "week": _week,
    "part": lambda g, near: None,
    "end": _at_end,
    "as_of": _as_of,
    "as_of_month": _as_of_month,
    "until_month": lambda g, near: None,
    "day": _one_day,
    "month": _whole_month,
    "bare_month": _whole_month,
    "year": _whole_year,
}
