"""Streamlit's text font cut to Latin letters: a third of its bytes.

The font has Greek, Cyrillic, small capitals and three kinds of digits as well. What stands on
these pages in Latin letters needs none of them, and Arabic is set in the reader's own font as it
was before. The licence (SIL Open Font License 1.1) lets anybody change the font and reserves the
name "Source": what is cut from it is called Nuzuh Sans, by its file and inside, and keeps copyright
and licence.
"""

from io import BytesIO
from pathlib import Path
from typing import Any, Final

NAME: Final = "Nuzuh Sans"
RANGES: Final = (
    (0x0020, 0x007E),
    (0x00A0, 0x024F),  # every Latin alphabet of Europe, Turkish and Kurdish among them
    (0x02B0, 0x02FF),
    (0x0300, 0x036F),
    (0x1E00, 0x1E9F),  # Arabic names in scholarly Latin letters: Ḥ, ṣ, ẓ
    (0x2000, 0x206F),
    (0x2070, 0x209F),
    (0x20A0, 0x20BF),
    (0x2100, 0x214F),
    (0x2190, 0x21FF),
    (0x2200, 0x22FF),
    (0x25A0, 0x25FF),
    (0x2700, 0x27BF),
    (0xFB00, 0xFB06),  # ff, fi …: by these codes a renderer knows how to fit them to its pixels
)
"""Characters that are kept where the font has them."""
FEATURES: Final = ("ccmp", "kern", "liga", "locl", "mark", "mkmk")
"""How letters are joined and spaced. Its digits are of one width without being asked."""
RECIPE: Final = f"{NAME} {RANGES} {FEATURES}"
NAME_RECORDS: Final = (0, 7, 13, 14)
"""Entries of a font's names that are copyright, trademark and licence: they stay as they are."""
_NAMES: Final = {
    1: NAME,
    3: "Nuzuh Sans, cut from another font",
    4: NAME,
    6: "NuzuhSans",
    16: NAME,
    25: "NuzuhSans",
}


def cut(font: Path) -> bytes:
    """The font with those letters, under its own name."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    with TTFont(font, recalcTimestamp=False) as opened:
        options = subset.Options()
        options.layout_features = list(FEATURES)
        options.name_IDs = ["*"]
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[c for first, last in RANGES for c in range(first, last + 1)])
        cutter.subset(opened)
        _rename(opened["name"])
        opened.flavor = "woff2"
        out = BytesIO()
        opened.save(out)
    return out.getvalue()


def _rename(names: Any) -> None:
    """Take the reserved name out of every entry that tells what the font is called."""
    for entry in names.names:
        if entry.nameID in _NAMES:
            entry.string = _NAMES[entry.nameID]
        elif entry.nameID not in NAME_RECORDS and "source" in entry.toUnicode().lower():
            entry.string = entry.toUnicode().replace("SourceSans3VF", "NuzuhSans")
