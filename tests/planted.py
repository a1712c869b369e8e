"""A store every free text of which is an attack: on a page, a calendar, a feed, a document."""

from datetime import UTC, datetime
from pathlib import Path

from data.schema import frame_keys, tables
from data.store import Publication, Store
from tests import carried

PLANTED = (
    "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>"
    "\"'><svg onload=window.hacked=1> [a](javascript:window.hacked=1) {{7*7}} $\\href{javascript:}$"
)
ADDRESS = "javascript:window.hacked=1//"
NAMES = ("id", "code", "sha256")


def _planted(table, frame):
    """The frame with every free text replaced; codes and vocabularies stay what they are."""
    for column in table.columns:
        free = column.kind == "text" and column.vocabulary is None and column.pattern is None
        if not free or column.name.endswith(NAMES) or column.name in table.key:
            continue
        if column.name in ("source", "via", "name", "caveat", "tag", "category", "known_by"):
            continue
        text = ADDRESS if column.name.endswith(("url", "homepage", "address")) else PLANTED
        frame[column.name] = frame[column.name].mask(frame[column.name].notna(), text)
    return frame


def store(folder: Path) -> Store:
    """The carried figures with attacks in place of their texts, in a folder's own new store."""
    release = carried.publish(folder / "clean").current()
    figures = _planted(tables.FIGURES, release.figures().copy())
    figures["figure_id"] = frame_keys.figure_ids(figures)
    figures = figures.drop_duplicates("figure_id")
    companions = {
        table.name: _planted(table, release.table(table.name).copy())
        for table in tables.TABLES
        if table.name != "figures" and len(release.table(table.name))
    }
    made = Store(str(folder / "hostile"))
    publication = Publication("published_figures", figures, PLANTED, companions)
    made.publish(publication, now=datetime.now(UTC))
    return made
