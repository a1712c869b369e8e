"""Making a read-only token and recognising one: the token itself is stored nowhere."""

import base64
import hmac
import re
import secrets
import time
from binascii import Error
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import Final

from data.store import StoreProblem
from data.store.tokens import Token

SHAPE: Final = re.compile(r"nuzuh_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")
LONGEST: Final = 200
"""Characters of a header that is looked at."""
READ_AGAIN_AFTER: Final = 1.0
"""Seconds for which the list is not read again: a revoked token opens no longer than that."""


@dataclass(frozen=True)
class Made:
    """A new token, once: what is handed over is its id and its digest."""

    id: str
    secret: str

    @property
    def sha256(self) -> str:
        """What is stored of it."""
        return digest(self.secret)


def make() -> Made:
    """A token that nobody has."""
    id_ = secrets.token_hex(6)
    return Made(id_, f"nuzuh_{id_}_{secrets.token_urlsafe(32)}")


def digest(token: str) -> str:
    """What is stored of a token: 256 random bits need no slow hash."""
    return sha256(token.encode()).hexdigest()


def presented(authorization: str | None) -> str | None:
    """The token of an Authorization header; None where it holds none.

    `Bearer TOKEN`, or `Basic` with the token as password and any name, which is what spreadsheets
    and GIS ask a person for.
    """
    if authorization is None or len(authorization) > LONGEST:
        return None
    scheme, _, rest = authorization.strip().partition(" ")
    if scheme.casefold() == "basic":
        try:
            rest = base64.b64decode(rest, validate=True).decode("ascii").partition(":")[2]
        except (Error, UnicodeDecodeError):
            return None
    elif scheme.casefold() != "bearer":
        return None
    token = rest.strip()
    return token if SHAPE.fullmatch(token) else None


class Tokens:
    """The tokens of a store, read again each second."""

    def __init__(self, listed: Callable[[], list[Token]]) -> None:
        self._listed = listed
        self._lock = Lock()
        self._read_at = float("-inf")
        self._by_id: dict[str, Token] = {}

    def opened_by(self, authorization: str | None, now: float | None = None) -> Token | None:
        """The token that a request presents, where it opens; None for any other and for none."""
        token = presented(authorization)
        match = SHAPE.fullmatch(token) if token else None
        if token is None or match is None:
            return None
        found = self._all(time.monotonic() if now is None else now).get(match[1])
        if found is None or not found.opens:
            return None
        return found if hmac.compare_digest(found.sha256, digest(token)) else None

    def _all(self, now: float) -> dict[str, Token]:
        with self._lock:
            if now - self._read_at >= READ_AGAIN_AFTER:
                try:
                    self._by_id = {token.id: token for token in self._listed()}
                except StoreProblem:
                    self._by_id = {}  # what cannot be read opens nothing
                self._read_at = now
            return self._by_id
