"""Held runs: why each waits, what accepting it would change, and a person's word on it."""

from typing import Final

import streamlit as st

from dashboard.components import markup
from dashboard.server.signin import Visitor
from dashboard.session import cached, subprocess_cli
from dashboard.session.urlstate import View
from dashboard.views.admin import preview
from dashboard.views.admin.preview import SHOWN
from data.status import freshness
from data.store import Status
from visuals.html import check_results
from visuals.language import figure_text

LONGEST_WHY: Final = 200
_SEEN: Final = "held-seen"
_DONE: Final = "held-done"


def show(view: View, who: Visitor) -> None:
    """Every held run; nothing is decided on what was not looked at."""
    words = view.words
    done = st.session_state.pop(_DONE, None)
    if done is not None:
        st.html(preview.outcome(view, done))
    held = {name: s for name, s in cached.statuses_now().items() if s.held_fetch}
    if not held:
        st.html(markup.block(markup.paragraph(words("office.held.none"))))
        return
    st.html(markup.block(markup.soft(words("office.held.intro"))))
    for name, status in sorted(held.items()):
        _one(view, who, name, status)


def _one(view: View, who: Visitor, name: str, status: Status) -> None:
    words, fetch = view.words, str(status.held_fetch)
    since = freshness.copied_at(fetch)
    title = figure_text.source(words, {"source": name, "title": name})
    st.html(
        markup.block(
            markup.heading(title),
            markup.soft(words("office.held.since", at=words.moment(since))) if since else "",
            check_results.listed(words, status.held_doubts, status.held_reasons),
        )
    )
    seen: dict[str, subprocess_cli.CliResult] = st.session_state.setdefault(_SEEN, {})
    asked = f"{name} {fetch}"
    if st.button(words("office.look"), key=f"look-{name}"):
        with st.spinner(words("office.working")):
            seen[asked] = subprocess_cli.run(
                *("accept", "--show", f"--rows={SHOWN}", "--json", "--", name),
                seconds=subprocess_cli.READ_TIMEOUT,
            )
    if asked not in seen:
        return
    preview.show(view, seen[asked], why=False)
    unread = seen[asked].trouble is not None
    why = st.text_input(
        words("office.why"), key=f"why-{name}", max_chars=LONGEST_WHY, autocomplete="off"
    )
    st.html(markup.block(markup.soft(words("office.stored", name=who.name))))
    with st.container(horizontal=True):
        deeds = {
            "accept": st.button(words("office.accept"), key=f"accept-{name}", disabled=unread),
            "reject": st.button(words("office.reject"), key=f"reject-{name}"),
        }
    for deed, pressed in deeds.items():
        if pressed:
            with st.spinner(words("office.working")):
                st.session_state[_DONE] = _decided(deed, name, fetch, who, why)
            del seen[asked]
            cached.forget()
            st.rerun()


def _decided(deed: str, name: str, fetch: str, who: Visitor, why: str) -> subprocess_cli.CliResult:
    given = [f"--by={who.name}", f"--held={fetch}", "--json"]
    if why.strip():
        given.append(f"--why={why.strip()}")
    return subprocess_cli.run(deed, *given, "--", name, seconds=subprocess_cli.WRITE_TIMEOUT)


def count() -> int:
    """How many runs wait."""
    return sum(1 for status in cached.statuses_now().values() if status.held_fetch)
