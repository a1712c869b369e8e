"""What the map shows: one figure for each place, chosen so that kinds never mix."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from types import MappingProxyType
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from dashboard.components import download_block, drawing, embed_code, markup, part
from dashboard.server import hashed_assets
from dashboard.session import cached, urlstate
from dashboard.session.urlstate import View
from dashboard.views import map_time, shaded
from data.analysis import map_layers
from data.analysis import series as measures
from data.analysis.map_layers import Timeline
from data.store import Release
from visuals.language import area_text, figure_text
from visuals.map import circles as map_figures
from visuals.map import draw, geometry, no_figure, picture, shades

TOP: Final = 60
SERIES: Final = "series"
ALONE: Final = "none"
EMBED: Final = "nuzuh/embed/map"
FRAME: Final = (720, 620)
"""Pixels of an embedded frame; on a phone it is as narrow as the phone."""

T = TypeVar("T")


def overview(view: View, release: Release) -> None:
    """The first page's map: people at a date on both sides of the border.

    The area's file says whom. All of them are people at a date, so circles compare; they are never
    added, as the note says.
    """
    words = view.words
    shown = overview_figures(view, release)
    named = partial(area_text.overview, words, cached.area(), shown)
    title = cached.cached_part(named, release.id, "title of the first map", view.key)
    st.html(markup.block(markup.heading(title)))
    if shown.empty:
        st.html(markup.block(markup.quiet_line(words("figure.none_known"))))
        return
    place_on_page(view, release, shown, title, "situation", what="", folded=True)()
    st.html(markup.block(markup.quiet_line(area_text.overview_note(words, cached.area()))))


def overview_figures(view: View, release: Release) -> pd.DataFrame:
    """The newest stock of each governorate and province, largest first."""
    return cached.overview(release, release.id, view.known, view.day, undated=view.undated)


@part.rerun_alone
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
    # Here, so that a step in time does not send it again.
    st.html(embedded(view, release, *chosen))


def choose(view: View, release: Release) -> tuple[str, str] | None:
    """The reader's series and level, as an address calls them; None where none can be drawn.

    Who is counted comes first, then who counted them, then the level: an address holds the
    series that the first two make.
    """
    words = view.words
    layers = cached.layers(release, release.id, view.known, undated=view.undated)
    if not layers:
        return None
    kept = dict(list(layers.items())[:TOP])
    who = _of_each(view, release, "who", partial(map_figures.layer_who, view))
    found = {series: shaded.pictures(view, release, series) for series in shaded.SERIES}
    shadable = {series: shades.levels(at) for series, at in found.items()}
    # Behind the first: they are what most come for, and not the last of sixty.
    first, *others = who.items()
    options = [(series, shaded.name(view, series)) for series, at in shadable.items() if at]
    who = dict([first, *options, *others])
    series = urlstate.current_choice(SERIES, list(who), next(iter(who)))
    counted = list(dict.fromkeys(who.values()))
    by = [code for code, name in who.items() if name == who[series]]
    with st.container(horizontal=True, gap="small", key="asked"):

        def count(name: str) -> None:
            _take(next((code for code, counted in who.items() if counted == name), series))

        def publisher(code: str) -> str:
            return map_figures.layer_by(view, kept[code])

        def places_at(level: str) -> str:
            return level_name(view, kept[series], level)

        _pick(words("map.who"), counted, who[series], str, count, key="map-who")
        if series in shaded.SERIES:
            level = urlstate.choice(
                words("map.level"),
                shadable[series],
                key="level",
                name=lambda code: shaded.level_name(view, found[series][code]),
            )
        else:
            named = _found_once(view, release, f"publishers of {who[series]}", by, publisher)
            _pick(words("map.publisher"), by, series, named.__getitem__, _take, key="map-by")
            levels = _of_each(view, release, "levels", map_layers.levels)[series]
            named = _found_once(view, release, f"levels of {series}", levels, places_at)
            level = urlstate.choice(words("map.level"), levels, key="level", name=named.__getitem__)
    urlstate.write(SERIES, series, default=next(iter(who)))
    if urlstate.is_refused(SERIES):
        urlstate.say_refused(words("map.who"), who[series])
    return series, level


def _pick(
    label: str,
    options: list[str],
    held: str,
    name: Callable[[str], str],
    take: Callable[[str], None],
    *,
    key: str,
) -> None:
    """One of the choices that together make the series of the address."""
    st.session_state[key] = held

    def taken() -> None:
        given = st.session_state.get(key)
        if given in options:
            take(str(given))

    st.selectbox(label, options, key=key, format_func=name, on_change=taken)


def _take(series: str) -> None:
    st.session_state[SERIES] = series


def level_name(view: View, layer: pd.DataFrame, level: str) -> str:
    """A level in words with the number of its places."""
    codes = layer.loc[map_layers.level_of(layer).eq(level), "place_code"].unique()
    places_ = view.words("map.places", count=view.words.number(len(codes)))
    return f"{view.words.level(level, codes)} · {places_}"


@part.rerun_alone
def over_time(view: View, release: Release, series: str, level: str) -> None:
    """The map at one time, and the way to others: a step costs one round trip of this part alone.

    Args:
        view: The reader.
        release: What is served.
        series: As `choose` gives it.
        level: As `choose` gives it.
    """
    line = cached.timeline(release, release.id, view.known, series, level, undated=view.undated)
    codes = list(line.shown)
    named = _times(view, release, line, f"{series} {level}")
    other = _beside(view, release, series, level, codes)
    chosen = map_time.moment(view, codes, named)
    shown = line.shown[chosen]
    one = _One(series, level, chosen, line, shown)
    if other is None:
        _drawn(view, release, one, "map", line.largest)()
        download_block.show(view, release, shown, "nuzuh-map")
        return
    second = _second(view, release, other, one, named)
    kind = ["measure", "unit"]
    alike = shown[kind].iloc[0].equals(second.shown[kind].iloc[0])
    most = max(line.largest, second.line.largest)
    st.html(
        markup.block(markup.quiet_line(view.words("map.one_scale" if alike else "map.two_scales")))
    )
    halves, beneath = (one, second), []
    of = "dates" if other == map_layers.SAME else "groups"
    with st.container(key=f"abreast-{'one-scale' if alike else 'two-scales'}-{of}"):
        for at, (column, half) in enumerate(zip(st.columns(2), halves, strict=True)):
            with column:
                largest = most if alike else half.line.largest
                beneath.append(
                    _drawn(view, release, half, f"map-{at + 1}", largest, beside=halves[1 - at])
                )
    # Where two columns are one above the other, nothing but maps stands between the maps.
    for column, foot in zip(st.columns(2), beneath, strict=True):
        with column:
            foot()
    both = measures.each_once(shown, second.shown)
    download_block.show(view, release, both, "nuzuh-map")


@dataclass(frozen=True)
class _One:
    """One of the pictures of the page: a series at a level and a time."""

    series: str
    level: str
    time: str
    line: Timeline
    shown: pd.DataFrame


def embedded(view: View, release: Release, series: str, level: str) -> str:
    """The code that puts the map into another page, fresh or frozen; nothing on a past day.

    Pictures are of the newest release or of one that is named, not of a day.
    """
    words = view.words
    layer = cached.layers(release, release.id, view.known, undated=view.undated)[series]
    here = layer.loc[map_layers.level_of(layer).eq(level), "place_code"]
    if view.known is not None or here.nunique() < 2:
        return markup.block()
    root = urlstate.permanent_address(view).partition("/map?")[0]
    code = map_layers.picture_code(series, level)
    live = {"series": code, urlstate.LANG: words.language}
    title = _names(view, release)[series]
    asked = urlencode(live)
    frozen = urlencode(live | {"release": release.id})
    queries = embed_code.Queries(asked, asked, frozen)
    return markup.block(embed_code.embed_snippets(words, root, EMBED, title, queries, FRAME))


def _times(view: View, release: Release, line: Timeline, what: str) -> dict[str, str]:
    def named() -> dict[str, str]:
        return {code: figure_text.when(view.words, at.iloc[0]) for code, at in line.shown.items()}

    return cached.cached_part(named, release.id, f"times {what}", view.key)


def _beside(view: View, release: Release, series: str, level: str, times: list[str]) -> str | None:
    """What stands beside the map: nothing, the same at another time, or another series."""
    words = view.words
    levels = _of_each(view, release, "levels", map_layers.levels)
    named = _names(view, release)
    others = {
        code: name for code, name in named.items() if code != series and level in levels[code]
    }
    names = {ALONE: words("map.alone"), **others}
    if len(times) > 1:
        names = {ALONE: names.pop(ALONE), map_layers.SAME: words("map.same"), **names}
    if len(names) == 1:
        return None
    chosen = urlstate.choice(words("map.beside"), list(names), key="beside", name=names.__getitem__)
    return None if chosen == ALONE else chosen


def _second(view: View, release: Release, other: str, one: _One, named: dict[str, str]) -> _One:
    """The picture beside the first: at a time that is chosen, or the one nearest to the first's."""
    if other == map_layers.SAME:
        codes = [code for code in one.line.shown if code != one.time]
        default = codes.index(str(one.line.other(one.time)))
        time = urlstate.choice(
            view.words("map.other_date"),
            codes,
            key="day2",
            name=named.__getitem__,
            default=default,
        )
        return _One(one.series, one.level, time, one.line, one.line.shown[time])
    line = cached.timeline(release, release.id, view.known, other, one.level, undated=view.undated)
    time = line.nearest(one.shown["as_of"].max())
    return _One(other, one.level, time, line, line.shown[time])


def _drawn(
    view: View, release: Release, one: _One, key: str, largest: int, *, beside: _One | None = None
) -> Callable[[], None]:
    """The map, and what is to stand beneath it; two show one part of the ground."""
    first = one.shown.iloc[0]
    title = figure_text.series_name(view.words, first)
    caption = "" if beside is None else figure_text.when_and_who(view.words, first)
    if beside is not None:
        st.html(markup.block(markup.heading(title, 3), markup.quiet_line(caption)))
    codes = list(one.line.shown)
    held = (*one.line.codes, *(() if beside is None else beside.line.codes))
    return place_on_page(
        view,
        release,
        one.shown,
        title,
        key,
        what=f"{one.series} {one.level} {one.time} {beside.series if beside else ''}",
        largest=largest,
        codes=map_layers.near(cached.area(), held),
        folded=beside is not None,
        times=None if beside is not None else codes,
        named=beside is not None,
        chosen={SERIES: one.series, "level": one.level, map_time.DAY: one.time},
        level=one.level,
    )


def _of_each(
    view: View, release: Release, what: str, of: Callable[[pd.DataFrame], T]
) -> dict[str, T]:
    """Something of each series that may be chosen, by its code; found once for a release."""
    layers = cached.layers(release, release.id, view.known, undated=view.undated)
    codes = list(layers)[:TOP]
    return _found_once(
        view, release, f"{what} of each series", codes, lambda code: of(layers[code])
    )


def _names(view: View, release: Release) -> dict[str, str]:
    return _of_each(view, release, "names", partial(map_figures.layer_name, view))


def _found_once(
    view: View, release: Release, what: str, codes: Sequence[str], of: Callable[[str], T]
) -> dict[str, T]:
    """Something of each choice that takes looking at all rows of a layer, by its code."""
    return cached.cached_part(
        lambda: {code: of(code) for code in codes}, release.id, what, view.key
    )


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
    times: Sequence[str] | None = None,
    chosen: Mapping[str, str] = MappingProxyType({}),
    level: str = "",
    named: bool = False,
) -> Callable[[], None]:
    """The map with its legend, sentence and table.

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
        times: What an address calls the times that the map can play, oldest first.
        chosen: What an address must say to show the same.
        level: Whose places are hatched where they have no figure; without, none are.
        named: Whether what stands beneath says of which map it is, as there are two.

    Returns:
        Draws what is to stand beneath: of which days the map is, and its picture as a file.
    """
    words, area = view.words, cached.area()

    def plan() -> dict[str, Any]:
        outlines = geometry.of_release(release, area.code)
        circles = map_figures.circles(view, shown)
        ground = no_figure.grounds(outlines, level)
        return {
            "geometry": outlines,
            "circles": circles,
            "words": words,
            "title": title,
            "description": map_figures.described(view, title, shown),
            "largest": largest,
            "view": draw.fitted(outlines, codes),
            "keys": map_figures.legend_keys(view, shown),
            "blank": no_figure.without(
                ground, set(shown["place_code"]), set(shown["location_code"])
            ),
        }

    at = None if times is None else (times.index(chosen[map_time.DAY]), len(times))

    def packed() -> bytes:
        links = view.link("place") + "&place=", view.link("figure") + "&figure="
        change = draw.change(**plan(), link=links[0], provenance=links[1])
        change |= {"folded": folded, "time": at}
        return drawing.as_bytes(change, hashed_assets.atlas(release, area.code))

    made = cached.cached_part(packed, release.id, f"{key} {what} {largest}", view.key)
    drawing.show(made, f"drawing-{key}", map_time.player(times or ()))
    dated = map_figures.dated(view, shown)
    address = urlstate.permanent_address(view, **chosen)

    def whole() -> str:
        return picture.picture(shown=shown, address=address, dated=dated, core=area.core, **plan())

    def beneath() -> None:
        said = f"{title} · {dated}" if named else dated
        days = f'<p class="soft nz-says">{escape(said)}</p>'
        credit = drawing.printed_credit(words, shown, address) if chosen else ""
        st.html(markup.block(days, credit))
        drawing.downloads(view, whole, f"nuzuh-{key}", key)

    return beneath
