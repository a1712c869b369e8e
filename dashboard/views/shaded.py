"""Rates on the map: shaded governorates and sub-districts, one publisher's one round at a time."""

from html import escape
from typing import Final

import streamlit as st

from dashboard.components import download_block, drawing, markup, part, tables
from dashboard.server import hashed_assets
from dashboard.session import cached
from dashboard.session.urlstate import View
from dashboard.views import map_time
from data.analysis.rates import Rate
from data.gazetteer import places
from data.store import Release
from visuals.language import figure_text
from visuals.map import draw, shades
from visuals.map.geometry import Geometry

SERIES: Final = "rate"
"""What an address calls the rates among the series of the map."""
LEVELS: Final = ("1", "3")
"""Governorates and sub-districts: the levels that have outlines."""
Pictures = dict[str, dict[str, list[Rate]]]


def levels(rates: Pictures) -> list[str]:
    """The levels that have rates of more than one place."""
    return [level for level in LEVELS if any(len(at) > 1 for at in rates.get(level, {}).values())]


def name(view: View) -> str:
    """The series among those of the map."""
    return view.words("map.rates_layer", rate=view.words("column.rate"))


def level_name(view: View, times: dict[str, list[Rate]]) -> str:
    """A level in words."""
    first = next(iter(times.values()))[0].displaced
    return view.words.level(str(first["admin_level"]), [str(first["place_code"])])


@part.alone
def over_time(view: View, release: Release, level: str) -> None:
    """The shaded map at one time, and the way to others.

    Args:
        view: The reader.
        release: What is served.
        level: One of `levels`.
    """
    words = view.words
    found = cached.rate_pictures(release, release.id, view.known, undated=view.undated)
    times = found[level]
    names = {code: _when(view, at[0]) for code, at in times.items()}
    chosen = map_time.moment(view, list(times), names)
    outlines = hashed_assets.outlines(release, cached.area().code)
    ground = outlines.admin1 if level == LEVELS[0] else outlines.admin3
    rates = times[chosen]
    if ground:
        rates = [rate for rate in rates if rate.displaced["place_code"] in ground]
    if not ground or not rates:
        st.html(
            markup.block(
                markup.note(words("map.rates_unshaded")), table(view, rates or times[chosen])
            )
        )
    else:
        _map(view, release, outlines, rates, f"{level} {chosen}")
        outside = len(times[chosen]) - len(rates)
        if outside:
            said = words("map.rates_outside", count=words.number(outside))
            st.html(markup.block(markup.soft(said)))
    st.html(markup.block(markup.soft(words("place.rate_note"))))
    used = {str(one["figure_id"]) for rate in rates for one in (rate.displaced, rate.everybody)}
    figures = cached.figures(release, release.id, cached.rated(view.known, undated=view.undated))
    download_block.show(view, release, figures[figures["figure_id"].isin(used)], "nuzuh-map")


def _when(view: View, rate: Rate) -> str:
    return view.words(
        "place.rate_of",
        publisher=figure_text.publisher(view.words, rate.displaced),
        when=figure_text.when(view.words, rate.displaced),
    )


def without(ground: dict[str, str], rates: list[Rate]) -> list[str]:
    """Places of the publisher's countries that could be shaded and have no rate."""
    known = {str(rate.displaced["place_code"]) for rate in rates}
    countries = {str(rate.displaced["location_code"]) for rate in rates}
    return [
        code
        for code in ground
        if code not in known and places.codes(code)["location_code"] in countries
    ]


def _map(view: View, release: Release, outlines: Geometry, rates: list[Rate], what: str) -> None:
    level = str(rates[0].displaced["admin_level"])
    ground = outlines.admin1 if level == LEVELS[0] else outlines.admin3

    def packed() -> bytes:
        change = shades.change(
            outlines,
            rates,
            without(ground, rates),
            view,
            view=draw.fitted(outlines, [str(rate.displaced["place_code"]) for rate in rates]),
            link=view.link("place") + "&place=",
            papers=view.link("figure") + "&figure=",
        )
        kept = hashed_assets.atlas(release, cached.area().code)
        return drawing.packed(change | {"folded": False}, kept)

    drawing.show(cached.made(packed, release.id, f"rates {what}", view.key), "drawing-map")


def table(view: View, rates: list[Rate]) -> str:
    """The rates where they cannot be shaded: both numbers of each lead to their figure."""
    words = view.words
    rows = [
        [
            markup.to_place(view, str(rate.displaced["place_code"])),
            markup.derived("rate", words.per_hundred(rate.per_hundred)),
            markup.to_figure(view, rate.displaced),
            markup.to_figure(view, rate.everybody),
            escape(_when(view, rate)),
        ]
        for rate in rates
    ]
    labels = ("place", "rate", "displaced", "inhabitants", "source")
    return tables.html(
        [words(f"column.{label}") for label in labels],
        rows,
        ["", "nz-num", "nz-num", "nz-num", ""],
        full=True,
    )
