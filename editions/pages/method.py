"""How to read the figures: kinds, units, qualifiers, caveats, and the rules that bind them."""

from functools import partial
from html import escape
from typing import Final

from data.schema import codes
from editions.layout import EditionReader, Page
from visuals.html import elements

RULES: Final = 9
"""Rules of truth in the catalogues, `edition.rule.1` on."""


def pages(reader: EditionReader) -> list[Page]:
    """One page."""
    title = reader.words("edition.nav.method")
    return [Page(reader.link("method"), title, partial(_body, reader), "method")]


def _body(reader: EditionReader) -> str:
    words = reader.words
    rules = "".join(f"<li>{escape(words(f'edition.rule.{n}'))}</li>" for n in range(1, RULES + 1))
    kinds = [(words(f"measure.{c}"), words(f"definition.{c}")) for c in codes.MEASURES]
    units = [
        (words(f"unit.{c}"), words(f"definition.{c}"))
        for c in codes.UNITS
        if c not in ("people", "events")
    ]
    caveats = "".join(f"<li>{escape(words(f'caveat.{c}'))}</li>" for c in codes.CAVEATS)
    missing = "".join(f"<li>{escape(words(f'missing.{c}'))}</li>" for c in codes.MISSING_REASONS)
    return "".join(
        [
            f"<ol>{rules}</ol>",
            elements.heading(words("edition.kinds")),
            _defined([*kinds, *units]),
            elements.heading(words("column.caveat")),
            f"<ul>{caveats}</ul>",
            elements.heading(words("edition.missing")),
            f"<ul>{missing}</ul>",
        ]
    )


def _defined(pairs: list[tuple[str, str]]) -> str:
    return (
        "<dl>"
        + "".join(f"<dt><b>{escape(a)}</b></dt><dd>{escape(b)}</dd>" for a, b in pairs)
        + "</dl>"
    )
