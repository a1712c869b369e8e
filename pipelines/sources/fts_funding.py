"""What Syria's response plans ask for and have received, as OCHA's Financial Tracking Service says.

From FTS's API, one answer a year, or else from HDX's CSV of the same. A regional plan counts in
several countries and beside the country's own plan, so plans are never added. What was given
outside every plan stands as a line of its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pandas as pd

from data.gazetteer.area import Area
from data.schema.tables import FIGURES, FUNDING
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged, SourceUnavailable
from pipelines.json_documents import decoded
from pipelines.publishers import hdx
from pipelines.source import DocumentClient, Reading, Source

API: Final = "FTS"
BASE: Final = "https://api.hpc.tools/"
NAME: Final = "fts_funding"
LICENCE: Final = "CC BY-IGO"
YEARS: Final = 3
"""This year and those before it that are asked for."""
SLUGS: Final = {"SYR": "fts-requirements-and-funding-data-for-syrian-arab-republic"}
"""HDX names its datasets by the country's name; one that is not here has no second route."""
NEEDED: Final = (
    "countryCode",
    "id",
    "name",
    "code",
    "typeName",
    "startDate",
    "endDate",
    "year",
    "requirements",
    "funding",
)
NO_PLAN: Final = "none"
_WHOLE: Final = re.compile(r"\d{1,15}(\.\d+)?")


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """Each origin's plans of the last years, whole from the API or whole from HDX.

    Raises:
        SourceUnavailable: To be had by neither route.
    """
    this_year = datetime.now(UTC).year
    for country in area.origins:
        try:
            yield from [
                _ask(client, settings, country, year)
                for year in range(this_year, this_year - YEARS, -1)
            ]
        except (SourceUnavailable, SourceChanged) as api:
            try:
                yield from _from_hdx(client, settings, country)
            except (SourceUnavailable, SourceChanged) as files:
                raise SourceUnavailable(f"{api} Nor from HDX: {files}") from None


def read(documents: Sequence[Document], area: Area) -> Reading:
    """No figures; the table `funding`, one row for each plan and year, in USD.

    Raises:
        SourceChanged: Not an answer of FTS, a plan that stands twice, or no plan at all.
    """
    rows: list[dict[str, object]] = []
    remarks: list[str] = []
    for document in documents:
        if document.name.endswith(f"/{hdx.PACKAGE}"):
            continue
        if document.body.lstrip().startswith((b"{", b"[")):
            rows += _of_answer(document, remarks)
        else:
            rows += _of_file(document, area)
    if not rows:
        raise SourceChanged("FTS names no plan of the last years; the last funding stays.")
    table = pd.DataFrame(rows)
    twice = table[table.duplicated(["location_code", "plan_id", "year"], keep=False)]
    if len(twice):
        raise SourceChanged(
            f"FTS gives plan {twice['plan_id'].iloc[0]} of {twice['year'].iloc[0]} twice "
            f"({twice['locator'].iloc[0]} and {twice['locator'].iloc[1]})."
        )
    return Reading(
        FIGURES.empty(), {FUNDING.name: FUNDING.conform(table)}, tuple(dict.fromkeys(remarks))
    )


def _ask(client: DocumentClient, settings: Settings, country: str, year: int) -> Document:
    document = client.get(
        settings.base(API, BASE) + "v1/public/fts/flow",
        {"countryISO3": country, "year": str(year), "groupby": "plan"},
        name=f"plans-{country}-{year}",
    )
    _report(document)
    return document


def _from_hdx(client: DocumentClient, settings: Settings, country: str) -> list[Document]:
    slug = SLUGS.get(country)
    if slug is None:
        raise SourceUnavailable(f"HDX's dataset of {country}'s funding is not known.")

    def pick(among: list[hdx.Resource]) -> list[tuple[str, hdx.Resource]]:
        # Others split the same money by cluster.
        named = r"requirements[_-]funding[_-][a-z]{3}(\.csv)?$"
        return [(f"{slug}/plans", hdx.newest(among, slug, named))]

    return list(hdx.fetch_files(client, settings, slug, pick))


def _report(document: Document) -> Mapping[str, Any]:
    """What an answer holds.

    Raises:
        SourceChanged: FTS says that it failed, or the answer has another shape.
    """
    answer = decoded(document)
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, dict) or answer.get("status", "ok") != "ok":
        raise SourceChanged(f"FTS's answer to {document.name} holds no data.")
    return data


def _of_answer(document: Document, remarks: list[str]) -> list[dict[str, object]]:
    """Plans of one year: what came in by `report3`, FTS's grouping by destination."""
    found = re.fullmatch(r"plans-([A-Z]{3})-(\d{4})", document.name)
    if found is None:
        raise SourceChanged(
            f"{document.name!r} does not say of which country and year it is; "
            "call the file plans-SYR-2026.json."
        )
    country, year = found[1], int(found[2])
    try:
        data = _report(document)
    except (ValueError, UnicodeDecodeError) as error:
        raise SourceChanged(f"{document.name} is no answer of FTS ({error}).") from None
    plans: dict[str, dict[str, object]] = {}

    def plan(entry: Mapping[str, Any], path: str) -> dict[str, object]:
        number = _text(entry.get("id")) or NO_PLAN
        name = _text(entry.get("name")) or "Not specified"
        return plans.setdefault(
            number,
            _row(document, country, year, number, name, path)
            | {"plan_code": _text(entry.get("code")), "plan_type": None},
        )

    for number, entry in enumerate(_entries(data, "requirements", "objects", document)):
        path = f"data.requirements.objects[{number}]"
        plan(entry, path)["requirements"] = _dollars(entry.get("revisedRequirements"), path)
    objects = _entries(data.get("report3") or {}, "fundingTotals", "objects", document)
    for number, group in enumerate(objects):
        singles = group.get("singleFundingObjects") or []
        for place, entry in enumerate(singles if isinstance(singles, list) else []):
            path = f"data.report3.fundingTotals.objects[{number}].singleFundingObjects[{place}]"
            if not isinstance(entry, dict):
                raise SourceChanged(f"FTS's {path} of {document.name} is no plan.")
            row = plan(entry, path)
            if row.get("funding") is not None:
                raise SourceChanged(f"FTS funds plan {row['plan_id']} of {year} twice ({path}).")
            row["funding"] = _dollars(entry.get("totalFunding"), path)
        if group.get("sharedFundingObjects"):
            remarks.append(f"Money shared by several plans of {year} is left out.")
    return list(plans.values())


def _entries(data: Any, part: str, inner: str, document: Document) -> list[Mapping[str, Any]]:
    held = data.get(part) if isinstance(data, dict) else None
    found = held.get(inner) if isinstance(held, dict) else []
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise SourceChanged(f"FTS's {part} in {document.name} lists no {inner}.")
    return found


def _of_file(document: Document, area: Area) -> Iterator[dict[str, object]]:
    """Plans of HDX's CSV, the last years alone."""
    first = document.fetched_at.year - YEARS + 1
    for number, texts in hdx.records(document, NEEDED):
        path = f"row {number}"
        if texts["countryCode"] not in area.origins or not texts["year"]:
            continue
        if not texts["year"].isdecimal():
            raise SourceChanged(f"FTS's file has the year {texts['year'][:10]!r} ({path}).")
        if int(texts["year"]) < first:
            continue
        yield _row(
            document,
            str(texts["countryCode"]),
            int(texts["year"]),
            texts["id"] or NO_PLAN,
            texts["name"] or "Not specified",
            path,
        ) | {
            "plan_code": texts["code"],
            "plan_type": texts["typeName"],
            "starts_on": _day(texts["startDate"], path),
            "ends_on": _day(texts["endDate"], path),
            "requirements": _dollars(texts["requirements"], path),
            "funding": _dollars(texts["funding"], path),
        }


def _row(
    document: Document, country: str, year: int, plan: str, name: str, path: str
) -> dict[str, object]:
    return {
        "source": NAME,
        "location_code": country,
        "plan_id": plan,
        "plan_name": name,
        "year": year,
        "starts_on": None,
        "ends_on": None,
        "requirements": None,
        "funding": None,
        "as_of": document.fetched_at.date(),
        "source_url": document.url,
        "content_sha256": document.sha256,
        "locator": f"{document.name}: {path}",
        "licence": LICENCE,
    }


def _text(value: object) -> str | None:
    kept = "" if value is None else str(value).strip()
    return kept or None


def _dollars(value: object, path: str) -> int | None:
    """Whole dollars; null where none are stated.

    Raises:
        SourceChanged: The cell holds something else.
    """
    printed = _text(value)
    if printed is None:
        return None
    if not _WHOLE.fullmatch(printed) or isinstance(value, bool):
        raise SourceChanged(f"FTS sent {printed[:30]!r} where dollars belong ({path}).")
    return round(float(printed)) if "." in printed else int(printed)


def _day(printed: str | None, path: str) -> date | None:
    if printed is None:
        return None
    try:
        return date.fromisoformat(printed[:10])
    except ValueError:
        raise SourceChanged(f"FTS sent {printed[:30]!r} where a day belongs ({path}).") from None


SOURCE: Final = Source(
    name=NAME,
    title="OCHA FTS: requirements and funding of the plans",
    publisher="OCHA",
    homepage="https://fts.unocha.org",
    licence=LICENCE,
    attribution="OCHA FTS",
    cadence=timedelta(days=1),
    late_after=timedelta(days=14),
    api=API,
    fetch=fetch,
    read=read,
    tables=(FUNDING.name,),
)
