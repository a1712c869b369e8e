"""Every page, in every language, through the real router; and addresses that somebody bent."""

import re
from html import unescape

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.navigation import PAGES
from data.settings import ROOT
from data.store import Wanted
from tests import carried
from visuals.words import LANGUAGES, Words

BENT = (
    {"lang": "xx", "known": "99", "figure": "<script>alert(1)</script>"},
    {"lang": "", "known": "2020-02-30", "place": "SY99", "series": "x~y", "day": "never"},
    {"known": "1066-10-14", "place": "../../etc/passwd", "level": "9"},
    {"known": "9999-12-31", "figure": "0" * 16, "place": "' or 1=1 --"},
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return carried.publish(tmp_path_factory.mktemp("store"))


@pytest.fixture
def served(store, monkeypatch):
    """The app's settings point at the carried figures."""
    monkeypatch.setenv("NUZUH_STORE", store.address)
    monkeypatch.setenv("STREAMLIT_CLIENT_SHOW_ERROR_DETAILS", "full")
    return store


def opened(page: str = "situation", **address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    if page != PAGES[0].name:
        app = app.switch_page(f"dashboard/pages/{page}.py").run()
    return app


def said(app: AppTest) -> str:
    """What a reader can read of the page's own HTML."""
    body = " ".join(element.proto.body for element in app.get("html"))
    body = re.sub(r"<(style|script)>.*?</\1>", " ", body, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", body))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_every_page_opens_in_every_language(served, page, language):
    app = opened(page, lang=language)
    assert not app.exception
    assert app.query_params["lang"] == language
    words = Words(language)
    heading = "figure.none" if page == "figure" else f"{page}.title"
    shown = words("papers.unknown") if page == "figure" else None
    if page == "place":
        shown = words.place("SY07")
    assert (shown or words(heading)) in said(app)


@pytest.mark.parametrize("address", BENT)
@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_a_bent_address_never_raises(served, page, address):
    app = opened(page, **address)
    assert not app.exception
    assert "alert(1)" not in "".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize(
    ("day", "shown", "later"),
    [
        ("2020-02-11", "about 700,000", ("800,000", "900,000", "948,000")),
        ("2020-02-17", "900,000", ("948,000", "960,000")),
        ("2020-02-26", "over 948,000", ("960,000", "961,000", "1,000,000")),
    ],
)
def test_the_situation_of_february_2020_shows_what_was_known_then(served, day, shown, later):
    """The rule that makes the history worth keeping: nothing from the future."""
    text = said(opened(known=day))
    assert shown in text
    for figure in later:
        assert figure not in text
    assert "1,182,989" not in text


def test_the_situation_shows_the_newest_published_figures(served):
    text = said(opened())
    assert "1,182,989" in text
    assert "1,143,009" in text
    assert "about 1,400,000" in text


def test_the_papers_of_a_number_show_both_vintages(served):
    """Türkiye 2025: the mid-year value gave way to the year-end one, and both stay readable."""
    wanted = Wanted(place=("TUR",), group=("REF",), source=("unhcr_population",))
    figures = served.current().figures(wanted)
    figure = figures[figures["as_of"] == "2025-12-31"].iloc[0]
    text = said(opened("figure", figure=figure["figure_id"]))
    for part in ("2,347,756", "2,646,142", "mid-year value replaced", figure["content_sha256"]):
        assert part in text


def test_every_number_of_the_situation_leads_to_its_papers(served):
    app = opened()
    body = "".join(element.proto.body for element in app.get("html"))
    ids = set(re.findall(r"figure=([0-9a-f]{16})", body))
    assert len(ids) >= 5
    known = served.current().vintages(Wanted(figure_id=tuple(ids)))["figure_id"]
    assert set(known) == ids


def test_the_place_in_the_address_is_the_place_on_the_page(served):
    app = opened("place", place="TUR031")
    assert "Hatay" in said(app)
    assert app.query_params["place"] == "TUR031"


def test_a_change_of_language_keeps_the_place(served):
    app = opened("place", place="TUR031")
    app.session_state["lang"] = "ar"
    app.run()
    assert not app.exception
    assert app.query_params["lang"] == "ar"
    assert app.query_params["place"] == "TUR031"
    assert Words("ar").place("TUR031") in said(app)


def test_going_back_in_the_browser_brings_back_what_the_address_says(served):
    """The address is what a reader sends to a colleague: it outranks what the session held."""
    app = opened("place", place="TUR031")
    app.query_params["place"] = "SY02"
    app.query_params["lang"] = "tr"
    app.query_params["known"] = "2024-12-20"
    app.run()
    assert app.query_params["place"] == "SY02"
    assert Words("tr").place("SY02") in said(app)
    assert app.session_state["known"].isoformat() == "2024-12-20"


@pytest.mark.parametrize("asked", ["./place?lang=ar&place=TUR079", "./place?place=TUR079&lang=ar"])
def test_a_followed_link_shows_its_own_place_and_language(served, asked):
    """The masthead's script hands the link over; nothing of the page before may stick to it."""
    app = opened("place", place="TUR031", lang="en")
    app.session_state["go"] = asked
    app.run()
    assert not app.exception
    assert app.query_params["place"] == "TUR079"
    assert Words("ar").place("TUR079") in said(app)


@pytest.mark.parametrize(
    "asked", ["./nowhere?x=1", "https://example.org/", "./../../etc", "./?%00"]
)
def test_a_bent_link_leads_nowhere_and_never_raises(served, asked):
    app = opened("sources")
    app.session_state["go"] = asked
    app.run()
    assert not app.exception


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_store_is_a_sentence_with_a_remedy(tmp_path, monkeypatch, language):
    monkeypatch.setenv("NUZUH_STORE", str(tmp_path / "none"))
    for page in PAGES:
        app = opened(page.name, lang=language)
        assert not app.exception
        assert Words(language)("app.empty") in said(app)


def test_a_broken_store_is_a_sentence_with_a_remedy(tmp_path, monkeypatch):
    (tmp_path / "current.json").write_text("{", encoding="utf-8")
    monkeypatch.setenv("NUZUH_STORE", str(tmp_path))
    st.cache_resource.clear()
    app = opened()
    assert not app.exception
    assert Words("en")("app.broken") in said(app)


def test_streamlit_finds_the_app_and_its_routes():
    """`streamlit run app.py` must serve the App, or the map's and the monitor's addresses die."""
    from streamlit.web.server.app_discovery import discover_asgi_app

    found = discover_asgi_app(ROOT / "app.py")
    assert found.is_asgi_app
    assert found.import_string == "app:app"
