"""Who moved from where to where in a month: arrows on the map, the matrix, totals beside sums."""

import streamlit as st

from dashboard.components import download_block, markup
from dashboard.session import cached, urlstate
from dashboard.views import movements

view = urlstate.view()
words = view.words
release = cached.release()

st.html(
    markup.block(
        markup.heading(words("movements.title"), 1), markup.quiet_line(words("movements.unit"))
    )
)
chosen = movements.choose(view, release)
if chosen is None:
    st.html(markup.note(words("movements.none")))
    st.stop()
matrix, of_period = chosen
st.html(markup.block(markup.paragraph(movements.described(view, matrix))))
st.html(movements.aged(view, of_period))
movements.picture(view, release, matrix)
st.html(movements.table(view, matrix))
st.html(movements.figures_outside_matrix(view, matrix, of_period))
download_block.show(view, release, of_period, "nuzuh-movements")
