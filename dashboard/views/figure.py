"""A figure's provenance: what it is, who says so, where it was read, and how it changed."""

import re
from functools import partial
from html import escape
from typing import Any, Final
from urllib.parse import quote

import pandas as pd
import streamlit as st

from dashboard.components import drawing, elsewhere_link, markup, tables
from dashboard.server import source_files
from dashboard.session import cached, urlstate
from dashboard.session.urlstate import View
from data import settings
from data.analysis import footnotes, reconciliations
from data.analysis.revisions import kinds_of_change
from data.schema.tables import cited
from data.store import FigureFilter, Release
from visuals.charts import revisions, svg
from visuals.language import figure_text

ID: Final = re.compile(r"[0-9a-f]{8,64}")


def show(view: View, release: Release, figure_id: str | None) -> None:
    """The whole page; a sentence where no figure has that id."""
    words = view.words
    found = vintages(view, release, figure_id)
    if found.empty:
        back = markup.anchor(view.link("situation"), words("link.back"))
        st.html(markup.note(words("provenance.unknown"), back))
        return
    row = found.iloc[-1].to_dict()
    st.html(
        markup.block(
            markup.heading(words("provenance.title"), 1),
            f'<p class="nz-value">{escape(figure_text.value(words, row))}</p>',
            f"<p>{escape(figure_text.at_place(words, row))}</p>",
            markup.quiet_line(figure_text.when_and_who(words, row)),
            markup.tags(figure_text.caveats(words, row)),
            markup.heading(words("provenance.life" if len(found) > 1 else "provenance.vintages")),
        )
    )
    if found["known_from"].nunique() > 1:
        drawings = svg.for_screens(partial(revisions.life_chart, words, found, view.day))
        drawing.show_static(drawings, key="life")
    st.html(
        markup.block(
            _history(view, release, found),
            _story(view, figures_of_story(view, release, row), row),
            markup.heading(words("provenance.of")),
            _provenance(view, release, row),
            _footnotes(view, release, row),
            markup.heading(words("provenance.cite")),
            _citation(view, row),
        )
    )


def vintages(view: View, release: Release, figure_id: str | None) -> pd.DataFrame:
    """Every vintage that is known of a figure, in the order they were known."""
    if figure_id is None or not ID.fullmatch(figure_id):
        return cached.vintages(release, release.id, FigureFilter(figure_id=("none",)))
    wanted = view.wanted(figure_id=(figure_id, cited(figure_id)))
    return cached.vintages(release, release.id, wanted)


def figures_of_story(view: View, release: Release, row: dict[str, Any]) -> pd.DataFrame:
    """The figures that tell one story with this one, as known on the day that is shown."""
    wanted = view.wanted(place=reconciliations.story_places(row))
    return reconciliations.story(row, cached.figures(release, release.id, wanted))


def _provenance(view: View, release: Release, row: dict[str, Any]) -> str:
    words = view.words
    definition = [
        words(f"definition.{row['measure']}"),
        words(f"definition.{row['unit']}") if row["unit"] != "people" else "",
    ]
    values: list[tuple[str, str]] = [
        (
            "definition",
            f"{escape(' '.join(part for part in definition if part))} {markup.to_glossary(view)}",
        ),
        ("group", escape(figure_text.series_name(words, row))),
        (
            "place",
            markup.to_place(view, row["place_code"]) + f" <code>{escape(row['place_code'])}</code>",
        ),
        ("as_of", escape(words.day(row["as_of"]))),
        (
            "period",
            escape(words.period(row["reference_period_start"], row["reference_period_end"])),
        ),
        ("qualifier", escape(figure_text.qualifier(words, row))),
        ("value_raw", f"<code>{escape(_or_dash(row['value_raw']))}</code>"),
        ("publisher", escape(figure_text.publisher(words, row))),
        ("dataset", escape(figure_text.dataset(words, row))),
        ("address", markup.external_link(str(row["source_url"]))),
        ("licence", escape(figure_text.licence(words, str(row["licence"])))),
        ("published_on", escape(words.day(row["published_on"]))),
        ("known_from", escape(words.day(row["known_from"]))),
        ("retrieved_at", escape(words.moment(row["retrieved_at"]))),
        ("stored", _copy(view, release, row)),
        ("sha256", f"<code>{escape(str(row['content_sha256']))}</code>"),
        ("locator", f"<code>{escape(str(row['locator']))}</code>"),
        ("id", f"<code>{escape(str(row['figure_id']))}</code>"),
    ]
    if pd.notna(row["note"]):
        values.append(("note", markup.untranslated(str(row["note"]))))
    inner = "".join(f"<dt>{escape(words(f'provenance.{k}'))}</dt><dd>{v}</dd>" for k, v in values)
    return f"<dl>{inner}</dl>"


def _footnotes(view: View, release: Release, row: dict[str, Any]) -> str:
    """What the publisher itself notes on figures of this country, origin, group and year."""
    notes = cached.table(release, release.id, "caveats")
    register = cached.table(release, release.id, "sources")
    found = footnotes.about(row, notes, register)
    if found.empty:
        return ""
    listed = "".join(
        f"<li>{escape(str(note)).replace(chr(10), '<br>')}</li>" for note in found["text"]
    )
    # The publisher's words stay in the publisher's language.
    return (
        markup.heading(view.words("provenance.footnotes"))
        + f'<ul lang="en" dir="ltr">{listed}</ul>'
    )


def _copy(view: View, release: Release, row: dict[str, Any]) -> str:
    """The stored file that a vintage came from: its name, its size, and a way to get it."""
    words = view.words
    source, digest = str(row["via"]), str(row["content_sha256"])
    copy = cached.documents_by_digest(release, release.id, source).get(digest)
    if copy is None:
        return escape(words("provenance.not_stored"))
    size = words("provenance.bytes", size=words.number(copy.bytes))
    link = (
        f'<a href="{escape(source_files.address(source, digest), quote=True)}" download '
        f'target="_self">{escape(words("provenance.download"))}</a>'
    )
    return f"<code>{escape(copy.name)}</code> · {escape(size)} · {link}"


LIFE: Final = ("known_from", "value", "as_of", "change", "publisher", "address", "file", "fetched")
STORY: Final = ("period", "group", "value", "publisher", "known_from")


def _history(view: View, release: Release, found: pd.DataFrame) -> str:
    """Newest vintage first: publisher, value, day, what it changed, and the file it came from."""
    words = view.words
    kinds = kinds_of_change(found)
    rows = [
        [
            escape(words.day(row["known_from"])),
            escape(figure_text.value(words, row)),
            escape(words.day(row["as_of"])),
            escape(words(f"change.{kind}")),
            escape(figure_text.publisher(words, row)),
            markup.external_link(str(row["source_url"])),
            _copy(view, release, row),
            escape(words.moment(row["retrieved_at"])),
        ]
        for row, kind in zip(found.to_dict("records"), kinds, strict=True)
    ]
    labels = [words(f"column.{name}") for name in LIFE]
    classes = ["day", "nz-num", "day", "", "", "", "", "day"]
    return tables.html(labels, rows[::-1], classes, full=True)


def _story(view: View, figures: pd.DataFrame, row: dict[str, Any]) -> str:
    """Other numbers of the same series, with the day each became known; nothing for one alone."""
    if figures.empty:
        return ""
    words = view.words
    here = f' <span class="nz-chip">{escape(words("provenance.here"))}</span>'
    rows = []
    for other in figures.to_dict("records"):
        mark = here if other["figure_id"] == row["figure_id"] else ""
        rows.append(
            [
                escape(figure_text.when(words, other)),
                escape(figure_text.at_place(words, other)) + mark,
                markup.to_figure(view, other),
                escape(figure_text.publisher(words, other)),
                escape(words.day(other["known_from"])),
            ]
        )
    labels = [words(f"column.{name}") for name in STORY]
    table = tables.html(labels, rows, ["day", "", "nz-num", "", "day"], full=True)
    return (
        markup.heading(words("provenance.story"))
        + markup.quiet_line(words("provenance.story_note"))
        + table
    )


def _citation(view: View, row: dict[str, Any]) -> str:
    """Words to paste under a table; the address opens this page in the reader's language."""
    words = view.words
    cited = words(
        "provenance.citation",
        publisher=figure_text.publisher(words, row),
        dataset=figure_text.dataset(words, row),
        series=figure_text.at_place(words, row),
        value=figure_text.value(words, row),
        day=words.day(row["as_of"]),
        read=words.day(row["retrieved_at"]),
        address=str(row["source_url"]),
    )
    link = markup.anchor(
        view.link("figure", figure=str(row["figure_id"])), words("provenance.link")
    )
    beside = markup.anchor(
        view.link(
            "compare",
            place=str(row["place_code"]),
            group=str(row["population_group"]),
            on=pd.Timestamp(row["as_of"]).date().isoformat(),
        ),
        words("provenance.compare"),
    )
    links = [link, beside]
    if pd.notna(row["value"]):
        proof = f"nuzuh/api/v1/proof/{row['figure_id']}"
        links.append(f'<a href="{proof}" download>{escape(words("provenance.proof"))}</a>')
    links.append(elsewhere_link.of_figures(view, pd.DataFrame([row])))
    links.append(
        f'<a href="{escape(_report(view, row), quote=True)}">{escape(words("report.link"))}</a>'
    )
    return f"<p>{escape(cited)}</p><p>{' · '.join(links)}</p>"


def _report(view: View, row: dict[str, Any]) -> str:
    """A message to the office's contact with everything that names the figure.

    Where no contact is set, or it is a web address, the reader chooses whom to write to.
    """
    words = view.words
    contact = settings.load().contact
    id_ = str(row["figure_id"])
    body = words(
        "report.body",
        series=figure_text.at_place(words, row),
        value=figure_text.value(words, row),
        when=figure_text.when_and_who(words, row),
        id=id_,
        address=urlstate.permanent_address(view),
    )
    to = quote(contact, safe="@") if "@" in contact and "://" not in contact else ""
    return f"mailto:{to}?subject={quote(words('report.subject', id=id_))}&body={quote(body)}"


def _or_dash(value: Any) -> str:
    return "–" if pd.isna(value) else str(value)
