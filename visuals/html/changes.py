"""What became known between two days, series by series."""

from collections.abc import Sequence
from html import escape
from typing import Final

import pandas as pd

from data.analysis import revisions
from data.analysis.changes import Change, Group
from visuals.html import elements, tables
from visuals.html.elements import Reader
from visuals.language import figure_text

GROUPS: Final = 8
"""Series shown at once; the others are folded."""
BRIEFLY: Final = 6
"""Changes of a page that has no room for all."""


def changes_list(reader: Reader, found: Sequence[Group]) -> str:
    """Every series with its changes, the most important at once; "" where there is none."""
    rows = [_group(reader, group) for group in found]
    shown = "".join(rows[:GROUPS])
    if rows[GROUPS:]:
        shown += tables.collapsible(reader.words("place.more"), "".join(rows[GROUPS:]))
    return shown


def changes_in_brief(reader: Reader, found: Sequence[Group]) -> str:
    """The most important changes alone, by publisher; a sentence where there is none."""
    words = reader.words
    by_publisher: dict[str, list[str]] = {}
    for change in most_important(found, BRIEFLY):
        who = figure_text.publisher(words, change.row)
        by_publisher.setdefault(who, []).append(f"<li>{change_line(reader, change)}</li>")
    kept = "".join(
        f"<h3>{escape(who)}</h3><ul>{''.join(lines)}</ul>" for who, lines in by_publisher.items()
    )
    nothing = elements.quiet_line(words("situation.no_changes"))
    return elements.block(elements.heading(words("brief.changes")), kept or nothing)


def most_important(found: Sequence[Group], count: int) -> list[Change]:
    """The first few changes, a few of each series, the most important series first."""
    each = max(1, count // max(len(found), 1))
    picked = [change for group in found for change in group.lines[:each]]
    return picked[:count]


def _group(reader: Reader, group: Group) -> str:
    words = reader.words
    row = group.lines[0].row
    title = words(
        "since.group",
        publisher=figure_text.publisher(words, row),
        dataset=figure_text.dataset(words, row),
    )
    lines = "".join(f"<li>{change_line(reader, change)}</li>" for change in group.lines)
    for kind, count in group.more.items():
        lines += f"<li>{escape(words(f'since.more.{kind}', count=words.number(count)))}</li>"
    return f"<h3>{escape(title)}</h3><ul>{lines}</ul>"


def change_line(reader: Reader, change: Change) -> str:
    """One change: where and what, the numbers, for which day."""
    words, row = reader.words, change.row
    what = escape(figure_text.at_place(words, row))
    when = escape(figure_text.when(words, row))
    return words("since.line", what=what, when=when, said=_change_text(reader, change))


def _change_text(reader: Reader, change: Change) -> str:
    words, row, before = reader.words, change.row, change.before
    new = elements.to_figure(reader, row)
    if change.kind == "changed" and before is not None:
        old = escape(figure_text.value(words, before))
        sentence = words("since.changed", old=old, new=new)
        kind = kind_of(change)
        return (
            sentence if kind == "corrected" else f"{sentence} ({escape(words(f'change.{kind}'))})"
        )
    if change.kind == "withdrawn" and before is not None:
        old = elements.to_figure(reader, row, figure_text.value(words, before))
        return words("since.withdrawn", old=old)
    if change.kind == "definition":
        return words("since.definition", value=new)
    return words("since.new", value=new)


def kind_of(change: Change) -> str:
    """What a change did to the number before it, a key of `change.<kind>`."""
    if change.before is None:
        return "first"
    return revisions.kinds_of_change(pd.DataFrame([change.before, change.row]))[-1]
