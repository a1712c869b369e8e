"""Moves between places as arrows on the area's map: width in proportion to the number.

`arcs` is the drawing of the moves alone, as a fragment and its labels, so that any map of the same
geometry can carry it; `draw` puts it on the outlines. Kinds of move are told apart by shape: an
arrow between places, a ring with an arrowhead for moves within one, a dashed line where the origin
is not known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import atan2, cos, hypot, pi, sin
from typing import Final

from visuals import tokens
from visuals.language.words import Words
from visuals.map.geometry import Geometry

DRAWN: Final = 1000
"""Pixels across for which strokes and words are sized."""
WIDEST: Final = 18.0
"""Width of the largest move's line, pixels."""
THINNEST: Final = 1.5
BEND: Final = 0.18
"""How far an arrow leaves the straight line, as a share of its length: there and back part."""
RING: Final = 21.0
"""Radius of the ring for moves within a place, pixels."""
GAP: Final = 9.0
"""Between a seat and an arrow's end, pixels."""
LABELLED: Final = 12
LARGER: Final = 1.93
"""How much larger words are on a phone; labels that have no room then are left to the table."""
NAME, NUMBER = 14, 13
_GROUND: Final = (
    ".sea{{fill:{sea}}}.far{{fill:{far};stroke:{far-line}}}"
    ".near{{fill:{near};stroke:{near-line}}}.edge{{fill:none;stroke:{edge}}}"
)
GROUND: Final = tokens.both(_GROUND, tokens.MAP)
_MOVES: Final = (
    ".nz-flow .move{{stroke:{move}}}.nz-flow .head{{fill:{move}}}"
    ".nz-flow .in{{stroke:{in}}}.nz-flow .head.in{{fill:{in};stroke:none}}"
    ".nz-flow .seat{{fill:{ink}}}.nz-flow text{{fill:{ink};stroke:{halo}}}"
    ".nz-flow a:focus-visible{{outline:3px solid {accent};outline-offset:3px}}"
)
STYLE: Final = (
    tokens.both(
        _MOVES,
        {**tokens.MAP, "move": tokens.MOVE, "in": tokens.MOVE_WITHIN, "accent": tokens.ACCENT},
    )
    + """
.nz-flow .move{fill:none;stroke-opacity:.7}
.nz-flow text{stroke-width:3px;paint-order:stroke;
stroke-linejoin:round;font-family:"Source Sans","Noto Sans","Noto Sans Arabic",sans-serif}
.nz-flow .name{font-size:14px;font-weight:600}.nz-flow .number{font-size:13px}
.nz-flow a:focus-visible .move{stroke-opacity:1}.nz-flow a:hover .move{stroke-opacity:.9}
@media (max-width:640px){.nz-flow .name,.nz-flow .number{font-size:27px;stroke-width:6px}
.nz-flow .minor{display:none}}
"""
)


@dataclass(frozen=True)
class Move:
    """One published number of moves.

    Attributes:
        origin: Code of where from; None where the publisher does not know.
        destination: Code of where to.
        value: Makes the width.
        shown: The number in words, with the publisher's "about".
        title: Everything about it in one sentence.
        within: Whether origin and destination are one place, or one holds the other.
        href: Where it leads: the provenance of the number.
    """

    origin: str | None
    destination: str
    value: int
    shown: str
    title: str
    within: bool
    href: str | None = None


@dataclass(frozen=True)
class Label:
    """Words to stand at a point, drawing units; the size is in pixels of the drawn map."""

    x: float
    y: float
    text: str
    kind: str


@dataclass(frozen=True)
class Arcs:
    """The moves as SVG in the geometry's units, largest first so that small ones stay on top.

    Attributes:
        svg: One `<a>` or `<g>` for each move.
        labels: Numbers at the largest moves and the names of the places they touch.
        left_out: Moves with an end that has no seat in the picture.
    """

    svg: str
    labels: tuple[Label, ...]
    left_out: tuple[Move, ...]


def width(value: int, largest: int) -> float:
    """Pixels of a line, in proportion to the number; never too thin to be seen."""
    return max(THINNEST, WIDEST * value / largest) if largest else THINNEST


def arcs(
    geometry: Geometry,
    moves: Sequence[Move],
    words: Words,
    *,
    largest: int | None = None,
    unit: float | None = None,
) -> Arcs:
    """The moves alone, for any map of this geometry.

    Args:
        geometry: Gives the seats.
        moves: Of one period, series and level.
        words: Names the places.
        largest: The number that has the widest line, so that months compare; else the largest
            of these.
        unit: Drawing units of a pixel; for the whole map by default.
    """
    unit = unit or geometry.size[0] / DRAWN
    seated = [m for m in moves if m.destination in geometry.seats]
    seated = [m for m in seated if m.origin is None or m.within or m.origin in geometry.seats]
    top = largest or max((m.value for m in seated), default=0)
    ranked = sorted(seated, key=lambda m: (-m.value, m.destination, m.origin or ""))
    room = _Room()
    shapes = [_drawn(geometry, move, width(move.value, top), unit) for move in ranked]
    touched = dict.fromkeys(
        code for m in ranked for code in (m.destination, m.origin) if code in geometry.seats
    )
    spots = [(*at, move.shown, "number") for move, (_, at) in zip(ranked, shapes, strict=True)]
    names = [
        (geometry.seats[code][0], geometry.seats[code][1] + 17 * unit, words.place(code), "name")
        for code in touched
        if code is not None
    ]
    # The largest number first: where words are large and room is short, it is the one that stays.
    asked = [*spots[:1], *names, *spots[1:LABELLED]]
    labels = [label for spot in asked for label in room.fitted(*spot, unit)]
    dots = "".join(_dot(*geometry.seats[code], unit) for code in touched if code is not None)
    left_out = tuple(m for m in moves if m not in seated)
    return Arcs("".join(svg for svg, _ in shapes) + dots, tuple(labels), left_out)


def fitted(geometry: Geometry, moves: Sequence[Move]) -> tuple[float, float, float, float]:
    """The part of the map that holds every move: left, top, width, height.

    Never less than a third of the whole: a border without its country is lost.
    """
    whole_across, whole_down = geometry.size
    ends = {code for m in moves for code in (m.origin, m.destination) if code in geometry.seats}
    seats = [geometry.seats[code] for code in ends if code is not None]
    if not seats:
        return 0.0, 0.0, float(whole_across), float(whole_down)
    xs, ys = [x for x, _ in seats], [y for _, y in seats]
    room = whole_across / 9
    share = max(
        (max(xs) - min(xs) + 2 * room) / whole_across,
        (max(ys) - min(ys) + 2 * room) / whole_down,
        1 / 3,
    )
    across, down = min(share, 1.0) * whole_across, min(share, 1.0) * whole_down
    left = min(max((max(xs) + min(xs) - across) / 2, 0.0), whole_across - across)
    top = min(max((max(ys) + min(ys) - down) / 2, 0.0), whole_down - down)
    return left, top, across, down


def outlines(geometry: Geometry) -> str:
    """Countries, governorates, provinces and borders, whole: what stays when the month changes."""
    across, down = geometry.size
    unit = across / DRAWN
    layers = [
        *(("far", path) for path in geometry.countries.values()),
        *(("near", path) for path in geometry.admin1.values()),
        *(("edge", path) for path in geometry.borders.values()),
    ]
    drawn = "".join(
        f'<path class="{kind}" stroke-width="{_STROKES[kind] * unit:.3g}" d="{path}"/>'
        for kind, path in layers
        if path
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across:g}" height="{down:g}" '
        f'viewBox="0 0 {across:g} {down:g}"><style>{GROUND}</style>'
        f'<rect class="sea" width="{across:g}" height="{down:g}"/>{drawn}</svg>'
    )


def draw(
    geometry: Geometry,
    moves: Sequence[Move],
    words: Words,
    *,
    title: str,
    description: str,
    largest: int | None = None,
    ground: str | None = None,
) -> str:
    """The moves on the area's outlines as one `<svg>` element; the disclaimer stands beneath it.

    Args:
        geometry: Of the area.
        moves: As for `arcs`.
        words: The reader's language.
        title: The drawing's name for screen readers.
        description: One sentence with numbers.
        largest: As for `arcs`.
        ground: Address of what `outlines` drew, so that it travels once; None draws it in.
    """
    left, top, across, down = fitted(geometry, moves)
    unit = across / DRAWN
    moved = arcs(geometry, moves, words, largest=largest, unit=unit)
    name = escape(f"{title}. {description}", quote=True)
    opening = (
        f'<svg class="nz-flow" viewBox="{left:g} {top:g} {across:g} {down:g}" role="group" '
        f'aria-label="{name}" lang="{words.language}" '
        'style="width:100%;height:auto;display:block" xmlns="http://www.w3.org/2000/svg">'
    )
    frame = f'x="{left:g}" y="{top:g}" width="{across:g}" height="{down:g}"'
    whole = f'width="{geometry.size[0]:g}" height="{geometry.size[1]:g}"'
    # Its own drawing even where it is not fetched: its classes are no one else's.
    below = outlines(geometry) if ground is None else f'<image {whole} href="{escape(ground)}"/>'
    return "".join(
        [
            opening,
            f"<style>{STYLE}</style>",
            f'<svg {frame} viewBox="{left:g} {top:g} {across:g} {down:g}">',
            below,
            moved.svg,
            *(_words(label, unit, words) for label in moved.labels),
            "</svg>",
            "</svg>",
        ]
    )


_STROKES: Final = {"far": 1.0, "near": 0.8, "edge": 1.8}


def _drawn(
    geometry: Geometry, move: Move, stroke: float, unit: float
) -> tuple[str, tuple[float, float]]:
    """One move, and where its number stands."""
    x, y = geometry.seats[move.destination]
    if move.within:
        shape, at = _ring(x, y, stroke * unit, unit)
    elif move.origin is None:
        start = (x - 46 * unit, y - 46 * unit)
        shape, at = _arrow(start, (x, y), stroke * unit, unit, dashed=True)
    else:
        shape, at = _arrow(geometry.seats[move.origin], (x, y), stroke * unit, unit)
    inner = f"<title>{escape(move.title)}</title>{shape}"
    if move.href is None:
        return f"<g>{inner}</g>", at
    address, label = escape(move.href, quote=True), escape(move.title, quote=True)
    return f'<a href="{address}" target="_self" aria-label="{label}">{inner}</a>', at


def _arrow(
    start: tuple[float, float],
    end: tuple[float, float],
    stroke: float,
    unit: float,
    *,
    dashed: bool = False,
) -> tuple[str, tuple[float, float]]:
    """A curved line that ends in a head at its destination."""
    (ax, ay), (bx, by) = start, end
    length = hypot(bx - ax, by - ay) or 1.0
    # To the left of the way, so that the way back has its own side.
    px, py = (by - ay) / length, -(bx - ax) / length
    mx = (ax + bx) / 2 + px * length * BEND * 2
    my = (ay + by) / 2 + py * length * BEND * 2
    head = max(9 * unit, stroke * 1.5)
    gap = min(GAP * unit, length / 6)
    angle = atan2(by - my, bx - mx)
    tip = (bx - gap * cos(angle), by - gap * sin(angle))
    neck = (tip[0] - head * cos(angle), tip[1] - head * sin(angle))
    away = atan2(my - ay, mx - ax)
    tail = (ax + gap * cos(away), ay + gap * sin(away))
    dash = f' stroke-dasharray="{4 * unit:g} {4 * unit:g}"' if dashed else ""
    line = (
        f'<path class="move" stroke-width="{stroke:.2f}"{dash} '
        f'd="M{tail[0]:.1f} {tail[1]:.1f}Q{mx:.1f} {my:.1f} {neck[0]:.1f} {neck[1]:.1f}"/>'
    )
    middle = (ax / 4 + mx / 2 + bx / 4, ay / 4 + my / 2 + by / 4)
    return line + _head(tip, angle, head, "head"), middle


def _ring(x: float, y: float, stroke: float, unit: float) -> tuple[str, tuple[float, float]]:
    """Three quarters of a circle around the seat that end in a head."""
    r = RING * unit + stroke / 2
    head = max(9 * unit, stroke * 1.1)
    first, last = -0.75 * pi, 0.62 * pi
    ax, ay = x + r * cos(first), y + r * sin(first)
    bx, by = x + r * cos(last), y + r * sin(last)
    angle = last + pi / 2
    tip = (bx + head * cos(angle), by + head * sin(angle))
    line = (
        f'<path class="move in" stroke-width="{stroke:.2f}" '
        f'd="M{ax:.1f} {ay:.1f}A{r:.1f} {r:.1f} 0 1 1 {bx:.1f} {by:.1f}"/>'
    )
    return line + _head(tip, angle, head, "head in"), (x, y - r - stroke / 2 - 6 * unit)


def _head(tip: tuple[float, float], angle: float, size: float, kind: str) -> str:
    half = size * 0.75
    bx, by = tip[0] - size * cos(angle), tip[1] - size * sin(angle)
    left = (bx + half * sin(angle), by - half * cos(angle))
    right = (bx - half * sin(angle), by + half * cos(angle))
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (tip, left, right))
    return f'<polygon class="{kind}" points="{points}"/>'


def _dot(x: float, y: float, unit: float) -> str:
    return f'<circle class="seat" cx="{x:g}" cy="{y:g}" r="{3 * unit:.2g}"/>'


def _words(label: Label, unit: float, words: Words) -> str:
    return (
        f'<text class="{label.kind}" transform="translate({label.x:.1f} {label.y:.1f}) '
        f'scale({unit:.4g})" text-anchor="middle" direction="{words.direction}">'
        f"{escape(label.text)}</text>"
    )


class _Room:
    """What is taken by labels already; one that finds no room is left out, not put on top."""

    def __init__(self) -> None:
        self._taken: list[_Box] = []
        self._taken_small: list[_Box] = []

    def fitted(self, x: float, y: float, text: str, kind: str, unit: float) -> list[Label]:
        """The label where it has room: at its point, else a line lower or higher."""
        size = (NAME if kind == "name" else NUMBER) * unit
        for shift in (0.0, 1.15, -1.15, 2.3):
            low = y + shift * size
            if _free(_box(x, low, text, size), self._taken):
                self._taken.append(_box(x, low, text, size))
                larger = _box(x, low, text, size * LARGER)
                if not _free(larger, self._taken_small):
                    return [Label(x, low, text, f"{kind} minor")]
                self._taken_small.append(larger)
                return [Label(x, low, text, kind)]
        return []


_Box = tuple[float, float, float, float]


def _box(x: float, low: float, text: str, size: float) -> _Box:
    half = len(text) * size * 0.29
    return (x - half, low - size, x + half, low + size * 0.25)


def _free(box: _Box, taken: Sequence[_Box]) -> bool:
    return not any(_overlap(box, other) for other in taken)


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
