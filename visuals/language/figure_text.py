"""The sentences that several pages share about a figure, made from the catalogues."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from data.analysis.cells import Row, caveats_of, has_caveat, is_null
from data.analysis.comparable import comparable_change
from visuals.language.words import Words, catalogue

if TYPE_CHECKING:
    import pandas as pd


def value(words: Words, row: Row) -> str:
    """The number as published, with the publisher's own "about" or "over" in front.

    A null shows its reason, never zero.
    """
    if is_null(row["value"]):
        reason = row["missing_reason"]
        return words(f"missing.{reason}") if not is_null(reason) else words("figure.none")
    number = words.number(row["value"])
    if row["qualifier"] in ("exact", "modelled"):
        return number
    return words(f"qualifier.{row['qualifier']}.value", number=number)


def change(words: Words, before: Row, after: Row) -> str:
    """How a figure stands to an earlier one: a number, words, or why they do not compare."""
    found = comparable_change(before, after)
    day = words.day(before["as_of"])
    if found.value is None:
        why = words(f"not_comparable.{found.reason}")
        return words("figure.not_comparable", day=day, why=why)
    if found.status == "words":
        key = "figure.about_more" if found.value > 0 else "figure.about_fewer"
        return words(key, change=words.number(abs(found.value)), day=day)
    if found.value == 0:
        return words("figure.same", day=day)
    return words("figure.change", change=words.signed(found.value), day=day)


def caveats(words: Words, row: Row) -> list[str]:
    """The caveats of a figure in words; empty where there is none."""
    return [words(f"caveat.{code}") for code in caveats_of(row)]


ANNUAL: Final = frozenset({"unhcr_population", "unhcr_solutions", "hapi_returnees"})
"""Sources whose returns are of refugees by the publisher's own definition."""


def group(words: Words, row: Row) -> str:
    """Who is counted, in no wider or narrower word than the publisher's.

    Of those present who came from abroad nobody says that they were refugees; of those who
    returned within a year or since a date, only UNHCR's annual tables do.
    """
    code = str(row["population_group"])
    key = f"group.{code}.cohort"
    if row["measure"] == "stock" and not is_null(row["cumulative_since"]) and has(words, key):
        return words(key)
    if code == "RET" and row["source"] in ANNUAL:
        return words("group.RET.refugees")
    if code == "REF" and has_caveat(row, "temporary_protection"):
        return words("group.REF.protected")
    status = row["population_status"]
    if code == "PIN" and not is_null(status) and status not in ("all", "INN"):
        return words(f"group.PIN.{status}")
    return words(f"group.{code}")


GROUPED_BY: Final = (
    "population_group",
    "measure",
    "cumulative_since",
    "source",
    "caveat",
    "population_status",
)
"""The columns that say who is counted."""


def group_of_all(words: Words, figures: "pd.DataFrame", code: str) -> str:
    """Who several figures count: in their publishers' word where all use one, else in the group's.

    Args:
        words: The reader's words.
        figures: Rows of one population group with the columns `GROUPED_BY`.
        code: The group.
    """
    kinds = figures[list(GROUPED_BY)].drop_duplicates().to_dict("records")
    named = {group(words, row) for row in kinds}
    return named.pop() if len(named) == 1 else words(f"group.{code}")


NAMED_BY: Final = (
    *GROUPED_BY,
    "unit",
    "sector",
    "category",
    "asylum_location_code",
    "origin_code",
    "place_code",
)
"""The columns that say what a series is called."""


def series_name(words: Words, row: Row) -> str:
    """What is counted and how: group and kind, where from, and since when if it has a start."""
    return _series_name(words, tuple([row.get(name) for name in NAMED_BY]))


@lru_cache(maxsize=8192)
def _series_name(words: Words, named: tuple[Any, ...]) -> str:
    """The same of the columns `NAMED_BY`: many figures of a page are of one series."""
    row = dict(zip(NAMED_BY, named, strict=True))
    since = not is_null(row["cumulative_since"])
    cohort = row["measure"] == "stock" and since
    # "Since a date" goes where the date itself follows.
    key = "series.counted" if row["measure"] == "cumulative" and since else "series.name"
    what = words(
        key,
        group=group(words, row),
        measure=words(f"measure.{row['measure']}"),
        unit=words(f"unit.{row['unit']}"),
    )
    what = with_part(words, row, what)
    if since:
        key = f"series.cohort.{row['population_group']}" if cohort else "series.since"
        what = words(key, series=what, day=words.day(row["cumulative_since"]))
    return _with_ends(words, row, what)


def with_part(words: Words, row: Row, what: str) -> str:
    """What is counted, and which part of it: who of those in need, which sector, category."""
    status, sector, category = row["population_status"], row["sector"], row["category"]
    if not is_null(status) and status != "all" and row["population_group"] != "PIN":
        what = words("series.status", series=what, status=words(f"status.{status}"))
    if not is_null(sector):
        what = words("series.sector", series=what, sector=named(words, "sector", str(sector)))
    if not is_null(category):
        label = named(words, "category", str(category))
        what = words("series.category", series=what, category=label)
    return what


def named(words: Words, kind: str, code: str) -> str:
    """A code's words; the publisher's own where the catalogue has none yet."""
    key = f"{kind}.{code}"
    return words(key) if has(words, key) else code


def _with_ends(words: Words, row: Row, what: str) -> str:
    asylum, origin, place = row["asylum_location_code"], row["origin_code"], row["place_code"]
    if row["population_group"] == "RET":
        if not is_null(asylum) and asylum != "ALL":
            return words("series.from", series=what, place=words.place(asylum))
        return what
    if not is_null(origin) and origin != place:
        return words("series.from", series=what, place=words.place(origin))
    return what


def when(words: Words, row: Row) -> str:
    """The day or the period that a figure speaks of."""
    if row["measure"] == "flow":
        return words.period(row["reference_period_start"], row["reference_period_end"])
    return words("figure.as_of", day=words.day(row["as_of"]))


def publisher(words: Words, row: Row) -> str:
    """The publisher's name; bodies with a translated name are in the catalogues."""
    key = f"publisher.{row['publisher']}"
    return words(key) if has(words, key) else str(row["publisher"])


def dataset(words: Words, row: Row) -> str:
    """The dataset's name; those the project named itself are in the catalogues."""
    key = f"dataset.{row['dataset']}"
    return words(key) if has(words, key) else str(row["dataset"])


def has(words: Words, key: str) -> bool:
    """Whether the catalogue knows a key: for names that publishers may add to."""
    return key in catalogue(words.language)


def at_place(words: Words, row: Row) -> str:
    """The series' name with its place in front."""
    return words("series.at", place=words.place(row["place_code"]), series=series_name(words, row))


def when_and_who(words: Words, row: Row) -> str:
    """The day and the publisher, as one line under a number."""
    return words("figure.when_who", when=when(words, row), publisher=publisher(words, row))


def qualifier(words: Words, row: Row) -> str:
    """How exact the publisher says the number is."""
    return words(f"qualifier.{row['qualifier']}")


def event(words: Words, code: str) -> str:
    """An event in words; its code where the catalogue has none yet."""
    key = f"event.{code}"
    return words(key) if has(words, key) else code


def licence(words: Words, licence: str) -> str:
    """A licence by its own name; what is no name but a sentence is in the catalogues."""
    key = f"licence.{licence}"
    return words(key) if has(words, key) else licence


def source(words: Words, row: Row) -> str:
    """A source's title; the catalogue's where it has one."""
    key = f"source.{row['source']}"
    return words(key) if has(words, key) else str(row["title"])


def report_format(words: Words, formats: str) -> str:
    """ReliefWeb's kinds of document in words, its own where the catalogue has none yet."""
    return words.joined(named(words, "format", name) for name in formats.split(", "))
