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
from tests.servers.dtm import KEY
from tests.servers.everyone import server_of

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

CONTACT = "im-officer@example.org"
KEYED = [source for source in registry.SOURCES if source.key != "none" or source.api == hapi.API]
"""Every source that tells who asks, by a key or an identifier."""
FAULTS = (None, "403", "500", "html 200", "garbage", "truncated", "login page", None)


@pytest.mark.parametrize("source", KEYED, ids=lambda source: source.name)
def test_a_key_is_sent_and_lies_nowhere_afterwards(tmp_path, source, caplog, capfd):
    """A key in a log is mailed by cron; one in a snapshot is copied with the store."""
    caplog.set_level(logging.DEBUG)
    sentences = []
    with server_of(source)() as server:
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
        for fetch in at.store.fetches(source.name)
        for document in at.store.documents(source.name, fetch)
    )
    assert at.store.fetches(source.name)
    for secret in (KEY, told):
        assert secret not in said
        assert secret.encode() not in stored
        assert secret.encode() not in unpacked
