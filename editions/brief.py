"""The brief's content, once for PDF and Word: every text in the reader's words, every number dated.

The three languages are made from the same figures in the same order, so that their numbers are
equal; a test reads them out of the files and compares.
"""

from dataclasses import dataclass, field
from datetime import UTC
from itertools import islice
from typing import Any, Final

import pandas as pd

from data.analysis.cells import Row
from data.analysis.changes import Change
from data.analysis.comparison import Comparison
from data.analysis.headlines import Headline as Answered
from data.analysis.series import records
from data.publication import harm
from editions import drawing
from editions.content import DOCUMENT, Content, documents
from editions.layout import EditionReader
from editions.pages import compare
from editions.pages.place import events_at
from surges import situation
from surges.situation import Situation
from visuals.charts import points
from visuals.charts import svg as chart_svg
from visuals.html import cards, changes, late, surges
from visuals.language import area_text, figure_text, situation_text
from visuals.language.words import Words
from visuals.map import circles

CHARTS: Final = 2
BESIDE: Final = 1
"""What others say to a headline's question; the pages have them all."""
CHANGES: Final = 3
COMPARISONS: Final = 2
COMPARED: Final = 3
"""Figures of a comparison; the edition has them all."""
MAPPED: Final = 7
"""Numbers of the map that stand beside it in a table."""


@dataclass(frozen=True)
class Headline:
    """One number of the top."""

    title: str
    value: str
    when: str
    change: str
    caveats: str


@dataclass(frozen=True)
class Drawing:
    """A map or chart with its title and notes."""

    title: str
    svg: str
    alt: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """Rows under a heading."""

    title: str
    labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Brief:
    """Everything that stands in a brief, in the order it stands there."""

    words: Words
    title: str
    number: str
    state: str
    headlines: tuple[Headline, ...]
    map: Drawing | None
    mapped: Table | None
    changes: Table
    charts: tuple[Drawing, ...]
    comparisons: tuple[Table, ...]
    surges: tuple[str, ...]
    """The surges that are active, or that there is none, or that nobody can say."""
    late: tuple[str, ...]
    """Sources that are late, and when; empty where the brief looks back, or nobody asked."""
    sources: tuple[str, ...]
    foot: tuple[str, ...]
    timestamp: int
    headings: dict[str, str] = field(default_factory=dict)

    def texts(self) -> str:
        """Every word of it, for the harm check."""
        tables = [self.changes, *self.comparisons, *([self.mapped] if self.mapped else [])]
        drawings = [*self.charts, *([self.map] if self.map else [])]
        lines = [
            self.title,
            self.number,
            self.state,
            *self.foot,
            *self.surges,
            *self.late,
            *self.sources,
        ]
        lines += [" | ".join(vars_of(h)) for h in self.headlines]
        lines += [cell for table in tables for row in table.rows for cell in row]
        lines += [part for d in drawings for part in (d.title, d.svg, d.alt, *d.notes)]
        return " | ".join(lines)


def vars_of(headline: Headline) -> tuple[str, ...]:
    """A headline's texts in their order."""
    return (
        headline.title,
        headline.value,
        headline.when,
        headline.change,
        headline.caveats,
    )


def compose(content: Content, language: str) -> Brief:
    """The brief of a release in one language.

    Raises:
        HarmFound: It says what a public page must not.
    """
    words = Words(language)
    reader = EditionReader(words, content, provenance={})
    overview = content.situation
    lately, overdue = changes.most_important(overview.changes, CHANGES), _late(words, overview)
    charted = [one.line for one in overview.headlines if len(one.line) > 2][:CHARTS]
    compared = tuple(islice(content.compared(), COMPARISONS))
    used = [
        situation.shown_figures(overview.headlines, BESIDE),
        content.overview,
        pd.DataFrame([change.row for change in lately]),
        *charted,
        *(found.figures for found in compared),
    ]
    shown = content.overview
    title = area_text.overview(words, content.area, content.overview)
    described = circles.described(reader, title, shown) if len(shown) else ""
    made = Brief(
        words=words,
        title=words("brief.title", area=area_text.name(words, content.area)),
        number=words("brief.number", number=content.number),
        state=words(
            "edition.state",
            number=content.number,
            at=words.moment(content.published_at),
            count=words.number(content.count),
        ),
        headlines=tuple(_headline(reader, one) for one in overview.headlines),
        map=Drawing(
            title,
            drawing.picture(reader, content, shown, title, short=True),
            described,
            (area_text.overview_note(words, content.area),),
        )
        if len(shown)
        else None,
        mapped=_mapped(words, title, shown.head(MAPPED)) if len(shown) else None,
        changes=_changes(words, lately),
        charts=tuple(_chart(reader, line) for line in charted),
        comparisons=tuple(_comparison(words, found) for found in compared),
        surges=_surges(words, content),
        late=overdue,
        sources=tuple(_source(words, row) for row in _documents(used)),
        foot=(words("edition.licence"),),
        timestamp=int(content.published_at.astimezone(UTC).timestamp()),
        headings={
            name: words(f"brief.{name}")
            for name in ("headlines", "changes", "charts", "comparisons", "sources")
        }
        | {"surges": words("situation.surges", day=words.day(overview.day))}
        | ({"late": words("situation.late")} if overdue else {}),
    )
    harm.refuse_text(made.texts(), f"brief-{language}")
    return made


def _headline(reader: EditionReader, one: Answered) -> Headline:
    words, figure = reader.words, one.figure
    title = area_text.question(words, one.question, figure)
    if figure is None:
        return Headline(title, words("figure.none"), "", "", "")
    beside = [
        cards.alternative_html(words, one, row, figure_text.value(words, row))
        for row in one.alternatives[:BESIDE]
    ]
    return Headline(
        title,
        figure_text.value(words, figure),
        cards.when_and_age(reader, figure),
        cards.change_html(reader, one),
        " · ".join([*beside, *figure_text.caveats(words, figure)]),
    )


def _mapped(words: Words, title: str, shown: pd.DataFrame) -> Table:
    rows = tuple(
        (
            words.place(row["place_code"]),
            figure_text.group(words, row),
            figure_text.value(words, row),
            figure_text.when(words, row),
        )
        for row in records(shown)
    )
    labels = tuple(words(f"column.{name}") for name in ("place", "group", "value", "as_of"))
    return Table(title, labels, rows)


def _changes(words: Words, lately: list[Change]) -> Table:
    rows = tuple(
        (
            words.day(change.row["known_from"]),
            figure_text.at_place(words, change.row),
            figure_text.value(words, change.row),
            figure_text.when_and_who(words, change.row),
            words(f"change.{changes.kind_of(change)}"),
        )
        for change in lately
    )
    labels = tuple(
        words(f"column.{name}") for name in ("known_from", "group", "value", "period", "change")
    )
    return Table(words("brief.changes"), labels, rows)


def _surges(words: Words, content: Content) -> tuple[str, ...]:
    situation = content.situation
    if not situation.surges:
        none = situation_text.surging(
            words, content.area, situation.day, (), situation.newest_report
        )
        return (none,)
    shown, more = surges.short(situation.surges)
    left = [words("rounds.more", count=words.number(more))] if more else []
    return (*(surges.plain_line(words, alarm) for alarm in shown), *left)


def _late(words: Words, situation: Situation) -> tuple[str, ...]:
    if situation.asked is None:
        return ()
    lines = late.lines_of_asked(words, situation.late, situation.asked.date()) or [
        words("situation.none_late")
    ]
    return (*lines, words("late.at", at=words.moment(situation.asked)))


def _chart(reader: EditionReader, line: pd.DataFrame) -> Drawing:
    words = reader.words
    last = line.iloc[-1].to_dict()
    near = events_at(reader, str(last["place_code"]))
    # What was resolved about crossings tells little of how many people are at a place.
    events = near[near["kind"].ne("authorisation")]
    title = words(
        "series.at",
        place=figure_text.at_place(words, last),
        series=figure_text.publisher(words, last),
    )
    notes = tuple(
        f"[{number}] {figure_text.event(words, row['event_code'])}, {words.day(row['starts_on'])}"
        for number, row in enumerate(chart_svg.marked(line, events), start=1)
    )
    drawn = chart_svg.draw(words, line, events)
    return Drawing(title, drawn, points.alternative(words, line), notes)


def _comparison(words: Words, found: Comparison) -> Table:
    cells = tuple(
        (
            figure_text.publisher(words, row),
            figure_text.value(words, row),
            figure_text.at_place(words, row),
            figure_text.when(words, row),
            why,
        )
        for row, why in compare.figures_with_reasons(words, found)[:COMPARED]
    )
    labels = tuple(words(f"column.{name}") for name in compare.LABELS)
    return Table(compare.title(words, found), labels, cells)


def _documents(used: list[pd.DataFrame]) -> list[Row]:
    """One line for each publisher's dataset and stored file; its newest address."""
    known = [part for part in used if len(part)]
    if not known:
        return []
    columns = [*DOCUMENT, "retrieved_at"]
    every = documents(pd.concat([part[columns] for part in known], ignore_index=True))
    last: dict[tuple[Any, ...], Row] = {}
    for row in every:
        file = (row["publisher"], row["dataset"], row["content_sha256"])
        last.pop(file, None)
        last[file] = row
    return list(last.values())


def _source(words: Words, row: Row) -> str:
    named = words(
        "edition.document",
        publisher=figure_text.publisher(words, row),
        dataset=figure_text.dataset(words, row),
        licence=figure_text.licence(words, str(row["licence"])),
        read=words.day(row["retrieved_at"]),
    )
    return f"{named}\n{row['source_url']}\nSHA-256 {row['content_sha256']}"
