"""Every page, in every language, through the real router; and addresses that somebody bent."""

import re
from datetime import date
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.components import figure_question
from dashboard.session import cached
from dashboard.shell.navigation import PAGES
from dashboard.views import map
from data.analysis import precedence, reconciliations
from data.settings import ROOT
from data.store import FigureFilter, Publication, Release, Store
from tests import builders
from tests.effort import each_with_each, in_each_language, one_in
from visuals.language import figure_text
from visuals.language.words import LANGUAGES, Words
from visuals.map import circles

BENT = (
    {"lang": "xx", "known": "99", "figure": "<script>alert(1)</script>"},
    {"lang": "", "known": "2020-02-30", "place": "SY99", "series": "x~y", "day": "never"},
    {"known": "1066-10-14", "place": "../../etc/passwd", "level": "9"},
    {"known": "9999-12-31", "figure": "0" * 16, "place": "' or 1=1 --"},
)


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
    if page != PAGES[0].name:
        app = app.switch_page(f"dashboard/pages/{page}.py")
    return app.run()


def said(app: AppTest) -> str:
    """What a reader can read of the page's own HTML."""
    body = " ".join(element.proto.body for element in app.get("html"))
    body = re.sub(r"<(style|script)>.*?</\1>", " ", body, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", body))


def test_what_the_choices_of_a_map_are_called_is_found_once_for_a_release(served, monkeypatch):
    """It looks at all rows of a layer: asked with each change, 200 readers wait half a minute."""
    asked = []

    def counting(name):
        real = getattr(circles, name)

        def called(*given):
            asked.append(name)
            return real(*given)

        return called

    for name in ("layer_by", "layer_name"):
        monkeypatch.setattr(circles, name, counting(name))
    monkeypatch.setattr(map, "level_name", lambda *_: asked.append("level_name") or "a level")
    cached._page_part.clear()
    assert not opened("map", lang="tr").exception
    assert set(asked) == {"layer_by", "layer_name", "level_name"}
    asked.clear()
    assert not opened("map", lang="tr").exception
    assert asked == []
    cached._page_part.clear()  # "a level" is for nobody else


@pytest.mark.parametrize(
    "language", ["tr", *(pytest.param(one, marks=pytest.mark.wide) for one in ("en", "ar"))]
)  # `tests/test_every_mark.py` opens them in English, a browser in Arabic
@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_every_page_opens_in_every_language(served, page, language):
    app = opened(page, lang=language)
    assert not app.exception
    assert app.query_params["lang"] == language
    words = Words(language)
    heading = "figure.none" if page == "figure" else f"{page}.title"
    shown = words("provenance.unknown") if page == "figure" else None
    if page == "place":
        shown = words.place("SY07")
    assert (shown or words(heading)) in said(app)


@each_with_each(page=[page.name for page in PAGES], address=BENT)
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


def test_the_provenance_of_a_number_show_both_vintages(served):
    """Türkiye 2025: the mid-year value gave way to the year-end one, and both stay readable."""
    wanted = FigureFilter(place=("TUR",), group=("REF",), source=("unhcr_population",))
    figures = served.current().figures(wanted)
    figure = figures[figures["as_of"] == "2025-12-31"].iloc[0]
    text = said(opened("figure", figure=figure["figure_id"]))
    for part in ("2,347,756", "2,646,142", "mid-year value replaced", figure["content_sha256"]):
        assert part in text


def test_every_number_of_the_situation_leads_to_its_provenance(served):
    app = opened()
    body = "".join(element.proto.body for element in app.get("html"))
    ids = set(re.findall(r"figure=([0-9a-f]{16,17})", body))
    assert len(ids) >= 5
    known = served.current().vintages(FigureFilter(figure_id=tuple(ids)))["figure_id"]
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


@in_each_language()
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


def test_compare_shows_february_2020_with_its_reasons(served):
    app = opened("compare", place="X-SYR-NW", group="NEWDISP", on="2020-02-29")
    text = said(app)
    for part in ("742,109", "375,000", "over 948,000", "at least a month", "tracked within"):
        assert part in text
    assert app.query_params["on"] == ["2020-02-29"] or app.query_params["on"] == "2020-02-29"


@pytest.mark.parametrize("case", one_in(3, reconciliations.cases()), ids=lambda case: case.code)
def test_each_known_contradiction_is_on_the_page_with_its_reasons(served, case):
    """Whoever was asked why two reports differ finds both numbers and the documented reason."""
    text = said(
        opened("compare", place=case.places[0], group=case.groups[0], on=case.on.isoformat())
    )
    words = Words("en")
    for picked in case.figures.values():
        assert words.number(picked["value"]) in text
    for reason in {code for _, codes in case.gaps for code in codes}:
        assert words(f"reason.{reason}") in text
    for _, summed, codes in case.parts:
        assert words.number(summed) in text
        assert all(words(f"reason.{code}") in text for code in codes)


def test_compare_as_known_on_a_day_knows_nothing_later(served):
    """A report of 17 February could not know 948,000, nor a text that explains it."""
    address = {"place": "X-SYR-NW", "group": "NEWDISP", "on": "2020-02-29"}
    text = said(opened("compare", known="2020-02-17", **address))
    assert "900,000" in text
    for later in ("948,000", "742,109", "375,000", "26 February 2020"):
        assert later not in text


def test_the_camp_list_shows_what_its_parts_miss(served):
    text = said(opened("compare", place="SY07", group="IDP", on="2025-12-07"))
    for part in ("127,387", "9,503", "135,279", "8,497", "not explained by the publisher"):
        assert part in text


def test_a_reader_may_tell_the_others_against_another_figure(served):
    address = {"place": "SYR", "group": "IDP", "on": "2025-12-31"}
    figures = served.current().figures(FigureFilter(place=("SYR",), group=("IDP",)))
    press = figures[figures["value"].eq(7_000_000) & figures["as_of"].eq("2025-11-15")].iloc[0]
    text = said(opened("compare", against=press["figure_id"], **address))
    assert "Reasons are given relative to the reference figure: about 7,000,000" in text


def test_a_number_of_a_situation_report_leads_to_its_series(served):
    figures = served.current().figures(FigureFilter(place=("SY0203",), group=("NEWDISP",)))
    first = figures[figures["value"].eq(98_000)].iloc[0]
    text = said(opened("figure", figure=first["figure_id"]))
    for part in ("98,000", "167,000", "137,070", "134,000", "Download our stored copy"):
        assert part in text
    then = said(opened("figure", figure=first["figure_id"], known="2018-03-20"))
    assert "98,000" in then
    assert "137,070" not in then


@each_with_each(
    page=[page.name for page in PAGES if page.name != "sources"],
    day=["2018-03-20", "2020-02-17", "2024-12-10"],
)
def test_no_page_names_a_day_of_publication_after_the_day_it_shows(served, page, day):
    """Whatever a page shows as known on a day, its own dates must not betray a later source."""
    app = opened(page, known=day, place="SYR", group="NEWDISP", on=day)
    body = "".join(element.proto.body for element in app.get("html"))
    ids = set(re.findall(r"figure=([0-9a-f]{16,17})", body))
    known = served.current().vintages(FigureFilter(as_known_on=pd.Timestamp(day).date()))
    assert ids <= set(known["figure_id"])


def test_the_situation_lists_what_changed_since_the_day_in_the_address(served):
    text = " ".join(said(opened(since="2026-06-01")).split())
    assert "Since your last visit" in text
    assert "2,646,142 → 2,347,756 (mid-year value replaced by the year-end value)" in text
    assert "Since your last visit" not in said(opened(since="never"))


def test_the_border_keeps_its_windows_apart_and_tells_every_age(served):
    text = said(opened("border"))
    for part in ("Refugee returns since December 2024", "Refugee returns from Türkiye since 2016"):
        assert part in text
    assert "Bab al-Hawa / Cilvegözü" in text
    assert "UNSC resolution 2672" in text
    assert re.search(r"Hatay .*?\d+ (month|day|year)s? ago", text)


def test_the_border_shows_all_idps_of_a_governorate_and_not_those_of_its_communities(served):
    """Idleb stood with 7,554 of 944,801 in IOM's last round: water for one in a hundred."""
    text = " ".join(said(opened("border")).split())
    idleb = re.search(r"Idleb ([\d,]+) 31 December 2025", text)
    assert idleb is not None
    assert idleb[1] == "944,801"
    assert "No figure covers the whole of Şırnak." in text


def test_a_place_shows_whole_recent_counts_first_and_folds_the_rest(served):
    """Its newest figures began with 2025 and ended with 2016, as if both were now."""
    app = opened("place", place="SY07")
    body = next(e.proto.body for e in app.get("html") if "Newest figures" in e.proto.body)
    first, *folded = re.split(r"<details", body)
    assert "944,801" in first
    assert not re.search(r"\b20(1[0-9]|2[0-3])\b", re.sub(r"<[^>]+>", " ", first))
    shut = " ".join(folded)
    assert "The same counts by category: " in shut
    assert "7,554" in shut
    assert "Figures with a reference date before 31 December 2023: " in shut
    assert "76,005" in shut


def test_surges_that_nobody_reported_of_late_are_unknown_on_both_pages(served):
    """One page said that nothing was known, the other that no surge was active."""
    for page in ("situation", "surges"):
        text = said(opened(page))
        assert "It is not known whether a surge is active" in text
        assert "No surge is active" not in text


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("border", {}),
        ("compare", {"place": "SY07"}),
        ("downloads", {"within": "SY07", "group": "IDP"}),
        ("place", {"place": "SY07"}),
    ],
)
def test_a_number_by_category_stands_in_no_row_that_does_not_name_the_category(
    served, page, address
):
    """Who reads "Idleb 7,554" without "in communities" takes it for all of Idleb."""
    words = Words("en")
    by_id = precedence.figures(served.current()).set_index("figure_id")["category"].dropna()
    bodies = " ".join(e.proto.body for e in opened(page, **address).get("html"))
    named = 0
    for row in re.findall(r"<tr.*?</tr>", bodies, re.DOTALL):
        for figure in re.findall(r"[?&;]figure=([0-9a-f]+)", row):
            if figure in by_id.index:
                assert figure_text.named(words, "category", by_id[figure]) in unescape(row)
                named += 1
    assert named or page == "border"


def test_pages_count_the_figures_that_their_address_gives(served):
    """What came by two routes was counted twice: 7,524 on the page, 7,504 rows in the file."""
    given = len(precedence.figures(served.current()))
    assert given < served.current().matching()
    for page in ("downloads", "elsewhere"):
        assert f"Figures that match: {given:,}." in said(opened(page))


def test_the_border_of_february_2020_knows_nothing_later(served):
    text = said(opened("border", known="2020-02-11"))
    assert "UNSC resolution 2504" in text
    for later in ("resolution 2533", "active", "2021", "2025"):
        assert later not in text


def test_movements_show_the_publishers_total_beside_the_sum(served):
    text = " ".join(said(opened("movements", month="2019-12")).split())
    assert "81,900" in text  # from Idleb to Aleppo, by the month's map
    assert "84,021" in text  # arrivals in Aleppo, by the table compiled later
    assert "Sum of the figures above (calculated here)" in text
    assert "the publisher’s total is 308,214" in text
    assert "These are movements, not individuals" in text
    assert Words("en")("app.disclaimer") in text


def test_a_question_too_large_for_a_page_is_refused_with_the_command(served, monkeypatch):
    """Five million figures would stop a phone, and the server with it."""
    read = []
    monkeypatch.setattr(figure_question, "MOST", 10)
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
    for wanted in (
        FigureFilter(),
        FigureFilter(within=("SY07",)),
        FigureFilter(as_known_on=date(2020, 2, 11)),
    ):
        assert release.matching(wanted) == len(release.figures(wanted))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_leads_to_what_its_words_mean(served, language):
    """Who does not know "stock" from "flow" is one click from the definition, in their language."""
    figure = served.current().figures(FigureFilter(place=("TUR",), group=("REF",))).iloc[0]
    app = opened("figure", lang=language, figure=figure["figure_id"])
    body = "".join(element.proto.body for element in app.get("html"))
    assert f'href="./glossary?lang={language}"' in body
    page = said(opened("glossary", lang=language))
    assert Words(language)("definition.group.REF") in page


def test_the_chart_studio_keeps_its_places_in_the_address(served):
    app = opened("charts", places="SY02,SY05", series="IDP~stock~people", lang="tr")
    words, text = Words("tr"), said(app)
    for code in ("SY02", "SY05"):
        assert words.place(code) in text
    body = "".join(element.proto.body for element in app.get("html"))
    picture = re.search(r'href="(nuzuh/embed/series\.png\?[^"]+)"', body)
    assert picture is not None
    asked = dict(parse_qsl(urlsplit(unescape(picture[1])).query))
    assert asked["places"] == "SY02,SY05"
    assert asked["series"] == "IDP~stock~people"
    assert "known" in asked
    app.session_state["add-place"] = "SY07"
    app.run()
    assert app.query_params["places"] in ("SY02,SY05,SY07", ["SY02,SY05,SY07"])
    app.session_state["lang"] = "ar"
    app.run()
    assert Words("ar").place("SY07") in said(app)


def test_several_charts_with_the_same_events_name_them_once(served):
    """Eleven small charts were each followed by the same eleven events: a page of repetition."""
    many = "SY01,SY02,SY03,SY04,SY05,SY06,SY07,SY08,SY09,SY10,SY11"
    app = opened("charts", places=many, series="IDP_ARR~flow~movements")
    body = " ".join(element.proto.body for element in app.get("html"))
    panels, named = body.count("<h3"), re.findall(r"Events: [^<]+", body)
    assert panels > 3
    assert named
    assert len(named) == len(set(named))


def test_coverage_says_what_there_is_for_dana(served):
    """Its camps were the most crowded of Idleb, and nobody could see which figures it has."""
    app = opened("coverage", place="SY070302", group="REF")
    text = " ".join(said(app).split())
    words = Words("en")
    assert words("coverage.none", place=words.place("SY070302")) in text
    assert "newest of another type: " in text
    every = " ".join(said(opened("coverage", place="SY07", year="2019")).split())
    assert "December" in every
    assert words("coverage.stopped") in every
