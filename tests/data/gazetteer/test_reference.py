"""What the project carries beside figures and places: crossings, events, outlines."""

import json
from urllib.parse import urlsplit

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from data.gazetteer import area as areas
from data.gazetteer import crossings, events, places

REFERENCE = places.REFERENCE.parent
OUTLINES = REFERENCE / "outlines" / "outlines.geojson"
AREA = areas.load("idlib")
NOTED = pd.Timestamp("2026-11-23")
ON_THE_BORDER = 0.05  # degrees: Natural Earth's border is generalised, crossings are to 0.01


@pytest.fixture(scope="module")
def outlines() -> gpd.GeoDataFrame:
    return gpd.read_file(OUTLINES)


@pytest.fixture(scope="module")
def admin1(outlines: gpd.GeoDataFrame) -> gpd.GeoSeries:
    return outlines[outlines["kind"] == "admin1"].set_index("place_code").geometry


@pytest.fixture(scope="module")
def across(outlines: gpd.GeoDataFrame) -> gpd.GeoSeries:
    return outlines.set_index("place_code").geometry


def test_crossings_fit_their_table_and_their_codes_exist() -> None:
    table = crossings.table()
    assert {"bab-al-hawa", "bab-al-salam", "al-raee", "jarablus"} <= set(table["crossing_code"])
    for column, start in (("syria_code", "SY"), ("across_code", ("TUR", "IRQ"))):
        codes = table[column].dropna()
        assert codes.str.startswith(start).all()
        assert [code for code in codes if not places.is_known_code(code)] == []


def test_a_crossing_is_called_open_only_with_a_day_and_a_source() -> None:
    """An undated status is worse than none: somebody sends a convoy on it."""
    table = crossings.table()
    parts = table[["status", "status_as_of", "status_source"]].notna()
    assert (parts.all(axis=1) == parts.any(axis=1)).all()
    assert parts["status"].any()
    assert (table["status_as_of"].dropna() <= NOTED).all()
    assert set(table["status"].dropna()) <= {"active", "limited", "inactive"}


def test_the_suspect_points_are_left_out() -> None:
    table = crossings.table().set_index("crossing_code")
    assert table.loc[["harim", "hacipasa", "hammam"], ["lat", "lon"]].isna().all(axis=None)


def test_crossings_lie_on_the_border_of_their_province(
    admin1: gpd.GeoSeries, across: gpd.GeoSeries
) -> None:
    """Swapped or mistyped degrees put a crossing into the sea or another province."""
    syria = shapely.union_all(admin1[admin1.index.str.startswith("SY")].to_numpy())
    for row in crossings.table().dropna(subset=["lat", "lon"]).itertuples():
        point = shapely.Point(row.lon, row.lat)
        assert point.distance(across[row.across_code]) < ON_THE_BORDER, row.crossing_code
        assert point.distance(syria) < ON_THE_BORDER, row.crossing_code


def test_events_fit_their_table_and_their_places_exist() -> None:
    table = events.table()
    assert [code for code in table["place_code"] if not places.is_known_code(code)] == []
    ended = table.dropna(subset=["ends_on"])
    assert (ended["starts_on"] <= ended["ends_on"]).all()
    assert (table["starts_on"] <= NOTED).all()


def test_every_event_names_its_page_and_starts_in_the_year_of_its_code_or_the_one_before() -> None:
    """An event without a page is an opinion; one in the wrong year marks the wrong rise."""
    for row in events.table().itertuples():
        address = urlsplit(row.source_url)
        assert address.scheme == "https", row.event_code
        assert address.hostname, row.event_code
        assert int(row.event_code[:4]) - row.starts_on.year in (0, 1), row.event_code


@pytest.mark.parametrize(
    "day",
    [
        "2018-03-09",
        "2019-04-29",
        "2019-10-09",
        "2019-12-01",
        "2023-02-06",
        "2023-10-05",
        "2024-11-27",
        "2024-09-24",
        "2024-12-08",
        "2024-12-16",
        "2025-03-06",
        "2025-07-13",
        "2026-01-06",
        "2026-01-13",
    ],
)
def test_the_events_that_readers_ask_about_are_marked(day: str) -> None:
    assert (events.table()["starts_on"] == pd.Timestamp(day)).any()


def test_the_authorisations_leave_no_gap_but_the_two_that_there_were() -> None:
    """The Council's mandate lapsed on 10 July 2022 for two days and on 10 July 2023 for good."""
    table = events.table()
    resolutions = table[
        table["event_code"].str.contains("-un-") & (table["kind"] == "authorisation")
    ]
    resolutions = resolutions.dropna(subset=["ends_on"]).sort_values("starts_on")
    starts = resolutions["starts_on"].iloc[1:].reset_index(drop=True)
    ends = resolutions["ends_on"].iloc[:-1].reset_index(drop=True)
    gaps = (starts - ends).dt.days
    assert ends[gaps > 1].tolist() == [pd.Timestamp("2022-07-10")]
    assert resolutions["ends_on"].iloc[-1] == pd.Timestamp("2023-07-10")


def test_every_governorate_and_province_of_the_area_has_an_outline(
    admin1: gpd.GeoSeries,
) -> None:
    for code in (*AREA.core, *AREA.around, *AREA.border, *AREA.behind):
        assert code in admin1.index
    syrian = [code for code in admin1.index if code.startswith("SY")]
    assert len(syrian) == 14


def test_outlines_are_valid_and_each_place_has_one(outlines: gpd.GeoDataFrame) -> None:
    assert outlines.geometry.is_valid.all()
    assert set(outlines.geometry.geom_type) <= {"Polygon", "MultiPolygon"}
    assert outlines["place_code"].is_unique
    assert [code for code in outlines["place_code"] if not places.is_known_code(code)] == []


def test_neighbours_share_their_border(admin1: gpd.GeoSeries) -> None:
    """A border simplified twice leaves slivers and overlaps that show as white and dark lines."""
    whole = shapely.union_all(admin1.to_numpy())
    assert shapely.area(admin1.to_numpy()).sum() == pytest.approx(whole.area, rel=1e-6)
    syria = admin1[admin1.index.str.startswith("SY")]
    assert len(shapely.get_parts(shapely.union_all(syria.to_numpy()))) <= 2


def test_seats_lie_in_or_beside_their_outline(admin1: gpd.GeoSeries) -> None:
    table = places.table().set_index("place_code")
    for code, outline in admin1.items():
        seat = shapely.Point(table.loc[code, "lon"], table.loc[code, "lat"])
        assert outline.distance(seat) < 0.1, code


def test_outlines_are_light_and_in_degrees(outlines: gpd.GeoDataFrame) -> None:
    assert OUTLINES.stat().st_size < 150_000
    west, south, east, north = outlines.total_bounds
    assert 29 <= west < east <= 47
    assert 29 <= south < north <= 43
    written = json.loads(OUTLINES.read_text(encoding="utf-8"))
    assert all(
        set(f["properties"]) == {"place_code", "kind", "location_code"} for f in written["features"]
    )


def test_the_readme_names_every_reference_file() -> None:
    """A file whose origin nobody wrote down cannot be passed on."""
    text = (REFERENCE / "README.md").read_text(encoding="utf-8")
    for path in [*REFERENCE.glob("*.csv"), *REFERENCE.glob("outlines/*")]:
        assert path.relative_to(REFERENCE).as_posix() in text
    for folder in (p for p in REFERENCE.iterdir() if p.is_dir()):
        assert f"{folder.name}/" in text
