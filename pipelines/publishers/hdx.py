"""What the sources on HDX share: which files a dataset holds today, and how its CSV is written.

Identifiers and addresses change whenever a publisher uploads a file again, so a dataset is looked
up on every run. Its CSV may start with a byte order mark and may have a row of HXL tags below the
heading; both come and go without notice.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final
from urllib.parse import urlsplit

from data.settings import Settings
from data.store import Document
from pipelines import bounds
from pipelines.errors import SourceChanged, SourceUnavailable
from pipelines.json_documents import decoded
from pipelines.publishers import cells
from pipelines.source import DocumentClient, Expected

API: Final = "HDX"
BASE: Final = "https://data.humdata.org/api/3/action/"
HOSTS: Final = ("data.humdata.org", ".amazonaws.com")
"""Endings of the hosts where HDX's files lie and are redirected to."""
PACKAGE: Final = "package"
"""Last part of the name of the document that describes a dataset."""
"""Name of a read table's index: the row of the file as a spreadsheet numbers it."""
_TAG: Final = re.compile(r"#[a-z][a-z0-9_]*(\s*\+\s*[a-z0-9_]+)*", re.IGNORECASE)


@dataclass(frozen=True)
class Resource:
    """One file of a dataset, as HDX describes it today.

    Attributes:
        id: HDX's identifier; another one after every new upload.
        name: Title that the publisher gave the file.
        url: Address to fetch it at.
        format: Such as CSV or XLSX, in upper case; empty where HDX has none.
        last_modified: When the file was last changed, ISO 8601, UTC; empty where HDX has none.
        description: The publisher's words about it; empty where there are none.
    """

    id: str
    name: str
    url: str
    format: str
    last_modified: str
    description: str


def package(client: DocumentClient, settings: Settings, slug: str) -> Document:
    """HDX's description of a dataset, called `<slug>/package`.

    Raises:
        SourceUnavailable: HDX gave no description.
    """
    url = settings.base(API, BASE) + "package_show"
    return client.get(url, {"id": slug}, name=f"{slug}/{PACKAGE}")


def resources(described: Document) -> list[Resource]:
    """The files of a dataset that have an address, the one changed last first.

    Args:
        described: What `package` gave.

    Raises:
        SourceChanged: The description lists no files.
    """
    slug = described.name.removesuffix(f"/{PACKAGE}")
    try:
        answer = decoded(described)
    except (ValueError, RecursionError):
        raise SourceChanged(f"HDX's description of {slug} is not JSON.") from None
    result = answer.get("result") if isinstance(answer, dict) else None
    listed = result.get("resources") if isinstance(result, dict) else None
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise SourceChanged(f"HDX's description of {slug} lists no resources.")
    found = [_resource(entry) for entry in listed if entry.get("url")]
    # Twice sorted, since the identifier must not count backwards where two changed at once.
    by_id = sorted(found, key=lambda resource: resource.id)
    return sorted(by_id, key=lambda resource: resource.last_modified, reverse=True)


def newest(
    among: Sequence[Resource], what: str, named: str, *, formats: Sequence[str] = ()
) -> Resource:
    """The file changed last among those whose name, file name or format fits.

    Args:
        among: What `resources` gave.
        what: The dataset, for the message.
        named: Regular expression, found anywhere in one of the three, whatever its case.
        formats: Formats that will do, in upper case; empty for any.

    Raises:
        SourceChanged: None fits; the message names those there are.
    """
    pattern = re.compile(named, re.IGNORECASE)
    for resource in among:
        texts = (resource.name, file_name(resource), resource.format)
        if any(map(pattern.search, texts)) and (not formats or resource.format in formats):
            return resource
    there = ", ".join(repr(resource.name) for resource in among[:5]) or "none"
    raise SourceChanged(
        f"HDX's {what} has no file called like {named!r} any more; it has: {there}."
    )


def file_name(resource: Resource) -> str:
    """Last part of the file's address."""
    return urlsplit(resource.url).path.rsplit("/", 1)[-1]


def download(
    client: DocumentClient,
    settings: Settings,
    resource: Resource,
    name: str,
    expect: Expected = "csv",
) -> Document:
    """One file, from HDX or where HDX's own downloads lie.

    Raises:
        SourceUnavailable: It lies elsewhere, or could not be had.
    """
    at, base = urlsplit(resource.url), urlsplit(settings.base(API, BASE))
    here = (at.scheme, at.netloc) == (base.scheme, base.netloc)
    if not here and not (at.scheme == "https" and (at.hostname or "").endswith(HOSTS)):
        raise SourceUnavailable(
            f"HDX sends to another host ({at.hostname}) for {resource.name!r}; "
            "open it in a browser to see why."
        )
    return client.get(resource.url, name=name, expect=expect, allowed_redirect_hosts=HOSTS)


def fetch_files(
    client: DocumentClient,
    settings: Settings,
    slug: str,
    pick: Callable[[list[Resource]], Sequence[tuple[str, Resource]]],
    expect: Expected = "csv",
) -> Iterator[Document]:
    """A dataset's description and the files picked from it, as they stood together.

    Args:
        client: The way out.
        settings: May name another HDX.
        slug: The dataset's name in its address.
        pick: Chooses among its files; gives each the name of its document.
        expect: What the files must be.

    Yields:
        The description first.

    Raises:
        SourceUnavailable: A file could not be had, or one was replaced meanwhile: half of them
            would be of another edition.
        SourceChanged: The dataset has no such file any more.
    """
    described = package(client, settings, slug)
    yield described
    picked = pick(resources(described))
    for name, resource in picked:
        yield download(client, settings, resource, name, expect)
    now = pick(resources(package(client, settings, slug)))
    if [(n, r.id, r.last_modified) for n, r in now] != [
        (n, r.id, r.last_modified) for n, r in picked
    ]:
        raise SourceUnavailable(
            f"HDX's {slug} was replaced while it was being fetched; it will be asked again later."
        )


def records(
    document: Document, needed: Sequence[str] = ()
) -> Iterator[tuple[int, dict[str, str | None]]]:
    """What `rows` gives, each cell cleaned; None where one says nothing (`cells.NOTHING`)."""
    texts = cells.Texts()
    for number, row in rows(document, needed):
        yield number, {name: texts[cell] for name, cell in row.items()}


def rows(document: Document, needed: Sequence[str] = ()) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file of HDX, every cell as it is printed.

    Args:
        document: UTF-8, comma between cells, a heading in its first row; with or without a byte
            order mark and a row of HXL tags.
        needed: Columns it must have.

    Returns:
        Each row's number in the file, counted from 1, the heading included; and its cells by the
        heading's names. A row of tags or without any text is left out.

    Raises:
        SourceChanged: Another charset, no heading, a column that is missing or stands twice, or a
            row with more cells than the heading; before the first row is given.
    """
    lines = _lines(document)
    heading = _heading(next(lines, []), needed, document)
    numbers, found = list[int](), list[dict[str, str]]()
    for number, line in enumerate(lines, start=2):
        if not any(map(str.strip, line)) or (number == 2 and is_tags(line)):
            continue
        if any(map(str.strip, line[len(heading) :])):
            raise SourceChanged(f"Row {number} of {document.name} has more cells than its heading.")
        numbers.append(number)
        found.append(dict(zip_longest(heading, line[: len(heading)], fillvalue="")))
    yield from zip(numbers, found, strict=True)


def _heading(row: Sequence[str], needed: Sequence[str], document: Document) -> list[str]:
    """The names of the columns.

    Raises:
        SourceChanged: There are none, one is missing or stands twice.
    """
    if not any(cell.strip() for cell in row):
        raise SourceChanged(f"{document.name} has no heading in its first row.")
    heading = [cell.strip() for cell in row]
    while heading and not heading[-1]:
        heading.pop()
    absent = [name for name in needed if name not in heading]
    if absent:
        raise SourceChanged(f"{document.name} has no column {', '.join(absent)} any more.")
    twice = sorted({name for name in heading if heading.count(name) > 1})
    if twice:
        raise SourceChanged(f"{document.name} has several columns {', '.join(map(repr, twice))}.")
    return heading


def is_tags(row: Sequence[Any]) -> bool:
    """Whether a row holds HXL tags: most cells that are not empty are; a stray word may be."""
    filled = [str(cell).strip() for cell in row if cell is not None and str(cell).strip()]
    tags = sum(_TAG.fullmatch(cell) is not None for cell in filled)
    return tags > len(filled) / 2


def text_of(document: Document) -> str:
    """A file's text, without byte order mark.

    Raises:
        SourceChanged: It is not UTF-8, or lost letters when somebody converted it.
    """
    try:
        text = document.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceChanged(
            f"{document.name} is not UTF-8 (byte {error.start:,}); save it as UTF-8 and import it."
        ) from None
    for sign, what in (
        ("\ufffd", "lost letters when its charset was changed"),
        ("\0", "is no text"),
    ):
        if sign in text:
            raise SourceChanged(f"{document.name} {what}; get it again from HDX.")
    return text


def _lines(document: Document) -> Iterator[list[str]]:
    text = text_of(document)
    bounds.must_be_a_fair_table(text, ",", document.name)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error as error:
        raise SourceChanged(f"{document.name} is not readable as CSV ({error}).") from None


def _resource(entry: dict[str, Any]) -> Resource:
    def field(name: str) -> str:
        return str(entry.get(name) or "").strip()

    return Resource(
        id=field("id"),
        name=field("name"),
        url=field("url"),
        format=field("format").upper(),
        last_modified=field("last_modified"),
        description=field("description"),
    )
