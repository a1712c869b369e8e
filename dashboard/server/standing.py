"""In which groups somebody is now: the provider is asked again while their sign-in lasts.

A sign-in's cookie says in which groups somebody was when it began. Who loses one meanwhile loses
what it let them do only if somebody asks: every two minutes of use the provider's UserInfo (OpenID
Connect Core 5.3) is asked with the reader's own access token, which Streamlit keeps in a cookie
that no script can read. Whether an answer can be had depends on the provider: some name no groups
there, some let an access token end after five minutes. Then nobody knows, and nobody decides on
what nobody knows: see `LASTS`.
"""

import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final
from urllib.parse import urlsplit

from data import settings

LASTS: Final = 300.0
"""Seconds after which what was known of somebody's groups is not enough to decide in their name."""
PATIENCE: Final = 5.0
"""Seconds for the line, and for each part of an answer."""
AWAY: Final = 30.0
"""Seconds for which a provider that did not answer is not asked again for anybody."""
METADATA: Final = 3600.0
"""Seconds for which the provider's own addresses are remembered."""
LONGEST: Final = 1_000_000
"""Bytes of an answer."""
_MOST: Final = 20_000
"""People who are remembered at once."""

asking: Final = ThreadPoolExecutor(8, thread_name_prefix="standing")
"""Where the provider is waited for, so that no page waits for another reader's answer."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one sign-in.

    Attributes:
        claims: The provider's last answer; None where there was none.
        answered_at: When it answered, in seconds since 1970; 0 where it never did.
        asked_at: When it was asked last, whatever came of it.
    """

    claims: Mapping[str, Any] | None = None
    answered_at: float = 0.0
    asked_at: float = 0.0


class Provider:
    """One provider and its answers about readers; kept for the life of a process."""

    def __init__(self, metadata: str, claim: str) -> None:
        self._metadata, self._claim = metadata, claim
        self._known: dict[str, Standing] = {}
        self._lock = Lock()
        self._away_until = 0.0
        self._userinfo: str | None = None
        self._read_at = 0.0
        self._names_groups = False

    def of(self, mark: str) -> Standing:
        """What is known of a sign-in, by the digest of its cookie."""
        return self._known.get(mark, Standing())

    def ask(self, mark: str, subject: str, token: str | None, each: float) -> None:
        """Ask about somebody, unless that was done in the last `each` seconds.

        Args:
            mark: The digest of their cookie.
            subject: The provider's own name for them; an answer about anybody else is none.
            token: Their access token.
            each: Seconds.
        """
        now = time.time()
        with self._lock:
            before = self.of(mark)
            if not token or now - before.asked_at < each or now < self._away_until:
                return
            if len(self._known) > _MOST:
                self._known.clear()
            # Noted before the answer: of many requests at once one asks.
            self._known[mark] = Standing(before.claims, before.answered_at, now)
        try:
            claims = self._claims_of(token)
        except (OSError, ValueError, RecursionError):
            self._away_until = time.time() + AWAY
            return
        if claims is None or claims.get("sub") != subject:
            return
        if self._lists_groups(claims):
            self._names_groups = True
        elif not self._names_groups:
            return  # it names no groups here, whoever it is asked about
        with self._lock:
            self._known[mark] = Standing(claims, now, now)

    def _lists_groups(self, claims: Mapping[str, Any]) -> bool:
        return self._claim in claims or self._claim.partition(".")[0] in claims

    def _claims_of(self, token: str) -> dict[str, Any] | None:
        """What the provider says of whom a token belongs to; None where it says nothing.

        Raises:
            OSError: It cannot be reached.
            ValueError: It answers with what is no answer.
        """
        address = self._address()
        if address is None:
            return None
        return _asked(address, {"Authorization": f"Bearer {token}", "Accept": "application/json"})

    def _address(self) -> str | None:
        if time.time() - self._read_at > METADATA:
            metadata = _asked(self._metadata, {"Accept": "application/json"})
            found = (metadata or {}).get("userinfo_endpoint")
            self._userinfo = found if isinstance(found, str) and _safe(found) else None
            self._read_at = time.time()
        return self._userinfo


def _safe(address: str) -> bool:
    """Whether a token may be sent there."""
    with suppress(ValueError):
        parts = urlsplit(address)
        return parts.scheme == "https" or (
            parts.scheme == "http" and parts.hostname in settings.LOOPBACK
        )
    return False


def _asked(address: str, headers: Mapping[str, str]) -> dict[str, Any] | None:
    """A JSON object from an address; None where it is refused or answers anything else.

    A redirect is not followed: a token goes to the provider's own address and nowhere else.
    """
    import httpx2 as httpx  # what Authlib speaks to the provider with

    patience = httpx.Timeout(PATIENCE)
    try:
        with httpx.stream("GET", address, headers=headers, timeout=patience) as answer:
            if answer.status_code >= 500:
                raise ConnectionError
            if answer.status_code != 200:
                return None
            body, until = b"", time.monotonic() + 2 * PATIENCE
            for part in answer.iter_bytes(65_536):
                body += part
                if time.monotonic() > until:
                    raise ConnectionError
                if len(body) > LONGEST:
                    return None
    except (httpx.HTTPError, httpx.InvalidURL):
        raise ConnectionError from None
    found = json.loads(body)
    return found if isinstance(found, dict) else None
