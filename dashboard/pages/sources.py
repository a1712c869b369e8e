"""Every source: its state, its newest figure, its licence, and what its last attempt said."""

import streamlit as st

from dashboard import cached, urlstate
from dashboard.components import papers, source_list

view = urlstate.view()
words = view.words
release = cached.release()

st.html(
    papers.block(
        papers.heading(words("sources.title"), 1),
        papers.soft(words("sources.intro")),
        source_list.table(view, release),
    )
)
