"""What an orchestrator is asked to do: the plan needs no orchestrator to be looked at.

`make cluster-test` proves the rest in an environment that has Dagster.
"""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster import plan, work
from data import settings
from data.gazetteer import area
from data.gazetteer.area import NoSuchArea
from data.settings import ROOT, BadConfiguration
from data.status import freshness
from data.store import Status
from pipelines import registry
from tests.run_contexts import fake_source

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))


def fires(line: str, until: timedelta = timedelta(days=70)) -> list[datetime]:
    """When a clock's line asks, minute by minute, read as cron(5) says."""
    minute, hour, day, month, weekday = (
        _values(text, *bounds) for text, bounds in zip(line.split(), FIELDS, strict=True)
    )
    start = datetime(2026, 1, 1, tzinfo=UTC)
    moments = (start + timedelta(hours=n) for n in range(int(until.total_seconds() // 3600)))
    return [
        moment.replace(minute=m)
        for moment in moments
        if moment.hour in hour
        and moment.day in day
        and moment.month in month
        and moment.isoweekday() % 7 in weekday
        for m in sorted(minute)
    ]


def _values(text: str, least: int, most: int) -> set[int]:
    span, _, step = text.partition("/")
    first, _, last = span.partition("-")
    if span == "*":
        first, last = str(least), str(most)
    found = set(range(int(first), int(last or first) + 1, int(step or 1)))
    assert found <= set(range(least, most + 1)), text
    return found


@pytest.mark.parametrize("source", registry.SOURCES, ids=registry.names())
def test_every_source_is_asked_at_least_as_often_as_its_cadence(source):
    """A source that the clock asks too seldom is late for readers through nobody's fault."""
    times = fires(plan.cron(source))
    longest = max(b - a for a, b in pairwise(times))
    # Months are up to 31 days long.
    assert longest <= max(source.cadence, timedelta(days=31 if source.cadence.days >= 28 else 0))
    assert longest < source.late_after


@given(st.text(min_size=1), st.timedeltas(min_value=timedelta(hours=1), max_value=timedelta(365)))
def test_any_cadence_is_a_line_that_a_clock_can_read(name, cadence):
    source = fake_source(name, cadence=cadence)
    times = fires(plan.cron(source))
    longest = max(b - a for a, b in pairwise(times))
    assert longest <= max(cadence, timedelta(days=31 if cadence >= timedelta(days=28) else 0))


def test_sources_of_one_cadence_are_not_asked_in_step():
    lines = [plan.cron(source) for source in registry.SOURCES if plan.scheduled(source)]
    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize("source", registry.SOURCES, ids=registry.names())
def test_a_source_that_answers_at_its_cadence_never_looks_late(source):
    late, near = plan.windows(source)
    assert late == source.late_after
    assert near is None or source.cadence < near < late
    answered = Status(source.name, last_success=NOW - source.cadence, outcome="published")
    assert plan.fresh(source, answered, NOW) in ("fresh", "due")
    silent = Status(source.name, last_success=NOW - late - timedelta(minutes=1), outcome="failed")
    assert plan.fresh(source, silent, NOW) in ("late", "dead")


def test_what_comes_by_hand_is_never_asked_by_the_clock():
    by_hand = {source.name for source in registry.SOURCES if source.by_hand}
    assert by_hand
    assert not by_hand & {s.name for s in registry.SOURCES if plan.scheduled(s)}
    assert not by_hand & {s.name for s in plan.overdue(registry.SOURCES, {}, NOW)}


def test_what_failed_is_asked_again_after_two_hours_and_what_never_ran_at_once():
    """A weekly source whose publisher was down for a minute must not wait for a week."""
    failed, held, good, new = (fake_source(n) for n in ("failed", "held", "good", "new"))
    at = {
        "failed": Status("failed", last_attempt=NOW, outcome="failed", failures=1),
        "held": Status("held", last_attempt=NOW, outcome="held", failures=1),
        "good": Status("good", last_attempt=NOW, outcome="published"),
    }
    sources = (failed, held, good, new)
    assert plan.overdue(sources, at, NOW + timedelta(hours=1)) == [new]
    assert plan.overdue(sources, at, NOW + timedelta(hours=2)) == [failed, new]
    # What is due by its cadence is asked by its own schedule, not by the watch as well.
    assert plan.overdue(sources, at, NOW + timedelta(days=30)) == [failed, new]


def test_each_area_has_a_store_of_its_own():
    found = plan.addresses(("idlib", "north-east"), "s3://figures/{area}/v1", {})
    assert found == {
        "idlib": "s3://figures/idlib/v1",
        "north-east": "s3://figures/north-east/v1",
    }
    elsewhere = plan.addresses(
        ("idlib", "north-east"), "/srv/{area}", {"NUZUH_STORE_NORTH_EAST": "gs://other/figures"}
    )
    assert elsewhere == {"idlib": "/srv/idlib", "north-east": "gs://other/figures"}
    # One area needs no hole to fill.
    assert plan.addresses(("idlib",), "/srv/figures", {}) == {"idlib": "/srv/figures"}


@pytest.mark.parametrize(
    ("template", "environment"),
    [
        ("/srv/figures", {}),
        ("/srv/{area}", {"NUZUH_STORE_EAST": "/srv/west/"}),
        ("/srv/{area}", {"NUZUH_STORE_EAST": "s3://f/x", "NUZUH_STORE_WEST": "s3://f/x"}),
    ],
)
def test_two_areas_never_share_a_store(template, environment):
    """Each would withdraw what the other publishes, night after night."""
    with pytest.raises(BadConfiguration, match=r"\{area\}"):
        plan.addresses(("east", "west"), template, environment)


@given(st.sets(st.from_regex(r"[a-z][a-z-]{0,8}", fullmatch=True), min_size=2, max_size=6))
def test_whatever_the_areas_are_called_their_stores_differ(names):
    found = plan.addresses(sorted(names), "s3://figures/{area}", {})
    assert len(set(found.values())) == len(names)


def test_the_areas_are_the_files_there_are_unless_some_are_named():
    assert plan.areas(settings.load(areas="")) == area.names()
    assert plan.areas(settings.load(areas=" idlib ,")) == ["idlib"]
    with pytest.raises(NoSuchArea, match="NUZUH_AREAS"):
        plan.areas(settings.load(areas="idlib,atlantis"))


def test_an_office_is_made_for_the_area_asked(monkeypatch, tmp_path):
    monkeypatch.setenv("NUZUH_STORE", f"{tmp_path}/{{area}}/store")
    at = work.context_of("idlib")
    assert (at.area.code, at.store.address) == ("idlib", f"{tmp_path}/idlib/store")
    assert at.sources == registry.SOURCES


def test_a_bug_stays_loud_and_loses_only_the_secret():
    """Dagster keeps tracebacks for months; a key in one is read by whoever opens the page."""
    hidden = work.secrets(
        settings.load(key={"DTM": "dtm-key-1"}, smtp="smtp://u:mail-pass@host"),
        {
            "AWS_SECRET_ACCESS_KEY": "aws-1234",
            "PATH": "/usr/bin",
            "DAGSTER_PG_PASSWORD": "pg-12345",
        },
    )
    assert set(hidden) == {"dtm-key-1", "smtp://u:mail-pass@host", "aws-1234", "pg-12345"}
    with pytest.raises(RuntimeError) as caught, work.without_secrets(hidden):
        raise KeyError("GET https://dtm.example/?key=dtm-key-1 with aws-1234")
    text = str(caught.value)
    assert "KeyError" in text
    assert __name__.rpartition(".")[2] in text  # where it happened
    assert not any(secret in text for secret in hidden)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    with pytest.raises(ZeroDivisionError), work.without_secrets(hidden):
        raise ZeroDivisionError("a bug without a secret is left as it is")


def test_the_cluster_has_the_versions_that_the_dashboard_has():
    """Two versions of what writes Parquet give other bytes; two of Dagster give no page."""
    here, there = (
        dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,0-9]+\])?==([^ ;]+)", lock, re.MULTILINE))
        for lock in (
            (ROOT / name).read_text(encoding="utf-8")
            for name in ("requirements.lock", "cluster/requirements.lock")
        )
    )
    differing = {name for name in here.keys() & there.keys() if here[name] != there[name]}
    assert differing <= {"protobuf", "watchdog", "graphql-core"}
    assert there["dagster"] == there["dagster-webserver"] == there["dagster-graphql"]
    assert there["dagster-postgres"].split(".")[2] == there["dagster"].split(".")[2]


def test_nothing_of_the_plan_imports_the_orchestrator():
    """Else the ordinary environment, which lacks it, could not look at the plan."""
    for name in ("plan", "work"):
        text = (ROOT / "cluster" / f"{name}.py").read_text(encoding="utf-8")
        assert not re.search(r"^\s*(import|from) dagster", text, re.MULTILINE), name


def test_the_share_of_a_source_is_between_none_and_all():
    assert all(0 <= freshness.share(name) < 1 for name in registry.names())
