"""pydeck in Streamlit: `st.pydeck_chart`, no base map."""

import json

import geopandas as gpd
import pandas as pd
import pydeck as pdk
import streamlit as st
from content import page


def draw(shown: pd.DataFrame, shapes: gpd.GeoDataFrame) -> None:
    """Onto the page."""
    ground = pdk.Layer(
        "GeoJsonLayer",
        json.loads(shapes.to_json()),
        get_fill_color=[248, 246, 240],
        get_line_color=[136, 136, 136],
        line_width_min_pixels=1,
    )
    circles = pdk.Layer(
        "ScatterplotLayer",
        shown.assign(radius=30_000 * (shown["value"] / 9_000) ** 0.5),
        get_position=["lon", "lat"],
        get_radius="radius",
        get_fill_color=[47, 127, 184, 130],
        pickable=True,
    )
    view = pdk.ViewState(latitude=36.2, longitude=38.4, zoom=6)
    deck = pdk.Deck([ground, circles], initial_view_state=view, map_provider=None, map_style=None)
    st.pydeck_chart(deck, height=600, key="map")


if __name__ == "__main__":
    page(draw)
