"""Stand-ins on 127.0.0.1 for HAPI, UNHCR's portal, FTS and ReliefWeb, in their own shapes.

Numbers are the published ones where they are known; rows are written here. A content fault
("empty", "dropped column", "shrunk", "tenfold") is done to the rows, the others by `Publisher`.
"""

import base64
import csv
import io
import json
from typing import Any, ClassVar

from tests.servers.hdx import HdxServer
from tests.servers.publisher import GONE, Publisher, Reply

IDPS_OF = "Syrian Arab Republic Displacement"
SWEIDA = "As-Sweida Conflict"


def _at(location: str, code: str, name: str | None = None) -> dict[str, Any]:
    """HAPI's place columns for a P-code; Syria's districts have six letters."""
    level = 0 if code == location else 1 if len(code) in (4, 6) and code[:3] == "TUR" else None
    if level is None:
        level = {4: 1, 6: 2}[len(code)]
    one = code[:4] if location == "SYR" else code
    return {
        "location_code": location,
        "has_hrp": True,
        "in_gho": True,
        "provider_admin1_name": None if level == 0 else name,
        "provider_admin2_name": name if level == 2 else None,
        "admin1_code": None if level == 0 else one,
        "admin1_name": None if level == 0 else name,
        "admin2_code": code if level == 2 else None,
        "admin2_name": name if level == 2 else None,
        "admin_level": level,
    }


def idps() -> list[dict[str, Any]]:
    """Two rounds of the country's operation and one of As-Sweida's."""
    counted = {
        8: {"SYR": 6_100_000, "SY07": 1_900_000, "SY02": 1_600_000, "SY0703": 700_000},
        9: {"SYR": 6_000_000, "SY07": 1_850_000, "SY02": 1_550_000, "SY0703": 690_000},
    }
    days = {8: "2025-09-30", 9: "2025-10-31"}
    rows = [
        _at("SYR", code, "İdlib")
        | {
            "operation": IDPS_OF,
            "assessment_type": "BA",
            "population": value,
            "reporting_round": number,
            "reference_period_start": f"{days[number]}T00:00:00",
            "reference_period_end": f"{days[number]}T00:00:00",
        }
        for number, values in counted.items()
        for code, value in values.items()
    ]
    local = _at("SYR", "SY13", "As-Sweida") | {
        "operation": SWEIDA,
        "assessment_type": "ETT",
        "population": 150_000,
        "reporting_round": 2,
        "reference_period_start": "2025-08-15T00:00:00",
        "reference_period_end": "2025-08-15T00:00:00",
    }
    return [*rows, local]


def _pair(asylum: str, year: int, group: str, people: int, **more: Any) -> dict[str, Any]:
    return {
        "origin_location_code": "SYR",
        "origin_location_name": "Syrian Arab Republic",
        "asylum_location_code": asylum,
        "asylum_location_name": "Türkiye" if asylum == "TUR" else asylum,
        "population_group": group,
        "gender": "all",
        "age_range": "all",
        "min_age": None,
        "max_age": None,
        "population": people,
        "reference_period_start": f"{year}-01-01T00:00:00",
        "reference_period_end": f"{year}-12-31T23:59:59",
    } | more


def refugees() -> list[dict[str, Any]]:
    """Syrians in Türkiye and at home, with a division by sex that is left aside."""
    return [
        _pair("TUR", 2023, "REF", 3_214_780),
        _pair("TUR", 2024, "REF", 2_901_478),
        _pair("TUR", 2024, "REF", 1_400_000, gender="f"),
        _pair("TUR", 2024, "ASY", 0),
        _pair("LBN", 2024, "REF", 755_426),
        _pair("SYR", 2024, "IDP", 7_408_909),
        _pair("TUR", 2024, "ROC", 12),
        _pair("TUR", 2009, "REF", 7_000),
    ]


def returnees() -> list[dict[str, Any]]:
    """Returns from Türkiye and Lebanon, and those of IDPs at home."""
    return [
        _pair("TUR", 2023, "RET", 19_865),
        _pair("TUR", 2024, "RET", 159_439),
        _pair("LBN", 2024, "RET", 254_651),
        _pair("SYR", 2024, "RDP", 513_896),
    ]


def needs() -> list[dict[str, Any]]:
    """The country and two governorates, by sector, status and category."""

    def row(code: str, sector: str, status: str, people: int | None, category: str = "total"):
        return _at("SYR", code, "Idleb") | {
            "sector_code": sector,
            "sector_name": "Éducation" if sector == "EDU" else sector,
            "category": category,
            "population_status": status,
            "population": people,
            "reference_period_start": "2025-01-01T00:00:00",
            "reference_period_end": "2025-12-31T23:59:59",
        }

    return [
        row("SYR", "Intersectoral", "all", 23_700_000),
        row("SYR", "Intersectoral", "INN", 16_500_000),
        row("SYR", "Intersectoral", "TGT", 10_300_000),
        row("SYR", "EDU", "INN", 7_200_000),
        row("SYR", "EDU", "INN", 3_500_000, "Children - Female"),
        row("SY07", "Intersectoral", "INN", 2_900_000),
        row("SY07", "EDU", "INN", None),
        row("SY0703", "WSH", "INN", 900_000),
    ]


def conflict_events() -> list[dict[str, Any]]:
    """Three districts of Idleb and Aleppo over three months, and one month of the governorate."""
    counted = {
        "SY0703": ((40, 55), (12, None), (3, 0)),
        "SY0702": ((130, 210), (60, 44), (5, 0)),
        "SY0203": ((20, 9), (8, 4), (0, 0)),
    }
    kinds = ("political_violence", "civilian_targeting", "demonstration")
    months = (
        ("2019-12-01", "2019-12-31"),
        ("2020-01-01", "2020-01-31"),
        ("2020-02-01", "2020-02-29"),
    )

    def row(code: str, kind: str, events: int, fatalities: int | None, start: str, end: str):
        return _at("SYR", code, "İdlib") | {
            "event_type": kind,
            "events": events,
            "fatalities": fatalities,
            "reference_period_start": f"{start}T00:00:00",
            "reference_period_end": f"{end}T23:59:59",
        }

    return [
        row(code, kind, events + at, fatalities, *month)
        for code, values in counted.items()
        for at, month in enumerate(months)
        for kind, (events, fatalities) in zip(kinds, values, strict=True)
    ] + [row("SY07", kinds[0], 400, 300, *months[2])]


def population() -> list[dict[str, Any]]:
    """The country, a governorate and two districts, with one split by sex and age."""

    def row(code: str, people: int | None, sex: str = "all", ages: str = "all"):
        return _at("SYR", code, "İdlib") | {
            "gender": sex,
            "age_range": ages,
            "min_age": None,
            "max_age": None,
            "population": people,
            "reference_period_start": "2024-01-01T00:00:00",
            "reference_period_end": "2024-12-31T23:59:59",
        }

    return [
        row("SYR", 23_865_423),
        row("SY07", 2_924_000),
        row("SY0703", 1_120_000),
        row("SY0703", 560_000, "f"),
        row("SY0703", 71_000, "f", "0-4"),
        row("SY0702", None),
    ]


THEMES = {
    "coordination-context/conflict-events": ("conflict_event", conflict_events),
    "geography-infrastructure/baseline-population": ("population", population),
    "affected-people/idps": ("idps", idps),
    "affected-people/refugees-persons-of-concern": ("refugees", refugees),
    "affected-people/returnees": ("returnees", returnees),
    "affected-people/humanitarian-needs": ("humanitarian_needs", needs),
}


def spoilt(fault: str | None, rows: list[dict[str, Any]], number: str, gone: str) -> list[Any]:
    """The rows after a content fault: `number` grows tenfold, the column `gone` goes."""
    if fault == "empty":
        return []
    if fault == "shrunk":
        return rows[: max(1, len(rows) // 5)]
    if fault == "dropped column":
        return [{k: v for k, v in row.items() if k != gone} for row in rows]
    if fault == "tenfold":
        return [
            {k: v * 10 if k == number and isinstance(v, int) else v for k, v in row.items()}
            for row in rows
        ]
    return rows


def as_csv(
    rows: list[dict[str, Any]], *, mark: bool = False, tags: bool = False, yes: str = "True"
) -> bytes:
    """HAPI's rows as HDX keeps them: with or without byte order mark and row of HXL tags."""
    out = io.StringIO()
    names = [*rows[0], "dataset_hdx_id", "resource_hdx_id", "warning", "error"]
    table = csv.DictWriter(out, names, restval="", lineterminator="\r\n")
    table.writeheader()
    if tags:
        table.writerow({name: f"#meta+{name.replace('_', '')}" for name in names})
    for row in rows:
        table.writerow(
            {
                k: yes if v is True else "" if v is None else str(v).removesuffix("T00:00:00")
                for k, v in row.items()
            }
        )
    return (b"\xef\xbb\xbf" if mark else b"") + out.getvalue().encode()


class HapiServer(Publisher):
    """HAPI v2: an identifier is asked for, filters are honoured, the last page is the short one.

    Attributes:
        edit: Called with a theme's rows before they are sent, for revisions.
        meanwhile: Called after each page, for a table that moves while it is read.
    """

    SERVES = "HAPI"

    def __init__(self) -> None:
        super().__init__()
        self.edit = lambda rows: rows
        self.meanwhile = lambda: None

    @property
    def base_url(self) -> str:
        """What NUZUH_URL_HAPI is set to."""
        return f"{self.url}/api/v2/"

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        """One page of a theme."""
        theme = THEMES.get(path.removeprefix("/api/v2/"))
        if theme is None:
            return GONE
        try:
            who = base64.b64decode(self.headers.get("x-hdx-hapi-app-identifier", "")).decode()
        except ValueError:
            who = ""
        if ":" not in who or "@" not in who:
            return Reply(b'{"error":"Missing app identifier"}', status=403)
        rows = self.edit(theme[1]())
        for name in ("location_code", "origin_location_code"):
            if name in query:
                rows = [row for row in rows if row.get(name) == query[name]]
        counts = "events" if theme[0] == "conflict_event" else "population"
        rows = spoilt(self.fault, rows, counts, counts)
        first, size = int(query.get("offset", 0)), min(int(query.get("limit", 10_000)), 10_000)
        body = json.dumps({"data": rows[first : first + size]}, ensure_ascii=False).encode()
        self.meanwhile()
        return Reply(body)


class OdpServer(Publisher):
    """UNHCR's portal: registered people of the Syria situation by country."""

    SERVES = "ODP"

    @property
    def base_url(self) -> str:
        """What NUZUH_URL_ODP is set to."""
        return f"{self.url}/"

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        """Countries of the situation, and a camp that must not be shown."""
        if path != "/population/get/sublocation":
            return GONE
        rows = spoilt(self.fault, odp_rows(), "individuals", "individuals")
        if self.fault == "tenfold":
            rows = [row | {"individuals": f"{row['individuals']}0"} for row in rows]
        answer = {"situation_view_id": 4, "situation_view_name": "Syria", "data": rows}
        return Reply(json.dumps(answer, ensure_ascii=False).encode())


def odp_rows() -> list[dict[str, Any]]:
    """Sub-locations in the portal's own shape: individuals are text."""

    def row(name: str, people: str, *, level: str = "Country", kind: str = "REF", **more: Any):
        group = {
            "id": 1,
            "name": "Registered Syrians",
            "pop_type_code": kind,
            "pop_data_type_code": "REG",
            "pop_origin_code": "SYR",
        }
        return {
            "geomaster_name": name,
            "admin_level": level,
            "centroid_lon": 35.0,
            "centroid_lat": 38.0,
            "date": "2026-09-17",
            "individuals": people,
            "households": None,
            "population_groups": [group | more],
        }

    return [
        row("Türkiye", "2210644"),
        row("Lebanon", "512000"),
        row("Jordan", "400000"),
        row("Iraq", "230000"),
        row("Egypt", "118000"),
        row("Some Camp", "4000", level="Settlement"),
        row("Lebanon", "77", pop_origin_code="IRQ"),
    ]


class FtsServer(Publisher):
    """FTS: one answer a year, funding and requirements by plan."""

    SERVES = "FTS"

    @property
    def base_url(self) -> str:
        """What NUZUH_URL_FTS is set to."""
        return f"{self.url}/"

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        """The plans of the asked year."""
        if path != "/v1/public/fts/flow" or query.get("groupby") != "plan":
            return GONE
        return Reply(
            json.dumps(fts_answer(int(query["year"]), self.fault), ensure_ascii=False).encode()
        )


def fts_answer(year: int, fault: str | None = None) -> dict[str, Any]:
    """A country plan, a regional plan without requirements, and money outside every plan."""
    if fault == "empty":
        return {"status": "ok", "data": {"report3": {"fundingTotals": {"objects": []}}}}
    times = 10 if fault == "tenfold" else 1
    funded = [
        {"id": year * 10, "name": f"Syria Plan {year} (Türkiye hub)", "totalFunding": 900 * times},
        {"id": year * 10 + 1, "name": f"Regional Plan {year}", "totalFunding": 500 * times},
        {"name": "Not specified", "totalFunding": 70 * times},
    ]
    if fault == "dropped column":
        return {"status": "error", "message": "columns changed"}
    group = {"type": "Plan", "direction": "destination", "singleFundingObjects": funded}
    asked = {"id": year * 10, "name": funded[0]["name"], "revisedRequirements": 3_000 * times}
    data = {
        "report3": {"fundingTotals": {"total": 1_470, "objects": [group]}},
        "requirements": {"totalRevisedReqs": 3_000, "objects": [asked]},
    }
    if fault == "shrunk":
        del group["singleFundingObjects"][1:]
    return {"status": "ok", "data": data}


class UsgsServer(Publisher):
    """USGS: the earthquakes of a window, as GeoJSON, each with its place in words."""

    SERVES = "USGS"

    @property
    def base_url(self) -> str:
        """What NUZUH_URL_USGS is set to."""
        return f"{self.url}/fdsnws/event/1/"

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        """What lies in the window and is strong enough."""
        if path != "/fdsnws/event/1/query" or query.get("format") != "geojson":
            return GONE
        rows = spoilt(self.fault, earthquakes(), "", "properties")
        if self.fault == "tenfold":
            rows = [
                row | {"properties": row["properties"] | {"mag": row["properties"]["mag"] * 10}}
                for row in rows
            ]
        answer = {
            "type": "FeatureCollection",
            "metadata": {"status": 200, "api": "1.14.1", "count": len(rows)},
            "features": rows,
        }
        return Reply(json.dumps(answer, ensure_ascii=False).encode())


def earthquakes() -> list[dict[str, Any]]:
    """Those of February 2023, and smaller ones before and after."""

    def row(name: str, at: int, size: float, lat: float, lon: float, where: str):
        told = {"mag": size, "place": where, "time": at, "updated": at + 1, "type": "earthquake"}
        point = {"type": "Point", "coordinates": [lon, lat, 10.0]}
        return {"type": "Feature", "properties": told, "geometry": point, "id": name}

    return [
        row("us6000jllz", 1_675_646_254_342, 7.8, 37.2256, 37.0143, "Pazarcık, Türkiye"),
        row("us6000jlqa", 1_675_679_089_000, 7.5, 38.0106, 37.1962, "Elbistan, Türkiye"),
        row("us6000jqcn", 1_676_912_691_000, 6.3, 36.1618, 36.0247, "Uzunbağ, Türkiye"),
        row("us7000gmq7", 1_638_316_800_000, 5.1, 35.9, 35.6, "off Lattakia"),
        row("us7000test", 1_600_000_000_000, 5.0, 36.9, 41.5, "Şırnak"),
    ]


class ReliefwebServer(Publisher):
    """ReliefWeb v2: an approved name is asked for, and every answer repeats the whole address."""

    SERVES = "RELIEFWEB"
    # A list of reports holds no number that could grow.
    SPARED: ClassVar = {"reliefweb_reports": ("tenfold",)}
    approved = "a-key-that-must-not-be-told"
    """The name that tests of every source use as their key."""

    @property
    def base_url(self) -> str:
        """What NUZUH_URL_RELIEFWEB is set to."""
        return f"{self.url}/v2/"

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        """The newest documents."""
        if query.get("appname") != self.approved:
            return Reply(b'{"status":403,"error":{"type":"AccessDeniedHttpException"}}', status=403)
        if path != "/v2/reports":
            return GONE
        here = f"https://api.reliefweb.int/v2/reports?appname={self.approved}"
        rows = spoilt(self.fault, reliefweb_rows(), "score", "fields")
        answer = {"href": here, "links": {"self": {"href": here}}, "count": 4, "data": rows}
        return Reply(json.dumps(answer, ensure_ascii=False).encode())


def reliefweb_rows() -> list[dict[str, Any]]:
    """Reports and a map, one of them about another country."""

    def row(number: int, title: str, form: str, *countries: str, **more: Any):
        fields = {
            "id": number,
            "title": title,
            "date": {
                "created": f"2026-11-{number:02d}T10:00:00+00:00",
                "original": f"2026-11-{number:02d}T00:00:00+00:00",
            },
            "source": [{"id": 1503, "name": "UN OCHA", "shortname": "OCHA"}],
            "url": f"https://reliefweb.int/node/{number}",
            "url_alias": f"https://reliefweb.int/report/syrian-arab-republic/report-{number}",
            "language": [{"id": 267, "name": "English", "code": "en"}],
            "format": [{"id": 10, "name": form}],
            "country": [{"iso3": code, "name": code} for code in countries],
        }
        return {"id": str(number), "score": 1, "fields": fields | more}

    return [
        row(20 - n, f"Syria and Türkiye: Situation Report {n}", "Situation Report", "syr")
        for n in range(6)
    ] + [
        row(21, "سوريا: خريطة الوصول", "Map", "syr", "tur", language=[{"code": "ar"}]),
        row(22, "Sudan: Flash Update", "News", "sdn"),
    ]


IDU_COLUMNS = (
    "id",
    "country",
    "iso3",
    "latitude",
    "longitude",
    "displacement_type",
    "qualifier",
    "figure",
    "displacement_date",
    "displacement_start_date",
    "displacement_end_date",
    "event_name",
    "role",
    "locations_coordinates",
    "locations_accuracy",
)


def idu_rows(country: str) -> list[dict[str, Any]]:
    """IDMC's figures of a country, each at its own place."""
    name, iso3, points = {
        "syr": ("Syria", "SYR", ((35.93, 36.63), (36.20, 37.16), (35.60, 40.30), (34.70, 36.90))),
        "tur": ("Türkiye", "TUR", ((36.40, 36.35),)),
    }[country]
    return [
        dict(
            zip(
                IDU_COLUMNS,
                (
                    number,
                    name,
                    iso3,
                    lat,
                    lon,
                    "Conflict",
                    "total",
                    12_000 + number,
                    "2026-01-08",
                    "2026-01-06",
                    f"2026-01-{10 + number % 10}",
                    f"{name}: Şiddet {number}",
                    "Recommended figure",
                    f"{lat}, {lon}",
                    "District (ADM2)",
                ),
                strict=True,
            )
        )
        for number, (lat, lon) in enumerate(points, start=100 if country == "syr" else 200)
    ]


class IduServer(HdxServer):
    """HDX with IDMC's events of Syria and of Türkiye."""

    SERVES = "idmc_idu"
    CONTENT = (*Publisher.CONTENT, "replaced meanwhile")

    def __init__(self) -> None:
        super().__init__()
        self.spoil = self._spoil

    def __enter__(self):
        super().__enter__()
        for country in ("syr", "tur"):
            self.upload(country, idu_rows(country))
        return self

    def upload(self, country: str, rows: list[dict[str, Any]]) -> None:
        """The events of a country, uploaded again."""
        self.put(f"{country}-idmc-idu-events", f"event_data_{country}.csv", _table(rows))

    def _spoil(self, fault: str, name: str, body: bytes) -> bytes:
        country = name[-7:-4]
        if fault == "replaced meanwhile":
            self.upload(country, idu_rows(country))
            return body
        if fault not in Publisher.CONTENT:
            return body
        return _table(spoilt(fault, idu_rows(country), "figure", "figure"))


def _table(rows: list[dict[str, Any]]) -> bytes:
    out = io.StringIO()
    table = csv.DictWriter(out, list(rows[0]) if rows else list(IDU_COLUMNS))
    table.writeheader()
    table.writerows(rows)
    return out.getvalue().encode()
