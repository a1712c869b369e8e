"""The figures that the project carries: published numbers, each with publisher, date and address.

One CSV for each family lies in `data/reference/figures`, in the columns of `tables.FIGURES`; places
are codes already. They make the first start show real history. UNHCR's past releases among them
belong to the live sources' series, which take them over at their first run.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import pandas as pd

from data.gazetteer import places
from data.gazetteer.area import Area
from data.schema.tables import FIGURES
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.source import DocumentClient, Reading, Source

FOLDER: Final = places.REFERENCE.parent / "figures"
NOTED: Final = datetime(2026, 11, 30, tzinfo=UTC)
"""When the tables were last written; the same on every machine."""
NEEDED: Final = ("source", "publisher", "dataset", "measure", "place_code", "value", "known_from")


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """Each carried table, as it lies on the disk."""
    for path in sorted(FOLDER.glob("*.csv")):
        yield Document(
            name=path.name,
            url=f"data/reference/figures/{path.name}",
            body=path.read_bytes(),
            fetched_at=NOTED,
            headers={"content-type": "text/csv"},
        )


def read(documents: Sequence[Document], area: Area) -> Reading:
    """Every carried row of the area's people as a figure, with the places' codes filled in.

    Raises:
        SourceChanged: A table lacks a column, or there is none.
        UnknownPlace: A place code is in no table; the message names it.
    """
    if not documents:
        raise SourceChanged("No carried table is in data/reference/figures; check out again.")
    found = pd.concat([_read_one(document) for document in documents], ignore_index=True)
    return Reading(FIGURES.rows(found[_of_area(found, area)]))


def _of_area(figures: pd.DataFrame, area: Area) -> "pd.Series[bool]":
    """Whether a figure is about people of the area's countries, or about all whom a host hosts."""
    origin = figures["origin_location_code"]
    everybody = origin.isna() & figures["location_code"].isin(area.hosts)
    return origin.fillna(figures["location_code"]).isin(area.origins) | everybody


def _read_one(document: Document) -> pd.DataFrame:
    table = _table(document)
    absent = [name for name in NEEDED if name not in table.columns]
    if absent:
        raise SourceChanged(f"{document.url} lacks {', '.join(absent)}.")
    nowhere = table.index[table["place_code"].isna()]
    if len(nowhere):
        raise SourceChanged(f"{document.url}, row {nowhere[0] + 2}: place_code is empty.")
    codes = {code: places.codes(code) for code in table["place_code"].unique()}
    for column in ("location_code", "admin_level", "admin1_code", "admin2_code", "admin3_code"):
        table[column] = table["place_code"].map({c: known[column] for c, known in codes.items()})
    # A table without origins is about everybody; the columns are there all the same, as text.
    origin = table.get("origin_code", pd.Series(pd.NA, index=table.index, dtype="string"))
    origins = {code: places.codes(code) for code in origin.dropna().unique()}
    for column, part in (
        ("origin_location_code", "location_code"),
        ("origin_admin1_code", "admin1_code"),
    ):
        table[column] = origin.map({c: o[part] for c, o in origins.items()}).astype("string")
    table["value"] = _whole(table["value"], document)
    table["value_raw"] = table["value"].astype("string")
    table["content_sha256"] = document.sha256
    table["retrieved_at"] = document.fetched_at
    table["locator"] = [f"{document.name}: row {number + 2}" for number in range(len(table))]
    return table


def _table(document: Document) -> pd.DataFrame:
    """The cells as text, null where empty; a row with a cell too many would shift its figures."""
    try:
        text = document.body.decode("utf-8-sig")
        heading, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    except (ValueError, csv.Error) as error:
        reason = " ".join(str(error).split())
        raise SourceChanged(f"{document.url} is not a table of UTF-8 text ({reason}).") from None
    if len(set(heading)) < len(heading):
        raise SourceChanged(f"{document.url} names a column twice.")
    for number, row in enumerate(rows):
        if len(row) != len(heading):
            raise SourceChanged(
                f"{document.url}, row {number + 2}: {len(row)} cells for {len(heading)} columns."
            )
    return pd.DataFrame(rows, columns=heading, dtype="string").replace("", pd.NA)


def _whole(printed: "pd.Series[str]", document: Document) -> "pd.Series[int]":
    """The numbers of a column; what is none is named with its row."""
    given = printed.str.strip()
    wrong = given.index[given.notna() & ~given.str.fullmatch(r"[0-9]{1,15}").fillna(False)]
    if len(wrong):
        row = wrong[0]
        raise SourceChanged(
            f"{document.url}, row {row + 2}: {str(given[row])[:30]!r} is no whole number."
        )
    return given.astype("Int64")


SOURCE: Final = Source(
    name="published_figures",
    title="Figures carried with the project",
    publisher="Several; each figure names its own",
    homepage="https://reliefweb.int",
    licence="facts",
    attribution="Each figure names its publisher and address",
    cadence=timedelta(days=30),
    late_after=timedelta(days=3650),
    api=None,
    fetch=fetch,
    read=read,
)
