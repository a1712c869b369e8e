"""The only caching of the pages. Every answer belongs to one release, so none goes stale.

The pointer to the newest release is looked at every ten seconds at most, and a release is shown
once what readers asked of the one before it has been asked of it (`release_parts`).
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Final, TypeVar, cast

import geopandas as gpd
import pandas as pd
import streamlit as st

from dashboard.session.release_parts import ReleasePart, ShownRelease
from data import settings
from data.analysis import map_layers, precedence, rates, shifts
from data.analysis import series as measures
from data.analysis.changes import Group
from data.analysis.headlines import Headline
from data.analysis.map_layers import Timeline
from data.gazetteer import area as areas
from data.gazetteer import events as carried_events
from data.gazetteer import places
from data.publication import exports
from data.store import Channel, Copy, FigureFilter, Release, Status, serving
from surges import current, holdout, situation, waves
from surges import events as surge_events
from surges.current import Surges
from surges.hdx_signals import RollingMaximum
from surges.rule import Alarm, Followed, Robust, follow_all
from surges.score import Score, of_great_waves, score
from surges.waves import ByFigures

T = TypeVar("T")


def area() -> areas.Area:
    """The area of interest."""
    return areas.load(settings.load().area)


def release() -> Release:
    """The newest release, at most ten seconds old, once its first answers are made.

    Raises:
        StoreProblem: There is none, or it cannot be read.
    """
    given = settings.load()
    return _shown(given.store).of(_current(given.store, str(given.cache)))


@st.cache_resource(ttl=10, max_entries=4, show_spinner=False)
def _current(address: str, cache: str) -> Release:
    return serving(address, Path(cache)).current()


@ReleasePart
@st.cache_data(max_entries=128, show_spinner=False)
def figures(_release: Release, release_id: str, wanted: FigureFilter) -> pd.DataFrame:
    """Figures of a release, each number by one route; columns of `tables.FIGURES`."""
    return precedence.figures(_release, wanted)


def cached_part(make: Callable[[], T], release_id: str, name: str, reader: tuple[object, ...]) -> T:
    """A part of a page, made once for all who read a release in one language on one day.

    Args:
        make: Makes it from nothing but the release and the reader.
        release_id: The release.
        name: Which part, and of what.
        reader: `View.key`.
    """
    return cast("T", _page_part(make, release_id, name, reader))


@ReleasePart
@st.cache_data(max_entries=512, show_spinner=False)
def _page_part(
    _make: Callable[[], object], release_id: str, name: str, reader: tuple[object, ...]
) -> object:
    return _make()


@cache
def _placed(bounds: tuple[float, float, float, float]) -> frozenset[str]:
    return frozenset(places.codes_in_bounds(bounds))


def places_on_map() -> frozenset[str]:
    """Places whose seat lies in the area's picture."""
    return _placed(area().bounds)


@ReleasePart
@st.cache_resource(max_entries=4, show_spinner=False)
def layers(
    _release: Release, release_id: str, known: date | None, *, undated: bool = False
) -> dict[str, pd.DataFrame]:
    """What may stand on the map, by its name in an address; shared by all, so never changed."""
    # Not by way of `figures`, which would keep all of a release a second time, for nobody else.
    found = precedence.figures(_release, FigureFilter(as_known_on=known, undated=undated))
    return map_layers.by_code(found[found["place_code"].isin(places_on_map())])


@ReleasePart
@st.cache_resource(max_entries=32, show_spinner=False)
def timeline(
    _release: Release,
    release_id: str,
    known: date | None,
    series: str,
    level: str,
    *,
    undated: bool = False,
) -> Timeline:
    """A layer of `layers` at one level, split by time; shared by all, so never changed."""
    return map_layers.timeline(layers(_release, release_id, known, undated=undated)[series], level)


@ReleasePart
@st.cache_resource(max_entries=4, show_spinner=False)
def rate_pictures(
    _release: Release, release_id: str, known: date | None, *, undated: bool = False
) -> dict[str, dict[str, list[rates.Rate]]]:
    """What may be shaded, by level and time; shared by all, so never changed."""
    found = figures(_release, release_id, rates.wanted(known, undated=undated))
    return rates.pictures(found[found["place_code"].isin(places_on_map())])


@ReleasePart
@st.cache_resource(max_entries=4, show_spinner=False)
def shift_pictures(
    _release: Release, release_id: str, known: date | None, *, undated: bool = False
) -> dict[str, dict[str, list[shifts.Shift]]]:
    """The changes that may be shaded, by level and time; shared by all, so never changed."""
    found = figures(_release, release_id, rates.wanted(known, undated=undated))
    return shifts.pictures(found[found["place_code"].isin(places_on_map())])


@ReleasePart
@st.cache_resource(max_entries=16, show_spinner=False)
def overview(
    _release: Release, release_id: str, known: date | None, day: date, *, undated: bool = False
) -> pd.DataFrame:
    """The first page's map: the newest stock of each governorate and province, largest first.

    Shared by all, so never changed.
    """
    wanted = FigureFilter(
        measure=("stock",),
        group=tuple(dict.fromkeys(layer.group for layer in area().map)),
        unit=("people",),
        admin_level=(1,),
        as_known_on=known,
        undated=undated,
    )
    found = figures(_release, release_id, wanted)
    return map_layers.overview(found[found["place_code"].isin(places_on_map())], area().map, day)


def passes_harm_check(release: Release, figures: pd.DataFrame) -> bool:
    """Whether the harm check lets figures of a release out, asked once of each selection."""
    # With the release, a figure and the day its vintage was known say everything about a row.
    named = "\n".join([*figures["figure_id"], *figures["known_from"].astype(str)])
    return _passes_harm_check(figures, release.id, named, public=settings.load().public)


@ReleasePart
@st.cache_data(max_entries=512, show_spinner=False)
def _passes_harm_check(
    _figures: pd.DataFrame, release_id: str, named: str, *, public: bool
) -> bool:
    return exports.may_leave(_figures, public=public)


@ReleasePart
@st.cache_data(max_entries=256, show_spinner=False)
def count_matching(_release: Release, release_id: str, wanted: FigureFilter) -> int:
    """How many figures match a question."""
    return _release.matching(wanted)


@ReleasePart
@st.cache_data(max_entries=256, show_spinner=False)
def count_published(_release: Release, release_id: str, wanted: FigureFilter) -> int:
    """How many figures `selected` gives."""
    return len(selected(_release, release_id, wanted))


@ReleasePart
@st.cache_data(max_entries=8, show_spinner=False)
def selected(_release: Release, release_id: str, wanted: FigureFilter) -> pd.DataFrame:
    """Figures of a question that may match many: few such answers are kept."""
    return precedence.figures(_release, wanted)


@ReleasePart
@st.cache_data(max_entries=64, show_spinner=False)
def vintages(_release: Release, release_id: str, wanted: FigureFilter) -> pd.DataFrame:
    """Vintages of a release; columns of `tables.FIGURES`."""
    return _release.vintages(wanted)


@ReleasePart
@st.cache_data(max_entries=4, show_spinner=False)
def differences(
    _release: Release, release_id: str, known: date | None, *, undated: bool = False
) -> pd.DataFrame:
    """Where sources of one origin disagree; columns of `precedence.DIFFERENCES`."""
    register = _release.table_rows("sources")
    routed = tuple(register["source"].filter(register["origin"].is_valid()).to_pylist())
    found = _release.figure_rows(FigureFilter(source=routed, as_known_on=known, undated=undated))
    return precedence.differences(found, register)


@ReleasePart
@st.cache_data(max_entries=32, show_spinner=False)
def table(_release: Release, release_id: str, name: str) -> pd.DataFrame:
    """A companion table of a release."""
    return _release.table(name)


def events(current: Release, release_id: str) -> pd.DataFrame:
    """The area's events of a release; of the carried ones where none were delivered to it."""
    return carried_events.of_area(table(current, release_id, "events"), area())


@ReleasePart
@st.cache_resource(max_entries=2, show_spinner=False)
def boundaries(_release: Release, release_id: str) -> gpd.GeoDataFrame | None:
    """Official boundaries of a release; None where they were not fetched."""
    return _release.boundaries()


@ReleasePart
@st.cache_data(max_entries=32, show_spinner=False)
def documents_by_digest(_release: Release, release_id: str, source: str) -> dict[str, Copy]:
    """The stored documents of a source, by SHA-256."""
    given = settings.load()
    return serving(given.store, given.cache).copies(_release, source)


@ReleasePart
@st.cache_resource(max_entries=64, show_spinner=False)
def headlines(
    _release: Release, release_id: str, known: date | None, day: date, *, undated: bool = False
) -> tuple[Headline, ...]:
    """The answers to the area's questions on the day that is shown; shared, so never changed."""
    return situation.answers(_release, area(), day, known=known, undated=undated)


@ReleasePart
@st.cache_resource(max_entries=16, show_spinner=False)
def first_page_figures(
    _release: Release, release_id: str, known: date | None, day: date, *, undated: bool = False
) -> pd.DataFrame:
    """Every figure of the first page's headlines and map; shared by all, so never changed."""
    answered = headlines(_release, release_id, known, day, undated=undated)
    drawn = overview(_release, release_id, known, day, undated=undated)
    return measures.each_once(situation.shown_figures(answered), drawn)


@ReleasePart
@st.cache_data(max_entries=64, show_spinner=False)
def count_undated(_release: Release, release_id: str, known: date | None) -> int:
    """How many figures of the area are not shown for want of a day of publication."""
    return situation.count_undated(_release, area(), known)


@ReleasePart
@st.cache_resource(max_entries=64, show_spinner=False)
def changes(_release: Release, release_id: str, at: datetime | None, until: date) -> list[Group]:
    """What changed in the area after a moment; in the half year before where there is none.

    Shared by all, so never changed.
    """
    return situation.recent_changes(_release, area(), until, at)


@ReleasePart
@st.cache_resource(max_entries=8, show_spinner=False)
def both_rules(_release: Release, release_id: str, known: date | None) -> Surges:
    """What both rules for surges say, with what was known on a day."""
    return current.of_release(_release, known)


def surges(release: Release, release_id: str, known: date | None) -> list[Followed]:
    """What either rule says of every series, with what was known on a day."""
    return both_rules(release, release_id, known).followed


@ReleasePart
@st.cache_resource(max_entries=16, show_spinner=False)
def active_surges(
    _release: Release, release_id: str, known: date | None, day: date
) -> tuple[Alarm, ...]:
    """The newest alarm of each surge that is active in the area on the day that is shown."""
    return situation.active(surges(_release, release_id, known), area(), day)


@ReleasePart
@st.cache_data(max_entries=16, show_spinner=False)
def newest_report(_release: Release, release_id: str, known: date | None, day: date) -> date | None:
    """The last day that a report of movements in the area covers."""
    return situation.newest_report(surges(_release, release_id, known), area(), day)


@ReleasePart
@st.cache_resource(max_entries=8, show_spinner=False)
def surge_scores(_release: Release, release_id: str, known: date | None) -> dict[str, Score]:
    """The score of the rule in use and of HDX Signals' on the same series, by name.

    Two windows each: `before` 2018, on which parameters were chosen, and `since`; of the latter
    `great` is the part of waves of twice the usual and 5,000 people or more.
    """
    flows = both_rules(_release, release_id, known).flows
    lines = [found.line for found in flows]
    wanted = surge_events.of_countries(area().origins, known)
    early, late = holdout.split_events(wanted)
    found = {}
    for name, judge in (("robust", Robust()), ("rolling_maximum", RollingMaximum())):
        first = follow_all(holdout.before_split(lines), judge)
        whole = flows if name == "robust" else follow_all(lines, judge)
        then = holdout.since_split(whole)
        found[f"{name}.before"] = score(first, early, surge_events.inside)
        found[f"{name}.since"] = score(then, late, surge_events.inside)
        great = of_great_waves(found[f"{name}.since"], lines, surge_events.inside)
        found[f"{name}.great"] = great
    return found


@ReleasePart
@st.cache_resource(max_entries=8, show_spinner=False)
def great_waves(_release: Release, release_id: str, known: date | None) -> ByFigures:
    """Which of the great waves in the figures since 2018 the rule in use found."""
    flows = both_rules(_release, release_id, known).flows
    return waves.score_waves(flows, holdout.reported_since)


@st.cache_data(ttl=10, max_entries=4, show_spinner=False)
def _statuses(address: str, cache: str) -> dict[str, Status]:
    return serving(address, Path(cache)).statuses()


def statuses() -> dict[str, Status]:
    """How each source has fared, at most ten seconds old."""
    given = settings.load()
    return _statuses(given.store, str(given.cache))


@st.cache_data(ttl=10, max_entries=4, show_spinner=False)
def _channels(address: str, cache: str) -> list[Channel]:
    return serving(address, Path(cache)).channels()


def channels() -> list[Channel]:
    """How the channels of the alerts fare, at most ten seconds old."""
    given = settings.load()
    return _channels(given.store, str(given.cache))


def statuses_now() -> dict[str, Status]:
    """How each source has fared, as the store says at this moment: for who decides on it."""
    given = settings.load()
    return serving(given.store, given.cache).statuses()


def reload_store() -> None:
    """Look at the store anew at the next run: a person has just changed it."""
    for kept in (_current, _statuses, _channels):
        kept.clear()
    _shown(settings.load().store).at_once()


@st.cache_data(ttl=3600, max_entries=4, show_spinner=False)
def cached_command(_command: Callable[[], T], name: str) -> T:
    """What a command answers that changes only with the project itself."""
    return _command()


_OF_A_RELEASE: Final = (
    active_surges,
    both_rules,
    boundaries,
    changes,
    documents_by_digest,
    differences,
    figures,
    first_page_figures,
    great_waves,
    headlines,
    newest_report,
    count_undated,
    layers,
    count_matching,
    count_published,
    overview,
    rate_pictures,
    shift_pictures,
    selected,
    surge_scores,
    table,
    timeline,
    vintages,
)
"""What is made of a release alone, so that it can be asked of the next one ahead of readers."""
_OF_A_PAGE: Final = (_page_part, _passes_harm_check)
"""What is made of what a page shows of a release; it goes with the release as well."""


@cache
def _shown(address: str) -> ShownRelease:
    """Which release of a store is shown; `address` tells stores apart."""
    return ShownRelease((*_OF_A_RELEASE, *_OF_A_PAGE), _OF_A_RELEASE)
