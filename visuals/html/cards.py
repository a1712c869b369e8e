"""One headline number: the number first, then its day, who says so, what changed, its doubts."""

from html import escape

from data.analysis.headlines import Picked
from visuals.charts.sparkline import sparkline
from visuals.html import elements
from visuals.html.elements import Reader
from visuals.language import figure_text


def cards(reader: Reader, picked: list[Picked]) -> str:
    """All cards as one element."""
    return elements.block(f'<div class="nz-cards">{"".join(card(reader, p) for p in picked)}</div>')


def card(reader: Reader, picked: Picked) -> str:
    """One card; it says so where nothing was known."""
    words = reader.words
    figure = picked.figure
    if figure is None:
        title = words(f"headline.{picked.name}")
        nothing = words("figure.none_known" if reader.known else "figure.none")
        body = f'<p class="nz-nothing">{escape(nothing)}</p>'
        return f'<article class="nz-card"><h2>{escape(title)}</h2>{body}</article>'
    title = words(f"headline.{picked.name}")
    if picked.name == "moved_inside":
        title = figure_text.at_place(words, figure)
    parts = [
        f"<h2>{escape(title)}</h2>",
        f'<p class="nz-value">{elements.to_figure(reader, figure)}</p>',
        elements.soft(figure_text.when_and_who(words, figure)),
        f'<p class="soft">{elements.derived("difference", change(reader, picked))}</p>',
        sparkline(words, picked.line),
        elements.chips(figure_text.caveats(words, figure)),
    ]
    return f'<article class="nz-card">{"".join(parts)}</article>'


def change(reader: Reader, picked: Picked) -> str:
    """Against the figure of the same series before it, with that figure's day."""
    if picked.before is None or picked.figure is None:
        return reader.words("figure.first")
    return figure_text.change(reader.words, picked.before, picked.figure)
