"""What no publisher can have counted is refused before it is shown, whichever reader gave it.

A count of next year would be the newest of every page, and a count of billions the largest.
"""

from datetime import date, timedelta

import pytest

from pipelines.errors import SourceChanged
from tests.builders import RETRIEVED, figures, prepared, reading_of
from tests.run_contexts import fake_source


def published(**row):
    """One row dated by a day, checked as a run checks it."""
    return prepared(fake_source(), reading_of(figures(row)), [])


def dated(day: date, **row):
    """The row of an IDP stock on a day."""
    days = dict.fromkeys(("reference_period_start", "reference_period_end", "as_of"), str(day))
    return published(**days, **row)


@pytest.mark.parametrize("days", [0, 31])
def test_a_count_of_the_running_month_may_carry_the_months_last_day(days: int):
    assert len(dated(RETRIEVED.date() + timedelta(days))) == 1


@pytest.mark.parametrize("days", [32, 60, 365 * 36])
def test_a_count_of_a_day_that_has_not_come_is_refused_where_it_stands(days: int):
    day = RETRIEVED.date() + timedelta(days)
    with pytest.raises(SourceChanged, match=f"row 1 is dated {day}, a day that has not come"):
        dated(day)


def test_what_is_needed_next_year_is_said_this_year():
    """OCHA's overview of a year's needs is out before the year begins."""
    day = date(RETRIEVED.year + 1, 1, 1)
    assert len(dated(day, population_group="PIN", population_status="INN")) == 1


def test_more_people_than_there_are_on_earth_are_none():
    assert len(published(value=1_000_000_000)) == 1
    with pytest.raises(SourceChanged, match="row 1 counts 62,000,000,000, more than there are"):
        published(value=62_000_000_000)
