"""The parts of the page that leads to other tools."""

from collections.abc import Sequence
from html import escape
from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from dashboard.components import figure_question, markup, tables
from dashboard.session import urlstate
from dashboard.session.urlstate import View
from data import settings
from data.publication import connections, layers
from data.store import FigureFilter, Release
from visuals.map import qgis_layer

_CODE: Final = "user-select:all;white-space:pre-wrap;overflow-wrap:anywhere"
"""One press takes all of it."""


def show(view: View, release: Release, wanted: FigureFilter) -> None:
    """The address, live and frozen, and a part for each tool."""
    words = view.words
    count, sentence = figure_question.counted(view, release, wanted)
    st.html(markup.block(markup.paragraph(sentence)) if count else markup.note(sentence))
    asked, root = question(wanted), _root(view)
    guarded = bool(settings.load().sign_in)
    csv, parquet = (
        connections.address(root, "figures", [*asked, ("format", form)])
        for form in ("csv", "parquet")
    )
    frozen = connections.address(
        root, "figures", [*asked, ("format", "csv"), ("release", release.id)]
    )
    st.html(
        markup.block(
            markup.heading(words("elsewhere.address")),
            _lines(view, ("live",)),
            _code(csv),
            _lines(view, ("frozen",)),
            _code(frozen),
            markup.quiet_line(words("elsewhere.formats")),
            markup.note(words("elsewhere.token")) if guarded else "",
            markup.alone(markup.anchor("nuzuh/api/v1", words("elsewhere.api"))),
        )
    )
    _spreadsheet(
        view, connections.address(root, "table", [*asked, ("lang", words.language)]), count
    )
    _part(
        view,
        "power",
        ("1", "2", "3", "4"),
        connections.power_query(csv, guarded=guarded),
    )
    _qgis(view, release, wanted, f"{root}{connections.OGC}")
    _part(view, "pandas", (), connections.pandas(parquet, guarded=guarded))
    _part(view, "duckdb", ("1",), connections.duckdb(parquet, guarded=guarded))
    _part(view, "r", (), connections.r(csv, guarded=guarded))
    _part(view, "assistant", ("1",), "nuzuh mcp\n")


def question(wanted: FigureFilter) -> list[tuple[str, str]]:
    """The filters as the API names them."""
    given = [
        *(("within", code) for code in wanted.within),
        *(("group", code) for code in wanted.group),
        *(("measure", code) for code in wanted.measure),
        *(("source", code) for code in wanted.source),
        ("from", wanted.since and wanted.since.isoformat()),
        ("to", wanted.until and wanted.until.isoformat()),
        ("as_known_on", wanted.as_known_on and wanted.as_known_on.isoformat()),
        ("undated", "true" if wanted.as_known_on and wanted.undated else None),
    ]
    return [(name, str(value)) for name, value in given if value]


def _root(view: View) -> str:
    """Where the dashboard is: the office's own address where it has one."""
    set_ = settings.load().address
    if set_:
        return set_.rstrip("/")
    parts = urlsplit(urlstate.permanent_address(view))
    return f"{parts.scheme}://{parts.netloc}{parts.path.rpartition('/')[0]}"


def _lines(view: View, keys: Sequence[str]) -> str:
    return "".join(markup.paragraph(view.words(f"elsewhere.{key}")) for key in keys)


def _code(text: str) -> str:
    return f'<pre dir="ltr" tabindex="0" style="{_CODE}"><code>{escape(text)}</code></pre>'


def _steps(view: View, tool: str, steps: Sequence[str]) -> str:
    listed = "".join(f"<li>{escape(view.words(f'elsewhere.{tool}.{step}'))}</li>" for step in steps)
    return f"<ol>{listed}</ol>" if listed else ""


def _part(view: View, tool: str, steps: Sequence[str], text: str) -> None:
    title = view.words(f"elsewhere.{tool}")
    st.html(markup.block(tables.collapsible(title, _steps(view, tool, steps) + _code(text))))


def _spreadsheet(view: View, table: str, count: int) -> None:
    """A file that Excel and LibreOffice fill and refresh by themselves."""
    words = view.words
    st.html(
        markup.block(
            markup.heading(words("elsewhere.sheet")),
            _steps(view, "sheet", ("1", "2", "3")),
            markup.note(words("elsewhere.sheet.many", limit=words.number(connections.MOST)))
            if count > connections.MOST
            else "",
        )
    )
    notes = [words(f"elsewhere.sheet.{step}") for step in ("2", "3")]
    st.download_button(
        words("elsewhere.sheet.button"),
        lambda: connections.workbook(table, words("elsewhere.title"), notes=notes),
        file_name="nuzuh-connected.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        key="connected-xlsx",
        on_click="ignore",
    )


def _qgis(view: View, release: Release, wanted: FigureFilter, address: str) -> None:
    """A layer file with our colours, of the group that is chosen or of all."""
    words = view.words
    st.html(
        markup.block(
            markup.heading(words("elsewhere.qgis")),
            _steps(view, "qgis", ("1", "2", "3")),
            _code(address),
        )
    )

    def made() -> bytes:
        chosen = [
            each
            for each in layers.collections(release)
            if not wanted.group or each.group in wanted.group
        ]
        figures = layers.newest(release)
        outlined = layers.outlined(release)
        return qgis_layer.render(words, address, chosen, figures, with_outline=outlined)

    st.download_button(
        words("elsewhere.qgis.button"),
        made,
        file_name="nuzuh.qlr",
        mime="application/xml",
        key="qgis-layers",
        on_click="ignore",
    )
