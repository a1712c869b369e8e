"""The figures that a report's text states, each with the words that say so. Pure; open rules.

What is not certain is not given: a place that no table knows, a time that the text leaves open, a
noun that is none of ours, a number in a doubtful or hypothetical sentence. A wrong number does
harm; a missing one is still in the report.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any, Final

from pipelines.extract import doubt, periods, places, prose
from pipelines.extract.languages import lexicon
from pipelines.extract.languages.calendar import Period
from pipelines.extract.model import Context, Part, PartContext, Sentence, Statement, dataset_of
from pipelines.extract.numbers import counts_in, is_bound
from pipelines.extract.places import AT_SUB_DISTRICTS, Mention, contains
from pipelines.extract.statement_reading import topics
from pipelines.extract.statement_reading.parts import parts_of, split_at
from pipelines.extract.statement_reading.topics import SERIES, Topic
from pipelines.extract.statement_reading.when import TIMED, at_odds, carried, timed
from pipelines.extract.statement_reading.where import is_of_a_part, located, of_a_corner

_ASIDE: Final = re.compile(
    r",[ \n][^,;.()]{0,90}(?:per[ \n]?cent|percent|%)[^,;.()]{0,90}(?=,)", re.IGNORECASE
)

_CHANGE: Final = re.compile(
    r",[ \n](?:(?:which|this)[ \n]\w+[ \n]|with[ \n]|marking[ \n]|representing[ \n]|an?[ \n]"
    r"|(?:\w+[ \n]times|twice|half)[ \n]as[ \n]many[ \n]|similar[ \n]to[ \n]|up[ \n]|down[ \n])"
    r"[^,.;()]{0,160}\.?$",
    re.IGNORECASE,
)
_CHANGES: Final = re.compile(
    r"per[ \n]?cent|percent|%|\b(?:increase|decrease|rise|drop|decline|reduction)\b"
    r"|\b(?:more|less|fewer)[ \n]than[ \n]the\b|[ \n]similar[ \n]to\b|\bsame[ \n]number\b"
    r"|\bas[ \n]many[ \n]as\b",
    re.IGNORECASE,
)
"""A last clause that only says how much more or less that was than in another month."""
_CLAUSE: Final = re.compile(
    r",?[ \n](?:while|whereas)[ \n]|,[ \n]followed[ \n]by[ \n](?=[^;.\d]{1,120},[ \n]which[ \n])",
    re.IGNORECASE,
)
_GIVEN_OUT: Final = re.compile(r"\b(?:respectively|each)\b", re.IGNORECASE)
_EACH: Final = re.compile(r"\beach\b")
_LISTED: Final = re.compile(r"[ \n]?,?[ \n]?(?:and[ \n])?", re.IGNORECASE)

_PAREN_SHARE: Final = re.compile(r"\([^()]{0,60}(?:per[ \n]?cent|percent|%)[^()]{0,60}\)")

_WHILE: Final = re.compile(r"respectively,?[ \n](?:while|whereas)[ \n]")
"""Goes on to speak of another place; anything else compares with another time."""

_NEED: Final = re.compile(
    r"[ \n]{0,3}(?:people|persons|individuals)[ \n](?:are[ \n]|were[ \n]|who[ \n]are[ \n])?"
    r"in[ \n](?:(?:desperate|dire|urgent)[ \n])?need"
    r"(?:[ \n]of[ \n](?:humanitarian[ \n])?(?:assistance|aid|support|help))?(?![ \n]of)",
    re.IGNORECASE,
)


_CHANGED: Final = re.compile(
    r"\b(?:ha(?:s|ve)[ \n])?(?:(?:in|de)creased|rose|risen|fell|fallen|dropped|declined|grew|grown"
    r"|(?:went|gone)[ \n](?:up|down))[ \n]from\b"
)

_CLOSED: Final = re.compile(r"[ \n]?(?:,?[ \n]according[ \n]to[ \n][^.;\d]*)?\.?[ \n]?")
_IN_NEED: Final = re.compile(
    r"\bpeople[ \n]in[ \n]need(?![ \n]of[ \n](?!(?:humanitarian[ \n])?(?:aid|assistance)))"
)
_LONGEST_TITLE: Final = 8
"""Lines; a text that opens with more of them opens with a table, whose rows are read apart."""
_OF_THESE: Final = re.compile(
    r"(?:(?:out[ \n])?of|among)[ \n](?:these|those|them|which|whom)"
    r"(?:[ \n](?:people|idps|returnees))?,?[ \n]",
    re.IGNORECASE,
)
"""Goes on to divide what the sentence before it counted."""


def stated_in(text: str, *, published_on: date | None = None) -> list[Statement]:
    """The figures that single sentences of a report state beyond doubt, in the order of the text.

    Args:
        text: Plain text. Any text will do; one without figures gives none.
        published_on: The day of publication, where it is known: it completes dates without a year
            and ends counts "since" a date.
    """
    plain = prose.uniform(text)
    found: list[Statement] = []
    context = Context(published_on=published_on)
    opening, paragraph, last = True, -1, None
    communities = False
    title: list[str] = []
    whole: Statement | None = None
    for block in prose.blocks(plain):
        words = plain[block.start : block.end]
        if block.kind == "heading" and (prose.is_row(words) or (title and _of_figures(words))):
            # A row, or "Total spontaneous returns: 6,997": no heading of what follows.
            if is_of_a_part(words, context):
                context = replace(context, place=None)
            continue
        if block.kind == "heading":
            goes_on = opening and len(title) < _LONGEST_TITLE
            title = [*title, words] if goes_on else [words]
            context = _headed(context, title, opening)
            continue
        if opening and not title and _titles(words):
            context = _headed(context, [words], True)
        opening = False
        if block.paragraph != paragraph:
            paragraph, last, whole = block.paragraph, None, None
            communities = False
            context = replace(context, preceding="")
        communities = at_communities(words, communities)
        words = prose.of_whole_places(words)
        sentence = _sentence(words, block.start, context)
        goes_on = _OF_THESE.match(words) is not None
        stated = [
            replace(one, evidence_start=block.start, evidence_end=block.end)
            for clause in _clauses(words, sentence, context)
            if not (communities and context.series)
            for one in _stated(clause, context, last, whole if goes_on else None)
        ]
        found += [replace(s, evidence=text[s.evidence_start : s.evidence_end]) for s in stated]
        # Of several numbers, or of a part and its whole, it is open which one "these" are.
        single = len(stated) == len(sentence.numbers) == 1 and not goes_on
        whole = stated[0] if single else None
        last = carried(sentence, last)
        if at_odds(sentence, context):
            context = replace(context, span=None)
        fine = goes_on_at_sub_districts(words, context.sub_districts)
        context = replace(context, sub_districts=fine, preceding=words)
    return list(_agreed(found))


_COMMUNITIES: Final = re.compile(r"\bcommunity[ \n]level\b", re.IGNORECASE)
_NO_COMMUNITIES: Final = re.compile(
    r"\b(?:sub-?[ ]?district|district|governorate)[ \n]level\b|^(?:in[ \n]total|overall)\b",
    re.IGNORECASE,
)


def goes_on_at_sub_districts(words: str, before: bool) -> bool:
    """Whether bare names of what follows a sentence may be those of sub-districts."""
    if AT_SUB_DISTRICTS.search(words):
        return True
    return before and not re.search(r"\bgovernorate[ \n]level\b", words, re.IGNORECASE)


def at_communities(words: str, before: bool) -> bool:
    """Whether a monthly report goes on about towns, finer than anything that is held."""
    if _COMMUNITIES.search(words):
        return True
    return before and not _NO_COMMUNITIES.search(words)


def _clauses(words: str, sentence: Sentence, context: Context) -> Iterator[Sentence]:
    """The sentence; where it hands out numbers to places, what stands beside a "while" apart.

    As in "Dana and Atareb received 8,000 and 7,000 respectively while Harim received 2,000".
    """
    if not _GIVEN_OUT.search(words):
        yield sentence
        return
    at = 0
    for match in _CLAUSE.finditer(words):
        yield _in_its_time(
            _sentence(words[at : match.start()], sentence.at + at, context), sentence
        )
        at = match.end()
    rest = _sentence(words[at:], sentence.at + at, context) if at else sentence
    yield _in_its_time(rest, sentence)


def _in_its_time(part: Sentence, sentence: Sentence) -> Sentence:
    """A part without a time of its own, with the one in front of its whole sentence.

    Several times there leave open which is meant.
    """
    ahead = [p for p in sentence.periods if p.end <= part.at - sentence.at]
    if part.periods or not ahead:
        return part
    several = len({(p.first, p.last, p.kind) for p in ahead}) > 1
    time = Period(0, 0, "vague", None, None) if several else replace(ahead[0], start=0, end=0)
    return replace(part, periods=(time,))


def _of_figures(words: str) -> bool:
    masked = [(p.start, p.end) for p in periods.find(words, None)]
    english = lexicon("en")
    lower = prose.blanked(english.lower(words), masked)
    return any((n.value or 0) >= prose.COUNTS for n in counts_in(words, lower, english))


def _titles(words: str) -> bool:
    return len(words) < prose.LONGEST_HEADING and any(p.search(words) for p, _ in SERIES)


def _headed(context: Context, headings: Sequence[str], opening: bool) -> Context:
    """The context below a heading; what a later heading does not say stays."""
    text = " . ".join(map(prose.bare_title, headings))
    times = periods.find(text, context.near)
    masked = [(p.start, p.end) for p in times]
    mentions = places.find(text, masked)
    spans = {(p.first, p.last): p for p in times if p.kind in ("month", "span")}
    days = {p.last for p in times if p.kind in ("day", "as_of") and p.last}
    # A section's own series; a title that names two leaves open which one a sentence is of.
    own = {name for pattern, name in SERIES if pattern.search(headings[-1])}
    named = own or {name for pattern, name in SERIES if pattern.search(text)}
    series = next(iter(named)) if len(named) == 1 else None
    if not spans and context.span is None:
        named = set()  # "Syria's spontaneous returns" is no report on a month
    return replace(
        context,
        series=series if named else context.series,
        place=_place_of_heading(text, mentions, context, opening),
        span=next(iter(spans.values())) if len(spans) == 1 else (None if spans else context.span),
        day=next(iter(days)) if len(days) == 1 else (None if days else context.day),
        sub_districts=bool(AT_SUB_DISTRICTS.search(text)),
    )


def _place_of_heading(
    text: str, mentions: Sequence[Mention], context: Context, opening: bool
) -> str | None:
    if not mentions:
        return context.place
    unknown = of_a_corner(text.lower()) or any(m.code is None for m in mentions)
    if unknown and not opening:
        return None
    place = places.of_title(mentions)
    # "Syria: developments in Ras al-Ain" is of a part of the country that is not known.
    return None if unknown and place == "SYR" else place


def _sentence(words: str, at: int, context: Context) -> Sentence:
    times = periods.find(words, context.near)
    masked = [(p.start, p.end) for p in times]
    english = lexicon("en")
    lower = prose.without_bodies(prose.blanked(english.lower(words), masked))
    numbers = counts_in(words, lower, english)
    changed = _CHANGE.search(words)
    until = changed.start() if changed and _CHANGES.search(changed.group()) else len(words)
    times = [t for t in times if t.start < until and not periods.only_compared(words, t)]
    asides = [m.span() for p in (_ASIDE, _PAREN_SHARE) for m in p.finditer(words)]
    lower = prose.blanked(lower, [(until, len(words)), *asides])
    # "58,549IDPs": a noun that no space parts from its number is a word too.
    lower = re.sub(r"\d(?=(?:idp|people|famil|individual|person))", " ", lower)
    # The verb, not the month: the months are blanked by now.
    lower = re.sub(r"\bmay\b", "not", lower)
    fine = context.sub_districts or bool(AT_SUB_DISTRICTS.search(words))
    # Looking for places is most of the work, and without a number nothing is stated of them.
    mentions = places.find(words, masked, sub_districts=fine) if numbers else []
    return Sentence(
        words,
        at,
        tuple(times),
        tuple(mention for mention in mentions if mention.start < until),
        tuple(number for number in numbers if number.start < until),
        lower,
    )


def _stated(
    sentence: Sentence, context: Context, last: Period | None, divided: Statement | None
) -> Iterator[Statement]:
    """The figures of a sentence; `divided` is what the sentence before counted, if it goes on."""
    if not sentence.numbers or sentence.text.endswith("?"):
        return
    if _OF_THESE.match(sentence.text):
        if divided is not None and "respectively" not in sentence.lower:
            for part in parts_of(sentence, context, divided):
                own = replace(part, subset=True)
                yield from _one(PartContext(sentence, own, own, context, last, divided))
        return
    if change := _CHANGED.search(sentence.lower):
        yield from _before_and_after(sentence, change, context)
        return
    whole: Statement | None = None
    if handed := list(_handed_out(sentence, context, last)):
        yield from handed
        return
    parts = list(parts_of(sentence, context))
    if "respectively" in sentence.lower:
        at = sentence.lower.index("respectively")
        listed, sentence = split_at(sentence, at)
        yield from _respectively(listed, context, last)
        if not sentence.mentions or not _WHILE.match(sentence.lower, at):
            return
        parts = [part for part in parts if part.number in sentence.numbers]
    for part in parts:
        stated = list(_one(PartContext(sentence, part, parts[0], context, last, whole)))
        yield from stated
        if stated and not part.subset:
            whole = stated[0]
        elif not part.subset:
            whole = None


def _before_and_after(
    sentence: Sentence, change: re.Match[str], context: Context
) -> Iterator[Statement]:
    """As in "IDP movements in Idleb fell from 22,100 in May 2022 to 17,900 in June 2022".

    Both where each of two numbers has a time of its own right behind it; else neither.
    """
    numbers_, times = sentence.numbers, sentence.periods
    if len(numbers_) != 2 or len(times) != 2 or any(p.kind not in TIMED for p in times):
        return
    (first, other), (then, now) = numbers_, times
    text, where = sentence.text, change.start()
    order = change.end() <= first.phrase_start < then.start < other.phrase_start < now.start
    behind = all(
        text[n.end : p.start].strip() in ("", "in", "during", "for") for n, p in zip(
            numbers_, times, strict=True)
    )  # fmt: skip
    between = text[then.end : other.phrase_start].strip() == "to"
    closed = _CLOSED.fullmatch(text, now.end) is not None
    placed = any(m.end in (where - 1, where) for m in sentence.mentions)
    placed = placed or (not sentence.mentions and context.place is not None)
    noun = topics.subject(text, where)
    if noun is not None and noun.noun == "people" and _IN_NEED.search(text, 0, where):
        noun = replace(noun, words=topics.IN_NEED)
    if not (order and behind and between and closed and placed) or noun is None:
        return
    for number, time in zip(numbers_, times, strict=True):
        # The words of the change say nothing of what one of its ends counts.
        lower = sentence.lower[:where] + " " * (len(text) - where)
        only = replace(sentence, numbers=(number,), periods=(time,), lower=lower)
        part = Part(number, replace(noun, end=number.end), 0, len(text), subset=False)
        yield from _one(PartContext(only, part, part, context))


def _handed_out(sentence: Sentence, context: Context, last: Period | None) -> Iterator[Statement]:
    """Numbers that a clause gives to several places: each its own, or one to each of them.

    As in "Dana sub-district in Idleb governorate and Atareb sub-district in Aleppo governorate
    received 8 and 7 thousand IDP movements respectively". Every place has to be known and to stand
    before the numbers, and the numbers side by side; else it is open what belongs to which.
    """
    each = _EACH.search(sentence.lower)
    numbers_, mentions = sentence.numbers, sentence.mentions
    if not numbers_ or (each is None and "respectively" not in sentence.lower):
        return
    if each is not None and (len(numbers_) > 1 or "respectively" in sentence.lower):
        return
    first = numbers_[0].phrase_start
    if any(m.start > first or m.role not in ("none", "at") or not m.codes for m in mentions):
        return
    codes = [code for mention in mentions for code in mention.codes]
    beside = all(
        _LISTED.fullmatch(sentence.text, one.end, other.phrase_start)
        for one, other in pairwise(numbers_)
    )
    known = len(set(codes)) == len(codes) > 1
    apart = not any(contains(a, b) for a in codes for b in codes)
    noun = topics.counted(sentence.text, numbers_[-1].end)
    if not (beside and known and apart) or noun is None:
        return
    if each is None and len(codes) != len(numbers_):
        return
    lower = _EACH.sub("    ", sentence.lower)
    qualifier = numbers_[0].qualifier
    # "around 8 and 7 thousand": one word for both; beside a number to the last digit it is not.
    numbers_ = tuple(
        replace(n, qualifier=qualifier) if n.qualifier == "rounded" else n for n in numbers_
    )
    given = numbers_ if each is None else numbers_ * len(codes)
    for code, number in zip(codes, given, strict=True):
        mention = replace(mentions[0], codes=(code,))
        only = replace(sentence, mentions=(mention,), numbers=(number,), lower=lower)
        part = Part(number, replace(noun, end=max(noun.end, number.end)), 0, len(lower), False)
        yield from _one(PartContext(only, part, part, context, last))


def _respectively(sentence: Sentence, context: Context, last: Period | None) -> Iterator[Statement]:
    """As in "Idleb and Aleppo governorates received 31,000 and 5,525 IDPs respectively"."""
    listed = [m for m in sentence.mentions if len(m.codes) > 1]
    numbers_ = sentence.numbers
    if len(listed) != 1 or len(listed[0].codes) != len(numbers_):
        return
    others = [m for m in sentence.mentions if m is not listed[0]]
    if any(m.code is None or {m.role, listed[0].role} != {"from", "at"} for m in others):
        return  # but for "to Syria from Türkiye and Jordan", it is open what belongs to which
    noun = topics.counted(sentence.text, numbers_[-1].end)
    if noun is None:
        return
    for code, number in zip(listed[0].codes, numbers_, strict=True):
        mentions = tuple(
            replace(m, codes=(code,)) if m is listed[0] else m for m in sentence.mentions
        )
        only = replace(sentence, mentions=mentions, numbers=(number,))
        part = Part(number, noun, 0, len(sentence.text), subset=False)
        yield from _one(PartContext(only, part, part, context, last))


_DAY_OF_THE_REPORT: Final = frozenset({"period_from_context", "date_approximate"})
"""Notes of a count for which the text gives no day but that of its publication."""


def _one(around: PartContext) -> Iterator[Statement]:
    """The figure of one number, two for a range, none where anything is in doubt."""
    sentence, part, whole = around.sentence, around.part, around.whole
    number, words = part.number, sentence.lower[part.start : part.end]
    if is_bound(sentence.lower, number) or doubt.doubtful(
        sentence.text, sentence.lower, number, (part.start, part.end), part.counted.end
    ):
        return
    in_need = part.counted.words == topics.IN_NEED
    if in_need or _NEED.match(sentence.text, number.end):
        if doubt.GIVEN_TO.search(sentence.lower[: number.phrase_start]):
            return
        topic: Topic | None = Topic("PIN", "people", True, "People in need")
    elif doubt.AID.search(words) or (part.subset and whole is None):
        return
    else:
        topic = topics.topic(part.counted, _governed(sentence, part, words), around.context.series)
    if topic is None:
        return
    where, when = located(around, topic), timed(around, topic)
    if where is None or when is None:
        return
    place, origin, asylum, from_context = where
    measure, first, final, since, notes = when
    if from_context and set(notes) >= _DAY_OF_THE_REPORT:
        return  # of people who are somewhere at some time: a label may speak of others
    caveats = [*topic.caveats, *notes]
    caveats += ["subset"] * part.subset + ["place_from_context"] * from_context
    one = Statement(
        dataset=dataset_of(topic.base, measure, sites=topic.sites),
        measure=measure,
        population_group=topic.group,
        unit=topic.unit,
        value=int(number.value or 0),
        value_raw=sentence.text[number.start : number.end],
        qualifier=number.qualifiers[0] if number.high else number.qualifier,
        place_code=place,
        origin_code=origin,
        asylum_location_code=asylum,
        reference_period_start=first,
        reference_period_end=final,
        cumulative_since=since,
        category="sites" if topic.sites else None,
        caveat=" ".join(dict.fromkeys(caveats)) or None,
        evidence_start=sentence.at,
        evidence_end=sentence.at + len(sentence.text),
        value_start=sentence.at + number.start,
        value_end=sentence.at + number.end,
        evidence=sentence.text,
    )
    if whole is not None and part.subset and one.key == whole.key:
        return  # the same figure again, only smaller: what makes it smaller has no column
    if number.high is None:
        yield one
        return
    noted = f"{one.caveat} " if one.caveat else ""
    yield replace(one, caveat=f"{noted}range_low")
    # A category of its own: the two ends are two figures, not two values of one.
    high = f"{one.category} range_high" if one.category else "range_high"
    yield replace(
        one,
        value=number.high,
        qualifier=number.qualifiers[1],
        category=high,
        caveat=f"{noted}range_high",
    )


def _governed(sentence: Sentence, part: Part, words: str) -> str:
    """The words that say what happened: the part's own, and those of the first for an ellipsis."""
    noun = part.counted
    if part.start and not re.search(
        r"\b(?:displaced|fled|arriv\w+|received|returned|moved|left|departed|live|host\w*|remain\w*"
        r"|tracked|recorded|returns|movements|displacements|registered)\b",
        words,
    ):
        first = sentence.lower[: min(n.start for n in sentence.numbers)]
        rest = sentence.lower[sentence.numbers[0].end : part.start]
        return f"{first} {rest} {noun.words} {words}"
    return f"{words} {noun.words}" if noun.words.strip() not in words else words


def _agreed(found: Sequence[Statement]) -> Iterator[Statement]:
    """Each figure once; one that the text states with two values is left out."""
    by_key: dict[tuple[Any, ...], list[Statement]] = {}
    for one in found:
        by_key.setdefault(one.key, []).append(one)
    for one in found:
        same = by_key[one.key]
        best = min(same, key=lambda s: (s.qualifier != "exact", s.value_start))
        if one is best and all(_alike(best, other) for other in same):
            yield one


def _alike(best: Statement, other: Statement) -> bool:
    """Whether the other is the same number, perhaps rounded."""
    if best.value == other.value:
        return True
    if other.qualifier == "exact":
        return False
    return abs(best.value - other.value) <= 0.05 * best.value
