"""Workbooks of DTM rounds in the many layouts that a round may come in, generated.

Numbers are made up. Places and codes are real, so that what is read can be published.
"""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import xlsxwriter

GOVERNORATES = {"SY07": "Idleb", "SY02": "Aleppo", "SY05": "Hama"}
DISTRICTS = {"SY0703": "Harim", "SY0700": "Idleb", "SY0204": "A'zaz", "SY0501": "Hama"}
PLACES = {
    "SY070000": "Idleb",
    "SY070300": "Harim",
    "SY070301": "Dana",
    "SY020400": "A'zaz",
    "SY020405": "Suran",
    "SY050101": "Suran",
}
"""Two are called Suran: a name alone would take one for the other."""
COUNTS = {
    "SY070000": (101_230, 15_012, 4_020),
    "SY070300": (46_801, 2_105, 1_377),
    "SY070301": (612_455, 3_310, 9_876),
    "SY020400": (88_004, 7_777, 6_540),
    "SY020405": (31_999, 1_240, 0),
    "SY050101": (5_120, 12_003, 2_210),
}
"""IDPs, IDP returnees and arrivals from abroad; a nought is a nought."""
COMMUNITIES = {
    code: [tuple(n // 3 for n in counts), tuple(n - n // 3 for n in counts)]
    for code, counts in COUNTS.items()
}
"""Two communities for each sub-district."""
GROUPS = ("IDP", "RDP", "RET")
HEADING = (
    "Governorate P-code",
    "Governorate",
    "District P-code",
    "District",
    "Sub-district P-code",
    "Sub-district",
    "IDPs (individuals)",
    "IDP returnees (individuals)",
    "Arrivals from abroad (individuals)",
)
TAGS = (
    "#adm1+code",
    "#adm1+name",
    "#adm2+code",
    "#adm2+name",
    "#adm3+code",
    "#adm3+name",
    "#affected+idps+ind",
    "#affected+returnees+ind",
    "#affected+arrivals+ind",
)
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
Cells = Iterable[Sequence[Any]]


def expected(times: int = 1) -> dict[tuple[str, str], int]:
    """(place, group) to count: what every layout says."""
    return {
        (code, group): count * times
        for code, counts in COUNTS.items()
        for group, count in zip(GROUPS, counts, strict=True)
    }


def place_cells(code: str) -> tuple[str, str, str, str, str, str]:
    """Codes and names from the governorate down."""
    above, district = code[:4], code[:6]
    return above, GOVERNORATES[above], district, DISTRICTS[district], code, PLACES[code]


def rows(times: int = 1) -> list[tuple[Any, ...]]:
    """One row for each sub-district, in the order of HEADING."""
    return [(*place_cells(c), *(n * times for n in counts)) for c, counts in COUNTS.items()]


def book(
    *sheets: tuple[str, Cells],
    merged: Iterable[tuple[int, int, int, int]] = (),
    then: Callable[[Any, list[Any]], None] | None = None,
) -> bytes:
    """A workbook: its sheets' names and rows. `merged` cells are in the last sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as written:
        written.set_properties(
            {"created": datetime(2025, 11, 15, tzinfo=UTC)}
        )  # the same bytes every time
        added = []
        for name, cells in sheets:
            sheet = written.add_worksheet(name)
            added.append(sheet)
            for number, row in enumerate(cells):
                for column, value in enumerate(row):
                    if value is not None:
                        sheet.write(number, column, value)
        lists = [list(map(list, cells)) for _, cells in sheets]
        for top, left, bottom, right in merged:
            added[-1].merge_range(top, left, bottom, right, lists[-1][top][left])
        if then is not None:
            then(written, added)
    return out.getvalue()


def plain(times: int = 1, month: str = "October 2025") -> bytes:
    """One sheet, the heading in its first row, and who wrote it in a second sheet."""
    return book(("Data", [HEADING, *rows(times)]), ("About", [["DTM Syria"], [f"Şam, {month}"]]))


def banner() -> bytes:
    """Titles above the heading, one of them a sentence that has the heading's words."""
    titles = [
        ["IOM Displacement Tracking Matrix"],
        ["IDPs, returnees and arrivals from abroad by sub-district, Round 9, October 2025"],
        [],
    ]
    return book(("R9", [*titles, HEADING, *rows()]))


def two_heading_rows() -> bytes:
    """Groups merged over their units; governorates merged over their rows."""
    top = [*HEADING[:6], "IDPs", "", "Returnees", "", "Arrivals from abroad", ""]
    below = [*([""] * 6), *(["HH", "Ind"] * 3)]
    data = [
        [*place_cells(c), *(x for n in counts for x in (n // 5, n))] for c, counts in COUNTS.items()
    ]
    spans = [(0, 6, 0, 7), (0, 8, 0, 9), (0, 10, 0, 11), *((0, c, 1, c) for c in range(6))]
    spans += [(2, 0, 4, 0), (2, 1, 4, 1)]
    return book(("Round 9", [top, below, *data]), merged=spans)


def tagged() -> bytes:
    """A row of HXL tags below the heading."""
    return book(("Data", [HEADING, TAGS, *rows()]))


def totals() -> bytes:
    """Totals of each governorate and of the country among the rows, and one without a label."""
    cells: list[Sequence[Any]] = [HEADING]
    for code, name in GOVERNORATES.items():
        own = [row for row in rows() if row[0] == code]
        cells += own
        cells.append([code, f"{name} Total", "", "", "", "", *_sums(own)])
    cells.append(["", "Grand Total", "", "", "", "", *_sums(rows())])
    cells.append(["", "", "", "", "", "", *_sums(rows())])
    cells.append(["Source: IOM DTM. Figures are estimates."])
    return book(("Data", cells))


def blank_columns() -> bytes:
    """Blank columns and rows between, and a heading that does not start at the top left."""
    wide = [[None, None, *row[:6], None, *row[6:]] for row in (HEADING, *rows())]
    return book(("Data", [[], [], wide[0], [], *wide[1:4], [], *wide[4:]]))


def texts() -> bytes:
    """Numbers typed as text: thousands with spaces, commas, apostrophes, and in Arabic digits."""
    spelt = (
        lambda n: f"{n:,}",
        lambda n: f" {n:,} ".replace(",", " "),
        lambda n: f"{n:,}".replace(",", "\u00a0"),
        lambda n: f"{n:,}".translate(ARABIC_DIGITS).replace(",", "٬"),
        lambda n: f"{n:,}".replace(",", "’"),
        lambda n: str(n),
    )
    data = [[*row[:6], *map(say, row[6:])] for say, row in zip(spelt, rows(), strict=True)]
    return book(("Data", [HEADING, *data]))


def communities(counts: dict[str, list[tuple[Any, ...]]] | None = None) -> bytes:
    """One row for each community, with its name, its code and where it lies."""
    heading = [*HEADING[:6], "Community P-code", "Community", "Longitude", *HEADING[6:]]
    cells: list[Sequence[Any]] = [heading]
    for code, parts in (counts or COMMUNITIES).items():
        for number, part in enumerate(parts):
            name = f"{'Atma camp' if number else 'Village'} {code}"
            cells.append([*place_cells(code), f"C{code[2:]}{number}", name, 36.685123, *part])
    return book(("Communities", cells))


def other_order() -> bytes:
    """Counts first, names without codes, as the API would call its columns."""
    heading = ["numArrivalsFromAbroadInd", "numIdpReturneesInd", "numPresentIdpInd"]
    heading += ["admin3Name", "admin2Name", "admin1Name"]
    return book(("x", [heading, *([r[8], r[7], r[6], r[5], r[3], r[1]] for r in rows())]))


def several_sheets() -> bytes:
    """A cover, a glossary with the heading's own words, the data, and a hidden sheet of camps."""
    cover = [["DTM Syria"], ["Round 9"], ["October 2025"]]
    glossary = [
        ["Sub-district", "IDPs", "IDP returnees", "Arrivals from abroad"],
        ["Level 3", "Displaced inside", "Came back inside", "Came from other countries"],
    ]
    camps = [["Sub-district P-code", "Camp", "IDPs"], ["SY070301", "Atma camp", 1]]

    def hide(written: Any, sheets: list[Any]) -> None:
        sheets[2].hide()

    data = [HEADING, *rows()]
    return book(("Cover", cover), ("Notes", glossary), ("Camps", camps), ("D", data), then=hide)


def mixed_levels() -> bytes:
    """Districts and sub-districts in one column of P-codes, the level told by the code alone."""
    heading = ["P-code", "IDPs", "IDP returnees", "Arrivals from abroad"]
    cells: list[Sequence[Any]] = [heading]
    for district in DISTRICTS:
        own = [row for row in rows() if row[2] == district]
        cells.append([district, *_sums(own)])
        cells += [[row[4], *row[6:]] for row in own]
    return book(("Data", cells))


def households() -> bytes:
    """Families alone."""
    heading = [*HEADING[:6], "IDP HHs", "Returnee households (IDP)", "Arrivals from abroad (HH)"]
    return book(("Data", [heading, *rows()]))


def breakdowns() -> bytes:
    """Parts of a group beside it, and groups of others: none of them is the group."""
    more = (
        "IDPs in camps",
        "IDP females",
        "% of IDPs",
        "New IDP arrivals",
        "Arrivals from Lebanon",
        "Returnees since 8 December 2024",
        "Host population",
        "Planned returnees",
    )
    data = [[*row, *range(7, 7 + len(more))] for row in rows()]
    return book(("Data", [[*HEADING, *more], *data]))


def formulas() -> bytes:
    """Counts that the workbook computes; Excel keeps the results beside the formulas."""

    def computed(written: Any, sheets: list[Any]) -> None:
        for number, row in enumerate(rows(), start=1):
            for column in (6, 7, 8):
                sheets[0].write_formula(number, column, f"={row[column]}-0", None, row[column])

    return book(("Data", [HEADING, *([*r[:6], None, None, None] for r in rows())]), then=computed)


def arabic_beside() -> bytes:
    """Names in Arabic beside those in English, headings of three rows."""
    top = ["Admin 1", "", "", "Admin 3", "", "", "Population", "", ""]
    middle = ["", "", "", "", "", "", "IDPs", "Returnees", "Arrivals"]
    names = ["Pcode", "Name EN", "Name AR", "Pcode", "Name EN", "Name AR", "Ind", "Ind", "Ind"]
    data = [[r[0], r[1], "محافظة", r[4], r[5], "ناحية", *r[6:]] for r in rows()]
    spans = [(0, 0, 0, 2), (0, 3, 0, 5)]
    return book(("Data", [top, middle, names, *data]), merged=spans)


LAYOUTS: dict[str, Callable[[], bytes]] = {
    layout.__name__: layout
    for layout in (
        plain,
        banner,
        two_heading_rows,
        tagged,
        totals,
        blank_columns,
        texts,
        communities,
        other_order,
        several_sheets,
        mixed_levels,
        breakdowns,
        formulas,
        arabic_beside,
    )
}
"""Every layout that says the same numbers of people."""


def _sums(of: Iterable[Sequence[Any]]) -> list[int]:
    """What a publisher's own row of totals says."""
    listed = list(of)
    return [sum(row[column] for row in listed) for column in (6, 7, 8)]


@cache
def bomb(size: int = 300 * 1024 * 1024) -> bytes:
    """A workbook of a third of a megabyte that unpacks to 300 MB."""
    out = io.BytesIO(plain())
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed,
        # A picture would not be unpacked at all.
        packed.open("xl/worksheets/sheet9.xml", "w") as part,
    ):
        for _ in range(size >> 20):
            part.write(b" " * (1 << 20))
    return out.getvalue()


def far_cell(where: str = "XFD1048576") -> bytes:
    """A small workbook whose one far cell asks for a grid of seventeen thousand million."""
    return altered(
        "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="I2"', f'r="{where}"'.encode())
    )


def altered(part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The plain workbook with one of its parts changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(plain())) as packed,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in packed.namelist():
            body = packed.read(name)
            changed = change(body) if name == part else body
            assert name != part or changed != body
            written.writestr(name, changed)
    return out.getvalue()
