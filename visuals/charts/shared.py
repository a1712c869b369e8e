"""Lines of several places and publishers on one time axis, as a small drawing.

Each line carries its number at its end, as the key beneath tells it: colour is never alone. Where
there is room, what makes it differ from the others stands beside the number.
"""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

import pandas as pd

from data.analysis.shared_axis import compared, unbroken_runs
from visuals import tokens
from visuals.charts import svg
from visuals.charts.frame import BOLD_ARABIC, Key
from visuals.charts.points import ACROSS, Drawn, broken, must_share_an_axis, periods_are_separate
from visuals.language import figure_text
from visuals.language.words import Words

SIZE: Final = (svg.ROOMY, 300)
NARROW: Final = (svg.PHONE, 240)
"""For a phone."""
APART: Final = 12.0
"""Between the numbers of two lines that end at one height."""
LONGEST: Final = 24
"""Letters of a name at the end of a line; a longer one is in the key alone."""
AT_THE_EDGE: Final = 0.06
"""Share of the axis within which a line ends where names stand: a name farther off names nobody."""


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
    must_share_an_axis(compared(figures), ACROSS)
    read = Drawn(words, figures)
    drawn, read_parts, cuts = read.points, _keys(read), read.broken
    name = _alternative(words, figures, len(read_parts), [sentence for _, sentence in cuts])
    plane = svg.Plane(drawn, size, span)
    names = _names(read, plane) if size[0] >= svg.ROOMY else {}
    if names:
        room = svg.LETTER * max(len(name) + 2 for name in names.values())
        plane = svg.Plane(drawn, size, span, svg.RIGHT + room)
    flow = figures["measure"].iat[0] == "flow"
    numbered = drawn.assign(number=[int(piece.partition("-")[0]) for piece in drawn["piece"]])
    parts = [
        _measured(svg.opening(words, size), plane),
        f"<title>{escape(name)}</title>",
        *svg.grid(words, plane),
        *svg.years(words, plane),
        *svg.rules(plane, svg.marked(figures, events)),
        *svg.breaks(plane, dict.fromkeys(day for day, _ in cuts)),
        *_marks(numbered, read_parts, plane, flow=flow),
        *_ends(words, numbered, read_parts, names, plane, flow=flow),
        "</svg>",
    ]
    return "".join(parts)


def _measured(opening: str, plane: svg.Plane) -> str:
    """The opening tag with the days of the axis, which a hand on the page marks a part of."""
    days = {"first": plane.first, "last": plane.last}
    attributes = {name: f"{day:%Y-%m-%d}" for name, day in days.items()}
    attributes |= {"left": f"{svg.LEFT}", "right": f"{plane.right:g}"}
    data_attributes = " ".join(f'data-{name}="{value}"' for name, value in attributes.items())
    return opening.replace("<svg", f"<svg {data_attributes}", 1)


def keys(words: Words, figures: pd.DataFrame) -> list[Key]:
    """What each line is, in the order of their numbers: its place and who counted."""
    return _keys(Drawn(words, figures))


def _keys(read: Drawn) -> list[Key]:
    """Each line's key: a place has one colour, or a line where all are of one place."""
    words, found = read.words, []
    ends = [line[-1] for line in read.lines]
    of_place = list(dict.fromkeys(str(last["place_code"]) for last in ends))
    for at, last in enumerate(ends):
        labels = [words.place(str(last["place_code"])), figure_text.publisher(words, last)]
        labels.append(figure_text.dataset(words, last))
        shown = of_place.index(str(last["place_code"])) if len(of_place) > 1 else at
        tone, _ = tokens.LINES[shown % len(tokens.LINES)]
        _, dashes = tokens.LINES[at % len(tokens.LINES)]
        found.append(Key(at + 1, tone.light, dashes, " · ".join(labels)))
    return found


def _names(read: Drawn, plane: svg.Plane) -> dict[int, str]:
    """What stands beside the number of each line that runs to the edge of its axis.

    That is its place, with the publisher where a place has several lines; where all lines are of
    one place, the publisher. Lines are named alike: if one name is too long, all are shorter.
    """
    words, ends = read.words, [line[-1] for line in read.lines]
    end = "reference_period_end" if ends[0]["measure"] == "flow" else "as_of"
    where = [words.place(str(last["place_code"])) for last in ends]
    who = [figure_text.publisher(words, last) for last in ends]
    at_the_edge = [at for at, last in enumerate(ends) if _at_the_edge(plane, plane.x(last[end]))]
    if len(set(where)) == 1:
        ways = [who] if len(set(who)) > 1 else []
    else:
        both = [
            name if where.count(name) == 1 else f"{name} · {publisher}"
            for name, publisher in zip(where, who, strict=True)
        ]
        ways = [both, where]
    for way in ways:
        if all(len(way[at]) <= LONGEST for at in at_the_edge):
            return {at + 1: way[at] for at in at_the_edge}
    return {}


def _at_the_edge(plane: svg.Plane, x: float) -> bool:
    axis = plane.width - plane.left - plane.right
    return x >= plane.width - plane.right - AT_THE_EDGE * axis


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


def _ends(
    words: Words,
    drawn: pd.DataFrame,
    keys: list[Key],
    names: Mapping[int, str],
    plane: svg.Plane,
    *,
    flow: bool,
) -> Iterator[str]:
    """Each line's number at its end, with its name where it has one; none covers another."""
    if len(keys) < 2:
        return
    ends = []
    for number, line in drawn.groupby("number", sort=True):
        last, key = line.iloc[-1], keys[int(str(number))]
        x = plane.x(last["end" if flow else "as_of"])
        # All that end at the edge stand in one column.
        x = plane.width - plane.right if names and _at_the_edge(plane, x) else x
        ends.append((x, plane.y(last["value"]), key))
    placed: list[tuple[float, float]] = []
    for x, y, key in sorted(ends, key=lambda end: end[1]):
        near = [at for other, at in placed if abs(other - x) < APART]
        free = max([y, *(at + APART for at in near)]) if near else y
        placed.append((x, free))
        name = names.get(key.number)
        family = BOLD_ARABIC if words.rtl else ""
        named = ""
        if name is not None:
            named = f'<tspan dx="4"{family}>{escape(words.isolated(name))}</tspan>'
        yield (
            f'<text x="{x + 5:.1f}" y="{free + 4:.1f}" font-size="11" '
            f'font-weight="600" fill="{key.colour}">{key.number}{named}</text>'
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
