"""Any figures, asked for by place, group, measure, source and days, as a file."""

import streamlit as st

from dashboard.components import download_block, elsewhere_link, figure_question, markup
from dashboard.session import cached, urlstate
from dashboard.views import downloads

view = urlstate.view()
words = view.words
release = cached.release()

st.html(
    markup.block(
        markup.heading(words("downloads.title"), 1), markup.quiet_line(words("downloads.intro"))
    )
)
wanted = figure_question.ask(view, release)
figures = downloads.answer(view, release, wanted)
if figures is None:
    st.stop()
leads = elsewhere_link.of_question(view, wanted)
download_block.show(view, release, figures, "nuzuh-figures", leads)
