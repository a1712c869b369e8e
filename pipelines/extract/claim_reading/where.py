"""Where the people of a number are, taken also from the sentences around it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from data.analysis.claims import Claim
from data.gazetteer import places
from pipelines.extract.claim_reading.model import ClaimContext, Clause, ParsedSentence
from pipelines.extract.claim_reading.topics import codes_abroad
from pipelines.extract.doubt import CAME_FROM
from pipelines.extract.numbers import Number
from pipelines.extract.places import OF_A_COUNTRY, Mention, half_known, innermost, of_title
from pipelines.extract.prose import TAIL, is_key_figure

_COMMUNITY: Final = re.compile(
    r"(?<!humanitarian )(?<!international )(?<!host )(?!(?<=original )communities (?:with)?in)"
    r"\bcommunit(?:y|ies)\b(?! (?:of|level))"
    r"|\b(?:towns?|villages?)\b|\bcity (?:cent(?:er|re)\b|received)"
)


_CITY: Final = re.compile(r"\bcity$|^مدينه[ \n]")


def narrowest_place(codes: Sequence[str]) -> str | None:
    """The one place that several names narrow down to."""
    return "X-SYR-ALEPPO-IDLEB" if set(codes) == {"SY02", "SY07"} else innermost(codes)


_WIDE: Final = ("X-SYR-NW", "X-SYR-NE", "X-SYR-N", "X-SYR-S")
"""Regions within which most of those who flee stay."""
_WHOLES: Final = ("X-SYR-S", "X-SYR-COAST", "X-SYR-ALEPPO-HAMA-IDLEB")
"""Regions that a text names by their governorates."""


def place_or_region(codes: Sequence[str]) -> str | None:
    """The one place that several names narrow down to, or the region that they make up."""
    found = narrowest_place(codes)
    if found is None and len(set(codes)) > 1:
        return next((w for w in _WHOLES if set(places.region_parts()[w]) == set(codes)), None)
    return found


def place_of_title(mentions: Sequence[Mention]) -> str | None:
    """The one place that a title's names narrow down to, or the region that they make up."""
    finer = sorted({code for mention in mentions for code in mention.codes} - {"SYR"})
    inside = all(code.startswith(("SY", "X-SYR")) for code in finer) and not half_known(mentions)
    return of_title(mentions) or (place_or_region(finer) if inside else None)


_OTHERS_THERE: Final = re.compile(
    r"(?<!\w)(?:بينما|فيما|في حين)[ \n](?:\w+[ \n])?(?:اخرون|الباقون|البقيه)(?!\w)"
)
"""Behind a number, in Arabic: goes on to say where the others of them went."""
_SEVERAL: Final = 2
"""Provinces named beside a number of none of them alone."""
_TOTAL: Final = re.compile(r"\W*(?:grand[ \n])?total\W*")
_COMMA: Final = re.compile(r"[,;،]")


def heads(context: ClaimContext, *, exact: bool = False) -> list[Mention]:
    """The places without those that tell where the most of a clause's people are.

    "120,400 people displaced, the majority to Harim district": they are not all there.
    """
    clause, sentence = context.clause, context.sentence
    places_ = sentence.exact if exact else sentence.mentions
    turn = _OTHERS_THERE.search(sentence.lower, clause.number.end, clause.end)
    if turn is not None:
        places_ = [m for m in places_ if not turn.end() <= m.start < clause.end]
    if context.beside_its_place:
        places_ = [m for m in places_ if not clause.number.start < m.start < clause.end]
    for tail in TAIL.finditer(sentence.text, clause.number.phrase_end, clause.end):
        end = _COMMA.search(sentence.text, tail.end(), clause.end)
        stop = end.start() if end else clause.end
        places_ = [m for m in places_ if not tail.start() <= m.start < stop]
    return list(places_)


_AND: Final = re.compile(
    r"(?:,?[ \n](?:and|ve)[ \n]|,[ \n]|[ \n]?،[ \n]|[ \n]?،?[ \n]?و)(?:\w+ern[ \n])?(?:rural[ \n])?"
)


def _several(ats: Sequence[Mention], sentence: ParsedSentence) -> bool:
    """Whether places stand side by side, so that the number is of all of them."""
    if any(len(m.codes) > 1 for m in ats):
        return True
    return any(
        one.code != other.code
        and _AND.fullmatch(sentence.lower, one.end, _name_of(other, sentence))
        for one, other in pairwise(ats)
    )


def _name_of(mention: Mention, sentence: ParsedSentence) -> int:
    """Where the name itself begins: in Arabic "and" may be its first letter."""
    printed = sentence.lower[mention.start : mention.end]
    return mention.start + (printed == f"و{mention.name}")


_TOGETHER: Final = re.compile(
    r"\b(?:same[ \n]area|these[ \n](?:two|three|four|five|areas|sub-?districts))\b"
)
_PLACE_NEXT: Final = re.compile(r"[^,;:()]*\b(?:in|into|to)[ \n][^,;:()]{1,40}\([ ]?")
_NEXT: Final = re.compile(r"\)?,?[ \n]and[ \n][^,;:()]{1,40}\([ ]?")


def _divided(context: ClaimContext) -> bool:
    """Whether the places behind a number share it: "arrived in Idleb (3,000) and Ariha (2,000)"."""
    lower, at = context.sentence.lower, context.clause.number.end
    later = [c.number for c in context.clauses if c.number.start > at][:2]
    if len(later) < 2:
        return False
    one, other = later
    return bool(
        _PLACE_NEXT.fullmatch(lower, at, one.phrase_start)
        and _NEXT.fullmatch(lower, one.phrase_end, other.phrase_start)
    )


COUNTRYWIDE: Final = re.compile(
    r"\b(?:country-?wide|nation-?wide"
    r"|(?:in|within|inside|across|throughout)[ \n]the[ \n](?:whole[ \n]|entire[ \n])?country)\b"
)
"""Says that the whole country is meant, whatever place was named last."""


def of_community(sentence: ParsedSentence, clause: Clause) -> bool:
    """Whether a number is of towns or communities, finer than anything that is held."""
    return _COMMUNITY.search(sentence.lower, clause.start, clause.end) is not None


def _is_city(mention: Mention) -> bool:
    """Whether a city of Syria is named; one of Türkiye stands for its province."""
    here = str(mention.code).startswith("SY")
    return here and _CITY.search(mention.name) is not None


def with_place(claim: Claim, context: ClaimContext) -> Claim:
    """The claim with its place, and where people came from."""
    clause, sentence, clauses = context.clause, context.sentence, context.clauses
    last, around = context.last, context.around
    if sentence.lexicon.code == "en" and CAME_FROM.search(sentence.lower):
        return claim  # the places named are those that they left
    monthly = around.series and claim.group in ("IDP_ARR", "RDP", "NEWDISP")
    if monthly and (around.communities or "community level" in sentence.lower):
        return claim
    later = around.place or clauses[0].start < clause.start or context.beside_its_place
    if sentence.lexicon.code == "ar" or (sentence.lexicon.code == "en" and later):
        sentence = replace(sentence, mentions=heads(context))
    if monthly and of_community(sentence, clause):
        return claim  # and no count of what the community lies in
    together = _TOGETHER.search(sentence.lower, clause.start, clause.end)
    if monthly and sentence.lexicon.code == "en" and (together or _divided(context)):
        return claim
    if claim.group != "NEWDISP":
        # A city is not its governorate, but for those who were displaced from it.
        known = [replace(m, codes=()) if _is_city(m) else m for m in sentence.mentions]
        sentence = replace(sentence, mentions=known)
    mine = [m for m in sentence.mentions if clause.start <= m.start < clause.end and m.codes]
    fronted = [m for m in sentence.mentions if m.end <= clauses[0].number.start and m.codes]
    froms = [m for m in mine if m.role == "from"]
    ats = [m for m in mine if m.role != "from"]
    at = place_or_region([c for m in ats for c in m.codes])
    from_several = claim.group == "RET" and sentence.lexicon.code != "en"
    if at is None and not from_several and _several(ats, sentence):
        parts = places.region_parts().get(around.place or "", frozenset())
        whole = parts and {c for m in ats for c in m.codes} <= parts
        # Of several places together, and of none of them.
        return replace(claim, place=around.place) if whole else claim
    if at is None and ats:
        near = min(ats, key=lambda m: _distance(m, clause.number))
        at = near.code
    origin = froms[0].code if froms else None
    total = re.search(
        r"(?<!\w)(?:total|المجموع|toplam)(?!\w)", sentence.lower[clause.start : clause.end]
    )
    unknown = any(clause.start <= m.start < clause.end and not m.codes for m in sentence.mentions)
    if claim.group == "REF" and _IN_THE_REGION.search(sentence.lower, clause.start, clause.end):
        return claim  # of all the countries that host them
    if claim.group == "REF":
        wide = at is None or len(at) == len("TUR") or (claim.value or 0) >= OF_A_COUNTRY
        if wide and unknown and sentence.lexicon.code != "en":
            return claim
        province = around.hosting if context.says("here") else None
        if at is None and total and sentence.lexicon.noun_follows and fronted:
            at = _country(str(fronted[0].code or fronted[0].codes[0]))  # of all of them
        # In English those "from Afghanistan" are in another country.
        left = None if sentence.lexicon.code == "en" else origin
        place = at or province or left or narrowest_place([c for m in fronted for c in m.codes])
        if place is None or place.startswith(("SY", "X-SYR")):
            others = codes_abroad(sentence)
            # "In Adana, Hatay and Kilis live 9 million, with 1.2 million Syrian refugees."
            if len({code for code in others if re.match(r"TUR\d", code)}) >= _SEVERAL:
                return claim
            place = others[0] if others else None
        place = _government(place, claim) or place
        place = place or (last.place if last and last.group == "REF" else None)
        if place is None and not any(m.codes for m in sentence.mentions):
            source = None if sentence.lexicon.code == "en" else around.source
            publishers = (claim.publisher, last.publisher if last else None, source)
            place = next((_SPEAKS_OF[p] for p in publishers if p in _SPEAKS_OF), None)
            place = place or _of_government(sentence.lower)
        if place is None and around.place and not around.place.startswith(("SY", "X-SYR")):
            place = around.place
        if place is None:
            return claim
        return replace(claim, place=place, origin="SYR", asylum=_country(place))
    if claim.group == "RET":
        named = {_country(c) for m in mine for c in m.codes if not c.startswith(("SY", "X-"))}
        country = next(iter(named)) if len(named) == 1 else None
        place = at if at and at.startswith("SY") else "SYR"
        source = claim.publisher or (None if sentence.lexicon.code == "en" else around.source)
        country = country or _SPEAKS_OF.get(source) or _host_of_the_title(context)
        asylum = _country(country) if country else None if len(named) > 1 else "ALL"
        part = last is not None and last.group == "RET" and sentence.says(
            "subset", clause.start, clause.number.start
        )  # fmt: skip
        if not mine and part and last is not None:
            place, asylum = str(last.place), last.asylum
        return replace(claim, place=place, origin="SYR", asylum=asylum)
    if _elsewhere(context):
        return claim
    if not mine and not unknown and COUNTRYWIDE.search(sentence.lower, clause.start, clause.end):
        return replace(claim, place="SYR", origin=None)
    if at is not None and not at.startswith(("SY", "X-SYR")):
        at = None
    if at is None and not origin and unknown and sentence.lexicon.code != "en":
        return claim
    if at is None and not origin:
        at = narrowest_place(
            [
                c
                for m in fronted
                if m.role != "from"
                for c in m.codes
                if c.startswith(("SY", "X-SYR"))
            ]
        )
        origin = next((m.code for m in fronted if m.role == "from" and not mine), None)
    if at is None and not origin and unknown:
        return claim
    if at is None and not origin:
        # The place of a part that comes later is that part's alone.
        first = min((c.start for c in context.later_parts), default=len(sentence.lower))
        theirs = [m for m in sentence.mentions if first <= m.start]
        here = context.sentence_says("here")
        if around.before is None and len(theirs) == len(sentence.mentions) and here:
            theirs = []
        named = {
            m.code for m in sentence.mentions if m.code and m.role != "from" and m not in theirs
        }
        named = {c for c in named if c and c.startswith(("SY", "X-SYR"))}
        at = next(iter(named)) if len(named) == 1 else None
    if at is None and context.says("here"):
        at = (last.place if last else None) or around.place or around.lately
        if at and not at.startswith(("SY", "X-SYR")):
            at = around.lately
        if at == origin and sentence.lexicon.code != "en":
            at = None  # "fled from Idlib … the escalation in the area"
    if around.place and _TOTAL.fullmatch(sentence.lower, clause.start, clause.number.phrase_start):
        at, origin = around.place, None  # "Total: 905,000", of what the title names
    if total and around.series:
        at, origin = around.place or "SYR", None
    if at and not origin and claim.unit == "movements" and _within(at, mine, sentence):
        return replace(claim, place=at, origin=at)
    inside = context.says("within") and context.says("here")
    if at and inside and not origin and claim.measure != "stock" and not froms:
        return replace(claim, place=at, origin=at)  # moves within the governorate
    same = last is not None and last.sentence_start == claim.sentence_start
    people_came = claim.group == "IDP_ARR" and claim.unit != "movements"
    if at is None and origin and people_came and not same and around.place:
        at = around.place if around.place != origin else None  # to where the report is of
    like = last is not None and (last.group == claim.group or people_came)
    if at is None and origin and same and last is not None and like:
        # "… of which 51,000 within the governorate and 9,800 from Hama": to where the whole went.
        came = ("IDP_ARR", "RDP", "NEWDISP") if claim.group == "IDP_ARR" else ("IDP_ARR", "RDP")
        received = last.place not in (None, "SYR", origin) and last.group in came
        at = last.place if received else None
    if at is None and origin and (claim.group == "IDP_DEP" or _within_region(claim, origin)):
        return replace(claim, place=origin)
    if at is None and origin and origin.startswith(("SY", "X-SYR")):
        if claim.measure == "stock":
            return replace(claim, place=origin)
        return replace(claim, place="SYR", origin=origin)
    if at is None and same and last is not None and last.place is None:
        return claim  # a list of places that no table has
    if at is None:
        subset = context.says("subset") and last is not None
        goes_on = same and last is not None and not mine and (
            last.group == claim.group or (last.group == "IDP_DEP" and claim.group == "IDP")
        )  # fmt: skip
        at = (
            last.place if last and (subset or goes_on or (same and not sentence.mentions)) else None
        )
        if goes_on and last is not None and at == "SYR" and not subset:
            origin = last.origin  # "… fled Idlib, while the latest push displaced a million"
        recent = around.lately if around.before is not None else None
        recent = None if is_key_figure(sentence.text) else recent
        at = at or recent or around.place or around.lately or "SYR"
        if not at.startswith(("SY", "X-SYR")):
            at = around.lately or "SYR"
    return replace(claim, place=at, origin=origin if origin != at else None)


FROM_SEVERAL: Final = re.compile(
    r"\b(?:abroad|countries|region|globally|worldwide)\b", re.IGNORECASE
)
"""Says of those who came back that they did so from no one country."""


def _host_of_the_title(context: ClaimContext) -> str | None:
    """The country that a report on refugees is of, where its sentence is not of several.

    In English alone: `FROM_SEVERAL` has no words of other languages.
    """
    around = context.around
    if (
        context.sentence.lexicon.code != "en"
        or not around.titled
        or around.place is None
        or _is_syrian(around.place)
    ):
        return None
    return None if FROM_SEVERAL.search(context.sentence.lower) else _country(around.place)


def _elsewhere(context: ClaimContext) -> bool:
    """Whether the people displaced or in need are those of another country."""
    clause, sentence, around = context.clause, context.sentence, context.around
    mine = [m for m in sentence.mentions if clause.start <= m.start < clause.end]
    ats = [str(c) for m in mine if m.role != "from" for c in m.codes]
    if sentence.lexicon.code != "en":
        here = any(_is_syrian(str(c)) for m in mine for c in m.codes)
        return not _HOSTS_OF_OTHERS.isdisjoint(ats) and not here
    if mine:
        placed = any(m.role == "at" for m in mine)
        return placed and bool(ats) and not any(map(_is_syrian, ats))
    named = around.named | {c for m in sentence.mentions for c in m.codes}
    return bool(named) and not any(map(_is_syrian, named))


_HOSTS_OF_OTHERS: Final = frozenset({"LBN", "JOR", "IRQ", "EGY"})
"""Countries whose own displaced a text may count; not Türkiye, to whose border many flee."""


def _is_syrian(code: str) -> bool:
    return code.startswith(("SY", "X-SYR"))


_IN_THE_REGION: Final = re.compile(
    r"\b(?:in|across|throughout)[ \n]the[ \n](?:wider[ \n])?region\b"
)
_SPEAKS_OF: Final[dict[str | None, str]] = {"PMM": "TUR", "Türkiye Ministry of Interior": "TUR"}
"""Bodies that count in one country: what they say of "the country" is of that one."""
_OFFICE: Final = (
    r"(?<!\w)(?:ال)?(?:سلطات|حكومه|رئيس|وزير|وزاره|مسؤول\w*)[ \n]"
    r"(?:(?!\w*(?:سوري|نظير))\w+[ \n]){0,3}?"
)
"""Who speaks for a government, in Arabic; not of a foreign colleague that is addressed."""
_GOVERNMENTS: Final = (
    (re.compile(r"\b(?:turkish|t[üu]rki?ye?'s|turkey's) (?:\w+ )?(?:president|minister|offic|gov)"),
     "TUR"),
    (re.compile(r"\b(?:lebanese|lebanon's) (?:\w+ )?(?:president|minister|official|gov)"), "LBN"),
    (re.compile(r"\b(?:jordanian|jordan's) (?:\w+ )?(?:king|minister|official|gov)"), "JOR"),
    (re.compile(rf"{_OFFICE}(?:ال)?تركي"), "TUR"),
    (re.compile(rf"{_OFFICE}(?:ال)?لبناني"), "LBN"),
    (re.compile(rf"{_OFFICE}(?:ال)?اردني"), "JOR"),
    (re.compile(rf"{_OFFICE}(?:ال)?عراقي"), "IRQ"),
)  # fmt: skip
"""Who says "we host": of which country they speak."""


def _of_government(lower: str) -> str | None:
    return next((code for pattern, code in _GOVERNMENTS if pattern.search(lower)), None)


def _government(place: str | None, claim: Claim) -> str | None:
    """Türkiye, where a province is named beside more refugees than any of them hosts.

    As in "Ankara hosts 3.6 million", whose capital stands for its government.
    """
    province = place is not None and re.match(r"TUR\d", place)
    return "TUR" if province and (claim.value or 0) >= OF_A_COUNTRY else None


def _within_region(claim: Claim, origin: str) -> bool:
    """Whether people fled from a region that is wide enough to be displaced in."""
    return claim.group == "NEWDISP" and origin in _WIDE


def _within(at: str, mine: Sequence[Mention], sentence: ParsedSentence) -> bool:
    """Whether the text calls moves within a place: "داخل محافظة إدلب", "İdlib vilayeti içinde"."""
    cue = sentence.lexicon.cues["within"]
    for mention in mine:
        if mention.code != at:
            continue
        before = sentence.lower[: mention.start].rstrip().rsplit(None, 1)[-1:]
        behind = sentence.lower[mention.end :].lstrip()
        if mention.role == "within" or (before and cue.fullmatch(before[0])) or (
            sentence.lexicon.noun_follows and cue.match(behind)
        ):  # fmt: skip
            return True
    return False


def _country(code: str) -> str:
    return str(places.codes(code)["location_code"])


def _distance(mention: Mention, number: Number) -> int:
    return number.start - mention.end if mention.end <= number.start else mention.start - number.end
