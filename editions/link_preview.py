"""How a link to a page unfolds where it is pasted: its title, a sentence and a picture.

Messengers ask for the page without a browser, so that what they show is made here, for each
address and language. The first page tells the situation, a map what it shows and is drawn itself, a
place its newest figures, a chart the newest of each of its places, a figure its number; every
number stands with its publisher and day.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from html import escape
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

import pandas as pd
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Scope

from data import settings
from data.analysis import precedence, series
from data.analysis.series import records
from data.gazetteer import area as areas
from data.gazetteer import places
from data.gazetteer.area import Area, NoSuchArea
from data.publication import harm
from data.publication.harm import HarmFound
from data.store import FigureFilter, Release, StoreProblem, serving
from editions import dataset, embed, map_preview, raster
from editions.map_preview import MapChoice
from editions.release_key import ByRelease
from editions.routes import SHORT, conditional_response, text_response
from surges import current, situation
from surges.rule import Followed
from visuals import tokens
from visuals.language import area_text, figure_text, situation_text
from visuals.language.words import LANGUAGES, Words, catalogue, reading

PATH: Final = "/nuzuh/preview.png"
FIRST: Final = "situation"
DATA: Final = "downloads"
"""The pages whose head describes the figures to those who collect data sets: this and the first."""
TEMPLATE: Final = Path(__file__).parent / "card.typ"
SHOWN: Final = 3
"""Figures on a card."""
WIDE: Final = 1200
HIGH: Final = 630
"""Pixels of the picture, as messengers crop it least."""
EARLIEST: Final = date(2011, 1, 1)
_POINTS: Final = 480
_ISOLATES: Final = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))
_CODES: Final = re.compile(r"[A-Za-z0-9~._,-]{1,200}")
PATIENCE: Final = 20.0
"""Seconds that a picture waits for another page's preview to be made."""
HASTE: Final = 1.0
"""Seconds that a page's words wait for it; `dashboard.server.preload` waits little longer."""
CACHED_PREVIEWS: Final = 128
"""Previews of a kind that stand ready."""


@dataclass(frozen=True)
class PageAddress:
    """What an address asks for, as codes.

    Attributes:
        page: Name of the page; `FIRST` for the first.
        language: One of `LANGUAGES`.
        known: As known at the end of that day; None for now.
        place: Code of a known place, on its page.
        figure: Id of a figure, on its page.
        chart: What the chart studio shows, on its page.
        map: What the map shows, on its page.
    """

    page: str
    language: str
    known: date | None = None
    place: str | None = None
    figure: str | None = None
    chart: embed.StudioChoice | None = None
    map: MapChoice | None = None

    def query(self) -> str:
        """The same as the query of the picture's address."""
        known = self.known.isoformat() if self.known else None
        given = {"page": self.page, "lang": self.language, "known": known}
        given |= {"place": self.place, "figure": self.figure}
        if self.chart is not None:
            since, until = self.chart.since, self.chart.until
            given["from"] = since.isoformat() if since else None
            given["to"] = until.isoformat() if until else None
            given |= {"series": self.chart.series, "source": self.chart.source}
            given["places"] = ",".join(self.chart.places)
        if self.map is not None:
            given |= self.map.query()
        return urlencode({name: value for name, value in given.items() if value})


@dataclass(frozen=True)
class Line:
    """One figure of a card: what it counts, its number, its day and publisher."""

    title: str
    value: str
    when: str


@dataclass(frozen=True)
class Preview:
    """What unfolds: title and sentence, and on the picture some figures and the day."""

    title: str
    sentence: str
    lines: tuple[Line, ...] = ()
    foot: str = ""
    maps: map_preview.Shown | None = None


def parse_address(page: str, query: str, accepted: str | None) -> PageAddress:
    """What an address asks for; whatever in it is no code of ours is left out.

    Args:
        page: Name of a page there is.
        query: The address' query.
        accepted: The browser's Accept-Language.
    """
    given = {name: values[-1] for name, values in parse_qs(query).items()}
    today = datetime.now(UTC).date()
    language = reading(given.get("lang"), accepted)
    known = _day(given.get("known"), today)
    place = places.written(given.get("place", "")) if page == "place" else None
    figure = given.get("figure", "") if page == "figure" else ""
    is_id = 8 <= len(figure) <= 64 and set(figure) <= set("0123456789abcdef")
    chart = _chart_choice(given) if page == "charts" else None
    chosen = MapChoice.read(given) if page == "map" else None
    return PageAddress(page, language, known, place, figure if is_id else None, chart, chosen)


def _chart_choice(given: Mapping[str, str]) -> embed.StudioChoice | None:
    """What a chart shows, in codes alone; None where the address chooses nothing that there is."""
    coded = {name: text for name, text in given.items() if _CODES.fullmatch(text)}
    try:
        return embed.studio_choice(coded)
    except embed.BadChoice:
        return None


def _day(text: str | None, today: date) -> date | None:
    """A day before today: as known today is now."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if EARLIEST <= day < today else None


def tags(scope: Scope, pages: frozenset[str]) -> str:
    """The tags of a page's head, for the request that asks for it; never raises for its address.

    Args:
        scope: An HTTP request.
        pages: Names of the pages there are.
    """
    asked = _asked(scope, pages)
    if asked is None:
        return ""
    data = _as_data(asked, _root(scope)) if asked.page in (FIRST, DATA) else ""
    return _head(scope, asked, preview(asked, HASTE)) + data


def plain_tags(scope: Scope, pages: frozenset[str]) -> str:
    """The same where the figures are not there in time: the page's name, and what it is.

    The picture has an address of its own, for which messengers wait longer.
    """
    asked = _asked(scope, pages)
    return "" if asked is None else _head(scope, asked, _plain(asked))


def _asked(scope: Scope, pages: frozenset[str]) -> PageAddress | None:
    """What a request asks for; None where that is no page."""
    name = str(scope["path"]).removeprefix(scope.get("root_path", "")).strip("/") or FIRST
    if name not in pages:
        return None
    accepted = Headers(scope=scope).get("accept-language")
    return parse_address(name, scope["query_string"].decode("latin-1"), accepted)


def _root(scope: Scope) -> str:
    return (settings.load().address or str(Request(scope).base_url)).rstrip("/")


def _head(scope: Scope, asked: PageAddress, found: Preview) -> str:
    picture = f"{_root(scope)}{PATH}?{asked.query()}"
    properties = {
        "og:type": "website",
        "og:site_name": Words(asked.language)("app.title"),
        "og:locale": Words(asked.language).locale,
        "og:title": found.title,
        "og:description": found.sentence,
        "og:image": picture,
        "og:image:width": str(WIDE),
        "og:image:height": str(HIGH),
        "og:image:alt": found.title,
    }
    made = "".join(
        f'<meta property="{name}" content="{escape(value.translate(_ISOLATES), quote=True)}">'
        for name, value in properties.items()
    )
    return f'{made}<meta name="twitter:card" content="summary_large_image">'


def _as_data(asked: PageAddress, root: str) -> str:
    """The figures as a schema.org `Dataset`; nothing where there are none or they may not leave."""
    try:
        given = settings.load()
        release = serving(given.store, given.cache).current()
        return _dataset(release.id, asked.language, root, given.area)
    except (StoreProblem, settings.BadConfiguration, NoSuchArea):
        return ""


@lru_cache(maxsize=8)
def _dataset(release_id: str, language: str, root: str, at: str) -> str:
    """Of the newest release, which `release_id` names; its figures are gone through once."""
    given = settings.load()
    release = serving(given.store, given.cache).current()
    return dataset.head(Words(language), areas.load(at), release, root).translate(_ISOLATES)


def preview(asked: PageAddress, patience: float = 0) -> Preview:
    """What the address unfolds to; without figures where none can be found in time or at all.

    Args:
        asked: The address.
        patience: Seconds to wait for another that is being made.
    """
    try:
        given = settings.load()
        release = serving(given.store, given.cache).current()
        today = datetime.now(UTC).date()
        of = _SITUATIONS if _is_situation(asked) else _OTHERS
        made = of.preview(
            _Key(asked, release.id, given.area, today, given.public), release, patience
        )
        return _plain(asked) if made is None else made
    except (StoreProblem, settings.BadConfiguration, NoSuchArea, HarmFound):
        return _plain(asked)


def _plain(asked: PageAddress) -> Preview:
    words = Words(asked.language)
    return Preview(_page(words, asked), words("preview.plain"))


def _page(words: Words, asked: PageAddress) -> str:
    key = f"{asked.page}.nav"
    if asked.page == FIRST or key not in catalogue(words.language):
        return words("app.title")
    return words("preview.title", page=words(key), app=words("app.title"))


@dataclass(frozen=True)
class _Key:
    """What a preview depends on."""

    asked: PageAddress
    release_id: str
    area: str
    today: date
    public: bool


class _Previews:
    """Makes one preview at a time, so that many strange addresses cost one processor at most.

    What it has made is there at once, whatever else is being made.
    """

    def __init__(self) -> None:
        self._one = Lock()
        self._ready: dict[_Key, Preview] = {}

    def preview(self, key: _Key, release: Release, patience: float) -> Preview | None:
        """The preview; None where another is being made for longer than `patience`, seconds.

        Raises:
            HarmFound: The figures may not be shown to all.
        """
        ready = self._ready.get(key)
        if ready is not None:
            return ready
        if not self._one.acquire(timeout=patience):
            return None
        try:
            if key not in self._ready:
                made = _made(key, release)
                while len(self._ready) >= CACHED_PREVIEWS:
                    del self._ready[next(iter(self._ready))]
                self._ready[key] = made
            return self._ready[key]
        finally:
            self._one.release()


_SITUATIONS: Final = _Previews()
"""Seconds of work in a process that has just started: a map or a place does not wait for it."""
_OTHERS: Final = _Previews()


def _is_situation(asked: PageAddress) -> bool:
    chosen = asked.map is not None or asked.chart is not None
    return not (chosen or asked.page in ("place", "figure"))


def _made(key: _Key, release: Release) -> Preview:
    asked, area = key.asked, areas.load(key.area)
    words = Words(asked.language)
    if asked.page == "place":
        preview, shown = _place(words, asked, release)
    elif asked.page == "figure":
        preview, shown = _figure(words, asked, release)
    elif asked.map is not None:
        preview, shown = _map(words, asked, asked.map, release, area, key.today)
    elif asked.chart is not None:
        preview, shown = _chart(words, asked.chart, asked, release, area)
    else:
        preview, shown = _situation(words, asked, release, area, asked.known or key.today)
    if key.public and len(shown):
        harm.refuse(shown)
    shown_day = asked.known or release.published_at.date()
    return replace(preview, foot=words("preview.foot", day=words.day(shown_day)))


def _situation(
    words: Words, asked: PageAddress, release: Release, area: Area, day: date
) -> tuple[Preview, pd.DataFrame]:
    headlines = situation.answers(release, area, day, known=asked.known)
    followed = _followed(asked.known, ByRelease(release.id, release))
    sentences = situation_text.sentences(
        words,
        area,
        day,
        surges=situation.active(followed, area, day),
        newest_report=situation.newest_report(followed, area, day),
        headlines=headlines,
    )
    lines = tuple(
        _line(words, area_text.question(words, one.question, one.figure), one.figure)
        for one in headlines
        if one.figure
    )
    name = area_text.name(words, area)
    page = words(f"{FIRST}.title") if asked.page == FIRST else words(f"{asked.page}.nav")
    title = words("preview.title", page=page, app=name)
    return (
        Preview(title, " ".join(sentences), lines[:SHOWN]),
        situation.shown_figures(headlines),
    )


@lru_cache(maxsize=4)
def _followed(known: date | None, of: ByRelease[Release]) -> list[Followed]:
    return current.followed(of.held, known)


def _place(words: Words, asked: PageAddress, release: Release) -> tuple[Preview, pd.DataFrame]:
    if asked.place is None:
        return _plain(asked), pd.DataFrame()
    wanted = FigureFilter(place=(asked.place,), as_known_on=asked.known)
    found = precedence.figures(release, wanted)
    found = found[found["place_code"].eq(asked.place) & found["value"].notna()]
    newest = series.important_first(series.newest_of_each(found))
    shown = series.folded(newest).shown.head(SHOWN)
    title = words("preview.title", page=words.place(asked.place), app=words("app.title"))
    return _of_rows(words, title, shown, figure_text.series_name), shown


def _figure(words: Words, asked: PageAddress, release: Release) -> tuple[Preview, pd.DataFrame]:
    if asked.figure is None:
        return _plain(asked), pd.DataFrame()
    found = release.figures(FigureFilter(figure_id=(asked.figure,), as_known_on=asked.known))
    title = words("preview.title", page=words("provenance.title"), app=words("app.title"))
    return _of_rows(words, title, found.tail(1), figure_text.at_place), found.tail(1)


def _chart(
    words: Words, chart: embed.StudioChoice, asked: PageAddress, release: Release, area: Area
) -> tuple[Preview, pd.DataFrame]:
    """What is counted, and each place's newest figure by the one dataset that has most of them.

    Two datasets beside one another on a card would be read as two places' difference.
    """
    try:
        studio = embed.studio(release, area, replace(chart, lang=words.language, known=asked.known))
    except embed.NotThere:
        return _plain(asked), pd.DataFrame()
    counted = studio.figures
    by_dataset = counted.groupby(["publisher", "dataset"])
    rank = pd.DataFrame(
        {
            "places": by_dataset["place_code"].nunique(),
            "newest": by_dataset["as_of"].max(),
            "figures": by_dataset.size(),
        }
    )
    publisher, name = rank.sort_values(list(rank.columns)).index[-1]
    of_one = counted["publisher"].eq(publisher) & counted["dataset"].eq(name)
    newest = series.newest_of_each(counted[of_one])
    newest = newest.drop_duplicates("place_code")
    shown = newest.set_index("place_code", drop=False).reindex(
        [code for code in studio.order if newest["place_code"].eq(code).any()]
    )
    title = words("preview.title", page=studio.title, app=words("app.title"))
    return _of_rows(words, title, shown.head(SHOWN), figure_text.at_place), shown


def _map(
    words: Words, asked: PageAddress, chosen: MapChoice, release: Release, area: Area, today: date
) -> tuple[Preview, pd.DataFrame]:
    """What is drawn, its largest numbers with their day and publisher, and the maps themselves."""
    reader = map_preview.CardReader(words, asked.known, asked.known or today)
    found = map_preview.shown(release, area, chosen, reader)
    if found is None:
        return _plain(asked), pd.DataFrame()
    title = words("preview.title", page=found.title, app=words("app.title"))
    return Preview(title, found.sentence, maps=found), found.figures


def _of_rows(
    words: Words, title: str, rows: pd.DataFrame, name: Callable[[Words, Any], str]
) -> Preview:
    lines = tuple(_line(words, name(words, row), row) for row in records(rows))
    if not lines:
        return Preview(title, words("figure.none"))
    first = lines[0]
    sentence = words("preview.figure", title=first.title, value=first.value, when=first.when)
    return Preview(title, sentence, lines)


def _line(words: Words, title: str, row: Any) -> Line:
    return Line(title, figure_text.value(words, row), figure_text.when_and_who(words, row))


def picture(request: Request) -> Response:
    """`/nuzuh/preview.png?page=…&lang=…`: the card of a page."""
    page = request.query_params.get("page", FIRST)
    if page not in PAGES:
        return text_response("There is no page of that name.", 404)
    accepted = request.headers.get("accept-language")
    asked = parse_address(page, request.url.query, accepted)
    return conditional_response(
        request, _card(preview(asked, PATIENCE), asked.language), SHORT, "image/png"
    )


PAGES: Final = frozenset(
    key.removesuffix(".nav") for key in catalogue(next(iter(LANGUAGES))) if key.endswith(".nav")
) | {"figure"}


@lru_cache(maxsize=64)
def _card(found: Preview, language: str) -> bytes:
    import typst  # as in `raster`

    words = Words(language)
    maps = found.maps
    drawn = () if maps is None else zip(maps.captions, maps.drawings, strict=False)
    values = {
        "title": found.title,
        "sentence": found.sentence,
        "lines": [asdict(line) for line in found.lines],
        "foot": found.foot,
        "maps": [{"caption": said, "svg": raster.printable(svg)} for said, svg in drawn],
        "brand": words("app.brand"),
        "language": language,
        "rtl": words.rtl,
        "look": tokens.SHEET,
    }
    data = json.dumps(values, ensure_ascii=False).translate(_ISOLATES)
    compiler = typst.Compiler(TEMPLATE.read_bytes(), font_paths=raster.fonts())
    made = compiler.compile(format="png", ppi=WIDE / _POINTS * 72, sys_inputs={"data": data})
    return bytes(made[0] if isinstance(made, list) else made or b"")


ROUTES: Final = (Route(PATH, picture),)
