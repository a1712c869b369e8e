"""Verdicts on what a text says: a wrong "confirmed" would carry a false number into a report."""

from datetime import date

import pytest

from data.analysis import rows
from data.analysis.claims import Claim, Published, Verdict, within_wording
from data.analysis.claims import judge as judged
from data.analysis.number_search import (
    bounds,
    contradicted,
    number_in,
    rows_with_number,
)
from data.analysis.reconciliations import documented
from tests import builders

DAY = date(2020, 2, 28)
RUNNING = {
    "measure": "cumulative",
    "population_group": "NEWDISP",
    "publisher": "OCHA",
    "place_code": "X-SYR-NW",
    "admin_level": None,
    "admin1_code": None,
    "cumulative_since": "2019-12-01",
    "reference_period_start": "2019-12-01",
}


def running(day, value, **more):
    return RUNNING | {
        "reference_period_end": day,
        "as_of": day,
        "published_on": day,
        "known_from": day,
        "value": value,
    } | more  # fmt: skip


def figures(*given):
    known = {"known_from": "2026-06-11", "published_on": "2026-06-11"}
    return rows.as_records(builders.figures(*[known | row for row in given]))


def judge(said, held, **more) -> Verdict:
    return judged(said, Published(held), **more)


def claim(value, **more):
    said = {
        "group": "NEWDISP",
        "measure": "cumulative",
        "place": "X-SYR-NW",
        "first": date(2019, 12, 1),
        "since": date(2019, 12, 1),
        "last": DAY,
    }
    return Claim(0, 7, str(value), value, **(said | more))


PRESENT = {"group": "IDP", "measure": "stock", "place": "SY07", "since": None}
DATED = {"first": date(2025, 12, 31), "last": date(2025, 12, 31), "day_stated": True}


def test_the_number_of_the_day_is_confirmed_and_a_rounded_one_is_told_apart():
    held = figures(running("2020-02-23", 948_000))
    assert judge(claim(948_000), held, published_on=DAY).code == "confirmed"
    near = claim(1_000_000, qualifier="nearly", measure="flow", first=None, since=None, last=None)
    assert judge(near, held, published_on=DAY).code == "rounded"


def test_a_number_that_was_overtaken_shows_what_took_its_place():
    held = figures(running("2020-02-11", 700_000), running("2020-02-23", 948_000))
    found = judge(claim(700_000, qualifier="about", place="SY07"), held, published_on=DAY)
    assert found.code == "confirmed_then"
    assert found.newer is not None
    assert found.newer["value"] == 948_000
    assert found.named_region


def test_a_revised_vintage_was_true_then():
    first = {"value": 2_646_142, "known_from": "2025-11-10", "published_on": "2025-11-10"}
    later = {"value": 2_347_756, "known_from": "2026-06-11", "published_on": "2026-06-11"}
    held = figures(first, later)
    found = judge(Claim(0, 9, "", 2_646_142, **(PRESENT | DATED)), held)
    assert (found.code, found.newer["value"]) == ("confirmed_then", 2_347_756)


def test_nothing_published_after_the_text_confirms_it():
    """A report of February cannot have copied a number of March."""
    held = figures(running("2020-03-05", 1_000_000))
    assert judge(claim(1_000_000), held, published_on=DAY).code != "confirmed"


def test_moves_are_not_people():
    moved = {"unit": "movements", "value": 630_000, "measure": "cumulative"}
    held = figures(running("2020-02-20", 630_000) | moved)
    assert judge(claim(630_000), held, published_on=DAY).code == "other_kind"


def test_a_number_of_another_month_is_another_time():
    held = figures({"value": 944_801})
    said = Claim(0, 7, "", 944_801, **(PRESENT | DATED | {"first": date(2021, 12, 31),
                                                         "last": date(2021, 12, 31)}))  # fmt: skip
    assert judge(said, held).code == "other_place_or_time"


def test_another_bodys_number_is_said_to_be_that_bodys():
    held = figures({"value": 944_801, "publisher": "IOM"})
    said = Claim(0, 7, "", 944_801, publisher="UNHCR", **(PRESENT | DATED))
    assert judge(said, held).code == "other_source"
    # IDMC carries IOM's count: naming the one for the other is no mistake.
    said = Claim(0, 7, "", 944_801, publisher="IDMC", **(PRESENT | DATED))
    assert judge(said, held).code == "confirmed"


def test_a_difference_is_taken_between_two_exact_numbers_alone():
    held = figures({"value": 1_182_989})
    exact = judge(Claim(0, 7, "", 1_182_000, **(PRESENT | DATED)), held)
    assert (exact.code, exact.gap) == ("differs", -989)
    about = judge(Claim(0, 7, "", 900_000, qualifier="about", **(PRESENT | DATED)), held)
    assert (about.code, about.gap) == ("differs", None)


def test_a_register_of_another_day_contradicts_only_what_is_far_off():
    """The number of another day, or of a year ago, called right numbers of a register wrong."""
    held = figures({"value": 1_182_989})
    later = PRESENT | {"first": date(2026, 1, 20), "last": date(2026, 1, 20), "day_stated": True}
    assert judge(Claim(0, 7, "", 1_190_417, **later), held).code == "no_figure"
    assert judge(Claim(0, 7, "", 890_417, **later), held).code == "differs"
    months = PRESENT | {"first": date(2026, 9, 1), "last": date(2026, 9, 1)}
    assert judge(Claim(0, 7, "", 890_000, **months), held).code == "no_figure"


def test_thousands_in_words_may_have_lost_the_rest():
    held = figures({"value": 1_182_989})
    spoken = Claim(0, 7, "", 1_182_000, qualifier="rounded", **(PRESENT | DATED))
    assert judge(spoken, held).code == "rounded"


def test_a_regions_number_is_no_measure_of_one_governorate():
    held = figures(running("2020-02-23", 948_000))
    found = judge(claim(480_000, place="SY07"), held, published_on=DAY)
    assert found.code == "no_figure"


def test_what_is_not_understood_and_what_is_not_held_are_said_apart():
    assert judge(Claim(0, 2, "27", 27, why="share"), []).code == "not_understood"
    assert judge(claim(5_000), []).code == "no_figure"


@pytest.mark.parametrize(
    ("said", "qualifier", "value", "agrees"),
    [
        (1_000_000, "nearly", 948_000, True),
        (3_700_000, "some", 3_576_370, False),
        (3_600_000, "some", 3_576_370, True),
        (3_700_000, "nearly", 3_600_000, False),
        (400_000, "over", 412_000, True),
        (400_000, "over", 399_000, False),
        (900_000, "rounded", 948_000, True),
        (1_550_000, "rounded", 1_557_899, True),
        (948_512, "exact", 948_000, False),
        (12_500, "exact", 12_540, True),
    ],
)
def test_a_wording_allows_so_much_and_no_more(said, qualifier, value, agrees):
    assert within_wording(said, qualifier, value) is agrees


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        ("948,000", 948_000),
        ("948.000", 948_000),
        ("948 000", 948_000),
        ("٩٤٨٬٠٠٠", 948_000),
        ("948 bin", 948_000),
        ("٩٤٨ ألف", 948_000),
        ("1.2 million", 1_200_000),
        ("3,7 milyon", 3_700_000),
        ("7", None),
        ("-5", None),
        ("948,000; drop table figures", None),
        ("", None),
    ],
)
def test_a_number_is_searched_for_however_it_is_typed(asked, value):
    assert number_in(asked) == value


def test_a_search_gives_the_number_itself_first_then_what_rounds_to_it_newest_first():
    held = figures(
        running("2020-02-23", 948_000),
        running("2020-02-26", 948_000, publisher="UN News"),
        running("2020-02-27", 948_312, publisher="HNAP"),
        running("2020-02-28", 950_000, publisher="REACH"),
    )
    found = rows_with_number(948_000, held)
    assert [row["publisher"] for row in found] == ["UN News", "OCHA", "HNAP"]
    least, most = bounds(948_000)
    assert least <= 948_000 <= most


def test_a_figure_contradicts_another_number_of_the_same_people_and_time():
    held = figures(
        running("2020-02-23", 948_000),
        running("2020-02-25", 700_123, publisher="HNAP"),
        running("2020-02-25", 950_000, publisher="REACH"),
        running("2019-12-28", 284_000),
    )
    assert [row["publisher"] for row in contradicted(held[0], held)] == ["HNAP"]


def test_a_written_case_names_what_contradicts_its_figure():
    """North-west Syria, February 2020: OCHA beside what HNAP and the CCCM Cluster counted."""
    month = {"measure": "flow", "population_group": "NEWDISP", "place_code": "X-SYR-NW",
             "admin_level": None, "admin1_code": None, "reference_period_start": "2020-02-01",
             "reference_period_end": "2020-02-29", "as_of": "2020-02-29",
             "known_from": "2020-03-10"}  # fmt: skip
    known = builders.figures(
        running("2020-02-23", 948_000),
        month | {"publisher": "HNAP", "value": 742_109},
        month | {"publisher": "CCCM Cluster", "value": 375_000},
    )
    ocha = next(row for row in rows.as_records(known) if row["publisher"] == "OCHA")
    assert {row["value"] for row in documented(ocha, known)} == {742_109, 375_000}


def test_those_who_fled_idlib_are_held_against_the_region_that_the_press_calls_by_its_name():
    held = figures(running("2020-02-11", 700_000))
    fled = claim(700_000, qualifier="about", place="SYR", origin="SY07")
    found = judge(fled, held, published_on=DAY)
    assert (found.code, found.named_region) == ("confirmed", True)


def test_of_two_counts_that_agree_the_one_that_began_when_the_text_says_comes_first():
    """948,000 since 1 December, and not 950,000 since the 18th, is what "since December" means."""
    later = running("2020-02-27", 950_000) | {
        "cumulative_since": "2019-12-18", "publisher": "REACH",
    }  # fmt: skip
    held = figures(later, running("2020-02-23", 948_000))
    found = judge(claim(1_000_000, qualifier="nearly"), held, published_on=DAY)
    assert (found.code, found.figures[0]["value"]) == ("rounded", 948_000)


def test_a_part_is_not_held_against_its_whole():
    """25,000 people in reception centres say nothing against 7,409,000 IDPs of the country."""
    held = figures({"value": 7_409_000})
    part = Claim(0, 6, "25,000", 25_000, **(PRESENT | DATED))
    assert judge(part, held).code == "no_figure"
    assert judge(part, held).figures[0]["value"] == 7_409_000
    # Where the reading is sure, a number with a zero too few is wrong, however far off it is.
    sure = Claim(0, 7, "740,900", 740_900, strict=True, **(PRESENT | DATED))
    assert judge(sure, held).code == "differs"


def test_a_number_to_the_last_digit_is_no_mistake_where_the_published_one_is_in_round_figures():
    """596,579 returned by 19 June; the figure of 20 June says "about 600,000"."""
    since, until = "2024-12-08", "2025-06-20"
    back = {"population_group": "RET", "measure": "cumulative", "place_code": "SYR"}
    back |= {"origin_code": "SYR", "asylum_location_code": "ALL", "value": 600_000}
    back |= {"cumulative_since": since, "reference_period_start": since}
    back |= {"as_of": until, "reference_period_end": until}
    days = {"first": date(2024, 12, 8), "since": date(2024, 12, 8), "last": date(2025, 6, 19)}
    counted = {"group": "RET", "measure": "cumulative", "place": "SYR", "origin": "SYR"}
    said = Claim(0, 7, "596,579", 596_579, asylum="ALL", day_stated=True, **days, **counted)
    assert judge(said, figures(back | {"qualifier": "about"})).code == "rounded"
    assert judge(said, figures(back | {"qualifier": "exact"})).code == "differs"


def test_more_than_a_number_is_true_of_a_larger_one_and_so_is_up_to_of_a_smaller():
    """ "Each of these provinces hosts over 300,000" says nothing against 460,551."""
    held = figures({"value": 460_551})
    said = {**PRESENT, **DATED}
    assert judge(Claim(0, 7, "", 300_000, qualifier="over", **said), held).code == "no_figure"
    assert judge(Claim(0, 7, "", 600_000, qualifier="up to", **said), held).code == "no_figure"
    assert judge(Claim(0, 7, "", 600_000, qualifier="over", **said), held).code == "differs"
    assert judge(Claim(0, 7, "", 300_000, qualifier="some", **said), held).code == "differs"


def test_a_register_is_not_held_against_another_day_nor_a_text_against_what_came_later():
    later = figures(
        {"value": 2_347_756, "as_of": "2025-12-28", "reference_period_end": "2025-12-28"}
    )
    said = {**PRESENT, **DATED}
    assert judge(Claim(0, 9, "", 2_381_326, **said), later).code == "no_figure"
    assert judge(Claim(0, 9, "", 3_381_326, **said), later).code == "differs"
    on = date(2025, 12, 20)
    assert judge(Claim(0, 9, "", 3_381_326, **said), later, published_on=on).code == "no_figure"


def test_people_present_are_not_held_against_a_count_of_a_quarter_before():
    """In Istanbul lived 334,108 at the end of 2015, and nearly 400,000 in April 2016."""
    held = figures({"value": 334_108, "as_of": "2025-09-15", "reference_period_end": "2025-09-15"})
    said = {**PRESENT, **DATED}
    assert judge(Claim(0, 7, "", 400_000, qualifier="nearly", **said), held).code == "no_figure"
    assert judge(Claim(0, 7, "", 394_556, **said), held).code == "no_figure"


def test_a_figure_of_some_contradicts_no_number_of_all():
    said = {**PRESENT, **DATED}
    held = figures({"value": 1_900_000, "caveat": "sites_only", "category": "sites"})
    assert judge(Claim(0, 9, "", 2_700_000, qualifier="about", **said), held).code == "no_figure"


def test_those_in_camps_are_not_held_against_everybody_displaced():
    held = figures({"value": 2_800_000})
    in_camps = Claim(0, 9, "", 1_700_000, sites=True, strict=True, **(PRESENT | DATED))
    assert judge(in_camps, held).code == "no_figure"
    assert judge(in_camps, figures({"value": 1_800_000, "category": "sites"})).code == "differs"


def test_one_bodys_count_is_not_held_against_anothers():
    """UNHCR and IOM count returns each in its own way: neither is a mistake of the other."""
    held = figures({"value": 1_100_000, "publisher": "IOM"})
    said = {**PRESENT, **DATED, "strict": True}
    assert judge(Claim(0, 9, "", 1_300_000, publisher="UNHCR", **said), held).code == "no_figure"
    assert judge(Claim(0, 9, "", 1_300_000, publisher="IOM", **said), held).code == "differs"


def test_a_count_since_a_day_may_have_grown_since_it_was_published():
    held = figures(running("2020-02-11", 700_000))
    assert judge(claim(840_000), held, published_on=DAY).code == "no_figure"
    assert judge(claim(840_000, last=date(2020, 2, 12)), held).code == "differs"
    assert judge(claim(500_000), held, published_on=DAY).code == "differs"


def test_a_number_of_no_time_is_held_against_nothing():
    """ "Some 380 people come back daily" is no count since December."""
    held = figures(running("2020-02-23", 948_000))
    daily = claim(600_000, measure="flow", first=None, since=None, last=None)
    assert judge(daily, held, published_on=DAY).code == "no_figure"


def test_returns_from_one_country_are_not_held_against_those_from_all():
    back = {"population_group": "RET", "measure": "flow", "place_code": "SYR", "value": 52_000,
            "origin_code": "SYR", "reference_period_start": "2025-05-01",
            "reference_period_end": "2025-05-31", "as_of": "2025-05-31",
            "known_from": "2025-06-03", "published_on": "2025-06-03"}  # fmt: skip
    of_may = {"group": "RET", "measure": "flow", "place": "SYR", "origin": "SYR",
              "first": date(2025, 5, 1), "last": date(2025, 5, 31)}  # fmt: skip
    said = Claim(0, 6, "", 31_000, asylum="JOR", **of_may)
    assert judge(said, figures(back)).code == "no_figure"
    assert judge(Claim(0, 6, "", 31_000, asylum="ALL", **of_may), figures(back)).code == "differs"


def test_moves_between_two_places_are_not_held_against_those_into_the_first():
    """From Homs to Aleppo is no count of those who came to Homs."""
    moved = {"population_group": "IDP_ARR", "unit": "movements", "measure": "flow", "value": 1_830,
             "place_code": "SY04", "reference_period_start": "2018-06-01",
             "reference_period_end": "2018-06-30", "as_of": "2018-06-30",
             "known_from": "2018-07-20", "published_on": "2018-07-20"}  # fmt: skip
    said = Claim(0, 5, "", 4_800, group="IDP_ARR", unit="movements", measure="flow", place="SY02",
                 origin="SY04", first=date(2018, 6, 1), last=date(2018, 6, 30))  # fmt: skip
    assert judge(said, figures(moved)).code == "no_figure"


def test_moves_within_a_place_are_not_held_against_all_who_came():
    came = {"population_group": "IDP_ARR", "unit": "movements", "measure": "flow",
            "value": 132_500, "place_code": "SY02", "reference_period_start": "2020-01-01",
            "reference_period_end": "2020-01-31", "as_of": "2020-01-31",
            "known_from": "2020-02-20", "published_on": "2020-02-20"}  # fmt: skip
    said = Claim(0, 6, "", 86_200, group="IDP_ARR", unit="movements", measure="flow",
                 place="SY02", origin="SY02", first=date(2020, 1, 1),
                 last=date(2020, 1, 31))  # fmt: skip
    assert judge(said, figures(came)).code == "no_figure"
