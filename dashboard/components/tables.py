"""Tables of figures as HTML, each number linked to its papers, and the same rows as CSV.

Plain HTML rather than a grid: it runs from right to left, prints, and costs a phone nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.components import papers
from dashboard.urlstate import View
from data import places
from visuals import text

Row = Mapping[str, Any]
Cell = Callable[[View, Row], str]
SHOWN: Final = 400
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
CELLS: Final[dict[str, Cell]] = {
    "place": lambda view, row: papers.to_place(view, row["place_code"]),
    "origin": lambda view, row: escape(_origin(view, row)),
    "group": lambda view, row: escape(text.series_name(view.words, row)),
    "value": lambda view, row: papers.to_papers(view, row),
    "as_of": lambda view, row: escape(view.words.day(row["as_of"])),
    "period": lambda view, row: escape(text.when(view.words, row)),
    "publisher": lambda view, row: escape(text.publisher(view.words, row)),
    "known_from": lambda view, row: escape(view.words.day(row["known_from"])),
    "caveat": lambda view, row: papers.chips(text.caveats(view.words, row)),
}
_CLASSES: Final = {"value": "nz-num", "as_of": "day", "known_from": "day"}


def _origin(view: View, row: Row) -> str:
    return "–" if pd.isna(row["origin_code"]) else view.words.place(row["origin_code"])


def of_figures(
    view: View, figures: pd.DataFrame, columns: Sequence[str], *, full: bool = False
) -> str:
    """Figures as a table.

    Args:
        view: The reader.
        figures: Rows of `tables.FIGURES`, in the order to show.
        columns: Names in `CELLS`.
        full: Whether the table takes its whole height instead of scrolling.
    """
    rows = [
        [CELLS[name](view, row) for name in columns]
        for row in figures.head(SHOWN).to_dict("records")
    ]
    labels = [view.words(f"column.{name}") for name in columns]
    shown = html(labels, rows, [_CLASSES.get(name, "") for name in columns], full=full)
    if len(figures) > SHOWN:
        numbers = {"shown": view.words.number(SHOWN), "all": view.words.number(len(figures))}
        shown += papers.soft(view.words("table.cut", **numbers))
    return shown


def html(
    labels: Sequence[str],
    rows: Sequence[Sequence[str]],
    classes: Sequence[str],
    *,
    full: bool = False,
) -> str:
    """A table of cells that are HTML already; labels are escaped here."""
    head = "".join(
        f'<th scope="col" class="{kind}">{escape(label)}</th>'
        for label, kind in zip(labels, classes, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td class="{kind}" data-label="{escape(label, quote=True)}">{cell}</td>'
            for cell, kind, label in zip(row, classes, labels, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    wrap = "nz-wrap full" if full else "nz-wrap"
    return (
        f'<div class="{wrap}"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def folded(summary: str, inner: str) -> str:
    """HTML that opens on a click."""
    return f"<details><summary>{escape(summary)}</summary>{inner}</details>"


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
