"""What changed since a reader's last visit; without one, what is new in the last half year."""

from datetime import UTC, datetime, timedelta
from functools import partial
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.components import last_visit, markup
from dashboard.session import cached, urlstate
from dashboard.session.urlstate import View
from data.analysis import changes
from data.status import late
from data.store import Release, Status
from surges import situation
from visuals.html import changes as change_text
from visuals.language import figure_text

SINCE: Final = "since"


def show(view: View, release: Release) -> None:
    """The changes since the day of the address, else of the browser, else of the half year."""
    if release.history_lost:
        return  # the head of the page says so
    asked = changes.moment(urlstate.remembered_choice(SINCE), datetime.now(UTC))
    since = None if asked else changes.moment(last_visit.previous_visit(), datetime.now(UTC))
    at = asked or since
    if at:
        st.html(changes_html(view, release, at))
        return
    recent = partial(changes_html, view, release, None)
    st.html(cached.cached_part(recent, release.id, "recent changes", view.key))


def changes_html(view: View, release: Release, at: datetime | None) -> str:
    """The changes since a moment, as HTML; of the last half year where there is none."""
    words = view.words
    start = at or situation.start_of_news(view.day)
    found = cached.changes(release, release.id, at, view.day)
    title = words("since.title" if at else "since.recent")
    parts = [markup.heading(title)]
    if at:
        parts.append(markup.quiet_line(words("since.since", day=words.day(start))))
    if not found:
        nothing = words("since.nothing", day=words.day(start)) if at else ""
        parts.append(markup.quiet_line(nothing or words("situation.no_changes")))
    parts.append(change_text.changes_list(view, found))
    if at and view.known is None:
        parts.append(_became_late(view, release, at))
    parts.append(_foot(view, start, at))
    return markup.block(*parts)


def _became_late(view: View, release: Release, at: datetime) -> str:
    """Sources that were not late at the last visit and are now."""
    words = view.words
    statuses = cached.statuses()
    now = datetime.now(UTC)
    register = cached.table(release, release.id, "sources").to_dict("records")
    late = [
        f"<li>{escape(words('since.late', source=figure_text.source(words, source)))}</li>"
        for source in register
        if became_late(source, statuses.get(source["source"]), at, now)
    ]
    if not late:
        return ""
    return f"{markup.heading(words('since.late_title'), 3)}<ul>{''.join(late)}</ul>"


def became_late(source: dict[str, Any], status: Status | None, at: datetime, now: datetime) -> bool:
    """Whether a source is late now and was not yet at a moment before."""
    if status is None or status.last_success is None or pd.isna(status.last_success):
        return False
    due = status.last_success + timedelta(days=float(source["late_after_days"]))
    return at < due < now and late.state(source, status, now) in ("late", "dead")


def _foot(view: View, start: datetime, at: datetime | None) -> str:
    words = view.words
    day = start.date().isoformat()
    links = [markup.anchor(view.link(urlstate.FIRST, since=day), words("since.link"))]
    return f"<p class='soft'>{' · '.join(links)} · {escape(words('since.help'))}</p>"
