"""The newest reports: facts and links alone, and our approved name in no file."""

import json
from datetime import UTC, datetime

import pytest

from data.gazetteer import area
from data.store import Document
from pipelines import registry
from pipelines.errors import SourceChanged, SourceUnavailable
from pipelines.run.run import run_source
from pipelines.sources import reliefweb_reports
from tests.run_contexts import context_in
from tests.servers.feeds import ReliefwebServer, reliefweb_rows

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

IDLIB = area.load("idlib")
AT = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def server():
    with ReliefwebServer() as running:
        yield running


def context_of(tmp_path, server, key=ReliefwebServer.approved):
    given = {"url": {"RELIEFWEB": server.base_url}, "key": {"RELIEFWEB": key}}
    return context_in(tmp_path, *registry.SOURCES, **given)


def read(rows):
    body = json.dumps({"data": rows}, ensure_ascii=False).encode()
    given = Document("reports", "https://api.reliefweb.int/v2/reports", body, AT)
    return reliefweb_reports.read([given], IDLIB)


def test_reports_of_the_area_are_listed_with_facts_and_a_link(tmp_path, server):
    at = context_of(tmp_path, server)
    outcome = run_source(reliefweb_reports.SOURCE, at)
    assert outcome.state == "published", outcome
    table = at.store.current().table("reports").set_index("report_id")
    assert len(table) == 7  # Sudan's stays out
    shown = table.loc["21"]
    assert shown["title"] == "سوريا: خريطة الوصول"
    assert (shown["publisher"], shown["format"], shown["language"]) == ("OCHA", "Map", "ar")
    assert shown["countries"] == "SYR TUR"
    assert shown["url"].startswith("https://reliefweb.int/report/")
    assert str(shown["published_on"])[:10] == "2026-11-21"


def test_no_text_of_a_report_is_asked_for(tmp_path, server):
    """The words belong to their authors."""
    run_source(reliefweb_reports.SOURCE, context_of(tmp_path, server))
    ((_, query, _),) = server.asked
    fields = {value for name, value in query.items() if name.startswith("fields")}
    assert not {name for name in fields if "body" in name or "headline" in name}
    assert query["filter[value][0]"] == "syr"


def test_our_name_is_struck_out_of_what_is_stored(tmp_path, server):
    """ReliefWeb repeats the whole address in its answer, our approved name included."""
    at = context_of(tmp_path, server)
    run_source(reliefweb_reports.SOURCE, at)
    (kept,) = at.store.fetches(reliefweb_reports.NAME)
    (stored,) = at.store.documents(reliefweb_reports.NAME, kept)
    assert b"appname=****" in stored.body
    assert ReliefwebServer.approved.encode() not in stored.body


def test_a_name_that_is_not_approved_is_told_without_the_name(tmp_path, server):
    outcome = run_source(reliefweb_reports.SOURCE, context_of(tmp_path, server, "wrong-name-1"))
    assert outcome.state == "failed"
    assert "403" in outcome.sentence
    assert "wrong-name-1" not in outcome.sentence


def test_without_a_name_it_is_not_asked(tmp_path, server):
    at = context_of(tmp_path, server, "")
    outcome = run_source(reliefweb_reports.SOURCE, at)
    assert outcome.state == "skipped"
    assert "NUZUH_KEY_RELIEFWEB" in outcome.sentence
    assert server.asked == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"url_alias": None, "url": "javascript:alert(1)"},
        {"date": {"original": "soon"}},
        {"country": "syr"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_document_that_cannot_be_linked_is_left_out(wrong):
    good, bad = reliefweb_rows()[:2]
    reading = read([good, bad | {"fields": bad["fields"] | wrong}])
    assert len(reading.tables["reports"]) == 1
    assert reading.remarks[0].startswith("1 of another area")


def test_an_empty_or_foreign_list_leaves_the_last_one(tmp_path, server):
    at = context_of(tmp_path, server)
    run_source(reliefweb_reports.SOURCE, at)
    before = at.store.current().table("reports")
    for fault in ("empty", "dropped column", "garbage", "html 200", "shrunk"):
        server.fault = fault
        assert run_source(reliefweb_reports.SOURCE, at).state in ("failed", "held"), fault
    assert at.store.current().table("reports").equals(before)
    server.fault = "empty"
    with pytest.raises(SourceUnavailable, match="no report"):
        list(reliefweb_reports.fetch(at.client, at.settings, IDLIB))
    with pytest.raises(SourceChanged, match="no list called data"):
        reliefweb_reports.read([Document("reports", "u", b"{}", AT)], IDLIB)
