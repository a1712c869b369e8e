"""Figures that reports state in prose: candidates, never published without a person's decision.

A person brings a report with `nuzuh import report_figures FILE`, --publisher, --published-on and
--url, or ReliefWeb's API delivers the texts of the newest ones. `pipelines.extract` reads them;
every figure is held with its sentence until `nuzuh accept report_figures`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from data.gazetteer import places
from data.gazetteer.area import Area
from data.schema.tables import FIGURE_KEY, FIGURES
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.extract import Statement, figures_in
from pipelines.extract.documents import text_of
from pipelines.figures import table_of
from pipelines.forms import provenance
from pipelines.publishers import reliefweb
from pipelines.source import DocumentClient, Reading, Source

NAME: Final = "report_figures"
LIST: Final = "reports/bodies"
"""Name of a document that is ReliefWeb's list with the reports' texts."""
NEWEST: Final = 40
FIELDS: Final = ("title", "body", "date.original", "date.created", "source.shortname",
                 "source.name", "url_alias", "url", "language.code", "country.iso3")  # fmt: skip


@dataclass(frozen=True)
class Report:
    """A report's text with its provenance."""

    text: str
    publisher: str
    url: str
    published_on: date
    where: str
    """Where in the stored document the text stands; locators start with it."""
    sha256: str
    retrieved_at: datetime


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """The newest reports about each origin with their texts, one list for all."""
    yield reliefweb.newest(client, settings, area, name=LIST, most=NEWEST, fields=FIELDS)


def read(documents: Sequence[Document], area: Area) -> Reading:
    """The figures that the reports state, each with its sentence as evidence.

    Raises:
        SourceChanged: A report that cannot be read, or comes without publisher, address or day of
            publication.
    """
    reports = [report for document in documents for report in reports_in(document)]
    rows, evidence, open_ended = candidates(reports)
    remarks = [f"{len(reports)} reports read."]
    if open_ended:
        remarks.append(f"{open_ended} counts since a date have no last day and are left out.")
    if not rows:
        return Reading(FIGURES.none, remarks=tuple(remarks))
    return Reading(table_of(rows), remarks=tuple(remarks), evidence=evidence)


def reports_in(document: Document) -> list[Report]:
    """The reports of one stored document: a file that a person brought, or ReliefWeb's list."""
    if document.name == LIST:
        return list(_listed(document))
    stated = provenance.of(document.query, document.url)
    lacking = [
        option
        for option, value in (
            ("--publisher", stated.publisher),
            ("--published-on", stated.published_on),
            ("--url", stated.address),
        )
        if value is None
    ]
    if stated.publisher is None or stated.published_on is None or stated.address is None:
        raise SourceChanged(
            f"{document.name} comes without its provenance; give {', '.join(lacking)}, so that its "
            "figures can be traced."
        )
    text = text_of(document.body, str(document.query.get("file", document.name)))
    return [
        Report(
            text,
            stated.publisher,
            stated.address,
            stated.published_on,
            document.name,
            document.sha256,
            document.fetched_at,
        )
    ]


def candidates(
    reports: Sequence[Report],
) -> tuple[list[dict[str, object]], dict[str, str], int]:
    """Rows for the figure table, the sentence of each by locator, and how many lack a last day.

    A figure that two reports of one day state with two values is left out.
    """
    rows: dict[tuple[Any, ...], dict[str, object]] = {}
    apart: set[tuple[Any, ...]] = set()
    evidence: dict[str, str] = {}
    open_ended = 0
    for report in reports:
        for one in figures_in(report.text, published_on=report.published_on):
            if one.reference_period_end is None:
                open_ended += 1
                continue
            row = _figure(one, report)
            key = (*(str(row.get(name)) for name in FIGURE_KEY), str(row["known_from"]))
            if key in rows and rows[key]["value"] != row["value"]:
                apart.add(key)
            if key not in rows:
                rows[key] = row
                evidence[str(row["locator"])] = " ".join(one.evidence.split())
    kept = [row for key, row in rows.items() if key not in apart]
    return kept, {str(row["locator"]): evidence[str(row["locator"])] for row in kept}, open_ended


def _figure(one: Statement, report: Report) -> dict[str, object]:
    origin = places.codes(one.origin_code) if one.origin_code else None
    # In a range the two ends stand in one place of the text.
    end = f", {one.category}" if one.category and "range" in one.category else ""
    return {
        "publisher": report.publisher,
        "dataset": one.dataset,
        "measure": one.measure,
        "population_group": one.population_group,
        "unit": one.unit,
        "category": one.category,
        **places.codes(one.place_code),
        "origin_code": one.origin_code,
        "origin_location_code": origin["location_code"] if origin else None,
        "origin_admin1_code": origin["admin1_code"] if origin else None,
        "asylum_location_code": one.asylum_location_code,
        "reference_period_start": one.reference_period_start,
        "reference_period_end": one.reference_period_end,
        "cumulative_since": one.cumulative_since,
        "as_of": one.reference_period_end,
        "value": one.value,
        "value_raw": one.value_raw,
        "qualifier": one.qualifier,
        "published_on": report.published_on,
        "known_from": report.published_on,
        "retrieved_at": report.retrieved_at,
        "source_url": report.url,
        "content_sha256": report.sha256,
        "locator": f"{report.where}: characters {one.value_start} to {one.value_end}{end}",
        "caveat": one.caveat,
    }


def _listed(document: Document) -> Iterator[Report]:
    """The reports of ReliefWeb's list that have a text in English and all their provenance."""
    for n, item in enumerate(reliefweb.items(document)):
        fields = item.get("fields") if isinstance(item, dict) else None
        if not isinstance(fields, dict):
            continue
        report = _report(fields, f"data[{n}].fields.body", document)
        if report is not None:
            yield report


def _report(fields: Mapping[str, Any], where: str, document: Document) -> Report | None:
    body, title = fields.get("body"), fields.get("title")
    url = fields.get("url_alias") or fields.get("url")
    publishers = [
        str(entry.get("shortname") or entry.get("name"))
        for entry in fields.get("source") or []
        if isinstance(entry, dict) and (entry.get("shortname") or entry.get("name"))
    ]
    dates = fields.get("date")
    dates = dates if isinstance(dates, dict) else {}
    try:
        day = date.fromisoformat(str(dates.get("original") or dates.get("created"))[:10])
    except ValueError:
        return None
    if not isinstance(body, str) or not isinstance(title, str) or not isinstance(url, str):
        return None
    if len(publishers) != 1 or not url.startswith(("https://", "http://")):
        return None  # a figure has one publisher; of a joint report nobody can say whose it is
    # The title is the first line of the text: it names the month and the series. Offsets count it.
    text = f"{title}\n\n{body}"
    return Report(text, publishers[0], url, day, where, document.sha256, document.fetched_at)


SOURCE: Final = Source(
    name=NAME,
    title="Figures out of reports, accepted by a person",
    publisher="Several; each figure names its own",
    homepage="https://reliefweb.int/updates?primary_country=226",
    licence="facts",
    attribution="Each figure names its publisher and address",
    cadence=timedelta(days=1),
    late_after=timedelta(days=14),
    api=reliefweb.API,
    fetch=fetch,
    read=read,
    complete=False,
    key="required",
    reviewed=True,
)
