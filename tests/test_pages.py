"""Every page, in every language, through the real router; and addresses that somebody bent."""

import re
from datetime import date
from html import unescape

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.components import selection
from dashboard.navigation import PAGES
from data.settings import ROOT
from data.store import Publication, Release, Store, Wanted
from tests import builders, carried
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
    app.get("button_group")[0].set_value("ar").run()
    assert not app.exception
    assert app.query_params["lang"] == "ar"
    assert app.query_params["place"] == "TUR031"
    assert Words("ar").place("TUR031") in said(app)


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


def test_the_border_keeps_its_windows_apart_and_tells_every_age(served):
    text = said(opened("border"))
    for part in ("Refugee returns since December 2024", "Refugee returns from Türkiye since 2016"):
        assert part in text
    assert "Bab al-Hawa / Cilvegözü" in text
    assert "Resolution 2672" in text
    assert re.search(r"Hatay .*?\d+ (month|day|year)s? ago", text)


def test_the_border_of_february_2020_knows_nothing_later(served):
    text = said(opened("border", known="2020-02-11"))
    assert "Resolution 2504" in text
    for later in ("Resolution 2533", "active", "2021", "2025"):
        assert later not in text


def test_movements_show_the_publishers_total_beside_the_sum(served):
    text = said(opened("movements", month="2019-12"))
    assert "81,900" in text
    assert "about 84,000" in text  # published
    assert "Sum of the numbers above (ours)" in text
    assert "the publisher’s total is about 308,200" in text
    assert "moves, not people" in text


def test_a_question_too_large_for_a_page_is_refused_with_the_command(served, monkeypatch):
    """Five million figures would stop a phone, and the server with it."""
    read = []
    monkeypatch.setattr(selection, "MOST", 10)
    monkeypatch.setattr(Release, "figures", lambda self, wanted: read.append(wanted))
    st.cache_data.clear()
    app = opened("downloads", within="SY07", group="IDP")
    assert not app.exception
    assert "nuzuh figures --within SY07 --group IDP" in said(app)
    assert [wanted for wanted in read if "SY07" in wanted.within] == []
    assert not app.get("download_button")


def test_a_store_with_what_could_hurt_offers_no_file(tmp_path, monkeypatch):
    """An office's own store may hold camps; a public page of it may not give them out."""
    rows = builders.figures({"provider_admin3_name": "Atmeh camp"})
    store = Store(str(tmp_path))
    store.publish(Publication("test_source", rows, "test"), now=builders.RETRIEVED)
    monkeypatch.setenv("NUZUH_STORE", str(tmp_path))
    app = opened("downloads")
    assert not app.exception
    assert Words("en")("download.refused") in said(app)
    assert not app.get("download_button")


def test_what_matches_is_counted_where_it_lies(served):
    release = served.current()
    for wanted in (Wanted(), Wanted(within=("SY07",)), Wanted(as_known_on=date(2020, 2, 11))):
        assert release.matching(wanted) == len(release.figures(wanted))
