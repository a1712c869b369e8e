"""Figures of several publishers on one axis: only where kind, unit and group are equal."""

from typing import Final

import altair as alt
import pandas as pd

from visuals import palette, reasons, text
from visuals.charts import MixedAxis
from visuals.words import Words

ALONE: Final = ("measure", "unit", "population_group")
ROW: Final = 26
"""Height of one figure's row, pixels."""


def dots(words: Words, figures: pd.DataFrame) -> alt.LayerChart:
    """One dot for each figure on an axis from zero, with its publisher and day beside it.

    Args:
        words: The reader's words.
        figures: Rows of `tables.FIGURES` that have a number; one kind, unit and group.

    Raises:
        MixedAxis: They may not share an axis.
    """
    for name in ALONE:
        if figures[name].nunique(dropna=False) > 1:
            raise MixedAxis(f"A comparison was given figures of more than one {name}.")
    drawn = pd.DataFrame(
        {
            "value": [int(value) for value in figures["value"]],
            "label": [_label(words, row) for row in figures.to_dict("records")],
            "shown": [text.value(words, row) for row in figures.to_dict("records")],
        }
    )
    base = alt.Chart(drawn).encode(
        y=alt.Y(
            "label:N",
            title=None,
            sort=None,
            axis=alt.Axis(
                labelLimit=330,
                ticks=False,
                domain=False,
                grid=True,
                orient="right" if words.rtl else "left",
            ),
        ),
        x=alt.X(
            "value:Q",
            title=words(f"unit.{figures['unit'].iloc[0]}"),
            scale=alt.Scale(zero=True, nice=True, reverse=words.rtl),
            axis=alt.Axis(format=",d", tickCount=4, grid=False),
        ),
        tooltip=[
            alt.Tooltip("label:N", title=words("column.publisher")),
            alt.Tooltip("shown:N", title=words("column.value")),
        ],
    )
    colour = palette.group(str(figures["population_group"].iloc[0]))
    chart: alt.LayerChart = (
        alt.layer(
            base.mark_point(filled=True, size=90, color=colour, opacity=1),
            base.mark_text(
                align="right" if words.rtl else "left", dx=-9 if words.rtl else 9
            ).encode(text="shown:N", color=alt.value(palette.OTHER)),
        )
        .properties(height=alt.Step(ROW), width="container")
        .configure(locale=words.vega_locale())
        .configure_view(stroke=None)
    )
    return chart


def alternative(words: Words, figures: pd.DataFrame) -> str:
    """The chart in one sentence, for those who do not see it."""
    rows = figures.sort_values(["value", "figure_id"]).to_dict("records")
    low, high = rows[0], rows[-1]
    return words(
        "compare.axis_alt",
        count=words.number(len(rows)),
        low=text.value(words, low),
        low_who=text.publisher(words, low),
        high=text.value(words, high),
        high_who=text.publisher(words, high),
    )


def _label(words: Words, row: dict[str, object]) -> str:
    """Who and when; two figures of one body and day are told apart by their window or country."""
    parts = [text.publisher(words, row), reasons.window(words, row)]
    asylum = row["asylum_location_code"]
    if row["population_group"] == "RET" and pd.notna(asylum):
        parts.append(words.place(str(asylum)))
    return " · ".join(parts)
