"""The lines of a PDF's pages as a reader sees them. Pure.

A PDF holds glyphs at places, and no words: ligatures and Arabic letters come in the forms in which
they were drawn, words broken at the end of a line in two, and a line that runs from the right as
its pieces from left to right.
"""

import re
import unicodedata
from typing import Final

_DRAWN: Final = re.compile("[\ufb00-\ufb06\ufb50-\ufdff\ufe70-\ufefc]")
"""Ligatures, and letters in the form in which they join."""
_BROKEN: Final = re.compile(r"(?P<one>[^\W\d_][\w'-]*)-\n(?P<rest>[^\W\d_]\w*)(?P<end>[.,;:)]*) ?")
_HYPHENED: Final = frozenset(
    ("north", "south", "east", "west", "cross", "sub", "self", "non", "inter", "multi", "re", "co")
)
"""First halves that keep their hyphen ("north-west")."""
_FROM_THE_RIGHT: Final = re.compile("[\u0590-\u05ff\u0621-\u065f\u066e-\u06ef\u06fa-\u08ff]")
_EASTERN: Final = re.compile(
    "[\u0660-\u0669\u06f0-\u06f9][\u0660-\u0669\u06f0-\u06f9\u066b\u066c.,]*"
)
_DIGIT: Final = r"[0-9\u0660-\u0669\u06f0-\u06f9]"
_PIECE: Final = re.compile(rf"{_DIGIT}+(?:[.,\u066b\u066c/-]?{_DIGIT}+)*%?|[A-Za-z][0-9A-Za-z'-]*")
"""What runs from the left within a line from the right."""
_CELLS: Final = re.compile(rf"(?P<name>[^\d\n]*[^\d\s])(?P<number>{_DIGIT}[\d.,\u066b\u066c]*) ?")
"""A name and a number without a space: two cells of a table, in the order of the table."""
_AS_DRAWN: Final = re.compile(
    r"(?m)^ ?[.\u060c\u061b:][ ]?[\d\w]|[\u0621-\u064a]\d|\d[.,\d]* [\u0621-\u064a]+ ?$"
)
"""A full stop ahead of a line or a number stuck to a word: the pieces stand as they were drawn."""


def as_read(page: str) -> str:
    """The text of a page with its letters, words and lines as a reader reads them."""
    page = _DRAWN.sub(lambda m: unicodedata.normalize("NFKC", m.group()), page)
    page = _BROKEN.sub(_joined, page)
    if not _FROM_THE_RIGHT.search(page):
        return page
    # Digits of the east are letters to the library, which turns them round with the word.
    page = _EASTERN.sub(lambda m: m.group()[::-1], page)
    if not _AS_DRAWN.search(page):
        return page
    return "\n".join(map(_from_the_right, page.split("\n")))


def _joined(match: re.Match[str]) -> str:
    """A word broken at the end of a line, whole at the end of it."""
    one = match["one"]
    holds = one.lower() in _HYPHENED or one[0].isupper() or "-" in one
    return f"{one}{'-' if holds else ''}{match['rest']}{match['end']}\n"


def _from_the_right(line: str) -> str:
    """A line with its pieces in the order in which they are read."""
    if not _FROM_THE_RIGHT.search(line):
        return line
    if cells := _CELLS.fullmatch(line):
        return f"{cells['name']} {cells['number']}"
    pieces, at = [], 0
    for match in _PIECE.finditer(line):
        pieces += [line[at : match.start()], match.group()]
        at = match.end()
    pieces.append(line[at:])
    read = " ".join(piece.strip() for piece in reversed(pieces) if piece.strip())
    return re.sub(r" (?=[.\u060c\u061b:](?: |$))", "", read)
