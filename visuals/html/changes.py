"""What became known lately, as a table."""

from datetime import date, timedelta
from html import escape
from typing import Any, Final

import pandas as pd

from data.analysis import revisions
from data.gazetteer.area import Area
from data.store import Wanted
from visuals.html import elements, tables
from visuals.html.elements import Reader
from visuals.language import figure_text

RECENT: Final = timedelta(days=180)
SHOWN: Final = 8
LABELS: Final = ("known_from", "group", "value", "period", "publisher", "change")


def wanted(area: Area, day: date) -> Wanted:
    """The vintages to ask a release for: what was known of the area's places on a day."""
    within = (*area.origins, *area.border, *area.behind, "TUR")
    return Wanted(within=within, as_known_on=day)


def newest(reader: Reader, vintages: pd.DataFrame) -> list[tuple[dict[str, Any], str]]:
    """The newest vintages, newest first, each with the code of what it did to the one before.

    Args:
        reader: Speaks from a day; what became known in the half year before it is lately.
        vintages: What the release answers to `wanted`.
    """
    recent = revisions.newly_known(vintages, reader.day - RECENT, reader.day).head(SHOWN)
    histories = vintages[vintages["figure_id"].isin(recent["figure_id"])]
    return [(row, _kind(row, histories)) for row in recent.to_dict("records")]


def table(reader: Reader, vintages: pd.DataFrame) -> str:
    """The newest vintages with the day each became known; a sentence where there is none."""
    words = reader.words
    found = newest(reader, vintages)
    parts = [elements.heading(words("brief.changes"))]
    if not found:
        return elements.block(*parts, elements.soft(words("situation.no_changes")))
    rows = [_line(reader, row, kind) for row, kind in found]
    labels = [words(f"column.{name}") for name in LABELS]
    classes = ["day", "", "nz-num", "day", "", ""]
    return elements.block(*parts, tables.html(labels, rows, classes, full=True))


def _kind(row: dict[str, Any], histories: pd.DataFrame) -> str:
    history = histories[histories["figure_id"] == row["figure_id"]]
    kinds = dict(zip(history["known_from"], revisions.kinds_of_change(history), strict=True))
    return kinds[row["known_from"]]


def _line(reader: Reader, row: dict[str, Any], kind: str) -> list[str]:
    words = reader.words
    return [
        escape(words.day(row["known_from"])),
        escape(figure_text.at_place(words, row)),
        elements.to_figure(reader, row),
        escape(figure_text.when(words, row)),
        escape(figure_text.publisher(words, row)),
        escape(words(f"change.{kind}")),
    ]
