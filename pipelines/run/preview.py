"""What a file would change, before it does: for the person who is about to say yes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from data.schema.check_results import CheckResult
from data.schema.tables import FIGURES
from data.store import StoreEmpty, Wanted
from data.store.release import Release
from pipelines.source import Source

SHOWN = ("place_code", "origin_code", "population_group", "measure", "unit", "as_of")


@dataclass(frozen=True)
class Preview:
    """What publishing would do.

    Attributes:
        figures: Every figure of the file, in the columns of `tables.FIGURES`, with `change` (new,
            changed, same) and `value_before` (null where there was none).
        withdrawn: Published figures that the file no longer has; only of sources whose answers are
            complete.
        tables: Companion tables with how many rows each would have.
        doubts: Why the run would be held.
        remarks: What `read` left out.
        evidence: The words behind a figure, by locator.
    """

    figures: pd.DataFrame
    withdrawn: pd.DataFrame
    tables: Mapping[str, int] = field(default_factory=dict)
    doubts: tuple[CheckResult, ...] = ()
    remarks: tuple[str, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)

    def count(self, change: str) -> int:
        """How many figures are new, changed or same."""
        return int((self.figures["change"] == change).sum())


def of_figures(
    figures: pd.DataFrame, source: Source, release: Release | None, *, complete: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The figures with what each would change, and those that would be withdrawn.

    Args:
        figures: Prepared figures; of several vintages of one figure the last counts.
        source: Whose run it is.
        release: What is published; None before the first release.
        complete: Whether what is left out is withdrawn.
    """
    last = figures.sort_values("known_from", na_position="last", kind="stable")
    last = last.drop_duplicates("figure_id", keep="last").reset_index(drop=True)
    published = _published(sorted({*last["source"].dropna(), source.name}), release)
    before = published.set_index("figure_id").reindex(last["figure_id"])
    there = before["source"].notna().to_numpy(dtype=bool)
    same = there.copy()
    for name in ("value", "missing_reason", "qualifier", "caveat"):
        now, was = last[name].astype("string"), before[name].astype("string")
        equal = now.fillna("").to_numpy() == was.fillna("").to_numpy()
        same &= equal
    change = pd.Series("changed", index=last.index, dtype="string").mask(~there, "new")
    shown = last.assign(
        change=change.mask(same, "same"),
        value_before=pd.Series(before["value"].to_numpy(), index=last.index),
    )
    gone = published[~published["figure_id"].isin(last["figure_id"])]
    gone = gone[gone["via"] == source.name] if complete else gone.head(0)
    return shown, gone


def _published(sources: list[str], release: Release | None) -> pd.DataFrame:
    if release is None:
        return FIGURES.empty()
    found = release.figures(Wanted(source=tuple(sources)))
    return found[found["source"].isin(sources)]


def current(store: Any) -> Release | None:
    """The newest release; None before the first."""
    try:
        release: Release = store.current()
    except StoreEmpty:
        return None
    return release


def record(row: Mapping[str, Any], evidence: Mapping[str, str]) -> dict[str, Any]:
    """One figure of a preview as JSON writes it."""

    def plain(value: Any) -> Any:
        if pd.isna(value):
            return None
        if isinstance(value, pd.Timestamp | date):
            return f"{value:%Y-%m-%d}"
        return int(value) if hasattr(value, "__int__") and not isinstance(value, str) else value

    names = (
        *("change", "figure_id", "publisher", "dataset", "measure", "population_group", "unit"),
        *("population_status", "sector", "category"),
        *("place_code", "origin_code", "asylum_location_code", "reference_period_start"),
        *("reference_period_end", "cumulative_since", "as_of", "value", "value_before"),
        *("value_raw", "qualifier", "missing_reason", "caveat", "source_url", "locator"),
    )
    return {name: plain(row[name]) for name in names} | {"evidence": evidence.get(row["locator"])}
