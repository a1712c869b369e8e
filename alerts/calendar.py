"""An iCalendar (RFC 5545) of when sources are asked next, and when publishers may publish next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from statistics import median
from typing import Any, Final

import pandas as pd

from alerts.messages import BRAND
from data.status import freshness
from data.store import Status
from visuals.language import figure_text
from visuals.language.words import Words

PATH: Final = "/nuzuh/releases.ics"
FEWEST: Final = 5
"""Days of publication from which a publication rhythm may be stated."""
RECENT: Final = 12
"""The rhythm is the middle of the gaps between so many last ones."""
STOPPED: Final = 3
"""A dataset that is this many of its own gaps overdue is not expected any more."""
LONGEST: Final = 75
"""Bytes of a line, its break not counted."""


@dataclass(frozen=True)
class Release:
    """One day in the calendar."""

    uid: str
    day: date
    title: str
    note: str
    tentative: bool


def releases(
    words: Words,
    register: Sequence[Mapping[str, Any]],
    statuses: Mapping[str, Status],
    published: pd.DataFrame,
    now: datetime,
) -> list[Release]:
    """What is expected, by day; what has not come stays on its day and says that it is overdue.

    An expectation is never moved to today: one that has passed is overdue since its day, and is
    left out once the publisher has been silent for several of its own gaps.

    Args:
        words: The reader's.
        register: Rows of `tables.SOURCES`.
        statuses: By source; a source that never ran is not in the calendar.
        published: publisher, dataset and published_on of figures, one row for each day or more.
        now: The present.
    """
    today = now.date()
    found = [*_asked(words, register, statuses, today), *_expected(words, published, today)]
    return sorted(found, key=lambda release: (release.day, release.uid))


def _asked(
    words: Words,
    register: Sequence[Mapping[str, Any]],
    statuses: Mapping[str, Status],
    today: date,
) -> Iterable[Release]:
    for source in register:
        name = str(source["source"])
        cadence = timedelta(days=float(source["cadence_days"]))
        status = statuses.get(name)
        if status is not None and status.paused is not None:
            continue
        at = freshness.due_at(name, cadence, status)
        # What is asked every day would bury the rest.
        if at is not None and cadence > timedelta(days=1):
            named = {"source": figure_text.source(words, source)}
            title, note = words("calendar.due", **named), words("calendar.due_note")
            if at.date() < today:
                title = words("calendar.due_overdue", **named)
                note = words("calendar.overdue_note", day=words.day(at))
            yield Release(f"due-{name}", at.date(), title, note, tentative=False)


def _expected(words: Words, published: pd.DataFrame, today: date) -> Iterable[Release]:
    dated = published.dropna(subset=["published_on"])
    for key, part in dated.groupby(["publisher", "dataset"], sort=True):
        publisher, dataset = str(key[0]), str(key[1])
        days = sorted({pd.Timestamp(day).date() for day in part["published_on"]})[-RECENT:]
        if len(days) < FEWEST:
            continue
        gap = round(median((b - a).days for a, b in pairwise(days)))
        if gap < 1 or (today - days[-1]).days > STOPPED * gap:
            continue
        row = {"publisher": publisher, "dataset": dataset}
        names = {
            "publisher": figure_text.publisher(words, row),
            "dataset": figure_text.dataset(words, row),
        }
        uid = sha256(f"{publisher}|{dataset}".encode()).hexdigest()[:16]
        expected = days[-1] + timedelta(gap)
        rhythm = {"count": words.number(len(days)), "day": words.day(days[-1])}
        title, note = words("calendar.expected", **names), words("calendar.expected_note", **rhythm)
        if expected < today:
            title = words("calendar.expected_overdue", **names)
            note = f"{words('calendar.overdue_note', day=words.day(expected))} {note}"
        yield Release(f"expected-{uid}", expected, title, note, tentative=True)


def ics(words: Words, found: Iterable[Release], now: datetime) -> bytes:
    """The calendar as a file."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{BRAND}//{BRAND}//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(words('calendar.title'))}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    ]
    for release in found:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{release.uid}@nuzuh",
            f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{release.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{release.day + timedelta(1):%Y%m%d}",
            f"SUMMARY;LANGUAGE={words.language}:{_escaped(release.title)}",
            f"DESCRIPTION;LANGUAGE={words.language}:{_escaped(release.note)}",
            f"STATUS:{'TENTATIVE' if release.tentative else 'CONFIRMED'}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(" ".join(part.split()) for part in text.splitlines())


def folded(line: str) -> str:
    """A line broken so that none is longer than 75 bytes, and never within a letter."""
    parts, held, size = [], "", 0
    for letter in line:
        length = len(letter.encode())
        if size + length > LONGEST:
            parts.append(held)
            held, size = " ", 1  # a line that goes on begins with a space
        held += letter
        size += length
    return "\r\n".join([*parts, held])
