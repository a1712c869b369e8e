"""Tables of figures on a page, and the same rows as CSV."""

from typing import Final

import pandas as pd
import streamlit as st

from dashboard.urlstate import View
from data import places
from visuals.tables import folded, html, of_figures

__all__ = ["csv", "download", "folded", "html", "of_figures"]

EXPORTED: Final = (
    "figure_id",
    "place_code",
    "place_name",
    "population_group",
    "measure",
    "unit",
    "value",
    "value_raw",
    "missing_reason",
    "qualifier",
    "as_of",
    "reference_period_start",
    "reference_period_end",
    "cumulative_since",
    "location_code",
    "admin1_code",
    "admin2_code",
    "admin3_code",
    "origin_code",
    "asylum_location_code",
    "publisher",
    "dataset",
    "published_on",
    "known_from",
    "source",
    "source_url",
    "licence",
    "caveat",
    "content_sha256",
    "locator",
)


def csv(figures: pd.DataFrame) -> bytes:
    """The figures as UTF-8 CSV with codes, English place names and papers; a null is empty.

    With a byte order mark, without which Excel garbles Arabic and Turkish.
    """
    named = places.table().set_index("place_code")["name_en"]
    out = figures.assign(place_name=figures["place_code"].map(named))
    return out[list(EXPORTED)].to_csv(index=False, date_format="%Y-%m-%d").encode("utf-8-sig")


def download(view: View, figures: pd.DataFrame, name: str) -> None:
    """A button for exactly these figures."""
    st.download_button(
        view.words("place.download"),
        csv(figures),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"csv-{name}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )
