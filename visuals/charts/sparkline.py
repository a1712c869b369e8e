"""A line the size of a word, as an image with a text alternative. Drawn at the true dates."""

from base64 import b64encode
from collections.abc import Mapping
from html import escape

import pandas as pd

from visuals import tokens
from visuals.language.words import Words

WIDTH, HEIGHT, EDGE = 220.0, 36.0, 3.0
Point = tuple[float, float]


def sparkline(words: Words, line: pd.DataFrame, cuts: Mapping[int, str]) -> str:
    """The history of one series; empty where there are fewer than two figures.

    Args:
        words: The reader's words.
        line: Figures of one series that have a number, oldest first: `as_of`, `value`,
            `population_group`.
        cuts: Positions of those that do not compare with the one before, with the reason, as
            `data.analysis.comparable.breaks` gives them: no stroke joins them.
    """
    known = line[line["value"].notna()]
    if len(known) < 2:
        return ""
    days = known["as_of"].astype("int64").to_list()
    values = [float(v) for v in known["value"]]
    points = list(
        zip(_scaled(days, WIDTH), (HEIGHT - y for y in _scaled(values, HEIGHT, 0)), strict=True)
    )
    colour = tokens.group(str(known["population_group"].iloc[0]))
    label = words(
        "figure.spark",
        count=words.number(len(known)),
        first=f"{words.day(known['as_of'].iloc[0])}: {words.number(known['value'].iloc[0])}",
        last=f"{words.day(known['as_of'].iloc[-1])}: {words.number(known['value'].iloc[-1])}",
    )
    heard = f"{label}."
    for at, reason in cuts.items():
        day, why = words.day(known["as_of"].iloc[at]), words(f"not_comparable.{reason}")
        heard += f" {words('chart.break', day=day, why=why)}"
    strokes = "".join(_stroke(piece) for piece in _pieces(points, cuts))
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" '
        f'width="{WIDTH:g}" height="{HEIGHT:g}" preserveAspectRatio="none" fill="none" '
        f'stroke="{colour}" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">'
        f"{strokes}{_dot(points[-1], 6)}</svg>"
    )
    # As an image: Streamlit takes drawings out of a page's HTML, and images stay.
    data = b64encode(drawing.encode()).decode()
    return (
        f'<img class="nz-spark" src="data:image/svg+xml;base64,{data}" '
        f'alt="{escape(heard, quote=True)}" title="{escape(label, quote=True)}">'
    )


def _pieces(points: list[Point], cuts: Mapping[int, str]) -> list[list[Point]]:
    pieces: list[list[Point]] = []
    for at, point in enumerate(points):
        if not pieces or at in cuts:
            pieces.append([])
        pieces[-1].append(point)
    return pieces


def _stroke(piece: list[Point]) -> str:
    """A line through the points of a piece; a dot where it is one alone."""
    if len(piece) == 1:
        return _dot(piece[0], 3.5)
    path = "L".join(f"{x:.0f},{y:.1f}" for x, y in piece)
    return f'<path d="M{path}" vector-effect="non-scaling-stroke"/>'


def _dot(at: Point, width: float) -> str:
    """A dot that stays round where the drawing is stretched: a stroke without length."""
    return (
        f'<path d="M{at[0]:.0f},{at[1]:.1f}h0" stroke-width="{width:g}" '
        'vector-effect="non-scaling-stroke"/>'
    )


def _scaled(
    values: list[float] | list[int], length: float, floor: float | None = None
) -> list[float]:
    """Values spread over a length, inside its edges; from `floor` where one is given."""
    low = min(values) if floor is None else floor
    span = (max(values) - low) or 1
    return [EDGE + (v - low) / span * (length - 2 * EDGE) for v in values]
