"""A line of 50 kbit/s with a second of delay, between the browser and the app.

The app speaks over a WebSocket, which not every Chromium throttles: so the line is a
server of ours on 127.0.0.1, which hands bytes on as late and as slowly as such a line does. It can
also be cut.
"""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PIECE = 1024
PATIENCE = 20


@dataclass
class Line:
    """A line that can be slowed, measured and cut; bytes are what goes over it, compressed."""

    address: str
    to: tuple[str, int]
    rate: float | None = None
    """Bytes a second to the reader; None for as fast as it goes."""
    delay: float = 0
    """Seconds on the way there and back, half of it each way."""
    received: int = 0
    up: bool = True
    turns: list[tuple[float, str, int]] = field(default_factory=list)
    """When, which way and how many bytes, as handed on."""
    _loop: asyncio.AbstractEventLoop | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    def slow(self, rate: float, delay: float) -> None:
        self.rate, self.delay = rate, delay

    def taken(self) -> int:
        """Bytes to the reader since the last time this was asked."""
        found, self.received = self.received, 0
        self.turns.clear()
        return found

    def cut(self) -> None:
        """Close whatever is open, and let nothing through until `mend`."""
        self.up = False
        assert self._loop is not None
        done = threading.Event()

        def drop() -> None:
            for writer in list(self._open):
                writer.transport.abort()
            done.set()

        self._loop.call_soon_threadsafe(drop)
        done.wait(PATIENCE)

    def mend(self) -> None:
        self.up = True

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.up:
            writer.transport.abort()
            return
        there_reader, there_writer = await asyncio.open_connection(*self.to)
        self._open |= {writer, there_writer}
        try:
            await asyncio.gather(
                self._carry(reader, there_writer, "up"), self._carry(there_reader, writer, "down")
            )
        except (OSError, RuntimeError, asyncio.CancelledError):
            pass
        finally:
            for at in (writer, there_writer):
                self._open.discard(at)
                at.transport.abort()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str
    ) -> None:
        """Read at once, hand on late: what waits does not hold up what comes behind it."""
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def read() -> None:
            while piece := await reader.read(PIECE):
                waiting.put_nowait((time.monotonic() + self.delay / 2, piece))
            waiting.put_nowait((0, b""))

        reading = asyncio.create_task(read())
        try:
            while True:
                due, piece = await waiting.get()
                if not piece:
                    break
                await asyncio.sleep(max(0, due - time.monotonic()))
                if way == "down":
                    self.received += len(piece)
                    if self.rate:
                        await asyncio.sleep(len(piece) / self.rate)
                self.turns.append((time.monotonic(), way, len(piece)))
                writer.write(piece)
                await writer.drain()
            writer.write_eof()
        finally:
            reading.cancel()


@contextmanager
def line(address: str) -> Iterator[Line]:
    """A line to the app at an address, on a port of its own, while the block runs."""
    to = urlsplit(address)
    assert to.hostname == "127.0.0.1"
    assert to.port is not None
    made = Line("", (to.hostname, to.port))
    ready = threading.Event()
    over: asyncio.Event | None = None

    async def run() -> None:
        nonlocal over
        over = asyncio.Event()
        made._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(made._serve, "127.0.0.1", 0)
        made.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready.set()
        await over.wait()
        server.close()
        for writer in list(made._open):
            writer.transport.abort()
        carrying = asyncio.all_tasks() - {asyncio.current_task()}
        for task in carrying:
            task.cancel()
        await asyncio.gather(*carrying, return_exceptions=True)

    thread = threading.Thread(target=asyncio.run, args=(run(),), daemon=True)
    thread.start()
    assert ready.wait(PATIENCE)
    try:
        yield made
    finally:
        assert made._loop is not None
        assert over is not None
        made._loop.call_soon_threadsafe(over.set)
        thread.join(PATIENCE)
