"""The one map: places and figures in, SVG out. Serves the page, the download and print alike.

Counts are circles at the seats, area in proportion, which is right at any level and needs no
shading. Circles are told apart by number, label and outline, not by colour alone.

`draw` gives the whole drawing; `atlas` and `change` give the same in two parts for the page: what
stays (once, kept by the browser) and what a month or a measure brings. Both come from one `_plan`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any, Final

from visuals import tokens
from visuals.language.words import LANGUAGES, Words, catalogue
from visuals.map import layout, no_figure
from visuals.map.geometry import Geometry
from visuals.map.layout import LARGEST, NAME, NUMBER, STEPS, Label, Mark, radius

__all__ = [
    "Circle",
    "atlas",
    "change",
    "draw",
    "everywhere",
    "fitted",
    "labelled",
    "outlines",
    "radius",
    "shaded",
]

View = tuple[float, float, float, float]
"""Left, top, width and height of what is seen, drawing units."""
CLOSEST: Final = 4
"""A first view never shows less than this part of the map: a border without its country is lost."""
WHOLE: Final = 0.75
"""Places that span this part of the map are shown on the whole map."""
STRIP: Final = 2 * LARGEST + 18
"""Height of the legend under the drawing, pixels."""
NAME_AT: Final = layout.SPOTS[0][4]
"""Baseline of a country's name under its middle, pixels."""
ROW: Final = 18
"""Height of a row of words under the drawing, pixels."""
NARROW: Final = 700
"""Drawings of fewer pixels have the legend's words below its circles."""
BESIDE: Final = 190
"""Where the legend's words start beside its circles, pixels."""
PAPER: Final = {
    **tokens.MAP,
    **{f"shade{n}": pair for n, pair in enumerate(tokens.SHADES)},
}
"""Colours of the ground and of words, on light and on dark."""
_COLOURS: Final = (
    ".nz-map .sea{{fill:{sea}}}"
    ".nz-map .far{{fill:{far};stroke:{far-line}}}"
    ".nz-map .near{{fill:{near};stroke:{near-line}}}"
    ".nz-map .within{{fill:none;stroke:{within}}}"
    ".nz-map .core{{fill:none;stroke:{core}}}"
    ".nz-map .edge{{fill:none;stroke:{edge}}}"
    ".nz-map text{{fill:{ink}}}.nz-map .label text{{stroke:{halo}}}"
    ".nz-map text.land{{fill:{land}}}"
    ".nz-map .leader{{stroke:{core}}}.nz-map .size{{fill:none;stroke:{edge}}}"
)
# No CSS variables: what makes the PNG does not know them.
STYLE: Final = (
    tokens.dressed(_COLOURS, PAPER, dark=False)
    + '.nz-map text{font-family:"Source Sans","Noto Sans","Noto Sans Arabic",sans-serif}'
    ".nz-map .label text{stroke-width:3px;stroke-opacity:.9;paint-order:stroke;"
    "stroke-linejoin:round}"
    f".nz-map .name{{font-size:{NAME}px;font-weight:600}}"
    f".nz-map .number{{font-size:{NUMBER}px}}.nz-map .leader{{stroke-width:.7}}"
    ".nz-map a:focus-visible circle{stroke-width:5}"
)
DARK: Final = (
    "@media (prefers-color-scheme:dark){" + tokens.dressed(_COLOURS, PAPER, dark=True) + "}"
)
ZERO: Final = "zero"
"""Stands for a colour in the legend: an empty circle."""
STROKES: Final = {"far": 1.0, "near": 0.7, "within": 0.5, "core": 1.6, "edge": 1.8}
"""Width of each layer's lines, pixels."""
CATALOGUE_KEYS: Final = (
    "app.disclaimer",
    "column.caveat",
    "column.group",
    "column.period",
    "column.place",
    "column.publisher",
    "column.value",
    "map.circle",
    "map.close",
    "map.fingers",
    "map.keys",
    "map.no_figure",
    "map.open",
    "map.panel_failed",
    "map.pause",
    "map.play",
    "map.reset",
    "map.table",
    "map.zero",
    "map.zoom_in",
    "map.zoom_out",
)
"""What the page's map says whatever it shows."""


@dataclass(frozen=True)
class Circle:
    """One number at a place: a zero is empty, and None a broken ring, as no figure is no zero.

    Attributes:
        place_code: Where it stands.
        value: Makes its area.
        title: Everything about it in one sentence.
        colour: Of its series.
        href: Where it leads.
        shown: The number in words, with the publisher's "about"; else the value.
        note: What the number shares with others: series, when, publisher, caveats.
        figure: The figure's id, which leads to its provenance.
    """

    place_code: str
    value: int | None
    title: str
    colour: str
    href: str | None = None
    shown: str | None = None
    note: tuple[str, ...] = ()
    figure: str | None = None


@dataclass(frozen=True)
class _Plan:
    """What is drawn: the circles in order, large first, and where their labels stand.

    Attributes:
        countries: The step from which a country's name has room among the labels, by code.
    """

    circles: tuple[Circle, ...]
    marks: tuple[Mark, ...]
    labels: tuple[Label | None, ...]
    countries: dict[str, int]
    largest: int
    colours: tuple[str, ...]


def _plan(
    geometry: Geometry,
    circles: Sequence[Circle],
    words: Words,
    largest: int | None,
    scales: tuple[float, ...],
    view: View,
) -> _Plan:
    """Places without a seat in sight are left out; small circles come last, over large ones."""
    shown = [c for c in circles if c.place_code in geometry.seats]
    top = largest or max((c.value or 0 for c in shown), default=0)
    ordered = sorted(shown, key=lambda c: -(c.value or 0))
    marks = tuple(
        Mark(
            *geometry.seats[c.place_code],
            0.0 if c.value is None else round(radius(c.value, top), 1),
            "" if c.value is None else words.place(c.place_code),
            _number(c, words),
        )
        for c in ordered
    )
    colours = tuple(dict.fromkeys(c.colour for c in circles))
    labels, steps = labelled(geometry, marks, words, scales, view)
    return _Plan(tuple(ordered), marks, labels, steps, top, colours)


def labelled(
    geometry: Geometry,
    marks: tuple[Mark, ...],
    words: Words,
    scales: tuple[float, ...],
    view: View,
) -> tuple[tuple[Label | None, ...], dict[str, int]]:
    """Where each mark's label stands, and the step from which each country's name has room."""
    names = tuple(Mark(*at, 0.0, words.place(c), "") for c, at in geometry.middles.items())
    labels = layout.labels(marks + names, scales, view)
    steps = {
        code: label.step
        for code, label in zip(geometry.middles, labels[len(marks) :], strict=True)
        if label
    }
    return labels[: len(marks)], steps


def _number(circle: Circle, words: Words) -> str:
    return circle.shown if circle.shown is not None else words.count(circle.value)


def fitted(geometry: Geometry, codes: Sequence[str]) -> View:
    """What a map of these places shows first: all of them, with room around; else the whole map."""
    width, height = geometry.size
    whole = everywhere(geometry)
    seats = [geometry.seats[code] for code in codes if code in geometry.seats]
    if not seats:
        return whole
    xs, ys = [x for x, _ in seats], [y for _, y in seats]
    room = width / 18
    across = max(xs) - min(xs) + 2 * room
    down = max(ys) - min(ys) + 2 * room
    share = max(across / width, down / height, 1 / CLOSEST)
    if share > WHOLE:
        return whole
    middle = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    left = min(max(middle[0] - share * width / 2, 0), width * (1 - share))
    top = min(max(middle[1] - share * height / 2, 0), height * (1 - share))
    return (round(left, 1), round(top, 1), round(share * width, 1), round(share * height, 1))


def _layers(geometry: Geometry, core: Sequence[str]) -> list[tuple[str, str]]:
    """The outlines from the lowest up: kind of line and SVG path."""
    layers = [
        *(("far", p) for code, p in geometry.countries.items() if code not in geometry.borders),
        *(("near", path) for path in geometry.admin1.values()),
        ("within", geometry.within),
        *(("core", geometry.admin1.get(code, "")) for code in core),
        *(("edge", path) for path in geometry.borders.values()),
    ]
    return [(kind, path) for kind, path in layers if path]


def atlas(geometry: Geometry, core: Sequence[str]) -> dict[str, Any]:
    """What a page's map keeps: outlines, seats, names and words in every language, and the rules.

    Args:
        geometry: Of the area.
        core: Admin 1 codes drawn with a stronger outline.
    """
    return {
        "size": geometry.size,
        "layers": _layers(geometry, core),
        # The parts that are shaded, in the order of the layers' own: no path is sent twice.
        "near": [code for code, path in geometry.admin1.items() if path],
        "fine": geometry.admin3,
        "strokes": STROKES,
        "seats": geometry.seats,
        "middles": geometry.middles,
        "steps": STEPS,
        "spots": layout.SPOTS,
        "line": layout.LINE,
        "rules": layout.RULES,
        "paper": PAPER,
        "names": {
            lang: {code: Words(lang).place(code) for code in (*geometry.seats, *geometry.middles)}
            for lang in LANGUAGES
        },
        "words": {
            lang: {key: catalogue(lang)[key] for key in CATALOGUE_KEYS} for lang in LANGUAGES
        },
    }


def change(
    geometry: Geometry,
    circles: Sequence[Circle],
    words: Words,
    *,
    title: str,
    description: str,
    largest: int | None = None,
    view: View | None = None,
    keys: Sequence[tuple[str, str]] = (),
    blank: Sequence[str] = (),
    link: str | None = None,
    provenance: str | None = None,
) -> dict[str, Any]:
    """What a month or a measure brings to the page's map: places, values and words.

    A mark is the place's turn among the atlas's seats, radius, number, index of its colour and of
    its note, the label's step (-1: none) and spot. The figures' ids follow in the marks' order;
    `zeros` is the turn of the first mark that counts nobody, as all after it do.

    Args:
        geometry: As given to `atlas`.
        circles: As for `draw`.
        words: The reader's language.
        title: The drawing's name for screen readers.
        description: One sentence with numbers.
        largest: The number that has the largest circle; so that months compare.
        view: What is seen first; the whole map by default.
        keys: Colour and meaning of each series, for the legend.
        blank: Places without a figure, whose areas are hatched.
        link: Start of the address of a place's page; the code is put behind it.
        provenance: Start of the address of a number's provenance; the figure's id is put behind it.
    """
    seen = view or everywhere(geometry)
    plan = _plan(geometry, circles, words, largest, STEPS, everywhere(geometry))
    notes = list(dict.fromkeys(circle.note for circle in plan.circles))
    seats = {code: at for at, code in enumerate(geometry.seats)}
    return {
        "lang": words.language,
        "dir": words.direction,
        "title": title,
        "description": description,
        "failed": words("map.failed"),
        "view": seen,
        "colours": plan.colours,
        "notes": notes,
        "marks": [
            [
                seats[circle.place_code],
                mark.r,
                mark.number,
                plan.colours.index(circle.colour),
                notes.index(circle.note),
                label.step if label else -1,
                label.spot if label else 0,
            ]
            for circle, mark, label in zip(plan.circles, plan.marks, plan.labels, strict=True)
        ],
        "figures": " ".join(circle.figure or "" for circle in plan.circles),
        "zeros": sum(bool(circle.value) for circle in plan.circles),
        "countries": plan.countries,
        "sizes": _sizes(plan, words),
        "keys": [(plan.colours.index(colour), key) for colour, key in keys],
        "blank": " ".join(blank),
        "link": link,
        "provenance": provenance,
    }


def everywhere(geometry: Geometry) -> View:
    """The whole map."""
    width, height = geometry.size
    return (0.0, 0.0, float(width), float(height))


def _sizes(plan: _Plan, words: Words) -> list[tuple[float, str]]:
    """The legend's circles: radius and number, largest first."""
    return [
        (round(radius(number, plan.largest), 1), words.number(number))
        for number in layout.reference(plan.largest)
    ]


def draw(
    geometry: Geometry,
    circles: Sequence[Circle],
    words: Words,
    *,
    title: str,
    description: str,
    core: Sequence[str] = (),
    largest: int | None = None,
    view: View | None = None,
    keys: Sequence[tuple[str, str]] = (),
    blank: Sequence[str] = (),
    pixels: int = 1000,
    alone: bool = False,
    ground: str | None = None,
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
        view: What is seen; the whole map by default.
        keys: Colour and meaning of each series, for the legend.
        blank: Places without a figure, whose areas are hatched.
        pixels: Width at which it will be looked at: words and circles are sized for it.
        alone: Whether it leaves the product: it has a scale then, and one look on any ground.
        ground: SVG that is drawn for the outlines, as a page does that holds `outlines` once.
    """
    left, top, width, height = view or everywhere(geometry)
    unit = width / pixels
    plan = _plan(geometry, circles, words, largest, (1 / unit,), (left, top, width, height))
    legend, tall = _legend(plan, words, pixels, _key_lines(plan, keys, words, hatched=bool(blank)))
    foot = tall * unit
    role = "group" if any(circle.href for circle in circles) else "img"
    frame = f'x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}"'
    opening = (
        f'<svg class="nz-map" viewBox="{left:g} {top:g} {width:g} {height + foot:g}" '
        f'role="{role}" lang="{words.language}" style="width:100%;height:auto;display:block" '
        'xmlns="http://www.w3.org/2000/svg">'
    )
    parts = [
        opening,
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>",
        f"<style>{STYLE}{'' if alone else DARK}</style>",
        # Cut at the frame: what lies below it belongs to the legend.
        f'<svg {frame} viewBox="{left:g} {top:g} {width:g} {height:g}">',
        f'<rect class="sea" {frame}/>',
        *([ground] if ground is not None else _ground(geometry, core, blank, unit)),
        *(_country(geometry.middles[code], words.place(code), unit) for code in plan.countries),
        *(
            _circle(circle, mark, unit, plan.colours)
            for circle, mark in zip(plan.circles, plan.marks, strict=True)
        ),
        *(
            _label(mark, label, unit)
            for mark, label in zip(plan.marks, plan.labels, strict=True)
            if label
        ),
        _scale(geometry, words, (left, top, width, height), unit) if alone else "",
        "</svg>",
        f'<g transform="translate({left:g} {top + height:g}) scale({unit:.4g})">{legend}</g>',
        "</svg>",
    ]
    return "".join(parts)


def shaded(
    geometry: Geometry,
    shapes: str,
    numbers: Sequence[tuple[str, str]],
    words: Words,
    *,
    title: str,
    description: str,
    keys: Sequence[tuple[str, str]],
    view: View,
    core: Sequence[str] = (),
    pixels: int = 1000,
) -> str:
    """A map with shaded areas as one `<svg>`, with its legend and scale.

    Args:
        geometry: Of the area.
        shapes: The shaded areas, as SVG.
        numbers: Place and number, for the labels.
        words: The reader's language.
        title: What is shaded.
        description: One sentence with numbers.
        keys: Fill and meaning of each class.
        view: What is seen.
        core: Admin 1 codes drawn with a stronger outline.
        pixels: Width at which it will be looked at.
    """
    left, top, width, height = view
    unit = width / pixels
    marks = tuple(
        Mark(*geometry.seats[code], 0.0, words.place(code), shown)
        for code, shown in numbers
        if code in geometry.seats
    )
    labels, countries = labelled(geometry, marks, words, (1 / unit,), view)
    start, anchor = (pixels - 14, "end") if words.rtl else (14, "start")
    away = -34 if words.rtl else 34
    below, y = [], float(ROW)
    for fill, text in keys:
        at = start - 26 if words.rtl else start
        below.append(
            f'<rect x="{at}" y="{y - 12:g}" width="26" height="14" fill="{fill}" '
            f'stroke="{tokens.CORE.light}"/>'
        )
        below.append(_line(text, start + away, y, words, anchor))
        y += ROW
    for row in _rows(words("app.disclaimer"), pixels - 28):
        below.append(_line(row, start, y, words, anchor))
        y += ROW
    frame = f'x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}"'
    whole = f"{left:g} {top:g} {width:g} {height + y * unit:g}"
    under, over = _grounds(geometry, core, unit)
    return "".join(
        [
            (
                f'<svg class="nz-map" viewBox="{whole}" role="img" lang="{words.language}" '
                'style="width:100%;height:auto;display:block" xmlns="http://www.w3.org/2000/svg">'
            ),
            f"<title>{escape(title)}</title><desc>{escape(description)}</desc>",
            f"<style>{STYLE}</style>",
            (
                f'<rect x="{left:g}" y="{top:g}" width="{width:g}" '
                f'height="{height + y * unit:g}" fill="{tokens.GROUND.light}"/>'
            ),
            no_figure.PATTERN,
            f'<svg {frame} viewBox="{left:g} {top:g} {width:g} {height:g}">',
            f'<rect class="sea" {frame}/>{under}{shapes}{over}',
            *(_country(geometry.middles[code], words.place(code), unit) for code in countries),
            *(
                _label(mark, label, unit)
                for mark, label in zip(marks, labels, strict=True)
                if label
            ),
            _scale(geometry, words, view, unit),
            "</svg>",
            (
                f'<g transform="translate({left:g} {top + height:g}) scale({unit:.4g})">'
                f"{''.join(below)}</g>"
            ),
            "</svg>",
        ]
    )


def outlines(geometry: Geometry, core: Sequence[str], pixels: int) -> str:
    """The outlines of the whole map as SVG, as a drawing has them that is so many pixels wide."""
    return "".join(_grounds(geometry, core, geometry.size[0] / pixels))


def _grounds(geometry: Geometry, core: Sequence[str], unit: float) -> tuple[str, str]:
    """The outlines that lie under what is shaded or hatched, and those over it."""
    drawn: dict[bool, list[str]] = {True: [], False: []}
    for kind, path in _layers(geometry, core):
        width = f"{STROKES[kind] * unit:.3g}"
        line = f'<path class="{kind}" stroke-width="{width}" d="{path}"/>'
        drawn[kind in ("far", "near")].append(line)
    return "".join(drawn[True]), "".join(drawn[False])


def _ground(
    geometry: Geometry, core: Sequence[str], blank: Sequence[str], unit: float
) -> list[str]:
    """The outlines, with those hatched that have no figure."""
    under, over = _grounds(geometry, core, unit)
    if not blank:
        return [under, over]
    shapes = no_figure.shapes(geometry, blank)
    line = f'fill="{no_figure.FILL}" stroke="{tokens.CORE.light}" stroke-width="{0.6 * unit:.3g}"'
    return [no_figure.PATTERN, under, *(f'<path {line} d="{path}"/>' for _, path in shapes), over]


def _scale(geometry: Geometry, words: Words, view: View, unit: float) -> str:
    """A line of a round number of kilometres, at the foot of the drawing."""
    if not geometry.metres:
        return ""
    left, top, width, height = view
    most = width * geometry.metres / 1000 / 5
    power = 10 ** (len(str(int(max(most, 1)))) - 1)
    kilometres = max((n * power for n in (1, 2, 5) if n * power <= most), default=1)
    long = kilometres * 1000 / geometry.metres / unit
    label = escape(words("map.kilometres", count=words.number(kilometres)))
    return (
        f'<g class="label scale" transform="translate({left:g} {top + height:g}) '
        f'scale({unit:.4g})"><path d="M12 -20v8h{long:.1f}v-8" class="edge" '
        f'stroke-width="1.4"/><text class="number" x="{12 + long / 2:.1f}" y="-18" '
        f'text-anchor="middle" direction="ltr">{label}</text></g>'
    )


def _paint(colour: str, look: int, *, zero: bool = False) -> str:
    """The first series is filled, a second a strong ring, a zero empty: without colour too."""
    opacity, width = (".5", "1.5") if look == 0 else (".16", "2.6")
    if zero:
        opacity, width = "0", "1.2"
    return f'fill="{colour}" fill-opacity="{opacity}" stroke="{colour}" stroke-width="{width}"'


def _circle(circle: Circle, mark: Mark, unit: float, colours: Sequence[str]) -> str:
    name = f"<title>{escape(circle.title)}</title>"
    grown = layout.growth(1 / unit)
    at = f'transform="translate({mark.x:g} {mark.y:g}) scale({unit:.4g})"'
    if circle.value is None:
        drawn = (
            f'<circle {at} r="5" fill="none" stroke="{circle.colour}" '
            f'stroke-dasharray="2 2" stroke-width="1.5">{name}</circle>'
        )
    else:
        drawn = (
            f'<circle {at} r="{mark.r * grown:.1f}" '
            f"{_paint(circle.colour, colours.index(circle.colour), zero=circle.value == 0)}>"
            f"{name}</circle>"
        )
    if circle.href is None:
        return drawn
    address, label = escape(circle.href, quote=True), escape(circle.title, quote=True)
    return f'<a href="{address}" target="_self" aria-label="{label}">{drawn}</a>'


def _country(at: tuple[float, float], name: str, unit: float) -> str:
    return (
        f'<text class="land name" text-anchor="middle" direction="ltr" y="{NAME_AT:g}" '
        f'transform="translate({at[0]:g} {at[1]:g}) scale({unit:.4g})">{escape(name)}</text>'
    )


def _label(mark: Mark, label: Label, unit: float) -> str:
    anchor, across, right, down, below = layout.SPOTS[label.spot]
    r = mark.r * layout.growth(1 / unit)
    x, y = round(across * r + right, 1), round(down * r + below, 1)
    # Anchors are the picture's, whichever way the words run; what draws the PNG knows no other.
    return (
        f'<g class="label" text-anchor="{anchor}" direction="ltr" '
        f'transform="translate({mark.x:g} {mark.y:g}) scale({unit:.4g})">'
        f'<text class="name" x="{x:g}" y="{y:g}">{escape(mark.name)}</text>'
        f'<text class="number" x="{x:g}" y="{y + layout.LINE:g}">{escape(mark.number)}</text>'
        "</g>"
    )


def _legend(
    plan: _Plan,
    words: Words,
    pixels: int,
    keys: Sequence[tuple[str, str]],
) -> tuple[str, int]:
    """Circles of known size, what each colour means, and the note; with their height in pixels.

    On a wide drawing the words stand beside the circles, on a narrow one below them.
    """
    sizes = _sizes(plan, words)
    parts: list[str] = _standing(sizes, layout.growth(pixels / 1000)) if sizes else []
    beside = bool(sizes) and pixels >= NARROW
    start = BESIDE if beside else 12
    rows = [
        (row, colour if first == 0 else None)
        for colour, key in keys
        for first, row in enumerate(_rows(key, pixels - start - 34))
    ]
    below = STRIP if sizes else 0
    y = (STRIP - 14 - ROW * (len(rows) - 1)) if beside else below + ROW
    y = max(y, ROW)
    for row, colour in rows:
        x = pixels - 14 if words.rtl else start
        away = -14 if words.rtl else 14
        if colour == no_figure.FILL:
            parts.append(
                f'<rect x="{x - 7}" y="{y - 11:g}" width="14" height="14" fill="{colour}" '
                f'stroke="{tokens.CORE.light}"/>'
            )
        elif colour == ZERO:
            own = next(circle.colour for circle in plan.circles if circle.value == 0)
            paint = _paint(own, 0, zero=True)
            parts.append(f'<circle cx="{x}" cy="{y - 4}" r="{layout.SMALLEST}" {paint}/>')
        elif colour is not None:
            look = plan.colours.index(colour) if colour in plan.colours else 0
            parts.append(f'<circle cx="{x}" cy="{y - 4}" r="6" {_paint(colour, look)}/>')
        parts.append(_line(row, x + away, y, words, "end" if words.rtl else "start"))
        y += ROW
    y = max(y, below + ROW) if rows or sizes else ROW
    for row in _rows(words("app.disclaimer"), pixels - 24):
        parts.append(_line(row, pixels // 2, y, words, "middle"))
        y += ROW
    return "".join(parts), y - ROW + 8


def _key_lines(
    plan: _Plan, keys: Sequence[tuple[str, str]], words: Words, *, hatched: bool
) -> list[tuple[str, str]]:
    """What each colour means, and the empty circle and the hatching where there are some."""
    zero = any(circle.value == 0 for circle in plan.circles)
    return [
        *keys,
        *([(ZERO, words("map.zero"))] if zero else []),
        *([(no_figure.FILL, words("map.no_figure"))] if hatched else []),
    ]


def _standing(sizes: Sequence[tuple[float, str]], grown: float) -> list[str]:
    """Circles standing in one another, each with its number on a leader."""
    foot, middle = STRIP - 8, LARGEST + 12
    parts, free = [], 0.0
    for r, number in ((r * grown, number) for r, number in sizes):
        # A number stands beside its circle's top, or just under the number above.
        top = foot - 2 * r
        y = max(top, free)
        free = y + NUMBER + 2
        parts += [
            f'<circle class="size" cx="{middle}" cy="{foot - r:.1f}" r="{r:.1f}"/>',
            f'<path class="leader" d="M{middle} {top:.1f}L{middle + LARGEST + 8} {y:.1f}"/>',
            # Said here, because an Arabic page around it would turn its beginning.
            (
                f'<text class="number" direction="ltr" x="{middle + LARGEST + 12}" '
                f'y="{y + 4:.1f}">{number}</text>'
            ),
        ]
    return parts


def _line(text: str, x: int, y: float, words: Words, anchor: str) -> str:
    """A row of words; a mark of Unicode says that it runs from right to left."""
    row = words.isolated(text)
    return (
        f'<text class="number" x="{x}" y="{y:g}" text-anchor="{anchor}" '
        f'direction="ltr">{escape(row)}</text>'
    )


@lru_cache(maxsize=512)
def _rows(text: str, room: int) -> tuple[str, ...]:
    """A text in rows that fit a width in pixels."""
    rows = [""]
    for word in text.split():
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and layout.width(longer, NUMBER) > room:
            rows.append(word)
        else:
            rows[-1] = longer
    return tuple(rows)
