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
from pipelines.json_documents import decoded
from pipelines.publishers import hdx, workbook
kind, *paths = sys.argv[1:]
ends = []
for path in map(Path, paths):
    begun, said = time.process_time(), "read"
    try:
        document = Document("t", "file:t", path.read_bytes(), datetime.now(UTC))
        if kind == "table":
            sum(1 for _ in hdx.records(document))
        else:
            {"workbook": workbook.sheets, "json": decoded}[kind](document)
    except SourceChanged as refused:
        said = str(refused)
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
    ends.append([path.name, said, peak, time.process_time() - begun])
print(json.dumps(ends))
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
    "columns hidden over and over": lambda: packed(
        f"{cells('A1')}</sheetData>"
        + '<cols><col min="1" max="16384" hidden="1"/></cols>' * 100_000
        + "<sheetData>"
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
HOSTILE = {"workbook": WORKBOOKS, "table": TABLES, "json": JSON}
FAIR = {
    "workbook": {
        "plain": lambda: packed(cells("B2", 2)),
        "the largest": lambda: packed(
            "".join(
                f'<row r="{n}">'
                + "".join(f'<c r="{at}{n}"><v>{n}.5</v></c>' for at in "ABCDEFGHIJKLMNOPQRST")
                + "</row>"
                for n in range(1, 95_001)
            )
        ),
    },
    "table": {"the largest": lambda: b"a,b,c,d,e\n" + b"1,2,3,4,5\n" * 1_190_000},
    "json": {"the largest": lambda: b"[" + b'{"a":1},' * 1_490_000 + b"{}]"},
}


def read(kind, made, folder):
    """How each ended: name, what was said, peak of the process in MB, seconds."""
    for name, make in made.items():
        (folder / name).write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", READ, kind, *(str(folder / name) for name in made)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    ends = json.loads(done.stdout)
    if os.environ.get("NUZUH_TALLY"):
        for name, said, megabytes, seconds in ends:
            size = (folder / name).stat().st_size / 1e6
            print(f"{size:5.1f} MB: {megabytes} MB, {seconds:.2f} s | {name} | {said}")  # noqa: T201
    for name, _, megabytes, seconds in ends:
        assert megabytes < MOST_MEGABYTES, name
        assert seconds < MOST_SECONDS, name
    return {name: said for name, said, *_ in ends}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_would_fill_the_memory_is_refused_in_one_sentence(tmp_path, kind):
    ends = read(kind, HOSTILE[kind], tmp_path)
    assert len(ends) == len(HOSTILE[kind])
    for name, said in ends.items():
        assert said != "read", name
        assert "\n" not in said, name


@pytest.mark.parametrize("kind", FAIR)
def test_what_is_just_fair_is_read_within_the_same_bounds(tmp_path, kind):
    """Ten times what the largest publisher sends today; its next round must not be refused."""
    assert set(read(kind, FAIR[kind], tmp_path).values()) == {"read"}
