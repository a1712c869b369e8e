"""Tables of figures as HTML, each number linked to its papers, and the same rows as a file.

Plain HTML rather than a grid: it runs from right to left, prints, and costs a phone nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.components import papers
from dashboard.urlstate import View
from data import exports, settings
from data.exports import Papers
from data.tables import SOURCES
from visuals import text

Row = Mapping[str, Any]
Cell = Callable[[View, Row], str]
SHOWN: Final = 400
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
    view: View,
    figures: pd.DataFrame,
    columns: Sequence[str],
    *,
    full: bool = False,
    most: int = SHOWN,
) -> str:
    """Figures as a table.

    Args:
        view: The reader.
        figures: Rows of `tables.FIGURES`, in the order to show.
        columns: Names in `CELLS`.
        full: Whether the table takes its whole height instead of scrolling.
        most: Rows shown; a sentence says how many there are.
    """
    rows = [
        [CELLS[name](view, row) for name in columns]
        for row in figures.head(most).to_dict("records")
    ]
    labels = [view.words(f"column.{name}") for name in columns]
    shown = html(labels, rows, [_CLASSES.get(name, "") for name in columns], full=full)
    if len(figures) > most:
        numbers = {"shown": view.words.number(most), "all": view.words.number(len(figures))}
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


def download(view: View, figures: pd.DataFrame, name: str) -> None:
    """A button for exactly these figures as CSV; the page's other formats are at its end."""
    public = settings.load().public
    if not exports.may_leave(figures, public=public):
        return  # the page's own block says so in words
    told = papers.citation(view, figures)

    def made() -> bytes:
        given = Papers(told, SOURCES.empty())
        return exports.as_bytes(figures, "csv", papers=given, public=public)

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
