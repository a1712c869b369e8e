"""The one map's drawings made light: outlines once a page and in short steps, no styles."""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

from data.analysis.series import Figures, rows
from editions.content import Content
from visuals.html.elements import Reader
from visuals.map import circles, draw

_STYLE: Final = re.compile(r"<style>.*?</style>", re.DOTALL)
_LABEL: Final = re.compile(r' (?:aria-label|target)="[^"]*"')
_NEAR: Final = re.compile(r'(?:<path class="near" stroke-width="([\d.]+)" d="[^"]*"/>){3,}')
_D: Final = re.compile(r' d="([^"]*)"')
_RING: Final = re.compile(r"M([^MZ]+)Z?")
_STEP: Final = re.compile(r"([lL])?\s*(-?\d*\.?\d+)[\s,]*(-?\d*\.?\d+)")
PIXELS: Final = 680
"""Width for which words are sized: read on a phone at half of it, in print at two thirds."""
NARROW: Final = 10
"""Steps of the outlines, drawing units: the carried outlines are not finer, and a phone's map is
a third of the drawing's width."""


def picture(
    reader: Reader,
    content: Content,
    shown: Figures,
    title: str,
    *,
    largest: int | None = None,
    short: bool = False,
    ground: str | None = None,
) -> str:
    """The map of some figures as one whole `<svg>`, as print and single pictures take it.

    Args:
        reader: The reader.
        content: What the edition holds.
        shown: One figure for each place, largest first.
        title: What is shown.
        largest: The number that has the largest circle; so that months compare.
        short: Whether a circle names its place and number alone.
        ground: What is drawn for the outlines, where a page holds them once.
    """
    return draw.draw(
        content.geometry,
        circles.circles(reader, shown, short=short),
        reader.words,
        title=title,
        description=circles.described(reader, title, shown),
        core=content.area.core,
        largest=largest,
        pixels=PIXELS,
        keys=_keys(reader, shown),
        ground=ground,
    )


def _keys(reader: Reader, shown: Figures) -> list[tuple[str, str]]:
    """What each colour is, and of which day, where there are several groups or publishers."""
    shared = {(row["population_group"], row["publisher"]) for row in rows(shown, circles.READ)}
    return circles.legend_keys(reader, shown) if len(shared) > 1 else []


def light(svg: str) -> str:
    """A drawing for a page that has the styles: without them, and with short outlines."""
    # A circle's title already names its link.
    bare = _LABEL.sub("", _STYLE.sub("", svg)).replace(" scale(1)", "")
    return _D.sub(lambda found: f' d="{short(found[1])}"', bare)


def grouped(svg: str) -> str:
    """A light drawing with its provinces in one group that says once how each is drawn."""
    return _NEAR.sub(_together, svg)


def _together(outlines: re.Match[str]) -> str:
    look = f' class="near" stroke-width="{outlines[1]}"'
    return f"<g{look}>{outlines[0].replace(look, '')}</g>"


def shared_outlines(content: Content, name: str) -> tuple[str, str]:
    """The outlines of an edition's maps, for a page that holds them once.

    Returns:
        A hidden `<svg>` that holds them as the symbol `name`, in a group of the class that their
        styles ask for (what stands around a symbol does not style its use), and what a drawing has
        instead of them.
    """
    width, height = content.geometry.size
    lines = grouped(light(draw.outlines(content.geometry, content.area.core, PIXELS)))
    symbol = (
        '<svg class="nz-hidden" aria-hidden="true" width="0" height="0"><symbol '
        f'id="{name}" viewBox="0 0 {width} {height}"><g class="nz-map">{lines}</g></symbol></svg>'
    )
    return symbol, f'<use href="#{name}" width="{width}" height="{height}"/>'


@lru_cache(maxsize=1024)
def short(path: str) -> str:
    """An outline in relative steps of whole units, points nearer than `NARROW` left out.

    Closed paths of `M`, `l` and `L` alone are shortened; any other is left as it is: a line of
    figures has neither a point too many nor a way back to its beginning.
    """
    if set(path) & set("hvcsqtaHVCSQTAm") or path.count("M") != path.upper().count("Z"):
        return path
    parts = [_ring(ring[1]) for ring in _RING.finditer(path)]
    return "".join(parts) or path


def _ring(ring: str) -> str:
    x = y = 0.0
    relative = False
    kept: list[tuple[int, int]] = []
    for step in _STEP.finditer(ring):
        relative = step[1] == "l" if step[1] else relative
        dx, dy = float(step[2]), float(step[3])
        x, y = (x + dx, y + dy) if relative and kept else (dx, dy)
        point = (round(x), round(y))
        far = kept and abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= NARROW
        if not kept or far:
            kept.append(point)
    if len(kept) < 3:
        return ""
    steps = "".join(f"{_spaced(b[0] - a[0])}{_spaced(b[1] - a[1])}" for a, b in pairwise(kept))
    return f"M{kept[0][0]} {kept[0][1]}l{steps.strip()}Z"


def _spaced(number: int) -> str:
    return f"{number}" if number < 0 else f" {number}"
