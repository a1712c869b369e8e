"""Nothing is answered before sign-in: the middleware of an office that asks for one.

What is not named in `OPEN` is refused to whoever is not signed in, whatever it is and whichever
module serves it, so that a new address is guarded from its first day. A page opened by a browser
leads to the sign-in and back; anything else gets 401 and a sentence. The WebSocket of
Streamlit's pages is let through as nobody's, whose page says no more than that one should sign in.
"""

import asyncio
from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any, Final
from urllib.parse import quote, unquote, urlencode, urlsplit

from google.protobuf.message import DecodeError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.auth_util import encode_provider_token
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.server.starlette.starlette_server_config import (
    SESSION_COOKIE_NAME,
    TOKENS_COOKIE_NAME,
    USER_COOKIE_NAME,
)

from dashboard.server import signin, signin_page, standing
from dashboard.server.signin import CALLBACK, PROVIDER, SignInConfig, Visitor
from data import settings
from data.handover.tokens import Tokens
from data.store import Token, serving

PAGE: Final = "/nuzuh/sign-in"
GO: Final = f"{PAGE}/go"
"""To the provider: a link of the page, whose token is made when it is followed."""
LOGIN: Final = "/auth/login"
LOGOUT: Final = "/auth/logout"
STREAM: Final = "/_stcore/stream"
FIXED: Final = ("/nuzuh/kept/", "/media/")
"""Outlines, scripts and the page's icon."""
OPEN: Final = frozenset(
    {
        "/nuzuh/health",
        # What a page that lost its line asks for before it comes back.
        "/_stcore/health",
        "/_stcore/host-config",
        "/favicon.png",
    }
)
"""Answered to everybody: none of them holds a figure."""
STATIC: Final = "/static/"
"""Streamlit's own scripts and styles, the same in every office."""
BACK: Final = "nuzuh_back"
"""The cookie that remembers where a reader was going."""
BACK_SECONDS: Final = 900
LONGEST_BACK: Final = 1500
"""Characters of an address to come back to."""
FOR_TOOLS: Final = ("/nuzuh/api/v1", "/nuzuh/ogc")
"""What a read-only token opens, and nothing else: addresses of figures, none of the pages."""
_OURS: Final = (USER_COOKIE_NAME, TOKENS_COOKIE_NAME, SESSION_COOKIE_NAME)
_SAFE: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
REFUSED: Final = "Sign in first; in a browser: {address}"
REFUSED_TOOL: Final = (
    "Sign in first; a program sends a read-only token, which an administrator makes on the page "
    "Administration (Authorization: Bearer TOKEN, or as the password of any name)."
)


def sign_in_middleware(sign_in: SignInConfig | None) -> list[Middleware]:
    """What stands before the app; nothing where everybody may read."""
    return [Middleware(SignInRequired, sign_in=sign_in)] if sign_in else []


def secrets(sign_in: SignInConfig | None) -> dict[str, Any] | None:
    """Streamlit's secrets; None where it needs none.

    The secret of the sessions that begin a sign-in is taken when the app is made, before Streamlit
    reads its secrets: every process must sign them alike, or a sign-in that begins with one process
    ends nowhere at another.
    """
    if sign_in is None:
        return None
    config.set_option("server.cookieSecret", sign_in.cookie_secret)
    return sign_in.streamlit_secrets()


class SignInRequired:
    """Middleware of an office with a sign-in; it stands before everything else."""

    def __init__(self, app: ASGIApp, sign_in: SignInConfig) -> None:
        self._app, self._sign_in = app, sign_in
        self._tokens = Tokens(_tokens)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or pass on."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        path = path_of(scope)
        who = await visitor(self._sign_in, HTTPConnection(scope).cookies)
        if who is not None and not who.reads and path not in (PAGE, GO, LOGIN, LOGOUT, CALLBACK):
            outside, who = True, None
        else:
            outside = False
        if scope["type"] == "websocket":
            await self._line(scope, receive, send, path, who)
        elif path in (PAGE, GO):
            await self._sign_in_page(scope, path, who)(scope, receive, send)
        elif path in (LOGIN, LOGOUT, CALLBACK):
            await self._signing(scope, receive, send, path, who)
        elif is_open(path):
            await self._app(scope, receive, send)
        elif who is None and not (for_tools(path) and await self._presents_a_token(scope)):
            await self._refusal(scope, outside=outside)(scope, receive, send)
        else:
            await self._app(scope, receive, _private(send, path))

    async def _presents_a_token(self, scope: Scope) -> bool:
        """Whether a program brings a token that opens."""
        given = Headers(scope=scope).get("authorization")
        return given is not None and (
            await run_in_threadpool(self._tokens.opened_by, given) is not None
        )

    def _refusal(self, scope: Scope, *, outside: bool) -> Response:
        """To the sign-in for a browser that opens a page; else a sentence."""
        page = f"{self._sign_in.address}{PAGE}"
        accepts = Headers(scope=scope).get("accept", "")
        if scope["method"] in ("GET", "HEAD") and "text/html" in accepts:
            query = scope["query_string"].decode("latin-1")
            back = quote(path_of(scope)) + (f"?{query}" if query else "")
            there = urlencode({"back": back}) if safe_back(back) not in (None, "/") else ""
            return RedirectResponse(f"{page}?{there}" if there else page, 303, _SAFE)
        if for_tools(path_of(scope)):
            # What spreadsheets, GIS and notebooks understand.
            headers = {**_SAFE, "WWW-Authenticate": 'Bearer realm="nuzuh", Basic realm="nuzuh"'}
            return PlainTextResponse(f"{REFUSED_TOOL}\n", 403 if outside else 401, headers)
        headers = {**_SAFE, "WWW-Authenticate": 'Cookie realm="nuzuh"'}
        sentence = REFUSED.format(address=page)
        return PlainTextResponse(f"{sentence}\n", 403 if outside else 401, headers)

    def _sign_in_page(self, scope: Scope, path: str, who: Visitor | None) -> Response:
        """The page before the dashboard, and the way from it to the provider."""
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("Open this address in a browser.\n", 405, _SAFE)
        asked = QueryParams(scope["query_string"])
        back = safe_back(asked.get("back"))
        if path == GO:
            token = encode_provider_token(PROVIDER)
            answer = RedirectResponse(
                f"{self._sign_in.address}{LOGIN}?provider={token}", 303, _SAFE
            )
            self._remember(answer, back)
            return answer
        language = signin_page.language(
            asked.get("lang"), back, Headers(scope=scope).get("accept-language")
        )
        if asked.get("lang") == language:
            back = signin_page.in_language(back or "/", language)
        page = signin_page.page(self._sign_in, who, language, back, failed="failed" in asked)
        status = 403 if who is not None and not who.reads else 200
        headers = {**_SAFE, "Content-Security-Policy": _POLICY, "Content-Language": language}
        return HTMLResponse(page, status, headers)

    def _remember(self, answer: Response, back: str | None) -> None:
        """Where the reader was going, for when the provider sends them back."""
        answer.set_cookie(
            BACK,
            quote(back or "/", safe=""),
            max_age=BACK_SECONDS,
            path="/",
            secure=self._sign_in.encrypted,
            httponly=True,
            samesite="lax",
        )

    async def _signing(
        self, scope: Scope, receive: Receive, send: Send, path: str, who: Visitor | None
    ) -> None:
        """Streamlit's own three addresses: what they answer is made fit for this office."""
        if path == LOGOUT and who is not None:
            signin.sign_out(self._sign_in, who)

        def changed(start: Message) -> None:
            headers = MutableHeaders(raw=start["headers"])
            cookies = [self._cookie(text) for text in headers.getlist("set-cookie")]
            del headers["set-cookie"]
            headers["cache-control"] = "no-store"
            if path == LOGIN and start["status"] < 400 and BACK not in _cookies_of(scope):
                # Streamlit's own button leads here from the page that the reader is on.
                remembered = Response()
                self._remember(remembered, self._referrer(scope))
                cookies.append(remembered.headers["set-cookie"])
            if path == CALLBACK and start["status"] in (302, 303, 307):
                headers["location"] = self._after(scope, cookies, who)
                gone = Response()
                gone.delete_cookie(BACK, path="/", httponly=True, samesite="lax")
                cookies.append(gone.headers["set-cookie"])
            for cookie in cookies:
                headers.append("set-cookie", cookie)

        failed = False

        async def sent(message: Message) -> None:
            nonlocal failed
            if message["type"] == "http.response.start":
                if path == LOGIN and message["status"] >= 400:
                    failed = True
                    return
                changed(message)
            if not failed:
                await send(message)

        await self._app(scope, receive, sent)
        if failed:
            # The provider cannot be reached: stated in the reader's language, not in Streamlit's.
            there = f"{self._sign_in.address}{PAGE}?{urlencode({'failed': '1'})}"
            await RedirectResponse(there, 303, _SAFE)(scope, receive, send)

    def _after(self, scope: Scope, cookies: list[str], who: Visitor | None) -> str:
        """Where to, once the provider has sent a reader back."""
        signed_in = any(
            text.startswith(f"{USER_COOKIE_NAME}=") and "max-age=0" not in text.lower()
            for text in cookies
        )
        if not signed_in and who is None:
            asked = QueryParams(scope["query_string"])
            tried = {"code", "error", "state"} & set(asked)
            return f"{self._sign_in.address}{PAGE}" + ("?failed=1" if tried else "")
        back = safe_back(unquote(_cookies_of(scope).get(BACK, "")))
        return self._sign_in.address + (back or "/")

    def _cookie(self, text: str) -> str:
        """A cookie of Streamlit's as this office sends it: no longer than a sign-in lasts."""
        if not _is_ours(text.partition("=")[0]):
            return text
        kept = SimpleCookie(text)
        for morsel in kept.values():
            if morsel["max-age"] not in ("", "0"):
                morsel["max-age"] = str(
                    max(1, int(min(int(morsel["max-age"]), self._sign_in.seconds)))
                )
            if self._sign_in.encrypted:
                morsel["secure"] = True
        return kept.output(header="").strip()

    def _referrer(self, scope: Scope) -> str | None:
        """The page of ours that led here."""
        parts = urlsplit(Headers(scope=scope).get("referer", ""))
        if f"{parts.scheme}://{parts.netloc}" != self._sign_in.origin:
            return None
        return safe_back(parts.path + (f"?{parts.query}" if parts.query else ""))

    async def _line(
        self, scope: Scope, receive: Receive, send: Send, path: str, who: Visitor | None
    ) -> None:
        """Streamlit's WebSocket: a reader's until their sign-in ends, else nobody's."""
        if path != STREAM:
            await send({"type": "websocket.close", "code": 1008})
        elif who is None:
            await self._app(nobodys(scope), receive, send)
        else:
            await self._app(scope, _Line(self._sign_in, scope, receive).heard, send)


class _Line:
    """An open page: whose it is is asked again at every message of the browser.

    Parts of a page run without the page, and what a button does is done before the page is run. So
    once a sign-in has ended, or an administrator is none any more, nothing passes but the wish to
    run the page as a whole, without what was pressed; and the page then says what there is.
    """

    def __init__(self, sign_in: SignInConfig, scope: Scope, receive: Receive) -> None:
        self._sign_in, self._receive = sign_in, receive
        self._cookies = HTTPConnection(scope).cookies
        self._decided = False

    async def heard(self) -> Message:
        """The browser's next message, as far as it may be heard."""
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            who = await visitor(self._sign_in, self._cookies)
            decides = who is not None and who.decides
            if who is not None and who.reads and (decides or not self._decided):
                self._decided = decides
                return message
            # Theirs no more, or not as it was when the page was made: what was pressed there is
            # not done. The page is made anew first, by what they may do now.
            body = only_a_run(message.get("bytes") or b"")
            if body is not None:
                self._decided = False
                return {"type": "websocket.receive", "bytes": body}


async def visitor(sign_in: SignInConfig, cookies: Mapping[str, str]) -> Visitor | None:
    """Whose cookies these are, by the provider's answers of the last minutes."""
    who = signin.visitor(sign_in, cookies)
    if who is None or not signin.is_due(sign_in, who):
        return who
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(standing.asking, signin.confirm, sign_in, cookies, who)


def only_a_run(body: bytes) -> bytes | None:
    """A browser's message without what was pressed or typed; None where it wants no run.

    One button may still be pressed, that of `signin_page.show`: Streamlit ends a widget's id with
    the key that its page gave it.
    """
    try:
        asked = BackMsg.FromString(body)
    except DecodeError:
        return None
    if asked.WhichOneof("type") != "rerun_script":
        return None
    run, made = asked.rerun_script, BackMsg()
    made.rerun_script.query_string = run.query_string
    made.rerun_script.page_script_hash = run.page_script_hash
    made.rerun_script.page_name = run.page_name
    made.rerun_script.context_info.CopyFrom(run.context_info)
    for state in run.widget_states.widgets:
        if state.id.endswith(f"-{signin_page.BUTTON}") and state.trigger_value:
            made.rerun_script.widget_states.widgets.add(id=state.id, trigger_value=True)
    return made.SerializeToString()


def for_tools(path: str) -> bool:
    """Whether a token may open what is at a path: one that says plainly what it is."""
    below = any(path == one or path.startswith(f"{one}/") for one in FOR_TOOLS)
    return below and ".." not in path and "\\" not in path and "//" not in path


def _tokens() -> list[Token]:
    given = settings.load()
    return serving(given.store, given.cache).tokens()


def path_of(scope: Scope) -> str:
    """The path of a request as the app's own routes name it."""
    base = f"/{(config.get_option('server.baseUrlPath') or '').strip('/')}".rstrip("/")
    path: str = scope.get("path", "")
    under = scope.get("root_path") or base
    return path[len(under) :] if under and path.startswith(f"{under}/") else path


def is_open(path: str) -> bool:
    """Whether everybody may have what is at a path: one that says plainly what it is."""
    return path in OPEN or (
        path.startswith(STATIC) and ".." not in path and "\\" not in path and "//" not in path
    )


def safe_back(address: str | None) -> str | None:
    """An address of this dashboard to come back to; None for any other, wherever it leads."""
    if not address or len(address) > LONGEST_BACK or not address.isprintable():
        return None
    if not address.startswith("/") or address.startswith("//") or "\\" in address:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if (
        parts.scheme
        or parts.netloc
        or parts.path.startswith((PAGE, "/auth/", CALLBACK, "/_stcore"))
    ):
        return None
    return quote(address, safe="/?&=%+:;,@!$'()*~.-_")


def nobodys(scope: Scope) -> Scope:
    """A WebSocket's handshake without who asks, and without the session that it asks back for."""
    headers = []
    for name, value in scope["headers"]:
        if name == b"cookie":
            kept = [
                part
                for part in value.split(b";")
                if not _is_ours(part.partition(b"=")[0].strip().decode("latin-1"))
            ]
            if not kept:
                continue
            headers.append((name, b";".join(kept)))
        elif name == b"sec-websocket-protocol":
            headers.append((name, b",".join(value.split(b",")[:2])))
        else:
            headers.append((name, value))
    return {**scope, "headers": headers, "subprotocols": scope.get("subprotocols", [])[:2]}


def _is_ours(name: str) -> bool:
    """Whether a cookie says who somebody is: Streamlit's own, and the parts of a long one."""
    return any(name == one or name.startswith(f"{one}_") for one in _OURS)


def _cookies_of(scope: Scope) -> dict[str, str]:
    return HTTPConnection(scope).cookies


def _private(send: Send, path: str) -> Send:
    """No copy of an answer in a cache that readers share, none shown again without asking.

    What is named by its own digest and holds no figure may stay in the reader's own browser.
    """

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            held = headers.get("cache-control", "")
            if "immutable" in held and path.startswith(FIXED):
                headers["cache-control"] = held.replace("public", "private")
            elif "no-store" not in held:
                headers["cache-control"] = "private, no-cache"
            if headers.get("content-type", "").startswith("text/html"):
                # To our own addresses a page says where it is: a sign-in leads back to it.
                headers.setdefault("referrer-policy", "same-origin")
            if headers.get("access-control-allow-origin") == "*":
                del headers["access-control-allow-origin"]
            headers.add_vary_header("Cookie")
        await send(message)

    return sent
