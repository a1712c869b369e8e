"""What other tools need to keep an address of the API: a text to paste, or a file to open.

Pure: addresses in, text or bytes out. A connection stays as fresh as the store, or frozen where the
address names a release.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.sax.saxutils import escape, quoteattr

from data.schema.tables import FIGURES

API: Final = "/nuzuh/api/v1"
OGC: Final = "/nuzuh/ogc"
MOST: Final = 20_000
"""Rows of the table that a spreadsheet's web query reads."""
TABLE: Final = (
    *("place_code", "place_name", "population_group", "measure", "unit", "value", "qualifier"),
    *("as_of", "reference_period_start", "reference_period_end", "cumulative_since", "category"),
    *("origin_code", "asylum_location_code", "publisher", "dataset", "published_on", "caveat"),
    *("licence", "source_url", "figure_id"),
)
"""Columns of that table; the other formats have all of them."""
TOKEN: Final = "TOKEN"  # noqa: S105 - what stands where a person puts theirs
_M_TYPES: Final[Mapping[str, str]] = {
    "integer": "Int64.Type",
    "number": "type number",
    "date": "type date",
    "flag": "type logical",
}
_STILL: Final = (1980, 1, 1, 0, 0, 0)


def address(root: str, name: str, asked: Sequence[tuple[str, str]]) -> str:
    """An address of the API.

    Args:
        root: Where the dashboard is, without a slash at its end.
        name: figures, table, …
        asked: The filters.
    """
    return f"{root}{API}/{name}" + (f"?{urlencode(list(asked))}" if asked else "")


def power_query(csv: str, *, guarded: bool) -> str:
    """The M text that Excel and Power BI take in their advanced editor.

    The host stands by itself, as Power BI's service asks for it; types are read as English writes
    them, whatever the language of the office.

    Args:
        csv: The address of figures as CSV.
        guarded: Whether a token is asked for.
    """
    parts = urlsplit(csv)
    query = "".join(f", {_m_name(k)} = {_m(v)}" for k, v in _grouped(parts.query).items())
    headers = f",\n            Headers = [Authorization = {_m(f'Bearer {TOKEN}')}]"
    types = ",\n        ".join(
        f"{{{_m(column.name)}, {_M_TYPES[column.kind]}}}"
        for column in FIGURES.columns
        if column.kind in _M_TYPES
    )
    return f"""let
    Sent = Web.Contents(
        {_m(f"{parts.scheme}://{parts.netloc}")},
        [
            RelativePath = {_m(parts.path.lstrip("/"))},
            Query = [{query.removeprefix(", ")}]{headers if guarded else ""}
        ]
    ),
    Read = Csv.Document(Sent, [Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]),
    Headed = Table.PromoteHeaders(Read, [PromoteAllScalars = true]),
    Typed = Table.TransformColumnTypes(Headed, {{
        {types}
    }}, "en-US")
in
    Typed
"""


def _grouped(query: str) -> dict[str, str]:
    """Parameters by name; several values of one are never needed by a page."""
    return dict(parse_qsl(query))


def _m_name(name: str) -> str:
    return f"#{_m(name)}"


def _m(text: str) -> str:
    """A text in quotation marks; `#(` would begin the name of a character."""
    return '"' + text.replace('"', '""').replace("#(", "#(#)(") + '"'


def pandas(parquet: str, *, guarded: bool) -> str:
    """The line for pandas."""
    more = f', storage_options={{"Authorization": "Bearer {TOKEN}"}}' if guarded else ""
    return f'import pandas\n\nfigures = pandas.read_parquet("{parquet}"{more})\n'


def duckdb(parquet: str, *, guarded: bool) -> str:
    """The lines for DuckDB, which asks for the parts of the file that it needs."""
    secret = (
        "CREATE SECRET nuzuh (TYPE http, EXTRA_HTTP_HEADERS MAP "
        f"{{'Authorization': 'Bearer {TOKEN}'}});\n"
    )
    asked = f"SELECT * FROM read_parquet('{parquet}');\n"  # noqa: S608 - a text to paste
    return f"{secret if guarded else ''}{asked}"


def r(csv: str, *, guarded: bool) -> str:
    """The line for R, by base alone."""
    more = f', headers = c(Authorization = "Bearer {TOKEN}")' if guarded else ""
    return f'figures <- read.csv(url("{csv}"{more}), na.strings = "")\n'


def workbook(table: str, title: str, *, notes: Sequence[str]) -> bytes:
    """A spreadsheet with the connection inside: a web query, which Excel and LibreOffice refresh.

    It holds no figure before its first refresh, so that nobody takes an old one for a fresh one.

    Args:
        table: The address of the API's `table`.
        title: The sheet's first line until then.
        notes: Further lines: what to press.
    """
    lines = "".join(
        f'<row r="{at}"><c r="A{at}" t="inlineStr"><is><t xml:space="preserve">{escape(line)}'
        "</t></is></c></row>"
        for at, line in enumerate((title, *notes), 1)
    )
    area = f"figures!$A$1:${_column(len(TABLE))}$2"
    parts = {
        "[Content_Types].xml": _CONTENT,
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOC}"><sheets>'
        '<sheet name="figures" sheetId="1" r:id="rId1"/></sheets><definedNames>'
        f'<definedName name="nuzuh" localSheetId="0">{area}</definedName>'
        "</definedNames></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            ("worksheet", "worksheets/sheet1.xml"), ("connections", "connections.xml")
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData>'
        "</worksheet>",
        "xl/worksheets/_rels/sheet1.xml.rels": _relations(
            ("queryTable", "../queryTables/queryTable1.xml")
        ),
        "xl/connections.xml": f'<connections xmlns="{_MAIN}"><connection id="1" name="nuzuh" '
        'type="4" refreshedVersion="4" background="1" saveData="1" refreshOnLoad="1">'
        f'<webPr sourceData="1" parsePre="1" consecutive="1" xl2000="1" url={quoteattr(table)} '
        'htmlTables="1"><tables count="1"><x v="1"/></tables></webPr></connection></connections>',
        "xl/queryTables/queryTable1.xml": f'<queryTable xmlns="{_MAIN}" name="nuzuh" '
        'connectionId="1" autoFormatId="16" applyNumberFormats="0" applyBorderFormats="0" '
        'applyFontFormats="0" applyPatternFormats="0" applyAlignmentFormats="0" '
        'applyWidthHeightFormats="0"/>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path, content in parts.items():
            zipped.writestr(zipfile.ZipInfo(path, _STILL), _HEAD + content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOC: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CONTENT: Final = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(
        f'<Override PartName="/xl/{name}" ContentType="{_SHEET}.{kind}+xml"/>'
        for name, kind in (
            ("workbook.xml", "sheet.main"),
            ("worksheets/sheet1.xml", "worksheet"),
            ("connections.xml", "connections"),
            ("queryTables/queryTable1.xml", "queryTable"),
        )
    )
    + "</Types>"
)


def _relations(*targets: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{at}" Type="{_DOC}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _column(number: int) -> str:
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found
