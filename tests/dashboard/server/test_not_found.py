"""An address that nothing is at is no page of ours, and no health check either."""

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.server.not_found import NotFound, refuse_prefix
from dashboard.server.routes import ROUTES


@pytest.fixture(scope="module")
def client():
    """Streamlit's part answers everything with its page, as the real one does."""
    everything = Route("/{path:path}", lambda request: HTMLResponse("<html>page</html>"))
    app = NotFound(Starlette(routes=[everything]), pages=["map", "place"], routes=ROUTES)
    with TestClient(app, follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize(
    "path", ["/", "/map", "/place?place=SY07", "/static/a.js", "/_stcore/health"]
)
def test_what_there_is_is_passed_on(client: TestClient, path: str):
    assert client.get(path, headers={"Accept": "text/html"}).text == "<html>page</html>"


@pytest.mark.parametrize(
    "path", ["/health", "/nuzuh/health/", "/x/nuzuh/health", "/nuzuh/nothing", "/map/", "/plase"]
)
def test_a_watcher_is_never_told_200_by_another_page(client: TestClient, path: str):
    answer = client.get(path, headers={"Accept": "*/*"})
    assert answer.status_code == 404
    assert "no such address" in answer.text


@pytest.mark.parametrize(("path", "to"), [("/plase", "./"), ("/map/", "../"), ("/a/b/c", "../../")])
def test_a_reader_is_led_to_the_first_page_which_says_so(client: TestClient, path: str, to: str):
    """Relative, so that a proxy's prefix stays before it."""
    answer = client.get(path, headers={"Accept": "text/html,*/*"})
    assert (answer.status_code, answer.headers["location"]) == (307, f"{to}?lost=1")


@pytest.mark.parametrize(("query", "kept"), [("lang=tr&x=1", "&lang=tr"), ("lang=%22x", "")])
def test_a_reader_of_a_lost_address_stays_in_its_language(client: TestClient, query, kept):
    """A Turkish link opened the first page in the browser's Arabic."""
    answer = client.get(f"/plase?{query}", headers={"Accept": "text/html,*/*"})
    assert answer.headers["location"] == f"./?lost=1{kept}"


def test_a_prefix_that_nothing_would_be_under_is_refused_in_a_sentence(monkeypatch):
    monkeypatch.setattr("dashboard.server.not_found.config.get_option", lambda name: "figures")
    with pytest.raises(SystemExit, match="take the prefix off"):
        refuse_prefix()
