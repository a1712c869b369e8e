"""What the map shows: one figure for each place, chosen so that kinds never mix."""

from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.components import download_block, drawing, markup, part
from dashboard.server import hashed_assets
from dashboard.session import cached, urlstate
from dashboard.session.urlstate import View
from dashboard.views import map_time, shaded
from data.analysis import map_layers
from data.store import Release
from visuals.language import area_text, figure_text
from visuals.map import circles as map_figures
from visuals.map import draw

TOP: Final = 60


def overview(view: View, release: Release) -> None:
    """The first page's map: people at a date on both sides of the border.

    The area's file says whom. All of them are people at a date, so circles compare; they are never
    added, as the note says.
    """
    words = view.words
    shown = overview_figures(view, release)
    title = area_text.overview(words, cached.area())
    st.html(markup.block(markup.heading(title)))
    if shown.empty:
        st.html(markup.block(markup.soft(words("figure.none_known"))))
        return
    place_on_page(view, release, shown, title, "situation", what="", folded=True)
    st.html(markup.block(markup.soft(area_text.overview_note(words, cached.area()))))


def overview_figures(view: View, release: Release) -> pd.DataFrame:
    """The newest stock of each governorate and province, largest first."""
    return cached.overview(release, release.id, view.known, view.day, undated=view.undated)


@part.alone
def explore(view: View, release: Release) -> None:
    """The reader's choices and their map: a part of its own, so that no choice moves the rest."""
    chosen = choose(view, release)
    if chosen is None:
        st.html(markup.note(view.words("map.none")))
        return
    if chosen[0] in shaded.SERIES:
        shaded.over_time(view, release, *chosen)
        return
    over_time(view, release, *chosen)


def choose(view: View, release: Release) -> tuple[str, str] | None:
    """The reader's series and level, as an address calls them; None where none can be drawn."""
    words = view.words
    layers = cached.layers(release, release.id, view.known, undated=view.undated)
    if not layers:
        return None
    names = {
        code: cached.made(
            partial(map_figures.layer_name, view, layer), release.id, f"layer {code}", view.key
        )
        for code, layer in list(layers.items())[:TOP]
    }
    found = {series: shaded.pictures(view, release, series) for series in shaded.SERIES}
    shadable = {series: shaded.levels(at) for series, at in found.items()}
    # Behind the first: they are what most come for, and not the last of sixty.
    first, *others = names.items()
    told = [(series, shaded.name(view, series)) for series, at in shadable.items() if at]
    names = dict([first, *told, *others])
    wide, narrow = st.columns([3, 1], gap="small")
    with wide:
        series = urlstate.choice(
            words("map.series"), list(names), key="series", name=names.__getitem__
        )
    if series in shaded.SERIES:
        with narrow:
            return series, urlstate.choice(
                words("map.level"),
                shadable[series],
                key="level",
                name=lambda code: shaded.level_name(view, found[series][code]),
            )
    layer = layers[series]
    with narrow:
        level = urlstate.choice(
            words("map.level"),
            _levels(layer),
            key="level",
            name=lambda code: level_name(view, layer, code),
        )
    return series, level


def level_name(view: View, layer: pd.DataFrame, level: str) -> str:
    """A level in words with the number of its places."""
    codes = layer.loc[map_layers.level_of(layer).eq(level), "place_code"].unique()
    places_ = view.words("map.places", count=view.words.number(len(codes)))
    return f"{view.words.level(level, codes)} · {places_}"


@part.alone
def over_time(view: View, release: Release, series: str, level: str) -> None:
    """The map at one time, and the way to others: a step costs one round trip of this part alone.

    Args:
        view: The reader.
        release: What is served.
        series: As `choose` gives it.
        level: As `choose` gives it.
    """
    line = cached.timeline(release, release.id, view.known, series, level, undated=view.undated)
    what = f"{series} {level}"

    def named() -> dict[str, str]:
        return {code: figure_text.when(view.words, at.iloc[0]) for code, at in line.shown.items()}

    chosen = map_time.moment(
        view, list(line.shown), cached.made(named, release.id, f"times {what}", view.key)
    )
    shown = line.shown[chosen]
    title = figure_text.series_name(view.words, shown.iloc[0])
    place_on_page(
        view,
        release,
        shown,
        title,
        "map",
        what=f"{what} {chosen}",
        largest=line.largest,
        codes=line.codes,
    )
    download_block.show(view, release, shown, "nuzuh-map")


def _levels(layer: pd.DataFrame) -> list[str]:
    """The level with the most places first."""
    counts = layer.groupby(map_layers.level_of(layer))["place_code"].nunique()
    return [str(level) for level in counts.sort_values(ascending=False, kind="stable").index]


def place_on_page(
    view: View,
    release: Release,
    shown: pd.DataFrame,
    title: str,
    key: str,
    *,
    what: str,
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
        what: Names what is shown, among all that a release can show.
        largest: The number that has the largest circle; so that months compare.
        codes: Places that the first look must hold; the whole map where none are named.
        folded: Whether the table waits for a click.
    """
    words, area = view.words, cached.area()

    def plan() -> dict[str, Any]:
        outlines = hashed_assets.outlines(release, area.code)
        circles = map_figures.circles(view, shown)
        return {
            "geometry": outlines,
            "circles": circles,
            "words": words,
            "title": title,
            "description": map_figures.described(view, title, shown),
            "largest": largest,
            "view": draw.fitted(outlines, codes),
            "keys": map_figures.legend_keys(view, shown),
        }

    def packed() -> bytes:
        links = view.link("place") + "&place=", view.link("figure") + "&figure="
        change = draw.change(**plan(), link=links[0], papers=links[1])
        return drawing.packed(change | {"folded": folded}, hashed_assets.atlas(release, area.code))

    drawing.show(cached.made(packed, release.id, f"{key} {what}", view.key), f"drawing-{key}")
    st.html(markup.block(markup.soft(map_figures.dated(view, shown))))

    def whole() -> str:
        return draw.draw(**plan(), core=area.core)

    drawing.downloads(view, whole, f"nuzuh-{key}", key)
