"""The text of a report's file: plain text, HTML, PDF, Word or OpenDocument. Pure."""

import io
import re
from typing import Final

from pipelines.errors import SourceChanged

MOST_PAGES: Final = 300
MOST_CHARACTERS: Final = 5_000_000
ENCODINGS: Final = ("utf-8-sig", "cp1252")


def text_of(body: bytes, name: str = "") -> str:
    """The text that a reader of the file sees.

    Args:
        body: The file.
        name: Its name; only its ending is looked at, and only where the bytes do not say.

    Raises:
        SourceChanged: A PDF that cannot be read or holds no text (a scan), or bytes that are no
            text.
    """
    if body.startswith(b"%PDF-"):
        return _pdf(body)
    if body.startswith(b"PK\x03\x04"):
        from pipelines.extract.office_files import office_text

        if (words := office_text(body)) is not None:
            return words[:MOST_CHARACTERS]
    if body.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff")):
        raise SourceChanged(
            "The file is no text; save the report as text, HTML, PDF or DOCX first."
        )
    text = _decoded(body)
    is_html = name.lower().endswith((".html", ".htm")) or re.match(
        r"\s{0,200}<(?:!doctype html|html|body|p|div|h1)\b", text[:300], re.IGNORECASE
    )
    if is_html:
        from pipelines.extract.html_text import html_text

        text = html_text(text[:MOST_CHARACTERS])
    return text[:MOST_CHARACTERS]


def _decoded(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace")
    if b"\x00" in body[:4096]:
        raise SourceChanged(
            "The file is no text; save the report as text, HTML, PDF or DOCX first."
        )
    for encoding in ENCODINGS:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SourceChanged("The file's characters are in no known encoding; save it as UTF-8.")


def _pdf(body: bytes) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    from pipelines.extract.pdf_lines import as_read

    try:
        reader = PdfReader(io.BytesIO(body))
        pages = [page.extract_text() for page in reader.pages[:MOST_PAGES]]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError,
            RecursionError, NotImplementedError, OSError) as error:  # fmt: skip
        # What a damaged PDF raises inside the library is of many kinds.
        raise SourceChanged(
            f"The PDF cannot be read ({type(error).__name__}); save its text to a file instead."
        ) from None
    text = "\n\n".join(map(as_read, pages))[:MOST_CHARACTERS]
    if not text.strip():
        raise SourceChanged("The PDF holds no text (a scan?); type its sentences into a text file.")
    return text
