"""One series on the map: which, at what level, when; and exactly what is shown as a table."""

import streamlit as st

from dashboard import cached, urlstate
from dashboard.components import map_block, papers

view = urlstate.view()
release = cached.release()

st.html(papers.block(papers.heading(view.words("map.title"), 1)))
map_block.explore(view, release)
