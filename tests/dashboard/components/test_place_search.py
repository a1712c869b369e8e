"""A reader who cannot find Idleb under her own spelling does not come back."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.analysis import series
from data.gazetteer import area, places
from tests import builders

SPELLINGS = {
    "SY07": ("Idleb", "Idlib", "İdlib", "IDLIB", "idlıb", "إدلب", "ادلب", "SY07"),
    "TUR063": ("Şanlıurfa", "Sanliurfa", "ŞANLIURFA", "sanlı", "Urfa", "TUR063"),
    "SY020400": ("A'zaz", "Azaz", "A’zaz", "أعزاز", "اعزاز", "SY0204"),
    "SY0204": ("A'zaz", "azaz", "اعزاز"),
    "SY08": ("Al-Hasakeh", "Hasakeh", "hasakeh", "حسكة", "الحسكه"),
    "TUR": ("Türkiye", "Turkiye", "تركيا"),
    "TUR031": ("Hatay", "hatay", "هاتاي"),
    "LBN": ("Lebanon", "لبنان", "Lübnan", "lubnan"),
    "SY070301": ("Dana", "dana", "SY070301"),
}


@pytest.mark.parametrize(
    ("code", "spelling"), [(code, name) for code, names in SPELLINGS.items() for name in names]
)
def test_a_place_is_found_by_any_of_its_names(code, spelling):
    assert code in places.search(spelling)


def test_the_governorate_comes_before_its_parts_and_an_exact_name_before_a_part():
    assert places.search("Idlib")[:3] == ["SY07", "SY0700", "SY070000"]
    assert places.search("Dana")[0] == "SY070301"


def test_every_place_of_the_tables_is_found_by_each_of_its_names():
    """Every governorate, district, sub-district, province and host country can be found."""
    table = places.table()
    provinces = table["kind"].eq("admin1") | table["kind"].eq("region")
    hosts = table["place_code"].isin(area.load("idlib").countries)
    ours = table[table["location_code"].eq("SYR") | provinces | hosts]
    assert len(ours) > 250
    lost = [
        (row.place_code, name)
        for row in ours.itertuples(index=False)
        for name in (row.place_code, row.name_en, row.name_ar, row.name_tr)
        if pd.notna(name)
        and len(places.plain(name)) >= places.FEWEST
        and row.place_code not in places.search(name, 60)
    ]
    assert lost == []


@pytest.mark.parametrize("typed", ["", " ", "a", "ا", "zzzzqq", "'", "<script>", "%", "\x00"])
def test_what_is_no_name_finds_nothing(typed):
    assert places.search(typed) == []


@given(st.text(max_size=30))
def test_nothing_that_is_typed_raises_and_no_more_is_given_than_asked(typed):
    assert len(places.search(typed, 5)) <= 5
    assert places.plain(places.plain(typed)) == places.plain(typed)


def test_finding_a_page_never_joins_a_figure():
    """The way from a printed name to a code stays strict: likeness is for people only."""
    assert places.search("Idlib gov") == []
    with pytest.raises(places.UnknownPlace):
        places.resolve("Idl", "admin1")


def stock(code, people, **more):
    country = code in ("TUR", "SYR")
    level = {"admin_level": 0, "admin1_code": None} if country else {"admin1_code": code}
    return (
        {"place_code": code, "location_code": "TUR", "value": people, "population_group": "REF"}
        | level
        | more
    )


def test_a_share_has_the_countrys_own_figure_below_it_and_never_a_neighbours():
    """Hatay's Syrians over Gaziantep's would be a number that nobody can read."""
    rows = builders.figures(
        stock("TUR031", 150), stock("TUR027", 196), stock("TUR", 1_000), stock("TUR", 3, gender="f")
    )
    hatay = rows[rows["place_code"].eq("TUR031")]
    ((part, whole),) = series.shares(hatay, rows)
    assert (part["value"], whole["value"], whole["place_code"]) == (150, 1_000, "TUR")


@pytest.mark.parametrize(
    "other",
    [
        {"publisher": "PMM"},
        {"dataset": "Another"},
        {
            "as_of": "2024-12-31",
            "reference_period_end": "2024-12-31",
            "reference_period_start": "2024-01-01",
        },
        {"unit": "families"},
        {"measure": "flow"},
        {"value": 0},
        {"value": 149},
        {"value": None, "missing_reason": "suppressed"},
    ],
)
def test_no_share_is_made_of_what_does_not_belong_together(other):
    rows = builders.figures(stock("TUR031", 150), stock("TUR", 1_000, **other))
    assert list(series.shares(rows[rows["place_code"].eq("TUR031")], rows)) == []
