"""Who moved from where to where: the choices, the map of arrows, the matrix and its totals."""

from collections.abc import Callable
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.components import drawing, markup, tables
from dashboard.server import hashed_assets
from dashboard.session import cached, urlstate
from dashboard.session.urlstate import View
from data.analysis import movements
from data.analysis.movements import UNKNOWN, Cell, Matrix, Sum
from data.status import freshness
from data.store import FigureFilter, Release
from visuals.language import figure_text
from visuals.map import flows, geometry
from visuals.map.flows import Move

KINDS: Final = ("within", "between", "region", "unknown")
OTHERS: Final = ("place", "origin", "value", "publisher", "caveat")
LISTED: Final = ("place", "value", "publisher", "caveat")


def choose(view: View, release: Release) -> tuple[Matrix, pd.DataFrame] | None:
    """The reader's series, level and period.

    Returns:
        The matrix, and every figure of the same series and period; None where nothing is known.
    """
    words = view.words
    wanted = FigureFilter(
        measure=("flow",),
        unit=("movements",),
        within=cached.area().origins,
        as_known_on=view.known,
        undated=view.undated,
    )
    found = movements.moves(cached.figures(release, release.id, wanted))
    known = dict(movements.series(found))
    if not known:
        return None
    series = urlstate.choice(
        words("movements.series"), list(known), key="series", name=lambda c: _name(view, known[c])
    )
    figures = known[series]
    levels = [str(n) for n in movements.LEVELS if figures["admin_level"].eq(n).any()]
    if not levels:
        return None
    level = urlstate.choice(
        words("movements.level"),
        levels,
        key="level",
        name=lambda code: words.level(code, figures["place_code"]),
    )
    periods = movements.periods(figures)
    shown = {code: at for code, rows in periods.items() if not (at := _at(rows, level)).empty}
    of_period = periods[_period(view, shown)]
    return movements.matrix(of_period, int(level)), of_period


def _at(figures: pd.DataFrame, level: str) -> pd.DataFrame:
    return figures[figures["admin_level"].eq(int(level)).fillna(False)]


def _name(view: View, figures: pd.DataFrame) -> str:
    words = view.words
    first = figures.sort_values("population_group").iloc[0]
    return words(
        "place.series",
        group=figure_text.group(words, first),
        unit=words(f"unit.{first['unit']}"),
        measure=words(f"measure.{first['measure']}"),
        publisher=figure_text.publisher(words, first),
        dataset=figure_text.dataset(words, first),
    )


def _period(view: View, periods: dict[str, pd.DataFrame]) -> str:
    """The period of the address, with a step back and forth; the newest with origins by default."""
    words = view.words
    codes = list(periods)
    names = {code: _period_name(view, rows) for code, rows in periods.items()}
    origins = [code for code, rows in periods.items() if rows["origin_code"].notna().any()]
    newest = (origins or codes)[-1]
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        place_before = st.container(width="content")
        place_chosen = st.container(width="stretch")
        place_after = st.container(width="content")
        with place_chosen:
            chosen = urlstate.choice(
                words("movements.month"),
                codes[::-1],
                key="month",
                name=names.__getitem__,
                default=codes[::-1].index(newest),
            )
        at = codes.index(chosen)
        with place_before:
            _step(view, "previous", codes[at - 1] if at else None, periods)
        with place_after:
            _step(view, "next", codes[at + 1] if at + 1 < len(codes) else None, periods)
    return chosen


def _step(view: View, way: str, code: str | None, periods: dict[str, pd.DataFrame]) -> None:
    words = view.words
    end = words("movements.first" if way == "previous" else "movements.last")
    label = end if code is None else words(f"movements.{way}", period=_span(view, periods[code]))
    st.button(label, key=f"step-{way}", disabled=code is None, on_click=_go, args=(code,))


def _go(code: str | None) -> None:
    st.session_state["month"] = code


def _span(view: View, rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    return view.words.period(first["reference_period_start"], first["reference_period_end"])


def _period_name(view: View, rows: pd.DataFrame) -> str:
    span = _span(view, rows)
    count = int(rows["origin_code"].notna().sum())
    if not count:
        return span
    number = view.words.number(count)
    return view.words("movements.with_origin", period=span, count=number)


def described(view: View, matrix: Matrix) -> str:
    """The moves in words with numbers; what the map and the matrix say to those who see neither."""
    words = view.words
    cells = [cell for cell in matrix.cells.values() if cell.value is not None]
    total = matrix.whole.total
    total_text = (
        words("movements.alt_no_total")
        if total is None
        else words(
            "movements.alt_total",
            place=words.place(total["place_code"]),
            value=figure_text.value(words, total),
        )
    )
    if not cells:
        return f"{words('movements.no_cells')} {total_text}"
    largest = max(cells, key=lambda cell: cell.value or 0)
    key = {"within": "movements.alt_within", "unknown": "movements.alt_unknown"}
    first = largest.figure
    sentence = words(
        key.get(largest.kind, "movements.alt"),
        series=figure_text.dataset(words, first),
        period=figure_text.when(words, first),
        count=words.number(len(cells)),
        value=figure_text.value(words, first),
        origin=_place(view, largest.origin),
        destination=words.place(largest.destination),
    )
    return f"{sentence} {total_text}"


def aged(view: View, figures: pd.DataFrame) -> str:
    """How long ago the period that is shown ended, unless that was within the month."""
    ended = figures["as_of"].max()
    if not freshness.shows_age(ended, view.day):
        return markup.block()
    age = view.words.age(ended, view.day)
    return markup.block(markup.quiet_line(view.words("movements.age", age=age)))


def picture(view: View, release: Release, matrix: Matrix) -> None:
    """The map of arrows, and what could not be drawn on it."""
    words = view.words
    moves = [_move(view, cell) for cell in matrix.cells.values() if cell.value is not None]
    if not moves:
        return
    st.html(markup.block(markup.heading(words("movements.map"))))
    area = cached.area().code
    shape = geometry.of_release(release, area)
    svg = flows.draw(
        shape,
        moves,
        words,
        title=words("movements.title"),
        description=described(view, matrix),
        ground=hashed_assets.ground(release, area).address,
    )
    drawing.show_static(svg, "drawing-movements")
    notes = [words("app.disclaimer"), words("movements.map_note")]
    left_out = flows.arcs(shape, moves, words).left_out
    if left_out:
        listed = [_arrow(view, move.origin or UNKNOWN, move.destination) for move in left_out]
        notes.append(words("movements.map_left_out", moves=words.listed(listed)))
    st.html(markup.block(*(markup.quiet_line(note) for note in notes)))


def _move(view: View, cell: Cell) -> Move:
    words = view.words
    key = {"within": "movements.ring", "unknown": "movements.no_origin"}
    shown = figure_text.value(words, cell.figure)
    title = words(
        key.get(cell.kind, "movements.arrow"),
        origin=_place(view, cell.origin),
        destination=words.place(cell.destination),
        value=shown,
        period=figure_text.when(words, cell.figure),
        publisher=figure_text.publisher(words, cell.figure),
    )
    return Move(
        origin=None if cell.kind == "unknown" else cell.origin,
        destination=cell.destination,
        value=cell.value or 0,
        shown=shown,
        title=title,
        within=cell.kind == "within",
        href=view.link("figure", figure=str(cell.figure["figure_id"])),
    )


def _place(view: View, code: str) -> str:
    return view.words("movements.unknown") if code == UNKNOWN else view.words.place(code)


def _arrow(view: View, origin: str, destination: str) -> str:
    return view.words(
        "movements.move", origin=_place(view, origin), destination=view.words.place(destination)
    )


def table(view: View, matrix: Matrix) -> str:
    """The matrix with published totals, sums and differences; a list where no origin is known."""
    words = view.words
    if not matrix.cells:
        arrivals = matrix.figures[matrix.figures["admin_level"].gt(0).fillna(False)]
        listed = tables.of_figures(view, arrivals.sort_values("value", ascending=False), LISTED)
        return markup.block(
            markup.heading(words("movements.destinations")), listed, _whole(view, matrix)
        )
    return markup.block(
        markup.heading(words("movements.matrix")),
        markup.quiet_line(words("movements.matrix_note")),
        _grid(view, matrix),
        _whole(view, matrix),
        markup.tags(_caveats(view, matrix)),
        markup.heading(words("movements.kinds")),
        _kinds(view, matrix),
    )


def _grid(view: View, matrix: Matrix) -> str:
    words = view.words
    departures = any(s.total is not None for s in matrix.departures.values())
    heads = [markup.to_place(view, code) for code in matrix.destinations]
    if departures:
        heads += [escape(words(f"movements.{name}")) for name in ("departures", "difference")]
    names = [words.place(code) for code in matrix.destinations]
    names += [words("movements.departures"), words("movements.difference")] if departures else []
    lines = [_line(view, matrix, origin, names, departures) for origin in matrix.origins]
    sums = [matrix.arrivals[code] for code in matrix.destinations]
    parts: tuple[tuple[str, Callable[[Sum], str]], ...] = (
        ("sum", lambda s: _sum(view, s)),
        ("total", lambda s: "" if s.total is None else markup.to_figure(view, s.total)),
        ("difference", lambda s: _difference(view, s)),
    )
    feet = [
        _row(
            words(f"movements.{name}"),
            [(n, "", part(s)) for n, s in zip(names, sums, strict=False)],
        )
        for name, part in parts
    ]
    corner = f'<th scope="col">{escape(words("movements.from_to"))}</th>'
    head = corner + "".join(f'<th scope="col" class="nz-num">{name}</th>' for name in heads)
    return (
        '<div class="nz-wrap full" tabindex="0" role="region" '
        f'aria-label="{escape(words("movements.matrix"), quote=True)}">'
        f'<table class="nz-matrix"><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody>'
        f"<tfoot>{''.join(feet)}</tfoot></table></div>"
    )


def _line(view: View, matrix: Matrix, origin: str, names: list[str], departures: bool) -> str:
    cells = []
    for name, destination in zip(names, matrix.destinations, strict=False):
        cell = matrix.cells.get((origin, destination))
        shown = "" if cell is None else markup.to_figure(view, cell.figure)
        cells.append((name, "nz-within" if cell and cell.kind == "within" else "", shown))
    if departures:
        left = matrix.departures[origin]
        total = "" if left.total is None else markup.to_figure(view, left.total)
        cells += [(names[-2], "", total), (names[-1], "", _difference(view, left))]
    return _row(_place(view, origin), cells)


def _row(head: str, cells: list[tuple[str, str, str]]) -> str:
    inner = "".join(
        f'<td class="nz-num {kind}" data-label="{escape(name, quote=True)}">{shown}</td>'
        for name, kind, shown in cells
    )
    return f'<tr><th scope="row">{escape(head)}</th>{inner}</tr>'


def _sum(view: View, found: Sum) -> str:
    """A sum of ours; as vague as its vaguest part, and only where a total stands to compare."""
    if found.value is None or found.total is None:
        return ""
    number = view.words.number(found.value)
    shown = number if found.exact else view.words("qualifier.about.value", number=number)
    return markup.derived("sum", shown)


def _difference(view: View, found: Sum) -> str:
    if found.difference is None:
        return ""
    return markup.derived("difference", view.words.signed(found.difference))


def _whole(view: View, matrix: Matrix) -> str:
    words = view.words
    whole = matrix.whole
    vague = any(not s.exact for s in (whole, *matrix.arrivals.values()) if s.value is not None)
    lines = []
    if whole.difference is not None and whole.total is not None:
        total = figure_text.value(words, whole.total)
        sentence = words(
            "movements.whole",
            place=words.place(whole.total["place_code"]),
            total=total,
            count=words.number(whole.parts),
            sum=words.number(whole.value or 0),
            difference=words.signed(whole.difference),
        )
        linked = markup.to_figure(view, whole.total)
        linked_sum = markup.derived("sum", sentence).replace(escape(total), linked, 1)
        lines.append(f'<p class="soft">{linked_sum}</p>')
    if vague:
        lines.append(markup.quiet_line(words("movements.vague")))
    return "".join(lines)


def _kinds(view: View, matrix: Matrix) -> str:
    """Within, between, region and unknown: how many numbers, and what they add up to."""
    words = view.words
    sums = (matrix.inside, matrix.between, matrix.regions, matrix.unknown)
    rows = []
    for kind, found in zip(KINDS, sums, strict=True):
        if found.value is None and kind in ("region", "unknown"):
            continue
        number = "–" if found.value is None else words.number(found.value)
        if found.value is not None and not found.exact:
            number = words("qualifier.about.value", number=number)
        rows.append(
            [
                escape(words(f"movements.kind.{kind}")),
                markup.derived("count", words.number(found.parts)),
                markup.derived("sum", number),
            ]
        )
    labels = [words(f"movements.{name}") for name in ("kind", "parts", "sum_short")]
    return tables.html(labels, rows, ["", "nz-num", "nz-num"], full=True)


def _caveats(view: View, matrix: Matrix) -> list[str]:
    caveats: dict[str, Any] = {}
    for row in matrix.figures.to_dict("records"):
        caveats |= dict.fromkeys(
            figure_text.caveats(view.words, {str(k): v for k, v in row.items()})
        )
    return list(caveats)


def figures_outside_matrix(view: View, matrix: Matrix, of_period: pd.DataFrame) -> str:
    """Figures of the same series and period that are not in the matrix."""
    rest = of_period[~of_period["figure_id"].isin(matrix.figures["figure_id"])]
    words = view.words
    if rest.empty:
        return markup.block()
    listed = tables.of_figures(view, rest.sort_values("value", ascending=False), OTHERS)
    return markup.block(tables.collapsible(words("movements.others"), listed))
