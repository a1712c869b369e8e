"""The area now: five numbers, the map, what changed, what is late."""

from functools import partial

import streamlit as st

from dashboard import cached, urlstate
from dashboard.components import (
    download_block,
    figure_card,
    map_block,
    newest,
    papers,
    source_list,
    tables,
)

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
headlines = cached.headlines(release, release.id, view.known, view.day)
cards = partial(figure_card.cards, view, headlines)
st.html(cached.made(cards, release.id, "headlines", view.key))
map_block.overview(view, release)
newest.show(view, release)
st.html(source_list.late(view, release))
shown = [*(picked.line.tail(1) for picked in headlines), map_block.overview_figures(view, release)]
# The first page is the lightest: one format here, the others on the page of data.
tables.download(view, download_block.together(*shown), "nuzuh-situation")
