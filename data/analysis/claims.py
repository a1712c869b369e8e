"""What a text says, held against what was published: one verdict for each number.

A claim is what a reader of texts understood of one number. A verdict says how the published
figures stand to it, with the figures themselves; nothing is ever made up, and no difference is
taken but between two exact figures of one kind, unit and place. Everything here is pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Literal, get_args

from data.analysis.cells import Row, caveats_of, has_caveat

Code = Literal[
    "confirmed",
    "confirmed_then",
    "rounded",
    "other_kind",
    "other_place_or_time",
    "other_source",
    "differs",
    "no_figure",
    "not_understood",
]
VERDICTS: Final[tuple[Code, ...]] = get_args(Code)
"""Every verdict, the best news first."""
WHY: Final = ("share", "money", "harm", "aid", "thing", "part", "doubtful", "topic", "change")
"""Why a number was not understood: a percentage, money, deaths, aid, things, a part by age or sex,
a number whose writing is open to doubt, one of which no word says what it counts, a change."""


@dataclass(frozen=True)
class Claim:
    """What was understood of one number of a text; None where the text does not say it.

    `start` and `end` are the number's characters in the text as given, `sentence_start` and
    `sentence_end` its sentence's. `value` is a count in `unit`, `high` the upper end of a range.
    `day_stated` tells whether the text names the day or period itself; otherwise it is taken from
    the headings or the day of publication. Of people who came back from several countries that are
    named, `asylum` is None. `sites` tells whether only those in camps and sites are
    counted. `why` is a code of `WHY` where there is no `group`.
    """

    start: int
    end: int
    raw: str
    value: int | None
    sentence_start: int = 0
    sentence_end: int = 0
    high: int | None = None
    qualifier: str = "exact"
    group: str | None = None
    unit: str = "people"
    measure: str | None = None
    place: str | None = None
    origin: str | None = None
    asylum: str | None = None
    first: date | None = None
    last: date | None = None
    since: date | None = None
    day_stated: bool = False
    publisher: str | None = None
    sites: bool = False
    strict: bool = False
    why: str = ""

    def record(self) -> dict[str, Any]:
        """As JSON writes it: days as YYYY-MM-DD."""
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in asdict(self).items()}


@dataclass(frozen=True)
class Verdict:
    """How the published figures stand to a claim.

    Attributes:
        claim: What the text says.
        code: One of `VERDICTS`.
        figures: Rows of `tables.FIGURES` that it rests on, the nearest first.
        newer: The number that took the place of the first, where one did.
        gap: The claim less the first figure; None where no difference may be taken.
        named_region: Whether the figure is of the region that the press calls by this place's name.
    """

    claim: Claim
    code: Code
    figures: tuple[Row, ...] = ()
    newer: Row | None = None
    gap: int | None = None
    named_region: bool = False


REGIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "SY07": ("X-SYR-NW", "X-SYR-IDLEB-AROUND", "X-SYR-IDLEB-WALEPPO"),
    "X-SYR-NW": ("X-SYR-IDLEB-WALEPPO", "X-SYR-ALEPPO-IDLEB"),
    "X-SYR-IDLEB-WALEPPO": ("X-SYR-NW",),
    "X-SYR-ALEPPO-IDLEB": ("X-SYR-NW",),
}
"""Regions of which publishers count, and that the press calls by the place's name. A verdict that
rests on one says so."""
ONE_COUNT: Final = (
    frozenset({"UNHCR", "PMM", "Türkiye Ministry of Interior"}),
    frozenset({"IOM", "IDMC"}),
)
"""Bodies that carry one another's count: naming the one for the other is no mistake."""
UNITED_NATIONS: Final = frozenset(
    {"OCHA", "UNHCR", "IOM", "UNICEF", "WFP", "UN News", "United Nations", "CCCM Cluster",
     "Shelter and NFI Cluster", "Logistics Cluster", "IDP Task Force", "NPM"}
)  # fmt: skip
"""Who speaks where a text says "the United Nations"."""
NEAR: Final = timedelta(days=62)
"""Counts whose day lies further off than this are not of the time that a text speaks of."""
STOCK_WITHIN: Final = timedelta(days=400)
"""The same for people present, whose newest count may be a year old."""
AFTER: Final = timedelta(0)
"""No count is of a day after the text: nobody had it to write down."""
SAME_START: Final = timedelta(days=40)
"""Two counts since a date are of one event if their first days lie no further apart."""
SHARE: Final = 0.1
"""The most that "nearly", "over" or a round number may lie off."""
TO_THE_THOUSAND: Final = 4
"""Digits from which on a number is a register's of one day, and no round figure."""
TELLING: Final = 3
"""Digits that a number must have for the number alone to name a figure, and from which on it may
have lost its rest instead of being rounded."""
MOST: Final = 3
"""Figures shown with a verdict."""
_ALIKE: Final[Mapping[str, frozenset[str]]] = {
    "NEWDISP": frozenset({"NEWDISP"}),
    "IDP_ARR": frozenset({"IDP_ARR"}),
    "RDP": frozenset({"RDP"}),
    "RET": frozenset({"RET"}),
    "REF": frozenset({"REF"}),
    "IDP": frozenset({"IDP"}),
    "IDP_DEP": frozenset({"IDP_DEP"}),
    "PIN": frozenset({"PIN"}),
}


def places_of(claim: Claim) -> tuple[str, ...]:
    """The places whose figures may answer a claim."""
    codes = [claim.place, claim.origin, claim.asylum]
    named = [code for code in codes if code and code != "ALL"]
    regions = [region for code in named for region in REGIONS.get(code, ())]
    return tuple(dict.fromkeys([*named, *regions]))


class Published:
    """Every vintage that may answer a text's claims, found by people, place or number."""

    def __init__(self, vintages: Iterable[Row]) -> None:
        self.rows: list[Row] = [row for row in vintages if _whole(row)]
        self._of: dict[tuple[str, str], list[Row]] = {}
        self._at: dict[str, list[Row]] = {}
        self._having: dict[int, list[Row]] = {}
        self._comparable: dict[tuple[object, ...], list[Row]] = {}
        for row in self.rows:
            counted = (str(row["population_group"]), str(row["unit"]))
            self._of.setdefault(counted, []).append(row)
            self._having.setdefault(int(row["value"]), []).append(row)
            for code in {row["place_code"], row["asylum_location_code"]} - {None}:
                self._at.setdefault(str(code), []).append(row)

    def comparable(self, claim: Claim) -> Sequence[Row]:
        """The rows that count the claim's people in its unit at its place.

        A report says many numbers of one people and place: the rows are looked for once.
        """
        asked = (
            *(claim.group, claim.unit, claim.measure, claim.first is None, claim.place),
            *(claim.origin, claim.asylum, names_a_figure(claim)),
        )
        if asked not in self._comparable:
            rows = self._of.get((str(claim.group), claim.unit), ())
            self._comparable[asked] = [row for row in rows if _comparable(claim, row)]
        return self._comparable[asked]

    def at(self, codes: Sequence[str]) -> Sequence[Row]:
        """The rows about any of the places; all of them where none is named."""
        if not codes:
            return self.rows
        found = {id(row): row for code in codes for row in self._at.get(code, ())}
        return list(found.values())

    def having(self, value: int) -> Sequence[Row]:
        """The rows with a number."""
        return self._having.get(value, ())


def names_a_figure(claim: Claim) -> bool:
    """Whether the claim's number alone may name a figure."""
    return claim.value is not None and significant(claim.value) >= TELLING


def judge(claim: Claim, published: Published, *, published_on: date | None = None) -> Verdict:
    """The verdict on one claim.

    Args:
        claim: What the text says.
        published: Every vintage of the figures of `places_of` the claim, and of those that have
            its number wherever they are.
        published_on: The text's day; None where it is not known: then every figure may be meant.
    """
    if claim.value is None or claim.group is None:
        return Verdict(claim, "not_understood")
    timely = [row for row in published.comparable(claim) if _timely(claim, row, published_on)]
    timely = _latest_stocks(claim, timely, published_on)
    agreeing = sorted(
        (row for row in timely if number_agrees(claim, row)), key=lambda row: _rank(claim, row)
    )
    if agreeing:
        return _confirmed(claim, agreeing, timely, published_on)
    rounding = [row for row in timely if rounds_to(row, claim.value)]
    if rounding:
        nearest = sorted(_distinct(rounding), key=lambda row: _rank(claim, row))
        return Verdict(claim, "rounded", tuple(nearest[:MOST]))
    return _unconfirmed(claim, published, timely, published_on)


def _whole(row: Row) -> bool:
    return row["value"] is not None and row["gender"] == "all" and row["age_range"] == "all"


def _comparable(claim: Claim, row: Row) -> bool:
    """Whether the row counts the same people in the same unit at the same place."""
    return (
        row["population_group"] in _ALIKE.get(claim.group or "", frozenset())
        and row["unit"] == claim.unit
        and _same_kind(claim, row)
        and _same_place(claim, row)
    )


def _same_kind(claim: Claim, row: Row) -> bool:
    if claim.measure == row["measure"] or claim.measure is None:
        return True
    # "In the latest offensive": a count of which the text gives no first day may run since one.
    return claim.measure == "flow" and claim.first is None and row["measure"] == "cumulative"


def _same_place(claim: Claim, row: Row) -> bool:
    if claim.group in ("RET", "REF"):
        asked = claim.asylum or ("ALL" if claim.group == "RET" else None)
        if asked is not None and row["asylum_location_code"] not in (asked, None):
            return False
        if claim.group == "REF" and row["origin_code"] not in ("SYR", None):
            return False
    if claim.place is None:
        # Of nowhere in particular: only a number that names its figure by itself is compared.
        return significant(claim.value or 0) >= TELLING
    place = row["place_code"]
    if claim.group == "RET" and claim.place == "SYR":
        return place == "SYR" or row["origin_code"] == "SYR"
    if claim.origin and claim.origin != claim.place and claim.group not in ("RET", "REF"):
        leaves = row["origin_code"] == claim.origin and place in (claim.place, "SYR")
        # Displaced from a place, and to no place that the text names: some count it there.
        # So is the region that the press names by it: "fled Idlib" of north-west Syria.
        there = (claim.origin, *REGIONS.get(claim.origin, ())) if claim.place == "SYR" else ()
        return leaves or (place in there and row["origin_code"] in (None, claim.origin))
    moved = row["origin_code"] not in (None, place, "SYR")
    return not moved and (place == claim.place or place in REGIONS.get(claim.place, ()))


def _timely(claim: Claim, row: Row, published_on: date | None) -> bool:
    """Whether the row's time is one that the claim may speak of."""
    as_of: date = row["as_of"]
    day = claim.last or published_on
    if claim.measure == "stock":
        if day is None:
            return True
        if claim.day_stated:
            first = claim.first or day
            return first - timedelta(31) <= as_of <= day + timedelta(31)
        return day - STOCK_WITHIN <= as_of <= day + AFTER
    if row["measure"] == "flow":
        if claim.first and claim.last:
            return abs(row["reference_period_start"] - claim.first) <= timedelta(3) and (
                abs(row["reference_period_end"] - claim.last) <= timedelta(3)
            )
        return day is None or day - NEAR <= as_of <= day + AFTER
    started: date | None = row["cumulative_since"]
    if claim.since and (started is None or abs(started - claim.since) > SAME_START):
        return False
    if day is None:
        return True
    if claim.measure == "cumulative" and claim.day_stated:
        return abs(as_of - day) <= timedelta(10)
    return day - NEAR <= as_of <= day + AFTER


FRESH: Final = timedelta(days=120)
"""Within which a count of people present is the one that a text of that day would tell."""


def _latest_stocks(claim: Claim, timely: list[Row], published_on: date | None) -> list[Row]:
    """Of people present on the text's day: the counts of those months, older ones only for lack."""
    day = claim.last or published_on
    if claim.measure != "stock" or day is None:
        return timely
    fresh = [row for row in timely if row["as_of"] >= day - FRESH]
    return fresh or timely


def number_agrees(claim: Claim, row: Row) -> bool:
    """Whether the row's number is the claim's, as far as the claim's wording goes."""
    value = int(row["value"])
    if claim.value is None:
        return False
    if claim.high is not None and claim.value <= value <= claim.high:
        return True
    return value == claim.value or within_wording(claim.value, claim.qualifier, value)


def rounds_to(row: Row, value: int) -> bool:
    """Whether the row was published in round figures ("nearly 3.6 million") that cover a number."""
    if row["qualifier"] in ("exact", None) or _partial(row):
        return False
    return within_wording(int(row["value"]), str(row["qualifier"]), value)


def within_wording(stated: int, qualifier: str, value: int) -> bool:
    """Whether a number may be written as `stated`, so worded: 948,000 as "nearly a million"."""
    most = SHARE * stated
    if abs(value - stated) > most:
        return False
    grain = _grain(stated)
    spoken = qualifier == "rounded" and significant(stated) >= TELLING
    if spoken and 0 <= value - stated < grain:
        return True  # "3 million 535 thousand" of 3,535,898: the rest is left out
    step = min(grain, most)
    if qualifier == "over":
        return stated < value < stated + step
    if qualifier in ("nearly", "up to"):
        return stated - step < value < stated
    if grain < 100 and qualifier in ("exact", "rounded"):
        return False
    return abs(value - stated) <= min(grain / 2, most)


def _grain(value: int) -> int:
    """The power of ten of the last digit that is not zero."""
    digits = str(value)
    return int(10 ** (len(digits) - len(digits.rstrip("0")))) if value else 1


def significant(value: int) -> int:
    """How many digits a number has without the zeros at its end."""
    return len(str(value).rstrip("0"))


def _rank(claim: Claim, row: Row) -> tuple[Any, ...]:
    """The nearest first: whoever is named, the exact number, the exact place, the newest day."""
    day = claim.last
    off = abs((row["as_of"] - day).days) if day else -row["as_of"].toordinal()
    named = claim.publisher is not None and not _is_from(claim.publisher, row["publisher"])
    began = row["cumulative_since"]
    return (
        named,
        row["place_code"] != claim.place,
        int(row["value"]) != claim.value,
        abs((began - claim.since).days) if began and claim.since else 0,
        has_caveat(row, "secondary_source"),
        off,
        str(row["figure_id"]),
    )


def _is_from(named: str, publisher: str) -> bool:
    if named == publisher:
        return True
    if named == "United Nations":
        return publisher in UNITED_NATIONS
    return any(named in bodies and publisher in bodies for bodies in ONE_COUNT)


def _confirmed(
    claim: Claim,
    agreeing: Sequence[Row],
    timely: Sequence[Row],
    published_on: date | None,
) -> Verdict:
    best = agreeing[0]
    shown = tuple(_distinct(agreeing))[:MOST]
    region = best["place_code"] not in (claim.place, claim.origin) and any(
        best["place_code"] in REGIONS.get(code or "", ()) for code in (claim.place, claim.origin)
    )
    newer = _overtaken(claim, best, timely, published_on)
    if claim.publisher and not _is_from(claim.publisher, str(best["publisher"])):
        return Verdict(claim, "other_source", shown, newer, named_region=region)
    if newer is not None:
        return Verdict(claim, "confirmed_then", shown, newer, named_region=region)
    same = int(best["value"]) == claim.value
    return Verdict(claim, "confirmed" if same else "rounded", shown, named_region=region)


def _overtaken(
    claim: Claim,
    best: Row,
    timely: Sequence[Row],
    published_on: date | None,
) -> Row | None:
    """The number that took the place of the one that agrees: a revision, or a later count.

    A later count overtakes only what the text tells without a day of its own, and it must not
    agree with the text as well.
    """
    revised = [
        row
        for row in timely
        if row["figure_id"] == best["figure_id"] and row["known_from"] > best["known_from"]
    ]
    if revised:
        last = max(revised, key=lambda row: (row["known_from"], row["retrieved_at"]))
        return None if number_agrees(claim, last) else last
    if claim.day_stated:
        return None
    later = [
        row
        for row in timely
        if row["as_of"] > best["as_of"]
        and row["measure"] == best["measure"]
        and row["place_code"] == best["place_code"]
        and (row["publisher"] == best["publisher"] or _is_from(row["publisher"], best["publisher"]))
        and row["dataset"] == best["dataset"]
        and _may_overtake(row, best)
        and (published_on is None or row["as_of"] <= published_on)
        and not number_agrees(claim, row)
    ]
    return max(later, key=lambda row: (row["as_of"], row["known_from"]), default=None)


def _may_overtake(row: Row, best: Row) -> bool:
    if best["measure"] == "flow":
        return False  # another month is another figure
    return bool(row["cumulative_since"] == best["cumulative_since"])


def _unconfirmed(
    claim: Claim, published: Published, timely: Sequence[Row], published_on: date | None
) -> Verdict:
    value = claim.value or 0
    telling = significant(value) >= TELLING
    of_any_kind = replace(claim, measure=None)
    kinds = [
        row
        for row in published.at(places_of(claim))
        if (int(row["value"]) == value or (telling and number_agrees(claim, row)))
        and _known(row, published_on)
        and not _comparable(claim, row)
        and _timely(of_any_kind, row, published_on)
        and _other_kind(claim, row)
    ]
    if kinds and (telling or not timely):
        best = sorted(_distinct(kinds), key=lambda row: _rank(claim, row))
        return Verdict(claim, "other_kind", tuple(best[:MOST]))
    elsewhere = [
        row
        for row in published.having(value)
        if telling and row["population_group"] == claim.group and _known(row, published_on)
    ]
    if elsewhere:
        best = sorted(_distinct(elsewhere), key=lambda row: _rank(claim, row))
        return Verdict(claim, "other_place_or_time", tuple(best[:MOST]))
    here = [
        row for row in timely if claim.asylum or row["place_code"] in (claim.place, claim.origin)
    ]
    against = [row for row in here if _contradicts(claim, row, published_on)]
    if claim.place and any(not _partial(row) for row in against):
        return _differs(claim, against)
    # A region's number is no measure of one governorate, a part none of its whole: they are shown
    # without a verdict.
    beside = sorted(_distinct(timely), key=lambda row: _rank(claim, row))[:MOST]
    return Verdict(claim, "no_figure", tuple(beside) if claim.place else (), named_region=True)


def _known(row: Row, published_on: date | None) -> bool:
    """Whether whoever wrote the text could have read the row."""
    undated = has_caveat(row, "publication_date_unknown")
    return published_on is None or undated or bool(row["known_from"] <= published_on)


def _other_kind(claim: Claim, row: Row) -> bool:
    return (
        row["population_group"] != claim.group
        or row["unit"] != claim.unit
        or row["measure"] != claim.measure
    )


WIDE: Final = 3
"""A number so many times as large or as small is another count, unless it is the
same but for its zeros: a part, or of others."""
GROWS_IN: Final = timedelta(days=3)
"""Within which a count since a day is still the one that a text of that day tells."""
SAME_MONTH: Final = timedelta(days=31)
"""Within which round figures of people present are of the same count."""


def _contradicts(claim: Claim, row: Row, published_on: date | None) -> bool:
    """Whether a comparable row may be held against the claim.

    Not a part against its whole, one body's count against another's, what was counted after the
    text, nor what grew since; and nothing against "over" a number that is smaller.
    """
    value, held = claim.value or 0, int(row["value"])
    if claim.measure != "stock" and None in (claim.first, claim.last):
        return False  # "refugees have returned": within no time that the text tells
    if published_on is not None and row["as_of"] > published_on:
        return False
    if claim.qualifier == ("over" if held > value else "up to"):
        return False
    if claim.publisher and not _is_from(claim.publisher, str(row["publisher"])):
        return False
    if claim.sites and row["category"] != "sites":
        return False
    within = claim.origin is not None and claim.origin == claim.place
    if within and row["origin_code"] != claim.origin:
        return False  # who moved within a place, against all who came to it
    if claim.group == "RET" and claim.asylum is None:
        return False  # of several countries of asylum together
    if claim.asylum not in (None, "ALL") and row["asylum_location_code"] != claim.asylum:
        return False  # of one country of asylum, against a count of all
    zeros = claim.strict and str(value).strip("0") == str(held).strip("0")
    if not (zeros or held <= WIDE * value <= WIDE * WIDE * held):
        return False
    if claim.measure == "stock" and _of_another_day(claim, row):
        return False
    if claim.measure == "cumulative" and claim.last and value > held:
        return bool(row["as_of"] >= claim.last - GROWS_IN)  # a later count since a day is larger
    return True


def _of_another_day(claim: Claim, row: Row) -> bool:
    """Whether people present were counted months away, or nearly as many on another day.

    A register changes from day to day: only a number that is far off contradicts it, or one in
    round figures of the same month.
    """
    if claim.last is None:
        return False
    apart = abs(claim.last - row["as_of"])
    near = abs(int(row["value"]) - (claim.value or 0)) <= SHARE * int(row["value"])
    exact = significant(claim.value or 0) >= TO_THE_THOUSAND
    if near:
        return apart > (timedelta(0) if exact else SAME_MONTH)
    return apart > (SAME_MONTH if exact else NEAR)


PARTIAL: Final = frozenset(
    {"subset", "sites_only", "all_origins", "net_of_returns", "partial_coverage"}
)
"""Caveats of figures that are no count of the whole that a text speaks of."""


def _partial(row: Row) -> bool:
    """Whether a figure is no count of the whole that a text speaks of."""
    return not PARTIAL.isdisjoint(caveats_of(row))


def _differs(claim: Claim, timely: Sequence[Row]) -> Verdict:
    """The nearest comparable figures: of whoever is named, in time, then in size."""
    day, value = claim.last, claim.value or 0

    def distance(row: Row) -> tuple[Any, ...]:
        named = claim.publisher is not None and not _is_from(claim.publisher, row["publisher"])
        off = abs((row["as_of"] - day).days) if day else 0
        gap = abs(int(row["value"]) - value)
        return named, _partial(row), gap > value, off, gap

    nearest = sorted(_distinct(timely), key=distance)[:MOST]
    best = nearest[0]
    exact = (
        claim.qualifier == "exact"
        and best["qualifier"] == "exact"
        and best["place_code"] == claim.place
        and best["measure"] == claim.measure
    )
    gap = value - int(best["value"]) if exact else None
    return Verdict(claim, "differs", tuple(nearest), gap=gap)


def _distinct(rows: Iterable[Row]) -> Iterable[Row]:
    """Each figure once, in the vintage that comes first; one count carried twice is shown once."""
    seen: set[Any] = set()
    for row in rows:
        body = next((min(b) for b in ONE_COUNT if row["publisher"] in b), row["publisher"])
        count = (body, row["value"], row["as_of"], row["place_code"], row["unit"])
        if row["figure_id"] in seen or count in seen:
            continue
        seen |= {row["figure_id"], count}
        yield row
