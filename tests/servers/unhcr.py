"""A server on 127.0.0.1 that behaves as UNHCR's Refugee Data Finder API does, quirks and all.

Values are the published ones; the rows are written here in the API's own shape.
"""

import csv
import json
from functools import cache
from typing import Any, ClassVar, Final

from data.settings import ROOT
from tests.servers.publisher import GONE, Publisher, Reply

NAMES = {
    "SYR": ("SYR", "Syrian Arab Rep."),
    "TUR": ("TUR", "Türkiye"),
    "LBN": ("LEB", "Lebanon"),
    "JOR": ("JOR", "Jordan"),
    "IRQ": ("IRQ", "Iraq "),
    "EGY": ("ARE", "Egypt"),
    "DEU": ("GFR", "Germany"),
    "SWE": ("SWE", "Sweden"),
}
REST = "SWE"
"""Stands for all other hosts, so that the hosts add up to the published totals."""
REFUGEES = {
    "TUR": {
        2018: 3622366,
        2019: 3576370,
        2020: 3641370,
        2021: 3737369,
        2022: 3535898,
        2023: 3214780,
        2024: 2901478,
        2025: 2347756,
    },
    "LBN": {2023: 784884, 2024: 755426, 2025: 532357},
    "JOR": {2023: 649091, 2024: 611473, 2025: 420835},
    "IRQ": {2025: 308226},
    "EGY": {2025: 117364},
    "DEU": {2023: 705812, 2024: 725102, 2025: 668647},
}
RETURNS = {
    "TUR": {
        2018: 177282,
        2019: 34303,
        2020: 16805,
        2021: 22275,
        2022: 33953,
        2023: 19865,
        2024: 159439,
        2025: 556009,
    },
    "LBN": {2023: 10130, 2024: 254651, 2025: 465578},
    "JOR": {2023: 4383, 2024: 65268, 2025: 256748},
    "IRQ": {2025: 37107},
    "EGY": {2025: 25556},
}
IDPS = {2023: 7248188, 2024: 7408909, 2025: 5542227}
IDP_RETURNS = {2023: 155325, 2024: 513896, 2025: 1964201}
TOTALS = {2023: (6355788, 37552), 2024: (5952174, 512718), 2025: (4865764, 1341148)}
IDMC = {2023: 7248000, 2024: 7409000, 2025: 5964000}
GOVERNORATES = {
    "Idleb": (1182989, 1244647),
    "Rural Damascus": (1163286, 38895),
    "Aleppo": (1143009, 486190),
    "Damascus": (593520, 19447),
    "Al-Hasakeh": (352374, 19447),
    "Ar-Raqqa": (235330, 9723),
    "Lattakia": (220061, 38895),
    "Homs": (143676, 19447),
    "As-Sweida": (139289, 9723),
    "Hama": (132092, 19447),
    "Tartous": (90478, 36950),
    "Dar'a": (71753, 9723),
    "Deir-ez-Zor": (69848, 9723),
    "Quneitra": (4522, 1944),
}
HOST_COMMUNITY = {2023: 16041461, 2024: 16471143, 2025: 16504958}
NOWCAST = {"TUR": (2257058, 102497), "JOR": (345321, 7647), "LBN": (500000, 1000)}
CARRIED: Final = ROOT / "data" / "reference" / "figures"
"""What UNHCR published of the years and hosts that the tables above leave out."""
FOOTNOTES = [
    (" ", "", "Türkiye", "TUR", "2025", "REF,ASY", "Counted by the Government."),
    ("Syrian Arab Rep.", "SYR", " ", "", "2024 - 2025", "RET,RDP", "Two\r\r\n\r\r\nparagraphs. "),
    (" ", "", " ", "", "2019 - 2022", "REF,IDP", "Provided by governments."),
    (" ", "", "Canada", "CAN", "2022", "NAT", "About Canada alone."),
    (" ", "", "Lebanon", "LBN", "2024", "REF", "   "),
]


def _who(side: str, iso: str | None) -> dict[str, Any]:
    if iso is None:
        return {f"{side}_id": "-", f"{side}_name": "-", side: "-", f"{side}_iso": "-"}
    code, name = NAMES.get(iso, (iso, iso))
    return {f"{side}_id": 1, f"{side}_name": name, side: code, f"{side}_iso": iso}


def _row(year: int, origin: str | None, asylum: str | None, **values: Any) -> dict[str, Any]:
    cells = dict.fromkeys(
        ("refugees", "asylum_seekers", "returned_refugees", "idps", "returned_idps"), "0"
    )
    rest = {"stateless": "0", "ooc": "0", "oip": "-", "hst": "0"}
    return {
        "year": year,
        **_who("coo", origin),
        **_who("coa", asylum),
        **cells,
        **rest,
        **{k: v or "0" for k, v in values.items()},
    }


@cache
def _carried(source: str) -> dict[tuple[str, str, int], int]:
    """The newest of each year's number by group and country; a total is of the country `ALL`."""
    found = {}
    for table in ("unhcr_releases.csv", "unhcr_solutions.csv"):
        with (CARRIED / table).open(encoding="utf-8", newline="") as lines:
            rows = [row for row in csv.DictReader(lines) if row["source"] == source]
        for row in rows:
            country = row["asylum_location_code"] or row["place_code"]
            at = (row["population_group"], country, int(row["reference_period_end"][:4]))
            if row["measure"] == "stock" or "mid_year" not in row["caveat"]:
                found[at] = int(row["value"])
    return found


def _solutions(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of `population` with what its table lacks, and countries that only resettle."""
    known = _carried("unhcr_solutions")
    there = {(row["coa_iso"], row["year"]) for row in rows}
    only = {(c, y) for group, c, y in known if group in ("RST", "NAT")} - there
    rows = [*rows, *(_row(year, "SYR", country) for country, year in sorted(only))]
    return [
        row
        | {
            "resettlement": known.get(("RST", row["coa_iso"], row["year"]), 0),
            "naturalisation": known.get(("NAT", row["coa_iso"], row["year"]), "-"),
        }
        for row in rows
    ]


def _people(group: str, written: dict[str, dict[int, int]]) -> dict[tuple[str, int], int]:
    """People by country of asylum and year: as written above, else as carried."""
    known = _carried("unhcr_solutions") | _carried("unhcr_population")
    carried = {(country, year): n for (of, country, year), n in known.items() if of == group}
    return carried | {(c, year): n for c, series in written.items() for year, n in series.items()}


def _of_country(group: str, written: dict[int, int], country: str = "ALL") -> dict[int, int]:
    people = _people(group, {country: written})
    return {year: number for (of, year), number in people.items() if of == country}


def _with_rest(
    group: str, written: dict[str, dict[int, int]], total: dict[int, int]
) -> dict[tuple[str, int], int]:
    """The same, with those that the total has beyond the hosts as of one more host."""
    people = {at: n for at, n in _people(group, written).items() if at[0] not in ("ALL", REST)}
    for year, whole in total.items():
        people[REST, year] = whole - sum(n for (_, y), n in people.items() if y == year)
    return people


@cache
def _sums() -> dict[int, dict[str, int]]:
    """By year, what UNHCR published of all countries of asylum together, and of IDPs."""
    groups = {
        "refugees": _of_country("REF", {year: both[0] for year, both in TOTALS.items()}),
        "returned_refugees": _of_country("RET", {year: both[1] for year, both in TOTALS.items()}),
        "idps": _of_country("IDP", IDPS, "SYR"),
        "returned_idps": _of_country("RDP", IDP_RETURNS, "SYR"),
    }
    years = sorted(groups["refugees"])
    return {year: {name: by.get(year, 0) for name, by in groups.items()} for year in years}


def _population() -> list[dict[str, Any]]:
    sums = _sums()
    refugees = _with_rest("REF", REFUGEES, {y: n["refugees"] for y, n in sums.items()})
    returned = _with_rest("RET", RETURNS, {y: n["returned_refugees"] for y, n in sums.items()})
    rows = [
        _row(
            year,
            "SYR",
            country,
            refugees=refugees.get((country, year)),
            returned_refugees=returned.get((country, year)),
        )
        for country, year in sorted({*refugees, *returned})
    ]
    for year, people in sums.items():
        at_home = {name: people[name] for name in ("idps", "returned_idps")}
        rows.append(_row(year, "SYR", "SYR", **at_home, hst=HOST_COMMUNITY.get(year)))
    nameless = _row(2025, "SYR", "DEU", refugees=5)
    nameless |= {"coa_iso": None, "coa_name": "Unknown ", "coa": "SGS"}
    return [*rows, nameless]


def _displaced_by_idmc() -> dict[int, int]:
    return {year: n for (_, _, year), n in _carried("unhcr_idmc").items()} | IDMC


def _totals() -> list[dict[str, Any]]:
    return [_row(year, "SYR", None, **people) for year, people in _sums().items()]


def _demographics(year: int) -> list[dict[str, Any]]:
    if year != 2025:
        return []
    rows = []
    for name, (idps, returns) in GOVERNORATES.items():
        # Settlement and accommodation split a place: the parts are a complete partition.
        for group, lodged, total in (
            ("IDP", "I", idps - 100),
            ("IDP", "P", 100),
            ("RDP", "U", returns),
        ):
            rows.append(
                {
                    "year": year,
                    **_who("coo", "SYR"),
                    **_who("coa", "SYR"),
                    "pop_type": group,
                    "location": f"{name} [Admin 1]",
                    "loc_type": "V",
                    "acc_type": lodged,
                    "f_total": "0",
                    "m_total": "0",
                    "total": total,
                }
            )
    return rows


def _footnotes() -> list[dict[str, Any]]:
    return [
        {
            "footnote": text,
            "year": years,
            "coo": origin,
            "coo_id": 278,
            "coo_iso": origin_iso,
            "coa": asylum,
            "coa_id": 278,
            "coa_iso": asylum_iso,
            "population_type": groups,
        }
        for origin, origin_iso, asylum, asylum_iso, years, groups, text in FOOTNOTES
    ]


class UnhcrServer(Publisher):
    """`with UnhcrServer() as server:` … `server.base_url`; `server.fault` as of `Publisher`."""

    SERVES = "UNHCR"
    SPARED: ClassVar = {
        # Of these two nothing is read but letters that every charset writes alike.
        "unhcr_idmc": ("wrong charset",),
        "unhcr_demographics": ("wrong charset",),
        # Words hold no number that could grow.
        "unhcr_footnotes": ("tenfold",),
    }

    def __init__(self) -> None:
        super().__init__()
        self.edit: dict[tuple[int, str], int] = {}
        """(year, asylum) to another number of refugees, for revisions."""

    @property
    def base_url(self) -> str:
        """What NUZUH_URL_UNHCR is set to."""
        return f"{self.url}/population/v1/"

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        """A page of the table asked for; a web page where there is none of that name."""
        found = self._items(path.removeprefix("/population/v1/").strip("/"), query)
        return GONE if found is None else Reply(self._page(found, query))

    def _page(self, rows: list[dict[str, Any]], query: dict[str, str]) -> bytes:
        if query.get("cf_type") != "ISO":
            rows = [row | {"coo_iso": row["coo"], "coa_iso": row["coa"]} for row in rows]
        size = max(1, int(query.get("limit", "100")))
        page = int(query.get("page", "1"))
        envelope = {
            "page": page,
            "short-url": "x",
            "maxPages": -(-len(rows) // size),
            "total": [],
            "items": rows[(page - 1) * size : page * size],
        }
        if rows and "footnote" in rows[0]:
            del envelope["total"], envelope["short-url"]
        return json.dumps(envelope, ensure_ascii=False).encode()

    def _items(self, endpoint: str, query: dict[str, str]) -> list[dict[str, Any]] | None:
        rows: list[dict[str, Any]]
        if endpoint == "population":
            summed = query.get("coo") and not (query.get("coa") or query.get("coa_all"))
            rows = _totals() if summed else _population()
        elif endpoint == "solutions":
            rows = _solutions(_population())
        elif endpoint == "idmc":
            rows = [
                {"year": y, **_who("coo", "SYR"), **_who("coa", None), "total": v}
                for y, v in _displaced_by_idmc().items()
            ]
        elif endpoint == "demographics":
            # A comma list of years honours the first alone.
            rows = _demographics(int(query.get("year", "2025").split(",")[0]))
        elif endpoint == "nowcasting":
            rows = [
                {
                    "year": 2026,
                    **_who("coo", None),
                    **_who("coa", host),
                    "refugees": refugees,
                    "asylum_seekers": seekers,
                    "source": "Government",
                    "month": "August",
                }
                for host, (refugees, seekers) in NOWCAST.items()
                # Each host is asked for by itself: what is lost are hosts.
                if self.fault != "shrunk" or host == next(iter(NOWCAST))
            ]
        elif endpoint == "footnotes":
            return self._spoilt(_footnotes())
        else:
            return None
        return self._spoilt([row for row in rows if _asked_for(row, query)])

    def _spoilt(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for row in rows:
            changed = self.edit.get((row["year"], str(row.get("coa_iso"))))
            if changed is not None and "refugees" in row:
                row["refugees"] = changed
        if self.fault == "empty":
            return []
        if self.fault == "shrunk":
            return rows[: max(1, len(rows) // 5)]
        if self.fault == "dropped column":
            gone = ("refugees", "returned_refugees", "total", "footnote")
            return [{k: v for k, v in row.items() if k not in gone} for row in rows]
        if self.fault == "tenfold":
            return [
                {
                    k: v * 10 if isinstance(v, int) and k not in ("year",) else v
                    for k, v in r.items()
                }
                for r in rows
            ]
        return rows


def _asked_for(row: dict[str, Any], query: dict[str, str]) -> bool:
    # A lone year bound is ignored, and so is any parameter the API does not know.
    first, last = query.get("yearFrom"), query.get("yearTo")
    if first and last and not int(first) <= row["year"] <= int(last):
        return False
    for side in ("coo", "coa"):
        wanted = query.get(side)
        summed = row[f"{side}_iso"] == "-"
        if wanted and not query.get(f"{side}_all") and not summed and row[f"{side}_iso"] != wanted:
            return False
    return True
