"""The one way out to the network: a named agent, deadlines, bounded retries, bounded size.

What was fetched before is asked for only if it changed, of servers that mark their answers.

A page of HTML is never data: UNHCR, HDX and ReliefWeb all answer a bot wall or a wrong path with
one, some with status 200. No message holds a query or a key, and errors of `requests`, which quote
the whole address, are not chained.
"""

import copy
import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final, Literal
from urllib.parse import quote, quote_plus, urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_fixed
from urllib3.util.retry import Retry

from data.store import Document
from pipelines.errors import SourceChanged, SourceRefused, SourceUnavailable

Expected = Literal["json", "csv", "binary"]
Recall = Callable[[str, Mapping[str, str]], Document | None]
"""What an address with a query was answered the last time; None where that is not known."""
TIMEOUT: Final = (10.0, 60.0)
"""Seconds to connect, and seconds between bytes."""
DEADLINE: Final = 300.0
"""Seconds for one document in all."""
MAX_BYTES: Final = 200 * 1024 * 1024
CHUNK: Final = 64 * 1024
LONGEST_WAIT: Final = 60
"""Seconds that a publisher's Retry-After may make us wait."""
MOST_REDIRECTS: Final = 5
PASSING: Final = (408, 425, 429)
"""Statuses below 500 that say nothing against asking again."""
SHORTEST_SECRET: Final = 4
"""Letters below which a key could be any word, and is not looked for in an answer."""
KEPT_HEADERS: Final = ("content-type", "content-length", "last-modified", "etag", "date")

MARKS: Final = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}
"""Headers that ask for a document only if it is another one, by the mark that it came with."""


class _CutOff(Exception):  # noqa: N818
    """The body ended early or the connection broke; worth asking once more."""


def user_agent(contact: str) -> str:
    """Who asks, and where to complain."""
    try:
        number = version("nuzuh")
    except PackageNotFoundError:
        number = "0"
    return f"nuzuh/{number}" + (f" (+{contact})" if contact else "")


class Client:
    """A `requests` session that cannot be used without a deadline."""

    def __init__(
        self,
        agent: str,
        *,
        retries: int = 3,
        backoff: float = 1.0,
        interval: float = 1.0,
        timeout: tuple[float, float] = TIMEOUT,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        # It tells of every retry with the whole address, keys included; the outcome says enough.
        logging.getLogger("urllib3").setLevel(logging.ERROR)
        self._session = requests.Session()
        self._session.headers["User-Agent"] = agent
        self._timeout, self._max_bytes = timeout, max_bytes
        self._interval, self._last = interval, dict[str, float]()
        self._recall: Recall | None = None
        self._again = Retrying(
            retry=retry_if_exception_type(_CutOff),
            stop=stop_after_attempt(2 if retries else 1),
            wait=wait_fixed(backoff),
            reraise=True,
        )
        retry = Retry(
            total=retries,
            backoff_factor=backoff,
            status_forcelist=(429, 500, 502, 503, 504),
            allowed_methods=frozenset({"GET"}),
            # The last answer comes back as a response, so that its status is told.
            raise_on_status=False,
            respect_retry_after_header=True,
            retry_after_max=LONGEST_WAIT if backoff else 0,
        )
        # `mount("http")` would be ignored: the session's own prefixes are longer.
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))

    def recalling(self, recall: Recall) -> "Client":
        """This client with a memory: the same line and pace, and the answers it may still use."""
        other = copy.copy(self)
        other._recall = recall
        return other

    def get(
        self,
        url: str,
        query: Mapping[str, str] | None = None,
        *,
        name: str,
        expect: Expected = "json",
        secret_query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        allowed_redirect_hosts: tuple[str, ...] = (),
    ) -> Document:
        """GET one document, whole and of the kind expected.

        Where the publisher says that a remembered answer still holds, it is that answer, fetched
        now and with status 304.

        Args:
            url: Address without a key in it.
            query: What is asked; kept with the document.
            name: What the document is called within its fetch.
            expect: What the body must be; a web page never is.
            secret_query: Keys; sent to `url` alone, never kept.
            headers: More headers, such as a key; sent to `url`'s own host alone, never kept.
            allowed_redirect_hosts: Endings of other hosts' names that it may redirect to.

        Raises:
            SourceUnavailable: Unreachable, late, refused, too large, cut off, or a page of HTML.
        """
        host = urlsplit(url).netloc
        self._wait_for(host)
        asked = {**(query or {}), **(secret_query or {})}
        before = self._recall(url, query or {}) if self._recall else None
        try:
            status, told, body = self._again(
                self._get_once,
                url,
                asked,
                dict(headers or {}),
                _unless_held(before),
                allowed_redirect_hosts,
            )
        except _CutOff as error:
            raise SourceUnavailable(
                f"{_said(url)} {error}; it will be asked again later."
            ) from None
        if status == requests.codes.not_modified and before is not None:
            return replace(before, name=name, fetched_at=datetime.now(UTC), status=status)
        if status != requests.codes.ok:
            told_off = status < 500 and status not in PASSING
            kind = SourceRefused if told_off else SourceUnavailable
            raise kind(f"{_said(url)} answered {status}{_hint(status)}.")
        _must_be(expect, body, told, url)
        body = _without(body, [*(secret_query or {}).values(), *(headers or {}).values()])
        return Document(
            name=name,
            url=url,
            body=body,
            fetched_at=datetime.now(UTC),
            query=dict(query or {}),
            status=status,
            headers={k: told[k] for k in KEPT_HEADERS if k in told},
        )

    def _get_once(
        self,
        url: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        conditions: Mapping[str, str],
        allowed_redirect_hosts: tuple[str, ...],
    ) -> tuple[int, Mapping[str, str], bytes]:
        until = time.monotonic() + DEADLINE
        at, asked, sent = url, dict(query), {**headers, **conditions}
        try:
            for _ in range(MOST_REDIRECTS + 1):
                with self._session.get(
                    at,
                    params=asked,
                    headers=sent,
                    timeout=self._timeout,
                    stream=True,
                    allow_redirects=False,
                ) as answer:
                    if not answer.is_redirect:
                        return answer.status_code, answer.headers, self._body(answer, url, until)
                    at, asked = urljoin(at, answer.headers["location"]), {}
                if _origin(at) != _origin(url):
                    # Asked before a byte is sent there, and never with what is meant for `url`.
                    _must_be_allowed(at, url, allowed_redirect_hosts)
                    sent = dict(conditions)
            raise SourceUnavailable(f"{_said(url)} redirects in a circle; look in a browser.")
        except requests.exceptions.ChunkedEncodingError:
            raise _CutOff("cut its answer off half-way") from None
        except requests.RequestException as error:
            if _was_late(error):
                raise SourceUnavailable(
                    f"{_said(url)} did not answer in time; it will be asked again later."
                ) from None
            if isinstance(error, requests.ConnectionError):
                raise _CutOff("could not be reached") from None
            raise SourceUnavailable(f"{_said(url)} failed ({type(error).__name__}).") from None

    def _body(self, answer: requests.Response, url: str, until: float) -> bytes:
        """The whole body, unpacked; size and time are bounded while it comes."""
        body = bytearray()
        for chunk in answer.iter_content(CHUNK):
            body += chunk
            if len(body) > self._max_bytes:
                raise SourceRefused(
                    f"{_said(url)} sent more than {self._max_bytes:,} bytes; refused."
                )
            if time.monotonic() > until:
                raise SourceUnavailable(f"{_said(url)} took longer than {DEADLINE:.0f} s.")
        return bytes(body)

    def _wait_for(self, host: str) -> None:
        since = time.monotonic() - self._last.get(host, -self._interval)
        if since < self._interval:
            time.sleep(self._interval - since)
        self._last[host] = time.monotonic()


def _without(body: bytes, secrets: Iterable[str]) -> bytes:
    """The body as sent, with stars where a publisher repeats a key, as ReliefWeb's links do."""
    for secret in secrets:
        for written in (secret, quote(secret, safe=""), quote_plus(secret)):
            if len(written) >= SHORTEST_SECRET:
                body = body.replace(written.encode(), b"*" * len(written.encode()))
    return body


def _unless_held(before: Document | None) -> dict[str, str]:
    """Headers that ask for the document only if it is another one than before."""
    if before is None:
        return {}
    return {ask: before.headers[mark] for ask, mark in MARKS.items() if mark in before.headers}


def _said(url: str) -> str:
    """Host and path: never the query."""
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"


def _was_late(error: requests.RequestException) -> bool:
    """Whether time ran out; after its last retry `requests` calls that a ConnectionError too."""
    inner = error.args[0] if error.args else None
    reason = getattr(inner, "reason", inner)
    return isinstance(error, requests.Timeout) or isinstance(
        reason, urllib3.exceptions.ReadTimeoutError
    )


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _must_be_allowed(at: str, url: str, allowed_redirect_hosts: tuple[str, ...]) -> None:
    there, here = urlsplit(at), urlsplit(url)
    same_host = there.netloc == here.netloc or (there.hostname or "").endswith(
        allowed_redirect_hosts or "\0"
    )
    if not same_host or (here.scheme == "https" and there.scheme != "https"):
        raise SourceRefused(
            f"{_said(url)} sends to another host ({there.hostname}); "
            "open it in a browser to see why."
        )


def _hint(status: int) -> str:
    hints = {
        401: ": a key is needed",
        403: ": refused, perhaps by a bot wall; set NUZUH_CONTACT or import the file by hand",
        404: ": the address is gone; check NUZUH_URL_…",
        429: ": too many requests; it will be asked again later",
    }
    return hints.get(status, "")


def _must_be(expect: Expected, body: bytes, headers: Mapping[str, str], url: str) -> None:
    html = "text/html" in headers.get("content-type", "").lower()
    if html or body.lstrip()[:1] == b"<":
        raise SourceUnavailable(
            f"{_said(url)} sent a web page instead of data (a bot wall or maintenance); "
            "it will be asked again later, or import the file by hand."
        )
    if expect == "json":
        try:
            json.loads(body)
        except ValueError:
            raise SourceUnavailable(
                f"{_said(url)} sent something that is not JSON; it will be asked again later."
            ) from None


def decoded(document: Document) -> Any:
    """The JSON that a document holds.

    Raises:
        SourceChanged: It holds none: a file brought by hand has passed no other door.
    """
    try:
        return json.loads(document.body)
    except (ValueError, RecursionError):
        raise SourceChanged(
            f"{document.name} is not JSON; get the file again from its publisher."
        ) from None
