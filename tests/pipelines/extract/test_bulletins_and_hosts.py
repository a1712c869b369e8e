"""Sentences in the shapes of bulletins, host countries and needs overviews, in words of our own.

Each shape was misread or left unread on a real page: a wrong number would have been proposed to
whoever decides on figures, or a report's own count would have been missing there.
"""

from datetime import date

import pytest

from pipelines.extract import figures_in
from pipelines.extract.claims import claims_in

ON = date(2017, 10, 20)
UPDATE = "Syria: North-east Syria Situation Report No. 4 (1 - 30 September 2017)\n\n"
OVERVIEW = "Syrian Arab Republic: Humanitarian Needs Overview\n\n"
BULLETIN = "Humanitarian Bulletin, Syrian Arab Republic\n\n"
JORDAN = "Weekly update on Syrian refugees in Jordan\n\n"
LEBANON = "Lebanon: Flash Update No. 3\n\n"
EAST = "Displacement from and within Deir-ez-Zor Governorate went on. "
SHELLING = "Shells fell on Ar-Raqqa Governorate again. "


def proposed(text, on=ON):
    """What may become a figure: value, group, kind, place, first and last day."""
    return {
        (o.value, o.population_group, o.measure, o.place_code,
         str(o.reference_period_start), str(o.reference_period_end))
        for o in figures_in(text + "\n", published_on=on)
    }  # fmt: skip


def compared(text, on=ON):
    """What is held against published figures: value, group and place."""
    return {(c.value, c.group, c.place) for c in claims_in(text, published_on=on) if c.group}


def today(value, group, place):
    return (value, group, "stock", place, "2017-10-20", "2017-10-20")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            # The report goes on after its window: 5 October is of this year, not of the last.
            UPDATE + "An estimated 21,400 people were displaced within Ar-Raqqa Governorate from "
            "20 September to 5 October.",
            (21_400, "NEWDISP", "flow", "SY11", "2017-09-20", "2017-10-05"),
        ),
        (
            UPDATE + EAST + "Some 31,200 people have been displaced since 4 September.",
            (31_200, "NEWDISP", "cumulative", "SY09", "2017-09-04", "2017-10-20"),
        ),
        (
            UPDATE + "Between 3 September and 9 October, fighting displaced nearly 12,700 people "
            "from and within Ar Raqqah Governorate.",
            (12_700, "NEWDISP", "flow", "SY11", "2017-09-03", "2017-10-09"),
        ),
        (
            OVERVIEW + "In 2018, 12.6 million people are expected to require assistance.",
            (12_600_000, "PIN", "stock", "SYR", "2018-01-01", "2018-12-31"),
        ),
        (
            OVERVIEW + "The number of people in need in Idleb governorate has risen from 1.3 "
            "million in 2016 to 1.7 million in 2017, according to the overview.",
            (1_700_000, "PIN", "stock", "SY07", "2017-01-01", "2017-12-31"),
        ),
        (BULLETIN + "FIGURES\n# of PIN 8.4 m\n# of IDPs 5.9 m\n", today(8_400_000, "PIN", "SYR")),
        (
            BULLETIN + "8.1 MILLION\n\nPeople in Need of Assistance\n\n5.2 MILLION\n\n"
            "Internally displaced people\n",
            today(5_200_000, "IDP", "SYR"),
        ),
        (
            "Syria holds over five million people displaced within Syria, on top of those abroad.",
            today(5_000_000, "IDP", "SYR"),
        ),
        (
            "In Syria, families go hungry and 5.8 million Syrians remain in displacement.",
            today(5_800_000, "IDP", "SYR"),
        ),
        (
            OVERVIEW
            + "The country has the largest number of internally displaced people: 6.3 million "
            "people, and the highest number of people in need.",
            today(6_300_000, "IDP", "SYR"),
        ),
        (
            ("The number of Syrians in Lebanon has exceeded 1,010,000, the High Council for "
             "Refugees said."),
            today(1_010_000, "REF", "LBN"),
        ),
        (
            (
                "Turkey hosts 3.1 million Syrian refugees. Following it is Iraq, home to 241,000 "
                "Syrian refugees."
            ),
            today(241_000, "REF", "IRQ"),
        ),
        (JORDAN + "Registered Syrian individuals in Jordan: 655,300", today(655_300, "REF", "JOR")),
        (
            (
                "As of 30 September, UNHCR recorded some 40,200 spontaneous refugee returns to "
                "Syria in 2017."
            ),
            (40_200, "RET", "flow", "SYR", "2017-01-01", "2017-09-30"),
        ),
        (
            OVERVIEW
            + "Fighting ended in many parts of the country, enabling some 410,000 internally "
            "displaced people to return to their areas of origin in the first eight months of "
            "2017.",
            (410_000, "RDP", "flow", "SYR", "2017-01-01", "2017-08-31"),
        ),
        (
            (
                "Some 380,000 IDPs returned to their areas of origin across Syria between January "
                "and 15 June 2017."
            ),
            (380_000, "RDP", "flow", "SYR", "2017-01-01", "2017-06-15"),
        ),
        (
            (
                "Partners tracked 61,000 displacements across north-west Syria in July 2017, and "
                "an additional 14,300 displacements were tracked during August."
            ),
            (14_300, "NEWDISP", "flow", "X-SYR-NW", "2017-08-01", "2017-08-31"),
        ),
    ],
    ids=["window", "sentence-before", "from-and-within", "year-ahead", "needs-grew", "labels",
         "number-above-its-label", "displaced-within", "and-of-others", "and-in-need", "number-of",
         "home-to", "individuals", "refugee-returns", "enabled", "month-to-day", "another-month"],
)  # fmt: skip
def test_a_count_of_these_shapes_may_become_a_figure(text, said):
    assert said in proposed(text)


@pytest.mark.parametrize(
    "text",
    [
        # Since then in the whole region, or where the shells fell: the text leaves it open.
        UPDATE + SHELLING + "Some 9,100 people have been displaced since 4 September.",
        LEBANON + "About 51,300 Syrian refugees were secondarily displaced inside Lebanon.",
        LEBANON + "An estimated 640,000 people were internally displaced as of 3 October.",
        "Five per cent (41,300) of those IDP returnees in Hama governorate were displaced in May.",
    ],
    ids=["before-last", "refugees-again", "another-country", "share-of-those"],
)
def test_a_count_that_leaves_something_open_is_not_proposed(text):
    assert proposed(text) == set()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Of those in Adana, 61 Syrians were admitted to the camps on 3 May 2014.", 61),
        ("The current capacity of the camp is 5,100 persons.", 5_100),
        ("Floods: close to 84,000 IDPs were affected across Idleb governorate.", 84_000),
        (LEBANON + "About 640,000 people returned to their towns.", 640_000),
    ],
    ids=["admitted", "room-for", "affected", "another-country"],
)
def test_who_was_admitted_affected_or_lives_elsewhere_is_compared_with_nothing(text, value):
    """ "Differs", of a number that counts something else, accuses its writer of a mistake."""
    assert value not in {said for said, _, place in compared(text) if place}


def test_who_remains_displaced_did_not_return_whatever_the_sentence_says_of_others():
    said = (
        "Despite the return of others, some 210,000 people remain displaced in Idleb governorate."
    )
    assert (210_000, "IDP", "SY07") in compared(said)


@pytest.mark.parametrize(
    "said",
    [
        "North-east Syria: Emergency Update\n\nFIGURES\n142,000 people internally displaced\n",
        (
            "North-west Syria: Camps and Sites\n\nAt the time counting began, some 131,000 "
            "IDP families were living in registered sites."
        ),
    ],
    ids=["label-of-a-part", "at-the-time"],
)
def test_a_count_without_day_and_place_of_its_own_becomes_no_figure(said):
    """A label of an emergency may be of those newly displaced, and then is a third of the count."""
    assert proposed(said) == set()
    assert compared(said), "what may be no figure is still held against the published ones"


def test_a_label_of_a_part_of_a_country_is_of_the_day_that_its_title_gives():
    said = "North-west Syria: Camps (as of 30 September 2017)\n\n# of IDPs 1.4 m\n"
    (found,) = proposed(said)
    assert found == (1_400_000, "IDP", "stock", "X-SYR-NW", "2017-09-30", "2017-09-30")


def test_within_the_country_is_no_part_of_it_whatever_was_named_last():
    """Six million would stand on the map as those of one governorate."""
    said = (
        "Syria: Returns\n\nMore than half of them went to Aleppo Governorate, where 390,000 came "
        "back.\n\nOver 6.1 million people in total now remain displaced within the country."
    )
    assert (6_100_000, "IDP", "SYR") in compared(said)
    assert (6_100_000, "IDP", "stock", "SYR", "2017-10-20", "2017-10-20") in proposed(said)


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [("62 – 66,000", 62_000, 66_000), ("between 5 and 6,000", 5_000, 6_000),
     ("between 800 and 2,000", 800, 2_000), ("1,200 – 3,000", 1_200, 3_000)],
)  # fmt: skip
def test_the_thousands_of_a_range_may_be_said_once(printed, low, high):
    """A lower end of 62 people, where 62,000 fled, sends nobody."""
    said = (
        "Hostilities in southern Syria since 17 September have led to the displacement of an "
        f"estimated {printed} individuals as of 18 October."
    )
    assert {value for value, *_ in proposed(said)} <= {low, high}
    (claim,) = [c for c in claims_in(said, published_on=ON) if c.group]
    assert (claim.value, claim.high) == (low, high)


def test_returns_that_a_report_on_one_host_tells_are_not_those_of_all():
    """810 returned from Iraq, and would stand as the returns from every country."""
    said = "Iraq: Update - Syria, September 2017\n\n{}810 Syrian refugees returned to Syria\n"
    assert proposed(said.format("")) == set()
    assert proposed(said.format("From all countries of the region, ")) != set()


def test_a_headline_on_a_part_of_the_country_lends_its_place_to_what_follows():
    """What fled the north-west would stand as fled anywhere in the country."""
    said = (
        "Syria: Fact Sheet\n\nAttacks in northwestern Syria displace at least 210,000 people\n\n"
        "Since 1 September, shelling has displaced at least 210,000 people."
    )
    assert {place for _, _, _, place, *_ in proposed(said)} <= {"X-SYR-NW"}


@pytest.mark.parametrize(
    "said",
    [
        "Syria\n\nSome 940,000 people fled homes in the west and north-west from 2 to 8 October.",
        (
            "Displacement Update: 8 August - 7 September 2017\n\nSome 19,000 people were displaced "
            "from Eastern Ghouta, mostly to a town nearby between 11 and 17 September."
        ),
    ],
    ids=["a-corner-is-not-the-country", "its-own-time-and-not-the-titles"],
)
def test_what_the_sentence_says_itself_is_not_taken_from_the_title(said):
    """Place or time of the title would stand where the sentence has its own."""
    assert proposed(said) == set()


@pytest.mark.parametrize("words", ["from and within", "within and from"])
def test_within_and_from_a_governorate_is_counted_there_in_either_order(words):
    said = f"Some 290,000 people were displaced {words} Ar-Raqqa governorate in September 2017."
    assert proposed(said) == {(290_000, "NEWDISP", "flow", "SY11", "2017-09-01", "2017-09-30")}
