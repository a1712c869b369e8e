"""Workbooks of OCHA's movements in the layouts that its months come in, generated.

Numbers are made up. Places and codes are real, so that what is read can be published.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tests.pipelines.sources import dtm_workbooks

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PLACES = {
    "SY070301": ("Idleb", "SY07", "Harim", "SY0703", "Dana", "SY070301"),
    "SY070302": ("Idleb", "SY07", "Harim", "SY0703", "Salqin", "SY070302"),
    "SY020300": ("Aleppo", "SY02", "Afrin", "SY0203", "Afrin", "SY020300"),
}
HEADING = (
    *("Reporting_Month", "IDP_Returnees", "Mohafaza", "Mohafaza_PCODE", "Mantika"),
    *("Mantika_PCODE", "Nahya", "Nahya_PCODE", "Community", "Community_PCODE"),
    "Sum of IDP_Flow_Estimation",
)
MOVED = (
    ("IDP", "SY070301", 1200),
    ("IDP", "SY070301", 300),
    ("IDP", "SY070302", 50),
    ("IDP", "SY020300", 450),
    ("Returnees", "SY070301", 40),
    ("Returnees", "SY020300", 7),
)
"""Kind, sub-district and moves of each community in December 2021."""
Cells = Sequence[Sequence[Any]]


def communities(times: int = 1, month: Any = date(2021, 12, 1)) -> list[list[Any]]:
    """The month by community, both kinds in one column."""
    rows = [
        [month, kind, *PLACES[code], f"Village {n}", f"C{1000 + n}", moves * times]
        for n, (kind, code, moves) in enumerate(MOVED)
    ]
    return [list(HEADING), *rows]


def of_kind(kind: str, heading: str) -> list[list[Any]]:
    """The same with each kind in a sheet of its own: the kind is said by the heading alone."""
    top = ["Month", *HEADING[2:10], heading]
    return [top, *([row[0], *row[2:]] for row in communities()[1:] if row[1] == kind)]


def summary(kind: str, idleb: int, aleppo: int, *, total: int | None = None) -> list[list[Any]]:
    """Governorates by month of 2020 and 2021, each month alike but the last, with footers."""
    years = ["", "2020", *[""] * 11, "2020 Total", 2021, *[""] * 11, "2021 Total", ""]
    months = ["", *MONTHS, "", *MONTHS, "", ""]

    def line(name: str, value: int, last: int) -> list[Any]:
        return [name, *[value] * 12, value * 12, *[value] * 11, last, value * 11 + last, ""]

    added = idleb + aleppo
    return [
        ["Mohafaza", kind, *[""] * 25],
        years,
        months,
        line("Aleppo", 100, aleppo),
        line("Idleb", 900, idleb),
        line("Grand Total", 1000, added if total is None else total),
        line("Days", 30, 31),
        line("Daily Average", 33, added // 31),
        ["Monthly Average", *[""] * 12, 1000, *[""] * 12, 1000, ""],
    ]


def origins(title: str, corner: str, cells: Cells, names: Sequence[str]) -> list[list[Any]]:
    """Origin by destination, with totals."""
    totals = ["Grand Total", *(sum(row[n] or 0 for row in cells) for n in range(len(names)))]
    rows = [
        [name, *row, sum(value or 0 for value in row)]
        for name, row in zip(names, cells, strict=True)
    ]
    return [[title], [corner, *names, "Grand Total"], *rows, totals]


def plain(times: int = 1) -> bytes:
    """December 2021 as it was shared: three tables, and a table of years."""
    blocks = [*summary("IDP", 1550 * times, 450 * times), [], [], *summary("Returnees", 40, 7)]
    pairs = origins(
        "IDP Movements Origin to Destination Movements",
        "↓From | To →",
        [[400, None, None], [50.5, 1550, 10], [None, None, 3]],
        ["Aleppo", "Idleb", "Hama"],
    )
    years = [["Governorate", 2020, 2021], ["Aleppo", 1200, 1550], ["Idleb", 10800, 11450]]
    return dtm_workbooks.book(
        ("Flow_Estimation", communities(times)),
        ("Summarysince2016", blocks),
        ("Table_Origin_vs_Departure", pairs),
        ("IDP", years),
    )
