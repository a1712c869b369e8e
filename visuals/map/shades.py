"""Rates and changes as shaded places on the one map. Counts are circles; only these fill an area.

A picture is of one publisher and one round, as `data.analysis.rates.pictures` and
`data.analysis.shifts.pictures` give them. Each number stands beside the shade: in the label, the
tooltip and the table, with the two figures it is made of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any, Final

from data.analysis.cells import Row
from data.analysis.rates import Rate
from data.analysis.shifts import Shift
from visuals import tokens
from visuals.html.elements import Reader
from visuals.language import figure_text
from visuals.language.words import Words
from visuals.map import draw, layout, no_figure
from visuals.map.geometry import Geometry
from visuals.map.layout import Mark

BOUNDS: Final = (5, 10, 25, 50)
"""Displaced people for each hundred inhabitants at which a new class begins."""
STEPS: Final = (-25, -5, 5, 25)
"""Changes in hundredths at which a new class begins: the middle one is "about as many"."""
LEVELS: Final = ("1", "2", "3")
"""Governorates, districts and sub-districts; districts by their sub-districts' outlines."""
NO_FIGURE: Final = -1
"""The class of a place without a figure: hatched, which is not the lowest class."""
Picture = Sequence[Rate | Shift]


@dataclass(frozen=True)
class Look:
    """What a kind of number needs to be shaded.

    Attributes:
        title: Key of its name.
        columns: Names of the three columns of its table: the number, and the two figures.
        share: Key of the sentence with both figures; of `first` and `second`.
        alt: Key of the sentence for all.
        made: How the number came about, one of `elements.DERIVED`.
        colours: Of the classes, lowest first, on light and on dark.
    """

    title: str
    columns: tuple[str, str, str]
    share: str
    alt: str
    made: str
    colours: tuple[tuple[str, str], ...]


RATES: Final = Look(
    "column.rate",
    ("rate", "displaced", "inhabitants"),
    "map.share",
    "map.rates_alt",
    "rate",
    tokens.SHADES,
)
SHIFTS: Final = Look(
    "column.shift",
    ("shift", "count_now", "count_before"),
    "map.shifted",
    "map.shifts_alt",
    "difference",
    tokens.SHIFTS,
)


def levels(found: Mapping[str, Mapping[str, Picture]]) -> list[str]:
    """The levels that have numbers of more than one place.

    Args:
        found: Pictures by level and time.
    """
    return [level for level in LEVELS if any(len(at) > 1 for at in found.get(level, {}).values())]


def without(geometry: Geometry, level: str, picture: Picture) -> list[str]:
    """Places of the publisher's countries that could be shaded at a level and have no number."""
    countries = {str(both(one)[0]["location_code"]) for one in picture}
    ground = no_figure.grounds(geometry, level)
    return no_figure.without(ground, {_code(one) for one in picture}, countries)


def look(picture: Picture) -> Look:
    """What the numbers of a picture are."""
    return RATES if isinstance(picture[0], Rate) else SHIFTS


def both(one: Rate | Shift) -> tuple[Row, Row]:
    """The two figures of a number: the one that the place is shaded for, and the other."""
    if isinstance(one, Rate):
        return one.displaced, one.everybody
    return one.after, one.before


def number(words: Words, one: Rate | Shift) -> str:
    """The number that is shown."""
    if isinstance(one, Rate):
        return words.per_hundred(one.per_hundred)
    return words.signed_percent(one.percent / 100)


def shade(one: Rate | Shift) -> int:
    """The class of a number, from 0 up, by the number that is shown."""
    if isinstance(one, Rate):
        return sum(round(one.per_hundred, 1) >= bound for bound in BOUNDS)
    shown = round(one.percent, 1)
    # About as many: from the second bound to the third, both among them.
    return sum((shown >= bound if bound < 0 else shown > bound) for bound in STEPS)


def legend(words: Words, seen: Look = RATES) -> list[tuple[int, str]]:
    """Each class with its numbers, lowest first, and what hatching means."""
    bounds = BOUNDS if seen is RATES else STEPS
    tell = words.number if seen is RATES else lambda bound: words.signed_percent(bound / 100)
    labels = [tell(bound) for bound in bounds]
    between = [
        words("map.shade_between", **{"from": low, "to": high}) for low, high in pairwise(labels)
    ]
    if seen is SHIFTS:
        between[1] = words("map.shift_same", **{"from": labels[1], "to": labels[2]})
        between[2] = words("map.shift_above", **{"from": labels[2], "to": labels[3]})
    first = words("map.shade_under", to=labels[0])
    last = words("map.shade_from" if seen is RATES else "map.shift_over", **{"from": labels[-1]})
    nothing = words("map.no_figure" if seen is RATES else "map.shift_none")
    return [*enumerate([first, *between, last]), (NO_FIGURE, nothing)]


def share(words: Words, one: Rate | Shift) -> str:
    """Both figures of a number in words."""
    first, second = both(one)
    seen = RATES if isinstance(one, Rate) else SHIFTS
    return words(seen.share, **_pair(words, seen, first, second))


def _pair(words: Words, seen: Look, first: Row, second: Row) -> dict[str, str]:
    return {
        seen.columns[1]: figure_text.value(words, first),
        seen.columns[2]: figure_text.value(words, second),
    }


def when(words: Words, one: Rate | Shift) -> str:
    """The day of a number; of a change both days."""
    first, second = both(one)
    if isinstance(one, Rate):
        return figure_text.when(words, first)
    return words(
        "map.shifted_when",
        before=figure_text.when(words, second),
        after=figure_text.when(words, first),
    )


def described(words: Words, picture: Picture, unknown: int) -> str:
    """The map in one sentence: the highest with both its numbers, the lowest, how many.

    Args:
        words: The reader's language.
        picture: Highest first.
        unknown: How many places have no figure.
    """
    most, least, seen = picture[0], picture[-1], look(picture)
    return words(
        seen.alt,
        title=words(seen.title),
        day=when(words, most),
        most=number(words, most),
        most_place=words.place(_code(most)),
        share=share(words, most),
        least=number(words, least),
        least_place=words.place(_code(least)),
        shown=words.number(len(picture)),
        none=words.number(unknown),
    )


def _code(one: Rate | Shift) -> str:
    return str(both(one)[0]["place_code"])


def change(
    geometry: Geometry,
    rates: Picture,
    unknown: Sequence[str],
    reader: Reader,
    *,
    view: draw.View,
    link: str,
    provenance: str,
) -> dict[str, Any]:
    """What a picture brings to the page's map: codes, classes, both numbers and words.

    Args:
        geometry: As given to `draw.atlas`.
        rates: Of one picture, highest first.
        unknown: Places of the same level without a figure.
        reader: The reader.
        view: What is seen first.
        link: Start of the address of a place's page; the code is put behind it.
        provenance: Start of the address of a figure's page; its id is put behind it.
    """
    words, shaded = reader.words, look(rates)
    seen = [one for one in rates if _code(one) in geometry.seats]
    blank = [code for code in unknown if code in geometry.seats]
    nothing = legend(words, shaded)[-1][1]
    rows = [_row(words, one) for one in seen]
    rows += [[code, nothing, "", NO_FIGURE, "", "", ""] for code in blank]
    marks = tuple(
        Mark(*geometry.seats[row[0]], 0.0, words.place(row[0]), str(row[1])) for row in rows
    )
    labels, countries = draw.labelled(
        geometry, marks, words, layout.STEPS, draw.everywhere(geometry)
    )
    notes = [_note(words, one) for one in seen]
    notes += [_note(words, seen[0])[:3]] * len(blank)
    kinds = list(dict.fromkeys(notes))
    empty = draw.change(
        geometry,
        [],
        words,
        title=words(shaded.title),
        description=described(words, seen, len(blank)),
        view=view,
        link=link,
        provenance=provenance,
    )
    return empty | {
        "shades": legend(words, shaded),
        "shadeColours": shaded.colours,
        "shadeColumns": [[name, words(f"column.{name}")] for name in shaded.columns],
        "shadeMade": shaded.made,
        "share": words(shaded.share, **{name: f"{{{name}}}" for name in shaded.columns[1:]}),
        "countries": countries,
        "notes": kinds,
        "marks": [
            [
                code,
                0,
                shown,
                0,
                kinds.index(note),
                label.step if label else -1,
                label.spot if label else 0,
                *of,
            ]
            for (code, shown, *of), note, label in zip(rows, notes, labels, strict=True)
        ],
    }


def _row(words: Words, one: Rate | Shift) -> list[Any]:
    """Code, number, the figure's id, class, both figures' numbers and the other figure's id."""
    first, second = both(one)
    return [
        str(first["place_code"]),
        number(words, one),
        str(first["figure_id"]),
        shade(one),
        figure_text.value(words, first),
        figure_text.value(words, second),
        str(second["figure_id"]),
    ]


def _note(words: Words, one: Rate | Shift) -> tuple[str, ...]:
    """What a number shares with others: what, when, whose, and the caveats of both figures."""
    first, second = both(one)
    notes = [*figure_text.caveats(words, first), *figure_text.caveats(words, second)]
    if isinstance(one, Shift):
        # The earlier round's list differed from the one before it, which is not compared here.
        notes = [caveat for caveat in notes if caveat != words("caveat.coverage_changed")]
    caveats = dict.fromkeys(notes)
    return (
        words(RATES.title if isinstance(one, Rate) else SHIFTS.title),
        when(words, one),
        figure_text.publisher(words, first),
        *([" · ".join(caveats)] if caveats else []),
    )


def source(words: Words, rates: Picture) -> str:
    """Whose a picture is and of which days."""
    publisher = figure_text.publisher(words, both(rates[0])[0])
    return words("place.rate_of", publisher=publisher, when=when(words, rates[0]))


def picture(
    geometry: Geometry,
    rates: Picture,
    unknown: Sequence[str],
    words: Words,
    *,
    view: draw.View,
    core: Sequence[str] = (),
    pixels: int = 1000,
) -> str:
    """The shaded map as one `<svg>` with its legend and scale; who and when stand around it.

    Args:
        geometry: As for `change`.
        rates: Of one picture, highest first.
        unknown: Places of the same level without a figure.
        words: The reader's language.
        view: What is seen.
        core: Admin 1 codes drawn with a stronger outline.
        pixels: Width at which it will be looked at.
    """
    seen = look(rates)
    classes = {_code(one): shade(one) for one in rates} | dict.fromkeys(unknown, NO_FIGURE)
    fills = {n: light for n, (light, _) in enumerate(seen.colours)} | {NO_FIGURE: no_figure.FILL}
    shapes = "".join(
        f'<path d="{path}" fill="{fills[classes[code]]}" stroke="{tokens.CORE.light}" '
        'stroke-width="0.6">'
        f"<title>{escape(words.place(code))}</title></path>"
        for code, path in no_figure.shapes(geometry, classes)
    )
    return draw.shaded(
        geometry,
        shapes,
        [(_code(one), number(words, one)) for one in rates],
        words,
        title=words(seen.title),
        description=described(words, rates, len(unknown)),
        keys=[(fills[at], label) for at, label in legend(words, seen)],
        view=view,
        core=core,
        pixels=pixels,
    )
