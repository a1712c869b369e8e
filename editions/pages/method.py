"""How to read the figures: kinds, units, groups, caveats, and the rules that bind them."""

from functools import partial

from editions.layout import EditionReader, Page
from visuals.html import method


def pages(reader: EditionReader) -> list[Page]:
    """One page."""
    title = reader.words("edition.nav.method")
    return [Page(reader.link("method"), title, partial(_body, reader), "method")]


def _body(reader: EditionReader) -> str:
    return method.explained(reader.words)
