"""Surges: what the rule must respect, how it is chosen, and how it is scored."""

import calendar
import csv
import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.main import main
from data.store import FigureFilter
from surges import events, figures, reports
from surges.hdx_signals import RollingMaximum
from surges.reports import Line, Report
from surges.rule import Robust, follow, follow_all
from surges.score import of_great_waves, score, wilson
from surges.series import SeriesUnreadable, read
from tests import builders, carried
from tests.effort import tries


@pytest.fixture(scope="module")
def lines(release):
    return figures.lines(release)


@pytest.fixture(scope="module")
def scored(lines):
    """The rule on everything carried, against the listed events."""
    return score(follow_all(lines, Robust()), events.listed(), events.inside)


def month(at: int, first: int = 2019) -> tuple[date, date]:
    year, number = first + at // 12, at % 12 + 1
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def monthly(values, *, first=2019, **kept) -> Line:
    """A series of months; None is a month without a report."""
    found = [
        Report(*month(at, first), value, month(at, first)[1] + timedelta(20))
        for at, value in enumerate(values)
        if value is not None
    ]
    return Line("SY070301", "people", "flow", reports=tuple(found), **kept)


def fired(line: Line) -> list[tuple[date, str]]:
    return [(alarm.day, alarm.kind) for alarm in follow(line, Robust()).alarms]


CALM = [4000, 5200, 4600, 3900, 5500, 4800, 4100, 5000, 4400, 5100, 4700, 4300]


# ---- what the rule must respect ----


def test_a_wave_fires_once_and_its_later_higher_wave_again():
    """HDX Signals would be silent for 180 days: the second wave of Idlib would pass unsaid."""
    line = monthly([*CALM, 30_000, 31_000, 9_000, 60_000])
    assert fired(line) == [(month(12)[1], "opened"), (month(15)[1], "worse")]
    silent = follow(line, RollingMaximum()).alarms
    assert [alarm.day for alarm in silent][-1] == month(12)[1]


def test_a_month_without_report_is_no_zero():
    """Zeros for gaps would pull the usual down, and every ordinary month would be a surge."""
    gappy = [value if at % 3 else None for at, value in enumerate(CALM * 2)]
    assert fired(monthly(gappy)) == []
    assert fired(monthly([*gappy, None, None, 5_000])) == []


def test_small_bases_stay_silent_and_an_empty_place_that_fills_does_not():
    assert fired(monthly([3, 0, 7, 2, 4, 1, 0, 5, 2, 3, 1, 2, 60])) == []
    assert fired(monthly([3, 0, 7, 2, 4, 1, 0, 5, 2, 3, 1, 2, 9_000])) == [(month(12)[1], "opened")]


def test_a_season_that_comes_every_year_is_no_surge_and_a_wave_on_top_is():
    """Of the first summer, after five months, nobody can know that it is one."""
    year = [2000, 2100, 2600, 3400, 4600, 6000, 6400, 5800, 4500, 3200, 2500, 2100]
    assert fired(monthly(year * 4)) == [(month(5)[1], "opened")]
    year = [value // 2 for value in year]
    assert fired(monthly(year * 4)) == []
    risen = year * 3 + [*year[:2], 12_000]
    assert fired(monthly(risen)) == [(month(38)[1], "opened")]


def test_what_came_before_a_method_break_is_not_compared():
    line = monthly([*CALM, 40_000, 42_000, 39_000, 41_000])
    broken = tuple(replace(r, breaks=at == 12) for at, r in enumerate(line.reports))
    assert fired(line)
    assert fired(replace(line, reports=broken)) == []


def test_a_level_that_lasts_becomes_the_usual():
    line = monthly([*CALM, *[20_000] * 18])
    found = follow(line, Robust())
    assert [alarm.kind for alarm in found.alarms] == ["opened"]
    assert not found.open


def test_a_change_smaller_than_the_rounding_step_is_none():
    """100,000 after nothing, rounded to hundred thousands, may be 50,001 after 49,999."""
    line = monthly([0] * 8 + [100_000])
    coarse = tuple(replace(r, step=100_000) for r in line.reports)
    fine = tuple(replace(r, step=1) for r in line.reports)
    assert fired(replace(line, reports=fine))
    assert fired(replace(line, reports=coarse)) == []


def test_a_late_revision_does_not_reach_back():
    """The report is judged by what was known when it came, or the score would flatter the rule."""
    line = monthly([*CALM, 30_000])
    late = date(2021, 1, 1)
    lifted = tuple(replace(r, value=r.value * 6, known_on=late) for r in line.reports[:12])
    assert fired(replace(line, reports=line.reports + lifted)) == fired(line)
    early = tuple(replace(r, value=r.value * 6) for r in line.reports[:12])
    assert fired(replace(line, reports=(*early, line.reports[12]))) == []


def test_an_alarm_says_how_unusual_and_how_sure():
    (alarm,) = follow(monthly([*CALM, 30_000]), Robust()).alarms
    low, high = alarm.times_range
    assert low < alarm.times < high
    assert 5 < alarm.times < 8
    assert alarm.usual.low < 4_650 < alarm.usual.high < 30_000
    assert alarm.level == 2
    assert (alarm.rank, alarm.among) == (1, 13), "the highest of a year and a month"


@settings(max_examples=tries(40, 15))
@given(
    st.lists(st.integers(3_500, 6_500), min_size=8, max_size=40),
    st.lists(st.booleans(), min_size=40, max_size=40),
)
def test_ordinary_months_never_fire_whatever_is_missing(values, kept):
    found = [v if keep else None for v, keep in zip(values, kept, strict=False)]
    assert fired(monthly(found)) == []


# ---- from figures ----


def test_a_running_count_becomes_rates_and_waits_for_what_says_something():
    """Readings one day apart or within rounding would make surges out of two reporters' clocks."""
    days = ("2019-12-29", "2020-01-14", "2020-02-02", "2020-02-03", "2020-02-17", "2020-02-20")
    values = (284_000, 350_000, 586_000, 700_000, 900_000, 900_000)
    rows = [
        {
            "measure": "cumulative",
            "population_group": "NEWDISP",
            "place_code": "X-SYR-NW",
            "admin_level": None,
            "admin1_code": None,
            "reference_period_start": "2019-12-01",
            "cumulative_since": "2019-12-01",
            "reference_period_end": day,
            "as_of": day,
            "value": value,
            "qualifier": "some",
            "known_from": day,
        }
        for day, value in zip(days, values, strict=True)
    ]
    frame = builders.figures(*rows)
    frame["known_from"] = frame["reference_period_end"]
    (line,) = reports.from_figures(frame)
    assert [(str(r.start), str(r.end), r.value) for r in line.reports] == [
        ("2019-12-01", "2019-12-29", 284_000),
        ("2019-12-30", "2020-01-14", 66_000),
        ("2020-01-15", "2020-02-02", 236_000),
        ("2020-02-03", "2020-02-17", 314_000),
    ]
    assert all(r.figures for r in line.reports)


def test_series_never_mix_kinds_units_sources_or_origins(lines):
    for line in lines:
        assert line.measure == line.about["measure"]
        assert line.unit == line.about["unit"]
        assert line.detector == reports.GROUPS[line.about["population_group"]]
    keys = [tuple(sorted((k, str(v)) for k, v in line.about.items())) for line in lines]
    assert len(keys) == len(set(keys))


def test_nothing_that_was_not_yet_known_is_seen(release):
    """The page as known on 13 February 2020 fires on the second wave, with nothing later."""
    day = date(2020, 2, 13)
    found = follow_all(figures.lines(release, day), Robust())
    active = figures.active(found, day)
    assert {line.line.place for line in active} == {"X-SYR-NW"}
    (wave,) = [line for line in active if line.line.opens]
    assert wave.alarms[-1].kind == "worse"
    assert all(r.known_on <= day for line in found for r in line.line.reports)


# ---- how it is chosen and scored ----


UNTOLD = {
    "2018-02-returns-idleb",
    "2018-05-returns-deir-ez-zor",
    "2018-05-yalda",
    "2019-11-tell-tamer",
}
"""Great waves of the list that the rule leaves out: each follows its alarm at the same place."""


def test_every_listed_great_wave_since_2018_fires_but_for_four(scored, lines):
    """An office would not trust a tool that slept through more of these than it says."""
    great = of_great_waves(scored, lines, events.inside)
    late = [row for row in great.rows if not row.event.early]
    must = {row.event.code: row.outcome for row in late if row.event.expected == "must_fire"}
    assert {code for code, outcome in must.items() if outcome != "hit"} == UNTOLD
    assert len(must) >= 35
    assert must["2018-eastern-ghouta"] == "hit"


def test_quiet_windows_are_silent(scored):
    """Months of which the publisher says that nearly all movements lay elsewhere."""
    quiet = [r for r in scored.rows if r.event.expected == "must_stay_silent"]
    heard = [row for row in quiet if row.outcome != "no_data"]
    assert len(heard) >= 25
    assert {row.outcome for row in heard} == {"silent"}


WILD = [31_866, 15_915, 14_732, 10_317, 4_731, 566, 578, 2_852, 10_654, 1_772, 14_280, 5_520]
"""OCHA's movements to Rural Damascus, January to December 2017."""


def test_a_great_report_is_told_at_twice_the_usual_of_a_wild_year_and_not_below():
    """Rural Damascus in March 2018: 80,052 movements, the spring's largest, lay in the spread."""
    march = date(2018, 3, 31)
    told = {
        value: march in [day for day, _ in fired(monthly([*WILD, None, None, value], first=2017))]
        for value in (80_052, 12_000, 8_000)
    }
    assert told == {80_052: True, 12_000: True, 8_000: False}


def test_months_from_a_later_table_count_only_where_they_were_published_monthly(lines):
    """A survey's memory of past months was known to nobody then; OCHA's months were."""
    remembered = [line for line in lines if line.about["dataset"] == "DTM Syria: returns by month"]
    assert all(len(line.reports) == 1 for line in remembered), "the round's own month alone"
    ghouta = [line for line in lines if line.place == "SY03" and line.detector == "displacement"]
    months = {r.start: r.known_on for line in ghouta for r in line.reports}
    assert len(months) > 50
    assert date(2018, 4, 1) < months[date(2018, 3, 1)] < date(2018, 5, 31)


def test_events_have_provenance_and_words_in_every_language():
    from visuals.html import surges as surge_text
    from visuals.language.words import LANGUAGES, Words

    for event in events.listed():
        assert event.url.startswith("https://"), event.code
        assert event.start <= event.end
        for language in LANGUAGES:
            said = surge_text.event(Words(language), event)
            assert event.code not in said
            assert "{" not in said
    codes = [event.code for event in events.listed()]
    assert len(codes) == len(set(codes))


def test_an_event_of_too_few_people_must_not_fire():
    """Else a silent rule is blamed for what nobody calls a wave (the bars: docs/events.md)."""
    counted = [event for event in events.listed() if event.people or event.source]
    assert len({event.start.year for event in counted}) == 4
    for event in counted:
        assert event.people, event.code
        assert event.source, event.code
        if event.expected == "must_fire":
            bars = [
                {"SYR": 100_000, "SY07": 20_000, "SY02": 20_000}.get(p, 5_000) for p in event.places
            ]
            assert event.people >= max(bars), event.code


def test_wilson_is_wilson():
    low, high = wilson(10, 10)
    assert (round(low, 4), high) == (0.7225, 1.0)
    assert wilson(0, 0) is None


# ---- a reader's own series ----

HEAD = ["place_code", "period_start", "period_end", "value", "unit", "measure"]
EVENT_HEAD = ["place_code", "window_start", "window_end", "expected", "label"]


def write(path, head, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def months_of(place, values, unit="people", measure="flow"):
    return [
        [place, *month(at), "" if value is None else value, unit, measure]
        for at, value in enumerate(values)
    ]


def nuzuh(*words):
    return CliRunner().invoke(main, ["surges", *map(str, words)])


def test_any_series_and_events_are_scored(tmp_path):
    rows = [
        *months_of("A", [*CALM, *CALM, 40_000, 42_000, 5_000]),
        *months_of("B", [*CALM, *CALM]),
        *months_of("C", [*CALM, 90_000]),
        # The same place in another unit is another series: 900 families after 5,000 people.
        *months_of("B", [900, 950, 870, 910, 880, 940], unit="families"),
    ]
    rows = [rows[at] for at in np.random.default_rng(1).permutation(len(rows))]
    series = write(tmp_path / "s.csv", HEAD, rows)
    wanted = write(
        tmp_path / "e.csv",
        EVENT_HEAD,
        [
            ["A", month(24)[0], month(25)[1], "must_fire", "wave"],
            ["B", month(2)[0], month(20)[1], "must_stay_silent", "calm"],
            ["C", month(0)[0], month(3)[1], "must_stay_silent", "calm"],
            ["B", month(21)[0], month(21)[1], "must_fire", "nothing happens here"],
            ["D", month(2)[0], month(3)[1], "must_fire", "nobody reports here"],
            ["C", month(12)[0], month(12)[1], "undecided", "who knows"],
        ],
    )
    result = nuzuh("--score", "--series", series, "--events", wanted, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    outcomes = [row["outcome"] for row in found["events"]]
    assert outcomes == ["hit", "silent", "silent", "miss", "no_data", "fired"]
    assert (found["recall"], found["precision"]) == (0.5, 1.0)
    assert found["delay_days"] == 30.0
    assert (found["no_data"], found["undecided_alarms"]) == (1, 1)
    told = nuzuh("--series", series, "--json")
    assert len(json.loads(told.stdout)["alarms"]) == 2


def test_a_running_count_that_begins_anew_is_no_negative_flow(tmp_path):
    total, rows = 0, []
    for at in range(30):
        total = 0 if at == 15 else total
        total += 60_000 if at in (24, 25) else CALM[at % 12]
        rows.append(["A", month(0)[0] if at < 15 else month(15)[0], month(at)[1], total])
    rows = [[*row, "people", "cumulative"] for row in rows]
    found = read(write(tmp_path / "s.csv", HEAD, rows))
    values = [r.value for line in found for r in line.reports]
    assert min(values) >= 3_900
    assert max(values) == 60_000
    alarms = [alarm for line in found for alarm in follow(line, Robust()).alarms]
    assert [alarm.day for alarm in alarms if alarm.usual] == [month(24)[1]]


@pytest.mark.parametrize("length", [1, 7], ids=["daily", "weekly"])
def test_days_and_weeks_are_read_as_well_as_months(length):
    """Daily counts are noisy: fifty days of calm and five of flight make one alarm."""
    noise = np.random.default_rng(3)
    starts = [date(2021, 1, 1) + timedelta(length * at) for at in range(420 // length)]
    flight = date(2021, 12, 6)
    found = [
        Report(
            start,
            start + timedelta(length - 1),
            int(noise.poisson(400 * length) * (9 if 0 <= (start - flight).days < 14 else 1)),
            start + timedelta(length),
        )
        for start in starts
    ]
    (alarm,) = [
        a
        for a in follow(Line("A", "people", "flow", reports=tuple(found)), Robust()).alarms
        if a.kind == "opened"
    ]
    assert 0 <= (alarm.day - flight).days < 7 + length


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (["A", "2020-01-01", "2020-01-31", "many", "people", "flow"], "Row 2: value"),
        (["A", "2020-01-01", "2020-01-31", "-5", "people", "flow"], "Row 2: value"),
        (["A", "2020-02-01", "2020-01-31", "5", "people", "flow"], "ends before it starts"),
        (["A", "01/01/2020", "2020-01-31", "5", "people", "flow"], "Row 2: period_start"),
        (["A", "2020-01-01", "2020-01-31", "5", "people", "rate"], "Row 2: measure"),
        (["", "2020-01-01", "2020-01-31", "5", "people", "flow"], "no place_code"),
    ],
    ids=["word", "negative", "backwards", "day", "measure", "place"],
)
def test_a_row_that_cannot_be_used_is_a_sentence_with_its_number(tmp_path, row, says):
    path = write(tmp_path / "s.csv", HEAD, [row])
    with pytest.raises(SeriesUnreadable, match=says):
        read(path)
    result = nuzuh("--series", path)
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_missing_column_and_an_unknown_word_are_sentences(tmp_path):
    series = write(tmp_path / "s.csv", HEAD[:4], [["A", "2020-01-01", "2020-01-31", "5"]])
    assert "no column unit, measure" in nuzuh("--series", series).stderr
    good = write(tmp_path / "g.csv", HEAD, months_of("A", CALM))
    bad = write(tmp_path / "e.csv", EVENT_HEAD, [["A", "2020-01-01", "2020-01-31", "maybe", ""]])
    result = nuzuh("--score", "--series", good, "--events", bad)
    assert result.exit_code == 1
    assert "must_stay_silent" in result.stderr
    assert nuzuh("--score", "--series", good).exit_code == 2


def test_the_command_says_what_fires_now(release, monkeypatch, tmp_path):
    monkeypatch.setenv("NUZUH_STORE", carried.publish(tmp_path).address)
    assert "No surge" in nuzuh().stdout
    then = json.loads(nuzuh("--as-known-on", "2020-02-13", "--json").stdout)
    assert {alarm["place_code"] for alarm in then["alarms"]} == {"X-SYR-NW"}
    (alarm,) = [alarm for alarm in then["alarms"] if alarm["measure"] == "cumulative"]
    assert (alarm["value"], alarm["kind"]) == (196_000, "worse")
    known = set(release.figures(FigureFilter(place=("X-SYR-NW",)))["figure_id"])
    assert set(alarm["figure_ids"]) <= known
    assert "recall" in nuzuh("--score").stdout
