"""What a person brings may be the wrong file: the last good figures stay up, byte for byte."""

import os
import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from commands.main import main
from pipelines import registry
from pipelines.forms import provenance
from tests.effort import one_in
from tests.pipelines.forms.test_by_hand import CAMPS, HATAY, PROVINCES, URL, bomb
from tests.pipelines.sources import dtm_workbooks, ocha_workbooks
from tests.pipelines.sources.samples import REPORT, REPORTS, TABLE, mapped
from tests.pipelines.test_faults import published

CROSSINGS = "crossing,status,as_of,publisher,source_url\n"
PAPERS = ("--publisher", "OCHA", "--published-on", "2020-02-20", "--url", REPORTS)
OPTIONS = {"report_figures": PAPERS, "any_table": (*PAPERS, "--map", "map.toml")}
"""What the command is told beside the file."""
GOOD: dict[str, tuple[str, bytes]] = {
    "pmm_provinces": ("provinces.csv", (PROVINCES + HATAY).encode()),
    "camp_ledger": (
        "camps.csv",
        f"{CAMPS}Dana,,2025-12-07,2025-01-08,5200,3100,2100,CCCM,{URL}\n".encode(),
    ),
    "crossing_status": (
        "crossings.csv",
        f"{CROSSINGS}Bab al-Hawa,active,2025-12-07,Logistics Cluster,{URL}\n".encode(),
    ),
    "report_figures": ("report.txt", REPORT.encode()),
    "any_table": ("table.csv", TABLE.encode()),
    "dtm_syria_rounds": ("round-9-october-2025.xlsx", dtm_workbooks.totals()),
    "ocha_idp_movements": ("idp_gov_2016-2021.xlsx", ocha_workbooks.plain()),
}
"""A file of each source that a person may bring: its name and its bytes."""


def _tenfold(body: bytes) -> bytes:
    """Every count ten times larger, under a later day that collides with nothing."""
    for few, many in (
        (b"203412", b"2034120"),
        (b"90700", b"907000"),
        (b"5200,3100,2100", b"52000,31000,21000"),
    ):
        body = body.replace(few, many)
    days = ((b"2026-09-17", b"2026-10-17"), (b"2025-12-07", b"2025-12-08"))
    for day, later in (*days, (b"2019-12-01", b"2019-12-02")):
        body = body.replace(day, later)
    return body


def _dropped(body: bytes) -> bytes:
    """Without the column that matters."""
    for name in (
        b"syrians",
        b"pop/idp_individuals",
        b"families_left",
        b"families_total",
        b"families_remaining",
        b"status",
    ):
        body = body.replace(name, b"remarks", 1)
    return body


FAULTS: dict[str, Callable[[bytes], bytes]] = {
    "a web page": lambda _: b"<!DOCTYPE html><html><form>Who are you?</form></html>",
    "nothing": lambda _: b"",
    "blank": lambda _: b" \r\n\r\n ",
    "garbage": lambda _: b"\x00\x01\xff{" * 400,
    "a torn workbook": lambda _: b"PK\x03\x04" + b"0" * 4_000,
    "zip bomb": lambda _: bomb(),
    "dropped column": _dropped,
    "tenfold": _tenfold,
    "wrong charset": lambda _: "il,tarih\nŞanlıurfa,ğ\n".encode("cp1254"),
    "2 GB": lambda body: body,  # made as a sparse file
}
APART = {
    ("dtm_syria_rounds", "dropped column"): "packed; test_dtm_syria_rounds renames the column",
    ("dtm_syria_rounds", "tenfold"): "packed; test_faults multiplies the round",
    ("ocha_idp_movements", "dropped column"): "packed; test_faults leaves the column out",
    ("ocha_idp_movements", "tenfold"): "packed; test_faults multiplies the month",
    ("crossing_status", "tenfold"): "a status is no number",
    ("report_figures", "tenfold"): "every figure waits for a person, whatever its size",
    ("report_figures", "dropped column"): "a report has no columns",
    ("report_figures", "blank"): "a report without a figure is none that failed",
    ("report_figures", "nothing"): "a report without a figure is none that failed",
    ("report_figures", "a web page"): "a report may be a web page; one without a figure",
    ("report_figures", "wrong charset"): "read letter by letter; what is no place gives no figure",
}
"""What does not apply, and why."""
CELLS = [(source, fault) for source in GOOD for fault in FAULTS if (source, fault) not in APART]


def bring(folder, source, name, *options):
    words = ("--store", folder / "store", "import", source, folder / name, *options)
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def standing(tmp_path):
    """A folder with a store that holds a good file of the source."""

    def of(source):
        name, body = GOOD[source]
        (tmp_path / name).write_bytes(body)
        options = tuple(tmp_path / o if o == "map.toml" else o for o in OPTIONS.get(source, ()))
        mapping = provenance.of(mapped()[0].query, REPORTS).mapping or ""
        (tmp_path / "map.toml").write_text(mapping, encoding="utf-8")
        first = bring(tmp_path, source, name, *options)
        if source == "report_figures":
            words = ["--store", str(tmp_path / "store"), "accept", source]
            first = CliRunner().invoke(main, words)
        assert first.exit_code == 0, first.output
        return name, body, options

    return of


@pytest.mark.parametrize(
    ("source", "fault"), one_in(3, CELLS), ids=lambda value: value.replace(" ", "_")
)
def test_a_wrong_file_changes_no_published_byte(tmp_path, standing, source, fault):
    name, body, options = standing(source)
    before = published(tmp_path / "store")
    assert before
    (tmp_path / name).write_bytes(FAULTS[fault](body))
    if fault == "2 GB":
        os.truncate(tmp_path / name, 2 * 1024**3)
    result = bring(tmp_path, source, name, *options)
    assert result.exit_code == 1, result.output
    assert not isinstance(result.exception, (ValueError, KeyError, UnicodeError, MemoryError))
    (sentence,) = result.stderr.strip().splitlines()
    assert sentence.endswith((".", "`."))
    assert published(tmp_path / "store") == before
    (tmp_path / name).write_bytes(body)
    again = bring(tmp_path, source, name, *options)
    assert again.exit_code == 0, again.output
    assert published(tmp_path / "store") == before


def test_what_was_tried_is_told(record_testsuite_property):
    """The tally, and that every source of a person's hand stands in the table."""
    by_hand = {s.name for s in registry.SOURCES if s.by_hand or s.reviewed}
    assert by_hand <= set(GOOD)
    assert all(source in GOOD and fault in FAULTS for source, fault in APART)
    told = f"faults by hand: {len(CELLS)} cells tried, {len(APART)} do not apply"
    record_testsuite_property("faults_by_hand", told)
    sys.stderr.write(f"\n{told}\n")
