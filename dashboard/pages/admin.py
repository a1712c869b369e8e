"""For administrators alone: held runs, files that came by hand, sources, the record, alerts."""

import streamlit as st

from dashboard.components import markup
from dashboard.server import signin, signin_page
from dashboard.session import cached, handover, urlstate
from dashboard.views.admin import access, alerts, decisions, health, held, import_file, tokens

who = signin.here()
if who is None or not who.administers:
    # The page is in nobody else's navigation; this is the second lock.
    st.stop()
view = urlstate.view()
words = view.words
if who.lapsed:
    # Nobody knows whether they are an administrator still: neither seen nor decided until they do.
    signin_page.show_lapsed(words)
    st.stop()

st.html(
    markup.block(
        markup.heading(words("admin.title"), 1),
        markup.quiet_line(words("admin.intro", name=who.name)),
    )
)
access.time_left(view, who)
state = handover.readiness()
ready = state == "ready"
if not ready:
    st.html(markup.note(words(f"admin.ready.{state}")))
decisions.recent(view, who)
waiting = held.count()
if waiting:
    st.html(
        markup.block(markup.paragraph(words("admin.runs_waiting", count=words.number(waiting))))
    )
task = urlstate.choice(
    words("admin.task"),
    ("held", "import", "sources", "decisions", "alerts", "tokens", "access"),
    key="task",
    name=lambda code: words(f"admin.task.{code}"),
)
if task == "held":
    held.show(view, who, ready=ready)
elif task == "import":
    import_file.show(view, who, ready=ready)
elif task == "sources":
    health.show(view, who, cached.release(), ready=ready)
elif task == "decisions":
    decisions.show(view, who, ready=ready)
elif task == "alerts":
    alerts.show(view)
elif task == "tokens":
    tokens.show(view, who, ready=ready)
else:
    access.show(view, who)
