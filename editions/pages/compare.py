"""Sources side by side: the written cases of the area, each figure with why it differs."""

from functools import partial
from html import escape
from typing import Any, Final

from data.analysis.comparison import Comparison, Parts
from editions.layout import EditionReader, Page
from visuals.html import elements, tables
from visuals.language import figure_text, reasons
from visuals.language.words import Words

LINES: Final = 145
"""Figures and sums of the cases, newest first, in every language the same ones: in Arabic, the
longest, they come to 100 kB, which take sixteen seconds at 50 kbit/s."""
LABELS: Final = ("publisher", "value", "group", "period", "reason")


def pages(reader: EditionReader) -> list[Page]:
    """One page."""
    title = reader.words("edition.nav.compare")
    return [Page(reader.link("compare"), title, partial(_body, reader), "compare")]


def title(words: Words, found: Comparison) -> str:
    """Place, group and day of a comparison."""
    group = words(f"group.{found.group}")
    asked = words("series.at", place=words.place(found.place), series=group)
    return f"{asked}, {words.month(found.on)}"


def figures_with_reasons(words: Words, found: Comparison) -> list[tuple[dict[str, Any], str]]:
    """Each figure with the sentences that say why it differs from the first."""
    reference = found.reference or next(iter(found.rows))
    lines = []
    for code, row in found.rows.items():
        why = "" if code == reference else _why(words, found, found.rows[reference], row)
        lines.append((row, why))
    return sorted(lines, key=lambda line: str(line[0]["figure_id"]) != reference)


def _why(words: Words, found: Comparison, left: dict[str, Any], right: dict[str, Any]) -> str:
    pair = found.pair(str(left["figure_id"]), str(right["figure_id"]))
    return " ".join(reasons.sentence(words, reason, left, right) for reason in pair.reasons)


def _body(reader: EditionReader) -> str:
    words, cases = reader.words, reader.content.comparisons
    parts, lines = [elements.quiet_line(words("edition.compare_intro"))], 0
    for number, found in enumerate(cases):
        lines += len(found.figures) + len(found.parts)
        if lines > LINES:
            counts = {"shown": words.number(number), "all": words.number(len(cases))}
            parts.append(elements.quiet_line(words("edition.compare_cut", **counts)))
            break
        parts.append(_case(reader, found))
    if not cases:
        parts.append(elements.quiet_line(words("map.none")))
    return "".join(parts)


def _case(reader: EditionReader, found: Comparison) -> str:
    """One written case: each figure with why it differs from the first, then its parts."""
    words = reader.words
    rows = [
        [
            escape(figure_text.publisher(words, row)),
            elements.to_figure(reader, row),
            escape(figure_text.at_place(words, row)),
            escape(figure_text.when(words, row)),
            escape(why),
        ]
        for row, why in figures_with_reasons(words, found)
    ]
    labels = [words(f"column.{name}") for name in LABELS]
    table = tables.html(labels, rows, ["", "nz-num", "", "", ""], full=True)
    sums = [f'<p class="soft">{_parts(words, found, one)}</p>' for one in found.parts]
    return "".join([f"<h2>{escape(title(words, found))}</h2>", table, *sums])


def _row(found: Comparison, figure_id: str) -> dict[str, Any]:
    rows = found.figures[found.figures["figure_id"].eq(figure_id)]
    return dict(rows.iloc[0])


def _parts(words: Words, found: Comparison, one: Parts) -> str:
    return elements.derived("sum", reasons.parts_sentence(words, one, _row(found, one.figure)))
