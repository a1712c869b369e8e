"""The client against a real server: bounded, polite, and silent about keys."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from data import settings
from pipelines.errors import SourceUnavailable
from pipelines.http.client import Client, user_agent
from pipelines.run.context import context_of

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1", "localhost"])]


@pytest.fixture
def server():
    answers, asked = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            status, headers, body = answers.pop(0) if answers else (500, {}, b"")
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Quiet."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}/table", answers, asked
    httpd.shutdown()
    thread.join()
    httpd.server_close()


@pytest.fixture
def client():
    return Client("test", retries=2, backoff=0, interval=0, timeout=(1, 1), max_bytes=10_000)


JSON = {"Content-Type": "application/json"}


def test_a_busy_source_is_asked_again(server, client):
    url, answers, asked = server
    answers += [(503, {}, b""), (429, {"Retry-After": "600"}, b""), (200, JSON, b'{"a": 1}')]
    assert client.get(url, name="t").body == b'{"a": 1}'
    assert len(asked) == 3


def test_a_missing_page_is_not_asked_twice(server, client):
    url, answers, asked = server
    answers.append((404, {}, b""))
    with pytest.raises(SourceUnavailable, match="404"):
        client.get(url, name="t")
    assert len(asked) == 1


def test_a_body_that_is_cut_off_is_asked_again(server, client):
    url, answers, asked = server
    answers += [(200, {**JSON, "Content-Length": "900"}, b'{"a"'), (200, JSON, b"[1]")]
    assert client.get(url, name="t").body == b"[1]"
    assert len(asked) == 2


def test_too_large_an_answer_is_refused(server, client):
    url, answers, _ = server
    answers.append((200, JSON, b" " * 20_000))
    with pytest.raises(SourceUnavailable, match="more than"):
        client.get(url, name="t")


def test_a_packed_answer_is_measured_unpacked(server, client):
    """A small file that unpacks to gigabytes would fill the office's memory."""
    import gzip

    url, answers, _ = server
    bomb = gzip.compress(b" " * 1_000_000)
    assert len(bomb) < 10_000
    answers.append((200, {**JSON, "Content-Encoding": "gzip"}, bomb))
    with pytest.raises(SourceUnavailable, match="more than"):
        client.get(url, name="t")


def test_a_web_page_with_status_200_is_not_data(server, client):
    url, answers, _ = server
    answers.append((200, JSON, b"\n <!doctype html><title>sign in</title>"))
    with pytest.raises(SourceUnavailable, match="web page"):
        client.get(url, name="t")


def test_a_redirect_to_another_host_is_refused(server, client):
    url, answers, _ = server
    other = url.replace("127.0.0.1", "localhost")
    answers += [(302, {"Location": other}, b""), (200, JSON, b"{}")]
    with pytest.raises(SourceUnavailable, match="another host"):
        client.get(url, name="t")


def test_a_key_is_sent_and_never_told(server, client):
    url, answers, asked = server
    answers += [(403, {}, b"")]
    with pytest.raises(SourceUnavailable) as told:
        client.get(url, {"a": "1"}, name="t", secret_query={"key": "s3cret"})
    assert "s3cret" in asked[0]
    assert "s3cret" not in str(told.value)
    assert told.value.__cause__ is None
    answers.append((200, JSON, b"{}"))
    document = client.get(url, {"a": "1"}, name="t", secret_query={"key": "s3cret"})
    assert "s3cret" not in repr(document)


def test_a_retry_is_not_logged_with_its_key(server, client, caplog):
    """urllib3 warns of each retry with the whole address; cron would mail it to everyone."""
    url, answers, asked = server
    answers += [(503, {}, b""), (200, {**JSON, "Content-Length": "900"}, b"{"), (200, JSON, b"{}")]
    client.get(url, name="t", secret_query={"key": "s3cret"})
    assert len(asked) == 3
    assert "s3cret" not in caplog.text
    nobody = Client("test", retries=1, backoff=0, interval=0, timeout=(1, 1))
    with pytest.raises(SourceUnavailable):
        nobody.get("http://127.0.0.1:9/", name="t", secret_query={"key": "s3cret"})
    assert "s3cret" not in caplog.text


def test_a_redirect_keeps_keys_from_the_host_it_leads_to(server, client):
    """HDX answers a download with a signed address elsewhere; HDX's key is not for that host."""
    url, answers, asked = server
    other = url.replace("127.0.0.1", "localhost").replace("/table", "/file?signed=1")
    answers += [(302, {"Location": other}, b""), (200, {}, b"PK..")]
    found = client.get(
        url,
        name="t",
        expect="binary",
        secret_query={"key": "s3cret"},
        headers={"X-Key": "s3cret"},
        allowed_redirect_hosts=("localhost",),
    )
    assert found.body == b"PK.."
    assert asked == ["/table?key=s3cret", "/file?signed=1"]


def test_a_circle_of_redirects_ends(server, client):
    url, answers, _ = server
    answers += [(302, {"Location": "/table"}, b"")] * 20
    with pytest.raises(SourceUnavailable, match="circle"):
        client.get(url, name="t")


def test_garbage_where_json_belongs_is_unavailable(server, client):
    url, answers, _ = server
    answers.append((200, JSON, b'{"items":[{"ye\x00\xff'))
    with pytest.raises(SourceUnavailable, match="not JSON"):
        client.get(url, name="t")


def test_a_source_that_never_answers_fails_in_time(client):
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        quick = Client("test", retries=0, backoff=0, interval=0, timeout=(0.2, 0.2))
        with pytest.raises(SourceUnavailable, match="in time"):
            quick.get(f"http://127.0.0.1:{silent.getsockname()[1]}/", name="t")


def test_the_agent_names_a_contact():
    assert user_agent("im@example.org").endswith("(+im@example.org)")
    assert user_agent("").startswith("nuzuh/")


def remembered(document):
    """A memory of one answer."""
    return lambda url, query: (
        document if (url, dict(query)) == (document.url, document.query) else None
    )


def test_what_did_not_change_is_not_sent_again(server, client):
    """Publishers block whoever fetches the same file for ever."""
    url, answers, asked = server
    marks = {"ETag": '"v1"', "Last-Modified": "Tue, 24 Nov 2026 00:00:00 GMT"}
    answers.append((200, {**JSON, **marks}, b'{"a": 1}'))
    first = client.get(url, {"q": "1"}, name="t")
    answers.append((304, {}, b""))
    again = client.for_one_fetch(remembered(first), 5).get(url, {"q": "1"}, name="t")
    assert asked == ["/table?q=1", "/table?q=1"]
    assert (again.body, again.status, again.headers) == (first.body, 304, first.headers)
    assert again.fetched_at > first.fetched_at


def test_the_marks_of_the_last_answer_are_sent_and_of_no_other(client):
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append({k.lower(): v for k, v in self.headers.items()})
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("ETag", '"v2"')
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            """Quiet."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
    thread.start()
    try:
        url = f"http://127.0.0.1:{httpd.server_port}/table"
        first = client.get(url, {"q": "1"}, name="t")
        knowing = client.for_one_fetch(remembered(first), 5)
        changed = knowing.get(url, {"q": "1"}, name="t")
        knowing.get(url, {"q": "2"}, name="t")
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()
    assert [s.get("if-none-match") for s in seen] == [None, '"v2"', None]
    assert changed.status == 200


def test_a_304_that_nobody_asked_for_is_a_failure(server, client):
    url, answers, _ = server
    answers.append((304, {}, b""))
    with pytest.raises(SourceUnavailable, match="304"):
        client.get(url, name="t")


def test_a_key_that_the_answer_repeats_is_struck_out(server, client):
    """ReliefWeb's and IDMC's links hold the key: kept as sent, it would lie in every snapshot."""
    url, answers, _ = server
    body = b'{"next": "https://x.org/?appname=a%20s3cret&n=1", "self": "a s3cret a+s3cret"}'
    answers.append((200, JSON, body))
    found = client.get(url, name="t", secret_query={"appname": "a s3cret"})
    assert b"s3cret" not in found.body
    assert len(found.body) == len(body)


def test_an_office_asks_a_host_once_a_second(server, tmp_path):
    """Tests ask faster than that; a publisher whom we asked so would shut us out."""
    url, answers, _ = server
    answers += [(200, JSON, b"{}")] * 2
    office = context_of(settings.load(store=str(tmp_path)), ()).client
    begun = time.monotonic()
    office.get(url, name="t")
    office.get(url, name="t")
    assert time.monotonic() - begun >= 1


def test_one_host_is_asked_at_its_pace_also_through_another_memory(server):
    """A source with many files must not fall upon a publisher at once."""
    url, answers, _ = server
    answers += [(200, JSON, b"{}")] * 3
    paced = Client("test", retries=0, backoff=0, interval=0.2, timeout=(1, 1))
    begun = time.monotonic()
    paced.get(url, name="t")
    paced.for_one_fetch(lambda url, query: None, 5).get(url, name="t")
    paced.get(url, name="t")
    assert time.monotonic() - begun >= 0.4
