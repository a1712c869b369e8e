"""Changes between rounds as surges: followed like the others, and never across a break."""

import json
from datetime import date

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from data.publication import exports
from surges import answer, current, figures, outlook, rounds
from surges.score import alarm_json
from tests import builders
from tests.round_figures import EMPTIED, GREW, PLACES, calm, publish, series, story

BREAKS = ("coverage_changed", "method_break")


def threads(*rows):
    return rounds.threads(rounds.between(builders.figures(*rows)))


def told(found):
    alarms = [alarm for thread in found for alarm in thread.alarms]
    return [(a.line.place, a.line.detector, a.kind, a.report.value) for a in alarms]


def test_a_wave_a_higher_one_and_its_easing_are_one_thread():
    found = {thread.line.place: thread for thread in threads(*story())}
    assert set(found) == {GREW, EMPTIED}
    grew = found[GREW]
    waves = [(alarm.kind, alarm.report.value) for alarm in grew.alarms]
    assert waves == [("opened", 26_000), ("worse", 44_000)]
    assert grew.alarms[1].beyond == grew.alarms[0].report
    assert {a.rule for a in grew.alarms} == {"rounds"}
    assert {a.made for a in grew.alarms} == {"difference"}  # no publisher printed it
    assert not grew.open
    assert grew.change is not None
    assert grew.change.value == 100  # what says that it eased
    assert found[EMPTIED].open
    assert found[EMPTIED].line.detector == "departures"
    assert found[EMPTIED].refused == "coverage"  # and why nobody can say whether it goes on


def test_what_comes_after_other_places_are_listed_is_a_surge_of_its_own():
    """One told as a higher wave would hold two lists of places against each other."""
    changed = {12: "coverage_changed", 13: "coverage_changed"}
    wave = (20_000, 20_010, 19_990, 20_000, 46_000, 52_000, 52_010, 90_000)
    rows = [*series(GREW, *wave, caveats=changed), *calm(8, PLACES[1:], changed)]
    first, second = threads(*rows)
    assert [a.kind for a in first.alarms] == [a.kind for a in second.alarms] == ["opened"]
    assert first.alarms[0].report.value == 26_000
    assert second.alarms[0].report.value == 37_990
    assert first.refused == "coverage"


def test_a_round_that_does_not_list_a_place_hides_no_break_beside_it():
    """The place is absent from the round whose list changed: the rounds around it differ too."""
    changed = {12: "coverage_changed"}
    wave = (20_000, 20_010, 19_990, 20_000, 20_010, None, 46_000)
    rows = [*series(GREW, *wave), *calm(7, PLACES[1:], changed)]
    assert told(threads(*rows)) == []
    blank = (20_000, 20_010, 19_990, 20_000, 20_010, pd.NA, 46_000)
    null = series(GREW, *blank, caveats=changed)
    null[5]["missing_reason"] = "not_reported"
    assert told(threads(*null, *calm(7))) == []


def test_active_as_long_as_a_round_may_still_come(tmp_path):
    release = publish(tmp_path).current()
    active = {}
    for day in (date(2026, 1, 13), date(2026, 1, 14), date(2026, 2, 20), date(2026, 3, 20)):
        found = figures.active(current.followed(release, day), day)
        active[day] = [(line.line.place, line.alarms[-1].report.value) for line in found]
    assert active == {
        date(2026, 1, 13): [],  # published on the next day
        date(2026, 1, 14): [(GREW, 26_000)],
        date(2026, 2, 20): [(GREW, 44_000)],
        date(2026, 3, 20): [(EMPTIED, 11_000)],  # the other has eased
    }


def test_two_rounds_have_one_name_whatever_is_revised_before_them():
    """Whoever was told must not be told again, since an earlier round was corrected."""
    wave = (20_000, 20_010, 19_990, 20_000, 46_000, 90_000)
    corrected = (20_000, 20_010, 19_990, 20_000, 20_100, 90_000)
    before = threads(*series(GREW, *wave), *calm())[0].alarms[-1]
    after = threads(*series(GREW, *corrected), *calm())[-1].alarms[-1]
    assert before.report.end == after.report.end
    assert (before.kind, after.kind) == ("worse", "opened")
    assert outlook.key(before) == outlook.key(after)


def test_every_field_is_said_of_both_kinds_and_written_as_a_table():
    alarms = [a for thread in threads(*story()) for a in thread.alarms]
    rows = [alarm_json(alarm, lambda _: "-6 of 3") for alarm in alarms]
    for row in rows:
        assert list(row) == list(answer.FIELDS)
        assert row["value_after"] - row["value_before"] == row["change"]
        assert abs(row["change"]) == row["value"]
        assert row["usual"] is row["times_usual"] is None
    table = exports.of_table(answer.typed(rows), answer.TABLE, "csv").decode().splitlines()
    assert table[0] == ",".join(answer.FIELDS)
    assert len(table) == 1 + len(rows)
    assert ",'-6 of 3," in table[1]  # no spreadsheet computes it
    json.dumps(answer.schema())


def test_after_a_break_a_place_is_held_against_the_others_and_not_its_own_past():
    """It swung by hundreds while camps were listed; without them 11,000 more is another thing."""
    changed = {12: "coverage_changed", 13: "coverage_changed"}
    wave = (9_000, 18_000, 8_000, 19_000, 9_000, 3_000, 3_010, 14_000)
    rows = [*series(GREW, *wave, caveats=changed), *calm(8, PLACES[1:], changed)]
    last = next(c for c in rounds.between(builders.figures(*rows)).over if c.value == 10_990)
    assert not last.own


@st.composite
def places(draw):
    """Rounds of a few places: any counts, any breaks, rounds missing or without a number."""
    count = draw(st.integers(2, 7))
    broken = draw(st.dictionaries(st.integers(8, 13), st.sampled_from(BREAKS), max_size=3))
    at_one_place = draw(st.booleans())
    value = st.one_of(st.none(), st.sampled_from([0, 400, 9_000, 20_000, 60_000, 150_000]))
    found = []
    for number, place in enumerate(PLACES[:5]):
        values = draw(st.lists(value, min_size=count, max_size=count))
        caveats = {} if at_one_place and number else broken
        publisher = draw(st.sampled_from(["IOM", "REACH"]))
        found += series(place, *values, caveats=caveats, publisher=publisher)
    return found


@given(places())
def test_no_surge_is_made_across_a_break_or_of_two_counts(rows):
    """The harm: lorries sent to where a list grew, or where another body counted more."""
    listed = {(r["publisher"], r["place_code"], r["as_of"]): r for r in rows}
    breaks = {(r["publisher"], pd.Timestamp(r["as_of"])) for r in rows if r["caveat"] in BREAKS}
    for thread in threads(*rows) if rows else []:
        for alarm in thread.alarms:
            before, after = alarm.change.before, alarm.change.after
            assert before["publisher"] == after["publisher"]
            assert before["place_code"] == after["place_code"] == alarm.line.place
            assert int(after["admin_level"]) == 3
            publisher = after["publisher"]
            crossed = [
                day
                for body, day in breaks
                if body == publisher and before["as_of"] < day < after["as_of"]
            ]
            assert not crossed
            # A round that begins another list of places is marked, and compares with the next one
            # that lists the same: where that lists others again, it is marked as well.
            assert listed[publisher, alarm.line.place, f"{after['as_of'].date()}"][
                "caveat"
            ] not in ("coverage_changed", "method_break")
            assert alarm.report.value == abs(int(after["value"]) - int(before["value"]))
