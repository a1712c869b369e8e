"""What is far above its usual, by which rule, and how good that rule is."""

import streamlit as st

from dashboard import cached, urlstate
from dashboard.components import papers, surge_list, surge_map, surge_score

view = urlstate.view()
words = view.words
release = cached.release()
followed = cached.surges(release, release.id, view.known)
scores = cached.surge_scores(release, release.id, view.known)

st.html(
    papers.block(
        papers.heading(words("surges.title"), 1),
        papers.soft(words("surges.intro")),
        surge_list.active(view, followed),
        surge_list.subscribe(view),
    )
)
surge_map.show(view, followed)
st.html(
    papers.block(
        surge_score.rule(view),
        surge_score.scores(view, scores),
        surge_list.past(view, followed, scores),
    )
)
