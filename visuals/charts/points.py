"""What a chart draws of figures, whatever draws it, and what may not share an axis."""

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import pandas as pd

from data.analysis import shared_axis
from data.analysis.cells import Row, has_caveat, none
from data.analysis.comparable import breaks, is_exact
from data.analysis.series import FORWARD, Figures, line_rows, rows
from visuals.language import figure_text
from visuals.language.words import Words

ALONE: Final = ("measure", "unit", "source", "population_group")
ACROSS: Final = shared_axis.COUNT
"""What figures of several places and publishers must share to stand on one axis."""
COLUMNS: Final = (
    "figure_id",
    "as_of",
    "start",
    "end",
    "value",
    "line",
    "piece",
    "shown",
    "when",
    "look",
)


class MixedAxis(ValueError):  # noqa: N818 - reads as a fact where it is raised
    """Figures of two kinds, units, groups or sources were put on one axis."""


class Lines:
    """What is drawn of figures in every language, read once however often it is asked for."""

    def __init__(self, figures: Figures) -> None:
        """Take columns of `tables.FIGURES`; those without a number are left out.

        Rows that were taken out of their frame already stand in the order of `series.ordered`.
        """
        known: Figures
        if isinstance(figures, pd.DataFrame):
            known = figures[figures["value"].notna()]
            ends: Sequence[Row] = rows(known.iloc[[0, -1]] if len(known) else known)
        else:
            known = ends = [row for row in figures if none(row["value"]) is not None]
        self.count = len(known)
        self.first, self.last = (ends[0], ends[-1]) if self.count else ({}, {})
        self.lines = line_rows(known)
        self.cuts = [breaks(line) for line in self.lines]
        """Of each line, the position of each figure that begins a new piece, with the reason."""

    @cached_property
    def rows(self) -> list[Row]:
        """The figures that have a number, line by line."""
        return [row for line in self.lines for row in line]

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row for each of `rows`.

        Returns:
            The columns of `COLUMNS` that are the same in every language; line is its number.
        """
        names = [name for name in COLUMNS if name not in ("shown", "when")]
        return pd.DataFrame(self.marks, columns=names)

    @cached_property
    def marks(self) -> list[dict[str, Any]]:
        """The rows of `points`."""
        found: list[dict[str, Any]] = []
        for number, (line, cuts) in enumerate(zip(self.lines, self.cuts, strict=True)):
            piece = 0
            for at, row in enumerate(line):
                piece += at in cuts
                found.append(_point(row, number, f"{number}-{piece}"))
        return found

    @cached_property
    def broken(self) -> list[tuple[pd.Timestamp, str]]:
        """Where lines are broken: the day of the figure that begins anew, and the reason."""
        pairs = zip(self.lines, self.cuts, strict=True)
        found = ((line[at]["as_of"], why) for line, cuts in pairs for at, why in cuts.items())
        return list(dict.fromkeys(found))


class Drawn:
    """The same in a reader's words."""

    def __init__(self, words: Words, figures: Figures | Lines) -> None:
        """Take columns of `tables.FIGURES`, or what was read of them."""
        self.words = words
        self.read = figures if isinstance(figures, Lines) else Lines(figures)

    @property
    def lines(self) -> list[list[Row]]:
        """The figures that have a number, a list for each line."""
        return self.read.lines

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row for each figure that has a number, line by line.

        Returns:
            Columns `COLUMNS`: figure_id, as_of, start and end (of the period; end is the day
            after), value, line (name of the series), piece (what one stroke may join: a line breaks
            where method or coverage changed, or a running count fell), shown (value in words),
            when, look (exact; rounded by somebody; mid_year, under the year's label).
        """
        taken, words = self.read.rows, self.words
        worded = self.read.points.assign(
            line=[figure_text.at_place(words, row) for row in taken],
            shown=[figure_text.value(words, row) for row in taken],
            when=[figure_text.when(words, row) for row in taken],
        )
        return worded[list(COLUMNS)]

    @cached_property
    def broken(self) -> list[tuple[pd.Timestamp, str]]:
        """Where lines are broken: the day of the figure that begins anew, and why, a sentence."""
        words, found = self.words, []
        for day, reason in self.read.broken:
            why = words(f"not_comparable.{reason}")
            found.append((day, words("chart.break", day=words.day(day), why=why)))
        return found

    @cached_property
    def alternative(self) -> str:
        """The chart in one sentence, and where its lines are broken, for who does not see it."""
        words, first, last = self.words, self.read.first, self.read.last
        if not self.read.count:
            return words("figure.none")
        alternative_text = words(
            "chart.alt",
            series=figure_text.at_place(words, last),
            count=words.number(self.read.count),
            first=words.day(first["as_of"]),
            first_value=figure_text.value(words, first),
            last=words.day(last["as_of"]),
            last_value=figure_text.value(words, last),
        )
        return " ".join([alternative_text, *(sentence for _, sentence in self.broken)])


def broken(words: Words, figures: pd.DataFrame) -> list[tuple[pd.Timestamp, str]]:
    """Where lines are broken: the day of the figure that begins anew, and why, as a sentence."""
    return Drawn(words, figures).broken


def alternative(words: Words, figures: pd.DataFrame) -> str:
    """The chart in one sentence, and where its lines are broken, for those who do not see it."""
    return Drawn(words, figures).alternative


def _point(row: Row, line: int, piece: str) -> dict[str, Any]:
    look = "exact" if is_exact(row) else "rounded"
    look = "mid_year" if has_caveat(row, FORWARD) else look
    return {
        "figure_id": str(row["figure_id"]),
        "as_of": row["as_of"],
        "start": row["reference_period_start"],
        "end": row["reference_period_end"] + pd.Timedelta(days=1),
        "value": int(row["value"]),
        "line": line,
        "piece": piece,
        "look": look,
    }


def must_share_an_axis(figures: Figures, by: tuple[str, ...] = ALONE) -> None:
    """Pass where figures may stand on one axis.

    Args:
        figures: Columns of `tables.FIGURES`.
        by: What they must share: `ALONE`; `ACROSS` where places and publishers may differ;
            `comparison.ONE_AXIS` of `data.analysis` where several publishers count one place.

    Raises:
        MixedAxis: They are of more than one kind, unit, source or group.
    """
    taken = rows(figures, by)
    for name in by:
        if len({none(row[name]) for row in taken}) > 1:
            raise MixedAxis(f"A chart was given figures of more than one {name}.")


def periods_are_separate(drawn: Figures) -> bool:
    """Whether the periods are those of one line and none reaches into another.

    Only then is each a bar: bars of two lines, or over one another, would be read as a sum.
    """
    periods = sorted(rows(drawn, ("start", "end", "line")), key=lambda row: row["start"])
    follow = all(after["start"] >= before["end"] for before, after in pairwise(periods))
    return follow and len({row["line"] for row in periods}) <= 1
