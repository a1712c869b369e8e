"""Which claims may become a figure: those of which nothing is in doubt. Pure."""

import re
from dataclasses import replace
from typing import Final

from data.analysis.claims import Claim
from pipelines.extract import doubt
from pipelines.extract.claim_reading.model import ClaimContext, Clause, ParsedSentence
from pipelines.extract.claim_reading.topics import OTHERS_NEED
from pipelines.extract.claim_reading.when import CAME_BACK
from pipelines.extract.claim_reading.where import (
    COUNTRYWIDE,
    heads,
    narrowest_place,
    place_or_region,
)
from pipelines.extract.numbers import is_bound
from pipelines.extract.prose import blanked
from pipelines.extract.statement_reading.where import just_named, of_a_corner

_ACTED: Final = (
    *("protection", "displaced", "returned", "arrived", "left", "stays", "remain", "present"),
    "need",
)
_PLAIN_NOUNS: Final = frozenset({"moves", "displacements", "returns", "refugees"})
_COUNTED: Final = re.compile(
    r"\b(?:counted|registered|reported|observed|monitored|tracked|recorded|took place|occurred"
    r"|followed|saw|reached|highest|received|stood)\b"
)
_BETWEEN: Final = re.compile(
    r"\b(?:between|within and|and within)\b"
    r"|\bidl[ei]b[ \n]and[ \n](?:\w+[ \n])?aleppo\b|\baleppo[ \n]and[ \n](?:\w+[ \n])?idl[ei]b\b"
)
"""Makes one region of the two; "from Idleb to Aleppo" does not."""
COUNTRY: Final = 3
"""Letters of a country's code."""
_ABOUT_THEN: Final = re.compile(r"\bsince[ \n](?:early|mid|late)\b", re.IGNORECASE)
_BROUGHT: Final = re.compile(r"\bbringing\b")
_IN_TENTS: Final = re.compile(r"\bin[ \n](?:\w+[ \n])?tents\b")
_OF_ANOTHER_TIME: Final = re.compile(
    r"\b(?:compared[ \n](?:to|with)|(?:up|down)[ \n]from)\b|,[ \n]from[ \n]$"
)
_PRESENT: Final = re.compile(
    r"[ \n](?:(?:people|persons)[ \n])?(?:of[ \n]whom[ \n]|of[ \n]them[ \n]|who[ \n])?"
    r"(?:in[ \n]total[ \n])?(?:now[ \n])?"
    r"(?:are|were|remain|remained)[ \n]"
    r"(?:still[ \n])?(?:(?:internally[ \n])?displaced|in[ \n]displacement)\b"
)
_HOMES: Final = re.compile(r"\b(?:areas|communities|places)[ \n]of[ \n]origin\b")
_OF_THE: Final = re.compile(r"[ \n](?:out[ \n])?of[ \n](?:the[ \n])?\d")
"""Behind a number that is a part of another: "2.7 million of the 4.1 million people"."""
_EXPECTED_NEED: Final = re.compile(
    r"\b(?:are[ \n](?:expected|projected|estimated)[ \n]to|will)"
    r"(?=[ \n](?:require|need|be[ \n]in[ \n]need)\b)"
)
_NEEDS_BEHIND: Final = re.compile(
    r"(?:,|[ \n]who|[ \n]and)[ \n](?:[\w'-]+[ \n]){0,6}?(?:in[ \n]need|needs?)\b"
    r"(?:[ \n]of[ \n]humanitarian[ \n](?:aid|assistance))?"
)
"""Behind the displaced: goes on to say that they, or others, are in need."""
_BY_SHARE: Final = re.compile(
    r"\b\w+[ \n]by[ \n]\d[\d.]*[ \n]?(?:%|per[ \n]?cent|percent)[ \n]to[ \n]$"
)
_BESIDE: Final = re.compile(r"[ \n]?[(:][ \n]?")
_HOME_TO: Final = re.compile(
    r",?[ \n](?:(?:which|that)[ \n])?(?:is[ \n](?:\w+ly[ \n])?)?"
    r"(?:home[ \n]to|hosts|hosting|accommodates|accommodating)[ \n](?:a[ \n]total[ \n]of[ \n])?"
)
"""Between a place and the number of those it hosts, whatever stands before it."""
_NUMBER_OF: Final = re.compile(r"\bnumber[ \n]of[ \n](?:\w+[ \n]){0,2}(?:syrians|refugees)\b")
_IN_BRACKETS: Final = re.compile(r"\(within and between aleppo and idleb governorates\)")
"""What OCHA's series calls the north-west."""
_WITH: Final = re.compile(r"with[ \n]")
_LABEL_AHEAD: Final = re.compile(
    r"(?:[\s,;:()–-]|\b(?:and|in|a|total|of|which|whom|including|with|counted|found|recorded|largest|highest|numbers|were|followed|alone|newly|iom|dtm|ocha"
    r"|overall|idps?|internally|displaced|people|persons|syrian|registered|refugees|camps?|sites?"
    r"|population|hosts|has|had|estimates|estimated|the|number)\b)*"
)
_LABEL_BEHIND: Final = re.compile(
    r"(?:[\s,;:.()–-]|\b(?:and|in|across|of|as|living|camps?|sites?|people|persons|idps?|displacement|informal|at"
    r"|inside|were|are|counted|recorded|registered|identified|found|present"
    r"|un|unhcr|iom|ocha|idmc|hnap|usg)\b)*"
)
_THAN_IN: Final = re.compile(r"\bthan[ \n](?:in|during)\b[^.;]{0,60}$")
"""Before a number of the time compared with: "than in the whole of that year, some 4,000"."""
_SO_FAR: Final = re.compile(r"\b(?:to[ \n]date|so[ \n]far)\b")
_TO_PLACES: Final = re.compile(r"\b(?:were|was)[ \n]to[ \n]")
_FOLLOWED_BY: Final = re.compile(r",?[ \n]?followed[ \n]by[ \n]")
"""Before the next number of a list, which is compared with none."""
_FURTHER: Final = re.compile(r"\b(?:another|(?:a|some)[ \n]further|an[ \n]additional)[ \n]$")
_AT_THE_TIME: Final = re.compile(r"\bat[ \n]the[ \n]time\b")
"""A time that another sentence tells, or none."""
_MOST: Final = re.compile(
    r"(?<!the )\bmost\b"
    r"(?!,| (?:recent|protracted|severe|complex|vulnerable)\b| of the [\w ]{1,30}\($)"
)


def is_sure(claim: Claim, context: ClaimContext, *, handed: bool) -> bool:
    """Whether nothing of a claim is in doubt, so that a person may decide to publish it.

    Its noun and verb stand with it, its place in its own words or in the title, its time in its
    sentence or in the title; no word puts it in doubt, and no place is named that no table has.
    """
    clause, sentence, last = context.clause, context.sentence, context.last
    number, words = clause.number, sentence.text
    if claim.measure == "stock" and _SO_FAR.search(sentence.lower, clause.start, clause.end):
        return False  # registered until then, and perhaps not there any more
    if _THAN_IN.search(sentence.lower[: number.phrase_start], clause.start):
        return False
    if claim.group is None or claim.place is None or number.value is None:
        return False
    if number.high is not None or words.endswith("?") or is_bound(sentence.lower, number):
        return False
    # Where the places stand beside it, "each" hands the number out and takes nothing from it.
    lower = sentence.lower.replace("each", "    ") if handed else sentence.lower
    if claim.measure != "flow":
        # The needs of a year are told ahead of it.
        lower = _EXPECTED_NEED.sub(_blank, lower) if claim.group == "PIN" else lower
        # A stock, or a count since a day, is brought to a number; a flow is only added to.
        lower = _BROUGHT.sub(_blank, lower)
    if level := _BY_SHARE.search(lower[: number.phrase_start]):
        lower = blanked(lower, [level.span()])
    compared = _OF_ANOTHER_TIME.search(lower[: number.phrase_start], clause.start)
    compared = compared if _time_behind(clause, sentence) else None
    if compared is not None:
        lower = blanked(lower, [compared.span()])
    further = _FURTHER.search(lower[: number.phrase_start], clause.start)
    if further is not None and _stands_alone(claim, context):
        lower, words = (blanked(text, [further.span()]) for text in (lower, words))
    start = clause.start
    if context.beside_its_place:
        # "…, more than half to Ghandorah (2,006)": what stands before the comma is of another.
        start = max(start, lower.rfind(",", start, number.start) + 1)
    if listed := _FOLLOWED_BY.match(lower, start):
        start = listed.end()
    if doubt.doubtful(words, lower, number, (start, clause.end), clause.noun_end):
        return False
    part_end = min(clause.end, number.phrase_end + len(" of them"))
    if last is not None and sentence.says("subset", clause.start, part_end) and _same(claim, last):
        return False  # what makes a part smaller than its whole has no column
    follows = last is not None and last.strict and last.group == claim.group
    if _wants_more_words(claim, context, follows=follows):
        return False
    meant = (
        _meant(claim, context, follows=follows)
        or (handed and _handed_moves(context))
        or _shares_a_verb(context)
        or _goes_on(claim, context)
        or (claim.group in ("IDP", "NEWDISP", "REF") and _label(context))
    )
    if not meant:
        return False
    if not _placed_surely(claim, context, follows=follows, handed=handed):
        same_place = last is not None and last.place == claim.place
        if compared is None or not follows or not same_place:
            return False
    return _timed_surely(claim, context, follows=follows)


def _wants_more_words(claim: Claim, context: ClaimContext, *, follows: bool) -> bool:
    """Whether a claim of its group needs words that the sentence does not have."""
    clause, sentence, around = context.clause, context.sentence, context.around
    last = context.last
    mine = doubt.bearing(
        sentence.lower, clause.start, clause.end, max(clause.noun_end, clause.number.end)
    )
    if (
        claim.group in ("REF", "RET")
        and "syria" not in sentence.lower
        and not (last and last.strict)
        and not (claim.group == "RET" and around.abroad)
    ):
        return True
    if claim.group == "PIN" and clause.noun == "idps":
        return True  # of the displaced those in need, who are no figure of either
    if claim.group == "IDP" and doubt.ROSE_TO.search(mine):
        return True
    within = around.series or follows or context.sentence_says("idps")
    within = within or _HOMES.search(sentence.lower) is not None
    if claim.group == "RDP" and not (within or context.sentence_says("spontaneous")):
        return True  # nothing says that they came back from within the country
    of_idps = context.says("idps") or follows or claim.origin
    if claim.group == "IDP_ARR" and claim.unit == "families" and not of_idps:
        return True  # families arrive for other reasons too
    if _MOST.search(sentence.lower[clause.start : clause.number.start]):
        return True
    counted = _IN_TENTS.sub(_blank, mine)
    if claim.group == "IDP" and clause.own and clause.noun == "idps":
        counted = _NEEDS_BEHIND.sub(_blank, counted)
    if claim.group == "IDP" and OTHERS_NEED.match(sentence.lower, clause.noun_end):
        counted = counted[: max(clause.noun_end - clause.start, 0)]
    if claim.group != "PIN" and doubt.AID.search(counted):
        return True
    # A monthly table of moves counts moves, also where it says people.
    return around.series is not None and claim.measure == "flow" and claim.unit == "people"


def _handed_moves(context: ClaimContext) -> bool:
    """Whether a monthly report hands out its moves or returns: "received 1,400 and 1,300"."""
    counted = context.clause.noun in _PLAIN_NOUNS and context.around.series is not None
    return counted and context.sentence_says("arrived")


def _goes_on(claim: Claim, context: ClaimContext) -> bool:
    """Whether a verb says what they did, after a certain claim of the same sentence."""
    last = context.last
    return (
        context.says(*_ACTED)
        and last is not None
        and last.strict
        and not context.clause.own
        and last.sentence_start == claim.sentence_start
    )


def _shares_a_verb(context: ClaimContext) -> bool:
    """Whether it stands in a list: "1.2 million refugees and 1.9 million IDPs have returned"."""
    clause, lower = context.clause, context.sentence.lower
    return clause.own and any(
        lower[clause.noun_end : c.number.phrase_start].strip() in ("and", ", and")
        and replace(context, clause=c).says(*_ACTED)
        for c in context.clauses
    )


def _meant(claim: Claim, context: ClaimContext, *, follows: bool) -> bool:
    """Whether noun and verb leave no doubt of what is counted."""
    clause, sentence, around = context.clause, context.sentence, context.around
    acted = context.says(*_ACTED)
    if around.series and clause.own and clause.noun in ("arrivals", "departures"):
        return True
    plain = clause.noun in _PLAIN_NOUNS and (around.series or _COUNTED.search(sentence.lower))
    if claim.group == "PIN" and context.says("need"):
        return True
    if around.series and sentence.lower[: clause.number.phrase_start].endswith(": "):
        return True  # a line of the monthly series
    present = _PRESENT.match(sentence.lower, clause.number.phrase_end) is not None
    if _OF_THE.match(sentence.lower, clause.number.phrase_end):
        present = context.says("present")
    if (clause.own and (acted or plain)) or present:
        return True
    if around.series and context.beside_its_place and clause.noun in _PLAIN_NOUNS:
        # "71% of the 9,340 returns in March were to Dana (3,410)": the part is to the place.
        return _TO_PLACES.search(sentence.lower, 0, clause.number.start) is not None or (
            follows and not clause.own
        )
    ahead = sentence.lower[clause.start : clause.number.phrase_start]
    if claim.group == "REF" and clause.own and _NUMBER_OF.search(ahead):
        return True
    if follows and claim.group == "REF" and _own_country(claim, context):
        return True  # "Lebanon hosts 1.2 million Syrian refugees, Turkey follows with 830,000"
    listed = not clause.own or context.says("subset")
    return follows and (listed or clause.noun == "families")


def _own_country(claim: Claim, context: ClaimContext) -> bool:
    """Whether a number of refugees has the country that hosts them in its own words."""
    clause = context.clause
    mine = [m for m in context.sentence.exact if clause.start <= m.start < clause.end]
    return claim.measure == "stock" and any(m.codes == (claim.place,) for m in mine)


def _placed_surely(claim: Claim, context: ClaimContext, *, follows: bool, handed: bool) -> bool:
    """Whether the place is the text's own word for a whole area of the tables."""
    clause, clauses, around = context.clause, context.clauses, context.around
    if around.place:
        exact = heads(context, exact=True)
        context = replace(context, sentence=replace(context.sentence, exact=exact))
    sentence, last = context.sentence, context.last if follows else None
    mine = [m for m in sentence.exact if clause.start <= m.start < clause.end]
    number_start = clause.number.phrase_start
    both = claim.place == "X-SYR-ALEPPO-IDLEB"
    if both and not _BETWEEN.search(sentence.lower, clause.start, clause.end):
        return False
    if both and claim.origin not in (None, claim.place):
        return False  # "displaced from southern Idleb and western Aleppo": they are in neither
    if any(not m.codes for m in mine):
        return both or (
            claim.place == "X-SYR-NW" and _IN_BRACKETS.search(sentence.lower) is not None
        )
    inside = claim.group not in ("REF", "RET") and claim.origin is not None
    if inside and len(str(claim.place)) == COUNTRY and any(m.role != "from" for m in mine):
        return False  # where they came to is named, and not understood
    if handed:
        return True
    if claim.group == "RET" and claim.place == "SYR":
        return True  # of Syrians who came back it is the one country there is
    if _inside_syria(claim) and COUNTRYWIDE.search(sentence.lower, clause.start, clause.end):
        return True
    if any(
        claim.place in m.codes and _HOME_TO.fullmatch(sentence.lower, m.end, number_start)
        for m in mine
        if m.end <= number_start
    ):
        return True
    ats = [c for m in mine if m.role != "from" for c in m.codes]
    if len(ats) > 1 and narrowest_place(ats) is None and place_or_region(ats) != claim.place:
        return False
    if mine:
        named = {c for m in mine for c in m.codes}
        return both or bool({claim.place, claim.origin, claim.asylum} & named)
    if not sentence.exact and of_a_corner(sentence.lower):
        return False
    if around.titled and around.place == claim.place and _of_parts(context):
        return True
    if any(not m.codes for m in sentence.exact):
        return False
    fronted = [m for m in sentence.exact if m.end <= clauses[0].number.start]
    if len(fronted) == 1 == len(sentence.exact) and claim.place in fronted[0].codes:
        return True
    if any(
        m.end <= number_start
        and claim.place in m.codes
        and _BESIDE.fullmatch(sentence.lower, m.end, number_start)
        for m in sentence.exact
    ):
        return True  # "after Istanbul (561,000)"
    if clause.start == 0 and _WITH.match(sentence.lower):
        # "With 442,000 Syrians, Hatay hosts …"
        first = min(sentence.exact, key=lambda m: m.start)
        return first.start - clause.end <= len(", ") and claim.place in first.codes
    if {c for m in sentence.exact for c in m.codes} == {claim.place}:
        return all(m.role != "from" for m in sentence.exact)  # the one place of the sentence
    here = context.says("here")
    if here and claim.place in (around.lately, around.place, last.place if last else None):
        return True
    if not sentence.exact and around.place == claim.place:
        # After a sentence on a place inside the title's it is open which of the two is meant.
        return around.titled and (around.series is not None or just_named(around) is None)
    if not sentence.exact and around.named == {claim.place}:
        return True
    if not around.named and around.series and not sentence.exact and claim.place == "SYR":
        return True  # the monthly series is of the whole country
    return last is not None and context.says("subset") and last.place == claim.place


def _inside_syria(claim: Claim) -> bool:
    """Whether a claim is of the whole country, and of people within it."""
    return claim.place == "SYR" and claim.origin is None and claim.group not in ("REF", "RET")


def _same(part: Claim, whole: Claim) -> bool:
    """Whether two numbers of one sentence would be one figure with two values."""
    one, other = (
        (c.sentence_start, c.group, c.unit, c.place, c.origin, c.asylum, c.first, c.last, c.sites)
        for c in (part, whole)
    )
    return one == other


def _stands_alone(claim: Claim, context: ClaimContext) -> bool:
    """Whether "another 11,000" is a count of its own: of another place, in a time of its own.

    What moved in another month is one too, wherever it was.
    """
    clause, sentence, last = context.clause, context.sentence, context.last
    placed = any(clause.start <= m.start < clause.end for m in sentence.exact)
    dated = any(clause.number.end <= p.start < clause.end and p.first for p in sentence.times)
    if last is None or not dated:
        return False
    moved = last.strict and last.measure == claim.measure == "flow"
    if moved and last.group == claim.group and (last.first, last.last) != (claim.first, claim.last):
        return True
    return placed and (last.place, last.origin) != (claim.place, claim.origin)


def _of_parts(context: ClaimContext) -> bool:
    """Whether every place of the sentence is that of a part given later."""
    later = context.later_parts
    return bool(later) and all(m.start >= later[0].start for m in context.sentence.exact)


def _label(context: ClaimContext) -> bool:
    """Whether a number stands as a label ("2.9M IDPs", "Dana: 4,100").

    So it does with its source: "3.6 million Syrian refugees in Turkey, UNHCR – April 2018".
    """
    clause, sentence = context.clause, context.sentence
    known = ("idps", "people", "refugees")
    if clause.noun not in known or not (clause.own or ":" in sentence.lower):
        return False
    if clause.noun == "people" and not context.says("camps"):
        return False
    named = [(m.start, m.end) for m in sentence.exact]
    named += [(p.start, p.end) for p in sentence.times]
    lower = blanked(sentence.lower, named)
    number = clause.number
    behind = lower[max(clause.noun_end, number.phrase_end) : clause.end]
    return bool(
        _LABEL_AHEAD.fullmatch(lower[clause.start : number.phrase_start])
        and _LABEL_BEHIND.fullmatch(behind)
    )


def _time_behind(clause: Clause, sentence: ParsedSentence) -> bool:
    """Whether a number has a time of its own right behind it: "down from 9,800 in May"."""
    ends = (clause.number.phrase_end, clause.noun_end)
    return any(
        not sentence.text[end : p.start].strip(" \n")
        or sentence.text[end : p.start].split() == ["in"]
        for p in sentence.times
        for end in ends
        if end <= p.start < clause.end
    )


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _timed_surely(claim: Claim, context: ClaimContext, *, follows: bool) -> bool:
    """Whether the days are the sentence's own, or the title's."""
    clause, sentence, around = context.clause, context.sentence, context.around
    last, opening = context.last, context.clauses[0].number.start
    mine, times = context.own_times, sentence.times
    if context.beside_its_place:
        times = [p for p in times if p.end <= clause.number.start]
    theirs = mine or [p for p in times if p.end <= opening]
    behind = [p for p in mine if p.first and p.start >= clause.number.end]
    theirs = behind or theirs
    if any(p.kind == "vague" or _ABOUT_THEN.match(sentence.text, p.start) for p in theirs):
        return False
    several = len({(p.first, p.last, p.kind) for p in times}) > 1
    if several and not mine and last is not None and {last.group, claim.group} == CAME_BACK:
        return last.strict and claim.since == last.since is not None  # both since that day
    if several and not mine:
        return follows and not clause.own  # a list goes on with the time of its whole
    if claim.last is None or claim.first is None:
        return False
    if claim.measure == "stock":
        named = bool(sentence.exact) or context.says("here") or len(str(claim.place)) == COUNTRY
        # A label of a report on a part of a country may speak of those newly displaced alone.
        dated = claim.day_stated or around.day is not None
        return (named or dated) and _AT_THE_TIME.search(sentence.lower) is None
    if around.published_on is not None and claim.last > around.published_on:
        return False
    if claim.measure == "flow" and times and not claim.day_stated:
        return False
    if claim.measure == "flow" and any(p.kind == "day" for p in times):
        # The day of an earthquake, say, and not of the count.
        return any(sentence.text[p.start :].lower().startswith("on") for p in times)
    if times or follows:
        return True
    if claim.measure == "cumulative":
        titled = around.span is not None and claim.first == around.span.first
        return titled or (around.before is not None and around.before.strict)
    return not around.open_time and (around.time is None or around.time.kind in ("month", "span"))
