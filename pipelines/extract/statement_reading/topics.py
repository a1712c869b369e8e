"""What a number counts: the noun beside it and the verb that governs it. Pure."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from pipelines.extract import doubt

Noun = Literal["moves", "returns", "people", "returnees", "refugees", "families", "arrivals",
               "departures"]  # fmt: skip
Series = Literal["moves", "returns"]
SERIES: Final[tuple[tuple[re.Pattern[str], Series], ...]] = (
    (
        re.compile(
            r"\bspontaneous[ \n](?:idp[ \n])?returns?\b|(?:al)?تلقاي|تلقائي|kendiliğinden", re.I
        ),
        "returns",
    ),
    (
        re.compile(r"\bidp[ \n]movements?\b|حركات النزوح|yerinden edilme hareket", re.I),
        "moves",
    ),
)
"""What a title calls OCHA's monthly series, in each language."""

_ADJECTIVE: Final = (
    r"(?:new|newly|newly-displaced|displaced|internally|internally-displaced|syrian|spontaneous"
    r"|idp|refugee|unhcr-registered|individual|civilian|population|registered|return|returnee|displacement|recorded"
    r"|vulnerable|voluntary)"
)
_NOUN: Final = (
    r"(?P<noun>movements?|displacements?|returns|srs|sr[ \n]arrivals|returnees?"
    r"|people|persons|individuals|civilians"
    r"|idps|idp|syrians|nationals|residents|refugees|families|households|arrivals|departures)"
)
_PHRASE: Final = (
    rf"(?P<adj>(?:{_ADJECTIVE}[ \n]{{1,3}}){{0,4}}){_NOUN}\b(?!-|[ \n](?:sites?|camps?)\b)"
)
_FOLLOWING: Final = re.compile(rf"[ \n]{{0,3}}{_PHRASE}", re.IGNORECASE)
_SUBJECT: Final = re.compile(
    rf"(?:the[ \n])?(?:(?:total|overall)[ \n])?(?:numbers?[ \n]of[ \n])?{_PHRASE}", re.IGNORECASE
)
_WHERE: Final = re.compile(
    r"[ \n](?:(?:tracked|recorded)[ \n])?(?:in|into|to|within|across)[ \n][^,;:]{1,80}",
    re.IGNORECASE,
)
_BARE: Final = re.compile(
    r"[ \n]{1,3}(?:newly[ \n]|internally[ \n])?displaced\b(?![ \n-]\w+s\b)", re.IGNORECASE
)
_PRECEDING: Final = re.compile(
    rf"\b(?:numbers?|total|figure|highest|lowest)[ \n](?:of[ \n])?(?:the[ \n])?{_PHRASE}",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    rf"\b{_PHRASE}[^.;]{{0,60}}:[ \n]{{0,3}}(?:[a-z]+[ \n]){{0,2}}$", re.IGNORECASE
)
_ELLIPSIS: Final = re.compile(
    r"[ \n]{0,3}(?:[,.;:)]|$)|[ \n]{1,3}(?:from|to|in|within|into|across|were|was|had|have|has|are"
    r"|being|arriving|arrived|came|come|coming|displaced|returned|returning|fled|moved|moving"
    r"|of[ \n](?:them|these|whom|which|those)|and|or|who|as[ \n]of|by|during|between|since|took"
    r"|occurred|originat\w+"
    r"|respectively|left|departed)\b"
)
_RETURN: Final = re.compile(
    r"\b(?:return(?:ed|s|ing|ees?)?|gone[ \n]back|went[ \n](?:back|home)|crossed[ \n]back)\b"
)
_DISPLACE: Final = re.compile(
    r"\b(?:displac(?:ed|ement|ements|ing)|fled|flee(?:ing)?|uprooted|moved|moving|movements?"
    r"|newly[ \n]displaced)\b"
)
_ARRIVE: Final = re.compile(r"\b(?:arriv(?:ed|als?|ing)|received?|receiving|came|coming)\b")
_DEPART: Final = re.compile(r"\b(?:departed|departures?|left|leaving|moved[ \n]out)\b")
LEFT_SITES: Final = re.compile(
    r"\b(?:departed|left)[ \n](?:from[ \n])?(?:the[ \n])?(?:(?:idp|displacement)[ \n])?"
    r"(?:camps|sites)\b.{0,80}\breturn",
    re.DOTALL,
)
"""Counted as they left; where they went to is stated beside it."""
_REMAIN: Final = re.compile(
    r"\b(?:remain(?:s|ed|ing)?|still|continue[sd]?[ \n]to[ \n]be)\b"
    r"(?=[ \n](?:\w+[ \n]){0,2}(?:displaced|in[ \n]displacement|idps|internally))"
)
_REMAIN_IN_ALL: Final = re.compile(
    r"\b(?:remain(?:s|ed|ing)?|still|continue[sd]?[ \n]to[ \n]be|(?:that|who)[ \n]are)"
    r"[ \n]internally[ \n]displaced\b"
)
"""Words for a whole country's stock; "remain displaced" is used for those newly displaced."""
_ARE_DISPLACED: Final = re.compile(
    r"^(?!.*\b(?:been|be|were|was|had|have|has)\b)(?:[^.;]|\.(?=\d))*"
    r"\b(?:people|persons|individuals)"
    r"(?:[ \n]are)?[ \n]internally[ \n]displaced\b",
    re.DOTALL,
)
"""A key figure: "6.2 million people internally displaced", or who "are internally displaced"."""
_REMAIN_AT: Final = re.compile(r"\b(?:remain(?:s|ed)?|still)[ \n](?:in|across|within)\b")
_STOCK: Final = re.compile(
    r"\b(?:liv(?:e|es|ed|ing)|resid(?:e|es|ed|ing)|host(?:s|ed|ing)?|shelter(?:s|ed|ing)?"
    r"|there[ \n](?:are|were)|home[ \n]to|st(?:ands?|ood)[ \n]at|number[ \n]of[ \n](?:idps"
    r"|internally|displaced)|total(?:s|led)?|accommodat\w+|stay(?:s|ed|ing)?|staying)\b"
)
_REGISTERED: Final = re.compile(
    r"\b(?:registered|temporary[ \n]protection|host(?:s|ed|ing)?|liv(?:e|es|ed|ing)|resid\w+"
    r"|there[ \n](?:are|were)|remain(?:s|ed)?|home[ \n]to|st(?:ands?|ood)[ \n]at|total(?:s|led)?)\b"
)
_COUNTED: Final = re.compile(
    r"\b(?:tracked|recorded|registered|reported|observed|verified|took[ \n]place|occurred|monitored"
    r"|highest|lowest|largest|accounted|saw|witnessed|took|originat\w+|within|from)\b"
)
_SITES: Final = re.compile(
    r"\b(?:camps?|sites?|(?:collective|reception)[ \n](?:shelters?|cent(?:re|er)s?))\b"
)
_OUTSIDE: Final = re.compile(r"\b(?:host[ \n]communit|outside|houses|rented|relatives|out[ \n]of)")
_ABROAD: Final = re.compile(
    r"\b(?:from[ \n](?:abroad|neighbou?ring[ \n]countries)|to[ \n]syria|into[ \n]syria"
    r"|refugee|refugees|back[ \n](?:in)?to[ \n]syria)\b"
)
FROM_ABROAD: Final = re.compile(
    r"\bfrom[ \n](?:abroad|neighbou?ring[ \n]countries|outside[ \n](?:the[ \n]country|syria))\b"
)
"""Who arrives from there comes back, and was not displaced within the country."""
_INSIDE: Final = re.compile(r"\b(?:idps?|internally|spontaneous|displaced)\b")
_STAYS: Final = re.compile(
    r"\b(?:staying|living|residing|sheltering|(?:are|were|is|being)[ \n]hosted|accommodated)\b"
)
_AGAIN: Final = re.compile(
    r"\b(?:again|re-displaced|redisplaced|secondary|multiple[ \n]times|once[ \n]more|twice)\b"
)


_DEMOGRAPHIC: Final = re.compile(
    r"\b(?:children|women|girls|boys|men|elderly|adults|disabilit\w+|minors|infants)\b"
)


IN_NEED: Final = "people in need"
"""The words of a subject that are people in need."""


@dataclass(frozen=True)
class Counted:
    """The noun of a number: where its words end, what it is, and its words."""

    end: int
    noun: Noun
    words: str


@dataclass(frozen=True)
class Topic:
    """What is counted, in the words of a figure; `stock` tells which kind of time it needs."""

    group: str
    unit: str
    stock: bool
    base: str
    caveats: tuple[str, ...] = ()
    sites: bool = False


def counted(text: str, end: int) -> Counted | None:
    """The noun that follows a number ending at `end`; None where none of ours does."""
    match = _FOLLOWING.match(text, end)
    if match:
        words = match.group().lower()
        return Counted(match.end(), _noun(match["noun"].lower(), words), words)
    bare = _BARE.match(text, end)
    return Counted(bare.end(), "people", bare.group().lower()) if bare else None


def counted_before(text: str, start: int, end: int) -> Counted | None:
    """The noun of "the number of IDPs … stood at 5" and "IDP movements: 5"."""
    last = None
    for match in _PRECEDING.finditer(text, start, end):
        last = match
    last = last or _LABEL.search(text, start, end)
    if last is None:
        return None
    words = (last["adj"] + last["noun"]).lower()
    return Counted(end, _noun(last["noun"].lower(), words), words)


def subject(text: str, end: int) -> Counted | None:
    """The noun of a sentence's subject, as in "IDP movements in Idleb governorate rose …"."""
    match = _SUBJECT.match(text, 0, end)
    where = match is not None and text[match.end() : end].strip()
    if match is None or (where and not _WHERE.fullmatch(text, match.end(), end)):
        return None
    words = match["adj"] + match["noun"]
    return Counted(end, _noun(match["noun"].lower(), words.lower()), words.lower())


def elided(text: str, end: int) -> bool:
    """Whether the number stands without a noun, as in "and 4,000 from Hama"."""
    follows = _ELLIPSIS.match(text, end) is not None
    return follows and not _DEMOGRAPHIC.search(text[end : end + 40].lower())


def _noun(noun: str, words: str) -> Noun:
    if noun.startswith(("movement", "displacement")):
        return "returns" if "return" in words else "moves"
    if noun == "returns" or noun.startswith("sr"):
        return "returns"
    if noun.startswith("returnee"):
        return "returnees"
    if noun == "refugees":
        return "refugees"
    if noun in ("families", "households"):
        return "families"
    return noun if noun in ("arrivals", "departures") else "people"  # type: ignore[return-value]


def topic(counted: Counted, segment: str, series: Series | None) -> Topic | None:
    """What the number counts; None where the words leave a doubt.

    Args:
        counted: Its noun.
        segment: The words that belong to the number, in lower case, dates blanked.
        series: The monthly series that the report is.
    """
    if _AGAIN.search(segment):
        return None
    sites = bool(_SITES.search(segment))
    if sites and _OUTSIDE.search(segment):
        return None
    if re.match(r"[ \n](?:in|with)[ \n]need\b", segment.partition(counted.words.strip())[2]):
        return None
    if counted.noun == "arrivals" and FROM_ABROAD.search(segment):
        return None
    returning = counted.noun in ("returns", "returnees") or (
        _RETURN.search(segment) and not LEFT_SITES.search(segment)
    )
    found = (
        _returning(counted, segment, series)
        if returning
        else _staying(counted, segment, series) or _moving(counted, segment, series)
    )
    if found is None or not sites:
        return found
    caveats = (*found.caveats, "sites_only")
    return Topic(found.group, found.unit, found.stock, found.base, caveats, sites=True)


def _unit(counted: Counted, *, moves: bool) -> str:
    if counted.noun == "families":
        return "families"
    return "movements" if moves or counted.noun == "moves" else "people"


def _returning(counted: Counted, segment: str, series: Series | None) -> Topic | None:
    if counted.noun in ("moves", "arrivals", "departures") or re.search(
        r"\b(?:return(?:ed|ing)?|returns)[ \n]to[ \n](?:displacement|camps?)", segment
    ):
        return None
    if series == "returns" or ("spontaneous" in segment and counted.noun != "refugees"):
        moves = counted.noun != "families"
        return _spontaneous(counted, moves=moves)
    abroad = bool(_ABROAD.search(segment)) or counted.noun == "refugees"
    inside = bool(_INSIDE.search(segment))
    if abroad == inside:
        return None
    if abroad:
        return Topic("RET", _unit(counted, moves=False), False, "Refugee returns")
    moves = "movement" in counted.words
    return Topic(
        "RDP",
        _unit(counted, moves=moves),
        False,
        "IDP returns",
        ("movements_not_people",) if moves else (),
    )


def _spontaneous(counted: Counted, *, moves: bool) -> Topic:
    caveats = ("movements_not_people",) if moves else ()
    unit = _unit(counted, moves=moves)
    return Topic("RDP", unit, False, "IDP spontaneous returns", caveats)


def _staying(counted: Counted, segment: str, series: Series | None) -> Topic | None:
    """People who are at a place at a date."""
    unit = _unit(counted, moves=False)
    syrians = "syrian" in segment or "from syria" in segment
    if counted.noun == "refugees" or ("syrians" in counted.words and "protection" in segment):
        if _REGISTERED.search(segment) and syrians and not _DISPLACE.search(segment):
            return Topic("REF", unit, True, "Registered Syrians")
        return None
    if counted.noun not in ("people", "families"):
        return None
    if _REMAIN_IN_ALL.search(segment) or _ARE_DISPLACED.search(segment):
        return Topic("IDP", unit, True, "IDPs")
    if _REMAIN.search(segment):
        return Topic("IDP", unit, True, "Remaining newly displaced", ("net_of_returns",))
    displaced = re.search(r"\b(?:idps?|displaced)\b", counted.words)
    displaced = displaced or re.search(r"\bin[ \n](?:idp[ \n])?(?:camps|sites)\b", segment)
    stays = _STOCK.search(segment)
    if "newly" not in segment:
        stays = stays or _REMAIN_AT.search(segment)
    rose = counted.noun == "people" and doubt.ROSE_TO.search(segment)
    if displaced and stays and not rose and not _moves(segment, counted):
        return Topic("IDP", unit, True, "IDPs")
    return None


def _moves(segment: str, counted: Counted) -> bool:
    """Whether another word than the noun itself says that people moved."""
    rest = segment.replace(counted.words, " ", 1)
    return bool(_DISPLACE.search(rest) or _ARRIVE.search(rest) or _DEPART.search(rest))


_TRACKED: Final = re.compile(
    r"\bidp[ \n]movement|\b(?:tracked|monitored)\b.{0,60}\bdisplacement[ \n]movements"
    r"|\bdisplacement[ \n]movements\b.{0,60}\b(?:tracked|monitored)\b",
    re.DOTALL,
)
"""What OCHA's monthly series calls its count."""


def _moving(counted: Counted, segment: str, series: Series | None) -> Topic | None:
    """People who moved within a time."""
    if _STAYS.search(segment):
        return None  # where those once displaced stay now is no count of moves
    tracked = _TRACKED.search(segment) is not None
    if "newly" not in counted.words:
        # "45,000 displaced people" are people; that they were displaced then, another word says.
        segment = segment.replace(
            counted.words.strip(), " idps " if "idp" in counted.words else " "
        )
    arrives, departs = bool(_ARRIVE.search(segment)), bool(_DEPART.search(segment))
    displaced = bool(_DISPLACE.search(segment))
    monthly = series == "moves" or tracked
    if counted.noun == "refugees":
        return None
    if counted.noun == "departures" or (departs and not arrives and _SITES.search(segment)):
        unit = _unit(counted, moves=series == "moves")
        inside = "idp" in segment or bool(_SITES.search(segment)) or series == "moves"
        caveats = ("movements_not_people",) if unit == "movements" else ()
        return Topic("IDP_DEP", unit, False, "Departures of IDPs", caveats) if inside else None
    if monthly and (counted.noun == "moves" or displaced or arrives or _COUNTED.search(segment)):
        moves = counted.noun != "families"
        caveats = ("movements_not_people",) if moves else ()
        return Topic("IDP_ARR", _unit(counted, moves=moves), False, "IDP movements", caveats)
    if counted.noun == "moves" and arrives and "displacement" not in counted.words:
        return Topic("IDP_ARR", "movements", False, "IDP movements", ("movements_not_people",))
    if counted.noun == "moves" and "population" not in counted.words:
        return Topic("NEWDISP", "movements", False, "New displacement", ("movements_not_people",))
    named = re.search(r"\b(?:idps?|displac\w+)\b", segment)
    if arrives and named and counted.noun in ("people", "families", "arrivals"):
        return Topic("IDP_ARR", _unit(counted, moves=False), False, "Arrivals of newly displaced")
    if displaced and counted.noun in ("people", "families"):
        return Topic("NEWDISP", _unit(counted, moves=False), False, "New displacement")
    return None
