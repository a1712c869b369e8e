"""A relay before a server on 127.0.0.1 that counts what passes, as it passes: compressed or not.

Chromium tells WebSocket frames unpacked only; a line carries them packed, where they are.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 65_536


@dataclass
class Relay:
    """Listens on a port of its own and passes everything on, both ways.

    Attributes:
        port: Of the server.
        host: Host and port of the relay.
        moved: Bytes so far, both ways.
    """

    port: int
    host: str = ""
    moved: int = 0
    _open: set["asyncio.Task[None] | None"] = field(default_factory=set)
    _ready: threading.Event = field(default_factory=threading.Event)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _loop: asyncio.AbstractEventLoop | None = None

    def run(self) -> None:
        """Pass on until stopped; the body of a thread."""
        asyncio.run(self._serve())

    def stop(self) -> None:
        """Close every line."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)

    def wait(self) -> None:
        """Until it listens."""
        self._ready.wait(10)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._line, "127.0.0.1", 0)
        self.host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in asyncio.all_tasks():
            if task is not asyncio.current_task():
                task.cancel()

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Nobody else holds on to the task of a line, and it may be waiting for long.
        task = asyncio.current_task()
        self._open.add(task)
        with suppress(OSError, asyncio.CancelledError):
            there, back = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
            finally:
                back.close()
        writer.close()
        self._open.discard(task)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while body := await reader.read(CHUNK):
            self.moved += len(body)
            writer.write(body)
            await writer.drain()
        # One side has sent everything; the other may still answer.
        writer.write_eof()


@contextmanager
def counted(host: str) -> Iterator[Relay]:
    """A relay before the server of that host and port, while the block runs."""
    relay = Relay(int(host.rpartition(":")[2]))
    thread = threading.Thread(target=relay.run, daemon=True)
    thread.start()
    relay.wait()
    try:
        yield relay
    finally:
        relay.stop()
        thread.join(10)
