"""Folium in Streamlit: Leaflet through `streamlit-folium`, no tiles."""

import folium
import geopandas as gpd
import pandas as pd
from content import page
from streamlit_folium import st_folium


def draw(shown: pd.DataFrame, shapes: gpd.GeoDataFrame) -> None:
    """Onto the page."""
    made = folium.Map(location=(36.2, 38.4), zoom_start=7, tiles=None)
    folium.GeoJson(shapes.to_json(), style_function=lambda _: {"color": "#888"}).add_to(made)
    for row in shown.to_dict("records"):
        folium.CircleMarker(
            (row["lat"], row["lon"]),
            radius=36 * (row["value"] / 9_000) ** 0.5,
            tooltip=f"{row['name_en']}: {row['value']:,}",
        ).add_to(made)
    st_folium(made, height=600, use_container_width=True, returned_objects=[], key="map")


if __name__ == "__main__":
    page(draw)
