"""One headline: the number, its day, age and publisher, what changed, and what others say."""

from collections.abc import Sequence
from html import escape
from typing import Final

import pandas as pd

from data.analysis import gap_reasons
from data.analysis.comparable import breaks
from data.analysis.headlines import Headline, Row
from data.analysis.series import records
from visuals.charts.sparkline import sparkline
from visuals.html import elements, tables
from visuals.html.elements import Reader
from visuals.language import area_text, figure_text
from visuals.language.words import Words

AT_ONCE: Final = 2
"""What others say that is shown at once; the rest is folded."""
FOLDED: Final = 2
"""Caveats from which a phone shows their count, and all of them at a press."""
UNFOLDED: Final = (
    "@supports selector(::details-content){@media print,(width>640px){"
    ".nz .nz-fold>summary{display:none}.nz-fold::details-content{content-visibility:visible}}}"
)
"""Style: wider than a phone and on paper all caveats stand there; an older browser counts them."""
LIGHT: Final = 1
"""What others say on a page that must stay light; the comparison has the rest."""


def cards(reader: Reader, headlines: Sequence[Headline], *, light: bool = False) -> str:
    """All cards as one element.

    Args:
        reader: The reader.
        headlines: The area's questions with their answers.
        light: Whether only the first others are named, for a page that must stay light.
    """
    shown = "".join(card(reader, headline, light=light) for headline in headlines)
    return elements.block(f'<div class="nz-cards">{shown}</div>')


def card(reader: Reader, headline: Headline, *, light: bool = False) -> str:
    """One card; it says so where nothing was known."""
    words, figure = reader.words, headline.figure
    title = f"<h2>{escape(area_text.question(words, headline.question, figure))}</h2>"
    if figure is None:
        nothing = words("figure.none_known" if reader.known else "figure.none")
        return (
            f'<article class="nz-card">{title}<p class="nz-nothing">{escape(nothing)}</p></article>'
        )
    parts = [
        title,
        f'<p class="nz-value">{elements.to_figure(reader, figure)}</p>',
        elements.quiet_line(when_and_age(reader, figure)),
        f'<p class="soft">{elements.derived("difference", change_html(reader, headline))}</p>',
        _spark(words, headline.line),
        _caveats(words, figure_text.caveats(words, figure)),
        _others(reader, headline, light),
    ]
    return f'<article class="nz-card">{"".join(parts)}</article>'


def _caveats(words: Words, caveats: Sequence[str]) -> str:
    """All of them; several are one line on a phone, where they took more room than the number."""
    listed = elements.tags(caveats)
    if len(caveats) < FOLDED:
        return listed
    count = escape(words.days(len(caveats), "headline.caveats"))
    return f'<details class="nz-fold"><summary>{count}</summary>{listed}</details>'


def _spark(words: Words, line: pd.DataFrame) -> str:
    """The series, broken where method or coverage changed or a running count fell."""
    known = line[line["value"].notna()]
    return sparkline(words, known, breaks(records(known)))


def when_and_age(reader: Reader, figure: Row) -> str:
    """The figure's own day, who says so, and how long ago that was."""
    words = reader.words
    return words(
        "headline.when",
        when=figure_text.when(words, figure),
        publisher=figure_text.publisher(words, figure),
        age=words.age(figure["as_of"], reader.day),
    )


def change_html(reader: Reader, headline: Headline) -> str:
    """Against the figure of the same series before it, with that figure's day."""
    if headline.before is None or headline.figure is None:
        return reader.words("figure.first")
    return figure_text.change(reader.words, headline.before, headline.figure)


def alternative_html(words: Words, headline: Headline, row: Row, value: str) -> str:
    """What another says to the same question, and whether it is a count of its own.

    Args:
        words: The reader's words.
        headline: The question with its answer.
        row: The other's figure.
        value: Its number as it is to be shown.
    """
    named = {
        "publisher": escape(figure_text.publisher(words, row)),
        "value": value,
    }
    if headline.figure is not None and row["as_of"] == headline.figure["as_of"]:
        sentence = words("headline.same_day", **named)
    else:
        sentence = words("headline.other_day", **named, day=escape(figure_text.when(words, row)))
    notes = [words(f"measure.{row['measure']}")] if _other_kind(headline, row) else []
    notes += [words("headline.one_count")] if one_count(headline, row) else []
    notes += [words("caveat.all_origins")] if "all_origins" in str(row["caveat"]) else []
    return sentence + "".join(f" ({escape(note)})" for note in notes)


def one_count(headline: Headline, row: Row) -> bool:
    """Whether a figure republishes the count that answers, or the other way round."""
    if headline.figure is None:
        return False
    if gap_reasons.republished(headline.figure, row):
        return True
    both = {headline.figure["publisher"], row["publisher"]}
    return any(both <= set(group) for group in headline.question.one_count) and len(both) > 1


def _other_kind(headline: Headline, row: Row) -> bool:
    return headline.figure is not None and row["measure"] != headline.figure["measure"]


def _others(reader: Reader, headline: Headline, light: bool) -> str:
    """What others say, with the way to why they differ."""
    words, figure = reader.words, headline.figure
    if figure is None or not headline.alternatives:
        return ""
    named = headline.alternatives[: LIGHT if light else None]
    lines = [
        f"<li>{alternative_html(words, headline, row, elements.to_figure(reader, row))}</li>"
        for row in named
    ]
    why = elements.anchor(
        reader.link(
            "compare",
            place=str(figure["place_code"]),
            group=str(figure["population_group"]),
            on=f"{figure['as_of']:%Y-%m-%d}",
        ),
        words("headline.why"),
    )
    more = ""
    rest = lines[AT_ONCE:]
    if rest and not light:
        label = words("headline.more", count=words.number(len(rest)))
        more = tables.collapsible(label, f"<ul>{''.join(rest)}</ul>")
    head = escape(words("headline.others"))
    return (
        f'<div class="nz-others"><p class="soft">{head} {why}</p>'
        f"<ul>{''.join(lines[:AT_ONCE])}</ul>{more}</div>"
    )
