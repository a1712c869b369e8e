"""Figures as circles on the one map, and the map in words."""

from typing import Final

import pandas as pd

from visuals import palette
from visuals.html.elements import Reader
from visuals.language import figure_text
from visuals.map.draw import Circle

READ: Final = (
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


def circles(reader: Reader, shown: pd.DataFrame, *, short: bool = False) -> list[Circle]:
    """One circle for each figure; each leads to its place's page.

    Args:
        reader: The reader.
        shown: What `data.analysis.series.newest_by_place` gives.
        short: Name the place and the number alone, where the heading says the rest.
    """
    words = reader.words
    made = []
    for row in shown[list(READ)].to_dict("records"):
        caveats = " · ".join(figure_text.caveats(words, row))
        note = (
            figure_text.series_name(words, row),
            figure_text.when(words, row),
            figure_text.publisher(words, row),
        )
        made.append(
            Circle(
                str(row["place_code"]),
                int(row["value"]),
                _title(reader, row, short),
                palette.group(str(row["population_group"])),
                reader.link("place", place=str(row["place_code"])) or None,
                figure_text.value(words, row),
                (*note, caveats) if caveats else note,
                str(row["figure_id"]),
            )
        )
    return made


def _title(reader: Reader, row: figure_text.Row, short: bool) -> str:
    words = reader.words
    place, value = words.place(row["place_code"]), figure_text.value(words, row)
    if short:
        return words("series.at", place=place, series=value)
    return words(
        "map.circle",
        place=place,
        value=value,
        when=figure_text.when(words, row),
        series=figure_text.series_name(words, row),
        publisher=figure_text.publisher(words, row),
    )


def described(reader: Reader, title: str, shown: pd.DataFrame) -> str:
    """The map in one sentence with its largest number."""
    words = reader.words
    largest = shown.iloc[0]
    return words(
        "map.alt",
        title=title,
        day=words.day(shown["as_of"].max()),
        place=words.place(largest["place_code"]),
        count=words.number(largest["value"]),
        shown=words.number(shown["place_code"].nunique()),
    )


def layer_name(reader: Reader, layer: pd.DataFrame) -> str:
    """A layer in words: what is counted, who says so, how many places."""
    words = reader.words
    first = layer.iloc[0]
    return words(
        "map.layer",
        series=figure_text.series_name(words, first),
        publisher=figure_text.publisher(words, first),
        dataset=figure_text.dataset(words, first),
        places=words("map.places", count=words.number(layer["place_code"].nunique())),
    )
