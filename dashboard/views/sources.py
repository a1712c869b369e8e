"""Sources and how they fare, in words and shapes; colour alone says nothing."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any, Final

import pandas as pd

from dashboard.components import markup, tables
from dashboard.session import cached
from dashboard.session.urlstate import View
from data.schema.tables import FUNDING, REPORTS
from data.status import freshness
from data.status.late import late, state
from data.store import Release, Status
from data.store.status import LOST
from visuals.html import late as late_text
from visuals.language import figure_text

COLUMNS: Final = (
    "source",
    "state",
    "newest",
    "last_success",
    "last_copy",
    "cadence",
    "licence",
    "key",
    "replaced_by",
    "said",
)
DAYS: Final = frozenset({"newest", "last_success", "last_copy"})
SHOWN: Final = 50
"""Differences listed at once."""
NEWEST_REPORTS: Final = 5
NO_PLAN: Final = "none"


def table(view: View, release: Release) -> str:
    """The whole register as a table."""
    words = view.words
    found = cached.statuses()
    register = _register(release)
    titles = {str(source["source"]): figure_text.source(words, source) for source in register}
    rows = [_row(view, source, found.get(source["source"]), release, titles) for source in register]
    labels = [words(f"column.{name}") for name in COLUMNS]
    classes = ["day" if name in DAYS else "" for name in COLUMNS]
    return tables.html(labels, rows, classes, full=True)


def differences(view: View, release: Release) -> str:
    """Where sources of one origin do not say the same, both numbers linked to their provenance."""
    words = view.words
    found = cached.differences(release, release.id, view.known, undated=view.undated)
    parts = [
        markup.heading(words("sources.differences")),
        markup.quiet_line(words("sources.differences_note")),
    ]
    if found.empty:
        return markup.block(*parts, markup.quiet_line(words("sources.differences_none")))
    titles = {str(s["source"]): figure_text.source(words, s) for s in _register(release)}
    rows = [_difference(view, row, titles) for row in found.head(SHOWN).to_dict("records")]
    labels = [
        words(f"column.{name}")
        for name in ("place", "group", "as_of", "shown", "other", "difference")
    ]
    shown = tables.html(labels, rows, ["", "", "day", "", "", "nz-num"], full=True)
    if len(found) > SHOWN:
        numbers = {"shown": words.number(SHOWN), "all": words.number(len(found))}
        shown += markup.quiet_line(words("table.cut", **numbers))
    return markup.block(*parts, shown)


def funding(view: View, release: Release) -> str:
    """What the newest year's plans ask for and have received; never added."""
    words = view.words
    found = cached.table(release, release.id, FUNDING.name)
    parts = [markup.heading(words("sources.funding"))]
    if found.empty:
        return markup.block(*parts, markup.quiet_line(words("sources.funding_none")))
    newest = found[found["year"].eq(found["year"].max())]
    ordered = newest.sort_values("requirements", ascending=False, na_position="last")
    rows = [_plan(view, row) for row in ordered.to_dict("records")]
    labels = [words(f"column.{name}") for name in ("plan", "year", "requirements", "funding")]
    note = words("sources.funding_note", day=words.day(newest["as_of"].max()))
    table = tables.html(labels, rows, ["", "", "nz-num", "nz-num"], full=True)
    return markup.block(*parts, markup.quiet_line(note), table)


def reports(view: View, release: Release) -> str:
    """The newest reports and maps, each linked to where its author keeps it."""
    words = view.words
    found = cached.table(release, release.id, REPORTS.name)
    parts = [markup.heading(words("sources.reports"))]
    if found.empty:
        return markup.block(*parts, markup.quiet_line(words("sources.reports_none")))
    newest = found.sort_values(["published_on", "report_id"], ascending=False).head(NEWEST_REPORTS)
    rows = [_report(view, row) for row in newest.to_dict("records")]
    labels = [words(f"column.{n}") for n in ("published_on", "title", "publisher", "format")]
    return markup.block(*parts, tables.html(labels, rows, ["day", "", "", ""], full=True))


def late_ones(view: View, release: Release) -> str:
    """The sources that somebody should look at, or the sentence that none needs it."""
    wanting = late(_register(release), cached.statuses(), datetime.now(UTC))
    to_all = markup.anchor(view.link("sources"), view.words("situation.all_sources"))
    return late_text.late_list(view, wanting, view.today, more=markup.alone(to_all))


def _register(release: Release) -> list[dict[str, Any]]:
    return cached.table(release, release.id, "sources").to_dict("records")


def _state_words(view: View, source: Mapping[str, Any], status: Status | None) -> str:
    text = view.words(f"state.{state(source, status, datetime.now(UTC))}")
    if status is not None and status.held_fetch is not None:
        text = view.words("sources.held", state=text)
    return text


def _row(
    view: View,
    source: dict[str, Any],
    status: Status | None,
    release: Release,
    titles: dict[str, str],
) -> list[str]:
    words = view.words
    homepage = str(source["homepage"])
    name = escape(figure_text.source(words, source))
    if homepage.startswith("https://"):
        name = f'<a href="{escape(homepage, quote=True)}" rel="noreferrer">{name}</a>'
    cadence = timedelta(days=float(source["cadence_days"]))
    cells = {
        "source": f'{name}<br><code class="nz-name">{escape(str(source["source"]))}</code>',
        "state": escape(_state_words(view, source, status)),
        "newest": _day(view, status.newest_as_of if status else None),
        "last_success": _day(view, status.last_success if status else None),
        "last_copy": _day(view, _copied(release, str(source["source"]))),
        "cadence": _asked(view, source, cadence, status),
        "licence": escape(figure_text.licence(words, str(source["licence"]))),
        "key": escape(words(f"key.{source['key']}")),
        "replaced_by": escape(titles.get(str(source["replaced_by"]), "–")),
        "said": escape(_status_sentence(view, status)),
    }
    return [cells[name] for name in COLUMNS]


def _day(view: View, day: Any) -> str:
    return escape(view.words.day(day)) if day else "–"


def _copied(release: Release, source: str) -> datetime | None:
    """When the stored fetch was made that the published figures were last read from."""
    fetches = release.manifest.fetches.get(source, ())
    return freshness.copied_at(fetches[-1]) if fetches else None


def _asked(view: View, source: dict[str, Any], cadence: timedelta, status: Status | None) -> str:
    """How often it is asked, and when next, where somebody runs what is due."""
    words = view.words
    every = words("sources.daily")
    if cadence != timedelta(days=1):
        every = words("sources.every", span=words.span(cadence))
    at = freshness.due_at(str(source["source"]), cadence, status)
    due = at is None or at <= datetime.now(UTC)
    day = words("sources.now") if due else words.day(at)
    return escape(words("sources.next", every=every, day=day))


def _difference(view: View, row: dict[str, Any], titles: dict[str, str]) -> list[str]:
    words = view.words

    def side_text(side: str) -> str:
        value = row[f"{side}_value"]
        shown = words.count(None if pd.isna(value) else value)
        link = markup.anchor(view.link("figure", figure=str(row[f"{side}_figure_id"])), shown)
        return f"{link}<br>{escape(titles.get(str(row[f'{side}_source']), ''))}"

    both = pd.notna(row["shown_value"]) and pd.notna(row["other_value"])
    change = words.signed(row["other_value"] - row["shown_value"]) if both else "–"
    return [
        markup.to_place(view, str(row["place_code"])),
        escape(words(f"group.{row['population_group']}")),
        escape(words.day(row["as_of"])),
        side_text("shown"),
        side_text("other"),
        escape(change),
    ]


def _plan(view: View, row: dict[str, Any]) -> list[str]:
    """One plan; the name is the publisher's, in English."""
    words = view.words
    name = markup.untranslated(str(row["plan_name"]))
    if row["plan_id"] == NO_PLAN:
        name = escape(words("sources.no_plan"))
    kind = (
        "" if pd.isna(row["plan_type"]) else f' · <span lang="en">{escape(row["plan_type"])}</span>'
    )
    return [
        f"{name}{kind}",
        escape(str(row["year"])),
        *(
            escape(words("sources.not_stated") if pd.isna(row[part]) else words.number(row[part]))
            for part in ("requirements", "funding")
        ),
    ]


def _report(view: View, row: dict[str, Any]) -> list[str]:
    """One report; its title stays in its own language."""
    url = escape(str(row["url"]), quote=True)
    language = "" if pd.isna(row["language"]) else str(row["language"]).split()[0]
    title = f'<a href="{url}" rel="noreferrer" lang="{escape(language, quote=True)}" dir="auto">'
    form = (
        "–"
        if pd.isna(row["format"])
        else escape(figure_text.report_format(view.words, row["format"]))
    )
    return [
        escape(view.words.day(row["published_on"])),
        f"{title}{escape(str(row['title']))}</a>",
        f'<span dir="auto">{escape(str(row["publisher"]))}</span>',
        form,
    ]


def _status_sentence(view: View, status: Status | None) -> str:
    words = view.words
    if status is not None and status.outcome == LOST:
        return words("outcome.lost")
    if status is None or status.outcome is None or pd.isna(status.last_attempt):
        return words("outcome.none")
    return words(
        "sources.said",
        outcome=words(f"outcome.{status.outcome}"),
        day=words.day(status.last_attempt),
    )
