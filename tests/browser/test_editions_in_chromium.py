"""The light edition as a phone on a thin line and a stick in a laptop see it."""

import io
import re
from urllib.parse import urlsplit

import pytest
from PIL import Image

from data.gazetteer import area
from data.store import Store
from editions import content, light, publish
from tests.browser.conftest import snap
from tests.effort import ALL, in_each_language
from visuals.language.words import LANGUAGES

PATIENCE = 10
"""Seconds after which nobody waits for a first page."""
THIN = {
    "offline": False,
    "latency": 1000,
    "downloadThroughput": 50_000 / 8,
    "uploadThroughput": 50_000 / 8,
}


@pytest.fixture(scope="module")
def folder(app, tmp_path_factory):
    """The edition as `nuzuh edition` leaves it, a page of every kind: in small not in Turkish."""
    held = content.gather(Store(str(app.store)).current(), area.load("idlib"))
    out = tmp_path_factory.mktemp("stick") / "edition"
    for language in LANGUAGES if ALL else ("en", "ar"):
        edition = light.Edition(held, language)
        publish.write(out / language, {n: edition.file(n) for n in _of_every_kind(edition)})
    return out


def _of_every_kind(edition):
    """Of pages of many days and places the largest map's and those of Idleb."""
    many = ("place-", "map-", "provenance-")
    maps = [name for name in edition.pages if name.startswith("map-")]
    of_idleb = [name for name in edition.pages if re.match(r"(place|provenance)-SY07\b", name)]
    return [n for n in edition.pages if not n.startswith(many)] + maps[:3] + of_idleb


@in_each_language()
def test_the_first_page_is_read_in_ten_seconds_at_50_kilobits(app, sheet, language):
    tab = sheet(390, alone=True)
    session = tab.page.context.new_cdp_session(tab.page)
    warm = f"{app.address}/nuzuh/light/{language}/index.html"
    tab.page.request.get(warm, timeout=120_000)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", THIN)
    tab.page.goto(warm, wait_until="load", timeout=60_000)
    assert tab.page.locator(".nz-map circle").count() > 5
    assert tab.page.locator(".nz-value").count() == len(area.load("idlib").questions)
    # By the browser's own clock of what came over the line: the rest is this machine's haste.
    came = "performance.getEntriesByType('navigation')[0].responseEnd"
    assert 1 < tab.page.evaluate(came) / 1000 < PATIENCE  # the latency alone is a second
    assert {urlsplit(r.url).path for r in tab.requests if not r.url.startswith("data:")} <= {
        f"/nuzuh/light/{language}/index.html",
        "/favicon.ico",
    }


@in_each_language()
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_from_a_stick_every_kind_of_page_fits_and_asks_nobody(folder, sheet, language, scheme):
    tab = sheet(390, alone=True, color_scheme=scheme)
    names = sorted(p.name for p in (folder / language).iterdir())
    kinds = ["index.html", "maps.html", "compare.html", "sources.html", "method.html"]
    kinds += [next(n for n in names if n.startswith("map-")), "place-SY07.html"]
    kinds += ["provenance-SY07-1.html", "places.html"]
    assert set(kinds) <= set(names)
    for name in kinds:
        tab.page.goto((folder / language / name).as_uri())
        root = "document.documentElement"
        assert tab.page.evaluate(f"{root}.dir") == ("rtl" if language == "ar" else "ltr")
        for width in (390, 1440):
            tab.page.set_viewport_size({"width": width, "height": 900})
            wide = tab.page.evaluate(f"[{root}.scrollWidth, window.innerWidth]")
            assert wide[0] <= wide[1], (name, wide)
            if width == 390 or scheme == "light":
                shot = f"light-{name.removesuffix('.html')}-{language}-{scheme}-{width}"
                snap(tab.page, shot, whole=True)
    assert {urlsplit(request.url).scheme for request in tab.requests} <= {"file", "data"}
    assert not tab.errors


def test_the_land_of_a_map_that_shares_its_outlines_is_not_black(folder, sheet):
    """Outlines stand once on a page of several maps; what is used is styled where it stands."""
    tab = sheet(390, alone=True)
    name = next(p for p in sorted((folder / "ar").glob("map-*.html")) if "<use" in p.read_text())
    tab.page.goto(name.as_uri())
    shot = tab.page.locator("figure svg.nz-map").first.screenshot()
    seen = Image.open(io.BytesIO(shot)).convert("L").histogram()
    assert sum(seen[:24]) < 0.1 * sum(seen)
    assert sum(seen[200:]) > 0.6 * sum(seen)


def test_the_masthead_leads_to_the_light_version(app, sheet):
    tab = sheet()
    tab.open(app.at("", lang="ar"))
    tab.page.click("[data-id=more]")
    tab.page.click("[data-id=light]")
    tab.page.wait_for_url("**/nuzuh/light/ar/index.html")
    assert tab.page.evaluate("document.documentElement.dir") == "rtl"


def test_a_number_leads_to_its_provenance(folder, sheet):
    tab = sheet(alone=True)
    tab.page.goto((folder / "en" / "index.html").as_uri())
    tab.page.click(".nz-value a >> nth=0")
    shown = tab.page.locator(":target")
    assert "944,801" in shown.inner_text()  # IOM, the first of the headlines
    tab.page.click(":target a")
    assert "SHA-256" in tab.page.locator(":target").inner_text()
