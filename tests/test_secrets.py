"""No key and no contact's identifier anywhere: in no log, error, snapshot, status or release."""

import logging

import pytest
from click.testing import CliRunner

from commands.main import main
from data import settings
from data.gazetteer import area
from data.store import Store
from pipelines import registry
from pipelines.http.client import Client, user_agent
from pipelines.publishers import hapi
from pipelines.run.context import RunContext
from pipelines.run.run import run_source
from tests.servers.dtm import KEY, DtmServer
from tests.servers.feeds import HapiServer, ReliefwebServer

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

CONTACT = "im-officer@example.org"
SERVERS = {
    "dtm_api": DtmServer,
    "reliefweb_reports": ReliefwebServer,
    "report_figures": ReliefwebServer,
    "hapi_idps": HapiServer,
    "hapi_refugees": HapiServer,
    "hapi_returnees": HapiServer,
    "hapi_needs": HapiServer,
    "hapi_conflict_events": HapiServer,
    "hapi_population": HapiServer,
}
"""Every source that tells who asks, by a key or an identifier."""
FAULTS = (None, "403", "500", "html 200", "garbage", "truncated", "login page", None)


def test_every_source_with_a_key_is_tried_here():
    keyed = {source.name for source in registry.SOURCES if source.key != "none"}
    keyed |= {source.name for source in registry.SOURCES if source.api == hapi.API}
    assert keyed == set(SERVERS)


@pytest.mark.parametrize("name", SERVERS)
def test_a_key_is_sent_and_lies_nowhere_afterwards(tmp_path, name, caplog, capfd):
    """A key in a log is mailed by cron; one in a snapshot is copied with the store."""
    caplog.set_level(logging.DEBUG)
    source = registry.by_name(name)
    sentences = []
    with SERVERS[name]() as server:
        given = settings.Settings(
            url={source.api: server.base_url, "HDX": server.base_url},
            key={source.api: KEY},
            contact=CONTACT,
            store=str(tmp_path),
        )
        told = hapi.identifier(given)
        at = RunContext(
            store=Store(str(tmp_path)),
            settings=given,
            area=area.load("idlib"),
            client=Client(user_agent(CONTACT), retries=1, backoff=0, interval=0, timeout=(1, 1)),
            sources=registry.SOURCES,
        )
        for fault in FAULTS:
            server.fault = fault
            sentences.append(run_source(source, at).sentence)
        sent = str(server.asked) + str(server.headers)
    assert KEY in sent or told in sent  # or the test would prove nothing
    shown = CliRunner().invoke(main, ["--store", str(tmp_path), "sources", "--json"]).output
    out, err = capfd.readouterr()
    said = " ".join([*sentences, shown, out, err, caplog.text])
    stored = b"".join(path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file())
    unpacked = b"".join(
        document.body
        for fetch in at.store.fetches(name)
        for document in at.store.documents(name, fetch)
    )
    assert at.store.fetches(name)
    for secret in (KEY, told):
        assert secret not in said
        assert secret.encode() not in stored
        assert secret.encode() not in unpacked
