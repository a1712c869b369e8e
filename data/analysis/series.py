"""Picks over figures: which is newest, what came before it, which may share an axis.

Nothing here adds figures up. Every function takes rows of `tables.FIGURES`, one for each figure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from data.schema.tables import FIGURE_KEY

SERIES: Final = tuple(
    name
    for name in FIGURE_KEY
    if name not in ("reference_period_start", "reference_period_end", "reporting_round")
)
"""What figures must share to be points of one line: everything of the key but the time."""
PLACELESS: Final = tuple(name for name in SERIES if name != "place_code")
"""What figures must share to stand on one map."""
FORWARD: Final = "mid_year"
CURRENT: Final = timedelta(days=731)
"""What is older than two years is history: a first page that shows it would say it is now."""
ABREAST: Final = timedelta(days=400)
"""People counted further apart than this do not stand on one map: a year and a late edition."""


ONE_BY_ONE: Final = ("idmc_idu",)
"""Sources whose every figure tells of a displacement of its own: no two of them are points of one
line, hundreds would crowd out every series, and they are never added up."""


@dataclass(frozen=True)
class Series:
    """Which figures belong to a series; a field that is None asks nothing."""

    source: str
    measure: str
    population_group: str
    place_code: str
    publisher: str | None = None
    dataset: str | None = None
    unit: str = "people"
    origin_code: str | None = None
    asylum_location_code: str | None = None
    cumulative_since: date | None = None

    def of(self, figures: pd.DataFrame) -> pd.DataFrame:
        """The figures of this series, without parts of the whole by gender, age or camp."""
        held = figures
        for name in self.__dataclass_fields__:
            asked = getattr(self, name)
            if asked is not None:
                asked = pd.Timestamp(asked) if name == "cumulative_since" else asked
                held = held[held[name].eq(asked).fillna(False)]
        whole = held["gender"].eq("all") & held["age_range"].eq("all") & held["value"].notna()
        partial = held["caveat"].fillna("").str.contains(r"\b(?:sites_only|subset)\b")
        return held[whole & ~partial]


@dataclass(frozen=True)
class Headline:
    """One number of the Situation page: the newest of several series, the first where equal."""

    name: str
    series: tuple[Series, ...]


_DEMOGRAPHICS: Final = "unhcr_demographics"
_CARRIED: Final = "published_figures"
HEADLINES: Final = (
    Headline("idp_idleb", (Series(_DEMOGRAPHICS, "stock", "IDP", "SY07"),)),
    Headline("idp_aleppo", (Series(_DEMOGRAPHICS, "stock", "IDP", "SY02"),)),
    Headline(
        "syrians_turkiye",
        (
            Series("unhcr_population", "stock", "REF", "TUR", origin_code="SYR"),
            Series(
                _CARRIED,
                "stock",
                "REF",
                "TUR",
                publisher="PMM",
                dataset="Registered Syrians",
                origin_code="SYR",
            ),
            Series(_CARRIED, "stock", "REF", "TUR", publisher="UNHCR", origin_code="SYR"),
        ),
    ),
    Headline(
        "returned_from_abroad",
        (
            Series(
                _CARRIED,
                "cumulative",
                "RET",
                "SYR",
                publisher="UNHCR",
                asylum_location_code="ALL",
                cumulative_since=date(2024, 12, 8),
            ),
        ),
    ),
    Headline(
        "moved_inside",
        (
            Series(
                _CARRIED,
                "cumulative",
                "RDP",
                "SYR",
                publisher="UNHCR",
                cumulative_since=date(2024, 12, 8),
            ),
            Series(_CARRIED, "cumulative", "NEWDISP", "X-SYR-NW", publisher="OCHA"),
            Series(_CARRIED, "cumulative", "NEWDISP", "SYR", publisher="OCHA"),
        ),
    ),
)
"""The five numbers of the first page. A rule, not a choice by hand: the newest as_of known wins."""


@dataclass(frozen=True)
class Picked:
    """A headline's figure with its history.

    Attributes:
        figure: The newest figure; None where nothing is known.
        before: The figure of the same series before it; None where it is the first.
        line: Every figure of that series up to it, oldest first: columns of `tables.FIGURES`.
    """

    name: str
    figure: dict[str, Any] | None
    before: dict[str, Any] | None
    line: pd.DataFrame


def pick(headline: Headline, figures: pd.DataFrame, day: date) -> Picked:
    """The newest figure of a headline among those known, unless it is too old to be "now".

    Args:
        headline: The series to choose from.
        figures: The figures as known on the day that is shown.
        day: The day that is shown.
    """
    newest: pd.DataFrame | None = None
    for series in headline.series:
        line = ordered(series.of(figures))
        if line.empty:
            continue
        # One definition may hold several series (other windows); keep the newest one's.
        line = same_series(line, line.iloc[-1])
        if newest is None or line["as_of"].iloc[-1] > newest["as_of"].iloc[-1]:
            newest = line
    if newest is None or newest["as_of"].iloc[-1] < pd.Timestamp(day) - CURRENT:
        return Picked(headline.name, None, None, figures.iloc[0:0])
    rows = newest.to_dict("records")
    earlier = [row for row in rows[:-1] if row["as_of"] < rows[-1]["as_of"]]
    return Picked(headline.name, rows[-1], earlier[-1] if earlier else None, newest)


def ordered(figures: pd.DataFrame) -> pd.DataFrame:
    """Oldest day first; of one day, the one known last comes last."""
    return figures.sort_values(["as_of", "known_from", "retrieved_at"], kind="stable")


def same_series(figures: pd.DataFrame, like: "pd.Series[Any]") -> pd.DataFrame:
    """The figures that share every column of `SERIES` with one of them; null equals null."""
    same = pd.Series(True, index=figures.index)
    for name in SERIES:
        asked = like[name]
        same &= figures[name].isna() if pd.isna(asked) else figures[name].eq(asked).fillna(False)
    return figures[same]


def in_series(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures that belong to a series; not those of `ONE_BY_ONE`."""
    return figures[~figures["source"].isin(ONE_BY_ONE)]


def single(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures that each tell of a displacement of its own, newest day first."""
    found = figures[figures["source"].isin(ONE_BY_ONE)]
    return found.sort_values(["as_of", "figure_id"], ascending=[False, True])


def lines(figures: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Figures split so that each part may be one line on one axis, longest first.

    Kinds, units, groups, sources, places and windows never share a part.
    """
    kept = in_series(figures)
    parts = [part for _, part in kept.groupby(list(SERIES), dropna=False, sort=False)]
    for part in sorted(parts, key=lambda p: (-len(p), str(p["figure_id"].iloc[0]))):
        yield ordered(part)


WHOLE: Final[Mapping[str, tuple[str, ...]]] = {
    "asylum_location_code": ("ALL",),
    "origin_code": ("ALL",),
    "sector": ("intersectoral",),
    "category": (),
    "operation": (),
}
"""Columns by which a publisher splits a count, with the codes of its total; a null is one too."""


def charts(figures: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Figures split into charts: one source, dataset, publisher, kind, group and unit each.

    A chart may hold several lines (origins, countries, sectors), never two kinds or two units,
    never a total beside its parts, and never two windows of which one holds the other.
    """
    kept = in_series(figures)
    by = [
        "source",
        "publisher",
        "dataset",
        "measure",
        "population_group",
        "unit",
        "gender",
        "age_range",
        "population_status",
        "place_code",
        "cumulative_since",
    ]
    totals = {
        f"_{name}": kept[name].isna() | kept[name].isin(codes).fillna(False)
        for name, codes in WHOLE.items()
    }
    totals["_part"] = kept["caveat"].fillna("").str.contains(r"\b(?:sites_only|subset)\b")
    keyed = kept.assign(**totals)
    parts = [
        part[kept.columns] for _, part in keyed.groupby([*by, *totals], dropna=False, sort=False)
    ]
    for part in sorted(parts, key=_weight):
        yield ordered(part)


_RANK: Final = {"IDP": 0, "REF": 1, "RET": 2, "RDP": 3, "NEWDISP": 4, "IDP_ARR": 5}


def _weight(part: pd.DataFrame) -> tuple[int, int, str]:
    group = str(part["population_group"].iloc[0])
    return _RANK.get(group, 9), -len(part), str(part["figure_id"].iloc[0])


def newest_of_each(figures: pd.DataFrame) -> pd.DataFrame:
    """The newest figure of every series, newest day first."""
    kept = ordered(in_series(figures)).drop_duplicates(list(SERIES), keep="last")
    return kept.sort_values(["as_of", "figure_id"], ascending=[False, True])


def shares(
    parts: pd.DataFrame, wholes: pd.DataFrame
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Stocks of a place beside the country's of which they are a part: the newest of each series.

    A share that is long past the newest one is left out.

    Args:
        parts: Figures of a place.
        wholes: Figures among which its country's are; those of other places are passed over.

    Yields:
        The part and the whole: they share everything of the key but the place (so one publisher
        and one day), and the whole is above zero and not below the part.
    """
    by = [name for name in FIGURE_KEY if name != "place_code"]
    country = wholes["admin_level"].eq(0).fillna(False)
    stocks = wholes[country & wholes["measure"].eq("stock") & wholes["value"].gt(0).fillna(False)]
    known = {_key(row, by): row for row in stocks.to_dict("records")}
    told, newest = set(), None
    for row in ordered(parts[parts["value"].notna()]).iloc[::-1].to_dict("records"):
        whole = known.get(_key(row, by))
        series = _key(row, list(SERIES))
        if whole is None or series in told or whole["figure_id"] == row["figure_id"]:
            continue
        newest = newest or row["as_of"]
        told.add(series)
        if row["value"] <= whole["value"] and row["as_of"] >= newest - ABREAST:
            yield _named(row), _named(whole)


def _key(row: dict[Any, Any], by: list[str]) -> tuple[str, ...]:
    return tuple("" if pd.isna(row[name]) else str(row[name]) for name in by)


def _named(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}


def abreast(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures whose day lies near the newest of their country; older ones are left out."""
    newest = figures.groupby("location_code")["as_of"].transform("max")
    return figures[figures["as_of"] >= newest - ABREAST]


def newest_by_place(figures: pd.DataFrame) -> pd.DataFrame:
    """The newest figure with a number of each place, largest first: one row for each place.

    Parts of a whole (by gender or age, in camps only) are no place's number.
    """
    newest = ordered(wholes(figures)).drop_duplicates("place_code", keep="last")
    return newest.sort_values(["value", "place_code"], ascending=[False, True])


def by_day(figures: pd.DataFrame) -> list[pd.DataFrame]:
    """One frame for each day, newest day first, each as `newest_by_place` gives it."""
    kept = ordered(wholes(figures)).drop_duplicates(["as_of", "place_code"], keep="last")
    kept = kept.sort_values(
        ["as_of", "value", "place_code"], ascending=[False, False, True], ignore_index=True
    )
    return [part for _, part in kept.groupby("as_of", sort=False)]


def wholes(figures: pd.DataFrame) -> pd.DataFrame:
    """Figures with a number that count the whole: not by gender or age, not camps alone."""
    whole = figures["gender"].eq("all") & figures["age_range"].eq("all")
    partial = figures["caveat"].fillna("").str.contains(r"\b(?:sites_only|subset)\b")
    return figures[figures["value"].notna() & whole & ~partial]


def overview(figures: pd.DataFrame) -> pd.DataFrame:
    """People at a date on both sides of the border: the first map, largest first.

    IDPs by governorate from one source and Syrians by province from another: all of them people
    at a date, so circles compare; they are never added.

    Args:
        figures: Those of the places in sight.
    """
    at = figures[
        figures["measure"].eq("stock")
        & figures["unit"].eq("people")
        & figures["admin_level"].eq(1).fillna(False)
    ]
    idps = at["source"].eq(_DEMOGRAPHICS) & at["location_code"].eq("SYR")
    hosts = at["population_group"].eq("REF") & at["location_code"].eq("TUR")
    return abreast(newest_by_place(at[(idps & at["population_group"].eq("IDP")) | hosts]))


def layers(figures: pd.DataFrame) -> list[pd.DataFrame]:
    """Figures split into what may stand on one map, people at a date first.

    Figures by origin inside the country are left out: a place has one circle for one count. So are
    single displacements, which are no count of a place.
    """
    figures = in_series(figures)
    inside = figures["origin_code"].notna() & figures["location_code"].eq(
        figures["origin_location_code"]
    )
    whole = figures["gender"].eq("all") & figures["age_range"].eq("all")
    usable = figures[(~inside | figures["population_group"].eq("RET")) & whole]
    parts = [part for _, part in usable.groupby(list(PLACELESS), dropna=False, sort=False)]
    return sorted(parts, key=lambda p: (*_weight(p)[:2], layer_id(p)))


def layer_id(layer: pd.DataFrame) -> str:
    """A short name for an address: what the layer's figures share, in codes."""
    first = layer.iloc[0]
    names = (
        "source",
        "population_group",
        "measure",
        "unit",
        "publisher",
        "dataset",
        "cumulative_since",
        "origin_code",
        "asylum_location_code",
        "sector",
        "population_status",
        "operation",
        "assessment_type",
        "category",
    )
    parts = []
    for name in names:
        value = first[name]
        if pd.notna(value) and (name, value) != ("population_status", "all"):
            parts.append(str(value.date()) if name == "cumulative_since" else str(value))
    return "~".join(part.replace(" ", "_") for part in parts)


def moments(layer: pd.DataFrame) -> dict[str, pd.Index]:
    """The times of a layer, oldest first: what an address calls each, and its rows.

    A flow's time is its whole period: a month and a quarter that end on one day are two pictures.
    """
    end, start = _days(layer["as_of"]), _days(layer["reference_period_start"])
    codes = end.where(layer["measure"].ne("flow"), start + "~" + end)
    order = layer[["as_of"]].assign(code=codes).sort_values(["as_of", "code"], kind="stable")
    return {str(code): rows.index for code, rows in order.groupby("code", sort=False)}


def _days(days: pd.Series) -> pd.Series:
    """Days as an address writes them; there are far fewer days than rows."""
    return days.map({day: f"{day:%Y-%m-%d}" for day in days.dropna().unique()})


def level_of(figures: pd.DataFrame) -> pd.Series:
    """The admin level as an address calls it; `none` where a figure has none."""
    return figures["admin_level"].astype("string").fillna("none")


def kinds_of_change(vintages: pd.DataFrame) -> list[str]:
    """What each vintage of one figure did to the one before it.

    Args:
        vintages: Every vintage of one figure, in the order they were known.

    Returns:
        One word for each: first, year_end (a mid-year value gave way), withdrawn, back
        (listed again), method (its definition, method or licence changed), extended (its day
        moved on), corrected (another value), confirmed (the same value said again), reupload
        (the same value under the same day of publication, in another file).
    """
    words: list[str] = []
    before: dict[str, Any] | None = None
    for row in vintages.to_dict("records"):
        words.append("first" if before is None else _change(before, row))
        before = row
    return words


METHOD: Final = frozenset(
    {
        "method_break",
        "modelled_split",
        "estimate_nowcast",
        "all_origins",
        "sites_only",
        "partial_coverage",
        "other_area_of_control",
        "movements_not_people",
        "net_of_returns",
    }
)
"""Caveats that say what is counted and how; where they change, the definition did."""


def _change(before: dict[str, Any], row: dict[str, Any]) -> str:
    if row["missing_reason"] == "withdrawn":
        return "withdrawn"
    if before["missing_reason"] == "withdrawn":
        return "back"
    if has_caveat(before, FORWARD) and not has_caveat(row, FORWARD):
        return "year_end"
    if redefined(before, row):
        return "method"
    same = before["value"] == row["value"] if pd.notna(before["value"]) else pd.isna(row["value"])
    if bool(same):
        again = pd.notna(row["published_on"]) and row["published_on"] == before["published_on"]
        return "reupload" if again else "confirmed"
    return "extended" if row["as_of"] > before["as_of"] else "corrected"


def redefined(before: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether two vintages of one figure say something else of what is counted and how."""
    said = [METHOD & set(_codes(each)) for each in (before, row)]
    modelled = [each["qualifier"] == "modelled" for each in (before, row)]
    # A carried number that its live source takes over keeps its meaning under another licence.
    licence = before["via"] == row["via"] and before["licence"] != row["licence"]
    return said[0] != said[1] or modelled[0] != modelled[1] or bool(licence)


def _codes(row: dict[str, Any]) -> list[str]:
    return [] if pd.isna(row["caveat"]) else str(row["caveat"]).split()


def has_caveat(row: dict[str, Any], code: str) -> bool:
    """Whether a figure carries a caveat."""
    return pd.notna(row["caveat"]) and code in str(row["caveat"]).split()


def newly_known(vintages: pd.DataFrame, since: date, until: date) -> pd.DataFrame:
    """Vintages that became known after one day and up to another, newest and largest first.

    A publication date that is unknown is not news: such vintages are left out.
    """
    known = vintages["known_from"]
    recent = vintages[(known > pd.Timestamp(since)) & (known <= pd.Timestamp(until))]
    dated = ~recent["caveat"].fillna("").str.contains("publication_date_unknown")
    return recent[dated].sort_values(["known_from", "as_of", "value", "figure_id"], ascending=False)
