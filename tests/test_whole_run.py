"""Every source at once, as an office with keys and a network runs them: `nuzuh run`, twice."""

import io
import json
import sys
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pandas as pd
import pyarrow
import pytest
from click.testing import CliRunner, Result

from commands.main import main
from data import settings
from data.analysis import precedence
from data.gazetteer import area
from data.publication.exports import FORMS
from data.schema.tables import FIGURES
from data.store import Store
from pipelines import registry
from pipelines.http.client import Client
from pipelines.publishers import dtm
from pipelines.run import context
from pipelines.run.context import context_of
from pipelines.run.replay import replay
from pipelines.run.source_register import register
from pipelines.source import the_day_itself
from tests import builders
from tests.effort import one_in
from tests.servers.everyone import everyone

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

BY_HAND = {source.name for source in registry.SOURCES if source.by_hand}
WAITS = {"report_figures", "ocha_idp_movements"}
"""Figures that wait for a person: those out of a report's text, and the made-up months of OCHA's
stand-in, which contradict the true ones that are carried."""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Where the store lies."""
    return tmp_path_factory.mktemp("whole")


@pytest.fixture(scope="module")
def ran(place):
    """The store, and what two runs and the list of sources printed.

    Without the second that a run leaves a host between two questions: here all are asked of one
    machine, ninety times. `tests/pipelines/http/test_client.py` asks whether it is left.
    """
    with everyone() as publishers, pytest.MonkeyPatch.context() as patch:
        patch.setattr(context, "Client", partial(Client, interval=0))
        given = {**publishers.environment, "NUZUH_STORE": str(place)}

        def nuzuh(*words: str) -> Result:
            return CliRunner().invoke(main, words, env=given)

        first = nuzuh("run", "--json")
        release = Store(str(place)).current().id
        second = nuzuh("run", "--json")
        listed = nuzuh("sources", "--json")
    assert listed.exit_code == 0, listed.output
    return Store(str(place)), first, release, second, json.loads(listed.stdout)


def test_every_source_publishes_in_one_run(ran):
    """The night after an office has set its keys."""
    _, first, _, _, _ = ran
    outcomes = {o["source"]: o for o in json.loads(first.stdout)["outcomes"]}
    assert set(outcomes) == {source.name for source in registry.SOURCES} - BY_HAND
    states = {name: o["state"] for name, o in outcomes.items()}
    waiting = {name for name, state in states.items() if state == "held"}
    assert waiting <= WAITS, {name: outcomes[name]["sentence"] for name in waiting}
    bad = {n: o["sentence"] for n, o in outcomes.items() if o["state"] in ("failed", "skipped")}
    assert bad == {}
    assert first.exit_code == bool(waiting)


def test_a_second_run_finds_nothing_new_and_makes_no_release(ran):
    """A release for nothing would tell every reader of changes that are none."""
    store, _, release, second, _ = ran
    states = {o["source"]: o["state"] for o in json.loads(second.stdout)["outcomes"]}
    assert {n for n, state in states.items() if state == "published"} == set()
    assert store.current().id == release


def test_the_list_of_sources_says_how_each_fares_and_what_it_holds(ran, record_testsuite_property):
    store, _, _, _, listed = ran
    figures = store.current().figures()
    rows = {row["source"]: row for row in listed["sources"]}
    assert set(rows) == {source.name for source in registry.SOURCES}
    for source in registry.SOURCES:
        row, own = rows[source.name], figures[figures["via"] == source.name]
        if source.name not in BY_HAND | WAITS:
            assert row["state"] in ("fresh", "due", "late", "dead"), row
            assert row["last_success"], row
        for name in ("cadence", "licence", "replaced_by", "key"):
            assert any(key.startswith(name.split("_")[0]) for key in row), (name, row)
        levels = sorted(own["admin_level"].dropna().astype(int).unique().tolist())
        months = own["as_of"].dt.to_period("M").nunique()
        told = f"{row['state']} {len(own)} {levels} {months}"
        record_testsuite_property(source.name, told)
        sys.stderr.write(f"\nsource: {source.name} {told}")
    sys.stderr.write("\n")


def test_one_collection_through_several_doors_is_shown_once(ran):
    """IOM's count of Idleb stands in three sources; a reader who sees three adds them."""
    figures, known = ran[0].current().figures(), register(registry.SOURCES)
    idleb = figures[
        figures["place_code"].eq("SY07")
        & figures["population_group"].eq("IDP")
        & figures["as_of"].eq("2025-10-31")
        & figures["source"].isin(["dtm_api", "dtm_api_hdx", "hapi_idps"])
    ]
    assert set(idleb["source"]) == {"dtm_api", "dtm_api_hdx", "hapi_idps"}
    assert precedence.preferred(FIGURES.rows(idleb), known)["source"].to_pylist() == ["dtm_api"]
    syrians = figures[
        figures["place_code"].eq("TUR")
        & figures["population_group"].eq("REF")
        & figures["as_of"].eq("2024-12-31")
        & figures["source"].isin(["unhcr_population", "hapi_refugees"])
    ]
    assert len(syrians) == 2
    assert precedence.preferred(FIGURES.rows(syrians), known)["source"].to_pylist() == [
        "unhcr_population"
    ]


def test_where_doors_differ_the_list_of_sources_tells_both_numbers(ran):
    """The stand-ins differ on purpose: HAPI trails the API by a revision."""
    told = {
        (row["place_code"], row["shown_source"], row["other_source"]): row
        for row in ran[-1]["differences"]
    }
    # The round's workbook, added up over Idleb, is the first route to IOM's count.
    row = told["SY07", "dtm_syria_rounds", "hapi_idps"]
    assert (row["shown_value"], row["other_value"]) == (760_486, 1_850_000)
    # What agrees is no difference.
    same = [key for key in told if key[1:] == ("dtm_api", "dtm_api_hdx")]
    assert not [*same, *(key for key in told if key[2] == "hapi_refugees")]


@pytest.mark.parametrize("tags", [(), ("--hxl",)], ids=["plain", "tagged"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "source", one_in(2, ["dtm_syria_rounds", "dtm_api", "hapi_idps", "dtm_api_hdx"])
)
def test_a_non_commercial_licence_is_in_every_row_of_every_export(
    ran, place, tmp_path, form, source, tags
):
    """Whoever gets the file from a colleague must see that IOM allows no commercial use."""
    if tags and not FORMS[form].tagged:
        return
    out = tmp_path / f"figures.{FORMS[form].extension}"
    words = ["--store", str(place), "figures", "--source", source, "--format", form, *tags]
    result = CliRunner().invoke(main, [*words, "-o", str(out)])
    assert result.exit_code == 0, result.output
    body = out.read_bytes()
    licences = read_licences(form, body)
    if tags:
        assert licences.pop(0) == "#meta+licence"
    assert licences
    assert set(licences) == {dtm.LICENCE}


def read_licences(form: str, body: bytes) -> list[str]:
    """The licence of each row, read as the program that opens the file reads it."""
    if form == "csv":
        return pd.read_csv(io.BytesIO(body), dtype="string")["licence"].tolist()
    if form == "xlsx":
        sheet, *_ = pd.read_excel(io.BytesIO(body), sheet_name=None, engine="calamine").values()
        return sheet["licence"].tolist()
    if form == "arrow":
        return pyarrow.ipc.open_stream(body).read_all()["licence"].to_pylist()
    if form == "json":
        return [row["licence"] for row in json.loads(body)]
    if form == "geojson":
        return [f["properties"]["licence"] for f in json.loads(body)["features"]]
    return pd.read_parquet(io.BytesIO(body), columns=["licence"])["licence"].tolist()


def test_what_the_second_run_left_unread_says_nothing_new_when_it_is_read(ran):
    """The second run trusts equal documents; here each is read, checked and set beside all."""
    store, _, release, second, _ = ran
    told = {o["source"]: o["sentence"] for o in json.loads(second.stdout)["outcomes"]}
    unread = {name for name, sentence in told.items() if "read before" in sentence}
    assert len(unread) > len(told) / 2, told
    at = context_of(settings.load(store=store.address), registry.SOURCES)
    for source in registry.SOURCES:
        if source.name in unread:
            assert replay(source, at).state == "unchanged", source.name
    assert store.current().id == release


def test_readings_that_turn_on_no_day_say_the_same_on_every_day(ran):
    """Else a week-old answer would go unread on the day on which it means something else."""
    store, where = ran[0], area.load("idlib")
    for source in registry.SOURCES:
        if source.reading_depends_on is the_day_itself or source.name in BY_HAND | WAITS:
            continue
        documents = store.documents(source.name, store.fetches(source.name)[0])
        read = [source.read(_fetched(documents, days), where) for days in (0, 1, 45)]
        days = {source.reading_depends_on(d.fetched_at.date()) for d in _fetched(documents, 45)}
        if days != {source.reading_depends_on(d.fetched_at.date()) for d in documents}:
            read.pop()
        for other in read[1:]:
            assert other.remarks == read[0].remarks
            pd.testing.assert_frame_equal(
                _said(builders.figures_read(other)), _said(builders.figures_read(read[0]))
            )
            for name, table in read[0].tables.items():
                pd.testing.assert_frame_equal(_said(other.tables[name]), _said(table))


def _fetched(documents, days):
    """The same documents, fetched some days later."""
    return [replace(d, fetched_at=d.fetched_at + timedelta(days=days)) for d in documents]


def _said(frame):
    return frame.drop(columns="retrieved_at", errors="ignore")
