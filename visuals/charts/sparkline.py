"""A line the size of a word, as an image with a text alternative. Drawn at the true dates."""

from base64 import b64encode
from html import escape

import pandas as pd

from visuals import palette
from visuals.language.words import Words

WIDTH, HEIGHT, EDGE = 220.0, 36.0, 3.0


def sparkline(words: Words, line: pd.DataFrame) -> str:
    """The history of one series; empty where there are fewer than two figures.

    Args:
        words: The reader's words.
        line: Figures of one series, oldest first: `as_of`, `value`, `population_group`.
    """
    known = line[line["value"].notna()]
    if len(known) < 2:
        return ""
    days = known["as_of"].astype("int64").to_list()
    values = [float(v) for v in known["value"]]
    points = list(
        zip(_scaled(days, WIDTH), (HEIGHT - y for y in _scaled(values, HEIGHT, 0)), strict=True)
    )
    path = " ".join(f"{x:.0f},{y:.1f}" for x, y in points)
    colour = palette.group(str(known["population_group"].iloc[0]))
    label = words(
        "figure.spark",
        count=words.number(len(known)),
        first=f"{words.day(known['as_of'].iloc[0])}: {words.number(known['value'].iloc[0])}",
        last=f"{words.day(known['as_of'].iloc[-1])}: {words.number(known['value'].iloc[-1])}",
    )
    x, y = points[-1]
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" '
        f'width="{WIDTH:g}" height="{HEIGHT:g}" preserveAspectRatio="none">'
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6" '
        'vector-effect="non-scaling-stroke" stroke-linejoin="round"/>'
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x:.1f}" y2="{y:.1f}" stroke="{colour}" '
        'stroke-width="6" stroke-linecap="round" vector-effect="non-scaling-stroke"/></svg>'
    )
    # As an image: Streamlit takes drawings out of a page's HTML, and images stay.
    data = b64encode(drawing.encode()).decode()
    shown = escape(label, quote=True)
    return (
        f'<img class="nz-spark" src="data:image/svg+xml;base64,{data}" '
        f'alt="{shown}" title="{shown}">'
    )


def _scaled(
    values: list[float] | list[int], length: float, floor: float | None = None
) -> list[float]:
    """Values spread over a length, inside its edges; from `floor` where one is given."""
    low = min(values) if floor is None else floor
    span = (max(values) - low) or 1
    return [EDGE + (v - low) / span * (length - 2 * EDGE) for v in values]
