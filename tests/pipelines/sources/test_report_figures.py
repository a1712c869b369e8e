"""Figures out of reports are candidates: shown with their sentence, published on a person's yes."""

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from commands.main import main
from data.gazetteer import area
from data.store import Document, FigureFilter, Store
from pipelines.errors import SourceChanged
from pipelines.http.client import Client
from pipelines.run.run import run_source
from pipelines.sources import report_figures
from tests import builders
from tests.run_contexts import bytes_of, context_in
from tests.servers.feeds import spoilt
from tests.servers.publisher import TRANSPORT, Publisher, Reply

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://reliefweb.int/map/syrian-arab-republic/idp-movements-december-2018"
REPORT = """SYRIAN ARAB REPUBLIC: IDP Movements
December 2018

In December 2018, 58,549IDP movements were tracked across Syria. Aleppo governorate received 5,525
IDPs, of whom some 4,600 came from Idleb governorate. Partners distributed 9,000 tents.
"""
PAPERS = ("--publisher", "OCHA", "--published-on", "2019-01-21", "--url", URL)


def nuzuh(store, *words):
    return CliRunner().invoke(main, ["--store", str(store), *map(str, words)])


def report(folder, text=REPORT, name="report.txt"):
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def published(store):
    try:
        return Store(str(store)).current().figures(FigureFilter(source=("report_figures",)))
    except Exception as error:  # noqa: BLE001 - the name is what is asked
        return type(error).__name__


def test_nothing_of_a_report_is_published_before_a_person_says_so(tmp_path):
    store = tmp_path / "store"
    result = nuzuh(store, "import", "report_figures", report(tmp_path), *PAPERS)
    assert result.exit_code == 1
    assert "report_figures: held. 3 figures out of reports wait for a person" in result.stderr
    assert published(store) == "StoreEmpty"
    listed = nuzuh(store, "accept", "report_figures", "--show")
    assert listed.exit_code == 0
    assert "58,549 (OCHA): In December 2018, 58,549IDP movements were tracked" in listed.stdout
    assert published(store) == "StoreEmpty"


def test_accepting_publishes_exactly_what_was_shown_with_all_its_provenance(tmp_path):
    store = tmp_path / "store"
    nuzuh(store, "import", "report_figures", report(tmp_path), *PAPERS)
    shown = json.loads(nuzuh(store, "accept", "report_figures", "--show", "--json").stdout)
    assert nuzuh(store, "accept", "report_figures").exit_code == 0
    rows = published(store)
    assert set(rows["figure_id"]) == {row["figure_id"] for row in shown["figures"]}
    (document,) = Store(str(store)).documents(
        "report_figures", Store(str(store)).fetches("report_figures")[0]
    )
    for row in rows.to_dict("records"):
        assert (row["publisher"], row["source_url"]) == ("OCHA", URL)
        assert row["content_sha256"] == document.sha256
        start, end = (int(text) for text in row["locator"].split("characters ")[1].split(" to "))
        assert document.body.decode()[start:end] == row["value_raw"]
        assert str(row["known_from"])[:10] == "2019-01-21"
        assert row["unit"] == "movements"
    assert nuzuh(store, "verify").exit_code == 0


def test_a_report_that_says_nothing_new_is_no_work_for_anybody(tmp_path):
    store = tmp_path / "store"
    nuzuh(store, "import", "report_figures", report(tmp_path), *PAPERS)
    nuzuh(store, "accept", "report_figures")
    again = nuzuh(store, "import", "report_figures", report(tmp_path), *PAPERS)
    assert again.exit_code == 0
    assert "report_figures: unchanged" in again.stdout


def test_rejected_candidates_leave_no_trace_in_what_is_published(tmp_path):
    store = tmp_path / "store"
    nuzuh(store, "run", "published_figures")
    before = bytes_of(store)
    nuzuh(store, "import", "report_figures", report(tmp_path), *PAPERS)
    assert nuzuh(store, "reject", "report_figures").exit_code == 0
    assert (
        "Nothing of report_figures is held"
        in nuzuh(store, "accept", "report_figures", "--show").stdout
    )
    assert bytes_of(store) == before


def test_a_second_report_waits_beside_the_first(tmp_path):
    """Two imports before anybody looked: neither may push the other out."""
    store = tmp_path / "store"
    nuzuh(store, "import", "report_figures", report(tmp_path), *PAPERS)
    other = "In January 2020, some 12,000 people were displaced in Idleb governorate."
    nuzuh(
        store,
        *("import", "report_figures", report(tmp_path, other, "other.txt"), "--publisher", "OCHA"),
        *("--published-on", "2020-02-03", "--url", URL),
    )
    assert nuzuh(store, "accept", "report_figures").exit_code == 0
    assert sorted(published(store)["value"]) == [4_600, 5_525, 12_000, 58_549]


@pytest.mark.parametrize("left_out", ["--publisher", "--published-on", "--url"])
def test_a_report_without_its_provenance_is_refused(tmp_path, left_out):
    options = dict(zip(PAPERS[::2], PAPERS[1::2], strict=True))
    del options[left_out]
    given = [word for pair in options.items() for word in pair]
    result = nuzuh(tmp_path / "store", "import", "report_figures", report(tmp_path), *given)
    assert result.exit_code == 1
    assert left_out in result.stderr


def test_a_report_without_a_certain_figure_is_no_failure(tmp_path):
    path = report(tmp_path, "The situation may get worse.")
    result = nuzuh(tmp_path / "store", "import", "report_figures", path, *PAPERS)
    assert result.exit_code == 0
    assert "No figure is certain enough" in result.stdout


def item(body=REPORT, sources=("OCHA",), day="2019-01-21T00:00:00+00:00", url=URL):
    return {
        "id": "1",
        "fields": {
            "title": "Syrian Arab Republic: IDP Movements - December 2018",
            "body": body,
            "source": [{"shortname": name} for name in sources],
            "date": {"original": day},
            "url_alias": url,
        },
    }


def listed(*items):
    body = json.dumps({"data": list(items)}).encode()
    return Document(report_figures.LIST, "https://api.reliefweb.int/v2/reports", body, NOW)


def test_reports_as_reliefweb_lists_them_are_candidates_with_the_reports_own_address():
    reading = report_figures.read([listed(item())], area.load("idlib"))
    assert sorted(builders.figures_read(reading)["value"]) == [4_600, 5_525, 58_549]
    assert set(builders.figures_read(reading)["source_url"]) == {URL}
    assert set(reading.evidence) == set(builders.figures_read(reading)["locator"])
    assert all(text.startswith("data[0].fields.body: ") for text in reading.evidence)


@pytest.mark.parametrize(
    "broken",
    [
        item(body=None),
        item(sources=("OCHA", "UNHCR")),
        item(sources=()),
        item(day="yesterday"),
        item(url="not an address"),
        {"id": "2"},
        "no report",
    ],
    ids=["no text", "two publishers", "no publisher", "no day", "no address", "bare", "text"],
)
def test_a_listed_report_without_all_its_provenance_gives_nothing(broken):
    reading = report_figures.read([listed(broken)], area.load("idlib"))
    assert not len(reading.figures)


@pytest.mark.parametrize("body", [b"{}", b"[1]", b"<html>", b"\xff\xfe\x00"])
def test_what_is_no_list_is_a_named_refusal(body):
    document = Document(report_figures.LIST, "https://api.reliefweb.int/v2/reports", body, NOW)
    with pytest.raises(SourceChanged):
        report_figures.read([document], area.load("idlib"))


def test_two_reports_of_one_day_with_two_values_of_one_figure_give_neither():
    other = REPORT.replace("58,549", "58,600").replace("5,525", "5,525")
    reading = report_figures.read(
        [listed(item(), item(body=other, url=f"{URL}-2"))], area.load("idlib")
    )
    assert sorted(builders.figures_read(reading)["value"]) == [4_600, 5_525]


KEY = "our-approved-name"


class ReliefwebServer(Publisher):
    """ReliefWeb's list with texts, which repeats the application's name as the real one does."""

    def reply(self, path, query):
        if query.get("appname") != KEY:
            return Reply(status=403)
        sent = spoilt(self.fault, [item(body=f"{REPORT}\nTürkiye is not counted.")], "id", "fields")
        if self.fault == "tenfold":
            sent = [item(body=REPORT.replace("58,549", "585,490"))]
        answer = {"href": f"https://api.reliefweb.int/v2/reports?appname={KEY}", "data": sent}
        return Reply(json.dumps(answer, ensure_ascii=False).encode())


@pytest.fixture
def server():
    with ReliefwebServer() as running:
        yield running


def asking(folder, server):
    given = {"key": {"RELIEFWEB": KEY}, "url": {"RELIEFWEB": server.url}}
    at = context_in(folder, report_figures.SOURCE, **given)
    most = 8 * 1024 * 1024
    client = Client("test", retries=1, backoff=0, interval=0, timeout=(1, 1), max_bytes=most)
    return replace(at, client=client)


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_reliefwebs_texts_are_asked_for_and_held_and_the_key_is_kept_nowhere(tmp_path, server):
    outcome = run_source(report_figures.SOURCE, asking(tmp_path, server))
    assert outcome.state == "held", outcome
    asked = str(server.asked[-1])
    assert "body" in asked
    assert "country.iso3" in asked
    for path in tmp_path.rglob("*"):
        body = path.read_bytes() if path.is_file() else b""
        assert KEY.encode() not in (gzip.decompress(body) if path.suffix == ".gz" else body)


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1", "localhost"])
@pytest.mark.parametrize("fault", TRANSPORT)
def test_a_fault_is_one_sentence_and_what_waits_goes_on_waiting(tmp_path, server, fault):
    at = asking(tmp_path, server)
    run_source(report_figures.SOURCE, at)
    waiting = at.store.status("report_figures").held_fetch
    server.fault = fault
    outcome = run_source(report_figures.SOURCE, at)
    assert outcome.state == "failed", outcome
    assert KEY not in outcome.sentence
    assert "Traceback" not in outcome.sentence
    assert at.store.status("report_figures").held_fetch == waiting


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1", "localhost"])
@pytest.mark.parametrize("fault", [*TRANSPORT, *Publisher.CONTENT])
def test_what_a_person_accepted_stays_byte_for_byte_whatever_comes_next(tmp_path, server, fault):
    """A list that shrinks is no withdrawal, and a report that was rewritten waits for a person."""
    at = asking(tmp_path, server)
    run_source(report_figures.SOURCE, at)
    assert nuzuh(tmp_path, "accept", "report_figures").exit_code == 0
    before = bytes_of(tmp_path)
    server.fault = fault
    outcome = run_source(report_figures.SOURCE, at)
    wrong = {"empty": "unchanged", "dropped column": "unchanged", "shrunk": "unchanged"}
    assert outcome.state == (wrong | {"tenfold": "held"}).get(fault, "failed"), outcome
    assert bytes_of(tmp_path) == before
