"""Reports on assessed communities, lists in brackets, lines of key figures; in words of our own.

REACH's pages write so: hardly one of their numbers was proposed, and those of lists were held
against the districts of the same name.
"""

from datetime import date

import pytest

from pipelines.extract import figures_in
from pipelines.extract.claims import claims_in

ON = date(2022, 6, 30)
TITLE = "IDP Movements, north of Syria, 16 - 31 May 2022\n\n"
IN_MAY = ("2022-05-16", "2022-05-31")


def proposed(text, on=ON):
    """What may become a figure: value, group, place, first and last day."""
    return {
        (one.value, one.population_group, one.place_code,
         str(one.reference_period_start), str(one.reference_period_end))
        for one in figures_in(text, published_on=on)
    }  # fmt: skip


def read(text, on=ON):
    """What is compared: value to group and place."""
    return {c.value: (c.group, c.place) for c in claims_in(text, published_on=on) if c.group}


def test_assessed_communities_in_a_governorate_count_for_it_and_say_so():
    text = (
        TITLE + "Assessed communities in Idleb governorate witnessed 13,120 IDP arrivals, 31% of"
        " whom to Ariha sub-district."
    )
    (one,) = figures_in(text, published_on=ON)
    assert (one.value, one.population_group, one.place_code) == (13_120, "IDP_ARR", "SY07")
    assert "partial_coverage" in str(one.caveat)


@pytest.mark.parametrize(
    "sentence",
    [
        "IDP arrivals went mostly to {}, {} and {} sub-districts.",
        "{}, {} and {} sub-districts reported the highest number of arrivals.",
        "The sub-districts of {}, {} and {} received the highest number of arrivals.",
    ],
)
def test_each_sub_district_of_a_list_has_the_number_in_its_brackets(sentence):
    """Harim is a district too, and its number was held against the whole district's."""
    text = sentence.format("Harim (2,410)", "Salqin (1,980)", "Armanaz (1,130)")
    assert {(2_410, "SY070300"), (1_980, "SY070302"), (1_130, "SY070305")} <= {
        (value, place) for value, (_, place) in read(TITLE + text).items()
    }


def test_a_list_that_is_the_subject_counts_what_its_verb_says():
    text = TITLE + (
        "Harim (2,410) and Salqin (1,980) sub-districts reported the highest number of arrivals."
    )
    assert proposed(text) == {
        (2_410, "IDP_ARR", "SY070300", *IN_MAY),
        (1_980, "IDP_ARR", "SY070302", *IN_MAY),
    }


def test_a_list_of_communities_is_of_no_sub_district():
    text = TITLE + "IDP arrivals went to Harim (410) and Salqin (380) communities."
    assert proposed(text) == set()
    assert {place for _, place in read(text).values()} == {None}


def test_the_number_of_a_footnote_ends_a_sentence():
    """ "governorate.3 Assessed communities" ran on, with the places of the sentence before."""
    text = TITLE + (
        "Moves went on within Aleppo governorate.3 Assessed communities in Idleb governorate"
        " witnessed 9,230 IDP departures."
    )
    assert proposed(text) == {(9_230, "IDP_DEP", "SY07", *IN_MAY)}


def test_a_share_given_respectively_parts_no_region():
    text = (
        "Monthly Overview in north-west Syria, May 2022\n\nIn May, assessed communities in Idleb"
        " and surrounding areas witnessed 41,300 IDP arrivals and 22,700 IDP departures, a decrease"
        " of 6% and 31% respectively."
    )
    assert {row[:3] for row in proposed(text)} == {
        (41_300, "IDP_ARR", "X-SYR-IDLEB-AROUND"),
        (22_700, "IDP_DEP", "X-SYR-IDLEB-AROUND"),
    }


def test_a_line_that_says_first_what_it_counts_ends_with_its_number():
    """ "Total IDPs 2.8M / People in need: 4.1 million" proposed 2.8 million people in need."""
    text = (
        "North-west Syria: Situation Report (30 June 2022)\n\nKey figures\n\nTotal IDPs 2.8M\n"
        "People in need: 4.1 million\nIDPs in camps: 1.7 million\n"
    )
    day = ("2022-06-30", "2022-06-30")
    assert proposed(text) == {
        (2_800_000, "IDP", "X-SYR-NW", *day),
        (4_100_000, "PIN", "X-SYR-NW", *day),
        (1_700_000, "IDP", "X-SYR-NW", *day),
    }


@pytest.mark.parametrize(
    ("sentence", "row"),
    [
        (
            (
                "The Needs Assessment Programme recorded 5,410 new displacements of people in"
                " north-west Syria in April 2022."
            ),
            (5_410, "NEWDISP", "X-SYR-NW", "2022-04-01", "2022-04-30"),
        ),
        (
            (
                "As of 3 June 2022, some 31,000 internally displaced people remain in north-east"
                " Syria, most of whom lack food and water."
            ),
            (31_000, "IDP", "X-SYR-NE", "2022-06-03", "2022-06-03"),
        ),
        (
            "Just under 12,000 Syrians returned from Lebanon to Syria in May 2022.",
            (12_000, "RET", "SYR", "2022-05-01", "2022-05-31"),
        ),
        (
            (
                "According to the United Nations refugee agency, 661,000 registered Syrian"
                " refugees live in Jordan as of 31 May 2022."
            ),
            (661_000, "REF", "JOR", "2022-05-31", "2022-05-31"),
        ),
    ],
)
def test_words_of_bodies_and_asides_put_no_number_in_doubt(sentence, row):
    assert proposed(sentence) == {row}


def test_between_an_event_and_a_month_is_one_span():
    """Counted on the day of the event alone, it would have been proposed as one day's returns."""
    text = (
        "Over 164,000 refugees have returned from abroad to Syria between the opening of the"
        " crossing on 3 March 2022, and the end of May 2022."
    )
    assert {(row[0], *row[3:]) for row in proposed(text)} <= {(164_000, "2022-03-03", "2022-05-31")}
    assert read(text)[164_000] == ("RET", "SYR")


def test_a_noun_right_before_a_bracket_is_that_of_its_number():
    """Returns in a report on moves were proposed as arrivals."""
    text = TITLE + (
        "Arrivals to Idleb governorate went down, with SR arrivals (2,150) falling by 50% and IDP"
        " arrivals (5,310) by 20%."
    )
    assert {(2_150, "RDP", "SY07"), (5_310, "IDP_ARR", "SY07")} >= {r[:3] for r in proposed(text)}
    assert read(text) == {2_150: ("RDP", "SY07"), 5_310: ("IDP_ARR", "SY07")}


def test_those_who_returned_in_a_report_on_moves_did_not_arrive():
    text = TITLE + (
        "Most of these returned from Aleppo to Harim (3,610) and Salqin (1,430) sub-districts,"
        " following displacement in the first half of May."
    )
    assert proposed(text) == set()


def test_lines_of_key_figures_do_not_date_those_below_them():
    """The second line's February became that of the year before."""
    text = (
        "Spontaneous Returns in Idleb governorate (1-28 February 2022)\n\n"
        "41,200 SRs from 1-15 February\n\n35,900 SRs from 16-28 February\n"
    )
    assert {(value, first) for value, _, _, first, _ in proposed(text)} <= {
        (41_200, "2022-02-01"),
        (35_900, "2022-02-16"),
    }


@pytest.mark.parametrize(
    "sentence",
    [
        "There are 2.9 million IDPs in need of assistance in north-west Syria as of 3 May 2022.",
        "A report published in 2021 speaks of 6.7 million IDPs in Syria.",
        "The area, dependent on aid, has seen the displacement of 310,000 people in two months.",
    ],
)
def test_neither_need_nor_the_year_of_a_paper_makes_a_figure(sentence):
    assert proposed(sentence) == set()


def test_capitals_between_bullets_open_a_section():
    """ "As of 16 June" of the bullet above became the day of the key figures."""
    text = (
        "North-west Syria: Situation Report (18 June 2022)\n\nHIGHLIGHTS\n- As of 16 June, 4,100"
        " people had crossed from Lebanon.\nKEY FIGURES\n- 3.5M Internally displaced persons\n"
    )
    assert (3_500_000, "2022-06-18") in {
        (c.value, str(c.last)) for c in claims_in(text, published_on=date(2022, 6, 18))
    }


def test_an_aside_between_dashes_tells_nothing_of_the_whole():
    """Those who returned were proposed as displaced, for "most of whom were displaced after …"."""
    text = (
        "Since December 2021, over 91,000 internally displaced persons (IDPs) – most of whom were"
        " displaced after November – have returned to their homes in Syria."
    )
    assert {row[:3] for row in proposed(text)} <= {(91_000, "RDP", "SYR")}
    assert read(text) == {91_000: ("RDP", "SYR")}
