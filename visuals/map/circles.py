"""Figures as circles on the one map, and the map in words."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from data.analysis.cells import Row
from data.analysis.series import Figures, rows
from data.status import freshness
from visuals import tokens
from visuals.html.elements import Reader
from visuals.language import figure_text
from visuals.language.words import Words
from visuals.map.draw import Circle

READ: Final = (
    "source",
    "place_code",
    "figure_id",
    "value",
    "missing_reason",
    "qualifier",
    "caveat",
    "population_group",
    "measure",
    "unit",
    "population_status",
    "sector",
    "category",
    "cumulative_since",
    "asylum_location_code",
    "origin_code",
    "reference_period_start",
    "reference_period_end",
    "as_of",
    "publisher",
)
"""What a circle says of its figure: to take all columns apart costs three times as much."""


def circles(reader: Reader, shown: Figures, *, short: bool = False) -> list[Circle]:
    """One circle for each figure; each leads to its place's page.

    Args:
        reader: The reader.
        shown: What `data.analysis.series.newest_by_place` gives.
        short: Name the place and the number alone, where the heading says the rest.
    """
    words = reader.words
    made, taken = [], rows(shown, READ)
    years = len({row["as_of"].year for row in taken}) > 1
    for row in taken:
        number = _number(reader, row, years)
        made.append(
            Circle(
                str(row["place_code"]),
                int(row["value"]),
                _title(reader, row, number if short else None),
                tokens.group(str(row["population_group"])),
                reader.link("place", place=str(row["place_code"])) or None,
                number,
                () if short else _note(words, row),
                str(row["figure_id"]),
            )
        )
    return made


def _note(words: Words, row: Row) -> tuple[str, ...]:
    """What a number shares with others."""
    caveats = " · ".join(figure_text.caveats(words, row))
    note = (
        figure_text.series_name(words, row),
        figure_text.when(words, row),
        figure_text.publisher(words, row),
    )
    return (*note, caveats) if caveats else note


def _number(reader: Reader, row: Row, years: bool) -> str:
    """The number on the map; with its year where the circles are not all of one."""
    value = figure_text.value(reader.words, row)
    if not years:
        return value
    return reader.words("map.dated", value=value, when=str(row["as_of"].year))


def _title(reader: Reader, row: Row, number: str | None) -> str:
    words = reader.words
    place = words.place(row["place_code"])
    if number is not None:
        return words("series.at", place=place, series=number)
    return words(
        "map.circle",
        place=place,
        value=figure_text.value(words, row),
        when=figure_text.when(words, row),
        series=figure_text.series_name(words, row),
        publisher=figure_text.publisher(words, row),
    )


def described(reader: Reader, title: str, shown: Figures, *, aged: bool = False) -> str:
    """The map in one sentence with its largest number.

    Args:
        reader: The reader.
        title: What is shown.
        shown: One figure for each place, largest first.
        aged: Whether the age is said of what is not of this month: where no other line says it.
    """
    words, taken = reader.words, rows(shown, READ)
    largest = taken[0]
    when = figure_text.when(words, largest)
    if aged and freshness.shows_age(largest["as_of"], reader.day):
        when = words("map.aged", when=when, age=words.age(largest["as_of"], reader.day))
    return words(
        "map.alt",
        title=title,
        day=when,
        place=words.place(largest["place_code"]),
        count=figure_text.value(words, largest),
        shown=words.number(_places(taken)),
    )


def _places(figures: Figures) -> int:
    if isinstance(figures, pd.DataFrame):
        return figures["place_code"].nunique()
    return len({row["place_code"] for row in figures})


def layer_name(reader: Reader, layer: Figures) -> str:
    """A layer in words: what is counted, who says so, how many places."""
    words, (first,) = reader.words, rows(layer[:1], (*READ, "dataset"))
    return words(
        "map.layer",
        series=figure_text.series_name(words, first),
        publisher=figure_text.publisher(words, first),
        dataset=figure_text.dataset(words, first),
        places=words("map.places", count=words.number(_places(layer))),
    )


def layer_who(reader: Reader, layer: pd.DataFrame) -> str:
    """What a layer counts, in words; who says so stands in `layer_by`."""
    return figure_text.series_name(reader.words, layer.iloc[0])


def layer_by(reader: Reader, layer: pd.DataFrame) -> str:
    """Who says so, in which dataset, and of how many places."""
    words = reader.words
    first = layer.iloc[0]
    return words(
        "map.by",
        publisher=figure_text.publisher(words, first),
        dataset=figure_text.dataset(words, first),
        places=words("map.places", count=words.number(_places(layer))),
    )


def legend_keys(reader: Reader, shown: Figures) -> list[tuple[str, str]]:
    """Colour and meaning of each group and publisher on a map, with the day of its figures.

    Returns:
        One pair for each: circles of two publishers never share a date in the legend.
    """
    words, found = reader.words, []
    parts: dict[tuple[str, str], list[Row]] = {}
    for row in rows(shown, READ):
        parts.setdefault((row["population_group"], row["publisher"]), []).append(row)
    for (group, _), part in parts.items():
        names = {figure_text.series_name(words, row) for row in part}
        named = names.pop() if len(names) == 1 else words(f"group.{group}")
        days = {figure_text.when(words, row) for row in part}
        when = days.pop() if len(days) == 1 else _span(reader, part)
        who = figure_text.publisher(words, part[0])
        found.append((tokens.group(str(group)), " · ".join((named, when, who))))
    return found


def _span(reader: Reader, part: Sequence[Row]) -> str:
    days = [row["as_of"] for row in part]
    first, last = (reader.words.day(day) for day in (min(days), max(days)))
    return reader.words("edition.range", first=first, last=last)


def dated(reader: Reader, shown: pd.DataFrame) -> str:
    """Of which days the figures of a map are, and how old those are that are not of this month."""
    words = reader.words
    first, last = shown["as_of"].min(), shown["as_of"].max()
    days = words.day(last)
    if first != last:
        days = words("edition.range", first=words.day(first), last=days)
    if not freshness.shows_age(last, reader.day):
        return words("map.days", days=days)
    if first == last:
        return words("map.days_age", days=days, age=words.age(last, reader.day))
    ages = {"newest": words.age(last, reader.day), "oldest": words.age(first, reader.day)}
    return words("map.days_ages", days=days, **ages)
