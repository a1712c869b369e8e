"""Stored copies: the bytes as sent, to whoever asks by their hash, and nothing else of the disk."""

import urllib.error
import urllib.request
from hashlib import sha256

import pytest
from starlette.applications import Starlette

from dashboard.server import routes, source_files
from data.publication import licences
from pipelines.run import run as runs
from tests import asgi, carried
from tests.run_contexts import Publisher, context_in, fake_source

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.fixture(scope="module")
def address():
    """The app's own routes behind a real server."""
    with asgi.served(Starlette(routes=list(routes.ROUTES))) as found:
        yield found


def asked(address, path):
    try:
        with urllib.request.urlopen(f"{address}{path}", timeout=20) as answer:  # noqa: S310 - our own
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def test_every_carried_figure_opens_the_file_it_was_read_from(store, address, monkeypatch):
    """A donor who doubts a number gets the very bytes, and they hash to what the page says."""
    monkeypatch.setenv("NUZUH_STORE", store.address)
    release = store.current()
    named = release.vintages()[["via", "content_sha256"]].drop_duplicates()
    assert len(named) > 10
    for source, digest in named.itertuples(index=False):
        status, headers, body = asked(f"{address}/", source_files.address(source, digest))
        assert status == 200, (source, digest, body)
        assert sha256(body).hexdigest() == digest
        assert len(body) == store.copies(release, source)[digest].bytes
        assert headers["content-type"].startswith("text/plain")
        assert headers["content-disposition"].startswith("attachment")
        assert headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/nuzuh/stored/published_figures/" + "0" * 64,
        "/nuzuh/stored/../../etc/passwd",
        "/nuzuh/stored/published_figures/..%2f..%2fcurrent.json",
        "/nuzuh/stored/%2e%2e/" + "0" * 64,
        "/nuzuh/stored/Published/" + "0" * 64,
        "/nuzuh/stored/published_figures/" + "A" * 64,
    ],
)
def test_nothing_but_a_fetched_document_is_handed_out(store, address, monkeypatch, path):
    monkeypatch.setenv("NUZUH_STORE", store.address)
    status, headers, body = asked(address, path)
    assert status == 404
    assert b"root:" not in body
    assert headers["content-type"].startswith("text/plain")


def test_a_document_of_no_published_fetch_is_not_handed_out(tmp_path, address, monkeypatch):
    """An answer that is held for a person to look at is nobody else's yet."""
    publisher = Publisher(**{str(year): 100_000 for year in range(2000, 2026)})
    source = fake_source(publisher=publisher)
    at = context_in(tmp_path, source)
    runs.run_source(source, at)
    publisher.years = {"2025": 5}
    assert runs.run_source(source, at).state == "held"
    monkeypatch.setenv("NUZUH_STORE", str(tmp_path))
    digests = {
        document.sha256
        for fetch in at.store.fetches("example")
        for document in at.store.documents("example", fetch)
    }
    assert len(digests) == 2
    release = at.store.current()
    assert len(at.store.copies(release, "example")) == 1
    for digest in digests:
        status, _, _ = asked(f"{address}/", source_files.address("example", digest))
        assert status == (200 if digest in at.store.copies(release, "example") else 404)


@pytest.mark.parametrize(
    ("licence", "body", "may"),
    [
        ("facts", b"place,value\nSY07,5\n", True),
        ("CC BY 4.0", b"{}", True),
        ("CC BY-IGO", b"{}", True),
        ("CC BY-NC-ND 4.0", b"{}", False),
        ("", b"{}", False),
        ("CC BY 4.0", b'{"latitude": 36.2, "longitude": 36.7}', False),
        ("CC BY 4.0", b"site;contact\nx;someone@example.org\n", False),
        ("CC BY 4.0", b"PK\x03\x04\xff\xfe", False),
    ],
)
def test_a_public_office_passes_on_only_what_harms_nobody(licence, body, may):
    """A publisher's file may hold camps' positions or a focal point's telephone."""
    assert licences.passed_on(licence, body) is may


def test_an_altered_copy_is_a_sentence_and_not_a_file(tmp_path, address, monkeypatch):
    store = carried.publish(tmp_path)
    monkeypatch.setenv("NUZUH_STORE", str(tmp_path))
    row = store.current().figures().iloc[0]
    digest, source = row["content_sha256"], row["via"]
    path = tmp_path / "raw" / source / digest[:2] / f"{digest}.gz"
    path.write_bytes(b"something else")
    status, _, body = asked(f"{address}/", source_files.address(source, digest))
    assert status == 503
    assert b"fetch the source again" in body
