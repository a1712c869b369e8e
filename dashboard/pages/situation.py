"""The area now: five numbers, the map, what changed, what is late."""

from functools import partial

import streamlit as st

from dashboard.components import download_block, figure_card, markup, tables
from dashboard.session import cached, urlstate
from dashboard.views import map, recent_changes, sources

view = urlstate.view()
words = view.words
release = cached.release()

st.html(
    markup.block(
        markup.heading(words("situation.title"), 1),
        markup.soft(words("app.subtitle")),
        markup.soft(
            words(
                "situation.release",
                at=words.moment(release.published_at),
                count=words.number(release.count()),
            )
        ),
    )
)
headlines = cached.headlines(release, release.id, view.known, view.day)
cards = partial(figure_card.cards, view, headlines)
st.html(cached.made(cards, release.id, "headlines", view.key))
map.overview(view, release)
recent_changes.show(view, release)
st.html(sources.late(view, release))
shown = [*(picked.line.tail(1) for picked in headlines), map.overview_figures(view, release)]
# The first page is the lightest: one format here, the others on the page of data.
tables.download(view, download_block.together(*shown), "nuzuh-situation")
