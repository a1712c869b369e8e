"""The newest reports and maps about the area's people, as ReliefWeb lists them: links, no copies.

ReliefWeb answers only names of applications that it approved; ours is the key.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from data.gazetteer.area import Area
from data.schema.tables import FIGURES, REPORTS
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged, SourceUnavailable
from pipelines.publishers import reliefweb
from pipelines.source import DocumentClient, Reading, Source, no_day

NAME: Final = "reliefweb_reports"
NEWEST: Final = 100
FIELDS: Final = (
    "title",
    "date.original",
    "date.created",
    "source.shortname",
    "source.name",
    "url",
    "url_alias",
    "language.code",
    "format.name",
    "country.iso3",
)
_ISO3: Final = re.compile(r"[A-Z]{3}")


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """The newest documents about each origin, one list for all."""
    document = reliefweb.newest(client, settings, area, name="reports", most=NEWEST, fields=FIELDS)
    if not _data(document):
        raise SourceUnavailable("ReliefWeb lists no report; the last list stays.")
    yield document


def read(documents: Sequence[Document], area: Area) -> Reading:
    """No figures; the table `reports`, one row for each document that concerns the area.

    Raises:
        SourceChanged: Not a list of ReliefWeb, or nothing in it that can be shown.
    """
    rows: dict[str, dict[str, object]] = {}
    left_out = 0
    for document in documents:
        for item in _data(document):
            row = _row(item, document)
            if row is None or not set(str(row["countries"]).split()) & set(area.origins):
                left_out += 1
                continue
            rows[str(row["report_id"])] = row
    if not rows:
        raise SourceChanged("ReliefWeb's list has no report about the area; the last list stays.")
    table = REPORTS.conform(pd.DataFrame(list(rows.values())))
    remarks = (f"{left_out} of another area or without title, date or link.",) if left_out else ()
    return Reading(FIGURES.none, {REPORTS.name: table}, remarks)


def _data(document: Document) -> list[Mapping[str, Any]]:
    return [item for item in reliefweb.items(document) if isinstance(item, dict)]


def _row(item: Mapping[str, Any], document: Document) -> dict[str, object] | None:
    """One document; None where it lacks what a reader needs to find it."""
    fields = item.get("fields")
    fields = fields if isinstance(fields, dict) else {}
    number, title = _text(item.get("id")), _text(fields.get("title"))
    url = _text(fields.get("url_alias")) or _text(fields.get("url"))
    day = _day(fields.get("date"))
    if number is None or title is None or day is None:
        return None
    if url is None or not url.startswith(("https://", "http://")):
        return None
    publishers = _each(fields.get("source"), "shortname", "name")
    countries = [code.upper() for code in _each(fields.get("country"), "iso3")]
    return {
        "source": NAME,
        "report_id": number,
        "title": title,
        "publisher": ", ".join(publishers) or "ReliefWeb",
        "published_on": day,
        "url": url,
        "language": " ".join(_each(fields.get("language"), "code")) or None,
        "format": ", ".join(_each(fields.get("format"), "name")) or None,
        "countries": " ".join(code for code in countries if _ISO3.fullmatch(code)),
        "content_sha256": document.sha256,
    }


def _each(entries: object, *names: str) -> list[str]:
    """The first of the names that each entry has."""
    found = []
    for entry in entries if isinstance(entries, list) else []:
        texts = [_text(entry.get(name)) for name in names] if isinstance(entry, dict) else []
        found += [text for text in texts if text][:1]
    return list(dict.fromkeys(found))


def _text(value: object) -> str | None:
    if not isinstance(value, str | int):
        return None
    return " ".join(str(value).split()) or None


def _day(dates: object) -> date | None:
    """The day the document bears, or else the day ReliefWeb listed it."""
    given = dates if isinstance(dates, dict) else {}
    for name in ("original", "created"):
        try:
            return date.fromisoformat(str(given.get(name) or "")[:10])
        except ValueError:
            continue
    return None


SOURCE: Final = Source(
    name=NAME,
    title="ReliefWeb: newest reports and maps",
    publisher="OCHA",
    homepage="https://apidoc.reliefweb.int/parameters#appname",
    licence="each document's own; linked, not copied",
    attribution="ReliefWeb (OCHA) and the author of each document",
    cadence=timedelta(hours=6),
    late_after=timedelta(days=3),
    api=reliefweb.API,
    fetch=fetch,
    read=read,
    reading_depends_on=no_day,
    key="required",
    tables=(REPORTS.name,),
)
