"""Tajawal with lam and alef as two glyphs that look like the one: text is read back in order.

A joined lam-alef is one glyph for two letters. Poppler and PDFium turn a line of Arabic round
glyph by glyph and leave the letters of one glyph as they stand, so that a reader who searches the
file for a word with lam-alef does not find it. Here the lam carries the whole drawing and the alef
is empty and has half its width: nothing moves on the page, and each letter is read where it is.
The Open Font License allows it, and Tajawal reserves no name.
"""

import io
from pathlib import Path
from typing import Any, Final

from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

LAM: Final = ("uniFEDF", "uniFEE0")
"""Lam at the beginning and in the middle of a word, as the font calls them."""
SINGLE: Final = 1
LIGATURE: Final = 4
CHAINED: Final = 6
_AT: Final = 0x0002 | 0x0004 | 0x0200
"""A component at a position in whole units, with the metrics of the new glyph."""


def split_lam_alef(path: Path) -> bytes:
    """A font file with its lam-alef as two glyphs; every other joined glyph stays as it is.

    Raises:
        ValueError: The font joins lam and alef in another way than by one lookup of ligatures.
    """
    with TTFont(path, lazy=True, recalcTimestamp=False) as font:
        lookups = font["GSUB"].table.LookupList
        number, pairs = _joined(path, lookups.Lookup)
        lookups.Lookup[number] = _chained(font, lookups.Lookup, pairs)
        lookups.LookupCount = len(lookups.Lookup)
        # Signed as it was, and it is not as it was.
        if "DSIG" in font:
            del font["DSIG"]
        out = io.BytesIO()
        font.save(out)
        return out.getvalue()


def _joined(path: Path, lookups: list[Any]) -> tuple[int, list[tuple[str, str, str]]]:
    """Which lookup joins lam and alef, and its lam, alef and joined glyph."""
    for number, lookup in enumerate(lookups):
        table = lookup.SubTable[0]
        if lookup.LookupType == LIGATURE and any(lam in table.ligatures for lam in LAM):
            return number, [
                (lam, joined.Component[0], joined.LigGlyph)
                for lam in LAM
                for joined in table.ligatures[lam]
            ]
    raise ValueError(f"{path.name} has no ligature of lam and alef.")


def _chained(font: Any, lookups: list[Any], pairs: list[tuple[str, str, str]]) -> Any:
    """The lookup that puts the two glyphs where the ligature's letters meet."""
    tables = []
    for lam, alef, joined in pairs:
        whole, empty = _halves(font, joined)
        lookups += [_lookup(SINGLE, [_single(lam, whole)]), _lookup(SINGLE, [_single(alef, empty)])]
        table = otTables.ChainContextSubst()
        table.Format = 3
        table.BacktrackCoverage, table.LookAheadCoverage = [], []
        table.InputCoverage = [_coverage(lam), _coverage(alef)]
        table.SubstLookupRecord = [_record(0, len(lookups) - 2), _record(1, len(lookups) - 1)]
        table.BacktrackGlyphCount = table.LookAheadGlyphCount = 0
        table.InputGlyphCount = table.SubstCount = 2
        tables.append(table)
    return _lookup(CHAINED, tables)


def _halves(font: Any, joined: str) -> tuple[str, str]:
    """The names of the two new glyphs: the whole drawing, and nothing beside it to the left."""
    width, bearing = font["hmtx"][joined]
    left = width // 2
    whole, empty = f"{joined}.lam", f"{joined}.alef"
    part = GlyphComponent()
    part.glyphName, part.x, part.y, part.flags = joined, -left, 0, _AT
    drawn = Glyph()
    drawn.numberOfContours, drawn.components = -1, [part]
    for name, glyph, metrics in (
        (whole, drawn, (width - left, bearing - left)),
        (empty, Glyph(), (left, 0)),
    ):
        font["glyf"][name] = glyph
        font["hmtx"][name] = metrics
    drawn.recalcBounds(font["glyf"])
    return whole, empty


def _single(before: str, after: str) -> Any:
    table = otTables.SingleSubst()
    table.mapping = {before: after}
    return table


def _lookup(kind: int, tables: list[Any]) -> Any:
    made = otTables.Lookup()
    made.LookupType, made.LookupFlag = kind, 0
    made.SubTable, made.SubTableCount = tables, len(tables)
    return made


def _coverage(glyph: str) -> Any:
    made = otTables.Coverage()
    made.glyphs = [glyph]
    return made


def _record(at: int, lookup: int) -> Any:
    made = otTables.SubstLookupRecord()
    made.SequenceIndex, made.LookupListIndex = at, lookup
    return made
