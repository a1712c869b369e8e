"""Whether a border crossing is open, as somebody published it on a day. A ledger: rows stay.

Nobody publishes the state of the crossings between Syria and Türkiye as data; an office notes it
from notices of the authorities and the Logistics Cluster. Each row is dated and says who says so.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import pandas as pd

from data.gazetteer import crossings
from data.gazetteer.area import Area
from data.schema.codes import CROSSING_STATES
from data.schema.tables import CROSSING_STATUSES, FIGURES
from data.store import Document
from pipelines.forms import templates
from pipelines.forms.templates import Field, Row, Template
from pipelines.source import Reading, brought_by_hand, provenance_of

NAME: Final = "crossing_status"
SPELLINGS: Final = {
    "open": "active",
    "operational": "active",
    "functional": "active",
    "partially open": "restricted",
    "partial": "restricted",
    "limited": "restricted",
    "suspended": "closed",
    "shut": "closed",
}
TEMPLATE: Final = Template(
    name=NAME,
    title="Status of border crossings between Syria and Türkiye, dated",
    fields=(
        Field("crossing", "Code or name of the crossing, of either side", "Bab al-Hawa",
              needed=True, also=("crossing_code", "name", "gate")),
        Field("status", f"One of {', '.join(CROSSING_STATES)}", "active", needed=True),
        Field("as_of", "The day of that status", "2026-05-25", needed=True,
              also=("status_as_of", "date")),
        Field("publisher", "Who says so", "Logistics Cluster", also=("status_source",)),
        templates.PUBLISHED_ON,
        templates.SOURCE_URL,
    ),
    notes=("Earlier rows stay; one of the same crossing, day and publisher is replaced.",),
)  # fmt: skip


def read(documents: Sequence[Document], area: Area) -> Reading:
    """No figures; the table `crossing_statuses`, one row for each crossing, day and publisher.

    Raises:
        SourceChanged: The form lacks a column, or rows do not fit; each is named.
    """
    rows: list[dict[str, object]] = []
    remarks: list[str] = []
    for document in documents:
        found, more = templates.read(document, TEMPLATE, _take)
        remarks += more
        rows += found
    table = pd.DataFrame(rows).drop_duplicates(list(CROSSING_STATUSES.key), keep="last")
    tables = {CROSSING_STATUSES.name: CROSSING_STATUSES.conform(table)}
    return Reading(FIGURES.none, tables, remarks=tuple(remarks))


def _take(row: Row, found: list[dict[str, object]]) -> None:
    name = row.text("crossing")
    codes = crossings.codes_by_name(name)
    if not codes:
        row.fault(f"crossing {name!r} is not known")
    elif len(codes) > 1:
        row.fault(f"{name!r} may be {' or '.join(sorted(codes))}; write the code")
    printed = " ".join(row.text("status").casefold().split())
    status = SPELLINGS.get(printed, printed)
    if status not in CROSSING_STATES:
        row.fault(f"status {row.text('status')!r} is none of {', '.join(CROSSING_STATES)}")
    day, publisher, url = row.day("as_of", needed=True), row.publisher(), row.address()
    published = row.published()
    if row.faults or day is None:
        return
    key = (next(iter(codes)), day, publisher)
    if any((x["crossing_code"], x["as_of"], x["publisher"]) == key for x in found):
        row.fault("the same crossing, day and publisher as a row above")
        return
    found.append(
        {
            "crossing_code": key[0],
            "status": status,
            "as_of": day,
            "publisher": publisher,
            "published_on": published,
            **provenance_of(row.document, f"{row.document.name}: {row.at}", url),
        }
    )


SOURCE: Final = brought_by_hand(
    name=NAME,
    title="Border crossings: dated status",
    publisher="Several; each row names its own",
    homepage="https://logcluster.org/en/ops/syr11",
    licence="facts",
    attribution="Each row names its publisher and address",
    late_after=timedelta(days=90),
    countries=("SYR",),
    read=read,
    ledger=True,
    tables=(CROSSING_STATUSES.name,),
)
