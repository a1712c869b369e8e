"""Folium in Streamlit: Leaflet through `streamlit-folium`, no tiles.

Folium would fetch Leaflet and much else from five hosts; here Leaflet alone comes from this server,
so that the page is drawn at all without the internet, and the rest is left out in its favour.
"""

import shutil
from pathlib import Path

import folium
import geopandas as gpd
import pandas as pd
from content import page
from streamlit_folium import st_folium
from xstatic.pkg import leaflet

STATIC = Path(__file__).parent / "static"
SERVED = "/app/static"


def draw(shown: pd.DataFrame, shapes: gpd.GeoDataFrame) -> None:
    """Onto the page."""
    folium.Map.default_js = [("leaflet", f"{SERVED}/leaflet.js")]
    folium.Map.default_css = [("leaflet_css", f"{SERVED}/leaflet.css")]
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
    shutil.copytree(leaflet.BASE_DIR, STATIC, dirs_exist_ok=True)
    page(draw)
