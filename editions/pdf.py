"""The brief as PDF: tagged, its fonts inside, Arabic in the order it is read."""

import re
from typing import Any, Final

from editions import raster
from editions.brief import Brief, Drawing, Table

_ISOLATE: Final = re.compile("\u2066([^\u2069]*)\u2069")
_MARKS: Final = re.compile("[\u064b-\u0652]")
"""Vowel marks are glyphs of their own: without them the text is read out of the file in order."""
VALUE_OF_MAPPED: Final = 2
VALUE_OF_CHANGES: Final = 2
VALUE_OF_COMPARISONS: Final = 1


def render(brief: Brief) -> bytes:
    """The brief as PDF; the same brief gives the same bytes."""
    return raster.pdf(_values(brief), brief.timestamp)


def _values(brief: Brief) -> dict[str, Any]:
    words = brief.words
    return {
        "language": words.language,
        "rtl": words.rtl,
        "title": _parts(brief.title),
        "title_plain": _plain(brief.title),
        "number": _parts(brief.number),
        "number_plain": _plain(brief.number),
        "state": _parts(brief.state),
        "headings": {name: _parts(heading) for name, heading in brief.headings.items()},
        "headlines": [
            {
                "title": _parts(h.title),
                "value": _parts(h.value),
                "when": _parts(h.when),
                "change": _parts(h.change),
                "change_plain": h.change,
                "caveats": _parts(h.caveats),
                "caveats_plain": h.caveats,
            }
            for h in brief.headlines
        ],
        "map": _drawing(brief.map) if brief.map else None,
        "mapped": _table(brief.mapped, VALUE_OF_MAPPED) if brief.mapped else None,
        "changes": _table(brief.changes, VALUE_OF_CHANGES),
        "charts": [_drawing(chart) for chart in brief.charts],
        "comparisons": [_table(table, VALUE_OF_COMPARISONS) for table in brief.comparisons],
        "surges": [_parts(line) for line in brief.surges],
        "late": [_parts(line) for line in brief.late],
        "sources": [[_parts(part) for part in source.split("\n")] for source in brief.sources],
        "foot": [_parts(line) for line in brief.foot],
    }


def _table(table: Table, number: int) -> dict[str, Any]:
    return {
        "title": _parts(table.title),
        "labels": [_parts(label) for label in table.labels],
        "rows": [[_parts(cell) for cell in row] for row in table.rows],
        "number": number,
    }


def _drawing(drawing: Drawing) -> dict[str, Any]:
    return {
        "title": _parts(drawing.title),
        "svg": raster.printable(_plain(drawing.svg)),
        "alt": _plain(drawing.alt),
        "notes": [_parts(note) for note in drawing.notes],
    }


def _parts(text: str) -> Any:
    """A text, or its parts where some of it runs from the left whatever stands around it."""
    pieces = _ISOLATE.split(_MARKS.sub("", text))
    if len(pieces) == 1:
        return pieces[0]
    return [{"ltr": piece} if n % 2 else piece for n, piece in enumerate(pieces) if piece]


def _plain(text: str) -> str:
    return _MARKS.sub("", text.replace("\u2066", "").replace("\u2069", ""))
