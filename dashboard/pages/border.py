"""Both sides of the border: people there, returns, crossings, and by what right aid crossed."""

import streamlit as st

from dashboard import cached, urlstate
from dashboard.components import border_block, download_block, papers

view = urlstate.view()
words = view.words
release = cached.release()

st.html(papers.block(papers.heading(words("border.title"), 1)))
abroad, inside = border_block.stocks(view, release)
st.html(border_block.sides(view, abroad, inside))
returned = border_block.returns(view, release)
since = border_block.cumulative(view, release, returned)
listed, at_crossings = border_block.by_crossing(view, returned)
st.html(listed)
listed, arrived = border_block.arrivals(view, release)
st.html(listed)
st.html(border_block.crossing_list(view, release))
border_block.authorised(view)
shown = download_block.together(abroad, inside, since, at_crossings, arrived)
download_block.show(view, release, shown, "nuzuh-border")
