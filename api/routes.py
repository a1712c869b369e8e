"""`/nuzuh/api/v1/`: the figures and what is known of them, for other tools."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from api import answers, documentation, features, parameters, serving, web_table
from api.answers import Frozen, Rows
from api.parameters import Parameter, Question
from api.problems import Problem
from api.serving import Answer
from data.analysis import comparison, precedence, reconciliations
from data.gazetteer import area, places
from data.publication import harm, licences, proof
from data.schema import tables
from data.settings import Settings
from data.store import FigureFilter, Release
from data.store import serving as store_of
from surges import answer, current
from surges import situation as situations
from visuals.language import surge_rule
from visuals.language.comparison import as_object
from visuals.language.words import Words

PREFIX: Final = "/nuzuh/api/v1"
NAMED_BY: Final = "cod_ab"
"""The source of P-codes and names."""
ON: Final = Parameter("on", "day", "The day asked about.", example="2020-02-29")


def _figures(*, vintages: bool) -> Answer:
    def answer(
        request: Request,
        question: Question,
        frozen: Frozen,
        given: Settings,
        headers: dict[str, str],
    ) -> Response:
        rows = Rows(question, frozen.release, vintages, given.public)
        headers |= answers.provenance(frozen.release, _sources_of(frozen.release, question.wanted))
        return answers.figures(request, rows, headers, serving.LIMITS, given.cache / "answers")

    return answer


def _sources_of(release: Release, wanted: FigureFilter) -> set[str]:
    narrowed = replace(wanted, as_known_on=None)
    return set(release.figures(narrowed, ["source"])["source"].unique())


def _places(
    request: Request, question: Question, frozen: Frozen, given: Settings, headers: dict[str, str]
) -> Response:
    """P-codes, names and seats; boundaries have addresses of their own."""
    found = places.table()
    if within := question.given.get("within"):
        inside = [
            bool({code, *places.ancestors(code)} & set(within)) for code in found["place_code"]
        ]
        found = found[inside]
    if levels := question.given.get("admin_level"):
        found = found[found["admin_level"].isin(map(int, levels))]
    headers |= answers.provenance(frozen.release, (NAMED_BY,))
    return answers.table(found, tables.PLACES, question, frozen.release, headers)


def _sources(
    request: Request, question: Question, frozen: Frozen, given: Settings, headers: dict[str, str]
) -> Response:
    """The register: publisher, licence, attribution, cadence, what replaces it."""
    found = frozen.release.table("sources")
    headers |= answers.provenance(frozen.release, found["source"])
    return answers.table(found, tables.SOURCES, question, frozen.release, headers)


def _compare(
    request: Request, question: Question, frozen: Frozen, given: Settings, headers: dict[str, str]
) -> Response:
    """As `nuzuh compare --json`."""
    for needed in ("place", "group", "on"):
        if needed not in question.given:
            raise Problem(400, f"Give {needed}; for example {_example(COMPARE)}.")
    place, group = question.one("place"), question.one("group")
    day, known = date.fromisoformat(question.one("on")), question.wanted.as_known_on
    wanted = FigureFilter(place=reconciliations.places_of(place, group, day), as_known_on=known)
    found = comparison.compare(
        precedence.figures(frozen.release, wanted),
        place,
        group,
        day,
        origins=area.load(given.area).origins,
        known=known,
    )
    headers |= answers.provenance(frozen.release, found.figures["source"])
    return answers.json(as_object(found, _words(question), known), headers)


def _surges(
    request: Request, question: Question, frozen: Frozen, given: Settings, headers: dict[str, str]
) -> Response:
    """As `nuzuh surges --json`, or `--csv`; in the other formats the columns of the CSV."""
    today = datetime.now(UTC).date()
    say = partial(surge_rule.unusual, _words(question))
    found = current.as_object(frozen.release, question.wanted.as_known_on, today, say)
    alarms = found["alarms"]
    made_from = tuple(sorted({one for alarm in alarms for one in alarm["figure_ids"]}))
    if made_from:
        headers |= answers.provenance(
            frozen.release, _sources_of(frozen.release, FigureFilter(figure_id=made_from))
        )
    if question.one("format", "json") == "json":
        return answers.json(found, headers)
    return answers.table(answer.typed(alarms), answer.TABLE, question, frozen.release, headers)


def _situation(
    request: Request, question: Question, frozen: Frozen, given: Settings, headers: dict[str, str]
) -> Response:
    """As `nuzuh situation --json`."""
    now = datetime.now(UTC)
    known = question.wanted.as_known_on
    found = situations.gather(
        frozen.release,
        area.load(given.area),
        known or now.date(),
        known=known,
        undated=question.flag("undated"),
        statuses=store_of(given.store, given.cache).statuses(),
        now=now,
    )
    figures = situations.all_figures(found)
    if given.public:
        harm.refuse(figures)
    headers |= answers.provenance(frozen.release, figures["source"])
    return answers.json(
        situations.as_json(found, partial(surge_rule.unusual, _words(question))), headers
    )


def _releases(
    request: Request, question: Question, frozen: Frozen, given: Settings, headers: dict[str, str]
) -> Response:
    """The releases that are kept, newest first."""
    store = store_of(given.store, given.cache)
    listed: list[dict[str, Any]] = [
        {
            "release": info.id,
            "published_at": info.published_at.isoformat().replace("+00:00", "Z"),
            "reason": info.reason,
            "is_current": info.id == frozen.release.id,
        }
        for info in store.releases()
    ]
    return answers.json(listed, headers)


def _words(question: Question) -> Words:
    return Words(question.one("lang", "en"))


def _example(allowed: Sequence[Parameter]) -> str:
    return "&".join(f"{p.name}={p.example}" for p in allowed if p.example)


COMPARE: Final = (
    replace(parameters.PLACE, field="", repeatable=False, example="X-SYR-NW"),
    replace(
        next(p for p in parameters.FIGURES if p.name == "group"),
        field="",
        repeatable=False,
        example="NEWDISP",
    ),
    ON,
    parameters.AS_KNOWN_ON,
    parameters.LANGUAGE,
    parameters.RELEASE,
)
SURGES: Final = (
    parameters.AS_KNOWN_ON,
    parameters.FORMAT,
    parameters.LANGUAGE,
    parameters.RELEASE,
)
SOURCES: Final = (
    replace(
        parameters.FORMAT, allowed=tuple(f for f in parameters.FORMAT.allowed if f != "geojson")
    ),
    parameters.RELEASE,
)
TABLE: Final = (
    *(p for p in parameters.FIGURES if p.name not in ("format", "limit", "cursor")),
    parameters.LANGUAGE,
)
WITHIN: Final = tuple(
    replace(p, field="") for p in parameters.FIGURES if p.name in ("within", "admin_level")
)
ENDPOINTS: Final[dict[str, tuple[str, tuple[Parameter, ...], Answer]]] = {
    "figures": ("The newest figures, each once.", parameters.FIGURES, _figures(vintages=False)),
    "vintages": (
        "Every published version of the figures.",
        parameters.FIGURES,
        _figures(vintages=True),
    ),
    "table": (
        "The newest figures as one HTML table, for a spreadsheet's web query.",
        TABLE,
        web_table.answer,
    ),
    "places": (
        "P-codes, names in three languages, seats.",
        (*WITHIN, parameters.FORMAT, parameters.RELEASE),
        _places,
    ),
    "sources": ("Publishers, licences, update frequency.", SOURCES, _sources),
    "compare": ("Sources side by side for one place, group and day.", COMPARE, _compare),
    "surges": (
        "Surges active now: reports far above their baseline, and unusual changes between rounds.",
        SURGES,
        _surges,
    ),
    "situation": (
        "What the first page shows: headlines, changes, surges, late sources.",
        (
            parameters.AS_KNOWN_ON,
            parameters.UNDATED,
            parameters.LANGUAGE,
            parameters.RELEASE,
        ),
        _situation,
    ),
    "releases": ("The releases that are kept.", (), _releases),
}


PASSING: Final = frozenset({"situation", "surges", "releases"})
"""Addresses whose answer depends on the day, on how sources fare, or on what is kept."""


def _openapi(request: Request) -> Response:
    return answers.json(documentation.openapi(_described(), PREFIX), serving.CORS)


def _page(request: Request) -> Response:
    return HTMLResponse(documentation.page(_described(), PREFIX), headers=dict(documentation.SAFE))


def _described() -> dict[str, tuple[str, tuple[Parameter, ...]]]:
    return {name: (meaning, allowed) for name, (meaning, allowed, _) in ENDPOINTS.items()}


def _proof(
    request: Request, question: Question, frozen: Frozen, given: Settings, headers: dict[str, str]
) -> Response:
    """The bytes a figure was read from, and a script that shows it in them: `nuzuh prove`."""
    store = store_of(given.store, given.cache)
    try:
        row = proof.figure(frozen.release, request.path_params["figure"])
        sent = proof.sent(store, frozen.release, row)
        if given.public and not licences.passed_on(str(row["licence"]), sent.body):
            detail = "A public office does not hand these bytes out; ask the publisher."
            raise Problem(404, detail)
        body = proof.made(frozen.release, row, sent)
    except proof.CannotProve as found:
        raise Problem(404, str(found)) from None
    name = f"nuzuh-{row['figure_id']}.zip"
    headers |= {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, headers=headers, media_type="application/zip")


ROUTES: Final = (
    serving.route(f"{PREFIX}/proof/{{figure}}", (parameters.RELEASE,), _proof),
    *(
        serving.route(f"{PREFIX}/{name}", allowed, answer, keeps=name not in PASSING)
        for name, (_, allowed, answer) in ENDPOINTS.items()
    ),
    *features.ROUTES,
    Route(f"{PREFIX}/openapi.json", _openapi),
    Route(f"{PREFIX}", _page),
    Route(f"{PREFIX}/", _page),
)
