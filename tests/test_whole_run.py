"""Every source at once, as an office with keys and a network runs them: `nuzuh run`, twice."""

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from data.settings import ROOT
from data.store import Store
from pipelines import registry
from tests.servers.cod import CodServer
from tests.servers.dtm import KEY, DtmRoundsServer, DtmServer, DtmTableServer
from tests.servers.feeds import FtsServer, HapiServer, IduServer, OdpServer, ReliefwebServer
from tests.servers.hdx import HdxServer
from tests.servers.publisher import GONE, Publisher, Reply
from tests.servers.unhcr import UnhcrServer

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

SERVERS = {
    "UNHCR": UnhcrServer,
    "ODP": OdpServer,
    "HAPI": HapiServer,
    "DTM": DtmServer,
    "FTS": FtsServer,
    "RELIEFWEB": ReliefwebServer,
    "COD_AB": CodServer,
}
DATASETS = (DtmRoundsServer, DtmTableServer, IduServer)
BY_HAND = {source.name for source in registry.SOURCES if source.by_hand}
WAITS = {"report_figures"}
"""Its figures wait for a person."""


class WholeHdx(HdxServer):
    """One HDX with the datasets of several servers."""

    def __init__(self, *parts: Publisher) -> None:
        super().__init__()
        self._parts = parts

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        """What the part answers that knows the address; it lies here, not at the part's own."""
        for part in self._parts:
            found = part.reply(path, query)
            if found.status != 404:
                here = found.body.replace(part.url.encode(), self.url.encode())
                return replace(found, body=here)
        return GONE


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The store, and what two runs and the list of sources printed."""
    folder = tmp_path_factory.mktemp("whole")
    with contextlib.ExitStack() as stack:
        running = {api: stack.enter_context(server()) for api, server in SERVERS.items()}
        parts = [stack.enter_context(server()) for server in DATASETS]
        running["HDX"] = stack.enter_context(WholeHdx(*parts))
        environment = {
            **os.environ,
            **{f"NUZUH_URL_{api}": server.base_url for api, server in running.items()},
            "NUZUH_KEY_DTM": KEY,
            "NUZUH_KEY_RELIEFWEB": ReliefwebServer.approved,
            "NUZUH_CONTACT": "im@example.org",
            "NUZUH_STORE": str(folder),
        }

        def nuzuh(*words: str) -> "subprocess.CompletedProcess[str]":
            return subprocess.run(
                [sys.executable, "-m", "pipelines", *words],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )

        first = nuzuh("run", "--json")
        release = Store(str(folder)).current().id
        second = nuzuh("run", "--json")
        listed = nuzuh("sources", "--json")
    return Store(str(folder)), first, release, second, json.loads(listed.stdout)["sources"]


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
    assert first.returncode == bool(waiting)


def test_a_second_run_finds_nothing_new_and_makes_no_release(ran):
    """A release for nothing would tell every reader of changes that are none."""
    store, _, release, second, _ = ran
    states = {o["source"]: o["state"] for o in json.loads(second.stdout)["outcomes"]}
    assert {n for n, state in states.items() if state == "published"} == set()
    assert store.current().id == release


def test_the_list_of_sources_says_how_each_fares_and_what_it_holds(ran, record_testsuite_property):
    store, _, _, _, listed = ran
    figures = store.current().figures()
    rows = {row["source"]: row for row in listed}
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
        record_testsuite_property(source.name, f"{row['state']} {len(own)} {levels} {months}")
