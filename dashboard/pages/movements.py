"""Who moved from where to where in a month: arrows on the map, the matrix, totals beside sums."""

import streamlit as st

from dashboard import cached, urlstate
from dashboard.components import download_block, movement_block, papers

view = urlstate.view()
words = view.words
release = cached.release()

st.html(
    papers.block(papers.heading(words("movements.title"), 1), papers.soft(words("movements.unit")))
)
chosen = movement_block.choose(view, release)
if chosen is None:
    st.html(papers.note(words("movements.none")))
    st.stop()
matrix, of_period = chosen
st.html(papers.block(papers.said(movement_block.described(view, matrix))))
movement_block.picture(view, release, matrix)
st.html(movement_block.table(view, matrix))
st.html(movement_block.others(view, matrix, of_period))
download_block.show(view, release, of_period, "nuzuh-movements")
