"""What a browser may do with the pages: nothing but what they need.

With them a text that slipped through as HTML runs nothing, no page of another site frames ours,
and nobody else learns which page a reader came from. Answers that bring a policy of their own (the
light edition, stored copies, pictures made to be embedded) keep it.
"""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

from dashboard.server import signin, signin_page
from dashboard.theme import scripts, style
from visuals.language import words

KINDS: Final = ("X-Content-Type-Options", "nosniff")
"""Said of every answer; the rest rules what a page does, and would cost each of its files bytes."""
PAGES: Final = {
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "SAMEORIGIN",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FRAMED: Final = "X-Frame-Options"
POLICY: Final = {
    "default-src": "'self'",
    # Streamlit hands a part's script to the browser as a blob; what stands in a page is named.
    "script-src": "'self' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-src": "'none'",
    # Hosts of Streamlit apps frame the page at their own address of it; no other site may.
    "frame-ancestors": "'self'",
}
_INLINE: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


class SecurityHeaders:
    """Middleware that adds the policy, and what goes with it, to every page.

    A WebSocket that a page of another site opens is refused here: Streamlit would first ask a third
    host which address this machine has.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and add to what comes back."""
        if scope["type"] == "websocket" and _of_another_site(Headers(scope=scope)):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault(*KINDS)
                if headers.get("content-type", "").startswith("text/html"):
                    sent = headers.get("content-security-policy", "")
                    for name, value in PAGES.items():
                        # What is made to stand in another site's page says so in its own policy.
                        if name != FRAMED or "frame-ancestors *" not in sent:
                            headers.setdefault(name, value)
                    headers.setdefault("Content-Security-Policy", policy())
            await send(message)

        await self._app(scope, receive, headed)


def _of_another_site(headers: Headers) -> bool:
    """Whether a page of another site asks; a program that is no browser names no site."""
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


@cache
def policy() -> str:
    """The Content-Security-Policy of a page: the scripts in it are named by their hashes."""
    page = Path(file_util.get_static_dir(), "index.html").read_bytes()
    languages = [words.Words(language) for language in words.LANGUAGES]
    ours = [style.script(language) for language in languages]
    ours += map(scripts.file_box, languages)
    if signin.config() is not None:
        ours.append(signin_page.WATCH)
    codes = (*_INLINE.findall(page), *(code.encode() for code in ours))
    named = " ".join(f"'sha256-{_hash(code)}'" for code in codes)
    given = POLICY | {"script-src": f"{POLICY['script-src']} {named}"}
    return "; ".join(f"{name} {value}" for name, value in given.items())


def _hash(code: bytes) -> str:
    return b64encode(sha256(code).digest()).decode()
