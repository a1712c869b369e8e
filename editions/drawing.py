"""The one map's drawings made light: outlines once a page and in short steps, no styles."""

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any, Final

import pandas as pd

from editions.content import Content
from visuals import map_figures, map_svg
from visuals.pieces import Reader

_STYLE: Final = re.compile(r"<style>.*?</style>", re.DOTALL)
_OUTLINE: Final = re.compile(r'<path class="[a-z ]+" stroke-width="[\d.]+" d="[^"]*"/>')
_OUTLINES: Final = re.compile(rf"(?:{_OUTLINE.pattern})+")
_LABEL: Final = re.compile(r' (?:aria-label|target)="[^"]*"')
_D: Final = re.compile(r'(<path class="(?!leader)[^>]*) d="([^"]*)"')
_PART: Final = re.compile(r"M([^MZ]+)Z?")
_NUMBER: Final = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
NARROW: Final = 3
"""Steps of the outlines, drawing units: the carried outlines are not finer, and a phone's map is
a third of the drawing's width."""
ROOM: Final = re.compile(r'viewBox="0 0 (\d+) (\d+)"')


def picture(
    reader: Reader,
    content: Content,
    shown: pd.DataFrame,
    title: str,
    *,
    largest: int | None = None,
    short: bool = False,
) -> str:
    """The map of some figures as one whole `<svg>`, as print and single pictures take it."""
    return map_svg.draw(
        content.geometry,
        map_figures.circles(reader, shown, short=short),
        reader.words,
        title=title,
        description=map_figures.described(reader, title, shown),
        core=content.area.core,
        largest=largest,
    )


def light(svg: str) -> str:
    """A drawing for a page that has the styles: without them, and with short outlines."""
    # A circle's title already names its link.
    bare = _LABEL.sub("", _STYLE.sub("", svg))
    return _D.sub(lambda found: f'{found[1]} d="{short(found[2])}"', bare)


def shared(drawings: Sequence[str], name: str) -> tuple[str, list[str]]:
    """The outlines of several light drawings once, and the drawings without them.

    Returns:
        A hidden `<svg>` that holds the outlines as the symbol `name`, and the drawings, each
        using it. Drawings whose outlines differ keep their own.
    """
    found = [_OUTLINES.search(drawing) for drawing in drawings]
    first = found[0][0] if found and found[0] else ""
    room = ROOM.search(drawings[0]) if drawings else None
    if not first or room is None:
        return "", list(drawings)
    width, height = room[1], room[2]
    symbol = (
        '<svg class="nz-hidden" aria-hidden="true" width="0" height="0"><symbol '
        f'id="{name}" viewBox="0 0 {width} {height}">{first}</symbol></svg>'
    )
    use = f'<use href="#{name}" width="{width}" height="{height}"/>'
    return symbol, [drawing.replace(first, use, 1) for drawing in drawings]


def short(path: str) -> str:
    """An outline in relative steps of whole units, points nearer than `NARROW` left out."""
    parts = [_ring(ring[1]) for ring in _PART.finditer(path)]
    return "".join(parts) or path


def _ring(ring: str) -> str:
    """A ring or a line that comes as a point and the steps from it on."""
    numbers = [float(n) for n in _NUMBER.findall(ring)]
    steps_given = zip(numbers[::2], numbers[1::2], strict=True)
    walked = accumulate(steps_given, lambda at, step: (at[0] + step[0], at[1] + step[1]))
    points = [(round(x), round(y)) for x, y in walked]
    kept = points[:1]
    for point in points[1:]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= NARROW:
            kept.append(point)
    if len(kept) < 3:
        return ""
    steps = "".join(f"{_spaced(b[0] - a[0])}{_spaced(b[1] - a[1])}" for a, b in pairwise(kept))
    return f"M{kept[0][0]} {kept[0][1]}l{steps.strip()}Z"


def _spaced(number: Any) -> str:
    return f"{number}" if number < 0 else f" {number}"
