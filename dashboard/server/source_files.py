"""Our stored copies of what publishers sent, handed out as files and never as pages.

Only what the fetches of the newest release name is handed out, under the two names that a path may
hold: a source and a hash. A public office hands out open licences' texts alone, and none in which
a position or a contact stands: what is published may be finer than what may be shown.
"""

import re
from typing import Final

import pandas as pd
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from data import settings
from data.publication import licences
from data.store import StoreProblem, serving

PATH: Final = "/nuzuh/stored/{source}/{sha256}"
SOURCE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
SHA256: Final = re.compile(r"[0-9a-f]{64}")
_TEXTS: Final = {"application/json": "json", "text/csv": "csv", "text/plain": "txt"}
"""Types that are shown as text; all others are bytes."""
_SAFE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "public, max-age=31536000, immutable",
    "Referrer-Policy": "no-referrer",
}


def address(source: str, sha256: str) -> str:
    """Where a copy is handed out, from any page: relative, so that a proxy's prefix stays."""
    return PATH.format(source=source, sha256=sha256).removeprefix("/")


def file(request: Request) -> Response:
    """One stored document as an attachment; 404 and a sentence where there is none to hand out."""
    source, digest = request.path_params["source"], request.path_params["sha256"]
    if not SOURCE.fullmatch(source) or not SHA256.fullmatch(digest):
        return _none("There is no stored copy at this address.")
    given = settings.load()
    store = serving(given.store, given.cache)
    try:
        release = store.current()
        copy = store.copies(release, source).get(digest)
        body = store.copy(release, source, digest) if copy else None
    except StoreProblem as problem:
        return PlainTextResponse(str(problem), status_code=503, headers=_SAFE)
    if copy is None or body is None:
        return _none("No fetch of the newest release brought this file.")
    if given.public and not licences.passed_on(licence_of(release.table("sources"), source), body):
        return _none("This copy is not handed out by a public office; ask the publisher for it.")
    ending = _TEXTS.get(copy.content_type, "bin")
    return Response(
        body,
        media_type="text/plain" if ending != "bin" else "application/octet-stream",
        headers=_SAFE
        | {"Content-Disposition": f'attachment; filename="{source}-{digest[:12]}.{ending}"'},
    )


def licence_of(sources: pd.DataFrame, source: str) -> str:
    """The licence of a source by the register; empty where it is not registered."""
    found = sources.loc[sources["source"].eq(source), "licence"]
    return "" if found.empty else str(found.iloc[0])


def _none(sentence: str) -> Response:
    return PlainTextResponse(
        sentence, status_code=404, headers=_SAFE | {"Cache-Control": "no-store"}
    )
