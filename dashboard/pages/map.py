"""One series on the map: which, at what level, when; and exactly what is shown as a table."""

import streamlit as st

from dashboard.components import markup
from dashboard.session import cached, urlstate
from dashboard.views import map

view = urlstate.view()
release = cached.release()

st.html(markup.block(markup.heading(view.words("map.title"), 1)))
map.explore(view, release)
