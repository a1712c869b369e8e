"""What publishers say of their own counts, beside every number: caveats by publisher and series.

Applied once, where figures are made ready for the store, so that carried, fetched and imported
figures of one series carry the same words. Each rule follows the publisher's own definition.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
from pyarrow import compute

from data.schema.contract import whole

Rule = Callable[[pd.DataFrame], "pd.Series[bool]"]
FINDER: Final = "Refugee Data Finder: "
"""How the datasets of UNHCR's own tables begin."""
NOWCAST: Final = "Refugee Data Finder: nowcasting"
TURKISH: Final = ("PMM", "Türkiye Ministry of Interior")
"""Who keeps and publishes the register of Syrians under temporary protection."""
SPONTANEOUS: Final = "IDP spontaneous returns"
DTM_COUNTED: Final = pd.Timestamp("2025-12-31")
"""From this day IDMC's count of Syria equals IOM's, rounded."""


def _is(frame: pd.DataFrame, **asked: str) -> "pd.Series[bool]":
    same = np.ones(len(frame), dtype=bool)
    for name, value in asked.items():
        found = compute.fill_null(compute.equal(whole(frame[name]), value), False)
        same &= found.to_numpy(zero_copy_only=False)
        if not same.any():
            break
    return pd.Series(same, index=frame.index)


def _from_finder(frame: pd.DataFrame) -> "pd.Series[bool]":
    theirs = _is(frame, publisher="UNHCR")
    if not theirs.any():
        return theirs
    found = frame["dataset"].str.startswith(FINDER).fillna(False).astype(bool)
    return theirs & found & frame["dataset"].ne(NOWCAST)


def _small(frame: pd.DataFrame) -> "pd.Series[bool]":
    small = frame["value"].isin([0, 5]).fillna(False).astype(bool)
    return _from_finder(frame) & small if small.any() else small


def _entered(frame: pd.DataFrame) -> "pd.Series[bool]":
    returned = _is(frame, publisher="UNHCR", population_group="RET")
    return returned & ~_from_finder(frame) if returned.any() else returned


def _protected(frame: pd.DataFrame) -> "pd.Series[bool]":
    syrians = _is(frame, population_group="REF", location_code="TUR")
    return syrians & frame["publisher"].isin(TURKISH) if syrians.any() else syrians


def _republished(frame: pd.DataFrame) -> "pd.Series[bool]":
    register = _is(
        frame, publisher="UNHCR", population_group="REF", location_code="TUR", origin_code="SYR"
    )
    displaced = _is(frame, publisher="IDMC", population_group="IDP", place_code="SYR")
    if not register.any() and not displaced.any():
        return register
    counted = frame["measure"].eq("stock") & frame["as_of"].ge(DTM_COUNTED)
    return (register & frame["measure"].eq("stock")) | (displaced & counted)


RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("disclosure_rounding", _small),
    ("any_status", _entered),
    ("temporary_protection", _protected),
    ("republished", _republished),
    ("conflict_only", lambda f: _is(f, publisher="IDMC", population_group="IDP")),
    ("protected_or_assisted", lambda f: _is(f, population_group="IDP") & _from_finder(f)),
    ("month_only", lambda f: _is(f, publisher="OCHA", dataset=SPONTANEOUS)),
    ("similar_situations", lambda f: _is(f, publisher="UNHCR", dataset=NOWCAST)),
    ("statuses_overlap", lambda f: _is(f, population_group="PIN")),
)
"""A caveat and the figures that bear it."""


def with_caveats(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures with their publishers' own limits among their caveats.

    Args:
        figures: Columns of `tables.FIGURES`.
    """
    caveat = figures["caveat"].fillna("")
    for code, holds in RULES:
        held = holds(figures)
        if not held.any():
            continue
        said = caveat[held]
        lacking = said[~said.str.contains(rf"\b{code}\b").astype(bool)]
        caveat.loc[lacking.index] = (lacking + f" {code}").str.strip()
    return figures.assign(caveat=caveat.mask(caveat.eq(""), pd.NA).astype("string"))
