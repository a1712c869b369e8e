"""The places that an English sentence names, by code, and the part each plays. Pure.

Names are those of `data/places`, exactly. A place that is named and not known, finer than a
sub-district, or only a part of one ("rural Aleppo", "Sarmada community") is found too, without a
code: a figure beside it must not be printed as if it were about something larger.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from data.gazetteer import places

Role = Literal["from", "within", "at", "none"]

KINDS: Final = {
    "governorate": "admin1",
    "province": "admin1",
    "district": "admin2",
    "subdistrict": "admin3",
    "sub-district": "admin3",
    "sub district": "admin3",
}
AT_SUB_DISTRICTS: Final = re.compile(
    r"\bsub-?[ ]?district[ \n]level\b|\bsub-?[ ]?districts\b", re.IGNORECASE
)
"""Says that a bare name in its sentence is that of a sub-district, Harim too."""
OF_A_COUNTRY: Final = 1_000_000
"""Refugees of a country, and of none of its provinces."""
MOST_WORDS: Final = 6
_WORD: Final = re.compile(r"[^\W_](?:[^\W_]|['.&-](?=[^\W_])|')*")
_AFTER: Final = re.compile(
    r"(?P<own>'s?)?[ \n]{1,3}(?:"
    r"(?P<kind>sub-?[ ]?district|governorate|province|district)(?P<many>s)?\b"
    r"|(?P<finer>cit(?:y|ies)|towns?|villages?|communit(?:y|ies)|camps?|neighbou?rhoods?"
    r"|countryside|suburbs?|outskirts?|hinterland|areas?|region|pocket|enclave|axis|crossing)\b)",
    re.IGNORECASE,
)
_PARENT: Final = re.compile(
    r"(?:[ \n]{1,3}(?:in|of)|,)[ \n]{1,3}(?:the[ \n])?"
    r"(?:(?:north|south|east|west)(?:-?(?:east|west))?ern[ \n](?:rural[ \n])?)?$"
    r"|^[ \n]?\([ \n]?$"
)
_PART_BEFORE: Final = re.compile(
    r"(?:\b(?:northern|southern|eastern|western|central|north|south|east|west|north-?(?:east|west)"
    r"(?:ern)?|south-?(?:east|west)(?:ern)?|rural|urban|lower|upper|greater|inner|outer|old)[ \n-]"
    r"(?:rural[ \n])?"
    r"|\b(?:parts?|(?<!affected[ \n])areas?|outskirts|countryside|city|town|towns|villages"
    r"|surroundings|communities|neighbou?rhoods?|rest|remainder|most|border|vicinity|suburbs)[ \n]"
    r"(?:of|in|near|around|outside)[ \n](?:the[ \n])?"
    r"|\b(?:near|around|outside|towards|toward|along|surrounding|except|excluding|beyond)[ \n]"
    r"(?:the[ \n])?)$",
    re.IGNORECASE,
)
_HOME: Final = re.compile(
    r"\b(?:(?:their|own)[ \n](?:\w+[ \n]){0,2}|to[ \n](?:other[ \n]|safer[ \n])?)"
    r"(?:areas|communities|towns|villages)[ \n](?:of[ \n]origin[ \n])?"
    r"(?:in|across)[ \n](?:the[ \n])?$",
    re.IGNORECASE,
)
"""They went back to where they are from, in the place that follows: it is no part of it."""
_KIND_BEFORE: Final = re.compile(
    r"\b(?P<kind>sub-?[ ]?district|governorate|province|district)s?[ \n]of[ \n]$", re.IGNORECASE
)
_ROLE_BEFORE: Final = (
    ("within", re.compile(r"(?<!to[ \n]and[ \n])\b(?:from[ \n])?within[ \n](?:and[ \n]from[ \n])?"
                          r"(?:the[ \n])?(?:\w+[ \n]of[ \n])?$")),
    ("from", re.compile(r"\b(?:from|out[ \n]of|fled|left|leaving|fleeing)[ \n](?:the[ \n])?"
                        r"(?:\w+[ \n]of[ \n])?$")),
    ("at", re.compile(r"\b(?:to[ \n]and[ \n]within|to|into|in|across|throughout|inside|for|at"
                      r"|entered|reached|received[ \n]by)[ \n]"
                      r"(?:the[ \n])?(?:whole[ \n]of[ \n]|\w+[ \n]of[ \n])?(?:all[ \n]of[ \n])?$")),
)  # fmt: skip
_PREPOSITION: Final = re.compile(
    r"\b(?:from|to|into|in|within|across|near|around|towards?|at|between|of|and|or|via|through"
    r"|throughout|inside|outside|fled|left|reached|entered)[ \n](?:the[ \n])?$|[,(/][ \n]?$"
)
_RECEIVES: Final = re.compile(
    r"[ \n](?:also[ \n])?(?:received|receiving|hosts?|hosted|saw|witnessed)\b"
)
_JOIN: Final = re.compile(r",?[ \n]{1,3}and[ \n]{1,3}|,[ \n]{1,3}|[ \n]?/[ \n]?")
_NOT_NAMES_WORDS: Final = """
    idp idps ocha unhcr iom cccm hnap un ngo ngos ngas unicef wfp reach ismi npm dtm idmc
    afad pmm nfi cluster clusters task force syrian syrians turkish government humanitarian
    needs and assessment programme programm program the in of a an on at by for during since
    between as from to it its these this that those most many some all approximately around
    about over nearly almost up another other others however meanwhile additionally overall
    while following according majority january february march april may june july august
    september october november december jan feb mar apr jun jul aug sep sept oct nov dec
    monday tuesday wednesday thursday friday saturday sunday people persons individuals
    families households returnees refugees movements displacements returns office
    coordination affairs international organization organisation migration high commissioner
    presidency management ministry emergency sarc geneva york interior red crescent arab security
    council resolution united nations assad bashar
    partners authorities camp governorate governorates district districts province provinces
    sub-district sub-districts afterwards both only half more out among amongst within with
    nearly hundreds thousands tens data figures number total new newly displaced internally
    spontaneous temporary protection us usd operation operations olive branch peace spring i
    need assistance aid pin
    ii iii covid-19 eid no not led run based supported backed
    gos nsag nsags demilitarized zone
"""
_NOT_NAMES: Final = frozenset(_NOT_NAMES_WORDS.split())
_PARTS_OF_NAMES: Final = ("north", "south", "east", "west", "rural")
"""Begin a name also where they are printed small: "rural Damascus" is a governorate."""


_APART: Final = re.compile(r"(?<!%[ \n])(?<!cent[ \n])\b(?:respectively|each)\b")
"""Gives each of the places named its own: "Aleppo and Idleb" are two, and no region."""


@dataclass(frozen=True)
class Mention:
    """A place as the text names it.

    Attributes:
        start: Where it begins, with what belongs to it.
        end: Where it ends, with its kind and parent.
        codes: Its code; several for "Dana and Atareb sub-districts"; none where it is not known
            or no whole area.
        role: from, within, at (also after "to"), or none.
        name: As printed.
    """

    start: int
    end: int
    codes: tuple[str, ...]
    role: Role
    name: str

    @property
    def code(self) -> str | None:
        """The one code, or None."""
        return self.codes[0] if len(self.codes) == 1 else None


@dataclass(frozen=True)
class _Named:
    start: int
    end: int
    name: str
    kind: str | None
    many: bool
    own: bool
    part: bool


def find(text: str, masked: list[tuple[int, int]], *, sub_districts: bool = False) -> list[Mention]:
    """The places of one sentence, in order.

    Args:
        text: A uniform sentence.
        masked: Spans of dates.
        sub_districts: Whether the text states that what follows is at sub-district level, so that a
            bare name may be one.
    """
    words = [m.span() for m in _WORD.finditer(text) if not _inside(m.start(), masked)]
    joined = _APART.search(text) is None
    if line := _DATELINE.match(text):
        words = [span for span in words if span[0] >= line.end()]
    named = [n for n in _names(text, words, joined=joined) if not _owner(text, n)]
    named = _with_kind_of_list(text, named)
    mentions = list(_grouped(text, named, sub_districts))
    mentions += _corners(text, mentions)
    return sorted([*mentions, *_unknown(text, words, mentions)], key=lambda m: m.start)


_NUMBERED: Final = re.compile(
    r"[ \n]?\([ \n]?\d[\d.,]*[ \n]?%?\)[ \n](?:(?P<kind>sub-?[ ]?district|governorate|district)s?"
    r"|communities|towns|villages)\b",
    re.IGNORECASE,
)
"""Behind the last name of a list in which each has its number in brackets."""
_NUMBERED_JOIN: Final = re.compile(
    r"[ \n]?\([ \n]?\d[\d.,]*[ \n]?%?\)(?:,?[ \n]and|,?[ \n]followed[ \n]by|,)[ \n]{1,3}"
)


_KINDS_AHEAD: Final = re.compile(
    r"(?:sub-?[ ]?district|governorate|district)s[ \n]of\b", re.IGNORECASE
)


def _with_kind_of_list(text: str, named: list[_Named]) -> list[_Named]:
    """Of "Harim (400), Armanaz (310) and Salqin (250) sub-districts" each is a sub-district."""
    found = list(named)
    kind: re.Match[str] | None = None
    for i in range(len(found) - 1, -1, -1):
        joined = i + 1 < len(found) and _NUMBERED_JOIN.fullmatch(
            text, found[i].end, found[i + 1].start
        )
        kind = _NUMBERED.match(text, found[i].end) or (kind if joined else None)
        if kind is not None and found[i].kind is None:
            level = KINDS[" ".join(kind["kind"].lower().split())] if kind["kind"] else None
            found[i] = replace(found[i], kind=level, part=found[i].part or level is None)
    for i in range(1, len(found)):
        # "The sub-districts of Harim (2,410) and Salqin (1,980)": of both.
        one, other = found[i - 1 : i + 1]
        ahead = _KINDS_AHEAD.match(text, one.start) or (i > 1 and one.kind == found[i - 2].kind)
        if ahead and other.kind is None and _NUMBERED_JOIN.fullmatch(text, one.end, other.start):
            found[i] = replace(other, kind=one.kind)
    return found


_DATELINE: Final = re.compile(
    r"[A-ZÇĞİÖŞÜ][A-ZÇĞİÖŞÜ' -]{3,24}(?:, [A-Z][\w .]{2,20})?(?: \([^()]{2,30}\))? ?[-–] "
)
"""Where a reporter sits: "DAMASCUS, Syria (Reuters) – …"."""
_CORNER: Final = re.compile(
    r"\b(?:the |(?<=\bin ))north-?(?P<side>west|east)\b"
    r"(?! (?:of|district|province|governorate|and (?!\d)))(?-i:(?! [A-Z]))",
    re.IGNORECASE,
)
"""A part of the country by its corner alone, as reports on Syria say it."""


def _corners(text: str, mentions: list[Mention]) -> Iterator[Mention]:
    for corner in _CORNER.finditer(text):
        start, end = corner.span()
        if not any(m.start < end and start < m.end for m in mentions):
            code = "X-SYR-NW" if corner["side"].lower() == "west" else "X-SYR-NE"
            yield Mention(start, end, (code,), _role(text, start), corner.group())


def _inside(at: int, spans: list[tuple[int, int]]) -> bool:
    return any(a <= at < b for a, b in spans)


def _names(text: str, words: list[tuple[int, int]], *, joined: bool) -> Iterator[_Named]:
    """Every longest run of words that is a known name."""
    at = 0
    while at < len(words):
        start = words[at][0]
        first = text[start : words[at][1]]
        if not first[0].isupper() and not first.startswith(_PARTS_OF_NAMES):
            at += 1
            continue
        for size in range(min(MOST_WORDS, len(words) - at), 0, -1):
            end = words[at + size - 1][1]
            name = " ".join(text[start:end].split())
            possessive = name.endswith(("'s", "'")) and not places.meanings_of_name(name)
            bare = name.removesuffix("s").removesuffix("'") if possessive else name
            if not joined and " and " in name:
                continue
            if _is_name(bare):
                if possessive:
                    end -= len(name) - len(bare)
                yield _described(text, start, end, bare)
                at += size
                break
        else:
            at += 1


_FALL: Final = re.compile(r"\b(?:fall|capture|battle)[ \n](?:of|for)[ \n]$")


def _owner(text: str, named: _Named) -> bool:
    """Whether a place only owns what follows ("Türkiye's Interior Minister"), or an event."""
    if _FALL.search(text, 0, named.start):
        return True
    if not named.own or named.kind:
        return False
    following = _WORD.search(text, named.end + 2)
    return following is None or not any(
        places.meanings_of_name(text[following.start() : end]) for end in (following.end(),)
    )


def _is_name(name: str) -> bool:
    kinds = places.meanings_of_name(name)
    if not kinds or set(kinds) == {"world"}:
        return False
    # ISO codes are words in capitals (AND, CAN); P-codes are not.
    return not (
        len(name) <= 3 and name.isupper() and name not in ("NWS", "NES")
    ) and name.lower() not in (
        "of",
        "can",
        "bor",
        "han",
    )


def _described(text: str, start: int, end: int, name: str) -> _Named:
    after = _AFTER.match(text, end)
    before = text[max(0, start - 40) : start]
    kind, many, own = None, False, text[end : end + 2] == "'s"
    part = bool(_PART_BEFORE.search(before)) and not _HOME.search(before)
    if after and after["kind"]:
        kind = KINDS[" ".join(after["kind"].lower().split())]
        many, own, end = bool(after["many"]), bool(after["own"]), after.end()
        further = _AFTER.match(text, end)
        part = part or bool(further and further["finer"] and not further["own"])
    elif after and after["finer"]:
        wide = after["finer"].lower() == "region" and "region" in places.meanings_of_name(name)
        part, end = part or not wide, after.end()
    if of := _KIND_BEFORE.search(before):
        kind = kind or KINDS[" ".join(of["kind"].lower().split())]
        start -= len(before) - of.start()
    return _Named(start, end, name, kind, many, own, part)


def _grouped(text: str, named: list[_Named], sub_districts: bool) -> Iterator[Mention]:
    """Names joined by "and" become one mention; a parent ("in Idleb governorate") is taken in."""
    at = 0
    while at < len(named):
        size = _run(text, named, at)
        run = named[at : at + size]
        kind = run[-1].kind
        if size > 1 and not (run[-1].many or kind is None or all(n.kind for n in run)):
            run, size, kind = run[:1], 1, run[0].kind
        codes = [_code(n.name, n.kind or kind, sub_districts) if not n.part else None for n in run]
        mention = Mention(
            run[0].start,
            run[-1].end,
            tuple(c for c in codes if c) if all(codes) else (),
            _role(text, run[0].start),
            " ".join(text[run[0].start : run[-1].end].split()),
        )
        at += size
        if at < len(named) and (parent := _parent(text, mention, named[at], run[-1])):
            mention, at = parent, at + 1
        yield mention


def _run(text: str, named: list[_Named], at: int) -> int:
    size = 1
    while at + size < len(named):
        between = text[named[at + size - 1].end : named[at + size].start]
        last, following = named[at + size - 1], named[at + size]
        if not _JOIN.fullmatch(between) or last.own or last.many:
            break
        if last.kind and not following.kind:
            break  # "in Idleb governorate, Aleppo received …": another clause
        # "Dana, Idleb governorate": the second is where the first lies.
        if named[at + size].kind == "admin1" and _lies_in(named[at + size - 1], named[at + size]):
            break
        size += 1
    return size


def _lies_in(inner: _Named, outer: _Named) -> bool:
    found = _code(outer.name, "admin1", False)
    return inner.kind == "admin3" and found is not None and not outer.many


def _parent(text: str, mention: Mention, outer: _Named, last: _Named) -> Mention | None:
    """The mention with its parent, without a code where the parent is another's."""
    between = text[mention.end : outer.start]
    owned = last.own and between.strip() == ""
    if not owned and not _PARENT.fullmatch(between):
        return None
    inside = mention.codes
    code = _code(outer.name, outer.kind, False)
    if owned:
        inner = _code(outer.name, outer.kind or "admin3", False)
        good = inner and mention.code and contains(mention.code, inner)
        return replace(mention, end=outer.end, codes=(inner,) if good and inner else ())
    if inside and outer.part and code and not all(contains(code, c) for c in inside):
        return _nobody(mention, outer)
    if not inside or outer.part or code is None:
        return None if not inside and between.strip() != "(" else replace(mention, end=outer.end)
    if not all(contains(code, c) for c in inside):
        if all(contains(c, code) for c in inside) or between.strip() in ("in", "in the"):
            return None if not all(len(c) > 4 for c in inside) else _nobody(mention, outer)
        return None
    if any(c == code for c in inside):
        return None
    return replace(mention, end=outer.end + (text[outer.end : outer.end + 1] == ")"))


def _nobody(mention: Mention, outer: _Named) -> Mention:
    return replace(mention, end=outer.end, codes=())


def contains(outer: str, inner: str) -> bool:
    """Whether a place lies inside another, by P-code."""
    known = places.codes(inner)
    above = {known[c] for c in ("location_code", "admin1_code", "admin2_code")}
    return outer != inner and outer in above


def lies_within(region: str, code: str) -> bool:
    """Whether a place lies inside another, which may be a region of several."""
    parts = places.region_parts().get(region, frozenset())
    return contains(region, code) or any(code == part or contains(part, code) for part in parts)


def innermost(codes: Sequence[str]) -> str | None:
    """The one place that several narrow down to; None where they are apart, or none is given."""
    return next((c for c in codes if all(c == o or contains(o, c) for o in codes)), None)


def half_known(mentions: Sequence[Mention]) -> bool:
    """Whether one name joins several places of which one is not known."""
    return any(not m.codes and " and " in m.name for m in mentions)


def of_title(mentions: Sequence[Mention]) -> str | None:
    """The one place that the names of a title narrow down to, regions of several among them.

    Of "Idleb Governorate, North-West Syria" it is Idleb; of "Syria, Lebanon, Sudan" it is none,
    nor of "North-west Syria and Ras al Ain", of which a part is not known.
    """
    codes = [] if half_known(mentions) else [code for m in mentions for code in m.codes]
    return next((c for c in codes if all(c == o or lies_within(o, c) for o in codes)), None)


def _code(name: str, kind: str | None, sub_districts: bool) -> str | None:
    kinds = places.meanings_of_name(name)
    if kind is None:
        order = ["region", "country", "admin1"]
        if sub_districts:
            order = ["region", "country", "admin3"] if "admin3" in kinds else order
        kind = next((k for k in order if k in kinds), None)
    if kind == "admin1" and kind not in kinds and "region" in kinds:
        kind = "region"  # "Aleppo, Hama and Idleb governorates" are one
    codes = kinds.get(kind, set()) if kind else set()
    return next(iter(codes)) if len(codes) == 1 else None


def _role(text: str, start: int) -> Role:
    before = text[max(0, start - 40) : start].lower()
    for role, pattern in _ROLE_BEFORE:
        if pattern.search(before):
            return role  # type: ignore[return-value]
    return "none"


def _unknown(text: str, words: list[tuple[int, int]], mentions: list[Mention]) -> Iterator[Mention]:
    """Capitalised words that stand where a place stands and are no place of the tables."""
    spans = [(m.start, m.end) for m in mentions]
    for start, end in words:
        word = text[start:end]
        if not word[0].isupper() or _inside(start, spans):
            continue
        plain = word.lower().removesuffix("'s").removesuffix("'")
        if plain in _NOT_NAMES or _hyphened(plain) or _is_abbreviation(text, start, end):
            continue
        before = text[max(0, start - 20) : start]
        if _FALL.search(before):
            continue
        if _SPEAKS.match(text, end):
            continue
        after = _AFTER.match(text, end)
        placed = bool(_PREPOSITION.search(before.lower())) and start > 0
        if placed or (after is not None) or _RECEIVES.match(text, end):
            yield Mention(start, end, (), _role(text, start), word)


_SPEAKS: Final = re.compile(
    r"[ \n](?:also[ \n])?(?:said|says|told|announced|noted|highlighted|stated|explained|added"
    r"|warned|called|urged|praised)\b"
)
"""Behind the name of a person or a body, which is no place."""


def _is_abbreviation(text: str, start: int, end: int) -> bool:
    """Whether a word is the initials of those before it: "Humanitarian Needs Overview (HNO)"."""
    bracketed = text[start - 1 : start] == "(" and text[end : end + 1] == ")"
    return bracketed and text[start:end].isupper() and end - start > 1


def _hyphened(word: str) -> bool:
    return "-" in word and all(part in _NOT_NAMES for part in word.split("-"))
