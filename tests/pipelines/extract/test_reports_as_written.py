"""Sentences in the shapes in which publishers' pages are written, in words of our own.

Each shape was misread on a real page: a wrong number would have been put before a person to
publish, or a right number of a report called wrong.
"""

from datetime import date

import pytest

from pipelines.extract import figures_in
from pipelines.extract.claims import claims_in

ON = date(2022, 6, 30)
MOVES = "Syrian Arab Republic: IDP Movements (May 2022)\n\n"
RETURNS = "Syrian Arab Republic: IDP Spontaneous Returns (May 2022)\n\n"


def proposed(text, on=ON):
    """What may become a figure: value, group, unit, kind, place, first and last day."""
    return {
        (one.value, one.population_group, one.unit, one.measure, one.place_code,
         str(one.reference_period_start), str(one.reference_period_end))
        for one in figures_in(text, published_on=on)
    }  # fmt: skip


def values(text, on=ON):
    return {row[0] for row in proposed(text, on)}


def said(text, on=ON):
    """What is compared: value to group, place and kind."""
    return {
        claim.value: (claim.group, claim.place, claim.measure)
        for claim in claims_in(text, published_on=on)
    }


def test_each_line_of_a_list_of_key_figures_says_its_own():
    """People who were given food are not people who arrived, and those in need are not those out of
    camps."""
    text = (
        "North-west Syria: situation report (30 June 2022)\n\nIn numbers\n"
        "73,000 people displaced since 9 June\n"
        "41,000 people reached with emergency food\n"
        "52,000 individuals in need of tents\n"
        "31,000 individuals outside camps\n\nFighting continued."
    )
    assert proposed(text) == {
        (73_000, "NEWDISP", "people", "cumulative", "X-SYR-NW", "2022-06-09", "2022-06-30")
    }
    read = said(text)
    assert read[41_000][0] is None
    assert read[52_000][0] is None
    assert read[31_000][0] != "PIN"


def test_wrapped_lines_of_prose_are_no_list_of_key_figures():
    text = (
        "Between 1 and 20 June 2022, fighting in Idleb governorate displaced some\n"
        "41,000 people, of whom 12,000 went to Dana sub-district and\n"
        "8,000 to Harim sub-district."
    )
    assert (41_000, "NEWDISP", "people", "flow", "SY07", "2022-06-01", "2022-06-20") in proposed(
        text
    )


def test_a_time_that_is_only_compared_with_is_not_the_counts():
    text = MOVES + (
        "Arrivals in Aleppo governorate rose by a third compared to the first half of April, with "
        "2,700 IDP movements to Jarablus sub-district."
    )
    assert proposed(text) <= {
        (2_700, "IDP_ARR", "movements", "flow", "SY020800", "2022-05-01", "2022-05-31")
    }
    both = RETURNS + "Some 7,300 returns were tracked, compared to 9,100 in April 2022."
    assert all(row[5:] != ("2022-05-01", "2022-05-31") for row in proposed(both) if row[0] == 9_100)


def test_in_a_report_on_moves_a_sentence_on_returns_counts_no_moves():
    text = MOVES + (
        "The sub-districts of Ariha (4,300) and Saraqab (3,100), which many departures had "
        "emptied, saw four fifths of all returns."
    )
    assert values(text) == set()
    assert all(group != "IDP_ARR" for group, _, _ in said(text).values())


def test_where_people_came_from_is_not_where_they_arrived():
    text = MOVES + (
        "The most common last places of arrivals to Dana sub-district were Harim (2,400) and "
        "Salqin (1,900) sub-districts."
    )
    assert values(text) == set()
    assert {place for _, place, _ in said(text).values()} == {None}


def test_displaced_from_parts_of_three_governorates_is_no_region():
    text = (
        "From March to May 2022, an estimated 37,000 were displaced from northern Hama, southern "
        "Idleb and western Aleppo governorates."
    )
    assert values(text) == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "As of May, 2.9 million people were displaced in north-west Syria.",
        "2.9 million people internally displaced in north-west Syria",
    ],
)
def test_people_displaced_at_a_date_are_those_present(sentence):
    read = said(f"Syria: Situation Report (31 May 2022)\n\n{sentence}")
    assert read[2_900_000] == ("IDP", "X-SYR-NW", "stock")


def test_movements_of_idps_are_moves():
    text = "In May 2022, partners reported movements of some 43,700 IDPs across Syria."
    assert {row[1:3] for row in proposed(text)} <= {("IDP_ARR", "movements")}
    assert said(text)[43_700][0] == "IDP_ARR"


def test_what_was_counted_after_a_month_was_not_counted_in_it():
    text = "Of those who came back, 25,900 people returned to Syria from abroad after March 2022."
    assert values(text) == set()


def test_people_in_need_who_were_given_something_are_not_all_in_need():
    for sentence in (
        "As of 6 June 2022, cash support went to over 19,000 people in need in Hama governorate.",
        "On 5 June 2022, a convoy brought food sufficient for 19,000 people in need in Idleb.",
    ):
        assert values(sentence) == set()
        assert said(sentence)[19_000][0] is None
    plain = "As of 6 June 2022, 1,900,000 people in Idleb governorate are in need."
    assert said(plain)[1_900_000][0] == "PIN"


@pytest.mark.parametrize(
    "sentence",
    [
        "In 2022 so far, 5,200 refugees have departed Türkiye for resettlement, mostly Syrian.",
        "By 20 June 2022, 8,400 Syrian refugees arrived in Lebanon.",
        "In June 2022, 3.9 million refugees and asylum-seekers lived in Türkiye.",
    ],
)
def test_refugees_who_went_on_came_or_are_of_all_countries_are_no_count_of_syrians(sentence):
    assert values(sentence) == set()
    assert said(sentence)[next(iter(said(sentence)))][0] != "REF"


def test_a_total_that_a_sentence_brings_up_has_its_own_time():
    text = (
        "More than 16,000 Syrian refugees returned from Jordan to Syria in May 2025, bringing the "
        "total number of returnees from Jordan since 8 December 2024 to approximately 76,400."
    )
    rows = {row[0]: row[3:] for row in proposed(text, date(2025, 6, 10))}
    assert rows[16_000] == ("flow", "SYR", "2025-05-01", "2025-05-31")
    assert rows[76_400][:3] == ("cumulative", "SYR", "2024-12-08")


def test_idps_registered_within_days_arrived_then_and_are_no_stock():
    text = (
        "Syria: Humanitarian Update (24 June 2022)\n\nBetween 1 and 16 June, the cluster "
        "registered some 20,400 internally displaced persons in Idleb governorate."
    )
    assert all(row[3] == "flow" for row in proposed(text))
    assert said(text)[20_400][2] == "flow"


def test_where_most_went_is_not_where_all_are():
    text = (
        "North-west Syria: flash update (as of 29 June 2022)\n\nSince 1 June 2022, nearly 39,000 "
        "people have fled their homes, mainly from southern Idleb governorate, mostly moving to "
        "camps in northwest Idleb."
    )
    assert said(text)[39_000] == ("NEWDISP", "X-SYR-NW", "cumulative")


def test_refugees_who_returned_are_not_counted_as_refugees_or_idps():
    text = (
        "Syrian refugees in Jordan\n\nOver 2,400 registered refugees returned in the week. The "
        "total number of returnees reached 17,300 in 2021. UNHCR said that 3,900 refugees returned "
        "in May 2022."
    )
    read = said(text)
    assert {read[value][0] for value in (2_400, 17_300, 3_900)} == {"RET"}


@pytest.mark.parametrize(
    "sentence",
    [
        "UNHCR anticipates up to 210,000 refugee returns this year.",
        "Projections for 2023 put the number at 7.3 million IDPs in Syria.",
        "The average number of daily returnees to Syria has reached 380 refugees.",
    ],
)
def test_what_is_expected_and_what_is_a_daily_average_is_no_count(sentence):
    assert {group for group, _, _ in said(sentence).values()} == {None}


def test_numbers_behind_respectively_belong_to_the_places_before_it():
    text = RETURNS + (
        "At the sub-district level, Ariha in Idleb governorate received 3,400 returns, while Jebel "
        "Saman in Aleppo governorate and Ehsem in Idleb governorate respectively received some "
        "1,600 and 1,200 spontaneous IDP return movements."
    )
    read = said(text)
    assert (read[1_600][1], read[1_200][1]) == ("SY020000", "SY070501")


def test_a_number_that_is_given_to_each_of_several_stands_apart_from_who_follows():
    text = MOVES + (
        "At the sub-district level, Afrin and Al Bab sub-districts in Aleppo governorate received "
        "the most with around 2,700 IDP movements each, followed by Bulbul sub-district in Aleppo "
        "governorate, which received around 2,300 IDP movements."
    )
    assert {(row[0], row[4]) for row in proposed(text)} == {
        (2_700, "SY020300"), (2_700, "SY020200"), (2_300, "SY020301"),
    }  # fmt: skip


def test_towns_and_neighbours_together_are_not_held_against_one_place():
    text = MOVES + (
        "More than 6,000 IDP movements were recorded to have arrived in A'zaz (4,000) and Bulbul "
        "(2,000) sub-districts. Harbanush town in Idleb governorate and Aleppo city received about "
        "900 IDP movements each."
    )
    read = said(text)
    assert read[6_000][1] is None
    assert read[900][1] is None


def test_returnees_after_moves_that_returned_are_counted_in_moves():
    text = (
        "Syrian Arab Republic: IDP Movements Map (May 2022)\n\nIn May 2022, the humanitarian "
        "community recorded about 27,600 spontaneous IDP returnees across Syria. The largest share "
        "was recorded within Aleppo governorate with 9,300 returns."
    )
    assert (9_300, "RDP", "movements", "flow", "SY02", "2022-05-01", "2022-05-31") in proposed(text)


def test_departing_from_a_sub_district_is_a_departure():
    text = MOVES + "Most individuals were departing Dana sub-district (11,200)."
    assert said(text)[11_200][0] == "IDP_DEP"


def test_since_an_event_of_some_year_is_no_count_of_that_year():
    text = (
        "Around 107,500 Syrian refugees have returned from Jordan since the reopening of the "
        "crossing in 2018."
    )
    (claim,) = claims_in(text, published_on=ON)
    assert (claim.group, claim.measure, claim.first) == ("RET", "cumulative", None)
    text = (
        "Some 45,600 Syrians have returned to Syria from Türkiye since the beginning of the crisis "
        "(April 2011)."
    )
    (claim,) = claims_in(text, published_on=ON)
    assert (claim.measure, claim.since) == ("cumulative", date(2011, 4, 1))


def test_the_north_east_is_known_however_it_is_spelled():
    for name in ("North East Syria", "North-East Syria", "North Eastern Syria"):
        text = f"{name}: Situation Report (18 June 2022)\n\nSince 9 June, 16,300 people fled."
        assert {row[4] for row in proposed(text)} == {"X-SYR-NE"}
