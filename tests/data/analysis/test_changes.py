"""Since your last visit: one altered cell is one line, and nothing else is."""

import json
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from data.analysis import changes
from data.store import FigureFilter
from pipelines.run import run as runs
from tests.builders import figures
from tests.run_contexts import NOW, Publisher, context_in, fake_source

NEAR = ("SY07", "SY02", "TUR031")


def lines(groups: list[changes.Group]) -> list[changes.Change]:
    return [line for group in groups for line in group.lines]


def stock(value: int | None, known: str, **more: object) -> dict[str, object]:
    gone = {"missing_reason": "withdrawn"} if value is None else {}
    at = {"retrieved_at": pd.Timestamp(known, tz=UTC)}
    return {"admin1_code": None, "value": value, "known_from": known, **at, **gone, **more}


def told(*rows: dict[str, object], since: str = "2026-06-01") -> list[changes.Group]:
    at = datetime.fromisoformat(since).replace(tzinfo=UTC)
    return changes.since(figures(*rows), at, date(2026, 12, 31), arrived=None, near=NEAR)


def test_two_runs_with_one_altered_cell_between_them_give_one_line(tmp_path):
    """The promise to whoever cited the number: it moved, and nothing else is shouted about."""
    publisher = Publisher(**{"2023": 80_000, "2024": 90_000, "2025": 100_000})
    source = fake_source(publisher=publisher)
    clock = [NOW]
    at = context_in(tmp_path, source, now=lambda: clock[0])
    assert runs.run_source(source, at).state == "published"
    visit = at.store.current()
    publisher.years["2024"] = 91_000
    clock[0] = NOW + timedelta(hours=1)
    assert runs.run_source(source, at).state == "published"
    now = at.store.current()
    moment = changes.moment(visit.id, clock[0])
    assert moment == visit.published_at
    groups = changes.since(
        now.vintages(FigureFilter()),
        moment,
        clock[0].date(),
        arrived=now.arrived(moment),
        near=NEAR,
    )
    (line,) = lines(groups)
    assert (line.kind, line.before["value"], line.row["value"]) == ("changed", 90_000, 91_000)
    assert not any(group.more for group in groups)
    later = now.arrived(now.published_at)
    assert changes.since(now.vintages(), moment, clock[0].date(), arrived=later, near=NEAR) == []


def test_the_same_file_again_gives_no_line(tmp_path):
    publisher = Publisher()
    source = fake_source(publisher=publisher)
    at = context_in(tmp_path, source)
    runs.run_source(source, at)
    visit = at.store.current()
    publisher.body = json.dumps(publisher.years, indent=2).encode()
    runs.run_source(source, at)
    now = at.store.current()
    assert (
        lines(
            changes.since(
                now.vintages(),
                visit.published_at,
                NOW.date(),
                arrived=now.arrived(visit.published_at),
                near=NEAR,
            )
        )
        == []
    )


def test_a_visit_before_the_store_began_goes_by_the_day_of_publication(tmp_path):
    """Or a link of last year would call the whole history new."""
    source = fake_source(publisher=Publisher())
    at = context_in(tmp_path, source)
    runs.run_source(source, at)
    assert at.store.current().arrived(datetime(2020, 1, 1, tzinfo=UTC)) is None
    undated = stock(5, "2026-11-23", caveat="publication_date_unknown")
    assert told(undated, stock(6, "2026-11-20", place_code="SY02")) != []
    assert [line.row["value"] for line in lines(told(undated, since="2026-11-01"))] == []


def test_each_kind_of_change_is_named():
    base = {"place_code": "SY02"}
    groups = told(
        stock(1, "2026-01-01"),
        stock(2, "2026-07-01"),
        stock(1, "2026-01-01", **base),
        stock(None, "2026-07-01", **base),
        stock(1, "2026-01-01", place_code="SYR"),
        stock(1, "2026-07-01", place_code="SYR", caveat="method_break"),
        stock(9, "2026-07-01", place_code="TUR031"),
    )
    assert [line.kind for line in lines(groups)] == ["changed", "withdrawn", "new", "definition"]


def test_the_area_comes_first_and_the_larger_move_before_the_smaller():
    groups = told(
        *(stock(100, "2026-01-01", place_code=code) for code in ("SY07", "SY02", "SY05")),
        stock(101, "2026-07-01", place_code="SY07"),
        stock(300, "2026-07-01", place_code="SY02"),
        stock(900, "2026-07-01", place_code="SY05"),
    )
    assert [line.row["place_code"] for line in lines(groups)] == ["SY02", "SY07", "SY05"]
    assert lines(groups)[0].relative == pytest.approx(2.0)


def test_a_bulk_addition_is_a_count_and_not_a_thousand_lines():
    rows = [
        stock(n, "2026-07-01", reference_period_start=f"{1900 + n}-01-01", category=str(n))
        for n in range(1, 41)
    ]
    (group,) = told(*rows)
    assert len(group.lines) == changes.LINES["new"]
    assert group.more == {"new": 40 - changes.LINES["new"]}


VINTAGE = some.tuples(
    some.integers(0, 3), some.integers(0, 700), some.one_of(some.none(), some.integers(0, 5))
)


@given(some.lists(VINTAGE, min_size=1, max_size=14), some.integers(0, 700), some.integers(0, 700))
def test_a_number_has_one_line_at_most_and_none_of_a_later_day(drawn, visit, until):
    """As known on a day, the list holds no vintage that was published after it."""
    first = date(2025, 1, 1)
    rows = [
        stock(value, (first + timedelta(days=day)).isoformat(), category=str(number))
        for number, day, value in drawn
    ]
    frame = figures(*rows).drop_duplicates(["figure_id", "known_from"])
    at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=visit)
    last = first + timedelta(days=until)
    groups = changes.since(frame, at, last, arrived=None, near=NEAR)
    found = lines(groups)
    ids = [line.row["figure_id"] for line in found]
    assert len(ids) == len(set(ids))
    for line in found:
        assert line.row["known_from"] <= pd.Timestamp(last)
        if line.before is not None:
            assert line.before["known_from"] < pd.Timestamp(at.date())
            assert line.kind != "changed" or line.before["value"] is not line.row["value"]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("2026-11-20T10:11:12.000Z", datetime(2026, 11, 20, 10, 11, 12, tzinfo=UTC)),
        ("20261120T101112000000Z-abc123", datetime(2026, 11, 20, 10, 11, 12, tzinfo=UTC)),
        ("2036-01-01", None),
        ("1066-10-14", None),
        ("<script>", None),
        (None, None),
    ],
)
def test_an_address_names_a_day_a_time_or_a_release(text, moment):
    assert changes.moment(text, NOW) == moment
