"""Asking an ASGI app without a server."""

import asyncio
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def ran(task: Awaitable[Any]) -> Any:
    """What a coroutine gives, run in a thread of its own.

    A browser that an earlier test drove from this thread leaves its loop running here.
    """

    async def whole() -> Any:
        return await task

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(whole())).result()
