"""Everything known about one place: newest figures, every series, neighbours."""

import streamlit as st

from dashboard import cached, urlstate
from dashboard.components import download_block, papers, place_blocks

view = urlstate.view()
words = view.words
release = cached.release()

code = place_blocks.choose(view)
figures = place_blocks.figures(view, release, code)

st.html(place_blocks.head(view, release, code))
if figures.empty:
    st.html(papers.note(words("place.none")))
    st.stop()
st.html(place_blocks.newest(view, figures))
st.html(place_blocks.shares(view, release, figures, code))
place_blocks.charts(view, release, figures, code)
st.html(place_blocks.events(view, release, code))
download_block.show(view, release, figures, f"nuzuh-{code}")
