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
rows = (*scores["robust.before"].rows, *scores["robust.since"].rows)

st.html(
    markup.block(
        markup.heading(words("surges.title"), 1),
        markup.quiet_line(words("surges.intro")),
    )
)
if asked := urlstate.remembered_choice("surge"):
    st.html(one.show_surge(view, release, followed, rows, asked))
st.html(markup.block(listing.active(view, followed, rows), listing.subscribe(view)))
map.show(view, followed)
st.html(rounds.show_rounds(view, both))
st.html(
    markup.block(
        score.rule(view),
        life.show_numbers(view),
        score.scores(view, scores, waves),
        listing.past_alarms(view, followed, scores),
    )
)
