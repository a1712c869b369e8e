"""Who counts at which level: a governorate has an answer where its publishers differ too."""

from data.analysis import levels
from tests import builders

SYRIA = {"place_code": "SYR", "admin_level": 0, "admin1_code": None}
DANA = {
    "place_code": "SY070301",
    "admin_level": 3,
    "admin2_code": "SY0703",
    "admin3_code": "SY070301",
}
IOM = {"publisher": "IOM", "dataset": "DTM"}
OCHA = {"publisher": "OCHA", "dataset": "Movements", "measure": "flow", "unit": "movements"}
PLACES = ("SY07", "SYR", "SY070301")


def met(*rows):
    found = levels.counting_ways(builders.figures(*rows), "IDP")
    return list(levels.meetings(found, PLACES))


def test_two_that_count_alike_meet_at_the_place_itself():
    (one,) = met({"value": 5}, {**IOM, "value": 7})
    assert one.at[0]["place_code"] == "SY07"
    assert (one.why, one.absent) == ((), ())


def test_people_and_movements_meet_nowhere_and_the_reason_is_told():
    (one,) = met({**IOM}, {**OCHA})
    assert one.at is None
    assert {"measure", "unit"} <= {reason.code for reason in one.why}


def test_who_prints_nothing_here_is_named_and_the_country_is_the_nearest():
    """An office that compares Idleb finds where the two do print the same thing."""
    (one,) = met({**IOM}, {**IOM, **SYRIA, "value": 90}, {**SYRIA, "value": 95})
    assert one.absent == ("UNHCR",)
    assert [row["place_code"] for row in one.at] == ["SYR", "SYR"]


def test_a_level_within_is_told_where_none_above_will_do():
    (one,) = met({**IOM}, {**IOM, **DANA, "value": 3}, {**OCHA}, {**DANA, "publisher": "OCHA"})
    assert [row["place_code"] for row in one.at] == ["SY070301", "SY070301"]


def test_figures_of_years_apart_and_parts_are_no_meeting():
    old = {"as_of": "2020-12-31", "reference_period_end": "2020-12-31"}
    (one,) = met({**IOM}, {**old, "reference_period_start": "2020-01-01"})
    assert one.at is None
    assert met({**IOM}, {"category": "camp"}) == []
