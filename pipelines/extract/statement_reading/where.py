"""Where the people of a number are, and where they came from. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from data.gazetteer import places
from pipelines.extract.model import Context, Part, PartContext, Sentence
from pipelines.extract.places import OF_A_COUNTRY, contains, find, innermost, lies_within
from pipelines.extract.statement_reading.topics import Topic

Located = tuple[str, str | None, str | None, bool]

_SAME_PLACE: Final = re.compile(
    r"\b(?:within|from[ \n]other[ \n]parts[ \n]of)[ \n]"
    r"(?:the[ \n](?:same[ \n])?|that[ \n]|this[ \n]|its[ \n])?"
    r"(?P<kind>governorate|province|district|sub-?[ ]?district)\b"
)


_DISPLACEMENT: Final = re.compile(r"\bdisplacements?\b", re.IGNORECASE)
_DIVIDES: Final = re.compile(r"\bof[ \n](?:these|those|them)\b")
_SEVERAL: Final = re.compile(
    r"\bfrom[ \n](?:several|different|various|many|other)[ \n](?:other[ \n])?governorates\b"
)
"""Names behind it are some of many: where people came from is left open."""


def located(around: PartContext, topic: Topic) -> Located | None:
    """Place, origin, country of asylum, and whether the place stands elsewhere in the text."""
    sentence, part, whole = around.sentence, around.part, around.whole
    context = around.context
    several = _SEVERAL.search(sentence.lower, part.number.end, part.end)
    until = several.start() if several else part.end
    mine = [m for m in sentence.mentions if part.start <= m.start < until]
    if any(m.code is None for m in mine):
        return None
    if not mine and part.start and not part.subset:
        fronted = [m for m in sentence.mentions if m.end <= around.first.number.start]
        everywhere = {m.code for m in sentence.mentions}
        if len(everywhere) == 1 and fronted:
            mine = fronted[:1]
    at = _finest([m.code for m in mine if m.role == "at" and m.code])
    subjects = _finest(
        [m.code for m in mine if m.role == "none" and m.start < part.number.start and m.code]
    )
    stray = [m for m in mine if m.role == "none" and m.start >= part.number.end]
    froms = {m.code for m in mine if m.role == "from"}
    within = {m.code for m in mine if m.role == "within"}
    if stray or at is None or subjects is None or len(froms) > 1 or len(within) > 1:
        return None
    if at and subjects:
        both = _finest([*at, *subjects])
        if not both:
            return None
        at = both
    place = next(iter(at or subjects), None)
    origin = next(iter(froms), None)
    if topic.group in ("RET", "REF"):
        return _across_the_border(sentence, part, topic, place, origin, within)
    if within:
        inner = next(iter(within))
        if place and contains(str(inner), place) and not origin and not topic.stock:
            # "returned to Ariha sub-district from within Idleb governorate"
            return place, str(inner), None, False
        if origin or (place and place != inner and not contains(place, str(inner))):
            return None
        return str(inner), inner if not topic.stock else None, None, False
    from_context = False
    if place is None and part.subset and whole is not None:
        place = whole.place_code
    if _SAME_PLACE.search(sentence.lower, part.start, part.end):
        if place is None or origin:
            return None
        return place, place, None, False
    if place is None and origin is not None:
        if topic.stock:
            return None
        if topic.group == "IDP_DEP":
            return origin, None, None, False
        words = sentence.lower[part.start : part.end]
        received = _receiver(sentence)
        if received and not re.search(r"\b(?:displaced|fled|left|moved|fleeing)\b", words):
            return received, origin, None, False
        if part.elided:
            # "5,000 arrived in Idleb and 2,000 from Hama": only a move before it says where to.
            moved = whole is not None and whole.origin_code not in (None, whole.place_code)
            return (whole.place_code, origin, None, False) if moved and whole else None
        if topic.group == "IDP_ARR" and topic.unit != "movements":
            # "2,900 people arrived from Hama governorate": to where the report is of.
            place = whole.place_code if whole is not None else context.place
            good = place is not None and place != origin and not contains(place, origin)
            return (str(place), origin, None, True) if good else None
        if _DIVIDES.search(sentence.lower, 0, part.number.start) or any(
            m.end <= part.number.start and m.role != "from" for m in sentence.mentions
        ):
            return None  # they went to where the others of the sentence are
        place = str(places.codes(origin)["location_code"])
        return (place, origin, None, False) if place == "SYR" and origin != "SYR" else None
    if place is None:
        if sentence.mentions or context.place is None or of_a_corner(sentence.lower):
            return None
        inner = None if context.series else just_named(context)
        if inner and not _DISPLACEMENT.search(context.preceding):
            return None  # of the title's place, or of the one just named
        if inner is None and topic.stock and not context.series and _just_named_several(context):
            return None  # "more than 99,000 remained displaced", in those governorates
        place, from_context = inner or context.place, True
    if places.codes(place)["location_code"] != "SYR" and topic.group != "PIN":
        return None
    return place, origin, None, from_context


def just_named(context: Context) -> str | None:
    """The one place inside the title's that the sentence before named, if it named no other."""
    codes = {mention.code for mention in find(context.preceding, [])}
    code = next(iter(codes)) if len(codes) == 1 else None
    inside = code is not None and context.place is not None and lies_within(context.place, code)
    return code if inside else None


def _just_named_several(context: Context) -> bool:
    """Whether the sentence before named places inside the title's."""
    named = [code for mention in find(context.preceding, []) for code in mention.codes]
    return context.place is not None and any(lies_within(context.place, code) for code in named)


_CORNER: Final = re.compile(
    r"\bin[ \n]the[ \n](?:far[ \n])?(?:north|south|east|west)\w*"
    r"|\b(?:in|on|across|along)[ \n](?:the[ \n])?(?:syrian[ \n])?coast(?:al)?\b"
)


def of_a_corner(lower: str) -> bool:
    """Whether a sentence is of a part of the country that it names by its corner alone."""
    return _CORNER.search(lower) is not None


_DISPLACES: Final = re.compile(r"\bdisplaces?\b", re.IGNORECASE)


def is_of_a_part(line: str, context: Context) -> bool:
    """Whether a line is a headline on a part of the title's place, and what follows may be too.

    As in "Attacks in the north-west displace 210,000 people".
    """
    return bool(_DISPLACES.search(line) and just_named(replace(context, preceding=line)))


def _receiver(sentence: Sentence) -> str | None:
    """The place that "received", where it opens the sentence."""
    first = sentence.mentions[0]
    receives = re.match(
        r"[ \n](?:\w+[ \n]){0,2}(?:receiv(?:e|ed|es|ing)|hosted|saw|recorded)\b",
        sentence.lower[first.end :],
    )
    return first.code if first.role == "none" and receives else None


def _across_the_border(
    sentence: Sentence,
    part: Part,
    topic: Topic,
    place: str | None,
    origin: str | None,
    within: Iterable[str | None],
) -> Located | None:
    """Refugees: the place is where they are, or for returns where they returned to."""
    if place is None and origin is not None:
        # "… returned to Syria from Lebanon and 9,870 from Jordan"
        ends = {m.code for m in sentence.mentions if m.role == "at"}
        place = next(iter(ends)) if len(ends) == 1 else None
        if not ends and topic.group == "RET" and "syrian" in part.counted.words:
            place = "SYR"  # where Syrians who returned from a country of asylum are
    if within or place is None:
        return None
    country = str(places.codes(place)["location_code"])
    if topic.group == "REF":
        if country in ("SYR", "ALL") or place.startswith("X-") or origin not in (None, "SYR"):
            return None
        if place != country and (part.number.value or 0) >= OF_A_COUNTRY:
            return None  # "Ankara, which hosts 3.6 million refugees" is the government
        return place, "SYR", country, False
    if country != "SYR":
        return None
    if origin is not None:
        asylum = str(places.codes(origin)["location_code"])
        if origin != asylum or asylum == "SYR":
            return None
        return place, "SYR", asylum, False
    return place, "SYR", "ALL", False


def _finest(codes: Sequence[str]) -> list[str] | None:
    """The one place that several names narrow down to; None where they are apart."""
    around = {c for c in codes for o in codes if c in places.region_parts() and lies_within(c, o)}
    finest = innermost([c for c in codes if c not in around])
    return [finest] if finest else (None if codes else [])
