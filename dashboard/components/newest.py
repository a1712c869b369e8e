"""What became known lately."""

from datetime import timedelta
from html import escape
from typing import Any, Final

from dashboard import cached
from dashboard.components import papers, tables
from dashboard.urlstate import View
from data import crosschecks, measures
from data.store import Release, Wanted
from visuals import text

RECENT: Final = timedelta(days=180)
SHOWN: Final = 8


def changes(view: View, release: Release) -> str:
    """The newest vintages of the area, newest first, with the day each became known."""
    words = view.words
    area = cached.area()
    within = (*area.origins, *area.border, *area.behind, "TUR")
    wanted = Wanted(within=within, as_known_on=view.day)
    found = cached.vintages(release, release.id, wanted)
    found = crosschecks.preferred(found, cached.table(release, release.id, "sources"))
    recent = measures.newly_known(found, view.day - RECENT, view.day)
    parts = [papers.heading(words("situation.changes"))]
    if recent.empty:
        return papers.block(*parts, papers.soft(words("situation.no_changes")))
    histories = found[found["figure_id"].isin(recent["figure_id"].head(SHOWN))]
    rows = [_line(view, row, histories) for row in recent.head(SHOWN).to_dict("records")]
    labels = [
        words(f"column.{name}")
        for name in ("known_from", "group", "value", "period", "publisher", "change")
    ]
    return papers.block(
        *parts, tables.html(labels, rows, ["day", "", "nz-num", "day", "", ""], full=True)
    )


def _line(view: View, row: dict[str, Any], histories: Any) -> list[str]:
    words = view.words
    history = histories[histories["figure_id"] == row["figure_id"]]
    kinds = dict(zip(history["known_from"], measures.kinds_of_change(history), strict=True))
    return [
        escape(words.day(row["known_from"])),
        escape(text.at_place(words, row)),
        papers.to_papers(view, row),
        escape(text.when(words, row)),
        escape(text.publisher(words, row)),
        escape(words(f"change.{kinds[row['known_from']]}")),
    ]
