"""Dated spans as bars, one line for each place: the right by which aid crossed a border."""

from typing import Any, Final

import altair as alt
import pandas as pd

from visuals import tokens
from visuals.charts.vega_lite import finished
from visuals.language.words import Words

LINE: Final = 34
"""Height of a line, pixels."""
AROUND: Final = 90
"""Axis and legend, pixels: Streamlit fits them into the height."""
COLOURS: Final = {right: pair.light for right, pair in tokens.RIGHT.items()}
DASHES: Final = {"resolution": [1, 0], "consent": [4, 3], "access": [1, 2]}
NARROW: Final = 200
"""Days below which a bar has no room for its name; the name is in the table and on pointing."""


def spans_chart(words: Words, spans: pd.DataFrame) -> alt.LayerChart:
    """Bars from the first to the last day of each span.

    Kinds are told apart by the name on the bar, the legend and the outline, not by colour alone.

    Args:
        words: The reader's words.
        spans: line (where, in words), label (on the bar), kind, kind_name, starts_on, ends_on,
            said (the span in words); a span without an end is drawn to `drawn_to`.
    """
    order = list(dict.fromkeys(spans["line"]))
    x = alt.X("starts_on:T", title=None, axis=alt.Axis(format="%Y", grid=True, tickCount="year"))
    y = alt.Y("line:N", title=None, sort=order, axis=alt.Axis(labelLimit=180, ticks=False))
    names = spans.drop_duplicates("kind").set_index("kind")["kind_name"]
    domain = [str(names[kind]) for kind in COLOURS if kind in names.index]
    colour: Any = alt.Color(
        "kind_name:N",
        title=None,
        scale=alt.Scale(domain=domain, range=[COLOURS[k] for k in COLOURS if k in names.index]),
        legend=alt.Legend(orient="bottom", labelLimit=400),
    )
    tooltips = [alt.Tooltip("said:N", title=words("column.period"))]
    base = alt.Chart(spans).encode(y=y, tooltip=tooltips)
    dashes: Any = alt.StrokeDash(
        "kind_name:N",
        legend=None,
        scale=alt.Scale(domain=domain, range=[DASHES[k] for k in DASHES if k in names.index]),
    )
    bars = base.mark_bar(height=20, fillOpacity=0.35, strokeWidth=1.5).encode(
        x=x, x2="ends_on:T", color=colour, stroke=colour, strokeDash=dashes
    )
    wide = spans[(spans["ends_on"] - spans["starts_on"]).dt.days >= NARROW]
    text = (
        alt.Chart(wide)
        .mark_text(align="center", fontSize=11, limit=170)
        .encode(y=y, x="middle:T", text="label:N", tooltip=tooltips)
    )
    chart = alt.layer(bars, text)
    return finished(words, chart.properties(height=LINE * len(order) + AROUND, width="container"))
