"""The addresses that the app serves beside its pages."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard.server import compression, hashed_assets, source_files
from data import settings
from data.gazetteer.area import NoSuchArea
from data.status import health as condition
from data.store import StoreProblem, serving

NOW: Final = {"Cache-Control": "no-store"}
FOREVER: Final = "public, max-age=31536000, immutable"


def health(request: Request) -> JSONResponse:
    """What is served, for whoever watches the machine; 503 and a sentence where nothing is."""
    try:
        found = _condition().as_json()
    except (StoreProblem, settings.BadConfiguration) as problem:
        return JSONResponse({"ok": False, "sentence": str(problem)}, 503, headers=NOW)
    if settings.load().sign_in:
        # Monitoring does not sign in: where readers must, it gets no figure.
        del found["figures"]
    return JSONResponse(found, headers=NOW)


def metrics(request: Request) -> Response:
    """The same for Prometheus, which wants an answer where nothing is served as well."""
    found: condition.Condition | None = None
    with suppress(StoreProblem, settings.BadConfiguration):
        found = _condition()
    return Response(condition.metrics(found), headers=NOW, media_type=condition.TEXT)


def _condition() -> condition.Condition:
    given = settings.load()
    store = serving(given.store, given.cache)
    return condition.condition_of(store, datetime.now(UTC), given.disabled)


def file(request: Request) -> Response:
    """A file at the address of its digest: kept by the browser for good, compressed beforehand."""
    try:
        found = hashed_assets.find(request.path_params["name"])
    except (StoreProblem, settings.BadConfiguration, NoSuchArea):
        found = None
    if found is None:
        return Response("Not of this release; reload the page.\n", 404, media_type="text/plain")
    tag = f'"{found.name}"'
    headers = {"Cache-Control": FOREVER, "ETag": tag, "Vary": "Accept-Encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    encoding = compression.best(request.headers.get("accept-encoding", ""))
    if encoding:
        headers["Content-Encoding"] = encoding
        return Response(found.packed[encoding], headers=headers, media_type=found.media_type)
    return Response(found.body, headers=headers, media_type=found.media_type)


ROUTES: Final = (
    Route("/nuzuh/health", health),
    Route("/nuzuh/metrics", metrics),
    Route(source_files.PATH, source_files.file),
    Route(f"/{hashed_assets.PREFIX}{{name}}", file),
)
