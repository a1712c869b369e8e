"""The look, said once: what each colour means, and the steps of type and space.

Everything that is drawn, styled or printed takes from here; `.streamlit/config.toml`, which cannot
import, is held equal by a test. `docs/look.md` says where the choices come from.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple


class Pair(NamedTuple):
    """A colour on light and on dark."""

    light: str
    dark: str


def mid(colour: str) -> Pair:
    """One tone that reads on both, for drawings that cannot know where they will lie."""
    return Pair(colour, colour)


def in_six_digits(colour: str) -> str:
    """A colour as Word files write it: #bbb is BBBBBB."""
    digits = colour.removeprefix("#").upper()
    return digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)


# Of pages.
INK: Final = Pair("#1d2730", "#e6eaee")
"""Words and numbers, everywhere: pages, maps, charts, the brief."""
SOFT: Final = Pair("#56616a", "#a3adb5")
"""Words that explain a number: dates, publishers, axes, heads of columns."""
LINE: Final = Pair("#d9dcd6", "#37414b")
"""Between rows, around cards and boxes."""
GROUND: Final = Pair("#fcfcfa", "#14191e")
"""What everything lies on; also the edge around words on a map and the inside of hollow marks."""
SURFACE: Final = Pair("#f1f2ee", "#1d242b")
"""What is filled in: boxes of a form, the offer of the light edition."""
LINK: Final = Pair("#1b5a86", "#8cc4ea")
"""Words that lead elsewhere, among others that do not."""
ACCENT: Final = Pair("#1f5f8b", "#7db8e0")
"""What is pressed, chosen or in focus; the brief's headings."""
ON_ACCENT: Final = Pair("#fff", GROUND.dark)
"""Words on the accent."""
PAPER: Final[Mapping[str, str]] = {
    "ink": "#000",
    "soft": "#444",
    "line": "#bbb",
    "ground": "#fff",
    "link": "#000",
}
"""The same on printed paper: a printer dithers what is nearly black or nearly white, and a hairline
of `LINE` does not come out."""
SHEET: Final[Mapping[str, str]] = {
    "ink": INK.light,
    "soft": SOFT.light,
    "accent": ACCENT.light,
    "line": PAPER["line"],
    "ground": GROUND.light,
}
"""What Typst is handed for the brief and for the picture of a link."""
HAIR: Final = "color-mix(in srgb, currentColor 18%, transparent)"
"""`LINE` where the colour of words is not ours to know: Streamlit's theme, a page that embeds."""
QUIET: Final = 70
"""Per cent of the words' colour that make `FAINT`."""
FAINT: Final = f"color-mix(in srgb, currentColor {QUIET}%, transparent)"
"""`SOFT` in the same places."""
LIFT: Final = "0 4px 18px rgb(0 0 0 / 18%)"
"""The shadow of what lies over the page."""

# Of maps.
SEA: Final = Pair("#dde7ee", "#111c29")
FAR: Final = Pair("#ebe9e2", "#1a2127")
"""Countries without figures."""
NEAR: Final = Pair("#f8f6f0", "#252d34")
"""Land that figures are of."""
FAR_LINE: Final = Pair("#a7a195", "#59656e")
NEAR_LINE: Final = Pair("#c9c4b6", "#46525b")
WITHIN: Final = Pair("#dcd6c9", "#3e4a53")
"""Borders of sub-districts and districts."""
CORE: Final = Pair("#938b79", "#85929b")
"""The border of the area's core, and lines of keys and hatching."""
EDGE: Final = Pair("#57534a", "#b4bec6")
"""The borders between countries."""
LAND: Final = Pair("#6f6857", "#a3b0b9")
"""Names of countries: fainter than those of places that have figures."""
HALO: Final = GROUND
"""Around words on a map: they cross borders and circles."""
MAP: Final[Mapping[str, Pair]] = {
    "sea": SEA,
    "far": FAR,
    "far-line": FAR_LINE,
    "near": NEAR,
    "near-line": NEAR_LINE,
    "within": WITHIN,
    "core": CORE,
    "edge": EDGE,
    "ink": INK,
    "land": LAND,
    "halo": HALO,
}

# Of what is counted.
BLUE: Final = Pair("#2f7fb8", "#6fb0de")
ORANGE: Final = Pair("#c8641b", "#e59a5c")
GREEN: Final = Pair("#2c8c74", "#63bda6")
VIOLET: Final = Pair("#8567b8", "#b39bdc")
OCHRE: Final = Pair("#9a7d2e", "#c9ae66")
SLATE: Final = Pair("#6f7d8c", "#9daab8")
HUES: Final = (BLUE, ORANGE, GREEN, VIOLET, OCHRE, SLATE)
"""They differ for readers who do not see red or green. The light one is a mid-tone, so that a
picture that leaves the product reads on any ground."""
GROUP: Final[Mapping[str, Pair]] = {
    "IDP": BLUE,
    "NEWDISP": ORANGE,
    "IDP_ARR": ORANGE,
    "IDP_DEP": OCHRE,
    "RDP": GREEN,
    "RET": GREEN,
    "REF": VIOLET,
    "ASY": VIOLET,
}
"""Population groups: who is displaced, who moves, who is back, who is abroad."""
OTHER: Final = SLATE
"""Groups without a colour of their own, and whatever stands beside the series that is meant."""
EVENT: Final = SLATE
"""Dated events and breaks on a time axis."""
GRID: Final = mid("#b9bfc2")
"""Lines at round numbers."""
MOVE: Final = GROUP["NEWDISP"]
"""Arrows between places."""
MOVE_WITHIN: Final = BLUE
"""Rings of moves inside one place."""
VERDICT: Final[Mapping[str, Pair]] = {
    "confirmed": GREEN,
    "rounded": GREEN,
    "confirmed_then": BLUE,
    "other_kind": OCHRE,
    "other_place_or_time": OCHRE,
    "other_source": OCHRE,
    "differs": ORANGE,
    "no_figure": SLATE,
    "not_understood": SLATE,
}
"""What became of a number of a checked text."""
RIGHT: Final[Mapping[str, Pair]] = {"resolution": BLUE, "consent": ORANGE, "access": GREEN}
"""By which right aid crossed a border."""
AGE: Final[Mapping[str, Pair]] = {"new": GREEN, "year": BLUE}
"""How old the newest figure is: within its source's rhythm, within a year."""
SHADES: Final = (
    Pair("#fbe0bf", "#4a3020"),
    Pair("#f2bb80", "#784820"),
    Pair("#dc8f47", "#ad6c30"),
    Pair("#b0601c", "#dc9a5e"),
    Pair("#72390a", "#f8d3a8"),
)
"""Classes of a rate from the lowest up: one hue, told apart by lightness.

Not the blue of people displaced: its light end would be read as the sea.
"""
SHIFTS: Final = (
    Pair("#2b7a78", "#6fc3bf"),
    Pair("#a3cfcb", "#2f6d6a"),
    Pair("#f4f0e4", "#3a4148"),
    Pair("#f2bb80", "#8a5325"),
    Pair("#b0601c", "#e2a468"),
)
"""Classes of a change from the largest fall up: two hues that part at "about as many", and stay
apart for who does not see red or green."""
LINES: Final = (
    (BLUE, ""),
    (ORANGE, "7 3"),
    (GREEN, "2 3"),
    (VIOLET, "9 3 2 3"),
    (OCHRE, "4 2"),
    (mid("#b84a6a"), "12 4"),
    (mid("#4f6d7a"), "2 2 6 2"),
    (mid("#5f7f1f"), "1 4"),
)
"""Colour and dashes of each of several lines on one axis: different without the colour too."""


def group(code: str) -> str:
    """The tone of a population group that reads on light and on dark."""
    return GROUP.get(code, OTHER).light


WRITTEN: Final = (
    (INK, GROUND),
    (INK, SURFACE),
    (INK, SEA),
    (INK, FAR),
    (INK, NEAR),
    (SOFT, GROUND),
    (SOFT, SURFACE),
    (LINK, GROUND),
    (LINK, SURFACE),
    (ACCENT, GROUND),
    (ON_ACCENT, ACCENT),
    (LAND, HALO),
    (LAND, FAR),
    (LAND, NEAR),
)
"""Which colour is used for words on which; on a map they also have the halo."""

# Of letters and room.
TYPE: Final[Mapping[str, str]] = {
    "fine": ".8rem",
    "small": ".88rem",
    "text": "1rem",
    "lead": "1.12rem",
    "head": "1.3rem",
    "title": "1.7rem",
}
"""Sizes of letters: notes and codes; tables and soft words; what is read; a line that leads and
headings of sections; numbers on a phone; the page's name and the numbers that it is opened for."""
SPACE: Final[Mapping[str, str]] = {
    "s1": ".15rem",
    "s2": ".3rem",
    "s3": ".5rem",
    "s4": ".8rem",
    "s5": "1.2rem",
    "s6": "2rem",
}
"""Room between and within things, from what belongs together to what does not."""
_STEP: Final = re.compile(r"var\(--([a-z0-9]+)\)")


def steps() -> str:
    """Type and space as custom properties: for rules that stand in several parts of a page."""
    return ":root{" + _declared({**TYPE, **SPACE, "lift": LIFT}) + "}"


def flat(css: str) -> str:
    """Rules with type and space as values: for a page that stands alone, where each byte counts."""
    known = {**TYPE, **SPACE}
    return _STEP.sub(lambda found: known.get(found[1], found[0]), css)


def schemes(colours: Mapping[str, Pair]) -> str:
    """Colours as custom properties, by what the reader's machine prefers."""
    light = _declared({name: pair.light for name, pair in colours.items()})
    dark = _declared({name: pair.dark for name, pair in colours.items()})
    return (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    )


def dressed(rules: str, colours: Mapping[str, Pair], *, dark: bool) -> str:
    """Rules with colours in their holes: what makes a PNG knows no custom properties."""
    return rules.format_map(
        {name: pair.dark if dark else pair.light for name, pair in colours.items()}
    )


def both(rules: str, colours: Mapping[str, Pair]) -> str:
    """Rules with the colours of light, and again with those of dark where that is preferred."""
    dark = dressed(rules, colours, dark=True)
    return f"{dressed(rules, colours, dark=False)}@media (prefers-color-scheme:dark){{{dark}}}"


def printed() -> str:
    """The colours of printed paper, as custom properties."""
    return f":root{{{_declared(PAPER)}}}"


def _declared(values: Mapping[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in values.items())
