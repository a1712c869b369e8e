"""The command line as an administrator's cron and an analyst's notebook use it."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time

import geopandas as gpd
import pandas as pd
import pytest
from click.testing import CliRunner

from commands.main import main
from data.schema.tables import FIGURES
from data.settings import ROOT
from data.store import Store
from pipelines import registry
from tests.servers.unhcr import UnhcrServer

KEY = "s3cr3t-k3y-of-the-office"


@pytest.fixture(scope="module")
def carried(tmp_path_factory):
    """A store with the carried figures, as `make run` leaves it. Read only."""
    folder = tmp_path_factory.mktemp("carried")
    result = CliRunner().invoke(main, ["--store", str(folder), "run", "published_figures"])
    assert result.exit_code == 0, result.output
    return folder


def nuzuh(store, *words):
    return CliRunner().invoke(main, ["--store", str(store), *map(str, words)])


def rows(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_help_of_every_command_has_an_example():
    for name in main.commands:
        result = CliRunner().invoke(main, [name, "--help"])
        assert result.exit_code == 0
        assert f"Example: nuzuh {name}" in " ".join(result.stdout.split())


def printed_without_pandas(words):
    """What a command prints that leaves pandas alone."""
    code = (
        f"import sys, commands.main as c; c.main({words!r}, standalone_mode=False); "
        "sys.exit('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout


def test_help_answers_without_loading_pandas():
    """Loading it costs a second on an office's laptop, for every mistyped word."""
    assert printed_without_pandas(["--help"])


@pytest.mark.parametrize(
    "asked", [(), ("--vintages",), ("--format", "json"), ("--as-known-on", "2020-02-20")]
)
def test_figures_are_printed_without_loading_pandas(carried, asked):
    """An office asks hundreds of times in a script; it is a third of what a question takes."""
    words = ["--store", str(carried), "figures", "--place", "SY07", *asked]
    assert b"SY07" in printed_without_pandas(words)


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_a_text_is_checked_without_loading_pandas(carried, tmp_path, form):
    """Somebody who checks a draft while writing it waits for it after every sentence."""
    text = tmp_path / "draft.txt"
    text.write_text("Some 948,000 people have been displaced in Idlib since 1 December 2019.")
    asked = ["check", str(text), "--published-on", "2020-02-28", "--format", form]
    printed = printed_without_pandas(["--store", str(carried), *asked])
    assert b"948" in printed
    assert b"OCHA" in printed


def test_the_module_is_the_same_tool(carried):
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "--store", str(carried), "sources", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    listed = {row["source"]: row for row in json.loads(done.stdout)["sources"]}
    assert set(listed) == {source.name for source in registry.SOURCES}
    assert listed["published_figures"]["outcome"] == "published"
    assert listed["unhcr_population"]["state"] == "never"
    assert listed["unhcr_population"]["next_due"] == "now"


def test_figures_are_csv_with_every_column_unless_asked_otherwise(carried):
    result = nuzuh(carried, "figures", "--place", "TUR", "--group", "REF")
    table = list(csv.DictReader(io.StringIO(result.stdout)))
    assert list(table[0]) == FIGURES.names
    assert all(len(row["as_of"]) == len("2025-12-31") for row in table)
    assert all("TUR" in (row["place_code"], row["asylum_location_code"]) for row in table)


def test_json_has_whole_numbers_days_and_nulls(carried):
    found = rows(nuzuh(carried, "figures", "--group", "REF", "--format", "json"))
    assert all(list(row) == FIGURES.names for row in found)
    assert all(row["value"] is None or type(row["value"]) is int for row in found)
    assert any(row["caveat"] is None for row in found)
    assert {type(row["admin_level"]) for row in found} <= {int, type(None)}
    assert found[0]["retrieved_at"].endswith("Z")


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        (["--measure", "flow"], lambda r: r["measure"] == "flow"),
        (["--unit", "movements"], lambda r: r["unit"] == "movements"),
        (["--within", "SY07"], lambda r: "SY07" in (r["place_code"], r["admin1_code"])),
        (["--source", "unhcr_population"], lambda r: r["source"] == "unhcr_population"),
        (["--origin", "SYR"], lambda r: r["origin_location_code"] == "SYR"),
        (["--asylum", "TUR"], lambda r: r["asylum_location_code"] == "TUR"),
        (["--from", "2020-01-01", "--to", "2020-12-31"], lambda r: r["as_of"][:4] == "2020"),
        (["--group", "IDP", "--group", "RDP"], lambda r: r["population_group"] in ("IDP", "RDP")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_each_filter_lets_through_what_it_says_and_something(carried, words, holds):
    found = rows(nuzuh(carried, "figures", *words, "--format", "json"))
    assert found
    assert all(holds(row) for row in found)
    assert len(found) < Store(str(carried)).current().count()


def test_a_past_day_shows_what_was_known_then(carried):
    """UNHCR's mid-year number for 2025 stood until June 2026."""
    asked = ["figures", "--asylum", "TUR", "--group", "REF", "--source", "unhcr_population"]
    span = ["--from", "2025-01-01", "--to", "2025-12-31", "--format", "json"]
    then = rows(nuzuh(carried, *asked, *span, "--as-known-on", "2026-01-15"))
    now = rows(nuzuh(carried, *asked, *span))
    assert [(row["value"], row["as_of"]) for row in then] == [(2_646_142, "2025-06-30")]
    assert [(row["value"], row["as_of"]) for row in now] == [(2_347_756, "2025-12-31")]
    both = rows(nuzuh(carried, *asked, *span, "--vintages"))
    assert [row["value"] for row in both] == [2_646_142, 2_347_756]


@pytest.mark.parametrize("form", ["csv", "json", "parquet", "xlsx", "geojson", "geoparquet"])
def test_each_format_goes_to_a_file_whole(carried, tmp_path, form):
    out = tmp_path / f"figures.{form}"
    assert nuzuh(carried, "figures", "--group", "IDP", "--format", form, "-o", out).exit_code == 0
    expected = len(rows(nuzuh(carried, "figures", "--group", "IDP", "--format", "json")))
    if form == "parquet":
        assert len(pd.read_parquet(out)) == expected
    elif form == "xlsx":
        assert out.read_bytes()[:2] == b"PK"
    elif form.startswith("geo"):
        frame = gpd.read_parquet(out) if form == "geoparquet" else gpd.read_file(out)
        assert len(frame) == expected
        assert frame.crs.to_epsg() == 4326
    elif form == "csv":
        assert len(out.read_text("utf-8").splitlines()) == expected + 1
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_nothing_that_matches_is_a_heading_and_a_hint(carried):
    result = nuzuh(carried, "figures", "--place", "Idlib")
    assert result.exit_code == 0
    assert result.stdout.strip() == ",".join(FIGURES.names)
    assert "SY07" in result.stderr


def test_a_file_that_cannot_be_written_is_a_sentence(carried, tmp_path):
    result = nuzuh(carried, "figures", "-o", tmp_path / "nowhere" / "figures.csv")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["run", "nosuch"],
        ["figures", "--group", "XXX"],
        ["figures", "--from", "yesterday"],
        ["import", "nosuch", "file"],
        ["nosuch"],
    ],
    ids=" ".join,
)
def test_a_slip_of_the_hand_is_exit_2(tmp_path, words):
    result = nuzuh(tmp_path, *words)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize("words", [["figures"], ["verify"], ["rollback"]], ids=" ".join)
def test_an_empty_store_is_one_sentence_and_exit_1(tmp_path, words):
    result = nuzuh(tmp_path, *words)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert len(result.stderr.strip().splitlines()) == 1


def test_an_unknown_area_and_a_bad_setting_are_sentences(tmp_path, monkeypatch):
    result = CliRunner().invoke(main, ["--store", str(tmp_path), "--area", "atlantis", "sources"])
    assert result.exit_code == 1
    assert "atlantis" in result.stderr
    monkeypatch.setenv("NUZUH_PORT", "eighty")
    result = nuzuh(tmp_path, "releases")
    assert result.exit_code == 1
    assert "NUZUH_PORT" in result.stderr


def test_verify_names_a_file_that_was_altered_and_is_exit_1_then(tmp_path):
    nuzuh(tmp_path, "run", "published_figures")
    assert nuzuh(tmp_path, "verify").exit_code == 0
    victim = next((tmp_path / "raw").rglob("*.gz"))
    victim.write_bytes(b"no longer what was sent")
    result = nuzuh(tmp_path, "verify")
    assert result.exit_code == 1
    assert victim.name.removesuffix(".gz") in result.stdout


def test_releases_rollback_and_prune(tmp_path):
    nuzuh(tmp_path, "run", "published_figures")
    listed = rows(nuzuh(tmp_path, "releases", "--json"))["releases"]
    assert [release["current"] for release in listed] == [True]
    result = nuzuh(tmp_path, "rollback", listed[0]["id"])
    assert result.exit_code == 0, result.output
    assert len(rows(nuzuh(tmp_path, "releases", "--json"))["releases"]) == 2
    assert "rollback to" in nuzuh(tmp_path, "releases").stdout
    assert nuzuh(tmp_path, "prune").exit_code == 0


def test_accept_and_reject_say_when_nothing_is_held(carried):
    for word in ("accept", "reject"):
        result = nuzuh(carried, word, "unhcr_population")
        assert result.exit_code == 0
        assert "Nothing of unhcr_population is held" in result.stdout


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_fault_is_exit_1_with_one_sentence_and_no_key_anywhere(tmp_path, monkeypatch):
    with UnhcrServer() as server:
        monkeypatch.setenv("NUZUH_URL_UNHCR", server.base_url)
        monkeypatch.setenv("NUZUH_KEY_UNHCR", KEY)
        good = nuzuh(tmp_path, "run", "unhcr_idmc")
        assert good.exit_code == 0, good.output
        server.fault = "404"
        bad = nuzuh(tmp_path, "run", "unhcr_idmc")
        told = nuzuh(tmp_path, "run", "unhcr_idmc", "--json")
    assert bad.exit_code == told.exit_code == 1
    assert len(bad.stderr.strip().splitlines()) == 1
    report = json.loads(told.stdout)
    assert report["good"] is False
    assert report["outcomes"][0]["state"] == "failed"
    listed = nuzuh(tmp_path, "sources", "--json")
    assert KEY not in "".join(r.output for r in (good, bad, told, listed))
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes()


def test_run_due_runs_only_what_is_due(tmp_path, monkeypatch):
    live = [s.name for s in registry.SOURCES if s.name != "published_figures"]
    monkeypatch.setenv("NUZUH_DISABLE", ",".join(live))
    assert "published_figures: published" in nuzuh(tmp_path, "run", "--due").stdout
    assert "Nothing is due" in nuzuh(tmp_path, "run", "--due").stdout


def test_serve_runs_what_is_due_and_stops_cleanly_on_sigterm(tmp_path):
    live = [s.name for s in registry.SOURCES if s.name != "published_figures"]
    environment = os.environ | {"NUZUH_DISABLE": ",".join(live), "NUZUH_STORE": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-m", "pipelines", "serve"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as served:
        try:
            limit = time.monotonic() + 60
            while Store(str(tmp_path)).status("published_figures") is None:
                assert served.poll() is None, served.communicate()
                assert time.monotonic() < limit
                time.sleep(0.1)
            served.send_signal(signal.SIGTERM)
            out, err = served.communicate(timeout=30)
        finally:
            served.kill()
    assert served.returncode == 0, err
    assert "Stopped." in out
    assert "Traceback" not in err
    assert Store(str(tmp_path)).current().count() > 0


def test_compare_gives_the_figures_and_the_written_reasons(carried):
    """February 2020: three numbers, three definitions, and no gap taken between two kinds."""
    asked = ("--place", "X-SYR-NW", "--group", "NEWDISP", "--on", "2020-02-29")
    found = rows(nuzuh(carried, "compare", *asked, "--json"))
    values = {row["figure_id"]: row["value"] for row in found["figures"]}
    assert {742_109, 375_000, 948_000} <= set(values.values())
    told = {
        (values[pair["left"]], values[pair["right"]]): pair
        for pair in found["pairs"]
        if any(reason["case"] for reason in pair["reasons"])
    }
    pair = told[742_109, 375_000]
    assert pair["gap"] is None
    assert {"a_month_at_least", "moves_in_month", "unit"} <= {r["code"] for r in pair["reasons"]}
    assert all(reason["sentence"] for reason in pair["reasons"])
    (case,) = found["cases"]
    assert all(cited["address"].startswith("https://") for cited in case["citations"])
    plain = nuzuh(carried, "compare", *asked, "--lang", "ar")
    assert plain.exit_code == 0
    assert "742,109" in plain.stdout


def test_compare_shows_the_parts_that_miss_their_total(carried):
    found = rows(
        nuzuh(
            carried, "compare", "--place", "SY07", "--group", "IDP", "--on", "2025-12-07", "--json"
        )
    )
    assert [part["difference"] for part in found["parts"]] == [9_503, 8_497]


def test_compare_as_known_on_a_day_knows_nothing_later(carried):
    found = rows(
        nuzuh(
            carried,
            *("compare", "--place", "X-SYR-NW", "--group", "NEWDISP", "--on", "2020-02-17"),
            *("--as-known-on", "2020-02-17", "--json"),
        )
    )
    assert max(row["known_from"] for row in found["figures"]) <= "2020-02-17"
    assert 948_000 not in {row["value"] for row in found["figures"]}


def test_compare_names_what_it_does_not_know(carried):
    result = nuzuh(carried, "compare", "--place", "Idlib", "--group", "IDP", "--on", "2025-12-31")
    assert result.exit_code == 2
    assert "places go by code" in result.stderr


def test_sources_say_what_keeps_them_going(carried):
    """An administrator's script watches what is late, what replaces it, the last good copy."""
    found = rows(nuzuh(carried, "sources", "--json"))
    assert found["differences"] == []
    listed = {row["source"]: row for row in found["sources"]}
    copy = listed["published_figures"]["last_good_copy"]
    assert copy["fetch"].startswith(copy["fetched_at"][:10].replace("-", ""))
    assert listed["unhcr_population"]["last_good_copy"] is None
    assert listed["unhcr_population"]["replaced_by"] == "hapi_refugees"
    assert listed["hapi_idps"]["origin"] == listed["dtm_syria_rounds"]["origin"] == "iom_dtm"
    assert listed["reliefweb_reports"]["key"] == "required, not set"
    assert all(row["cadence_days"] > 0 and row["licence"] for row in listed.values())
    replacing = {row["replaced_by"] for row in listed.values()} - {None}
    assert replacing <= set(listed)
