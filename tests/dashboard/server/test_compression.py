"""Streamlit's own files, compressed: the difference between opening and giving up on a bad line."""

import gzip
from pathlib import Path

import brotli
import pytest
from fontTools.ttLib import TTFont

from dashboard.server import compression
from dashboard.theme.fonts import build, icons, latin
from data.gazetteer import places
from pipelines.sources import published_figures
from tests import asgi
from visuals.language import words


async def passed_on(scope, receive, send):
    """Stands for Streamlit."""
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b"streamlit"})


def asked(path, method="GET", **headers):
    """Status, headers and body of one request."""
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": raw}
    sent = asgi.messages(compression.Compressed(passed_on), scope)
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(m.get("body", b"") for m in sent[1:])


@pytest.fixture(scope="module")
def script() -> tuple[str, Path]:
    """The largest script that every page loads."""
    name = next(path for path in compression.files() if "/js/index." in path)
    return name, compression.files()[name]


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
    small, whole = build.small(build.ICONS), build.original(build.ICONS)
    assert small is not None, "set-up makes it: `make setup`"
    assert small.stat().st_size < whole.stat().st_size * 0.25
    with TTFont(small) as font:
        kept = icons._icons(font)
    for name in ("expand_more", "chevron_right", "close", "download", "error", "check"):
        assert name in kept
    status, told, body = asked(f"/static/media/{whole.name}", accept_encoding="br")
    assert (status, told["content-type"]) == (200, "font/woff2")
    assert body == small.read_bytes()


@pytest.fixture(scope="module")
def letters_font():
    """The text font as Streamlit brings it and as it was cut."""
    small, whole = build.small(build.LETTERS), build.original(build.LETTERS)
    assert small is not None, "set-up makes it: `make setup`"
    with TTFont(whole) as before, TTFont(small) as after:
        yield before, after


def test_the_text_font_is_cut_and_sent_under_its_own_name(letters_font):
    """The licence reserves the name of the font that was cut; what it is called must say so."""
    small, whole = build.small(build.LETTERS), build.original(build.LETTERS)
    assert small.stat().st_size < whole.stat().st_size * 0.4
    assert "source" not in small.name.lower()
    told = {n.nameID: n.toUnicode() for n in letters_font[1]["name"].names}
    called = {number: text for number, text in told.items() if number not in latin.NAME_RECORDS}
    assert told[1] == told[4] == latin.NAME
    assert not [text for text in called.values() if "source" in text.lower()], called
    assert "with Reserved Font Name" in told[0]
    assert "Open Font License" in told[13]
    status, headers, body = asked(f"/static/media/{whole.name}", accept_encoding="br")
    assert (status, headers["content-type"]) == (200, "font/woff2")
    assert headers["content-disposition"] == f'inline; filename="{small.name}"'
    assert body == small.read_bytes()


def test_every_letter_that_stood_in_the_text_font_still_does(letters_font):
    """One letter out of another font in the middle of a Turkish name looks like a mistake."""
    before, after = (font.getBestCmap() for font in letters_font)
    texts = [path.read_text(encoding="utf-8") for path in sorted(words.LOCALES.glob("*.json"))]
    named = places.table()
    texts += [text for name in ("name_en", "name_ar", "name_tr") for text in named[name].dropna()]
    texts += [path.read_text(encoding="utf-8") for path in published_figures.FOLDER.glob("*.csv")]
    drawn = {ord(letter) for text in texts for letter in text}
    alphabets = {*range(0x20, 0x7F), *range(0xA0, 0x180)}
    assert (drawn | alphabets) & set(before) - set(after) == set()


def test_weights_and_the_width_of_digits_are_as_they_were(letters_font):
    """Columns of numbers stand under one another because all digits are of one width."""
    before, after = letters_font
    assert [(a.axisTag, a.minValue, a.maxValue) for a in after["fvar"].axes] == [
        (a.axisTag, a.minValue, a.maxValue) for a in before["fvar"].axes
    ]
    for font in letters_font:
        widths = {font["hmtx"][font.getBestCmap()[ord(digit)]][0] for digit in "0123456789"}
        assert len(widths) == 1
    for letter in "Aağışöüİ 0,.–→":
        widths = [f["hmtx"][f.getBestCmap()[ord(letter)]][0] for f in letters_font]
        assert widths[0] == widths[1], letter
