"""Places: codes have parents, names and seats, and one name leads to one place."""

import geopandas as gpd
import pandas as pd
import pytest

from data.gazetteer import area as areas
from data.gazetteer import places
from tests import real_files

OFFICIAL = real_files.BOUNDARIES
AREA = areas.load("idlib")
SHAPES = {
    ("SYR", "admin1"): r"SY\d{2}",
    ("SYR", "admin2"): r"SY\d{4}",
    ("SYR", "admin3"): r"SY\d{6}",
    ("TUR", "admin1"): r"TUR\d{3}",
    ("TUR", "admin2"): r"TUR\d{6}",
}
LAYERS = {
    ("SYR", "admin1"): ("syr_adm1_simplified.geojson", "ADM1_PCODE"),
    ("SYR", "admin2"): ("syr_adm2_simplified.geojson", "ADM2_PCODE"),
    ("SYR", "admin3"): ("syr_adm3_simplified.geojson", "ADM3_PCODE"),
    ("TUR", "admin1"): ("tur_adm1_simplified.geojson", "ADM1_PCODE"),
}
UNSEATED = {"SY030801", "SY080401", "SY090106", "SY090202", "SY140002", "SY140201"}
SIMPLIFIED = 0.003  # degrees by which simplification may move a border past a town on it


def of_kind(country: str, kind: str) -> pd.DataFrame:
    table = places.table()
    return table[(table["location_code"] == country) & (table["kind"] == kind)]


def area_codes() -> list[str]:
    return [*AREA.core, *AREA.around, *AREA.border, *AREA.behind, *AREA.regions, *AREA.countries]


def test_all_of_syria_and_turkiye_is_there_down_to_district() -> None:
    found = places.table().groupby(["location_code", "kind"]).size()
    assert found["SYR", "admin1"] == 14
    assert found["SYR", "admin2"] == 62
    assert found["TUR", "admin1"] == 81
    assert found["TUR", "admin2"] == 973


def test_syria_has_every_sub_district() -> None:
    """DTM reports on all of them: one without a row would stop a whole round."""
    codes = of_kind("SYR", "admin3")["place_code"]
    assert codes.nunique() == len(codes) == 272
    assert codes.str.startswith("SY07").sum() == 26
    assert codes.str.startswith("SY02").sum() == 40
    assert codes.str[:6].nunique() == 62


@pytest.mark.parametrize(("country", "kind"), SHAPES)
def test_codes_have_their_shape_and_lie_under_their_parent(country: str, kind: str) -> None:
    """A code that lost its zeros, or a district under another province, joins to a wrong number."""
    found = of_kind(country, kind)
    assert found["place_code"].str.fullmatch(SHAPES[country, kind]).all()
    assert (found["admin_level"] == places.LEVELS[kind]).all()
    assert [p for p in found["parent_code"] if not places.is_known_code(p)] == []
    if kind != "admin1":
        below = [
            c.startswith(p) for c, p in zip(found["place_code"], found["parent_code"], strict=True)
        ]
        assert all(below)


def test_countries_are_iso3_and_none_is_a_test_locale() -> None:
    """CLDR also lists pseudo-locales and an unknown region; a page would offer them as hosts."""
    countries = places.table().query("kind == 'country'")
    assert countries["place_code"].str.fullmatch(r"[A-Z]{3}").all()
    assert (countries["place_code"] == countries["location_code"]).all()
    assert not set(countries["place_code"]) & {"XAA", "XBB", "ZZZ", "XKK"}
    assert {"SYR", "TUR", "LBN", "JOR", "IRQ", "EGY", "DEU", "XKX", "XXA", "UNK"} <= set(
        countries["place_code"]
    )
    assert countries[["name_en", "name_ar", "name_tr"]].notna().all(axis=None)


@pytest.mark.parametrize("code", area_codes())
def test_every_place_of_the_area_exists_with_its_name_in_three_languages(code: str) -> None:
    place = places.table().set_index("place_code").loc[code]
    assert place[["name_en", "name_ar", "name_tr"]].notna().all()


@pytest.mark.parametrize("code", [c for c in area_codes() if not c.startswith("X-")])
def test_every_coded_place_of_the_area_has_a_seat(code: str) -> None:
    assert places.table().set_index("place_code").loc[code, ["lat", "lon"]].notna().all()


def test_every_place_of_syria_is_named_and_seated() -> None:
    """A sub-district without a seat has no circle: six are known to have none in GeoNames."""
    for kind in ("admin1", "admin2", "admin3"):
        found = of_kind("SYR", kind)
        assert found[["name_en", "name_ar"]].notna().all(axis=None), kind
        unseated = set(found.loc[found["lat"].isna() | found["lon"].isna(), "place_code"])
        assert unseated == (UNSEATED if kind == "admin3" else set())


def test_turkish_names_have_their_letters() -> None:
    """OCHA's list has none; a Turkish reader takes Sanliurfa and Kahramanmaras for carelessness."""
    names = places.table().set_index("place_code")["name_tr"]
    assert names["TUR063"] == "Şanlıurfa"
    assert names["TUR046"] == "Kahramanmaraş"
    assert names["TUR034"] == "İstanbul"
    assert names["TUR031013"] == "Reyhanlı"
    assert of_kind("TUR", "admin2")["name_tr"].notna().all()


def test_names_have_no_space_around_them() -> None:
    for column in ("name_en", "name_ar", "name_tr"):
        names = places.table()[column].dropna()
        assert (names == names.str.strip()).all()


def test_no_two_places_of_a_level_lie_on_one_spot() -> None:
    """Their circles would hide one another on the map."""
    seated = places.table().dropna(subset=["lat", "lon", "admin_level"])
    assert not seated.duplicated(["location_code", "kind", "lat", "lon"]).any()


@pytest.mark.parametrize(("country", "kind"), LAYERS)
def test_seats_lie_in_their_official_areas(country: str, kind: str) -> None:
    """A seat in its neighbour draws the right number at the wrong place."""
    name, column = LAYERS[country, kind]
    if not (OFFICIAL / name).is_file():
        pytest.skip(f"official boundaries are not carried: no {name} beside the repository")
    official = gpd.read_file(OFFICIAL / name).set_index(column).geometry
    seats = of_kind(country, kind).dropna(subset=["lat"]).set_index("place_code")
    assert set(seats.index) <= set(official.index)
    points = gpd.GeoSeries.from_xy(
        seats["lon"].astype(float), seats["lat"].astype(float), index=seats.index, crs=official.crs
    )
    polygons = official.loc[seats.index]
    away = [code for code in seats.index if polygons[code].distance(points[code]) > SIMPLIFIED]
    assert away == []


@pytest.mark.parametrize("name", ["Idleb", "Idlib", "İdlib", "إدلب", " idlib ", "IDLEB", "SY07"])
def test_idleb_is_one_place_with_four_names(name: str) -> None:
    assert places.resolve(name, "admin1") == "SY07"


@pytest.mark.parametrize(("kind", "code"), [("admin2", "SY0700"), ("admin3", "SY070000")])
def test_idleb_is_also_a_district_and_a_sub_district(kind: str, code: str) -> None:
    assert {places.resolve(name, kind) for name in ("Idleb", "Idlib", "إدلب")} == {code}


@pytest.mark.parametrize(
    ("name", "kind"), [("Idlip", "admin1"), ("Idleb", "region"), ("", "admin1")]
)
def test_a_name_that_is_not_written_fails_by_name(name: str, kind: str) -> None:
    with pytest.raises(places.UnknownPlace, match=f"{name!r}"):
        places.resolve(name, kind)


def test_a_name_that_two_places_bear_leads_to_neither() -> None:
    """Suran is in Aleppo and in Hama: the first of the table would take the other's figures."""
    with pytest.raises(places.AmbiguousPlace, match="SY020405, SY050101"):
        places.resolve("Suran", "admin3")
    assert places.resolve("SY050101", "admin3") == "SY050101"


def test_every_name_of_the_area_leads_back_to_its_place() -> None:
    table = places.table().set_index("place_code")
    for code in area_codes():
        kind = str(table.loc[code, "kind"])
        for column in ("name_en", "name_ar", "name_tr"):
            assert places.resolve(str(table.loc[code, column]), kind) == code


def test_the_codes_of_a_sub_district_name_everything_above_it() -> None:
    assert places.codes("SY070301") == {
        "place_code": "SY070301",
        "location_code": "SYR",
        "admin_level": 3,
        "admin1_code": "SY07",
        "admin2_code": "SY0703",
        "admin3_code": "SY070301",
    }


def test_every_alias_leads_to_a_place_of_its_level() -> None:
    """An alias of a district that leads to a governorate would join two levels."""
    written = pd.read_csv(places.REFERENCE / "aliases.csv", dtype="string")
    kinds = places.table().set_index("place_code")["kind"]
    wrong = [
        (name, kind, code)
        for name, kind, code in written.itertuples(index=False)
        if kinds[code] != kind and code != "ALL"
    ]
    assert wrong == []
