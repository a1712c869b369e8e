"""A page for each place, and their list: newest figures, the longest series drawn."""

from functools import partial
from html import escape
from typing import Final

import pandas as pd

from data.gazetteer import events, places
from editions.content import LISTED, Chart
from editions.layout import EditionReader, Page
from visuals.charts import svg
from visuals.html import elements, tables
from visuals.language import figure_text

COLUMNS: Final = ("group", "value", "period", "publisher", "caveat")
SINGLE: Final = 8
"""Single displacements shown, as on the place's page of the dashboard."""


def pages(reader: EditionReader) -> list[Page]:
    """The list of places, then each place's page."""
    words = reader.words
    listed = Page(
        reader.link("places"), words("edition.nav.places"), partial(_list, reader), "places"
    )
    return [
        listed,
        *(
            Page(f"place-{code}.html", words.place(code), partial(_place, reader, code), "places")
            for code in reader.content.places
        ),
    ]


def _list(reader: EditionReader) -> str:
    words, area = reader.words, reader.content.area
    groups = (
        ("core", area.core),
        ("inside", tuple(c for c in reader.content.places if places.level(c) in (2, 3))),
        ("regions", area.regions),
        ("border", area.border),
        ("around", area.around),
        ("behind", area.behind),
        ("countries", area.countries),
    )
    named = {code for _, codes in groups for code in codes}
    rest = tuple(code for code in reader.content.places if code not in named)
    parts = []
    for name, codes in (*groups, ("others", rest)):
        shown = [code for code in codes if code in reader.places]
        if shown:
            inner = " ".join(f"<span>{elements.to_place(reader, code)}</span>" for code in shown)
            parts.append(elements.heading(words(f"edition.places.{name}")))
            parts.append(f'<p class="nz-list">{inner}</p>')
    return "".join(parts)


def _place(reader: EditionReader, code: str) -> str:
    words = reader.words
    figures = reader.content.places[code]
    provenance = f'<a href="provenance-{code}-1.html">{escape(words("edition.all_provenance"))}</a>'
    parts = [
        f'<p class="soft"><code>{escape(code)}</code>{_above(reader, code)} · {provenance}</p>',
        elements.heading(words("place.newest")),
        tables.newest_figures(reader, figures.newest, COLUMNS, full=True),
    ]
    if figures.series > LISTED:
        counts = {"shown": words.number(LISTED), "all": words.number(figures.series)}
        parts.append(elements.quiet_line(words("edition.cut", **counts)))
    if len(figures.single):
        parts.append(elements.heading(words("place.single")))
        parts.append(elements.quiet_line(words("place.single_note")))
        parts.append(tables.of_figures(reader, figures.single, COLUMNS, full=True, most=SINGLE))
    if figures.charts:
        parts.append(elements.heading(words("place.charts")))
        charts = "".join(_chart(reader, chart) for chart in figures.charts)
        parts.append(f'<div class="two">{charts}</div>')
    return "".join(parts)


def _above(reader: EditionReader, code: str) -> str:
    codes = places.codes(code) if places.is_known_code(code) else {}
    above = [codes.get(name) for name in ("admin2_code", "admin1_code", "location_code")]
    named = [str(c) for c in above if c is not None and c != code and places.is_known_code(str(c))]
    return "".join(f" · {elements.to_place(reader, c)}" for c in named)


def events_at(reader: EditionReader, code: str) -> pd.DataFrame:
    """Events at the place, inside it, above it, or in a region that it lies in."""
    return events.at_place(reader.content.events, code)


def _chart(reader: EditionReader, chart: Chart) -> str:
    """A drawing with what stands in it as text: series, unit, source, numbered events."""
    words, last = reader.words, chart.last
    name = words(
        "series.at",
        place=figure_text.series_name(words, last),
        series=figure_text.publisher(words, last),
    )
    listed = "".join(
        f"<li>{escape(figure_text.event(words, row['event_code']))}, "
        f"{escape(words.day(row['starts_on']))}</li>"
        for row in chart.plan.events
    )
    named = f"<ol>{listed}</ol>" if listed else ""
    folded = tables.collapsible(words("edition.events"), named) if named else ""
    return (
        f"<figure><h3>{escape(name)}</h3>{svg.written(words, chart.plan)}"
        f"<figcaption>{elements.to_figure(reader, last)}, {escape(figure_text.when(words, last))}"
        f"{folded}</figcaption></figure>"
    )
