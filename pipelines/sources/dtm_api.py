"""IOM DTM's own API, version 3: the same counts as through HDX, days earlier, for who has a key."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from data.gazetteer.area import Area
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.json_documents import decoded
from pipelines.publishers import dtm
from pipelines.source import DocumentClient, Reading

API: Final = "DTM"
BASE: Final = "https://dtmapi.iom.int/v3/"
KEY_HEADER: Final = "Ocp-Apim-Subscription-Key"
LEVELS: Final = (0, 1, 2)
_NAME: Final = "displacement-{country}-admin{level}"


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """Every round of each country of the area, one answer for each level."""
    headers = {KEY_HEADER: settings.key.get(API, "")}
    base = settings.base(API, BASE)
    for country in area.origins:
        for level in LEVELS:
            yield client.get(
                f"{base}displacement/admin{level}",
                {"Admin0Pcode": country},
                name=_NAME.format(country=country, level=level),
                headers=headers,
            )


def read(documents: Sequence[Document], area: Area) -> Reading:
    """IDP stocks of the area's countries by operation, round, place and assessment type.

    Raises:
        SourceChanged: An answer is none of the API's, says that it failed, or lacks a column.
        UnknownPlace: A code that the places table lacks.
    """
    rows = dtm.Rows.of(_sent(documents))
    levels = [_level(document) for document in rows.documents]
    figures = dtm.figures(rows, levels, area.origins)
    if not len(figures):
        raise SourceChanged(f"DTM's API holds nothing about {', '.join(area.origins)}.")
    return Reading(figures)


def _sent(documents: Sequence[Document]) -> Iterator[tuple[Document, str, dict[str, object]]]:
    for document in documents:
        needed = [name for name in dtm.COLUMNS if name not in _below(_level(document))]
        for number, row in enumerate(_result(document)):
            absent = [name for name in needed if name not in row]
            if absent:
                raise SourceChanged(f"DTM's API has no {', '.join(absent)} any more.")
            yield document, f"result[{number}]", row


def _level(document: Document) -> int:
    level = next((n for n in LEVELS if document.name.endswith(f"-admin{n}")), None)
    if level is None:
        raise SourceChanged(f"{document.name} is none of the documents that are asked of DTM.")
    return level


def _below(level: int) -> set[str]:
    """The codes that an answer at this level does not have."""
    return {f"admin{deeper}Pcode" for deeper in LEVELS if deeper > level}


def _result(document: Document) -> list[dict[str, object]]:
    try:
        answer = decoded(document)
    except (ValueError, RecursionError):
        raise SourceChanged(f"{document.name} is not JSON.") from None
    if not isinstance(answer, dict) or not isinstance(answer.get("result"), list):
        raise SourceChanged(f"{document.name} is no answer of DTM's API.")
    if answer.get("isSuccess") is False:
        raise SourceChanged(f"DTM's API says that it failed to answer {document.name}.")
    rows = answer["result"]
    if not all(isinstance(row, dict) for row in rows):
        raise SourceChanged(f"{document.name} holds rows that are none.")
    return rows


SOURCE: Final = dtm.table(
    name="dtm_api",
    title="DTM API: IDPs by operation and round",
    homepage="https://dtm.iom.int/data-and-analysis/dtm-api",
    cadence=timedelta(days=1),
    late_after=timedelta(days=7),
    api=API,
    fetch=fetch,
    read=read,
    key="required",
    replaced_by="dtm_api_hdx",
    origin_rank=1,
)
