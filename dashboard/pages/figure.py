"""The papers of one number, and every vintage of it."""

import streamlit as st

from dashboard import cached, urlstate
from dashboard.components import one_figure

view = urlstate.view()
release = cached.release()

st.html(one_figure.page(view, release, urlstate.asked("figure")))
