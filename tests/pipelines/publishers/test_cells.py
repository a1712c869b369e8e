"""Cells as people type them: the right number, or a refusal; never another number."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from data.gazetteer import places
from pipelines.publishers import cells

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
GROUPERS = (",", "'", "’", "٬", " ", "\u00a0", "\u2007", "\u2009", "\u202f")


@given(
    some.integers(0, 99_999_999),
    some.sampled_from(GROUPERS),
    some.sampled_from(({}, ARABIC, PERSIAN)),
)
def test_a_number_grouped_in_any_script_is_that_number(number, sign, script):
    typed = f"\u200f{number:,}\u200e".replace(",", sign).translate(script)
    assert cells.count(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["1.203,412", "1,203 412", "1,23,456", "12,34", "1.203", "0.203", "5.5", "-5", "+5", "5%",
     "about 5", "1,203,", "12٫5", "1e5", True, 5.5, -1.0, 10.0**9, float("inf")],
)  # fmt: skip
def test_what_could_be_two_numbers_is_none(typed):
    """1,203,412 Syrians were read where an office had typed 1.203 and a fraction."""
    with pytest.raises((cells.NotACount, OverflowError)):
        cells.count(typed)


def test_a_dot_groups_where_turkish_offices_write_and_nowhere_else():
    assert cells.count("203.412", dots=True) == 203_412
    with pytest.raises(cells.NotACount):
        cells.count("203.412")


@pytest.mark.parametrize("blank", ["", " ", "-", "–", "N/A", "na", "null", "...", "\u200b", None])
def test_what_says_nothing_is_no_zero(blank):
    assert cells.count(blank) is None
    assert cells.missing(blank) == "not_reported"


def test_a_name_that_looks_like_nothing_is_a_name():
    """Nan is a province; only among numbers does it say that there is none."""
    assert cells.text("Nan") == "Nan"
    assert cells.text(" Not Available ") is None


@pytest.mark.parametrize(
    ("typed", "month"),
    [("November 2025", (2025, 11)), ("2025-11", (2025, 11)), ("(December)", (None, 12)),
     ("Sept 2025", (2025, 9)), ("July - September 2021", None), ("2025", None)],
)  # fmt: skip
def test_a_month_is_one_month_or_none(typed, month):
    assert cells.month(typed) == month


@pytest.mark.parametrize(
    "typed",
    ["ŞANLIURFA", "S\u0327ANLIURFA", "şanlıurfa", "Şanlıurfa\u200b", "ŞANLIURFA ".lower()],
)
def test_turkish_capitals_are_the_same_name(typed):
    assert places.resolve(typed, "admin1") == "TUR063"


def test_every_turkish_province_is_known_in_capitals():
    table = places.table()
    provinces = table[table["location_code"].eq("TUR") & table["kind"].eq("admin1")]
    upper = str.maketrans({"i": "İ", "ı": "I"})
    for code, name in zip(provinces["place_code"], provinces["name_tr"], strict=True):
        assert places.resolve(str(name).translate(upper).upper(), "admin1") == code
    assert len(provinces) == 81


def test_the_fold_joins_no_two_places_that_were_apart():
    """İ and ı are one letter for joining: no two places of a kind may differ in nothing else."""
    table = places.table()
    for kind, rows in table.groupby("kind"):
        plain = rows["name_en"].str.casefold().nunique()
        assert rows["name_en"].map(places.normalised_name).nunique() == plain, kind


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Households", "families"),
        ("Number of IDP families by sub-district, Round 9, October 2025", "families"),
        ("عدد الأسر النازحة", "families"),
        ("Hane sayısı", "families"),
        ("Figures in thousands of people", "thousands"),
        ("IDP movements ('000)", None),
        ("IDP movements (in '000)", "thousands"),
        ("Households and individuals", None),
        ("Families of more than ten were asked twice", None),
        ("Thousands of people returned", None),
        ("Of 10 000 people asked most answered", None),
        ("In this table we give, for each community that was visited, the families", None),
        ("IDPs by community", None),
    ],
)
def test_a_title_says_its_unit_and_a_note_says_none(title, unit):
    """A title that is missed makes families people; a note that is taken for one stops a round."""
    assert cells.other_unit(title) == unit
