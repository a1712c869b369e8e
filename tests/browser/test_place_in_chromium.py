"""IDMC reports displacements one by one, some hundreds a year: the place's series stay in sight."""

from datetime import date, timedelta

import pytest

from dashboard.views.place import SINGLE
from data import settings
from data.gazetteer import area
from data.store import FigureFilter, Store
from pipelines import registry
from pipelines.http.client import Client
from pipelines.run.context import RunContext
from pipelines.run.run import run_source
from tests import carried
from tests.browser.conftest import served
from tests.effort import first_of_each
from tests.servers.feeds import IduServer, idu_rows

MANY = 240
IDLEB, DANA = (35.93, 36.63), (36.24, 36.72)
ROWS = """(ids) => [...document.querySelectorAll("table")].map((table) => {
  const rows = [...table.tBodies[0].rows];
  const single = rows.filter((row) => ids.some((id) => row.innerHTML.includes(id)));
  return [rows.length, single.length, table.checkVisibility()];
})"""
"""Of every table: its rows, those of given figures, and whether it is in sight without a click."""


def events():
    """Rows of IDMC's: places in Idleb, a day for each."""
    (like, *_) = idu_rows("syr")
    for number in range(MANY):
        lat, lon = (IDLEB, DANA)[number % 2]
        day = (date(2025, 2, 1) + timedelta(days=number)).isoformat()
        dates = dict.fromkeys(
            ("displacement_date", "displacement_start_date", "displacement_end_date"), day
        )
        yield (
            like
            | dates
            | {
                "id": 9_000 + number,
                "figure": 30 + number,
                "latitude": lat,
                "longitude": lon,
                "locations_coordinates": f"{lat}, {lon}",
            }
        )


@pytest.fixture(scope="module")
def eventful(tmp_path_factory):
    """The app with the carried figures and many single displacements in Idleb."""
    folder = tmp_path_factory.mktemp("eventful")
    carried.publish(folder)
    with IduServer() as server:
        server.upload("syr", list(events()))
        at = RunContext(
            store=Store(str(folder)),
            settings=settings.Settings(url={"HDX": server.base_url}),
            area=area.load("idlib"),
            client=Client("test", interval=0),
            sources=registry.SOURCES,
        )
        outcome = run_source(registry.by_name("idmc_idu"), at)
    assert outcome.state == "published", outcome
    yield from served(folder)


@first_of_each(width=[390, 1440], language=["ar", "en"])
def test_single_displacements_do_not_crowd_a_place_s_page(eventful, sheet, width, language):
    """Whoever looks for the IDPs of Idleb would scroll past 240 rows of events."""
    tab = sheet(width)
    tab.open(eventful.at("place", place="SY07", lang=language))
    tab.keep(f"single-displacements-{language}-{width}")
    figures = Store(str(eventful.store)).current().figures(FigureFilter(place=("SY07",)))
    single = figures.loc[figures["source"].eq("idmc_idu"), "figure_id"].tolist()
    assert len(single) > 2 * SINGLE
    rows = tab.page.evaluate(ROWS, single)
    in_sight = [count for count, _, seen in rows if seen]
    assert max(in_sight) < 60, rows
    told = [count for _, count, _ in rows]
    assert sum(told) == SINGLE, rows
    told = tab.page.locator("main, .stMainBlockContainer").first.inner_text()
    assert "9,239" not in told
    assert not tab.errors


def test_a_sub_district_has_none_of_them(eventful, sheet):
    """Their positions are only as fine as a governorate."""
    tab = sheet(1440)
    tab.open(eventful.at("place", place="SY070301", lang="en"))
    assert "IDMC" not in tab.page.locator(".stMainBlockContainer").inner_text()


@pytest.mark.wide
def test_the_first_page_and_the_map_offer_series_alone(eventful, sheet):
    tab = sheet(1440)
    for page in ("", "map", "movements"):
        tab.open(eventful.at(page, lang="en"))
        text = tab.page.locator(".stMainBlockContainer").inner_text()
        assert text.count("Internal Displacement Updates") <= 8, page
        tab.keep(f"single-displacements-{page or 'situation'}")
