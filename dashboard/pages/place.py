"""Everything known about one place: newest figures, every series, neighbours."""

import streamlit as st

from dashboard.components import download_block, markup, place_search
from dashboard.session import cached, urlstate
from dashboard.views import place

view = urlstate.view()
words = view.words
release = cached.release()

code = place_search.choose(view, "place.near")
figures = place.figures(view, release, code)

st.html(place.head(view, release, code))
if figures.empty:
    st.html(markup.note(words("place.none")))
    st.stop()
st.html(place.newest(view, figures))
st.html(place.shares(view, release, figures, code))
place.charts(view, release, figures, code)
st.html(place.events(view, release, code))
download_block.show(view, release, figures, f"nuzuh-{code}")
