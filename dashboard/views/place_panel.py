"""The panel that a press on the map opens: a place's newest figures, without leaving the map."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard.session import cached, urlstate
from dashboard.session.urlstate import KNOWN, LANG, UNDATED, YES, View
from data import settings
from data.analysis import series
from data.analysis.series import records
from data.gazetteer import places
from data.store import StoreProblem
from visuals.language import figure_text
from visuals.language.words import Words, reading

ADDRESS: Final = "/nuzuh/place"
"""Asked by map.js with what the address of a place's page asks."""
MOST: Final = 12
"""Whole recent counts shown; the place's page has every series."""
SHORT: Final = {"Cache-Control": "private, max-age=60"}


def answer(request: Request) -> Response:
    """`/nuzuh/place?place=…&lang=…&known=…`: a place's name and its newest whole counts.

    Each figure has what it counts, its number, day and publisher, and where its provenance is.
    404 where no place has that code, 503 where the store cannot be read.
    """
    given = request.query_params
    today = datetime.now(UTC).date()
    words = Words(reading(given.get(LANG), request.headers.get("accept-language")))
    known = urlstate.read_day(given.get(KNOWN), today)
    view = View(words, known, today, bool(known) and given.get(UNDATED) == YES)
    code = places.written(given.get("place", ""))
    if code is None:
        return JSONResponse({}, status_code=404)
    try:
        # Of the release that the map itself shows, which may be the one before the newest.
        release = cached.release()
        rows = cached.figures(release, release.id, view.wanted(exactly=(code,)))
    except (StoreProblem, settings.BadConfiguration):
        return JSONResponse({}, status_code=503)
    counted = rows[rows["value"].notna() & rows["gender"].eq("all")]
    newest = series.folded(series.important_first(series.newest_of_each(counted))).shown
    told = [_row(view, row) for row in records(newest.head(MOST))]
    none = "" if told else words("map.panel_none")
    return JSONResponse(
        {
            "name": words.place(code),
            "kind": words.kind(code),
            "said": _said(words, code, told),
            "none": none,
            "figures": told,
            "open": words("map.open", place=words.place(code)),
            "href": view.link("place", place=code),
        },
        headers=SHORT,
    )


def _said(words: Words, code: str, told: Sequence[Mapping[str, str]]) -> str:
    """The panel in a sentence, for screen readers: the place, its first figure, how many."""
    first = words("map.panel_none")
    if told:
        one = told[0]
        first = words("preview.figure", title=one["series"], value=one["value"], when=one["when"])
    return words(
        "map.panel_said",
        place=words.place(code),
        kind=words.kind(code),
        first=first,
        count=words.number(len(told)),
    )


def _row(view: View, row: dict[str, Any]) -> dict[str, str]:
    words = view.words
    return {
        "series": figure_text.series_name(words, row),
        "value": figure_text.value(words, row),
        "when": figure_text.when_and_who(words, row),
        "caveats": " · ".join(figure_text.caveats(words, row)),
        "href": view.link("figure", figure=str(row["figure_id"])),
    }


ROUTES: Final = (Route(ADDRESS, answer),)
