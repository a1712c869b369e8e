"""The addresses that the app serves beside its pages."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from dashboard import stored
from data import settings
from data.store import Store, StoreProblem


def health(request: Request) -> JSONResponse:
    """What is served, for whoever watches the machine; 503 and a sentence where nothing is."""
    given = settings.load()
    try:
        release = Store(given.store, given.cache).current()
    except StoreProblem as problem:
        return JSONResponse({"ok": False, "sentence": str(problem)}, status_code=503)
    return JSONResponse(
        {
            "ok": release.warning is None,
            "release": release.id,
            "published_at": release.published_at.isoformat(),
            "figures": release.count(),
        }
    )


ROUTES: Final = (Route("/nuzuh/health", health), Route(stored.PATH, stored.file))
