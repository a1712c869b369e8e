"""Fonts inside a Word file: it looks the same where neither font is installed.

Word keeps an embedded font as a part whose first 32 bytes are mixed with a key (ECMA-376, part 1,
17.8.1). Both fonts are free (SIL Open Font License) and allow embedding without limit.
"""

import io
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from fontpkg_ibm_plex_sans import ROOT as PLEX
from fontpkg_tajawal import ROOT as TAJAWAL

from editions import fonts

LATIN: Final = "IBM Plex Sans"
ARABIC: Final = "Tajawal"
FACES: Final = (("Regular", 400), ("Bold", 700))
CHARACTERS: Final = (
    *range(0x20, 0x180),
    *range(0x2010, 0x2028),
    *(ord(sign) for sign in "₺€←→−≈≤≥"),
)
"""Latin with Turkish and its neighbours: who writes on in the file finds every letter."""
UNNEEDED: Final = ("GPOS", "GSUB", "GDEF", "STAT", "HVAR", "MVAR", "meta")
"""Kerning and alternates take ten times as long to cut as the letters."""
_BOLD_FLAG: Final = 0x20
_REGULAR: Final = 0x40
CONTENT_TYPE: Final = (
    '<Default Extension="odttf" '
    'ContentType="application/vnd.openxmlformats-officedocument.obfuscatedFont"/>'
)
RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/font"
RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_NAMESPACES: Final = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def font_parts(families: tuple[str, ...]) -> dict[str, bytes]:
    """The parts of a Word file that carry fonts: their table, its relations, the fonts."""
    made: dict[str, bytes] = {}
    listed: list[str] = []
    related: list[str] = []
    for family in families:
        inside = []
        for face, weight in FACES:
            number = len(related) + 1
            body = _font(family, face, weight)
            key = UUID(sha256(body).hexdigest()[:32])
            made[f"word/fonts/font{number}.odttf"] = obfuscated(body, key)
            inside.append(f'<w:embed{face} r:id="rId{number}" w:fontKey="{_braced(key)}"/>')
            related.append(
                f'<Relationship Id="rId{number}" Type="{RELATION}" '
                f'Target="fonts/font{number}.odttf"/>'
            )
        kind = '<w:charset w:val="00"/><w:family w:val="swiss"/><w:pitch w:val="variable"/>'
        listed.append(f'<w:font w:name="{family}">{kind}{"".join(inside)}</w:font>')
    table = f"{_HEAD}<w:fonts {_NAMESPACES}>{''.join(listed)}</w:fonts>"
    relations = f'{_HEAD}<Relationships xmlns="{RELATIONS}">{"".join(related)}</Relationships>'
    made["word/fontTable.xml"] = table.encode()
    made["word/_rels/fontTable.xml.rels"] = relations.encode()
    return made


def obfuscated(body: bytes, key: UUID) -> bytes:
    """A font as Word keeps it; mixing it again gives the font back."""
    turned = key.bytes[::-1] * 2
    return bytes(a ^ b for a, b in zip(body[:32], turned, strict=True)) + body[32:]


def _braced(key: UUID) -> str:
    return f"{{{str(key).upper()}}}"


@cache
def _font(family: str, face: str, weight: int) -> bytes:
    if family == ARABIC:
        return (TAJAWAL / "files" / f"Tajawal-{face}.ttf").read_bytes()
    path = next(p for p in sorted((PLEX / "files").iterdir()) if "Italic" not in p.name)
    recipe = f"{face} {weight} {CHARACTERS} {UNNEEDED}"
    return fonts.cached_font(f"plex-{weight}", path, recipe, lambda: _cut(path, face, weight))


def _cut(path: Path, face: str, weight: int) -> bytes:
    """One weight of the variable font with the letters of our languages."""
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    options = subset.Options(name_IDs=["*"], notdef_outline=True, recalc_timestamp=False)
    options.drop_tables += UNNEEDED
    with TTFont(path, lazy=True, recalcTimestamp=False) as whole:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=CHARACTERS)
        cutter.subset(whole)
        # In its place: a copy would hold the file open a second time.
        instancer.instantiateVariableFont(whole, {"wght": weight, "wdth": 100}, inplace=True)
        _name(whole, face)
        out = io.BytesIO()
        whole.save(out)
    return out.getvalue()


def _name(font: Any, face: str) -> None:
    """Call the face what it is: cut out of a variable font, each would be called Regular."""
    plain = f"{LATIN} {face}"
    named = {1: LATIN, 2: face, 4: plain, 6: plain.replace(" ", "").replace(face, f"-{face}")}
    for number, value in named.items():
        for record in _records(font, number):
            record.string = value
    font["name"].names = [r for r in font["name"].names if r.nameID not in (16, 17, 21, 22, 25)]
    bold = face == "Bold"
    font["head"].macStyle = int(bold)
    selection = font["OS/2"].fsSelection & ~(_BOLD_FLAG | _REGULAR)
    font["OS/2"].fsSelection = selection | (_BOLD_FLAG if bold else _REGULAR)


def _records(font: Any, number: int) -> Iterator[Any]:
    return (record for record in font["name"].names if record.nameID == number)
