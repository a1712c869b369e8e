"""Use these figures elsewhere: an address, and what each tool needs to keep it fresh."""

import streamlit as st

from dashboard.components import figure_question, markup
from dashboard.session import cached, urlstate
from dashboard.views import elsewhere

view = urlstate.view()
words = view.words
release = cached.release()

st.html(
    markup.block(
        markup.heading(words("elsewhere.title"), 1), markup.quiet_line(words("elsewhere.intro"))
    )
)
elsewhere.show(view, release, figure_question.ask(view, release))
