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
_BEFORE: Final = {"start": 0.0, "middle": 0.5, "end": 1.0}
"""Part of a text that stands before its anchor."""
_SPOTS: Final = np.array([(_BEFORE[spot[0]], *spot[1:]) for spot in SPOTS]).T[:, :, None]
"""The same as arrays: each column of all spots, for marks before them and steps behind."""
GREAT: Final = 11.4
"""Radius from which on a circle is named before any that is drawn at the least size: a tenth of the
largest number, so that no nought is read before a hundred thousand."""
LOOKAHEAD: Final = 3
"""Steps for which a label must keep its room: two that part at one size seldom meet again."""
CLOSE: Final = 3.4
"""Pixels a unit from which the smallest circles are named where a larger one has found no room."""
COVERED: Final = 2
"""How many circles a label may cover."""
GREATER: Final = 2
"""How many more a great one's may: it is read before they are."""
SEEN: Final = 5
"""Radius from which on a circle, pixels, seems to be what a label on it speaks of."""
INNER: Final = 0.85
"""Part of such a circle's radius that a label keeps off."""
PAD: Final = 3
RULES: Final = {
    "name": NAME,
    "great": GREAT,
    "seen": SEEN,
    "inner": INNER,
    "covered": COVERED + GREATER,
}
"""What the page needs to find a label another side, where its frame would cut it."""
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


@lru_cache(maxsize=8192)
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
    boxes = _Boxes(marks, scales, view)
    found: list[Label | None] = [None] * len(marks)
    great = [index for index, mark in enumerate(marks) if mark.name and mark.r >= GREAT]
    for step in range(len(scales)):
        for index, mark in enumerate(marks):
            if found[index] is not None or not mark.name:
                continue
            least = mark.number and mark.r <= SMALLEST and scales[step] < CLOSE
            if least and _larger(marks, found):
                continue
            before = [other for other in great if other < index and found[other] is None]
            spot = boxes.choose(index, step, before)
            if spot is not None:
                found[index] = Label(step, spot)
    return tuple(found)


def _larger(marks: Sequence[Mark], found: Sequence[Label | None]) -> bool:
    """Whether a circle larger than the least is still without its label."""
    return any(
        label is None and mark.r > SMALLEST and mark.name
        for mark, label in zip(marks, found, strict=True)
    )


class _Boxes:
    """The boxes that labels would take, pixels: mark, spot, step, (left, top, right, foot)."""

    def __init__(
        self,
        marks: Sequence[Mark],
        scales: Sequence[float],
        view: tuple[float, float, float, float],
    ) -> None:
        # Boxes of the labels that stand, in the order in which they chose: as many as `placed`.
        self.taken = np.full((len(marks), len(scales), 4), np.nan)
        self.placed = 0
        r = np.array([m.r for m in marks])[:, None] * np.array([growth(s) for s in scales])
        x = np.array([m.x for m in marks])[:, None] * np.array(scales)
        y = np.array([m.y for m in marks])[:, None] * np.array(scales)
        wide = np.array([max(width(m.name, NAME), width(m.number, NUMBER)) for m in marks])[:, None]
        self.all = self._at(*(at[:, None] for at in (x, y, r, wide)))
        self.padded = self.all + np.array([-PAD, -PAD, PAD, PAD])
        core = 0.6 * r
        self.circles = np.stack([x - core, y - core, x + core, y + core], axis=-1)
        great = [m.r >= GREAT for m in marks]
        self.most = [
            0 if not m.number else COVERED + GREATER * is_great
            for m, is_great in zip(marks, great, strict=True)
        ]
        countries = np.array([not m.number for m in marks], dtype=bool)
        allowed = self._in_view(scales, view)
        allowed[:, 0] &= ((r >= ROOM) & (wide <= 2 * r)) | countries[:, None]
        # A country's name stands in its middle or nowhere.
        allowed[countries, 1:] = False
        # How many other circles a label would cover, and whether those are few enough.
        over = _overlap(self.circles[:, None, None], self.all[None])
        over[range(len(marks)), range(len(marks))] = False
        covered = over.sum(axis=0)
        self.covered: list[list[list[int]]] = covered.tolist()
        few = covered <= np.array(self.most)[:, None, None]
        # How badly a label would be misread on another's circle, there or at a closer look: 1 on a
        # smaller one, 2 on one that is great itself.
        misread, on_larger = self._on_circles(x, y, r, great)
        self.misread: list[list[list[int]]] = misread.tolist()
        small = np.array([not is_great for is_great in great], dtype=bool)
        allowed &= ~np.where(small[:, None, None], misread > 0, on_larger)
        # Whether a spot comes into question, by mark and step, worked out for all at once.
        self.allowed: list[list[list[bool]]] = allowed.transpose(0, 2, 1).tolist()
        # Where each great one could stand if no label were there: smaller ones leave it free.
        self.kept_free = {
            index: np.where((few & allowed)[index, ..., None], self.all[index], np.nan)
            for index, is_great in enumerate(great)
            if is_great
        }

    @staticmethod
    def _at(x: Any, y: Any, r: Any, wide: Any) -> Any:
        before, across, right, down, below = _SPOTS
        left = x + across * r + right - before * wide
        top = y + down * r + below - NAME
        return np.stack([left, top, left + wide, top + NAME + LINE + 3], axis=-1)

    def _on_circles(self, x: Any, y: Any, r: Any, great: Sequence[bool]) -> tuple[Any, Any]:
        """How badly a box lies on another's circle, and whether on a larger one than its own.

        For each mark, spot and step: at that step or a later one, since a label that
        stands keeps its spot.
        """
        seen = np.flatnonzero((r >= SEEN).any(axis=1))
        # Circles first, then marks, spots and steps.
        left, top, right, foot = np.moveaxis(self.all, -1, 0)
        x_, y_, r_ = (at[seen][:, None, None] for at in (x, y, r))
        across = np.maximum(np.maximum(left - x_, x_ - right), 0)
        down = np.maximum(np.maximum(top - y_, y_ - foot), 0)
        on = (across**2 + down**2 < (INNER * r_) ** 2) & (r_ >= SEEN)
        on[range(len(seen)), seen] = False
        larger = r[:, 0] < r[seen, :1]
        found = (on, on & larger[..., None, None], on[np.array(great, dtype=bool)[seen]])
        later = [
            np.logical_or.accumulate(each.any(axis=0)[..., ::-1], axis=-1)[..., ::-1]
            for each in found
        ]
        return later[0].astype(int) + later[2], later[1]

    def choose(self, index: int, step: int, before: Sequence[int] = ()) -> int | None:
        """The best free spot: where it lies on no other circle that is seen, and covers the fewest.

        Args:
            index: Of the mark.
            step: Of the scale.
            before: Great ones that have no label yet, and keep the room that they could take.
        """
        spots = [spot for spot, allowed in enumerate(self.allowed[index][step]) if allowed]
        if not spots:
            return None
        ahead = slice(step, step + LOOKAHEAD)
        taken = self.taken[: self.placed, ahead]
        if before:
            kept = [self.kept_free[other][:, ahead] for other in before]
            taken = np.concatenate([taken, *kept])
        over = _overlap(taken, self.padded[index][spots][:, None, ahead])
        stands = over.reshape(len(spots), -1).any(axis=1).tolist()
        free = [spot for spot, is_taken in zip(spots, stands, strict=True) if not is_taken]
        if not free:
            return None
        covered, misread, most = self.covered[index], self.misread[index], self.most[index]
        # Only a great one may lie on a smaller one's circle, and only where no other spot is free.
        best = min(free, key=lambda at: covered[at][step] + misread[at][step] * (most + 1))
        if covered[best][step] > most:
            return None
        self.taken[self.placed, step:] = self.all[index, best, step:]
        self.placed += 1
        return best

    def _in_view(
        self, scales: Sequence[float], view: tuple[float, float, float, float]
    ) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        """Whether a box lies in the drawing, for each mark, spot and step."""
        left, top, across, down = (edge * np.array(scales) for edge in view)
        starts = (self.all[..., 0] >= left) & (self.all[..., 1] >= top)
        ends = (self.all[..., 2] <= left + across) & (self.all[..., 3] <= top + down)
        return np.asarray(starts & ends)


def _overlap(boxes: Any, others: Any) -> Any:
    """Which boxes overlap which others; a box of NaN overlaps nothing."""
    return (
        (boxes[..., 0] < others[..., 2])
        & (boxes[..., 2] > others[..., 0])
        & (boxes[..., 1] < others[..., 3])
        & (boxes[..., 3] > others[..., 1])
    )
