"""Every source and how it fares; where doors to one collection differ; funding and reports."""

import streamlit as st

from dashboard import cached, urlstate
from dashboard.components import papers, source_list

view = urlstate.view()
words = view.words
release = cached.release()

channels = source_list.channels(view)
# Where a channel fails nobody is told anything, so it stands before the long list of sources.
first = any(channel.problem for channel in cached.channels())

st.html(
    papers.block(
        papers.heading(words("sources.title"), 1),
        papers.soft(words("sources.intro")),
    )
)
if channels and first:
    st.html(channels)
st.html(papers.block(source_list.table(view, release)))
st.html(source_list.differences(view, release))
st.html(source_list.funding(view, release))
st.html(source_list.reports(view, release))
if channels and not first:
    st.html(channels)
