"""The words of a Word or OpenDocument file. Pure; bounded: neither may open into gigabytes."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree

from pipelines.errors import SourceChanged

MOST_BYTES: Final = 40_000_000
"""Of a part, unpacked: a zip of a megabyte may hold a thousand."""
_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
UNREADABLE: Final = "The file cannot be read as a document; save its text to a file instead."


def office_text(body: bytes) -> str | None:
    """The words of the document, a blank line between paragraphs; None where it is neither.

    Raises:
        SourceChanged: It is damaged, or larger than a report can be.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            names = set(packed.namelist())
            if "word/document.xml" in names:
                return "\n\n".join(_of_word(_part(packed, "word/document.xml")))
            if "content.xml" in names:
                return "\n\n".join(_of_open_document(_part(packed, "content.xml")))
    except SourceChanged:
        raise
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, OSError, EOFError,
            NotImplementedError, RuntimeError, UnicodeDecodeError, ValueError):  # fmt: skip
        raise SourceChanged(UNREADABLE) from None
    return None


def _part(packed: zipfile.ZipFile, name: str) -> bytes:
    with packed.open(name) as opened:
        read = opened.read(MOST_BYTES + 1)
    if len(read) > MOST_BYTES:
        raise SourceChanged("The document is larger than a report can be; split it.")
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", read[:4096]):
        raise SourceChanged(UNREADABLE)  # entities can grow without end
    return read


def _of_word(part: bytes) -> Iterator[str]:
    root = ElementTree.fromstring(part)  # noqa: S314 - no DOCTYPE, so no entities
    for paragraph in root.iter(f"{_WORD}p"):
        words = [
            {f"{_WORD}tab": "\t", f"{_WORD}br": "\n"}.get(node.tag, node.text or "")
            for node in paragraph.iter()
            if node.tag in (f"{_WORD}t", f"{_WORD}tab", f"{_WORD}br")
        ]
        listed = paragraph.find(f"{_WORD}pPr/{_WORD}numPr") is not None
        if text := "".join(words).strip():
            yield f"• {text}" if listed else text


def _of_open_document(part: bytes) -> Iterator[str]:
    root = ElementTree.fromstring(part)  # noqa: S314 - no DOCTYPE, so no entities
    in_lists = {id(p) for item in root.iter(f"{_TEXT}list-item") for p in item.iter(f"{_TEXT}p")}
    for node in root.iter():
        if node.tag not in (f"{_TEXT}p", f"{_TEXT}h"):
            continue
        if text := " ".join(_text_of(node).split()):
            yield f"• {text}" if id(node) in in_lists else text


def _text_of(node: ElementTree.Element) -> str:
    text = node.text or ""
    for child in node:
        if child.tag in (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"):
            text += " "
        elif child.tag != f"{_TEXT}note":
            text += _text_of(child)
        text += child.tail or ""
    return text
