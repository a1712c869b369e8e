"""Workbooks and tables that are small on the line and huge in memory are refused in one sentence.

Each is read in a process of its own whose peak is measured: an office's laptop has 4 GB, and what
fills them takes the dashboard along. NUZUH_TALLY prints what each took.
"""

import io
import json
import os
import subprocess
import sys
import zipfile

import pytest

from data.settings import ROOT

MOST_MEGABYTES = 600
MOST_SECONDS = 10.0
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
READ = """
import json, sys, time
from datetime import UTC, datetime
from pathlib import Path
from data.store import Document
from pipelines.errors import SourceChanged, SourceRefused
from pipelines.forms import workbook
from pipelines.http.client import decoded
from pipelines.publishers import hdx
kind, path = sys.argv[1:]
document = Document("t", "file:t", Path(path).read_bytes(), datetime.now(UTC))
begun, said = time.process_time(), "read"
try:
    {"workbook": workbook.sheets, "table": hdx.table, "json": decoded}[kind](document)
except SourceChanged as refused:
    said = str(refused)
status = Path("/proc/self/status").read_text()
peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
print(json.dumps([said, peak, time.process_time() - begun]))
"""


def packed(sheet, *, shared="", part="worksheets/sheet1.xml", sheets=1):
    """A workbook of sheets with that XML, in the parts that a spreadsheet program writes."""
    names = [part] + [f"worksheets/more{n}.xml" for n in range(1, sheets)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        listed = "".join(
            f'<sheet name="S{n}" sheetId="{n + 1}" r:id="rId{n}"/>' for n in range(sheets)
        )
        led = "".join(
            f'<Relationship Id="rId{n}" Type="{REL}/worksheet" Target="{name}"/>'
            for n, name in enumerate(names)
        )
        book.writestr("[Content_Types].xml", TYPES)
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}">'
            f'<Relationship Id="b" Type="{REL}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>",
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook {NS} xmlns:r="{REL}"><sheets>{listed}</sheets></workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">'
            f'{led}<Relationship Id="s" Type="{REL}/sharedStrings" Target="texts.bin"/>'
            "</Relationships>",
        )
        if shared:
            book.writestr("xl/texts.bin", f"<sst {NS}>{shared}</sst>")
        for name in names:
            book.writestr(
                f"xl/{name}", f"<worksheet {NS}><sheetData>{sheet}</sheetData></worksheet>"
            )
    return out.getvalue()


def cells(reference, row=1):
    return f'<row r="{row}"><c r="{reference}"><v>1</v></c></row>'


LONG = "<si><t>" + "x" * 32_000 + "</t></si>"
HUNDRED_THOUSAND = "".join(
    f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 100_001)
)
WORKBOOKS = {
    "the last cell": lambda: packed(cells("XFD1048576", 1_048_576)),
    "the last cell in small letters": lambda: packed(cells("xfd1048576", 1_048_576)),
    "the last cell first": lambda: packed(cells("XFD1048576", 1_048_576) + cells("A1")),
    "a cell beyond every sheet": lambda: packed(cells("ZZZZZZ99999999999")),
    "a sheet that is called a picture": lambda: packed(cells("XFD1048576"), part="media/a.png"),
    "a sheet without an ending": lambda: packed(cells("XFD1048576"), part="worksheets/numbers"),
    "single quotes and spaces": lambda: packed("<row><c r = 'XFD1048576'><v>1</v></c></row>"),
    "one wide row without names": lambda: packed(
        "<row>" + "<c><v>1</v></c>" * 1_000_000 + "</row>" + "<row></row>" * 20
    ),
    "a million rows without names": lambda: packed(
        "<row/>" * 1_048_576 + cells("Z1048577", 1_048_577)
    ),
    "one text in every row": lambda: packed(HUNDRED_THOUSAND, shared=LONG),
    "one text in every row, written oddly": lambda: packed(
        HUNDRED_THOUSAND.replace('t="s"', "\n t = 's'"), shared=LONG
    ),
    "many sheets": lambda: packed(cells("Z70000", 70_000), sheets=200),
    "merged over and over": lambda: packed(
        f"{cells('A1')}{cells('Z70000', 70_000)}</sheetData><mergeCells>"
        + '<mergeCell ref="A1:Z70000"/>' * 19_000
        + "</mergeCells><sheetData>"
    ),
    "zeros": lambda: packed("<!--" + "0" * 300_000_000 + "-->"),
}
TABLES = {
    "a million columns": lambda: (",".join(f"c{n}" for n in range(1_000_000)) + "\n1,2\n").encode(),
    "a wide row below": lambda: b"a,b\n" + b"," * 50_000_000,
    "empty rows": lambda: b"a\n" + b"\n" * 50_000_000,
    "ten million cells": lambda: b"a,b,c,d,e\n" + b"1,2,3,4,5\n" * 2_000_000,
}
JSON = {
    "brackets": lambda: b"[" * 60_000_000,
    "lists": lambda: b"[" + b"[]," * 20_000_000 + b"[]]",
    "wide letters": lambda: ('["' + "x" * 63_000_000 + '😀"]').encode() + b" " * 3_000_000,
}
HOSTILE = {
    **{f"workbook: {name}": ("workbook", body) for name, body in WORKBOOKS.items()},
    **{f"table: {name}": ("table", body) for name, body in TABLES.items()},
    **{f"json: {name}": ("json", body) for name, body in JSON.items()},
}
WELL = {
    "a plain workbook": ("workbook", lambda: packed(cells("B2", 2))),
    "the largest fair workbook": (
        "workbook",
        lambda: packed(
            "".join(
                f'<row r="{n}">'
                + "".join(
                    f'<c r="{letter}{n}"><v>{n}.5</v></c>' for letter in "ABCDEFGHIJKLMNOPQRST"
                )
                + "</row>"
                for n in range(1, 95_001)
            )
        ),
    ),
    "the largest fair table": ("table", lambda: b"a,b,c,d,e\n" + b"1,2,3,4,5\n" * 1_190_000),
}


def read(kind, made, folder):
    body = made()
    path = folder / "t"
    path.write_bytes(body)
    done = subprocess.run(
        [sys.executable, "-c", READ, kind, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    said, megabytes, seconds = json.loads(done.stdout)
    if os.environ.get("NUZUH_TALLY"):
        print(f"{len(body) / 1e6:8.1f} MB {megabytes:5} MB {seconds:6.2f} s  {said[:90]}")  # noqa: T201
    return said, megabytes, seconds


@pytest.mark.parametrize("name", HOSTILE)
def test_what_would_fill_the_memory_is_refused_in_one_sentence(tmp_path, name):
    said, megabytes, seconds = read(*HOSTILE[name], tmp_path)
    assert said != "read"
    assert "\n" not in said
    assert megabytes < MOST_MEGABYTES
    assert seconds < MOST_SECONDS


@pytest.mark.parametrize("name", WELL)
def test_what_is_just_fair_is_read_within_the_same_bounds(tmp_path, name):
    """Ten times what the largest publisher sends today; its next round must not be refused."""
    said, megabytes, seconds = read(*WELL[name], tmp_path)
    assert said == "read"
    assert megabytes < MOST_MEGABYTES
    assert seconds < MOST_SECONDS
