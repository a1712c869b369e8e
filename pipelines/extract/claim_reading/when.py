"""The days that a number is about, taken also from the sentences around it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from data.analysis.claims import Claim
from pipelines.extract.claim_reading.model import ClaimContext, Clause, ParsedSentence
from pipelines.extract.languages.calendar import Period, Times
from pipelines.extract.periods import runs_on

_SPANS: Final = ("span", "month", "year")
CAME_BACK: Final = {"RDP", "RET"}
_MOVED_IN: Final = {"NEWDISP", "IDP_ARR"}
_LEVEL: Final = re.compile(
    r"at[ \n](?:the[ \n])?(?:sub-?[ ]?district|district|governorate)[ \n]level\b"
)
"""Opens a sentence that divides what the one before it counted, by where people came to."""
_MOVED: Final = ("returned", "displaced", "arrived", "left")
_COUNT_OF: Final = re.compile(r"\b(?:figures?|data|statistics|numbers?|count|report|as)[ \n]of$")
_SINCE: Final = re.compile(r"^since\b|^منذ\b|(?:bu[ \n]yana|beri)$|^(?:bugüne|şimdiye)\b|^حتي\b")
"""Opens a count that runs since a day; "so far" leaves that day open."""
_YEAR: Final = re.compile(r"\d{4}")
_RELATIVE: Final = re.compile(r"(?:،|,)?[ \n](?:الذي|التي|which|when)[ \n]")
"""Goes on about the time before it: "compared to July, which saw 28,000"."""


def _open_since(period: Period, sentence: ParsedSentence) -> bool:
    """Whether a count runs since an event whose day the text does not tell."""
    printed = sentence.lexicon.lower(sentence.text[period.start : period.end])
    return period.kind == "vague" and _SINCE.search(printed) is not None


def with_days(claim: Claim, context: ClaimContext) -> Claim:
    """The claim with its days."""
    clause, sentence, clauses = context.clause, context.sentence, context.clauses
    last, around = context.last, context.around
    turn = sentence.lexicon.cues["compared"].search(sentence.lower, clause.number.end)
    if turn is not None and not sentence.lexicon.noun_follows:
        # "4.1 million, up from 3.4 million in 2021": the year is that of the other number.
        sentence = replace(sentence, times=[p for p in sentence.times if p.start < turn.start()])
    mine = [p for p in context.own_times if p in sentence.times]
    told = [p for p in sentence.times if clause.start <= p.end < clause.number.start]
    mine = mine or [p for p in told if _RELATIVE.match(sentence.lower, p.end)]
    listed = not clause.own and last is not None and last.sentence_start == claim.sentence_start
    if not mine and listed and last is not None and last.group == claim.group:
        return _as(claim, last)
    if (
        not mine
        and last is not None
        and last.sentence_start == claim.sentence_start
        and last.measure == "cumulative"
        and {last.group, claim.group} == CAME_BACK
    ):
        return _as(claim, last)  # "850,000 refugees returned since 8 December and 1.7 million IDPs"
    opening = clauses[0].number.start
    if not [p for p in mine if p.kind != "vague" or p.first]:
        fronted = [p for p in sentence.times if p.end <= opening]
        mine = mine or fronted
        if (
            not mine
            and _one_time(sentence.times)
            and (
                not clause.own
                or len(clauses) == 1
                or sentence.lexicon.noun_follows
                or _joined_to_the_last(context)
            )
            and not (sentence.lexicon.code == "en" and _in_brackets(sentence.times[0], sentence))
        ):
            mine = list(sentence.times)
    if claim.measure == "stock":
        return _present(claim, mine, replace(context, sentence=sentence))
    since = [p for p in mine if p.kind == "since"]
    moved = context.says(*_MOVED)
    if not since and not moved and not [p for p in mine if p.first and p.kind in _SPANS]:
        # "1.9 million IDPs and 1.2 million refugees had returned since December": of both.
        shared = [p for p in sentence.times if p.kind == "since" and p.start > clause.start]
        since = shared if len(shared) == 1 and clause is not clauses[-1] else []
    ends = [p for p in mine if p.kind in ("as_of", "day")]
    spans = [p for p in mine if p.kind in _SPANS]
    so_far = context.sentence_says("so_far")
    if since:
        first = since[0].first
        end = ends[0].last if ends else around.counted_until(first)
        if first and end and end < first:
            if _YEAR.search(sentence.text[since[0].start : since[0].end]):
                end = None
            else:  # "said on 11 February 2020 ... since December": that of the winter they are in
                first = Times(end).on(first.day, first.month, None)
        return replace(
            claim, measure="cumulative", first=first, since=first, last=end,
            day_stated=bool(ends),
        )  # fmt: skip
    opened = [p for p in mine if _open_since(p, sentence)]
    if spans and opened and sentence.lexicon.code == "en" and not re.search(
        r"[,;]", sentence.text[opened[0].start : spans[0].start]
    ) and opened[0].start < spans[0].start:  # fmt: skip
        # "Since the reopening of the crossing in 2018": the event was then, and not the count.
        return replace(claim, measure="cumulative", last=around.newest)
    if spans:
        first, until = spans[0].first, spans[0].last
        if (
            so_far
            and until
            and around.published_on
            and first
            and (first <= around.published_on < until)
        ):
            until = around.published_on
        by = [p.last for p in mine if p.kind == "as_of" and p.last]
        if spans[0].kind == "year" and first and until and by and first <= by[0] < until:
            until = by[0]  # "As of 30 November, 42,700 had returned in 2018"
        if sentence.lexicon.code == "en" and runs_on(spans[0], sentence.lower, sentence.text):
            return replace(
                claim, measure="cumulative", first=first, since=first, last=until, day_stated=True
            )
        return replace(claim, measure="flow", first=first, last=until, day_stated=True)
    if not since and any(_open_since(p, sentence) for p in mine):
        return replace(claim, measure="cumulative", last=around.newest)
    same = sentence.lexicon.cues["same_period"].search(sentence.lexicon.lower(sentence.text))
    before = last if last is not None and last.first else around.before
    if (before is None or before.first is None) and sentence.lexicon.code != "en":
        before = around.dated
    if same and before is not None:
        return _as(claim, before)
    if any(p.kind == "vague" for p in mine):
        return replace(claim, measure="flow")
    if ends and ends[0].kind == "as_of":
        return replace(claim, measure="flow", last=ends[0].last)
    if ends:
        return replace(claim, measure="flow", first=ends[0].first, last=ends[0].last,
                       day_stated=True)  # fmt: skip
    if (
        last is not None
        and (last.group == claim.group or (last.group, claim.group) == ("NEWDISP", "IDP_ARR"))
        and (
            context.says("subset")
            or not clause.own
            or (
                sentence.lexicon.code == "en"
                and context.goes_on
                and clause.noun == "families"
                and not moved
            )
        )
    ):
        return _as(claim, last)
    carried = around.time or around.span
    if around.series and carried is not None and carried.kind in ("day", "vague"):
        carried = around.span or carried  # the day of a fight, in a report on a month
    whole = around.before
    if (
        whole is not None
        and whole.measure == "cumulative"
        and whole.first is not None
        and (
            whole.group == claim.group
            or {whole.group, claim.group} == CAME_BACK
            or (_LEVEL.match(sentence.lower) and {whole.group, claim.group} == _MOVED_IN)
        )
    ):
        return replace(claim, measure="cumulative", first=whole.first, since=whole.since,
                       last=whole.last)  # fmt: skip
    if carried is not None and carried.kind in ("month", "span", "year"):
        if (
            claim.unit != "movements"
            and carried is around.span
            and runs_on(carried, sentence.lower, "")
        ):
            return replace(claim, measure="cumulative", first=carried.first, since=carried.first,
                           last=carried.last)  # fmt: skip
        return replace(claim, measure="flow", first=carried.first, last=carried.last)
    if claim.measure == "cumulative":
        return replace(claim, measure="flow")
    return claim


def _joined_to_the_last(context: ClaimContext) -> bool:
    """Whether what follows has no verb of its own, and the time behind it is of both.

    As in "400,000 refugees returned, along with a million IDPs, since 8 December".
    """
    clause, clauses, sentence = context.clause, context.clauses, context.sentence
    if clause is clauses[0] and context.later_parts and sentence.lexicon.code != "en":
        return True  # "175,000 people, 52,000 of them women, since July"
    if len(clauses) < 2 or clause is not clauses[-2]:
        return False
    last = clauses[-1]
    behind = all(p.start >= last.number.end for p in sentence.times)
    verbs = any(sentence.says(cue, last.start, last.end) for cue in _MOVED)
    return behind and not verbs


def _one_time(times: Sequence[Period]) -> bool:
    """Whether a sentence names one time, or since when and until when."""
    named = {(p.first, p.last) for p in times}
    return len(named) == 1 or (len(times) == 2 and [p.kind for p in times] == ["since", "as_of"])


def _in_brackets(period: Period, sentence: ParsedSentence) -> bool:
    """Whether a time is an aside's: "6,700 (7,900 in July)"."""
    return bool(re.search(r"\(\d[\d,.]*[ ]\w*[ ]?$", sentence.text[: period.start]))


def _as(claim: Claim, other: Claim) -> Claim:
    """The claim with the days of another."""
    return replace(
        claim,
        measure=other.measure,
        first=other.first,
        last=other.last,
        since=other.since,
        day_stated=other.day_stated,
    )


_TO_LEVEL: Final = re.compile(r"(?<!\w)الي[ \n]$")


def _present(claim: Claim, mine: Sequence[Period], context: ClaimContext) -> Claim:
    """The day of people who are present."""
    sentence, last, around = context.sentence, context.last, context.around
    others = [p for p in sentence.times if p in mine or not _compared_with(p, context)]
    level = sentence.lexicon.code == "ar" and _TO_LEVEL.search(
        sentence.lower[: context.clause.number.phrase_start]
    )
    if level and (behind := [p for p in mine if p.start >= context.clause.number.end]):
        mine = behind  # "fell from 3.6 million at the end of 2020 to 2.7 million by 5 June"
    times = [
        p
        for p in (*mine, *others)
        if p.first and p.kind in ("as_of", "day", "month", "year") and not _of_event(p, sentence)
    ]
    if times:
        return replace(claim, first=times[0].first, last=times[0].last, day_stated=True)
    planned = last is not None and last.group == "PIN" != claim.group  # the needs of a whole year
    if last is not None and last.measure == "stock" and last.day_stated and not planned:
        return replace(claim, first=last.first, last=last.last, day_stated=True)
    if around.before is not None and around.time is not None and around.time.kind == "as_of":
        return replace(claim, first=around.time.first, last=around.time.last, day_stated=True)
    first, last_day = around.present
    return replace(claim, first=first, last=last_day)


def _compared_with(period: Period, context: ClaimContext) -> bool:
    """Whether a time is that of a number compared with: "…, down from 3.2 million in 2023"."""
    sentence = context.sentence
    return sentence.lexicon.code != "en" and any(
        c.start <= period.start < c.end and sentence.says("compared", c.start, c.number.start)
        for c in context.clauses
    )


def is_compared(sentence: ParsedSentence, clause: Clause) -> bool:
    """Whether a number is the level of another time ("تراجعا من 649 ألفا"); not in English."""
    if sentence.lexicon.code == "en":
        return False
    cue = sentence.lexicon.cues["compared"]
    found = [m.end() for m in cue.finditer(sentence.lower, clause.start, clause.number.start)]
    return bool(found) and not sentence.lower[found[-1] : clause.number.phrase_start].strip()


def as_level(claim: Claim, context: ClaimContext) -> Claim:
    """A number compared with, of the place of the one before it; it counts at no known time."""
    clause, sentence, last = context.clause, context.sentence, context.last
    if claim.group is None or last is None or last.group != claim.group:
        return claim
    own = [p for p in sentence.times if clause.number.end <= p.start < clause.end and p.first]
    if not any(clause.start <= m.start < clause.end for m in sentence.mentions):
        claim = replace(claim, place=last.place, origin=last.origin, asylum=last.asylum)
    return claim if own else replace(claim, group=None, why="change")


_BEGAN: Final = re.compile(
    r"\b(?:began|begun|started|erupted|broke[ \n]out|outbreak|onset)\b"
    r"(?:[ \n](?:in|of)[ \n](?:\w+[ \n]){0,4}?\w+)?(?:[ \n](?:in|on))?$"
)
"""Before the time at which a war began."""


def _of_event(period: Period, sentence: ParsedSentence) -> bool:
    """Whether a time is that of an earthquake or of a war's beginning, and not of the count."""
    before = sentence.lower[: period.start].rstrip()
    if sentence.lexicon.code == "en" and _BEGAN.search(before):
        return True
    return (
        period.kind == "day"
        and sentence.lexicon.code == "en"
        and period.start > 0
        and before.endswith((" of", " the"))
        and not _COUNT_OF.search(before)
    )
