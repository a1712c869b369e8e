"""The pages there are, in menu order, and what stands above each: language, day, state."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import streamlit as st

from dashboard.components import markup
from dashboard.server import garbage_collection, preload, signin, signin_page
from dashboard.server.not_found import LOST
from dashboard.session import cached, urlstate
from dashboard.session.urlstate import FIRST, GO, HERE, KNOWN, LANG, OWN, Link, View
from dashboard.shell import masthead
from dashboard.theme import style
from data.gazetteer.area import NoSuchArea
from data.settings import BadConfiguration
from data.store import Release, StoreEmpty, StoreProblem
from visuals.language.words import LANGUAGES, Words, catalogue

FOLDER: Final = Path(__file__).resolve().parents[1] / "pages"
FIND: Final = "nuzuh/find"
"""Where the search field asks."""
READER: Final = "reader"
"""Whose session this is, where readers sign in."""
ICON: Final = Path(__file__).resolve().parents[1] / "icon.png"
"""A file of our own: a named icon would be fetched from a font server by every reader."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page file and its menu entry; its title is the text `{name}.nav`."""

    name: str
    shown: bool = True
    everyday: bool = False
    """Whether it stands in the row of the head, where that has room; the others under a button."""

    @property
    def file(self) -> Path:
        """The script that Streamlit runs."""
        return FOLDER / f"{self.name}.py"


PAGES: Final = (
    Page(FIRST, everyday=True),
    Page("map", everyday=True),
    Page("place", everyday=True),
    Page("charts", everyday=True),
    Page("coverage"),
    Page("movements"),
    Page("border", everyday=True),
    Page("compare", everyday=True),
    Page("surges"),
    Page("check"),
    Page("downloads"),
    Page("elsewhere"),
    Page("sources"),
    Page("glossary"),
    # Reached from a number, not from the menu.
    Page("figure", shown=False),
)
ADMIN: Final = Page("admin")
"""For administrators, where readers sign in; there is no such page elsewhere."""


def names() -> list[str]:
    """The address of every page there can be, for whoever signs in too."""
    return [page.name for page in (*PAGES, ADMIN)]


def show() -> None:
    """Run the page that the address names, in the reader's language."""
    garbage_collection.freeze_imports()
    guarded = signin.config() is not None
    reader = signin.here() if guarded else None
    if st.session_state.get(READER, reader and reader.subject) != (reader and reader.subject):
        # The tab changed hands: what another reader chose, and the files they brought, go.
        urlstate.forget_choices()
    leads_to = _followed()
    if guarded:
        st.session_state[READER] = reader and reader.subject
    view = urlstate.view()
    words = view.words
    shut = guarded and (reader is None or not reader.reads)
    # The icon is one of the files that nobody is given before they have signed in.
    icon = None if shut else str(ICON)
    st.set_page_config(page_title=words("app.title"), page_icon=icon, layout="wide")
    style.apply(words)
    pages = (*PAGES, ADMIN) if reader is not None and reader.administers else PAGES
    menu = {page.name: _page(page, words) for page in pages}
    page = st.navigation(list(menu.values()), position="hidden")
    if shut:
        signin_page.show(words)
        return
    if leads_to is not None and leads_to.page in menu:
        st.switch_page(menu[leads_to.page], query_params=leads_to.choices)
    here = page.url_path or FIRST
    st.session_state[HERE] = here
    masthead.show(_masthead(view, here, pages, reader), _asked)
    if reader is not None:
        signin_page.watch(reader)
    _banner(view, here)
    try:
        release = cached.release()
        if not release.newest:
            st.html(markup.note(words("app.last_good")))
        if release.history_lost:
            st.html(markup.note(words("app.history_lost")))
        if release.away_since:
            st.html(markup.note(words("app.away", since=words.moment(release.away_since))))
        _undated(view, release, here)
        page.run()
    except StoreEmpty:
        st.html(markup.block(markup.heading(words(f"{here}.nav"), 1)))
        st.html(markup.note(words("app.empty")))
    except StoreProblem:
        st.html(markup.note(words("app.broken")))
    except (BadConfiguration, NoSuchArea):
        st.html(markup.note(words("app.misconfigured")))


def _page(page: Page, words: Words) -> Any:
    title = words(f"{page.name}.nav")
    return st.Page(page.file, title=title, url_path=page.name, default=page.name == FIRST)


def _followed() -> Link | None:
    """Where a link leads that was followed, unless it stays on the page: then it is taken here.

    What was chosen before does not go along: the address alone says what to show.
    """
    if GO not in st.session_state:
        return None
    link = urlstate.read_link(st.session_state[GO])
    stays = link.page == st.session_state.get(HERE)
    urlstate.forget_choices()
    if not stays:
        return link
    st.query_params.from_dict(link.choices)
    return None


def _asked(given: dict[str, str]) -> None:
    """Take what a reader asked of the masthead; whatever it is, nothing here raises."""
    if given.get("lang") in LANGUAGES:
        st.session_state[LANG] = given["lang"]
    elif "known" in given:
        st.session_state[KNOWN] = urlstate.read_day(given["known"], datetime.now(UTC).date())
    elif given.get("go", "").startswith("./"):
        st.session_state[GO] = given["go"]


def _masthead(
    view: View, here: str, pages: tuple[Page, ...], reader: signin.Visitor | None
) -> dict[str, Any]:
    words = view.words
    day = words.day(view.known) if view.known else words("app.known_now")
    return {
        "skip": words("app.skip"),
        "home": {"label": words("app.brand"), "href": view.link(FIRST)},
        "menu": words("app.menu"),
        "more": words("app.more"),
        "pages": [
            {
                "id": page.name,
                "label": words(f"{page.name}.nav"),
                "href": view.link(page.name),
                "current": page.name == here,
                "everyday": page.everyday,
            }
            for page in pages
            if page.shown
        ],
        "find": _find(view),
        "light": {
            "id": "light",
            "label": words("app.light"),
            "href": preload.LIGHT.format(language=words.language),
        },
        "links": _links(words, reader),
        "theme": words("app.theme"),
        "themes": [
            {"id": name, "label": words(f"app.theme_{name.lower() or 'auto'}")}
            for name in ("", "Light", "Dark")
        ],
        "language": words("app.language"),
        "languages": [
            {"id": code, "label": name, "current": code == words.language}
            for code, name in LANGUAGES.items()
        ],
        "known": {
            "summary": words("app.known_summary", day=day),
            "label": words("app.known"),
            "help": words("app.known_help"),
            "now": words("app.known_now"),
            "value": view.known.isoformat() if view.known else "",
            "min": urlstate.EARLIEST.isoformat(),
            "max": view.today.isoformat(),
        },
    }


def _find(view: View) -> dict[str, str]:
    """The search field, and where it asks: its answers keep the reader's language and day."""
    words = view.words
    names = ("label", "placeholder", "none", "count", "failed")
    return {
        **{name: catalogue(words.language)[f"find.{name}"] for name in names},
        "address": view.link(FIND),
    }


def _links(words: Words, reader: signin.Visitor | None) -> list[dict[str, str]]:
    """What lies beside the dashboard.

    No "./": the address is not one of the script's pages, and the browser goes there itself.
    """
    if reader is None:
        return []
    return [{"id": "out", "label": words("signin.out"), "href": signin_page.OUT}]


def _banner(view: View, here: str) -> None:
    """What the chosen day means."""
    words = view.words
    if urlstate.is_refused(KNOWN):
        urlstate.say_refused(words("app.known"), words("app.known_now"))
    if st.query_params.get(LOST) is not None:
        st.html(markup.note(words("address.no_page", shown=words(f"{here}.nav"))))
    if view.known:
        now = View(words, None, view.today).link(here)
        st.html(
            markup.note(
                words("app.known_banner", day=words.day(view.known)),
                markup.anchor(now, words("app.known_now")),
            )
        )


def _undated(view: View, release: Release, here: str) -> None:
    """What a past day hides since nobody knows when it was published, and the switch for it."""
    if view.known is None:
        return
    words = view.words
    other = replace(view, undated=not view.undated)
    chosen = {k: v for k, v in st.query_params.to_dict().items() if k not in OWN}
    switch = other.link(here, **chosen)
    if view.undated:
        st.html(markup.note(words("known.shown"), markup.anchor(switch, words("known.hide"))))
        return
    count = cached.count_undated(release, release.id, view.known)
    if count:
        hidden = words.days(count, "known.hidden")
        st.html(markup.note(hidden, markup.anchor(switch, words("known.show"))))
