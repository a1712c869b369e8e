"""Check a text: the boxes it comes in by, the answer, and a search from a number back.

The text goes to a process of its own through a pipe and comes back marked. It is held in this
session's memory while its tab shows it, and nowhere else.
"""

import json
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.components import file_box, markup
from dashboard.session import day_box, subprocess_cli, urlstate
from dashboard.session.subprocess_cli import CliResult
from dashboard.session.urlstate import View
from data.analysis import number_search, reconciliations, rows
from data.store import FigureFilter, Release
from visuals.html import claims
from visuals.language import claim_text

LARGEST: Final = 16
"""Megabytes of a document."""
LONGEST: Final = 100_000
"""Characters that may be pasted: some forty pages."""
TYPES: Final = ("pdf", "docx", "odt", "html", "htm", "txt")
MEMORY: Final = 2_000_000_000
"""Bytes that the process may take that reads it."""
TIMEOUT: Final = 60.0
"""Seconds that a text may take."""
FOUND: Final = 25
"""Figures shown for a number."""
AGAINST: Final = 4
"""Contradicting figures shown beside each."""
_ANSWER: Final = "check-answer"
_DAY: Final = "check-day"


@dataclass(frozen=True)
class Brought:
    """What a reader brought, and the answer to it; kept in the session alone."""

    name: str
    body: bytes
    on: date | None
    language: str
    result: CliResult


def ask(view: View) -> None:
    """The text or the document, its day, and the button."""
    words = view.words
    text = st.text_area(words("check.text"), key="check-text", height=180, max_chars=LONGEST)
    kinds = ", ".join(kind.upper() for kind in TYPES if kind != "htm")
    label = words("check.file", kinds=kinds, size=words.number(LARGEST))
    given = file_box.show(words, label, TYPES, key="check-file", most=LARGEST)
    on = _day(view)
    if not st.button(words("check.run"), key="check-run", type="primary"):
        return
    st.session_state.pop(_ANSWER, None)
    name, body = (given.name, given.getvalue()) if given is not None else ("", text.encode())
    if given is not None and (
        len(body) > LARGEST * 1_000_000 or name.rpartition(".")[2].lower() not in TYPES
    ):
        st.html(markup.note(words("check.wrong_file", size=words.number(LARGEST), kinds=kinds)))
        return
    if not body.strip():
        st.html(markup.note(words("check.empty")))
        return
    st.session_state[_ANSWER] = _checked(view, name, body, on)


def _day(view: View) -> date | None:
    """The text's day; it belongs to the text and not to the address of the page."""

    def take(given: str) -> None:
        st.session_state[_DAY] = urlstate.read_day(given, view.today)

    chosen: date | None = st.session_state.setdefault(_DAY, None)
    label = view.words("check.published_on")
    day_box.show(
        label, chosen, take, key="check-day-box", earliest=urlstate.EARLIEST, latest=view.today
    )
    return chosen


def _checked(view: View, name: str, body: bytes, on: date | None) -> Brought:
    language = view.words.language
    with st.spinner(view.words("check.working")):
        result = _run(name, body, on, language, "--json", "--with-text")
    return Brought(name, body, on, language, result)


def _run(name: str, body: bytes, on: date | None, language: str, *options: str) -> CliResult:
    day = (f"--published-on={on.isoformat()}",) if on else ()
    tidy = (f"--name={subprocess_cli.tidy(name)}",) if name else ()
    words = ("check", f"--lang={language}", f"--most-memory={MEMORY}", *day, *tidy, *options, "-")
    return subprocess_cli.run(*words, seconds=TIMEOUT, given=body)


def answer(view: View) -> None:
    """The text marked, each number with its verdict, and the files to take along."""
    words = view.words
    held: Brought | None = st.session_state.get(_ANSWER)
    if held is None:
        return
    if held.language != words.language:
        # The sentences are in the language that the text was asked in.
        held = st.session_state[_ANSWER] = _checked(view, held.name, held.body, held.on)
    if held.result.trouble is not None:
        sentence = held.result.sentence
        st.html(markup.note(words(f"check.trouble.{held.result.trouble}", sentence=sentence)))
        return
    found: list[dict[str, Any]] = held.result.found.get("claims", [])
    text = str(held.result.found.get("text", ""))
    if not found:
        st.html(markup.note(words("check.none")))
        return
    st.html(
        markup.block(claims.page(view, text, found), markup.quiet_line(words("check.suggestion")))
    )
    _downloads(view, held, found)


def _downloads(view: View, held: Brought, found: list[dict[str, Any]]) -> None:
    words = view.words

    def written(form: str) -> bytes:
        return _run(held.name, held.body, held.on, held.language, f"--format={form}").body

    named = {"docx": "vnd.openxmlformats-officedocument.wordprocessingml.document"}
    for form in ("docx", "csv", "json"):
        data = (
            json.dumps({"claims": found}, ensure_ascii=False, indent=1).encode()
            if form == "json"
            else (lambda form=form: written(form))
        )
        st.download_button(
            words(f"check.download.{form}"),
            data,
            file_name=f"nuzuh-check.{form}",
            mime=f"application/{named.get(form, form)}" if form != "csv" else "text/csv",
            key=f"check-{form}",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )


def search(view: View, release: Release) -> None:
    """From a number back: the figures that have it, and what they contradict."""
    words = view.words
    st.html(markup.block(markup.heading(words("check.search"))))
    asked = st.text_input(
        words("check.search"),
        key="check-number",
        max_chars=40,
        placeholder=words("check.search.help"),
        label_visibility="collapsed",
        autocomplete="off",
    )
    if not asked.strip():
        return
    value = number_search.number_in(asked)
    if value is None:
        st.html(markup.note(words("check.search.not")))
        return
    st.html(markup.block(_found(view, release, value)))


def _found(view: View, release: Release, value: int) -> str:
    words = view.words
    least, most = number_search.bounds(value)
    near = rows.as_records(
        release.figure_rows(FigureFilter(least=least, most=most, as_known_on=view.known))
    )
    found = number_search.rows_with_number(value, near)[:FOUND]
    if not found:
        return markup.paragraph(words("check.search.none"))
    places = tuple({code for row in found for code in reconciliations.story_places(row)})
    known = release.figures(FigureFilter(place=places, as_known_on=view.known))
    beside = rows.as_records(known)
    items = "".join(_row(view, value, row, beside, known) for row in found)
    head = markup.paragraph(words("check.search.found", number=words.number(value)))
    return f'{head}<ul class="nz-claims">{items}</ul><style>{claims.CSS}</style>'


def _stands(row: Any, other: Any) -> str:
    """The word for a figure beside another: only one of the same kind contradicts it."""
    same = all(row[name] == other[name] for name in ("measure", "population_group", "unit"))
    return "check.search.against" if same else "check.search.beside"


def _row(view: View, value: int, row: Any, beside: list[Any], known: pd.DataFrame) -> str:
    words = view.words
    how = "exact" if int(row["value"]) == value else "near"
    written = reconciliations.documented(row, known)
    ids = {other["figure_id"] for other in written}
    against = written + [
        other for other in number_search.contradicted(row, beside) if other["figure_id"] not in ids
    ]
    link = markup.anchor(
        view.link("figure", figure=str(row["figure_id"])), claim_text.figure(words, row)
    )
    lines = "".join(
        markup.quiet_line(f"{words(_stands(row, other))}: {claim_text.figure(words, other)}")
        for other in against[:AGAINST]
    )
    chip = escape(words(f"check.search.{how}"))
    return f'<li><p>{link} <span class="nz-chip">{chip}</span></p>{lines}</li>'
