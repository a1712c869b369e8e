"""What an edition holds, whatever its language and form: gathered once from one release.

Nothing here asks the clock: the same release gives the same edition in ten years. Which sources
are late is passed in by the caller, with the time for which it is so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

import pandas as pd

from data.analysis import comparison, map_layers, precedence, reconciliations, series
from data.analysis.cells import Row
from data.analysis.comparison import Comparison
from data.analysis.series import Figures, Newest
from data.gazetteer import events, places
from data.gazetteer.area import Area
from data.publication import harm
from data.store import FigureFilter, Release, Status
from surges import situation
from surges.situation import Situation
from visuals.charts import svg
from visuals.map import circles, geometry
from visuals.map.geometry import Geometry

CHARTED: Final = 3
"""Figures that a series needs to be drawn at all; fewer are read faster in the table."""
ON_A_PAGE: Final = 80
"""Figures on a page of provenance."""
DOCUMENT: Final = ("publisher", "dataset", "licence", "source_url", "content_sha256")
"""What is one document that figures were read in."""
DRAWN: Final = 6
"""Drawings on a place's page; every figure is on the place's provenance."""
ENOUGH: Final = 4
"""Days that a series needs for a drawing there: three, as a sub-district's rounds, are a table."""
READ: Final = tuple(
    dict.fromkeys(
        (
            *circles.READ,
            *series.SERIES,
            "known_from",
            "locator",
            "licence",
            "source_url",
            "content_sha256",
            "retrieved_at",
        )
    )
)
"""What a page says of a figure, and what a drawing of its series asks."""
LISTED: Final = 70
"""Newest figures on a place's page."""


@dataclass(frozen=True)
class Layer:
    """One series on the map at one level, with every day it has.

    Attributes:
        code: A short name for a file, from what the figures share.
        series: What the figures share, as the address of the map has it.
        days: The figures of each day, newest day first: one row for each place, largest first.
        largest: The largest number of any day, so that days compare.
    """

    code: str
    series: str
    level: str
    days: tuple[pd.DataFrame, ...]
    largest: int

    @cached_property
    def dates(self) -> tuple[pd.Timestamp, ...]:
        """The day of each of `days`."""
        return tuple(pd.Timestamp(day["as_of"].iat[0]) for day in self.days)


@dataclass(frozen=True)
class Chart:
    """A series that a place's page draws."""

    last: Row
    """Its newest figure."""
    plan: svg.Plan


@dataclass(frozen=True)
class PlaceFigures:
    """What one place's page shows.

    Attributes:
        newest: The newest figure of each series, whole counts of the first groups before others,
            the first `LISTED` of them.
        series: How many series there are.
        single: Displacements that are reported one by one, newest day first.
        charts: The first `DRAWN` of the series that a page draws.
    """

    newest: Newest[Sequence[Row]]
    series: int
    single: Sequence[Row]
    charts: tuple[Chart, ...]
    _drawn: pd.DataFrame
    _positions: Sequence[list[int]]

    @property
    def lines(self) -> tuple[pd.DataFrame, ...]:
        """The series that are worth a drawing, the longest first."""
        return tuple(self._drawn.iloc[found] for found in self._positions)


@dataclass(frozen=True)
class ProvenancePage:
    """Figures of one place whose sources and history stand on one page."""

    place: str
    number: int
    """Which of the place's pages, from 1."""
    figures: Sequence[Row]

    @property
    def file(self) -> str:
        """Its name in every language."""
        return provenance_file(self.place, self.number)

    @cached_property
    def documents(self) -> list[Row]:
        """What its figures were read in: the rows of `documents`."""
        return documents(self.figures)

    @cached_property
    def numbers(self) -> list[int]:
        """Of each figure, which of the documents it was read in, from 1."""
        at = {_document(row): number for number, row in enumerate(self.documents, start=1)}
        return [at[_document(row)] for row in self.figures]


def provenance_file(place: str, number: int) -> str:
    """The name of one of a place's pages of provenance, in every language."""
    return f"provenance-{place}-{number}.html"


class _Places(Mapping[str, PlaceFigures]):
    """Each place's figures: put in order for all at once, taken out when its page is asked for.

    What pandas asks for two hundred small frames takes longer by far than for one; so does a frame
    for each of a thousand lines, of which a page draws few.
    """

    def __init__(self, content: "Content") -> None:
        self._content, self._figures = content, content.figures
        self._made: dict[str, PlaceFigures] = {}

    def __getitem__(self, code: str) -> PlaceFigures:
        if code not in self._made:
            counted, newest = self._newest
            drawn, positions = self._lines
            found = positions.get(code, [])
            self._made[code] = PlaceFigures(
                newest.get(code) or Newest[Sequence[Row]]([], [], [], pd.NaT),
                counted.get(code, 0),
                self._single.get(code, []),
                tuple(self._charts(code, found)),
                drawn,
                found,
            )
        return self._made[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._content.codes)

    def __len__(self) -> int:
        return len(self._content.codes)

    @cached_property
    def _newest(self) -> tuple[Mapping[str, int], Mapping[str, Newest[list[Row]]]]:
        """How many series each place has, and the newest of those that are listed."""
        newest = series.important_first(series.newest_of_each(self._figures))
        places_ = newest.groupby("place_code")
        listed = newest[places_.cumcount() < LISTED]
        folded = series.folded_by_place(listed, self._content.rows(listed))
        return {str(code): int(count) for code, count in places_.size().items()}, folded

    @cached_property
    def _single(self) -> Mapping[str, list[Row]]:
        return _by_place(self._content.rows(series.single(self._figures)))

    def _charts(self, code: str, lines: Sequence[list[int]]) -> Iterator[Chart]:
        enough = [
            found for found in lines if len({self._rows[at]["as_of"] for at in found}) >= ENOUGH
        ]
        if not enough:
            return
        near = series.rows(events.at_place(self._content.events, code))
        for found in enough[:DRAWN]:
            line = [self._rows[at] for at in found]
            yield Chart(line[-1], svg.Plan(line, near))

    @cached_property
    def _rows(self) -> list[Row]:
        """Those of the figures that are drawn."""
        drawn, _ = self._lines
        return self._content.rows(drawn)

    @cached_property
    def _lines(self) -> tuple[pd.DataFrame, dict[str, list[list[int]]]]:
        """The figures that are drawn, and of each place the positions of its lines' rows."""
        drawn, found = series.positions_of_lines(series.charted(self._figures), CHARTED)
        places_, by_place = drawn["place_code"].tolist(), dict[str, list[list[int]]]()
        for positions in found:
            by_place.setdefault(places_[positions[0]], []).append(positions)
        return drawn, by_place


class Addresses(dict[str, str]):
    """Where the provenance of each figure lies, by figure id.

    Those of figures that only a comparison shows are worked out when one is asked for: the reader
    of a first page does not wait for them.
    """

    def __init__(self, content: "Content") -> None:
        super().__init__(_lying(content.provenance))
        self._content = content

    def __missing__(self, figure: str) -> str:
        """The address of a figure that only a comparison shows; KeyError where none does."""
        rest = dict(_lying(self._content.provenance_of_compared))
        self.update(rest)
        return rest[figure]


def _lying(pages: Iterable[ProvenancePage]) -> Iterator[tuple[str, str]]:
    for page in pages:
        for row in page.figures:
            yield str(row["figure_id"]), f"{page.file}#f{row['figure_id']}"


@dataclass(frozen=True)
class Content:
    """One release as an edition tells it.

    What a brief or a first page does not show is worked out when it is first asked for: the
    reader of one page does not wait for the others.

    Attributes:
        known: Shown as known at the end of that day; None for the release's own day.
        everything: Every figure of the release; columns of `tables.FIGURES`.
        codes: The places that have a page, the area's own first.
        figures: The figures of those places.
        situation: What the first page says.
        overview: The first page's map: one row for each place, largest first.
        sources: Columns of `tables.SOURCES`.
        events: Columns of `tables.EVENTS`.
    """

    release_id: str
    published_at: datetime
    count: int
    area: Area
    known: date | None
    everything: pd.DataFrame
    codes: tuple[str, ...]
    figures: pd.DataFrame
    situation: Situation
    overview: pd.DataFrame
    sources: pd.DataFrame
    events: pd.DataFrame
    geometry: Geometry

    @property
    def day(self) -> date:
        """The day the edition speaks from."""
        return self.known or self.published_at.date()

    @property
    def number(self) -> str:
        """The edition's number: the release's day and mark, and the day it looks back to.

        Isolated, so that its parts keep their order where the text runs from the right.
        """
        mark = f"{self.published_at:%Y%m%d}-{self.release_id.rsplit('-', 1)[-1]}"
        whole = f"{mark}@{self.known:%Y%m%d}" if self.known else mark
        return f"\u2066{whole}\u2069"

    def rows(self, figures: pd.DataFrame) -> list[Row]:
        """The rows of figures of this release, taken out of its frame once for all languages."""
        known = self._rows
        return [known[figure_id] for figure_id in figures["figure_id"].tolist()]

    @cached_property
    def _rows(self) -> Mapping[str, Row]:
        return {row["figure_id"]: row for row in series.records(self.everything[list(READ)])}

    @cached_property
    def first_page(self) -> pd.DataFrame:
        """The figures of the first page; some are of places without a page."""
        return situation.all_figures(self.situation)

    @cached_property
    def provenance(self) -> tuple[ProvenancePage, ...]:
        """Of the figures of the places, and of what the first page says of others."""
        shown = set(self.figures["figure_id"])
        return tuple(_provenance_pages(_with(self.figures, self.first_page, shown)))

    @cached_property
    def addresses(self) -> Addresses:
        """Where the provenance of each figure lies."""
        return Addresses(self)

    @cached_property
    def provenance_of_compared(self) -> tuple[ProvenancePage, ...]:
        """Of what is compared elsewhere; of places with a page every figure is known already.

        A place that has pages already goes on after them.
        """
        begun = {page.place: page.number for page in self.provenance}
        known = {row["figure_id"] for page in self.provenance for row in page.figures}
        named = [self.figures.iloc[0:0], *(found.figures for found in self.comparisons)]
        return tuple(
            _provenance_pages(_with(self.figures.iloc[0:0], pd.concat(named), known), begun)
        )

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """What may be drawn, people at a date first."""
        seen = self.figures["place_code"].isin(places.codes_in_bounds(self.area.bounds))
        return tuple(_layers(self.figures[seen & self.figures["value"].notna()]))

    @cached_property
    def places(self) -> Mapping[str, PlaceFigures]:
        """What each place's page shows, in the order of `codes`."""
        return _Places(self)

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """The written cases of which several figures are known, newest first."""
        return tuple(self.compared())

    def compared(self) -> Iterator[Comparison]:
        """The same one by one, for who shows the first few."""
        for place, group, on in _asked(self.area):
            near = self.everything["place_code"].isin(reconciliations.places_of(place, group, on))
            found = comparison.compare(
                self.everything[near],
                place,
                group,
                on,
                origins=self.area.origins,
                known=self.known,
            )
            if found.cases and len(found.figures) > 1:
                yield found


def gather(
    release: Release,
    area: Area,
    known: date | None = None,
    *,
    undated: bool = False,
    public: bool = True,
    statuses: Mapping[str, Status] | None = None,
    now: datetime | None = None,
) -> Content:
    """Everything an edition shows of a release.

    Args:
        release: The release.
        area: The area of interest.
        known: Show what was known at the end of that day; None for now.
        undated: Show figures whose day of publication nobody knows as well.
        public: Whether the harm check refuses what a public page must not show.
        statuses: How each source has fared, where the edition is to say which are late.
        now: The moment for which they are; needed with `statuses`.

    Raises:
        HarmFound: A figure could hurt somebody.
    """
    everything = _for_small_pieces(
        precedence.figures(release, FigureFilter(as_known_on=known, undated=undated))
    )
    seen = places.codes_in_bounds(area.bounds)
    codes = _codes(area, everything, seen)
    in_area = everything["place_code"].isin(codes)
    figures = everything[in_area].reset_index(drop=True)
    day = known or release.published_at.date()
    # Which sources are late is stated for now alone, never for a past day.
    overview = situation.gather(
        release,
        area,
        day,
        known=known,
        undated=undated,
        statuses=statuses if known is None else None,
        now=now,
    )
    if public:
        beside = {code for case in _asked(area) for code in reconciliations.places_of(*case)}
        shown = everything[in_area | everything["place_code"].isin(beside)]
        harm.refuse(pd.concat([shown, situation.all_figures(overview)], ignore_index=True))
    stated = release.table("events")
    return Content(
        release_id=release.id,
        published_at=release.published_at,
        count=release.count(),
        area=area,
        known=known,
        everything=everything,
        codes=codes,
        figures=figures,
        situation=overview,
        overview=map_layers.overview(figures[figures["place_code"].isin(seen)], area.map, day),
        sources=release.table("sources"),
        events=events.of_area(stated, area),
        geometry=geometry.of_area(area.code),
    )


def _with(figures: pd.DataFrame, others: pd.DataFrame, known: set[Any]) -> pd.DataFrame:
    extra = series.ordered(others[~others["figure_id"].isin(known)])
    extra = extra.drop_duplicates("figure_id", keep="last")
    return pd.concat([figures, extra], ignore_index=True)


def _provenance_pages(
    figures: pd.DataFrame, begun: Mapping[str, int] | None = None
) -> Iterator[ProvenancePage]:
    """Place by place, newest figures first; `begun` is the last page that a place has already."""
    in_order = figures.sort_values(["as_of", "figure_id"], ascending=[False, True])
    for code, rows in sorted(_by_place(series.rows(in_order, READ)).items()):
        first = (begun or {}).get(code, 0) + 1
        for number, begin in enumerate(range(0, len(rows), ON_A_PAGE), start=first):
            yield ProvenancePage(code, number, rows[begin : begin + ON_A_PAGE])


def _for_small_pieces(figures: pd.DataFrame) -> pd.DataFrame:
    """The same figures with all texts in one block: a column of its own is slow in small pieces."""
    texts = [name for name in figures.columns if isinstance(figures[name].dtype, pd.StringDtype)]
    words = figures[texts].astype(object)
    return figures.assign(**words.where(words.notna(), None)).copy()


def _by_place(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The figures of each place, in the order they have."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row["place_code"]), []).append(row)
    return found


def _codes(area: Area, figures: pd.DataFrame, seen: set[str]) -> tuple[str, ...]:
    """Those that have figures: the area's own, its core's sub-districts, what the maps show."""
    core = figures["admin1_code"].isin(area.core)
    inside = sorted(set(figures.loc[core & figures["admin_level"].gt(1), "place_code"]))
    own = [*area.core, *area.regions, *area.border, *area.around, *area.behind, *area.countries]
    known = set(figures["place_code"])
    ordered = dict.fromkeys([*own, *inside, *sorted(known & seen)])
    return tuple(code for code in ordered if code in known)


def _layers(drawn: pd.DataFrame) -> Iterator[Layer]:
    parts = map_layers.at_levels(drawn)
    if not parts:
        return
    of_each = series.by_day_of_each([part for _, _, part in parts])
    for (name, level, _), days in zip(parts, of_each, strict=True):
        if days:
            code = map_layers.picture_code(name, level)
            largest = max(int(day["value"].iat[0]) for day in days)
            yield Layer(code, name, level, tuple(days), largest)


def _asked(area: Area) -> list[tuple[str, str, date]]:
    """Place, group and day of the area's written cases, newest day first."""
    asked = {
        (case.places[0], case.groups[0], case.on)
        for case in reconciliations.cases()
        if any(map(area.concerns, case.places))
    }
    return sorted(asked, key=lambda a: (a[2], a[0], a[1]), reverse=True)


def documents(figures: Figures) -> list[Row]:
    """What figures were read in: one row for each address and stored file.

    Returns:
        publisher, dataset, licence, source_url, content_sha256 and retrieved_at (the newest),
        sorted in that order, nulls last.
    """
    newest: dict[tuple[Any, ...], Row] = {}
    for row in series.rows(figures, (*DOCUMENT, "retrieved_at")):
        key = _document(row)
        if key not in newest or newest[key]["retrieved_at"] < row["retrieved_at"]:
            newest[key] = row
    return [newest[key] for key in sorted(newest)]


def _document(row: Row) -> tuple[tuple[bool, str], ...]:
    """What tells the document of a figure from others; a null sorts last."""
    return tuple((pd.isna(row[name]), str(row[name])) for name in DOCUMENT)
