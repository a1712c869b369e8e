"""A chart with what stands behind it: its name, its table, its CSV."""

import pandas as pd
import streamlit as st

from dashboard.components import markup, picture, tables
from dashboard.session.urlstate import View
from visuals.charts import vega_lite
from visuals.language import figure_text

COLUMNS = ("period", "group", "value", "publisher", "known_from", "caveat")


def show(view: View, figures: pd.DataFrame, events: pd.DataFrame, name: str) -> None:
    """Draw figures that may share an axis; one that stands alone is a table without a chart.

    Args:
        view: The reader.
        figures: One part of `data.analysis.series.charts`, oldest first.
        events: Columns of `tables.EVENTS`.
        name: Name of the CSV file, unique on the page.
    """
    words = view.words
    first = figures.iloc[0]
    title = words(
        "place.series",
        group=figure_text.group(words, first),
        unit=words(f"unit.{first['unit']}"),
        measure=words(f"measure.{first['measure']}"),
        publisher=figure_text.publisher(words, first),
        dataset=figure_text.dataset(words, first),
    )
    st.html(
        markup.block(
            markup.heading(title, 3),
            *(markup.soft(said) for _, said in vega_lite.broken(words, figures)),
        )
    )
    st.altair_chart(
        vega_lite.series_chart(words, figures, events),
        width="stretch",
        alt=vega_lite.alternative(words, figures),
    )
    table = tables.of_figures(view, figures.iloc[::-1], COLUMNS)
    st.html(
        markup.block(picture.beneath(view, figures), tables.folded(words("place.table"), table))
    )
    tables.download(view, figures, name)
