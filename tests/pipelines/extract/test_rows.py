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
