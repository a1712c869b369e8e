"""Sentences in the shapes of pages of OCHA, UNHCR and IOM, in words of our own.

Each shape was misread or left unread on a real page: a wrong number would have been proposed to
whoever decides on figures, or a report's own count would have been missing there.
"""

from datetime import date

import pytest

from pipelines.extract import figures_in
from pipelines.extract.claims import claims_in

MOVES = "Syrian Arab Republic: IDP Movements Map (March 2021)\n\n"
UPDATE = "Recent Developments in North-west Syria (as of 20 May 2021)\n\n"


def proposed(text, on=date(2021, 5, 20)):
    """What may become a figure: value, group, unit, kind, place, first and last day."""
    return {
        (o.value, o.population_group, o.unit, o.measure, o.place_code,
         str(o.reference_period_start), str(o.reference_period_end))
        for o in figures_in(text + "\n", published_on=on)
    }  # fmt: skip


def compared(text, on=date(2021, 5, 20)):
    """What is held against published figures: value, group and place."""
    return {(c.value, c.group, c.place) for c in claims_in(text, published_on=on) if c.group}


def row(value, group, unit, measure, place, first, last):
    return (value, group, unit, measure, place, first, last)


def march(value, place, group="IDP_ARR"):
    return row(value, group, "movements", "flow", place, "2021-03-01", "2021-03-31")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # where the others of its sentence went
            (
                "The largest part of this population, 8,300 individuals, were displaced to "
                "locations in Homs governorate with 7,100 being displaced within Homs governorate "
                "and 940 individuals being displaced from Hama governorate."
            ),
            {march(8_300, "SY04"), march(7_100, "SY04"), march(940, "SY04")},
        ),
        (
            (
                "Homs saw 9,800 movements. Some 6,400 of these movements took place within the "
                "governorate while about 2,300 movements were from Hama and 700 from Aleppo."
            ),
            {march(9_800, "SY04"), march(6_400, "SY04"), march(2_300, "SY04"), march(700, "SY04")},
        ),
        (  # moved about inside the place that its whole came to
            (
                "Of the 5,260 individuals who were displaced to Homs governorate, 4,150 IDPs "
                "had been displaced from other parts of the governorate."
            ),
            {march(5_260, "SY04"), march(4_150, "SY04")},
        ),
    ],
)
def test_a_part_of_a_monthly_report_went_where_its_whole_went(text, expected):
    """A part from elsewhere was counted for all of Syria, and would have hidden the country's."""
    assert proposed(MOVES + text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            ("Dozens of civilians have been killed since 3 May while more than 41,000 people are "
            "thought to have fled from home."),
            row(41_000, "NEWDISP", "people", "cumulative", "X-SYR-NW", "2021-05-03", "2021-05-20"),
        ),
        (
            "So far in May, more than 6,200 displacements have been reported.",
            row(6_200, "NEWDISP", "movements", "flow", "X-SYR-NW", "2021-05-01", "2021-05-20"),
        ),
        (
            ("As of 11 May, more than 9,100 displacements have been recorded since 2 April, "
            "says the UNHCR-led sector of Camp Coordination and Camp Management."),
            row(9_100, "NEWDISP", "movements", "cumulative", "X-SYR-NW", "2021-04-02",
                "2021-05-11"),
        ),
        (
            "Key Figures\n\n4.2M\nPopulation of the area\n2.6M\nInternally displaced people (IDPs)",
            row(2_600_000, "IDP", "people", "stock", "X-SYR-NW", "2021-05-20", "2021-05-20"),
        ),
        (
            "2.6 M displaced people in north-west Syria\n\n410 trucks in April",
            row(2_600_000, "IDP", "people", "stock", "X-SYR-NW", "2021-05-20", "2021-05-20"),
        ),
        (
            ("Some 2.3 million people are in need, including 1.4 million people that are "
            "internally displaced."),
            row(1_400_000, "IDP", "people", "stock", "X-SYR-NW", "2021-05-20", "2021-05-20"),
        ),
    ],
)  # fmt: skip
def test_a_count_of_the_place_and_day_of_the_title_is_proposed(text, expected):
    assert expected in proposed(UPDATE + text)


def test_the_office_in_front_of_a_title_is_no_place_of_the_report():
    text = "Turkey | Syria: Developments in North Western Syria (as of 20 May 2021)\n\n"
    text += "Partners tracked 8,200 displacements since 2 May. At sub-district level, partners "
    text += "tracked 3,100 arrivals in Dana and 1,900 in Salqin."
    days = ("2021-05-02", "2021-05-20")
    assert proposed(text) == {
        row(8_200, "NEWDISP", "movements", "cumulative", "X-SYR-NW", *days),
        row(3_100, "IDP_ARR", "people", "cumulative", "SY070301", *days),
        row(1_900, "IDP_ARR", "people", "cumulative", "SY070302", *days),
    }


def test_the_day_in_an_aside_at_the_end_is_that_of_all_numbers():
    """The first of them ended on the day of the heading above, four days too early."""
    text = "Displacement in the north (as of 25 February)\n\nIn northern Syria, there have been "
    text += "7,700 newly displaced people in Aleppo governorate since 3 February, and 2,200 newly "
    text += "displaced people in Idleb governorate since 3 February (figures as of 29 February)."
    found = proposed(text, date(2016, 3, 6))
    assert {(one[0], one[4], one[6]) for one in found} == {
        (7_700, "SY02", "2016-02-29"), (2_200, "SY07", "2016-02-29")
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("UNHCR recorded 5,300 Syrian refugees having spontaneously returned in April 2021.",
         "RET"),
        ("Since 2 May 2021, IOM has counted 8,100 arrivals from abroad in Syria.", "RET"),
        ("In May 2021, some 4,700 voluntary repatriation movements to Syria were seen.", "RET"),
    ],
)  # fmt: skip
def test_who_comes_back_from_abroad_was_not_displaced_within_the_country(text, group):
    assert {found for _, found, _ in compared(text)} == {group}


@pytest.mark.parametrize(
    "text",
    [
        "More than 98 million people are forcibly displaced worldwide.",
        "In April 2021, some 6,100 people were back in Syria for go-and-see visits.",
        "In April, 5,600 displaced persons, returnees and host community members were reached.",
        "Partners provided protection services to 7,300 displaced persons and returnees in April.",
        "Some 2,900 Syrians were displaced to Iraq in April 2021.",
        "Some 1.7 million IDPs live there, bringing the total population to over 3.2 million.",
    ],
)
def test_people_of_other_countries_and_those_helped_are_no_displaced_of_syria(text):
    assert not {1_000_000 * 98, 6_100, 5_600, 7_300, 2_900, 3_200_000} & {
        value for value, *_ in compared(text)
    }


def test_who_left_a_sub_district_is_a_departure_where_the_text_speaks_of_departures():
    text = "Recent Developments in North-west Syria - April 2021\n\nSalqin and Harim sub-districts "
    text += "saw the most departures. Some 2,400 people left Salqin and over "
    text += "1,300 people left Harim."
    assert compared(text) == {(2_400, "IDP_DEP", "SY070302"), (1_300, "IDP_DEP", "SY070300")}


@pytest.mark.parametrize(
    ("time", "days"),
    [
        ("between February and April", ("2021-02-01", "2021-04-30")),
        ("from 9 December 2020 through mid-April", ("2020-12-09", "2021-04-15")),
        ("since last September", ("2020-09-01", "2021-05-20")),
    ],
)
def test_windows_by_their_words_have_days(time, days):
    text = f"Some 5,200 Syrian refugees returned from Jordan to Syria {time}."
    (claim,) = claims_in(text, published_on=date(2021, 5, 20))
    assert (str(claim.first), str(claim.last)) == days


def test_who_speaks_and_the_initials_of_a_paper_are_no_places():
    """Behind a comma or in brackets they stood where a place stands, and made the place unknown."""
    text = "Visiting Syria, Lindqvist praised the return of more than 3,400 refugees since 3 May. "
    text += "By the Humanitarian Needs Review (HNR), 2.1 million people are in need in Syria."
    assert {(one[0], one[1], one[4]) for one in proposed(text)} == {
        (3_400, "RET", "SYR"), (2_100_000, "PIN", "SYR")
    }  # fmt: skip


IN_MARCH = ("IDP_ARR", "SY070300", "2025-03-01", "2025-03-31")
LISTED = """Syria: IDP Movements (March 2025)

At the sub-district level, Dana in Idleb governorate received around 4,300 IDP movements, \
followed by some 3,100 IDP movements received by Harim in Idleb governorate.
"""
MOST = "Sub-districts that received most IDPs in March 2025 were Dana (4,300) and Harim (3,100)."
OUT_OF = "In north-west Syria 1.9 million people out of 3 million were in need of assistance."
MONTHS = "Some 21,450 Syrian refugees returned from Jordan in the first three months of this year."
SINCE = (
    "Around 310,000 Syrian refugees returned since the collapse of Bashar al-Assad's government."
)
AND = "As of 30 April, 2 million and 714 thousand and 85 Syrian refugees live in Türkiye."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OUT_OF, (1_900_000, "PIN", "X-SYR-NW", "2025-04-30", "2025-04-30")),
        (LISTED, (3_100, *IN_MARCH)),
        (MOST, (3_100, *IN_MARCH)),
        (MONTHS, (21_450, "RET", "SYR", "2025-01-01", "2025-03-31")),
        (SINCE, (310_000, "RET", "SYR", "2024-12-08", "2025-04-30")),
        (AND, (2_714_085, "REF", "TUR", "2025-04-30", "2025-04-30")),
    ],
)
def test_wholes_lists_and_events_are_read_as_offices_write_them(text, said):
    """Each shape was missed on a real page, or gave a number to another day or place."""
    claims = claims_in(text, published_on=date(2025, 4, 30))
    found = [(c.value, c.group, c.place, str(c.first), str(c.last)) for c in claims if c.group]
    assert said in found


def test_a_proposal_tells_of_nobody_who_came_back():
    text = (
        "In March 2025, Lebanon welcomed a proposal for the return of 640,000 Syrian refugees to "
        "Syria; 210,000 Syrian refugees from Türkiye were named as well."
    )
    assert not figures_in(text, published_on=date(2025, 4, 30))


def test_who_a_country_hosts_did_not_come_back_whatever_else_the_sentence_says():
    text = (
        "Officials in Beirut, who prepare refugee returns for the autumn, say that Lebanon still "
        "hosts around 1.4 million Syrians."
    )
    (claim,) = (c for c in claims_in(text, published_on=date(2025, 4, 30)) if c.group)
    assert (claim.group, claim.measure, claim.place) == ("REF", "stock", "LBN")


def test_a_count_of_two_years_is_held_against_no_single_year():
    text = "Some 14,260 Syrian refugees returned from Lebanon in 2017-2018."
    (claim,) = (c for c in claims_in(text, published_on=date(2019, 4, 30)) if c.group)
    assert (claim.first, claim.last) == (date(2017, 1, 1), date(2018, 12, 31))


def test_parts_of_a_share_and_the_whole_country_may_become_figures():
    parts = (
        "Syria: IDP Spontaneous Returns (March 2021)\n\nIn parallel, 71% of the reported 9,340 SRs "
        "in March were to the sub-districts of Dana (3,410) and Salqin (2,980) in Idleb."
    )
    wide = "As of 20 May 2021, 6.2 million people are internally displaced country-wide."
    assert {(one[0], one[4]) for one in proposed(parts)} >= {
        (3_410, "SY070301"),
        (2_980, "SY070302"),
    }
    assert [(one[0], one[1], one[4]) for one in proposed(wide)] == [(6_200_000, "IDP", "SYR")]
