"""Places and publishers on one time axis: chosen, drawn, tabled, and given out as a picture."""

import streamlit as st

from dashboard.components import download_block, markup
from dashboard.session import cached, urlstate
from dashboard.views import charts

view = urlstate.view()
words = view.words
release = cached.release()

st.html(
    markup.block(markup.heading(words("charts.title"), 1), markup.quiet_line(words("charts.intro")))
)
order = charts.choose_places(view)
chosen = charts.choose_count(view, release, order)
if chosen is None:
    st.html(markup.note(words("charts.none")))
    st.stop()
charts.show(view, release, chosen)
st.html(charts.pictures(view, release, chosen))
st.html(charts.table(view, chosen))
download_block.show(view, release, chosen.studio.figures, "nuzuh-charts")
