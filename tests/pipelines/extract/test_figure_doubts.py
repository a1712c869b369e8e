"""Sentences whose number would mean something else than its columns say, in words of our own.

Each shape was proposed wrongly on a real page: a decision on it would have put those whom one
earthquake displaced, or who had left a place, under the number of all who are displaced there.
"""

from datetime import date

import pytest

from pipelines.extract import figures_in
from pipelines.extract.claims import claims_in

ON = date(2019, 11, 4)
EAST = "North-east Syria: Situation Report No. 7 (as of 4 November 2019)\n\n"
WEST = "Recent Developments in North-west Syria: Situation Report No. 7\n\n"
SYRIA = "Syrian Arab Republic: Flash Update No. 2\n\n"
IDLEB = "Bulletin on Idleb, October 2019\n\n"
BACK = "Syria: Returns\n\n"
RAQQA = "Displacement from and within Ar-Raqqa governorate went on. "


def proposed(text, on=ON):
    return {(o.value, o.population_group, o.place_code) for o in figures_in(text, published_on=on)}


@pytest.mark.parametrize(
    "text",
    [
        # Those whom one event displaced are not all who are displaced in the country.
        SYRIA + "An estimated 41,000 people are displaced due to the floods in Syria.",
        SYRIA + "Some 41,000 people remain displaced as a result of the earthquake in Syria.",
        # They were displaced from there, and are elsewhere now.
        EAST + "71,300 people remain displaced from Al-Hasakeh (60,100) and Ar-Raqqa (11,200) "
        "governorates.",
        EAST + "Some 4,400 internally displaced persons (IDPs) from Ar-Raqqa governorate remain in "
        "IDP sites.",
        # Since then they were displaced; they came back in April.
        (
            "Bulletin on North-west Syria, October 2019\n\nDuring October, 35,000 people who were "
            "displaced since May returned to Idleb and Aleppo governorates."
        ),
        # Two groups, which have a figure each.
        (
            "Overview of Deir-ez-Zor Governorate, October 2019\n\nOf the assessed communities, 31 "
            "saw spontaneous IDP and/or refugee returns, comprising some 9,300 individuals."
        ),
        (
            "Syria: Situation Report (as of 4 November 2019)\n\nSince May, nearly 1.1 million "
            "people have returned to their areas of origin in Syria, including over 840,000 "
            "internally displaced persons and 260,000 Syrians from other countries."
        ),
        # On that day it began; nobody counts 80,000 on its first day.
        (
            "North-east Syria, 30 October 2019\n\nThe military operations in north-east Syria on 9 "
            "October have forced more than 80,000 people to flee."
        ),
        # Of two months, and not of the one that the sentence before spoke of.
        WEST + "Some 12,000 people were displaced in north-west Syria. Nearly three quarters went "
        "back in the first half of October.\nThe situation in north-west Syria is dire. Of the "
        "nearly 61,000 people in the area who fled their homes to escape between July and early "
        "September, some 44,000 people reportedly remain in displacement.",
        (
            "Deir-ez-Zor Governorate: Overview\n\nFighting grew, with an estimated 22,000 people "
            "displaced in the governorate in September and October alone."
        ),
        # Of those in need, who are told for another year; others are displaced too.
        (
            "Syrian Arab Republic: Needs Overview (October 2019)\n\nOf the 11.7 million people in "
            "need, 5.1 million are displaced, including over 1.2 million who live in camps."
        ),
        # After the report; and they are those in need alone.
        (
            "Syria Regional Plan 2020\n\nIt is expected that some 4.7 million Syrian refugees will "
            "be registered in the region by the end of 2020.\nThe Syria Response Plan estimates "
            "that there are 11.7 million people in need, of whom 5 million are children and 4.9 "
            "million are internally displaced persons (IDPs)."
        ),
        # Of the year before, which another sentence names.
        (
            "Syria: Displacement\n\nThe conflict triggered 1.8 million new displacements in 2018. "
            "Around 6.1 million people were living in internal displacement in Syria as of the end "
            "of the year."
        ),
        # Jordan hosts a part of them; the other number is the region's.
        (
            "Syria: Jordan\n\nJordan currently hosts up to 640,000 of the 5.1 million Syrian "
            "refugees spread across the region, according to UNHCR."
        ),
        # In that month the government fell; they came back until today.
        (
            "Syria: Returns\n\nUNHCR reports that around 390,000 Syrians have returned from "
            "neighbouring countries following the fall of the Assad regime in December 2024."
        ),
        # Most of them came from there, and not all.
        (
            "Syrian Arab Republic: IDP Spontaneous Returns (July 2019)\n\nDeir-ez-Zor governorate "
            "received 4,150 spontaneous returns majority of which returned from Al-Hasakeh "
            "governorate."
        ),
        # Outside camps, in ten provinces: no category says so.
        "Turkey: Daily Sitrep\n\nAround 430,000 non-camp Syrian refugees have been registered.",
        # Returns are counted over a time, and not at a date.
        (
            "Turkey: Daily Sitrep\n\nSome 460,800 Syrians have been registered and accommodated "
            "in the camps since the beginning of the crisis, while during the same period there "
            "have been 241,600 returns to Syria."
        ),
        # To a suburb of the city, while the bulletin told of refugees before.
        (
            "Humanitarian Bulletin Syrian Arab Republic Issue 43 | 13 – 26 February 2014\n\n# of "
            "Syrian refugees in neighbouring countries 2.5 m\nThe truce in Barzeh agreed earlier "
            "this month, has enabled the reported return of over 1,400 people back to their homes."
        ),
        # A shelter's families are not those of a governorate.
        (
            "Dar'a Governorate: Flash Update (23 October 2019)\n\nIDPs stay with relatives in "
            "Dar'a governorate and 29 families are residing in the collective shelters."
        ),
        # A minister of one country tells of those who left it, and not of all.
        (
            "Over 90,000 Syrians have returned\n\nOver 90,000 Syrians have returned home from "
            "Türkiye, Jordan and Lebanon since the overthrow of the Assad regime. UNHCR said "
            "Lebanon's interior minister had reported that 35,400 Syrians have returned home."
        ),
    ],
)
def test_what_its_own_sentence_gives_another_meaning_is_proposed_to_nobody(text):
    days = {"Assad": date(2025, 1, 20), "2014": date(2014, 2, 26)}
    on = next((day for word, day in days.items() if word in text), ON)
    plain = {(90_000, "RET", "SYR"), (44_000, "IDP", "X-SYR-NW"), (1_800_000, "NEWDISP", "SYR")}
    assert proposed(text, on) <= plain


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # The country's crisis displaced all of them.
        (
            SYRIA + "Some 6.1 million people are internally displaced in Syria.",
            (6_100_000, "IDP", "SYR"),
        ),
        (
            IDLEB + "Between September and October 2019, 22,000 people were displaced in Idleb.",
            (22_000, "NEWDISP", "SY07"),
        ),
        (
            EAST + "More than 80,000 people have been displaced in north-east Syria since "
            "military operations began on 9 October.",
            (80_000, "NEWDISP", "X-SYR-NE"),
        ),
        (
            BACK + "Since 8 December 2024, 35,400 Syrians have returned to Syria from Lebanon.",
            (35_400, "RET", "SYR"),
        ),
    ],
)
def test_what_stands_beside_them_and_is_plain_is_still_proposed(text, said):
    assert said in proposed(text, date(2025, 1, 20) if "2024" in text else ON)


def test_a_key_figure_with_a_decimal_is_of_people_who_are_displaced():
    text = SYRIA + "6.2 million people internally displaced\n6.5 million people food insecure"
    assert proposed(text) == {(6_200_000, "IDP", "SYR")}


def test_people_in_collective_shelters_are_not_all_of_a_governorate():
    title = "Dar'a Governorate (as of 23 October 2019)\n\n"
    text = title + "About 1,500 IDPs residing in six collective shelters."
    (one,) = figures_in(text, published_on=ON)
    assert (one.value, one.place_code, one.category) == (1_500, "SY12", "sites")


def test_a_number_told_of_a_place_is_not_proposed_for_the_region_around_it_too():
    text = (
        EAST
        + RAQQA
        + "An estimated 52,400 people have been displaced since 9 October.\n\n"
        + "Highlights\n\n52,400 people displaced from 9 October to 1 November\n"
    )
    assert proposed(text) == {(52_400, "NEWDISP", "SY11")}


def test_returns_counted_in_assessed_communities_alone_say_that_they_are_a_part():
    text = (
        "Idleb Governorate, October 2019\n\nOf the assessed communities, 48 saw new arrivals. "
        "In October 2019, 9,300 IDPs arrived in Idleb governorate."
    )
    (one,) = figures_in(text, published_on=ON)
    assert "partial_coverage" in str(one.caveat).split()


def test_people_who_remain_displaced_are_checked_as_idps_though_others_are_in_need():
    text = (
        "Over 6.1 million people remain displaced within Syria, and more than 80% of the "
        "population is in need of aid."
    )
    (displaced,) = [c for c in claims_in(text, published_on=ON) if c.value == 6_100_000]
    assert (displaced.group, displaced.measure, displaced.place) == ("IDP", "stock", "SYR")
    assert proposed(SYRIA + text) == {(6_100_000, "IDP", "SYR")}


@pytest.mark.parametrize(
    "text",
    [
        # In one corner of the governorate that the sentence names.
        (
            "Southern Syria: Flash Update (as of 4 November 2019)\n\nOf all IDPs displaced within "
            "Dar'a Governorate since July 2019, around 21,000 are in the west of the Governorate."
        ),
        # Of the governorates that it does not name.
        (
            "Egypt: Weekly Update, 4 November 2019\n\n8,900 Syrian refugees are residing in other "
            "governorates in Egypt."
        ),
        # In so many shelters, and not in all of the north-east.
        EAST + "The 13,700 internally displaced persons (IDPs) residing in 88 emergency collective "
        "centres need stoves.",
        # Whom an office registered in a year are not all who live there.
        (
            "Türkiye: Registration, 4 November 2019\n\nThe directorate replied that it registered "
            "312,600 Syrians who came through its gates in 2018."
        ),
        # They fled the country, and were not displaced in it.
        SYRIA + "More than 640,000 people fled in 2018.",
        SYRIA + "In October 2019, some 640,000 people had fled into the neighbouring countries.",
        # Those who were displaced lately, among all who are displaced in the country.
        SYRIA + "Over 611,000 people remain newly displaced in Syria since the start of the "
        "escalation of hostilities on 27 October.",
        # The whole that it divides was displaced across the north, and had no figure.
        (
            "Ar-Raqqa: Situation Report No. 7 (as of 4 November 2019)\n\n"
            "The advance towards Ar-Raqqa city displaced over 169,000 people across northern "
            "Syria in the last months. Of which "
            "an estimated 80,000 were displaced in October."
        ),
        # The month is that of the earthquake.
        SYRIA + "Even before the severe earthquake in February, more than 6.1 million people were "
        "in need of assistance in Syria.",
    ],
)
def test_a_part_a_way_out_and_the_month_of_an_event_are_proposed_to_nobody(text):
    assert figures_in(text, published_on=ON) == []


def test_the_year_in_which_a_war_began_is_not_that_of_its_refugees():
    """Four million of 2024 were entered for 2011."""
    (one,) = figures_in(
        "Türkiye is home to 3.1 million refugees who fled the war that began in Syria in 2011.",
        published_on=ON,
    )
    assert (one.value, one.place_code, one.reference_period_end) == (3_100_000, "TUR", ON)


def test_what_a_text_tells_roughly_elsewhere_does_not_hide_its_number():
    told = (
        "Recent Developments in Northwest Syria Flash Update - As of 4 November 2019\n\n"
        "From 1 September to 30 October 2019, some 331,000 people fled from their homes in "
        "northwest Syria.\n\nFrom 1 September to 30 October 2019, over {} people were displaced in "
        "northwest Syria."
    )
    values = [o.value for o in figures_in(told.format("300,000"), published_on=ON)]
    assert values == [331_000]
    values = [o.value for o in figures_in(told.format("200,000"), published_on=ON)]
    assert values == []  # two numbers that do not agree are one too many


def test_a_number_that_two_sentences_tell_runs_as_long_as_the_longer_says():
    text = (
        "Recent Developments in Northwest Syria Flash Update - As of 4 November 2019\n\n"
        "Since 1 October 2019, more than 212,000 people fled from their homes in northwest Syria.\n"
        "Due to the escalation of violence in October, more than 212,000 people were displaced in "
        "northwest Syria."
    )
    (one,) = figures_in(text, published_on=ON)
    assert (one.value, one.cumulative_since) == (212_000, date(2019, 10, 1))


def test_a_plan_that_was_exceeded_makes_no_plan_of_the_number():
    said = "In northwest Syria some 610,000 people have been displaced since 1 September 2019{}."
    beyond = ", exceeding the worst case planning figures of partners"
    assert 610_000 in {one[0] for one in proposed(said.format(beyond))}
    planned = " by the worst case planning figures of partners"
    assert not proposed(said.format(planned))


def test_most_of_them_came_from_there_and_not_all():
    """Moves of a whole governorate were entered as those within it."""
    (whole, *_) = figures_in(
        "Syria: IDP Movements (April 2019)\n\nIn April 2019, IDP movements of 31,800 IDPs were "
        "noticed "
        "in Idleb governorate, the great majority of which was internal displacement within Idleb "
        "governorate.",
        published_on=ON,
    )
    assert (whole.value, whole.place_code, whole.origin_code) == (31_800, "SY07", None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # "Other governorates" is where they came from.
        (
            "In October 2019, 9,500 IDPs arrived in Idleb governorate from other governorates.",
            (9_500, "IDP_ARR", "SY07"),
        ),
        # Where the governorate lies in the country.
        (
            (
                "As of 3 November 2019, there were 674,000 IDPs in Idleb Governorate in the "
                "north-west "
                "of Syria."
            ),
            (674_000, "IDP", "SY07"),
        ),
        # The event was in another month than the returns.
        (
            (
                "In October 2019, 25,800 IDPs returned to Idleb governorate, more than before the "
                "ceasefire in August."
            ),
            (25_800, "RDP", "SY07"),
        ),
        # Others went abroad.
        (
            (
                "Since 27 September 2019, 882,000 people were newly displaced in Syria and "
                "others fled "
                "abroad."
            ),
            (882_000, "NEWDISP", "SYR"),
        ),
        # A part of them was displaced lately.
        (
            (
                "As of 3 November 2019, 640,000 IDPs live in Aleppo governorate, including "
                "12,000 who "
                "remain newly displaced."
            ),
            (640_000, "IDP", "SY02"),
        ),
    ],
)
def test_what_is_said_of_others_beside_a_number_does_not_hide_it(text, said):
    assert said in proposed(text)


def test_the_plan_that_was_exceeded_is_no_figure_itself():
    text = (
        "In October 2019, 25,800 IDPs returned to Idleb governorate, well above the 10,000 planned "
        "for Aleppo governorate."
    )
    assert 10_000 not in {one[0] for one in proposed(text)}
