"""One map or chart by itself, with its citation: for a web page, a Word report, an `<iframe>`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any, Final
from urllib.parse import urlencode

import pandas as pd

from data.analysis import map_layers, precedence, shared_axis
from data.analysis.series import records
from data.gazetteer import events as carried_events
from data.gazetteer import places
from data.gazetteer.area import Area
from data.publication import harm
from data.schema.tables import cited
from data.store import FigureFilter, Release
from editions import drawing
from editions.content import Content, Layer
from editions.layout import CSS, MAP_CSS, EditionReader
from editions.pages.place import events_at
from visuals import tokens
from visuals.charts import shared
from visuals.charts import svg as chart_svg
from visuals.charts.frame import Caption, Panel, framed
from visuals.charts.studio import Studio, credit_lines, dates
from visuals.html import elements
from visuals.language import area_text, figure_text
from visuals.language.words import LANGUAGES, Words

OVERVIEW: Final = "overview"
HEAD: Final = tokens.flat(
    "main{padding:var(--s2) var(--s3)}h1{font-size:var(--text);margin:0 0 var(--s2)}"
)
_SERIES: Final = re.compile(r"[0-9a-f]{8}")
_FIGURE: Final = re.compile(r"[0-9a-f]{8,64}")


class BadChoice(ValueError):  # noqa: N818 - reads as a fact where it is raised
    """A choice of the address that cannot be one; the message never repeats it."""


class NotThere(LookupError):  # noqa: N818
    """A choice that could be, and is not in this release."""


@dataclass(frozen=True)
class Picture:
    """A drawing and who it must be credited to."""

    words: Words
    title: str
    svg: str
    citation: str
    subtitle: str
    beneath: tuple[str, ...]
    address: str
    """Of the page that shows the same."""

    def standalone(self) -> str:
        """The drawing as a file, in its frame: title, unit, days, sources, licence, address."""
        caption = Caption(self.title, self.subtitle, self.beneath, self.address)
        return framed(self.words, caption, [Panel(self.svg)])

    def page(self) -> str:
        """The drawing with its citation as a page without script, for an `<iframe>`."""
        words = self.words
        return (
            f'<!DOCTYPE html>\n<html lang="{words.language}" dir="{words.direction}">\n<head>\n'
            '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
            '<meta name="referrer" content="no-referrer">\n'
            f"<title>{escape(self.title)}</title>\n<style>{CSS.replace(chr(10), '')}{MAP_CSS}"
            f"{HEAD}</style>\n"
            f"</head>\n<body>\n<main>\n<h1>{escape(self.title)}</h1>\n<figure>"
            f"{drawing.light(self.svg)}<figcaption>{escape(self.citation)}</figcaption></figure>\n"
            "</main>\n</body>\n</html>\n"
        )


def language(asked: str | None) -> str:
    """The language of an address; English where it names none.

    Raises:
        BadChoice: It is none of ours.
    """
    if asked is None or asked in LANGUAGES:
        return asked or "en"
    raise BadChoice(f"lang must be one of {', '.join(LANGUAGES)}.")


def a_map(content: Content, lang: str, series: str | None, day: str | None, root: str) -> Picture:
    """The map of a series on a day; the first page's map where no series is named.

    Args:
        content: What the edition holds.
        lang: The language.
        series: Code of a map; None or `overview` for the first page's.
        day: Of its figures; None for the newest.
        root: The dashboard's own address, without a slash at its end.

    Raises:
        BadChoice: Not the code of a series, or not a day.
        NotThere: This release has no such series, or no number on that day.
    """
    reader = EditionReader(Words(lang), content)
    words = reader.words
    if series in (None, OVERVIEW):
        shown, largest, address = content.overview, None, _address(reader, root, "", {})
        title = area_text.overview(words, content.area, shown)
    else:
        layer, shown = _of_series(content, str(series), day)
        largest, address = layer.largest, _address(reader, root, "map", _on_map(layer, shown))
        title = figure_text.series_name(words, shown.iloc[0].to_dict())
    if shown.empty:
        raise NotThere("There is no figure for this map yet.")
    moments = {figure_text.when(words, row) for row in records(shown)}
    # Countries are counted on days of their own: the picture's sentence below says which.
    named = words("series.at", place=title, series=moments.pop()) if len(moments) == 1 else title
    svg = drawing.picture(reader, content, shown, named, largest=largest, short=True)
    return _checked(_captioned(reader, named, svg, shown, address))


def _on_map(layer: Layer, shown: pd.DataFrame) -> dict[str, str]:
    """What the address of the map's page chooses, to show a map."""
    *_, moment = map_layers.moments(shown)
    return {"series": map_layers.layer_id(shown), "level": layer.level, "day": moment}


def a_chart(content: Content, lang: str, figure: str | None, root: str) -> Picture:
    """The series that a figure belongs to, over time.

    Args:
        content: What the edition holds.
        lang: The language.
        figure: Identifier of one of its figures.
        root: The dashboard's own address, without a slash at its end.

    Raises:
        BadChoice: Not a figure's id.
        NotThere: No series of this release with three figures or more holds it.
    """
    if figure is None or not _FIGURE.fullmatch(figure):
        raise BadChoice("figure must be a figure's identifier, as its provenance gives it.")
    line = _line(content, cited(figure))
    if line is None:
        raise NotThere("No series of this release with three figures or more holds that figure.")
    reader = EditionReader(Words(lang), content)
    words, last = reader.words, line.iloc[-1].to_dict()
    svg = chart_svg.draw(words, line, events_at(reader, str(last["place_code"])))
    address = _address(reader, root, *_charted(line))
    return _checked(_captioned(reader, figure_text.at_place(words, last), svg, line, address))


def _charted(line: pd.DataFrame) -> tuple[str, dict[str, str]]:
    """The page that shows a series, and its choices: the chart studio, where that draws it."""
    last, counts = line.iloc[-1], list(shared_axis.kinds_of_count(line))
    if len(counts) != 1:
        return "figure", {"figure": str(last["figure_id"])}
    chosen = {"places": last["place_code"], "series": counts[0], "source": last["source"]}
    return "charts", {name: str(value) for name, value in chosen.items()}


def _address(reader: EditionReader, root: str, page: str, choices: dict[str, str]) -> str:
    """The address of a page as it is known on the edition's day: a print is read years later."""
    as_shown = {"lang": reader.words.language, "known": reader.content.day.isoformat()}
    return f"{root}/{page}?{urlencode(choices | as_shown, safe=',~')}"


@dataclass(frozen=True)
class StudioChoice:
    """What an address of the chart studio chooses, read by `studio_choice`."""

    lang: str
    places: tuple[str, ...]
    series: str | None
    source: str | None
    since: date | None
    until: date | None
    known: date | None
    undated: bool


def studio_choice(given: Mapping[str, str]) -> StudioChoice:
    """The choices of a picture's address; the same as those of the page.

    Raises:
        BadChoice: A place that nobody knows, or a day that is none.
    """
    named = [code for code in given.get("places", "").split(",") if code]
    codes = [places.written(code) for code in named[: shared_axis.MOST_PLACES + 1]]
    known = tuple(dict.fromkeys(code for code in codes if code is not None))
    if not known or None in codes or len(codes) > shared_axis.MOST_PLACES:
        most = shared_axis.MOST_PLACES
        raise BadChoice(f"places must be one to {most} codes of places, joined by commas.")
    since, until, day = (_day(given.get(name), name) for name in ("from", "to", "known"))
    return StudioChoice(
        lang=language(given.get("lang")),
        places=known,
        series=given.get("series"),
        source=given.get("source"),
        since=since,
        until=until,
        known=day,
        undated=given.get("undated") == "1",
    )


def _day(text: str | None, name: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadChoice(f"{name} must be a day, as 2025-12-31.") from None


def a_studio(release: Release, area: Area, asked: StudioChoice, address: str) -> str:
    """The chart studio's picture, an `<svg>` in its frame.

    Args:
        release: Whose figures.
        area: Whose events are marked.
        asked: What was chosen.
        address: Of the page that shows the same.

    Raises:
        NotThere: No figure of the release answers the choice.
        HarmFound: A figure could hurt somebody.
    """
    made = studio(release, area, asked).picture(address)
    harm.refuse_text(made, "The picture")
    return made


def a_studio_page(release: Release, area: Area, asked: StudioChoice, address: str) -> str:
    """The same as a page without script, for an `<iframe>`: drawn for wide screens and for phones.

    Raises:
        NotThere: No figure of the release answers the choice.
        HarmFound: A figure could hurt somebody.
    """
    chart = studio(release, area, asked)
    words, axes = chart.words, chart.axes
    parts = []
    for axis in axes:
        if len(axes) > 1:
            parts.append(f"<h2>{escape(chart.heading(axis))}</h2>")
        keys = "".join(shared.key_row(key) for key in shared.keys(words, axis))
        parts.append(
            f'<div class="desk">{chart.drawn(axis)}</div>'
            f'<div class="phone">{chart.drawn(axis, shared.NARROW)}</div><ul>{keys}</ul>'
        )
        if events := chart.described_events(axis):
            parts.append(elements.quiet_line(words("charts.events", events=events)))
    unit = words(f"unit.{chart.figures['unit'].iat[0]}")
    credits_ = "".join(elements.quiet_line(line) for line in credit_lines(words, chart.figures))
    whole = f'<a href="{escape(address, quote=True)}" target="_blank" rel="noopener">'
    made = (
        f'<!DOCTYPE html>\n<html lang="{words.language}" dir="{words.direction}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(chart.title)}</title>\n<style>{CSS.replace(chr(10), '')}{PHONE}</style>\n"
        f"</head>\n<body>\n<main>\n<h1>{escape(chart.title)}</h1>\n"
        f"{elements.quiet_line(f'{unit} · {chart.dates}')}{''.join(parts)}{credits_}"
        f"<p>{whole}{escape(words('app.title'))}</a>. {escape(words('app.disclaimer'))}</p>\n"
        "</main>\n</body>\n</html>\n"
    )
    harm.refuse_text(made, "The picture")
    return made


PHONE: Final = (
    f"{HEAD}ul{{list-style:none;padding:0}}"
    "li svg{display:inline-block;width:auto;vertical-align:middle}.phone{display:none}"
    "@media (max-width:34rem){.desk{display:none}.phone{display:block}}"
)


def studio(release: Release, area: Area, asked: StudioChoice) -> Studio:
    """The chart of an address, not drawn yet.

    Raises:
        NotThere: No figure of the release answers the choice.
        HarmFound: A figure could hurt somebody.
    """
    wanted = FigureFilter(exactly=asked.places, as_known_on=asked.known, undated=asked.undated)
    found = precedence.figures(release, wanted)
    chosen = shared_axis.studio_figures(found, asked.series, asked.source, asked.since, asked.until)
    if chosen is None:
        raise NotThere("There is no figure for this chart.")
    harm.refuse(chosen)
    marked = carried_events.of_area(release.table("events"), area)
    return Studio(
        Words(asked.lang),
        chosen,
        asked.places,
        carried_events.at_places(marked, asked.places),
    )


def _captioned(
    reader: EditionReader, title: str, svg: str, shown: pd.DataFrame, address: str
) -> Picture:
    """A drawing with what its frame says: unit and days, sources and licences, the edition."""
    words = reader.words
    edition = f"{words('app.title')} {reader.content.number}, {words.day(reader.content.day)}"
    beneath = (*credit_lines(words, shown), edition, words("app.disclaimer"))
    cited = citation(reader, shown)
    subtitle = f"{_units(words, shown)} · {dates(words, shown)}"
    return Picture(words, title, svg, cited, subtitle, beneath, address)


def _units(words: Words, shown: pd.DataFrame) -> str:
    """The units of what is shown, in words."""
    return words.listed([words(f"unit.{unit}") for unit in dict.fromkeys(shown["unit"])])


def citation(reader: EditionReader, shown: pd.DataFrame) -> str:
    """Publishers, datasets, addresses and the edition, in one line."""
    words = reader.words
    named: dict[str, None] = {}
    for row in shown.drop_duplicates(["publisher", "dataset"]).to_dict("records"):
        publisher, dataset = figure_text.publisher(words, row), figure_text.dataset(words, row)
        line = f"{publisher}, {dataset}: {row['source_url']}"
        named[line] = None
    edition = f"{words('app.title')} {reader.content.number}, {words.day(reader.content.day)}"
    return f"{'; '.join(named)}. {edition}. {words('app.disclaimer')}"


def _of_series(content: Content, series: str, day: str | None) -> tuple[Layer, pd.DataFrame]:
    if not _SERIES.fullmatch(series):
        raise BadChoice("series must be the code of a map, eight digits of 0-9 and a-f.")
    layer = next((layer for layer in content.layers if layer.code == series), None)
    if layer is None:
        raise NotThere("This release has no map of that series.")
    if day is None:
        return layer, layer.days[0]
    try:
        asked = pd.Timestamp(date.fromisoformat(day))
    except ValueError:
        raise BadChoice("day must be a day, as 2025-12-31.") from None
    for shown in layer.days:
        if shown["as_of"].iloc[0] == asked:
            return layer, shown
    raise NotThere("That series has no number on that day.")


def _line(content: Content, figure: str) -> Any:
    for place in content.places.values():
        for line in place.lines:
            if line["figure_id"].eq(figure).any():
                return line
    return None


def _checked(made: Picture) -> Picture:
    harm.refuse_text(made.page(), "The picture")
    return made
