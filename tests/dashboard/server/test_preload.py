"""What the first answer names beforehand: each round trip spared is a second on a bad line."""

import gzip
import threading

import brotli
import pytest

from dashboard.server import compression, hashed_assets, preload
from tests import asgi

PAGE = b"<!DOCTYPE html><html><head><title>Streamlit</title></head><body></body></html>"


async def streamlit(scope, receive, send):
    """Stands for Streamlit: a page in two parts, that tells whether it was asked to compress."""
    compress = [(b"x-asked", value) for name, value in scope["headers"] if name.startswith(b"acc")]
    kind = b"text/html" if not scope["path"].endswith(".js") else b"text/javascript"
    headers = [*compress, (b"content-type", kind), (b"content-length", b"%d" % len(PAGE))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": PAGE[:20], "more_body": True})
    await send({"type": "http.response.body", "body": PAGE[20:]})


def asked(path, encoding="br", method="GET"):
    """Headers and body of one request."""
    raw = [(b"accept-encoding", encoding.encode())]
    scope = {"type": "http", "method": method, "path": path, "headers": raw}
    sent = asgi.messages(preload.PreloadHints(streamlit), scope)
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return told, asgi.body_of(sent)


@pytest.mark.parametrize(
    ("encoding", "unpack"),
    [("gzip, br", brotli.decompress), ("gzip", gzip.decompress), ("identity", bytes)],
)
@pytest.mark.parametrize("path", sorted(preload.PAGES))
def test_the_page_names_what_the_map_needs(path, encoding, unpack):
    told, body = asked(path, encoding)
    assert int(told["content-length"]) == len(body), "a browser would wait for the rest"
    assert "x-asked" not in told, "what Streamlit compressed could not be added to"
    page = unpack(body)
    assert page.startswith(PAGE[: PAGE.index(b"</head>")])
    assert page.count(b"</head>") == 1
    assert hashed_assets.script().address.encode() in page
    assert told["vary"] == "Accept-Encoding, Accept-Language"
    assert b'href="./nuzuh/light/en/index.html"' in page, (
        "nobody who waits is offered the light one"
    )


@pytest.mark.parametrize("path", ["/sources", "/nuzuh/health", "/static/js/index.js"])
def test_everything_else_is_left_alone(path):
    """A page without a map must not load the map's parts."""
    assert asked(path)[1] == PAGE
    assert asked("/", method="HEAD")[1] == PAGE


def test_every_part_that_is_named_exists_in_this_streamlit():
    """A renamed part would be hinted no more: slower, and nobody would know."""
    links = preload.links()
    for part in compression.LATE:
        assert f"/static/js/{part}." in links, part
    for path in (p for p in compression.files() if f'href=".{p}"' in links):
        assert compression.files()[path].is_file()


def tagged(make, path="/sources", headers=()):
    """The page with the tags that `make` makes, as a messenger gets it."""
    raw = {"type": "http", "method": "GET", "path": path, "headers": [*headers]}
    app = preload.PreloadHints(
        streamlit,
        tags=make,
        pages=["sources"],
        at_once=lambda *_: "<link>",
        in_doubt=lambda scope, _: f"<meta plain={scope['path']}>",
    )
    return asgi.body_of(asgi.messages(app, raw))


def test_every_page_says_how_a_link_to_it_unfolds():
    body = tagged(lambda scope, pages: f'<meta content="{scope["path"]}">')
    assert b'<meta content="/sources"></head>' in body


def test_a_page_does_not_wait_long_for_what_only_messengers_read(monkeypatch):
    """The first reader of a release would look at nothing while the figures are gathered."""
    monkeypatch.setattr(preload, "PATIENCE", 0.05)
    go = threading.Event()
    try:
        body = tagged(lambda *_: "late" if go.wait(5) else "")
        assert b"late" not in body
        # What is made at once is there all the same: WhatsApp asks once and keeps what it got,
        # and 2 of 9 links unfolded into nothing on a busy machine.
        assert b"<link><meta plain=/sources></head>" in body
    finally:
        go.set()


def test_a_browser_is_spared_what_only_messengers_read():
    """Its reader pays for every byte, and waits for whatever the first answer waits for."""
    browser = [(b"sec-fetch-mode", b"navigate")]
    body = tagged(lambda *_: "<meta>", headers=browser)
    assert b"<meta>" not in body
    assert b"<link>" not in body
