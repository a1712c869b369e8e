"""The addresses that the app serves beside its pages."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard import assets, kept, stored
from data import settings
from data.area import NoSuchArea
from data.store import Store, StoreProblem

FOREVER: Final = "public, max-age=31536000, immutable"


def health(request: Request) -> JSONResponse:
    """What is served, for whoever watches the machine; 503 and a sentence where nothing is."""
    given = settings.load()
    try:
        release = Store(given.store, given.cache).current()
    except StoreProblem as problem:
        return JSONResponse({"ok": False, "sentence": str(problem)}, status_code=503)
    told = {
        "ok": release.warning is None,
        "release": release.id,
        "published_at": release.published_at.isoformat(),
    }
    # Whoever watches the machine signs in nowhere: where readers do, it is told of no figure.
    return JSONResponse(told if given.sign_in else told | {"figures": release.count()})


def file(request: Request) -> Response:
    """A file at the address of its digest: kept by the browser for good, compressed beforehand."""
    try:
        found = kept.find(request.path_params["name"])
    except (StoreProblem, settings.BadConfiguration, NoSuchArea):
        found = None
    if found is None:
        return Response("Not of this release; reload the page.\n", 404, media_type="text/plain")
    tag = f'"{found.name}"'
    headers = {"Cache-Control": FOREVER, "ETag": tag, "Vary": "Accept-Encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    encoding = assets.best(request.headers.get("accept-encoding", ""))
    if encoding:
        headers["Content-Encoding"] = encoding
        return Response(found.packed[encoding], headers=headers, media_type=found.media_type)
    return Response(found.body, headers=headers, media_type=found.media_type)


ROUTES: Final = (
    Route("/nuzuh/health", health),
    Route(stored.PATH, stored.file),
    Route(f"/{kept.PREFIX}{{name}}", file),
)
