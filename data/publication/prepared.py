"""What is made of a store's newest state, made anew before a reader asks for it.

An edition, a feed or a brief takes seconds to make of a release. Whoever asked first after it
would wait; so a thread looks for a new release while readers come, and they are given what was made
of the one before until the next is ready, for half a minute at most (docs/adr/0019).
"""

import atexit
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
C = TypeVar("C")
T = TypeVar("T")

LOOK: Final = 10.0
"""Seconds between two looks at the store."""
PATIENCE: Final = 30.0
"""How long after a change was seen readers may be given what was made before it."""
UNREAD: Final = 6 * 3600.0
"""Seconds without a reader after which nobody looks any more, and what was made is let go."""
MOST: Final = 320
"""Answers that are kept of one content; what nobody asked for the longest goes first."""
PREPARATION: Final = 15.0
"""Seconds for which the next content is asked what readers asked, before they see it."""


@dataclass(slots=True)
class _Answer:
    value: Any
    times: int = 0


class Answers(Generic[C]):
    """Pages, pictures and files of one content, each made once, one at a time.

    Args:
        content: What they are made of.
        most: How many are kept.
    """

    def __init__(self, content: C, most: int = MOST) -> None:
        self.content = content
        self._most = most
        self._answers: OrderedDict[tuple[Any, ...], _Answer] = OrderedDict()
        self._making, self._lock = threading.RLock(), threading.Lock()

    def of(self, make: Callable[..., T], *question: Hashable) -> T:
        """What `make` gives of these answers and a question.

        Raises:
            Exception: What `make` raises; it is asked again the next time.
        """
        answer = self._answer((make, *question))
        with self._lock:
            answer.times += 1
        found: T = answer.value
        return found

    def prepare(self, before: "Answers[C]", goes_on: Callable[[], bool] = lambda: True) -> None:
        """Make what readers asked of the content before, what most asked for first.

        Args:
            before: The answers to them.
            goes_on: Whether it is still wanted.
        """
        until = time.monotonic() + PREPARATION
        for question in before.asked():
            if time.monotonic() > until or not goes_on():
                return
            try:
                self._answer(question)
            except Exception:  # noqa: BLE001, S112 - the reader who asks is told what is wrong
                continue

    def asked(self) -> list[tuple[Any, ...]]:
        """What readers asked, what most asked for first."""
        with self._lock:
            asked = [(one.times, question) for question, one in self._answers.items() if one.times]
        return [question for _, question in sorted(asked, key=lambda one: -one[0])]

    def _answer(self, question: tuple[Any, ...]) -> _Answer:
        found = self._known(question)
        if found is None:
            with self._making:
                found = self._known(question)
                if found is None:
                    make, *rest = question
                    found = _Answer(make(self, *rest))
                    with self._lock:
                        self._answers[question] = found
                        while len(self._answers) > self._most:
                            self._answers.popitem(last=False)
        return found

    def _known(self, question: tuple[Any, ...]) -> _Answer | None:
        with self._lock:
            if question in self._answers:
                self._answers.move_to_end(question)
            return self._answers.get(question)


class Prepared(Generic[K, C]):
    """The answers of the newest content.

    Args:
        of: Of which store and with which settings; what was made of another is given to nobody.
        state: What the content depends on now: cheap, since each reader asks.
        make: The content in that state.
        most: How many answers are kept.
    """

    def __init__(
        self,
        of: Callable[[K], Hashable],
        state: Callable[[], K],
        make: Callable[[K], C],
        *,
        most: int = MOST,
    ) -> None:
        self._of, self._state, self._make, self._most = of, state, make, most
        self._making, self._lock = threading.Lock(), threading.Lock()
        self._held: tuple[K, Answers[C]] | None = None
        self._changed_at: float | None = None
        self._read_at = 0.0
        self._changed = threading.Event()
        self._thread: threading.Thread | None = None
        self._over = False
        # A thread that Python ends within a library would take the process along.
        atexit.register(self._end)

    def newest(self) -> Answers[C]:
        """What the newest content answers, or for a short while the one before.

        Raises:
            Exception: What `state` and `make` raise.
        """
        key = self._state()
        with self._lock:
            self._read_at = time.monotonic()
            held = self._held
            if held is not None and (held[0] == key or self._may_wait(held[0], key)):
                return held[1]
        return self._made(key)

    def forget(self) -> None:
        """Let go what was made: the next reader waits for the newest, as after a start."""
        with self._lock:
            self._held = self._changed_at = None
            self._changed.set()

    def _may_wait(self, before: K, key: K) -> bool:
        """Whether what was made before still does; the thread is told to make the next."""
        if self._of(before) != self._of(key):
            return False
        now = time.monotonic()
        if self._changed_at is None:
            self._changed_at = now
            self._changed.set()
        return now - self._changed_at < PATIENCE

    def _made(self, key: K) -> Answers[C]:
        with self._making:
            with self._lock:
                held = self._held
            if held is None or held[0] != key:
                answers = Answers(self._make(key), self._most)
                if held is not None and self._of(held[0]) == self._of(key):
                    answers.prepare(held[1], lambda: self._held is not None)
                held = (key, answers)
                with self._lock:
                    self._held, self._changed_at = held, None
                    if self._thread is None or not self._thread.is_alive():
                        self._thread = threading.Thread(
                            target=self._watch, name="prepared", daemon=True
                        )
                        self._thread.start()
            return held[1]

    def _end(self) -> None:
        self._over, thread = True, self._thread
        self.forget()
        if thread is not None:
            thread.join(PREPARATION)

    def _watch(self) -> None:
        while True:
            self._changed.wait(LOOK)
            self._changed.clear()
            with self._lock:
                if self._over or time.monotonic() - self._read_at > UNREAD:
                    self._held = None
                if self._held is None:
                    self._thread = None
                    return
            self._look()

    def _look(self) -> None:
        try:
            key: Any = self._state()
            with self._lock:
                held = self._held
                if held is None or held[0] == key or self._of(held[0]) != self._of(key):
                    return
                self._changed_at = self._changed_at or time.monotonic()
            self._made(key)
        except Exception:  # noqa: BLE001 - the reader who asks next is told what is wrong
            return
