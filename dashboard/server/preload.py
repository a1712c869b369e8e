"""The first answer names what the page will need, so that a browser asks for all of it at once.

Streamlit's own page asks for a part's script when the part arrives, the map then asks for its
script and that for its outlines: each a round trip, in turn, a second each where the line is bad.
"""

from functools import cache, lru_cache
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.server import compression, hashed_assets

PAGES: Final = frozenset({"/", "/map"})
"""The pages that show the map."""
_END: Final = b"</head>"


class Hinted:
    """Middleware that adds the hints to Streamlit's page where the map will stand."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and change the page on its way back."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] not in PAGES:
            await self._app(scope, receive, send)
            return
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
                body = body.replace(_END, links().encode() + _END, 1)
                if encoding:
                    body = _packed(body, encoding)
                    headers["content-encoding"] = encoding
                headers.add_vary_header("Accept-Encoding")
                headers["content-length"] = str(len(body))
                # Streamlit's tag is of the page without hints.
                del headers["etag"]
            await send(start)
            await send({"type": "http.response.body", "body": body})

        await self._app({**scope, "headers": plain}, receive, changed)


def links() -> str:
    """The hints as HTML: what the page will import, and the outlines once they were drawn here."""
    outlines = hashed_assets.newest("json")
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


_packed: Final = lru_cache(maxsize=8)(compression.packed)
