"""The sentences that say why two figures differ, made from the catalogues."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from data.analysis.cells import is_null
from data.analysis.gap_reasons import Reason
from visuals.language import figure_text
from visuals.language.words import Words

if TYPE_CHECKING:
    from data.analysis.comparison import Parts

Row = Mapping[str, Any]


def sentence(words: Words, reason: Reason, left: Row, right: Row) -> str:
    """One reason as a sentence.

    Args:
        words: The reader's words.
        reason: A reason of `data.comparison` for the two figures.
        left: The figure that is measured against.
        right: The figure that differs.
    """
    asylum = [row["asylum_location_code"] for row in (left, right)]
    if reason.code == "from_where" and any(map(is_null, asylum)):
        named = next(code for code in asylum if not is_null(code))
        return words("reason.from_where_one", place=words.place(str(named)))
    return words(f"reason.{reason.code}", **_holes(words, reason, left, right))


def parts_sentence(words: Words, found: "Parts", total: Row) -> str:
    """A published total beside what its published parts add up to, as a sentence."""
    return words(
        "compare.parts",
        series=figure_text.at_place(words, total),
        total=words.number(found.total),
        sum=words.number(found.summed),
        gap=words.number(abs(found.missing)),
        unit=words(f"unit.{total['unit']}"),
    )


def _holes(words: Words, reason: Reason, left: Row, right: Row) -> dict[str, str]:
    if reason.side:
        own = left if reason.side == "left" else right
        return {"who": figure_text.publisher(words, own), "value": figure_text.value(words, own)}
    shown = {
        "measure": lambda row: words(f"measure.{row['measure']}"),
        "republished": lambda row: figure_text.publisher(words, row),
        "unit": lambda row: words(f"unit.{row['unit']}"),
        "group": lambda row: figure_text.group(words, row),
        "part": lambda row: figure_text.series_name(words, row),
        "window": lambda row: window(words, row),
        "cut_off": lambda row: words.day(row["as_of"]),
        "inside": lambda row: words.place(str(row["place_code"])),
        "elsewhere": lambda row: words.place(str(row["place_code"])),
        "from_where": lambda row: words.place(str(row["asylum_location_code"])),
        "origins": lambda row: words.place(str(row["origin_code"])),
    }.get(reason.code)
    return {} if shown is None else {"left": shown(left), "right": shown(right)}


def window(words: Words, row: Row) -> str:
    """The window of a figure: since when, within what, or on which day."""
    if row["measure"] == "cumulative":
        return words(
            "compare.window", since=words.day(row["cumulative_since"]), day=words.day(row["as_of"])
        )
    if row["measure"] == "flow":
        return words.period(row["reference_period_start"], row["reference_period_end"])
    return words.day(row["as_of"])
