"""The figures that answer a question, and the command that gives any number of them."""

import shlex
from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.components import elsewhere_link, figure_question, markup, tables
from dashboard.session import cached
from dashboard.session.urlstate import View
from data.store import FigureFilter, Release

COLUMNS: Final = ("place", "group", "value", "period", "publisher", "known_from", "caveat")
SHOWN: Final = 200


def answer(view: View, release: Release, wanted: FigureFilter) -> pd.DataFrame | None:
    """The figures that match, counted and shown; None where they are none or too many for a page.

    The question is counted in the store first: what is too much never leaves it.
    """
    words = view.words
    count, sentence = figure_question.counted(view, release, wanted)
    if not count:
        st.html(markup.note(sentence))
        return None
    if count > figure_question.MOST:
        refused = words("downloads.too_many", limit=words.number(figure_question.MOST))
        code = f"<p><code>{escape(command(wanted))}</code></p>"
        leads = markup.alone(elsewhere_link.of_question(view, wanted))
        st.html(markup.note(f"{sentence} {refused}", code + leads))
        return None
    figures = cached.selected(release, release.id, wanted)
    newest_first = figures.sort_values("as_of", ascending=False, kind="stable")
    st.html(
        markup.block(
            markup.paragraph(sentence), tables.of_figures(view, newest_first, COLUMNS, most=SHOWN)
        )
    )
    return figures


def command(wanted: FigureFilter) -> str:
    """The same question on the command line, for any number of figures."""
    given = [
        *(("--within", code) for code in wanted.within),
        *(("--group", code) for code in wanted.group),
        *(("--measure", code) for code in wanted.measure),
        *(("--source", code) for code in wanted.source),
        ("--from", wanted.since),
        ("--to", wanted.until),
        ("--as-known-on", wanted.as_known_on),
    ]
    words = [word for name, value in given if value is not None for word in (name, str(value))]
    return shlex.join(["nuzuh", "figures", *words, "--format", "csv", "-o", "figures.csv"])
