"""The figures for assistants, by the Model Context Protocol."""

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from commands import shared

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LACKING: Final = (
    "Assistants need the extra `assistant`, which is not installed here: "
    f"{sys.executable} -m pip install 'mcp>=2.3,<3'."
)
LOCAL: Final = ("127.0.0.1", "localhost", "::1")


@click.command(
    epilog="Example: nuzuh mcp        (an assistant starts it and speaks over its pipes)"
)
@click.option("--http", is_flag=True, help="Serve over HTTP at /mcp instead of stdin and stdout.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen (--http).")
@click.option("--port", default=8502, show_default=True, type=click.IntRange(0, 65535))
@click.pass_obj
def mcp(given: dict[str, str], http: bool, host: str, port: int) -> None:
    """Let an assistant ask for places, figures, comparisons, the situation, and check a text.

    Every answer has ids, dates, publishers, caveats and citations. Where people sign in, HTTP
    needs a read-only token (Authorization: Bearer …); the pipes are this account's own.
    """
    try:
        from commands import assistant
    except ModuleNotFoundError as lacking:
        if (lacking.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise click.ClickException(LACKING) from None
    if not http:
        assistant.server(given).run("stdio")
        return
    if host not in LOCAL and not shared.settings(given).sign_in:
        click.echo("Nobody signs in here: whoever reaches this address may ask.", err=True)
    import uvicorn

    uvicorn.run(served(given, host), host=host, port=port, log_level="warning")


def served(given: dict[str, str], host: str) -> "ASGIApp":
    """The server as an ASGI app: bounded for each client, and behind the tokens of the store."""
    from urllib.parse import urlsplit

    from mcp.server.transport_security import TransportSecuritySettings

    from api.limits import Limits
    from commands import assistant

    settings, limits = shared.settings(given), Limits()
    public = urlsplit(settings.address).netloc if settings.address else ""
    hosts = [f"{name}:*" for name in (*LOCAL, host)] + ([public, f"{public}:*"] if public else [])
    app = assistant.server(given, limits).streamable_http_app(
        stateless_http=True,
        json_response=True,
        # A page of another site must not speak to it from a reader's browser.
        transport_security=TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=[]),
    )
    return _Guarded(app, given if settings.sign_in else None, limits)


class _Guarded:
    """Asks for a token where people sign in, and lets no client ask without end."""

    def __init__(self, app: "ASGIApp", given: dict[str, str] | None, limits: Any) -> None:
        from data.handover.tokens import Tokens

        self._app, self._limits = app, limits
        self._tokens = None if given is None else Tokens(shared.store(given).tokens)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer, or refuse in one sentence."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        from starlette.concurrency import run_in_threadpool
        from starlette.datastructures import Headers
        from starlette.responses import PlainTextResponse

        from api.problems import Problem

        try:
            self._limits.ask((scope.get("client") or ("",))[0])
        except Problem as problem:
            await problem.response()(scope, receive, send)
            return
        if self._tokens is not None:
            asked = Headers(scope=scope).get("authorization")
            if await run_in_threadpool(self._tokens.opened_by, asked) is None:
                headers = {"WWW-Authenticate": 'Bearer realm="nuzuh"', "Cache-Control": "no-store"}
                refused = "Send a read-only token: Authorization: Bearer TOKEN.\n"
                await PlainTextResponse(refused, 401, headers)(scope, receive, send)
                return
        await self._app(scope, receive, send)
