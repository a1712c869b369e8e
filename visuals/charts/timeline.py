"""Dated spans as bars, one row for each place: the right by which aid crossed a border."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

import pandas as pd

from visuals import tokens
from visuals.charts import svg
from visuals.language.words import Words

EDGE: Final = 4
NAME: Final = 17
"""Height of a row's name."""
BAR: Final = 20
GAP: Final = 9
"""Beneath a row's bars."""
FOOT: Final = 20
COLOURS: Final = {right: pair.light for right, pair in tokens.RIGHT.items()}
DASHES: Final = {"resolution": "", "consent": "4 3", "access": "1 2"}


def spans_chart(words: Words, spans: pd.DataFrame, alternative: str, width: int = svg.ROOMY) -> str:
    """Bars from the first to the last day of each span, as an `<svg>`.

    Kinds are distinguished by the name on the bar, the key and the outline, not by colour alone.

    Args:
        words: The reader's words.
        spans: line (where, in words), label (on the bar where it has room), kind, kind_name,
            starts_on, ends_on, said (the span in words).
        alternative: The drawing in one sentence.
        width: Of the drawing.
    """
    rows = list(dict.fromkeys(spans["line"]))
    height = len(rows) * (NAME + BAR + GAP) + FOOT
    days = svg.Days(
        (spans["starts_on"].min(), spans["ends_on"].max()), (width, height), (EDGE, EDGE)
    )
    parts = []
    for at, line in enumerate(rows):
        top = at * (NAME + BAR + GAP)
        parts.append(_name(words, line, days, top + NAME - 5))
        own = spans[spans["line"].eq(line)].to_dict("records")
        parts += [_bar(words, days, span, top + NAME) for span in own]
    return "".join(
        [
            svg.opening(words, (width, height)),
            f"<title>{escape(alternative)}</title>",
            *_new_years(days, height - FOOT),
            *parts,
            *svg.years(words, days),
            "</svg>",
        ]
    )


def key(spans: pd.DataFrame) -> str:
    """What each outline and colour means: a list of the kinds that are drawn."""
    names = spans.drop_duplicates("kind").set_index("kind")["kind_name"]
    return "".join(
        '<li><svg width="34" height="14" aria-hidden="true">'
        f'<rect x="1" y="1" width="32" height="12" {_look(kind)}/></svg> {escape(names[kind])}</li>'
        for kind in COLOURS
        if kind in names.index
    )


def _look(kind: str) -> str:
    dashes = f' stroke-dasharray="{DASHES[kind]}"' if DASHES[kind] else ""
    return f'fill="{COLOURS[kind]}" fill-opacity=".35" stroke="{COLOURS[kind]}"{dashes}'


def _name(words: Words, line: str, days: svg.Days, y: float) -> str:
    x, anchor = (days.width - EDGE, "end") if words.rtl else (EDGE, "start")
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{tokens.INK.light}">'
        f"{escape(words.isolated(line))}</text>"
    )


def _bar(words: Words, days: svg.Days, span: Mapping[Any, Any], y: float) -> str:
    left, right = days.x(span["starts_on"]), days.x(span["ends_on"])
    wide = max(right - left, svg.NARROWEST)
    label, named = str(span["label"]), ""
    if svg.LETTER * len(label) < wide:
        named = (
            f'<text x="{left + wide / 2:.1f}" y="{y + BAR - 6:g}" text-anchor="middle" '
            f'font-size="11" fill="{tokens.INK.light}">{escape(words.isolated(label))}</text>'
        )
    return (
        f"<g><title>{escape(str(span['said']))}</title>"
        f'<rect x="{left:.1f}" y="{y:g}" width="{wide:.1f}" height="{BAR}" '
        f"{_look(str(span['kind']))}/>{named}</g>"
    )


def _new_years(days: svg.Days, foot: float) -> Iterator[str]:
    for year in range(days.first.year + 1, days.last.year + 1):
        x = days.x(pd.Timestamp(year=year, month=1, day=1))
        yield (
            f'<path d="M{x:.1f} 0V{foot:g}" stroke="{tokens.GRID.light}" stroke-width=".8" '
            'stroke-opacity=".6"/>'
        )
