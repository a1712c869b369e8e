"""Figures of several publishers on one axis: only where kind, unit, group and part are equal."""

from collections.abc import Iterator
from html import escape
from typing import Final

import pandas as pd

from data.analysis.comparison import ONE_AXIS
from visuals import tokens
from visuals.charts import svg
from visuals.charts.frame import wrapped
from visuals.charts.points import must_share_an_axis
from visuals.language import figure_text, reasons
from visuals.language.words import Words

EDGE: Final = 8
"""Left and right of the axis, where half of a dot may lie on it."""
LETTERS: Final = 12
LINE: Final = 16
"""Height of a line of words."""
MARK: Final = 24
"""Height of a figure's mark and the room beneath it."""


class _Axis:
    """Numbers from zero on, from the side where the language begins."""

    def __init__(self, largest: int, width: int, *, rtl: bool) -> None:
        self.top, self.step = svg.highest(largest), svg.nice_step(largest)
        self.width, self.rtl = width, rtl
        self.begin = self.x(0)

    def x(self, value: float) -> float:
        """Where a number stands, from the left."""
        passed = EDGE + value / self.top * (self.width - 2 * EDGE)
        return self.width - passed if self.rtl else passed


def dots(words: Words, figures: pd.DataFrame, width: int = svg.ROOMY) -> str:
    """One dot for each figure on an axis from zero, beneath its publisher and day: an `<svg>`.

    Args:
        words: The reader's words.
        figures: Rows of `tables.FIGURES` that have a number; one kind, unit, group and part.
        width: Of the drawing.

    Raises:
        MixedAxis: They may not share an axis.
    """
    must_share_an_axis(figures, ONE_AXIS)
    axis = _Axis(int(figures["value"].max()), width, rtl=words.rtl)
    colour = tokens.group(str(figures["population_group"].iloc[0]))
    parts, y = [], 0
    for row in figures.to_dict("records"):
        shown, label = figure_text.value(words, row), _label(words, row)
        for line in wrapped(f"{shown} · {label}", width - 2 * EDGE, LETTERS):
            y += LINE
            parts.append(_name(words, line, axis, y))
        mark = "".join(_mark(int(row["value"]), axis, y + MARK / 2, colour))
        parts.append(f"<g><title>{escape(f'{label}: {shown}')}</title>{mark}</g>")
        y += MARK
    height = y + LINE
    return "".join(
        [
            svg.opening(words, (width, height)),
            f"<title>{escape(alternative(words, figures))}</title>",
            *parts,
            *_numbers(words, axis, height - 4),
            "</svg>",
        ]
    )


def _name(words: Words, line: str, axis: _Axis, y: float) -> str:
    anchor = "end" if words.rtl else "start"
    return (
        f'<text x="{axis.begin:g}" y="{y}" text-anchor="{anchor}" fill="{tokens.INK.light}">'
        f"{escape(words.isolated(line))}</text>"
    )


def _mark(value: int, axis: _Axis, y: float, colour: str) -> Iterator[str]:
    """The grid's numbers as short strokes, and the figure's stroke from zero to its dot."""
    for at in range(0, axis.top + 1, axis.step):
        yield (
            f'<path d="M{axis.x(at):.1f} {y - 6:.1f}v12" stroke="{tokens.GRID.light}" '
            'stroke-width=".8"/>'
        )
    end = axis.x(value)
    yield f'<path d="M{axis.begin:g} {y:.1f}H{end:.1f}" stroke="{colour}" stroke-width="2"/>'
    yield f'<circle class="value" cx="{end:.1f}" cy="{y:.1f}" r="5" fill="{colour}"/>'


def _numbers(words: Words, axis: _Axis, y: float) -> Iterator[str]:
    for at in range(0, axis.top + 1, axis.step):
        x = axis.x(at)
        anchor = "start" if x <= EDGE else "end" if x >= axis.width - EDGE else "middle"
        yield (
            f'<text class="axis" x="{x:.1f}" y="{y:g}" text-anchor="{anchor}" '
            f'fill="{tokens.SOFT.light}">{words.number(at)}</text>'
        )


def alternative(words: Words, figures: pd.DataFrame) -> str:
    """The chart in one sentence, for those who do not see it."""
    rows = figures.sort_values(["value", "figure_id"]).to_dict("records")
    low, high = rows[0], rows[-1]
    return words(
        "compare.axis_alt",
        count=words.number(len(rows)),
        low=figure_text.value(words, low),
        low_who=figure_text.publisher(words, low),
        high=figure_text.value(words, high),
        high_who=figure_text.publisher(words, high),
    )


def _label(words: Words, row: dict[str, object]) -> str:
    """Who and when; two figures of one body and day differ by their window or country."""
    parts = [figure_text.publisher(words, row), reasons.window(words, row)]
    asylum = row["asylum_location_code"]
    if row["population_group"] == "RET" and pd.notna(asylum):
        parts.append(words.place(str(asylum)))
    return " · ".join(parts)
