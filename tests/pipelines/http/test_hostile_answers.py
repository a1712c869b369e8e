"""Whatever a publisher sends, the client ends in a document or in one sentence, and in time.

What it lets through as another error ends the run of every other source of the night.
NUZUH_ANSWERS says how many are tried; without it 1,500, of `make test-all` 20,000.
"""

import gzip
import os
import re
import time
import tracemalloc
import zlib
from collections import Counter, deque
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import brotli
import pytest

from data.store import Document
from pipelines.errors import SourceChanged, SourceUnavailable
from pipelines.http.client import Client
from pipelines.json_documents import decoded
from pipelines.run.run import run_source
from tests.effort import tries
from tests.run_contexts import context_in, fake_source, read
from tests.servers import hostile
from tests.servers.raw import RawServer

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1", "localhost"])]

ANSWERS = int(os.environ.get("NUZUH_ANSWERS") or tries(20_000, 1_500))
SEED = int(os.environ.get("NUZUH_SEED") or 20261130)
DEADLINE = 0.4
SLACK = 5.0
"""Seconds that a machine with other work may take for what should take none."""
ONE_SENTENCE = re.compile(r"[\x20-\x7e]{10,400}\.")


def _end(client, url, expect):
    """ "document", or the sentence that says why there is none; any other error is one of ours."""
    try:
        document = client.get(
            url, {"q": "1"}, name="t", expect=expect,
            secret_query={"key": "s3cret"}, allowed_redirect_hosts=("localhost",),
        )  # fmt: skip
    except SourceUnavailable as refused:
        return str(refused)
    assert len(document.body) <= hostile.SIZE
    return "document"


def test_no_answer_ends_otherwise_than_in_one_sentence(capfd):
    at = SEED

    def answer(_asked):
        nonlocal at
        at += 1
        return hostile.answer(at)

    ends: Counter[str] = Counter()
    with RawServer(answer) as server:
        client = Client(
            "test", retries=0, backoff=0, interval=0, timeout=(1, 0.3), deadline=DEADLINE,
            max_bytes=hostile.SIZE,
        )  # fmt: skip
        for number in range(ANSWERS):
            first, begun = at + 1, time.monotonic()
            end = _end(client, f"{server.url}/{number}", ("json", "csv", "binary")[number % 3])
            assert end == "document" or ONE_SENTENCE.fullmatch(end), (first, end)
            assert "s3cret" not in end
            ends[re.sub(r"127\S+|\d+|\(.*?\)", "…", end)[:60]] += 1
            assert time.monotonic() - begun < DEADLINE + SLACK, first
    out, err = capfd.readouterr()
    assert (out, err) == ("", ""), "a publisher writes nothing into an office's log"
    assert len(ends) >= 8, "a fuzz whose answers all end alike tries one thing"
    assert ends["document"] > ANSWERS / 20
    if os.environ.get("NUZUH_TALLY"):
        with capfd.disabled():
            print(f"\n{sum(ends.values()):,} answers: {dict(ends.most_common())}")  # noqa: T201


def fine(body=b"[]", *headers):
    lines = [b"HTTP/1.1 200 OK", b"Content-Type: application/json", *headers]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", body])


def _drip(start, byte):
    """A beginning, and then for ever one byte each 30 ms: no single wait is long."""
    yield start
    while True:
        yield byte
        yield 0.03


_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
DRIPS = {
    "status line": (b"HTTP/1.1 2", b"0"),
    "header": (_OK + b"X: ", b"x"),
    "go on": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": (_OK + b"Content-Length: 100000\r\n\r\n[", b" "),
    "chunk size": (_OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "trailers": (_OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n", b"X: y\r\n"),
    "empty gzip members": (
        _OK + b"Content-Encoding: gzip\r\n\r\n",
        bytes.fromhex("1f8b08000000000000030300000000000000000000"),
    ),
    "empty deflate blocks": (_OK + b"Content-Encoding: deflate\r\n\r\n\x78\x9c", b"\x00" * 2),
    "empty brotli blocks": (_OK + b"Content-Encoding: br\r\n\r\n\x0b", b"\x06"),
    "redirect": (b"HTTP/1.1 302 Found\r\nContent-Length: 100000\r\nLocation: ", b"x"),
}


@pytest.mark.parametrize("where", DRIPS)
def test_a_deadline_holds_while_bytes_drip(where):
    """A socket's own timeout begins anew with every byte: a run would last for days."""
    with RawServer(lambda _: _drip(*DRIPS[where])) as server:
        client = Client("test", retries=3, backoff=0, interval=0, timeout=(5, 5), deadline=0.6)
        begun = time.monotonic()
        with pytest.raises(SourceUnavailable, match="in time"):
            client.get(server.url, name="t")
        assert 0.5 < time.monotonic() - begun < 0.6 + SLACK
        assert server.asked == 1, "what was late once is not asked for again at once"


@pytest.mark.parametrize("where", DRIPS)
def test_a_flood_without_an_end_is_cut_off(where):
    """The same at the line's full speed would fill the memory long before its time is over."""

    def flood(_asked):
        start, byte = DRIPS[where]
        yield start
        block = byte * (65536 // len(byte))
        while True:
            yield block

    with RawServer(flood) as server:
        client = Client("test", retries=0, interval=0, timeout=(5, 5), max_bytes=2_000_000)
        with pytest.raises(SourceUnavailable) as refused:
            client.get(server.url, name="t")
        assert ONE_SENTENCE.fullmatch(str(refused.value))
        assert server.sent < 20_000_000, "what no one reads stays with the sender"


def test_repetitions_and_waits_are_within_the_same_deadline():
    with RawServer(lambda _: [b"HTTP/1.1 503 No\r\nRetry-After: 50\r\n\r\n"]) as server:
        client = Client("test", retries=9, backoff=0.1, interval=0, deadline=1)
        begun = time.monotonic()
        with pytest.raises(SourceUnavailable, match="503"):
            client.get(server.url, name="t")
        assert time.monotonic() - begun < 1 + SLACK


def test_a_fetch_of_many_documents_has_a_deadline_of_its_own():
    """Pages without end, each of them in time."""
    # A line that ends unsaid may be taken again just then, and is a fault of another kind.
    with RawServer(lambda _: [0.1, fine(b"[]", b"Connection: close")]) as server:
        client = Client("test", retries=0, interval=0).for_one_fetch(lambda *_: None, 0.7)
        begun = time.monotonic()
        with pytest.raises(SourceUnavailable, match="NUZUH_DEADLINE"):
            deque(client.get(f"{server.url}/{page}", name="t") for page in count())
        assert server.asked > 1
        assert time.monotonic() - begun < 0.7 + SLACK


def test_what_a_redirect_says_beside_its_address_is_not_read():
    """`requests` reads it whole, unpacked, even where it is told not to follow."""
    with RawServer(
        lambda asked: (
            [fine(b"[1]")]
            if b"/there" in asked
            else [b"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 90000000\r\n\r\n"]
            + [b" " * 1_000_000] * 90
        )
    ) as server:
        client = Client("test", retries=0, interval=0, max_bytes=100_000)
        assert client.get(server.url, name="t").body == b"[1]"
        assert server.sent < 10_000_000


def test_cookies_are_forgotten_with_the_answer():
    """A publisher's cookie would follow an office through every request to come."""
    seen = []

    def answer(asked):
        seen.append(asked)
        return [fine(b"[]", b"Set-Cookie: who=you; Path=/; Max-Age=99999")]

    with RawServer(answer) as server:
        client = Client("test", retries=1, backoff=0, interval=0)
        for _ in range(2):
            client.get(server.url, name="t")
    assert len(seen) == 2
    assert not any(b"cookie" in asked.lower() for asked in seen)


def test_marks_that_could_not_be_sent_again_are_not_kept():
    """Stored, one odd ETag would make every later request of that document impossible."""
    seen = []

    def answer(asked):
        seen.append(asked)
        return [fine(b"[]", b"ETag: \x0cx\xff", b"Last-Modified: " + b"x" * 9_000)]

    with RawServer(answer) as server:
        client = Client("test", retries=1, backoff=0, interval=0)
        first = client.get(server.url, name="t")
        assert first.headers.keys() == {"content-type", "content-length"}
        old = replace(first, headers={"etag": "\x0cx", "last-modified": "a\nb"})
        client.for_one_fetch(lambda *_: old, 5).get(server.url, name="t")
    assert b"If-" not in seen[1]


@pytest.mark.parametrize("name", ["gzip", "deflate", "br"])
def test_a_bomb_is_refused_without_being_unpacked(name):
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}[name]
    bomb = pack(b" " * 40_000_000)
    with RawServer(lambda _: [fine(bomb, b"Content-Encoding: " + name.encode())]) as server:
        client = Client("test", retries=0, interval=0, max_bytes=1_000_000)
        tracemalloc.start()
        try:
            with pytest.raises(SourceUnavailable, match="more than"):
                client.get(server.url, name="t", expect="binary")
            assert tracemalloc.get_traced_memory()[1] < 8_000_000
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("body", [b"[" * 5_000_000, b"[" + b"[]," * 3_000_000 + b"[]]"])
def test_json_is_counted_before_it_is_read(body):
    """Ten megabytes of brackets are a gigabyte of lists."""
    with RawServer(lambda _: [fine(body)]) as server:
        client = Client("test", retries=0, interval=0)
        with pytest.raises(SourceUnavailable, match="JSON"):
            client.get(server.url, name="t")
    with pytest.raises(SourceChanged):
        decoded(Document("t", "file:t", body, datetime.now(UTC)))


def _fetching(url):
    return lambda client, *_: [client.get(url, name="table", allowed_redirect_hosts=("localhost",))]


def _of_an_object(documents, where):
    if not all(isinstance(decoded(document), dict) for document in documents):
        raise SourceChanged("The table is no table any more.")
    return read(documents, where)


def test_a_run_goes_on_after_every_hostile_answer(tmp_path):
    """Thirty nights: the hostile source fails in one sentence, the next is published."""
    at_seed = SEED

    def answer(asked):
        nonlocal at_seed
        if b"/good" in asked:
            return [fine(b'{"2025": 100000}')]
        at_seed += 1
        return hostile.answer(at_seed)

    with RawServer(answer) as server:
        bad, good = (
            fake_source(name, fetch=_fetching(f"{server.url}/{name}"), read=_of_an_object)
            for name in ("bad", "good")
        )
        at = replace(
            context_in(tmp_path, bad, good),
            client=Client("test", retries=0, backoff=0, interval=0, timeout=(1, 0.3), deadline=1),
        )
        for number in range(30):
            ended = run_source(bad, at)
            assert ended.state == "failed", number
            assert "fault of Nuzuh" not in ended.sentence
            assert at.store.status("bad").failures == number + 1
        assert run_source(good, at).state == "published"
