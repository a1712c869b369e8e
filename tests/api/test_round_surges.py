"""Surges of both rules by address, by command and by assistant: one answer everywhere."""

import csv
import io
import json
from datetime import UTC, date, datetime

import geopandas as gpd
import pandas as pd
import pyarrow.ipc
import pytest
import requests

from api import parameters
from commands import assistant
from commands.main import main
from data.publication import exports
from data.store import Publication
from surges import answer
from tests import builders
from tests.round_figures import EMPTIED, GREW, publish

DAY = "2026-02-20"
"""A higher wave of arrivals is active then, published six days before."""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rounds")
    publish(folder / "store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NUZUH_STORE", str(folder / "store"))
        patch.setenv("NUZUH_CACHE", str(folder / "cache"))
        yield str(folder / "store")


def get(address, /, **asked):
    return requests.get(address, params=asked, timeout=60)


def printed(capsys, *words):
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    assert not ended.value.code
    return capsys.readouterr().out.encode()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, ["--json"]),
        ({"format": "csv"}, ["--csv"]),
        ({"lang": "ar"}, ["--json", "--lang", "ar"]),
        ({"lang": "tr", "format": "csv"}, ["--csv", "--lang", "tr"]),
    ],
)
def test_the_api_gives_the_bytes_that_the_command_prints(served, capsys, asked, words):
    got = get(f"{served}/surges", as_known_on=DAY, **asked)
    assert got.status_code == 200
    assert got.content == printed(capsys, "surges", "--as-known-on", DAY, *words)


def test_a_surge_between_rounds_says_its_rule_both_counts_and_how_unusual(served):
    (alarm,) = get(f"{served}/surges", as_known_on=DAY).json()["alarms"]
    assert list(alarm) == list(answer.FIELDS)
    assert (alarm["rule"], alarm["detector"], alarm["place_code"]) == ("rounds", "arrivals", GREW)
    assert (alarm["value_before"], alarm["value_after"], alarm["change"]) == (
        46_000,
        90_000,
        44_000,
    )
    assert (alarm["kind"], alarm["held_against"]) == ("worse", "all_places")
    assert "44,000" in alarm["unusual"]
    assert alarm["usual"] is None
    ids = [get(f"{served}/figures", figure_id=one).json()[0] for one in alarm["figure_ids"]]
    assert [row["value"] for row in ids] == [46_000, 90_000]  # what was published


def test_the_situation_has_them_too_and_as_the_command_prints_it(served, capsys):
    got = get(f"{served}/situation", as_known_on=DAY).json()
    told = json.loads(printed(capsys, "situation", "--as-known-on", DAY, "--json"))
    assert got["surges"] == told["surges"]
    assert [(a["rule"], a["place_code"]) for a in got["surges"]] == [("rounds", GREW)]
    text = printed(capsys, "situation", "--as-known-on", DAY).decode()
    assert "Surge between two rounds: Arrivals of IDPs, Dana; 44,000" in text


def test_the_table_is_one_row_for_each_and_the_document_names_every_column(served):
    rows = list(
        csv.DictReader(io.StringIO(get(f"{served}/surges?format=csv", as_known_on=DAY).text))
    )
    assert [row["change"] for row in rows] == ["44000"]
    told = get(f"{served}/openapi.json").json()
    assert list(told["components"]["schemas"]["Surge"]["properties"]) == list(answer.FIELDS)
    asked = {p["name"] for p in told["paths"]["/surges"]["get"]["parameters"]}
    assert asked == {"as_known_on", "format", "lang", "release"}
    content = told["paths"]["/surges"]["get"]["responses"]["200"]["content"]
    assert set(content) == {exports.FORMS[form].mime for form in parameters.FORMAT.allowed}


@pytest.mark.parametrize(
    ("form", "read"),
    [
        ("parquet", lambda body: pd.read_parquet(io.BytesIO(body))),
        ("arrow", lambda body: pyarrow.ipc.open_stream(body).read_pandas()),
        ("xlsx", lambda body: pd.read_excel(io.BytesIO(body), engine="calamine")),
        ("geojson", lambda body: gpd.read_file(io.BytesIO(body))),
    ],
)
def test_every_format_holds_what_the_json_says_in_its_types(served, form, read):
    got = get(f"{served}/surges", as_known_on=DAY, format=form)
    assert got.headers["Content-Type"] == exports.FORMS[form].mime
    assert got.headers["Content-Disposition"].endswith(f'.{exports.FORMS[form].extension}"')
    (row,) = read(got.content).to_dict("records")
    (alarm,) = get(f"{served}/surges", as_known_on=DAY).json()["alarms"]
    assert list(row)[: len(answer.FIELDS)] == list(answer.FIELDS)
    for name, (kind, *_) in answer.FIELDS.items():
        value, said = row[name], alarm[name]
        if said is None:
            assert pd.isna(value), name
        elif name in answer.DAYS:
            assert str(value)[:10] == said
        else:
            assert value == (" ".join(map(str, said)) if kind == "array" else said), name
    if form == "geojson":
        assert row["geometry"].geom_type == "Point"  # the seat of the sub-district


def test_no_surge_is_a_table_with_a_heading_and_no_row(served):
    for form in parameters.FORMAT.allowed:
        assert get(f"{served}/surges", as_known_on="2012-01-01", format=form).status_code == 200
    empty = get(f"{served}/surges", as_known_on="2012-01-01", format="parquet").content
    assert list(pd.read_parquet(io.BytesIO(empty))) == list(answer.FIELDS)


def test_a_month_later_people_have_left_another_place(served):
    (alarm,) = get(f"{served}/surges", as_known_on="2026-03-20").json()["alarms"]
    assert (alarm["place_code"], alarm["detector"], alarm["change"]) == (
        EMPTIED,
        "departures",
        -11_000,
    )
    assert alarm["value"] == 11_000


def test_an_assistant_is_given_the_figures_behind_each(store):
    told = assistant.Answers({"store": store}).surges(within="SY07", as_known_on=None, lang="en")
    assert told["alarms"] == []
    told = assistant.Answers({"store": store}).surges(as_known_on=date.fromisoformat(DAY))
    (alarm,) = told["alarms"]
    assert alarm["rule"] == "rounds"
    cited = {one["figure_id"] for one in told["figures"]}
    assert cited == set(alarm["figure_ids"])
    assert all(one["citation"] for one in told["figures"])
    elsewhere = assistant.Answers({"store": store}).surges(
        within="SY02", as_known_on=date.fromisoformat(DAY)
    )
    assert elsewhere["alarms"] == []


def test_both_kinds_are_told_side_by_side_and_apart(tmp_path, monkeypatch, capsys):
    """A wave that was counted as it happened, and one that only two counts show."""
    held = publish(tmp_path)
    months = pd.date_range("2025-01-01", "2026-01-01", freq="MS")
    wave = builders.figures(
        *(
            {
                "source": "test_flows",
                "via": "test_flows",
                "publisher": "OCHA",
                "dataset": "IDP movements",
                "measure": "flow",
                "population_group": "NEWDISP",
                "unit": "movements",
                "reference_period_start": month,
                "reference_period_end": month + pd.offsets.MonthEnd(0),
                "as_of": month + pd.offsets.MonthEnd(0),
                "known_from": month + pd.Timedelta(days=40),
                "value": 60_000 if month == months[-1] else 1_000 + 7 * month.month,
            }
            for month in months
        )
    )
    held.publish(Publication("test_flows", wave, "test"), now=datetime(2026, 11, 24, tzinfo=UTC))
    monkeypatch.setenv("NUZUH_STORE", str(tmp_path))
    told = json.loads(printed(capsys, "surges", "--as-known-on", DAY, "--json"))
    found = [(a["rule"], a["place_code"], a["measure"]) for a in told["alarms"]]
    assert found == [("flows", "SY07", "flow"), ("rounds", GREW, "stock")]
    flow, between = told["alarms"]
    assert flow["usual"] is not None
    assert flow["change"] is None
    assert flow["round_before"] is None
    assert between["usual"] is None
    assert flow["unusual"]
    text = printed(capsys, "surges", "--as-known-on", DAY).decode().splitlines()
    rules = [line.split()[0] for line in text]
    assert [rule for rule in rules if rule in ("flows", "rounds")] == ["flows", "rounds"]
