"""When this reader was here last, from the reader's own browser; nothing of it is stored here.

A small Components v2 element reads the browser's storage, tells the moment of the visit before
this one, and notes this one. Visits less than six hours apart are one visit. Where the browser
keeps nothing (a private window), it tells nothing, and the page goes without.
"""

from functools import cache
from typing import Any, Final

import streamlit as st

from dashboard.theme import minify

KEY: Final = "last-visit"
SCRIPT: Final = """
const NAME = "nuzuh.visits";
const APART = 6 * 3600 * 1000;

export default function ({ setStateValue, parentElement }) {
  const mark = parentElement.querySelector(".nz-visit");
  if (mark.dataset.told) return;
  mark.dataset.told = "yes";
  let before = null;
  try {
    const kept = JSON.parse(localStorage.getItem(NAME) || "{}");
    const now = Date.now();
    const latest = Number.isFinite(kept.latest) ? kept.latest : null;
    before = Number.isFinite(kept.before) ? kept.before : null;
    if (latest !== null && now - latest > APART) before = latest;
    localStorage.setItem(NAME, JSON.stringify({ before, latest: now }));
  } catch (error) {
    before = null;
  }
  if (before !== null) setStateValue("since", new Date(before).toISOString());
}
"""


@cache
def _element() -> Any:
    return st.components.v2.component(
        "nuzuh_last_visit", html='<span class="nz-visit"></span>', js=minify.script(SCRIPT)
    )


def previous_visit() -> str | None:
    """The moment of the visit before this one as the browser tells it; None until it does."""
    held = _element()(key=KEY, on_since_change=lambda: None)
    since = held.get("since") if held else None
    return str(since) if since else None


def previous_visit_if_known() -> str | None:
    """The same where this session knows it already; None before its element stood on the page."""
    since = getattr(st.session_state.get(KEY), "since", None)
    return str(since) if since else None
