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
from data.store import Store, StoreProblem
from visuals.words import LANGUAGES, preferred

Make = Callable[[Settings, Store, str, datetime], bytes]
SHORT: Final = {"Cache-Control": "public, max-age=600", "Access-Control-Allow-Origin": "*"}
MOST: Final = 32
_ONE: Final = Lock()
_MADE: Final[dict[tuple[str, ...], bytes]] = {}


def _served(request: Request, make: Make, media_type: str) -> Response:
    asked = request.query_params.get("lang")
    taken = request.headers.get("accept-language", "").split(",")[0]
    language = asked if asked in LANGUAGES else preferred(taken)
    try:
        body = _body(make, language, media_type)
    except (StoreProblem, settings.BadConfiguration) as problem:
        return Response(f"{problem}\n", 503, media_type="text/plain; charset=utf-8")
    headers = SHORT if asked in LANGUAGES else {**SHORT, "Vary": "Accept-Language"}
    return Response(body, headers=headers, media_type=media_type)


def _body(make: Make, language: str, media_type: str) -> bytes:
    given = settings.load()
    store = Store(given.store, given.cache)
    now = datetime.now(UTC)
    # Both speak of days: a day and a release make one file, whoever asks.
    key = (given.store, given.address, store.current().id, f"{now:%Y%m%d}", language, media_type)
    with _ONE:
        if key not in _MADE:
            while len(_MADE) >= MOST:
                del _MADE[next(iter(_MADE))]
            _MADE[key] = make(given, store, language, now)
        return _MADE[key]


def atom(request: Request) -> Response:
    """`/nuzuh/feed.atom?lang=…`."""
    return _served(request, files.atom, files.ATOM)


def ics(request: Request) -> Response:
    """`/nuzuh/releases.ics?lang=…`."""
    return _served(request, files.ics, files.ICS)


ROUTES: Final = (Route(feed.PATH, atom), Route(calendar.PATH, ics))
