"""UNHCR's footnotes to its own figures: who counted, what is estimated, where a method changed.

No figures; they fill the table `caveats`. The publisher gives no number to a footnote, so each is
named by a hash of what it says and of whom: its name stays when others come before it.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from hashlib import blake2b
from typing import Any, Final

import pandas as pd

from data.gazetteer.area import Area
from data.schema.tables import CAVEATS, FIGURES
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.publishers import unhcr as api
from pipelines.source import DocumentClient, Reading, no_day

NAME: Final = "unhcr_footnotes"
COLUMNS: Final = ("footnote", "year", "coo_iso", "coa_iso", "population_type")


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """Every footnote: there are few, and one without a country is about all of them."""
    yield from api.pages(client, settings, "footnotes", "footnotes", {})


def read(documents: Sequence[Document], area: Area) -> Reading:
    """The table `caveats`: one row for each footnote that touches the area's figures.

    That is: about an origin of the area, about asylum in one of its countries, or about no country.
    """
    notes: dict[str, dict[str, object]] = {}
    seen = 0
    for item, document, _ in api.rows(documents, "footnotes/", COLUMNS):
        seen += 1
        origin, country = api.iso3(item, "coo"), api.iso3(item, "coa")
        text = _plain(item["footnote"])
        of_no_country = origin is None and country is None
        if not text or not (origin in area.origins or country in area.countries or of_no_country):
            continue
        note: dict[str, object] = {
            "source": NAME,
            "location_code": country,
            "origin_location_code": origin,
            "population_group": " ".join(
                str(item["population_type"] or "").replace(",", " ").split()
            )
            or None,
            "years": " ".join(str(item["year"] or "").split()) or None,
            "text": text,
        }
        notes.setdefault(
            _named(note),
            note | {"content_sha256": document.sha256, "retrieved_at": document.fetched_at},
        )
    if not notes:
        raise SourceChanged(f"None of UNHCR's {seen} footnotes is about the area.")
    table = pd.DataFrame([note | {"footnote_id": name} for name, note in notes.items()])
    return Reading(FIGURES.none, {CAVEATS.name: CAVEATS.conform(table)})


def _plain(text: Any) -> str:
    """One space between words, one line break between paragraphs: they come with CR CR LF."""
    lines = (" ".join(line.split()) for line in str(text or "").splitlines())
    return "\n".join(line for line in lines if line)


def _named(note: dict[str, object]) -> str:
    text = "\x1f".join(f"{key}={note[key] or ''}" for key in sorted(note))
    return blake2b(text.encode(), digest_size=6).hexdigest()


SOURCE: Final = api.table(
    name=NAME,
    title="Refugee Data Finder: footnotes",
    cadence=timedelta(days=30),
    late_after=timedelta(days=90),
    fetch=fetch,
    read=read,
    reading_depends_on=no_day,
    tables=(CAVEATS.name,),
)
