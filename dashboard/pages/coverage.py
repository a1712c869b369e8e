"""Which figures there are: place by series by year or month, and where everyone stopped."""

import streamlit as st

from dashboard.components import markup
from dashboard.session import cached, urlstate
from dashboard.views import coverage

view = urlstate.view()
words = view.words
release = cached.release()

st.html(
    markup.block(
        markup.heading(words("coverage.title"), 1), markup.quiet_line(words("coverage.intro"))
    )
)
asked = coverage.choose(view, release)
st.html(coverage.matrix(view, asked))
st.html(coverage.stopped(view, asked))
st.html(coverage.missing(view, asked))
