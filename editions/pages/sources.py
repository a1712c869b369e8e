"""The register of sources, with the newest figure of each and when it was read."""

from functools import partial
from html import escape
from typing import Any

import pandas as pd

from data.publication import catalogue
from editions import dataset
from editions.layout import EditionReader, Page
from visuals.html import elements, tables
from visuals.language import figure_text

LABELS = ("source", "newest", "read", "licence", "attribution")


def pages(reader: EditionReader) -> list[Page]:
    """One page."""
    title = reader.words("sources.title")
    body = partial(_body, reader)
    return [Page(reader.link("sources"), title, body, "sources", head=_head(reader))]


def _head(reader: EditionReader) -> str:
    """The figures as those who collect data sets read them; nothing where there are none."""
    content = reader.content
    if content.everything.empty:
        return ""
    described = catalogue.of_figures(
        content.release_id, content.published_at, content.sources, content.everything
    )
    return catalogue.as_microdata(dataset.described(reader.words, content.area, described, root=""))


def _body(reader: EditionReader) -> str:
    words, content = reader.words, reader.content
    rows = [_row(reader, source) for source in content.sources.to_dict("records")]
    labels = [words(f"column.{name}") for name in LABELS]
    table = tables.html(labels, rows, ["", "day", "day", "", ""], full=True)
    return elements.quiet_line(words("edition.sources_intro")) + table


def _row(reader: EditionReader, source: dict[str, Any]) -> list[str]:
    words = reader.words
    figures = reader.content.figures
    own = figures[figures["source"].eq(source["source"])]
    homepage = str(source["homepage"])
    name = escape(figure_text.source(words, source))
    if homepage.startswith("https://"):
        name = f'<a href="{escape(homepage, quote=True)}" rel="noreferrer">{name}</a>'
    return [
        f"{name} <code>{escape(str(source['source']))}</code>",
        _day(reader, own["as_of"].max()),
        _day(reader, own["retrieved_at"].max()),
        escape(figure_text.licence(words, str(source["licence"]))),
        f'<span lang="en" dir="auto">{escape(str(source["attribution"]))}</span>',
    ]


def _day(reader: EditionReader, day: Any) -> str:
    return "–" if pd.isna(day) else escape(reader.words.day(day))
