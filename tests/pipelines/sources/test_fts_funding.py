"""Funding in dollars: by plan, never added, from FTS or from HDX's file of the same."""

import json
from datetime import UTC, date, datetime

import pytest

from data import settings
from data.gazetteer import area
from data.store import Document, Store
from pipelines import registry
from pipelines.errors import SourceChanged, SourceUnavailable
from pipelines.http.client import Client
from pipelines.run.context import RunContext
from pipelines.run.run import run_source
from pipelines.sources import fts_funding
from tests.servers.feeds import FtsServer, fts_answer
from tests.servers.hdx import HdxServer

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

IDLIB = area.load("idlib")
AT = datetime(2026, 11, 24, tzinfo=UTC)
SLUG = fts_funding.SLUGS["SYR"]
HEAD = (
    "countryCode,id,name,code,typeId,typeName,startDate,endDate,year,"
    "requirements,funding,percentFunded\n"
)
TAGS = "#country+code,#activity+id+fts_internal,#activity+name,,,,,,#date+year,,,\n"
PLANS = (
    "SYR,1300,Syria Plan 2026,HSYR26,4,Humanitarian response plan,2026-01-01,2026-12-31,2026,"
    "3190000000,870000000,27\n"
    "SYR,1301,Bölge Planı 2026,R3RP26,5,Regional response plan,2026-01-01,2026-12-31,2026,,5,\n"
    "SYR,700,Syria Plan 2015,HSYR15,4,Humanitarian response plan,2015-01-01,2015-12-31,2015,9,1,1\n"
    "AFG,929,Afghanistan 2026,HAFG26,4,Humanitarian plan,2026-01-01,2026-12-31,2026,1,1,9\n"
)


def document(body, name="plans-SYR-2026"):
    body = body if isinstance(body, bytes) else body.encode()
    return Document(name, "https://api.hpc.tools/v1/public/fts/flow", body, AT)


def read(*documents):
    return fts_funding.read(documents, IDLIB).tables["funding"].set_index("plan_id")


def answer(year=2026, **more):
    return document(json.dumps(fts_answer(year) | more), f"plans-SYR-{year}")


@pytest.fixture
def servers():
    with FtsServer() as fts, HdxServer() as files:
        files.put(SLUG, "fts_requirements_funding_globalcluster_syr.csv", b"a\n1\n")
        files.put(SLUG, "fts_requirements_funding_cluster_syr.csv", b"a\n1\n")
        files.put(SLUG, "fts_requirements_funding_syr.csv", (HEAD + TAGS + PLANS).encode())
        yield fts, files


def asked(fts, files):
    urls = {"FTS": fts.base_url, "HDX": files.base_url}
    client = Client("test", retries=0, backoff=0, interval=0, timeout=(2, 2))
    return client, settings.Settings(url=urls), IDLIB


def test_a_plan_has_what_it_asks_for_and_what_it_received():
    table = read(answer())
    plan = table.loc["20260"]
    assert (plan["requirements"], plan["funding"]) == (3_000, 900)
    assert str(plan["as_of"])[:10] == "2026-11-24"


def test_a_plan_without_requirements_has_null_and_not_zero():
    """A regional plan asks once for several countries: its share for Syria is not stated."""
    table = read(answer())
    assert table["requirements"].isna().to_dict() == {"20260": False, "20261": True, "none": True}
    assert table["funding"].to_dict() == {"20260": 900, "20261": 500, "none": 70}


def test_no_row_is_a_sum_of_plans():
    """A Syria plan and the regional plan share people and money: their sum is nobody's figure."""
    values = set(read(answer())["funding"])
    assert values == {900, 500, 70}


def test_the_file_of_hdx_says_plans_with_kind_and_days():
    table = read(document(HEAD + TAGS + PLANS, f"{SLUG}/plans"))
    assert list(table.index) == ["1300", "1301"]  # the last years, and Syria alone
    assert table.loc["1300", "requirements"] == 3_190_000_000
    assert str(table.loc["1300", "ends_on"])[:10] == "2026-12-31"
    assert table["plan_type"].tolist() == ["Humanitarian response plan", "Regional response plan"]


def test_the_last_years_are_asked_for_one_by_one(servers):
    fts, files = servers
    documents = list(fts_funding.fetch(*asked(fts, files)))
    this_year = datetime.now(UTC).year
    assert [query["year"] for _, query, _ in fts.asked] == [
        str(this_year - n) for n in range(fts_funding.YEARS)
    ]
    assert set(fts_funding.read(documents, IDLIB).tables["funding"]["year"]) == {
        this_year - n for n in range(fts_funding.YEARS)
    }


@pytest.mark.parametrize("fault", ["bot wall", "500", "garbage", "dropped column"])
def test_where_fts_is_shut_hdxs_file_is_read(servers, fault):
    fts, files = servers
    fts.fault = fault
    documents = list(fts_funding.fetch(*asked(fts, files)))
    assert [d.name for d in documents] == [f"{SLUG}/package", f"{SLUG}/plans"]
    assert len(fts_funding.read(documents, IDLIB).tables["funding"]) == 2


def test_neither_door_open_is_one_sentence(servers):
    fts, files = servers
    fts.fault = files.fault = "500"
    with pytest.raises(SourceUnavailable, match=r"500.*Nor from HDX"):
        list(fts_funding.fetch(*asked(fts, files)))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('{"status":"ok","data":{}}', "no plan"),
        ('{"status":"error"}', "holds no data"),
        ('{"status":"ok","data":{"requirements":{"objects":[1]}}}', "lists no objects"),
        ("{", "no answer of FTS"),
        (HEAD + PLANS.replace("870000000", "=1+1"), "where dollars belong"),
        (HEAD.replace("funding,", "money,", 1) + PLANS, "no column funding"),
        (HEAD + PLANS.split("\n")[0] + "\n" + PLANS.split("\n")[0] + "\n", "twice"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(body, told):
    with pytest.raises(SourceChanged, match=told):
        fts_funding.read([document(body)], IDLIB)


def test_money_shared_by_plans_is_told_and_given_to_none():
    said = fts_answer(2026)
    (group,) = said["data"]["report3"]["fundingTotals"]["objects"]
    group["sharedFundingObjects"] = [{"id": ["20260", "20261"], "totalFunding": 1_000}]
    reading = fts_funding.read([document(json.dumps(said))], IDLIB)
    assert reading.remarks == ("Money shared by several plans of 2026 is left out.",)
    assert reading.tables["funding"]["funding"].max() == 900


def test_a_run_publishes_the_table_and_a_worse_answer_leaves_it(servers, tmp_path):
    fts, files = servers
    client, given, where = asked(fts, files)
    at = RunContext(Store(str(tmp_path)), given, where, client, registry.SOURCES)
    assert run_source(fts_funding.SOURCE, at).state == "published"
    before = at.store.current().table("funding")
    assert len(before) == 9
    fts.fault = files.fault = "html 200"
    assert run_source(fts_funding.SOURCE, at).state == "failed"
    fts.fault, files.fault = "shrunk", None
    assert run_source(fts_funding.SOURCE, at).state == "held"
    fts.fault = "tenfold"
    assert run_source(fts_funding.SOURCE, at).state == "held"
    assert at.store.current().table("funding").equals(before)
    fts.fault = None
    assert run_source(fts_funding.SOURCE, at).state == "unchanged"
    assert before["as_of"].max().date() == date.today()  # noqa: DTZ011 - the machine's day will do
