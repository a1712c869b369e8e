"""The one way out to the network: a named agent, deadlines, bounded retries, bounded size.

A page of HTML is never data: UNHCR, HDX and ReliefWeb all answer a bot wall or a wrong path with
one, some with status 200. No message holds a query or a key, and errors of `requests`, which quote
the whole address, are not chained.
"""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_fixed
from urllib3.util.retry import Retry

from data.store import Document
from pipelines.errors import SourceUnavailable

Expected = Literal["json", "binary"]
TIMEOUT: Final = (10.0, 60.0)
"""Seconds to connect, and seconds between bytes."""
DEADLINE: Final = 300.0
"""Seconds for one document in all."""
MAX_BYTES: Final = 200 * 1024 * 1024
CHUNK: Final = 64 * 1024
LONGEST_WAIT: Final = 60
"""Seconds that a publisher's Retry-After may make us wait."""
KEPT_HEADERS: Final = ("content-type", "content-length", "last-modified", "etag", "date")


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
        self._session = requests.Session()
        self._session.headers["User-Agent"] = agent
        self._session.max_redirects = 5
        self._timeout, self._max_bytes = timeout, max_bytes
        self._interval, self._last = interval, dict[str, float]()
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

    def get(
        self,
        url: str,
        query: Mapping[str, str] | None = None,
        *,
        name: str,
        expect: Expected = "json",
        secret_query: Mapping[str, str] | None = None,
    ) -> Document:
        """GET one document, whole and of the kind expected.

        Raises:
            SourceUnavailable: Unreachable, late, refused, too large, cut off, or a page of HTML.
        """
        host = urlsplit(url).netloc
        self._wait_for(host)
        asked = {**(query or {}), **(secret_query or {})}
        try:
            status, headers, body = self._again(self._get_once, url, asked)
        except _CutOff as error:
            raise SourceUnavailable(
                f"{_said(url)} {error}; it will be asked again later."
            ) from None
        if status != requests.codes.ok:
            raise SourceUnavailable(f"{_said(url)} answered {status}{_hint(status)}.")
        _must_be(expect, body, headers, url)
        return Document(
            name=name,
            url=url,
            body=body,
            fetched_at=datetime.now(UTC),
            query=dict(query or {}),
            status=status,
            headers={k: headers[k] for k in KEPT_HEADERS if k in headers},
        )

    def _get_once(self, url: str, query: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        until = time.monotonic() + DEADLINE
        try:
            with self._session.get(
                url, params=dict(query), timeout=self._timeout, stream=True
            ) as answer:
                if urlsplit(answer.url).netloc != urlsplit(url).netloc:
                    raise SourceUnavailable(
                        f"{_said(url)} sends to another host; open it in a browser to see why."
                    )
                body = bytearray()
                for chunk in answer.iter_content(CHUNK):
                    body += chunk
                    if len(body) > self._max_bytes:
                        raise SourceUnavailable(
                            f"{_said(url)} sent more than {self._max_bytes:,} bytes; refused."
                        )
                    if time.monotonic() > until:
                        raise SourceUnavailable(f"{_said(url)} took longer than {DEADLINE:.0f} s.")
                return answer.status_code, answer.headers, bytes(body)
        except requests.Timeout:
            raise SourceUnavailable(
                f"{_said(url)} did not answer in time; it will be asked again later."
            ) from None
        except requests.exceptions.ChunkedEncodingError:
            raise _CutOff("cut its answer off half-way") from None
        except requests.ConnectionError as error:
            # A read that times out under urllib3's retries comes wrapped as a connection error.
            late = "timed out" in str(error)
            raise _CutOff("did not answer in time" if late else "could not be reached") from None
        except requests.RequestException as error:
            raise SourceUnavailable(f"{_said(url)} failed ({type(error).__name__}).") from None

    def _wait_for(self, host: str) -> None:
        since = time.monotonic() - self._last.get(host, -self._interval)
        if since < self._interval:
            time.sleep(self._interval - since)
        self._last[host] = time.monotonic()


def _said(url: str) -> str:
    """Host and path: never the query."""
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"


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
    """The JSON that a document holds."""
    return json.loads(document.body)
