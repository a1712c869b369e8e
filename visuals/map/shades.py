"""Rates as shaded places on the one map. Counts are circles; only a rate may fill an area.

A picture is of one publisher and one round, as `data.analysis.rates.pictures` gives them. Each
number stands beside the shade: in the label, the tooltip and the table, with the two figures it is
made of.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from data.analysis.rates import Rate
from visuals.html.elements import Reader
from visuals.language import figure_text
from visuals.language.words import Words
from visuals.map import draw, layout
from visuals.map.geometry import Geometry
from visuals.map.layout import Mark

BOUNDS: Final = (5, 10, 25, 50)
"""Displaced people for each hundred inhabitants at which a new class begins."""
NO_FIGURE: Final = -1
"""The class of a place without a figure: hatched, which is not the lowest class."""


def shade(rate: Rate) -> int:
    """The class of a rate, from 0 up, by the number that is shown."""
    shown = round(rate.per_hundred, 1)
    return sum(shown >= bound for bound in BOUNDS)


def legend(words: Words) -> list[tuple[int, str]]:
    """Each class with its numbers, lowest first, and what hatching means."""
    said = [words.number(bound) for bound in BOUNDS]
    between = [
        words("map.shade_between", **{"from": low, "to": high}) for low, high in pairwise(said)
    ]
    classes = [
        words("map.shade_under", to=said[0]),
        *between,
        words("map.shade_from", **{"from": said[-1]}),
    ]
    return [*enumerate(classes), (NO_FIGURE, words("map.no_figure"))]


def share(words: Words, rate: Rate) -> str:
    """Both numbers of a rate in words."""
    return words(
        "map.share",
        displaced=figure_text.value(words, rate.displaced),
        inhabitants=figure_text.value(words, rate.everybody),
    )


def described(words: Words, rates: Sequence[Rate], unknown: int) -> str:
    """The map in one sentence: the highest with both its numbers, the lowest, how many.

    Args:
        words: The reader's language.
        rates: Of one picture, highest first.
        unknown: How many places have no figure.
    """
    most, least = rates[0], rates[-1]
    return words(
        "map.rates_alt",
        title=words("column.rate"),
        day=words.day(most.displaced["as_of"]),
        most=words.per_hundred(most.per_hundred),
        most_place=words.place(str(most.displaced["place_code"])),
        share=share(words, most),
        least=words.per_hundred(least.per_hundred),
        least_place=words.place(str(least.displaced["place_code"])),
        shown=words.number(len(rates)),
        none=words.number(unknown),
    )


def change(
    geometry: Geometry,
    rates: Sequence[Rate],
    unknown: Sequence[str],
    reader: Reader,
    *,
    view: draw.View,
    link: str,
    papers: str,
) -> dict[str, Any]:
    """What a picture brings to the page's map: codes, classes, both numbers and words.

    Args:
        geometry: As given to `draw.atlas`.
        rates: Of one picture, highest first.
        unknown: Places of the same level without a figure.
        reader: The reader.
        view: What is seen first.
        link: Start of the address of a place's page; the code is put behind it.
        papers: Start of the address of a figure's page; its id is put behind it.
    """
    words = reader.words
    seen = [rate for rate in rates if rate.displaced["place_code"] in geometry.seats]
    blank = [code for code in unknown if code in geometry.seats]
    rows = [_row(words, rate) for rate in seen] + [_blank(words, code) for code in blank]
    marks = tuple(
        Mark(*geometry.seats[row[0]], 0.0, words.place(row[0]), str(row[1])) for row in rows
    )
    labels, countries = draw.labelled(
        geometry, marks, words, layout.STEPS, draw.everywhere(geometry)
    )
    notes = [_note(words, rate) for rate in seen]
    notes += [_note(words, seen[0])[:3]] * len(blank)
    kinds = list(dict.fromkeys(notes))
    empty = draw.change(
        geometry,
        [],
        words,
        title=words("column.rate"),
        description=described(words, seen, len(blank)),
        view=view,
        link=link,
        papers=papers,
    )
    return empty | {
        "shades": legend(words),
        "countries": countries,
        "notes": kinds,
        "marks": [
            [
                code,
                0,
                number,
                0,
                kinds.index(note),
                label.step if label else -1,
                label.spot if label else 0,
                *of,
            ]
            for (code, number, *of), note, label in zip(rows, notes, labels, strict=True)
        ],
    }


def _row(words: Words, rate: Rate) -> list[Any]:
    """Code, number, the displaced's figure, class, both numbers and the inhabitants' figure."""
    return [
        str(rate.displaced["place_code"]),
        words.per_hundred(rate.per_hundred),
        str(rate.displaced["figure_id"]),
        shade(rate),
        figure_text.value(words, rate.displaced),
        figure_text.value(words, rate.everybody),
        str(rate.everybody["figure_id"]),
    ]


def _blank(words: Words, code: str) -> list[Any]:
    return [code, words("map.no_figure"), "", NO_FIGURE, "", "", ""]


def _note(words: Words, rate: Rate) -> tuple[str, ...]:
    """What a rate shares with others: what it is, when, whose, and the caveats of both figures."""
    caveats = dict.fromkeys(
        caveat
        for figure in (rate.displaced, rate.everybody)
        for caveat in figure_text.caveats(words, figure)
    )
    return (
        words("column.rate"),
        figure_text.when(words, rate.displaced),
        figure_text.publisher(words, rate.displaced),
        *([" · ".join(caveats)] if caveats else []),
    )
