"""Small pieces of HTML, as the pages call them."""

import pandas as pd

from dashboard.session import urlstate
from dashboard.session.urlstate import View
from visuals.html.elements import (
    alone,
    anchor,
    block,
    derived,
    external_link,
    heading,
    note,
    paragraph,
    quiet_line,
    tags,
    to_figure,
    to_place,
    untranslated,
)
from visuals.language import figure_text

__all__ = [
    "alone",
    "anchor",
    "block",
    "citation",
    "derived",
    "external_link",
    "heading",
    "note",
    "paragraph",
    "quiet_line",
    "tags",
    "to_figure",
    "to_glossary",
    "to_place",
    "untranslated",
]


def to_glossary(view: View) -> str:
    """A link to what the kinds, groups and caveats on this page mean."""
    return anchor(view.link("glossary"), view.words("glossary.link"))


def citation(view: View, figures: pd.DataFrame) -> str:
    """One sentence with the publishers and the address of this view as known on this day."""
    words = view.words
    names = sorted(figures["publisher"].dropna().unique())
    publishers = [figure_text.publisher(words, {"publisher": name}) for name in names]
    return words(
        "download.citation",
        publishers=words.listed(publishers),
        day=words.day(view.day),
        address=urlstate.permanent_address(view),
    )
