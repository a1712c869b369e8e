"""Of every number its publisher, dates, address, licence and SHA-256, place by place."""

from collections.abc import Iterator, Mapping
from functools import partial
from html import escape
from typing import Any, Final

import pandas as pd

from data.analysis import series
from data.analysis.series import records
from editions.content import Content, documents
from editions.layout import EditionReader, Page
from visuals.html import elements
from visuals.language import figure_text

ROWS: Final = 80
"""Figures on a page."""
LABELS: Final = ("group", "value", "period", "known_from", "caveat", "source")


def figures_by_page(content: Content) -> Iterator[tuple[str, int, pd.DataFrame]]:
    """Every figure of the edition on its page: place, page number, figures."""
    near = _placed(content)
    yield from _cut(near)
    yield from _cut(_compared(content, near), _pages_of(near))


class Addresses(dict[str, str]):
    """Where the provenance of each figure lies, by figure id.

    Those of figures that only a comparison shows are worked out when one is asked for: the reader
    of a first page does not wait for them.
    """

    def __init__(self, content: Content) -> None:
        near = _placed(content)
        super().__init__(_lying(near))
        self._content, self._near = content, near

    def __missing__(self, figure: str) -> str:
        """The address of a figure that only a comparison shows; KeyError where none does."""
        rest = dict(_lying(_compared(self._content, self._near), _pages_of(self._near)))
        self.update(rest)
        return rest[figure]


def _lying(
    figures: pd.DataFrame, begun: Mapping[str, int] | None = None
) -> Iterator[tuple[str, str]]:
    for code, number, rows in _cut(figures, begun):
        for figure_id in rows["figure_id"]:
            yield str(figure_id), f"{_file(code, number)}#f{figure_id}"


def _cut(
    figures: pd.DataFrame, begun: Mapping[str, int] | None = None
) -> Iterator[tuple[str, int, pd.DataFrame]]:
    """Place by place, a page at a time; a place that has pages already goes on after them."""
    in_order = figures.sort_values(["as_of", "figure_id"], ascending=[False, True])
    for code, rows in in_order.groupby("place_code", sort=True):
        first = (begun or {}).get(str(code), 0) + 1
        for number, begin in enumerate(range(0, len(rows), ROWS), start=first):
            yield str(code), number, rows.iloc[begin : begin + ROWS]


def pages(reader: EditionReader) -> list[Page]:
    """Every page of provenance."""
    content = reader.content
    found = list(figures_by_page(content))
    last = {code: number for code, number, _ in found}
    title, words = reader.words("provenance.title"), reader.words
    return [
        Page(
            _file(code, number),
            words("series.at", place=words.place(code), series=title),
            partial(_body, reader, code, number, last[code], rows),
            "places",
        )
        for code, number, rows in found
    ]


def _pages_of(figures: pd.DataFrame) -> dict[str, int]:
    return {code: number for code, number, _ in _cut(figures)}


def _placed(content: Content) -> pd.DataFrame:
    """The figures with a page of their place, and what the first page says of others."""
    return _with(content.figures, content.first_page, set(content.figures["figure_id"]))


def _compared(content: Content, near: pd.DataFrame) -> pd.DataFrame:
    """What is compared elsewhere: of places without a page, for those with one are all known."""
    named = [found.figures for found in content.comparisons]
    if not named:
        return content.figures.iloc[0:0]
    return _with(content.figures.iloc[0:0], pd.concat(named), set(near["figure_id"]))


def _with(figures: pd.DataFrame, others: pd.DataFrame, known: set[Any]) -> pd.DataFrame:
    extra = series.ordered(others[~others["figure_id"].isin(known)])
    extra = extra.drop_duplicates("figure_id", keep="last")
    return pd.concat([figures, extra], ignore_index=True)


def _file(code: str, number: int) -> str:
    return f"provenance-{code}-{number}.html"


def _body(reader: EditionReader, code: str, number: int, last: int, rows: pd.DataFrame) -> str:
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
        f'<p class="soft">{elements.to_place(reader, code)} · <code>{escape(code)}</code></p>'
        f"{f'<p>{around}</p>' if last > 1 else ''}"
        f"<table><thead><tr>{labels}</tr></thead><tbody>{''.join(body)}</tbody></table>"
        f"{elements.heading(words('edition.documents'))}<ol>{listed}</ol>"
    )


def _key(row: dict[str, Any]) -> tuple[str, ...]:
    names = ("publisher", "dataset", "licence", "source_url", "content_sha256")
    return tuple(str(row[name]) for name in names)


def _row(reader: EditionReader, row: dict[str, Any], document: int) -> str:
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


def _document(reader: EditionReader, row: dict[str, Any], number: int) -> str:
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
