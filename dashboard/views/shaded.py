"""Rates and changes on the map: shaded places, one publisher's one round at a time."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.components import download_block, drawing, markup, part, tables
from dashboard.server import hashed_assets
from dashboard.session import cached, urlstate
from dashboard.session.urlstate import View
from dashboard.views import map_time
from data.analysis import shifts
from data.analysis.map_layers import RATES, SHIFTS
from data.analysis.rates import Rate, wanted
from data.analysis.shifts import Shift
from data.store import Release
from visuals.language import figure_text
from visuals.map import draw, geometry, no_figure, picture, shades
from visuals.map.geometry import Geometry

SERIES: Final = (RATES, SHIFTS)
Pictures = Mapping[str, Mapping[str, Sequence[Rate | Shift]]]


def pictures(view: View, release: Release, series: str) -> Pictures:
    """What may be shaded of a series, by level and time."""
    asked = cached.rate_pictures if series == RATES else cached.shift_pictures
    return asked(release, release.id, view.known, undated=view.undated)


def name(view: View, series: str) -> str:
    """The series among those of the map."""
    if series == RATES:
        return view.words("map.rates_layer", rate=view.words("column.rate"))
    return view.words("map.shifts_layer", shift=view.words("column.shift"))


def level_name(view: View, times: Mapping[str, Sequence[Rate | Shift]]) -> str:
    """A level in words."""
    first, _ = shades.both(next(iter(times.values()))[0])
    return view.words.level(str(first["admin_level"]), [str(first["place_code"])])


@part.rerun_alone
def over_time(view: View, release: Release, series: str, level: str) -> None:
    """The shaded map at one time, and the way to others.

    Args:
        view: The reader.
        release: What is served.
        series: One of `SERIES`.
        level: One of `shades.levels`.
    """
    words = view.words
    times = pictures(view, release, series)[level]
    names = {code: shades.when(words, at[0]) for code, at in times.items()}
    if len(set(names.values())) < len(names):  # two publishers counted on one day
        names = {code: _when(view, at[0]) for code, at in times.items()}
    chosen = map_time.moment(view, list(times), names)
    outlines = geometry.of_release(release, cached.area().code)
    ground = no_figure.grounds(outlines, level)
    rates = times[chosen]
    seen = [one for one in rates if _code(one) in ground]
    place = {"series": series, "level": level, map_time.DAY: chosen}
    if not seen:
        st.html(markup.block(markup.note(words("map.rates_unshaded")), table(view, rates)))
        seen = list(rates)
    else:
        _map(view, release, outlines, seen, place, list(times))
        outside = len(rates) - len(seen)
        if outside:
            sentence = words("map.rates_outside", count=words.number(outside))
            st.html(markup.block(markup.quiet_line(sentence)))
    lines = (_when(view, rates[0]), _note(view, series))
    used = _used(view, release, seen)
    address = urlstate.permanent_address(view, **place)
    credit = drawing.printed_credit(words, used, address)
    st.html(markup.block(*(markup.quiet_line(line) for line in lines), credit))
    download_block.show(view, release, used, "nuzuh-map")


def _used(view: View, release: Release, rates: Sequence[Rate | Shift]) -> pd.DataFrame:
    """The figures that rates or changes are made of."""
    used = {str(one["figure_id"]) for rate in rates for one in shades.both(rate)}
    asked = wanted(view.known, undated=view.undated)
    figures = cached.figures(release, release.id, asked)
    return figures[figures["figure_id"].isin(used)]


def _note(view: View, series: str) -> str:
    if series == RATES:
        return view.words("place.rate_note")
    return view.words("map.shift_note", least=view.words.number(shifts.LEAST))


def _code(one: Rate | Shift) -> str:
    return str(shades.both(one)[0]["place_code"])


def _when(view: View, one: Rate | Shift) -> str:
    return view.words(
        "place.rate_of",
        publisher=figure_text.publisher(view.words, shades.both(one)[0]),
        when=shades.when(view.words, one),
    )


def _map(
    view: View,
    release: Release,
    outlines: Geometry,
    rates: Sequence[Rate | Shift],
    chosen: Mapping[str, str],
    times: Sequence[str],
) -> None:
    """The map on the page, and its picture as a file that says whose it is and of when.

    Args:
        view: The reader.
        release: What is served.
        outlines: Of the area.
        rates: What is shaded.
        chosen: What an address must say to show the same: series, level and time.
        times: What an address calls the times that the map can play, oldest first.
    """
    area = cached.area()
    unknown = shades.without(outlines, chosen["level"], rates)
    seen = draw.fitted(outlines, [_code(one) for one in rates])

    def packed() -> bytes:
        change = shades.change(
            outlines,
            rates,
            unknown,
            view,
            view=seen,
            link=view.link("place") + "&place=",
            provenance=view.link("figure") + "&figure=",
        )
        kept = hashed_assets.atlas(release, area.code)
        at = times.index(chosen[map_time.DAY]), len(times)
        return drawing.as_bytes(change | {"folded": False, "time": at}, kept)

    def whole() -> str:
        return picture.shaded(
            view.words,
            _used(view, release, rates),
            address,
            outlines=outlines,
            rates=rates,
            unknown=unknown,
            view=seen,
            core=area.core,
        )

    address = urlstate.permanent_address(view, **chosen)
    what = f"shaded {' '.join(chosen.values())}"
    made = cached.cached_part(packed, release.id, what, view.key)
    drawing.show(made, "drawing-map", map_time.player(times))
    drawing.downloads(view, whole, "nuzuh-map-shaded", "shaded")


def table(view: View, rates: Sequence[Rate | Shift]) -> str:
    """The numbers where they cannot be shaded: both figures of each lead to their provenance."""
    words, look = view.words, shades.look(rates)
    rows = []
    for one in rates:
        first, second = shades.both(one)
        rows.append(
            [
                markup.to_place(view, _code(one)),
                markup.derived(look.made, shades.number(words, one)),
                markup.to_figure(view, first),
                markup.to_figure(view, second),
                escape(_when(view, one)),
            ]
        )
    labels = ("place", *look.columns, "source")
    return tables.html(
        [words(f"column.{label}") for label in labels],
        rows,
        ["", "nz-num", "nz-num", "nz-num", ""],
        full=True,
    )
