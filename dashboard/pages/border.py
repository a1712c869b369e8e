"""Both sides of the border: people there, returns, crossings, and by what right aid crossed."""

import streamlit as st

from dashboard.components import download_block, markup
from dashboard.session import cached, urlstate
from dashboard.views import border
from data.analysis import series

view = urlstate.view()
words = view.words
release = cached.release()

st.html(markup.block(markup.heading(words("border.title"), 1)))
abroad, inside = border.stocks(view, release)
st.html(border.side_tables(view, abroad, inside))
returned = border.returns(view, release)
since = border.cumulative(view, release, returned)
listed, at_crossings = border.by_crossing(view, returned)
st.html(listed)
listed, arrived = border.arrivals(view, release)
st.html(listed)
st.html(border.crossing_list(view, release))
border.authorised(view)
shown = series.each_once(abroad, inside, since, at_crossings, arrived)
download_block.show(view, release, shown, "nuzuh-border")
