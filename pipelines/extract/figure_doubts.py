"""What puts a figure in doubt once its place and time are read. Pure; English.

Each rule looks at the sentence that a figure was read from: what it says beside the number would
give the figure another meaning than its columns.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Final

from pipelines.extract.claim_reading.where import FROM_SEVERAL
from pipelines.extract.model import Statement
from pipelines.extract.periods import MONTH_NAMES
from pipelines.extract.places import find, lies_within

_CAME_BACK: Final = frozenset({"RDP", "RET"})
_BY_AN_EVENT: Final = re.compile(
    r"[\s\w,()]{0,40}?\b(?:are|were|remain(?:ed)?|have[ \n]been)[ \n](?:\w+[ \n])?displaced[ \n]"
    r"(?:due[ \n]to|because[ \n]of|as[ \n]a[ \n]result[ \n]of|by|following|after"
    r"|in[ \n]the[ \n]wake[ \n]of)[ \n](?!(?:the[ \n])?(?:\w+[ \n])?(?:war|conflict|crisis)\b)",
    re.IGNORECASE,
)
_FROM_HERE: Final = re.compile(r"\bdisplaced[ \n]from[ \n](?:[^.;:]*)\($", re.IGNORECASE)
"""Before a number in brackets behind its place: they are no longer there."""
_PEOPLE_FROM: Final = re.compile(
    r"[ \n](?:internally[ \n]displaced[ \n]|displaced[ \n])?"
    r"(?:people|persons|idps|families|individuals)(?:[ \n]\(idps\))?[ \n]from[ \n]",
    re.IGNORECASE,
)
"""Behind a number: where they are stands elsewhere."""
_TO: Final = re.compile(r"\b(?:to|into|towards|in|within|across)\b", re.IGNORECASE)
_SINCE_DISPLACED: Final = re.compile(
    r"\bwho[ \n](?:were|was|had[ \n]been|have[ \n]been)[ \n](?:\w+[ \n])?displaced[ \n]since\b",
    re.IGNORECASE,
)
_OF_BOTH_KINDS: Final = re.compile(
    r"\b(?:idp|internal)s?[ \n]and(?:/or[ \n]|[ \n])refugee[ \n]return", re.IGNORECASE
)
_WITH_REFUGEES: Final = re.compile(
    r"\b(?:including|of[ \n]whom|among[ \n]them)\b.*\b(?:refugees"
    r"|from[ \n](?:abroad|(?:other|neighbou?ring)[ \n]countries))\b",
    re.IGNORECASE | re.DOTALL,
)
"""Behind a number of people who came back: some of them from another country."""
_OF_THOSE_IN_NEED: Final = re.compile(
    r"\bof[ \n](?:the[ \n]|these[ \n]|those[ \n])?(?:[\d.,]+[ \n]?(?:million|m|k|thousand)?[ \n])?"
    r"(?:people[ \n]|persons[ \n])?in[ \n]need,[ \n]",
    re.IGNORECASE,
)
"""Opens a sentence that divides those in need; the displaced among them are not all of them."""
_WHO_IS_IN_NEED: Final = re.compile(
    r"\bin[ \n]need(?:[ \n]of[ \n][\w ]{1,40})?,[ \n]of[ \n]whom\b", re.IGNORECASE
)
_ANOTHER_TIME: Final = re.compile(
    r"\b(?<!since[ \n]the[ \n])(?:end|beginning|start|middle)"
    r"[ \n]of[ \n](?:the|that|last)[ \n](?:year|month)\b"
    r"|\blast[ \n](?:year|month)\b|\b(?:year|month)[ \n](?:ago|earlier|before)\b",
    re.IGNORECASE,
)
_EVENT_ON: Final = re.compile(
    r"\b(?:operations?|offensives?|attacks?|hostilities|escalation|earthquakes?|fighting|clashes"
    r"|onset|air ?strikes?|shelling|groups|forces)[ \n](?:[^.;]{0,80}?[ \n])?on[ \n]\d{1,2}[ \n]\w+"
    r"[ \n,\d]{1,8}(?:has|have|had|displac|forc|caus|trigger|led|prompt|result)",
    re.IGNORECASE,
)
_WHOLE_OF_A_PART: Final = re.compile(
    r"\d[\d.,]*(?:[ \n](?:million|thousand))?[ \n]of[ \n](?:the|these|those|all)[ \n]$",
    re.IGNORECASE,
)
"""Before the whole of which another number is a part: the place is the part's."""
_AFTER_AN_EVENT: Final = re.compile(
    rf"\b(?:following|after)[ \n][^.;,\d]{{0,60}}\bin[ \n](?:{'|'.join(MONTH_NAMES)})\b",
    re.IGNORECASE,
)
_FROM_ONE_PLACE: Final = re.compile(
    r"\b(?:majority|most|many|half|part)[ \n]of[ \n](?:which|whom|them|these)[ \n]"
    r"[^.;,\d]{0,40}\bfrom\b",
    re.IGNORECASE,
)
"""Behind a number: tells where most of them came from, and not all."""
_MOST_OF_THEM: Final = re.compile(
    r"[^.;\d]{0,60},[ \n](?:the[ \n])?(?:great[ \n]|vast[ \n]|large[ \n])?(?:majority|most)[ \n]"
    r"of[ \n](?:which|whom|them|these)\b",
    re.IGNORECASE,
)
_OUTSIDE_CAMPS: Final = re.compile(r"\bnon-?camp\b", re.IGNORECASE)
_BACK_HOME: Final = re.compile(
    r"[ \n](?:people|persons|individuals|families)[ \n][^.;,]{0,30}\bto[ \n]their[ \n]",
    re.IGNORECASE,
)
_ACROSS_A_BORDER: Final = re.compile(
    r"syria|abroad|countr|border|refugee|leban|jordan|iraq|egypt|t[üu]rk", re.IGNORECASE
)
_OF_THEM: Final = re.compile(
    r"\W*of[ \n](?:which|whom|these|them|those)\b(?![ \n](?:displaced|who)\b)", re.IGNORECASE
)
"""Opens a sentence that divides the people of the one before it."""
_NEWLY: Final = re.compile(
    r"[^.;,\d]{0,40}\bremain(?:s|ed)?[ \n](?:\w+[ \n])?newly[ \n]displaced\b", re.IGNORECASE
)
"""Of people displaced lately, among all who are displaced there."""
_IN_A_CORNER: Final = re.compile(
    r"[^.;,\d]{0,40}\bin[ \n]the[ \n](?:far[ \n])?(?:north|south|east|west|centre|center)"
    r"(?:-?(?:east|west))?(?:ern)?"
    r"(?![ \n]of[ \n](?:the[ \n]country|syria))"
    r"(?:[ \n](?:of|and|part|parts|countryside|areas?)\b|[.,;)]|$)",
    re.IGNORECASE,
)
"""Behind a number: they are in one corner of the place that its sentence names."""
_IN_OTHERS: Final = re.compile(
    r"[^.;,\d]{0,60}\b(?:in|across|to|into)[ \n](?:all[ \n])?(?:the[ \n])?"
    r"(?:other|remaining|rest[ \n]of)\b"
    r"(?![ \n](?:parts[ \n]of[ \n]the|(?:neighbou?ring[ \n])?countries))",
    re.IGNORECASE,
)
"""Behind a number: of the places that the sentence does not name."""
_IN_SHELTERS: Final = re.compile(
    r"[^.;,\d]{0,60}\b(?:in|at|across|by)[ \n](?:the[ \n]|some[ \n]|over[ \n])?\d[\d,]*[ \n]"
    r"(?:\w+[ \n]){0,3}?(?:collective[ \n]cent|shelters?|camps?|sites?|settlements?|schools)",
    re.IGNORECASE,
)
"""Behind a number: of those in so many sites alone."""
_REGISTERED: Final = re.compile(
    r"(?<!are[ \n])(?<!were[ \n])(?<!been[ \n])(?<!\ba[ \n])"
    r"\bregister(?:ed|s|ing)[ \n](?:\w+[ \n]){0,2}$",
    re.IGNORECASE,
)
"""Before those whom somebody registered in a time, who are not all that are there."""
_A_MONTH: Final = 31
"""Days at most in which a stock is counted."""
_TOO_FEW: Final = 100
"""A smaller number of those displaced is of a shelter or a village, and not of a governorate."""
_GOVERNORATE: Final = len("SY07")
_BEFORE_AN_EVENT: Final = re.compile(
    rf"\b(?:before|prior[ \n]to)[ \n](?:the|a|an|last)[ \n][^.;,\d]{{0,60}}\bin[ \n]"
    rf"({'|'.join(MONTH_NAMES)})\b",
    re.IGNORECASE,
)
"""A month that is that of an earthquake, say, and not of the count before it."""
_FLED: Final = re.compile(r"\b(?:fled|fleeing|flee)\b", re.IGNORECASE)
_WITHIN: Final = re.compile(
    r"\bhomes?\b|\bdisplac|\bsyria\b|\bwithin\b|\binside\b"
    r"|\b(?:in|across)[ \n]the[ \n]country\b",
    re.IGNORECASE,
)
"""Says of people who fled that they are still in the country, or were displaced in it."""
_OUT_OF_IT: Final = re.compile(
    r"[^.;,\d]{0,80}\b(?:to|into)[ \n](?:the[ \n]|other[ \n])*"
    r"(?:neighbou?ring|host)[ \n]countries\b"
    r"|[^.;,\d]{0,40}\b(?:fled|gone|left)[ \n]abroad\b|[^.;,\d]{0,40}\bbecome[ \n]refugees\b",
    re.IGNORECASE,
)
"""Behind people displaced: they are in another country now."""
_GOES_ON: Final = re.compile(r"[ \n](?:while|and|whereas|but)[ \n]", re.IGNORECASE)
"""Goes on with others than those counted before it."""
_MONTH: Final = re.compile(rf"\b({'|'.join(MONTH_NAMES)})\b(?:[ \n]\d{{4}})?", re.IGNORECASE)
_AND: Final = re.compile(
    r",?[ \n](?:and|to|until|till|through)[ \n](?:(?:early|mid|late)[ \n-])?", re.IGNORECASE
)


def undoubted(found: Sequence[Statement], text: str, published_on: date | None) -> list[Statement]:
    """The figures without those that their own sentence, or another of the text, puts in doubt."""
    of_one_host = _is_of_one_host(text, found)
    found = [_wherever_most_came_from(one) for one in found]
    found = [one for one in found if not _told_of_a_longer_time(one, found)]
    found = [one for one in found if not _part_of_others(one, text)]
    kept = [
        one
        for one in found
        if not _ahead_of(one, published_on)
        and not _may_be_of_one_host(one, text_is=of_one_host)
        and not any(doubts(one) for doubts in _DOUBTS)
    ]
    wider = set(_told_of_a_nearer_place(kept))
    return [one for one in kept if one.evidence_start not in wider]


_HOSTS: Final = tuple(
    re.compile(rf"\b{name}", re.IGNORECASE)
    for name in ("t[uü]rk(?:ey|iye|ish)", "leban", "jordan", "iraq", "egypt")
)
"""The countries in which most refugees from Syria live, and what is theirs."""


def _is_of_one_host(text: str, found: Sequence[Statement]) -> bool:
    """Whether a text names one country of asylum, and tells no returns from it apart."""
    told = any(one.population_group == "RET" and one.asylum_location_code != "ALL" for one in found)
    return not told and _names_one_host(text)


def _names_one_host(text: str) -> bool:
    return sum(name.search(text) is not None for name in _HOSTS) == 1


def _may_be_of_one_host(one: Statement, *, text_is: bool) -> bool:
    """Whether returns from all countries may be those from the one that text or sentence name."""
    if one.asylum_location_code != "ALL" or FROM_SEVERAL.search(one.evidence):
        return False
    return text_is or _names_one_host(one.evidence)


def _ahead_of(one: Statement, published_on: date | None) -> bool:
    """Whether people would be somewhere after the report; needs alone are told ahead."""
    ahead = published_on is not None and one.reference_period_start > published_on
    return ahead and one.population_group != "PIN"


def _wherever_most_came_from(one: Statement) -> Statement:
    """The figure without an origin that its sentence tells of most of them, and not of all.

    "34,900 movements in Idleb, the great majority of which was displacement within Idleb".
    """
    if one.origin_code is None or not _MOST_OF_THEM.match(one.evidence, _end(one)):
        return one
    return replace(one, origin_code=None)


def _told_of_a_longer_time(one: Statement, found: Sequence[Statement]) -> bool:
    """Whether another sentence counts the same people since a day, and this one in a month of it.

    "Due to the escalation in December, 312,000 were displaced" beside "since 1 December".
    """
    return one.measure == "flow" and any(
        other.cumulative_since is not None
        and (other.value, other.population_group, other.unit, other.place_code)
        == (one.value, one.population_group, one.unit, one.place_code)
        and other.cumulative_since <= one.reference_period_start
        and (one.reference_period_end or date.max) < (other.reference_period_end or date.max)
        for other in found
    )


def _part_of_others(one: Statement, text: str) -> bool:
    """Whether a sentence divides people whom the one before it places elsewhere.

    "Across northern Syria 169,000 were displaced. Of which 100,000 in May" is not of the title's
    governorate.
    """
    if not _OF_THEM.match(one.evidence) or find(one.evidence, []):
        return False
    before = re.split(r"(?<=[.!?])\s+|\n", text[: one.evidence_start].rstrip())[-1]
    named = {code for mention in find(before, []) for code in mention.codes}
    return bool(named) and one.place_code not in named


def _displaced_by_an_event(one: Statement) -> bool:
    """Whether a number is of those whom one event displaced, and not of all displaced there."""
    if not _is_idp_stock(one):
        return False
    newly = _NEWLY.match(one.evidence, _end(one)) is not None
    return newly or _BY_AN_EVENT.match(one.evidence, _end(one)) is not None


def _displaced_from_its_place(one: Statement) -> bool:
    """Whether those at a place are those displaced from it: "displaced from Idleb (4,100)"."""
    if not _is_idp_stock(one):
        return False
    if one.origin_code is None and _PEOPLE_FROM.match(one.evidence, _end(one)):
        return True
    ahead = _FROM_HERE.search(_ahead(one))
    return ahead is not None and _TO.search(ahead.group()) is None


def _since_they_were_displaced(one: Statement) -> bool:
    """Whether returns would run since the day of the displacement, and not of the first return."""
    came_back = one.population_group in _CAME_BACK and one.cumulative_since is not None
    return came_back and _SINCE_DISPLACED.search(one.evidence) is not None


def _of_idps_and_refugees(one: Statement) -> bool:
    """Whether a number of returns is of both groups, which have a figure each."""
    if one.population_group == "RDP" and _WITH_REFUGEES.search(one.evidence, _end(one)):
        return True
    return one.population_group in _CAME_BACK and _OF_BOTH_KINDS.search(one.evidence) is not None


def _of_those_in_need(one: Statement) -> bool:
    """Whether a number divides those in need, whose time stands elsewhere."""
    part = one.population_group != "PIN" and _WHO_IS_IN_NEED.search(_ahead(one)) is not None
    return part or _OF_THOSE_IN_NEED.search(one.evidence) is not None


def _at_another_time(one: Statement) -> bool:
    """Whether its sentence names a time by another, and the figure has that of the report."""
    lent = "period_from_context" in one.caveats
    return lent and _ANOTHER_TIME.search(one.evidence) is not None


def _most_of_them_from(one: Statement) -> bool:
    """Whether all would come from where most of them do."""
    behind = one.evidence[_end(one) :].partition(",")[0]
    return one.origin_code is not None and _FROM_ONE_PLACE.search(behind) is not None


def _of_those_outside_camps(one: Statement) -> bool:
    """Whether a number is of refugees outside camps alone, which no category says."""
    return one.population_group == "REF" and _OUTSIDE_CAMPS.search(one.evidence) is not None


def _in_a_corner_of_its_place(one: Statement) -> bool:
    """Whether people are in one corner of the governorate or district that they are placed in."""
    region = one.place_code.startswith("X-") or one.place_code == "SYR"
    return not region and _IN_A_CORNER.match(one.evidence, _end(one)) is not None


def _of_other_places(one: Statement) -> bool:
    """Whether a number is of the places that its sentence leaves unnamed."""
    others = _IN_OTHERS.match(one.evidence, _end(one))
    return others is not None and not find(others.group(), [])


def _of_shelters_alone(one: Statement) -> bool:
    """Whether all at a place would be those in so many of its shelters."""
    counted = one.measure == "stock" and one.category is None
    return counted and _IN_SHELTERS.match(one.evidence, _end(one)) is not None


def _registered_in_a_time(one: Statement) -> bool:
    """Whether refugees present would be those whom somebody registered in more than a month."""
    first, last = one.reference_period_start, one.reference_period_end
    long = last is not None and (last - first).days > _A_MONTH
    stock = (one.population_group, one.measure) == ("REF", "stock")
    return stock and long and _REGISTERED.search(_ahead(one)) is not None


def _of_returns_at_a_date(one: Statement) -> bool:
    """Whether returns of refugees would be there at a date; they are counted over a time."""
    return one.population_group == "RET" and one.measure == "stock"


def _home_from_nearby(one: Statement) -> bool:
    """Whether people who came "back to their homes" would be refugees by another sentence alone."""
    if one.population_group != "RET" or _BACK_HOME.match(one.evidence, _end(one)) is None:
        return False
    around = one.evidence[_end(one) :] + _ahead(one)[-60:]
    return _ACROSS_A_BORDER.search(around) is None


def _of_a_shelter(one: Statement) -> bool:
    """Whether a governorate or a country would have hardly any displaced people."""
    small = _is_idp_stock(one) and one.value < _TOO_FEW
    return small and len(one.place_code) <= _GOVERNORATE


def _whole_of_a_part(one: Statement) -> bool:
    """Whether a number is that of all, of whom its sentence places a part."""
    return _WHOLE_OF_A_PART.search(_ahead(one)) is not None


def _in_the_month_of_an_event(one: Statement) -> bool:
    """Whether all would have moved in the month of what they moved after."""
    return one.measure == "flow" and _AFTER_AN_EVENT.search(one.evidence) is not None


def _told_of_before_an_event(one: Statement) -> bool:
    """Whether the month is that of an event, and the number is of the time before it."""
    event = _BEFORE_AN_EVENT.search(one.evidence)
    months = {MONTH_NAMES.index(event[1].lower()) + 1} if event else set()
    return one.reference_period_start.month in months


def _fled_abroad(one: Statement) -> bool:
    """Whether people displaced in Syria as a whole may have left it: "1.7 million fled in 2013"."""
    if one.population_group != "NEWDISP" or one.place_code != "SYR":
        return False
    out = _OUT_OF_IT.match(one.evidence, _end(one))
    if out is not None and not _GOES_ON.search(out.group()):
        return True
    return _FLED.search(one.evidence) is not None and _WITHIN.search(one.evidence) is None


def _on_the_day_of_an_event(one: Statement) -> bool:
    """Whether all would have moved on the day on which the event began that displaced them."""
    one_day = one.measure != "stock" and one.reference_period_start == one.reference_period_end
    return one_day and _EVENT_ON.search(_ahead(one)) is not None


def _of_fewer_months_than_told(one: Statement) -> bool:
    """Whether the sentence joins two months, and the figure's time has only one of them."""
    if one.measure == "stock":
        return False
    months = list(_MONTH.finditer(one.evidence))
    for first, last in pairwise(months):
        if _AND.fullmatch(one.evidence, first.end(), last.start()):
            named = {MONTH_NAMES.index(m[1].lower()) + 1 for m in (first, last)}
            if not named <= set(_months_of(one)):
                return True
    return False


_DOUBTS: Final[Sequence[Callable[[Statement], bool]]] = (
    _displaced_by_an_event,
    _displaced_from_its_place,
    _since_they_were_displaced,
    _of_idps_and_refugees,
    _of_those_in_need,
    _at_another_time,
    _most_of_them_from,
    _of_those_outside_camps,
    _in_a_corner_of_its_place,
    _of_other_places,
    _of_shelters_alone,
    _registered_in_a_time,
    _of_returns_at_a_date,
    _home_from_nearby,
    _of_a_shelter,
    _whole_of_a_part,
    _on_the_day_of_an_event,
    _in_the_month_of_an_event,
    _told_of_before_an_event,
    _fled_abroad,
    _of_fewer_months_than_told,
)


def _told_of_a_nearer_place(found: Sequence[Statement]) -> Iterator[int]:
    """Where the sentences begin whose number another tells of a narrower place.

    A highlight repeats "190,081 since 1 April" under the title's region, where the text says it of
    one governorate.
    """
    same: dict[tuple[int, str, str], list[Statement]] = defaultdict(list)
    for one in found:
        same[one.value, one.population_group, one.unit].append(one)
    for told in same.values():
        places = {one.place_code for one in told}
        wider = {place for place in places if any(lies_within(place, other) for other in places)}
        yield from (one.evidence_start for one in told if one.place_code in wider)


def _months_of(one: Statement) -> Iterator[int]:
    """The months of a figure's time; all of them where it is open or longer than a year."""
    first, last = one.reference_period_start, one.reference_period_end
    if last is None:
        yield from range(1, 13)
        return
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    yield from ((first.month - 1 + step) % 12 + 1 for step in range(min(count, 12)))


def _is_idp_stock(one: Statement) -> bool:
    return (one.population_group, one.measure) == ("IDP", "stock")


def _ahead(one: Statement) -> str:
    return one.evidence[: one.value_start - one.evidence_start]


def _end(one: Statement) -> int:
    return one.value_end - one.evidence_start
