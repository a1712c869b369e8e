"""What an earlier reader got wrong does not stay beside what the stored files really say."""

from datetime import UTC, date, datetime

import pandas as pd

from data.gazetteer import area
from data.settings import Settings
from data.store import Document, FigureFilter, Publication, Store
from pipelines import registry
from pipelines.http.client import Client
from pipelines.run.migrate import migrate
from pipelines.run.replay import replay
from pipelines.run.run import RunContext
from pipelines.sources import dtm_syria_rounds as rounds
from tests.builders import prepared
from tests.pipelines.sources import dtm_workbooks as books

AT = datetime(2025, 11, 20, tzinfo=UTC)
NOW = datetime(2026, 11, 30, tzinfo=UTC)


def context(folder):
    return RunContext(
        store=Store(str(folder)),
        settings=Settings(),
        area=area.load("idlib"),
        client=Client("test"),
        sources=registry.SOURCES,
        now=lambda: NOW,
    )


def with_running_counts(at):
    """A store as it was: returnees and arrivals since a day as cumulative, of one column of two."""
    document = Document("round-9-october-2025", "https://example.org/r9.xlsx", books.plain(), AT)
    fetch = at.store.keep(rounds.SOURCE.name, [document])
    frame = prepared(rounds.SOURCE, rounds.read([document], at.area), [document])
    frame = frame[frame["admin_level"] == 3].copy()
    cohort = frame["population_group"].isin(["RDP", "RET"])
    frame.loc[cohort, "measure"] = "cumulative"
    frame.loc[cohort, "reference_period_start"] = pd.Timestamp("2024-01-01")
    frame.loc[frame["population_group"] == "RET", "value"] //= 10
    frame["figure_id"] = rounds_ids(frame)
    at.store.publish(Publication(rounds.SOURCE.name, frame, "as it was", fetch_id=fetch), now=AT)


def rounds_ids(frame):
    from data.schema.frame_keys import figure_ids

    return figure_ids(frame)


def test_a_running_count_gives_way_to_the_cohort_that_the_stored_file_says(tmp_path):
    """Left beside one another, 9,876 arrivals and a tenth of them would both be shown."""
    at = context(tmp_path)
    with_running_counts(at)
    assert replay(rounds.SOURCE, at).state in ("published", "unchanged")
    shown = at.store.current().figures(FigureFilter(source=(rounds.SOURCE.name,)))
    assert set(shown["measure"]) == {"stock"}
    dana = shown[(shown["place_code"] == "SY070301") & (shown["population_group"] == "RET")]
    assert dana["value"].item() == books.COUNTS["SY070301"][2]


def test_what_was_shown_before_is_still_told_as_known_then(tmp_path):
    at = context(tmp_path)
    with_running_counts(at)
    assert migrate(rounds.SOURCE, at) == 12
    assert migrate(rounds.SOURCE, at) == 0
    vintages = at.store.current().vintages(FigureFilter(place=("SY070301",), group=("RET",)))
    was = vintages[vintages["measure"] == "cumulative"]
    assert list(was["value"].dropna()) == [books.COUNTS["SY070301"][2] // 10]
    assert list(was["missing_reason"].dropna()) == ["withdrawn"]
    assert set(vintages.loc[vintages["measure"] == "stock", "known_from"].dt.date) == {
        date(2025, 11, 20)
    }
