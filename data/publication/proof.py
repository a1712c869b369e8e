"""A number's proof: the bytes it was read from, where it stands in them, a script that shows it.

The zip is an RO-Crate (1.3): `ro-crate-metadata.json` says what each file is, whose and under which
licence. Whoever has the zip and Python needs nothing of this project to check the number.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pandas as pd

from data.publication.exports import as_bytes, records
from data.store import FigureFilter, Release, Store

SCRIPT: Final = "show_the_number.py"
CRATE: Final = "https://w3id.org/ro/crate/1.3"
"""The first versions have no word for a hash: there `sha256` would mean nothing."""
MEANING: Final[Mapping[str, str]] = {
    "figure.json": "The figure, every column, and the name of the file it was read from.",
    "versions.csv": "Every published version of the figure.",
    SCRIPT: "Shows the number in the bytes; it needs Python and nothing else.",
    "README.txt": "What the files are and how to check them.",
}
ENDINGS: Final[Mapping[str, str]] = {
    "application/json": "json",
    "text/csv": "csv",
    "text/plain": "txt",
    "text/html": "html",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
_STILL: Final = (1980, 1, 1, 0, 0, 0)
"""The same figure makes the same zip."""


class CannotProve(Exception):  # noqa: N818 - reads as a fact where it is raised
    """A figure that has no stored bytes, or is not there."""


def figure(release: Release, figure_id: str) -> dict[str, Any]:
    """The newest version of a figure, every column.

    Raises:
        CannotProve: There is no such figure.
    """
    found = release.figures(FigureFilter(figure_id=(figure_id,)))
    if found.empty:
        raise CannotProve(
            f"There is no figure {figure_id!r}; `nuzuh figures` lists ids in its first column."
        )
    return records(found)[0]


@dataclass(frozen=True, slots=True)
class Sent:
    """The bytes that a figure was read from, as they were sent, and their stated type."""

    body: bytes
    content_type: str


def sent(store: Store, release: Release, row: Mapping[str, Any]) -> Sent:
    """The bytes that a figure was read from; they are read from the store once.

    Raises:
        CannotProve: It has no value, or its bytes are not stored.
        StoreBroken: They are stored and altered.
    """
    if row["value"] is None:
        raise CannotProve("That figure has no number: its publisher reported none.")
    digest, via = str(row["content_sha256"]), str(row["via"])
    copy = store.copies(release, via).get(digest)
    if copy is None:
        raise CannotProve(
            "The bytes that this figure was read from are not in this store; "
            f"fetch the source again: nuzuh run {via}."
        )
    return Sent(store.bytes_of(via, copy), copy.content_type)


def made(release: Release, row: Mapping[str, Any], sent: Sent) -> bytes:
    """The zip.

    Args:
        release: Whose figure.
        row: The figure, every column, as `figure` gives it.
        sent: The bytes it was read from.
    """
    digest, body = str(row["content_sha256"]), sent.body
    name = f"sent/{digest[:16]}.{ENDINGS.get(sent.content_type, 'bin')}"
    listed = {**row, "file": name}
    versions = release.vintages(FigureFilter(figure_id=(str(row["figure_id"]),)))
    files: dict[str, bytes] = {
        name: body,
        "figure.json": json.dumps(listed, ensure_ascii=False, indent=1).encode() + b"\n",
        "versions.csv": as_bytes(versions, "csv", public=False),
        SCRIPT: Path(__file__).with_name(SCRIPT).read_bytes(),
        "README.txt": _readme(row, name).encode(),
    }
    sources = release.table("sources")
    crate = _crate(
        files, row, name, sent.content_type, sources[sources["source"].eq(row["source"])]
    )
    files["ro-crate-metadata.json"] = json.dumps(crate, ensure_ascii=False, indent=1).encode()
    files["hashes.sha256"] = "".join(
        f"{sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items())
    ).encode()
    return _zipped(files)


def _readme(row: Mapping[str, Any], name: str) -> str:
    return (
        f"{row['value']:,} · {row['population_group']} · {row['measure']} · {row['unit']} · "
        f"{row['place_code']} · {row['as_of']}\n"
        f"Published by {row['publisher']}: {row['dataset']}\n{row['source_url']}\n"
        f"Licence: {row['licence']}\n\n"
        f"{name} holds the bytes as they were sent; {row['locator']} is where the number stands.\n"
        f"versions.csv lists every published version. To check without Nuzuh:\n\n"
        f"    python3 -I {SCRIPT}\n"
    )


def _crate(
    files: Mapping[str, bytes],
    row: Mapping[str, Any],
    name: str,
    content_type: str,
    register: pd.DataFrame,
) -> dict[str, Any]:
    """The RO-Crate's metadata: what each file is, whose, and under which licence."""
    licence = {"@id": "#licence"}
    publisher = {"@id": "#publisher"}
    homepage = None if register.empty else register["homepage"].iloc[0]
    kinds = {"csv": "text/csv", "json": "application/json", "py": "text/x-python"}
    listed = [
        {
            "@id": path,
            "@type": "File",
            "name": path,
            "description": MEANING.get(
                path, "The bytes that the publisher sent, as they were sent."
            ),
            "contentSize": str(len(content)),
            "sha256": sha256(content).hexdigest(),
            "encodingFormat": content_type
            if path == name
            else kinds.get(path.rpartition(".")[2], "text/plain"),
            **({"publisher": publisher} if path == name else {}),
            **({"url": row["source_url"]} if path == name and row["source_url"] else {}),
        }
        for path, content in files.items()
    ]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{row['publisher']}: {row['value']:,} in {row['place_code']}",
        "description": (
            f"The figure {row['figure_id']} and the bytes it was read from; "
            f"{row['locator']} is where it stands."
        ),
        "datePublished": str(row["published_on"] or row["known_from"]),
        "license": licence,
        "publisher": publisher,
        "hasPart": [{"@id": each["@id"]} for each in listed],
    }
    return {
        "@context": f"{CRATE}/context",
        "@graph": [
            {
                "@id": "ro-crate-metadata.json",
                "@type": "CreativeWork",
                "conformsTo": {"@id": CRATE},
                "about": {"@id": "./"},
            },
            root,
            {
                "@id": "#licence",
                "@type": "CreativeWork",
                "name": row["licence"],
                "description": "The publisher's terms for these bytes and figures.",
            },
            {
                "@id": "#publisher",
                "@type": "Organization",
                "name": row["publisher"],
                **({"url": str(homepage)} if isinstance(homepage, str) else {}),
            },
            *listed,
        ],
    }


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path, content in files.items():
            zipped.writestr(zipfile.ZipInfo(path, _STILL), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
