"""Asking an ASGI app, without a server and behind one."""

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import uvicorn


def ran(task: Awaitable[Any]) -> Any:
    """What a coroutine gives, run in a thread of its own.

    A browser that an earlier test drove from this thread leaves its loop running here.
    """

    async def whole() -> Any:
        return await task

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(whole())).result()


async def _one_request() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


def messages(app: Any, scope: dict[str, Any]) -> list[dict[str, Any]]:
    """What an app sends for one request, its start first."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    ran(app(scope, _one_request, send))
    return sent


def body_of(sent: list[dict[str, Any]]) -> bytes:
    """The body of an answer that came in messages."""
    return b"".join(message.get("body", b"") for message in sent[1:])


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The address on this machine at which an app answers over HTTP."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    listening.close()
