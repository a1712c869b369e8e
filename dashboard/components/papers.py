"""Small pieces of HTML that pages share. Whatever comes from data is escaped here."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import pandas as pd

from dashboard import urlstate
from dashboard.urlstate import View
from visuals import text


def anchor(address: str, label: str) -> str:
    """A link inside the dashboard, in the same tab."""
    return f'<a href="{escape(address, quote=True)}" target="_self">{escape(label)}</a>'


def outward(address: str) -> str:
    """A publisher's address; only what is really a web address becomes a link."""
    shown = f"<code>{escape(address)}</code>"
    if not address.startswith(("https://", "http://")):
        return shown
    return f'<a href="{escape(address, quote=True)}" rel="noreferrer">{shown}</a>'


def note(sentence: str, more: str = "") -> str:
    """A sentence that must not be overlooked; `more` is HTML."""
    return f'<div class="nz nz-note" role="status"><p>{escape(sentence)} {more}</p></div>'


def to_papers(view: View, figure: Mapping[str, Any], label: str | None = None) -> str:
    """The number, linked to its papers."""
    shown = label if label is not None else text.value(view.words, figure)
    return anchor(view.link("figure", figure=str(figure["figure_id"])), shown)


def to_place(view: View, code: str) -> str:
    """A place's name, linked to its page."""
    return anchor(view.link("place", place=code), view.words.place(code))


def chips(labels: Iterable[str]) -> str:
    """Caveats and the like as small tags; nothing where there are none."""
    inner = "".join(f'<span class="nz-chip">{escape(label)}</span>' for label in labels)
    return f'<div class="nz-chips">{inner}</div>' if inner else ""


def block(*parts: str) -> str:
    """Parts of a page as one element."""
    return f'<div class="nz">{"".join(parts)}</div>'


def heading(words: str, level: int = 2) -> str:
    """A heading."""
    return f"<h{level}>{escape(words)}</h{level}>"


def said(sentence: str) -> str:
    """A line of full weight."""
    return f"<p>{escape(sentence)}</p>"


def soft(sentence: str) -> str:
    """A line of lesser weight."""
    return f'<p class="soft">{escape(sentence)}</p>'


def citation(view: View, figures: pd.DataFrame) -> str:
    """One sentence with the publishers and the address of this view as known on this day."""
    words = view.words
    names = sorted(figures["publisher"].dropna().unique())
    said = [text.publisher(words, {"publisher": name}) for name in names]
    return words(
        "download.citation",
        publishers=words.listed(said),
        day=words.day(view.day),
        address=urlstate.permanent(view),
    )
