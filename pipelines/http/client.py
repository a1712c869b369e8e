"""The one way out to the network: a named agent, deadlines, bounded retries, bounded size.

What was fetched before is asked for only if it changed, of servers that mark their answers.

A page of HTML is never data: UNHCR, HDX and ReliefWeb all answer a bot wall or a wrong path with
one, some with status 200. No message holds a query or a key, and errors of `requests`, which quote
the whole address, are not chained.
"""

import copy
import http.client
import io
import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Final
from urllib.parse import quote, quote_plus, urljoin, urlsplit

import requests
import urllib3

from data.store import Document
from pipelines import json_documents
from pipelines.errors import SourceChanged, SourceRefused, SourceUnavailable
from pipelines.http import transport
from pipelines.http.backoff import pause
from pipelines.http.transport import Allowance
from pipelines.local_files import MAX_BYTES
from pipelines.source import Expected

Recall = Callable[[str, Mapping[str, str]], Document | None]
"""What an address with a query was answered the last time; None where that is not known."""
TIMEOUT: Final = (10.0, 60.0)
"""Seconds to connect, and seconds between bytes."""
DEADLINE: Final = 300.0
"""Seconds for one document in all, repetitions and redirects included."""
"""Bytes of one document, unpacked."""
MOST_IN_ALL: Final = 400 * 1024 * 1024
"""Bytes of all documents of one fetch: they lie in memory together."""
HEAD: Final = 1024 * 1024
"""Bytes that headers, redirects and the frame of a body may take beside it."""
CHUNK: Final = 64 * 1024
MOST_REDIRECTS: Final = 5
AGAIN: Final = (429, 500, 502, 503, 504)
"""Statuses after which the same is asked again at once."""
PASSING: Final = (408, 425, 429)
"""Statuses below 500 that say nothing against asking again."""
SHORTEST_SECRET: Final = 4
"""Characters below which a key could be any word, and is not looked for in an answer."""
KEPT_HEADERS: Final = ("content-type", "content-length", "last-modified", "etag", "date")

MARKS: Final = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}
"""Headers that ask for a document only if it is another one, by the mark that it came with."""
_FAIR_HEADER: Final = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,298}[\x21-\x7e])?")
_BEGINS_WITH_A_TAG: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
_HOSTILE: Final = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
    LookupError,
)
"""What `requests`, urllib3, http.client and the parsers of addresses raise on what no standard
allows; not all of them know of one another."""


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
        deadline: float = DEADLINE,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        # Of headers that it cannot parse it tells with the whole address, keys included.
        logging.getLogger("urllib3").setLevel(logging.ERROR)
        self._session = transport.Session()
        self._session.headers["User-Agent"] = agent
        self._timeout, self._deadline, self._max_bytes = timeout, deadline, max_bytes
        self._retries, self._backoff = retries, backoff
        self._interval, self._last = interval, dict[str, float]()
        self._recall: Recall | None = None
        self._fetch: Allowance | None = None

    def for_one_fetch(self, recall: Recall, seconds: float) -> "Client":
        """This client for the fetch of one source: the same line and pace.

        Args:
            recall: What it was answered before, and may still use.
            seconds: After so long no request of it goes on, and none begins.
        """
        other = copy.copy(self)
        other._recall = recall
        other._fetch = Allowance(time.monotonic() + seconds, MOST_IN_ALL)
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
        asked = {**(query or {}), **(secret_query or {})}
        before = self._recall(url, query or {}) if self._recall else None
        sent = dict(headers or {}), _unless_held(before)
        with transport.limited_by(self._allowance(url)) as allowance:
            self._wait_for(urlsplit(url).netloc, allowance)
            status, answer, body = self._persistent(
                url, asked, sent, allowed_redirect_hosts, allowance
            )
        if status == requests.codes.not_modified and before is not None:
            return replace(before, name=name, fetched_at=datetime.now(UTC), status=status)
        if status != requests.codes.ok:
            told_off = status < 500 and status not in PASSING
            kind = SourceRefused if told_off else SourceUnavailable
            raise kind(f"{_shown(url)} answered {status}{_hint(status)}.")
        _must_be(expect, body, answer, url)
        body = _without(body, [*(secret_query or {}).values(), *(headers or {}).values()])
        return Document(
            name=name,
            url=url,
            body=body,
            fetched_at=datetime.now(UTC),
            query=dict(query or {}),
            status=status,
            headers={
                k: answer[k] for k in KEPT_HEADERS if _FAIR_HEADER.fullmatch(answer.get(k, ""))
            },
        )

    def _allowance(self, url: str) -> Allowance:
        """What one request may take: its own deadline, or what is left of the whole fetch."""
        until, most = time.monotonic() + self._deadline, self._max_bytes
        if self._fetch is not None:
            if self._fetch.late:
                raise SourceUnavailable(self._too_late(url))
            until = min(until, self._fetch.until)
        return Allowance(until, most + HEAD)

    def _persistent(
        self,
        url: str,
        query: Mapping[str, str],
        headers: tuple[Mapping[str, str], Mapping[str, str]],
        allowed_redirect_hosts: tuple[str, ...],
        allowance: Allowance,
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and body, after as many attempts as it takes and there are."""
        for attempt in range(1, self._retries + 2):
            wait = pause(attempt, self._backoff)
            try:
                found = self._get_once(url, query, headers, allowed_redirect_hosts, allowance)
            except _CutOff as error:
                if attempt > self._retries or wait > allowance.left:
                    raise SourceUnavailable(
                        f"{_shown(url)} {error}; it will be asked again later."
                    ) from None
            else:
                wait = pause(attempt, self._backoff, found[1].get("retry-after"))
                if found[0] not in AGAIN or attempt > self._retries or wait > allowance.left:
                    return found
            time.sleep(wait)
            allowance.spent = 0
        raise AssertionError("an attempt either ends or is followed by another")

    def _get_once(
        self,
        url: str,
        query: Mapping[str, str],
        headers: tuple[Mapping[str, str], Mapping[str, str]],
        allowed_redirect_hosts: tuple[str, ...],
        allowance: Allowance,
    ) -> tuple[int, Mapping[str, str], bytes]:
        try:
            return self._followed(url, query, headers, allowed_redirect_hosts, allowance)
        except _HOSTILE as error:
            if allowance.too_much:
                raise SourceRefused(self._too_large(url)) from None
            if allowance.late or _was_late(error):
                raise SourceUnavailable(self._too_late(url)) from None
            if why := _of_the_line(error):
                raise SourceUnavailable(f"{_shown(url)} {why}") from None
            if isinstance(error, requests.exceptions.ChunkedEncodingError):
                raise _CutOff("cut its answer off half-way") from None
            if isinstance(error, requests.ConnectionError):
                spoke = allowance.spent or _is_of(error, urllib3.exceptions.ProtocolError)
                raise _CutOff("sent no answer" if spoke else "could not be reached") from None
            raise SourceUnavailable(
                f"{_shown(url)} sent an answer that no browser would read "
                f"({type(error).__name__}); it will be asked again later."
            ) from None

    def _followed(
        self,
        url: str,
        query: Mapping[str, str],
        headers: tuple[Mapping[str, str], Mapping[str, str]],
        allowed_redirect_hosts: tuple[str, ...],
        allowance: Allowance,
    ) -> tuple[int, Mapping[str, str], bytes]:
        """The answer at the end of all redirects."""
        at, asked, sent = url, dict(query), {**headers[0], **headers[1]}
        for _ in range(MOST_REDIRECTS + 1):
            with self._session.get(
                at,
                params=asked,
                headers=sent,
                timeout=self._patience(allowance),
                stream=True,
                allow_redirects=False,
            ) as answer:
                if not answer.is_redirect:
                    return answer.status_code, answer.headers, self._body(answer, url, allowance)
                at, asked = _led_to(at, answer.headers["location"], url), {}
            if _origin(at) != _origin(url):
                # Asked before a byte is sent there, and never with what is meant for `url`.
                _must_be_allowed(at, url, allowed_redirect_hosts)
                sent = dict(headers[1])
        raise SourceUnavailable(f"{_shown(url)} redirects in a circle; look in a browser.")

    def _patience(self, allowance: Allowance) -> tuple[float, float]:
        connect, between_bytes = self._timeout
        left = max(allowance.left, 0.001)  # zero would mean that it is not to wait at all
        return min(connect, left), min(between_bytes, left)

    def _body(self, answer: requests.Response, url: str, allowance: Allowance) -> bytes:
        """The whole body, unpacked; size and time are bounded while it comes."""
        body, most = io.BytesIO(), self._max_bytes
        if self._fetch is not None:
            most = min(most, self._fetch.most - self._fetch.spent)
        for chunk in answer.iter_content(CHUNK):
            if body.tell() + len(chunk) > most:
                raise SourceRefused(self._too_large(url))
            if allowance.late:
                raise SourceUnavailable(self._too_late(url))
            body.write(chunk)
        if self._fetch is not None:
            self._fetch.spent += body.tell()
        return body.getvalue()

    def _too_large(self, url: str) -> str:
        if self._fetch is not None and self._fetch.spent > MOST_IN_ALL - self._max_bytes:
            return (
                f"{_shown(url)} and what came before are more than {MOST_IN_ALL:,} bytes; refused."
            )
        return f"{_shown(url)} sent more than {self._max_bytes:,} bytes; refused."

    def _too_late(self, url: str) -> str:
        if self._fetch is not None and self._fetch.late:
            return (
                f"{_shown(url)} was still being asked when the time for the whole source was over; "
                "it will be asked again later, or give it longer with NUZUH_DEADLINE."
            )
        return f"{_shown(url)} did not answer in time; it will be asked again later."

    def _wait_for(self, host: str, allowance: Allowance) -> None:
        since = time.monotonic() - self._last.get(host, -self._interval)
        if since < self._interval:
            time.sleep(max(min(self._interval - since, allowance.left), 0))
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
    marks = {ask: before.headers.get(mark, "") for ask, mark in MARKS.items()}
    # What was stored before such marks were looked at may be one that cannot be sent.
    return {ask: mark for ask, mark in marks.items() if _FAIR_HEADER.fullmatch(mark)}


def _shown(url: str) -> str:
    """Host and path: never the query."""
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"


def _was_late(error: BaseException) -> bool:
    """Whether time ran out; `requests` calls that a ConnectionError within a body."""
    return isinstance(error, requests.Timeout) or _is_of(error, urllib3.exceptions.TimeoutError)


def _is_of(error: BaseException, kind: type[BaseException]) -> bool:
    """Whether what `requests` wrapped into its own error is of that kind."""
    return any(isinstance(inner, kind) for inner in error.args)


def _of_the_line(error: BaseException) -> str | None:
    """What is wrong with the way to the publisher and not with its answer, and what to do."""
    if isinstance(error, requests.exceptions.ProxyError | requests.exceptions.InvalidProxyURL):
        return "could not be reached through the proxy; look at HTTPS_PROXY and NO_PROXY."
    if isinstance(error, requests.exceptions.SSLError):
        return (
            f"shows no certificate that can be trusted ({_certificate(error)}); look at this "
            "machine's clock, and at what stands between it and the publisher."
        )
    return None


def _certificate(error: BaseException) -> str:
    """OpenSSL's own words for what is wrong with a certificate."""
    found = re.search(r"certificate verify failed: ([^(\"']{3,120})", str(error))
    return found[1].strip() if found else "no TLS at all"


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _led_to(at: str, location: str, url: str) -> str:
    """The address that a redirect leads to.

    Raises:
        SourceRefused: It is no address.
    """
    try:
        # Headers come as Latin-1; whoever writes other letters means UTF-8.
        there = urljoin(at, location.encode("latin-1").decode("utf-8"))
        parts = urlsplit(there)
        fair = parts.port != 0 and parts.scheme in ("https", "http") and bool(parts.hostname)
    except ValueError:
        fair = False
    if not fair:
        raise SourceRefused(
            f"{_shown(url)} sends to something that is no address; open it in a browser to see why."
        )
    return there


def _must_be_allowed(at: str, url: str, allowed_redirect_hosts: tuple[str, ...]) -> None:
    there, here = urlsplit(at), urlsplit(url)
    same_host = there.netloc == here.netloc or (there.hostname or "").endswith(
        allowed_redirect_hosts or "\0"
    )
    if not same_host or (here.scheme == "https" and there.scheme != "https"):
        raise SourceRefused(
            f"{_shown(url)} sends to another host ({ascii(there.hostname)[1:-1][:80]}); "
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
    if html or _BEGINS_WITH_A_TAG.match(body):
        raise SourceUnavailable(
            f"{_shown(url)} sent a web page instead of data (a bot wall or maintenance); "
            "it will be asked again later, or import the file by hand."
        )
    if expect == "json":
        try:
            json_documents.must_be_json(body, _shown(url))
        except SourceChanged as error:
            raise SourceRefused(str(error)) from None
        except (ValueError, RecursionError):
            raise SourceUnavailable(
                f"{_shown(url)} sent something that is not JSON; it will be asked again later."
            ) from None
