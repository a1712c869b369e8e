"""One series on the map: which, when, at what level; and exactly what is shown as a table."""

import streamlit as st

from dashboard import cached, urlstate
from dashboard.components import download_block, map_block, papers

view = urlstate.view()
release = cached.release()

st.html(papers.block(papers.heading(view.words("map.title"), 1)))
shown = map_block.choose(view, release)
if shown.empty:
    st.html(papers.note(view.words("map.none")))
    st.stop()
map_block.draw(view, release, shown, "map")
map_block.listed(view, shown)
download_block.show(view, release, shown, "nuzuh-map")
