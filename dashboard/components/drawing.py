"""The map on the page, as a Components v2 element that fetches once and then only changes.

Streamlit sends an element's script with every change: the one sent here only loads the real one,
which browsers keep, as they keep the outlines (`dashboard.server.hashed_assets`).
"""

import base64
import json
from collections.abc import Callable
from datetime import date
from functools import cache
from html import escape
from itertools import pairwise
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.server import hashed_assets
from dashboard.session.urlstate import View
from dashboard.theme import minify
from visuals.charts.studio import credit_lines
from visuals.language.words import Words
from visuals.map import picture

MARK_COLUMNS: Final = 7
"""How much `visuals.map.draw.change` gives of a circle."""
LOADER: Final = """
export default async (element) => {
  const sent = JSON.parse(new TextDecoder().decode(element.data));
  const map = await import(new URL(sent.script, document.baseURI));
  return map.default(element, sent);
};
"""


STILL: Final = """
// A hand that is drawn across a chart chooses the days between; keys have the two fields for it.
const brushed = (host, tell) => {
  let from;
  const at = (event) => {
    const { svg, band } = from, box = svg.getBoundingClientRect();
    const { width, height } = svg.viewBox.baseVal;
    const { left, right, first, last } = svg.dataset;
    const most = width - right, x = (event.clientX - box.left) / box.width * width;
    const kept = Math.min(Math.max(x, Number(left)), most);
    const share = (kept - left) / (most - left);
    return { x: kept, high: height, band,
      day: new Date(Date.parse(first) + share * (Date.parse(last) - Date.parse(first))) };
  };
  host.addEventListener("pointerdown", (event) => {
    const svg = event.target.closest("svg[data-first]");
    if (!svg || event.button || event.pointerType === "touch") return;
    const band = document.createElementNS(svg.namespaceURI, "rect");
    band.setAttribute("class", "nz-band");
    from = { svg, band };
    from.start = at(event);
    svg.append(band);
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  host.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [one, two] = [from.start.x, at(event).x].sort((a, b) => a - b);
    const box = { x: one, y: 0, width: two - one, height: from.start.high };
    for (const [name, value] of Object.entries(box)) from.band.setAttribute(name, value);
  });
  const done = (event) => {
    if (!from) return;
    const ends = [from.start, at(event)].sort((a, b) => a.x - b.x);
    from.band.remove();
    from = undefined;
    if (event.type !== "pointerup" || ends[1].x - ends[0].x < 6) return;
    const [since, until] = ends.map(({ day }) => day.toISOString().slice(0, 10));
    tell({ since, until });
  };
  host.addEventListener("pointerup", done);
  host.addEventListener("pointercancel", done);
};
export default ({ data, parentElement, setTriggerValue }) => {
  const host = parentElement.querySelector(".nz-drawing");
  if (host.drawn !== data.svg) host.innerHTML = host.drawn = data.svg;
  host.classList.toggle("nz-brush", Boolean(data.brush));
  if (!data.brush || host.nuzuhBrush) return;
  host.nuzuhBrush = true;
  brushed(host, (days) => setTriggerValue("asked", days));
};
"""


@cache
def _still() -> Any:
    return st.components.v2.component(
        "nuzuh_drawing",
        html='<div class="nz-drawing"></div>',
        js=minify.script(STILL),
        isolate_styles=False,
    )


def show_static(svg: str, key: str, on_days: Callable[[date, date], None] | None = None) -> None:
    """Put a whole drawing made by `visuals` on the page: `st.html` takes SVG out.

    Everything in it was escaped there.

    Args:
        svg: The drawing.
        key: Names it on its page.
        on_days: Told the first and last day that a reader marked on it; without, none are marked.
    """

    def asked() -> None:
        given = getattr(st.session_state.get(key), "asked", None)
        if on_days is None or not isinstance(given, dict):
            return
        try:
            first, last = (date.fromisoformat(str(given[name])) for name in ("since", "until"))
        except (KeyError, ValueError):
            return
        if first <= last:
            on_days(first, last)

    _still()(key=key, data={"svg": svg, "brush": on_days is not None}, on_asked_change=asked)


@cache
def _element() -> Any:
    return st.components.v2.component(
        "nuzuh_map",
        html='<div class="nz-atlas"></div>',
        js=minify.script(LOADER),
        # The page's own table and link styles hold inside too.
        isolate_styles=False,
    )


def show(change: bytes, key: str, on_time: Callable[[int], None] | None = None) -> None:
    """Put a map on the page, or change the one that stands there.

    Args:
        change: As `as_bytes` gives it.
        key: Names the map on its page.
        on_time: Told the turn of the time that a map which plays asks for.
    """

    def asked() -> None:
        given = getattr(st.session_state.get(key), "asked", None)
        turn = given.get("time") if isinstance(given, dict) else None
        if on_time is not None and isinstance(turn, int):
            on_time(turn)

    _element()(key=key, data=change, on_asked_change=asked)


def as_bytes(change: dict[str, Any], atlas: hashed_assets.HashedAsset) -> bytes:
    """A change as bytes: Streamlit's own JSON spends six bytes on each Arabic letter, this two.

    Args:
        change: What `visuals.map.draw.change` gives.
        atlas: What the change is placed on.
    """
    made = change if "shades" in change else change | _columns(change)
    sent = made | {"script": hashed_assets.script().address, "atlas": atlas.address}
    return json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode()


def _columns(change: dict[str, Any]) -> dict[str, Any]:
    """A month's circles by columns: a fifth fewer bytes on the line than by rows.

    A radius is given in tenths, each as the step from the one before; the numbers in one text, with
    bars between them; the figures' ids as their eight bytes each (zeros: no figure), without the
    letter that an id of digits alone begins with, which `data.schema.tables.cited` puts back.
    """
    marks = change["marks"]
    seats, radii, numbers, *others = zip(*marks, strict=True) if marks else [()] * MARK_COLUMNS
    tenths = [round(radius * 10) for radius in radii]
    ids = change["figures"].split(" ") if marks else []
    figures = b"".join(bytes.fromhex(one[-16:] or "0" * 16) for one in ids)
    return {
        "marks": [
            seats,
            [to - of for of, to in pairwise([0, *tenths])],
            "|".join(numbers),
            *others,
        ],
        "figures": base64.b64encode(figures).decode(),
    }


def printed_credit(words: Words, shown: pd.DataFrame, address: str) -> str:
    """A line that print alone has: sources and licences of a map, and its address.

    Args:
        words: The reader's words.
        shown: The figures on the map, with columns of `tables.FIGURES`.
        address: Shows the same again.
    """
    said = escape(" ".join(credit_lines(words, shown)))
    return f'<p class="soft nz-paper">{said} <bdi dir="ltr">{escape(address)}</bdi></p>'


def downloads(view: View, whole: Callable[[], str], name: str, key: str) -> None:
    """The picture as SVG and PNG, made when it is asked for.

    Args:
        view: The reader.
        whole: Draws it.
        name: Of the files.
        key: Names the buttons on their page.
    """
    words = view.words
    with st.container(horizontal=True, gap="small"):
        for form, mime, body in (
            ("svg", "image/svg+xml", lambda: whole().encode()),
            ("png", "image/png", lambda: picture.png(whole())),
        ):
            st.download_button(
                words(f"map.{form}"),
                body,
                file_name=f"{name}.{form}",
                mime=mime,
                key=f"{key}-{form}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )
