"""What every publisher's stand-in on 127.0.0.1 shares: it starts, answers badly on request, stops.

A server of a publisher says what it answers (`Publisher.reply`); what may go wrong on the way is
the same for all and is done here. What may be wrong within a well-sent answer differs, and each
server does that itself.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

TRANSPORT = (
    "bot wall",
    "html 200",
    "403",
    "404",
    "429",
    "500",
    "503",
    "timeout",
    "truncated",
    "garbage",
    "nothing",
    "login page",
    "login elsewhere",
    "2 GB",
    "wrong charset",
)
"""Faults that need no knowledge of what is sent."""
SILENCE = 5.0
"""Seconds for which a source that does not answer holds the line at most."""
HUGE = 2 * 1024**3
CHALLENGE = b"<!doctype html><html><script>/* are you a robot */</script></html>"
LOGIN = "/user/login"


@dataclass(frozen=True)
class Reply:
    """One answer before anything goes wrong with it."""

    body: bytes = CHALLENGE
    kind: str = "application/json"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


GONE = Reply(CHALLENGE, "text/html", 404)


class Publisher:
    """`with Publisher() as server:` … `server.url`; set `server.fault` to one of TRANSPORT.

    Attributes:
        SERVES: The API that it stands in for, as a source names it; the source where a dataset has
            a server of its own. Empty where it is only built upon.
        CONTENT: Faults within a well-sent answer that the publisher's server can do besides.
        SPARED: Faults that one of its sources cannot have, by the source's name.
        fault: What goes wrong from now on; None for nothing.
        asked: Path, query and agent of every request, in order.
        headers: The headers of the last request, names in lower case.
    """

    SERVES: str = ""
    CONTENT: tuple[str, ...] = ("empty", "dropped column", "shrunk", "tenfold")
    SPARED: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def __init__(self) -> None:
        self.fault: str | None = None
        self.asked: list[tuple[str, dict[str, str], str]] = []
        self.headers: dict[str, str] = {}
        self._over = threading.Event()

    @property
    def base_url(self) -> str:
        """What NUZUH_URL_… of the publisher's API is set to; a subclass says it."""
        raise NotImplementedError

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        """What the publisher answers; a subclass says it."""
        raise NotImplementedError

    def spared(self, path: str) -> bool:
        """Whether a request is answered well in spite of the fault."""
        return False

    def __enter__(self):
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer._answer(self)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._httpd.daemon_threads = True
        self._thread = threading.Thread(target=self._httpd.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._httpd.shutdown()
        self._thread.join()
        self._httpd.server_close()

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self._httpd.server_port}"

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.asked.append((parts.path, query, self.headers.get("user-agent", "")))
        fault = None if self.spared(parts.path) else self.fault
        if fault == "timeout":
            self._over.wait(SILENCE)
            return
        if parts.path == LOGIN:
            found = Reply(b"<html><form>Who are you?</form></html>", "text/html")
        else:
            found = self._gone_wrong(fault, self.reply(parts.path, query))
        handler.send_response(found.status)
        handler.send_header("Content-Type", found.kind)
        handler.send_header("Cache-Control", "no-cache")
        for name, value in found.headers.items():
            handler.send_header(name, value)
        size = HUGE if fault == "2 GB" else len(found.body)
        handler.send_header("Content-Length", str(size))
        handler.end_headers()
        try:
            if fault == "2 GB":
                self._pour(handler)
            else:
                cut = len(found.body) // 2 if fault == "truncated" else None
                handler.wfile.write(found.body[:cut])
        except OSError:
            handler.close_connection = True  # the client has had enough

    def _pour(self, handler: BaseHTTPRequestHandler) -> None:
        """As many zeros as were promised, until the other side hangs up."""
        block = b"0" * (1 << 20)
        for _ in range(HUGE // len(block)):
            if self._over.is_set():
                return
            handler.wfile.write(block)

    def _gone_wrong(self, fault: str | None, found: Reply) -> Reply:
        if found.status // 100 == 3:
            return found  # what it leads to goes wrong
        if fault in ("bot wall", "403"):
            return Reply(CHALLENGE, "text/html", 403)
        if fault == "html 200":
            return Reply(CHALLENGE, "text/html; charset=utf-8")
        if fault in ("404", "429", "500", "503"):
            more = {"Retry-After": "600"} if fault == "429" else {}
            return Reply(CHALLENGE, "text/html", int(fault), more)
        if fault == "garbage":
            return replace(found, body=b'{"page":1,"items":[{"ye\x00\xff')
        if fault == "nothing":
            return replace(found, body=b"")
        if fault == "login page":
            return Reply(b"", "text/html", 302, {"Location": LOGIN})
        if fault == "login elsewhere":
            elsewhere = f"{self.url.replace('127.0.0.1', 'localhost')}{LOGIN}"
            return Reply(b"", "text/html", 302, {"Location": elsewhere})
        if fault == "wrong charset":
            return replace(found, body=_in_another_charset(found.body))
        return found


def _in_another_charset(body: bytes) -> bytes:
    """Text in Windows' Turkish letters; anything else taken for Latin text and written as UTF-8."""
    try:
        return body.decode().encode("cp1254", "replace")
    except UnicodeDecodeError:
        return body.decode("latin-1").encode()
