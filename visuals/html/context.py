"""What else was reported around a place, with its sources, and that it is no cause."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

import pandas as pd

from data.analysis.context import FELT_KM, Month, PlaceContext
from visuals.html import elements, tables
from visuals.html.elements import Reader
from visuals.language import figure_text

KINDS: Final = ("political_violence", "civilian_targeting", "demonstration")
CONFLICT: Final = "hapi_conflict_events"
QUAKES: Final = "usgs_earthquakes"
POPULATION: Final = "hapi_population"

Row = Mapping[str, Any]


def around(reader: Reader, place: str, found: PlaceContext) -> str:
    """Conflict by district and month and earthquakes, each with its source.

    Args:
        reader: The reader.
        place: The place it stands beside.
        found: What was reported there.
    """
    words = reader.words
    note = words(
        "context.note",
        place=words.place(place),
        start=words.day(found.start),
        end=words.day(found.end),
    )
    parts = [
        elements.heading(words("context.title")),
        elements.quiet_line(note),
        *_conflict(reader, found),
        *_earthquakes(reader, found),
    ]
    return elements.block(*parts)


def residents(reader: Reader, row: Row) -> str:
    """The baseline population of a place, and that it is divided into nothing."""
    words = reader.words
    return elements.quiet_line(
        words(
            "context.residents",
            number=words.number(int(row["population"])),
            period=words.period(row["period_start"], row["period_end"]),
            **_source_of(reader, POPULATION, row),
        )
    )


def _conflict(reader: Reader, found: PlaceContext) -> list[str]:
    words = reader.words
    if not found.fetched:
        return [elements.quiet_line(words("context.not_fetched"))]
    if found.conflict_omitted:
        return [elements.quiet_line(words("context.kept_out", day=words.day(reader.day)))]
    if not found.months:
        return [elements.quiet_line(words("context.none"))]
    labels = [words("column.place"), words("column.period")]
    labels += [words(f"context.{kind}") for kind in KINDS]
    rows = [_month(reader, month) for month in found.months]
    first = next(iter(found.months[0].kinds.values()))
    shown = [tables.html(labels, rows, ["", "", "", "", ""], full=True)]
    if found.more:
        shown.append(elements.quiet_line(words("context.more", count=words.number(found.more))))
    return [
        *shown,
        elements.quiet_line(words("context.conflict", **_source_of(reader, CONFLICT, first))),
    ]


def _month(reader: Reader, month: Month) -> list[str]:
    words = reader.words
    place = elements.to_place(reader, month.place)
    if not month.own:
        place = escape(words("context.beside", place="\0")).replace("\0", place)
    return [
        place,
        escape(words.month(month.start)),
        *(escape(_counted(reader, month.kinds.get(kind))) for kind in KINDS),
    ]


def _counted(reader: Reader, row: Row | None) -> str:
    if row is None:
        return "–"
    words = reader.words
    numbers = {
        name: words.count(None if pd.isna(row[name]) else int(row[name]))
        for name in ("events", "fatalities")
    }
    return words("context.events", **numbers)


def _earthquakes(reader: Reader, found: PlaceContext) -> list[str]:
    words = reader.words
    if not found.felt:
        return [elements.quiet_line(words("context.quakes_not_fetched"))]
    if not found.earthquakes:
        return [elements.quiet_line(words("context.no_quake"))]
    lines = [
        words(
            "context.quake",
            day=words.day(row["occurred_at"]),
            size=words.hundredths(float(row["magnitude"])),
            km=words.number(int(row["distance_km"])),
            place=words.place(str(row["near_code"])),
        )
        for row in found.earthquakes
    ]
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    provenance = _source_of(reader, QUAKES, found.earthquakes[0])
    sentence = words("context.quakes", km=words.number(FELT_KM), **provenance)
    return [f"<ul>{listed}</ul>", elements.quiet_line(sentence)]


def _source_of(reader: Reader, source: str, row: Row) -> dict[str, str]:
    words = reader.words
    return {
        "source": words(f"source.{source}"),
        "licence": figure_text.licence(words, str(row["licence"])),
    }
