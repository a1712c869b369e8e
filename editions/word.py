"""The brief as a Word file that opens from right to left where its language does.

Plain styles, no macro, no outside link: pictures are PNG, because Word before 2019 shows no SVG.
"""

import io
import re
import zipfile
from datetime import UTC, datetime
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from data.schema.languages import LANGUAGES
from editions import raster
from editions.brief import Brief, Drawing, Headline, Table
from editions.embedded import ARABIC, CONTENT_TYPE, LATIN, font_parts
from visuals import tokens
from visuals.language.words import Words

STYLES: Final = ("Normal", "Heading 2")
SIDE: Final = 13
ACROSS: Final = 3
"""Headlines side by side."""
"""Margin at the sides, millimetres."""
BESIDE: Final = (96, 88)
"""Widths of the map and of its numbers, millimetres."""
MAPPED: Final = (1.05, 1.3, 1.1, 1.35)
CHANGES: Final = (1.0, 1.7, 0.8, 1.4, 1.6)
COMPARED: Final = (0.9, 0.8, 1.3, 0.9, 2.3)
"""Shares of the width that the columns take."""
AFTER_BORDERS: Final = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
AFTER_DIRECTION: Final = (
    *("w:tblStyleRowBandSize", "w:tblStyleColBandSize", "w:tblW", "w:jc", "w:tblCellSpacing"),
    *("w:tblInd", "w:tblBorders", *AFTER_BORDERS),
)
LINE: Final = tokens.in_six_digits(tokens.SHEET["line"])
SOFT: Final = RGBColor.from_string(tokens.in_six_digits(tokens.SHEET["soft"]))
ACCENT: Final = RGBColor.from_string(tokens.in_six_digits(tokens.SHEET["accent"]))


def render(brief: Brief) -> bytes:
    """The brief as `.docx`; the same brief gives the same bytes."""
    page = _Page(brief.words)
    at = datetime.fromtimestamp(brief.timestamp, UTC).replace(tzinfo=None)
    page.name(brief, at)
    page.text(brief.title, size=18, bold=True)
    page.text(f"{brief.number} · {brief.state}", size=8, soft=True)
    page.heading(brief.headings["headlines"])
    page.headlines(brief.headlines)
    if brief.map is not None and brief.mapped is not None:
        page.heading(brief.map.title)
        page.map(brief.map, brief.mapped)
    page.heading(brief.headings["surges"])
    for line in brief.surges:
        page.text(line, size=8)
    page.heading(brief.headings["changes"])
    page.table(brief.changes, CHANGES, number=2)
    page.heading(brief.headings["charts"])
    page.beside(brief.charts)
    page.heading(brief.headings["comparisons"])
    for table in brief.comparisons:
        page.text(table.title, size=9, bold=True, keep=True)
        page.table(table, COMPARED, number=1)
    if brief.late:
        page.heading(brief.headings["late"])
        page.text(" · ".join(brief.late), size=7, soft=True)
    page.heading(brief.headings["sources"])
    page.sources(brief.sources)
    for line in brief.foot:
        page.text(line, size=7, soft=True)
    families = (LATIN, ARABIC) if brief.words.rtl else (LATIN,)
    return _fixed(page.bytes(), at, font_parts(families))


class _Page:
    """A document in one direction."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._document: Any = Document()
        section = self._document.sections[0]
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(SIDE)
        section.top_margin = section.bottom_margin = Mm(11)
        if words.rtl:
            section._sectPr.insert_element_before(OxmlElement("w:bidi"), "w:rtlGutter", "w:docGrid")
        style = self._document.styles["Normal"]
        style.font.size = Pt(9)
        for name in STYLES:
            self._set_in(self._document.styles[name])
        properties = style.element.get_or_add_rPr()
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), words.written.tag)
        language.set(qn("w:bidi"), LANGUAGES["ar"].tag)
        properties.append(language)
        style.paragraph_format.space_after = Pt(1)
        style.paragraph_format.line_spacing = 1.0
        style.paragraph_format.space_before = Pt(0)

    @staticmethod
    def _set_in(style: Any) -> None:
        """Name the fonts that the file brings; Word sets Arabic in the one for complex scripts."""
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.clear()
        for kind, family in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", LATIN)):
            fonts.set(qn(f"w:{kind}"), family)
        fonts.set(qn("w:cs"), ARABIC)

    def name(self, brief: Brief, at: datetime) -> None:
        properties = self._document.core_properties
        properties.title, properties.subject = brief.title, brief.number
        properties.author, properties.comments = "Nuzuh", ""
        properties.language = self._words.written.tag
        properties.created = properties.modified = at
        properties.last_modified_by, properties.revision = "Nuzuh", 1

    def heading(self, text: str) -> None:
        paragraph = self._document.add_paragraph(style="Heading 2")
        self._directed(paragraph)
        paragraph.paragraph_format.space_before = Pt(8)
        paragraph.paragraph_format.space_after = Pt(3)
        self._run(paragraph, text, size=11, bold=True, colour=ACCENT)

    def text(
        self,
        text_: str,
        *,
        size: float = 9,
        bold: bool = False,
        soft: bool = False,
        keep: bool = False,
    ) -> None:
        paragraph = self._document.add_paragraph()
        self._directed(paragraph)
        paragraph.paragraph_format.keep_with_next = keep
        self._run(paragraph, text_, size=size, bold=bold, colour=SOFT if soft else None)

    def headlines(self, headlines: tuple[Headline, ...]) -> None:
        across = min(len(headlines), ACROSS)
        table = self._table(-(-len(headlines) // across), across)
        cells = [cell for row in table.rows for cell in row.cells]
        for cell, headline in zip(cells, headlines, strict=False):
            first = cell.paragraphs[0]
            self._directed(first)
            self._run(first, headline.title, size=8, bold=True)
            lines = ((headline.value, 14, True), (headline.when, 7, False))
            more = ((headline.change, 7, False), (headline.caveats, 7, False))
            for line, size, bold in (*lines, *more):
                if line:
                    paragraph = cell.add_paragraph()
                    self._directed(paragraph)
                    self._run(paragraph, line, size=size, bold=bold, colour=None if bold else SOFT)

    def table(
        self, made: Table, shares: tuple[float, ...], *, number: int, inside: Any = None
    ) -> None:
        table = self._table(1 + len(made.rows), len(made.labels), inside=inside)
        room = 210 - 2 * SIDE if inside is None else BESIDE[1]
        widths = [Mm(room * share / sum(shares)) for share in shares]
        self._widths(table, widths)
        repeat = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeat)
        for row, cells in zip(table.rows, (made.labels, *made.rows), strict=True):
            head = cells is made.labels
            for column, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
                paragraph = cell.paragraphs[0]
                self._directed(paragraph)
                paragraph.paragraph_format.space_after = Pt(0)
                bold = not head and column == number
                self._run(paragraph, text, size=7, bold=bold, colour=SOFT if head else None)
        if inside is None:
            after = self._document.add_paragraph()
            after.paragraph_format.space_after = Pt(0)
            after.paragraph_format.line_spacing = Pt(4)

    def map(self, drawing: Drawing, mapped: Table) -> None:
        """The map, and its largest numbers beside it."""
        table = self._table(1, 2, lined=False)
        self._widths(table, [Mm(width) for width in BESIDE])
        left, right = table.rows[0].cells
        self._picture(left.paragraphs[0], drawing, BESIDE[0] - 5)
        if drawing.notes:
            paragraph = left.add_paragraph()
            self._directed(paragraph)
            self._run(paragraph, " · ".join(drawing.notes), size=6.5, colour=SOFT)
        self.table(mapped, MAPPED, number=2, inside=right)
        right._tc.remove(right.paragraphs[0]._p)

    def sources(self, sources: tuple[str, ...]) -> None:
        """Two to a row, numbered along the line."""
        table = self._table(-(-len(sources) // 2), 2, lined=False)
        cells = [cell for row in table.rows for cell in row.cells]
        self._widths(table, [Mm((210 - 2 * SIDE) / 2)] * 2)
        for number, (cell, source) in enumerate(zip(cells, sources, strict=False), start=1):
            named, *provenance = source.split("\n")
            first = cell.paragraphs[0]
            self._directed(first)
            self._run(first, f"{number}. {named}", size=6.5)
            for line in provenance:
                paragraph = cell.add_paragraph()
                self._run(paragraph, line, size=5.5, colour=SOFT, ltr=True)

    @staticmethod
    def _widths(table: Any, widths: list[Any]) -> None:
        """Columns as wide as given, and no row cut by the end of a page."""
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for row in table.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = width

    def beside(self, drawings: tuple[Drawing, ...]) -> None:
        """Drawings in one row, each with its name above and its notes below."""
        if not drawings:
            return
        table = self._table(1, len(drawings), lined=False)
        self._widths(table, [Mm((210 - 2 * SIDE) / len(drawings))] * len(drawings))
        for cell, drawing in zip(table.rows[0].cells, drawings, strict=True):
            first = cell.paragraphs[0]
            self._directed(first)
            self._run(first, drawing.title, size=8, bold=True)
            self._picture(cell.add_paragraph(), drawing, 170 // len(drawings) - 3)
            if drawing.notes:
                paragraph = cell.add_paragraph()
                self._directed(paragraph)
                self._run(paragraph, " · ".join(drawing.notes), size=6.5, colour=SOFT)

    def _picture(self, paragraph: Any, drawing: Drawing, width: int) -> None:
        self._directed(paragraph)
        run = paragraph.add_run()
        shape = run.add_picture(io.BytesIO(raster.png(drawing.svg)), width=Mm(width))
        described = shape._inline.docPr
        described.set("descr", drawing.alt)
        described.set("title", drawing.title)

    def bytes(self) -> bytes:
        out = io.BytesIO()
        self._document.save(out)
        return out.getvalue()

    def _table(self, rows: int, columns: int, *, lined: bool = True, inside: Any = None) -> Any:
        table = (self._document if inside is None else inside).add_table(rows, columns)
        table.style = "Normal Table"
        borders = OxmlElement("w:tblBorders")
        for name in ("top", "bottom", "insideH") if lined else ():
            border = OxmlElement(f"w:{name}")
            for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", LINE)):
                border.set(qn(f"w:{key}"), value)
            borders.append(border)
        # Word asks for the order of the schema, and calls a file broken that has another.
        properties = table._tbl.tblPr
        properties.insert_element_before(borders, *AFTER_BORDERS)
        for found in properties.findall(qn("w:bidiVisual")):
            properties.remove(found)
        if self._words.rtl:
            properties.insert_element_before(OxmlElement("w:bidiVisual"), *AFTER_DIRECTION)
        return table

    def _directed(self, paragraph: Any) -> None:
        if self._words.rtl:
            properties = paragraph._p.get_or_add_pPr()
            properties.insert_element_before(
                OxmlElement("w:bidi"),
                "w:adjustRightInd",
                "w:snapToGrid",
                "w:spacing",
                "w:ind",
                "w:contextualSpacing",
                "w:jc",
                "w:textAlignment",
                "w:outlineLvl",
                "w:rPr",
            )

    def _run(
        self,
        paragraph: Any,
        text: str,
        *,
        size: float,
        bold: bool = False,
        colour: RGBColor | None = None,
        ltr: bool = False,
    ) -> None:
        run = paragraph.add_run(text)
        run.font.size, run.bold, run.font.cs_bold = Pt(size), bold, bold
        if colour is not None:
            run.font.color.rgb = colour
        properties = run._r.get_or_add_rPr()
        larger = OxmlElement("w:szCs")
        larger.set(qn("w:val"), str(round(size * 2)))
        properties.append(larger)
        if self._words.rtl and not ltr:
            run.font.rtl = True


def _fixed(body: bytes, at: datetime, fonts: dict[str, bytes]) -> bytes:
    """The same archive with its fonts, and the release's time on every part: its bytes repeat."""
    out = io.BytesIO()
    stamp = (max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second)
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w") as new:
        held = {name: old.read(name) for name in old.namelist() if name not in fonts}
        for name, inside in (*held.items(), *fonts.items()):
            part = zipfile.ZipInfo(name, stamp)
            part.compress_type, part.create_system = zipfile.ZIP_DEFLATED, 3
            new.writestr(part, _with_settings(name, inside), compresslevel=9)
    return out.getvalue()


def _with_settings(name: str, inside: bytes) -> bytes:
    """A part that must say that the file brings fonts."""
    if name == "[Content_Types].xml":
        return inside.replace(b"<Override", CONTENT_TYPE.encode() + b"<Override", 1)
    if name == "word/settings.xml":
        settings = b"<w:embedTrueTypeFonts/><w:saveSubsetFonts/>"
        return re.sub(rb"(<w:zoom [^>]*/>)", lambda found: found[1] + settings, inside, count=1)
    return inside
