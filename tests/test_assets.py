"""Streamlit's own files, compressed: the difference between opening and giving up on a bad line."""

import gzip
from pathlib import Path

import brotli
import pytest

from dashboard import assets, icons
from tests import asgi


async def passed_on(scope, receive, send):
    """Stands for Streamlit."""
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b"streamlit"})


def asked(path, method="GET", **headers):
    """Status, headers and body of one request."""
    sent = []

    async def send(message):
        sent.append(message)

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": raw}
    asgi.ran(assets.Compressed(passed_on)(scope, None, send))
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(m.get("body", b"") for m in sent[1:])


@pytest.fixture(scope="module")
def script() -> tuple[str, Path]:
    """The largest script that every page loads."""
    name = next(path for path in assets.files() if "/js/index." in path)
    return name, assets.files()[name]


@pytest.mark.parametrize(
    ("accepts", "encoding", "unpack"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip;q=1.0, identity", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
    ],
)
def test_a_script_arrives_smaller_and_the_same(script, accepts, encoding, unpack):
    name, file = script
    status, told, body = asked(name, accept_encoding=accepts)
    assert status == 200
    assert told["content-encoding"] == encoding
    assert told["content-type"].startswith("text/javascript")
    assert "immutable" in told["cache-control"]
    assert told["vary"] == "Accept-Encoding"
    assert int(told["content-length"]) == len(body) < file.stat().st_size * 0.4
    assert unpack(body) == file.read_bytes()


def test_only_the_head_is_sent_where_only_the_head_is_asked(script):
    status, told, body = asked(script[0], method="HEAD", accept_encoding="br")
    assert (status, body) == (200, b"")
    assert int(told["content-length"]) > 0


@pytest.mark.parametrize(
    ("path", "headers", "method"),
    [
        ("INDEX", {}, "GET"),
        ("INDEX", {"accept_encoding": "identity"}, "GET"),
        ("INDEX", {"accept_encoding": "br", "range": "bytes=0-9"}, "GET"),
        ("INDEX", {"accept_encoding": "br"}, "POST"),
        ("/", {"accept_encoding": "br"}, "GET"),
        ("/static/js/none.js", {"accept_encoding": "br"}, "GET"),
        ("/static/../../../../etc/passwd", {"accept_encoding": "br"}, "GET"),
        ("/static//etc/passwd", {"accept_encoding": "br"}, "GET"),
    ],
)
def test_everything_else_is_streamlits_to_answer(script, path, headers, method):
    """A path out of the folder must not become a file of the machine."""
    name = script[0] if path == "INDEX" else path
    status, _, body = asked(name, method=method, **headers)
    assert (status, body) == (299, b"streamlit")


def test_the_icon_font_is_cut_and_still_has_what_streamlit_names():
    """A missing icon shows as its English name in the middle of an Arabic page."""
    from fontTools.ttLib import TTFont

    small = icons.small()
    assert small is not None, "set-up makes it: `make setup`"
    assert small.stat().st_size < icons.original().stat().st_size * 0.25
    with TTFont(small) as font:
        kept = icons._icons(font)
    for name in ("expand_more", "chevron_right", "close", "download", "error", "check"):
        assert name in kept
    status, told, body = asked(f"/static/media/{icons.original().name}", accept_encoding="br")
    assert (status, told["content-type"]) == (200, "font/woff2")
    assert body == small.read_bytes()
