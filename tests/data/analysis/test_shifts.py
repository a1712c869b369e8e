"""Changes for the shaded map: only between counts that may be compared, of one pair of days."""

from data.analysis import shifts
from tests import builders


def count(day, people, place="SY07", **more):
    row = {"publisher": "IOM", "population_group": "IDP", "admin_level": 1, "place_code": place}
    when = {"reference_period_start": day, "reference_period_end": day, "as_of": day}
    return row | when | {"value": people} | more


def pictures(*rows):
    return shifts.pictures(builders.figures(*rows)).get("1", {})


def test_a_change_is_taken_from_one_round_to_the_next():
    found = pictures(count("2025-10-31", 1_000), count("2025-11-30", 1_250))
    ((time, (shift,)),) = found.items()
    assert time == "2025-11-30~2025-10-31"
    assert (shift.people, shift.percent) == (250, 25.0)


def test_no_place_is_shaded_by_a_change_that_may_not_be_taken():
    """A camp that was not listed before would be painted as a flight."""
    before = count("2025-10-31", 1_000)
    for unlike in (
        {"caveat": "coverage_changed"},
        {"qualifier": "about"},
        {"publisher": "UNHCR"},
        {"dataset": "Another"},
        {"population_group": "RDP"},
        {"value": None, "missing_reason": "not_reported"},
    ):
        assert pictures(before, count("2025-11-30", 1_250) | unlike) == {}, unlike


def test_a_percentage_of_a_few_people_says_nothing_and_is_left_out():
    assert pictures(count("2025-10-31", 99), count("2025-11-30", 300)) == {}


def test_places_whose_days_before_differ_are_two_pictures():
    """One colour for a month's and for a year's change would compare what does not compare."""
    found = pictures(
        count("2025-10-31", 1_000),
        count("2025-11-30", 1_100),
        count("2024-11-30", 1_000, "SY02"),
        count("2025-11-30", 900, "SY02"),
    )
    assert {time: len(at) for time, at in found.items()} == {
        "2025-11-30~2024-11-30": 1,
        "2025-11-30~2025-10-31": 1,
    }
