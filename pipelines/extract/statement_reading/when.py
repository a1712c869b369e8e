"""The days that a number speaks of, and of which kind they make it. Pure."""

import re
from datetime import date
from typing import Final, Literal

from pipelines.extract.languages.calendar import Period
from pipelines.extract.model import Context, PartContext, Sentence, Statement
from pipelines.extract.periods import runs_on
from pipelines.extract.statement_reading.topics import Topic

Timed = tuple[Literal["stock", "flow", "cumulative"], date, date | None, date | None, list[str]]

TIMED: Final = ("span", "month", "day", "year")

_COUNTS_OF: Final = re.compile(r"\((?:(?:all|both)[ \n])?(?:figures|data|numbers)?[ \n]?$")
_CLOSES: Final = re.compile(r"\)[.]?$")
"""Around the day of an aside such as "(figures as of 3 May)"."""
_EITHER: Final = Period(0, 0, "vague", None, None)


def timed(around: PartContext, topic: Topic) -> Timed | None:
    """Measure, first day, last day, first day of a cumulative count, and caveats."""
    sentence, part, whole = around.sentence, around.part, around.whole
    context, last = around.context, around.last
    mine = [p for p in sentence.periods if part.start <= p.start < part.end]
    if part.start and not mine:
        opening = min(n.phrase_start for n in sentence.numbers)
        mine = [p for p in sentence.periods if p.end <= opening]
    mine += [p for p in sentence.periods if p not in mine and _of_all(p, sentence)]
    if not mine and len(sentence.numbers) == 1 and any(p.first for p in sentence.periods):
        return None  # a time behind "mostly to …", which may be of those alone, or of all
    if any(p.kind == "vague" for p in mine):
        return None
    distinct = list({(p.kind, p.first, p.last): p for p in mine}.values())
    since = [p for p in distinct if p.kind == "since"]
    ends = [p for p in distinct if p.kind == "as_of" or (since and p.kind == "day")]
    spans = [p for p in distinct if p not in since and p not in ends]
    if len(since) > 1 or len(ends) > 1 or len(spans) > 1:
        return None
    if topic.stock:
        if not mine and part.subset and whole is not None and whole.measure == "stock":
            return _like(whole)
        told_ahead = topic.group == "PIN" and any(p.kind == "year" for p in spans)
        return _at_a_date(since, ends, spans, context, told_ahead=told_ahead)
    if since:
        if spans:
            return None
        return _cumulative(since[0], ends[0] if ends else None, context)
    if ends:
        return None  # "as of": counted since a day that is not stated
    notes: list[str] = []
    if not spans and part.subset and whole is not None:
        return None if whole.measure == "stock" else _like(whole)
    if not spans:
        ahead = [p for p in sentence.periods if p.end <= part.start]
        several = len({(p.first, p.last) for p in sentence.periods}) > 1
        found = (None if several else ahead[0]) if ahead else last or context.span
        if found is None or found.kind == "vague" or _opens_with_a_time(sentence):
            return None
        spans, notes = [found], [] if ahead else ["period_from_context"]
    period = spans[0]
    if period.kind == "day" and not sentence.text[period.start :].lower().startswith("on"):
        return None  # the day of an earthquake, say, and not of the count
    if period.first is None or period.last is None or _ahead(period.first, context):
        return None
    if _partial(period.last, context):
        return None
    own = "" if notes and topic.unit != "movements" else sentence.text
    if runs_on(period, sentence.lower, own):
        return "cumulative", period.first, period.last, period.first, notes
    return "flow", period.first, period.last, None, notes


def _of_all(period: Period, sentence: Sentence) -> bool:
    """Whether an aside that ends the sentence gives the day of all its numbers."""
    ahead = _COUNTS_OF.search(sentence.text[: period.start])
    closed = _CLOSES.match(sentence.text, period.end)
    return period.kind == "as_of" and bool(ahead and closed)


def _opens_with_a_time(sentence: Sentence) -> bool:
    """Whether a vague or open time opens the sentence, which no month of the title may replace."""
    opening = min(n.phrase_start for n in sentence.numbers)
    return any(p.kind in ("vague", "since", "as_of") for p in sentence.periods if p.end <= opening)


def _like(whole: Statement) -> Timed:
    kept = [c for c in whole.caveats if c in ("period_from_context", "date_approximate")]
    return (
        whole.measure,  # type: ignore[return-value]
        whole.reference_period_start,
        whole.reference_period_end,
        whole.cumulative_since,
        kept,
    )


def _at_a_date(
    since: list[Period],
    ends: list[Period],
    spans: list[Period],
    context: Context,
    *,
    told_ahead: bool,
) -> Timed | None:
    """The day or year of people present; needs of a year are told ahead of it."""
    if since or (ends and spans):
        return None
    stated = [*ends, *spans]
    notes: list[str] = []
    if stated:
        period = stated[0]
        if period.kind == "span" or period.first is None or period.last is None:
            return None
        if period.first != period.last:
            notes = ["date_approximate"]
        first, last = period.first, period.last
    else:
        begins, ends_on = context.present
        if begins is None or ends_on is None:
            return None
        first, last = begins, ends_on
        notes = ["period_from_context"]
        notes += ["date_approximate"] if context.day is None else []
    ahead = _ahead(first, context) and not told_ahead
    return None if ahead else ("stock", first, last, None, notes)


def _cumulative(since: Period, end: Period | None, context: Context) -> Timed | None:
    notes = ["date_approximate"] if since.rough or (end and end.rough) else []
    last = end.last if end else context.counted_until(since.first)
    if end is None and last is not None:
        notes.append("period_from_context")
    if since.first is None or (last is not None and last < since.first):
        return None
    return "cumulative", since.first, last, since.first, notes


def _ahead(first: date, context: Context) -> bool:
    return context.published_on is not None and first > context.published_on


def _partial(last: date, context: Context) -> bool:
    """Whether the window ends after the report was published."""
    return context.published_on is not None and last > context.published_on


def carried(sentence: Sentence, last: Period | None) -> Period | None:
    """The time that a paragraph goes on to speak of after this sentence."""
    times = {(p.first, p.last): p for p in sentence.periods if p.kind in TIMED}
    if any(p.kind == "since" for p in sentence.periods) and sentence.numbers:
        return _EITHER  # what goes on may be counted since then, or in the title's month
    if any(p.kind in ("vague", "since", "as_of") for p in sentence.periods):
        return None
    if len(times) > 1:
        opening = min((n.phrase_start for n in sentence.numbers), default=0)
        fronted = [p for p in times.values() if p.start < 6 or p.end <= opening]
        # Two times and neither in front: the next sentence may mean either, and not the title's.
        return fronted[0] if len(fronted) == 1 else _EITHER
    return next(iter(times.values())) if times else last


def at_odds(sentence: Sentence, context: Context) -> bool:
    """Whether the text counts in a whole month that is not the title's one.

    A report may be named after the month in which it came out: what it says without a time is then
    of either month.
    """
    if context.span is None or context.span.kind != "month" or not sentence.numbers:
        return False
    opening = min(n.phrase_start for n in sentence.numbers)
    fronted = [p for p in sentence.periods if p.end <= opening and p.kind == "month"]
    return any((p.first, p.last) != (context.span.first, context.span.last) for p in fronted)
