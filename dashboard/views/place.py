"""The parts of a place's page."""

from dataclasses import replace
from functools import partial
from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.components import drawing, markup, picture, studio_chart, tables
from dashboard.session import cached
from dashboard.session.urlstate import View
from data.analysis import context, rates, series, shared_axis
from data.gazetteer import events as carried_events
from data.gazetteer import neighbours, places
from data.store import Release
from visuals.charts.studio import Studio
from visuals.html import context as context_text
from visuals.language import figure_text

LARGE: Final = 4
"""Charts drawn; the most important counts come first, and every figure is in the tables."""
ENOUGH: Final = 5
"""Days that make a chart; a count of fewer is a row or two of a table."""
DRAWN: Final = ("period", "group", "value", "publisher", "known_from", "caveat")
SINGLE: Final = 8
"""Single displacements shown; IDMC reports some hundreds a year of one governorate."""
NEWEST: Final = ("group", "value", "period", "publisher", "caveat")


def figures(view: View, release: Release, code: str) -> pd.DataFrame:
    """Figures about the place itself.

    A question for a country also finds the figures that name it as country of asylum: those of
    its provinces, and of returns from it. They are on the pages of the places they are about.
    """
    found = cached.figures(release, release.id, view.wanted(place=(code,)))
    return found[found["place_code"].eq(code)]


def head(view: View, release: Release, code: str) -> str:
    """Name, code and the places around."""
    words = view.words
    row = places.row(code)
    parts = [markup.heading(words.place(code), 1)]
    kind = words.kind(code)
    parts.append(f'<p class="soft">{escape(kind)} · <code>{escape(code)}</code></p>')
    parent = row.get("parent_code")
    if pd.notna(parent):
        parts.append(_links(view, "place.parent", [str(parent)]))
    parts.append(_links(view, "place.parts", places.sub_areas(code)))
    parts.append(_links(view, "place.beside", neighbours.neighbours_of(code)))
    lives = context.residents(release, code)
    if lives is not None and view.known is None:
        parts.append(context_text.residents(view, lives))
    return markup.block(*parts)


def newest(view: View, found: pd.DataFrame) -> str:
    """The newest figure of every series, and displacements reported one by one."""
    kept = series.important_first(series.newest_of_each(found))
    own = kept[kept["origin_code"].isna() | kept["origin_code"].eq("SYR")]
    table = tables.newest_figures(view, series.folded(own), NEWEST, printed=12)
    return markup.block(markup.heading(view.words("place.newest")), table, *_single(view, found))


def _single(view: View, found: pd.DataFrame) -> list[str]:
    """The newest displacements that are reported one by one, apart from the series."""
    rows, words = series.single(found), view.words
    if rows.empty:
        return []
    return [
        markup.heading(words("place.single")),
        markup.quiet_line(words("place.single_note")),
        tables.of_figures(view, rows, NEWEST, full=True, most=SINGLE),
    ]


def shares(view: View, release: Release, found: pd.DataFrame, code: str) -> str:
    """The place's displaced among its inhabitants, and its part of its country.

    Each is of one source, round and day; both numbers lead to their provenance.
    """
    words = view.words
    country = str(places.row(code)["location_code"])
    parts = [markup.heading(words("place.rates")), *_per_hundred(view, found)]
    if country != code:
        wanted = view.wanted(place=(country,))
        whole = cached.figures(release, release.id, wanted)
        rows = [
            [
                escape(figure_text.series_name(words, part)),
                markup.to_figure(view, part),
                markup.to_figure(
                    view,
                    total,
                    words(
                        "place.share",
                        share=words.percent(part["value"] / total["value"]),
                        publisher=figure_text.publisher(words, total),
                        total=figure_text.value(words, total),
                        country=words.place(country),
                        when=figure_text.when(words, total),
                    ),
                ),
            ]
            for part, total in series.shares(found, whole)
        ]
        labels = [words(f"column.{name}") for name in ("group", "value", "share")]
        if rows:
            table = tables.html(labels, rows, ["", "nz-num", ""], full=True)
            parts.append(tables.printed_table(view, table, len(rows), 6))
    if len(parts) == 1:
        parts.append(markup.quiet_line(words("place.no_rates")))
    return markup.block(*parts)


def _per_hundred(view: View, found: pd.DataFrame) -> list[str]:
    """Displaced people for each hundred inhabitants, by publisher, with both numbers."""
    words = view.words
    rows = [
        [
            markup.derived(
                "rate", words("place.per_hundred", rate=words.per_hundred(rate.per_hundred))
            ),
            markup.to_figure(view, rate.displaced),
            markup.to_figure(view, rate.everybody),
            escape(
                words(
                    "place.rate_of",
                    publisher=figure_text.publisher(words, rate.displaced),
                    when=figure_text.when(words, rate.displaced),
                )
            ),
        ]
        for rate in rates.rates(found)
    ]
    if not rows:
        return []
    labels = [words(f"column.{name}") for name in ("rate", "displaced", "inhabitants", "source")]
    return [
        tables.html(labels, rows, ["nz-num", "nz-num", "nz-num", ""], full=True),
        markup.quiet_line(words("place.rate_note")),
    ]


def events(view: View, release: Release, code: str) -> str:
    """Dated, cited events at the place, newest first."""
    words = view.words
    found = _events(release, code).sort_values("starts_on", ascending=False)
    known = found[found["starts_on"] <= pd.Timestamp(view.day)]
    rows = [
        [
            escape(words.day(row["starts_on"])),
            escape(figure_text.event(words, row["event_code"])),
            markup.to_place(view, row["place_code"]),
            markup.external_link(str(row["source_url"])),
        ]
        for row in known.to_dict("records")
    ]
    if not rows:
        return markup.block()
    labels = [words(f"column.{name}") for name in ("as_of", "event", "place", "address")]
    table = tables.printed_table(view, tables.html(labels, rows, ["day", "", "", ""]), len(rows), 6)
    return markup.block(markup.heading(words("place.events")), table)


def drawings(
    view: View, release: Release, found: pd.DataFrame, code: str
) -> tuple[list[Studio], pd.DataFrame]:
    """The place's few large charts, and the series that are too short for one.

    Returns:
        At most `LARGE` charts, every publisher of one count on each, all of one time; and the
        figures of the counts that stand in none of them, newest first.
    """
    counts = list(shared_axis.kinds_of_count(series.charted(found)).values())
    large = [count for count in counts if count["as_of"].nunique() >= ENOUGH][:LARGE]
    marked = _events(release, code)
    marked = marked[marked["starts_on"] <= pd.Timestamp(view.day)]
    made = [Studio(view.words, count, (code,), marked) for count in large]
    if made:
        time = min(one.span[0] for one in made), max(one.span[1] for one in made)
        made = [replace(one, time=time) for one in made]
    shown = {figure for one in made for axis in one.axes for figure in axis["figure_id"]}
    rest = pd.concat(counts) if counts else found.iloc[0:0]
    rest = rest[~rest["figure_id"].isin(shown)]
    return made, rest.sort_values(["as_of", "figure_id"], ascending=[False, True])


def charts(view: View, release: Release, found: pd.DataFrame, code: str) -> None:
    """The place's counts over time: large ones drawn, short ones as a table."""
    words = view.words
    made, rest = drawings(view, release, found, code)
    if made:
        st.html(markup.block(markup.heading(words("place.charts"))))
    for number, studio in enumerate(made, start=1):
        # On paper they stand two to a row.
        with st.container(key=f"drawn-{number}"):
            _chart(view, release, studio, code, number)
    if len(rest):
        title = words("place.few", count=words.number(len(rest)))
        st.html(markup.block(tables.collapsible(title, tables.of_figures(view, rest, NEWEST))))


def _chart(view: View, release: Release, studio: Studio, code: str, number: int) -> None:
    """One of the place's counts over time, with its table."""
    words = view.words
    figures = studio.figures
    unit = words(f"unit.{figures['unit'].iat[0]}")
    named = figure_text.series_name(words, figures.iloc[-1])
    parts = [markup.heading(named, 3), markup.quiet_line(f"{unit} · {studio.dates}")]
    st.html(markup.block(*parts))
    for at, axis in enumerate(studio.axes):
        body = cached.cached_part(
            partial(studio_chart.drawings_and_key, studio, axis),
            release.id,
            f"place {code} {number} {at}",
            view.key,
        )
        drawing.show_static(body, key=f"place-{number}-{at}")
        st.html(
            markup.block(
                *(markup.quiet_line(note) for note in studio_chart.notes(studio, axis) if note)
            )
        )
    table = tables.of_figures(view, figures.iloc[::-1], DRAWN)
    st.html(
        markup.block(
            picture.chart_links(view, figures), tables.collapsible(words("place.table"), table)
        )
    )
    tables.download(view, release, figures, f"nuzuh-{code}-{number}")


def _events(release: Release, code: str) -> pd.DataFrame:
    return carried_events.at_place(cached.events(release, release.id), code)


def _links(view: View, label: str, codes: list[str]) -> str:
    if not codes:
        return ""
    inner = " ".join(f"<span>{markup.to_place(view, code)}</span>" for code in codes)
    listed = f'<div class="nz-list">{inner}</div>'
    if len(codes) > 16:
        return tables.collapsible(view.words(label), listed)
    return f'<p class="soft">{escape(view.words(label))}</p>{listed}'
