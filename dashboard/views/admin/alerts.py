"""Who gets which alerts, and whether they arrive, without the addresses they are sent to."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

import streamlit as st

from dashboard.components import channels, markup, tables
from dashboard.session import cached, subprocess_cli
from dashboard.session.urlstate import View
from dashboard.views.admin import preview
from visuals.language import figure_text
from visuals.language.words import LANGUAGES

DOC: Final = "docs/alerts.md"
COLUMNS: Final = ("name", "measures", "places", "level", "language", "quiet", "digest", "channels")
_TOLD: Final = "alerts-told"
_TESTED: Final = "alerts-tested"


def show(view: View) -> None:
    """The alerts, how their channels fare, and a test message for each."""
    words = view.words
    if _TOLD not in st.session_state:
        with st.spinner(words("admin.working")):
            st.session_state[_TOLD] = subprocess_cli.run(
                "alerts", "--json", seconds=subprocess_cli.READ_TIMEOUT
            )
    result: subprocess_cli.CliResult = st.session_state[_TOLD]
    st.html(markup.block(markup.quiet_line(words("admin.alerts.intro", file=DOC))))
    if result.trouble is not None:
        st.html(preview.trouble(view, result))
        if st.button(words("admin.again"), key="alerts-again"):
            del st.session_state[_TOLD]
            st.rerun()
        return
    alerts = result.found.get("alerts", [])
    if not alerts:
        st.html(markup.block(markup.paragraph(words("admin.alerts.none"))))
        return
    labels = [words(f"admin.alert.{name}") for name in COLUMNS]
    rows = [_row(view, alert) for alert in alerts]
    st.html(markup.block(tables.html(labels, rows, ["" for _ in COLUMNS], full=True)))
    shown = channels.table(view)
    if shown:
        st.html(shown)
    st.html(markup.block(markup.heading(words("admin.test"))))
    for alert in alerts:
        _test(view, str(alert["name"]))


def _row(view: View, alert: Mapping[str, Any]) -> list[str]:
    words = view.words
    codes = [*alert["within"], *alert["places"]]
    places = words.listed([words.place(code) for code in codes])
    kinds = [_kind(view, str(channel["kind"])) for channel in alert["channels"]]
    quiet = f'<bdi dir="ltr">{escape(alert["quiet"])}</bdi> {escape(alert["zone"])}'
    return [
        f'<code class="nz-name">{escape(alert["name"])}</code>',
        escape(words.listed([words(f"admin.measure.{m}") for m in alert["measures"]])),
        escape(places or words("admin.alert.area")),
        escape(words.number(alert["level"])),
        escape(LANGUAGES[alert["language"]]),
        quiet if alert["quiet"] else "–",
        escape(words(f"admin.digest.{alert['digest']}")),
        words.joined(kinds),
    ]


def _kind(view: View, kind: str) -> str:
    key = f"channel.kind.{kind}"
    return (
        escape(view.words(key))
        if figure_text.has(view.words, key)
        else f"<bdi>{escape(kind)}</bdi>"
    )


def _test(view: View, name: str) -> None:
    words = view.words
    if st.button(words("admin.test.of", name=name), key=f"test-{name}"):
        with st.spinner(words("admin.working")):
            sent = subprocess_cli.run(
                "alerts", f"--test={name}", "--json", seconds=subprocess_cli.WRITE_TIMEOUT
            )
        st.session_state.setdefault(_TESTED, {})[name] = sent
        cached.reload_store()
    result: subprocess_cli.CliResult | None = st.session_state.get(_TESTED, {}).get(name)
    if result is None:
        return
    if result.trouble is not None:
        st.html(preview.trouble(view, result))
        return
    for channel in result.found.get("channels", []):
        problem = channel["problem"]
        text = words("admin.sent") if problem is None else words(f"channel.problem.{problem}")
        code = f'<code class="nz-name">{escape(channel["name"])}</code>'
        mark = "✓" if problem is None else "✕"
        st.html(markup.block(f'<p role="status">{mark} {code} {escape(text)}</p>'))
