"""How much is answered at once, so that readers of the pages never wait for a machine's questions.

Each client has a bucket of questions that fills again with time; of all clients together a few are
answered at once and some wait their turn. Requests beyond that get the time when to try again.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from api.problems import Problem

BURST: Final = 150.0
"""Questions that a client who was quiet may ask at once: QGIS asks two new ones for each layer of a
file, and there may be one for each of 16 groups at four levels."""
EACH_SECOND: Final = 5.0
"""Questions that come back to a client's bucket each second."""
KNOWN: Final = 0.1
"""What a question takes out of the bucket whose answer is there: it costs no turn, only a look."""
AT_ONCE: Final = 2
"""Answers made at the same time: as many as the smallest server has processors."""
WAITING: Final = 12
"""Questions that wait at once: each keeps a thread of the server's forty from the pages."""
PATIENCE: Final = 20.0
"""Seconds that a question waits for its turn."""
CLIENTS: Final = 10_000
"""Buckets remembered; the one that was longest quiet is forgotten first."""


class Limits:
    """The buckets and the turns of one process.

    A turn is one piece of an answer, so that a reader on a slow line keeps nobody waiting.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._waiting = 0
        self._mine = threading.local()

    def ask(self, client: str, cost: float = 1.0, now: float | None = None) -> None:
        """Take a question out of a client's bucket.

        Args:
            client: Its address.
            cost: Of a question; 1 of one that is answered anew.
            now: Seconds of a clock that only goes forward; this machine's if None.

        Raises:
            Problem: 429, with the seconds until there is enough again.
        """
        moment = time.monotonic() if now is None else now
        with self._lock:
            level, at = self._buckets.pop(client, (BURST, moment))
            level = min(BURST, level + (moment - at) * EACH_SECOND)
            enough = level >= cost
            self._buckets[client] = (level - cost if enough else level, moment)
            while len(self._buckets) > CLIENTS:
                self._buckets.popitem(last=False)
        if not enough:
            wait = int((cost - level) / EACH_SECOND) + 1
            raise Problem(
                429, f"Ask more slowly: at most {EACH_SECOND:g} a second.", retry_after=wait
            )

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Make one answer, in turn; inside a turn of the same thread it is that one.

        Raises:
            Problem: 503, where too many wait or it took too long.
        """
        if getattr(self._mine, "held", False):
            yield
            return
        with self._lock:
            full = self._waiting >= WAITING
            self._waiting += not full
        if full:
            raise Problem(503, "Too many questions wait already; come again.", retry_after=5)
        try:
            mine = self._turns.acquire(timeout=PATIENCE)
        finally:
            with self._lock:
                self._waiting -= 1
        if not mine:
            raise Problem(503, "Others are still being answered; come again.", retry_after=10)
        with self._held():
            yield

    @contextmanager
    def further(self) -> Iterator[None]:
        """Go on with an answer that has begun: it waits for its turn and is never refused."""
        self._turns.acquire()
        with self._held():
            yield

    @contextmanager
    def _held(self) -> Iterator[None]:
        self._mine.held = True
        try:
            yield
        finally:
            self._mine.held = False
            self._turns.release()
