"""The first page: five numbers, the map, what changed."""

from functools import partial
from html import escape

from editions import drawing
from editions.layout import FIRST, EditionReader, Page
from visuals.html import cards, changes, elements, tables

COLUMNS = ("place", "group", "value", "as_of")


def pages(reader: EditionReader) -> list[Page]:
    """One page, whatever is known."""
    title = reader.words("situation.title")
    return [Page(FIRST, title, partial(_body, reader), "situation", map=True)]


def _body(reader: EditionReader) -> str:
    words, content = reader.words, reader.content
    body = [cards.cards(reader, list(content.headlines)), elements.heading(words("situation.map"))]
    if content.overview.empty:
        body.append(elements.soft(words("figure.none_known")))
    else:
        title = words("situation.map")
        whole = drawing.picture(reader, content, content.overview, title, short=True)
        note = escape(words("situation.map_note"))
        drawn = drawing.light(whole)
        body.append(f"<figure>{drawn}<figcaption>{note}</figcaption></figure>")
        listed = tables.of_figures(reader, content.overview, COLUMNS, full=True)
        body.append(tables.folded(words("map.table"), listed))
    body.append(changes.table(reader, content.vintages))
    return "".join(body)
