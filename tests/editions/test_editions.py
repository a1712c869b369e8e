"""What reaches people by file: the light edition, the brief, the bundle, single pictures."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from html import escape, unescape
from html.parser import HTMLParser
from uuid import UUID

import html5lib
import pandas as pd
import pypdfium2
import pytest
import typst
from babel import dates
from click.testing import CliRunner
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops
from starlette.requests import Request

from commands.main import main
from data import settings
from data.analysis.series import records
from data.gazetteer import area, places
from data.publication import harm
from data.publication.harm import HarmFound
from data.store import Status
from editions import (
    brief,
    bundle,
    content,
    drawing,
    embed,
    embedded,
    fonts,
    layout,
    light,
    pdf,
    publish,
    raster,
    routes,
    word,
)
from editions.embed import BadChoice, NotThere
from editions.pages import maps, place, provenance
from tests import builders
from tests.effort import ALL, tries
from visuals.html import late
from visuals.language import figure_text
from visuals.language.words import LANGUAGES, Words, catalogue

NUMBER = re.compile(r"(?<![\w.,/-])\d{1,3}(?:[.,]\d{3})+(?![\d-])")
"""A number with its thousands apart: years, hashes and edition numbers are none."""


@pytest.fixture(scope="module")
def shown(store):
    """What an edition of it holds."""
    return content.gather(store.current(), area.load("idlib"))


class Pages(Mapping):
    """The pages of an edition by name; in small, of each kind that has many one of twenty."""

    def __init__(self, edition):
        self.every = list(edition.pages)
        many = [n for n in self.every if n.startswith(("place-", "map-", "provenance-"))]
        left = set() if ALL else set(many) - set(many[::20])
        self._names, self._made = [n for n in self.every if n not in left], {}
        self._edition = edition

    def __getitem__(self, name):
        if name not in self._made:
            self._made[name] = self._edition.file(name)
        return self._made[name]

    def __iter__(self):
        return iter(self._names)

    def __len__(self):
        return len(self._names)


@pytest.fixture(scope="module")
def arabic(shown):
    """Pages of the Arabic edition: the largest, for a letter takes two bytes."""
    return Pages(light.Edition(shown, "ar"))


@pytest.fixture(scope="module")
def briefs(shown):
    return {language: brief.compose(shown, language) for language in LANGUAGES}


# The light edition


def test_every_page_comes_over_a_thin_line(shown, arabic):
    """At 50 kbit/s a page of 100 kB takes sixteen seconds; more, and nobody waits."""
    over = {name: len(body) for name, body in arabic.items() if len(body) > layout.LIMIT}
    assert not over
    for language in LANGUAGES:
        first = light.Edition(shown, language).file(layout.FIRST)
        assert len(first) <= layout.FIRST_LIMIT, language


def test_no_page_says_what_only_a_program_calls_nothing(arabic):
    """ "Different countries of asylum: All countries and <NA>" stood under a figure of IOM."""
    said = re.compile(r"&lt;NA&gt;|\bNaT\b|\bnan\b|\bNone\b")
    assert len(arabic) > 20
    assert not {name for name, body in arabic.items() if said.search(body.decode())}
    assert "رقم واحد فقط من الرقمين يذكر بلد اللجوء" in arabic["compare.html"].decode()


def test_searches_for_data_find_the_edition_without_a_script(arabic):
    body = arabic["sources.html"].decode()
    assert '<html lang="ar" dir="rtl" itemscope itemtype="https://schema.org/Dataset">' in body
    told = dict(re.findall(r'<meta itemprop="(\w+)" content="([^"]*)">', body))
    assert set(told) == {"name", "description", "dateModified", "temporalCoverage", "license"}
    assert told["description"].startswith(Words("ar")("app.dataset"))
    assert "itemprop" not in arabic[layout.FIRST].decode()


def test_every_page_is_valid_html_in_its_language_and_direction(arabic):
    kinds = {re.sub(r"[A-Z0-9].*|-[0-9a-f]{8}.*", "", name): name for name in arabic}
    for name in {*kinds.values(), "map-" + next(n for n in arabic if n.startswith("map-"))[4:]}:
        parser = html5lib.HTMLParser(strict=False)
        document = parser.parse(arabic[name].decode())
        assert not parser.errors, (name, parser.errors[:3])
        assert document.get("lang") == "ar"
        assert document.get("dir") == "rtl"


class Links(HTMLParser):
    """What a page asks for, where it leads, and what may be led to in it."""

    def __init__(self, body):
        super().__init__()
        self.tags, self.leads, self.asks, self.ids = set(), set(), set(), []
        self.feed(body.decode())

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.add(tag)
        self.ids += [given["id"]] if "id" in given else []
        target = given.get("href") or given.get("src")
        if target:
            (self.leads if tag == "a" else self.asks).add(target)


def test_no_page_runs_or_asks_for_anything(arabic):
    """From a USB stick, or in an office that must not tell others what it reads."""
    for name, body in arabic.items():
        links = Links(body)
        assert not links.tags & {"script", "link", "iframe", "object", "embed"}, name
        assert all(ask.startswith(("data:", "#")) for ask in links.asks), name
        assert b"url(" not in body, name
        assert not re.search(rb"\son[a-z]+=", body), name


def test_every_link_leads_to_a_page_and_every_number_to_its_provenance(arabic):
    pages = {name: Links(body) for name, body in arabic.items()}
    provenance = 0
    for name, links in pages.items():
        assert len(links.ids) == len(set(links.ids)), name
        for target in sorted(links.leads):
            if target.startswith("https://") or target.startswith("http://"):
                continue
            if target.startswith("../"):
                assert target.split("/")[2] in arabic.every
                continue
            page, _, anchor = target.partition("#")
            assert page in arabic.every or not page, (name, target)
            if anchor and (page or name) in pages:
                assert anchor in pages[page or name].ids, (name, target)
                provenance += page.startswith("provenance-")
    assert provenance > tries(500, 20)


def test_provenance_name_publisher_day_address_and_hash(shown, arabic):
    row = shown.situation.headlines[0].figure
    address = shown.addresses[row["figure_id"]]
    text = arabic[address.split("#")[0]].decode()
    assert f'id="f{row["figure_id"]}"' in text
    assert row["content_sha256"] in text
    assert row["source_url"].replace("&", "&amp;") in text


def test_pages_have_the_same_names_and_figures_in_every_language(shown, arabic):
    """A reader who changes the language stays where they were."""
    assert list(light.Edition(shown, "tr").pages) == arabic.every


@pytest.mark.wide
def test_pages_stay_light_where_many_sources_are(shown):
    """Seven times the figures, from sources with long names: nobody may wait longer for it."""
    offices = range(1, 7)
    more = pd.concat([shown.figures, *(_again(shown.figures, n) for n in offices)])
    late = pd.concat([_again(shown.sources, n) for n in offices])
    heavy = replace(
        shown,
        figures=more.reset_index(drop=True),
        everything=more.reset_index(drop=True),
        sources=pd.concat([shown.sources, late], ignore_index=True),
    )
    edition = light.Edition(heavy, "ar")
    assert len(edition.file(layout.FIRST)) <= layout.FIRST_LIMIT
    names = [n for n in edition.pages if not n.startswith(("provenance-", "map-", "place-"))]
    names += ["place-SYR.html", "place-SY07.html", "place-TUR.html", "provenance-SYR-6.html"]
    names += [n for n in edition.pages if n.startswith("map-")][:3]
    assert {n: len(edition.file(n)) for n in names if len(edition.file(n)) > layout.LIMIT} == {}


def _again(frame, number):
    """The same rows as another source says them: another dataset, file and identity."""
    said = {"source": frame["source"] + f"_{number}"}
    if "figure_id" in frame:
        marks = frame["figure_id"].map(lambda i: sha256(f"{number}{i}".encode()).hexdigest()[:32])
        said["figure_id"] = marks.astype(frame["figure_id"].dtype)
        said["dataset"] = frame["dataset"] + f", as office number {number} counts them"
        said["source_url"] = frame["source_url"] + f"?office={number}"
    return frame.assign(**said)


def test_an_edition_looks_back_without_what_was_published_later(store):
    then = content.gather(store.current(), area.load("idlib"), date(2026, 1, 15))
    assert then.figures["known_from"].max().date() <= date(2026, 1, 15)
    first = light.Edition(then, "en").file(layout.FIRST).decode()
    assert "15 January 2026" in first


# The brief


def words_of_pdf(body):
    document = pypdfium2.PdfDocument(body)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def words_of_docx(body):
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        document = parts.read("word/document.xml").decode()
    paragraphs = re.findall(r"<w:p[ >].*?</w:p>", document, re.DOTALL)
    return "\n".join("".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", p)) for p in paragraphs)


def numbers(text):
    """Every number with thousands, as an integer, in order of size."""
    plain = re.sub(r"[\u2066-\u2069\u200e\u200f\u202a-\u202e]", "", text)
    return sorted(int(re.sub(r"[.,]", "", found)) for found in NUMBER.findall(plain))


def days(text, language):
    """Every day named in a text of a language, as ISO."""
    names = dates.get_month_names("wide", "format", Words(language).locale)
    found = []
    for number, name in names.items():
        for day, year in re.findall(rf"(\d{{1,2}}) {name} (\d{{4}})", text):
            found.append(f"{year}-{number:02d}-{int(day):02d}")
    return sorted(found)


@pytest.mark.parametrize(("form", "read"), [(pdf, words_of_pdf), (word, words_of_docx)])
def test_the_three_languages_say_the_same_numbers(briefs, form, read):
    """A number that differs between languages is a wrong number for somebody."""
    said = {language: read(form.render(briefs[language])) for language in LANGUAGES}
    read_out = {language: numbers(text) for language, text in said.items()}
    assert len(read_out["en"]) > 30
    assert read_out["en"] == read_out["tr"] == read_out["ar"]


@pytest.mark.parametrize("name", ["index.html", "compare.html", "place-SY07.html"])
def test_the_pages_of_three_languages_say_the_same_numbers(shown, name):
    """What the edition shows is what the brief is checked for."""
    said = {}
    for language in LANGUAGES:
        body = light.Edition(shown, language).file(name).decode()
        bare = re.sub(r"<style.*?</style>", "", body, flags=re.DOTALL)
        said[language] = numbers(unescape(re.sub(r"<[^>]*>", " | ", bare)))
    assert len(said["en"]) > 20
    assert said["en"] == said["tr"] == said["ar"]


def test_a_light_place_shows_whole_recent_counts_first_and_folds_the_rest(shown):
    """A count of 2016 stood between those of last month, each under "newest figures"."""
    body = light.Edition(shown, "en").file("place-SY07.html").decode()
    table, *shut = re.split(r"<details", body.partition("Newest figures")[2].partition("<h2")[0])
    # Of IOM's round of 31 December 2025; without a day before the two years that are folded away.
    assert "944,801" in table
    assert not re.search(r"\b20(1[0-9]|2[0-3])\b", re.sub(r"<[^>]+>", " ", table))
    assert "7,554" not in table
    assert "7,554" in " ".join(shut)
    assert "76,005" in " ".join(shut)


def test_a_number_of_one_language_alone_is_noticed(briefs):
    """The comparison itself: a figure changed in one file makes it differ."""
    first, *others = briefs["tr"].headlines
    wrong = replace(briefs["tr"], headlines=(replace(first, value="1.182.988"), *others))
    for form, read in ((pdf, words_of_pdf), (word, words_of_docx)):
        right = numbers(read(form.render(briefs["en"])))
        assert numbers(read(form.render(briefs["tr"]))) == right
        assert numbers(read(form.render(wrong))) != right


def test_the_three_languages_say_the_same_days(briefs):
    found = {lang: days(words_of_docx(word.render(b)), lang) for lang, b in briefs.items()}
    assert len(found["en"]) > 30
    assert found["en"] == found["ar"] == found["tr"]


def test_every_headline_carries_its_day(briefs):
    for made in briefs.values():
        assert all(re.search(r"\b20\d\d\b", h.when) for h in made.headlines if h.when)


def read_by_poppler(body):
    made = subprocess.run(
        [str(shutil.which("pdftotext")), "-", "-"],
        input=body,
        capture_output=True,
        check=True,
        timeout=60,
    )
    return made.stdout.decode()


def unmarked(text):
    """Words as they are compared: no marks of vowels or direction, one space between them."""
    return " ".join(
        re.sub("[\u064b-\u0652\u2066-\u2069\u200e\u200f\u202a-\u202e]", "", text).split()
    )


def arabic_runs(made):
    """What the brief says in Arabic letters, cut where a number or a point stands."""
    said = [made.title, made.state, *made.headings.values(), *made.foot]
    said += [part for h in made.headlines for part in brief.vars_of(h)]
    for table in (made.mapped, made.changes, *made.comparisons):
        said += [table.title, *table.labels, *(cell for row in table.rows for cell in row)]
    for drawn in (made.map, *made.charts):
        said += [drawn.title, *drawn.notes]
    said += [source.split("\n")[0] for source in made.sources]
    letter = "[\u0621-\u064a]"
    runs = re.findall(f"{letter}[\u0621-\u064a ]*{letter}", unmarked(" | ".join(said)))
    return list(dict.fromkeys(run.strip() for run in runs))


@pytest.mark.parametrize("reader", [words_of_pdf, read_by_poppler])
def test_arabic_comes_out_of_the_pdf_in_the_order_it_is_read(briefs, reader):
    """A donor's search, a screen reader and a copied sentence all read the text inside.

    PDFium is Chromium's reader, Poppler the Linux desktop's. Each piece of each sentence that was
    set is looked for whole, those with a joined lam-alef among them.
    """
    if reader is read_by_poppler and shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    runs = arabic_runs(briefs["ar"])
    text = unmarked(reader(pdf.render(briefs["ar"])))
    assert len(runs) > 80
    assert sum("لا" in run or "لأ" in run for run in runs) > 15
    assert [run for run in runs if run not in text] == []


def test_every_arabic_word_is_read_back_with_the_joined_letters_apart(tmp_path):
    """Poppler and PDFium turn the letters of one glyph round: 173 words could not be found."""
    texts = " ".join([*catalogue("ar").values(), *places.table()["name_ar"].dropna()])
    words = sorted(set(re.findall("[\u0621-\u064a]+", re.sub("[\u064b-\u0652]", "", texts))))
    page = """#set page(height: auto)
    #set text(font: "Tajawal", lang: "ar", dir: rtl)
    #for w in json(bytes(sys.inputs.words)) [#w \\ ]"""
    read = {}
    for name, held in (("joined", raster.fonts()), ("apart", raster.readable())):
        made = typst.Compiler(page.encode(), font_paths=held).compile(
            format="pdf", sys_inputs={"words": json.dumps(words)}
        )
        found = set(words_of_pdf(bytes(made)).split())
        read[name] = [word for word in words if word not in found]
    assert len(words) > 1500
    assert read["apart"] == []
    assert len(read["joined"]) > 100


def test_taken_apart_the_letters_look_as_before():
    """Nothing of what is seen may change: the same page with both fonts, but for rounding."""
    page = """#set page(width: 200pt, height: auto, margin: 6pt)
    #set text(font: "Tajawal", lang: "ar", dir: rtl, size: 20pt)
    لا ولا الأول الإجلاء الآن بلاد كلا ملآن فلأن بلإذن \\
    #text(weight: 700)[لا ولا الأول الإجلاء الآن بلاد كلا]"""
    seen = [
        Image.open(
            io.BytesIO(
                bytes(typst.Compiler(page.encode(), font_paths=held).compile(format="png", ppi=144))
            )
        ).convert("L")
        for held in (raster.fonts(), raster.readable())
    ]
    assert ImageChops.difference(*seen).getextrema()[1] <= 2
    assert seen[0].getextrema() == (0, 255)


def test_the_map_of_the_brief_names_each_group_as_its_publisher_does(briefs):
    """Its table said "refugees" of people whom Türkiye registers under temporary protection."""
    for language, made in briefs.items():
        words = Words(language)
        groups = {row[0]: row[1] for row in made.mapped.rows}
        assert groups[words.place("TUR027")] == words("group.REF.protected")
        assert groups[words.place("SY07")] == words("group.IDP")


def test_the_pdf_is_tagged_small_and_brings_its_fonts(briefs):
    for language, made in briefs.items():
        body = pdf.render(made)
        assert len(body) < 500_000
        assert b"/StructTreeRoot" in body
        assert b"pdfuaid" in body, language
        document = pypdfium2.PdfDocument(body)
        assert len(document) <= 2
        document.close()


def test_word_opens_arabic_from_the_right(briefs):
    body = word.render(briefs["ar"])
    assert len(body) < 500_000
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        document = parts.read("word/document.xml").decode()
        assert not [n for n in parts.namelist() if "vba" in n.lower()]
    paragraphs = re.findall(r"<w:p[ >].*?</w:p>", document, re.DOTALL)
    spoken = [p for p in paragraphs if re.search("[\u0621-\u064a]", re.sub("<[^>]*>", "", p))]
    assert len(spoken) > 50
    assert all("<w:bidi/>" in paragraph for paragraph in spoken)
    assert all("<w:rtl/>" in paragraph for paragraph in spoken)
    assert document.count("<w:bidiVisual/>") == document.count("<w:tbl>")
    with zipfile.ZipFile(io.BytesIO(word.render(briefs["en"]))) as parts:
        assert "<w:bidi/>" not in parts.read("word/document.xml").decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_file_brings_its_fonts_and_names_no_other(briefs, language):
    """Free, embedded, and what Word takes out is a font: no office must own or fetch one."""
    wanted = {"IBM Plex Sans", "Tajawal"} if language == "ar" else {"IBM Plex Sans"}
    with zipfile.ZipFile(io.BytesIO(word.render(briefs[language]))) as parts:
        table = parts.read("word/fontTable.xml").decode()
        related = parts.read("word/_rels/fontTable.xml.rels").decode()
        assert set(re.findall(r'<w:font w:name="([^"]*)"', table)) == wanted
        for number, key in re.findall(r'r:id="rId(\d+)" w:fontKey="\{([^}]*)\}"', table):
            assert f'Target="fonts/font{number}.odttf"' in related
            body = embedded.obfuscated(parts.read(f"word/fonts/font{number}.odttf"), UUID(key))
            with TTFont(io.BytesIO(body)) as font:
                assert font["name"].getDebugName(1) in wanted
                assert font["OS/2"].fsType == 0
                letters = "ابتي" if "Tajawal" in font["name"].getDebugName(1) else "ğĞıİşŞé−"
                assert set(letters) <= set(map(chr, font.getBestCmap()))
        assert b"<w:embedTrueTypeFonts/>" in parts.read("word/settings.xml")
        assert b'Extension="odttf"' in parts.read("[Content_Types].xml")
        styles = parts.read("word/styles.xml").decode()
        for name in ("Normal", "Heading2"):
            style = re.search(rf'<w:style [^>]*w:styleId="{name}".*?</w:style>', styles, re.DOTALL)
            assert 'w:ascii="IBM Plex Sans"' in style[0]
            assert "Theme=" not in re.search("<w:rFonts[^>]*>", style[0])[0]


def test_a_fonts_folder_that_cannot_be_written_costs_time_and_nothing_else(tmp_path, monkeypatch):
    """Packages often belong to another user."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr(fonts, "FOLDER", blocked / "nuzuh")
    source = tmp_path / "a.ttf"
    source.write_bytes(b"a")
    assert fonts.cached_font("a", source, "r", lambda: b"made") == b"made"
    monkeypatch.setattr(fonts, "FOLDER", tmp_path / "nuzuh")
    assert fonts.cached_font("a", source, "r", lambda: b"made") == b"made"
    assert fonts.cached_font("a", source, "r", lambda: b"never") == b"made"
    assert fonts.cached_font("a", source, "another way", lambda: b"anew") == b"anew"
    for path in fonts.FOLDER.iterdir():
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert fonts.cached_font("a", source, "r", lambda: b"again") == b"again"


def test_the_same_release_gives_the_same_bytes(shown, briefs):
    for form in (pdf, word):
        assert form.render(briefs["ar"]) == form.render(brief.compose(shown, "ar"))


# The bundle, and what is kept


@pytest.mark.parametrize("few", [True, pytest.param(False, marks=pytest.mark.wide)])
def test_the_bundle_proves_itself_and_comes_out_the_same(store, shown, monkeypatch, few):
    if few:
        many = (maps.pages, place.pages, provenance.pages)
        kinds = tuple(kind for kind in light.MODULES if kind not in many)
        monkeypatch.setattr(light, "MODULES", kinds)
    again = content.gather(store.current(), area.load("idlib"))
    made = bundle.files(shown, ("en",))
    body = bundle.zipped(shown, made)
    assert body == bundle.zipped(again, bundle.files(again, ("en",)))
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        packed = {entry.filename: entry.compress_size for entry in archive.infolist()}
        spoken = sum(size for name, size in packed.items() if re.search(r"[/-]en[./]", name))
        assert few or len(body) / 3 < spoken < len(body)
        assert len(body) + 2 * spoken < 10_000_000  # the other two languages
        manifest = json.loads(archive.read("nuzuh/manifest.json"))
        named = {f"nuzuh/{entry['path']}" for entry in manifest["files"]}
        assert named | {"nuzuh/manifest.json"} == set(archive.namelist())
        for entry in manifest["files"]:
            held = archive.read(f"nuzuh/{entry['path']}")
            assert sha256(held).hexdigest() == entry["sha256"]
    assert {"nuzuh/figures.csv", "nuzuh/data-dictionary.md"} <= named


def test_a_folder_appears_whole_and_a_strangers_folder_is_left_alone(tmp_path):
    ours, theirs = tmp_path / "edition", tmp_path / "theirs"
    publish.write(ours, {"index.html": b"1", "en/index.html": b"1"})
    publish.write(ours, {"index.html": b"2"})
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["index.html"]
    theirs.mkdir()
    (theirs / "accounts.xls").write_bytes(b"x")
    with pytest.raises(publish.CannotWrite, match="holds other files"):
        publish.write(theirs, {"index.html": b""})
    assert (theirs / "accounts.xls").is_file()


KILLED = """
import sys
from pathlib import Path
from editions import publish
print("ready", flush=True)
for n in range(1000):
    files = {f"en/{i}.html": b"x" * 20_000 for i in range(60)}
    publish.write(Path(sys.argv[1]) / f"20260101-{n:08x}", {**files, "index.html": b"x"})
"""


def test_an_edition_whose_writer_is_killed_is_not_seen(tmp_path, shown, monkeypatch):
    """Power fails in the field: what stands there is whole, and what does not is swept away."""
    for patience in (0.02, 0.07, 0.15):
        child = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path)], cwd=settings.ROOT, stdout=subprocess.PIPE
        )
        assert child.stdout.readline() == b"ready\n"
        time.sleep(patience)
        child.kill()
        child.communicate(timeout=30)
        for folder in tmp_path.glob("2*"):
            assert len([p for p in folder.rglob("*") if p.is_file()]) == 61, folder
    draft = tmp_path / ".20260101-0000ffff.abcd1234"
    draft.mkdir()
    os.utime(draft, (0, 0))
    monkeypatch.setattr(bundle, "files", lambda held: {"index.html": b"", "manifest.json": b"{}"})
    publish.keep(tmp_path, shown, 1)
    assert not draft.exists()
    assert len(list(tmp_path.glob("2*"))) == 1


def test_the_last_editions_are_kept(tmp_path, shown, monkeypatch):
    monkeypatch.setattr(bundle, "files", lambda held: {"index.html": b"", "manifest.json": b"{}"})
    names = []
    for day in range(1, 6):
        at = shown.published_at.replace(day=day)
        names.append(publish.keep(tmp_path, replace(shown, published_at=at), 2).name)
    held = sorted(p.name for p in tmp_path.iterdir() if p.is_dir())
    assert held == sorted(names[-2:])
    assert (tmp_path / "latest").read_text().strip() == names[-1]


@pytest.mark.parametrize("name", ["index.html", "figures.csv", "manifest.json", publish.BUNDLE])
def test_an_edition_whose_disk_damaged_it_is_written_again(tmp_path, shown, monkeypatch, name):
    """One flipped bit in a page that a web server hands out is a wrong number under our name."""
    made = {"index.html": b"<p>6,329</p>", "figures.csv": b"place,value\nSY11,6329\n"}
    made[bundle.MANIFEST] = bundle.manifest(shown, made)
    monkeypatch.setattr(bundle, "files", lambda held: made)
    edition = publish.keep(tmp_path, shown, 2)
    whole = {path.name: path.read_bytes() for path in edition.iterdir()}
    damaged = bytearray(whole[name])
    damaged[len(damaged) // 2] ^= 1
    (edition / name).write_bytes(damaged)
    assert publish.keep(tmp_path, shown, 2) == edition
    assert {path.name: path.read_bytes() for path in edition.iterdir()} == whole


def test_an_edition_that_cannot_be_written_stops_no_publish(tmp_path, monkeypatch):
    """The figures matter more than their print."""
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    monkeypatch.setenv("NUZUH_EDITIONS", str(blocked))
    store = tmp_path / "store"
    result = CliRunner().invoke(main, ["--store", str(store), "run", "published_figures"])
    assert result.exit_code == 0, result.output
    assert "published_figures: published" in result.stdout
    assert "The edition was not written" in result.stderr
    assert blocked.read_text().startswith("a file")


# Pictures by address


def answer(path, headers=(), **params):
    query = "&".join(f"{key}={value}" for key, value in params.items())
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "server": ("127.0.0.1", 8501),
        "path": path,
        "query_string": query.encode(),
        "headers": [(key.encode(), value.encode()) for key, value in headers],
        "path_params": {"name": path, "language": params.get("lang", "en")},
    }
    asked = routes.picture if path.startswith(("map", "chart")) else routes.page
    return asked(Request(scope))


@pytest.fixture
def serving(store, monkeypatch):
    monkeypatch.setenv("NUZUH_STORE", store.address)


def test_a_map_and_a_chart_come_by_address_with_their_citation(serving, shown):
    layer = shown.layers[0]
    day = str(layer.days[-1]["as_of"].iloc[0].date())
    figure = shown.situation.headlines[0].figure["figure_id"]
    for name, row, chosen in (
        ("map", records(layer.days[-1])[0], {"series": layer.code, "day": day, "lang": "ar"}),
        ("chart", shown.situation.headlines[0].figure, {"figure": figure, "lang": "tr"}),
    ):
        svg = answer(f"{name}.svg", **chosen)
        assert svg.status_code == 200, svg.body
        assert svg.body.startswith(b"<svg")
        assert figure_text.publisher(Words(chosen["lang"]), row) in unescape(svg.body.decode())
        html = answer(f"{name}.html", **chosen)
        assert b"<script" not in html.body
        assert b"<figcaption>" in html.body
        parser = html5lib.HTMLParser()
        parser.parse(html.body.decode())
        assert not parser.errors
        png = answer(f"{name}.png", **chosen)
        assert png.body.startswith(b"\x89PNG")


def studio_picture(form, query):
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "https",
        "server": ("figures.example.org", 443),
        "path": f"/nuzuh/embed/series.{form}",
        "query_string": query.encode(),
        "headers": [],
        "path_params": {"form": form},
    }
    return routes.series_picture(Request(scope))


def test_the_chart_studios_picture_comes_by_the_pages_own_choices(serving):
    """What is pasted into a report leads back to the page that shows it, as known on the day."""
    query = "places=SY07,SY02&series=IDP~stock~people&known=2026-01-31&lang=en"
    svg = studio_picture("svg", query)
    assert svg.status_code == 200, svg.body
    told = re.sub(r"<[^>]+>", " ", svg.body.decode())
    for part in ("Idleb", "Aleppo", "UNHCR", "Licence", "to 31 December"):
        assert part in told
    assert f"https://figures.example.org/charts?{query}" in unescape(told).replace(" ", "")
    assert studio_picture("png", query).body.startswith(b"\x89PNG")
    early = studio_picture("svg", query.replace("2026-01-31", "2018-03-20"))
    assert early.status_code == 404 or b"2025" not in early.body.split(b"known=")[0]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("places=SY99", 400),
        ("places=" + ",".join(["SY07"] * 40), 400),
        ("places=SY07&known=never", 400),
        ("places=SY07&lang=xx", 400),
        ("places=SY07&series=<script>", 404),
    ],
)
def test_a_bent_choice_of_the_chart_studio_is_a_sentence(serving, query, status):
    found = studio_picture("svg", query)
    assert found.status_code == status
    assert b"script" not in found.body
    assert len(found.body.splitlines()) == 1


def test_a_chart_in_a_frame_is_the_line_of_its_figures(shown):
    """Outlines may be made lighter; a line must keep each figure, and must not be closed."""
    for picked in shown.situation.headlines[:3]:
        chart = embed.a_chart(shown, "ar", picked.figure["figure_id"], "")
        drawn = re.findall(r' (?:d|points)="[^"]*"', chart.svg)
        assert drawn
        assert re.findall(r' (?:d|points)="[^"]*"', chart.page()) == drawn
    assert drawing.short("M0 0L1 1L9 9") == "M0 0L1 1L9 9"
    assert drawing.short("M0 0L1 1L90 90L90 0Z") == "M0 0l90 90 0-90Z"


def test_no_direction_of_the_page_around_turns_a_maps_numbers(shown):
    """In an Arabic frame a number of the legend would run back over its circle."""
    svg = embed.a_map(shown, "ar", None, None, "").svg
    alone = re.sub(r"<g class=\"label\".*?</g>", "", svg, flags=re.DOTALL)
    texts = re.findall(r"<text [^>]*>", alone)
    assert len(texts) > 5
    assert all('direction="ltr"' in text for text in texts)


def test_who_holds_a_page_does_not_pay_for_it_twice(serving):
    """Six seconds of a 50 kbit/s line are saved each time somebody comes back."""
    for name, packed in (("index.html", ("accept-encoding", "gzip")), ("map.svg", ("a", "b"))):
        first = answer(name, [packed])
        assert first.status_code == 200
        assert "max-age" in first.headers["cache-control"]
        again = answer(name, [packed, ("if-none-match", f'"x", {first.headers["etag"]}')])
        assert (again.status_code, again.body) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        other = answer(name, [packed, ("if-none-match", '"of another release"')], lang="ar")
        assert other.status_code == 200
        assert other.headers["etag"] != first.headers["etag"]


def test_a_first_page_makes_no_other_page_first(serving, monkeypatch):
    """The first reader of a release waits a second; with every map and place it was five."""
    made = []
    for name in ("layers", "comparisons"):
        whole = content.Content.__dict__[name].func
        monkeypatch.setattr(
            content.Content,
            name,
            property(lambda held, whole=whole, name=name: made.append(name) or whole(held)),
        )
    routes.NEWEST.forget()
    assert answer("index.html", lang="tr").status_code == 200
    assert made == []
    assert answer("nothing.html", lang="tr").status_code == 404
    assert set(made) == {"layers", "comparisons"}
    routes.NEWEST.forget()


@pytest.mark.parametrize(
    ("name", "params", "status"),
    [
        ("map.exe", {}, 404),
        ("map.svg", {"lang": "xx"}, 400),
        ("map.svg", {"series": "../../etc"}, 400),
        ("map.svg", {"series": "%3Cscript%3E"}, 400),
        ("map.svg", {"series": "00000000"}, 404),
        ("chart.svg", {}, 400),
        ("chart.svg", {"figure": "%27%20or%201=1"}, 400),
        ("chart.svg", {"figure": "0123456789abcdef"}, 404),
    ],
)
def test_a_hostile_address_gets_a_sentence_and_nothing_back(serving, name, params, status):
    said = answer(name, **params)
    assert said.status_code == status
    assert said.media_type.startswith("text/plain")
    assert len(said.body.decode().strip().splitlines()) == 1
    assert b"script" not in said.body
    assert b"etc" not in said.body


@pytest.mark.parametrize("name", ["nothing.html", "..%2F..%2Fetc", "passwd", "<script>.html"])
@pytest.mark.parametrize("language", ["en", "ar", "tr", "xx"])
def test_a_link_to_a_page_that_is_gone_says_so_in_the_readers_language(serving, language, name):
    """Links travel in messages for months; a figure's provenance may be of an earlier edition."""
    said, known = answer(name, [("accept-language", "tr")], lang=language), language != "xx"
    words = Words(language if known else "tr")
    body = said.body.decode()
    assert (said.status_code, said.media_type) == (404, "text/html; charset=utf-8")
    assert f'lang="{words.language}" dir="{words.direction}"' in body
    assert words("edition.no_page") in body
    assert f'href="../{words.language}/index.html"' in body  # under any sub-path
    assert "script" not in body
    assert "etc" not in body


def test_a_day_that_is_none_and_one_without_a_number(shown):
    code = shown.layers[0].code
    with pytest.raises(BadChoice):
        embed.a_map(shown, "en", code, "2025-13-45", "")
    with pytest.raises(NotThere):
        embed.a_map(shown, "en", code, "1999-01-01", "")


def test_an_empty_store_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("NUZUH_STORE", str(tmp_path))
    said = answer("map.svg")
    assert said.status_code == 503


# Harm


@pytest.mark.parametrize(
    ("planted", "named"),
    [
        pytest.param("seen at 36.2021, 37.1343", "a position", marks=pytest.mark.wide),
        pytest.param("ask +963 944 123 456", "a contact", marks=pytest.mark.wide),
        pytest.param("somebody@example.org", "a contact", marks=pytest.mark.wide),
        pytest.param("Arrivals at Atmeh camp", "a camp or site by name", marks=pytest.mark.wide),
        ("وصلوا إلى مخيم أطمة", "a camp or site by name"),
        pytest.param(
            "Families in C3871", "a place finer than sub-district", marks=pytest.mark.wide
        ),
        pytest.param(
            "Families in SY070301042", "a place finer than sub-district", marks=pytest.mark.wide
        ),
    ],
)
def test_what_could_hurt_is_refused_by_name_in_edition_brief_and_bundle(shown, planted, named):
    """A publisher's own words travel into every file: each of them is asked."""
    figures, picked = shown.figures.copy(), shown.situation.headlines[0]
    figures["dataset"] = planted
    line = picked.line.assign(dataset=planted)
    figure = {**picked.figure, "dataset": planted, "publisher": planted}
    hurt = replace(
        shown,
        figures=figures,
        situation=replace(
            shown.situation,
            headlines=(replace(picked, figure=figure, line=line), *shown.situation.headlines[1:]),
        ),
    )
    edition = light.Edition(hurt, "en")
    name = next(name for name in edition.pages if name.startswith("provenance-SY07-"))
    for make in (
        lambda: edition.file(name),
        lambda: brief.compose(hurt, "en"),
        lambda: [harm.refuse_file("figures.csv", planted.encode())],
    ):
        with pytest.raises(HarmFound, match=named) as raised:
            make()
        assert planted not in str(raised.value)


def test_a_place_too_fine_never_reaches_an_edition(tmp_path):
    from data.store import Publication, Store

    store = Store(str(tmp_path))
    store.publish(
        Publication("test_source", builders.figures({"place_code": "C3871"}), reason="test"),
        now=builders.RETRIEVED,
    )
    with pytest.raises(HarmFound, match="no area"):
        content.gather(store.current(), area.load("idlib"))


def test_a_word_file_is_read_too(briefs):
    hurt = replace(briefs["en"], foot=("ring +963 944 123 456",))
    with pytest.raises(HarmFound, match="a contact"):
        harm.refuse_file("brief.docx", word.render(hurt))


def test_pictures_need_no_font_of_the_machine(briefs):
    """A fresh machine with Python alone writes Arabic all the same."""
    families = set(raster.fonts().families())
    assert families == {"IBM Plex Sans", "Tajawal"}
    assert all("site-packages" in str(font.path) for font in raster.fonts().fonts())


def test_the_commands_say_what_they_wrote(store, tmp_path):
    out = tmp_path / "brief.pdf"
    result = CliRunner().invoke(
        main, ["--store", store.address, "brief", "--lang", "tr", "--out", str(out)]
    )
    assert result.exit_code == 0, result.output
    assert out.read_bytes().startswith(b"%PDF")
    wrong = CliRunner().invoke(main, ["--store", store.address, "brief", "--out", "brief.odt"])
    assert wrong.exit_code == 2


def test_editions_load_no_streamlit():
    code = "import sys, editions.bundle, editions.routes; sys.exit('streamlit' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=settings.ROOT, timeout=120)
    assert done.returncode == 0


# What is late


@pytest.fixture(scope="module")
def overdue(store):
    """An edition of a day on which UNHCR was last asked in vain half a year ago."""
    asked = datetime(2026, 11, 24, 6, tzinfo=UTC)
    fared = {
        "unhcr_population": Status("unhcr_population", last_success=asked - timedelta(days=200))
    }
    held = store.current()
    known = date(2026, 1, 15)
    return (
        content.gather(held, area.load("idlib"), statuses=fared, now=asked),
        content.gather(held, area.load("idlib"), known, statuses=fared, now=asked),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_edition_and_brief_name_the_sources_that_are_late(overdue, language):
    """Who has the stick and no line would take half a year's silence for calm."""
    now, then = overdue
    words = Words(language)
    source = next(one for one in now.situation.late if not one.untried)
    assert source.source["source"] == "unhcr_population"
    said = late.source_line(words, source, date(2026, 11, 24))
    assert words.number(7) in said
    body = light.Edition(now, language).file(layout.FIRST)
    assert escape(said) in body.decode()
    assert len(body) <= layout.FIRST_LIMIT
    made = brief.compose(now, language)
    assert said in made.late
    assert made.late[-1] == words("late.at", at=words.moment(now.situation.asked))
    # Of a past day nobody can say how sources fared.
    assert brief.compose(then, language).late == ()
    assert (
        escape(words("situation.late"))
        not in light.Edition(then, language).file(layout.FIRST).decode()
    )
