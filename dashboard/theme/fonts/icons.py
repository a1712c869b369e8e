"""Streamlit's icon font cut to the icons that can occur: a third of a first visit's bytes.

Streamlit loads all 4,300 icons before it shows anything. What is left are those whose names stand
in Streamlit's own scripts.
"""

import re
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from streamlit import file_util

NAMED: Final = re.compile(r""":material/([a-z0-9_]+):|["'`]([a-z0-9_]{2,40})["'`]""")
LIGATURE: Final = 4
"""The kind of lookup in a font's table that turns several characters into one sign."""


def cut(font: Path) -> bytes:
    """The font with the icons that Streamlit's scripts may name."""
    return _cut(font, _words())


def _words() -> set[str]:
    """Every word in Streamlit's scripts that may name an icon."""
    scripts = (Path(file_util.get_static_dir()) / "static" / "js").glob("*.js")
    found = (NAMED.findall(script.read_text(encoding="utf-8")) for script in scripts)
    return {word for pairs in found for pair in pairs for word in pair if word}


def _cut(font: Path, words: set[str]) -> bytes:
    """The font with the icons of those names and nothing else."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    with TTFont(font) as opened:
        icons = _icons(opened)
        kept = sorted(words & set(icons))
        options = subset.Options()
        options.layout_features = ["*"]
        options.layout_closure = False  # else every icon spelt with the same letters comes along
        cutter = subset.Subsetter(options)
        letters = {ord(letter) for name in kept for letter in name}
        cutter.populate(glyphs=[icons[name] for name in kept], unicodes=letters)
        cutter.subset(opened)
        opened.flavor = "woff2"
        out = BytesIO()
        opened.save(out)
    return out.getvalue()


def _icons(font: Any) -> dict[str, str]:
    """The sign of each icon by its name, as the font's ligatures spell it."""
    letters = {glyph: chr(code).lower() for code, glyph in font.getBestCmap().items()}
    found = {}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for held in lookup.SubTable:
            table = getattr(held, "ExtSubTable", held)
            if table.LookupType != LIGATURE:
                continue
            for first, ligatures in table.ligatures.items():
                for ligature in ligatures:
                    name = "".join(letters.get(g, "") for g in (first, *ligature.Component))
                    found[name] = ligature.LigGlyph
    return found
