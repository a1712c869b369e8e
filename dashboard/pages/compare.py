"""One place, one group, one day: every source side by side, and why they differ."""

import streamlit as st

from dashboard import cached, urlstate
from dashboard.components import compare_blocks, papers, tables

view = urlstate.view()
words = view.words
release = cached.release()

st.html(
    papers.block(
        papers.heading(words("compare.title"), 1),
        papers.soft(words("compare.intro")),
        compare_blocks.known_cases(view),
    )
)
place, group, on = compare_blocks.choose(view, release)
found = compare_blocks.compared(view, release, place, group, on)
against = compare_blocks.reference(found, urlstate.asked("against"))
if against is None:
    st.html(papers.note(words("compare.none")))
    st.stop()
if len(found.figures) == 1:
    st.html(papers.note(words("compare.one")))
told = compare_blocks.told_cases(view, found) + compare_blocks.side_by_side(view, found, against)
st.html(told)
tables.download(view, found.figures, f"nuzuh-compare-{place}-{group}-{on}")
compare_blocks.axes(view, found)
