"""The frame of every picture that leaves the product: whoever finds it alone can tell what it is.

Above the drawing stand what it shows, in which unit and of which days; beneath it the lines' names,
who published the figures, under which licence, and the address that shows the same again, in
letters and as a QR code: a printed picture is looked up with a phone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import urlsplit

from visuals import tokens
from visuals.language.words import Words

WIDTH: Final = 800
EDGE: Final = 20
INK: Final = tokens.INK.light
SOFT: Final = tokens.SOFT.light
GROUND: Final = tokens.GROUND.light
CODE: Final = 104
"""Side of the QR code with its white edge: 2 cm where the picture is as wide as a page's text."""
FONT: Final = "IBM Plex Sans, Tajawal, Noto Sans, Noto Sans Arabic, sans-serif"
BOLD_ARABIC: Final = ' font-family="Tajawal, IBM Plex Sans, Noto Sans Arabic, sans-serif"'
"""What makes PNG falls back to the first font that has a letter, whatever its weight: Arabic is
bold only where its own font is asked for."""
LETTER: Final = 0.56
"""Room of a letter, of the font's size: a little more than the widest of our three scripts."""
HERE: Final = ("127.0.0.1", "::1", "localhost")
_OPENING: Final = re.compile(r"<svg\b[^>]*>")
_BOX: Final = re.compile(r'viewBox="([-\d.]+) ([-\d.]+) ([\d.]+) ([\d.]+)"')
_STYLED: Final = re.compile(r' style="[^"]*"')


@dataclass(frozen=True)
class Key:
    """A line of a drawing: its number, how it is drawn, what it is."""

    number: int
    colour: str
    dashes: str
    label: str


@dataclass(frozen=True)
class Panel:
    """A drawing of a picture with what it shows of its own, where there are several."""

    svg: str
    keys: Sequence[Key] = ()
    heading: str = ""
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Caption:
    """What a picture says of itself.

    Attributes:
        title: What is shown.
        subtitle: Unit and days.
        beneath: Sources and licences: a line each, wrapped where it is long.
        address: Shows the same again. It has a QR code where another machine can open it.
    """

    title: str
    subtitle: str
    beneath: Sequence[str]
    address: str = ""


def framed(words: Words, caption: Caption, panels: Sequence[Panel]) -> str:
    """A picture as one `<svg>` element that needs nothing around it.

    Args:
        words: The reader's words; they say from which side the text runs.
        caption: What stands around the drawings.
        panels: The drawings, each a whole `<svg>` with a viewBox.
    """
    sheet = _Sheet(words)
    sheet.text(caption.title, 19, weight=600)
    sheet.text(caption.subtitle, 13, colour=SOFT)
    for panel in panels:
        sheet.gap(8)
        if panel.heading:
            sheet.text(panel.heading, 14, weight=600)
        sheet.drawing(panel.svg)
        for key in panel.keys:
            sheet.key(key)
        if panel.notes:
            sheet.gap(4)
        for note in panel.notes:
            sheet.text(note, 12, colour=SOFT)
    sheet.gap(6)
    sheet.rule()
    lines = [line for line in (*caption.beneath, caption.address) if line]
    sheet.foot(lines, caption.address)
    caption_text = escape(" ".join([caption.subtitle, *lines]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {sheet.y + EDGE:.0f}" '
        f'width="{WIDTH}" height="{sheet.y + EDGE:.0f}" role="img" lang="{words.language}" '
        f"font-family='{FONT}'><title>{escape(caption.title)}</title><desc>{caption_text}</desc>"
        f'<rect width="{WIDTH}" height="{sheet.y + EDGE:.0f}" fill="{GROUND}"/>'
        f"{''.join(sheet.parts)}</svg>"
    )


class _Sheet:
    """A picture as it grows downwards."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.y: float = EDGE - 6
        self.parts: list[str] = []

    def gap(self, room: float) -> None:
        self.y += room

    def text(
        self, text: str, size: int, *, weight: int = 400, colour: str = INK, beside: float = 0
    ) -> None:
        for line in wrapped(text, WIDTH - 2 * EDGE - beside, size):
            self.y += size * 1.35
            self._line(line, size, weight, colour, EDGE)

    def key(self, key: Key) -> None:
        size = 12
        for at, line in enumerate(wrapped(f"{key.number}  {key.label}", WIDTH - 2 * EDGE - 40, 12)):
            self.y += size * 1.45
            self._line(line, size, 400, INK, EDGE + 40)
            if at == 0:
                first, last = (WIDTH - EDGE, WIDTH - EDGE - 30) if self._rtl else (EDGE, EDGE + 30)
                dashes = f' stroke-dasharray="{key.dashes}"' if key.dashes else ""
                self.parts.append(
                    f'<path d="M{first} {self.y - 4:.1f}H{last}" stroke="{key.colour}" '
                    f'stroke-width="2.4"{dashes}/>'
                )

    def drawing(self, svg: str) -> None:
        """A drawing at the sheet's width, as a part of this one."""
        opening = _OPENING.match(svg)
        box = _BOX.search(svg)
        if opening is None or box is None:
            raise ValueError("A drawing of a picture has a viewBox.")
        room = WIDTH - 2 * EDGE
        height = room * float(box[4]) / float(box[3])
        head = _STYLED.sub("", opening[0]).replace(
            "<svg", f'<svg x="{EDGE}" y="{self.y + 6:.1f}" width="{room}" height="{height:.1f}"', 1
        )
        self.parts.append(head + svg[opening.end() :])
        self.y += height + 8

    def rule(self) -> None:
        self.parts.append(
            f'<path d="M{EDGE} {self.y:.1f}H{WIDTH - EDGE}" stroke="{tokens.GRID.light}" '
            'stroke-width="1"/>'
        )

    def foot(self, lines: Sequence[str], address: str) -> None:
        """The last lines, and beside them the address for a phone where it is a site's."""
        top, coded = self.y, (urlsplit(address).hostname or HERE[0]) not in HERE
        for line in lines:
            self.text(line, 11, colour=SOFT, beside=CODE + 8 if coded else 0)
        if coded:
            x = EDGE if self._rtl else WIDTH - EDGE - CODE
            self.parts.append(
                f'<svg x="{x}" y="{top + 8:.1f}" width="{CODE}" height="{CODE}" '
                f"{_qr(address).removeprefix('<svg ')}"
            )
            self.y = max(self.y, top + 8 + CODE)

    @property
    def _rtl(self) -> bool:
        return self.words.rtl

    def _line(self, text: str, size: int, weight: int, colour: str, edge: float) -> None:
        """One line at the side where the language begins.

        Isolated in its own direction: a drawing knows no page, and what draws PNG knows no `dir`.
        """
        x, anchor, shown, family = edge, "start", text, ""
        if self._rtl:
            family = BOLD_ARABIC if weight > 400 else ""
            # A piece of an address runs from the left, whatever sign it begins with.
            text = text if " " in text or not text.isascii() else f"\u2066{text}\u2069"
            x, anchor, shown = WIDTH - edge, "end", self.words.isolated(text)
        self.parts.append(
            f'<text x="{x:g}" y="{self.y:.1f}" direction="ltr" text-anchor="{anchor}" '
            f'font-size="{size}" font-weight="{weight}"{family} fill="{colour}">'
            f"{escape(shown)}</text>"
        )


def _qr(address: str) -> str:
    """An address as a QR code that stands a torn or creased print: one `<svg>` without a size."""
    import segno  # where a picture is made, not where a command starts

    code = segno.make(address, error="m", micro=False, boost_error=False)
    return code.svg_inline(border=4, light="white", dark=INK, omitsize=True)


def wrapped(text: str, room: float, size: float) -> Iterator[str]:
    """A text in lines that fit; a word longer than a line, as an address is, is cut.

    Args:
        text: The text.
        room: Width of a line.
        size: Size of the letters, in the same unit.
    """
    most = max(int(room / (size * LETTER)), 8)
    line = ""
    for word in text.split(" "):
        rest = word
        while len(rest) > most:
            if line:
                yield line
                line = ""
            yield rest[:most]
            rest = rest[most:]
        if line and len(line) + 1 + len(rest) > most:
            yield line
            line = rest
        else:
            line = f"{line} {rest}" if line else rest
    if line:
        yield line
