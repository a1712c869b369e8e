"""A server of bytes on 127.0.0.1: it answers what no web server would, and drips where it is told.

One thread, one connection after the other: a client under test asks one thing at a time, and
twenty thousand answers must fit into a minute.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

Step = bytes | float
"""Bytes to send, or seconds to wait."""


class RawServer:
    """`with RawServer(answer) as server:` … `server.url`.

    Args:
        answer: Given the request's bytes; what to send, step by step, before the line is closed.
        wrap: Puts something around the line, such as TLS.
    """

    def __init__(
        self,
        answer: Callable[[bytes], Iterable[Step]],
        wrap: Callable[[socket.socket], socket.socket] = lambda line: line,
    ) -> None:
        self._answer, self._wrap = answer, wrap
        self._over = threading.Event()
        self.asked = 0
        self.sent = 0

    def __enter__(self):
        self._configured = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._configured.settimeout(0.2)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(5)
        self._configured.close()

    @property
    def port(self) -> int:
        return self._configured.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                line, _ = self._configured.accept()
            except TimeoutError:
                continue
            self.asked += 1
            line.settimeout(1)
            with suppress(OSError), line, self._wrap(line) as wrapped:
                self._serve_one(wrapped)

    def _serve_one(self, line: socket.socket) -> None:
        asked = b""
        while b"\r\n\r\n" not in asked:
            more = line.recv(65536)
            if not more:
                return
            asked += more
        for step in self._answer(asked):
            if self._over.is_set():
                return
            if isinstance(step, bytes):
                line.sendall(step)
                self.sent += len(step)
            else:
                time.sleep(step)
        with suppress(OSError):
            line.shutdown(socket.SHUT_WR)
            # What the client still sends is read, so that closing does not reset the line.
            line.settimeout(0.05)
            line.recv(65536)
