"""One place, one group, one day: every source side by side, and why they differ."""

import streamlit as st

from dashboard.components import markup, tables
from dashboard.session import cached, urlstate
from dashboard.views import compare

view = urlstate.view()
words = view.words
release = cached.release()

st.html(
    markup.block(
        markup.heading(words("compare.title"), 1),
        markup.quiet_line(words("compare.intro")),
        markup.alone(markup.to_glossary(view)),
        compare.known_cases(view),
    )
)
place, group, on = compare.choose(view, release)
found = compare.compared(view, release, place, group, on)
against = compare.reference(found, urlstate.remembered_choice("against"))
if against is None:
    st.html(markup.note(words("compare.none")))
    st.html(compare.levels(view, release, place, group))
    st.stop()
if len(found.figures) == 1:
    st.html(markup.note(words("compare.one")))
body = compare.case_stories(view, found) + compare.side_by_side(view, found, against)
st.html(body)
st.html(compare.levels(view, release, place, group))
tables.download(view, release, found.figures, f"nuzuh-compare-{place}-{group}-{on}")
compare.axes(view, found)
