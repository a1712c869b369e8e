"""The area now: five numbers, the map, what changed, what is late."""

import streamlit as st

from dashboard import cached, urlstate
from dashboard.components import figure_card, map_block, newest, papers, source_list

view = urlstate.view()
words = view.words
release = cached.release()

st.html(
    papers.block(
        papers.heading(words("situation.title"), 1),
        papers.soft(words("app.subtitle")),
        papers.soft(
            words(
                "situation.release",
                at=words.moment(release.published_at),
                count=words.number(release.count()),
            )
        ),
    )
)
st.html(figure_card.cards(view, cached.headlines(release, release.id, view.known, view.day)))
map_block.overview(view, release)
newest.show(view, release)
st.html(source_list.late(view, release))
