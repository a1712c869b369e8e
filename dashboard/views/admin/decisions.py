"""The record of decisions: what waits, what became of each, going back, and the whole as a file."""

import csv
import io
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.components import markup, tables
from dashboard.server.signin import Visitor
from dashboard.session import cached, handover, urlstate
from dashboard.session.urlstate import View
from data import settings
from data.handover import Request
from data.handover.request import TOKEN_NAME
from data.publication import exports
from data.store import Decision, Release, StoreProblem, serving
from visuals.language import figure_text

SHOWN: Final = 100
"""Decisions listed; the file has all of them."""
RELEASES: Final = 30
"""Releases that may be gone back to."""
RECENT: Final = timedelta(hours=1)
"""For so long a person's own decisions stand above every task, after a refresh too."""
ROWS: Final = 50
COLUMNS: Final = ("when", "who", "what", "about", "outcome", "why")
WATCH: Final = "2s"
DESCRIBED_BY_KIND: Final = frozenset({"pause", "resume", "token", "revoke"})
"""Kinds that say all there is once they are done; the process's sentence is English."""
NOTHING: Final = pd.DataFrame({"figure_id": [], "value": [], "missing_reason": []})


def outcome_note(view: View, decision: Decision) -> str:
    """What became of a decision, with who made it and when, as a note."""
    words = view.words
    sentence = words(
        "admin.told",
        kind=words(f"admin.kind.{decision.kind}"),
        about=_about(view, decision),
        who=decision.by or "–",
        at=words.moment(decision.done_at or decision.asked_at),
    )
    outcome = words(f"admin.outcome.{decision.outcome}")
    return markup.note(f"{sentence} {outcome}", _more(view, decision))


def _more(view: View, decision: Decision) -> str:
    """What the outcome's own words leave open: counts, a change, or the process's, HTML."""
    if decision.counts:
        numbers = {name: view.words.number(count) for name, count in decision.counts.items()}
        text = escape(view.words("admin.published_counts", **numbers))
        return " ".join([text, *map(markup.untranslated, decision.remarks)])
    days = decision.given.get("cadence_days")
    if decision.kind == "alert" and "change" in decision.given:
        return escape(view.words(f"admin.alert.{decision.given['change']}"))
    if decision.kind == "schedule" and decision.outcome == "unchanged" and days:
        span = view.words.span(timedelta(days=float(days)))
        return escape(view.words("sources.every", span=span))
    if decision.outcome == "unchanged" and decision.kind in DESCRIBED_BY_KIND:
        return ""
    # Why it is held stands beside the held rows; who rejected it, and why, beside the outcome.
    if (decision.kind, decision.outcome) == ("reject", "rejected") or decision.outcome == "held":
        return ""
    return markup.untranslated(decision.sentence or "")


def recent(view: View, who: Visitor) -> None:
    """What waits, and what became of what this person decided lately.

    Raises:
        StoreProblem: The store cannot be read.
    """
    now, ours = datetime.now(UTC), handover.handed_over()
    done = {request.id for request, decision in ours if decision is not None}
    waiting = {one.id: one for one in handover.waiting() if one.id not in done}
    waiting |= {request.id: request for request, decision in ours if decision is None}
    recent_ones = [
        one
        for one in handover.decisions(SHOWN)
        if one.by == who.name and one.done_at is not None and now - one.done_at < RECENT
    ]
    for one in recent_ones[:3]:
        st.html(outcome_note(view, one))
    for request, decision in ours:
        if decision is not None:
            handover.mark_as_shown(request)
    if waiting:
        _watch(view, list(waiting.values()))


@st.fragment(run_every=WATCH)
def _watch(view: View, requests: list[Request]) -> None:
    """What waits to be carried out; once any of it is done the whole page says so."""
    words = view.words
    there = {one.id for one in handover.waiting()}
    if any(decision is not None for _, decision in handover.handed_over()) or any(
        one.id not in there for one in requests
    ):
        cached.reload_store()
        st.rerun()
    lines = [
        words(
            "admin.waits",
            kind=words(f"admin.kind.{one.kind}"),
            about=one.given.get(TOKEN_NAME) or _name(view, one.source),
            who=one.by,
            at=words.moment(one.asked_at),
        )
        for one in requests
    ]
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    st.html(
        f'<div class="nz nz-note" role="status"><p>{escape(words("admin.waiting"))}</p>'
        f"<ul>{listed}</ul></div>"
    )


def show(view: View, who: Visitor, *, ready: bool) -> None:
    """The whole record, and going back to an earlier release."""
    words = view.words
    try:
        found = handover.decisions()
    except StoreProblem:
        st.html(markup.note(words("app.broken")))
        return
    st.html(markup.block(markup.quiet_line(words("admin.record.intro"))))
    if found:
        labels = [words(f"admin.record.{name}") for name in COLUMNS]
        rows = [_row(view, one) for one in found[:SHOWN]]
        st.html(markup.block(tables.html(labels, rows, ["day", "", "", "", "", ""], full=True)))
        st.download_button(
            words("admin.record.csv", count=words.number(len(found))),
            lambda: as_csv(found),
            file_name="decisions.csv",
            mime="text/csv",
            key="decisions-csv",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
    else:
        st.html(markup.block(markup.quiet_line(words("admin.record.none"))))
    _going_back(view, who, ready=ready)


def as_csv(found: list[Decision]) -> bytes:
    """The record as a file."""
    out = io.StringIO()
    rows = [one.as_json() for one in found]
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: exports.harmless(value) for name, value in row.items()} for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _row(view: View, one: Decision) -> list[str]:
    words = view.words
    outcome = words(f"admin.outcome.{one.outcome}") if one.outcome else words("admin.begun")
    return [
        escape(words.moment(one.asked_at)),
        f"<bdi>{escape(one.by or '–')}</bdi>",
        escape(words(f"admin.kind.{one.kind}")),
        escape(_about(view, one)),
        f"{escape(outcome)}<br>{_more(view, one)}",
        f'<span dir="auto">{escape(one.why or "–")}</span>',
    ]


def _about(view: View, one: Decision) -> str:
    words = view.words
    parts = [_name(view, one.source)] if one.source else []
    if one.file_name:
        # A file's name has its own direction: no number beside it moves.
        parts.append(f"\u2068{one.file_name}\u2069")
    if one.withheld:
        parts.append(words("admin.withheld", count=words.number(len(one.withheld))))
    parts += [
        one.given[name]
        for name in ("release", "alert", "token_name", "token")
        if one.given.get(name)
    ]
    return " · ".join(parts) or "–"


def _name(view: View, source: str | None) -> str:
    if source is None:
        return view.words("admin.everything")
    return figure_text.source(view.words, {"source": source, "title": source})


def _going_back(view: View, who: Visitor, *, ready: bool) -> None:
    """An earlier release again: what readers would see, and a person's yes."""
    words, given = view.words, settings.load()
    store = serving(given.store, given.cache)
    st.html(
        markup.block(
            markup.heading(words("admin.back")), markup.quiet_line(words("admin.back.intro"))
        )
    )
    current = store.current()
    listed = [one for one in store.releases() if one.id != current.id][:RELEASES]
    if not listed:
        st.html(markup.block(markup.quiet_line(words("admin.back.none"))))
        return
    by_id = {one.id: one for one in listed}
    wanted = urlstate.choice(
        words("admin.back.release"),
        list(by_id),
        key="release",
        name=lambda code: (
            f"{words.moment(by_id[code].published_at)}: \u2068{by_id[code].reason}\u2069"
        ),
    )
    try:
        rows = difference(current, store.release(wanted))
    except StoreProblem:
        st.html(markup.note(words("admin.back.gone")))
        return
    counts = rows["change"].value_counts()
    numbers = {
        name: words.number(int(counts.get(name, 0))) for name in ("new", "changed", "withdrawn")
    }
    st.html(markup.block(markup.paragraph(words("admin.back.preview", **numbers))))
    if len(rows):
        names = ("change", "place", "group", "as_of")
        labels = [words(f"column.{name}") for name in names]
        labels += [words("admin.back.now"), words("admin.back.then")]
        cells = [_difference(view, row) for row in rows.head(ROWS).to_dict("records")]
        classes = ["", "", "", "day", "nz-num", "nz-num"]
        st.html(markup.block(tables.html(labels, cells, classes, full=True)))
        if len(rows) > ROWS:
            cut = {"shown": words.number(ROWS), "all": words.number(len(rows))}
            st.html(markup.block(markup.quiet_line(words("admin.back.cut", **cut))))
    why = st.text_input(words("admin.why"), key="why-back", max_chars=200, autocomplete="off")
    if st.button(words("admin.back.button"), key="back", disabled=not ready):
        outcome = handover.hand_over(
            "rollback",
            who,
            f"back {current.id} {wanted}",
            why=why,
            given={"release": wanted, "expects": current.id},
        )
        if outcome is None:
            st.rerun()
        st.html(markup.note(words("admin.not_handed_over"), markup.untranslated(outcome)))


def difference(current: Release, wanted: Release) -> pd.DataFrame:
    """What readers would see differently at another release, largest numbers first.

    Only files that differ are read. The columns are those of the figure, `change` (new, changed,
    withdrawn) and `value_before`.
    """
    now, then = current.manifest.figures, wanted.manifest.figures
    moved = [name for name in {*now, *then} if now.get(name) != then.get(name)]
    if not moved:
        return NOTHING.assign(change="", value_before=pd.NA)
    here, there = (
        release.figures().loc[lambda frame: frame["source"].isin(moved)]
        for release in (current, wanted)
    )
    both = there.merge(
        here[["figure_id", "value", "missing_reason"]],
        on="figure_id",
        how="outer",
        suffixes=("", "_before"),
        indicator=True,
    )
    changed = both["value"].astype("string").fillna("") != both["value_before"].astype(
        "string"
    ).fillna("")
    gone = both["_merge"] == "right_only"
    marked = both.assign(
        change=pd.Series("changed", index=both.index)
        .mask(both["_merge"] == "left_only", "new")
        .mask(gone, "withdrawn")
    )[changed | gone]
    lost = here.set_index("figure_id").reindex(marked.loc[gone, "figure_id"])
    for name in here.columns.difference(["figure_id", "value", "missing_reason"]):
        marked.loc[gone, name] = lost[name].to_numpy()
    largest = marked[["value", "value_before"]].astype("Float64").max(axis=1).fillna(0)
    return marked.loc[largest.sort_values(ascending=False).index]


def _difference(view: View, row: dict[str, Any]) -> list[str]:
    words = view.words

    def number(value: Any) -> str:
        return "–" if pd.isna(value) else words.number(int(str(value)))

    place = row["place_code"]
    return [
        escape(words(f"admin.change.{row['change']}")),
        "–" if pd.isna(place) else escape(words.place(str(place))),
        escape(figure_text.series_name(words, row)),
        escape(words.day(row["as_of"])),
        escape(number(row["value_before"])),
        escape(number(row["value"])),
    ]
