"""A reader must know whether silence means "nothing happened" or "nobody answered"."""

from datetime import UTC, date, datetime, timedelta

import pytest

from data.status.freshness import state

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def told(age_days: float | None, newest: date | None = date(2026, 6, 30)) -> str:
    return state(
        cadence=timedelta(days=7),
        late_after=timedelta(days=21),
        last_success=None if age_days is None else NOW - timedelta(days=age_days),
        newest_as_of=newest,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("age", "word"),
    [
        (None, "never"),
        (0, "fresh"),
        (6.9, "fresh"),
        (7, "due"),
        (21, "due"),
        (22, "late"),
        (85, "dead"),
    ],
)
def test_a_source_ages_from_fresh_to_dead(age, word):
    assert told(age) == word


def test_a_source_that_answers_with_nothing_new_for_years_is_dead():
    """UNHCR's table would otherwise look fresh for ever after its last edition."""
    assert told(0, newest=date(2023, 12, 31)) == "dead"


def test_a_source_without_figures_is_judged_by_its_answers_alone():
    assert told(0, newest=None) == "fresh"
