"""What the map shows: one figure for each place, chosen so that kinds never mix."""

from typing import Final

import pandas as pd
import streamlit as st

from dashboard import cached, kept, urlstate
from dashboard.components import download_block, drawing, papers
from dashboard.urlstate import View
from data import measures, places
from data.store import Release, Wanted
from visuals import map_figures, map_svg, text
from visuals.map_svg import Circle

TOP: Final = 60
DAY: Final = "day"


def overview(view: View, release: Release) -> None:
    """The first page's map: people at a date on both sides of the border.

    IDPs by governorate from one source, Syrians by province from another: all of them people at a
    date, so circles compare; never added, as the note says.
    """
    words = view.words
    shown = overview_figures(view, release)
    st.html(papers.block(papers.heading(words("situation.map"))))
    if shown.empty:
        st.html(papers.block(papers.soft(words("figure.none_known"))))
        return
    place_on_page(view, release, shown, words("situation.map"), "situation", folded=True)
    st.html(papers.block(papers.soft(words("situation.map_note"))))


def overview_figures(view: View, release: Release) -> pd.DataFrame:
    """The newest stock of each governorate and province, largest first."""
    wanted = Wanted(
        measure=("stock",),
        group=("IDP", "REF"),
        unit=("people",),
        admin_level=(1,),
        as_known_on=view.known,
    )
    found = cached.figures(release, release.id, wanted)
    return measures.overview(found[found["place_code"].isin(_placed())])


@st.fragment
def explore(view: View, release: Release) -> None:
    """The reader's choices and their map: a part of its own, so that no choice moves the rest."""
    layer = choose(view, release)
    if layer.empty:
        st.html(papers.note(view.words("map.none")))
        return
    over_time(view, release, layer)


def choose(view: View, release: Release) -> pd.DataFrame:
    """The reader's series and level at every time; empty where nothing can be drawn."""
    words = view.words
    found = cached.figures(release, release.id, Wanted(as_known_on=view.known))
    drawable = found[found["place_code"].isin(_placed()) & found["value"].notna()]
    layers = {measures.layer_id(layer): layer for layer in measures.layers(drawable)}
    layers = {code: layer for code, layer in layers.items() if layer["place_code"].nunique() > 1}
    if not layers:
        return drawable.iloc[0:0]
    names = {
        code: map_figures.layer_name(view, layer) for code, layer in list(layers.items())[:TOP]
    }
    wide, narrow = st.columns([3, 1], gap="small")
    with wide:
        series = urlstate.choice(
            words("map.series"), list(names), key="series", name=names.__getitem__
        )
    layer = layers[series]
    with narrow:
        level = urlstate.choice(
            words("map.level"),
            _levels(layer),
            key="level",
            name=lambda code: level_name(view, layer, code),
        )
    return layer[_level_of(layer).eq(level)]


def level_name(view: View, layer: pd.DataFrame, level: str) -> str:
    """A level in words with the number of its places."""
    count = layer.loc[_level_of(layer).eq(level), "place_code"].nunique()
    places_ = view.words("map.places", count=view.words.number(count))
    return f"{view.words(f'level.{level}')} · {places_}"


@st.fragment
def over_time(view: View, release: Release, layer: pd.DataFrame) -> None:
    """The map at one time, and the way to others: a step costs one round trip of this part alone.

    Args:
        view: The reader.
        release: What is served.
        layer: One series at one level at every time, as `choose` gives it.
    """
    words = view.words
    times = moments(layer)
    chosen = _moment(view, layer, list(times))
    shown = measures.newest_by_place(layer.loc[times[chosen]])
    title = text.series_name(words, shown.iloc[0])
    place_on_page(
        view,
        release,
        shown,
        title,
        "map",
        largest=int(layer["value"].max()),
        codes=tuple(layer["place_code"].unique()),
    )
    download_block.show(view, release, shown, "nuzuh-map")


def moments(layer: pd.DataFrame) -> dict[str, pd.Index]:
    """The times of a layer, oldest first: what an address calls each, and its rows.

    A flow's time is its whole period: a month and a quarter that end on one day are two pictures.
    """
    end = layer["as_of"].dt.strftime("%Y-%m-%d")
    start = layer["reference_period_start"].dt.strftime("%Y-%m-%d")
    codes = end.where(layer["measure"].ne("flow"), start + "~" + end)
    order = layer.assign(code=codes).sort_values(["as_of", "code"], kind="stable")
    return {str(code): rows.index for code, rows in order.groupby("code", sort=False)}


def _moment(view: View, layer: pd.DataFrame, codes: list[str]) -> str:
    """The reader's time: a slider with a button on either side; the newest at first."""
    words = view.words
    if st.session_state.get(DAY) not in codes:
        asked = st.query_params.get(DAY)
        st.session_state[DAY] = asked if asked in codes else codes[-1]
    at = codes.index(st.session_state[DAY])
    ends = moments(layer)
    names = {code: text.when(words, layer.loc[rows[0]]) for code, rows in ends.items()}
    if len(codes) == 1:
        urlstate.write(DAY, codes[0])
        st.html(papers.block(papers.soft(names[codes[0]])))
        return codes[0]
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="map-time"):
        _step(words("map.earlier"), "chevron_left", codes, at - 1)
        st.select_slider(words("map.date"), codes, key=DAY, format_func=names.__getitem__)
        _step(words("map.later"), "chevron_right", codes, at + 1)
    chosen = str(st.session_state[DAY])
    urlstate.write(DAY, chosen)
    return chosen


def _step(label: str, icon: str, codes: list[str], to: int) -> None:
    def go() -> None:
        st.session_state[DAY] = codes[to]

    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"map-{icon}",
        on_click=go,
        disabled=not 0 <= to < len(codes),
        width="content",
    )


def _placed() -> set[str]:
    """Places whose seat lies in the picture."""
    west, south, east, north = cached.area().bounds
    table = places.table()
    inside = table["lon"].between(west, east) & table["lat"].between(south, north)
    return set(table.loc[inside.fillna(False), "place_code"])


def _level_of(figures: pd.DataFrame) -> pd.Series:
    return figures["admin_level"].astype("string").fillna("none")


def _levels(layer: pd.DataFrame) -> list[str]:
    """The level with the most places first."""
    counts = layer.groupby(_level_of(layer))["place_code"].nunique()
    return [str(level) for level in counts.sort_values(ascending=False, kind="stable").index]


def place_on_page(
    view: View,
    release: Release,
    shown: pd.DataFrame,
    title: str,
    key: str,
    *,
    largest: int | None = None,
    codes: tuple[str, ...] = (),
    folded: bool = False,
) -> None:
    """The map with its legend, sentence and table, and the picture as a file.

    Args:
        view: The reader.
        release: Its boundaries are drawn, where it has them.
        shown: One figure for each place.
        title: What is shown.
        key: Names the map and its files.
        largest: The number that has the largest circle; so that months compare.
        codes: Places that the first look must hold; the whole map where none are named.
        folded: Whether the table waits for a click.
    """
    words, area = view.words, cached.area()
    outlines = kept.outlines(release, area.code)
    circles = map_figures.circles(view, shown)
    seen = map_svg.fitted(outlines, codes)
    said = map_figures.described(view, title, shown)
    legend = legend_keys(circles)
    change = map_svg.change(
        outlines,
        circles,
        words,
        title=title,
        description=said,
        largest=largest,
        view=seen,
        keys=legend,
        link=view.link("place") + "&place=",
        papers=view.link("figure") + "&figure=",
    )
    drawing.show(change | {"folded": folded}, kept.atlas(release, area.code), f"drawing-{key}")

    def whole() -> str:
        return map_svg.draw(
            outlines,
            circles,
            words,
            title=title,
            description=said,
            core=area.core,
            largest=largest,
            view=seen,
            keys=legend,
        )

    with st.container(horizontal=True, gap="small"):
        for form, mime, body in (
            ("svg", "image/svg+xml", lambda: whole().encode()),
            ("png", "image/png", lambda: map_svg.png(whole())),
        ):
            st.download_button(
                words(f"map.{form}"),
                body,
                file_name=f"nuzuh-{key}.{form}",
                mime=mime,
                key=f"{key}-{form}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )


def legend_keys(circles: list[Circle]) -> list[tuple[str, str]]:
    """What each colour means: of series, time and publisher what all its circles share."""
    notes: dict[str, list[tuple[str, ...]]] = {}
    for circle in circles:
        notes.setdefault(circle.colour, []).append(circle.note[:3])
    shared = {
        colour: [parts[0] for parts in zip(*of_colour, strict=True) if len(set(parts)) == 1]
        for colour, of_colour in notes.items()
    }
    return [(colour, " · ".join(parts)) for colour, parts in shared.items() if parts]
