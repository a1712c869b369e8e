"""What a run works with, and a source, for tests of one publisher or none."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from data import settings
from data.gazetteer import area
from data.store import Document, Store
from pipelines.figures import table_of
from pipelines.http.client import Client
from pipelines.run.context import RunContext
from pipelines.source import Reading, Source

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Publisher:
    """What a fake source will answer next: rows, bytes, or an error to raise."""

    def __init__(self, **years: int) -> None:
        self.years = years or {"2024": 90_000, "2025": 100_000}
        self.body: bytes | None = None
        self.error: Exception | None = None

    def fetch(self, client: Any, given: Any, where: Any) -> list[Document]:
        if self.error is not None:
            raise self.error
        body = self.body if self.body is not None else json.dumps(self.years).encode()
        return [Document("table", "https://example.org/table", body, NOW)]


def read(documents: Any, where: Any) -> Reading:
    """A JSON object of year to number of IDPs in Idleb."""
    rows = [
        {
            "publisher": "Example",
            "dataset": "Table",
            "measure": "stock",
            "population_group": "IDP",
            "unit": "people",
            "place_code": "SY07",
            "location_code": "SYR",
            "admin_level": 1,
            "admin1_code": "SY07",
            "reference_period_start": f"{year}-01-01",
            "reference_period_end": f"{year}-12-31",
            "as_of": f"{year}-12-31",
            "value": value,
            "value_raw": str(value),
            "retrieved_at": document.fetched_at,
            "source_url": document.url,
            "content_sha256": document.sha256,
            "locator": f"$.{year}",
        }
        for document in documents
        for year, value in json.loads(document.body).items()
    ]
    return Reading(table_of(rows))


def fake_source(name: str = "example", publisher: Publisher | None = None, **more: Any) -> Source:
    """A weekly source without a publisher behind it."""
    given = {
        "name": name,
        "title": "Example",
        "publisher": "Example",
        "homepage": "https://example.org",
        "licence": "CC BY 4.0",
        "attribution": "Example",
        "cadence": timedelta(days=7),
        "late_after": timedelta(days=21),
        "api": "UNHCR",
        "fetch": (publisher or Publisher()).fetch,
        "read": read,
    }
    return Source(**(given | more))


def context_in(
    folder: Any, *sources: Source, now: Callable[[], datetime] = lambda: NOW, **given: Any
):
    """The area Idlib, a store in a folder, and a client that gives up at once."""
    return RunContext(
        store=Store(str(folder)),
        settings=settings.load(store=str(folder), **given),
        area=area.load("idlib"),
        client=Client("nuzuh-tests", retries=0, backoff=0, interval=0, timeout=(2, 2)),
        sources=sources,
        now=now,
    )


def bytes_of(folder: Any) -> dict[str, bytes]:
    """Everything published: the pointer and every file of every release and vintage."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for top in ("current.json", "releases", "vintages")
        for path in ([folder / top] if (folder / top).is_file() else (folder / top).rglob("*"))
        if path.is_file()
    }
