"""What a report's title lends to its sentences, in titles shaped as ReliefWeb prints them.

A language in brackets, an office, a report's number or "Fiscal Year" was taken for a place or a
day: everything below it lost its place, or was given a wrong time.
"""

from datetime import date

import pytest

from pipelines.extract import figures_in

ON = date(2024, 2, 26)


def proposed(title, sentence):
    return {
        (o.value, o.place_code, str(o.reference_period_start), str(o.reference_period_end))
        for o in figures_in(f"{title}\n\n{sentence}\n", published_on=ON)
    }


@pytest.mark.parametrize(
    "title",
    [
        "Syrian Arab Republic: Needs Overview (February 2024) [EN/AR]",
        "Syrian Arab Republic: Needs Overview (February 2024) [EN/AR/TR]",
        "2024 Syria Needs Overview, Fiscal Year (FY) 2024, February 2024",
        "Syrian Arab Republic 2024 Strategy and Response Plan, February 2024",
        "Syria Needs Overview No. 5 (Earthquake), February 2024",
        "Report of the Secretary-General on Syria (S/2024/117), February 2024",
    ],
)
def test_what_only_says_which_report_it_is_names_no_place(title):
    assert proposed(title, "Some 5.9 million people are internally displaced.") == {
        (5_900_000, "SYR", "2024-02-01", "2024-02-29")
    }


@pytest.mark.parametrize(
    "title",
    [
        "Syria Flash Update No.3 - 22 February 2024",
        "Syria: Situation Report No. 3 - 22 February 2024 [EN/AR]",
        "Syria Flash Update #3 - 22 February 2024",
    ],
)
def test_the_number_of_a_report_is_no_day(title):
    assert proposed(title, "Some 5.9 million people are internally displaced.") == {
        (5_900_000, "SYR", "2024-02-22", "2024-02-22")
    }


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("Syria: Dar'a, Quneitra, As-Sweida Situation Report No. 2 as of 11 February", "X-SYR-S"),
        ("Syrian Arab Republic NES Displacement and Returns, 11 February 2024", "X-SYR-NE"),
        ("NW Syria: Key Figures, 11 February 2024", "X-SYR-NW"),
        ("Overview of Idleb Governorate, North-West Syria, 11 February 2024", "SY07"),
        ("Aleppo, Syria - Situation Report No. 6, 11 February 2024", "SY02"),
    ],
)
def test_the_names_of_a_title_narrow_down_to_one_place_or_make_up_a_region(title, place):
    found = proposed(title, "Since 1 February, 21,300 people have been displaced.")
    assert {code for value, code, *_ in found if value == 21_300} == {place}


@pytest.mark.parametrize(
    "title",
    [
        "Top news: Syria, Lebanon, Sudan, 11 February 2024",
        "Syria: North-west Syria and Ras al Ain - Tell Abiad, 11 February 2024",
        "Syria: Response to Displacement from Lebanon to Syria, 11 February 2024",
        "Syria Flash Update No. 1, Violence in coastal areas, 11 February 2024",
        "Turkey Hub: Health Bulletin, 11 February 2024",
    ],
)
def test_a_title_of_several_places_or_of_a_part_lends_none(title):
    assert not proposed(title, "Since 1 February, 21,300 people have been displaced.")


def test_those_who_remain_displaced_are_of_the_places_just_named_and_not_of_the_country():
    text = (
        "Operations displaced up to 215,000 people in parts of northeast Syria's Aleppo, "
        "Al-Hasakeh and Ar-Raqqa governorates. As of 4 February, nearly 115,500 people had "
        "returned, while more than 99,600 people remained displaced."
    )
    title = "Syria - Complex Emergency Fact Sheet #1, Fiscal Year (FY) 2024"
    assert not {found for found in proposed(title, text) if found[1] == "SYR"}


def test_the_year_of_the_needs_is_not_that_of_the_displaced():
    title = "Syrian Arab Republic: Needs Overview (February 2024) [EN/AR]"
    text = (
        "In 2024, 16.1 million people are expected to require assistance.\n\n"
        "Women and girls fear for their safety and 7.1 million Syrians remain in displacement, "
        "many of whom living in overcrowded camps."
    )
    assert proposed(title, text) == {
        (16_100_000, "SYR", "2024-01-01", "2024-12-31"),
        (7_100_000, "SYR", "2024-02-01", "2024-02-29"),
    }
    (displaced,) = [o for o in figures_in(f"{title}\n\n{text}") if o.value == 7_100_000]
    assert displaced.category is None  # many of them live in camps, and not all


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "6.4 million IDPs in Syria UN – January 2024",
            (6_400_000, "SYR", "2024-01-01", "2024-01-31"),
        ),
        (
            "3.1 million Syrian Refugees in Turkey UNHCR – January 2024",
            (3_100_000, "TUR", "2024-01-01", "2024-01-31"),
        ),
        (
            (
                "6,900 people displaced in affected areas of Rural Damascus due to fighting since "
                "1 January 2024 (figures as of 22 February)"
            ),
            (6_900, "SY03", "2024-01-01", "2024-02-22"),
        ),
        (
            (
                "According to the Camp Management and Camp Coordination cluster 112,000 people "
                "have been displaced in Aleppo, Hama and Idleb governorates from 05 January to 22 "
                "January 2024."
            ),
            (112_000, "X-SYR-ALEPPO-HAMA-IDLEB", "2024-01-05", "2024-01-22"),
        ),
        (
            "In January 2024, 4,370 IDPs arrived in rural Damascus governorate.",
            (4_370, "SY03", "2024-01-01", "2024-01-31"),
        ),
        (
            (
                "Nearly two million people remain displaced in the northwest, many living in "
                "overcrowded sites and flimsy tents."
            ),
            (2_000_000, "X-SYR-NW", "2024-02-26", "2024-02-26"),
        ),
    ],
)
def test_a_line_with_its_own_place_and_time_is_read_whatever_the_title(line, said):
    title = "Syria - Complex Emergency Fact Sheet #7, Fiscal Year (FY) 2024"
    assert said in proposed(title, line)
    # The cluster's name has camps, and those it counts need not.
    assert all(o.category is None for o in figures_in(f"{title}\n\n{line}", published_on=ON))
