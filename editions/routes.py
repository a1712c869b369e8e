"""The addresses at which an app serves the light edition and single pictures.

Made when asked for, from the store's newest release, and kept as long as it is the newest.
"""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from html import escape
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import pandas as pd
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from data import settings
from data.gazetteer import area
from data.gazetteer.area import NoSuchArea
from data.publication.harm import HarmFound
from data.publication.prepared import Answers, Prepared
from data.status.late import late
from data.store import Release, Status, StoreProblem, serving
from editions import embed, raster
from editions.content import Content, gather
from editions.embed import BadChoice, NotThere, Picture, StudioChoice
from editions.layout import FIRST, not_in_edition
from editions.light import Edition, NoPage
from visuals.html.elements import frame
from visuals.language.words import LANGUAGES, Words, reading

LIGHT: Final = "/nuzuh/light"
EMBED: Final = "/nuzuh/embed"
OEMBED: Final = "/nuzuh/oembed"
FORMS: Final[dict[str, tuple[str, Callable[[Picture], bytes]]]] = {
    "svg": ("image/svg+xml", lambda picture: picture.standalone().encode()),
    "png": ("image/png", lambda picture: raster.png(picture.standalone())),
    "html": ("text/html; charset=utf-8", lambda picture: picture.page().encode()),
}
SHORT: Final = {"Cache-Control": "public, max-age=300", "Vary": "Accept-Encoding"}
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Nothing runs and nothing is fetched, whatever stands in a page."""
EMBEDDED: Final = f"{POLICY}; frame-ancestors *"
"""The same for what is made to stand in somebody else's page; no other page of ours may."""
FOREVER: Final = "public, max-age=31536000, immutable"
WIDE: Final = 960
HIGH: Final = 720
"""Pixels of a frame at most."""
REFUSED: Final = (
    BadChoice,
    NotThere,
    StoreProblem,
    settings.BadConfiguration,
    NoSuchArea,
    HarmFound,
)
"""Why an address has no answer; each says so in a sentence."""
_ONE: Final = Lock()


def redirect_to_first_page(request: Request) -> Response:
    """To the first page in the reader's language."""
    # Relative: whatever a proxy put before the path stays before it.
    begin = "" if request.url.path.endswith("/") else f"{LIGHT.rpartition('/')[2]}/"
    return RedirectResponse(f"{begin}{_language(request)}/{FIRST}", 307)


def _language(request: Request) -> str:
    return reading(request.query_params.get("lang"), request.headers.get("accept-language"))


def page(request: Request) -> Response:
    """One page of the light edition."""
    language, name = request.path_params["language"], request.path_params["name"]
    try:
        answers = newest()
        if language not in LANGUAGES:
            return _lost(_language(request))
        body, packed = answers.of(_page, language, name)
    except NoPage:
        return _lost(language)
    except REFUSED as problem:
        return _refusal(problem)
    headers = {**SHORT, "Content-Security-Policy": POLICY}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = packed
    return conditional_response(request, body, headers, "text/html; charset=utf-8")


def _lost(language: str) -> Response:
    body = not_in_edition(Words(language), f"../{language}/{FIRST}")
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return Response(body, 404, headers, "text/html; charset=utf-8")


def picture(request: Request) -> Response:
    """A map or a chart: `map.svg?series=…&day=…`, `chart.png?figure=…`, `chart.html?figure=…`.

    With `release=…` it is frozen at that release and may be kept for good.
    """
    kind, _, form = request.path_params["name"].partition(".")
    if kind not in ("map", "chart") or form not in FORMS:
        return text_response("A picture is map or chart, ending in .svg, .png or .html.", 404)
    choices = request.query_params
    try:
        language = embed.language(choices.get("lang"))
        root = _root(settings.load(), request)
        named = choices.get("release")
        answers = newest()
        if named and named != answers.content.release_id:
            answers = _frozen(named)
        if kind == "map":
            chosen = (choices.get("series"), choices.get("day"), root)
            body = answers.of(_map, form, language, *chosen)
        else:
            body = answers.of(_chart, form, language, choices.get("figure"), root)
    except REFUSED as problem:
        return _refusal(problem)
    return conditional_response(request, body, _embedded(named), FORMS[form][0])


@lru_cache(maxsize=1)
def _frozen(named: str) -> Answers[Content]:
    """What a release before the newest answers; gathering it takes seconds, so one is kept.

    Raises:
        NotThere: It is not kept here.
    """
    given = settings.load()
    with _ONE:
        release = _release(given, named)
        return Answers(gather(release, area.load(given.area), public=given.public))


def series_picture(request: Request) -> Response:
    """The chart studio's picture: `series.png?places=SY07,SY02&series=…&from=…&known=…`.

    With `release=…` it is frozen at that release and may be kept for good; else it is the newest.
    """
    form = request.path_params["form"]
    if form not in FORMS:
        return text_response("A picture of the chart studio ends in .svg, .png or .html.", 404)
    named = request.query_params.get("release")
    try:
        asked = embed.studio_choice(request.query_params)
        given = settings.load()
        release = _release(given, named)
        base = _root(given, request)
        kept = [(k, v) for k, v in request.query_params.items() if k != "release"]
        chosen = urlencode(kept, safe=",~")  # short enough to be read out of a picture
        body = _studio_of(release.id, form, asked, f"{base}/charts?{chosen}", given.area)
    except REFUSED as problem:
        return _refusal(problem)
    return conditional_response(request, body, _embedded(named), FORMS[form][0])


def _refusal(problem: Exception) -> Response:
    """400: the address is wrong. 404: nothing is there. 503: nothing can be read."""
    statuses: dict[type, int] = {BadChoice: 400, NotThere: 404}
    return text_response(str(problem), statuses.get(type(problem), 503))


def _embedded(named: str | None) -> dict[str, str]:
    """What a picture for other people's pages is sent with; that of a named release may stay."""
    headers = {**SHORT, "Access-Control-Allow-Origin": "*", "Content-Security-Policy": EMBEDDED}
    return headers | ({"Cache-Control": FOREVER} if named else {})


def _root(given: settings.Settings, request: Request) -> str:
    """The office's own address where it has one: behind a proxy a server knows no other."""
    return given.address.rstrip("/") or str(request.base_url).rstrip("/")


def _release(given: settings.Settings, named: str | None) -> Release:
    """The release that an address names, else the newest.

    Raises:
        NotThere: It is not kept here.
    """
    store = serving(given.store, given.cache)
    current = store.current()
    if named in (None, "", current.id):
        return current
    if named not in {info.id for info in store.releases()}:
        raise NotThere("That release is not kept here.")
    return store.release(str(named))


@lru_cache(maxsize=64)
def _studio_of(release_id: str, form: str, asked: StudioChoice, address: str, at: str) -> bytes:
    release = _release(settings.load(), release_id)
    if form == "html":
        return embed.a_studio_page(release, area.load(at), asked, address).encode()
    made = embed.a_studio(release, area.load(at), asked, address)
    return raster.png(made) if form == "png" else made.encode()


def oembed(request: Request) -> Response:
    """`/nuzuh/oembed?url=…`: how a chart or map is put into somebody's page (oEmbed 1.0).

    For an address of the chart studio or the map on this very host; any other is none of ours.
    """
    base = _root(settings.load(), request)
    asked = request.query_params
    if asked.get("format", "json") != "json":
        return text_response("Only JSON is given here.", 501)
    wanted, ours = urlsplit(asked.get("url", "")), urlsplit(base)
    page = wanted.path.removeprefix(ours.path).strip("/")
    if (wanted.scheme, wanted.netloc) != (ours.scheme, ours.netloc) or page not in _FRAMES:
        return text_response(
            "Give the address of a page of the chart studio or the map here as url.", 404
        )
    query = dict(parse_qsl(wanted.query))
    try:
        width, height = (_pixels(asked, *one) for one in (("maxwidth", WIDE), ("maxheight", HIGH)))
        title = Words(embed.language(query.get("lang")))("app.title")
        address = f"{base}{EMBED}/{_FRAMES[page](query)}"
    except REFUSED as problem:
        return _refusal(problem)
    body = {
        "version": "1.0",
        "type": "rich",
        "provider_name": title,
        "provider_url": f"{base}/",
        "title": title,
        "width": width,
        "height": height,
        "html": frame(address, title, width, height),
        "cache_age": 300,
    }
    headers = {**SHORT, "Access-Control-Allow-Origin": "*"}
    return JSONResponse(body, headers=headers)


def _pixels(asked: Mapping[str, str], name: str, most: int) -> int:
    """Of a frame: never more than whoever embeds it has room for."""
    text = asked.get(name, str(most))
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise BadChoice(f"{name} is a number of pixels.")
    return min(int(text[:9]), most)


def _chart_frame(query: dict[str, str]) -> str:
    """The studio's choices as they stand, where the release has a figure for them."""
    given = settings.load()
    release = _release(given, query.get("release"))
    embed.studio(release, area.load(given.area), embed.studio_choice(query))
    return f"series.html?{urlencode(query)}"


def _map_frame(query: dict[str, str]) -> str:
    """The map's choices as its picture takes them; without any, what the page begins with."""
    content = newest().content
    if query.get("known", content.day.isoformat()) < content.day.isoformat():
        raise NotThere("A map is embedded as new as the dashboard or frozen at a release.")
    series, level = query.get("series"), query.get("level")
    found = [
        one
        for one in content.layers
        if (series in (None, one.series)) and (level in (None, one.level))
    ]
    if not found:
        raise NotThere("This release has no map of that series.")
    # The series that comes first, at the level with the most places, as on the page.
    same = [one for one in found if one.series == found[0].series]
    best = max(same, key=lambda one: pd.concat(one.days)["place_code"].nunique())
    kept = {name: query[name] for name in ("lang", "release") if name in query}
    return f"map.html?{urlencode({'series': best.code} | kept)}"


_FRAMES: Final[Mapping[str, Callable[[dict[str, str]], str]]] = {
    "charts": _chart_frame,
    "map": _map_frame,
}


def discovery(scope: Scope, _pages: frozenset[str]) -> str:
    """The link in a page's head by which a site's editor finds the frame of that page.

    Args:
        scope: An HTTP request; of a page that has no frame there is nothing to find.
    """
    path = str(scope["path"]).removeprefix(scope.get("root_path", ""))
    if path.strip("/") not in _FRAMES:
        return ""
    base = _root(settings.load(), Request(scope))
    query = scope["query_string"].decode("latin-1")
    address = f"{base}/{path.strip('/')}" + (f"?{query}" if query else "")
    asked = urlencode({"url": address, "format": "json"})
    found = escape(f"{base}{OEMBED}?{asked}", quote=True)
    return f'<link rel="alternate" type="application/json+oembed" href="{found}">'


def conditional_response(
    request: Request, body: bytes, headers: dict[str, str], kind: str
) -> Response:
    """The body with its mark; nothing but the mark to who holds that body already."""
    mark = f'W/"{sha256(body).hexdigest()[:24]}"'
    headers_ = {**headers, "ETag": mark}
    held = request.headers.get("if-none-match", "")
    if mark in (one.strip() for one in held.split(",")):
        headers_.pop("Content-Encoding", None)
        return Response(status_code=304, headers=headers_)
    return Response(body, headers=headers_, media_type=kind)


def text_response(sentence: str, status: int) -> Response:
    """A sentence instead of what was asked for."""
    return Response(f"{sentence}\n", status, media_type="text/plain; charset=utf-8")


@dataclass(frozen=True)
class _State:
    """What an edition depends on.

    A day later ages have changed, and a source may have become late since the release.
    """

    store: str
    area: str
    release_id: str
    public: bool
    day: date
    late: tuple[str, ...]
    release: Release = field(compare=False)
    statuses: Mapping[str, Status] = field(compare=False)
    now: datetime = field(compare=False)


def _of(state: _State) -> tuple[str, str, bool]:
    return state.store, state.area, state.public


def _state() -> _State:
    given = settings.load()
    release = serving(given.store, given.cache).current()
    now = datetime.now(UTC)
    statuses = _statuses(given.store, str(given.cache), now.strftime("%Y-%m-%d %H:%M"))
    wanting = late(_register(given.store, release.id), statuses, now)
    fares = tuple(f"{one.source['source']}={one.state}" for one in wanting)
    of = (given.store, given.area, release.id, given.public, now.date(), fares)
    return _State(*of, release=release, statuses=statuses, now=now)


def _gathered(state: _State) -> Content:
    return gather(
        state.release,
        area.load(state.area),
        public=state.public,
        statuses=state.statuses,
        now=state.now,
    )


NEWEST: Final = Prepared(_of, _state, _gathered)


def newest() -> Answers[Content]:
    """What the newest release answers; after a release the one before for half a minute at most.

    Raises:
        StoreProblem: There is no release, or it cannot be read.
        HarmFound: A figure could hurt somebody.
    """
    return NEWEST.newest()


@lru_cache(maxsize=2)
def _statuses(address: str, cache: str, _minute: str) -> dict[str, Status]:
    """How each source has fared, asked once a minute for all readers."""
    return serving(address, Path(cache)).statuses()


@lru_cache(maxsize=2)
def _register(_store: str, release_id: str) -> list[dict[str, Any]]:
    """The sources of a release of a store, read once for all who ask for a page of it."""
    found = _release(settings.load(), release_id).table("sources").to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in found]


def _edition(answers: Answers[Content], language: str) -> Edition:
    return Edition(answers.content, language)


def _page(answers: Answers[Content], language: str, name: str) -> tuple[bytes, bytes]:
    body = answers.of(_edition, language).file(name)
    return body, gzip.compress(body, 9, mtime=0)


def _map(
    answers: Answers[Content],
    form: str,
    language: str,
    series: str | None,
    day: str | None,
    root: str,
) -> bytes:
    return FORMS[form][1](embed.a_map(answers.content, language, series, day, root))


def _chart(
    answers: Answers[Content], form: str, language: str, figure: str | None, root: str
) -> bytes:
    return FORMS[form][1](embed.a_chart(answers.content, language, figure, root))


ROUTES: Final = (
    Route(OEMBED, oembed),
    Route(LIGHT, redirect_to_first_page),
    Route(f"{LIGHT}/", redirect_to_first_page),
    Route(f"{LIGHT}/{{language}}/{{name}}", page),
    Route(f"{EMBED}/series.{{form}}", series_picture),
    Route(f"{EMBED}/{{name}}", picture),
)
