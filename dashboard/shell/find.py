"""What the search field of the masthead is answered: links to whatever bears what was typed.

Places, towns, crossings, pages, sources, population groups and events by their names in three
scripts, and published figures by their number. Every link keeps the reader's language and day.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard.components.place_search import places_from_core
from dashboard.server import preload
from dashboard.session import urlstate
from dashboard.session.urlstate import KNOWN, LANG, UNDATED, YES, View
from dashboard.shell.navigation import FIND, PAGES
from data import settings
from data.analysis import number_search, precedence
from data.analysis.series import records
from data.gazetteer import events, places
from data.gazetteer.search import Hit
from data.store import FigureFilter, Release, StoreProblem, serving
from visuals.language import figure_text
from visuals.language.find import PARTS, find
from visuals.language.words import Words, reading

LIGHT: Final = "light"
"""Of `PARTS`, the one that lies beside the dashboard."""
HITS: Final = 10
NUMBERS: Final = 6
"""Figures given for a number."""
LONGEST: Final = 80
"""Characters of a question; what is longer is no name."""
SHORT: Final = {"Cache-Control": "private, max-age=60"}


def answer(request: Request) -> Response:
    """`/nuzuh/find?q=…&lang=…&known=…`: a list of name, detail and address, best first."""
    given = request.query_params
    today = datetime.now(UTC).date()
    words = Words(reading(given.get(LANG), request.headers.get("accept-language")))
    known = urlstate.read_day(given.get(KNOWN), today)
    view = View(words, known, today, bool(known) and given.get(UNDATED) == YES)
    typed = given.get("q", "")[:LONGEST].strip()
    return JSONResponse(_found(view, typed), headers=SHORT)


def _found(view: View, typed: str) -> list[dict[str, str]]:
    """The figures of a number that was typed, alone or in a sentence; names where it has none."""
    release = _release()
    value = number_search.number_in(typed) or number_search.number_within(typed)
    numbers = [] if value is None or release is None else list(_numbers(view, release, value))
    return numbers or _names(view, release, typed)


def _names(view: View, release: Release | None, typed: str) -> list[dict[str, str]]:
    sources = [] if release is None else list(release.table("sources")["source"])
    pages = [page.name for page in PAGES if page.shown]
    hits = find(view.words, typed, sources=sources, pages=pages, limit=2 * HITS)
    links = [_link(view, release, hit) for hit in hits]
    return list({link["href"] + link["name"]: link for link in links}.values())[:HITS]


def _release() -> Release | None:
    """The newest release; without one there are places and pages still."""
    try:
        given = settings.load()
        return serving(given.store, given.cache).current()
    except (StoreProblem, settings.BadConfiguration):
        return None


def _link(view: View, release: Release | None, hit: Hit) -> dict[str, str]:
    """Where a hit leads, never to a page about another place."""
    words, entry = view.words, hit.entry
    kind, code = entry.kind, entry.code
    detail = words("glossary.nav" if kind == "word" else f"find.{kind}")
    if kind == "place":
        return _entry(hit.name, _above(words, code), view.link("place", place=code))
    if kind == "town":
        detail = words("search.above", kind=detail, parent=words.place(code))
        return _entry(hit.name, detail, view.link("place", place=code))
    if kind == "event":
        return _event(view, hit)
    if kind == "term":
        place = _counted_at(release, code)
        if place is None:
            return _entry(hit.name, detail, view.link("glossary"))
        return _entry(hit.name, detail, view.link("compare", place=place, group=code))
    if code == LIGHT:
        return _entry(hit.name, detail, preload.LIGHT.format(language=words.language))
    if code in PARTS:
        return _entry(hit.name, detail, view.link(urlstate.FIRST, open=code))
    page = {"crossing": "border", "source": "sources", "word": "glossary", "page": code}[kind]
    return _entry(hit.name, detail, view.link(page))


def _counted_at(release: Release | None, group: str) -> str | None:
    """The place nearest to the area's core of which figures of a group are published."""
    if release is None:
        return None
    counted = release.sizes(FigureFilter(group=(group,)))
    return next((code for code in places_from_core() if code in counted), None)


def _event(view: View, hit: Hit) -> dict[str, str]:
    words, place = view.words, hit.entry.place_code
    table = events.table()
    day = table.loc[table["event_code"].eq(hit.entry.code), "starts_on"].iloc[0]
    detail = words("search.above", kind=words("find.event"), parent=words.day(day))
    if place is None or not places.is_known_code(place):
        return _entry(hit.name, detail, view.link("surges"))
    return _entry(hit.name, detail, view.link("place", place=place))


def _above(words: Words, code: str) -> str:
    """What a place is and in which it lies."""
    parent = places.row(code)["parent_code"]
    if pd.isna(parent) or parent == code:
        return words.kind(code)
    return words("search.above", kind=words.kind(code), parent=words.place(str(parent)))


def _numbers(view: View, release: Release, value: int) -> Iterator[dict[str, str]]:
    words = view.words
    least, most = number_search.bounds(value)
    wanted: FigureFilter = view.wanted(least=least, most=most)
    near = records(precedence.figures(release, wanted))
    for row in number_search.rows_with_number(value, near)[:NUMBERS]:
        arguments: dict[str, Any] = dict(row)
        detail = words(
            "series.at",
            place=figure_text.at_place(words, arguments),
            series=figure_text.when_and_who(words, arguments),
        )
        address = view.link("figure", figure=str(arguments["figure_id"]))
        yield _entry(figure_text.value(words, arguments), detail, address)


def _entry(name: str, detail: str, address: str) -> dict[str, str]:
    return {"name": name, "detail": detail, "href": address}


ROUTES: Final = (Route(f"/{FIND}", answer),)
