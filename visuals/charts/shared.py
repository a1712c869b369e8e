"""Lines of several places and publishers on one time axis, as a small drawing.

Each line carries its number at its end, as the key beneath tells it: colour is never alone.
"""

from collections.abc import Iterator
from html import escape
from typing import Any, Final

import pandas as pd

from data.analysis.shared_axis import unbroken_runs
from visuals import tokens
from visuals.charts import svg
from visuals.charts.frame import Key
from visuals.charts.points import ACROSS, Drawn, broken, must_share_an_axis, periods_are_separate
from visuals.language import figure_text
from visuals.language.words import Words

SIZE: Final = (svg.ROOMY, 300)
NARROW: Final = (svg.PHONE, 240)
"""For a phone."""
APART: Final = 12.0
"""Between the numbers of two lines that end at one height."""


def draw(
    words: Words,
    figures: pd.DataFrame,
    events: pd.DataFrame,
    *,
    size: tuple[int, int] = SIZE,
    span: tuple[pd.Timestamp, pd.Timestamp] | None = None,
) -> str:
    """Several lines as one `<svg>` element; flows as spans, the rest as lines and dots.

    Args:
        words: The reader's words.
        figures: One of `data.analysis.shared_axis.split_into_axes`.
        events: Columns of `tables.EVENTS`; those inside the figures' time carry their number.
        size: Width and height of the drawing's own units.
        span: First day and the day after the last one of the axis; the figures' own without.

    Raises:
        MixedAxis: The figures may not share an axis.
    """
    must_share_an_axis(figures, ACROSS)
    read = Drawn(words, figures)
    drawn, read_parts, cuts = read.points, _keys(read), read.broken
    name = _alternative(words, figures, len(read_parts), [sentence for _, sentence in cuts])
    plane = svg.Plane(drawn, size, span)
    numbered = drawn.assign(number=[int(piece.partition("-")[0]) for piece in drawn["piece"]])
    parts = [
        _measured(svg.opening(words, size), plane),
        f"<title>{escape(name)}</title>",
        *svg.grid(words, plane),
        *svg.years(words, plane),
        *svg.rules(plane, svg.marked(figures, events)),
        *svg.breaks(plane, dict.fromkeys(day for day, _ in cuts)),
        *_marks(numbered, read_parts, plane, flow=figures["measure"].iat[0] == "flow"),
        "</svg>",
    ]
    return "".join(parts)


def _measured(opening: str, plane: svg.Plane) -> str:
    """The opening tag with the days of the axis, which a hand on the page marks a part of."""
    days = {"first": plane.first, "last": plane.last}
    attributes = {name: f"{day:%Y-%m-%d}" for name, day in days.items()}
    attributes |= {"left": f"{svg.LEFT}", "right": f"{svg.RIGHT}"}
    data_attributes = " ".join(f'data-{name}="{value}"' for name, value in attributes.items())
    return opening.replace("<svg", f"<svg {data_attributes}", 1)


def keys(words: Words, figures: pd.DataFrame) -> list[Key]:
    """What each line is, in the order of their numbers: its place and who counted."""
    return _keys(Drawn(words, figures))


def _keys(read: Drawn) -> list[Key]:
    words, found = read.words, []
    for at, line in enumerate(read.lines):
        last = line[-1]
        labels = [words.place(str(last["place_code"])), figure_text.publisher(words, last)]
        labels.append(figure_text.dataset(words, last))
        tone, dashes = tokens.LINES[at % len(tokens.LINES)]
        found.append(Key(at + 1, tone.light, dashes, " · ".join(labels)))
    return found


def _alternative(words: Words, figures: pd.DataFrame, count: int, cuts: list[str]) -> str:
    """The drawing in one sentence, and where its lines are broken, for those who do not see it."""
    known = figures[figures["value"].notna()]
    text = words(
        "chart.alt_lines",
        series=figure_text.series_name(words, known.iloc[-1]),
        count=words.number(len(known)),
        lines=words.number(count),
        first=words.day(known["as_of"].min()),
        last=words.day(known["as_of"].max()),
    )
    return " ".join([text, *cuts])


def _marks(drawn: pd.DataFrame, keys: list[Key], plane: svg.Plane, *, flow: bool) -> Iterator[str]:
    bars = flow and periods_are_separate(drawn)
    ends: list[tuple[float, float, Key]] = []
    for number, line in drawn.groupby("number", sort=True):
        key = keys[int(str(number))]
        rows = line.to_dict("records")
        if flow:
            mark = svg.bar if bars else svg.span
        else:
            mark = svg.dot
            yield from _strokes(line, plane, key)
        if flow:
            yield f"<g {(svg.BARS if bars else svg.SPAN).format(key.colour)}>"
        for row in rows:
            label = escape(f"{key.label}: {row['shown']} · {row['when']}")
            yield f"<g><title>{label}</title>{mark(plane, row, key.colour)}</g>"
        if flow:
            yield "</g>"
        if flow and not bars and len(keys) > 1:
            yield from _numbered(rows, plane, key)
        last = rows[-1]
        ends.append((plane.x(last["end" if flow else "as_of"]), plane.y(last["value"]), key))
    if len(ends) > 1:
        yield from _numbers(ends)


def _strokes(line: pd.DataFrame, plane: svg.Plane, key: Key) -> Iterator[str]:
    """A stroke through what lies close together; a figure that stands alone is a dot."""
    for _, piece in line.groupby("piece", sort=False):
        at = list(zip(piece["as_of"], piece["value"], strict=True))
        for first, last in unbroken_runs([day for day, _ in at]):
            if first == last:
                continue
            path = "L".join(
                f"{plane.x(day):.1f} {plane.y(value):.1f}" for day, value in at[first : last + 1]
            )
            dashes = f' stroke-dasharray="{key.dashes}"' if key.dashes else ""
            yield (
                f'<path d="M{path}" fill="none" stroke="{key.colour}" stroke-width="1.6"{dashes}/>'
            )


def _numbered(rows: list[dict[Any, Any]], plane: svg.Plane, key: Key) -> Iterator[str]:
    """The line's number over its spans: which publisher's one is, nobody reads off a colour."""
    before = -APART * 2
    for row in rows:
        x, y = plane.x(row["start"]), plane.y(row["value"])
        if abs(x - before) < APART * 1.5:
            continue
        before = x
        yield (
            f'<text x="{x:.1f}" y="{y - 4:.1f}" font-size="9" font-weight="600" '
            f'fill="{key.colour}">{key.number}</text>'
        )


def _numbers(ends: list[tuple[float, float, Key]]) -> Iterator[str]:
    """Each line's number at its end; numbers that would cover one another move down."""
    placed: list[tuple[float, float]] = []
    for x, y, key in sorted(ends, key=lambda end: end[1]):
        near = [at for other, at in placed if abs(other - x) < APART]
        free = max([y, *(at + APART for at in near)]) if near else y
        placed.append((x, free))
        yield (
            f'<text x="{x + 5:.1f}" y="{free + 4:.1f}" font-size="11" '
            f'font-weight="600" fill="{key.colour}">{key.number}</text>'
        )


def key_row(key: Key) -> str:
    """A line of the key as an item of a list."""
    dashes = f' stroke-dasharray="{key.dashes}"' if key.dashes else ""
    return (
        '<li><svg width="34" height="10" aria-hidden="true"><path d="M0 5H34" '
        f'stroke="{key.colour}" stroke-width="2.4"{dashes}/></svg> '
        f"{key.number} {escape(key.label)}</li>"
    )


def broken_sentences(words: Words, figures: pd.DataFrame) -> str:
    """Where the lines are broken and why, as one text."""
    return " ".join(dict.fromkeys(sentence for _, sentence in broken(words, figures)))
