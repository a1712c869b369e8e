"""The parts of the chart studio."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from html import escape
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import pandas as pd
import streamlit as st

from dashboard.components import (
    drawing,
    embed_code,
    markup,
    picture,
    place_search,
    studio_chart,
    tables,
)
from dashboard.session import cached, urlstate
from dashboard.session.urlstate import View
from data.analysis import shared_axis
from data.gazetteer import events as carried_events
from data.gazetteer import places
from data.store import Release
from visuals.charts.frame import Panel
from visuals.charts.studio import Studio
from visuals.language import figure_text

PLACES: Final = "places"
ADDED: Final = "add-place"
EVERY: Final = "all"
FRAME: Final = (720, 560)
"""Pixels of an embedded frame; on a phone it is as narrow as the phone."""
COLUMNS: Final = ("place", "period", "value", "publisher", "known_from", "caveat")


@dataclass(frozen=True)
class Chosen:
    """What a reader chose, and the choices as an address says them."""

    studio: Studio
    choices: dict[str, str]
    lacking: Sequence[str]
    """Places that were chosen and have no figure of this count."""


def choose_places(view: View) -> list[str]:
    """The places on the chart, from the address; a search adds one, a link takes one away."""
    words = view.words
    order = _asked()
    added = st.session_state.pop(ADDED, None)
    if added is not None and added not in order and len(order) < shared_axis.MOST_PLACES:
        order.append(added)
        urlstate.remember_choice(PLACES, ",".join(order))
    full = len(order) >= shared_axis.MOST_PLACES
    listed = "".join(f"<span>{_without(view, order, code)}</span>" for code in order)
    parts = [
        f'<p class="soft">{escape(words("charts.chosen"))}</p><div class="nz-list">{listed}</div>'
    ]
    if full:
        parts.append(
            markup.quiet_line(words("charts.full", count=words.number(shared_axis.MOST_PLACES)))
        )
        st.html(markup.block(*parts))
        return order
    near = [code for code in place_search.places_from_core() if code not in order]
    links = " ".join(
        f"<span>{markup.anchor(_link(view, [*order, code]), words.place(code))}</span>"
        for code in near
    )
    parts.append(tables.collapsible(words("charts.near"), f'<div class="nz-list">{links}</div>'))
    st.html(markup.block(*parts))
    place_search.pick(view, ADDED, words("charts.add"))
    return order


def _asked() -> list[str]:
    given = urlstate.remembered_choice(PLACES)
    if given is None:
        area = cached.area()
        return [*area.core[:1], *area.around[:1]]
    found = [places.written(code) for code in given.split(",")]
    known = [code for code in found if code is not None]
    return list(dict.fromkeys(known))[: shared_axis.MOST_PLACES]


def _without(view: View, order: Sequence[str], code: str) -> str:
    """A chosen place, with a link that takes it off the chart while others stay."""
    rest = [other for other in order if other != code]
    name = markup.to_place(view, code)
    if not rest:
        return name
    label = escape(view.words("charts.remove", place=view.words.place(code)), quote=True)
    address = escape(_link(view, rest), quote=True)
    return f'{name} <a href="{address}" target="_self" aria-label="{label}" title="{label}">×</a>'


def _link(view: View, order: Sequence[str]) -> str:
    held = {k: v for k, v in st.query_params.to_dict().items() if k not in urlstate.OWN}
    return view.link("charts", **(held | {PLACES: ",".join(order)}))


def choose_count(view: View, release: Release, order: list[str]) -> Chosen | None:
    """What is counted, by whom and between which days; None where nothing answers."""
    words = view.words
    if not order:
        return None
    found = cached.figures(release, release.id, view.wanted(exactly=tuple(order)))
    counts = shared_axis.kinds_of_count(found)
    if not counts:
        return None
    _take_older_code(counts)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="asked"):
        code = urlstate.choice(
            words("charts.count"),
            list(counts),
            key="series",
            name=lambda code: figure_text.series_name(words, counts[code].iloc[-1]),
        )
        named = {
            str(row["source"]): figure_text.publisher(words, row)
            for row in counts[code].drop_duplicates("source").to_dict("records")
        }
        source = urlstate.choice(
            words("charts.source"),
            [EVERY, *sorted(named)],
            key="source",
            name=lambda code: (
                words("charts.every_source")
                if code == EVERY
                else figure_text.source(words, {"source": code, "title": named[code]})
            ),
        )
        since = urlstate.day(view, words("downloads.from"), key="from")
        until = urlstate.day(view, words("downloads.to"), key="to")
    asked_source = None if source == EVERY else source
    figures = shared_axis.studio_figures(found, code, asked_source, since, until)
    if figures is None:
        return None
    events = carried_events.at_places(cached.events(release, release.id), order)
    events = events[events["starts_on"].dt.date <= view.day]
    choices = {
        PLACES: ",".join(order),
        "series": code,
        "source": asked_source,
        "from": since and since.isoformat(),
        "to": until and until.isoformat(),
    }
    lacking = [place for place in order if not figures["place_code"].eq(place).any()]
    return Chosen(
        Studio(words, figures, tuple(order), events),
        {key: value for key, value in choices.items() if value},
        lacking,
    )


def _take_older_code(counts: Mapping[str, pd.DataFrame]) -> None:
    """Say the count of an address as it is said today: links are printed and stay."""
    asked = st.query_params.get("series")
    if asked is not None and (present := shared_axis.present_code(asked, counts)) != asked:
        st.query_params["series"] = present


def show(view: View, release: Release, chosen: Chosen) -> None:
    """The drawings with their keys, and what a reader must know of them."""
    words, studio = view.words, chosen.studio
    named = f"charts {sorted(chosen.choices.items())}"
    panels = cached.cached_part(partial(_panels, studio), release.id, named, view.key)
    # Said to who cannot see that other days or places are drawn.
    title = f"{markup.heading(studio.title)} {markup.quiet_line(_subtitle(studio))}"
    parts = [f'<div class="nz-says">{title}</div>']
    if chosen.lacking:
        lacking = words.listed([words.place(code) for code in chosen.lacking])
        parts.append(markup.quiet_line(words("charts.lacks", places=lacking)))
    if len(panels) > 1:
        parts.append(markup.quiet_line(_why_apart(studio)))
    parts.append(f'<p class="soft nz-hands">{escape(words("charts.brush"))}</p>')
    st.html(markup.block(*parts))
    for number, panel in enumerate(panels):
        if len(panels) > 1:
            st.html(markup.block(markup.heading(panel.heading, 3)))
        drawing.show_static(panel.svg, f"studio-{number}", _choose_days)
        # The same under every panel, as the key to the events is, it is said once, at the end.
        later = {line for following in panels[number + 1 :] for line in following.notes}
        own = [line for line in panel.notes if line and line not in later]
        st.html(markup.block(*(markup.quiet_line(line) for line in own)))


def _choose_days(first: date, last: date) -> None:
    """Take the days that were marked on a drawing, as if the two fields had been filled in."""
    st.session_state["from"], st.session_state["to"] = first, last


def _panels(studio: Studio) -> list[Panel]:
    return [
        Panel(
            studio_chart.drawings_and_key(studio, axis),
            heading=studio.heading(axis),
            notes=studio_chart.notes(studio, axis),
        )
        for axis in studio.axes
    ]


def _subtitle(studio: Studio) -> str:
    unit = studio.words(f"unit.{studio.figures['unit'].iat[0]}")
    return f"{unit} · {studio.dates}"


def _why_apart(studio: Studio) -> str:
    words = studio.words
    if shared_axis.too_many(studio.figures):
        return words("charts.many", count=words.number(shared_axis.MOST_LINES))
    return words("charts.nested")


def _without_day(query: str) -> str:
    """The same choices without the day: what is embedded stays as new as the dashboard."""
    return urlencode([(k, v) for k, v in parse_qsl(query) if k != urlstate.KNOWN])


def pictures(view: View, release: Release, chosen: Chosen) -> str:
    """The picture as files, the address that shows it again, and the code that embeds it."""
    words = view.words
    public = urlstate.permanent_address(view, **chosen.choices)
    query = urlsplit(public).query
    root = public.partition("/charts?")[0]
    frozen = f"{query}&{urlencode({'release': release.id})}"
    code = embed_code.embed_snippets(
        words,
        root,
        picture.ADDRESS,
        chosen.studio.title,
        embed_code.Queries(query, _without_day(query), frozen),
        FRAME,
    )
    labels = {form: words(f"charts.{form}") for form in picture.FORMS}
    return markup.block(
        markup.heading(words("charts.picture")),
        f"<p>{picture.files(query, labels, f'nuzuh-charts-{view.day.isoformat()}')}</p>",
        f'<p class="soft">{escape(words("charts.link"))}</p><p><code>{escape(public)}</code></p>',
        code,
    )


def table(view: View, chosen: Chosen) -> str:
    """Every figure that is drawn, newest first."""
    rows = chosen.studio.figures.sort_values(["as_of", "place_code"], ascending=[False, True])
    return markup.block(
        tables.collapsible(view.words("place.table"), tables.of_figures(view, rows, COLUMNS))
    )
