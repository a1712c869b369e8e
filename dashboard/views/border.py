"""The two sides of the border: who is there, who returned and where, and by what right aid came."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.components import drawing, markup, studio_chart, tables
from dashboard.session import cached
from dashboard.session.urlstate import View
from data.analysis import border
from data.gazetteer import authorisations, crossings, places
from data.schema.codes import ALL_COUNTRIES
from data.schema.tables import CROSSING_STATUSES
from data.store import FigureFilter, Release
from visuals.charts import svg, timeline
from visuals.charts.studio import Studio
from visuals.language import figure_text
from visuals.language.words import Words

FEWEST: Final = 3
"""Days that make a line; fewer are a table."""
RETURNS: Final = ("group", "value", "as_of", "publisher", "caveat")
MARKED: Final = ("authorisation", "political", "return", "disaster", "conflict")


def stocks(view: View, release: Release) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Syrians by Turkish province and IDPs by Syrian governorate: the newest of each place."""
    area = cached.area()
    wanted = FigureFilter(
        measure=("stock",),
        unit=("people",),
        admin_level=(1,),
        as_known_on=view.known,
        undated=view.undated,
    )
    found = cached.figures(release, release.id, wanted)
    abroad = found[
        found["population_group"].eq("REF")
        & ~found["location_code"].isin(area.origins)
        & found["origin_code"].isin(area.origins).fillna(False)
    ]
    inside = found[
        found["population_group"].eq("IDP")
        & found["admin1_code"].isin([*area.core, *area.around])
        & found["origin_code"].isna()
    ]
    return border.newest_stocks(abroad), border.one_series(inside)


def side_tables(view: View, abroad: pd.DataFrame, inside: pd.DataFrame) -> str:
    """Both sides as tables, each number with its day, its age in words and who says so."""
    area = cached.area()
    words = view.words
    near = abroad[abroad["place_code"].isin([*area.border, *area.behind])]
    rest = abroad[~abroad["place_code"].isin(near["place_code"])]
    origins = words.listed([words.place(code) for code in area.origins])
    parts = [
        markup.quiet_line(words("border.sides_note")),
        markup.heading(words("border.provinces", origins=origins)),
        _stocks(view, near),
        _without(view, [*area.border, *area.behind], near),
    ]
    if len(rest):
        parts.append(tables.collapsible(words("border.other_provinces"), _stocks(view, rest)))
    parts += [
        markup.heading(words("border.governorates", origins=origins)),
        _stocks(view, inside),
        _without(view, [*area.core, *area.around], inside),
    ]
    return markup.block(*parts)


def _without(view: View, codes: Sequence[str], figures: pd.DataFrame) -> str:
    """Says of which of these places nobody counts the whole: what is published are parts."""
    there = set(figures["place_code"])
    lacking = [view.words.place(code) for code in codes if code not in there]
    if not lacking or figures.empty:
        return ""
    return markup.quiet_line(view.words("border.without", places=view.words.listed(lacking)))


def _stocks(view: View, figures: pd.DataFrame) -> str:
    words = view.words
    if figures.empty:
        return markup.quiet_line(words("figure.none_known" if view.known else "figure.none"))
    rows = [
        [
            markup.to_place(view, row["place_code"]),
            markup.to_figure(view, row),
            escape(words.day(row["as_of"])),
            escape(words.age(row["as_of"], view.day)),
            escape(figure_text.publisher(words, row)),
            markup.tags(figure_text.caveats(words, row)),
        ]
        for row in figures.to_dict("records")
    ]
    names = ("place", "value", "as_of", "age", "publisher", "caveat")
    labels = [words(f"column.{name}") for name in names]
    return tables.html(labels, rows, ["", "nz-num", "day", "day", "", ""], full=True)


def returns(view: View, release: Release) -> pd.DataFrame:
    """Figures of returned refugees from every country together and from across this border."""
    area = cached.area()
    wanted = FigureFilter(
        group=("RET",),
        unit=("people",),
        within=area.origins,
        as_known_on=view.known,
        undated=view.undated,
    )
    found = cached.figures(release, release.id, wanted)
    across = {
        places.row(code)["location_code"] for code in area.border if places.is_known_code(code)
    }
    across |= {code for _, code in area.crossings if code in area.hosts}
    asylum = found["asylum_location_code"]
    return found[asylum.isna() | asylum.isin([ALL_COUNTRIES, *across])]


def cumulative(view: View, release: Release, found: pd.DataFrame) -> pd.DataFrame:
    """Returns in the area's windows, each publisher and first day on its own axis.

    Returns:
        The figures shown.
    """
    words = view.words
    events = cached.events(release, release.id)
    marked = events[events["kind"].isin(MARKED)]
    shown = []
    for title, note, span in _windows(view):
        st.html(markup.block(markup.heading(title), markup.quiet_line(note) if note else ""))
        alone = []
        for since, part in border.split_by_start(found, *span):
            shown.append(part)
            if part["as_of"].nunique() < FEWEST:
                alone.append(part)
            else:
                _window(view, since, part, marked)
        if alone:
            single = pd.concat(alone)
            listed = tables.of_figures(view, single, RETURNS, full=True)
            st.html(markup.block(markup.quiet_line(words("border.alone")), listed))
        if not any(True for _ in border.split_by_start(found, *span)):
            st.html(markup.block(markup.quiet_line(words("figure.none"))))
    return pd.concat(shown) if shown else found.iloc[0:0]


def _windows(view: View) -> list[tuple[str, str, tuple[date, date]]]:
    """Heading, note, and the days on which a count of the window may begin."""
    language, found = view.words.language, cached.area().returns
    if not found:
        return [(view.words("border.returns"), "", (date(1900, 1, 1), view.day))]
    return [(one.title[language], one.note[language], one.since) for one in found]


def _window(view: View, since: date, part: pd.DataFrame, events: pd.DataFrame) -> None:
    """One chart of one publisher and first day, the events on it, and its table."""
    words = view.words
    first = part.iloc[0]
    title = words(
        "border.window",
        country=words.place(first["asylum_location_code"]),
        publisher=figure_text.publisher(words, first),
        day=words.day(since),
    )
    st.html(markup.block(markup.heading(title, 3)))
    studio = Studio(words, part, [str(first["place_code"])], events)
    for at, axis in enumerate(studio.axes):
        drawing.show_static(
            studio_chart.drawings_and_key(studio, axis), f"border-{since}-{first['figure_id']}-{at}"
        )
        notes = studio_chart.notes(studio, axis)
        st.html(markup.block(*(markup.quiet_line(note) for note in notes if note)))
    table = tables.of_figures(view, part.iloc[::-1], RETURNS, full=True)
    st.html(markup.block(tables.collapsible(words("place.table"), table)))


def by_crossing(view: View, found: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    """Returns at each crossing, and the figures shown; a sentence where nobody publishes them."""
    words = view.words
    table = crossings.of_area(cached.area())
    figures = border.by_crossing(found, table)
    head = markup.heading(words("border.by_crossing"))
    if figures.empty:
        return markup.block(head, markup.quiet_line(words("border.no_by_crossing"))), figures
    named = table.set_index("crossing_code")
    rows = [
        [
            escape(_both(view, named.loc[row["category"]].to_dict())),
            markup.to_figure(view, row),
            escape(figure_text.series_name(words, row)),
            escape(figure_text.when(words, row)),
            escape(words.age(row["as_of"], view.day)),
            escape(figure_text.publisher(words, row)),
        ]
        for row in figures.to_dict("records")
    ]
    names = ("crossing", "value", "group", "period", "age", "publisher")
    labels = [words(f"column.{name}") for name in names]
    listed = tables.html(labels, rows, ["", "nz-num", "", "day", "day", ""], full=True)
    return markup.block(head, listed), figures


def crossing_list(view: View, release: Release) -> str:
    """Every crossing with both names, what lies on its two sides, and its dated status."""
    words = view.words
    brought = cached.table(release, release.id, CROSSING_STATUSES.name)
    known = border.status_on(crossings.of_area(cached.area()), brought, view.day)
    ordered = known.sort_values(["status_as_of", "crossing_code"], ascending=[False, True])
    rows = [_crossing(view, row) for row in ordered.to_dict("records")]
    names = ("crossing", "this_side", "other_side", "status", "as_of", "age", "publisher")
    labels = [words(f"column.{name}") for name in names]
    listed = tables.html(labels, rows, ["", "", "", "", "day", "day", ""], full=True)
    return markup.block(
        markup.heading(words("border.crossings")),
        markup.quiet_line(words("border.crossings_note")),
        listed,
    )


def _crossing(view: View, row: dict[str, Any]) -> list[str]:
    words = view.words
    has_status = pd.notna(row["status"])
    source = "–"
    if has_status:
        source = escape(figure_text.publisher(words, {"publisher": row["status_source"]}))
        if pd.notna(row["status_url"]):
            source += f" {markup.external_link(str(row['status_url']))}"
    return [
        escape(_both(view, row)),
        markup.to_place(view, row["syria_code"]) if pd.notna(row["syria_code"]) else "–",
        markup.to_place(view, row["across_code"]) if pd.notna(row["across_code"]) else "–",
        escape(words(f"crossing.{row['status']}" if has_status else "crossing.none")),
        escape(words.day(row["status_as_of"])) if has_status else "–",
        escape(words.age(row["status_as_of"], view.day)) if has_status else "–",
        source,
    ]


def _both(view: View, row: dict[str, Any]) -> str:
    """A crossing by its name here and its name on the other side."""
    arabic = view.words.language == "ar" and pd.notna(row["name_ar"])
    syrian = row["name_ar"] if arabic else row["name_en"]
    turkish = row["name_tr"]
    first, second = (turkish, syrian) if view.words.language == "tr" else (syrian, turkish)
    names = dict.fromkeys(str(name) for name in (first, second) if pd.notna(name))
    return " / ".join(names)


def authorised(view: View) -> None:
    """The spans in which United Nations aid could cross, as bars and as a table."""
    words = view.words
    spans = authorisations.known_on(pd.Timestamp(view.day), cached.area())
    if spans is None:
        return
    st.html(
        markup.block(
            markup.heading(words("border.authorised")),
            markup.quiet_line(words("border.authorised_note")),
        )
    )
    if spans.empty:
        st.html(markup.block(markup.quiet_line(words("figure.none_known"))))
        return
    names = _crossing_names(view)
    drawn = [_span(view, row, names) for row in spans.to_dict("records")]
    last = drawn[-1]
    alternative = words(
        "border.authorised_alt",
        count=words.number(len(drawn)),
        crossings=words.number(spans["crossing_code"].nunique()),
        first=drawn[0]["said"],
        last=last["said"],
    )
    bars = pd.DataFrame(drawn)
    drawings = svg.for_screens(partial(timeline.spans_chart, words, bars, alternative))
    drawing.show_static(
        f'{drawings}<ul class="nz-keys">{timeline.key(bars)}</ul>', key="authorised"
    )
    rows = [
        [escape(names[row["crossing_code"]]), escape(span["label"]),
         escape(words.day(row["starts_on"])), escape(span["until"]),
         markup.external_link(str(row["source_url"])), _end_address(view, row)]
        for row, span in zip(spans.to_dict("records"), drawn, strict=True)
    ]  # fmt: skip
    labels = [
        words(f"column.{name}")
        for name in ("crossing", "instrument", "from", "until", "address", "end_address")
    ]
    listed = tables.html(labels, rows, ["", "", "day", "day", "", ""], full=True)
    st.html(
        markup.block(
            markup.quiet_line(alternative), tables.collapsible(words("place.table"), listed)
        )
    )


def _end_address(view: View, row: dict[str, Any]) -> str:
    if pd.isna(row["end_source_url"]):
        return escape(view.words("border.no_address"))
    return markup.external_link(str(row["end_source_url"]))


def _crossing_names(view: View) -> dict[str, str]:
    known = {row["crossing_code"]: _both(view, row) for row in crossings.table().to_dict("records")}
    return known | {code: view.words(f"crossing.{code}") for code in authorisations.ELSEWHERE}


def _resolution(words: Words, instrument: str) -> str:
    """One resolution, or the first and the last of a line of renewals ("2165–2449")."""
    first, _, last = instrument.partition("–")
    if last:
        return words("authorisation.renewed", first=first, last=last)
    return words("authorisation.resolution", numbers=first)


def _span(view: View, row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    words = view.words
    kind = str(row["kind"])
    label = words("authorisation.consent" if kind == "consent" else "authorisation.access")
    if kind == "resolution":
        label = _resolution(words, str(row["instrument"]))
    open_end = pd.isna(row["ends_on"])
    ends = pd.Timestamp(view.day) if open_end else row["ends_on"]
    until = words("border.no_end") if open_end else words.day(row["ends_on"])
    line = names[row["crossing_code"]]
    text = words(
        "border.span", crossing=line, label=label, start=words.day(row["starts_on"]), end=until
    )
    return {
        "line": line,
        "label": label,
        "kind": kind,
        "kind_name": words(f"authorisation.kind.{kind}"),
        "starts_on": row["starts_on"],
        "ends_on": ends,
        "until": until,
        "said": text,
    }


def arrivals(view: View, release: Release) -> tuple[str, pd.DataFrame]:
    """The newest published arrivals in the core's sub-districts: movements within their month."""
    words = view.words
    wanted = FigureFilter(
        measure=("flow",),
        group=("IDP_ARR", "RET"),
        admin_level=(3,),
        within=cached.area().core,
        as_known_on=view.known,
        undated=view.undated,
    )
    found = cached.figures(release, release.id, wanted)
    core = words.listed([words.place(code) for code in cached.area().core])
    head = markup.heading(words("border.arrivals", places=core))
    if found.empty:
        return markup.block(head, markup.quiet_line(words("figure.none"))), found
    newest = found[found["as_of"].eq(found["as_of"].max())].sort_values("value", ascending=False)
    columns = ("place", "group", "value", "period", "publisher", "caveat")
    listed = tables.of_figures(view, newest, columns, full=True)
    age = words("border.arrivals_age", age=words.age(newest["as_of"].iloc[0], view.day))
    to_all = markup.anchor(view.link("movements", level="3"), words("border.to_movements"))
    return markup.block(head, markup.quiet_line(age), listed, markup.alone(to_all)), newest
