"""The area's headlines, its map, what changed, which surges are active, what is late."""

from functools import partial

import streamlit as st

from dashboard.components import markup, tables
from dashboard.session import cached, urlstate
from dashboard.views import map as map_view
from dashboard.views import overview_line, recent_changes, share, sources, welcome
from visuals.html import cards
from visuals.html import surges as surge_text
from visuals.language import area_text

view = urlstate.view()
words = view.words
release = cached.release()

st.html(
    markup.block(
        markup.heading(words("situation.title"), 1),
        markup.quiet_line(words("app.subtitle", area=area_text.name(words, cached.area()))),
        markup.quiet_line(
            words(
                "situation.release",
                at=words.moment(release.published_at),
                count=words.number(release.count()),
            )
        ),
    )
)
sentences = overview_line.sentences(view, release)
st.html(overview_line.html(view, release, sentences))
# What few open at each visit travels to those alone: the first page is the lightest.
opened = urlstate.remembered_choice(urlstate.OPEN)
if opened == overview_line.SEND:
    share.show(view, release, sentences)
elif opened == overview_line.WELCOME:
    st.html(welcome.html(view))
headlines = cached.headlines(release, release.id, view.known, view.day, undated=view.undated)
shown = partial(cards.cards, view, headlines)
st.html(cached.cached_part(shown, release.id, "headlines", view.key))
map_view.overview(view, release)
recent_changes.show(view, release)
alarms = cached.active_surges(release, release.id, view.known, view.day)
brief = partial(surge_text.active_in_brief, view, alarms, sentences[0])
st.html(cached.cached_part(brief, release.id, f"surges, or {sentences[0]}", view.key))
st.html(sources.late_ones(view, release))
figures = cached.first_page_figures(release, release.id, view.known, view.day, undated=view.undated)
# The first page is the lightest: one format here, the others on the page of data.
tables.download(view, release, figures, "nuzuh-situation")
