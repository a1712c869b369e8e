"""What a publisher, or whoever got between, writes into a text stays a text on every page."""

import socket
from pathlib import Path

import pytest

from dashboard.shell.navigation import PAGES as PAGES_THERE_ARE
from data.store import FigureFilter, Store
from tests import planted
from tests.browser.conftest import served
from tests.effort import one_in

PAGES = ("", *(page.name for page in PAGES_THERE_ARE if page.name != "figure"))
"""Every page of the menu, those of tomorrow too; a number's provenance have a test of their own."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The app over the carried figures, every free text of which is an attack."""
    made = planted.store(tmp_path_factory.mktemp("hostile"))
    yield from served(Path(made.address))


def _calm(tab):
    assert tab.page.evaluate("() => window.hacked") is None
    assert tab.page.locator("img[src='x'], svg[onload], [onerror]").count() == 0
    assert tab.page.locator("a[href^='javascript' i]").count() == 0
    assert not tab.errors


@pytest.mark.parametrize("page", one_in(4, PAGES))
def test_no_text_of_a_source_becomes_a_part_of_the_page(hostile, sheet, page):
    tab = sheet()
    choices = {"place": "SY07"} if page == "place" else {}
    tab.open(hostile.at(page, **choices))
    tab.page.evaluate("() => document.querySelectorAll('details').forEach((d) => d.open = true)")
    tab.page.wait_for_timeout(300)
    _calm(tab)


def test_the_provenance_of_a_number_show_the_attack_as_text(hostile, sheet):
    figures = Store(str(hostile.store)).current().figures(FigureFilter(place=("SY07",)))
    tab = sheet()
    tab.open(hostile.at("figure", figure=str(figures["figure_id"].iloc[-1])))
    assert "<img src=x" in tab.page.inner_text(".stMainBlockContainer")
    _calm(tab)


@pytest.mark.parametrize(
    "page", ["index", "place-sy07", "sources", "map", "compare", "provenance", "methods"]
)
def test_the_light_edition_shows_it_as_text(hostile, sheet, page):
    tab = sheet()
    answer = tab.page.goto(f"{hostile.address}/nuzuh/light/en/{page}.html")
    assert answer.status in (200, 404)
    _calm(tab)


RAW = (
    "/static/../../../../etc/passwd",
    "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/static/..%2f..%2f..%2fetc%2fpasswd",
    "//etc/passwd",
    "/app/static/../../../etc/passwd",
    "/media/../../../etc/passwd",
    "/component/x/../../../../etc/passwd",
    "/_stcore/bidi-components/x/../../../../etc/passwd",
    "/nuzuh/stored/published_figures/..%2f..%2fcurrent.json",
    "/nuzuh/light/en/..%2f..%2f..%2fapp.py",
    "/nuzuh/embed/..%2fmap.svg",
    "/%00",
    "/static/%c0%ae%c0%ae/etc/passwd",
)


def _asked(app, head, body=b""):
    """What the server answers to bytes that no browser would send."""
    host, port = app.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(head.encode() + body)
        answer = b""
        while part := line.recv(65_536):
            answer += part
    return answer


@pytest.mark.parametrize("path", RAW)
def test_no_path_leads_out_of_what_is_served(hostile, path):
    answer = _asked(hostile, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert b"root:" not in answer
    assert b"import streamlit" not in answer
    status = int(answer.split(b" ", 2)[1])
    # Streamlit answers its own page to what it takes for the name of a page.
    assert status in (400, 403, 404) or b"<title>Streamlit</title>" in answer


def test_nobody_leaves_a_file_without_a_tab_that_asks_for_one(hostile):
    body = b"x" * 1000
    for method in ("PUT", "POST"):
        answer = _asked(
            hostile,
            f"{method} /_stcore/upload_file/session/file HTTP/1.1\r\nHost: x\r\n"
            f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n",
            body,
        )
        assert int(answer.split(b" ", 2)[1]) in (400, 403, 404, 405)


def test_a_heading_without_end_is_cut_off(hostile):
    head = "GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + "a" * 1_000_000
    try:
        answer = _asked(hostile, head)
    except ConnectionError:
        return
    assert int(answer.split(b" ", 2)[1]) in (400, 431)
