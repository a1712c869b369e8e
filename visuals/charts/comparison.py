"""Figures of several publishers on one axis: only where kind, unit and group are equal."""

from typing import Final, Literal

import altair as alt
import pandas as pd

from visuals import tokens
from visuals.charts.points import MixedAxis
from visuals.charts.vega_lite import finished
from visuals.language import figure_text, reasons
from visuals.language.words import Words

ALONE: Final = ("measure", "unit", "population_group")
ROW: Final = 40
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
            "figure_id": [str(code) for code in figures["figure_id"]],
            "value": [int(value) for value in figures["value"]],
            "label": [_label(words, row) for row in figures.to_dict("records")],
            "shown": [figure_text.value(words, row) for row in figures.to_dict("records")],
        }
    )
    drawn["line"] = drawn["shown"] + " · " + drawn["label"]
    if words.rtl:
        # A line that begins with a number would be laid out from the left.
        drawn["line"] = "\u2067" + drawn["line"] + "\u2069"
    base = alt.Chart(drawn).encode(
        y=alt.Y("figure_id:N", title=None, sort=None, axis=None),
        tooltip=[
            alt.Tooltip("label:N", title=words("column.publisher")),
            alt.Tooltip("shown:N", title=words("column.value")),
        ],
    )
    x = alt.X(
        "value:Q",
        title=words(f"unit.{figures['unit'].iloc[0]}"),
        scale=alt.Scale(zero=True, nice=True, reverse=words.rtl),
        axis=alt.Axis(format=",d", tickCount=4, grid=True, domain=False),
    )
    colour = tokens.group(str(figures["population_group"].iloc[0]))
    side: Literal["left", "right"] = "right" if words.rtl else "left"
    # Names stand above their dots: beside them they would leave a phone no room for the axis.
    names = base.mark_text(
        align=side, baseline="bottom", dy=-3, fontSize=12, limit=alt.ExprRef("width")
    ).encode(
        x=alt.value(alt.ExprRef("width") if words.rtl else 0),
        text="line:N",
        color=alt.value(tokens.OTHER.light),
    )
    chart = alt.layer(
        base.mark_rule(color=colour, strokeWidth=2, yOffset=6).encode(x=x, x2=alt.datum(0)),
        base.mark_point(filled=True, size=90, color=colour, opacity=1, yOffset=6).encode(x=x),
        names,
    )
    return finished(words, chart.properties(height=alt.Step(ROW), width="container"))


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
    """Who and when; two figures of one body and day are told apart by their window or country."""
    parts = [figure_text.publisher(words, row), reasons.window(words, row)]
    asylum = row["asylum_location_code"]
    if row["population_group"] == "RET" and pd.notna(asylum):
        parts.append(words.place(str(asylum)))
    return " · ".join(parts)
