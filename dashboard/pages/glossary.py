"""What the words on the pages mean, and the rules that every figure follows."""

import streamlit as st

from dashboard.components import markup
from dashboard.session import urlstate
from visuals.html import method

words = urlstate.view().words

st.html(
    markup.block(
        markup.heading(words("glossary.title"), 1),
        markup.quiet_line(words("glossary.intro")),
        method.explained(words),
    )
)
