"""Drawings set with the project's own fonts: into the brief's pages, and as PNG.

typst brings its own renderer and shaper, and the fonts come as Python packages: a machine without
any font writes Arabic all the same. It is loaded by whoever sets something: a server that was asked
for pages alone goes without its 7 MB.
"""

import atexit
import json
import re
import shutil
import tempfile
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from fontpkg_ibm_plex_sans import ROOT as LATIN
from fontpkg_tajawal import ROOT as ARABIC

from editions.fonts import cached_font
from visuals import tokens
from visuals.map import draw

TEMPLATE: Final = Path(__file__).parent / "brief.typ"
_FAMILY: Final = re.compile(r"font-family:[^;}]+|font-family='[^']*'")
_WIDE: Final = 1200
"""Width of a PNG, pixels."""
WEIGHTS: Final = ("Regular", "Medium", "Bold")
"""The weights of the Arabic font that the brief uses."""
PNG: Final = b"""
#set page(width: 480pt, height: auto, margin: 0pt, fill: white)
#set text(font: ("IBM Plex Sans", "Tajawal"))
#image(bytes(sys.inputs.drawing), format: "svg", width: 480pt)
"""


@cache
def fonts() -> Any:
    """The project's fonts and no others, so that every machine sets the same page."""
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[LATIN / "files", ARABIC / "files"],
    )


@cache
def readable() -> Any:
    """The same fonts, with every Arabic letter a glyph that is read back where it stands."""
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[LATIN / "files", _taken_apart()],
    )


@cache
def _taken_apart() -> Path:
    """The font's files, there as long as the process: typst opens them when it sets a page."""
    folder = Path(tempfile.mkdtemp(prefix="nuzuh-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for weight in WEIGHTS:
        path = ARABIC / "files" / f"Tajawal-{weight}.ttf"
        (folder / path.name).write_bytes(
            cached_font(
                f"tajawal-{weight.lower()}", path, "lam and alef apart", partial(_apart, path)
            )
        )
    return folder


def _apart(path: Path) -> bytes:
    from editions import fonts_arabic

    return fonts_arabic.split_lam_alef(path)


def printable(svg: str) -> str:
    """A drawing for light paper, in the project's fonts."""
    bare = svg.replace(draw.DARK, "")
    return _FAMILY.sub(
        lambda found: (
            'font-family:"IBM Plex Sans","Tajawal"'
            if ":" in found[0]
            else "font-family='IBM Plex Sans, Tajawal'"
        ),
        bare,
    )


def png(svg: str) -> bytes:
    """A drawing as PNG on light ground, 1,200 pixels wide."""
    import typst

    compiler = typst.Compiler(PNG, font_paths=fonts())
    made = compiler.compile(
        format="png", ppi=_WIDE / 480 * 72, sys_inputs={"drawing": printable(svg)}
    )
    return bytes(made[0] if isinstance(made, list) else made or b"")


def pdf(values: dict[str, Any], timestamp: int) -> bytes:
    """The brief's template filled in, as a tagged PDF (PDF/UA-1 where the text allows it).

    Args:
        values: What `brief.typ` reads; drawings are SVG made `printable`.
        timestamp: Day of the document, Unix seconds: the same release gives the same bytes.
    """
    import typst

    held = readable() if values["rtl"] else fonts()
    compiler = typst.Compiler(TEMPLATE.read_bytes(), font_paths=held)
    inputs = {"data": json.dumps({**values, "look": tokens.SHEET}, ensure_ascii=False)}
    try:
        made = compiler.compile(
            format="pdf", sys_inputs=inputs, timestamp=timestamp, pdf_standards=["ua-1"]
        )
    except typst.TypstError as problem:
        if "PDF/UA-1" not in str(problem):
            raise
        # A name with a mark that the font writes as a glyph of its own: tagged all the same.
        made = typst.Compiler(TEMPLATE.read_bytes(), font_paths=held).compile(
            format="pdf", sys_inputs=inputs, timestamp=timestamp
        )
    return bytes(made[0] if isinstance(made, list) else made or b"")
