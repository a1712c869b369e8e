"""Finished answers, kept for who asks the same of the same release: it costs no second turn."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

LARGEST: Final = 1_000_000
"""Bytes of an answer that is kept."""
ALL: Final = 32_000_000
"""Bytes of all that are kept; the one that was longest not asked for goes first."""

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    body: bytes
    headers: dict[str, str]
    media_type: str | None

    def response(self) -> Response:
        """The same again."""
        return Response(self.body, headers=dict(self.headers), media_type=self.media_type)


class AnswerCache:
    """The answers that one process keeps."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[Key, _Answer] = OrderedDict()
        self._bytes = 0

    def get(self, key: Key) -> Response | None:
        """The answer, where it is there."""
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
        return None if found is None else found.response()

    def put(self, key: Key, answer: Response, headers: dict[str, str]) -> None:
        """Keep an answer that is whole, reports no problem, and is not too large.

        Args:
            key: What was asked, of which release.
            answer: What was answered.
            headers: Its headers, but for length and type.
        """
        body = getattr(answer, "body", None)
        if type(answer) is not Response or answer.status_code != 200 or len(body or b"") > LARGEST:
            return
        made = _Answer(bytes(body or b""), headers, answer.media_type)
        with self._lock:
            before = self._answers.pop(key, None)
            self._answers[key] = made
            self._bytes += len(made.body) - (len(before.body) if before else 0)
            while self._bytes > ALL:
                _, oldest = self._answers.popitem(last=False)
                self._bytes -= len(oldest.body)
