"""Every number of a text with what it says, read more boldly than a figure may be: to be compared.

What becomes a figure is read by `statements`, where doubt means silence. Here a number takes its
place, time and meaning also from the sentences around it, and one that is not understood is given
too, with the reason: no number of a text passes silently. Pure; open rules, no model.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from data.analysis.claims import Claim
from pipelines.extract import places as strict_places
from pipelines.extract import prose, topics
from pipelines.extract.doubt import doubtful
from pipelines.extract.languages import Lexicon, lexicon_of
from pipelines.extract.languages.arabic import bare
from pipelines.extract.languages.lexicon import publisher_in
from pipelines.extract.model import Statement
from pipelines.extract.periods import Period
from pipelines.extract.places import Mention
from pipelines.extract.statements import stated_in
from pipelines.extract.when import runs_on
from pipelines.extract.where import contains

MOST: Final = 5_000
"""Numbers read of one text; a longer one is no report."""
STOCKS: Final = frozenset({"REF", "IDP", "PIN"})
_DIGITS: Final = r"\d{1,3}(?:(?:,\d{3})+|(?:\.\d{3}){2,}|(?: \d{3})+)(?!\d)|\d+(?:[.,]\d+)?"
_NUMBER: Final = re.compile(rf"(?<![0-9A-Za-zçğıöşüÇĞİÖŞÜ_#/.-])(?<!\d,)(?:{_DIGITS})")
_SHARE: Final = re.compile(r"[ \n]?(?:%|٪|per[ \n]?cent|percent|في الم[اي]ئه|بالم[اي]ئه|pp\b|°)")
_SHARE_BEFORE: Final = re.compile(r"(?:%|yüzde|٪)[ \n]?$")
_MONEY: Final = re.compile(
    r"[ \n]?(?:US\$|\$|€|£|USD|EUR|TRY|SYP|dollars?|euros?|lira|دولار|يورو|ليره|dolar|avro)"
)
_MONEY_BEFORE: Final = re.compile(r"(?:US\$|\$|€|£|USD|EUR|TRY|SYP)[ \n]?$")
_LABEL_BEFORE: Final = re.compile(
    r"\b(?:no|nos|number|round|phase|table|figure|fig|page|issue|update|resolution|article|tel|phone"
    r"|annex|version|sayı|no|tur|madde|العدد|رقم|الجوله|القرار|صفحه)[.:]?[ \n]?#?$|#[ \n]?$",
    re.IGNORECASE,
)
_YEAR: Final = range(1900, 2101)
_NEAR_NOUN: Final = 60
"""Characters behind a number within which its noun stands."""


@dataclass(frozen=True)
class _Number:
    """A number of a sentence: where it stands, what it is worth, and how exact it is said to be."""

    start: int
    end: int
    said_from: int
    said_to: int
    value: int | None
    high: int | None = None
    qualifier: str = "exact"
    scaled: bool = False


@dataclass(frozen=True)
class _Around:
    """What the text has said by now."""

    place: str | None = None
    """Of the title or heading."""
    lately: str | None = None
    """Of the last sentence that named one."""
    span: Period | None = None
    day: date | None = None
    series: str | None = None
    titled: bool = False
    """Whether the place is the title's, and not a later heading's."""
    published_on: date | None = None
    before: Claim | None = None
    """The last claim of the paragraph."""
    time: Period | None = None
    """The last time of the paragraph."""
    open_time: bool = False
    """Whether what the text says without a time may be of several: two times were named, or a
    month that is not the title's."""

    @property
    def near(self) -> date | None:
        return self.day or (self.span.last if self.span else None) or self.published_on


@dataclass(frozen=True)
class _Clause:
    """A number with the words that belong to it."""

    number: _Number
    start: int
    end: int
    noun: str | None
    noun_end: int
    own: bool
    """Whether the noun is its own and not lent by a neighbour."""


def claims_in(
    text: str,
    *,
    published_on: date | None = None,
    stated: Sequence[Statement] | None = None,
) -> list[Claim]:
    """Every number of a text that is no date, in order.

    Args:
        text: Plain text in English, Arabic or Turkish.
        published_on: Its day, where it is known: it completes dates without a year and is the day
            of what the text tells of the present.
        stated: What `stated_in` reads of it, where that is known already.
    """
    lexicon = lexicon_of(text)
    plain = prose.uniform(text)
    at: Sequence[int] | range = range(len(plain))
    if lexicon.code == "ar":
        plain, at = bare(plain)
    read = list(_read(plain, lexicon, published_on))[:MOST]
    read = [_placed(claim, at, text) for claim in read]
    if lexicon.code == "en":
        sure = stated_in(text, published_on=published_on) if stated is None else stated
        read = list(_with_strict(read, sure))
    return sorted(read, key=lambda claim: (claim.start, claim.end))


def _placed(claim: Claim, at: Sequence[int], text: str) -> Claim:
    """The claim with its characters as they stand in the text as given."""
    start, end = at[claim.start], at[claim.end - 1] + 1
    return replace(
        claim,
        start=start,
        end=end,
        raw=text[start:end],
        sentence_start=at[claim.sentence_start],
        sentence_end=at[claim.sentence_end - 1] + 1,
    )


def _with_strict(read: Sequence[Claim], stated: Sequence[Statement]) -> Iterator[Claim]:
    """Where the strict reader is sure, what it says; a range's two ends are one claim."""
    surest: dict[int, Statement] = {}
    for statement in stated:
        if statement.category is None or "range_high" not in statement.category:
            surest.setdefault(statement.value_start, statement)
    for claim in read:
        one = surest.get(claim.start)
        if one is None or one.value != claim.value:
            yield claim
            continue
        yield replace(
            claim,
            group=one.population_group,
            unit=one.unit,
            measure=one.measure,
            place=one.place_code,
            origin=one.origin_code,
            asylum=one.asylum_location_code,
            first=one.reference_period_start,
            last=one.reference_period_end,
            since=one.cumulative_since,
            day_stated="period_from_context" not in (one.caveat or ""),
            strict=True,
            why="",
        )


def _read(plain: str, lexicon: Lexicon, published_on: date | None) -> Iterator[Claim]:
    around = _Around(published_on=published_on)
    opening, paragraph = True, -1
    for block in _blocks(plain):
        words = plain[block.start : block.end]
        if block.kind == "heading":
            around = _headed(words, lexicon, around, opening)
        else:
            opening = False
        if block.paragraph != paragraph:
            paragraph = block.paragraph
            around = replace(around, before=None, time=None)
        found, around = _sentence(words, block.start, lexicon, around)
        if block.kind == "heading":
            around = replace(around, before=None, time=None)
        yield from found


def _blocks(plain: str) -> Iterator[prose.Block]:
    """The pieces of the text; one too long for a sentence comes line by line, and none is lost."""
    at = 0
    for block in prose.blocks(plain):
        yield from _lines(plain, at, block.start)
        yield block
        at = block.end
    yield from _lines(plain, at, len(plain))


def _lines(plain: str, start: int, end: int) -> Iterator[prose.Block]:
    """What the reader of sentences left out: long tables, line by line."""
    if end - start <= prose.LONGEST:
        return
    at = start
    for line in plain[start:end].split("\n"):
        for cut in range(0, len(line), prose.LONGEST):
            part = line[cut : cut + prose.LONGEST]
            if part.strip():
                yield prose.Block("sentence", at + cut, at + cut + len(part), -2)
        at += len(line) + 1


_SERIES: Final = (
    (re.compile(r"spontaneous|(?:al)?تلقاي|تلقائي|kendiliğinden|\bidp returns?\b"), "returns"),
    (re.compile(r"\bidp movements?\b|حركات النزوح|yerinden edilme hareket"), "moves"),
)


def _headed(words: str, lexicon: Lexicon, around: _Around, opening: bool) -> _Around:
    lower = lexicon.lower(words)
    times = lexicon.periods(words, around.near)
    masked = [(p.start, p.end) for p in times]
    codes = [m.code for m in lexicon.places(words, masked) if m.code]
    spans = [p for p in times if p.kind in ("month", "span", "year") and p.first]
    days = [p.last for p in times if p.kind in ("day", "as_of") and p.last]
    series = next((name for pattern, name in _SERIES if pattern.search(lower)), around.series)
    place = _finest(codes) or (None if not opening and codes else around.place)
    return replace(
        around,
        place=place,
        span=spans[0] if spans else around.span,
        day=days[0] if days else around.day,
        series=series,
        titled=opening,
    )


def _finest(codes: Sequence[str]) -> str | None:
    """The one place that several names narrow down to."""
    distinct = list(dict.fromkeys(codes))
    if len(distinct) > 1 and set(distinct) <= {"SY02", "SY07"}:
        return "X-SYR-ALEPPO-IDLEB"
    for code in distinct:
        if all(code == other or contains(other, code) for other in distinct):
            return code
    return None


# Sentences


def _sentence(
    words: str, at: int, lexicon: Lexicon, around: _Around
) -> tuple[list[Claim], _Around]:
    """The claims of one sentence, and what the text has said after it."""
    times = lexicon.periods(words, around.near)
    masked = [(p.start, p.end) for p in times]
    mentions = lexicon.places(words, masked)
    lower = _blanked(lexicon.lower(words), masked)
    numbers = list(_numbers(words, lower, masked, lexicon))
    shares = [n for n in numbers if _is_share(lower, n)]
    claims: list[Claim] = []
    # A share in brackets does not part a number from the words behind it.
    clauses = _clauses(lower, [n for n in numbers if n not in shares], mentions, lexicon)
    publisher = publisher_in(words)
    exact = strict_places.find(words, masked) if lexicon.code == "en" and numbers else []
    handed = _handed_out(lower, clauses, mentions, lexicon)
    for clause in clauses:
        number = clause.number
        claim = Claim(
            at + number.start,
            at + number.end,
            words[number.start : number.end],
            number.value,
            at,
            at + len(words),
            number.high,
            number.qualifier,
            publisher=publisher,
        )
        last = next((c for c in reversed(claims) if c.group), around.before)
        told = _Sentence(lower, times, mentions, lexicon, exact)
        claim = _understood(claim, clause, told, clauses, last, around, words)
        given = handed.get(number.start, [])
        sure = lexicon.code == "en" and _sure(claim, clause, told, clauses, last, around, words,
                                              bool(given))  # fmt: skip
        claim = replace(claim, strict=sure)
        for place in given or [None]:
            claims.append(replace(claim, place=place) if place and claim.group else claim)
    aside = [
        Claim(at + n.start, at + n.end, "", n.value, at, at + len(words), why="share")
        for n in shares
    ]
    return [*claims, *aside], _after(around, claims, times, mentions)


def _after(
    around: _Around, claims: Sequence[Claim], times: Sequence[Period], mentions: Sequence[Mention]
) -> _Around:
    last = next((c for c in reversed(claims) if c.group), around.before)
    named = [m.code for m in mentions if m.code and not m.code.startswith("TUR") and (
        m.code.startswith(("SY", "X-SYR")))]  # fmt: skip
    dated = [p for p in times if p.first is not None]
    opening = min((c.start for c in claims), default=None)
    months = [p for p in dated if p.kind == "month" and around.span and around.span.kind == "month"]
    strange = opening is not None and any(
        around.span and (p.first, p.last) != (around.span.first, around.span.last) for p in months
    )
    several = len({(p.first, p.last) for p in dated}) > 1
    return replace(
        around,
        before=last,
        open_time=around.open_time or strange or several,
        time=dated[-1] if dated else around.time,
        lately=named[0] if named else around.lately,
    )


def _blanked(lower: str, masked: Sequence[tuple[int, int]]) -> str:
    for start, end in masked:
        lower = lower[:start] + " " * (end - start) + lower[end:]
    return lower


@dataclass(frozen=True)
class _Sentence:
    lower: str
    times: Sequence[Period]
    mentions: Sequence[Mention]
    lexicon: Lexicon
    exact: Sequence[Mention] = ()
    """The places as the strict reader finds them (English alone)."""

    def says(self, cue: str, start: int, end: int) -> bool:
        """Whether a cue of the lexicon stands between two places of the sentence."""
        return self.lexicon.cues[cue].search(self.lower, start, end) is not None


def _is_share(lower: str, number: _Number) -> bool:
    before = lower[max(0, number.start - 8) : number.start]
    return bool(_SHARE.match(lower, number.end) or _SHARE_BEFORE.search(before))


# Numbers


def _numbers(
    words: str, lower: str, masked: Sequence[tuple[int, int]], lexicon: Lexicon
) -> Iterator[_Number]:
    """The numbers of a sentence; the two ends of a range are one."""
    found = [*_printed(lower, lexicon)]
    found += [n for n in _in_words(lower, lexicon) if not _meets(n, found)]
    found.sort(key=lambda n: n.start)
    held: list[_Number] = []
    for number in found:
        if held and (joined := _range(lower, held[-1], number, lexicon)):
            held[-1] = joined
            continue
        held.append(number)
    for number in held:
        yield _qualified(lower, number, lexicon)


def _meets(number: _Number, others: Sequence[_Number]) -> bool:
    return any(o.start < number.end and number.start < o.end for o in others)


def _printed(lower: str, lexicon: Lexicon) -> Iterator[_Number]:
    at = 0
    while match := _NUMBER.search(lower, at):
        value, end, scaled = _worth(match.group(), lower, match.end(), lexicon)
        at = end
        glued = lower[end : end + 1]
        if not scaled and glued.isalpha() and lexicon.code != "en":
            continue
        if (
            not scaled
            and glued.isalpha()
            and not re.match(r"idp|people|famil|person|indiv|house", lower[end:])
        ):
            continue  # 3rd, 4x4
        if not scaled and value is not None and value in _YEAR and len(match.group()) == 4:
            if not re.match(
                r"[ \n]?\w*[ \n]?(?:people|idps?|famil|house|person|kişi|aile|suriyeli"
                r"|شخص|عائل|نازح|لاجئ|اسر|حرك|movement|return)",
                lower[end:],
            ):
                continue  # a year
        # The other parts of one number: "509 bin 387".
        while scaled and value is not None and (more := lexicon.joins.match(lower, end)):
            following = _NUMBER.match(lower, more.end())
            if following is None:
                break
            part, stop, part_scaled = _worth(following.group(), lower, following.end(), lexicon)
            grain = 1_000_000 if value % 1_000_000 == 0 else 1_000
            if (
                part is None
                or not 0 < part < grain
                or value % 1_000
                or (part_scaled and grain == 1_000)
                or (grain == 1_000_000 and not part_scaled)
            ):
                break
            if lexicon.code == "ar" and not part_scaled and len(following.group()) > 3:
                break
            value, end = value + part, stop
            at = end
        yield _Number(match.start(), end, match.start(), end, value, scaled=scaled)


def _worth(digits: str, lower: str, end: int, lexicon: Lexicon) -> tuple[int | None, int, bool]:
    """What printed digits with the scale behind them are worth, and where they end."""
    scale, stop = 1, end
    for pattern, factor in lexicon.scales:
        if match := pattern.match(lower, end):
            scale, stop = factor, match.end()
            break
    return _value(digits, scale, lexicon.decimal), stop, scale > 1


def _value(digits: str, scale: int, decimal: str) -> int | None:
    plain = digits.replace(" ", "")
    groups = re.split(r"[.,]", plain)
    if len(groups) > 1:
        grouped = all(len(g) == 3 for g in groups[1:]) and 1 <= len(groups[0]) <= 3
        other = "," if decimal == "." else "."
        if grouped and scale == 1 and (other in plain or len(groups) > 2):
            return int("".join(groups))
        if decimal == "." and scale == 1:
            return None  # 58.549: open to doubt
        if grouped and scale == 1 and decimal == ",":
            return None
        plain = ".".join(groups) if len(groups) == 2 else "".join(groups)
    if len(plain) > 15:
        return None
    worth = Decimal(plain) * scale
    return int(worth) if worth == worth.to_integral_value() else None


def _in_words(lower: str, lexicon: Lexicon) -> Iterator[_Number]:
    taken: list[_Number] = []
    for pattern, value in lexicon.spelled:
        for match in pattern.finditer(lower):
            if re.search(r"\d[ \n]?$", lower[max(0, match.start() - 2) : match.start()]):
                continue
            number = _Number(
                match.start(), match.end(), match.start(), match.end(), value, scaled=True
            )
            if not _meets(number, taken):
                taken.append(number)
    yield from taken


def _range(lower: str, low: _Number, high: _Number, lexicon: Lexicon) -> _Number | None:
    between = lower[low.end : high.start]
    if not lexicon.ranged.fullmatch(between) or low.value is None or high.value is None:
        return None
    joins = between.strip()
    before = lower[max(0, low.start - 14) : low.start]
    if joins in ("and", "و") and not re.search(r"(?:between|بين)[ \n]$", before):
        return None
    if joins in ("to", "الي") and re.search(r"(?:from)[ \n]$", before):
        return None
    value = low.value
    if not low.scaled and high.scaled and value < 1_000:
        value *= 1_000_000 if high.value >= 1_000_000 else 1_000
    if value >= high.value:
        return None
    return replace(low, value=value, high=high.value, end=high.end, said_to=high.end, scaled=True)


def _qualified(lower: str, number: _Number, lexicon: Lexicon) -> _Number:
    before = lower[max(0, number.start - 24) : number.start]
    for pattern, code in lexicon.before:
        if match := pattern.search(before):
            return replace(
                number, qualifier=code, said_from=number.start - (len(before) - match.start())
            )
    for pattern, code in lexicon.after:
        if match := pattern.match(lower, number.end):
            return replace(number, qualifier=code, said_to=match.end())
    return replace(number, qualifier="rounded") if number.scaled else number


# The words that belong to a number


def _clauses(
    lower: str, numbers: Sequence[_Number], mentions: Sequence[Mention], lexicon: Lexicon
) -> list[_Clause]:
    starts: list[int] = []
    ends: list[tuple[str | None, int]] = []
    after = 0
    for i, number in enumerate(numbers):
        starts.append(_start(lower, after, number, mentions, lexicon) if i else 0)
        stop = numbers[i + 1].said_from if i + 1 < len(numbers) else len(lower)
        behind = _noun(lower, number, stop, lexicon)
        ends.append(behind)
        after = max(behind[1], number.said_to)
    found = []
    for i, number in enumerate(numbers):
        stop = starts[i + 1] if i + 1 < len(numbers) else len(lower)
        noun, end = ends[i]
        own = noun is not None
        if noun is None:
            noun = _noun_before(lower, starts[i], number, lexicon)
            own = noun is not None
        if noun is None and lexicon.noun_follows:
            noun = next((n for n, _ in ends[i + 1 :] if n), None)
        if noun is None:
            noun = next((n for n, _ in reversed(ends[:i]) if n), None)
        found.append(_Clause(number, starts[i], max(stop, number.end), noun, end, own))
    return found


def _start(
    lower: str, after: int, number: _Number, mentions: Sequence[Mention], lexicon: Lexicon
) -> int:
    """The last connective before a number; the place right before a bracket belongs to it."""
    until = number.said_from
    found = after
    held = lower[after:until].rstrip()
    if held.endswith("("):
        edge = after + len(held) - 1
        beside = [m for m in mentions if after <= m.start and 0 <= edge - m.end <= 1]
        if beside:
            until = beside[0].start
    # One character more, so that what must stand before a word sees the number itself.
    for match in lexicon.connectives.finditer(lower, after, until + 1):
        if match.start() >= until or any(m.start < match.start() < m.end for m in mentions):
            continue
        if match.group() == "," and not lower[match.end() : until].strip():
            continue
        found = match.start()
    return found


def _noun(lower: str, number: _Number, stop: int, lexicon: Lexicon) -> tuple[str | None, int]:
    """The noun right behind a number, and where it ends."""
    end = min(stop, number.said_to + _NEAR_NOUN)
    best: tuple[int, int, str] | None = None
    for pattern, noun in lexicon.nouns:
        match = pattern.search(lower, number.said_to, end)
        if match is None:
            continue
        between = lower[number.said_to : match.start()]
        if not lexicon.skipped.fullmatch(between) or re.search(r"[.;:,()،]", between):
            continue
        if best is None or match.start() < best[0] - 1:
            best = (match.start(), match.end(), noun)
    return (best[2], best[1]) if best else (None, number.said_to)


def _noun_before(lower: str, start: int, number: _Number, lexicon: Lexicon) -> str | None:
    """The noun of "the number of IDPs … stood at 5" and "IDP movements: 5"."""
    for pattern, noun in lexicon.nouns:
        if pattern.search(lower, start, number.said_from):
            return noun
    return None


def _handed_out(
    lower: str, clauses: Sequence[_Clause], mentions: Sequence[Mention], lexicon: Lexicon
) -> dict[int, list[str | None]]:
    """Places that "respectively" and "each" give to numbers, by where the number begins."""
    listed: list[str] = []
    for mention in mentions:
        listed += [code for code in mention.codes if code]
    found: dict[int, list[str | None]] = {}
    if lexicon.respectively.search(lower):
        at = lexicon.respectively.search(lower)
        before = [c for c in clauses if at and c.number.start < at.start()]
        codes = next((list(m.codes) for m in mentions if len(m.codes) > 1), listed)
        for n in range(len(before), 1, -1):
            if len(codes) == n:
                pairs = zip(before[-n:], codes, strict=True)
                found |= {c.number.start: [code] for c, code in pairs}
                break
    if (match := lexicon.each.search(lower)) and len(listed) > 1:
        following = [c for c in clauses if c.number.start > match.start()]
        here = [code for m in mentions if m.end <= match.start() for code in m.codes]
        if following and len(here) > 1:
            found[following[0].number.start] = list(here)
    return found


# What a number says


def _understood(
    claim: Claim,
    clause: _Clause,
    told: _Sentence,
    clauses: Sequence[_Clause],
    last: Claim | None,
    around: _Around,
    words: str,
) -> Claim:
    why = _not_ours(clause, told, words)
    if why:
        return replace(claim, why=why)
    topic = _topic(clause, told, clauses, last, around)
    if topic is None:
        return replace(claim, why="topic")
    group, unit, measure = topic
    claim = replace(claim, group=group, unit=unit, measure=measure)
    claim = _located(claim, clause, told, clauses, last, around)
    return _timed(claim, clause, told, clauses, last, around)


def _not_ours(clause: _Clause, told: _Sentence, words: str) -> str:
    """Why a number tells of no displacement; empty where it may."""
    number, lower = clause.number, told.lower
    before = lower[max(0, number.start - 16) : number.start]
    if (
        _MONEY.match(words[number.end :])
        or _MONEY_BEFORE.search(words[: number.start])
        or (_MONEY.match(lower, number.said_to))
    ):
        return "money"
    if number.value is None:
        return "doubtful"
    if _LABEL_BEFORE.search(before):
        return "topic"
    cues = told.lexicon.cues
    counted = re.compile(r"'?\w{0,6}[ \n]?").match(lower, number.said_to)
    at = counted.end() if counted and told.lexicon.code == "tr" else number.said_to
    close = lower[at:].lstrip()
    if cues["part"].match(close) or re.match(
        r"(?:of (?:them|the newly displaced|these|whom) )?(?:\w+ ){0,4}(?:are|were) (?:women|children)",
        close,
    ):
        return "part"
    if cues["thing"].match(close):
        return "thing"
    if told.says("change", clause.start, number.start):
        return "change"
    if not told.says("need", clause.start, clause.end):
        if told.says("harm", clause.start, clause.end):
            return "harm"
        strong = told.says("displaced", clause.start, clause.end) or told.says(
            "returned", clause.start, clause.end
        )
        counted_moves = clause.noun in ("moves", "returns", "returnees", "arrivals", "departures")
        if told.says("aid", clause.start, clause.end) and not (strong or counted_moves):
            return "aid"
    if clause.noun is None and number.value is not None and number.value < 100:
        return "topic"
    return ""


def _topic(
    clause: _Clause,
    told: _Sentence,
    clauses: Sequence[_Clause],
    last: Claim | None,
    around: _Around,
) -> tuple[str, str, str] | None:
    """Group, unit and kind of count, by the noun and by what is said of those counted."""
    a, b = clause.start, clause.end
    noun = clause.noun

    def says(*cues: str) -> bool:
        return any(told.says(cue, a, b) for cue in cues)

    verb = says("returned", "displaced", "arrived", "left", "stays", "remain", "need")
    subset = says("subset")
    if (
        noun is None
        or (not clause.own and not verb)
        or (subset and not says("returned", "arrived", "left", "stays", "displaced"))
    ):
        if (
            last is not None
            and last.group
            and (noun is None or not verb or subset)
            and (clause.number.value is not None and clause.number.value >= 100)
            and (not verb or subset)
            and around.series is None
        ):
            return last.group, last.unit, last.measure or "flow"
    unit = "families" if noun == "families" else "people"
    if says("need") and noun in ("people", "families", "idps", None):
        return "PIN", unit, "stock"
    monthly = around.series
    if noun is None and monthly is None and not verb:
        return None
    since = any(p.kind == "since" for p in told.times)
    running = "cumulative" if since else "flow"
    if noun == "moves" or (monthly == "moves" and noun in (None, "people", "idps") and not says(
            "stays", "remain")):  # fmt: skip
        if says("returned") and noun == "moves":
            return "RDP", "movements", running
        since_day = since and noun == "moves" and not told.says("moves", 0, len(told.lower))
        return ("NEWDISP" if since_day else "IDP_ARR"), "movements", running
    if noun in ("returns", "returnees") or (
        monthly == "returns" and noun in (None, "people", "idps")
    ):
        if monthly == "returns" or says("spontaneous"):
            return "RDP", "movements" if noun != "families" else "families", running
        abroad = told.says("abroad", 0, len(told.lower)) and not says("idps")
        return ("RET" if abroad else "RDP"), unit, running
    whole = (0, len(told.lower))
    returned = says("returned") or (
        not says("displaced", "arrived", "stays", "remain", "left")
        and told.says("returned", *whole)
        and not told.says("displaced", *whole)
    )
    if returned and not (says("stays") and noun == "refugees" and not says("abroad")):
        if says("spontaneous"):
            return "RDP", "movements" if unit == "people" else unit, running
        if (
            noun in ("refugees", "syrians")
            or says("abroad")
            or (told.says("abroad", *whole) and not says("idps") and noun in ("people", None))
        ):
            return "RET", unit, running
        if noun is None and last is not None and last.group == "RET":
            return "RET", unit, running
        return "RDP", unit, running
    if noun == "refugees" or (
        noun == "syrians" and (told.says("protection", *whole) or told.says("stays", *whole))
    ):
        return "REF", unit, "stock"
    if noun == "syrians" and _abroad(told):
        return "REF", unit, "stock"
    if noun in ("departures",) or (says("left") and says("camps")):
        return "IDP_DEP", unit, running
    idps = noun == "idps" or says("idps")
    if says("remain") and (idps or says("camps") or says("stays")):
        return "IDP", unit, "stock"
    moving = around.before is not None and around.before.group in ("NEWDISP", "IDP_ARR", "IDP_DEP")
    moving = moving or (last is not None and last.group in ("NEWDISP", "IDP_ARR"))
    if noun == "arrivals" or (
        says("arrived") and (idps or (moving and noun in ("people", "families")))
    ):
        return "IDP_ARR", unit, running
    if (
        noun == "idps"
        and not says("displaced")
        and (says("stays", "remain", "camps") or not told.says("displaced", *whole))
    ):
        return "IDP", unit, "stock"
    if idps and says("stays") and not says("displaced"):
        return "IDP", unit, "stock"
    if says("present") and noun in ("people", "idps", "families", None):
        return "IDP", unit, "stock"
    if says("camps") and (says("stays") or says("remain")):
        return "IDP", unit, "stock"
    if says("displaced") or (not says("stays", "arrived") and _shared(clause, told, clauses)):
        return "NEWDISP", unit, running
    if monthly == "moves" and noun is None:
        return "IDP_ARR", "movements", running
    return None


def _shared(clause: _Clause, told: _Sentence, clauses: Sequence[_Clause]) -> bool:
    """Whether a verb of displacement elsewhere in the sentence is also that of this number."""
    if not told.says("displaced", 0, len(told.lower)):
        return False
    if told.lexicon.noun_follows or not clause.own:
        return True  # the verb ends the sentence, or the number stands in a list
    others = (c for c in clauses if c is not clause)
    return not any(told.says("displaced", c.start, c.end) for c in others)


def _abroad(told: _Sentence) -> bool:
    return any(m.code and not m.code.startswith(("SY", "X-SYR")) for m in told.mentions)


def _located(
    claim: Claim,
    clause: _Clause,
    told: _Sentence,
    clauses: Sequence[_Clause],
    last: Claim | None,
    around: _Around,
) -> Claim:
    """The claim with its place, and where people came from."""
    mine = [m for m in told.mentions if clause.start <= m.start < clause.end and m.codes]
    fronted = [m for m in told.mentions if m.end <= clauses[0].number.start and m.codes]
    froms = [m for m in mine if m.role == "from"]
    ats = [m for m in mine if m.role != "from"]
    at = _finest([c for m in ats for c in m.codes])
    if at is None and ats:
        near = min(ats, key=lambda m: _distance(m, clause.number))
        at = near.code
    origin = froms[0].code if froms else None
    total = re.search(
        r"(?<!\w)(?:total|المجموع|toplam)(?!\w)", told.lower[clause.start : clause.end]
    )
    if claim.group == "REF":
        place = at or origin or _finest([c for m in fronted for c in m.codes])
        if place is None or place.startswith(("SY", "X-SYR")):
            others = [
                m.code for m in told.mentions if m.code and not m.code.startswith(("SY", "X-SYR"))
            ]
            place = others[0] if others else None
        place = place or (last.place if last and last.group == "REF" else None)
        if place is None and around.place and not around.place.startswith(("SY", "X-SYR")):
            place = around.place
        if place is None:
            return claim
        return replace(claim, place=place, origin="SYR", asylum=_country(place))
    if claim.group == "RET":
        country = next(
            (c for m in mine for c in m.codes if c and not c.startswith(("SY", "X-"))), None
        )
        place = at if at and at.startswith("SY") else "SYR"
        return replace(
            claim, place=place, origin="SYR", asylum=_country(country) if country else "ALL"
        )
    if at is not None and not at.startswith(("SY", "X-SYR", "X-N")):
        at = None
    if at is None and not origin:
        at = _finest(
            [
                c
                for m in fronted
                if m.role != "from"
                for c in m.codes
                if c.startswith(("SY", "X-SYR"))
            ]
        )
        origin = next((m.code for m in fronted if m.role == "from" and not mine), None)
    unknown = any(clause.start <= m.start < clause.end and not m.codes for m in told.mentions)
    if at is None and not origin and unknown and not fronted:
        return claim
    if at is None and not origin:
        named = {m.code for m in told.mentions if m.code and m.role != "from"}
        named = {c for c in named if c and c.startswith(("SY", "X-SYR"))}
        at = next(iter(named)) if len(named) == 1 else None
    if at is None and told.says("here", clause.start, clause.end):
        at = (last.place if last else None) or around.place or around.lately
        if at and not at.startswith(("SY", "X-SYR")):
            at = around.lately
    if total and around.series:
        at, origin = around.place or "SYR", None
    if at is None and origin and claim.group == "IDP_DEP":
        return replace(claim, place=origin)
    if at is None and origin and origin.startswith(("SY", "X-SYR")):
        if claim.measure == "stock":
            return replace(claim, place=origin)
        return replace(claim, place="SYR", origin=origin)
    if at is None:
        subset = told.says("subset", clause.start, clause.end) and last is not None
        at = (last.place if subset and last else None) or (
            last.place if last and not told.mentions else None
        )
        at = at or around.place or around.lately or "SYR"
        if not at.startswith(("SY", "X-SYR")):
            at = around.lately or "SYR"
    return replace(claim, place=at, origin=origin if origin != at else None)


def _country(code: str) -> str:
    from data.gazetteer import places

    return str(places.codes(code)["location_code"])


def _distance(mention: Mention, number: _Number) -> int:
    return number.start - mention.end if mention.end <= number.start else mention.start - number.end


def _timed(
    claim: Claim,
    clause: _Clause,
    told: _Sentence,
    clauses: Sequence[_Clause],
    last: Claim | None,
    around: _Around,
) -> Claim:
    """The claim with its days."""
    mine = [p for p in told.times if clause.start <= p.start < clause.end]
    opening = clauses[0].number.start
    if not [p for p in mine if p.kind != "vague" or p.first]:
        fronted = [p for p in told.times if p.end <= opening]
        mine = mine or fronted
        if (
            not mine
            and len({(p.first, p.last) for p in told.times}) == 1
            and (not clause.own or len(clauses) == 1 or told.lexicon.noun_follows)
        ):
            mine = list(told.times)
    if claim.measure == "stock":
        return _present(claim, mine, told, last, around)
    since = [p for p in mine if p.kind == "since"]
    ends = [p for p in mine if p.kind in ("as_of", "day")]
    spans = [p for p in mine if p.kind in ("span", "month", "year")]
    so_far = told.says("so_far", 0, len(told.lower))
    if since:
        first = since[0].first
        end = ends[0].last if ends else around.day or around.published_on
        if first and end and end < first:
            end = None
        return replace(
            claim, measure="cumulative", first=first, since=first, last=end,
            day_stated=bool(ends),
        )  # fmt: skip
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
        if told.lexicon.code == "en" and runs_on(spans[0], told.lower):
            return replace(
                claim, measure="cumulative", first=first, since=first, last=until, day_stated=True
            )
        return replace(claim, measure="flow", first=first, last=until, day_stated=True)
    if told.says("same_period", 0, len(told.lower)) and around.before is not None:
        before = around.before
        return replace(claim, measure=before.measure, first=before.first, last=before.last,
                       since=before.since, day_stated=before.day_stated)  # fmt: skip
    if any(p.kind == "vague" for p in mine):
        return replace(claim, measure="flow")
    if ends and ends[0].kind == "as_of":
        return replace(claim, measure="flow", last=ends[0].last)
    if ends:
        return replace(claim, measure="flow", first=ends[0].first, last=ends[0].last,
                       day_stated=True)  # fmt: skip
    if (
        last is not None
        and last.group == claim.group
        and (told.says("subset", clause.start, clause.end) or not clause.own)
    ):
        return replace(claim, measure=last.measure, first=last.first, last=last.last,
                       since=last.since, day_stated=last.day_stated)  # fmt: skip
    carried = around.time or around.span
    if (
        carried is not None
        and carried.kind == "since"
        and carried.first
        and around.before
        and (around.before.measure == "cumulative")
    ):
        return replace(claim, measure="cumulative", first=carried.first, since=carried.first,
                       last=around.before.last)  # fmt: skip
    if carried is not None and carried.kind in ("month", "span", "year"):
        return replace(claim, measure="flow", first=carried.first, last=carried.last)
    if claim.measure == "cumulative":
        return replace(claim, measure="flow")
    return claim


def _present(
    claim: Claim, mine: Sequence[Period], told: _Sentence, last: Claim | None, around: _Around
) -> Claim:
    """The day of people who are present."""
    times = [p for p in (*mine, *told.times) if p.kind in ("as_of", "day", "month", "year") and (
        p.first)]  # fmt: skip
    if times:
        return replace(claim, first=times[0].first, last=times[0].last, day_stated=True)
    if last is not None and last.measure == "stock" and last.day_stated:
        return replace(claim, first=last.first, last=last.last, day_stated=True)
    day = around.day or around.published_on
    return replace(claim, first=day, last=day)


# Which claims may become a figure

_ACTED: Final = ("displaced", "returned", "arrived", "left", "stays", "remain", "present", "need")
_PLAIN_NOUNS: Final = frozenset({"moves", "returns", "refugees"})
_COUNTED: Final = re.compile(
    r"\b(?:tracked|recorded|took place|occurred|followed|saw|reached|highest|received|stood)\b"
)
_UNDER: Final = re.compile(r"(?:(?:fewer|less) than|under|below)[ \n]$")


def _sure(
    claim: Claim,
    clause: _Clause,
    told: _Sentence,
    clauses: Sequence[_Clause],
    last: Claim | None,
    around: _Around,
    words: str,
    handed: bool,
) -> bool:
    """Whether nothing of a claim is in doubt, so that it may become a figure on a person's word.

    Its noun and verb stand with it, its place in its own words or in the title, its time in its
    sentence or in the title; no word puts it in doubt, and no place is named that no table has.
    """
    number = clause.number
    if claim.group is None or claim.place is None or number.value is None:
        return False
    if number.high is not None or words.endswith("?") or _UNDER.search(told.lower[: number.start]):
        return False
    # Where the places stand beside it, "each" hands the number out and takes nothing from it.
    lower = told.lower.replace("each", "    ") if handed else told.lower
    if doubtful(words, lower, number, (clause.start, clause.end), clause.noun_end):
        return False
    if claim.group in ("REF", "RET") and "syria" not in told.lower and not (last and last.strict):
        return False
    if re.search(r"\bmost\b", told.lower[clause.start : number.start]):
        return False
    if claim.group != "PIN" and topics.AID.search(told.lower[clause.start : clause.end]):
        return False
    follows = last is not None and last.strict and last.group == claim.group
    return (
        _meant(clause, told, around, follows=follows)
        and _placed_surely(claim, clause, told, clauses, around, follows and last, handed=handed)
        and _timed_surely(claim, clause, told, around, follows=follows)
    )


def _meant(clause: _Clause, told: _Sentence, around: _Around, *, follows: bool) -> bool:
    """Whether noun and verb leave no doubt of what is counted."""
    acted = any(told.says(cue, clause.start, clause.end) for cue in _ACTED)
    plain = clause.noun in _PLAIN_NOUNS and (around.series or _COUNTED.search(told.lower))
    if clause.own and (acted or plain):
        return True
    return follows and (not clause.own or told.says("subset", clause.start, clause.end))


def _placed_surely(
    claim: Claim,
    clause: _Clause,
    told: _Sentence,
    clauses: Sequence[_Clause],
    around: _Around,
    last: Claim | None | bool,
    *,
    handed: bool,
) -> bool:
    """Whether the place is the text's own word for a whole area of the tables."""
    mine = [m for m in told.exact if clause.start <= m.start < clause.end]
    if any(not m.codes for m in mine):
        return claim.place == "X-SYR-ALEPPO-IDLEB"
    if handed:
        return True
    ats = [c for m in mine if m.role != "from" for c in m.codes]
    if len(ats) > 1 and _finest(ats) is None:
        return False
    if mine:
        named = {c for m in mine for c in m.codes}
        return bool({claim.place, claim.origin, claim.asylum} & named) or (
            claim.place == "X-SYR-ALEPPO-IDLEB"
        )
    if any(not m.codes for m in told.exact):
        return False
    fronted = [m for m in told.exact if m.end <= clauses[0].number.start]
    if len(fronted) == 1 == len(told.exact) and claim.place in fronted[0].codes:
        return True
    if not told.exact and around.place == claim.place:
        return around.titled or told.says("here", clause.start, clause.end)
    subset = told.says("subset", clause.start, clause.end)
    return isinstance(last, Claim) and subset and last.place == claim.place


def _timed_surely(
    claim: Claim, clause: _Clause, told: _Sentence, around: _Around, *, follows: bool
) -> bool:
    """Whether the days are the sentence's own, or the title's."""
    if any(p.kind == "vague" for p in told.times):
        return False
    several = len({(p.first, p.last, p.kind) for p in told.times}) > 1
    mine = any(clause.start <= p.start < clause.end for p in told.times)
    if several and not mine:
        return False
    if claim.last is None or claim.first is None:
        return False
    if claim.measure == "stock":
        return True
    if around.published_on is not None and claim.last > around.published_on:
        return False
    if claim.measure == "flow" and told.times and not claim.day_stated:
        return False
    if claim.measure == "flow" and any(p.kind == "day" for p in told.times):
        # The day of an earthquake, say, and not of the count.
        return bool(re.search(r"\bon[ \n]{2}", told.lower))
    if told.times or follows:
        return True
    return not around.open_time and (around.time is None or around.time.kind in ("month", "span"))
