"""A text that slipped through as HTML runs nothing; no other site frames or follows a reader."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from dashboard.server import security_headers
from dashboard.theme import style
from tests import asgi
from visuals.language.words import LANGUAGES, Words

OWN = "default-src 'none'"


async def served(scope, receive, send):
    """Stands for the app: a page at /, pictures elsewhere, a policy of its own below /own."""
    kind = b"image/png" if scope["path"].endswith(".png") else b"text/html; charset=utf-8"
    own = [(b"content-security-policy", OWN.encode())] if "own" in scope["path"] else []
    start = {"type": "http.response.start", "status": 200}
    await send(start | {"headers": [(b"content-type", kind), *own]})
    await send({"type": "http.response.body", "body": b""})


def told(path):
    """The headers of one answer; none of them twice."""
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    sent = asgi.messages(security_headers.SecurityHeaders(served), scope)
    raw = [(name.decode().lower(), value.decode()) for name, value in sent[0]["headers"]]
    assert len(dict(raw)) == len(raw)
    return dict(raw)


@pytest.mark.parametrize("path", ["/", "/picture.png", "/own"])
def test_every_answer_is_taken_for_what_it_says_it_is(path):
    assert told(path)["x-content-type-options"] == "nosniff"


def test_nobody_learns_from_a_page_where_its_reader_came_from():
    assert told("/")["referrer-policy"] == "no-referrer"


def test_a_page_may_run_what_was_written_here_and_nothing_else():
    found = told("/")["content-security-policy"]
    allowed = dict(part.split(" ", 1) for part in found.split("; "))
    for directive in ("default-src", "script-src", "connect-src"):
        assert "unsafe" not in allowed[directive]
        assert "http" not in allowed[directive], "nothing is asked of another host"
    assert allowed["frame-ancestors"] == "'self'"
    assert allowed["object-src"] == allowed["base-uri"] == "'none'"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_script_of_each_language_is_named(language):
    """Otherwise a page in that language would be left to right and half English."""
    code = style.script(Words(language)).encode()
    mark = b64encode(sha256(code).digest()).decode()
    assert f"'sha256-{mark}'" in security_headers.policy()
    assert not re.search(r"</?script", style.script(Words(language)), re.IGNORECASE)


def test_what_has_a_stricter_policy_keeps_it():
    assert told("/own")["content-security-policy"] == OWN


def test_a_picture_has_none_to_carry():
    assert "content-security-policy" not in told("/picture.png")
