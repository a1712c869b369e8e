"""Tables that a text carries line by line, and the headings that say what they count.

An office pastes its provinces' table whole: a row without its heading's meaning is a number unread,
and a row taken for a heading moves every sentence behind it to the table's last place.
"""

from datetime import date

import pytest

from pipelines.extract import figures_in
from pipelines.extract.claims import claims_in
from pipelines.extract.languages.script import language_of

ON = date(2024, 3, 20)
DAY = date(2024, 2, 29)


def told(text):
    return {
        (claim.value, claim.group, claim.place, claim.last)
        for claim in claims_in(text, published_on=ON)
        if claim.group
    }


@pytest.mark.parametrize(
    "text",
    [
        (
            "Syrians under temporary protection in Türkiye (29 February 2024)\n\nHatay 255,617\n"
            "Kilis 70,126\nTotal 325,743"
        ),
        (
            "Syrians under temporary protection in Türkiye (29 February 2024)\n"
            "| Hatay | 255,617 |\n| Kilis | 70,126 |\n| Total | 325,743 |"
        ),
        (
            "عدد السوريين تحت الحماية المؤقتة في تركيا (29 شباط 2024)\n\nهاتاي: 255,617\n"
            "كلس: 70,126\nالمجموع: 325,743"
        ),
        (
            "Türkiye'de geçici koruma kapsamındaki Suriyeliler (29 Şubat 2024)\n\nHatay – 255.617\n"
            "Kilis – 70.126\nToplam – 325.743"
        ),
    ],
)
def test_a_row_counts_what_its_heading_says(text):
    assert told(text) == {
        (255_617, "REF", "TUR031", DAY),
        (70_126, "REF", "TUR079", DAY),
        (325_743, "REF", "TUR", DAY),
    }


@pytest.mark.parametrize(
    ("heading", "group"),
    [
        ("IDP movements by governorate, February 2024", "IDP_ARR"),
        ("IDP spontaneous returns by governorate, February 2024", "RDP"),
        ("Returns of Syrians from abroad since 8 December 2023", "RET"),
        ("IDPs in camps by governorate (29 February 2024)", "IDP"),
        ("People newly displaced since 1 December 2023", "NEWDISP"),
        ("Food kits distributed in February 2024", None),
        ("Deaths by governorate, February 2024", None),
        ("Number of trucks, February 2024", None),
    ],
)
def test_rows_of_aid_deaths_and_things_count_nobody_who_was_displaced(heading, group):
    found = [c.group for c in claims_in(f"{heading}\n\nIdleb 5,100\nHama 1,200\n", published_on=ON)]
    assert found == [group, group]


def test_a_row_whose_name_no_table_has_is_told_as_not_understood():
    text = "IDPs in camps (29 February 2024)\n\nIdleb 5,100\nNorthern strip 1,200\n"
    found = {c.value: (c.group, c.why) for c in claims_in(text, published_on=ON)}
    assert found == {5_100: ("IDP", ""), 1_200: (None, "topic")}


def test_a_tables_last_row_is_no_heading_of_what_follows():
    text = (
        "Idleb governorate: situation, February 2024\n\nDana 683,400\nHama 1,200\n\nIn February "
        "2024, 5,100 people were displaced."
    )
    (figure,) = figures_in(text, published_on=ON)
    assert (figure.value, figure.place_code) == (5_100, "SY07")


def test_below_a_heading_the_series_is_its_own_and_not_the_titles_first():
    text = (
        "Syrian Arab Republic: IDP Movements and IDP Spontaneous Returns (September 2021)\n\n"
        "IDP movements\n\nMost took place in Idleb governorate (9,450).\n\n"
        "Spontaneous returns\n\nMost took place in Hama governorate (1,450)."
    )
    figures = figures_in(text, published_on=ON)
    assert {(f.value, f.population_group) for f in figures} <= {(9_450, "IDP_ARR"), (1_450, "RDP")}
    assert {(value, group) for value, group, _, _ in told(text)} == {
        (9_450, "IDP_ARR"),
        (1_450, "RDP"),
    }


def test_each_of_two_governorates_is_no_region_of_both():
    text = "In May 2022, Aleppo and Idleb governorates each saw around 4,600 IDP movements."
    assert {place for _, _, place, _ in told(text)} == {"SY02", "SY07"}
    assert {one.place_code for one in figures_in(text, published_on=ON)} <= {"SY02", "SY07"}


def test_turkish_names_do_not_make_an_english_text_turkish():
    """Read as Turkish, "1,500" would be one and a half."""
    assert (
        language_of("Refugees by province\n\nŞanlıurfa 271,090\nIğdır 1,500\nMuğla 9,900") == "en"
    )
    assert language_of("İllere göre mülteciler\n\nŞanlıurfa 271.090\nIğdır 1.500") == "tr"
    assert language_of("HATAY VE ŞANLIURFA'DA YAŞAYAN SURİYELİLER") == "tr"


def test_rows_below_a_column_of_sub_districts_are_sub_districts():
    """Harim is a district too, with three times the people."""
    text = (
        "IDPs in camps as of 29 February 2024\n\nSub-district | IDPs\nHarim | 5,100\nDana | 1,200"
    )
    assert {place for _, _, place, _ in told(text)} == {"SY070300", "SY070301"}
    wide = "IDPs in camps as of 29 February 2024\n\nDistrict | IDPs\nHarim district | 5,100\n"
    assert {place for _, _, place, _ in told(wide)} == {"SY0703"}


@pytest.mark.parametrize("heading", ["IDP camps by sub-district", "Number of camps and IDP sites"])
def test_rows_of_camps_are_no_people(heading):
    found = claims_in(f"{heading}, February 2024\n\nDana 1,100\nHarim 1,200\n", published_on=ON)
    assert [c.group for c in found] == [None, None]


def test_lines_of_totals_open_no_section_and_departures_are_no_stock():
    """Of a monitor's overview, departures were offered as IDPs present and leavers as returns."""
    text = (
        "Monthly overview of IDP movements and spontaneous returns in north-west Syria, February "
        "2024\n\nSummary\n\nTotal IDP arrivals: 5,210 (down 8%)\nTotal IDP departures: 3,370\n"
        "Total spontaneous returns: 690\n\nMost people left Ariha sub-district (1,101). Going on "
        "with patterns seen since April, Dana sub-district had the highest number of IDP arrivals "
        "(1,193)."
    )
    read = {c.value: (c.group, c.measure) for c in claims_in(text, published_on=ON) if c.group}
    assert read[3_370] == ("IDP_DEP", "flow")
    assert read[1_101][0] in ("NEWDISP", "IDP_DEP")
    assert read[1_193] == ("IDP_ARR", "flow")
    for figure in figures_in(text, published_on=ON):
        wanted = {5_210: "IDP_ARR", 3_370: "IDP_DEP", 690: "RDP", 1_193: "IDP_ARR"}
        assert figure.population_group == wanted[figure.value]
        assert figure.measure == "flow"


@pytest.mark.parametrize(
    "text",
    [
        "Shelling hit Aleppo city in 2023, killing 64 civilians and injuring 275.",
        "Over 1,000 Syrians have arrived in Iraq in the last few days.",
    ],
)
def test_the_injured_and_those_who_cross_into_a_country_are_no_count_of_who_is_there(text):
    assert told(text) == set()


def test_those_who_left_camps_to_return_one_day_have_left_camps():
    text = (
        "In February 2024, over 5,000 IDPs left camps in Idleb governorate, intending to return to "
        "their homes."
    )
    (claim,) = [c for c in claims_in(text, published_on=ON) if c.group]
    assert (claim.group, claim.value) == ("IDP_DEP", 5_000)
