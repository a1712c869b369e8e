"""Whatever bytes come, a reader gives figures that hold the contract, or a sentence; never a crash.

CI asks each reader `NUZUH_FUZZ` times (2,000 where it is not set); a longer run sets more.
"""

import json
import os
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from data import area
from data.contract import ContractBroken
from data.harm import HarmFound
from data.places import UnknownPlace
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.prepare import prepare
from pipelines.sources import (
    fts_funding,
    hapi_idps,
    hapi_needs,
    hapi_refugees,
    hapi_returnees,
    idmc_idu,
    reliefweb_reports,
    unhcr_odp,
)
from tests.servers import feeds

IDLIB = area.load("idlib")
AT = datetime(2026, 11, 24, tzinfo=UTC)
REFUSALS = (SourceChanged, ContractBroken, UnknownPlace, HarmFound)
EXAMPLES = int(os.environ.get("NUZUH_FUZZ", "2000"))
HARD = (
    "",
    "-",
    "N/A",
    "0",
    "5",
    "-1",
    "1,234",
    "1e9",
    "9" * 30,
    "NaN",
    "Infinity",
    "=1+1",
    "SYR",
    "TUR",
    "SY07",
    "SY0703",
    "SYR-XXX",
    "XX",
    "2025-10-31",
    "0001-01-01",
    "9999-12-31",
    "2025-13-45",
    "31/10/2025",
    "all",
    "INN",
    "IDP",
    "<b>x</b>",
    "مخيم",
    "İdlib",
    "\x00",
    "\u202e",
    "a;b",
    "35.9, 36.6",
    "35.9,36.6;0,0",
    "https://reliefweb.int/x",
    "javascript:alert(1)",
)
CELL = some.one_of(
    some.sampled_from(HARD),
    some.none(),
    some.booleans(),
    some.integers(-(10**20), 10**20),
    some.floats(),
    some.text(max_size=8),
    some.just([]),
    some.just({"a": 1}),
)


def _documents(rows, wrap, name):
    body = json.dumps(wrap(rows), ensure_ascii=False)
    return [Document(name, "https://example.org/x", body.encode("utf-8", "surrogatepass"), AT)]


READERS = {
    "hapi_idps": (hapi_idps, feeds.idps, lambda rows: {"data": rows}, "idps-SYR/page-1"),
    "hapi_refugees": (hapi_refugees, feeds.refugees, lambda rows: {"data": rows}, "r/page-1"),
    "hapi_returnees": (hapi_returnees, feeds.returnees, lambda rows: {"data": rows}, "r/page-1"),
    "hapi_needs": (hapi_needs, feeds.needs, lambda rows: {"data": rows}, "n/page-1"),
    "unhcr_odp": (unhcr_odp, feeds.odp_rows, lambda rows: {"data": rows}, "sublocation"),
    "reliefweb_reports": (
        reliefweb_reports,
        feeds.reliefweb_rows,
        lambda rows: {"data": rows},
        "reports",
    ),
    "fts_funding": (
        fts_funding,
        lambda: feeds.fts_answer(2026)["data"]["report3"]["fundingTotals"]["objects"][0][
            "singleFundingObjects"
        ],
        lambda rows: {
            "status": "ok",
            "data": {
                "report3": {"fundingTotals": {"objects": [{"singleFundingObjects": rows}]}},
                "requirements": {"objects": rows},
            },
        },
        "plans-SYR-2026",
    ),
    "idmc_idu": (idmc_idu, lambda: feeds.idu_rows("syr"), None, "syr-idmc-idu-events/events"),
}
CSV = ("hapi_idps", "hapi_refugees", "hapi_returnees", "hapi_needs", "idmc_idu")


def _bent(rows, changes):
    """The rows with cells changed, lost or moved, at any depth that the paths reach."""
    for number, column, value, lost in changes:
        if not rows:
            return rows
        row = rows[number % len(rows)]
        if isinstance(row, dict) and row:
            inner = row.get("fields")
            target = inner if isinstance(inner, dict) and column % 2 else row
            if not target:
                continue
            name = sorted(target)[column % len(target)]
            if lost:
                del target[name]
            else:
                target[name] = value
    return rows


CHANGES = some.lists(
    some.tuples(some.integers(0, 9), some.integers(0, 40), CELL, some.booleans()), max_size=4
)


def _must_hold(module, documents):
    try:
        reading = module.read(documents, IDLIB)
        prepare(module.SOURCE, reading, documents)
    except REFUSALS as refusal:
        said = str(refusal)
        assert said.strip()
        assert "Traceback" not in said


def fuzz(test):
    return settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )(test)


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_bent_rows_are_figures_or_a_named_refusal(name):
    module, rows, wrap, document = READERS[name]

    @fuzz
    @given(CHANGES)
    def bend(changes):
        bent = _bent(rows(), changes)
        if wrap is None:
            columns = list(feeds.IDU_COLUMNS)
            lines = [",".join(columns)]
            for row in bent:
                cells = ["" if row.get(c) is None else str(row.get(c)) for c in columns]
                lines.append(",".join('"' + cell.replace('"', '""') + '"' for cell in cells))
            body = "\n".join(lines).encode("utf-8", "surrogatepass")
            documents = [Document(document, "https://example.org/x", body, AT)]
        else:
            documents = _documents(bent, wrap, document)
        _must_hold(module, documents)

    bend()


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_any_bytes_are_figures_or_a_named_refusal(name):
    module, rows, wrap, document = READERS[name]
    if wrap is None or name in CSV:
        sample = feeds.as_csv(rows()) if wrap else feeds._table(rows())
    else:
        sample = json.dumps(wrap(rows()), ensure_ascii=False).encode()

    @fuzz
    @given(
        some.one_of(
            some.binary(max_size=64),
            some.text(max_size=64).map(lambda t: t.encode("utf-8", "surrogatepass")),
            some.tuples(some.integers(0, len(sample)), some.binary(max_size=6)).map(
                lambda cut: sample[: cut[0]] + cut[1] + sample[cut[0] + len(cut[1]) :]
            ),
            some.integers(0, len(sample)).map(lambda end: sample[:end]),
        )
    )
    def bend(body):
        _must_hold(module, [Document(document, "https://example.org/x", body, AT)])

    bend()
