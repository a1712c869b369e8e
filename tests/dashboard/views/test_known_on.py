"""As known on a past day, no function that feeds a page returns a figure that was known later."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from dashboard.session import cached
from dashboard.session.urlstate import View
from dashboard.views import compare, figure, map
from dashboard.views import place as place_blocks
from data.analysis import reconciliations
from data.store import FigureFilter, Release
from tests.effort import tries
from visuals.language.words import Words

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def vintages(release):
    return release.vintages(FigureFilter())


@settings(max_examples=tries(15, 5), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data())
def test_no_page_function_returns_a_figure_known_after_the_day(release, vintages, data):
    """Whoever reads a past day must not plan with what only later readers could know.

    The day is drawn from the days on which anything was published, and the days before them.
    """
    days = sorted({stamp.date() for stamp in vintages["known_from"]})
    known = data.draw(some.sampled_from(days)) - timedelta(days=data.draw(some.integers(0, 1)))
    row = vintages.iloc[data.draw(some.integers(0, len(vintages) - 1))]
    case = data.draw(some.sampled_from(reconciliations.cases()))
    view = View(Words("en"), known, TODAY)
    last = pd.Timestamp(known)
    for name, frame in asked(view, release, row, case):
        late = frame[frame["known_from"] > last]
        assert late.empty, (name, known, late["figure_id"].tolist()[:3])


def asked(
    view: View, release: Release, row: "pd.Series[object]", case: reconciliations.Case
) -> Iterator[tuple[str, pd.DataFrame]]:
    """What each page asks for, by the functions that the pages call."""
    for picked in cached.headlines(release, release.id, view.known, view.day):
        yield f"situation: {picked.question}", picked.line
    yield "situation: map", map.overview_figures(view, release)
    start = datetime(2011, 1, 1, tzinfo=UTC)
    groups = cached.changes(release, release.id, start, view.day)
    lines = [line for group in groups for line in group.lines]
    told = [line.row for line in lines] + [line.before for line in lines if line.before]
    yield "situation: changes", pd.DataFrame(told or [{"known_from": pd.Timestamp(0)}])
    yield "place", place_blocks.figures(view, release, str(row["place_code"]))
    life = figure.vintages(view, release, str(row["figure_id"]))
    yield "figure: life", life
    if len(life):
        yield "figure: story", figure.figures_of_story(view, release, life.iloc[-1].to_dict())
    for place in case.places:
        found = compare.compared(view, release, place, case.groups[0], case.on)
        yield "compare", found.figures
        for others in found.checks.values():
            yield "compare: same count", others
