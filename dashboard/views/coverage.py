"""The parts of the page that says which figures there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.components import any_choice, markup, place_search
from dashboard.session import cached, urlstate
from dashboard.session.urlstate import View
from data.analysis import coverage, series
from data.gazetteer import places
from data.schema import codes as vocabulary
from data.store import Release
from visuals.language import figure_text
from visuals.language.words import Words

MOST: Final = 120
"""Rows shown at most: some 200 kB, which a phone still draws at once."""
MARKS: Final[dict[coverage.Age, str]] = {"new": "●", "year": "◐", "old": "○"}
"""How old the newest figure of a cell is: by shape, and by colour beside it."""
MONTHS: Final = range(1, 13)


@dataclass(frozen=True)
class Asked:
    """The reader's choice and what answers it.

    Attributes:
        place: Whose parts are asked about.
        everything: Figures with a number of the place, its parts and the places above.
        chosen: Those of the group and source that were chosen, of the same places.
        order: The place and its parts, as the register lists them.
        columns: Years, or the months of `year`.
        year: None where the columns are years.
    """

    place: str
    everything: pd.DataFrame
    chosen: pd.DataFrame
    order: list[str]
    columns: list[int]
    year: int | None


def choose(view: View, release: Release) -> Asked:
    """Place, group, source and columns, all in the address."""
    words = view.words
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        place = place_search.choose(view, "coverage.within", words.place)
        everything = _figures(view, release, place)
        group = any_choice.of_codes(words, "group", vocabulary.POPULATION_GROUPS, "group")
        titles = _titles(words, release, everything)
        source = any_choice.of_names(words, "source", titles)
        chosen = everything
        if group != any_choice.ANY:
            chosen = chosen[chosen["population_group"].eq(group)]
        if source != any_choice.ANY:
            chosen = chosen[chosen["source"].eq(source)]
        order = _inside(place)
        mine = chosen[chosen["place_code"].isin(order)]
        years = coverage.years(mine)
        year = urlstate.choice(
            words("coverage.columns"),
            [any_choice.ANY, *(str(at) for at in reversed(years))],
            key="year",
            name=lambda code: words("coverage.years") if code == any_choice.ANY else code,
        )
    number = None if year == any_choice.ANY else int(year)
    columns = years if number is None else list(MONTHS)
    return Asked(place, everything, chosen, order, columns, number)


def _figures(view: View, release: Release, place: str) -> pd.DataFrame:
    """Of the place, its parts and the places above it, each published number once."""
    inside = cached.figures(release, release.id, view.wanted(within=(place,)))
    up = tuple(places.ancestors(place))
    found = [inside]
    if up:
        found.append(cached.figures(release, release.id, view.wanted(exactly=up)))
    known = coverage.usable(pd.concat(found).drop_duplicates("figure_id", ignore_index=True))
    return series.in_series(known)


def _titles(words: Words, release: Release, figures: pd.DataFrame) -> dict[str, str]:
    register = cached.table(release, release.id, "sources")
    there = register[register["source"].isin(set(figures["source"]))]
    return {row["source"]: figure_text.source(words, row) for row in there.to_dict("records")}


def _inside(place: str) -> list[str]:
    """The place and all that lies in it, each below what it lies in."""
    table = places.table()
    parents = dict(zip(table["place_code"], table["parent_code"], strict=True))
    parts: dict[str, list[str]] = {}
    for code, parent in parents.items():
        if pd.notna(parent) and parent != code:
            parts.setdefault(str(parent), []).append(str(code))
    listed: list[str] = []
    waiting = [place]
    while waiting:
        code = waiting.pop(0)
        listed.append(code)
        waiting = [*parts.get(code, ()), *waiting]
    return list(dict.fromkeys(listed))


def matrix(view: View, asked: Asked) -> str:
    """The matrix as a table; each cell opens the newest figure it stands for."""
    words = view.words
    mine = asked.chosen[asked.chosen["place_code"].isin(asked.order)]
    place = words.place(asked.place)
    lines = coverage.matrix(mine, view.day, year=asked.year)
    if not lines:
        return markup.block(markup.note(words("coverage.none", place=place)))
    rank = {code: at for at, code in enumerate(asked.order)}
    lines.sort(key=lambda line: rank[str(line.newest["place_code"])])
    count = words.days(len(mine), "coverage.figures")
    caption = words("coverage.shown", figures=count, place=place)
    parts = [
        f'<p class="soft">{markup.derived("count", caption)}</p>',
        _legend(words),
        _table(view, asked, lines[:MOST]),
    ]
    if len(lines) > MOST:
        shown = {"shown": words.number(MOST), "all": words.number(len(lines))}
        parts.append(markup.quiet_line(words("coverage.cut", **shown)))
    return markup.block(*parts)


def _legend(words: Words) -> str:
    keys = " ".join(
        f'<span><span class="nz-{age}">&nbsp;{mark}&nbsp;</span> '
        f"{escape(words(f'coverage.mark.{age}'))}</span>"
        for age, mark in MARKS.items()
    )
    return f'<div class="nz-list soft">{keys}</div>'


def _table(view: View, asked: Asked, lines: Sequence[coverage.CoverageRow]) -> str:
    words = view.words
    named = {at: _column(words, asked.year, at, short=True) for at in asked.columns}
    heads = "".join(f'<th scope="col">{escape(named[at])}</th>' for at in asked.columns)
    rows, before = [], ""
    width = len(asked.columns) + 2
    for line in lines:
        code = str(line.newest["place_code"])
        if code != before:
            rows.append(
                f'<tr class="nz-of"><th scope="rowgroup" colspan="{width}">'
                f"{markup.to_place(view, code)} ({escape(words.kind(code))})</th></tr>"
            )
            before = code
        rows.append(_row(view, asked, line))
    return (
        '<div class="nz-wrap full"><table class="nz-cover"><thead><tr><th scope="col">'
        f"{escape(words('column.place_series'))}</th>{heads}"
        f'<th scope="col">{escape(words("coverage.newest"))}</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _row(view: View, asked: Asked, line: coverage.CoverageRow) -> str:
    words, newest = view.words, line.newest
    series_name = _series(words, newest)
    publisher = figure_text.publisher(words, newest)
    cells = []
    for at in asked.columns:
        cell = line.cells.get(at)
        if cell is None:
            cells.append("<td></td>")
            continue
        sentence = words(
            "coverage.cell",
            place=words.place(str(newest["place_code"])),
            series=series_name,
            publisher=publisher,
            column=_column(words, asked.year, at),
            figures=words.days(cell.count, "coverage.figures"),
            day=words.day(cell.as_of),
        )
        label = escape(_column(words, asked.year, at, short=True), quote=True)
        attribute = escape(sentence, quote=True)
        address = escape(view.link("figure", figure=cell.figure_id), quote=True)
        cells.append(
            f'<td class="nz-{cell.age}" data-label="{label}"><a href="{address}" target="_self" '
            f'aria-label="{attribute}" title="{attribute}">{MARKS[cell.age]}</a></td>'
        )
    day = escape(words.day(newest["as_of"]))
    label = escape(words("coverage.newest"), quote=True)
    return (
        f'<tr><th scope="row">{escape(series_name)} · {escape(publisher)}</th>{"".join(cells)}'
        f'<td class="day" data-label="{label}">{day}</td></tr>'
    )


def _series(words: Words, row: dict[str, Any]) -> str:
    return words(
        "coverage.series",
        group=figure_text.group(words, row),
        measure=words(f"measure.{row['measure']}"),
        unit=words(f"unit.{row['unit']}"),
    )


def _column(words: Words, year: int | None, at: int, *, short: bool = False) -> str:
    if year is None:
        return str(at)
    return f"{at:02d}" if short else words.month(date(year, at, 1))


def stopped(view: View, asked: Asked) -> str:
    """Each place of which nobody published a figure in the last twelve months, and since when."""
    words = view.words
    mine = asked.everything[asked.everything["place_code"].isin(asked.order)]
    found = coverage.stopped(mine, asked.order, view.day)
    if mine.empty:
        return markup.block()
    parts = [markup.heading(words("coverage.stopped"))]
    if not found:
        return markup.block(*parts, markup.quiet_line(words("coverage.stopped_none")))
    items = "".join(
        "<li>"
        + markup.to_figure(
            view,
            row,
            words(
                "coverage.stopped_at",
                place=words.place(str(row["place_code"])),
                day=words.day(row["as_of"]),
                publisher=figure_text.publisher(words, row),
            ),
        )
        + "</li>"
        for row in found
    )
    return markup.block(*parts, f"<ul>{items}</ul>")


def missing(view: View, asked: Asked) -> str:
    """Places without such a figure, each with the nearest there is."""
    words = view.words
    found = coverage.missing(asked.chosen, asked.everything, asked.order)
    if not found:
        return markup.block()
    items = "".join(f"<li>{_instead(view, one)}</li>" for one in found)
    return markup.block(markup.heading(words("coverage.missing")), f"<ul>{items}</ul>")


def _instead(view: View, one: coverage.Instead) -> str:
    words = view.words
    name = words.place(one.place)
    lines = []
    if one.nearest is not None:
        sentence = words(
            "coverage.above",
            place=words.place(str(one.nearest["place_code"])),
            day=words.day(one.nearest["as_of"]),
        )
        lines.append(markup.to_figure(view, one.nearest, sentence))
    if one.other is not None:
        sentence = words(
            "coverage.other",
            series=_series(words, one.other),
            day=words.day(one.other["as_of"]),
        )
        lines.append(markup.to_figure(view, one.other, sentence))
    if not lines:
        return escape(words("coverage.missing_none", place=name))
    return f"{markup.to_place(view, one.place)}: {' · '.join(lines)}"
