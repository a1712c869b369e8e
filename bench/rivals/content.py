"""What the rivals read: values by month, outlines, headline numbers; and the page around a map."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd

FOLDER = Path(os.environ.get("NUZUH_BENCH", "."))


def values() -> pd.DataFrame:
    """place_code, value, name_en, lat, lon, month: one row for each sub-district and month."""
    return pd.read_csv(FOLDER / "values.csv")


def outlines() -> gpd.GeoDataFrame:
    """Countries, governorates and provinces, EPSG:4326."""
    return gpd.read_file(FOLDER / "outlines.geojson")


def headlines() -> list[dict]:
    """title, value and as_of of each headline number."""
    return json.loads((FOLDER / "headlines.json").read_text(encoding="utf-8"))


def page(draw: Callable[[pd.DataFrame, gpd.GeoDataFrame], None]) -> None:
    """A Streamlit page with the numbers, the map that `draw` draws, and the way to other months."""
    import streamlit as st

    st.set_page_config(layout="wide", page_title="Displacement")
    load = st.cache_data(values)
    shapes = st.cache_resource(outlines)
    for column, card in zip(st.columns(5), headlines(), strict=True):
        column.metric(card["title"], f"{card['value']:,}", help=card["as_of"])

    @st.fragment
    def over_time() -> None:
        frame = load()
        months = sorted(frame["month"].unique())
        at = st.session_state.setdefault("at", len(months) - 1)

        def earlier() -> None:
            st.session_state["at"] -= 1

        st.button("Earlier", on_click=earlier, disabled=at == 0)
        draw(frame[frame["month"] == months[at]], shapes())
        st.markdown(f"Month {months[at]}")

    over_time()
