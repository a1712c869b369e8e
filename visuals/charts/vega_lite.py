"""What the charts that Streamlit draws by Vega-Lite share; series over time are our own SVG."""

from typing import Any

import altair as alt

from visuals.language.words import Words


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
