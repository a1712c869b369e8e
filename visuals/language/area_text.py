"""Texts about an area: its name, its questions, its map. Words of its own are in its file."""

from typing import TYPE_CHECKING

from data.analysis.cells import Row, is_null
from data.gazetteer import places
from data.gazetteer.area import Area, MapLayer, Question
from visuals.language import figure_text
from visuals.language.words import Words

if TYPE_CHECKING:
    import pandas as pd


def name(words: Words, area: Area) -> str:
    """The area's name; where its file gives none, the places that it is about."""
    if area.name:
        return area.name[words.language]
    return words.listed([words.place(code) for code in area.core or area.origins])


def question(words: Words, asked: Question, figure: Row | None = None) -> str:
    """A headline's title.

    Args:
        words: The reader's words.
        asked: The question.
        figure: What answers it; it says of which place and since when, where that was left open.
    """
    if asked.title:
        return asked.title[words.language]
    place = asked.places[0] if figure is None else str(figure["place_code"])
    title = words(
        f"question.{asked.asks}",
        place=words.place(place),
        origin=words.place(asked.origin) if asked.origin else "",
    )
    since = None if figure is None else figure["cumulative_since"]
    if is_null(since):
        return title
    return words("series.since", series=title, day=words.day(since))


def overview(words: Words, area: Area, shown: "pd.DataFrame") -> str:
    """The title of the first page's map: what it shows, country by country.

    Args:
        words: The reader's words.
        area: The area, whose file names the map's layers.
        shown: The figures on the map: the group named is theirs, not the layer's.
    """
    layers = [
        words(
            "series.at",
            place=words.listed([words.place(country) for country in layer.countries]),
            series=_counted(words, layer, shown),
        )
        for layer in area.map
    ]
    return words("situation.map", layers=" · ".join(layers))


def _counted(words: Words, layer: MapLayer, shown: "pd.DataFrame") -> str:
    """Who the layer's figures count, if all count the same; else the layer's group."""
    mine = shown["population_group"].eq(layer.group) & shown["location_code"].isin(layer.countries)
    return figure_text.group_of_all(words, shown[mine], layer.group)


def overview_note(words: Words, area: Area) -> str:
    """What a reader must know of that map."""
    countries = list(dict.fromkeys(code for layer in area.map for code in layer.countries))
    if len(countries) < 2:
        return words("situation.map_note_one")
    return words("situation.map_note", countries=words.listed([words.place(c) for c in countries]))


def examples(words: Words, area: Area) -> str:
    """Names and a code that a search finds, of the area's own places, in several scripts."""
    named = [code for code in (*area.core[:1], *area.border[:1], *area.countries) if code][:2]
    rows = [places.row(code) for code in named if places.is_known_code(code)]
    names = [row[key] for row in rows for key in ("name_en", "name_ar")]
    found = [str(name) for name in names if name is not None]
    return words.joined([*dict.fromkeys(found[:3]), *named[:1]])
