"""Connections that keep to an allowance of time and bytes, whatever trickles through them.

A socket's own timeout begins anew with every byte. A server that sends one letter of a header a
minute, `100 Continue` without end or a chunk that never says its size would hold a run for days.
Here each read of the socket asks first how much is left of the whole request.
"""

import http.client
import io
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection


@dataclass
class Allowance:
    """What is left of one request, its redirects and repetitions included.

    Attributes:
        until: When it ends, on the monotonic clock.
        most: Bytes that may come over the line, headers and packing included.
        spent: Bytes that came.
    """

    until: float
    most: int
    spent: int = 0

    @property
    def left(self) -> float:
        """Seconds left; below zero once it is over."""
        return self.until - time.monotonic()

    @property
    def late(self) -> bool:
        """Whether its time is over."""
        return self.left <= 0

    @property
    def too_much(self) -> bool:
        """Whether more came than may."""
        return self.spent > self.most


_CURRENT: ContextVar[Allowance | None] = ContextVar("allowance", default=None)


@contextmanager
def limited_by(allowance: Allowance) -> Iterator[Allowance]:
    """Within, whatever is read by a `Session` of this module counts against the allowance."""
    token = _CURRENT.set(allowance)
    try:
        yield allowance
    finally:
        _CURRENT.reset(token)


class _Reader(io.RawIOBase):
    """The bytes of a socket, as long as the allowance lasts."""

    def __init__(self, raw: io.RawIOBase, line: socket.socket) -> None:
        self._raw, self._line, self._patience = raw, line, line.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        allowance = _CURRENT.get()
        if allowance is None:
            return self._raw.readinto(buffer)
        if allowance.late:
            raise TimeoutError("the time for this request is over")
        if allowance.too_much:
            raise OSError("more bytes than this request may bring")
        self._line.settimeout(min(allowance.left, self._patience or allowance.left))
        count = self._raw.readinto(buffer)
        allowance.spent += count or 0
        return count

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    """An answer that is read through `_Reader`, from its first line on."""

    def __init__(self, sock: socket.socket, *given: Any, **named: Any) -> None:
        super().__init__(sock, *given, **named)
        self.fp: io.BufferedReader = io.BufferedReader(_Reader(self.fp.detach(), sock))


class _Connection(HTTPConnection):
    response_class = _Answer


class _SecureConnection(HTTPSConnection):
    response_class = _Answer


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    """What `requests` sends with; it repeats nothing by itself."""

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        super().init_poolmanager(*given, **named)
        _bind(self.poolmanager)

    def proxy_manager_for(self, *given: Any, **named: Any) -> Any:
        manager = super().proxy_manager_for(*given, **named)
        _bind(manager)
        return manager


def _bind(manager: urllib3.PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class Session(requests.Session):
    """A session without memory: no cookies between requests, and no redirect followed by itself.

    `requests` looks into a redirect even where it is told not to follow it: it reads the whole
    body into memory, and an address that is none ends in errors that are not its own.
    """

    def __init__(self) -> None:
        super().__init__()
        # `mount("http")` would be ignored: the session's own prefixes are longer.
        for scheme in ("https://", "http://"):
            self.mount(scheme, _Adapter())

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """No redirect is `requests`'s to follow."""
        self.cookies.clear()
        return None
