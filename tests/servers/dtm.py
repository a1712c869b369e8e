"""IOM's DTM as tests meet it: its API with a key, its table on HDX, and its rounds on HDX.

Operations, codes, days and rounds are real; most counts are made up.
"""

import csv
import io
import json
from typing import Any

from tests.pipelines.sources import dtm_workbooks
from tests.servers.hdx import HdxServer
from tests.servers.publisher import GONE, Publisher, Reply

KEY = "a-key-that-must-not-be-told"
MAIN, SWEIDA = "Syrian Arab Republic Displacement", "As-Sweida Conflict"
COLUMNS = (
    "id",
    "operation",
    "admin0Name",
    "admin0Pcode",
    "admin1Name",
    "admin1Pcode",
    "admin2Name",
    "admin2Pcode",
    "adminLevel",
    "numPresentIdpInd",
    "reportingDate",
    "yearReportingDate",
    "monthReportingDate",
    "roundNumber",
    "displacementReason",
    "numberMales",
    "numberFemales",
    "idpOriginAdmin1Name",
    "idpOriginAdmin1Pcode",
    "assessmentType",
    "operationStatus",
)
TAGS = (
    "#id+code",
    "#operation+name",
    "#country+name",
    "#country+code",
    "#adm1+name",
    "#adm1+code",
    "#adm2+name",
    "#adm2+code",
    "#adm+level",
    "#affected+idps",
    "#date+reported",
    "#date+year+reported",
    "#date+month+reported",
    "#round+code",
    "#cause+type",
    "#affected+idps+m",
    "#affected+idps+f",
    "#adm1+name+origin",
    "#adm1+code+origin",
    "#assessment+type",
    "#operation+status",
)
PRESENT = {
    "SYR": 6_994_646,
    "SY02": 1_500_001,
    "SY07": 1_900_040,
    "SY0700": 400_010,
    "SY0703": 1_100_030,
}
DAYS = {1: "2025-02-28", 9: "2025-10-31"}
RANGE = "syr-iom-dtm-from-api-admin-0-to-2.csv"
FAULTED = ("empty", "dropped column", "shrunk", "tenfold")
NAMES = {"SY02": "Aleppo", "SY07": "Idleb", "SY0700": "Idleb", "SY0703": "Harim"}


def rows() -> list[dict[str, Any]]:
    """What the API knows: two rounds of one operation, one of another; Idleb by reason."""
    found = []
    for number in DAYS:
        for code, people in PRESENT.items():
            parts = {"Conflict": people - 1_000, "Natural disaster": 1_000}
            split = parts if code == "SY07" else {"Conflict": people}
            found += [_row(MAIN, number, code, n, reason) for reason, n in split.items()]
    found.append(_row(SWEIDA, 9, "SYR", 187_000, "Conflict"))
    return found


def _row(operation: str, number: int, code: str, people: int, reason: str) -> dict[str, Any]:
    level = 0 if code == "SYR" else (len(code) - 2) // 2
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= {
        "operation": operation,
        "admin0Name": "Syrian Arab Republic",
        "admin0Pcode": "SYR",
        "adminLevel": level,
        "numPresentIdpInd": people,
        "reportingDate": f"{DAYS[number]}T00:00:00",
        "yearReportingDate": int(DAYS[number][:4]),
        "monthReportingDate": int(DAYS[number][5:7]),
        "roundNumber": number,
        "displacementReason": reason,
        "idpOriginAdmin1Name": "Not available",
        "idpOriginAdmin1Pcode": "Not available",
        "assessmentType": "BA",
        "operationStatus": "Active",
    }
    for deep in range(1, level + 1):
        above = code[: 2 + 2 * deep]
        row |= {f"admin{deep}Name": NAMES[above], f"admin{deep}Pcode": above}
    return row


def table(listed: list[dict[str, Any]], *, tags: bool = True, mark: bool = False) -> bytes:
    """The rows as HDX's CSV, with or without the row of tags and the byte order mark."""
    out = io.StringIO()
    written = csv.writer(out)
    columns = [name for name in COLUMNS if not listed or name in listed[0]]
    written.writerow(columns)
    if tags:
        written.writerow([TAGS[COLUMNS.index(name)] for name in columns])
    for row in listed:
        written.writerow([row[name] for name in columns])
    elsewhere = dict.fromkeys(columns, "") | {"admin0Pcode": "TUR", "admin0Name": "Türkiye"}
    elsewhere["adminLevel"] = "0"
    written.writerow([elsewhere[name] for name in columns])
    return (b"\xef\xbb\xbf" if mark else b"") + out.getvalue().encode()


def spoilt(fault: str, listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Well-formed rows with something wrong in them."""
    if fault == "empty":
        return []
    if fault == "shrunk":
        return listed[:2]
    if fault == "dropped column":
        return [{k: v for k, v in row.items() if k != "numPresentIdpInd"} for row in listed]
    if fault == "tenfold":
        return [row | {"numPresentIdpInd": row["numPresentIdpInd"] * 10} for row in listed]
    return listed


class DtmServer(Publisher):
    """The API: 401 without the key, one answer for each admin level."""

    SERVES = "DTM"

    def __init__(self) -> None:
        super().__init__()
        self.rows = rows()

    @property
    def base_url(self) -> str:
        """What NUZUH_URL_DTM is set to."""
        return f"{self.url}/v3/"

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        """Rows of one level of one country."""
        if self.headers.get("ocp-apim-subscription-key") != KEY:
            return Reply(b'{"statusCode": 401, "message": "Access denied"}', status=401)
        level = path.removeprefix("/v3/displacement/admin")
        if level not in ("0", "1", "2"):
            return GONE
        wanted = query.get("Admin0Pcode")
        listed = [r for r in self.rows if r["adminLevel"] == int(level)]
        listed = spoilt(self.fault or "", [r for r in listed if r["admin0Pcode"] == wanted])
        unknown = {"adminLevel", *(f"admin{n}{w}" for n in range(int(level) + 1, 3)
                                   for w in ("Name", "Pcode"))}  # fmt: skip
        result = [{k: v for k, v in row.items() if k not in unknown} for row in listed]
        answer = {
            "result": result,
            "statusCode": 200,
            "isSuccess": True,
            "errorMessages": [],
            "totalRecordsCount": len(result),
            "note": "Türkiye",
        }
        return Reply(json.dumps(answer, ensure_ascii=False).encode())


class DtmTableServer(HdxServer):
    """HDX with the API's table."""

    SERVES = "dtm_api_hdx"
    CONTENT = (*Publisher.CONTENT, "replaced meanwhile")
    SLUG = "syr-iom-dtm-from-api"

    def __init__(self) -> None:
        super().__init__()
        self.rows = rows()
        self.spoil = self._spoil

    def __enter__(self):
        super().__enter__()
        self.upload()
        self.put(self.SLUG, "readme.pdf", b"%PDF", form="PDF")
        return self

    def upload(self) -> None:
        """The table, uploaded again."""
        self.put(self.SLUG, RANGE, table(self.rows))

    def _spoil(self, fault: str, name: str, body: bytes) -> bytes:
        if fault == "replaced meanwhile":
            self.upload()
        return table(spoilt(fault, self.rows)) if fault in FAULTED else body


class DtmRoundsServer(HdxServer):
    """HDX with rounds 8 and 9 of DTM Syria."""

    SERVES = "dtm_syria_rounds"
    CONTENT = (
        *Publisher.CONTENT,
        "replaced meanwhile",
        "workbook that is a web page",
        "zip bomb",
        "cell in the last column",
    )
    SLUG = "syrian-arab-republic-displacement-data-iom-dtm"

    def __init__(self) -> None:
        super().__init__()
        self.times = 1
        self.spoil = self._spoil

    def __enter__(self):
        super().__enter__()
        self.upload()
        return self

    def upload(self) -> None:
        """Both rounds, uploaded again, and what is no round."""
        for name, month in (
            ("mmt-dataset-september-2025-round-8_hdx.xlsx", "September 2025"),
            ("oct-baseline-2025-final_hdx.xlsx", "October 2025"),
        ):
            self.put(self.SLUG, name, dtm_workbooks.plain(self.times, month))
        self.put(self.SLUG, "Emergency event tracking Aleppo.xlsx", b"PK never to be read")
        self.put(self.SLUG, "Baseline report round 9.pdf", b"%PDF", form="PDF")

    def _spoil(self, fault: str, name: str, body: bytes) -> bytes:
        heading, counted = dtm_workbooks.HEADING, dtm_workbooks.rows()
        if fault == "replaced meanwhile":
            self.upload()
        if fault == "workbook that is a web page":
            return b"\n<html><table><tr><td>IDPs</td></tr></table></html>"
        if fault == "zip bomb":
            return dtm_workbooks.bomb()
        if fault == "cell in the last column":
            return dtm_workbooks.far_cell()
        if fault == "tenfold":
            return dtm_workbooks.plain(10)
        if fault == "empty":
            return dtm_workbooks.book(("Data", [heading]))
        if fault == "shrunk":
            return dtm_workbooks.book(("Data", [heading, *counted[:1]]))
        if fault == "dropped column":
            renamed = [*heading[:8], "Caseload"]
            return dtm_workbooks.book(("Data", [renamed, *counted]))
        return body
