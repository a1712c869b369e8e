"""Where the map's circles and labels stand, at every size: worked out once, here, for every reader.

The page's element, the download, the light edition and print only place what this says. Geometry
grows with the map; circles shrink with it below its drawn width and never grow above; words keep
their size. So labels that collide on the whole map find room as a reader zooms in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import Any, Final

import numpy as np

LARGEST: Final = 36
"""Radius of the largest circle, pixels."""
SMALLEST: Final = 3
NAME: Final = 13
"""Size of a place's name, pixels."""
NUMBER: Final = 12
LINE: Final = 14
"""From a name's baseline to its number's."""
ROOM: Final = 22
"""Circles from this radius on may carry their label inside."""
STEPS: Final = (0.3, 0.42, 0.6, 0.85, 1.2, 1.7, 2.4, 3.4, 4.8, 6.8, 9.6, 13.6)
"""Pixels for a unit of the drawing, from a phone's whole map to the closest look."""
SPOTS: Final = (
    # anchor, x and baseline of the name: each radius * factor + pixels. The first is inside.
    ("middle", 0.0, 0.0, 0.0, -3.0),
    ("middle", 0.0, 0.0, 1.0, 14.0),
    ("start", 1.0, 5.0, 0.0, -3.0),
    ("end", -1.0, -5.0, 0.0, -3.0),
    ("middle", 0.0, 0.0, -1.0, -20.0),
)
LOOKAHEAD: Final = 3
"""Steps for which a label must keep its room: two that part at one size seldom meet again."""
PAD: Final = 3
_WIDE: Final = frozenset("MWmw@%—")
_NARROW: Final = frozenset("ijlıI.,:;'’|! ()-")


@dataclass(frozen=True)
class Mark:
    """A circle to be placed: the seat in drawing units, the radius in pixels, what it says.

    Without a number it is a country's name, which has no circle.
    """

    x: float
    y: float
    r: float
    name: str
    number: str


@dataclass(frozen=True)
class Label:
    """Where a label stands: the step of the scale from which it shows, and the spot."""

    step: int
    spot: int


def radius(value: int, largest: int) -> float:
    """Area in proportion to the number; never too small to be seen."""
    return max(SMALLEST, LARGEST * sqrt(value / largest)) if largest else SMALLEST


def growth(scale: float) -> float:
    """What a circle's radius is multiplied by at so many pixels a unit."""
    return min(1.0, sqrt(scale))


def width(text: str, size: float) -> float:
    """About how wide a text is, pixels: generous, as nobody here knows the reader's font."""
    ems = sum(0.92 if c in _WIDE else 0.33 if c in _NARROW else 0.6 for c in text)
    return ems * size + 2


def reference(largest: int) -> list[int]:
    """Three round numbers for the legend, largest first; fewer where the largest is small."""
    found: list[int] = []
    for part in (1.0, 0.25, 0.05):
        at_most = largest * part
        if at_most < 1:
            continue
        power = 10 ** (len(str(int(at_most))) - 1)
        number = max(n * power for n in (1, 2, 5) if n * power <= at_most)
        if number not in found:
            found.append(number)
    return found


@lru_cache(maxsize=256)
def labels(
    marks: tuple[Mark, ...], scales: tuple[float, ...], view: tuple[float, float, float, float]
) -> tuple[Label | None, ...]:
    """A place for each mark's label, so that no two overlap; None where there is no room at all.

    Args:
        marks: In the order in which they may choose: the most important first.
        scales: Pixels a unit, rising; a label placed at one is shown from it on.
        view: Left, top, width and height of the drawing; labels stay inside.
    """
    boxes = _Boxes(marks, scales)
    found: list[Label | None] = [None] * len(marks)
    for step in range(len(scales)):
        for index, mark in enumerate(marks):
            if found[index] is None and mark.name:
                spot = boxes.choose(index, step, view)
                if spot is not None:
                    found[index] = Label(step, spot)
    return tuple(found)


class _Boxes:
    """The boxes that labels would take, pixels: mark, spot, step, (left, top, right, foot)."""

    def __init__(self, marks: Sequence[Mark], scales: Sequence[float]) -> None:
        self.scales = scales
        self.marks = marks
        self.taken = np.full((len(marks), len(scales), 4), np.nan)
        r = np.array([m.r for m in marks])[:, None] * np.array([growth(s) for s in scales])
        x = np.array([m.x for m in marks])[:, None] * np.array(scales)
        y = np.array([m.y for m in marks])[:, None] * np.array(scales)
        wide = np.array([max(width(m.name, NAME), width(m.number, NUMBER)) for m in marks])[:, None]
        self.radii = r
        self.wide = wide
        self.all = np.stack([self._at(spot, x, y, r, wide) for spot in SPOTS], axis=1)
        core = 0.6 * r
        self.circles = np.stack([x - core, y - core, x + core, y + core], axis=-1)

    @staticmethod
    def _at(spot: tuple[Any, ...], x: Any, y: Any, r: Any, wide: Any) -> Any:
        anchor, across, right, down, below = spot
        at = x + across * r + right
        left = at - wide / 2 if anchor == "middle" else at if anchor == "start" else at - wide
        top = y + down * r + below - NAME
        return np.stack([left, top, left + wide, top + NAME + LINE + 3], axis=-1)

    def choose(self, index: int, step: int, view: tuple[float, float, float, float]) -> int | None:
        """The best free spot: inside a large circle, else where it covers the fewest circles."""
        ahead = slice(step, step + LOOKAHEAD)
        best, fewest = None, 10**6
        for spot in range(len(SPOTS)):
            if self.marks[index].number == "":
                # A country's name stands in its middle or nowhere.
                if spot != 0:
                    break
            elif spot == 0 and not self._fits_inside(index, step):
                continue
            box = self.all[index, spot]
            if not self._in_view(box[step], step, view):
                continue
            if _overlap(self.taken[:, ahead], box[ahead], PAD).any():
                continue
            over = _overlap(self.circles[:, step], box[step], 0)
            over[index] = False
            if (covered := int(over.sum())) < fewest:
                best, fewest = spot, covered
        if best is not None and fewest <= (2 if self.marks[index].number else 0):
            self.taken[index, step:] = self.all[index, best, step:]
            return best
        return None

    def _fits_inside(self, index: int, step: int) -> bool:
        r = self.radii[index, step]
        return bool(r >= ROOM and self.wide[index, 0] <= 2 * r)

    def _in_view(self, box: Any, step: int, view: tuple[float, float, float, float]) -> bool:
        left, top, across, down = (edge * self.scales[step] for edge in view)
        inside = box[0] >= left and box[1] >= top
        return bool(inside and box[2] <= left + across and box[3] <= top + down)


def _overlap(boxes: Any, box: Any, pad: float) -> Any:
    """Which boxes overlap one; a box of NaN overlaps nothing."""
    return (
        (boxes[..., 0] < box[..., 2] + pad)
        & (boxes[..., 2] > box[..., 0] - pad)
        & (boxes[..., 1] < box[..., 3] + pad)
        & (boxes[..., 3] > box[..., 1] - pad)
    )
