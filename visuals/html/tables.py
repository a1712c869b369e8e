"""Tables of figures as HTML, each number linked to its provenance.

Plain HTML rather than a grid: it runs from right to left, prints, and costs a phone nothing.
"""

from collections.abc import Callable, Sequence
from html import escape
from typing import Final

import pandas as pd

from data.analysis.cells import Row
from data.analysis.series import Figures, Newest, rows
from visuals.html import elements
from visuals.html.elements import Reader
from visuals.language import figure_text

Cell = Callable[[Reader, Row], str]
SHOWN: Final = 400
CELLS: Final[dict[str, Cell]] = {
    "place": lambda reader, row: elements.to_place(reader, row["place_code"]),
    "group": lambda reader, row: escape(figure_text.series_name(reader.words, row)),
    "counted": lambda reader, row: escape(figure_text.group(reader.words, row)),
    "value": lambda reader, row: elements.to_figure(reader, row),
    "as_of": lambda reader, row: escape(reader.words.day(row["as_of"])),
    "origin": lambda reader, row: escape(_origin(reader, row)),
    "period": lambda reader, row: escape(figure_text.when(reader.words, row)),
    "publisher": lambda reader, row: escape(figure_text.publisher(reader.words, row)),
    "known_from": lambda reader, row: escape(reader.words.day(row["known_from"])),
    "caveat": lambda reader, row: elements.tags(figure_text.caveats(reader.words, row)),
}
_CLASSES: Final = {"value": "nz-num", "period": "nz-when", "as_of": "day", "known_from": "day"}


def _origin(reader: Reader, row: Row) -> str:
    return "–" if pd.isna(row["origin_code"]) else reader.words.place(row["origin_code"])


def of_figures(
    reader: Reader,
    figures: Figures,
    columns: Sequence[str],
    *,
    full: bool = False,
    most: int = SHOWN,
    printed: int | None = None,
) -> str:
    """Figures as a table.

    Args:
        reader: The reader.
        figures: Figures with columns of `tables.FIGURES`, in the order to show.
        columns: Names in `CELLS`.
        full: Whether the table takes its whole height instead of scrolling.
        most: Rows shown; a sentence says how many there are.
        printed: Rows on paper, where a sentence says that too; all of them by default.
    """
    cells = [CELLS[name] for name in columns]
    listed = [[cell(reader, row) for cell in cells] for row in rows(figures[:most])]
    labels = [reader.words(f"column.{name}") for name in columns]
    kinds = [_CLASSES.get(name, "") for name in columns]
    shown = html(labels, listed, kinds, full=full)
    if printed is not None:
        shown = printed_table(reader, shown, len(listed), printed)
    if len(figures) > most:
        numbers = {"shown": reader.words.number(most), "all": reader.words.number(len(figures))}
        shown += elements.quiet_line(reader.words("table.cut", **numbers))
    return shown


def html(
    labels: Sequence[str],
    rows: Sequence[Sequence[str]],
    classes: Sequence[str],
    *,
    full: bool = False,
) -> str:
    """A table of cells that are HTML already; labels are escaped here."""
    named = [(kind, escape(label)) for label, kind in zip(labels, classes, strict=True)]
    head = "".join(f'<th scope="col" class="{kind}">{label}</th>' for kind, label in named)
    opened = [f'<td class="{kind}" data-label="{label}">' for kind, label in named]
    body = "".join(
        "<tr>"
        + "".join(f"{begun}{cell}</td>" for begun, cell in zip(opened, row, strict=True))
        + "</tr>"
        for row in rows
    )
    wrap = "nz-wrap full" if full else "nz-wrap"
    return (
        f'<div class="{wrap}"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def printed_table(reader: Reader, table: str, rows: int, most: int) -> str:
    """A table whose first rows alone are printed, with a sentence that says so there.

    Args:
        reader: The reader.
        table: As `html` gives it.
        rows: How many it has.
        most: How many are printed: 6 or 12, for which the pages have a style.
    """
    if rows <= most:
        return table
    numbers = {"shown": reader.words.number(most), "all": reader.words.number(rows)}
    caption = escape(reader.words("table.printed", **numbers))
    return f'<div class="nz-first{most}">{table}<p class="soft nz-paper">{caption}</p></div>'


def collapsible(summary: str, inner: str) -> str:
    """HTML that opens on a click."""
    return f"<details><summary>{escape(summary)}</summary>{inner}</details>"


def newest_figures(
    reader: Reader,
    newest: Newest[Figures],
    columns: Sequence[str],
    *,
    full: bool = False,
    printed: int | None = None,
) -> str:
    """The newest figures of a place: whole recent counts, and folded away beneath what is not.

    Args:
        reader: The reader.
        newest: One figure of each series, in the order to show, as `series.folded` parts them.
        columns: Names in `CELLS`.
        full: Whether tables take their whole height instead of scrolling.
        printed: Rows on paper, where a sentence says that; all of them by default.
    """
    words = reader.words
    parts = [of_figures(reader, newest.shown, columns, full=full, printed=printed)]
    beneath = (("place.by_category", newest.by_category), ("place.older", newest.older))
    for key, folded in beneath:
        if len(folded):
            title = words(key, count=words.number(len(folded)), day=words.day(newest.since))
            parts.append(collapsible(title, of_figures(reader, folded, columns, full=full)))
    return "".join(parts)
