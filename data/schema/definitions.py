"""What publishers say of their own counts, beside every number: caveats by publisher and series.

Applied once, where figures are made ready for the store, so that carried, fetched and imported
figures of one series carry the same words. Each rule follows the publisher's own definition.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

import pyarrow as arrow
from pyarrow import compute

from data.schema.arrow_rows import with_columns

Rule = Callable[[arrow.Table], arrow.ChunkedArray]
FINDER: Final = "Refugee Data Finder: "
"""How the datasets of UNHCR's own tables begin."""
NOWCAST: Final = "Refugee Data Finder: nowcasting"
TURKISH: Final = ("PMM", "Türkiye Ministry of Interior")
"""Who keeps and publishes the register of Syrians under temporary protection."""
SPONTANEOUS: Final = "IDP spontaneous returns"
DTM_COUNTED: Final = date(2025, 12, 31)
"""From this day IDMC's count of Syria equals IOM's, rounded."""


def _is(figures: arrow.Table, **asked: str) -> arrow.ChunkedArray:
    """Whether each figure has all of these values."""
    same: arrow.ChunkedArray | None = None
    for name, value in asked.items():
        found = compute.fill_null(compute.equal(figures[name], value), False)
        same = found if same is None else compute.and_(same, found)
        if not _any(same):
            break
    return same


def _any(held: arrow.ChunkedArray) -> bool:
    return bool(compute.any(held).as_py())


def _from_finder(figures: arrow.Table) -> arrow.ChunkedArray:
    theirs = _is(figures, publisher="UNHCR")
    if not _any(theirs):
        return theirs
    found = compute.fill_null(compute.starts_with(figures["dataset"], FINDER), False)
    return compute.and_not(compute.and_(theirs, found), _is(figures, dataset=NOWCAST))


def _small(figures: arrow.Table) -> arrow.ChunkedArray:
    small = compute.is_in(figures["value"], arrow.array([0, 5], arrow.int64()))
    return compute.and_(small, _from_finder(figures)) if _any(small) else small


def _entered(figures: arrow.Table) -> arrow.ChunkedArray:
    returned = _is(figures, publisher="UNHCR", population_group="RET")
    return compute.and_not(returned, _from_finder(figures)) if _any(returned) else returned


def _protected(figures: arrow.Table) -> arrow.ChunkedArray:
    syrians = _is(figures, population_group="REF", location_code="TUR")
    if not _any(syrians):
        return syrians
    return compute.and_(syrians, compute.is_in(figures["publisher"], arrow.array(TURKISH)))


def _republished(figures: arrow.Table) -> arrow.ChunkedArray:
    register = _is(
        figures, publisher="UNHCR", population_group="REF", location_code="TUR", origin_code="SYR"
    )
    displaced = _is(figures, publisher="IDMC", population_group="IDP", place_code="SYR")
    if not _any(register) and not _any(displaced):
        return register
    late = compute.fill_null(compute.greater_equal(figures["as_of"], DTM_COUNTED), False)
    counted = compute.or_(register, compute.and_(displaced, late))
    return compute.and_(counted, _is(figures, measure="stock"))


RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("disclosure_rounding", _small),
    ("any_status", _entered),
    ("temporary_protection", _protected),
    ("republished", _republished),
    ("conflict_only", lambda f: _is(f, publisher="IDMC", population_group="IDP")),
    (
        "protected_or_assisted",
        lambda f: compute.and_(_is(f, population_group="IDP"), _from_finder(f)),
    ),
    ("month_only", lambda f: _is(f, publisher="OCHA", dataset=SPONTANEOUS)),
    ("similar_situations", lambda f: _is(f, publisher="UNHCR", dataset=NOWCAST)),
    ("statuses_overlap", lambda f: _is(f, population_group="PIN")),
)
"""A caveat and the figures that bear it."""


def with_caveats(figures: arrow.Table) -> arrow.Table:
    """The figures with their publishers' own limits among their caveats.

    Args:
        figures: Columns of `tables.FIGURES`.
    """
    caveat = compute.fill_null(figures["caveat"], "")
    for code, holds in RULES:
        held = holds(figures)
        if not _any(held):
            continue
        there = re.compile(rf"\b{code}\b")
        having = [text for text in compute.unique(caveat).to_pylist() if there.search(text)]
        lacking = compute.and_not(held, compute.is_in(caveat, arrow.array(having, arrow.string())))
        more = compute.utf8_trim_whitespace(compute.binary_join_element_wise(caveat, code, " "))
        caveat = compute.if_else(lacking, more, caveat)
    none = arrow.scalar(None, arrow.string())
    return with_columns(figures, caveat=compute.if_else(compute.equal(caveat, ""), none, caveat))
