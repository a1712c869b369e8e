"""Altair in Streamlit: `mark_geoshape` for outlines, circles above."""

import altair as alt
import geopandas as gpd
import pandas as pd
import streamlit as st
from content import page


def draw(shown: pd.DataFrame, shapes: gpd.GeoDataFrame) -> None:
    """Onto the page."""
    ground = alt.Chart(shapes).mark_geoshape(fill="#f8f6f0", stroke="#888")
    circles = (
        alt.Chart(shown)
        .mark_circle()
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            size=alt.Size("value:Q", scale=alt.Scale(domain=[0, 9_000], range=[0, 1_200])),
            tooltip=["name_en:N", "value:Q"],
        )
    )
    chart = alt.layer(ground, circles).project("mercator").properties(height=600)
    st.altair_chart(chart, key="map")


if __name__ == "__main__":
    page(draw)
