"""What is far above its usual, by which rule, and how good that rule is."""

import streamlit as st

from dashboard.components import markup
from dashboard.session import cached, urlstate
from dashboard.views.surges import life, listing, map, one, rounds, score

view = urlstate.view()
words = view.words
release = cached.release()
both = cached.both_rules(release, release.id, view.known)
followed = both.followed
scores = cached.surge_scores(release, release.id, view.known)
waves = cached.great_waves(release, release.id, view.known)
told = (*scores["robust.before"].rows, *scores["robust.since"].rows)

st.html(
    markup.block(
        markup.heading(words("surges.title"), 1),
        markup.soft(words("surges.intro")),
    )
)
if asked := urlstate.asked("surge"):
    st.html(one.shown(view, release, followed, told, asked))
st.html(markup.block(listing.active(view, followed, told), listing.subscribe(view)))
map.show(view, followed)
st.html(rounds.shown(view, both))
st.html(
    markup.block(
        score.rule(view),
        life.shown(view),
        score.scores(view, scores, waves),
        listing.past(view, followed, scores),
    )
)
