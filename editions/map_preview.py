"""What a link to the map unfolds into: the maps that its address chooses, in words and drawn.

The choices are those of the map's page, and what an address leaves out or what no release has is
what the page shows there: the first series, its first level, its newest time.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Final

import pandas as pd

from data.analysis import map_layers, precedence, rates, series, shifts
from data.analysis.map_layers import RATES, SAME, SHIFTS, Timeline
from data.analysis.rates import Rate
from data.analysis.shifts import Shift
from data.gazetteer import places
from data.gazetteer.area import Area
from data.store import FigureFilter, Release
from editions.release_key import ByRelease
from visuals.language import figure_text
from visuals.language.words import Words
from visuals.map import circles, draw, geometry, no_figure, shades

PIXELS: Final = 480
"""Width of a drawing that stands alone on the card: its words are read where a card is small."""
HALF: Final = 440
"""Width of each of two."""
_CODE: Final = re.compile(r"[\w~.:/,()&'+-]{1,200}")
_CHOICES: Final = ("series", "level", "day", "beside", "day2")


@dataclass(frozen=True)
class MapChoice:
    """What an address of the map chooses, as codes; None where it leaves that to the page."""

    series: str | None = None
    level: str | None = None
    day: str | None = None
    beside: str | None = None
    day2: str | None = None
    undated: bool = False

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "MapChoice":
        """The choices of an address; what is no code is left out."""
        coded = {name: given[name] for name in _CHOICES if _CODE.fullmatch(given.get(name, ""))}
        return cls(**coded, undated=given.get("undated") == "1")

    def query(self) -> dict[str, str | None]:
        """The same, as an address has it."""
        chosen = {name: getattr(self, name) for name in _CHOICES}
        return chosen | {"undated": "1" if self.undated else None}


@dataclass(frozen=True)
class CardReader:
    """Who reads a card: a `visuals.html.elements.Reader` of whom no more is known."""

    words: Words
    known: date | None
    day: date

    def link(self, page: str, **choices: str | None) -> str:
        """Nothing: a picture leads nowhere."""
        return ""


@dataclass(frozen=True, eq=False)
class Shown:
    """The maps of an address.

    Attributes:
        title: What is shown.
        sentence: The same with its largest numbers, days and publishers.
        figures: All that is shown; columns of `tables.FIGURES`.
        captions: Of which day and publisher each map is.
        draw: Makes the maps, each one whole `<svg>`.
    """

    title: str
    sentence: str
    figures: pd.DataFrame
    captions: tuple[str, ...]
    draw: Callable[[], tuple[str, ...]]

    @cached_property
    def drawings(self) -> tuple[str, ...]:
        """The maps, drawn when a picture is asked for."""
        return self.draw()


@dataclass(frozen=True)
class _Half:
    """One of the maps: a series at a level and a time."""

    line: Timeline
    time: str

    @property
    def shown(self) -> pd.DataFrame:
        return self.line.shown[self.time]


def shown(release: Release, area: Area, asked: MapChoice, reader: CardReader) -> Shown | None:
    """The maps that an address chooses; None where the release has nothing to draw.

    Args:
        release: Whose figures.
        area: Whose map.
        asked: What was chosen.
        reader: In whose language, and as known on which day.
    """
    if asked.series in (RATES, SHIFTS):
        found = _shaded(release, area, asked, reader)
        if found is not None:
            return found
    known = reader.known
    undated = known is not None and asked.undated
    layers = _layers(ByRelease(release.id, release), known, undated, area)
    if not layers:
        return None
    name = _taken(asked.series, layers, next(iter(layers)))
    levels = map_layers.levels(layers[name])
    level = _taken(asked.level, levels, levels[0])
    line = map_layers.timeline(layers[name], level)
    first = _Half(line, _taken(asked.day, line.shown, list(line.shown)[-1]))
    second = _beside(layers, first, asked, level)
    halves = [first] if second is None else [first, second]
    return _circles(release, area, level, halves, reader)


def _taken(asked: str | None, offered: Collection[str], default: str) -> str:
    """What an address chooses where it is offered, as on the page; else the page's own choice."""
    return asked if asked is not None and asked in offered else default


def _beside(
    layers: Mapping[str, pd.DataFrame], first: _Half, asked: MapChoice, level: str
) -> _Half | None:
    if asked.beside == SAME:
        others = [time for time in first.line.shown if time != first.time]
        default = first.line.other(first.time)
        if default is None:
            return None
        return _Half(first.line, _taken(asked.day2, others, default))
    beside = layers.get(asked.beside or "")
    if beside is None or level not in map_layers.levels(beside):
        return None
    line = map_layers.timeline(beside, level)
    return _Half(line, line.nearest(first.shown["as_of"].max()))


@lru_cache(maxsize=2)
def _layers(
    of: ByRelease[Release],
    known: date | None,
    undated: bool,
    area: Area,
) -> dict[str, pd.DataFrame]:
    """What may stand on the map, by its name in an address; shared, so never changed."""
    found = precedence.figures(of.held, FigureFilter(as_known_on=known, undated=undated))
    in_sight = frozenset(places.codes_in_bounds(area.bounds))
    return map_layers.by_code(found[found["place_code"].isin(in_sight)])


def _circles(
    release: Release, area: Area, level: str, halves: Sequence[_Half], reader: CardReader
) -> Shown:
    words = reader.words
    rows = [half.shown.iloc[0] for half in halves]
    names = [figure_text.series_name(words, row) for row in rows]
    sentences = [
        words(
            "preview.map",
            sentence=circles.described(reader, name, half.shown, aged=True),
            publisher=figure_text.publisher(words, row),
        )
        for name, row, half in zip(names, rows, halves, strict=True)
    ]
    most = [half.line.largest for half in halves]
    if len(halves) > 1:
        alike = all(rows[0][name] == rows[1][name] for name in ("measure", "unit"))
        most = [max(most)] * 2 if alike else most
        sentences.append(words("map.one_scale" if alike else "map.two_scales"))
    codes = [code for half in halves for code in half.line.codes]

    def drawn() -> tuple[str, ...]:
        outlines = geometry.of_release(release, area.code)
        ground = no_figure.grounds(outlines, level)
        return tuple(
            draw.draw(
                outlines,
                circles.circles(reader, half.shown, short=True),
                words,
                title=name,
                description=sentence,
                core=area.core,
                largest=largest,
                view=draw.fitted(outlines, map_layers.near(area, codes)),
                blank=no_figure.without(
                    ground, set(half.shown["place_code"]), set(half.shown["location_code"])
                ),
                pixels=PIXELS if len(halves) == 1 else HALF,
            )
            for half, name, largest, sentence in zip(halves, names, most, sentences, strict=False)
        )

    counted = words.listed(list(dict.fromkeys(names)))
    places_ = [code for half in halves for code in half.shown["place_code"]]
    return Shown(
        words("series.at", place=words.level(level, places_), series=counted),
        " ".join(sentences),
        series.each_once(*(half.shown for half in halves)),
        tuple(figure_text.when_and_who(words, row) for row in rows),
        drawn,
    )


@lru_cache(maxsize=4)
def _pictures(
    of: ByRelease[Release],
    known: date | None,
    undated: bool,
    area: Area,
    series: str,
) -> tuple[pd.DataFrame, Mapping[str, Mapping[str, Sequence[Rate | Shift]]]]:
    """The figures of rates or changes, and what may be shaded; shared, so never changed."""
    found = precedence.figures(of.held, rates.wanted(known, undated=undated))
    found = found[found["place_code"].isin(places.codes_in_bounds(area.bounds))]
    return found, rates.pictures(found) if series == RATES else shifts.pictures(found)


def _shaded(release: Release, area: Area, asked: MapChoice, reader: CardReader) -> Shown | None:
    """The shaded map; without a drawing where no outline can be shaded at its level."""
    words, known = reader.words, reader.known
    undated = known is not None and asked.undated
    of = ByRelease(release.id, release)
    found, pictures = _pictures(of, known, undated, area, str(asked.series))
    levels = shades.levels(pictures)
    if not levels:
        return None
    level = _taken(asked.level, levels, levels[0])
    times = pictures[level]
    at = list(times[_taken(asked.day, times, list(times)[-1])])
    outlines = geometry.of_release(release, area.code)
    ground = no_figure.grounds(outlines, level)
    drawable = [one for one in at if _code(one) in ground]
    at = drawable or at
    publisher = figure_text.publisher(words, shades.both(at[0])[0])
    unknown = shades.without(outlines, level, at)
    title = words(shades.look(at).title)
    used = {str(row["figure_id"]) for one in at for row in shades.both(one)}

    def drawn() -> tuple[str, ...]:
        if not drawable:
            return ()
        view = draw.fitted(outlines, [_code(one) for one in at])
        return (
            shades.picture(outlines, at, unknown, words, view=view, core=area.core, pixels=PIXELS),
        )

    return Shown(
        words("series.at", place=words.level(level, [_code(one) for one in at]), series=title),
        words(
            "preview.map",
            sentence=shades.described(words, at, len(unknown)),
            publisher=publisher,
        ),
        found[found["figure_id"].isin(used)],
        (shades.source(words, at),),
        drawn,
    )


def _code(one: Rate | Shift) -> str:
    row: Mapping[str, Any] = shades.both(one)[0]
    return str(row["place_code"])
