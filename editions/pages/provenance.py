"""Of every number its publisher, dates, address, licence and SHA-256, place by place."""

from functools import partial
from html import escape
from typing import Final

from data.analysis.cells import Row
from editions.content import ProvenancePage, provenance_file
from editions.layout import EditionReader, Page
from visuals.html import elements
from visuals.language import figure_text

LABELS: Final = ("group", "value", "period", "known_from", "caveat", "source")


def pages(reader: EditionReader) -> list[Page]:
    """Every page of provenance."""
    content = reader.content
    found = (*content.provenance, *content.provenance_of_compared)
    last = {page.place: page.number for page in found}
    title, words = reader.words("provenance.title"), reader.words
    return [
        Page(
            page.file,
            words("series.at", place=words.place(page.place), series=title),
            partial(_body, reader, page, last[page.place]),
            "places",
        )
        for page in found
    ]


def _body(reader: EditionReader, page: ProvenancePage, last: int) -> str:
    words, code, number = reader.words, page.place, page.number
    body = [_row(reader, row, at) for row, at in zip(page.figures, page.numbers, strict=True)]
    labels = "".join(f'<th scope="col">{escape(words(f"column.{n}"))}</th>' for n in LABELS)
    listed = "".join(_document(reader, row, at) for at, row in enumerate(page.documents, start=1))
    around = " · ".join(
        f"<b>{n}</b>" if n == number else f'<a href="{provenance_file(code, n)}">{n}</a>'
        for n in range(1, last + 1)
    )
    return (
        f'<p class="soft">{elements.to_place(reader, code)} · <code>{escape(code)}</code></p>'
        f"{f'<p>{around}</p>' if last > 1 else ''}"
        f"<table><thead><tr>{labels}</tr></thead><tbody>{''.join(body)}</tbody></table>"
        f"{elements.heading(words('edition.documents'))}<ol>{listed}</ol>"
    )


def _row(reader: EditionReader, row: Row, document: int) -> str:
    words = reader.words
    where = f'<a href="#d{document}">{document}</a> <code>{escape(str(row["locator"]))}</code>'
    cells = (
        ("", escape(figure_text.series_name(words, row))),
        ("nz-num", escape(figure_text.value(words, row))),
        ("", escape(figure_text.when(words, row))),
        ("", escape(words.day(row["known_from"]))),
        ("", elements.tags(figure_text.caveats(words, row))),
        ("", where),
    )
    inner = "".join(f"<td{f' class={kind}' if kind else ''}>{cell}</td>" for kind, cell in cells)
    return f'<tr id="f{escape(str(row["figure_id"]))}">{inner}</tr>'


def _document(reader: EditionReader, row: Row, number: int) -> str:
    words = reader.words
    named = words(
        "edition.document",
        publisher=figure_text.publisher(words, row),
        dataset=figure_text.dataset(words, row),
        licence=figure_text.licence(words, str(row["licence"])),
        read=words.day(row["retrieved_at"]),
    )
    return (
        f'<li id="d{number}">{escape(named)} {elements.external_link(str(row["source_url"]))}<br>'
        f"<small>SHA-256 <code>{escape(str(row['content_sha256']))}</code></small></li>"
    )
