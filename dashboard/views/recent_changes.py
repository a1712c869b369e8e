"""What changed since a reader's last visit; without one, what is new in the last half year."""

from datetime import UTC, datetime, time, timedelta
from functools import partial
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.components import last_visit, markup, tables
from dashboard.session import cached, urlstate
from dashboard.session.urlstate import View
from dashboard.views import sources
from data.analysis import changes, revisions
from data.analysis.changes import Change, Group
from data.store import Release, Status
from visuals.language import figure_text

RECENT: Final = timedelta(days=180)
GROUPS: Final = 8
"""Series shown at once; the others are folded."""
SINCE: Final = "since"


def show(view: View, release: Release) -> None:
    """The changes since the day of the address, else of the browser, else of the half year."""
    if release.history_lost:
        return  # the head of the page says so
    asked = changes.moment(urlstate.asked(SINCE), datetime.now(UTC))
    told = None if asked else changes.moment(last_visit.told(), datetime.now(UTC))
    at = asked or told
    if at:
        st.html(listed(view, release, at))
        return
    recent = partial(listed, view, release, None)
    st.html(cached.made(recent, release.id, "recent changes", view.key))


def listed(view: View, release: Release, at: datetime | None) -> str:
    """The changes since a moment, as HTML; of the last half year where there is none."""
    words = view.words
    start = at or datetime.combine(view.day - RECENT, time.min, tzinfo=UTC)
    found = cached.changes(release, release.id, start, view.day, recent=at is None)
    title = words("since.title" if at else "since.recent")
    parts = [markup.heading(title)]
    if at:
        parts.append(markup.soft(words("since.since", day=words.day(start))))
    rows = [_group(view, group) for group in found]
    if not rows:
        nothing = words("since.nothing", day=words.day(start)) if at else ""
        parts.append(markup.soft(nothing or words("situation.no_changes")))
    parts.append("".join(rows[:GROUPS]))
    if rows[GROUPS:]:
        parts.append(tables.folded(words("place.more"), "".join(rows[GROUPS:])))
    if at and view.known is None:
        parts.append(_gone_late(view, release, at))
    parts.append(_foot(view, start, at))
    return markup.block(*parts)


def _group(view: View, group: Group) -> str:
    words = view.words
    first = group.lines[0].row
    title = words(
        "since.group",
        publisher=figure_text.publisher(words, first),
        dataset=figure_text.dataset(words, first),
    )
    lines = "".join(f"<li>{line(view, change)}</li>" for change in group.lines)
    for kind, count in group.more.items():
        lines += f"<li>{escape(words(f'since.more.{kind}', count=words.number(count)))}</li>"
    return f"<h3>{escape(title)}</h3><ul>{lines}</ul>"


def line(view: View, change: Change) -> str:
    """One change: where and what, the numbers, for which day."""
    words = view.words
    row = change.row
    new = markup.to_figure(view, row)
    if change.kind == "changed" and change.before is not None:
        old = escape(figure_text.value(words, change.before))
        said = words("since.changed", old=old, new=new)
        kind = revisions.kinds_of_change(pd.DataFrame([change.before, row]))[-1]
        if kind != "corrected":
            said = f"{said} ({escape(words(f'change.{kind}'))})"
    elif change.kind == "withdrawn" and change.before is not None:
        old = markup.to_figure(view, row, figure_text.value(words, change.before))
        said = words("since.withdrawn", old=old)
    elif change.kind == "definition":
        said = words("since.definition", value=new)
    else:
        said = words("since.new", value=new)
    what = escape(figure_text.at_place(words, row))
    return f"{what}, {escape(figure_text.when(words, row))}: {said}"


def _gone_late(view: View, release: Release, at: datetime) -> str:
    """Sources that were not late at the last visit and are now."""
    words = view.words
    statuses = cached.statuses()
    now = datetime.now(UTC)
    register = cached.table(release, release.id, "sources").to_dict("records")
    late = [
        f"<li>{escape(words('since.late', source=figure_text.source(words, source)))}</li>"
        for source in register
        if gone_late(source, statuses.get(source["source"]), at, now)
    ]
    if not late:
        return ""
    return f"{markup.heading(words('since.late_title'), 3)}<ul>{''.join(late)}</ul>"


def gone_late(source: dict[str, Any], status: Status | None, at: datetime, now: datetime) -> bool:
    """Whether a source is late now and was not yet at a moment before."""
    if status is None or status.last_success is None or pd.isna(status.last_success):
        return False
    due = status.last_success + timedelta(days=float(source["late_after_days"]))
    return at < due < now and sources.state(source, status) in ("late", "dead")


def _foot(view: View, start: datetime, at: datetime | None) -> str:
    words = view.words
    day = start.date().isoformat()
    links = [markup.anchor(view.link(urlstate.FIRST, since=day), words("since.link"))]
    return f"<p class='soft'>{' · '.join(links)} · {escape(words('since.help'))}</p>"
