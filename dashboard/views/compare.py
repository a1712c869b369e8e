"""The parts of the page that sets the sources side by side."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.components import drawing, markup, place_search, tables
from dashboard.session import cached, day_box, urlstate
from dashboard.session.urlstate import EARLIEST, View
from data.analysis import comparison, reconciliations
from data.analysis import levels as counted
from data.analysis.cells import Row
from data.analysis.comparable import is_exact
from data.analysis.comparison import Comparison, Parts
from data.analysis.gap_reasons import Pair
from data.analysis.levels import CountingWay
from data.analysis.reconciliations import Case
from data.gazetteer import places
from data.schema import codes as vocabulary
from data.store import FigureFilter, Release
from visuals.charts import comparison as comparison_chart
from visuals.charts import svg
from visuals.language import figure_text, reasons

ON: Final = "on"
GROUP: Final = "group"
COLUMNS: Final = ("publisher", "value", "what", "cut_off", "published_on", "caveat", "why")
CLASSES: Final = ("", "nz-num", "", "", "day", "", "")


def choose(view: View, release: Release) -> tuple[str, str, date]:
    """Place, group and day of the address, or others."""
    with st.container(horizontal=True, vertical_alignment="top", key="asked"):
        place = place_search.choose(view, "place.near")
        group = _group(view, release, place)
        on = _day(view)
    return place, group, on


def _group(view: View, release: Release, place: str) -> str:
    """One of the groups of which anything is known there."""
    found = cached.figures(release, release.id, view.wanted(place=(place,)))
    there = set(found["population_group"])
    for case in reconciliations.cases():
        if place in case.places:
            there |= set(case.groups)
    codes = [code for code in vocabulary.POPULATION_GROUPS if code in there]
    codes = sorted(codes, key=lambda code: code != "IDP") or ["IDP"]
    words = view.words
    return urlstate.choice(
        words("compare.group"), codes, key=GROUP, name=lambda code: words(f"group.{code}")
    )


def _day(view: View) -> date:
    """The day asked about; never one after the day that the page speaks from."""
    asked = urlstate.arrived_day(ON, view.today)
    st.session_state[ON] = min(asked or st.session_state.get(ON) or view.day, view.day)
    on: date = st.session_state[ON]

    def take(given: str) -> None:
        st.session_state[ON] = urlstate.read_day(given, view.day) or view.day

    day_box.show(
        view.words("compare.on"),
        on,
        take,
        key=f"{ON}-box",
        earliest=EARLIEST,
        latest=view.day,
        help=view.words("compare.on_help"),
    )
    urlstate.write(ON, on.isoformat(), default=view.day.isoformat())
    if urlstate.is_refused(ON):
        urlstate.say_refused(view.words("compare.on"), view.words.day(on))
    return on


def compared(view: View, release: Release, place: str, group: str, on: date) -> Comparison:
    """What is known of the place, group and day, side by side."""
    wanted = FigureFilter(
        place=reconciliations.places_of(place, group, on),
        as_known_on=view.known,
        undated=view.undated,
    )
    return comparison.compare(
        cached.figures(release, release.id, wanted),
        place,
        group,
        on,
        origins=cached.area().origins,
        known=view.known,
    )


def known_cases(view: View) -> str:
    """The known contradictions as links; those of days after the one that is shown are left out."""
    links = [
        f"<li>{markup.anchor(_to_case(view, case), view.words(f'case.{case.code}'))}</li>"
        for case in reconciliations.cases()
        if any(map(cached.area().concerns, case.places))
        and case.on <= view.day
        and (view.known is None or case.known(view.known))
    ]
    if not links:
        return ""
    listed = f"<ul>{''.join(links)}</ul>"
    return markup.block(tables.collapsible(view.words("compare.known_cases"), listed))


def _to_case(view: View, case: Case) -> str:
    return view.link("compare", place=case.places[0], group=case.groups[0], on=case.on.isoformat())


def reference(found: Comparison, asked: str | None) -> str | None:
    """The reference figure: the reader's, else the page's."""
    return asked if asked in set(found.figures["figure_id"]) else found.reference


def side_by_side(view: View, found: Comparison, against: str) -> str:
    """Every figure with its definition, cut-off and provenance, and why it differs from one."""
    words = view.words
    held = found.rows
    cells = [_cells(view, found, row, held[against]) for row in held.values()]
    labels = [words(f"column.{name}") for name in COLUMNS]
    heading = words("compare.against", figure=figure_line(view, held[against]))
    return markup.block(
        markup.heading(words("compare.side")),
        markup.quiet_line(heading),
        tables.html(labels, cells, CLASSES, full=True),
        markup.quiet_line(words("compare.kinds")),
    )


def _cells(view: View, found: Comparison, row: Row, against: Row) -> list[str]:
    words = view.words
    publisher = escape(figure_text.publisher(words, row))
    dataset = markup.quiet_line(figure_text.dataset(words, row))
    return [
        f"{publisher}{dataset}{_checks(view, found, row)}",
        markup.to_figure(view, row),
        _what(view, found, row),
        escape(_cut_off(view, row)),
        escape(words.day(row["published_on"])),
        markup.tags(figure_text.caveats(words, row)),
        _why(view, found, row, against),
    ]


def _what(view: View, found: Comparison, row: Row) -> str:
    words = view.words
    named = figure_text.series_name(words, row)
    if row["place_code"] != found.place:
        named = words("series.at", place=words.place(str(row["place_code"])), series=named)
    definition = [words(f"definition.{row['measure']}")]
    if row["unit"] != "people":
        definition.append(words(f"definition.{row['unit']}"))
    return f"{escape(named)}{markup.quiet_line(' '.join(definition))}"


def _cut_off(view: View, row: Row) -> str:
    return reasons.window(view.words, row)


def _checks(view: View, found: Comparison, row: Row) -> str:
    """Other sources that carry the same count, each with its own number."""
    words = view.words
    others = found.checks.get(str(row["figure_id"]))
    if others is None:
        return ""
    shown = [
        f"<li>{escape(figure_text.dataset(words, other))}: {markup.to_figure(view, other)}</li>"
        for other in others.to_dict("records")
    ]
    return tables.collapsible(words("compare.checks"), f"<ul>{''.join(shown)}</ul>")


def _why(view: View, found: Comparison, row: Row, against: Row) -> str:
    words = view.words
    if row["figure_id"] == against["figure_id"]:
        return markup.quiet_line(words("compare.this"))
    pair = found.pair(str(against["figure_id"]), str(row["figure_id"]))
    pick = markup.anchor(
        view.link(
            "compare",
            place=found.place,
            group=found.group,
            on=found.on.isoformat(),
            against=str(row["figure_id"]),
        ),
        words("compare.pick"),
    )
    return f"{_sentences(view, pair, against, row)}<p class='soft'>{pick}</p>"


def _sentences(view: View, pair: Pair, left: Row, right: Row) -> str:
    words = view.words
    listed = "".join(
        f"<li>{escape(reasons.sentence(words, reason, left, right))}</li>"
        for reason in pair.reasons
    )
    return f"<ul>{listed}</ul>{_gap(view, pair, left, right)}"


def _gap(view: View, pair: Pair, left: Row, right: Row) -> str:
    """How far two figures of one place lie apart; in words where one of them is rounded."""
    if pair.gap is None or left["place_code"] != right["place_code"]:
        return ""
    words = view.words
    if is_exact(left) and is_exact(right):
        text = words("compare.gap", gap=words.signed(pair.gap))
    else:
        text = words(
            "compare.gap_rounded",
            left=figure_text.value(words, left),
            right=figure_text.value(words, right),
        )
    return f'<p class="soft">{markup.derived("difference", text)}</p>'


def figure_line(view: View, row: Row) -> str:
    """A figure in one line: number, publisher, window."""
    words = view.words
    return words(
        "compare.row",
        value=figure_text.value(words, row),
        publisher=figure_text.publisher(words, row),
        when=reasons.window(words, row),
    )


def levels(view: View, release: Release, place: str, group: str) -> str:
    """Which publisher counts the group at which level, and where two of them can be compared."""
    words = view.words
    inside = places.sub_areas(place)
    above = [code for code in places.ancestors(place) if code != place]
    order = [place, *above, *inside]
    found = cached.figures(release, release.id, view.wanted(exactly=tuple(order)))
    ways = counted.counting_ways(found, group)
    if len(ways) < 2:
        return ""
    steps: list[tuple[str, list[str]]] = [
        *((words.place(code), [code]) for code in reversed(above)),
        (words.place(place), [place]),
    ]
    if any(way.newest_of(inside) for way in ways):
        steps.append((words.level(str(places.level(inside[0])), inside), inside))
    rows = [
        [
            escape(figure_text.publisher(words, way.first))
            + markup.quiet_line(figure_text.dataset(words, way.first)),
            escape(_kind(view, way.first)),
            *(_newest(view, way, codes) for _, codes in steps),
        ]
        for way in ways
    ]
    labels = [words("column.publisher"), words("column.what"), *(name for name, _ in steps)]
    met = list(counted.meetings(ways, order))
    near, far = (
        "".join(f"<li>{_meets(view, one, place)}</li>" for one in met if (one.at is None) == none)
        for none in (False, True)
    )
    return markup.block(
        markup.heading(words("compare.levels")),
        markup.quiet_line(words("compare.levels_note")),
        tables.html(labels, rows, ["", "", *("" for _ in steps)], full=True),
        f"<ul>{near}</ul>" if near else "",
        tables.collapsible(words("compare.levels_far"), f"<ul>{far}</ul>") if far else "",
    )


def _kind(view: View, row: Row) -> str:
    words = view.words
    name = "series.since" if pd.notna(row["cumulative_since"]) else ""
    kind = words.joined([words(f"measure.{row['measure']}"), words(f"unit.{row['unit']}")])
    return words(name, series=kind, day=words.day(row["cumulative_since"])) if name else kind


def _newest(view: View, way: CountingWay, codes: list[str]) -> str:
    """The newest figure of a level; of many places their number and the newest day."""
    words, found = view.words, way.newest_of(codes)
    if not found:
        return "–"
    if len(codes) > 1:
        day = words.day(found[0]["as_of"])
        sentence = words("compare.level_places", count=words.number(len(found)), day=day)
        return escape(sentence)
    return f"{markup.to_figure(view, found[0])}{markup.quiet_line(reasons.window(words, found[0]))}"


def _meets(view: View, meeting: counted.Meeting, place: str) -> str:
    """One sentence on two publishers: here, else why not and where."""
    words = view.words
    one, other = (figure_text.publisher(words, way.first) for way in (meeting.one, meeting.other))
    who = {"one": one, "other": other}
    if meeting.at is not None and meeting.at[0]["place_code"] == place:
        return escape(words("compare.level_here", **who))
    if meeting.absent:
        names = [figure_text.publisher(words, {"publisher": name}) for name in meeting.absent]
        why = words("compare.level_absent", who=words.listed(names), place=words.place(place))
    else:
        pair = meeting.one.newest[place], meeting.other.newest[place]
        why = " ".join(reasons.sentence(words, reason, *pair) for reason in meeting.why)
    if meeting.at is None:
        return escape(words("compare.level_nowhere", why=why, **who))
    at = meeting.at[0]
    there = view.link(
        "compare",
        place=str(at["place_code"]),
        group=str(at["population_group"]),
        on=f"{max(row['as_of'] for row in meeting.at):%Y-%m-%d}",
    )
    sentence = words("compare.level_near", why=why, place=words.place(str(at["place_code"])), **who)
    left, right = (figure_line(view, row) for row in meeting.at)
    both = words("compare.case_pair", left=left, right=right)
    return f"{escape(sentence)} {markup.anchor(there, both)}"


def axes(view: View, found: Comparison) -> None:
    """The figures of each kind on one axis; kinds that stand alone are in the table only."""
    words = view.words
    for part in found.axes():
        first = part.iloc[0]
        title = words(
            "compare.axis",
            group=figure_text.group(words, first),
            measure=words(f"measure.{first['measure']}"),
            unit=words(f"unit.{first['unit']}"),
        )
        title = figure_text.with_part(words, first, title)
        st.html(markup.block(markup.heading(title, 3)))
        drawings = svg.for_screens(partial(comparison_chart.dots, words, part))
        drawing.show_static(drawings, key=f"axis-{first['figure_id']}")


def case_stories(view: View, found: Comparison) -> str:
    """Each known case of the page: its figures by pair, the reasons, who documents it."""
    return "".join(_case(view, found, case) for case in found.cases)


def _case(view: View, found: Comparison, case: Case) -> str:
    words = view.words
    parts = [markup.heading(words("compare.case", case=words(f"case.{case.code}")))]
    cited = case.known(view.known)
    if not cited:
        return markup.block(*parts, markup.quiet_line(words("compare.case_later")))
    rows = found.rows
    parts += [_pair_html(view, pair, rows) for pair in _pairs(found, case)]
    parts += [_changed(view, rows[code]) for code in found.changed if code in rows]
    totals = [
        f"<li>{markup.derived('sum', _total(view, part, rows[part.figure]))}</li>"
        for part in found.parts
        if part.case == case.code
    ]
    parts.append(f"<ul>{''.join(totals)}</ul>" if totals else "")
    links = "".join(
        f"<li>{escape(_citation(view, citation))} {markup.external_link(citation.address)}</li>"
        for citation in cited
    )
    parts.append(f"<h3>{escape(words('compare.documented'))}</h3><ul>{links}</ul>")
    return markup.block(*parts)


def _total(view: View, part: Parts, row: Row) -> str:
    reasons_text = " ".join(view.words(f"reason.{reason.code}") for reason in part.reasons)
    return f"{reasons.parts_sentence(view.words, part, row)} {reasons_text}"


def _pairs(found: Comparison, case: Case) -> list[Pair]:
    """The pairs of the page that the case explains, in the page's order."""
    return [
        pair for pair in found.pairs() if any(reason.case == case.code for reason in pair.reasons)
    ]


def _pair_html(view: View, pair: Pair, rows: Mapping[str, Row]) -> str:
    words = view.words
    left, right = rows[pair.left], rows[pair.right]
    title = words("compare.case_pair", left=figure_line(view, left), right=figure_line(view, right))
    items = "".join(
        f"<li>{escape(reasons.sentence(words, reason, left, right))}</li>"
        for reason in pair.reasons
    )
    return f"<h3>{escape(title)}</h3><ul>{items}</ul>"


def _changed(view: View, row: Row) -> str:
    return markup.quiet_line(
        view.words("compare.changed", value=figure_text.value(view.words, row))
    )


def _citation(view: View, citation: reconciliations.Citation) -> str:
    day = view.words.day(citation.published_on)
    return view.words(
        "compare.cited",
        publisher=figure_text.publisher(view.words, {"publisher": citation.publisher}),
        day=day,
    )
