"""A release described for catalogues: Frictionless, DCAT, schema.org, HDX.

Pure: a release and its files in, JSON or text out. Each says of figures what every row says too:
whose they are, under which licence, and that they are not to be added up.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from importlib.metadata import version
from typing import Any, Final

import pandas as pd

from data.gazetteer import places
from data.publication.exports import FORMS
from data.schema import codes
from data.schema.contract import Column, Table
from data.store import Release

TITLE: Final = "Displacement figures, each with its provenance"
CAUTION: Final = (
    "Figures of different kind, unit, source, round or level are never to be added up. A missing "
    "value is not zero. Each row names its publisher, dates, caveats and licence."
)
DESCRIPTION: Final = f"Published figures of displacement and return, by place and date. {CAUTION}"
FIELD_TYPES: Final[Mapping[str, str]] = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "date": "date",
    "timestamp": "datetime",
    "flag": "boolean",
}


@dataclass(frozen=True, slots=True)
class Described:
    """What catalogues ask of a release.

    Attributes:
        id: The release.
        published: The day it was published here.
        first: The first day that a figure is true for.
        last: The last day that a figure is true for.
        publishers: Whose figures, by name.
        licences: Under which licences.
        countries: ISO3 of the countries that figures are of.
        sources: Title and homepage of each source that has a figure.
    """

    id: str
    published: date
    first: date
    last: date
    publishers: tuple[str, ...]
    licences: tuple[str, ...]
    countries: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]

    @property
    def covered(self) -> tuple[str, ...]:
        """The countries by name, in English."""
        named = places.table().set_index("place_code")["name_en"]
        return tuple(str(named.get(code, code)) for code in self.countries)


@dataclass(frozen=True, slots=True)
class Written:
    """A file of an export.

    Attributes:
        name: Its name in the folder.
        media_type: What it is.
        size: Bytes.
        sha256: Their digest.
        table: What its columns mean; None for a file of several tables.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    table: Table | None = None


_NAMED: Final = ("publisher", "licence", "location_code", "source")


def described(release: Release, figures: pd.DataFrame) -> Described:
    """What catalogues ask of a release.

    Args:
        release: The release.
        figures: Those of its figures that are given out; at least one.
    """
    return of_figures(release.id, release.published_at, release.table("sources"), figures)


def of_figures(
    release_id: str, published_at: datetime, register: pd.DataFrame, figures: pd.DataFrame
) -> Described:
    """The same where a release was taken apart: its id, moment, sources and at least one figure."""
    named = {name: sorted(figures[name].dropna().unique()) for name in _NAMED}
    ends = (figures["as_of"].min(), figures["as_of"].max())
    return _described(release_id, published_at, register, ends, named)


def of_all(release: Release) -> Described | None:
    """The same of every figure, without reading them all; None where there is none."""
    lists = ", ".join(f"list_sort(list(distinct {name})) as {name}" for name in _NAMED)
    asked = f"select min(as_of) as first, max(as_of) as last, {lists} from figures"  # noqa: S608
    row = release.sql(asked, []).iloc[0]
    if pd.isna(row["first"]):
        return None
    named = {name: [v for v in row[name] if v is not None] for name in _NAMED}
    ends = (row["first"], row["last"])
    return _described(release.id, release.published_at, release.table("sources"), ends, named)


def _described(
    release_id: str,
    published_at: datetime,
    register: pd.DataFrame,
    ends: tuple[pd.Timestamp, pd.Timestamp],
    named: Mapping[str, Sequence[str]],
) -> Described:
    used = register[register["source"].isin(named["source"])].sort_values("source")
    return Described(
        id=release_id,
        published=published_at.date(),
        first=ends[0].date(),
        last=ends[1].date(),
        publishers=tuple(named["publisher"]),
        licences=tuple(named["licence"]),
        countries=tuple(filter(places.is_known_code, named["location_code"])),
        sources=tuple(zip(used["title"], used["homepage"], strict=True)),
    )


def data_package(described: Described, files: Sequence[Written]) -> dict[str, Any]:
    """The Frictionless data package: every table with what its columns mean."""
    return {
        "profile": "tabular-data-package",
        "name": f"nuzuh-{described.id.lower()}",
        "id": described.id,
        "title": TITLE,
        "description": DESCRIPTION,
        "version": version("nuzuh"),
        "created": f"{described.published.isoformat()}T00:00:00Z",
        "keywords": list(codes.POPULATION_GROUPS),
        "licenses": [{"name": _slug(name), "title": name} for name in described.licences],
        "sources": [{"title": title, "path": page} for title, page in described.sources],
        "contributors": [{"title": name, "role": "publisher"} for name in described.publishers],
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": file.table.name,
                "path": file.name,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": file.size,
                "hash": f"sha256:{file.sha256}",
                "description": file.table.meaning,
                "schema": table_schema(file.table),
            }
            for file in files
            if file.table is not None and file.name.endswith(".csv")
        ],
    }


def table_schema(table: Table) -> dict[str, Any]:
    """The Frictionless table schema of one of our tables; an empty cell is missing."""
    return {
        "fields": [_field(column) for column in table.columns],
        "primaryKey": list(table.key),
        "missingValues": [""],
    }


def _field(column: Column) -> dict[str, Any]:
    bounds: dict[str, Any] = {}
    if column.null is None:
        bounds["required"] = True
    if column.minimum is not None:
        bounds["minimum"] = column.minimum
    if column.vocabulary:
        bounds["enum"] = list(column.vocabulary)
    if column.pattern is not None:
        # There a pattern is of the whole cell, here of what it begins with.
        whole = column.pattern.endswith("$")
        bounds["pattern"] = column.pattern if whole else f"{column.pattern}.*"
    meaning = column.meaning if column.null is None else f"{column.meaning}. Empty: {column.null}"
    found: dict[str, Any] = {
        "name": column.name,
        "type": FIELD_TYPES[column.kind],
        "description": meaning,
    }
    if column.kind == "flag":
        found |= {"trueValues": ["True"], "falseValues": ["False"]}
    if column.kind == "timestamp":
        found["format"] = "any"
    return found | ({"constraints": bounds} if bounds else {})


def dcat(described: Described, files: Sequence[Written]) -> dict[str, Any]:
    """A DCAT 3 catalogue of one dataset, as JSON-LD that needs no context from the web.

    Addresses are relative to the folder: whoever puts it on the web has addresses that are right.
    """
    publishers = [
        {"@id": f"#publisher-{at}", "@type": "foaf:Agent", "foaf:name": name}
        for at, name in enumerate(described.publishers, 1)
    ]
    licences = [
        {"@id": f"#licence-{at}", "@type": "dct:LicenseDocument", "dct:title": name}
        for at, name in enumerate(described.licences, 1)
    ]
    of_file = _licence_of_file(licences)
    dataset = {
        "@id": "#dataset",
        "@type": "dcat:Dataset",
        "dct:title": {"@value": TITLE, "@language": "en"},
        "dct:description": {"@value": DESCRIPTION, "@language": "en"},
        "dct:identifier": described.id,
        "dct:issued": _typed(described.published.isoformat(), "date"),
        "dct:creator": [{"@id": each["@id"]} for each in publishers],
        "dct:publisher": {"@id": publishers[0]["@id"]} if publishers else {"@id": "#publisher"},
        "dct:license": [{"@id": each["@id"]} for each in licences],
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _typed(described.first.isoformat(), "date"),
            "dcat:endDate": _typed(described.last.isoformat(), "date"),
        },
        "dct:spatial": [
            {"@type": "dct:Location", "dct:identifier": code, "dct:title": name}
            for code, name in zip(described.countries, described.covered, strict=True)
        ],
        "dcat:keyword": ["displacement", "IDP", "refugees", "returns", *described.covered],
        "dcat:distribution": [{"@id": f"#{file.name}"} for file in files],
    }
    distributions = [
        {
            "@id": f"#{file.name}",
            "@type": "dcat:Distribution",
            "dct:title": file.name,
            "dcat:accessURL": {"@id": file.name},
            "dcat:downloadURL": {"@id": file.name},
            "dcat:mediaType": {"@id": f"iana:{file.media_type}"},
            "dcat:byteSize": _typed(str(file.size), "nonNegativeInteger"),
            "dct:license": [{"@id": each["@id"]} for each in of_file],
            "spdx:checksum": {
                "@type": "spdx:Checksum",
                "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                "spdx:checksumValue": _typed(file.sha256, "hexBinary"),
            },
        }
        for file in files
    ]
    catalogue = {
        "@id": "#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": {"@value": TITLE, "@language": "en"},
        "dct:description": {"@value": DESCRIPTION, "@language": "en"},
        "dct:publisher": dataset["dct:publisher"],
        "dcat:dataset": {"@id": "#dataset"},
    }
    context = {
        "dcat": "http://www.w3.org/ns/dcat#",
        "dct": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "spdx": "http://spdx.org/rdf/terms#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "iana": "https://www.iana.org/assignments/media-types/",
    }
    return {
        "@context": context,
        "@graph": [
            catalogue,
            dataset,
            *distributions,
            *publishers,
            *licences,
            *(each for each in of_file if each not in licences),
        ],
    }


def _licence_of_file(licences: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The one licence that DCAT-AP lets a file have; of rows with several, a name for that."""
    if len(licences) < 2:
        return list(licences)
    names = "; ".join(each["dct:title"] for each in licences)
    title = f"Each row by the licence that its column `licence` names, one of: {names}"
    return [{"@id": "#licences", "@type": "dct:LicenseDocument", "dct:title": title}]


def _typed(value: str, kind: str) -> dict[str, str]:
    return {"@value": value, "@type": f"xsd:{kind}"}


def schema_org(
    described: Described, name: str, description: str, covered: Sequence[str], root: str
) -> dict[str, Any]:
    """A schema.org `Dataset`, by which searches for data find the pages.

    Args:
        described: The release.
        name: The dashboard's name and area, in the page's language.
        description: One sentence, in the page's language.
        covered: The area's countries by name; figures of others are beside them.
        root: Where the dashboard is, without a slash at its end; empty where a page knows none.
    """
    found: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": name,
        "description": f"{description} {CAUTION}",
        "version": described.id,
        "dateModified": described.published.isoformat(),
        "temporalCoverage": f"{described.first.isoformat()}/{described.last.isoformat()}",
        "spatialCoverage": list(covered),
        "license": list(described.licences),
        "creator": [{"@type": "Organization", "name": name} for name in described.publishers],
        "isAccessibleForFree": True,
        "keywords": ["displacement", "IDP", "refugees", "returns"],
    }
    if root:
        found["url"] = f"{root}/"
        found["distribution"] = [
            {
                "@type": "DataDownload",
                "encodingFormat": FORMS[form].mime.partition(";")[0],
                "contentUrl": f"{root}/nuzuh/api/v1/figures?format={form}",
            }
            for form in ("csv", "parquet", "geojson")
        ]
    return found


def in_page(properties: Mapping[str, Any]) -> str:
    """JSON-LD for a page's head: data that no browser runs, and nothing in it ends it early."""
    body = json.dumps(properties, ensure_ascii=False, separators=(",", ":"))
    safe = body.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return f'<script type="application/ld+json">{safe}</script>'


def as_microdata(properties: Mapping[str, Any]) -> str:
    """What of it a search needs, as properties of the page itself: for pages without any script.

    Such a page is short on purpose, and says who publishes what in its table.
    """
    made = []
    for name in ("name", "description", "dateModified", "temporalCoverage", "license"):
        given = properties[name]
        for value in given if isinstance(given, list) else [given]:
            made.append(f'<meta itemprop="{name}" content="{escape(str(value), quote=True)}">')
    return "".join(made)


def hdx(described: Described, left_out: int) -> dict[str, Any]:
    """What HDX asks of a dataset, in CKAN's names; `owner_org`, `maintainer` are the office's.

    Args:
        described: The release, of the figures that are in the folder.
        left_out: Figures whose licence forbids passing them on.
    """
    days = f"[{described.first.isoformat()}T00:00:00 TO {described.last.isoformat()}T23:59:59]"
    return {
        "name": f"nuzuh-displacement-{'-'.join(described.countries[:4]).lower()}",
        "title": f"{', '.join(described.covered[:4])}: {TITLE.lower()}",
        "notes": f"{DESCRIPTION} {len(described.sources)} sources.",
        "dataset_source": ", ".join(described.publishers),
        "dataset_date": days,
        "license_id": "hdx-multi" if len(described.licences) > 1 else "hdx-other",
        "license_other": "; ".join(described.licences),
        "methodology": "Other",
        "methodology_other": METHODOLOGY,
        "caveats": f"{CAUTION} Left out for their licence: {left_out:,} figures. See caveats.md.",
        "groups": [{"name": code.lower()} for code in described.countries],
        "tags": [
            {"name": name}
            for name in (
                "displacement",
                "internally displaced persons-idp",
                "refugees",
                "returnees",
                "hxl",
            )
        ],
        "data_update_frequency": "-2",
        "private": True,
        "owner_org": "",
        "maintainer": "",
        "resources": [
            {
                "name": "figures.csv",
                "description": "Every figure that may be passed on, with a row of HXL tags.",
                "format": "CSV",
            },
            {
                "name": "sources.csv",
                "description": "Publisher, licence and attribution of each source.",
                "format": "CSV",
            },
        ],
    }


METHODOLOGY: Final = (
    "Figures are read from what their publishers put out, by programs that keep the bytes as they "
    "were sent, their address, day and hash, and the place of each number in them. Nothing is "
    "estimated. Of several routes to one collection the figures of one are taken. Sums are made "
    "only where a source publishes a complete partition, and say so (caveat summed_from_parts)."
)


def methodology(described: Described) -> str:
    """The methodology as a file: how figures came here, and what their codes mean."""
    parts = [f"# Methodology\n\n{METHODOLOGY}\n\nRelease {described.id}, {described.published}.\n"]
    for title, words in (
        ("Kinds of count", codes.MEASURES),
        ("Population groups", codes.POPULATION_GROUPS),
        ("Units", codes.UNITS),
        ("Qualifiers", codes.QUALIFIERS),
    ):
        parts.append(f"\n## {title}\n\n" + _listed(words))
    return "".join(parts)


def caveats(described: Described) -> str:
    """The caveats as a file: what a reader must know before using a figure."""
    return f"# Caveats\n\n{CAUTION}\n\n{_listed(codes.CAVEATS)}\n## Licences\n\n" + "".join(
        f"- {name}\n" for name in described.licences
    )


def _listed(words: Mapping[str, str]) -> str:
    return "".join(f"- `{code}`: {meaning}\n" for code, meaning in words.items())


def _slug(name: str) -> str:
    kept = "".join(c if c.isalnum() or c in "._-" else "-" for c in name)
    return "-".join(filter(None, kept.split("-")))[:80] or "other"
