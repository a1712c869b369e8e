"""A figure's life: its value by the day from which it was known, as steps."""

from collections.abc import Iterator
from datetime import date
from html import escape
from typing import Any, Final

import pandas as pd

from visuals import tokens
from visuals.charts import svg
from visuals.language import figure_text
from visuals.language.words import Words

HEIGHT: Final = 190


def life_chart(words: Words, vintages: pd.DataFrame, until: date, width: int = svg.ROOMY) -> str:
    """The known value by day, as an `<svg>`: it holds until the publisher says another.

    Args:
        words: The reader's words.
        vintages: Every vintage of one figure, in the order they were known; where the value is
            null it was withdrawn, and nothing is drawn until the next.
        until: The day that is shown.
        width: Of the drawing.
    """
    rows: list[dict[Any, Any]] = vintages.to_dict("records")
    last = max(pd.Timestamp(until), rows[-1]["known_from"])
    values = vintages["value"].fillna(0)
    plane = svg.Plane(
        pd.DataFrame({"value": values}), (width, HEIGHT), (rows[0]["known_from"], last)
    )
    colour = tokens.group(str(rows[-1]["population_group"]))
    return "".join(
        [
            svg.opening(words, (width, HEIGHT)),
            f"<title>{escape(alternative(words, vintages))}</title>",
            *svg.grid(words, plane),
            *_days(words, plane, [row["known_from"] for row in rows]),
            _steps(plane, rows, last, colour),
            *(_vintage(words, plane, row, colour) for row in rows if pd.notna(row["value"])),
            "</svg>",
        ]
    )


def _steps(plane: svg.Plane, rows: list[dict[Any, Any]], last: pd.Timestamp, colour: str) -> str:
    path, joined = "", False
    ends = [*(row["known_from"] for row in rows[1:]), last]
    for row, end in zip(rows, ends, strict=True):
        known = pd.notna(row["value"])
        if known:
            y = f"{plane.y(row['value']):.1f}"
            path += f"V{y}" if joined else f"M{plane.x(row['known_from']):.1f} {y}"
            path += f"H{plane.x(end):.1f}"
        joined = known
    return f'<path class="life" d="{path}" fill="none" stroke="{colour}" stroke-width="1.8"/>'


def _vintage(words: Words, plane: svg.Plane, row: dict[Any, Any], colour: str) -> str:
    x, y = plane.x(row["known_from"]), plane.y(row["value"])
    label = escape(f"{figure_text.value(words, row)} · {words.day(row['known_from'])}")
    return f'<g><title>{label}</title><circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/></g>'


def _days(words: Words, plane: svg.Plane, days: list[pd.Timestamp]) -> Iterator[str]:
    """The days on which a value was first known, the last ones first, as many as have room."""
    free = float(plane.width)
    for day in reversed(list(dict.fromkeys(days))):
        name = words.day(day)
        middle, half = plane.middle(day, name), svg.LETTER * len(name) / 2
        if middle + half <= free:
            free = middle - half - svg.LETTER
            yield svg.tick(plane, day, name, words.isolated(name))


def alternative(words: Words, vintages: pd.DataFrame) -> str:
    """The chart in one sentence, for those who do not see it."""
    first, last = vintages.iloc[0], vintages.iloc[-1]
    return words(
        "provenance.life_alt",
        count=words.number(len(vintages)),
        first=figure_text.value(words, first),
        first_day=words.day(first["known_from"]),
        last=figure_text.value(words, last),
        last_day=words.day(last["known_from"]),
    )
