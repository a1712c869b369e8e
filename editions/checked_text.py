"""A checked text as a Word file: the text as it was, each number with a footnote on what was found.

The footnotes are Word's own, so that a writer who copies a paragraph takes them along.
"""

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from xml.sax.saxutils import escape

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from data.analysis.claims import Verdict
from visuals.language import claim_text
from visuals.language.words import Words

_NAME: Final = PackURI("/word/footnotes.xml")
_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_SEPARATORS: Final = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r>'
    "<w:continuationSeparator/></w:r></w:p></w:footnote>"
)
_UNPRINTABLE: Final = {n: None for n in range(32) if n not in (9, 10, 13)}


def render(words: Words, text: str, verdicts: Sequence[Verdict], day: date | None) -> bytes:
    """The file.

    Args:
        words: The language of the footnotes.
        text: The text as it was read.
        verdicts: One for each number, in the order of the text.
        day: The text's day, where it is known.
    """
    document: Any = Document()
    document.styles["Normal"].font.size = Pt(10.5)
    title = words("check.document.title", day=words.day(datetime.now(UTC).date()))
    _directed(document.add_heading(title, level=2), rtl=words.rtl)
    if day is not None:
        _directed(document.add_paragraph(words.day(day)), rtl=words.rtl)
    shown = [verdict for verdict in verdicts if verdict.code != "not_understood"]
    for start, end in _paragraphs(text):
        _paragraph(document, text, start, end, shown)
    _directed(document.add_paragraph(words("check.suggestion")), rtl=words.rtl)
    _attach(document, words, shown)
    document.core_properties.author = "Nuzuh"
    document.core_properties.title = title
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split("\n"):
        if line.strip():
            yield at, at + len(line)
        at += len(line) + 1


def _paragraph(document: Any, text: str, start: int, end: int, verdicts: Sequence[Verdict]) -> None:
    paragraph = document.add_paragraph()
    _directed(paragraph, rtl=_runs_from_right(text[start:end]))
    at = start
    for number, verdict in enumerate(verdicts, 1):
        if not start <= verdict.claim.start < end:
            continue
        stop = min(verdict.claim.end, end)
        if stop > at:
            _run(paragraph, text[at:stop], rtl=_runs_from_right(text[start:end]))
            at = stop
        paragraph._p.append(_reference(number))
    if at < end:
        _run(paragraph, text[at:end], rtl=_runs_from_right(text[start:end]))


def _run(paragraph: Any, text: str, *, rtl: bool) -> None:
    run = paragraph.add_run(text.translate(_UNPRINTABLE))
    if rtl:
        run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))


def _runs_from_right(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return sum("\u0590" <= c <= "\u08ff" for c in letters) * 2 > len(letters)


def _directed(paragraph: Any, *, rtl: bool) -> None:
    if rtl:
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))


def _reference(number: int) -> Any:
    return parse_xml(
        f'<w:r {nsdecls("w")}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        f'<w:footnoteReference w:id="{number}"/></w:r>'
    )


def _attach(document: Any, words: Words, verdicts: Sequence[Verdict]) -> None:
    notes = "".join(_note(words, number, verdict) for number, verdict in enumerate(verdicts, 1))
    body = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f"<w:footnotes {nsdecls('w')}>{_SEPARATORS}{notes}</w:footnotes>"
    )
    part = Part(_NAME, _TYPE, body.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _note(words: Words, number: int, verdict: Verdict) -> str:
    lines = [words(f"check.verdict.{verdict.code}"), claim_text.sentence(words, verdict)]
    lines += claim_text.why(words, verdict)
    lines += [claim_text.citation(words, row) for row in verdict.figures[:1]]
    line = escape(" · ".join(lines).translate(_UNPRINTABLE))
    direction = "<w:pPr><w:bidi/></w:pPr>" if words.rtl else ""
    right = "<w:rtl/>" if words.rtl else ""
    return (
        f'<w:footnote w:id="{number}"><w:p>{direction}'
        '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
        f'<w:r><w:rPr><w:sz w:val="17"/>{right}</w:rPr>'
        f'<w:t xml:space="preserve"> {line}</w:t></w:r></w:p></w:footnote>'
    )
