"""The pages there are, in menu order, and what stands above each: language, day, state."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import streamlit as st

from dashboard import cached, style, urlstate
from dashboard.components import papers
from dashboard.urlstate import FIRST, KNOWN, LANG, View
from data.area import NoSuchArea
from data.settings import BadConfiguration
from data.store import StoreEmpty, StoreProblem
from visuals.words import LANGUAGES

FOLDER: Final = Path(__file__).parent / "pages"
ICON: Final = Path(__file__).parent / "icon.png"
"""A file of our own: a named icon would be fetched from a font server by every reader."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page file and its menu entry; its title is the text `{name}.nav`."""

    name: str
    shown: bool = True

    @property
    def file(self) -> Path:
        """The script that Streamlit runs."""
        return FOLDER / f"{self.name}.py"


PAGES: Final = (
    Page(FIRST),
    Page("map"),
    Page("place"),
    Page("surges"),
    Page("sources"),
    # Reached from a number, not from the menu.
    Page("figure", shown=False),
)


def show() -> None:
    """Run the page that the address names, in the reader's language."""
    view = urlstate.view()
    words = view.words
    st.set_page_config(page_title=words("app.title"), page_icon=str(ICON), layout="wide")
    style.apply(words)
    page = st.navigation(_menu(view), position="top")
    _choices(view)
    try:
        warning = cached.release().warning
        if warning:
            st.html(papers.note(words("app.last_good")))
        page.run()
    except StoreEmpty:
        st.html(papers.note(words("app.empty")))
    except StoreProblem:
        st.html(papers.note(words("app.broken")))
    except (BadConfiguration, NoSuchArea):
        st.html(papers.note(words("app.misconfigured")))


def _menu(view: View) -> list[Any]:
    return [
        st.Page(
            page.file,
            title=view.words(f"{page.name}.nav"),
            url_path=page.name,
            default=page.name == FIRST,
            visibility="visible" if page.shown else "hidden",
        )
        for page in PAGES
    ]


def _choices(view: View) -> None:
    """Language and day, then what the chosen day means."""
    words = view.words
    with st.container(horizontal=True, horizontal_alignment="distribute", gap="small"):
        st.segmented_control(
            words("app.language"),
            list(LANGUAGES),
            key=LANG,
            format_func=LANGUAGES.__getitem__,
            required=True,
            label_visibility="collapsed",
        )
        st.date_input(
            words("app.known"),
            key=KNOWN,
            value=None,
            min_value=urlstate.EARLIEST,
            max_value=max(view.today, view.known or date.min),
            format="YYYY-MM-DD",
            width=230,
            help=words("app.known_help"),
        )
    if view.known:
        now = View(words, None, view.today).link(FIRST)
        st.html(
            papers.note(
                words("app.known_banner", day=words.day(view.known)),
                papers.anchor(now, words("app.known_now")),
            )
        )
