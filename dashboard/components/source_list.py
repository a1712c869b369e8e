"""Sources and how they fare, in words and shapes; colour alone says nothing."""

from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any, Final

import pandas as pd

from dashboard import cached
from dashboard.components import papers, tables
from dashboard.urlstate import View
from data import freshness
from data.store import Release, Status
from visuals import text

NEED_A_LOOK: Final = ("late", "dead", "never")
CARRIED: Final = "published_figures"


def table(view: View, release: Release) -> str:
    """The whole register as a table."""
    names = ("source", "state", "newest", "last_success", "licence", "key", "said")
    words = view.words
    found = cached.statuses()
    rows = [_row(view, source, found.get(source["source"])) for source in _register(release)]
    labels = [words(f"column.{name}") for name in names]
    return tables.html(labels, rows, ["", "", "day", "day", "", "", ""], full=True)


def late(view: View, release: Release) -> str:
    """The sources that somebody should look at, or the sentence that none needs it."""
    words = view.words
    found = cached.statuses()
    items = [
        _late_line(view, source, found.get(source["source"]))
        for source in _register(release)
        if _needs_a_look(source, found.get(source["source"]))
    ]
    listed = f"<ul>{''.join(items)}</ul>" if items else papers.soft(words("situation.none_late"))
    to_all = papers.anchor(view.link("sources"), words("situation.all_sources"))
    return papers.block(papers.heading(words("situation.late")), listed, f"<p>{to_all}</p>")


def state(source: dict[str, Any], status: Status | None) -> freshness.State:
    """How fresh a source is now."""
    if status is None:
        return "never"
    return freshness.state(
        cadence=timedelta(days=float(source["cadence_days"])),
        late_after=timedelta(days=float(source["late_after_days"])),
        last_success=status.last_success,
        newest_as_of=status.newest_as_of,
        now=datetime.now(UTC),
    )


def _register(release: Release) -> list[dict[str, Any]]:
    return cached.table(release, release.id, "sources").to_dict("records")


def _needs_a_look(source: dict[str, Any], status: Status | None) -> bool:
    held = status is not None and status.held_fetch is not None
    failing = status is not None and status.failures > 0
    return state(source, status) in NEED_A_LOOK or held or failing


def _late_line(view: View, source: dict[str, Any], status: Status | None) -> str:
    words = view.words
    name = escape(text.source(words, source))
    return f"<li>{name}: {escape(_state_words(view, source, status))}</li>"


def _state_words(view: View, source: dict[str, Any], status: Status | None) -> str:
    words = view.words
    said = words(f"state.{state(source, status)}")
    if status is not None and status.last_success is not None:
        age = words.age(status.last_success, view.today)
        said = words("sources.state_age", state=said, age=age)
    if status is not None and status.held_fetch is not None:
        said = words("sources.held", state=said)
    return said


def _row(view: View, source: dict[str, Any], status: Status | None) -> list[str]:
    words = view.words
    homepage = str(source["homepage"])
    name = escape(text.source(words, source))
    if homepage.startswith("https://"):
        name = f'<a href="{escape(homepage, quote=True)}" rel="noreferrer">{name}</a>'
    newest = status.newest_as_of if status else None
    success = status.last_success if status else None
    return [
        f"{name}<br><code>{escape(str(source['source']))}</code>",
        escape(_state_words(view, source, status)),
        escape(words.day(newest)) if newest else "–",
        escape(words.day(success)) if success else "–",
        escape(text.licence(words, str(source["licence"]))),
        escape(words(f"key.{source['key']}")),
        escape(_said(view, status)),
    ]


def _said(view: View, status: Status | None) -> str:
    words = view.words
    if status is None or status.outcome is None or pd.isna(status.last_attempt):
        return words("outcome.none")
    return words(
        "sources.said",
        outcome=words(f"outcome.{status.outcome}"),
        day=words.day(status.last_attempt),
    )
