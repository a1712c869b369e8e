"""A box for a day: the browser's own, in its own language, where Streamlit's speaks English."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, Final

import streamlit as st

from dashboard.theme import minify

SCRIPT: Final = """
export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".nz-day");
  const [name, input, told] = [...box.children[0].children, box.children[1]];
  name.textContent = data.label;
  told.textContent = data.help;
  told.hidden = !data.help;
  input.min = data.earliest;
  input.max = data.latest;
  // A day that is being typed is not taken out of the reader's hands.
  if (box.dataset.value !== data.value) input.value = box.dataset.value = data.value;
  input.onchange = () => {
    if (input.value !== "" && !input.validity.valid) return;
    box.dataset.value = input.value;
    setTriggerValue("day", input.value);
  };
}
"""

HTML: Final = (
    '<div class="nz-day"><label><span></span><input type="date"></label><small></small></div>'
)


@cache
def _element() -> Any:
    return st.components.v2.component(
        "nuzuh_day",
        html=HTML,
        js=minify.script(SCRIPT),
        isolate_styles=False,
    )


def show(
    label: str,
    value: date | None,
    on_chosen: Callable[[str], None],
    *,
    key: str,
    earliest: date,
    latest: date,
    help: str = "",  # noqa: A002 - as Streamlit's own boxes call it
) -> None:
    """Put the box on the page.

    Args:
        label: Stands above it.
        value: The day in it; None leaves it empty.
        on_chosen: Told the day as `YYYY-MM-DD`, or "" for none, before the page runs again. What
            a browser tells is not to be trusted: the text may be anything.
        key: Names the box on its page.
        earliest: First day that may be chosen.
        latest: Last day that may be chosen.
        help: Stands below it.
    """

    def chosen() -> None:
        given = getattr(st.session_state.get(key), "day", None)
        if isinstance(given, str):
            on_chosen(given)

    data = {
        "label": label,
        "help": help,
        "value": value.isoformat() if value else "",
        "earliest": earliest.isoformat(),
        "latest": latest.isoformat(),
    }
    _element()(key=key, data=data, on_day_change=chosen)
