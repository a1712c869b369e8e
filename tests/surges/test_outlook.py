"""What stands beside an alarm: how the rule did there before, and what would end it."""

from datetime import date

from surges import outlook
from surges.events import Event
from surges.reports import Line, Report
from surges.rule import Alarm, Robust, follow
from surges.score import Row
from tests.surges.test_surges import monthly
from visuals.language import surge_rule
from visuals.language.words import LANGUAGES, Words

BEGAN = date(2020, 3, 1)


def event(place, start, *, detector=None, expected="must_fire"):
    return Event(f"{place}-{start}", (place,), start, start, expected, "", detector)


def record(*rows, place="SY0703"):
    return outlook.record(rows, place, "displacement", BEGAN)


def test_misses_at_the_place_inside_it_and_around_it_count_newest_first():
    """Idleb's misses are Harim's and Dana's too; Aleppo's are not."""
    rows = [
        Row(event("SY07", date(2018, 5, 1)), "miss"),
        Row(event("SY070301", date(2019, 1, 1)), "miss"),
        Row(event("SY0703", date(2017, 1, 1)), "hit"),
        Row(event("SY02", date(2019, 1, 1)), "miss"),
    ]
    found = record(*rows)
    assert [one.places[0] for one in found.missed] == ["SY070301", "SY07"]
    assert (found.alerted, found.events) == (1, 3)


def test_a_region_answers_for_what_was_missed_in_its_parts():
    """ "All were told" of north-west Syria, with Idleb's floods missed, would be untrue."""
    rows = [Row(event("SY07", date(2018, 12, 20)), "miss"), Row(event("SY03", BEGAN), "miss")]
    assert [one.places for one in record(*rows, place="X-SYR-NW").missed] == [("SY07",)]
    region = Row(event("X-SYR-NW", date(2019, 5, 1)), "hit")
    assert record(region, place="SY070301").alerted == 1


def test_the_surge_itself_quiet_windows_and_the_other_detector_are_no_record():
    rows = [
        Row(event("SY0703", BEGAN), "miss"),
        Row(event("SY0703", date(2019, 1, 1), expected="must_stay_silent"), "silent"),
        Row(event("SY0703", date(2019, 1, 1), detector="returns"), "miss"),
        Row(event("SY0703", date(2019, 1, 1)), "no_data"),
    ]
    assert record(*rows).events == 0


def test_a_surge_ends_at_the_high_end_of_its_usual():
    (alarm,) = follow(monthly([3_000, 3_100, 2_900] * 4 + [30_000]), Robust()).alarms
    ends = outlook.ending(alarm)
    assert ends.below == alarm.usual.high
    calm = monthly([3_000, 3_100, 2_900] * 4 + [30_000, round(ends.below * 0.9), 3_000])
    loud = monthly([3_000, 3_100, 2_900] * 4 + [30_000, round(ends.below * 1.3)])
    assert not follow(calm, Robust()).open
    assert follow(loud, Robust()).open


def test_in_a_wild_place_a_surge_ends_below_twice_the_usual():
    """Nine in ten of such months reach beyond the report that fired: below that it is no less."""
    wild = [4_900, 900, 4_800, 300, 4_900, 400, 4_700, 2_000, 4_900, 500, 4_800, 600]
    (alarm,) = follow(monthly([*wild, 9_000]), Robust()).alarms
    ends = outlook.ending(alarm)
    assert ends.below < alarm.report.rate < alarm.usual.high
    assert not follow(monthly([*wild, 9_000, 5_000]), Robust()).open
    assert follow(monthly([*wild, 9_000, 8_000]), Robust()).open


def test_a_first_count_ends_at_a_quarter_of_its_peak_in_three_digits():
    report = Report(date(2019, 12, 1), date(2019, 12, 29), 284_000, date(2019, 12, 30))
    line = Line("X-SYR-NW", "people", "cumulative", since=date(2019, 12, 1))
    alarm = Alarm(line, report, "opened", "first_count", date(2019, 12, 1), None)
    ends = outlook.ending(alarm)
    assert (ends.below, ends.settles) == (73_400, date(2020, 6, 1))


def test_every_language_says_it_in_one_sentence_with_at_most_three_names():
    missed = [event("SY07", date(2019, month, 1)) for month in (9, 8, 7, 6)]
    for language in LANGUAGES:
        words = Words(language)
        said = surge_rule.record_sentence(words, 5, missed)
        assert said.count(words.month(date(2019, 9, 1))) == 1
        assert words.month(date(2019, 6, 1)) not in said
        assert words.number(9) in said
        for none in (
            surge_rule.record_sentence(words, 0, []),
            surge_rule.record_sentence(words, 2, []),
        ):
            assert "{" not in none
        ends = surge_rule.ending_sentence(words, 71_934.2, 90, date(2020, 6, 1))
        assert words.number(71_934) in ends
        assert words.day(date(2020, 6, 1)) in ends
