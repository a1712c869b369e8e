"""What a file would change, before it does: for the person who is about to say yes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from data.schema.check_results import CheckResult
from data.schema.frame_keys import row_key
from data.schema.tables import FIGURE_KEY, FIGURES
from data.store import FigureFilter
from data.store.release import Release
from pipelines.source import Source

_WHEN = ("reference_period_start", "reference_period_end", "reporting_round")
JUDGED = ("doubts", "held_against", "times", "value_year_before", "year_before")


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
        beside: Published figures of the same source that the file does not hold.
    """

    figures: pd.DataFrame
    withdrawn: pd.DataFrame
    tables: Mapping[str, int] = field(default_factory=dict)
    doubts: tuple[CheckResult, ...] = ()
    remarks: tuple[str, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    beside: pd.DataFrame = field(default_factory=FIGURES.empty)

    def count(self, change: str) -> int:
        """How many figures are new, changed or same."""
        return int((self.figures["change"] == change).sum())


def of_figures(
    figures: pd.DataFrame, source: Source, release: Release | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The figures with what each would change, and the published ones that are not among them.

    Args:
        figures: Prepared figures; of several vintages of one figure the last counts.
        source: Whose run it is.
        release: What is published; None before the first release.
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
    return shown, published[~published["figure_id"].isin(last["figure_id"])]


def _published(sources: list[str], release: Release | None) -> pd.DataFrame:
    if release is None:
        return FIGURES.empty()
    found = release.figures(FigureFilter(source=tuple(sources)))
    return found[found["source"].isin(sources)]


def record(row: Mapping[str, Any], evidence: Mapping[str, str]) -> dict[str, Any]:
    """One figure of a preview as JSON writes it."""

    def plain(value: Any) -> Any:
        if pd.isna(value):
            return None
        if isinstance(value, pd.Timestamp | date):
            return f"{value:%Y-%m-%d}"
        return int(value) if hasattr(value, "__int__") and not isinstance(value, str) else value

    return {name: plain(row[name]) for name in record_names()} | {
        "evidence": evidence.get(row["locator"])
    }


def record_names() -> tuple[str, ...]:
    """The columns that a preview tells of each figure."""
    return (
        *("change", "figure_id", "source", "publisher", "dataset", "measure"),
        *("population_group", "unit"),
        *("population_status", "sector", "category"),
        *("place_code", "origin_code", "asylum_location_code", "reference_period_start"),
        *("reference_period_end", "cumulative_since", "as_of", "value", "value_before"),
        *("value_raw", "qualifier", "missing_reason", "caveat", "source_url", "locator"),
    )


def listed(found: Preview) -> pd.DataFrame:
    """Everything that a person judges, row by row: what is doubted first, what is the same last.

    Returns:
        The columns of `record`, and `doubts` (codes of the doubts that the figure is part of, with
        spaces between), `held_against` (the number that it was held against), `times` (how many
        times that number it is, or the inverse where it fell), `value_year_before` and
        `year_before` (the figure of the same series about a year earlier, and its day).
        A figure that would be withdrawn has the change `withdrawn` and no value.
    """
    gone = found.withdrawn.assign(
        change="withdrawn", value_before=found.withdrawn["value"], value=pd.NA, value_raw=pd.NA
    )
    rows = pd.concat([found.figures, gone], ignore_index=True) if len(gone) else found.figures
    rows = rows.reset_index(drop=True)
    reasons: dict[str, list[str]] = {}
    held_against: dict[str, int] = {}
    for doubt in found.doubts:
        for row in doubt.rows:
            reasons.setdefault(row.figure_id, []).append(row.reason)
            if row.value_before is not None:
                held_against.setdefault(row.figure_id, row.value_before)
    before = rows["value_before"].astype("Float64")
    against = rows["figure_id"].map(held_against).astype("Float64").fillna(before)
    earlier = _a_year_before(rows, found.beside)
    rows = rows.assign(
        doubts=rows["figure_id"].map(lambda i: " ".join(dict.fromkeys(reasons.get(i, ())))),
        held_against=against.astype("Int64"),
        times=_fold(rows["value"], against),
        value_year_before=earlier["value"],
        year_before=earlier["as_of"],
    )
    order = rows.assign(
        _doubted=rows["doubts"] == "",
        _change=rows["change"].map({"changed": 0, "withdrawn": 1, "new": 2, "same": 3}),
        _times=-rows["times"].fillna(0.0),
    ).sort_values(["_doubted", "_change", "_times", "place_code", "as_of"], kind="stable")
    names = [*record_names(), *JUDGED]
    told = rows.loc[order.index, names].reset_index(drop=True)
    return told.assign(evidence=told["locator"].map(lambda at: found.evidence.get(at)))


def _fold(value: "pd.Series[Any]", before: "pd.Series[Any]") -> "pd.Series[Any]":
    """How many times one is the other, at least 1; null where either is null."""
    now, was = value.astype("Float64").clip(lower=1), before.astype("Float64").clip(lower=1)
    return (now / was).where(now >= was, was / now).round(2)


def _a_year_before(rows: pd.DataFrame, beside: pd.DataFrame) -> pd.DataFrame:
    """The figure of each row's series that lies about a year before it, in `value` and `as_of`.

    Of the rows or of what is published `beside` them: a form brings one day alone.
    """
    held, published = _in_series(rows), _in_series(beside)
    known = pd.concat([held, published]) if len(published) else held
    known = known.dropna(subset=["value"]).sort_values("as_of", kind="stable")
    asked = held[["series", "as_of"]].assign(row=held.index)
    wanted = (asked["as_of"] - pd.Timedelta(days=365)).astype(held["as_of"].dtype)
    asked = asked.assign(wanted=wanted).dropna(subset=["wanted"])
    found = pd.merge_asof(
        asked.sort_values("wanted"),
        known.rename(columns={"as_of": "earlier"}),
        left_on="wanted",
        right_on="earlier",
        by="series",
        direction="nearest",
        tolerance=pd.Timedelta(days=45),
    ).set_index("row")
    found = found.reindex(rows.index)
    return pd.DataFrame({"value": found["value"].astype("Int64"), "as_of": found["earlier"]})


def _in_series(rows: pd.DataFrame) -> pd.DataFrame:
    series = row_key(rows, [name for name in FIGURE_KEY if name not in _WHEN])
    return pd.DataFrame({"series": series, "as_of": rows["as_of"], "value": rows["value"]})
