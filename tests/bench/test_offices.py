"""The reckoning of many offices: a wrong share of the line would promise a release too early."""

import pytest

from bench import offices


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ([3.0], [13.0]),
        ([0.0, 0.0], [20.0, 20.0]),
        # The first is alone for a second and has a tenth; then both have half of the line.
        ([0.0, 1.0], [19.0, 20.0]),
        ([0.0, 30.0], [10.0, 40.0]),
    ],
)
def test_offices_that_fetch_at_a_time_share_the_line(begins, ends):
    assert offices.arrived(begins, 100, 10, 0) == pytest.approx(ends)


def test_whoever_is_alone_waits_for_its_answers_too():
    assert offices.arrived([0.0], 100, 10, 0.6) == pytest.approx([10.6])
