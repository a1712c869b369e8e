"""The maps: one page for each series, level and range of months, newest first."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from html import escape
from typing import Final

import pandas as pd

from data.analysis.cells import Row, caveats_of
from editions import drawing
from editions.content import Layer
from editions.layout import EditionReader, Page, split_blocks
from visuals.html import elements, tables
from visuals.language import figure_text
from visuals.map import circles

COLUMNS: Final = ("place", "value", "publisher", "caveat")
ROOM: Final = 62_000
"""Weight of a page's maps and their tables; the outlines and the page around them come to it."""
A_MAP: Final = 3_400
A_PLACE: Final = 640
"""What a map and each of its places weigh, bytes, in the language that needs most."""
A_NAME: Final = 500
A_RANGE: Final = 110
"""What a series in the list and each of its pages weigh there."""
LIST_ROOM: Final = 80_000
"""Weight of a page of the list; where sources are many it goes on on the next."""


def pages(reader: EditionReader) -> list[Page]:
    """The list of all maps, then each series' pages."""
    outlines = cache(partial(drawing.shared_outlines, reader.content, "ground"))
    found = [_series(reader, layer, outlines) for layer in reader.content.layers]
    weights = [A_NAME + A_RANGE * len(series) for series in found]
    parts = split_blocks(weights, LIST_ROOM) or [range(0)]
    names = [_list_file(reader, n) for n in range(len(parts))]
    title = reader.words("edition.nav.maps")
    listed = [
        Page(name, title, partial(_list, reader, found, part, names, n), "maps")
        for n, (name, part) in enumerate(zip(names, parts, strict=True))
    ]
    return [*listed, *(page for pages in found for page in pages)]


def _list_file(reader: EditionReader, number: int) -> str:
    return reader.link("maps") if number == 0 else f"maps-{number + 1}.html"


def _list(
    reader: EditionReader, found: list[list[Page]], part: range, names: list[str], at: int
) -> str:
    """One page of the list: its series with their months, and the way to its other pages."""
    words = reader.words
    items = []
    for number in part:
        layer, series = reader.content.layers[number], found[number]
        ranges = " · ".join(
            f'<a href="{page.name}">{escape(_range(reader, layer, days))}</a>'
            for page, days in zip(series, _spread(layer), strict=True)
        )
        items.append(f"<h3>{escape(_name(reader, layer))}</h3><p>{ranges}</p>")
    intro = elements.quiet_line(words("edition.maps_intro"))
    none = "" if items else elements.quiet_line(words("map.none"))
    around = " · ".join(
        f"<b>{words.number(n + 1)}</b>"
        if n == at
        else f'<a href="{name}">{words.number(n + 1)}</a>'
        for n, name in enumerate(names)
    )
    beside = f"<p>{around}</p>" if len(names) > 1 else ""
    return intro + none + beside + "".join(items) + beside


def _series(
    reader: EditionReader, layer: Layer, outlines: Callable[[], tuple[str, str]]
) -> list[Page]:
    """One layer's pages; each names the ones before and after it."""
    spread = _spread(layer)
    name = _name(reader, layer)
    bodies = [partial(_maps, reader, layer, spread, n, outlines) for n in range(len(spread))]
    return [Page(_file(layer, n), name, body, "maps", map=True) for n, body in enumerate(bodies)]


def _maps(
    reader: EditionReader,
    layer: Layer,
    spread: list[range],
    number: int,
    outlines: Callable[[], tuple[str, str]],
) -> str:
    symbol, ground = outlines()
    body = "".join(_map(reader, layer, layer.days[at], ground) for at in spread[number])
    around = _around(reader, layer, spread, number)
    note = elements.quiet_line(_definition(reader, reader.content.rows(layer.days[0])[0]))
    return f"{note}{around}{symbol}{body}{around}"


def _map(reader: EditionReader, layer: Layer, day: pd.DataFrame, ground: str) -> str:
    """One day: its heading, drawing and numbers."""
    shown = reader.content.rows(day)
    when = figure_text.when(reader.words, shown[0])
    whole = drawing.picture(
        reader, reader.content, shown, when, largest=layer.largest, short=True, ground=ground
    )
    drawn = drawing.light(whole)
    return f"<h2>{escape(when)}</h2><figure>{drawn}</figure>{_table(reader, shown)}"


def _table(reader: EditionReader, shown: Sequence[Row]) -> str:
    """The day's numbers; publisher and caveats of every row stand once above, not in each."""
    words = reader.words
    caveats = [caveats_of(row) for row in shown]
    common = [code for code in caveats[0] if all(code in codes for codes in caveats)]
    own = [" ".join(code for code in codes if code not in common) or None for codes in caveats]
    above = elements.tags([words(f"caveat.{code}") for code in common])
    columns = [name for name in COLUMNS if name != "caveat" or any(own)]
    if len({row["publisher"] for row in shown}) == 1:
        columns.remove("publisher")
        publisher = figure_text.publisher(words, shown[0])
        above = elements.quiet_line(publisher) + above
    listed = [{**row, "caveat": codes} for row, codes in zip(shown, own, strict=True)]
    return above + tables.of_figures(reader, listed, columns, full=True)


def _spread(layer: Layer) -> list[range]:
    """The days of each page, newest first."""
    return split_blocks([A_MAP + A_PLACE * len(shown) for shown in layer.days], ROOM)


def _file(layer: Layer, number: int) -> str:
    return f"map-{layer.code}-{number + 1}.html"


def _range(reader: EditionReader, layer: Layer, days: range) -> str:
    words = reader.words
    newest, oldest = (words.month(layer.dates[at]) for at in (days[0], days[-1]))
    if newest == oldest:
        return newest
    return words("edition.range", first=oldest, last=newest)


def _around(reader: EditionReader, layer: Layer, spread: list[range], at: int) -> str:
    if len(spread) < 2:
        return ""
    links = [
        f"<b>{escape(_range(reader, layer, days))}</b>"
        if number == at
        else f'<a href="{_file(layer, number)}">{escape(_range(reader, layer, days))}</a>'
        for number, days in enumerate(spread)
    ]
    return f"<p>{' · '.join(links)}</p>"


def _name(reader: EditionReader, layer: Layer) -> str:
    rows = [row for day in layer.days for row in reader.content.rows(day)]
    level = reader.words.level(layer.level, {row["place_code"] for row in rows})
    name = circles.layer_name(reader, rows)
    return reader.words("series.at", place=level, series=name)


def _definition(reader: EditionReader, row: Row) -> str:
    words = reader.words
    parts = [words(f"definition.{row['measure']}")]
    if row["unit"] != "people":
        parts.append(words(f"definition.{row['unit']}"))
    return " ".join(parts)
