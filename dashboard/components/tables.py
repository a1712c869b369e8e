"""Tables of figures on a page, and the same rows as a file."""

import pandas as pd
import streamlit as st

from dashboard.components import markup
from dashboard.session import cached
from dashboard.session.urlstate import View
from data import settings
from data.publication import exports
from data.publication.exports import Provenance
from data.schema.tables import SOURCES
from data.store import Release
from visuals.html.tables import collapsible, html, newest_figures, of_figures, printed_table

__all__ = [
    "collapsible",
    "download",
    "html",
    "newest_figures",
    "of_figures",
    "printed_table",
]


def download(view: View, release: Release, figures: pd.DataFrame, name: str) -> None:
    """A button for exactly these figures as CSV; the page's other formats are at its end."""
    public = settings.load().public
    if not cached.passes_harm_check(release, figures):
        return  # the page's own block says so in words
    citation = markup.citation(view, figures)

    def made() -> bytes:
        given = Provenance(citation, SOURCES.empty())
        return exports.as_bytes(figures, "csv", provenance=given, public=public)

    st.download_button(
        view.words("place.download"),
        made,
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"csv-{name}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )
