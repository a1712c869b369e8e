"""The rows of an answer for whoever judges it: what is doubted first, then the rest, searchable."""

import io
from collections.abc import Mapping
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.components import markup, tables
from dashboard.session import subprocess_cli
from dashboard.session.urlstate import View
from data.gazetteer import search
from visuals.language import figure_text

PAGE: Final = 50
"""Rows shown at once."""
MOST_OPTIONS: Final = 500
"""Rows that may be chosen from a list; others are found by searching first."""
LARGEST: Final = 64_000_000
"""Bytes of rows that a page reads."""
COLUMNS: Final = (
    *("number", "why", "place", "origin", "series", "as_of"),
    *("year_before", "before", "value", "times"),
)
_NUMBERS: Final = frozenset({"number", "year_before", "before", "value", "times"})


Seen = tuple[subprocess_cli.CliResult, pd.DataFrame, bytes]
"""What `read` gave."""


def read(*command: str) -> Seen:
    """What a command that shows an answer says, its rows, and the same as CSV."""
    with subprocess_cli.on_disk("rows.csv", b"") as path:
        asked = [word.replace("{rows}", str(path)) for word in command]
        result = subprocess_cli.run(*asked, seconds=subprocess_cli.READ_TIMEOUT, hidden=path.parent)
        body = path.read_bytes() if path.stat().st_size <= LARGEST else b""
    if result.trouble is None and not body:
        result = subprocess_cli.CliResult(trouble="refused")
    if result.trouble is not None:
        return result, pd.DataFrame(), b""
    types = {"doubts": "string", "change": "string", "figure_id": "string", "value_raw": "string"}
    frame = pd.read_csv(io.BytesIO(body), dtype=types, low_memory=False)
    return (
        result,
        frame.assign(doubts=frame["doubts"].fillna(""), number=range(1, len(frame) + 1)),
        body,
    )


def show(view: View, rows: pd.DataFrame, body: bytes, *, key: str, name: str) -> pd.DataFrame:
    """The rows with a search and a file of all of them; what the search finds.

    Args:
        view: The reader's.
        rows: What `read` gave.
        body: The same as CSV.
        key: Names the widgets.
        name: Names the file.
    """
    words = view.words
    doubted = int((rows["doubts"] != "").sum())
    counts = {"doubted": words.number(doubted), "all": words.number(len(rows))}
    st.html(
        markup.block(
            markup.heading(words("admin.rows"), 3),
            markup.quiet_line(words("admin.rows.said", **counts)),
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sought = st.text_input(
            words("admin.rows.search"), key=f"search-{key}", max_chars=80, autocomplete="off"
        )
        st.download_button(
            words("admin.rows.csv"),
            body,
            file_name=f"{name}.csv",
            mime="text/csv",
            key=f"csv-{key}",
            on_click="ignore",
            icon=":material/download:",
        )
    found = _sought(view, rows, sought)
    pages = max(1, -(-len(found) // PAGE))
    page = 1
    if pages > 1:
        page = int(
            st.number_input(
                words("admin.rows.page", all=words.number(pages)),
                min_value=1,
                max_value=pages,
                key=f"page-{key}",
            )
        )
    shown = found.iloc[(page - 1) * PAGE : page * PAGE]
    if shown.empty:
        st.html(markup.block(markup.quiet_line(words("admin.rows.none"))))
        return found
    labels = [words(f"admin.column.{column}") for column in COLUMNS]
    classes = ["nz-num" if column in _NUMBERS else "" for column in COLUMNS]
    cells = [_cells(view, row) for row in records(shown)]
    st.html(markup.block(tables.html(labels, cells, classes, full=True)))
    return found


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with None where there is nothing."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def label(view: View, row: Mapping[str, Any]) -> str:
    """One row in a line, as it stands in a list to choose from."""
    words = view.words
    place = words.place(str(row["place_code"])) if row["place_code"] else "–"
    origin = f" ← {words.place(str(row['origin_code']))}" if row["origin_code"] else ""
    now = words.count(row["value"])
    was = words.count(row["held_against"]) if row["held_against"] is not None else "–"
    return (
        f"{words.number(row['number'])}: {place}{origin}, {words.day(row['as_of'])}: {was} → {now}"
    )


def withheld(view: View, rows: pd.DataFrame, found: pd.DataFrame, *, key: str) -> tuple[str, ...]:
    """The ids of the rows that the administrator leaves out."""
    words = view.words
    options = pd.concat([rows[rows["doubts"] != ""], found]).drop_duplicates("figure_id")
    listed = {str(row["figure_id"]): row for row in records(options.head(MOST_OPTIONS))}
    chosen = st.multiselect(
        words("admin.withhold"),
        list(listed),
        key=f"withhold-{key}",
        format_func=lambda identity: label(view, listed[identity]),
        placeholder=words("admin.withhold.none"),
    )
    return tuple(chosen)


def _sought(view: View, rows: pd.DataFrame, sought: str) -> pd.DataFrame:
    """The rows that hold every word: of a place by any code or name, a group, a number, a day."""
    wanted = search.search_form(sought).split()
    if not wanted:
        return rows
    words = view.words
    places = {
        code: search.search_form(f"{code} {words.place(str(code))}")
        for column in ("place_code", "origin_code", "asylum_location_code")
        for code in rows[column].dropna().unique()
    }
    named = rows[["place_code", "origin_code", "asylum_location_code"]].apply(
        lambda column: column.map(places).fillna("")
    )
    others = [
        "population_group",
        "measure",
        "unit",
        "value_raw",
        "value",
        "as_of",
        "change",
        "doubts",
    ]
    codes = rows[others].astype("string").fillna("")
    plain = codes.apply(lambda column: column.str.casefold().str.replace(r"[-_/]", " ", regex=True))
    text = named.agg(" ".join, axis=1) + " " + plain.agg(" ".join, axis=1)
    keep = pd.Series(True, index=rows.index)
    for word in wanted:
        keep &= text.str.contains(word.replace(",", ""), regex=False)
    return rows[keep]


def _cells(view: View, row: Mapping[str, Any]) -> list[str]:
    words = view.words

    def number(value: Any) -> str:
        return "–" if value is None else escape(words.number(value))

    before = number(row["value_year_before"])
    if row["year_before"] is not None:
        before += f'<br><span class="soft">{escape(words.day(row["year_before"]))}</span>'
    evidence = row.get("evidence")
    quoted = (
        f'<br><q class="soft" lang="en" dir="auto">{escape(str(evidence))}</q>' if evidence else ""
    )
    raw = row["value_raw"]
    value = "–" if row["change"] == "withdrawn" else escape(words.count(row["value"]))
    if raw is not None and str(raw) != _plain(row["value"]):
        value += f'<br><span class="soft" dir="ltr">{escape(str(raw))}</span>'
    return [
        number(row["number"]),
        _why(view, row),
        escape(words.place(str(row["place_code"]))) if row["place_code"] else "–",
        escape(words.place(str(row["origin_code"]))) if row["origin_code"] else "–",
        escape(figure_text.series_name(words, row)) + quoted,
        escape(words.day(row["as_of"])),
        before,
        number(row["held_against"]),
        value,
        "–" if row["times"] is None else escape(f"{words.times(row['times'])} ×"),
    ]


def _plain(value: Any) -> str:
    return "" if value is None else str(int(value))


def _why(view: View, row: Mapping[str, Any]) -> str:
    words = view.words
    codes = str(row["doubts"] or "").split()
    sentences = [
        words(f"admin.doubt.{code}") if figure_text.has(words, f"admin.doubt.{code}") else code
        for code in codes
    ]
    change = words(f"admin.change.{row['change']}")
    marks = "".join(f"<br>⚠ {escape(one)}" for one in sentences)
    return f"{escape(change)}{marks}"
