"""Every source and how it fares; where routes to one collection differ; funding and reports."""

import streamlit as st

from dashboard.components import channels, markup
from dashboard.session import cached, urlstate
from dashboard.views import sources

view = urlstate.view()
words = view.words
release = cached.release()

alert_channels = channels.table(view)
# A failing channel delivers nothing, so it stands before the long list of sources.
first = any(channel.problem for channel in cached.channels())

st.html(
    markup.block(
        markup.heading(words("sources.title"), 1),
        markup.quiet_line(words("sources.intro")),
    )
)
if alert_channels and first:
    st.html(alert_channels)
st.html(markup.block(sources.table(view, release)))
st.html(sources.differences(view, release))
st.html(sources.funding(view, release))
st.html(sources.reports(view, release))
if alert_channels and not first:
    st.html(alert_channels)
