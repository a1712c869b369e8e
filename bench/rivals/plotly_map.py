"""Plotly's map in Streamlit: `st.plotly_chart`, outlines as layers, no tiles."""

import json

import geopandas as gpd
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from content import page

BLANK = {"version": 8, "sources": {}, "layers": []}


def figure(shown: pd.DataFrame, shapes: gpd.GeoDataFrame) -> go.Figure:
    """Circles on outlines."""
    made = go.Figure(
        go.Scattermap(
            lat=shown["lat"],
            lon=shown["lon"],
            text=shown["name_en"],
            customdata=shown["value"],
            hovertemplate="%{text}: %{customdata:,}<extra></extra>",
            marker={"size": shown["value"], "sizemode": "area", "sizeref": 9_000 / 36**2},
        )
    )
    outlines = json.loads(shapes.to_json())
    made.update_layout(
        height=600,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        map={
            "style": BLANK,
            "center": {"lat": 36.2, "lon": 38.4},
            "zoom": 5.6,
            "layers": [{"source": outlines, "type": "line", "color": "#888", "line": {"width": 1}}],
        },
    )
    return made


def draw(shown: pd.DataFrame, shapes: gpd.GeoDataFrame) -> None:
    """Onto the page."""
    st.plotly_chart(figure(shown, shapes), key="map")


if __name__ == "__main__":
    page(draw)
