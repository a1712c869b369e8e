"""Great waves as the figures have them, made-up ones, and how rules fare against them."""

from datetime import date, timedelta

import pytest

from bench.surges import made
from surges import figures, waves
from surges.hdx_signals import RollingMaximum
from surges.holdout import reported_since
from surges.reports import Line, Report
from surges.rule import Robust, follow, follow_all
from tests import carried


def series(*values, first=date(2019, 1, 1)):
    """Reports of thirty days, one after the other; None is one without a number."""
    found = []
    for at, value in enumerate(values):
        start = first + timedelta(30 * at)
        if value is not None:
            end = start + timedelta(29)
            found.append(Report(start, end, value, end + timedelta(20)))
    return Line("SY0703", "movements", "flow", reports=tuple(found))


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ((2_000, 2_400, 2_200, 5_000), [[5_000]]),  # 5,100 by 2,300
        ((2_000, 2_600, 2_500, 5_000), []),  # 5,100 by 2,600: less than twice
        ((500, 600, 700, 4_999), []),  # fewer than 5,000
        ((500, 9_000), []),  # one report before it says nothing of a usual
        ((500, 600, 700, 9_000, 400, 8_000), [[9_000, 8_000]]),  # thirty days apart
        ((500, 600, 700, 9_000, 400, 500, 500, 500, 8_000), [[9_000], [8_000]]),
    ],
)
def test_a_wave_is_told_by_the_figures_alone(values, wanted):
    assert [[r.value for r in wave] for wave in waves.waves_of(series(*values))] == wanted


def test_told_missed_right_and_wrong_are_counted():
    line = series(500, 600, 700, 9_000, 400, 500, 500, 500, 500, 500, 500, 8_000)
    told = follow(line, Robust())
    (first, second) = told.alarms
    found = waves.score_waves([told], lambda report: report.value > 8_500)
    assert [wave[0].value for _, wave in found.alerted] == [first.report.value] == [9_000]
    assert (found.waves, found.recall, found.precision) == (1, 1.0, 1.0)
    assert second.report.value == 8_000
    deaf = follow(line, RollingMaximum())
    assert waves.score_waves([deaf], lambda _: True).recall == 0.5  # 8,000 is less than 9,000


def test_it_tells_more_great_waves_than_hdx_signals_and_is_more_often_right(tmp_path):
    """What was asked: 95% of them, and 85% of its alarms; since 2018, chosen before."""
    lines = figures.lines(carried.publish(tmp_path).current())
    ours, theirs = (
        waves.score_waves(follow_all(lines, judge), reported_since)
        for judge in (Robust(), RollingMaximum())
    )
    assert ours.waves > 50
    assert ours.recall >= 0.95
    assert ours.precision >= 0.85
    assert ours.recall > theirs.recall
    assert ours.precision > theirs.precision


@pytest.mark.parametrize(("spread", "quiet"), [(0.15, 0.02), (0.25, 0.2)])
def test_made_waves_are_told_and_quiet_series_seldom_are(spread, quiet):
    """Where months spread by a quarter, one place in five years may be twice its usual by chance;
    where they spread by 15%, one in fifty.
    """
    found = made.tried(Robust(), spread, [11])
    assert found.score.recall == 1.0
    assert found.quiet <= quiet
