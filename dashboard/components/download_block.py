"""What is on the screen, and only that, as a file; and how to cite it."""

from typing import cast

import pandas as pd
import streamlit as st

from dashboard.components import elsewhere_link, markup, tables
from dashboard.session import cached, urlstate
from dashboard.session.urlstate import View
from data import settings
from data.publication import exports
from data.publication.exports import FORMS, Format, Provenance
from data.store import Release


def show(
    view: View, release: Release, figures: pd.DataFrame, name: str, elsewhere: str | None = None
) -> None:
    """Formats, their options, one button, and the citation; the file is made when it is asked for.

    Args:
        view: The reader.
        release: Whose sources and boundaries go with the figures.
        figures: Rows of `tables.FIGURES`: exactly what the page shows.
        name: Start of the file's name; unique on the page.
        elsewhere: The link to the page for other tools, where the page knows the question better
            than its figures tell it.
    """
    if figures.empty:
        return
    # A container of its own, which print leaves out.
    with st.container(key=f"take-{name}"):
        _block(view, release, figures, name, elsewhere)


def _block(
    view: View, release: Release, figures: pd.DataFrame, name: str, elsewhere: str | None
) -> None:
    words = view.words
    st.html(markup.block(markup.heading(words("download.title"))))
    public = settings.load().public
    if not cached.passes_harm_check(release, figures):
        st.html(markup.note(words("download.refused")))
        return
    citation = markup.citation(view, figures)
    count = words("download.what", count=words.number(len(figures)))
    st.html(markup.block(markup.quiet_line(count), markup.quiet_line(words("download.geo_note"))))
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        form = cast(
            "Format",
            urlstate.choice(
                words("download.format"),
                list(FORMS),
                key="format",
                name=lambda code: words(f"download.{code}"),
            ),
        )
        tagged = FORMS[form].tagged
        bom = form == "csv" and st.checkbox(
            words("download.bom"), key="bom", help=words("download.bom_help")
        )
        semicolons = (
            form == "csv"
            and words.semicolons
            and st.checkbox(words("download.semicolon"), key="semicolons")
        )
        hxl = tagged and st.checkbox(
            words("download.hxl"), key="hxl", help=words("download.hxl_help")
        )

        def made() -> bytes:
            spatial = FORMS[form].spatial
            return exports.as_bytes(
                figures,
                form,
                provenance=Provenance(citation, cached.table(release, release.id, "sources")),
                boundaries=cached.boundaries(release, release.id) if spatial else None,
                bom=bom,
                semicolons=semicolons,
                hxl=hxl,
                public=public,
            )

        st.download_button(
            words("download.button", format=words(f"download.{form}")),
            made,
            file_name=f"{name}-{view.day.isoformat()}.{FORMS[form].extension}",
            mime=FORMS[form].mime,
            key=f"download-{name}",
            on_click="ignore",
            type="primary",
        )
    leads = elsewhere or elsewhere_link.of_figures(view, figures)
    cite = tables.collapsible(words("download.cite"), markup.paragraph(citation))
    st.html(markup.block(markup.alone(leads), cite))
