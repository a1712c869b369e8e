"""A mail server and a webhook on 127.0.0.1, as an office's own would behave, well or badly."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

USER, PASSWORD = "idlib", "p4ssw0rd-of-the-office"


class MailServer:
    """Keeps every message it takes.

    Attributes:
        taken: The messages, in order.
        answer: What it says to a message; anything but 250 refuses it.
    """

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answer = "250 OK"
        self.port = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.answer

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.taken]


class _Free(Controller):
    """On a port that is free: the controller's own way asks for port 0 and connects to it."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail(*, login: bool = False) -> Iterator[MailServer]:
    """A mail server; with `login`, for USER and PASSWORD alone."""
    server = MailServer()

    def authenticate(smtp: Any, session: Any, envelope: Any, how: str, data: Any) -> AuthResult:
        given = isinstance(data, LoginPassword) and data == LoginPassword(
            USER.encode(), PASSWORD.encode()
        )
        return AuthResult(success=given, handled=False)

    controller = _Free(
        server,
        hostname="127.0.0.1",
        port=0,
        authenticator=authenticate if login else None,
        auth_required=login,
        auth_require_tls=False,
    )
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop()


class Webhook:
    """Keeps every JSON it is sent.

    Attributes:
        status: What it answers.
        seconds: How long it thinks before.
    """

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.status, self.seconds, self.port = 200, 0.0, 0


@contextmanager
def webhook() -> Iterator[Webhook]:
    """A webhook."""
    hook = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            time.sleep(hook.seconds)
            if hook.status == 200:
                hook.sent.append(json.loads(body))
                hook.headers.append(dict(self.headers))
            try:
                self.send_response(hook.status)
                self.end_headers()
            except OSError:  # whoever asked has gone
                return

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
