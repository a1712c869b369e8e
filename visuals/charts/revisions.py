"""A figure's life: its value by the day from which it was known, as steps."""

from datetime import date
from typing import Any, Final

import altair as alt
import pandas as pd

from visuals import tokens
from visuals.charts.vega_lite import finished
from visuals.language import figure_text
from visuals.language.words import Words

HEIGHT: Final = 190
DAY: Final = "\u2068%-d %b %Y\u2069"
"""A day on the axis. Isolated, so that it runs as its month's letters do: drawings know no page."""


def steps(words: Words, vintages: pd.DataFrame, until: date) -> pd.DataFrame:
    """What is drawn: one row for each vintage, and the last one again on the day that is shown.

    Args:
        words: The reader's words.
        vintages: Every vintage of one figure, in the order they were known.
        until: The day that is shown.

    Returns:
        Columns known_from, value (null where it was withdrawn), shown, day, vintage (False for
        the added last point).
    """
    rows: list[dict[str, Any]] = [
        {
            "known_from": row["known_from"],
            "value": None if pd.isna(row["value"]) else int(row["value"]),
            "shown": figure_text.value(words, row),
            "day": words.day(row["known_from"]),
            "vintage": True,
        }
        for row in vintages.to_dict("records")
    ]
    last = max(pd.Timestamp(until), pd.Timestamp(rows[-1]["known_from"]))
    return pd.DataFrame([*rows, rows[-1] | {"known_from": last, "vintage": False}])


def life_chart(words: Words, vintages: pd.DataFrame, until: date) -> alt.LayerChart:
    """The known value by day: it holds until the publisher says another."""
    drawn = steps(words, vintages, until)
    first = vintages.iloc[-1]
    colour = tokens.group(str(first["population_group"]))
    base = alt.Chart(drawn).encode(
        x=alt.X(
            "known_from:T",
            title=words("column.known_from"),
            axis=alt.Axis(grid=False, labelOverlap=True, tickCount=6, format=DAY),
        ),
        y=alt.Y(
            "value:Q",
            title=words(f"unit.{first['unit']}"),
            scale=alt.Scale(zero=True, nice=True),
            axis=alt.Axis(format=",d", tickCount=3, domain=False),
        ),
        tooltip=[
            alt.Tooltip("shown:N", title=words("column.value")),
            alt.Tooltip("day:N", title=words("column.known_from")),
        ],
    )
    chart = alt.layer(
        base.mark_line(interpolate="step-after", strokeWidth=1.8, color=colour),
        base.transform_filter("datum.vintage").mark_point(
            filled=True, size=60, color=colour, opacity=1
        ),
    )
    return finished(words, chart.properties(height=HEIGHT, width="container"))


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
