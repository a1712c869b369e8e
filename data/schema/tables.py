"""Every published table, column by column: the only place where a unit or a null is explained.

`docs/data-dictionary.md` is written from this module; a test keeps the two equal.
"""

import re
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Final

import pyarrow as arrow
from pyarrow import compute

from data.schema import codes as words
from data.schema.arrow_rows import whole
from data.schema.contract import Column, Rule, Table

_CODE: Final = r"^[A-Z0-9][A-Z0-9-]*$"


def _iso3(name: str, meaning: str, null: str | None = None) -> Column:
    return Column(name, "text", meaning, null=null, pattern=r"^[A-Z]{3}$")


def _given_together(name: str, other: str) -> Rule:
    return Rule(
        f"{name} and {other} must be given together",
        lambda f: _is_not(compute.xor(f[name].is_null(), f[other].is_null())),
    )


_is, _is_not = compute.equal, compute.invert
_either, _and = compute.or_kleene, compute.and_kleene


def _by(earlier: arrow.ChunkedArray, later: arrow.ChunkedArray) -> arrow.ChunkedArray:
    """Whether a day is no later than another; not where either is unknown."""
    return compute.fill_null(compute.less_equal(earlier, later), False)


def _from_level(rows: arrow.Table, level: int) -> arrow.ChunkedArray:
    """Whether the place has a code of a level if and only if it lies there or below."""
    below = compute.fill_null(compute.greater_equal(rows["admin_level"], level), False)
    return _is(rows[f"admin{level}_code"].is_valid(), below)


def _unknown_caveats(caveats: arrow.ChunkedArray) -> arrow.Array:
    """The lists of codes, as they stand in the column, that hold one that is none."""
    known, said = set(words.CAVEATS), compute.unique(caveats).to_pylist()
    unknown = [codes for codes in said if codes is not None and not set(codes.split()) <= known]
    return arrow.array(unknown, arrow.string())


FIGURES: Final = Table(
    name="figures",
    meaning="Published numbers: one row for each number and vintage.",
    columns=(
        Column("figure_id", "text", "Hash of the key; the same for every vintage of one number"),
        Column("source", "text", "The source this series belongs to, as `nuzuh sources` names it"),
        Column("publisher", "text", "The body whose figure it is"),
        Column("dataset", "text", "The publisher's table or series"),
        Column("measure", "text", "Kind of count", vocabulary=words.MEASURES),
        Column("population_group", "text", "Who is counted", vocabulary=words.POPULATION_GROUPS),
        Column("unit", "text", "What one means", vocabulary=words.UNITS),
        Column("sector", "text", "Humanitarian sector", null="Not about one sector"),
        Column(
            "category",
            "text",
            "The publisher's own category; a code of `crossings` for a count at a crossing, "
            "origin_unknown for moves whose origin the publisher does not know",
            null="No category",
        ),
        Column("gender", "text", "HAPI gender code; all is the total", vocabulary=words.GENDERS),
        Column("age_range", "text", "Age range in years; all is the total"),
        Column(
            "population_status",
            "text",
            "HAPI population status; all where it does not apply",
            vocabulary=words.POPULATION_STATUSES,
        ),
        Column("place_code", "text", "Finest code of the place the number is about", pattern=_CODE),
        _iso3("location_code", "Country of the place (ISO 3166-1 alpha-3); ALL is every country"),
        Column(
            "admin_level",
            "integer",
            "0 country, 1 governorate or province, 2 district, 3 sub-district",
            null="A region that publishers name and that has no P-code, or every country",
            vocabulary=None,
            minimum=0,
        ),
        Column("admin1_code", "text", "P-code of the governorate or province", null="Not below 0"),
        Column("admin2_code", "text", "P-code of the district", null="Not below admin 1"),
        Column("admin3_code", "text", "P-code of the sub-district", null="Not below admin 2"),
        Column(
            "origin_code", "text", "Finest code of where people came from", null="Not by origin"
        ),
        _iso3("origin_location_code", "Country of origin", null="Not by origin"),
        Column("origin_admin1_code", "text", "P-code of the origin", null="Not by governorate"),
        _iso3(
            "asylum_location_code",
            "Country of asylum; for returns the country returned from; ALL is every country",
            null="Not about asylum",
        ),
        Column("reference_period_start", "date", "First day the number covers"),
        Column("reference_period_end", "date", "Last day the publisher's label covers"),
        Column(
            "cumulative_since",
            "date",
            "First day of a cumulative count; of a stock of people who returned, the day since "
            "which those counted came back",
            null="Neither cumulative nor a cohort",
        ),
        Column("operation", "text", "The publisher's operation", null="Not by operation"),
        Column("reporting_round", "integer", "Reporting round", null="Not by round", minimum=0),
        Column(
            "assessment_type",
            "text",
            "DTM assessment type",
            null="Not an assessment",
            vocabulary=words.ASSESSMENT_TYPES,
        ),
        Column("as_of", "date", "The day the number is true for; where it is drawn in time"),
        Column(
            "value",
            "integer",
            "The number",
            unit="see `unit`",
            null="No number: see `missing_reason`; never zero",
            minimum=0,
        ),
        Column("value_raw", "text", "The number as it was printed", null="Nothing was printed"),
        Column(
            "missing_reason",
            "text",
            "Why there is no number",
            null="There is a number",
            vocabulary=words.MISSING_REASONS,
        ),
        Column("qualifier", "text", "How exact it is", vocabulary=words.QUALIFIERS),
        Column("provider_admin1_name", "text", "Governorate or province as printed", null="None"),
        Column("provider_admin2_name", "text", "District as printed", null="None"),
        Column("provider_admin3_name", "text", "Sub-district as printed", null="None"),
        Column("provider_origin_name", "text", "Origin as printed", null="None"),
        Column("published_on", "date", "Day of publication", null="Not known"),
        Column("known_from", "date", "Day from which this vintage was known"),
        Column("retrieved_at", "timestamp", "When its file was fetched or noted"),
        Column("source_url", "text", "Address it was read at, without keys"),
        Column("content_sha256", "text", "SHA-256 of the stored file", pattern=r"^[0-9a-f]{64}$"),
        Column("locator", "text", "Where in that file: row and column, path or page"),
        Column("licence", "text", "Licence of the source"),
        Column("caveat", "text", "Caveat codes, space between", null="No caveat"),
        Column("note", "text", "A short remark by the project, in English", null="No remark"),
        Column("via", "text", "The source whose run delivered it; see `source`"),
    ),
    key=("figure_id", "known_from", "retrieved_at"),
    order=(
        "location_code",
        "place_code",
        "population_group",
        "measure",
        "source",
        "reference_period_end",
        "figure_id",
        "known_from",
        "retrieved_at",
    ),
    rules=(
        Rule(
            "a number and a missing_reason exclude one another",
            lambda f: compute.xor(f["value"].is_null(), f["missing_reason"].is_null()),
        ),
        Rule(
            "a cumulative figure needs cumulative_since, and a flow has none",
            lambda f: _either(
                _is(f["measure"], "stock"),
                _is(_is(f["measure"], "cumulative"), f["cumulative_since"].is_valid()),
            ),
        ),
        Rule(
            "a stock with cumulative_since is a cohort of people who returned",
            lambda f: _either(
                _either(compute.not_equal(f["measure"], "stock"), f["cumulative_since"].is_null()),
                compute.is_in(f["population_group"], arrow.array(sorted(words.COHORTS))),
            ),
        ),
        Rule(
            "the period ends before it starts",
            lambda f: _by(f["reference_period_start"], f["reference_period_end"]),
        ),
        Rule(
            "as_of lies outside the period",
            lambda f: _and(
                _by(f["reference_period_start"], f["as_of"]),
                _by(f["as_of"], f["reference_period_end"]),
            ),
        ),
        Rule(
            "a figure was known before its own period began",
            lambda f: _by(f["reference_period_start"], f["known_from"]),
        ),
        Rule(
            "admin_level is above 3",
            lambda f: compute.less_equal(f["admin_level"], 3),
        ),
        Rule(
            "admin_level and the admin codes disagree",
            lambda f: _and(_and(_from_level(f, 1), _from_level(f, 2)), _from_level(f, 3)),
        ),
        _given_together("origin_code", "origin_location_code"),
        Rule(
            "a caveat code is unknown",
            lambda f: _is_not(compute.is_in(f["caveat"], _unknown_caveats(f["caveat"]))),
        ),
    ),
)

FIGURE_KEY: Final = (
    "source",
    "publisher",
    "dataset",
    "measure",
    "population_group",
    "unit",
    "sector",
    "category",
    "gender",
    "age_range",
    "population_status",
    "place_code",
    "origin_code",
    "asylum_location_code",
    "reference_period_start",
    "reference_period_end",
    "cumulative_since",
    "operation",
    "reporting_round",
    "assessment_type",
)
"""What makes two rows vintages of one number. Value, known_from and retrieved_at stay out."""

DEFAULTS: Final = {
    "gender": "all",
    "age_range": "all",
    "population_status": "all",
    "qualifier": "exact",
}
"""What a `read` may leave out."""


LARGE: Final = arrow.large_string()
LETTER: Final = "f"
"""Put before an id of digits alone, or of digits around one e."""
_NUMBER: Final = re.compile(r"^\d+(?:e\d+)?$")


def ids(figures: arrow.Table) -> arrow.Array:
    """The `figure_id` of each row: a hash of the key's columns that are not null.

    Nulls are left out, so that a column added to the key later changes no id already cited. An id
    never looks like a number: a spreadsheet would round 0367992695638792 and 12e3456789012345.
    """
    return digests(keys(figures, FIGURE_KEY))


def digests(texts: arrow.Array) -> arrow.Array:
    """The id of each text of a key."""
    bodies = texts.cast(arrow.large_binary()).to_pylist()
    hashed = [blake2b(body, digest_size=8).hexdigest() for body in bodies]
    found = arrow.array(hashed, arrow.string())
    numbers = compute.match_substring_regex(found, _NUMBER.pattern)
    return compute.if_else(numbers, compute.binary_join_element_wise(LETTER, found, ""), found)


def cited(figure_id: str) -> str:
    """The id under which a figure is known that was cited by an id which looks like a number."""
    return f"{LETTER}{figure_id}" if _NUMBER.match(figure_id) else figure_id


def keys(rows: arrow.Table, columns: Sequence[str]) -> arrow.Array:
    """One text for each row that names the columns which are not null and what they say.

    Equal where all of the columns are equal, nulls included.
    """
    texts = {name: whole(rows[name]).cast(LARGE) for name in columns}
    return joined(texts, len(rows))


def joined(texts: Mapping[str, arrow.Array], size: int) -> arrow.Array:
    """What `keys` gives of the columns' texts, in large strings of Arrow."""
    end, nothing = arrow.scalar("\x1f", LARGE), arrow.scalar("", LARGE)
    parts = [
        compute.binary_join_element_wise(arrow.scalar(f"{name}=", LARGE), text, end, nothing)
        for name, text in texts.items()
        if text.null_count < size
    ]
    if not parts:
        return arrow.array([""] * size, LARGE)
    return compute.binary_join_element_wise(*parts, nothing, null_handling="skip")


PLACES: Final = Table(
    name="places",
    meaning="Places that figures speak of: countries, P-coded areas and regions publishers name.",
    columns=(
        Column("place_code", "text", "ISO3, P-code, or the project's X- code of a region"),
        Column(
            "kind",
            "text",
            "What it is",
            vocabulary=("world", "country", "admin1", "admin2", "admin3", "region"),
        ),
        Column("admin_level", "integer", "0 to 3", null="A region, or every country", minimum=0),
        Column("location_code", "text", "Country (ISO3)"),
        Column("parent_code", "text", "Code one level up", null="A country or region"),
        Column("name_en", "text", "Name in English, as OCHA spells it"),
        Column("name_ar", "text", "Name in Arabic", null="Not known: the English name is shown"),
        Column("name_tr", "text", "Name in Turkish", null="Not known: the English name is shown"),
        Column("lat", "number", "Latitude of the seat or centre, degrees", null="Not placed"),
        Column("lon", "number", "Longitude of the seat or centre, degrees", null="Not placed"),
    ),
    key=("place_code",),
)

CROSSINGS: Final = Table(
    name="crossings",
    meaning="Border crossings of Syria with Türkiye and Iraq, with the newest dated status.",
    columns=(
        Column("crossing_code", "text", "The project's code"),
        Column("name_en", "text", "Syrian side, English"),
        Column("name_ar", "text", "Arabic name", null="Not known"),
        Column("name_tr", "text", "Turkish side", null="Not known"),
        Column("lat", "number", "Latitude, degrees", null="Not known"),
        Column("lon", "number", "Longitude, degrees", null="Not known"),
        Column("syria_code", "text", "P-code on the Syrian side", null="Not known"),
        Column(
            "across_code",
            "text",
            "P-code of the Turkish province; IRQ for a crossing to Iraq",
            null="Not known",
        ),
        Column("status", "text", "Newest published status", null="None published"),
        Column("status_as_of", "date", "Day of that status", null="None published"),
        Column("status_source", "text", "Who says so", null="None published"),
    ),
    key=("crossing_code",),
)

CROSSING_STATUSES: Final = Table(
    name="crossing_statuses",
    meaning="What was published of a border crossing's status, dated; every row is kept.",
    columns=(
        Column("crossing_code", "text", "The project's code, as in `crossings`"),
        Column("status", "text", "Its status on that day", vocabulary=words.CROSSING_STATES),
        Column("as_of", "date", "The day of that status"),
        Column("publisher", "text", "Who says so"),
        Column("published_on", "date", "Day of publication", null="Not known"),
        Column("source_url", "text", "Where it was published", pattern=r"^https?://"),
        Column("content_sha256", "text", "SHA-256 of the stored file", pattern=r"^[0-9a-f]{64}$"),
        Column("locator", "text", "Where in that file"),
        Column("retrieved_at", "timestamp", "When the file was brought"),
    ),
    key=("crossing_code", "as_of", "publisher"),
)

EVENTS: Final = Table(
    name="events",
    meaning="Dated, cited events that charts mark.",
    columns=(
        Column("event_code", "text", "The project's code; its words are in the catalogues"),
        Column("starts_on", "date", "First day"),
        Column("ends_on", "date", "Last day", null="One day, or not over"),
        Column("place_code", "text", "Where"),
        Column(
            "kind",
            "text",
            "What it is",
            vocabulary=("conflict", "disaster", "authorisation", "political", "return"),
        ),
        Column("source_url", "text", "Where it is documented"),
    ),
    key=("event_code",),
)

CAVEATS: Final = Table(
    name="caveats",
    meaning="Footnotes that publishers attach to their own figures.",
    columns=(
        Column("source", "text", "The source that carries the footnote"),
        Column("footnote_id", "text", "Its number in that source"),
        Column("location_code", "text", "Country it is about", null="All countries"),
        Column("origin_location_code", "text", "Country of origin", null="All origins"),
        Column("population_group", "text", "Group it is about", null="All groups"),
        Column("years", "text", "Years, as printed", null="All years"),
        Column("text", "text", "The publisher's words"),
        Column("content_sha256", "text", "SHA-256 of the stored file"),
        Column("retrieved_at", "timestamp", "When it was fetched"),
    ),
    key=("source", "footnote_id"),
)

SOURCES: Final = Table(
    name="sources",
    meaning="The register of sources: one row for each, fetched already or not.",
    columns=(
        Column("source", "text", "Its name, as `nuzuh sources` prints it"),
        Column("title", "text", "Title in English"),
        Column("publisher", "text", "The body that publishes it"),
        Column("homepage", "text", "Where people read about it"),
        Column("licence", "text", "Licence of its figures"),
        Column("attribution", "text", "How the publisher wants to be named"),
        Column("cadence_days", "number", "How often it is asked", unit="days", minimum=0),
        Column(
            "late_after_days",
            "number",
            "Age of the last success from which it is late",
            unit="days",
            minimum=0,
        ),
        Column(
            "key", "text", "Whether a key is needed", vocabulary=("none", "optional", "required")
        ),
        Column("replaced_by", "text", "The source to use if it stops", null="None is named"),
        Column(
            "origin",
            "text",
            "The one collection behind several sources, of which pages show one",
            null="No other source has these figures",
        ),
        Column(
            "origin_rank",
            "integer",
            "Which of the sources of one origin is shown: the lowest that has the figure",
            null="No other source has these figures",
            minimum=0,
        ),
    ),
    key=("source",),
    rules=(_given_together("origin", "origin_rank"),),
)

_PROVENANCE: Final = (
    Column("source_url", "text", "Address it was read at, without keys"),
    Column("content_sha256", "text", "SHA-256 of the stored file", pattern=r"^[0-9a-f]{64}$"),
    Column("locator", "text", "Where in that file"),
    Column("licence", "text", "Licence of the source"),
)
"""What leads a row of a companion table back to the stored file."""

FUNDING: Final = Table(
    name="funding",
    meaning="What response plans ask for and have received; never added over plans.",
    columns=(
        Column("source", "text", "The source that carries it"),
        Column("location_code", "text", "Country it was asked for (ISO3)", pattern=r"^[A-Z]{3}$"),
        Column("plan_id", "text", "The publisher's number of the plan; `none` outside any plan"),
        Column("plan_code", "text", "The publisher's code of the plan", null="None is given"),
        Column("plan_name", "text", "The plan as the publisher calls it"),
        Column(
            "plan_type", "text", "Kind of plan, such as a regional one", null="The answer has none"
        ),
        Column("year", "integer", "Year of the plan", minimum=1990),
        Column("starts_on", "date", "First day of the plan", null="Not given"),
        Column("ends_on", "date", "Last day of the plan", null="Not given"),
        Column(
            "requirements",
            "integer",
            "What the plan asks for",
            unit="USD",
            null="The plan states none; never zero",
            minimum=0,
        ),
        Column(
            "funding",
            "integer",
            "What was received for it",
            unit="USD",
            null="None is stated; never zero",
            minimum=0,
        ),
        Column("as_of", "date", "The day the publisher said so: its count never stands still"),
        *_PROVENANCE,
    ),
    key=("source", "location_code", "plan_id", "year"),
)

REPORTS: Final = Table(
    name="reports",
    meaning="The newest reports and maps about the area: linked, never copied.",
    columns=(
        Column("source", "text", "The source that lists it"),
        Column("report_id", "text", "Its number in that source"),
        Column("title", "text", "Title, in its own language"),
        Column("publisher", "text", "Who wrote it, as the source names them"),
        Column("published_on", "date", "Day it bears"),
        Column("url", "text", "Where to read it", pattern=r"^https?://"),
        Column("language", "text", "Language codes, space between", null="Not given"),
        Column("format", "text", "Such as Situation Report or Map", null="Not given"),
        Column("countries", "text", "Countries it is about (ISO3), space between"),
        Column("content_sha256", "text", "SHA-256 of the stored list", pattern=r"^[0-9a-f]{64}$"),
    ),
    key=("source", "report_id"),
)

CONFLICT_MONTHS: Final = Table(
    name="conflict_months",
    meaning="Conflict events of a month in a place. Context: never people displaced.",
    columns=(
        Column("source", "text", "The source that carries it"),
        Column("place_code", "text", "P-code of the district or what lies above it; never finer"),
        Column(
            "event_type",
            "text",
            "Kind of event; civilian targeting is a part of political violence, never added to it",
            vocabulary=words.EVENT_TYPES,
        ),
        Column("period_start", "date", "First day of the month"),
        Column("period_end", "date", "Last day of the month"),
        Column(
            "events", "integer", "Events", unit="events", null="Not given; never zero", minimum=0
        ),
        Column(
            "fatalities",
            "integer",
            "People reported killed in them",
            unit="people",
            null="Not given; never zero",
            minimum=0,
        ),
        *_PROVENANCE,
    ),
    key=("source", "place_code", "event_type", "period_start"),
)

EARTHQUAKES: Final = Table(
    name="earthquakes",
    meaning="Earthquakes in and around the area. Context: never people displaced.",
    columns=(
        Column("source", "text", "The source that carries it"),
        Column("event_id", "text", "The publisher's name of the earthquake"),
        Column("occurred_at", "timestamp", "When it struck"),
        Column("magnitude", "number", "Magnitude on the publisher's preferred scale", minimum=0),
        Column("near_code", "text", "P-code of the district, or province, whose seat lies nearest"),
        Column(
            "distance_km",
            "integer",
            "From that seat to the epicentre, which itself is not kept",
            unit="km",
            minimum=0,
        ),
        *_PROVENANCE,
    ),
    key=("source", "event_id"),
)

BASELINE_POPULATION: Final = Table(
    name="baseline_population",
    meaning="Who lives in a place, by census or projection. Context: never under DTM's counts.",
    columns=(
        Column("source", "text", "The source that carries it"),
        Column("place_code", "text", "P-code of the district or what lies above it; never finer"),
        Column("gender", "text", "HAPI gender code; all is the total", vocabulary=words.GENDERS),
        Column("age_range", "text", "Ages, such as 5-9 or 65+; all is the total"),
        Column("period_start", "date", "First day the number speaks of"),
        Column("period_end", "date", "Last day the number speaks of"),
        Column(
            "population",
            "integer",
            "People who live there",
            unit="people",
            null="Not given; never zero",
            minimum=0,
        ),
        *_PROVENANCE,
    ),
    key=("source", "place_code", "gender", "age_range", "period_start"),
)

CONTEXT: Final = (CONFLICT_MONTHS, EARTHQUAKES, BASELINE_POPULATION)
"""What else happened, and who lives there: on no axis, in no sum and on no map of people."""

TABLES: Final = (
    FIGURES,
    PLACES,
    CROSSINGS,
    CROSSING_STATUSES,
    EVENTS,
    CAVEATS,
    SOURCES,
    FUNDING,
    REPORTS,
    *CONTEXT,
)
