"""The first page: the headlines, the map, what changed, which surges are active."""

from functools import partial
from html import escape

from editions import drawing
from editions.layout import FIRST, EditionReader, Page
from visuals.html import cards, changes, elements, late, surges, tables
from visuals.language import area_text, situation_text

COLUMNS = ("place", "counted", "value", "as_of")


def pages(reader: EditionReader) -> list[Page]:
    """One page, whatever is known."""
    title = reader.words("situation.title")
    return [Page(FIRST, title, partial(_body, reader), "situation", map=True)]


def _body(reader: EditionReader) -> str:
    words, content = reader.words, reader.content
    situation = content.situation
    title = area_text.overview(words, content.area, content.overview)
    body = [cards.cards(reader, situation.headlines, light=True), elements.heading(title)]
    if content.overview.empty:
        body.append(elements.quiet_line(words("figure.none_known")))
    else:
        whole = drawing.picture(reader, content, content.overview, title, short=True)
        note = escape(area_text.overview_note(words, content.area))
        drawn = drawing.grouped(drawing.light(whole))
        body.append(f"<figure>{drawn}<figcaption>{note}</figcaption></figure>")
        listed = tables.of_figures(reader, content.overview, COLUMNS, full=True)
        body.append(tables.collapsible(words("map.table"), listed))
    none = situation_text.surging(words, content.area, situation.day, (), situation.newest_report)
    body += [
        changes.changes_in_brief(reader, situation.changes),
        surges.active_in_brief(reader, situation.surges, none),
    ]
    if situation.asked is not None:
        body.append(late.late_in_brief(reader, situation.late, situation.asked))
    return "".join(body)
