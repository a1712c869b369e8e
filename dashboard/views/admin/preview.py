"""What publishing would change, as the command line tells it, before an administrator says yes."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

import streamlit as st

from dashboard.components import markup, tables
from dashboard.session.subprocess_cli import CliResult
from dashboard.session.urlstate import View
from data.schema.check_results import CheckResult
from visuals.html import check_results
from visuals.language import figure_text

SHOWN: Final = 200
"""Figures that are listed."""
COLUMNS: Final = ("change", "place", "group", "as_of", "before", "value")
_CLASSES: Final = {"as_of": "day", "before": "nz-num", "value": "nz-num"}


def trouble(view: View, told: CliResult) -> str:
    """Why there is no answer, as a note; "" where there is one."""
    if told.trouble is None:
        return ""
    more = markup.foreign(told.sentence) if told.sentence else ""
    return markup.note(view.words(f"office.trouble.{told.trouble}"), more)


def show(view: View, told: CliResult, *, why: bool = True) -> bool:
    """Put what would change on the page; whether there is something to say yes to.

    Args:
        view: The reader's.
        told: What the command answered.
        why: Whether to say why it would be held; not where that stands above already.
    """
    if told.trouble is not None:
        st.html(trouble(view, told))
        return False
    words, found = view.words, told.found
    counts = {n: words.number(found.get(n, 0)) for n in ("new", "changed", "same", "withdrawn")}
    parts = [markup.paragraph(words("office.counts", **counts))]
    doubted = tuple(CheckResult(one["code"], one["facts"]) for one in found.get("because", []))
    if why and doubted:
        parts.append(markup.soft(words("office.doubts")))
        parts.append(check_results.listed(words, doubted, tuple(found["doubts"])))
    remarks = "".join(
        f"<li>{markup.foreign(str(remark))}</li>" for remark in found.get("remarks", [])
    )
    if remarks:
        parts += [markup.soft(words("office.remarks")), f"<ul>{remarks}</ul>"]
    named = found.get("tables", {})
    parts += [
        markup.soft(words("office.table", name=name, rows=words.number(rows)))
        for name, rows in named.items()
    ]
    figures = [row for row in found.get("figures", []) if row["change"] != "same"]
    if figures:
        labels = [words(f"column.{name}") for name in COLUMNS]
        rows = [_row(view, figure) for figure in figures]
        parts.append(tables.html(labels, rows, [_CLASSES.get(n, "") for n in COLUMNS], full=False))
    every = found.get("new", 0) + found.get("changed", 0)
    if every > len(figures):
        shown = {"shown": words.number(len(figures)), "all": words.number(every)}
        parts.append(markup.soft(words("table.cut", **shown)))
    st.html(markup.block(*parts))
    return bool(every or found.get("withdrawn") or named)


def _row(view: View, figure: Mapping[str, Any]) -> list[str]:
    words = view.words
    before = figure["value_before"]
    evidence = figure.get("evidence")
    said = f'<br><q class="soft" lang="en" dir="auto">{escape(evidence)}</q>' if evidence else ""
    return [
        escape(words(f"office.change.{figure['change']}")),
        escape(words.place(figure["place_code"])) if figure["place_code"] else "–",
        escape(figure_text.series_name(words, figure)) + said,
        escape(words.day(figure["as_of"])),
        "–" if before is None else escape(words.number(before)),
        escape(figure_text.value(words, figure)),
    ]


def outcome(view: View, told: CliResult) -> str:
    """How a deed ended, as a note that says it in the reader's words and in the command's."""
    if told.trouble is not None:
        return trouble(view, told)
    notes = [
        markup.note(view.words(f"office.outcome.{one['state']}"), markup.foreign(one["sentence"]))
        for one in told.found.get("outcomes", [])
    ]
    return "".join(notes)
