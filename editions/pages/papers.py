"""The papers of every number: publisher, dates, address, licence and SHA-256, place by place."""

from collections.abc import Iterator
from functools import partial
from html import escape
from typing import Any, Final

import pandas as pd

from data import measures
from editions.content import Content, documents
from editions.shell import Folder, Page
from visuals import pieces, text
from visuals.tables import records

ROWS: Final = 80
"""Figures on a page."""
LABELS: Final = ("group", "value", "period", "known_from", "caveat", "source")


def spread(content: Content) -> Iterator[tuple[str, int, pd.DataFrame]]:
    """Every figure of the edition on its page: place, page number, figures."""
    for code, found in _by_place(content):
        rows = found.sort_values(["as_of", "figure_id"], ascending=[False, True])
        for number, begin in enumerate(range(0, len(rows), ROWS), start=1):
            yield code, number, rows.iloc[begin : begin + ROWS]


def addresses(content: Content) -> dict[str, str]:
    """Where the papers of each figure lie, by figure id."""
    return {
        str(figure_id): f"{_file(code, number)}#f{figure_id}"
        for code, number, rows in spread(content)
        for figure_id in rows["figure_id"]
    }


def pages(reader: Folder) -> list[Page]:
    """Every page of papers."""
    content = reader.content
    found = list(spread(content))
    last = {code: number for code, number, _ in found}
    title, words = reader.words("papers.title"), reader.words
    return [
        Page(
            _file(code, number),
            words("series.at", place=words.place(code), series=title),
            partial(_body, reader, code, number, last[code], rows),
            "places",
        )
        for code, number, rows in found
    ]


def _by_place(content: Content) -> Iterator[tuple[str, pd.DataFrame]]:
    """The figures with a page of their place, and what changed or is compared elsewhere."""
    known = set(content.figures["figure_id"])
    named = [content.vintages, *(found.figures for found in content.comparisons)]
    others = pd.concat(named, ignore_index=True)
    extra = measures.ordered(others[~others["figure_id"].isin(known)])
    extra = extra.drop_duplicates("figure_id", keep="last")
    both = pd.concat([content.figures, extra], ignore_index=True)
    for code, rows in both.groupby("place_code", sort=True):
        yield str(code), rows


def _file(code: str, number: int) -> str:
    return f"papers-{code}-{number}.html"


def _body(reader: Folder, code: str, number: int, last: int, rows: pd.DataFrame) -> str:
    words = reader.words
    sources = documents(rows)
    numbered = {_key(row): at for at, row in enumerate(records(sources), start=1)}
    body = [_row(reader, row, numbered[_key(row)]) for row in records(rows)]
    labels = "".join(f'<th scope="col">{escape(words(f"column.{n}"))}</th>' for n in LABELS)
    listed = "".join(_document(reader, row, at) for at, row in enumerate(records(sources), start=1))
    around = " · ".join(
        f"<b>{n}</b>" if n == number else f'<a href="{_file(code, n)}">{n}</a>'
        for n in range(1, last + 1)
    )
    return (
        f'<p class="soft">{pieces.to_place(reader, code)} · <code>{escape(code)}</code></p>'
        f"{f'<p>{around}</p>' if last > 1 else ''}"
        f"<table><thead><tr>{labels}</tr></thead><tbody>{''.join(body)}</tbody></table>"
        f"{pieces.heading(words('edition.documents'))}<ol>{listed}</ol>"
    )


def _key(row: dict[str, Any]) -> tuple[str, ...]:
    names = ("publisher", "dataset", "licence", "source_url", "content_sha256")
    return tuple(str(row[name]) for name in names)


def _row(reader: Folder, row: dict[str, Any], document: int) -> str:
    words = reader.words
    where = f'<a href="#d{document}">{document}</a> <code>{escape(str(row["locator"]))}</code>'
    cells = (
        ("", escape(text.series_name(words, row))),
        ("nz-num", escape(text.value(words, row))),
        ("", escape(text.when(words, row))),
        ("", escape(words.day(row["known_from"]))),
        ("", pieces.chips(text.caveats(words, row))),
        ("", where),
    )
    inner = "".join(f"<td{f' class={kind}' if kind else ''}>{cell}</td>" for kind, cell in cells)
    return f'<tr id="f{escape(str(row["figure_id"]))}">{inner}</tr>'


def _document(reader: Folder, row: dict[str, Any], number: int) -> str:
    words = reader.words
    named = words(
        "edition.document",
        publisher=text.publisher(words, row),
        dataset=text.dataset(words, row),
        licence=text.licence(words, str(row["licence"])),
        read=words.day(row["retrieved_at"]),
    )
    return (
        f'<li id="d{number}">{escape(named)} {pieces.outward(str(row["source_url"]))}<br>'
        f"<small>SHA-256 <code>{escape(str(row['content_sha256']))}</code></small></li>"
    )
