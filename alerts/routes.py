"""The addresses at which an app serves the feed and the calendar; made once for each release."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts import calendar, feed, files
from data import settings
from data.publication.prepared import Answers, Prepared
from data.settings import Settings
from data.store import Store, StoreProblem, serving
from visuals.language.words import LANGUAGES, reading

Make = Callable[[Settings, Store, datetime, str], dict[str, bytes]]
SHORT: Final = {"Cache-Control": "public, max-age=600", "Access-Control-Allow-Origin": "*"}
MOST: Final = 8
"""Addresses under which the dashboard may be known at a time, times two kinds of file."""


@dataclass(frozen=True)
class _State:
    """What a file depends on: both kinds speak of days."""

    address: str
    release_id: str
    day: date
    given: Settings = field(compare=False)
    store: Store = field(compare=False)
    now: datetime = field(compare=False)


def _state() -> _State:
    given = settings.load()
    store = serving(given.store, given.cache)
    now = datetime.now(UTC)
    return _State(given.store, store.current().id, now.date(), given, store, now)


def _bodies(of: Answers[_State], make: Make, site: str) -> dict[str, bytes]:
    now = of.content
    return make(now.given, now.store, now.now, site)


NEWEST: Final = Prepared(lambda now: now.address, _state, lambda now: now, most=MOST)


def _served(request: Request, make: Make, media_type: str) -> Response:
    asked = request.query_params.get("lang")
    language = reading(asked, request.headers.get("accept-language"))
    try:
        # Where no address is configured, the one that was asked: links in a feed are whole.
        site = settings.load().address or str(request.base_url).rstrip("/")
        body = NEWEST.newest().of(_bodies, make, site)[language]
    except (StoreProblem, settings.BadConfiguration) as problem:
        return Response(f"{problem}\n", 503, media_type="text/plain; charset=utf-8")
    headers = SHORT if asked in LANGUAGES else {**SHORT, "Vary": "Accept-Language"}
    return Response(body, headers=headers, media_type=media_type)


def atom(request: Request) -> Response:
    """`/nuzuh/feed.atom?lang=…`."""
    return _served(request, files.atom, files.ATOM)


def ics(request: Request) -> Response:
    """`/nuzuh/releases.ics?lang=…`."""
    return _served(request, files.ics, files.ICS)


ROUTES: Final = (Route(feed.PATH, atom), Route(calendar.PATH, ics))
