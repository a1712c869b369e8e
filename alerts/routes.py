"""The addresses at which an app serves the feed and the calendar; made once for each release."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts import calendar, feed, files
from data import settings
from data.settings import Settings
from data.store import Store, StoreProblem, serving
from visuals.language.words import LANGUAGES, reading

Make = Callable[[Settings, Store, datetime, str], dict[str, bytes]]
SHORT: Final = {"Cache-Control": "public, max-age=600", "Access-Control-Allow-Origin": "*"}
MOST: Final = 8
_ONE: Final = Lock()
_MADE: Final[dict[tuple[str, ...], dict[str, bytes]]] = {}


def _served(request: Request, make: Make, media_type: str) -> Response:
    asked = request.query_params.get("lang")
    language = reading(asked, request.headers.get("accept-language"))
    try:
        # Where no address is configured, the one that was asked: links in a feed are whole.
        site = settings.load().address or str(request.base_url).rstrip("/")
        body = _bodies(make, media_type, site)[language]
    except (StoreProblem, settings.BadConfiguration) as problem:
        return Response(f"{problem}\n", 503, media_type="text/plain; charset=utf-8")
    headers = SHORT if asked in LANGUAGES else {**SHORT, "Vary": "Accept-Language"}
    return Response(body, headers=headers, media_type=media_type)


def _bodies(make: Make, media_type: str, site: str) -> dict[str, bytes]:
    given = settings.load()
    store = serving(given.store, given.cache)
    now = datetime.now(UTC)
    # Both speak of days: a day and a release make one file in each language, whoever asks.
    key = (given.store, site, store.current().id, f"{now:%Y%m%d}", media_type)
    with _ONE:
        if key not in _MADE:
            while len(_MADE) >= MOST:
                del _MADE[next(iter(_MADE))]
            _MADE[key] = make(given, store, now, site)
        return _MADE[key]


def atom(request: Request) -> Response:
    """`/nuzuh/feed.atom?lang=…`."""
    return _served(request, files.atom, files.ATOM)


def ics(request: Request) -> Response:
    """`/nuzuh/releases.ics?lang=…`."""
    return _served(request, files.ics, files.ICS)


ROUTES: Final = (Route(feed.PATH, atom), Route(calendar.PATH, ics))
