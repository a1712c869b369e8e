"""Who watches an office's installation learns in time that it stands still."""

import json
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import Request

from commands.main import main
from data.schema.tables import TABLES
from data.status import health
from data.store import Publication, Status, Store, StoreEmpty
from tests.builders import figures

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NAMES = ("alive", "late_one", "held_one", "never_ran", "left_out")


@pytest.fixture
def store(tmp_path):
    """Five sources, each in another state."""
    register = next(table for table in TABLES if table.name == "sources")
    kinds = {"text": "x", "integer": 1, "number": 1.0, "flag": False}
    row = {c.name: (c.vocabulary or [kinds.get(c.kind)])[0] for c in register.columns}
    listed = register.cast(pd.DataFrame([row | {"source": name} for name in NAMES]))
    store = Store(str(tmp_path / "store"))
    rows = figures({"source": "alive", "via": "alive"})
    published = NOW - timedelta(hours=3)
    store.publish(Publication("alive", rows, "s", {"sources": listed}), now=published)
    store.set_status(Status("alive").after(NOW - timedelta(hours=1), "published", "Well."))
    store.set_status(Status("late_one").after(NOW - timedelta(days=2), "published", "Well."))
    held = Status("held_one").after(NOW, "held", "Waits.", held_fetch="f", held_reasons=("Much.",))
    store.set_status(held)
    return store


def test_ages_and_states_are_counted(store):
    said = health.condition_of(store, NOW, frozenset({"left_out"})).as_json()
    assert said["ok"] is True
    assert said["age_seconds"] == 3 * 3600
    assert said["sources"] == {"fresh": 1, "late": 1, "held": 1, "never": 1}
    assert said["last_attempt"] == NOW.isoformat()


def test_the_metrics_are_what_prometheus_reads(store):
    found = health.condition_of(store, NOW, frozenset({"left_out"}))
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(health.metrics(found).decode())
        for sample in family.samples
    }
    assert samples[("nuzuh_up",)] == 1
    published = (NOW - timedelta(hours=3)).timestamp()
    assert samples[("nuzuh_release_published_seconds",)] == published
    assert samples[("nuzuh_source_state", "late", "late_one")] == 1
    assert samples[("nuzuh_source_state", "fresh", "late_one")] == 0
    assert samples[("nuzuh_source_failures", "held_one")] == 1
    assert ("nuzuh_source_attempt_seconds", "never_ran") not in samples
    assert not any("left_out" in key for key in samples)


def test_where_nothing_is_served_the_metrics_say_so(tmp_path):
    with pytest.raises(StoreEmpty):
        health.condition_of(Store(str(tmp_path / "none")), NOW)
    assert b"nuzuh_up 0.0" in health.metrics(None)
    asked = CliRunner().invoke(main, ["--store", str(tmp_path / "none"), "metrics"])
    assert "nuzuh_up 0.0" in asked.stdout
    assert "nuzuh run" in asked.stderr  # why, for whoever looks


def test_the_addresses_answer_without_the_store_too(store, tmp_path, monkeypatch):
    from dashboard.server import routes

    request = Request({"type": "http", "method": "GET", "headers": []})
    monkeypatch.setenv("NUZUH_STORE", store.address)
    told = json.loads(routes.health(request).body)
    assert told["release"] == store.current().id
    assert routes.metrics(request).headers["content-type"] == health.TEXT
    monkeypatch.setenv("NUZUH_STORE", str(tmp_path / "none"))
    answer = routes.health(request)
    assert answer.status_code == 503
    assert "nuzuh run" in json.loads(answer.body)["sentence"]
    assert b"nuzuh_up 0.0" in routes.metrics(request).body
    assert answer.headers["cache-control"] == "no-store"
