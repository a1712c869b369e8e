"""Held runs: why each waits, every row of it old beside new, and a person's decision on it."""

import io
import zipfile
from typing import Any, Final

import streamlit as st

from dashboard.components import markup
from dashboard.server.signin import Visitor
from dashboard.session import cached, handover, subprocess_cli
from dashboard.session.urlstate import View
from dashboard.views.admin import judge, preview
from data import settings
from data.status import freshness
from data.store import Status, StoreProblem, serving
from visuals.html import check_results
from visuals.language import figure_text

LONGEST_WHY: Final = 200
_SEEN: Final = "held-seen"


def show(view: View, who: Visitor, *, ready: bool) -> None:
    """Every held run; nothing is decided on what was not looked at."""
    words = view.words
    held = {name: s for name, s in cached.statuses_now().items() if s.held_fetch}
    if not held:
        st.html(markup.block(markup.paragraph(words("admin.held.none"))))
        return
    st.html(markup.block(markup.quiet_line(words("admin.held.intro"))))
    for name, status in sorted(held.items()):
        _one(view, who, name, status, ready=ready)


def _one(view: View, who: Visitor, name: str, status: Status, *, ready: bool) -> None:
    words, fetch = view.words, str(status.held_fetch)
    since = freshness.copied_at(fetch)
    title = figure_text.source(words, {"source": name, "title": name})
    st.html(
        markup.block(
            markup.heading(title),
            markup.quiet_line(words("admin.held.since", at=words.moment(since))) if since else "",
            check_results.listed(words, status.held_doubts, status.held_reasons),
        )
    )
    _files(view, name, fetch)
    seen: dict[str, judge.Seen] = st.session_state.setdefault(_SEEN, {})
    asked = f"{name} {fetch}"
    if st.button(words("admin.look"), key=f"look-{name}"):
        with st.spinner(words("admin.working")):
            seen.clear()  # the rows of one answer at a time: a session is not a store
            seen[asked] = judge.read(
                *("accept", "--show", "--rows=0", "--output={rows}", "--json", "--", name)
            )
    if asked not in seen:
        return
    result, rows, body = seen[asked]
    preview.show(view, result, why=False)
    readable = result.trouble is None
    withheld: tuple[str, ...] = ()
    if readable and len(rows):
        found = judge.show(view, rows, body, key=name, name=f"{name}-{fetch}")
        withheld = judge.withheld(view, rows, found, key=name)
    why = st.text_input(
        words("admin.why"), key=f"why-{name}", max_chars=LONGEST_WHY, autocomplete="off"
    )
    st.html(markup.block(markup.quiet_line(words("admin.stored", name=who.name))))
    count = words.number(len(withheld))
    accept = words("admin.accept_some", count=count) if withheld else words("admin.accept")
    with st.container(horizontal=True):
        pressed = {
            "accept": st.button(accept, key=f"accept-{name}", disabled=not (readable and ready)),
            "reject": st.button(words("admin.reject"), key=f"reject-{name}", disabled=not ready),
        }
    given: dict[str, Any] = {"source": name, "why": why, "held": fetch}
    trouble = None
    if pressed["accept"]:
        trouble = handover.hand_over("accept", who, asked, withheld=withheld, **given)
    elif pressed["reject"]:
        trouble = handover.hand_over("reject", who, asked, **given)
    else:
        return
    if trouble is not None:
        st.html(markup.note(words("admin.not_handed_over"), markup.untranslated(trouble)))
        return
    del seen[asked]
    st.rerun()


def _files(view: View, name: str, fetch: str) -> None:
    """The stored file of a held answer, byte for byte as it came; several as one ZIP."""
    given = settings.load()

    def body() -> bytes:
        documents = serving(given.store, given.cache).documents(name, fetch)
        if len(documents) == 1:
            return documents[0].body
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            for number, document in enumerate(documents, start=1):
                file_name = subprocess_cli.tidy(document.name)
                packed.writestr(f"{number:03}-{file_name}", document.body)
        return out.getvalue()

    try:
        listed = serving(given.store, given.cache).documents(name, fetch)
    except StoreProblem:
        return  # the reader of the rows reports it
    file = subprocess_cli.tidy(listed[0].name) if len(listed) == 1 else f"{name}-{fetch}.zip"
    st.download_button(
        view.words.days(len(listed), "admin.files"),
        body,
        file_name=file,
        key=f"file-{name}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def count() -> int:
    """How many runs wait."""
    return sum(1 for status in cached.statuses_now().values() if status.held_fetch)
