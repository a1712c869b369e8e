"""The one map: places and figures in, SVG out. Serves the page, the download and print alike.

Counts are circles at the seats, area in proportion, which is right at any level and needs no
shading. Circles are told apart by number, label and outline, not by colour alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import sqrt
from typing import Final

import vl_convert

from visuals.geometry import Geometry
from visuals.words import Words

LARGEST: Final = 40
"""Radius of the largest circle, drawing units."""
SMALLEST: Final = 3
INSIDE: Final = 24
"""Circles from this radius on carry their number inside, smaller ones below."""
LABELLED: Final = 14
"""How many of the largest circles carry a label; the rest are in the table and on pointing."""
# No CSS variables: what makes the PNG does not know them.
STYLE: Final = """
.nz-map{background:#e6edf2}
.nz-map .far{fill:#eceae3;stroke:#7d776a;stroke-width:1.2}
.nz-map .near{fill:#f7f5ef;stroke:#b9b4a6;stroke-width:.8}
.nz-map .core{fill:none;stroke:#8a8270;stroke-width:1.8}
.nz-map .edge{fill:none;stroke:#4d4a42;stroke-width:2.2}
.nz-map text{fill:#22303a;stroke:#fffdf8;stroke-width:3px;paint-order:stroke;
stroke-linejoin:round;text-anchor:middle;
font-family:"Source Sans","Noto Sans","Noto Sans Arabic",sans-serif}
.nz-map .small{font-size:13px}.nz-map .name{font-size:14px}
.nz-map a:focus-visible circle{stroke-width:5}
"""
DARK: Final = """
@media (prefers-color-scheme:dark){.nz-map{background:#1b2329}
.nz-map .far{fill:#232a30;stroke:#7f8a93}.nz-map .near{fill:#2c353b;stroke:#4f5a62}
.nz-map .core{stroke:#9aa5ad}.nz-map .edge{stroke:#c3ccd2}
.nz-map text{fill:#e8edf0;stroke:#161c21}}
"""


@dataclass(frozen=True)
class Circle:
    """One number at a place. `value` None draws a ring: no figure, which is not zero."""

    place_code: str
    value: int | None
    title: str
    colour: str
    href: str | None = None


def radius(value: int, largest: int) -> float:
    """Area in proportion to the number; never too small to be seen."""
    return max(SMALLEST, LARGEST * sqrt(value / largest)) if largest else SMALLEST


def draw(
    geometry: Geometry,
    circles: Sequence[Circle],
    words: Words,
    *,
    title: str,
    description: str,
    core: Sequence[str] = (),
    largest: int | None = None,
) -> str:
    """The map as one `<svg>` element.

    Args:
        geometry: Of the area.
        circles: Places without a seat in sight are left out.
        words: The reader's language.
        title: What it shows; the drawing's name for screen readers.
        description: One sentence with numbers.
        core: Admin 1 codes drawn with a stronger outline.
        largest: The number that has the largest circle; so that months compare.
    """
    width, height = geometry.size
    shown = [c for c in circles if c.place_code in geometry.seats]
    top = largest or max((c.value or 0 for c in shown), default=0)
    # Small circles last, so that no large one hides them.
    ordered = sorted(shown, key=lambda c: -(c.value or 0))
    opening = (
        f'<svg class="nz-map" viewBox="0 0 {width} {height + 26}" role="img" '
        f'lang="{words.language}" style="width:100%;height:auto;display:block" '
        'xmlns="http://www.w3.org/2000/svg">'
    )
    note = (
        f'<text class="small" x="{width // 2}" y="{height + 18}" '
        f'direction="{words.direction}">{escape(words("app.disclaimer"))}</text>'
    )
    return "".join(
        [
            opening,
            f"<title>{escape(title)}</title><desc>{escape(description)}</desc>",
            f"<style>{STYLE}{DARK}</style>",
            *(f'<path class="far" d="{path}"/>' for path in geometry.countries.values() if path),
            *(f'<path class="near" d="{path}"/>' for path in geometry.admin1.values() if path),
            *(f'<path class="core" d="{geometry.admin1.get(code, "")}"/>' for code in core),
            *(f'<path class="edge" d="{path}"/>' for path in geometry.borders.values()),
            *(_circle(circle, geometry, top) for circle in ordered),
            *(_label(circle, geometry, top, words) for circle in ordered[:LABELLED]),
            note,
            "</svg>",
        ]
    )


def png(svg: str) -> bytes:
    """The drawing as PNG, by the fonts of this machine, on light ground."""
    backed = svg.replace(DARK, "").replace(
        "<title>", '<rect width="100%" height="100%" fill="#e6edf2"/><title>', 1
    )
    return bytes(vl_convert.svg_to_png(backed, scale=2.0))


def _circle(circle: Circle, geometry: Geometry, largest: int) -> str:
    x, y = geometry.seats[circle.place_code]
    name = f"<title>{escape(circle.title)}</title>"
    if circle.value is None:
        drawn = (
            f'<circle cx="{x}" cy="{y}" r="5" fill="none" stroke="{circle.colour}" '
            f'stroke-dasharray="2 2" stroke-width="1.5">{name}</circle>'
        )
    else:
        drawn = (
            f'<circle cx="{x}" cy="{y}" r="{radius(circle.value, largest):.1f}" '
            f'fill="{circle.colour}" fill-opacity=".5" stroke="{circle.colour}" '
            f'stroke-width="1.5">{name}</circle>'
        )
    if circle.href is None:
        return drawn
    address, label = escape(circle.href, quote=True), escape(circle.title, quote=True)
    return f'<a href="{address}" target="_self" aria-label="{label}">{drawn}</a>'


def _label(circle: Circle, geometry: Geometry, largest: int, words: Words) -> str:
    if circle.value is None:
        return ""
    x, y = geometry.seats[circle.place_code]
    r = radius(circle.value, largest)
    name, number = escape(words.place(circle.place_code)), escape(words.count(circle.value))
    below = y + 12 if r > INSIDE else y + round(r) + 28
    return (
        f'<text class="name" x="{x}" y="{below - 15}" direction="{words.direction}">{name}</text>'
        f'<text class="small" x="{x}" y="{below}">{number}</text>'
    )
