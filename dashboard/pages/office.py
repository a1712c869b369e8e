"""For administrators alone: held runs, files that came by hand, and the alerts."""

import streamlit as st

from dashboard.components import markup
from dashboard.server import signin
from dashboard.session import urlstate
from dashboard.views.admin import alerts, held, import_file

who = signin.here()
if who is None or not who.decides:
    # The page is in nobody else's navigation; this is the second lock.
    st.stop()
view = urlstate.view()
words = view.words

st.html(
    markup.block(
        markup.heading(words("office.title"), 1),
        markup.soft(words("office.intro", name=who.name)),
    )
)
waiting = held.count()
task = urlstate.choice(
    words("office.task"),
    ("held", "import", "alerts"),
    key="task",
    name=lambda code: words(f"office.task.{code}", count=words.number(waiting)),
)
if task == "held":
    held.show(view, who)
elif task == "import":
    import_file.show(view, who)
else:
    alerts.show(view)
