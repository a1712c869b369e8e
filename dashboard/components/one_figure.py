"""A figure's papers: what it is, who says so, where it was read, and how it changed."""

import re
from html import escape
from typing import Any, Final

import pandas as pd

from dashboard import cached
from dashboard.components import papers, tables
from dashboard.urlstate import View
from data import measures
from data.store import Release, Wanted
from visuals import text

ID: Final = re.compile(r"[0-9a-f]{8,64}")


def page(view: View, release: Release, figure_id: str | None) -> str:
    """The whole page as one element; a sentence where no figure has that id."""
    words = view.words
    found = _vintages(view, release, figure_id)
    if found.empty:
        back = papers.anchor(view.link("situation"), words("link.back"))
        return papers.note(words("papers.unknown"), back)
    row = found.iloc[-1].to_dict()
    return papers.block(
        papers.heading(words("papers.title"), 1),
        f'<p class="nz-value">{escape(text.value(words, row))}</p>',
        f"<p>{escape(text.at_place(words, row))}</p>",
        papers.soft(text.when_and_who(words, row)),
        papers.chips(text.caveats(words, row)),
        papers.heading(words("papers.of")),
        _papers(view, row),
        papers.heading(words("papers.vintages")),
        _history(view, found),
        papers.heading(words("papers.cite")),
        _citation(view, row),
    )


def _vintages(view: View, release: Release, figure_id: str | None) -> pd.DataFrame:
    if figure_id is None or not ID.fullmatch(figure_id):
        return cached.vintages(release, release.id, Wanted(figure_id=("none",)))
    wanted = Wanted(figure_id=(figure_id,), as_known_on=view.known)
    return cached.vintages(release, release.id, wanted)


def _papers(view: View, row: dict[str, Any]) -> str:
    words = view.words
    stored = str(row["content_sha256"])
    definition = [
        words(f"definition.{row['measure']}"),
        words(f"definition.{row['unit']}") if row["unit"] != "people" else "",
    ]
    values: list[tuple[str, str]] = [
        ("definition", escape(" ".join(part for part in definition if part))),
        ("group", escape(text.series_name(words, row))),
        (
            "place",
            papers.to_place(view, row["place_code"]) + f" <code>{escape(row['place_code'])}</code>",
        ),
        ("as_of", escape(words.day(row["as_of"]))),
        (
            "period",
            escape(words.period(row["reference_period_start"], row["reference_period_end"])),
        ),
        ("qualifier", escape(text.qualifier(words, row))),
        ("value_raw", f"<code>{escape(_or_dash(row['value_raw']))}</code>"),
        ("publisher", escape(text.publisher(words, row))),
        ("dataset", escape(text.dataset(words, row))),
        ("address", papers.outward(str(row["source_url"]))),
        ("licence", escape(text.licence(words, str(row["licence"])))),
        ("published_on", escape(words.day(row["published_on"]))),
        ("known_from", escape(words.day(row["known_from"]))),
        ("retrieved_at", escape(words.moment(row["retrieved_at"]))),
        ("sha256", f"<code>{escape(stored)}</code>"),
        ("locator", f"<code>{escape(str(row['locator']))}</code>"),
        ("id", f"<code>{escape(str(row['figure_id']))}</code>"),
    ]
    if pd.notna(row["note"]):
        values.append(("note", f'<span lang="en" dir="ltr">{escape(str(row["note"]))}</span>'))
    inner = "".join(f"<dt>{escape(words(f'papers.{k}'))}</dt><dd>{v}</dd>" for k, v in values)
    return f"<dl>{inner}</dl>"


def _history(view: View, found: pd.DataFrame) -> str:
    """Newest vintage first."""
    words = view.words
    kinds = measures.kinds_of_change(found)
    rows = [
        [
            escape(words.day(row["known_from"])),
            escape(text.value(words, row)),
            escape(words.day(row["as_of"])),
            escape(words(f"change.{kind}")),
            papers.outward(str(row["source_url"])),
        ]
        for row, kind in zip(found.to_dict("records"), kinds, strict=True)
    ]
    labels = [words(f"column.{n}") for n in ("known_from", "value", "as_of", "change", "address")]
    return tables.html(labels, rows[::-1], ["day", "nz-num", "day", "", ""], full=True)


def _citation(view: View, row: dict[str, Any]) -> str:
    """Words to paste under a table; the address opens this page in the reader's language."""
    words = view.words
    cited = words(
        "papers.citation",
        publisher=text.publisher(words, row),
        dataset=text.dataset(words, row),
        series=text.at_place(words, row),
        value=text.value(words, row),
        day=words.day(row["as_of"]),
        read=words.day(row["retrieved_at"]),
        address=str(row["source_url"]),
    )
    link = papers.anchor(view.link("figure", figure=str(row["figure_id"])), words("papers.link"))
    return f"<p>{escape(cited)}</p><p>{link}</p>"


def _or_dash(value: Any) -> str:
    return "–" if pd.isna(value) else str(value)
