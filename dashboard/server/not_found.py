"""Addresses that nothing is at: browsers are led to the first page, programs get 404.

Streamlit answers every unknown address with its own page and status 200: whoever watches
`/health/` would get 200 from a page that is not the one they asked for.
"""

from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qs

from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from visuals.language.words import LANGUAGES

LOST: Final = "lost"
"""In the address of the first page: another was asked for that does not exist."""
BELONGS: Final = ("_stcore", "static", "media", "component", "app", "auth", "oauth2callback")
"""First parts of Streamlit's own addresses."""
FILES: Final = ("favicon.png", "favicon.ico", "robots.txt", "manifest.json", "index.html")
SENTENCE: Final = "There is no such address; the dashboard is at the root of this site.\n"

PREFIX: Final = (
    "server.baseUrlPath is set, and Nuzuh does not serve under it; take it out and let the proxy "
    "take the prefix off, as docs/deploy.md shows."
)


def refuse_prefix() -> None:
    """Refuse Streamlit's own prefix: our addresses beside the pages would not be under it.

    Raises:
        SystemExit: `server.baseUrlPath` is set; its message says what to do instead.
    """
    if (config.get_option("server.baseUrlPath") or "").strip("/"):
        raise SystemExit(PREFIX)


class NotFound:
    """Middleware: answers for addresses that neither a page nor a route of ours is at."""

    def __init__(self, app: ASGIApp, pages: Iterable[str], routes: Iterable[BaseRoute]) -> None:
        self._app, self._pages, self._routes = app, frozenset(pages), tuple(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if scope["type"] != "http" or self._is_there(scope):
            await self._app(scope, receive, send)
            return
        accepted = dict(scope["headers"]).get(b"accept", b"").decode("latin-1")
        path = scope["path"]
        ours = path.strip("/").split("/")[0] == "nuzuh"
        if "text/html" not in accepted or ours:
            answer = PlainTextResponse(SENTENCE, 404, {"Cache-Control": "no-store"})
            await answer(scope, receive, send)
            return
        # Relative: whatever a proxy put before the path stays before it.
        up = "../" * (path.count("/") - 1) or "./"
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[-1]
        kept = f"&lang={asked}" if asked in LANGUAGES else ""
        await RedirectResponse(f"{up}?{LOST}=1{kept}", 307)(scope, receive, send)

    def _is_there(self, scope: Scope) -> bool:
        parts = scope["path"].strip("/").split("/")
        if parts == [""] or parts[0] in BELONGS or parts[-1] in FILES:
            return True
        if len(parts) == 1 and parts[0] in self._pages and not scope["path"].endswith("/"):
            return True
        return any(route.matches(scope)[0] is not Match.NONE for route in self._routes)
