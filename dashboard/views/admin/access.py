"""How long the sign-in lasts, and ending somebody else's."""

import time
from datetime import timedelta
from typing import Final

import streamlit as st

from dashboard.components import markup
from dashboard.server import signin
from dashboard.server.signin import Visitor
from dashboard.session.urlstate import View

EACH: Final = "60s"
"""How often an open page asks whose it is still, without anybody pressing anything."""
SOON: Final = 600.0
"""Seconds before its end from which a sign-in's end is a note and no small print."""


@st.fragment(run_every=EACH)
def time_left(view: View, who: Visitor) -> None:
    """Until when the sign-in lasts; what is typed is kept for whoever signs in again."""
    words, now = view.words, signin.here()
    if now is None or not now.decides:
        st.rerun()  # the page as a whole says what they may see
    left = max(0.0, who.until - time.time())
    text = words("admin.time_left", span=words.span(timedelta(seconds=left)))
    st.html(markup.note(text) if left < SOON else markup.block(markup.quiet_line(text)))


def show(view: View, who: Visitor) -> None:
    """Sign a person out now: every sign-in of theirs until this moment ends."""
    words, sign_in = view.words, signin.config()
    st.html(
        markup.block(
            markup.heading(words("admin.access")), markup.quiet_line(words("admin.access.intro"))
        )
    )
    name = st.text_input(
        words("admin.access.name"), key="sign-out-name", max_chars=200, autocomplete="off"
    ).strip()
    if not st.button(words("admin.access.button"), key="sign-out", disabled=not name):
        return
    if sign_in is not None and signin.sign_out_person(sign_in, name):
        st.html(markup.note(words("admin.access.done", name=name)))
    else:
        st.html(markup.note(words("admin.access.failed")))
