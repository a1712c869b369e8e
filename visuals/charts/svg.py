"""One series as a small drawing: for pages without scripts, for print and for pictures by address.

Numbers, years and months stand in the drawing, nothing else: its name, its unit and its events are
text beside it, where they wrap, run from the right and are read aloud.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from html import escape
from math import floor, log10
from typing import Any, Final

import pandas as pd

from data.analysis.cells import Row, none
from data.analysis.series import Figures, rows
from visuals import tokens
from visuals.charts.points import Drawn, Lines, must_share_an_axis, periods_are_separate
from visuals.language.words import Words

WIDTH, HEIGHT = 460, 170
LEFT, RIGHT, TOP, BOTTOM = 68, 12, 18, 24
ROOMY, PHONE = 760, 360
"""Widths of a page's drawings, in their own units."""
NARROWEST: Final = 1.5
MOST_YEARS: Final = 9
"""More years than this and every second, third … is named."""
LETTER: Final = 6.8
"""Width of a letter at the drawing's size of letters."""
ONE_DAY: Final = pd.Timedelta(days=1)
FONT: Final = '"IBM Plex Sans","Tajawal","Noto Sans","Noto Sans Arabic",sans-serif'


def draw(words: Words, figures: pd.DataFrame, events: pd.DataFrame) -> str:
    """The series as one `<svg>` element; bars for flows, a line for stocks and running counts.

    Args:
        words: The reader's words.
        figures: One part of `data.analysis.series.lines`: one series, oldest first.
        events: Columns of `tables.EVENTS`; those that `marked` gives carry their number.

    Raises:
        MixedAxis: The figures may not share an axis.
    """
    return written(words, Plan(figures, events))


class Plan:
    """What the drawing of a series is in every language, worked out once: all but its words."""

    def __init__(self, figures: Figures, events: Figures) -> None:
        """Take what `draw` takes, as frames or their rows.

        Raises:
            MixedAxis: The figures may not share an axis.
        """
        must_share_an_axis(figures)
        self.read = Lines(figures)
        self.events = marked(figures, events)
        """Those that carry their number, in its order."""
        drawn = self.read.marks
        self.plane = Plane(drawn) if drawn else None
        self.marks = ""
        if self.plane is not None:
            first = self.read.first
            colour = tokens.group(str(first["population_group"]))
            parts = [
                *rules(self.plane, self.events),
                *breaks(self.plane, [day for day, _ in self.read.broken]),
                *_marks(drawn, self.plane, colour, str(first["measure"])),
            ]
            self.marks = "".join(parts)


def written(words: Words, plan: Plan) -> str:
    """A planned drawing in a reader's words, as `draw` gives it."""
    parts = [
        opening(words, (WIDTH, HEIGHT)),
        f"<title>{escape(Drawn(words, plan.read).alternative)}</title>",
        *(grid(words, plan.plane) if plan.plane else ()),
        *(years(words, plan.plane) if plan.plane else ()),
        plan.marks,
        "</svg>",
    ]
    return "".join(parts)


def opening(words: Words, size: tuple[float, float]) -> str:
    """The opening tag of a drawing of a width and height."""
    return (
        f'<svg class="nz-chart" viewBox="0 0 {size[0]:g} {size[1]:g}" role="img" '
        f'lang="{words.language}" xmlns="http://www.w3.org/2000/svg" direction="ltr" '
        f"font-family='{FONT}' font-size=\"12\">"
    )


def for_screens(draw: Callable[[int], str]) -> str:
    """A drawing for wide screens and one for phones, where letters keep their size.

    Args:
        draw: Makes the drawing of a width.
    """
    return f'<div class="nz-roomy">{draw(ROOMY)}</div><div class="nz-phone">{draw(PHONE)}</div>'


def marked(figures: Figures, events: Figures) -> list[Row]:
    """The events inside the figures' time, oldest first; their number is their place in it."""
    taken = rows(figures, ("value", "as_of"))
    days = [row["as_of"] for row in taken if none(row["value"]) is not None]
    known = [day for day in days if none(day) is not None]
    if not known:
        return []
    first, last = min(known), max(known)
    inside = [event for event in rows(events) if first <= event["starts_on"] <= last]
    return sorted(inside, key=lambda event: (event["starts_on"], event["event_code"]))


class Days:
    """Where a day stands in a drawing, from left to right in every language."""

    def __init__(
        self,
        span: tuple[pd.Timestamp, pd.Timestamp],
        size: tuple[float, float],
        edges: tuple[float, float] = (LEFT, RIGHT),
    ) -> None:
        """Lay a first day and the day after the last one between the edges of a drawing."""
        self.first, self.last = span
        self.width, self.height = size
        self.left, self.right = edges
        self._span = (self.last - self.first) / ONE_DAY or 1.0

    def x(self, day: Any) -> float:
        """Where a day stands, from the left."""
        passed = (pd.Timestamp(day) - self.first) / ONE_DAY
        return self.left + passed / self._span * (self.width - self.left - self.right)

    def middle(self, day: Any, label: str) -> float:
        """Where the middle of a day's name stands: beneath it, or as near as the edge allows."""
        half = LETTER * len(label) / 2
        return min(max(self.x(day), self.left + half), self.width - self.right - half)


class Plane(Days):
    """Where a day and a value stand in the drawing."""

    def __init__(
        self,
        drawn: Figures,
        size: tuple[int, int] = (WIDTH, HEIGHT),
        span: tuple[pd.Timestamp, pd.Timestamp] | None = None,
        right: float = RIGHT,
    ) -> None:
        if span is None:
            taken = rows(drawn, ("start", "end", "value"))
            span = (min(row["start"] for row in taken), max(row["end"] for row in taken))
        else:
            taken = rows(drawn, ("value",))
        super().__init__(span, size, (LEFT, right))
        largest = int(max(row["value"] for row in taken))
        self.step = nice_step(largest)
        self.top = highest(largest)

    def y(self, value: float) -> float:
        """Where a value stands, from the top."""
        return self.height - BOTTOM - value / self.top * (self.height - TOP - BOTTOM)


def highest(largest: int) -> int:
    """Where an axis from zero ends: the grid's next line, and one step for nothing but zeros."""
    step = nice_step(largest)
    return step * max(-(-largest // step), 1)


def nice_step(largest: int) -> int:
    """The distance of the grid's lines: 1, 2 or 5 times a power of ten, three to five lines."""
    if largest <= 4:
        return 1
    rough = largest / 4
    power = 10 ** floor(log10(rough))
    return int(next(n * power for n in (1, 2, 5, 10) if n * power >= rough))


def grid(words: Words, plane: Plane) -> Iterator[str]:
    """Lines at round numbers, each with its number."""
    for value in range(0, plane.top + 1, plane.step):
        y = plane.y(value)
        weight = "1.2" if value == 0 else ".8"
        yield (
            f'<path d="M{LEFT} {y:.1f}H{plane.width - plane.right:g}" stroke="{tokens.GRID.light}" '
            f'stroke-width="{weight}"/>'
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" fill="{tokens.SOFT.light}">'
            f"{words.number(value)}</text>"
        )


def years(words: Words, plane: Days) -> Iterator[str]:
    """Years in the middle of their year; months where there are no more than two years."""
    first, last = plane.first, plane.last - pd.Timedelta(days=1)
    if last.year - first.year < 2:
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        every = -(-months // 4)
        names = {}
        for n in range(0, months, every):
            year, month = divmod(first.year * 12 + first.month - 1 + n, 12)
            day = pd.Timestamp(year=year, month=month + 1, day=15)
            names[day] = words.month(date(year, month + 1, 1))
        wide = max(len(name) for name in names.values()) * LETTER
        fit = max(1, int((plane.width - plane.left - plane.right) / (wide + LETTER)))
        taken = -wide
        for day, name in list(names.items())[:: -(-len(names) // fit)]:
            at, half = plane.middle(day, name), LETTER * len(name) / 2
            # Beside an edge a name moves inwards, where its neighbour may stand.
            if at - half < taken + LETTER:
                continue
            taken = at + half
            yield tick(plane, day, name)
        return
    most = int(MOST_YEARS * plane.width // WIDTH)
    every = -(-(last.year - first.year + 1) // most)
    for year in range(first.year, last.year + 1, every):
        middle = pd.Timestamp(year=year, month=7, day=1)
        # A year of which only the last or first days are drawn would stand on its neighbour.
        if first <= middle <= last:
            yield tick(plane, middle, str(year))


def tick(plane: Days, day: pd.Timestamp, label: str, shown: str | None = None) -> str:
    """A day's name at the foot of a drawing; `shown` where marks that nobody sees belong to it."""
    return (
        f'<text x="{plane.middle(day, label):.1f}" y="{plane.height - 6:g}" text-anchor="middle" '
        f'fill="{tokens.SOFT.light}">'
        f"{escape(shown or label)}</text>"
    )


DIGIT: Final = 6.0
"""Width of a figure of an event's number, at its size of letters."""


def rules(plane: Plane, events: Iterable[Row]) -> Iterator[str]:
    """Events as lines; their numbers stand in a row above, "11–13" where each has no room."""
    at = [plane.x(event["starts_on"]) for event in events]
    for x in at:
        yield (
            f'<path d="M{x:.1f} {TOP}V{plane.height - BOTTOM}" stroke="{tokens.EVENT.light}" '
            f'stroke-width=".8" stroke-opacity=".6" stroke-dasharray="2 3"/>'
        )
    for x, number in event_numbers(at, plane.width):
        yield (
            f'<text class="event" x="{x:.1f}" y="{TOP - 5}" text-anchor="middle" font-size="10" '
            f'fill="{tokens.SOFT.light}">{number}</text>'
        )


def event_numbers(at: Sequence[float], width: float) -> list[tuple[float, str]]:
    """Where the numbers of events stand and what they say; none touches another or the edge.

    Args:
        at: Where each event's line stands, from the left on; its number is its place.
        width: Of the drawing.
    """
    found: list[tuple[int, int]] = []
    for number in range(1, len(at) + 1):
        first = number
        while (
            found
            and _number(at, found[-1], width)[2] + DIGIT > _number(at, (first, number), width)[1]
        ):
            first = found.pop()[0]
        found.append((first, number))
    labels = [_number(at, group, width) for group in found]
    return [((left + right) / 2, text) for text, left, right in labels]


def _number(at: Sequence[float], group: tuple[int, int], width: float) -> tuple[str, float, float]:
    """What a run of events is called, and from where to where that stands."""
    first, last = group
    label = f"{first}" if first == last else f"{first}–{last}"
    half = DIGIT * len(label) / 2
    middle = min((at[first - 1] + at[last - 1]) / 2, width - half)
    # Not over the number of the grid's highest line.
    middle = max(middle, LEFT - 4 + half)
    return label, middle - half, middle + half


def breaks(plane: Plane, days: Iterable[pd.Timestamp]) -> Iterator[str]:
    """Where a line may not be read through; why is in the drawing's own sentence."""
    for day in days:
        x = plane.x(day)
        yield (
            f'<path class="break" d="M{x - 2:.1f} {TOP}V{plane.height - BOTTOM}M{x:.1f} {TOP}'
            f'V{plane.height - BOTTOM}" stroke="{tokens.EVENT.light}" stroke-width=".8"/>'
        )


SPAN: Final = 'stroke="{}" stroke-width="3"'
"""How the spans of one drawing look."""
BARS: Final = 'fill="{}" fill-opacity=".8"'
"""How the bars of one drawing look."""


def _marks(drawn: Sequence[Row], plane: Plane, colour: str, measure: str) -> Iterator[str]:
    """Bars for periods that follow one another, spans for those that do not, lines for the rest."""
    if measure == "flow":
        mark, look = (bar, BARS) if periods_are_separate(drawn) else (span, SPAN)
        # Said once for all: a line of months has hundreds of marks, and the page comes slowly.
        yield f"<g {look.format(colour)}>"
        for row in drawn:
            yield mark(plane, row, colour)
        yield "</g>"
        return
    pieces: dict[str, list[str]] = {}
    for row in drawn:
        at = f"{plane.x(row['as_of']):.1f} {plane.y(row['value']):.1f}"
        pieces.setdefault(row["piece"], []).append(at)
    for piece in pieces.values():
        path = "L".join(piece)
        yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>'
    for row in drawn:
        yield dot(plane, row, colour)


def bar(plane: Plane, row: Row, colour: str) -> str:
    """A period as a bar from zero; paler with a dashed edge where its number is not exact."""
    left, right = plane.x(row["start"]), plane.x(row["end"])
    width, y = max(right - left - 0.5, NARROWEST), plane.y(row["value"])
    look = ""
    if row["look"] != "exact":
        look = f' fill-opacity=".35" stroke="{colour}" stroke-dasharray="3 2"'
    return (
        f'<rect x="{left:.1f}" y="{y:.1f}" width="{width:.1f}" '
        f'height="{plane.height - BOTTOM - y:.1f}"{look}/>'
    )


def span(plane: Plane, row: Row, _colour: str) -> str:
    """A period as a stroke at the height of its number; dashed where that is not exact."""
    left = plane.x(row["start"])
    right, y = max(plane.x(row["end"]), left + NARROWEST), plane.y(row["value"])
    look = "" if row["look"] == "exact" else ' stroke-dasharray="5 3"'
    return f'<path class="span" d="M{left:.1f} {y:.1f}H{right:.1f}"{look}/>'


def dot(plane: Plane, row: Row, colour: str) -> str:
    """A full circle for an exact figure, a hollow square for a rounded, a diamond for mid-year."""
    x, y = plane.x(row["as_of"]), plane.y(row["value"])
    hollow = f'fill="{tokens.GROUND.light}" stroke="{colour}" stroke-width="1.4"'
    if row["look"] == "mid_year":
        return f'<path d="M{x:.1f} {y - 4:.1f}l4 4l-4 4l-4-4Z" {hollow}/>'
    if row["look"] == "rounded":
        return f'<path d="M{x - 3:.1f} {y - 3:.1f}h6v6h-6Z" {hollow}/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{colour}"/>'
