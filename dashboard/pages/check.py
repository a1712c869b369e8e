"""A text that somebody brings: each number of it held against what was published."""

import streamlit as st

from dashboard.components import markup
from dashboard.session import cached, urlstate
from dashboard.views import check

view = urlstate.view()
words = view.words
release = cached.release()

st.html(
    markup.block(
        markup.heading(words("check.title"), 1),
        markup.quiet_line(words("check.intro")),
        markup.quiet_line(words("check.private")),
    )
)
check.ask(view)
check.answer(view)
check.search(view, release)
