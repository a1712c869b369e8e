"""Figures in, Altair charts out: one kind, one unit, one source on an axis, drawn at true dates.

No Streamlit here, so a test can read the chart's specification.
"""

from typing import Any, Final

import altair as alt
import pandas as pd

from visuals import palette
from visuals.charts.points import (
    LOOKS,
    Drawn,
    MixedAxis,
    alternative,
    apart,
    must_share_an_axis,
    points,
)
from visuals.language import figure_text
from visuals.language.words import Words

__all__ = ["MixedAxis", "alternative", "finished", "points", "series_chart"]

HEIGHT: Final = 220
LEGEND_ROW: Final = 26
LINES: Final = 6
"""More lines than this have no legend that anyone reads: they are drawn in one colour."""


def series_chart(words: Words, figures: pd.DataFrame, events: pd.DataFrame) -> alt.LayerChart:
    """Figures over time with events marked.

    Args:
        words: The reader's words.
        figures: What `data.analysis.series.charts` gives: one kind, unit, group and source.
        events: Columns of `tables.EVENTS`; those inside the figures' time are marked.

    Raises:
        MixedAxis: The figures may not share an axis.
    """
    must_share_an_axis(figures)
    read = Drawn(words, figures)
    drawn = read.points
    first = figures.iloc[0]
    colour = palette.group(str(first["population_group"]))
    base = alt.Chart(drawn).encode(
        x=alt.X("as_of:T", title=None, axis=_time_axis(drawn), scale=alt.Scale(padding=10)),
        y=alt.Y(
            "value:Q",
            title=words(f"unit.{first['unit']}"),
            stack=None,
            scale=_scale(drawn),
            axis=alt.Axis(format=",d", tickCount=4, domain=False, titleAnchor="end"),
        ),
        color=_by_line(drawn, colour, alt.Color),
        tooltip=_tooltips(words),
    )
    marks = [
        _events(words, events, drawn),
        _breaks(read),
        *_marks(base, drawn, colour, str(first["measure"])),
    ]
    chart = alt.layer(*[mark for mark in marks if mark is not None])
    return finished(words, chart.properties(height=_height(drawn), width="container"))


def _scale(drawn: pd.DataFrame) -> alt.Scale:
    """From zero; a series of nothing but zeros keeps a height of one."""
    if drawn["value"].max() > 0:
        return alt.Scale(zero=True, nice=True)
    return alt.Scale(domain=[0, 1])


def finished(words: Words, chart: Any) -> alt.LayerChart:
    """A chart that speaks the reader's language and leaves its message to its own sentence.

    Vega would tell a screen reader of each point, in English and by the names of our columns; the
    sentence beside the chart says what it shows, and the table every number.
    """
    told: alt.LayerChart = chart.configure(
        locale=words.vega_locale(),
        mark=alt.MarkConfig(aria=False),
        axis=alt.AxisConfig(aria=False),
        legend=alt.LegendConfig(aria=False),
        view=alt.ViewConfig(stroke=None),
    )
    return told


def _height(drawn: pd.DataFrame) -> int:
    """The legend takes its rows from the whole: the drawing keeps a height of its own."""
    lines = drawn["line"].nunique()
    rows = lines if 1 < lines <= LINES else 0
    return HEIGHT + LEGEND_ROW * (rows + bool(drawn["look"].ne("exact").any()))


def _by_line(drawn: pd.DataFrame, colour: str, channel: Any) -> Any:
    """A colour for each line where a legend can be read; else the group's colour for all."""
    if not 1 < drawn["line"].nunique() <= LINES:
        return alt.value(colour)
    legend = (
        alt.Legend(orient="bottom", columns=1, labelLimit=600) if channel is alt.Color else None
    )
    return channel("line:N", title=None, legend=legend)


def _time_axis(drawn: pd.DataFrame) -> alt.Axis:
    """Years stand in the middle of their year: the last of December is not the year after."""
    first, last = drawn["start"].min(), drawn["end"].max()
    years = range(first.year, last.year + 1)
    if len(years) <= 3:
        return alt.Axis(grid=False, labelOverlap=True, tickCount=8, format="%b %Y")
    middles = [alt.DateTime(year=year, month=7, date=1) for year in years]
    return alt.Axis(grid=False, labelOverlap=True, ticks=False, values=middles, format="%Y")


def _tooltips(words: Words) -> list[alt.Tooltip]:
    shown = (("line", "group"), ("shown", "value"), ("when", "period"), ("caveats", "caveat"))
    return [alt.Tooltip(f"{field}:N", title=words(f"column.{key}")) for field, key in shown]


def _marks(base: alt.Chart, drawn: pd.DataFrame, colour: str, measure: str) -> list[alt.Chart]:
    """Counts within a period are bars or spans; people at a date and running counts are lines.

    A bar is as wide as its period, so that no reader takes it for the year after. Periods that
    overlap, or of several lines, are spans at the height of their number: nothing is ever stacked.
    """
    if measure == "flow":
        return [_periods(base, drawn)]
    looks = [look for look in LOOKS if drawn["look"].eq(look).any()]
    shape = alt.Shape(
        "look_name:N",
        title=None,
        legend=_looks(looks),
        scale=_by_look(drawn, {"exact": "circle", "rounded": "square", "mid_year": "diamond"}),
    )
    fill = alt.FillOpacity(
        "look_name:N",
        title=None,
        legend=_looks(looks),
        scale=_by_look(drawn, {"exact": 1, "rounded": 0, "mid_year": 0}),
    )
    line = base.mark_line(strokeWidth=1.6).encode(detail="piece:N")
    return [
        line,
        base.mark_point(size=45, filled=True).encode(
            shape=shape, fillOpacity=fill, stroke=_by_line(drawn, colour, alt.Stroke)
        ),
    ]


def _periods(base: alt.Chart, drawn: pd.DataFrame) -> alt.Chart:
    period = alt.X("start:T", title=None, axis=_time_axis(drawn), scale=alt.Scale(padding=10))
    if apart(drawn):
        opacity: Any = alt.Opacity(
            "look_name:N",
            title=None,
            legend=_looks(list(drawn["look"].unique())),
            scale=_by_look(drawn, {"exact": 0.85, "rounded": 0.45, "mid_year": 0.45}),
        )
        return base.mark_rect().encode(
            x=period, x2="end:T", y2=alt.datum(0), opacity=opacity, detail="figure_id:N"
        )
    dash: Any = alt.StrokeDash(
        "look_name:N",
        title=None,
        legend=_looks(list(drawn["look"].unique())),
        scale=_by_look(drawn, {"exact": [1, 0], "rounded": [5, 3], "mid_year": [2, 2]}),
    )
    return base.mark_rule(strokeWidth=3).encode(
        x=period, x2="end:T", strokeDash=dash, detail="figure_id:N"
    )


def _looks(looks: list[str]) -> Any:
    """A legend of exact, rounded and mid-year figures, unless all of a chart are exact."""
    return alt.Legend(orient="top", direction="horizontal") if set(looks) != {"exact"} else None


def _by_look(drawn: pd.DataFrame, shown: dict[str, Any]) -> alt.Scale:
    names = drawn.drop_duplicates("look").set_index("look")["look_name"]
    told = [look for look in LOOKS if look in names.index]
    return alt.Scale(
        domain=[str(names[look]) for look in told], range=[shown[look] for look in told]
    )


def _breaks(read: Drawn) -> alt.Chart | None:
    words = read.words
    rows = [{"as_of": day, "why": sentence} for day, sentence in read.broken]
    if not rows:
        return None
    return (
        alt.Chart(pd.DataFrame(rows))
        .mark_rule(color=palette.EVENT, strokeWidth=1)
        .encode(x="as_of:T", tooltip=[alt.Tooltip("why:N", title=words("column.caveat"))])
    )


def _events(words: Words, events: pd.DataFrame, drawn: pd.DataFrame) -> alt.Chart | None:
    if drawn.empty or events.empty:
        return None
    inside = events[events["starts_on"].between(drawn["as_of"].min(), drawn["as_of"].max())]
    if inside.empty:
        return None
    rows = pd.DataFrame(
        {
            "as_of": inside["starts_on"],
            "event": [figure_text.event(words, code) for code in inside["event_code"]],
            "day": [words.day(day) for day in inside["starts_on"]],
        }
    )
    return (
        alt.Chart(rows)
        .mark_rule(color=palette.EVENT, strokeDash=[2, 3], strokeWidth=1.4)
        .encode(
            x="as_of:T",
            tooltip=[
                alt.Tooltip("event:N", title=words("column.event")),
                alt.Tooltip("day:N", title=words("column.as_of")),
            ],
        )
    )
