"""How each source fares, for whoever looks after it.

Since when it fails, the publisher's answer, when it is asked next; asking it now, pausing it, and
how often it is asked.
"""

from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any, Final

import streamlit as st

from dashboard.components import markup, tables
from dashboard.server.signin import Visitor
from dashboard.session import cached, handover, subprocess_cli, urlstate
from dashboard.session.urlstate import View
from data.status import freshness
from data.store import Release, Status
from visuals.language import figure_text

COLUMNS: Final = ("source", "state", "since", "said", "next", "readers")
ATTEMPTS: Final = 20
CADENCES: Final = (0.25, 1, 2, 7, 14, 30, 60, 90)
"""Days between two questions that may be chosen."""


def show(view: View, who: Visitor, release: Release, *, ready: bool) -> None:
    """Every source that is asked, those in trouble first, and one of them in full."""
    words = view.words
    register = {
        str(row["source"]): row
        for row in cached.table(release, release.id, "sources").to_dict("records")
    }
    statuses, rows = cached.statuses_now(), _listed()
    if not rows:
        st.html(markup.note(words("admin.trouble.refused")))
        return
    asked = [row for row in rows if row["next_due"] != "by hand"]
    ordered = sorted(asked, key=lambda row: _rank(statuses.get(str(row["source"])), row))
    labels = [words(f"admin.health.{name}") for name in COLUMNS]
    cells = [_row(view, row, statuses.get(str(row["source"]))) for row in ordered]
    st.html(markup.block(markup.quiet_line(words("admin.health.intro"))))
    st.html(markup.block(tables.html(labels, cells, ["", "", "day", "", "", ""], full=True)))
    name = urlstate.choice(
        words("admin.source"),
        [str(row["source"]) for row in ordered],
        key="source",
        name=lambda code: figure_text.source(words, register.get(code, _plain(code))),
    )
    row = next(one for one in ordered if one["source"] == name)
    _one(view, who, row, statuses.get(name), ready=ready)


def _plain(code: str) -> dict[str, str]:
    return {"source": code, "title": code}


def _listed() -> list[dict[str, Any]]:
    """Every source as the command line tells it: its key is known there and not to the page."""
    result = subprocess_cli.run("sources", "--json", seconds=subprocess_cli.READ_TIMEOUT)
    rows: list[dict[str, Any]] = result.found.get("sources", [])
    return [row for row in rows if row["enabled"]]


def _failing(status: Status | None) -> bool:
    """Whether attempts fail; an answer that waits for a person is none that failed."""
    return status is not None and status.failing_since is not None and not status.held_fetch


def _lacks_key(row: dict[str, Any]) -> bool:
    """Whether it is not asked at all, for want of a key."""
    return "required" in str(row["key"]) and "not set" in str(row["key"])


def _rank(status: Status | None, row: dict[str, Any]) -> tuple[int, str]:
    failing = _failing(status)
    missing = _lacks_key(row)
    held = status is not None and status.held_fetch is not None
    order = 0 if failing else 1 if held else 2 if row["state"] in ("late", "dead") else 3
    return (2 if missing and not failing else order, str(row["source"]))


def _row(view: View, row: dict[str, Any], status: Status | None) -> list[str]:
    words = view.words
    name = str(row["source"])
    title = figure_text.source(words, {"source": name, "title": str(row["title"])})
    failing = _failing(status)
    state = words(f"state.{row['state']}") if row["state"] != "held" else words("admin.health.held")
    if status is not None and status.paused is not None:
        state = words("admin.health.paused", who=status.paused.by or "–")
    elif failing and status is not None:
        state = words("admin.health.failing", count=words.number(status.failures))
    since = words.day(status.failing_since) if failing and status else "–"
    sentence = status.sentence if status is not None and status.sentence and failing else ""
    return [
        f'{escape(title)}<br><code class="nz-name">{escape(name)}</code>',
        escape(state),
        escape(since),
        markup.untranslated(sentence) if sentence else escape(_key(view, row)),
        escape(_next(view, row, status)),
        escape(_readers(view, status)),
    ]


def _key(view: View, row: dict[str, Any]) -> str:
    """What a key is missing, and where to get one."""
    words, key = view.words, str(row["key"])
    if "not set" not in key:
        return "–"
    needed = "admin.key.needed" if key.startswith("required") else "admin.key.better"
    return words(needed, address=str(row["homepage"]))


def _next(view: View, row: dict[str, Any], status: Status | None) -> str:
    words = view.words
    if status is not None and status.paused is not None:
        return words("admin.health.not_asked")
    if _lacks_key(row):
        return words("admin.health.no_key")
    cadence = timedelta(days=float(row["cadence_days"]))
    at = freshness.due_at(str(row["source"]), cadence, status)
    return words("sources.now") if at is None or at <= datetime.now(UTC) else words.moment(at)


def _readers(view: View, status: Status | None) -> str:
    """What readers see meanwhile."""
    words = view.words
    if status is None or status.last_success is None:
        return words("admin.health.nothing")
    return words("admin.health.last_good", day=words.day(status.last_success))


def _one(
    view: View, who: Visitor, row: dict[str, Any], status: Status | None, *, ready: bool
) -> None:
    words, name = view.words, str(row["source"])
    attempts = status.attempts[:ATTEMPTS] if status else ()
    if attempts:
        labels = [words(f"admin.attempt.{column}") for column in ("at", "outcome", "said")]
        cells = [
            [
                escape(words.moment(one.at)),
                escape(words(f"outcome.{one.outcome}")),
                markup.untranslated(one.sentence),
            ]
            for one in attempts
        ]
        table = tables.html(labels, cells, ["day", "", ""], full=True)
        st.html(markup.block(markup.heading(words("admin.attempts"), 3), table))
    paused = status is not None and status.paused is not None
    why = st.text_input(
        words("admin.why"), key=f"why-source-{name}", max_chars=200, autocomplete="off"
    )
    with st.container(horizontal=True):
        pressed = {
            "ask": st.button(words("admin.ask"), key=f"ask-{name}", disabled=not ready),
            "resume" if paused else "pause": st.button(
                words("admin.resume" if paused else "admin.pause"),
                key=f"pause-{name}",
                disabled=not ready,
            ),
        }
    days = _cadence(view, row, status, name)
    if st.button(words("admin.cadence.button"), key=f"cadence-{name}", disabled=not ready):
        _hand_over(view, who, "schedule", name, {"cadence_days": f"{days:g}"} if days else {}, why)
    for kind, was_pressed in pressed.items():
        if was_pressed:
            _hand_over(view, who, kind, name, {}, why)


def _cadence(view: View, row: dict[str, Any], status: Status | None, name: str) -> float | None:
    """How often it is to be asked; None for as the project says."""
    words = view.words
    own = float(row["cadence_days"])
    chosen = status.cadence_days if status else None
    options: list[float | None] = [None, *CADENCES]
    if chosen is not None and chosen not in options:
        options.append(chosen)

    def span_text(days: float | None) -> str:
        if days is None:
            return words("admin.cadence.own", span=words.span(timedelta(days=own)))
        return words("sources.every", span=words.span(timedelta(days=days)))

    return st.selectbox(
        words("admin.cadence"),
        options,
        index=options.index(chosen),
        format_func=span_text,
        key=f"days-{name}",
    )


def _hand_over(
    view: View, who: Visitor, kind: Any, name: str, given: dict[str, str], why: str
) -> None:
    outcome = handover.hand_over(kind, who, f"{kind} {name}", source=name, why=why, given=given)
    if outcome is None:
        st.rerun()
    st.html(markup.note(view.words("admin.not_handed_over"), markup.untranslated(outcome)))
