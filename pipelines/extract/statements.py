"""The figures that a report's text states, each with the words that say so. Pure; open rules.

What is not certain is not given: a place that no table knows, a time that the text leaves open, a
noun that is none of ours, a number in a doubtful or hypothetical sentence. A wrong number does
harm; a missing one is still in the report.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final, Literal

from data.gazetteer import places as tables
from pipelines.extract import numbers, periods, places, prose, topics
from pipelines.extract.numbers import Number
from pipelines.extract.periods import Period
from pipelines.extract.places import Mention
from pipelines.extract.topics import Counted, Series, Topic

_CONNECTIVE: Final = re.compile(
    r"[;:(]|,|\bfollowed[ \n]by\b"
    r"|\b(?:and|while|whereas|with|but|plus|including|compared|although|however)\b"
)
_TAIL: Final = re.compile(
    r"[,(]?[ \n]?\b(?:mostly|mainly|primarily|largely|predominantly|particularly|especially|notably"
    r"|most[ \n]of|the[ \n]majority|chiefly|in[ \n]particular|many[ \n]of|more[ \n]than[ \n]half"
    r"|the[ \n]rest)\b",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(
    r",[ \n][^,;.()]{0,90}(?:per[ \n]?cent|percent|%)[^,;.()]{0,90}(?=,)", re.IGNORECASE
)
_PAREN_SHARE: Final = re.compile(r"\([^()]{0,60}(?:per[ \n]?cent|percent|%)[^()]{0,60}\)")
_WHILE: Final = re.compile(r"respectively,?[ \n](?:while|whereas)[ \n]")
"""Goes on to speak of another place; anything else compares with another time."""
_SUBSET: Final = re.compile(
    r"\b(?:of[ \n](?:whom|which|them|these|those)|including|among[ \n](?:them|these|whom)"
    r"|out[ \n]of[ \n](?:these|those|them))\b",
    re.IGNORECASE,
)
_SAME_PLACE: Final = re.compile(
    r"\bwithin[ \n](?:the[ \n](?:same[ \n])?|that[ \n]|this[ \n]|its[ \n])?"
    r"(?P<kind>governorate|province|district|sub-?[ ]?district)\b"
)
_AT_LEVEL: Final = re.compile(
    r"\bsub-?[ ]?district[ \n]level\b|\bsub-?[ ]?districts\b", re.IGNORECASE
)
_SERIES: Final[tuple[tuple[re.Pattern[str], Series], ...]] = (
    (re.compile(r"\bspontaneous[ \n](?:idp[ \n])?returns?\b", re.I), "idp_spontaneous_returns"),
    (re.compile(r"\bidp[ \n]movements?\b", re.I), "idp_movements"),
)
_NEED: Final = re.compile(
    r"[ \n]{0,3}(?:people|persons|individuals)[ \n](?:are[ \n]|were[ \n]|who[ \n]are[ \n])?"
    r"in[ \n]need"
    r"(?:[ \n]of[ \n](?:humanitarian[ \n])?(?:assistance|aid))?(?![ \n]of)",
    re.IGNORECASE,
)
_UNREAL: Final = re.compile(r"\b(?:not|never|if|could|might|would|expect\w*)\b")
_MORE_THAN: Final = re.compile(
    r"[ \n](?:more|fewer|less|higher|lower)[ \n]than\b|[ \n](?:increase|decrease)"
)
_TOO_FINE: Final = re.compile(
    r"\b(?:community|communities|villages?|neighbou?rhoods?|towns?|city|cities)\b"
)
_NOT_FINE: Final = re.compile(
    r"\b(?:humanitarian|international|host|home)[ \n]communit|communities[ \n]of[ \n]origin"
    r"|(?:to|their)[ \n](?:\w+[ \n]){0,3}communities"
)
_TIMED: Final = ("span", "month", "day", "year")


@dataclass(frozen=True)
class Statement:
    """One figure that a text states.

    Names and codes are those of `tables.FIGURES`. `value` is a count in `unit`; days are inclusive.
    A cumulative figure whose last day the text leaves open has no `reference_period_end`.
    `evidence_start` and `evidence_end` are the sentence's characters in the text as given,
    `value_start` and `value_end` the number's.
    """

    series: str
    dataset: str
    measure: str
    population_group: str
    unit: str
    value: int
    value_raw: str
    qualifier: str
    place_code: str
    location_code: str
    admin_level: int | None
    admin1_code: str | None
    admin2_code: str | None
    admin3_code: str | None
    origin_code: str | None
    asylum_location_code: str | None
    reference_period_start: date
    reference_period_end: date | None
    cumulative_since: date | None
    category: str | None
    caveat: str | None
    evidence_start: int
    evidence_end: int
    value_start: int
    value_end: int
    evidence: str

    def record(self) -> dict[str, Any]:
        """As JSON writes it: days as YYYY-MM-DD."""
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in asdict(self).items()}

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes two statements the same figure."""
        return (
            self.dataset,
            self.measure,
            self.population_group,
            self.unit,
            self.place_code,
            self.origin_code,
            self.asylum_location_code,
            self.reference_period_start,
            self.reference_period_end,
            self.cumulative_since,
            self.category,
        )


@dataclass(frozen=True)
class _Context:
    """What the title and the headings say for the sentences below them."""

    series: Series | None = None
    place: str | None = None
    span: Period | None = None
    """The month or window that the report covers."""
    day: date | None = None
    """The day as of which the report speaks."""
    published_on: date | None = None
    sub_districts: bool = False

    @property
    def near(self) -> date | None:
        return self.day or (self.span.last if self.span else None) or self.published_on

    @property
    def newest(self) -> date | None:
        """The day until which a count since a date runs, where its sentence does not say."""
        return self.day or self.published_on


@dataclass(frozen=True)
class _Sentence:
    text: str
    at: int
    periods: tuple[Period, ...]
    mentions: tuple[Mention, ...]
    numbers: tuple[Number, ...]
    lower: str
    """In lower case, with dates and asides about shares blanked; the same length."""


@dataclass(frozen=True)
class _Part:
    """A number with the words that belong to it."""

    number: Number
    counted: Counted
    start: int
    end: int
    subset: bool

    @property
    def elided(self) -> bool:
        """Whether its noun stands with another number."""
        return self.counted.end == self.number.end


def figures_in(text: str, *, published_on: date | None = None) -> list[Statement]:
    """The figures that a report states, in the order of the text.

    Args:
        text: Plain text. Any text will do; one without figures gives none.
        published_on: The day of publication, where it is known: it completes dates without a year
            and ends counts "since" a date.
    """
    plain = prose.uniform(text)
    found: list[Statement] = []
    context = _Context(published_on=published_on)
    opening, paragraph, last = True, -1, None
    title: list[str] = []
    whole: Statement | None = None
    for block in prose.blocks(plain):
        words = plain[block.start : block.end]
        if block.kind == "heading":
            title = [*title, words] if opening else [words]
            context = _headed(context, title, opening)
            continue
        if opening and not title and _titles(words):
            context = _headed(context, [words], True)
        opening = False
        if block.paragraph != paragraph:
            paragraph, last, whole = block.paragraph, None, None
        sentence = _sentence(words, block.start, context)
        goes_on = _OF_THESE.match(words) is not None
        stated = list(_stated(sentence, context, last, whole if goes_on else None))
        found += [replace(s, evidence=text[s.evidence_start : s.evidence_end]) for s in stated]
        # Of several numbers, or of a part and its whole, it is open which one "these" are.
        single = len(stated) == len(sentence.numbers) == 1 and not goes_on
        whole = stated[0] if single else None
        last = _carried(sentence, last)
        if _at_odds(sentence, context):
            context = replace(context, span=None)
        if _AT_LEVEL.search(words):
            context = replace(context, sub_districts=True)
        elif re.search(r"\bgovernorate[ \n]level\b", words, re.IGNORECASE):
            context = replace(context, sub_districts=False)
    return list(_agreed(found))


def _titles(words: str) -> bool:
    return len(words) < prose.LONGEST_HEADING and any(p.search(words) for p, _ in _SERIES)


def _headed(context: _Context, headings: Sequence[str], opening: bool) -> _Context:
    """The context below a heading; what a later heading does not say stays."""
    text = " . ".join(headings)
    times = periods.find(text, context.near)
    masked = [(p.start, p.end) for p in times]
    mentions = places.find(text, masked)
    spans = {(p.first, p.last): p for p in times if p.kind in ("month", "span")}
    days = {p.last for p in times if p.kind in ("day", "as_of") and p.last}
    series = next((name for pattern, name in _SERIES if pattern.search(text)), None)
    return replace(
        context,
        series=series or context.series,
        place=_place_of_heading(mentions, context, opening),
        span=next(iter(spans.values())) if len(spans) == 1 else (None if spans else context.span),
        day=next(iter(days)) if len(days) == 1 else (None if days else context.day),
        sub_districts=bool(_AT_LEVEL.search(text)),
    )


def _place_of_heading(mentions: Sequence[Mention], context: _Context, opening: bool) -> str | None:
    if not mentions:
        return context.place
    if not opening and any(m.code is None for m in mentions):
        return None
    codes = {m.code for m in mentions if m.code}
    finer = [c for c in codes if not any(_contains(c, other) for other in codes if other != c)]
    return finer[0] if len(finer) == 1 else None


def _contains(outer: str, inner: str) -> bool:
    known = tables.codes(inner)
    above = {known[n] for n in ("location_code", "admin1_code", "admin2_code")}
    return outer != inner and outer in above


def _sentence(words: str, at: int, context: _Context) -> _Sentence:
    times = periods.find(words, context.near)
    masked = [(p.start, p.end) for p in times]
    lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in words)
    blanks = [*masked, *(m.span() for p in (_ASIDE, _PAREN_SHARE) for m in p.finditer(words))]
    for start, end in blanks:
        lower = lower[:start] + " " * (end - start) + lower[end:]
    # "58,549IDPs": a noun that no space parts from its number is a word too.
    lower = re.sub(r"\d(?=(?:idp|people|famil|individual|person))", " ", lower)
    # The verb, not the month: the months are blanked by now.
    lower = re.sub(r"\bmay\b", "not", lower)
    return _Sentence(
        words,
        at,
        tuple(times),
        tuple(
            places.find(
                words, masked, sub_districts=context.sub_districts or bool(_AT_LEVEL.search(words))
            )
        ),
        tuple(numbers.find(words, masked)),
        lower,
    )


def _carried(sentence: _Sentence, last: Period | None) -> Period | None:
    """The time that a paragraph goes on to speak of after this sentence."""
    times = {(p.first, p.last): p for p in sentence.periods if p.kind in _TIMED}
    if any(p.kind in ("vague", "since", "as_of") for p in sentence.periods):
        return None
    if len(times) > 1:
        opening = min((n.said_from for n in sentence.numbers), default=0)
        fronted = [p for p in times.values() if p.start < 6 or p.end <= opening]
        # Two times and neither in front: the next sentence may mean either, and not the title's.
        return fronted[0] if len(fronted) == 1 else _EITHER
    return next(iter(times.values())) if times else last


_EITHER: Final = Period(0, 0, "vague", None, None)


def _at_odds(sentence: _Sentence, context: _Context) -> bool:
    """Whether the text counts in a whole month that is not the title's one.

    A report may be named after the month in which it came out: what it says without a time is then
    of either month.
    """
    if context.span is None or context.span.kind != "month" or not sentence.numbers:
        return False
    opening = min(n.said_from for n in sentence.numbers)
    fronted = [p for p in sentence.periods if p.end <= opening and p.kind == "month"]
    return any((p.first, p.last) != (context.span.first, context.span.last) for p in fronted)


_CHANGED: Final = re.compile(
    r"\b(?:(?:in|de)creased|rose|fell|dropped|declined|grew|went[ \n](?:up|down))[ \n]from\b"
)
_OF_THESE: Final = re.compile(
    r"(?:(?:out[ \n])?of|among)[ \n](?:these|those|them)(?:[ \n](?:people|idps|returnees))?,?[ \n]",
    re.IGNORECASE,
)
"""Goes on to divide what the sentence before it counted."""


def _stated(
    sentence: _Sentence, context: _Context, last: Period | None, divided: Statement | None
) -> Iterator[Statement]:
    """The figures of a sentence; `divided` is what the sentence before counted, if it goes on."""
    if not sentence.numbers or sentence.text.endswith("?"):
        return
    if _OF_THESE.match(sentence.text):
        if divided is not None and "respectively" not in sentence.lower:
            for part in _parts(sentence, context, divided):
                own = replace(part, subset=True)
                yield from _one(sentence, own, [own], context, last, divided)
        return
    if change := _CHANGED.search(sentence.lower):
        yield from _before_and_after(sentence, change, context)
        return
    whole: Statement | None = None
    parts = list(_parts(sentence, context))
    if "respectively" in sentence.lower:
        at = sentence.lower.index("respectively")
        listed, sentence = _split(sentence, at)
        yield from _respectively(listed, context, last)
        if not sentence.mentions or not _WHILE.match(sentence.lower, at):
            return
        parts = [part for part in parts if part.number in sentence.numbers]
    for part in parts:
        stated = list(_one(sentence, part, parts, context, last, whole))
        yield from stated
        if stated and not part.subset:
            whole = stated[0]
        elif not part.subset:
            whole = None


def _before_and_after(
    sentence: _Sentence, change: re.Match[str], context: _Context
) -> Iterator[Statement]:
    """As in "IDP movements in Idleb fell from 22,100 in May 2022 to 17,900 in June 2022".

    Both where each of two numbers has a time of its own right behind it; else neither.
    """
    numbers_, times = sentence.numbers, sentence.periods
    if len(numbers_) != 2 or len(times) != 2 or any(p.kind not in _TIMED for p in times):
        return
    (first, other), (then, now) = numbers_, times
    text, said = sentence.text, change.start()
    order = change.end() <= first.said_from < then.start < other.said_from < now.start
    behind = all(
        text[n.end : p.start].strip() in ("", "in", "during", "for") for n, p in zip(
            numbers_, times, strict=True)
    )  # fmt: skip
    between = text[then.end : other.said_from].strip() == "to"
    closed = text[now.end :].strip() in ("", ".")
    placed = any(m.end in (said - 1, said) for m in sentence.mentions)
    noun = topics.subject(text, said)
    if not (order and behind and between and closed and placed) or noun is None:
        return
    for number, time in zip(numbers_, times, strict=True):
        # The words of the change say nothing of what one of its ends counts.
        lower = sentence.lower[:said] + " " * (len(text) - said)
        only = replace(sentence, numbers=(number,), periods=(time,), lower=lower)
        part = _Part(number, replace(noun, end=number.end), 0, len(text), subset=False)
        yield from _one(only, part, [part], context, None, None)


def _parts(
    sentence: _Sentence, context: _Context, divided: Statement | None = None
) -> Iterator[_Part]:
    """Each number with its noun and its words; one without a noun of ours is left out.

    Where the sentence divides what the one before it counted, its noun is that of the whole.
    """
    text = sentence.text
    counted: list[Counted | None] = []
    before: Counted | None = _noun_of(divided) if divided else None
    ends = 0
    starts: list[int] = []
    for number in sentence.numbers:
        start = _boundary(sentence, ends, number)
        starts.append(start)
        noun = topics.counted(text, number.end)
        if noun is None and topics.elided(text, number.end):
            noun = topics.counted_before(text, start, number.said_from)
            if noun is None and before is not None:
                noun = Counted(number.end, before.noun, before.words)
            if noun is None:
                noun = _of_series(context, number)
            noun = replace(noun, end=number.end) if noun else None
        counted.append(noun)
        before = noun or before if topics.elided(text, number.end) or noun else None
        ends = noun.end if noun else number.end
    twins = [i > 0 and _same_again(text, counted[i - 1], counted[i], n) for i, n in
             enumerate(sentence.numbers)]  # fmt: skip
    for i, number in enumerate(sentence.numbers):
        noun = counted[i]
        if noun is None:
            continue
        if twins[i]:
            starts[i] = starts[i - 1]
        if i + 1 < len(starts) and twins[i + 1]:
            end = starts[i + 2] if i + 2 < len(starts) else len(text)
            tail = _TAIL.search(text, noun.end, end)
            yield _Part(number, noun, starts[i] if i else 0, tail.start() if tail else end, False)
            continue
        end = starts[i + 1] if i + 1 < len(starts) else len(text)
        tail = _TAIL.search(text, noun.end, end)
        subset = i > 0 and not twins[i] and _is_subset(text, starts[i], number)
        yield _Part(number, noun, starts[i] if i else 0, tail.start() if tail else end, subset)


def _noun_of(whole: Statement) -> Counted | None:
    """The noun that a statement's number had, as "of these" repeats it."""
    if whole.unit == "families":
        return Counted(0, "families", "families")
    if whole.population_group == "RET":
        return Counted(0, "refugees", "syrian refugees")
    if whole.population_group == "RDP":
        return Counted(0, "people", "idps")
    if whole.population_group in ("NEWDISP", "IDP_ARR", "IDP_DEP"):
        moves = whole.unit == "movements"
        return Counted(0, "moves", "idp movements") if moves else Counted(0, "people", "idps")
    return None


def _same_again(text: str, first: Counted | None, other: Counted | None, number: Number) -> bool:
    """Whether it tells the same people in families: "15,000 people (some 3,000 families)"."""
    if first is None or other is None or (first.noun == "families") == (other.noun == "families"):
        return False
    between = " ".join(text[first.end : number.said_from].split())
    return between in ("(", "or", ", or", "/", "in") and not (
        between == "(" and text[other.end : other.end + 1] != ")"
    )


def _of_series(context: _Context, number: Number) -> Counted | None:
    if context.series == "idp_movements":
        return Counted(number.end, "moves", "idp movements")
    if context.series == "idp_spontaneous_returns":
        return Counted(number.end, "returns", "spontaneous returns")
    return None


def _boundary(sentence: _Sentence, after: int, number: Number) -> int:
    """Where the words of a number begin: at the last connective before it."""
    if after == 0:
        return 0
    until = number.said_from
    before = sentence.text[after:until].rstrip()
    if before.endswith(("(", ":")):
        # "Aleppo (5,525)": the place before the bracket belongs to it.
        edge = after + len(before) - 1
        held = next(
            (
                m
                for m in sentence.mentions
                if m.end <= edge and edge - m.end <= 1 and m.start > after
            ),
            None,
        )
        until = held.start if held else until
    found = after
    for match in _CONNECTIVE.finditer(sentence.text.lower(), after, until):
        if any(m.start <= match.start() < m.end for m in sentence.mentions):
            continue
        if match.group() == "," and _beside_a_time(sentence, match.start()):
            continue
        if match.group() == "with" and any(m.end + 1 == match.start() for m in sentence.mentions):
            continue  # "Atareb sub-district with 3,900"
        if match.group() == "and" and sentence.text[found : match.start()].strip() in (",", ""):
            found = match.start()
            continue
        found = match.start()
    return _with_subset(sentence, after, found, number)


def _with_subset(sentence: _Sentence, after: int, found: int, number: Number) -> int:
    """Where the part begins if "of whom" opens it: "… of whom 4,600 came from Hama"."""
    opened = None
    for match in _SUBSET.finditer(sentence.text, after, number.said_from):
        opened = match.start()
    return found if opened is None or opened < found else opened


def _beside_a_time(sentence: _Sentence, comma: int) -> bool:
    return any(0 <= p.start - comma <= 5 or 0 <= comma - p.end <= 1 for p in sentence.periods)


def _is_subset(text: str, start: int, number: Number) -> bool:
    before = text[start : number.said_from]
    if re.match(r"[ \n]of[ \n](?:whom|which|them)\b", text[number.end : number.end + 12]):
        return True
    return bool(_SUBSET.search(before)) or before.rstrip() == "("


def _split(sentence: _Sentence, at: int) -> tuple[_Sentence, _Sentence]:
    """The sentence with what stands before a word alone, and with what stands after it."""

    def half(after: bool) -> _Sentence:
        return replace(
            sentence,
            numbers=tuple(n for n in sentence.numbers if (n.end > at) == after),
            mentions=tuple(m for m in sentence.mentions if (m.end > at) == after),
        )

    return half(after=False), half(after=True)


def _respectively(
    sentence: _Sentence, context: _Context, last: Period | None
) -> Iterator[Statement]:
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
        part = _Part(number, noun, 0, len(sentence.text), subset=False)
        yield from _one(only, part, [part], context, last, None)


def _one(
    sentence: _Sentence,
    part: _Part,
    parts: Sequence[_Part],
    context: _Context,
    last: Period | None,
    whole: Statement | None,
) -> Iterator[Statement]:
    """The figure of one number, two for a range, none where anything is in doubt."""
    number, words = part.number, sentence.lower[part.start : part.end]
    if number.qualifier is None or _doubtful(sentence, part):
        return
    if _NEED.match(sentence.text, number.end):
        topic: Topic | None = Topic("PIN", "people", True, "People in need")
    elif topics.AID.search(words) or (part.subset and whole is None):
        return
    else:
        topic = topics.topic(part.counted, _governed(sentence, part, words), context.series)
    if topic is None:
        return
    located = _located(sentence, part, parts, topic, context, whole)
    timed = _timed(sentence, part, parts, topic, context, last, whole)
    if located is None or timed is None:
        return
    place, origin, asylum, from_context = located
    measure, first, final, since, notes = timed
    caveats = [*topic.caveats, *notes]
    caveats += ["subset"] * part.subset + ["place_from_context"] * from_context
    known = tables.codes(place)
    one = Statement(
        series=_series_code(topic, measure),
        dataset=_dataset(topic, measure),
        measure=measure,
        population_group=topic.group,
        unit=topic.unit,
        value=number.value,
        value_raw=number.raw,
        qualifier=number.qualifier,
        place_code=place,
        location_code=str(known["location_code"]),
        admin_level=known["admin_level"],  # type: ignore[arg-type]
        admin1_code=known["admin1_code"],  # type: ignore[arg-type]
        admin2_code=known["admin2_code"],  # type: ignore[arg-type]
        admin3_code=known["admin3_code"],  # type: ignore[arg-type]
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
        qualifier=number.high_qualifier,
        category=high,
        caveat=f"{noted}range_high",
    )


def _doubtful(sentence: _Sentence, part: _Part) -> bool:
    """Whether a word puts the number in doubt, compares it or makes it an addition."""
    words, number = sentence.lower, part.number
    mine = words[part.start : part.end]
    lead = words[max(0, part.start - 40) : part.start]
    following = words[part.counted.end : part.counted.end + 20]
    return (
        topics.DOUBT.search(mine) is not None
        or _UNREAL.search(lead) is not None
        or topics.COMPARED.search(words[part.start : number.said_from]) is not None
        or (
            topics.REACHED_BEFORE.search(words[: number.said_from]) is not None
            and not re.search(r"\b(?:number|total|figure)", words[part.start : number.said_from])
        )
        or topics.INCREMENT.match(sentence.text, number.end) is not None
        or topics.SHARE_BEFORE.search(sentence.text[: number.said_from]) is not None
        or topics.INCREMENT_BEFORE.search(sentence.text[: number.said_from]) is not None
        or _MORE_THAN.match(following) is not None
        or (_TOO_FINE.search(mine) is not None and _NOT_FINE.search(mine) is None)
    )


def _governed(sentence: _Sentence, part: _Part, words: str) -> str:
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


Located = tuple[str, str | None, str | None, bool]


def _located(
    sentence: _Sentence,
    part: _Part,
    parts: Sequence[_Part],
    topic: Topic,
    context: _Context,
    whole: Statement | None,
) -> Located | None:
    """Place, origin, country of asylum, and whether the place stands elsewhere in the text."""
    mine = [m for m in sentence.mentions if part.start <= m.start < part.end]
    if any(m.code is None for m in mine):
        return None
    if not mine and part.start and not part.subset:
        fronted = [m for m in sentence.mentions if m.end <= parts[0].number.start]
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
        if place and _contains(str(inner), place) and not origin and not topic.stock:
            # "returned to Ariha sub-district from within Idleb governorate"
            return place, str(inner), None, False
        if origin or (place and place != inner and not _contains(place, str(inner))):
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
        place = str(tables.codes(origin)["location_code"])
        return (place, origin, None, False) if place == "SYR" and origin != "SYR" else None
    if place is None:
        if sentence.mentions or context.place is None:
            return None
        place, from_context = context.place, True
    if tables.codes(place)["location_code"] != "SYR" and topic.group != "PIN":
        return None
    return place, origin, None, from_context


def _receiver(sentence: _Sentence) -> str | None:
    """The place that "received", where it opens the sentence."""
    first = sentence.mentions[0]
    receives = re.match(
        r"[ \n](?:\w+[ \n]){0,2}(?:receiv(?:e|ed|es|ing)|hosted|saw|recorded)\b",
        sentence.lower[first.end :],
    )
    return first.code if first.role == "none" and receives else None


def _across_the_border(
    sentence: _Sentence,
    part: _Part,
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
    country = str(tables.codes(place)["location_code"])
    if topic.group == "REF":
        if country in ("SYR", "ALL") or place.startswith("X-") or origin not in (None, "SYR"):
            return None
        return place, "SYR", country, False
    if country != "SYR":
        return None
    if origin is not None:
        asylum = str(tables.codes(origin)["location_code"])
        if origin != asylum or asylum == "SYR":
            return None
        return place, "SYR", asylum, False
    return place, "SYR", "ALL", False


def _finest(codes: Sequence[str]) -> list[str] | None:
    """The one place that several names narrow down to; None where they are apart."""
    distinct = list(dict.fromkeys(codes))
    if len(distinct) < 2:
        return distinct
    finest = [c for c in distinct if all(c == o or _contains(o, c) for o in distinct)]
    return finest if len(finest) == 1 else None


Timed = tuple[Literal["stock", "flow", "cumulative"], date, date | None, date | None, list[str]]


def _timed(
    sentence: _Sentence,
    part: _Part,
    parts: Sequence[_Part],
    topic: Topic,
    context: _Context,
    last: Period | None,
    whole: Statement | None,
) -> Timed | None:
    """Measure, first day, last day, first day of a cumulative count, and caveats."""
    mine = [p for p in sentence.periods if part.start <= p.start < part.end]
    if part.start and not mine:
        opening = min(n.said_from for n in sentence.numbers)
        mine = [p for p in sentence.periods if p.end <= opening]
    if any(p.kind == "vague" for p in mine):
        return None
    distinct = list({(p.kind, p.first, p.last): p for p in mine}.values())
    since = [p for p in distinct if p.kind == "since"]
    ends = [p for p in distinct if p.kind == "as_of" or (since and p.kind == "day")]
    spans = [p for p in distinct if p not in since and p not in ends]
    if len(since) > 1 or len(ends) > 1 or len(spans) > 1:
        return None
    if topic.stock:
        if not mine and part.subset and whole is not None and whole.measure == "stock":
            return _like(whole)
        return _at_a_date(since, ends, spans, context)
    if since:
        if spans:
            return None
        return _cumulative(since[0], ends[0] if ends else None, context)
    if ends:
        return None  # "as of": counted since a day that is not said
    notes: list[str] = []
    if not spans and part.subset and whole is not None:
        return _like(whole)
    if not spans:
        found = last or context.span
        if found is None or found.kind == "vague" or _opens_with_a_time(sentence):
            return None
        spans, notes = [found], ["period_from_context"]
    period = spans[0]
    if period.kind == "day" and not sentence.text[period.start :].lower().startswith("on"):
        return None  # the day of an earthquake, say, and not of the count
    if period.first is None or period.last is None or _ahead(period.first, context):
        return None
    if _partial(period.last, context):
        return None
    return "flow", period.first, period.last, None, notes


def _opens_with_a_time(sentence: _Sentence) -> bool:
    """Whether a vague or open time opens the sentence, which no month of the title may replace."""
    opening = min(n.said_from for n in sentence.numbers)
    return any(p.kind in ("vague", "since", "as_of") for p in sentence.periods if p.end <= opening)


def _like(whole: Statement) -> Timed:
    kept = [
        c for c in (whole.caveat or "").split() if c in ("period_from_context", "date_approximate")
    ]
    return (
        whole.measure,  # type: ignore[return-value]
        whole.reference_period_start,
        whole.reference_period_end,
        whole.cumulative_since,
        kept,
    )


def _at_a_date(
    since: list[Period], ends: list[Period], spans: list[Period], context: _Context
) -> Timed | None:
    if since or (ends and spans):
        return None
    stated = [*ends, *spans]
    notes: list[str] = []
    if stated:
        period = stated[0]
        if period.kind == "span" or period.first is None or period.last is None:
            return None
        if period.first != period.last:
            notes = ["date_approximate"]
        first, last = period.first, period.last
    elif context.newest:
        first = last = context.newest
        notes = ["period_from_context"]
        notes += ["date_approximate"] if context.day is None else []
    elif context.span and context.span.kind == "month" and context.span.first and context.span.last:
        first, last = context.span.first, context.span.last
        notes = ["period_from_context", "date_approximate"]
    else:
        return None
    return None if _ahead(first, context) else ("stock", first, last, None, notes)


def _cumulative(since: Period, end: Period | None, context: _Context) -> Timed | None:
    notes = ["date_approximate"] if since.rough or (end and end.rough) else []
    last = end.last if end else context.newest
    if end is None and last is not None:
        notes.append("period_from_context")
    if since.first is None or (last is not None and last < since.first):
        return None
    return "cumulative", since.first, last, since.first, notes


def _ahead(first: date, context: _Context) -> bool:
    return context.published_on is not None and first > context.published_on


def _partial(last: date, context: _Context) -> bool:
    """Whether the window ends after the report was published."""
    return context.published_on is not None and last > context.published_on


def _dataset(topic: Topic, measure: str) -> str:
    since = " since a date" if measure == "cumulative" else ""
    if topic.base == "Newly displaced":
        return "Newly displaced since a date" if since else "New displacement"
    if topic.base == "Departures of IDPs":
        return "Departures from camps" if topic.sites else "Departures of IDPs"
    if topic.base in ("IDP returns", "Refugee returns"):
        return topic.base + since
    return topic.base


def _series_code(topic: Topic, measure: str) -> str:
    return _dataset(topic, measure).lower().replace(" ", "_")


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
