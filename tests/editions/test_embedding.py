"""A chart in somebody else's page: fits a phone, runs nothing, is fresh or frozen as asked."""

import io
import re
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import html5lib
import pandas as pd
import pytest
import zxingcpp
from PIL import Image
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from dashboard.server import security_headers
from dashboard.session import cached
from data.analysis import map_layers
from data.gazetteer import area
from data.store import FigureFilter, Publication, Store
from editions import content, embed, routes
from tests import carried
from visuals.language.words import LANGUAGES, Words

CHART = {"places": "SY07", "lang": "en"}
HOST = "https://figures.example.org"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return carried.publish(tmp_path_factory.mktemp("embedded"))


@pytest.fixture
def client(store, monkeypatch):
    monkeypatch.setenv("NUZUH_STORE", store.address)
    monkeypatch.setenv("NUZUH_ADDRESS", HOST)
    app = Starlette(
        routes=list(routes.ROUTES), middleware=[Middleware(security_headers.SecurityHeaders)]
    )
    return TestClient(app, base_url=HOST)


def chart(client, form="html", **more):
    return client.get(f"/nuzuh/embed/series.{form}?{urlencode(CHART | more)}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_frame_is_a_whole_page_that_runs_nothing_and_is_drawn_for_a_phone_too(client, language):
    body = chart(client, lang=language).text
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(body)
    assert parser.errors == []
    assert f'lang="{language}" dir="{Words(language).direction}"' in body
    for word in (r"<script", r"<link", r"url\(", r"@import", r"\son[a-z]+="):
        assert not re.search(word, body), word
    assert body.count('class="desk"') == body.count('class="phone"') >= 1
    assert f"{HOST}/charts?places=SY07" in unescape(body)
    assert Words(language)("app.disclaimer") in unescape(body)


def test_other_sites_may_frame_what_is_made_for_it_and_no_other_page(client):
    """A page of decisions inside a stranger's page is a button that somebody else presses."""
    framed = chart(client)
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    assert framed.headers["Content-Security-Policy"].startswith("default-src 'none'")
    other = client.get("/nuzuh/light/en/no-such-page.html", headers={"Accept": "text/html"})
    assert other.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors *" not in other.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in security_headers.policy()


def test_a_frozen_chart_stays_as_it_was_when_a_newer_release_says_otherwise(client, store):
    before = store.current()
    live, frozen = chart(client, "svg"), chart(client, "svg", release=before.id)
    assert "immutable" in frozen.headers["Cache-Control"]
    assert "immutable" not in live.headers["Cache-Control"]
    assert frozen.content == live.content
    found = before.figures(FigureFilter(place=("SY07",)))
    found = found[found["value"].notna() & found["via"].eq("published_figures")]
    changed = found.assign(
        value=found["value"] + 111_111, value_raw=pd.NA, retrieved_at=datetime.now(UTC)
    )
    said = Publication("published_figures", changed, "changed", complete=False)
    Store(store.address).publish(said, now=datetime.now(UTC))
    assert chart(client, "svg").content != frozen.content
    assert chart(client, "svg", release=before.id).content == frozen.content
    assert chart(client, release="20200101T000000000000Z-000000").status_code == 404


def oembed(client, url, **more):
    return client.get("/nuzuh/oembed", params={"url": url} | more)


def source(found):
    """The address of an answer's frame, which it gives once and in the size that it says."""
    (src,) = re.findall(r'src="([^"]*)"', found["html"])
    assert f'width="{found["width"]}" height="{found["height"]}"' in found["html"]
    assert "sandbox=" in found["html"]
    assert "max-width:100%" in found["html"]
    return unescape(src)


def test_oembed_gives_a_frame_for_a_chart_of_ours_and_for_nothing_else(client):
    """What a site's editor asks when somebody pastes an address (oembed.com, section 2.3.4)."""
    page = f"{HOST}/charts?{urlencode(CHART)}"
    told = oembed(client, page, maxwidth=180, maxheight=5000, format="json")
    assert told.headers["Content-Type"] == "application/json"
    found = told.json()
    assert (found["version"], found["type"]) == ("1.0", "rich")
    assert (found["width"], found["height"]) == (180, routes.HIGH)  # never more than asked for
    assert source(found) == f"{HOST}/nuzuh/embed/series.html?places=SY07&lang=en"
    assert oembed(client, page, format="xml").status_code == 501
    for size in ("0", "-1", "wide", ""):
        assert oembed(client, page, maxwidth=size).status_code == 400, size
    for other in (
        "https://elsewhere.example/charts?places=SY07",
        f"{HOST}/admin?task=held",
        f"{HOST}/charts/../admin",
        "javascript:alert(1)",
        "",
    ):
        assert client.get("/nuzuh/oembed", params={"url": other}).status_code == 404, other
    hostile = f'{HOST}/charts?places=SY07&from="><script>'
    assert client.get("/nuzuh/oembed", params={"url": hostile}).status_code == 400
    quoted = f'{page}&note="><script>'
    assert "<script" not in oembed(client, quoted).json()["html"]


def test_oembed_frames_no_chart_without_a_figure(client):
    """Else a report would hold a frame that says only that nothing is there."""
    for nothing in ("series=nobody", "from=2100-01-01", "release=20200101T000000000000Z-000000"):
        address = f"{HOST}/charts?places=SY07&{nothing}"
        assert oembed(client, address).status_code == 404, nothing


def test_oembed_frames_the_map_that_its_page_shows(client, store):
    """The series that the page begins with, or the one that the address names."""
    release = store.current()
    begun = oembed(client, f"{HOST}/map?lang=ar").json()
    assert client.get(source(begun)).status_code == 200
    layer = next(iter(cached.layers(release, release.id, None).values()))
    series, level = map_layers.layer_id(layer), map_layers.levels(layer)[0]
    code = map_layers.picture_code(series, level)
    assert source(begun) == f"{HOST}/nuzuh/embed/map.html?series={code}&lang=ar"
    named = f"{HOST}/map?{urlencode({'series': series, 'level': level, 'known': '2100-01-01'})}"
    assert source(oembed(client, named).json()).endswith(f"map.html?series={code}")
    frozen = source(oembed(client, f"{named}&release={release.id}").json())
    assert "immutable" in client.get(frozen).headers["Cache-Control"]
    for other in ("series=nobody", "level=9", "known=2020-02-11"):
        assert oembed(client, f"{HOST}/map?{other}").status_code == 404, other


def test_a_page_tells_where_its_frame_is_found(client):
    """An editor knows no address of ours: it reads the head of the page that was pasted."""
    query = urlencode(CHART | {"note": '"><script>'})
    scope = {"type": "http", "scheme": "https", "server": ("x", 443), "headers": []}
    scope |= {"method": "GET", "path": "/charts", "query_string": query.encode()}
    head = routes.discovery(scope, frozenset())
    assert routes.discovery(scope | {"path": "/place"}, frozenset()) == ""
    assert "<script" not in unescape(head)
    (href,) = re.findall(
        r'<link rel="alternate" type="application/json\+oembed" href="(.*?)">', head
    )
    assert source(client.get(unescape(href)).json()) == f"{HOST}/nuzuh/embed/series.html?{query}"


@pytest.mark.parametrize("form", ["html", "svg"])
def test_the_maps_that_a_page_offers_to_embed_are_there_and_frozen_ones_stay(client, store, form):
    """A code that leads nowhere is a hole in somebody's report."""
    release = store.current()
    figures = release.figures(FigureFilter(group=("IDP",), admin_level=(1,)))
    layer = next(
        part
        for part in map_layers.layers(figures)
        if part["place_code"].nunique() > 1 and (map_layers.level_of(part) == "1").all()
    )
    code = map_layers.picture_code(map_layers.layer_id(layer), "1")
    live = client.get(f"/nuzuh/embed/map.{form}?series={code}")
    frozen = client.get(f"/nuzuh/embed/map.{form}?series={code}&release={release.id}")
    assert live.status_code == frozen.status_code == 200
    assert "immutable" in frozen.headers["Cache-Control"]
    assert "frame-ancestors *" in live.headers["Content-Security-Policy"]
    unknown = f"/nuzuh/embed/map.{form}?series={code}&release=20200101T000000000000Z-000000"
    assert client.get(unknown).status_code == 404


def code_in(client, name: str, **choices: str) -> list[str]:
    """What a phone reads that is held over a picture."""
    drawn = client.get(f"/nuzuh/embed/{name}.png?{urlencode(choices)}")
    assert drawn.status_code == 200, drawn.text
    return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(drawn.content)))]


def test_the_code_in_a_map_leads_to_the_page_of_that_map_and_day(client, store):
    """A picture that somebody printed is looked up with a phone, whichever door it came through."""
    release = store.current()
    (address,) = code_in(client, "map", lang="tr")
    day = f"{release.published_at:%Y-%m-%d}"
    assert address == f"{HOST}/?lang=tr&known={day}"
    layers = map_layers.layers(release.figures(FigureFilter(group=("IDP",), admin_level=(1,))))
    layer = next(part for part in layers if part["place_code"].nunique() > 1)
    series, end = map_layers.layer_id(layer), layer["as_of"].max()
    asked = {"series": map_layers.picture_code(series, "1"), "day": f"{end:%Y-%m-%d}"}
    (address,) = code_in(client, "map", lang="ar", **asked)
    page = urlsplit(address)
    assert page.path == "/map"
    assert parse_qs(page.query) == {
        "series": [series],
        "level": ["1"],
        "day": [asked["day"]],
        "lang": ["ar"],
        "known": [day],
    }


def test_the_first_pages_map_says_no_day_that_is_not_of_all_its_figures(store):
    """Türkiye is counted later than Syria's governorates: one day in the title dates both wrong."""
    held = content.gather(store.current(), area.load("idlib"))
    assert held.overview["as_of"].nunique() > 1
    for language in LANGUAGES:
        words = Words(language)
        title = embed.a_map(held, language, None, None, HOST).title
        assert not [day for day in held.overview["as_of"] if words.day(day) in title]


def test_the_code_in_a_chart_leads_to_the_studio_with_that_figure(client, store):
    idleb = store.current().figures(FigureFilter(exactly=("SY07",), group=("IDP",)))
    figure = idleb[idleb["publisher"].eq("UNHCR")].sort_values("as_of").iloc[-1]
    (address,) = code_in(client, "chart", figure=str(figure["figure_id"]), lang="en")
    page = urlsplit(address)
    assert page.path == "/charts"
    drawn = client.get(f"/nuzuh/embed/series.svg?{page.query}").text
    assert f"{figure['value']:,}" in drawn


def test_a_picture_of_a_machine_without_an_address_has_no_code(client, monkeypatch):
    monkeypatch.setenv("NUZUH_ADDRESS", "http://127.0.0.1:8501")
    assert code_in(client, "map", lang="en") == []
