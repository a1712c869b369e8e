"""What the headings of an IOM DTM workbook mean: places, groups of people, location, month.

Every round, and every country of DTM, words its columns anew. A column counts a whole group only
where every word of its heading is known: "Urban IDPs", "IDPs between 2015 and 2018" and "not yet
returned individuals" each have one word more, and are parts or something else. Pure.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import permutations
from typing import Any, Final

from pipelines.publishers import cells, hdx
from pipelines.publishers.syrian_places import ANY_LEVEL, LOCATION
from pipelines.publishers.workbook import Sheet

HEADING_ROWS: Final = 40
"""Rows from the top among which a heading is looked for."""
HEADING_DEPTH: Final = 3
TO_ORIGIN: Final = "to_origin"
ELSEWHERE: Final = "elsewhere"
RESIDENTS: Final = "residents"
RETURNEES: Final = "returnees"
"""Stands for returnees whom the heading does not call internal or from abroad."""

_MONTH_NAME: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_MONTH: Final = re.compile(
    rf"(?:\b(?:as of|end of) )?\b(?:[0-3]?\d )?{_MONTH_NAME}\b(?: [0-3]?\d\b(?! ?\d))?"
    r"(?: 20\d\d\b)?|\b20\d\d (?:0[1-9]|1[0-2])(?: [0-3]\d)?\b"
)
_SINCE: Final = re.compile(
    rf"\b(since|from|after|starting) (?:[0-3]?\d )?({_MONTH_NAME}) (?:[0-3]?\d )?(20\d\d)\b"
)
_ORIGIN_WORDS: Final = r"(?:places?|areas?|locations?|communit(?:y|ies)|villages?|homes?)"
_TO: Final = r"(?:(?:to|in|at) )?(?:their |the )?(?:own )?"
_OF_ORIGIN: Final = rf"{_ORIGIN_WORDS} of (?:their )?origin"
_OUTSIDE: Final = r"(?:outside|not (?:to|in|at)|other than)(?: of)?(?: their| the)?(?: own)?"
_OTHER: Final = r"(?:(?:to|in|at) )?(?:an ?other|a different|other|different)"
_PHRASES: Final = (
    (ELSEWHERE, rf"(?:{_TO}{_ORIGIN_WORDS} )?{_OUTSIDE} {_OF_ORIGIN}"),
    (ELSEWHERE, rf"{_OTHER} {_ORIGIN_WORDS}(?: than(?: their| the)? {_OF_ORIGIN})?"),
    (ELSEWHERE, r"elsewhere"),
    (TO_ORIGIN, rf"{_TO}{_OF_ORIGIN}"),
    # Not "in the community" or "in the site": beside camps and communities these are parts.
    (
        "here",
        (
            r"(?:living |residing |staying )?(?:in|at) (?:(?:the|this|each) (?:assessed )?"
            r"(?:locations?|area)|location)(?! of)"
        ),
    ),
    ("abroad", r"(?:from )?(?:abroad|outside(?: of)? (?:syria|the country))"),
    ("abroad", r"(?:from )?(?:other|neighbou?ring|third|host) countries"),
    ("abroad", r"cross border|refugees?"),
    ("internal", r"(?:from )?(?:with)?in(?:side)? (?:of )?(?:syria|the country)"),
    ("internal", r"from syria|from within|from internal displacement"),
    ("idp", r"internally displaced(?: persons?| people| population)?|idps?"),
    ("idp", r"displaced(?: persons?| people| population)?"),
    ("internal", r"internal(?:ly)?"),
    ("returned", r"returnees?|returned|ret|rdp"),
    ("arrived", r"arrivals?|arrived"),
    (RESIDENTS, r"(?:new )?residents?(?: population)?"),
    ("population", r"population|pop"),
    ("families", r"hhs?|house ?holds?|famil(?:y|ies)"),
    ("people", r"inds?|indivs?|individuals?|persons?|people"),
    ("total", r"grand total|over ?all|total|all"),
)
"""What a phrase of a heading says of whom a column counts; the longer before the shorter."""
_FILLER: Final = frozenset(
    {
        *("number", "no", "num", "nb", "nr", "n", "of", "the", "their", "to", "in", "a", "and"),
        *("estimated", "estimate", "baseline", "current", "currently", "present", "count"),
        *("counts", "figure", "figures", "sum", "round", "dtm", "mmt", "s"),
        *("est", "stock", "stocks", "assessment"),
    }
)
"""Words of a heading that say nothing of whom a column counts."""
_GROUPS: Final = (
    *(r"(?:idps?|displaced)", r"(?:returnees?|returned)", r"(?:arrivals?|arrived)"),
    *(r"(?:residents?|population)", r"refugees?"),
)
_TOGETHER: Final = re.compile(
    "|".join(
        rf"\b{one}\b(?: \w+){{0,3}} (?:and|or) (?:\w+ ){{0,3}}{other}\b"
        for one, other in permutations(_GROUPS, 2)
    )
)
"""Two groups in one number, such as IDPs and returnees: neither of them."""
_JOINING: Final = re.compile(r"\s*[+&]\s*|(?<=[^\W\d_])\s*/\s*(?=[^\W\d_])")
_PATTERNS: Final = tuple((tag, re.compile(rf"\b(?:{phrase})\b")) for tag, phrase in _PHRASES)
_LEVELS: Final = (
    (3, re.compile(r"\b(sub ?districts?|adm(in)? ?3|nah(i|iy|y|iye)a)\b")),
    (2, re.compile(r"\b(districts?|adm(in)? ?2|manti[kq]a)\b")),
    (1, re.compile(r"\b(governorates?|govern?|gov|adm(in)? ?1|mohafa[zd]ah?|muhafa[zd]ah?)\b")),
    (
        LOCATION,
        re.compile(
            r"\b(communit(y|ies)|locations?|villages?|neighbou?rhoods?|towns?|sites?|camps?"
            r"|adm(in)? ?4|settlements?|quarters?)\b"
        ),
    ),
    (0, re.compile(r"\b(country|adm(in)? ?0)\b")),
)
_CODE: Final = re.compile(r"\b(p ?codes?|codes?|pcod)\b")
_KIND: Final = re.compile(
    r"\b(types?|class|kind) (of )?(the )?(locations?|places?|settlements?|communit(y|ies)|sites?)\b"
    r"|\b(locations?|places?|settlements?|communit(y|ies)|sites?) (s )?(types?|class|kind)\b"
)
_NO_PLACE: Final = re.compile(
    r"\b(type|class|lat\w*|lon\w*|origin|previous|categor\w*|number|no of|covered|assessed|date"
    r"|status|remarks?|yes|percent|from|departures?|departed|last)\b"
)
_OF_PEOPLE: Final = re.compile(
    r"\b(idps?|displaced|returnees?|returned|arrivals?|arrived|residents?|population|hosts?"
    r"|individuals|households|families)\b"
)
_ARABIC: Final = re.compile(r"[\u0600-\u06ff]|\b(ar|arabic)\b")
_ROUND: Final = re.compile(r"\bround\s*(?:no|number|#)?\s*(\d{1,3})\b|\br ?(\d{1,2})\b")
_OF_A_ROUND: Final = re.compile(
    r"(?:(?:reporting|assessment|dtm|mmt|data) )?(?:round|month|period)(?: (?:no|number|name))?"
)
_LABELLED: Final = re.compile(
    r"^(?:data collection|collection|assessment|assessed|reporting|reference|coverage|field ?work)"
    r"(?: period| month| date| dates)?$"
    r"|^(?:month|period|reporting month|data as of|as of|situation as of|round|date of data)$"
)
_NEVER_A_MONTH: Final = re.compile(
    r"\b(since|publi\w*|issued?|updat\w*|creat\w*|modif\w*|uploaded|release\w*|from (?!abroad)"
    r"|until|following|after|before|next|previous|last)\b"
)
_COMPARES: Final = re.compile(r"\b(compar\w*|than|versus|vs|chang\w*|differen\w*)\b")
_FLOW: Final = re.compile(r"\b(flows?|movements?)\b")
KINDS: Final = {
    "camp": "camp", "camps": "camp", "idp camp": "camp",
    "community": "community", "village": "community", "town": "community",
    "neighborhood": "neighbourhood", "neighbourhood": "neighbourhood", "quarter": "neighbourhood",
}  # fmt: skip
"""What a round calls a location, to the category that its people are kept under."""


@dataclass(frozen=True, order=True)
class Counted:
    """Whom a column counts.

    Attributes:
        group: Code of `POPULATION_GROUPS`, or `RETURNEES`.
        unit: `people` or `families`.
        part: Category of a part of the group; empty for the whole.
        wording: How the heading says it, where that decides between two: `returned` or `arrived`.
    """

    group: str
    unit: str
    part: str = ""
    wording: str = ""


@dataclass(frozen=True)
class Heading:
    """What the columns of a sheet seem to hold, by their headings alone.

    Attributes:
        bottom: Last row of the heading, from 0; HXL tags below it are part of it.
        places: (level, "code" or "name") to column.
        counts: Whom a column may count, to the columns that may.
        kind: Column of the kind of location; None where there is none.
        rounds: Columns of the round's number or month, which all rows say alike.
        printed: Column to its heading, as printed.
        strangers: Columns whose heading is not understood.
    """

    bottom: int
    places: Mapping[tuple[int, str], int]
    counts: Mapping[Counted, tuple[int, ...]]
    kind: int | None
    rounds: tuple[int, ...]
    printed: Mapping[int, str]
    strangers: tuple[int, ...]

    @property
    def understood(self) -> int:
        """How many meanings columns have."""
        return len(self.places) + 2 * len(self.counts)


def find_heading(sheet: Sheet) -> Heading | None:
    """The rows whose texts name most columns; None where none name a place."""
    best: Heading | None = None
    for top in range(min(HEADING_ROWS, len(sheet.rows))):
        for bottom in range(top, min(top + HEADING_DEPTH, len(sheet.rows))):
            block = [row for row in sheet.rows[top : bottom + 1] if not hdx.is_tags(row)]
            if not block or any(isinstance(cell, int | float) for row in block for cell in row):
                break
            found = _understood(block, bottom)
            if found.places and (best is None or found.understood > best.understood):
                best = found
    if best is None:
        return None
    below = best.bottom + 1
    while below < len(sheet.rows) and hdx.is_tags(sheet.rows[below]):
        below += 1
    return Heading(
        below - 1,
        best.places,
        best.counts,
        best.kind,
        best.rounds,
        best.printed,
        best.strangers,
    )


def _understood(block: Sequence[Sequence[Any]], bottom: int) -> Heading:
    """The columns of a heading that may run over several rows."""
    where: dict[tuple[int, str], int] = {}
    counts: dict[Counted, tuple[int, ...]] = {}
    printed: dict[int, str] = {}
    strangers: list[int] = []
    kind = None
    rounds: list[int] = []
    for column in range(max(map(len, block))):
        texts = (cells.text(row[column]) for row in block if column < len(row))
        heading = " ".join(dict.fromkeys(text for text in texts if text))
        text = worded(heading)
        if not text:
            continue
        printed[column] = heading
        if _OF_A_ROUND.fullmatch(text):
            rounds.append(column)
        elif (counted := count_role(text)) is not None:
            counts[counted] = (*counts.get(counted, ()), column)
        elif _KIND.search(text):
            kind = column if kind is None else kind
        elif (place := place_role(text)) is not None:
            where.setdefault(place, column)
        else:
            strangers.append(column)
    return Heading(bottom, where, counts, kind, tuple(rounds), printed, tuple(strangers))


def worded(printed: str) -> str:
    """A heading in lower case, as `cells.heading`, with a word for the signs that join two."""
    return cells.heading(_JOINING.sub(" and ", printed))


def titles(sheet: Sheet, heading: Heading) -> list[str]:
    """What is said of a whole table: the sheet's name, and rows above it of one text."""
    found = [sheet.name]
    for row in sheet.rows[: heading.bottom]:
        texts = {text for cell in row if (text := cells.text(cell))}
        if len(texts) == 1:
            found.append(texts.pop())
    return found


@cache
def place_role(text: str) -> tuple[int, str] | None:
    """Level of the place that a column names, and whether by code or name; None where it is none.

    Args:
        text: A heading as `cells.heading` gives it.
    """
    if _OF_PEOPLE.search(text) or _NO_PLACE.search(text):
        return None
    coded = bool(_CODE.search(text))
    if _ARABIC.search(text) and not coded:
        return None
    for level, named in _LEVELS:
        if named.search(text):
            return level, "code" if coded else "name"
    return (ANY_LEVEL, "code") if re.fullmatch(r"p ?codes?", text) else None


@cache
def count_role(text: str) -> Counted | None:
    """Whom a column with the heading counts; None where a word of it is not known.

    Args:
        text: A heading as `cells.heading` gives it.
    """
    since = _SINCE.search(text)
    if since and (cells.month(since[2]), since[3]) != ((None, 1), "2024"):
        return None  # people who came since another day are a part of them
    rest = _SINCE.sub(" ", text)
    if len(_MONTH.findall(rest)) > 1 or _TOGETHER.search(rest):
        return None
    rest = _ROUND.sub(" ", _MONTH.sub(" ", rest))
    tags = set()
    for tag, pattern in _PATTERNS:
        rest, times = pattern.subn(" ; ", rest)
        if times:
            tags.add(tag)
    if any(word not in _FILLER for word in rest.replace(";", " ").split()):
        return None
    return _role(tags, since=since is not None)


def since_another_day(text: str) -> bool:
    """Whether a column counts those of a group who came since a day of their own.

    They are among the others, and no part beside them.
    """
    return (
        bool(_SINCE.search(text))
        and count_role(text) is None
        and count_role(" ".join(_SINCE.sub(" ", text).split())) is not None
    )


def _role(tags: set[str], *, since: bool) -> Counted | None:
    if {"families", "people"} <= tags or {TO_ORIGIN, ELSEWHERE} <= tags:
        return None
    unit = "families" if "families" in tags else "people"
    whom = tags - {"families", "people", "total", "here"}
    part = next((p for p in (TO_ORIGIN, ELSEWHERE) if p in tags), "")
    came = "arrived" if "arrived" in tags else "returned" if "returned" in tags else ""
    inside = bool(tags & {"idp", "internal"})
    if RESIDENTS in whom:
        return Counted("POP", unit, RESIDENTS) if whom <= {RESIDENTS, "population"} else None
    if whom == {"population"}:
        return Counted("POP", unit)
    if "abroad" in whom:
        return Counted("RET", unit, part, came) if came and not inside else None
    if part:
        return None
    if came == "arrived":
        return None if inside or "returned" in tags else Counted("RET", unit, "", "weakly")
    if came == "returned":
        if inside:
            return Counted("RDP", unit)
        return None if "total" in tags else Counted(RETURNEES, unit)
    return Counted("IDP", unit) if "idp" in whom and not since else None


def counts_moves(heading: Heading) -> bool:
    """Whether a column counts moves within a period, as OCHA's workbooks do."""
    return any(_FLOW.search(cells.heading(heading.printed[c])) for c in heading.strangers)


def round_in(text: str) -> int | None:
    """The one number of a round that a name or a short text says."""
    found = {int(a or b) for a, b in _ROUND.findall(cells.heading(cells.digits(text)))}
    return found.pop() if len(found) == 1 else None


def round_of_title(text: str) -> int | None:
    """The one number of a round that a title or a sheet's name says; None for a sentence."""
    plain = cells.heading(cells.digits(text))
    if len(plain.split()) > SHORT_TITLE or text.rstrip().endswith("."):
        return None
    return None if _NEVER_A_MONTH.search(plain) or _COMPARES.search(plain) else round_in(text)


def month_in_heading(printed: str) -> tuple[int | None, int] | None:
    """The month of a count's heading, such as IDPs (December); never that of its "since"."""
    bare = _SINCE.sub(" ", cells.heading(printed))
    return None if _NEVER_A_MONTH.search(bare) else cells.month(bare)


def month_on_cover(value: Any) -> tuple[int | None, int] | None:
    """The month of a cell that says it as a label does; None for a sentence.

    Such as "October 2025", "Data collection: November 2025", "Round 4, May 2025". A background
    sentence names days of its own, and a day of publication is not the round's.
    """
    if isinstance(value, date):
        return None  # a date alone does not say of what
    text = cells.heading(cells.digits(str(value)))
    if len(text) > LONGEST_LABEL or _NEVER_A_MONTH.search(text):
        return None
    found = cells.month(text)
    if found is None or found[0] is None:
        return None
    rest = " ".join(_MONTH.sub(" ", text).replace(str(found[0]), " ").split())
    short = len(rest.split()) <= SHORT_TITLE and not str(value).rstrip().endswith(".")
    label = re.sub(r"(?: (?:from|to|until|and|[0-3]?\d))+$", "", rest)  # 5 to 28 of a month
    if not rest or _LABELLED.match(label) or (short and _ROUND.search(text)):
        return found
    # A place and a month, as on a cover: no more than two words.
    return found if len(rest.split()) <= 2 and not str(value).rstrip().endswith(".") else None


def cover_texts(rows: Sequence[Sequence[Any]]) -> list[str]:
    """The texts of a sheet's first rows that may say its month.

    A month beside or below a label such as "Published on" is of that, and left out.
    """
    found = []
    for at, row in enumerate(rows):
        beside = ""
        for column, cell in enumerate(row):
            if not isinstance(cell, str) or not cell:
                continue
            above = rows[at - 1][column] if at and column < len(rows[at - 1]) else ""
            if not any(map(_labels_another_day, (beside, above))):
                found.append(cell)
            beside = cell
    return found


def _labels_another_day(label: Any) -> bool:
    if not isinstance(label, str) or not label or len(label) > LONGEST_LABEL:
        return False
    text = cells.heading(label)
    return bool(_NEVER_A_MONTH.search(text)) and cells.month(text) is None


LONGEST_LABEL: Final = 120
SHORT_TITLE: Final = 14
"""Words that a title with a round's number may have beside it."""


def all_of(values: Iterable[tuple[int | None, int] | None]) -> set[tuple[int | None, int]]:
    """The months named, each once; one without a year is the same as one with it."""
    given = {value for value in values if value is not None}
    return {v for v in given if v[0] is not None or not any(o[1] == v[1] and o[0] for o in given)}
