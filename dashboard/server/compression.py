"""Streamlit's own scripts and styles, compressed: they are nine tenths of what a first visit moves.

Streamlit sends them as they lie, to spare its processor. Here each is compressed once for the life
of the process, when it is first asked for, and kept in memory: about a megabyte for a whole visit.
"""

import gzip
from functools import cache
from mimetypes import guess_type
from pathlib import Path
from typing import Final, Literal

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

from dashboard.theme.fonts import build

Encoding = Literal["br", "gzip"]
PREFIX: Final = "/static/"
SQUEEZED: Final = frozenset({".js", ".css", ".json", ".svg", ".html"})
"""Fonts and pictures are compressed already."""
BROTLI_QUALITY: Final = 9
"""A twentieth larger than the slowest, at a tenth of its time: the first reader waits for it."""
SLOWEST: Final = 11
"""For what is asked for while the browser is still busy with the rest."""
LATE: Final = frozenset(
    {
        "BidiComponent",
        "Html",
        "purify",
        "_arrayReduce",
        "serialization",
        "recordbatch",
        "DownloadButton",
        "createDownloadLinkElement",
    }
)
"""Streamlit's scripts that the map's pages load late, by their names up to the first dot."""
FOREVER: Final = "public, max-age=31536000, immutable"
"""Every name under `/static/` holds the digest of its content."""


class Compressed:
    """Middleware that answers for Streamlit's static files where the reader takes compression.

    Whatever is not one of those files, or is asked for in parts, goes on to Streamlit.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        file, encoding = _asked(scope)
        if file is None:
            await self._app(scope, receive, _for_the_browser(send) if _drawing(scope) else send)
            return
        headers = {"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"}
        if encoding is None:
            # A cut font is not the one whose address it answers at, and says its own name.
            headers["Content-Disposition"] = f'inline; filename="{file.name}"'
            body = await run_in_threadpool(file.read_bytes)
        else:
            body = await run_in_threadpool(compressed, file, encoding)
            headers |= {"Content-Encoding": encoding, "Vary": "Accept-Encoding"}
        answer = Response(
            b"" if scope["method"] == "HEAD" else body,
            media_type=guess_type(file.name)[0] or "application/octet-stream",
            headers={**headers, "Content-Length": str(len(body))},
        )
        await answer(scope, receive, send)


def _drawing(scope: Scope) -> bool:
    """Whether a picture is asked for that Streamlit names by its content: the page's icon.

    Browsers ask for the icon again whenever the address changes, which is at every choice.
    """
    path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
    return scope["type"] == "http" and path.startswith("/media/") and path.endswith(".png")


def _for_the_browser(send: Send) -> Send:
    """Let the reader's own browser keep what it gets."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            MutableHeaders(scope=message)["Cache-Control"] = FOREVER.replace("public", "private")
        await send(message)

    return sent


@cache
def compressed(file: Path, encoding: Encoding) -> bytes:
    """The file's bytes in that encoding."""
    late = file.name.split(".")[0] in LATE
    return compress(file.read_bytes(), encoding, brotli_quality=SLOWEST if late else BROTLI_QUALITY)


def compress(body: bytes, encoding: Encoding, *, brotli_quality: int = BROTLI_QUALITY) -> bytes:
    """Bytes in that encoding; the same bytes whenever and wherever they are made."""
    if encoding == "br":
        return bytes(brotli.compress(body, quality=brotli_quality))
    return gzip.compress(body, compresslevel=9, mtime=0)


@cache
def files() -> dict[str, Path]:
    """Streamlit's compressible files by the path they are asked for.

    What is not listed is not ours to serve: no path of a request is ever joined to a folder.
    """
    folder = Path(file_util.get_static_dir())
    found = (p for p in (folder / "static").rglob("*") if p.suffix in SQUEEZED and p.is_file())
    return {f"/{path.relative_to(folder).as_posix()}": path for path in found}


def _asked(scope: Scope) -> tuple[Path | None, Encoding | None]:
    """The file and encoding that a request is about; no file where it is not for us."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return None, None
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    if not path.startswith(PREFIX):
        return None, None
    headers = Headers(scope=scope)
    if "range" in headers:
        return None, None
    small = build.served().get(path.removeprefix(f"{PREFIX}media/"))
    if small is not None:
        return small, None
    file, encoding = files().get(path), best(headers.get("accept-encoding", ""))
    return (file, encoding) if encoding else (None, None)


def best(accepted: str) -> Encoding | None:
    """The better encoding of those that a reader takes; one it weighs with zero is refused."""
    taken = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        taken[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    if taken.get("br"):
        return "br"
    return "gzip" if taken.get("gzip") else None
