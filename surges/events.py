"""Dated events that a rule is scored against: ours with their sources, or a reader's own."""

import csv
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

from data.gazetteer import places

Expected = Literal["must_fire", "must_stay_silent", "undecided"]
FILE: Final = places.REFERENCE.parent / "events.toml"
COLUMNS: Final = ("place_code", "window_start", "window_end", "expected", "label")
SPLIT: Final = date(2018, 1, 1)
"""Parameters are chosen on what ended before this day, and tested on the rest."""


class EventsUnreadable(ValueError):  # noqa: N818 - reads as a fact where it is raised
    """A list of events that cannot be used; the message says which row and why."""


@dataclass(frozen=True)
class Event:
    """What a rule ought to do about a place in a stretch of days."""

    code: str
    places: tuple[str, ...]
    start: date
    end: date
    expected: Expected
    label: str
    detector: str | None = None
    """The detector it is about; None for both."""
    url: str | None = None
    """Where it is documented."""
    people: int | None = None
    """How many that page says; None for a reader's own, and where it was not noted."""
    source: str | None = None
    """Who published that page, and when; None as for people."""

    @property
    def early(self) -> bool:
        """Whether it may be used to choose parameters."""
        return self.end < SPLIT


@cache
def listed() -> tuple[Event, ...]:
    """The project's events, by their first day.

    Raises:
        EventsUnreadable: The file has a fault; a test keeps it from being published.
    """
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))["event"]
    events = [
        Event(
            code=row["code"],
            places=tuple(row["places"]),
            start=row["window_start"],
            end=row["window_end"],
            expected=_expected(row["expected"], row["code"]),
            label=row["label"],
            detector=row.get("detector"),
            url=row["url"],
            people=row.get("people"),
            source=row.get("source"),
        )
        for row in found
    ]
    return tuple(sorted(events, key=lambda event: (event.start, event.code)))


def of_countries(countries: Iterable[str], known: date | None = None) -> list[Event]:
    """The listed events that lie in some countries, and that had begun by a day where one is given.

    Args:
        countries: ISO3.
        known: Leave out what begins later; None for everything.
    """
    wanted = set(countries)
    return [
        event
        for event in listed()
        if (known is None or event.start <= known)
        and any(places.codes(code)["location_code"] in wanted for code in event.places)
    ]


def inside(place: str, area: str) -> bool:
    """Whether a place is the area, or lies in it by the places' own tables."""
    if place == area:
        return True
    return area in _above(place)


@cache
def _above(place: str) -> frozenset[object]:
    """What a place lies in: asked of the same few hundred for every event and series."""
    if not places.is_known_code(place):
        return frozenset()
    codes = places.codes(place)
    above = (codes["admin1_code"], codes["admin2_code"], codes["location_code"])
    return frozenset(code for code in above if code is not None)


def read(path: Path) -> list[Event]:
    """A reader's events.

    Args:
        path: CSV with `place_code,window_start,window_end,expected,label`; other columns are
            left alone, rows may come in any order.

    Raises:
        EventsUnreadable: A column is missing, or a row holds what is no day or no word of these.
    """
    return list(_events(rows(path, COLUMNS, EventsUnreadable)))


def _events(found: Iterable[tuple[int, dict[str, str]]]) -> Iterator[Event]:
    for at, row in found:
        start, end = day(row, "window_start", at), day(row, "window_end", at)
        if end < start:
            raise EventsUnreadable(f"Row {at}: the window ends before it starts; swap the days.")
        if not row["place_code"]:
            raise EventsUnreadable(f"Row {at} has no place_code; give the code of its series.")
        yield Event(
            code=f"row-{at}",
            places=(row["place_code"],),
            start=start,
            end=end,
            expected=_expected(row["expected"], f"row {at}"),
            label=row["label"],
        )


def _expected(word: str, where: str) -> Expected:
    known: tuple[Expected, ...] = get_args(Expected)
    for expected in known:
        if word.strip().lower() == expected:
            return expected
    raise EventsUnreadable(f"{where}: expected is {word!r}; write one of {', '.join(known)}.")


def rows(
    path: Path, columns: Iterable[str], problem: type[ValueError]
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with their number in it, without space around what they hold."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise problem(f"{path.name} cannot be read ({error}); give a CSV file in UTF-8.") from None
    table = csv.DictReader(text.splitlines())
    given = [name.strip() for name in table.fieldnames or ()]
    missing = [name for name in columns if name not in given]
    if missing:
        raise problem(f"{path.name} has no column {', '.join(missing)}; it needs them all.")
    table.fieldnames = given
    for at, row in enumerate(table, start=2):
        kept = {str(k): (v or "").strip() for k, v in row.items() if k is not None}
        if any(kept.values()):
            yield at, kept


def day(row: dict[str, str], name: str, at: int) -> date:
    """A day of a row."""
    try:
        return date.fromisoformat(row[name][:10])
    except ValueError:
        raise EventsUnreadable(
            f"Row {at}: {name} is {row[name]!r}; write a day as 2019-05-31."
        ) from None
