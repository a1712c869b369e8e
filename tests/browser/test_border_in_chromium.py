"""Movements, the border, places and downloads as a reader meets them in a real browser."""

import csv
import io
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import geopandas as gpd
import pytest

from tests.effort import one_in
from visuals.language.words import Words

CASES = (
    ("movements", "movements", {"month": "2019-12"}),
    ("border", "border", {}),
    ("place", "place", {"place": "TUR063"}),
    ("downloads", "downloads", {"within": "SY07", "group": "IDP"}),
)


@pytest.mark.parametrize(
    ("language", "scheme"),
    [
        pytest.param("en", "light", marks=pytest.mark.wide),
        pytest.param("ar", "light", marks=pytest.mark.wide),
        pytest.param("en", "dark", marks=pytest.mark.wide),
    ],
)
@pytest.mark.parametrize(("name", "path", "choices"), CASES)
def test_the_page_is_kept_for_people_to_look_at(app, sheet, name, path, choices, language, scheme):
    tab = sheet(1440, color_scheme=scheme)
    tab.open(app.at(path, lang=language, **choices))
    for width in (390, 1440):
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.keep(f"border-{name}-{language}-{scheme}-{width}")
        assert tab.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert not tab.page.locator("[data-testid=stException]").count()
    assert not tab.errors


def test_months_go_back_and_forth_with_the_keyboard(app, sheet):
    """A reader without a mouse steps through 2019, and the address follows for a colleague."""
    tab = sheet()
    tab.open(app.at("movements", lang="en", month="2019-12"))
    before = tab.page.locator(".nz-flow").get_attribute("aria-label")
    tab.page.get_by_role("button", name="Previous: November 2019").press("Enter")
    tab.page.wait_for_function("() => location.search.includes('month=2019-11')")
    tab.settle()
    assert tab.page.locator(".nz-flow").get_attribute("aria-label") != before
    tab.page.get_by_role("button", name="Next: December 2019").press("Enter")
    tab.page.wait_for_function("() => location.search.includes('month=2019-12')")
    tab.settle()
    assert tab.page.locator(".nz-flow").get_attribute("aria-label") == before


def test_an_arrow_has_the_focus_and_leads_to_the_provenance_of_its_number(app, sheet):
    tab = sheet()
    tab.open(app.at("movements", lang="en", month="2019-12"))
    arrow = tab.page.locator('.nz-flow a[aria-label^="From Idleb to Aleppo, movements: 81,900"]')
    arrow.focus()
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/figure?**")
    tab.settle()
    assert "81,900" in tab.page.locator(".stMainBlockContainer").inner_text()


@pytest.mark.parametrize(
    ("language", "typed", "code"),
    one_in(4, [("en", "ادلب", "SY07"), ("ar", "Idlib", "SY07"), ("tr", "sanliurfa", "TUR063"),
               ("ar", "اعزاز", "SY0204")]),
)  # fmt: skip
def test_a_place_is_found_in_either_script_with_the_keyboard(app, sheet, language, typed, code):
    """Whoever has an Arabic keyboard finds a place on the English page, and the other way."""
    tab = sheet()
    words = Words(language)
    tab.open(app.at("place", lang=language, place="LBN"))
    box = tab.page.get_by_role("textbox", name=words("search.label"))
    box.fill(typed)
    box.press("Enter")
    hit = tab.page.locator(f".st-key-place-to-{code} button")
    hit.wait_for()
    hit.press("Enter")
    tab.page.locator("h1", has_text=words.place(code)).wait_for()
    tab.settle()
    # The area's first place needs no code in the address; the one left behind is not in it.
    assert parse_qs(urlsplit(tab.page.url).query).get("place", ["SY07"]) == [code]


def downloaded(tab, language: str) -> Path:
    said = Words(language)("download.button", format="").split("(")[0].strip()
    with tab.page.expect_download() as taken:
        tab.page.get_by_role("button", name=said, exact=False).last.press("Enter")
    return Path(taken.value.path())


def test_a_download_is_what_is_on_the_screen_and_cites_the_view_of_that_day(app, sheet):
    tab = sheet()
    tab.open(app.at("downloads", lang="ar", within="SY07", known="2020-02-26"))
    shown = tab.page.locator(".nz table tbody tr").count()
    body = downloaded(tab, "ar").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert 0 < shown == len(rows)
    assert {row["admin1_code"] for row in rows} == {"SY07"}
    assert max(row["known_from"] for row in rows) <= "2020-02-26"
    link = rows[0]["citation"].rsplit(" ", 1)[1]
    query = parse_qs(urlsplit(link).query)
    assert (query["within"], query["known"], query["lang"]) == (["SY07"], ["2020-02-26"], ["ar"])
    tab.open(link)
    assert tab.page.locator(".nz table tbody tr").count() == shown


def test_polygons_or_points_open_in_a_geographic_program(app, sheet):
    tab = sheet()
    tab.open(app.at("downloads", lang="en", within="SY07", format="geojson", group="IDP"))
    frame = gpd.read_file(downloaded(tab, "en"))
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.notna().all()
    assert set(frame["admin1_code"]) == {"SY07"}
