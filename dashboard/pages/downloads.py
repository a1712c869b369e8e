"""Any figures, asked for by place, group, measure, source and days, as a file with its papers."""

import streamlit as st

from dashboard import cached, urlstate
from dashboard.components import download_block, papers, selection

view = urlstate.view()
words = view.words
release = cached.release()

st.html(
    papers.block(papers.heading(words("downloads.title"), 1), papers.soft(words("downloads.intro")))
)
wanted = selection.ask(view, release)
figures = selection.answer(view, release, wanted)
if figures is None:
    st.stop()
download_block.show(view, release, figures, "nuzuh-figures")
