"""For administrators alone: held runs, files that came by hand, and the alerts."""

import streamlit as st

from dashboard import signin, urlstate
from dashboard.components import alert_block, held_block, import_block, papers

who = signin.here()
if who is None or not who.decides:
    # The page is in nobody else's navigation; this is the second lock.
    st.stop()
view = urlstate.view()
words = view.words

st.html(
    papers.block(
        papers.heading(words("office.title"), 1),
        papers.soft(words("office.intro", name=who.name)),
    )
)
waiting = held_block.count()
task = urlstate.choice(
    words("office.task"),
    ("held", "import", "alerts"),
    key="task",
    name=lambda code: words(f"office.task.{code}", count=words.number(waiting)),
)
if task == "held":
    held_block.show(view, who)
elif task == "import":
    import_block.show(view, who)
else:
    alert_block.show(view)
