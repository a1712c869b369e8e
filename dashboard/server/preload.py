"""What a page says before its script runs: what it will need, and how a link to it unfolds.

The first answer names what the page will need, so that a browser asks for all of it at once.

Streamlit's own page asks for a part's script when the part arrives, the map then asks for its
script and that for its outlines: each a round trip, in turn, a second each where the line is bad.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from functools import cache, lru_cache
from html import escape
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.server import compression, hashed_assets
from visuals import tokens
from visuals.language.words import Words, reading

PAGES: Final = frozenset({"/", "/map"})
"""The pages that show the map."""
_END: Final = b"</head>"
_FOOT: Final = b"</body>"
LIGHT: Final = "nuzuh/light/{language}/index.html"
"""The light edition's first page, which app.py serves beside the dashboard."""
SLOW: Final = 4
"""Seconds after which whoever still waits is offered the light edition."""
SOON: Final = 1
"""Seconds after which they read that the page is loading; a quick one comes without a flicker."""
_OFFER: Final = (
    "<style>@media screen{{html{{background:{ground}}}}}#nz-slow{{position:fixed;inset:30% 0 auto;"
    "z-index:9;padding:{room};text-align:center;color:{ink};font:16px sans-serif}}"
    "@media screen and (prefers-color-scheme:dark){{html{{background:{dark_ground}}}"
    "#nz-slow{{color:{dark_ink}}}}}#nz-slow a{{color:inherit}}"
    "#nz-slow *{{visibility:hidden;animation:nz-slow 0s {soon}s forwards}}"
    "#nz-slow a{{animation-delay:{seconds}s}}@keyframes nz-slow{{to{{visibility:visible}}}}"
    "body:has(.nz-mast *,.stMainBlockContainer .nz) #nz-slow{{display:none}}</style>"
    '<div id="nz-slow" lang="{language}" dir="{direction}"><b>{brand}</b><p>{loading}</p>'
    '<a href="./{address}">{said}</a></div>'
)


Tags = Callable[[Scope, frozenset[str]], str]
"""Makes the tags by which a pasted link unfolds, of a request and the names of the pages."""
PATIENCE: Final = 1.5
"""Seconds that the first answer waits for those tags: a browser on a line without TLS does not say
that it is one, and its reader is not made to wait for them."""


class PreloadHints:
    """Middleware that adds the hints to Streamlit's page where the map will stand, and tags to all.

    Args:
        app: What answers.
        tags: Makes the tags; None where pasted links must not say anything.
        pages: Names of the pages.
        at_once: Makes what need not be waited for; it is there even where the tags are late.
        in_doubt: Makes the tags that stand where those of the figures are late.
    """

    def __init__(
        self,
        app: ASGIApp,
        tags: Tags | None = None,
        pages: Iterable[str] = (),
        at_once: Tags | None = None,
        in_doubt: Tags | None = None,
    ) -> None:
        self._app, self._tags, self._pages = app, tags, frozenset(pages)
        self._at_once, self._in_doubt = at_once, in_doubt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and change the page on its way back."""
        if not self._is_page(scope):
            await self._app(scope, receive, send)
            return
        added = await self._added(scope)
        encoding = compression.best(Headers(scope=scope).get("accept-encoding", ""))
        # As it lies: it is compressed here, after it is changed.
        plain = [(name, v) for name, v in scope["headers"] if name != b"accept-encoding"]
        start: Message | None = None
        parts: list[bytes] = []

        async def changed(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            parts.append(message.get("body", b""))
            if message.get("more_body") or start is None:
                return
            headers = MutableHeaders(raw=start["headers"])
            body = b"".join(parts)
            if start["status"] == 200 and headers.get("content-type", "").startswith("text/html"):
                body = body.replace(_END, added.encode() + _END, 1)
                body = body.replace(_FOOT, offer(_language(scope)).encode() + _FOOT, 1)
                if encoding:
                    body = _packed(body, encoding)
                    headers["content-encoding"] = encoding
                headers.add_vary_header("Accept-Encoding")
                headers.add_vary_header("Accept-Language")
                if self._tags is not None:
                    headers.add_vary_header("Sec-Fetch-Mode")
                headers["content-length"] = str(len(body))
                # Streamlit's tag is of the page without hints.
                del headers["etag"]
            await send(start)
            await send({"type": "http.response.body", "body": body})

        await self._app({**scope, "headers": plain}, receive, changed)

    def _is_page(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "GET":
            return False
        named = self._tags is not None and scope["path"].strip("/") in self._pages
        return scope["path"] in PAGES or named

    async def _added(self, scope: Scope) -> str:
        hints = links() if scope["path"] in PAGES else ""
        if self._tags is None or "sec-fetch-mode" in Headers(scope=scope):
            # A browser says so of itself: its reader has no use for them, and spares their bytes.
            return hints
        if self._at_once is not None:
            hints += self._at_once(scope, self._pages)
        making = run_in_threadpool(self._tags, scope, self._pages)
        try:
            return hints + await asyncio.wait_for(asyncio.shield(_begun(making)), PATIENCE)
        except TimeoutError:
            # It goes on being made, for who asks next; a messenger asks once and keeps what it got.
            return hints + (self._in_doubt(scope, self._pages) if self._in_doubt else "")


@cache
def offer(language: str) -> str:
    """The light edition, offered beneath a page that does not come: no script of ours is there."""
    words = Words(language)
    return _OFFER.format(
        soon=SOON,
        seconds=SLOW,
        ground=tokens.GROUND.light,
        ink=tokens.INK.light,
        dark_ground=tokens.GROUND.dark,
        dark_ink=tokens.INK.dark,
        room=tokens.SPACE["s4"],
        language=language,
        direction=words.direction,
        address=LIGHT.format(language=language),
        brand=escape(words("app.brand")),
        loading=escape(words("app.loading")),
        said=escape(words("app.slow")),
    )


def _language(scope: Scope) -> str:
    """The language that a request asks for, by its address, else by its browser."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [None])[0]
    return reading(asked, Headers(scope=scope).get("accept-language"))


def _begun(making: Coroutine[Any, Any, str]) -> "asyncio.Task[str]":
    """A task that is held until it is done: the loop itself holds it weakly."""
    task = asyncio.ensure_future(making)
    _BEGUN.add(task)
    task.add_done_callback(_BEGUN.discard)
    return task


_BEGUN: Final[set["asyncio.Task[str]"]] = set()


def links() -> str:
    """The hints as HTML: what the page will import, and the outlines once they were drawn here."""
    outlines = hashed_assets.newest_file("json")
    made = [
        f'<link rel="modulepreload" crossorigin href="{address}">'
        for address in (*_late(), hashed_assets.script().address)
    ]
    if outlines is not None:
        made.append(f'<link rel="preload" as="fetch" crossorigin href="{outlines.address}">')
    return "".join(made)


@cache
def _late() -> tuple[str, ...]:
    """Addresses of the scripts of `assets.LATE`; Streamlit's files stay while the process lives."""
    names = {path: path.rpartition("/")[2] for path in compression.files()}
    return tuple(
        f".{path}"
        for path, name in names.items()
        if name.endswith(".js") and name.split(".")[0] in compression.LATE
    )


_packed: Final = lru_cache(maxsize=8)(compression.compress)
