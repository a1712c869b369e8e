"""What is made of a release once for all its readers: when it is made, and when it is let go.

A release that has just been published takes seconds of work before its pages are quick. Whoever
opened one first would wait for it, and all others with them: so what readers asked of the release
before is asked of the next one while that is not shown yet.
"""

import threading
import time
from collections.abc import Collection, Hashable, Sequence
from datetime import UTC, datetime
from functools import update_wrapper
from typing import Any, Concatenate, Final, Generic, ParamSpec, Protocol, TypeVar

from dashboard.server import garbage_collection
from data.publication.prepared import PATIENCE
from data.store import Release

M = TypeVar("M")
P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R", covariant=True)

SECONDS_AHEAD: Final = PATIENCE
"""How long after its publication a release may wait for its first answers.

Then it is shown, whatever is missing: whoever comes back to a tab after an hour must not be shown
the number of that morning once more.
"""
SECONDS_FOR_ONE: Final = 5.0
"""How long it waits for what one reader alone has asked; what several asked comes first."""
MOST_REMEMBERED: Final = 512
"""Questions of one kind that are remembered of a release; the oldest goes with its answer."""


class Cached(Protocol[P, R]):
    """A function under `st.cache_data` or `st.cache_resource`."""

    def clear(self, *args: Any, **kwargs: Any) -> None:
        """Let go what was answered to these arguments."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Answer, as before where the same was asked before."""


class ReleasePart(Generic[M, P, T]):
    """A cached function of a release that knows what it was asked of which one; a decorator.

    The first argument, of which Streamlit takes no notice, is what the answer is made of; the
    second is the id of the release.
    """

    def __init__(self, cached: Cached[Concatenate[M, str, P], T]) -> None:
        self._cached = cached
        self._asked: dict[str, dict[tuple[Hashable, ...], int]] = {}
        self._lock = threading.Lock()
        update_wrapper(self, cached)

    def __call__(self, made_of: M, release_id: str, /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The answer, made at most once for a release."""
        self._remember(release_id, (args, tuple(sorted(kwargs.items()))))
        return self._cached(made_of, release_id, *args, **kwargs)

    def make(self, made_of: M, release_id: str, question: tuple[Any, ...]) -> None:
        """Make the answer to a question of an earlier release, which nobody has asked yet."""
        args, kwargs = question
        self._remember(release_id, question, times=0)
        self._cached(made_of, release_id, *args, **dict(kwargs))

    def _remember(self, release_id: str, question: tuple[Hashable, ...], times: int = 1) -> None:
        with self._lock:
            asked = self._asked.setdefault(release_id, {})
            asked[question] = asked.pop(question, 0) + times
            oldest = next(iter(asked)) if len(asked) > MOST_REMEMBERED else None
            if oldest is not None:
                del asked[oldest]
        if oldest is not None:
            self._let_go(release_id, oldest)

    def asked(self, release_id: str) -> list[tuple[int, tuple[Any, ...]]]:
        """How often each question was put to a release."""
        with self._lock:
            found = self._asked.get(release_id, {})
            return [(times, question) for question, times in found.items()]

    def keep_only(self, releases: Collection[str]) -> None:
        """Let go what was made of any other release."""
        with self._lock:
            gone = {at: self._asked.pop(at) for at in [*self._asked] if at not in releases}
        for release_id, questions in gone.items():
            for question in questions:
                self._let_go(release_id, question)

    def clear(self) -> None:
        """Let go everything."""
        self.keep_only(())

    def _let_go(self, release_id: str, question: tuple[Any, ...]) -> None:
        args, kwargs = question
        self._cached.clear(None, release_id, *args, **dict(kwargs))


class ShownRelease:
    """The release that readers are shown: the newest, once its first answers are made.

    Args:
        parts: All that is kept of a release.
        ahead: Those of them that are made of the release alone, so that they can be asked of
            the next one before anybody reads it.
    """

    def __init__(
        self,
        parts: Sequence[ReleasePart[Any, ..., Any]],
        ahead: Sequence[ReleasePart[Release, ..., Any]],
    ) -> None:
        self._parts, self._ahead = parts, ahead
        self._lock = threading.Lock()
        self._shown: Release | None = None
        self._next: Release | None = None
        self._waits_until = 0.0

    def of(self, newest: Release) -> Release:
        """What to show, where this is the newest release; the one before it for a short while."""
        with self._lock:
            before = self._shown
            if before is None or before.id == newest.id:
                self._shown, self._next = newest, None
            elif (left := _seconds_left(newest)) > 0 and not self._is_next(newest):
                self._prepare(before, newest, left)
                return before
            elif self._is_next(newest) and time.monotonic() < self._waits_until:
                return before
            else:
                self._shown, self._next = newest, None
        if before is None or before.id != newest.id:
            self._keep_only(newest.id)
        return newest

    def at_once(self) -> None:
        """Show the newest release at the next question, without a wait for its answers."""
        with self._lock:
            self._shown = self._next = None

    def _is_next(self, newest: Release) -> bool:
        return self._next is not None and self._next.id == newest.id

    def _prepare(self, before: Release, newest: Release, seconds: float) -> None:
        self._next, self._waits_until = newest, time.monotonic() + seconds
        threading.Thread(
            target=self._make_and_show, args=(before, newest), name="next release", daemon=True
        ).start()

    def _make_and_show(self, before: Release, newest: Release) -> None:
        alone_until = time.monotonic() + SECONDS_FOR_ONE
        for times, part, question in self._questions(before):
            if times == 1 and time.monotonic() > alone_until:
                break
            if not self._waits(newest):
                return
            try:
                part.make(newest, newest.id, question)
            except Exception:  # noqa: BLE001, S112 - the page that asks it says what is wrong
                continue
        with self._lock:
            if self._next is not newest:
                return
            self._shown, self._next = newest, None
        self._keep_only(newest.id)
        garbage_collection.give_back()

    def _waits(self, newest: Release) -> bool:
        """Whether a release is still waited for; not once it is shown or a newer one came."""
        with self._lock:
            return self._next is newest and time.monotonic() < self._waits_until

    def _questions(
        self, before: Release
    ) -> list[tuple[int, ReleasePart[Release, ..., Any], tuple[Any, ...]]]:
        """What readers asked of a release, what most asked for first; and how often."""
        found = [
            (times, part, question)
            for part in self._ahead
            for times, question in part.asked(before.id)
            if times
        ]
        return sorted(found, key=lambda one: -one[0])

    def _keep_only(self, release_id: str) -> None:
        for part in self._parts:
            part.keep_only((release_id,))


def _seconds_left(newest: Release) -> float:
    """How long a release may wait still; never longer than one published at this moment."""
    age = (datetime.now(UTC) - newest.published_at).total_seconds()
    return SECONDS_AHEAD - max(age, 0.0)
