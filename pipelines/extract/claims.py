"""Every number of a text with what it says, to be compared with published figures.

What becomes a figure is read by `statements`, where doubt means silence. Here a number takes its
place, time and meaning also from the sentences around it, and one that is not understood is given
too, with the reason: no number of a text passes silently. Pure; open rules, no model.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from data.analysis.claims import Claim
from pipelines.extract import doubt, periods, prose
from pipelines.extract import places as strict_places
from pipelines.extract.claim_reading.certain import is_sure
from pipelines.extract.claim_reading.clauses import clauses_of, handed_out
from pipelines.extract.claim_reading.model import (
    ClaimContext,
    Clause,
    Heading,
    ParsedSentence,
    ReadingState,
)
from pipelines.extract.claim_reading.rows import counted_by, row_claim
from pipelines.extract.claim_reading.topics import topic_of, why_not_displacement
from pipelines.extract.claim_reading.when import as_level, is_compared, with_days
from pipelines.extract.claim_reading.where import (
    narrowest_place,
    of_community,
    place_of_title,
    with_place,
)
from pipelines.extract.languages import Lexicon, lexicon_of
from pipelines.extract.languages.calendar import Period
from pipelines.extract.languages.lexicon import publisher_in
from pipelines.extract.languages.script import bare
from pipelines.extract.model import Statement
from pipelines.extract.numbers import in_sites, is_share, is_total_of_part, numbers_in
from pipelines.extract.places import Mention
from pipelines.extract.statement_reading.topics import SERIES
from pipelines.extract.statement_reading.where import is_of_a_part, of_a_corner
from pipelines.extract.statements import (
    at_communities,
    goes_on_at_sub_districts,
    stated_in,
)

_SUB_DISTRICTS: Final = re.compile(r"\bsub-?[ ]?districts?\b|ناحي|نواحي|\bnahiye")
_FEWEST_ROWS: Final = 2
_FEW_NAMED: Final = 2
"""Places that a sentence may name and still be of the first."""
MOST: Final = 5_000
"""Numbers read of one text; a longer one is no report."""


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
    if lexicon.code != "en":
        read = list(_as_told_below(read, plain))
    read = [_placed(claim, at, text) for claim in read]
    if lexicon.code == "en":
        sure = stated_in(text, published_on=published_on) if stated is None else stated
        read = list(_with_strict(read, sure))
    return sorted(read, key=lambda claim: (claim.start, claim.end))


_IN_CONTRAST: Final = re.compile(
    r"(?<!\w)(?:فيما|بينما|في حين)(?!\w)|\b(?:whereas|while)\b|,[ \n]\w+[ \n]ise\b"
)
"""Goes on with what another says."""


def _named_for(end: int, words: str, publisher: str | None) -> str | None:
    """Who is named for a number: nobody whom the sentence names only after "while"."""
    turn = _IN_CONTRAST.search(words, end)
    if publisher is None or turn is None:
        return publisher
    return publisher_in(words[: turn.start()])


def _as_told_below(read: Sequence[Claim], plain: str) -> Iterator[Claim]:
    """The claims; a number of the title with the place and days that the text below gives it.

    "550,000 Syrians went home" leaves open from where and since when, and the text says it.
    """
    title = max(plain.find("\n\n"), 0)
    below: dict[tuple[int | None, str, str], Claim] = {}
    abroad = {(c.value, c.unit): c for c in read if c.group == "RET"}
    for claim in read:
        if claim.group and claim.start > title and claim.last:
            below.setdefault((claim.value, claim.group, claim.unit), claim)
    for claim in read:
        told = below.get((claim.value, str(claim.group), claim.unit))
        if claim.group == "RDP" and (claim.value, claim.unit) in abroad:
            # "412 BİN KİŞİ DÖNDÜ" is the heading of who came back from another country.
            told = abroad[claim.value, claim.unit]
        elif claim.start > title:
            told = None
        if told is None or claim.strict:
            yield claim
        else:
            yield replace(told, start=claim.start, end=claim.end, raw=claim.raw, strict=False,
                          sentence_start=claim.sentence_start, sentence_end=claim.sentence_end,
                          high=claim.high, qualifier=claim.qualifier)  # fmt: skip


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
    """Where the strict reader is sure, what it says; a range's two ends are one claim.

    A number that is given to each of several places is a claim of each, listed once.
    """
    surest: dict[int, list[Statement]] = {}
    for statement in stated:
        if statement.category is None or "range_high" not in statement.category:
            surest.setdefault(statement.value_start, []).append(statement)
    stated_at: set[int] = set()
    for claim in read:
        sure = surest.get(claim.start, [])
        if not sure or sure[0].value != claim.value:
            yield claim
        elif claim.start not in stated_at:
            stated_at.add(claim.start)
            yield from (_as_stated(claim, one) for one in sure)


def _as_stated(claim: Claim, one: Statement) -> Claim:
    return replace(
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
        day_stated="period_from_context" not in one.caveats,
        strict=True,
        why="",
    )


def _read(plain: str, lexicon: Lexicon, published_on: date | None) -> Iterator[Claim]:
    around = ReadingState(published_on=published_on)
    opening, paragraph = True, -1
    for block in _blocks(plain):
        words = plain[block.start : block.end]
        row = prose.is_row(words)
        if prose.COLUMNS.fullmatch(words):
            yield from _columns(words, block.start, lexicon)
            continue
        if row and block.kind == "heading":
            row_claims = list(_row(words, block.start, lexicon, around))
            if not any(claim.group for claim in row_claims):
                # "Total IDP departures: 3,370" says itself what it counts.
                row_claims = _sentence(words, block.start, lexicon, around)[0] or row_claims
            yield from row_claims
            if is_of_a_part(words, around):
                around = replace(around, titled=False)
            continue
        if block.kind == "heading":
            around = _headed(words, lexicon, around, opening)
        else:
            opening = False
        if block.paragraph != paragraph:
            paragraph = block.paragraph
            around = replace(around, before=None, time=None, communities=False, departures=False,
                             preceding="")  # fmt: skip
        around = replace(around, communities=at_communities(words, around.communities))
        found, after = _sentence(words, block.start, lexicon, around)
        if row and not any(claim.group for claim in found):
            yield from _row(words, block.start, lexicon, around)
            continue
        around = after
        opens = words.endswith(":") and lexicon.code != "en"
        nothing = not any(claim.group for claim in found) if opens else not found
        if nothing and block.kind != "heading" and _opens_a_table(words):
            told = around.heading
            around = _headed(words, lexicon, around, opening)
            if opens and around.heading is told and lexicon.code == "tr":
                around = replace(around, heading=told or _counts_so_far(around))
        if block.kind == "heading":
            # Of "Syria – moves in the north-west" the narrower place is the one spoken of.
            named = around.place if opening and around.lately == "SYR" else None
            around = replace(around, before=None, time=None, lately=named or around.lately)
        else:
            around = replace(around, preceding=words)
        yield from found


def _counts_so_far(around: ReadingState) -> Heading | None:
    """What a list goes on to count ("the next nine provinces are:"): refugees as before it."""
    before = around.dated
    if before is None or (before.group, before.measure) != ("REF", "stock"):
        return None
    return Heading("REF", before.unit, "stock")


def _blocks(plain: str) -> Iterator[prose.Block]:
    """The pieces of the text; one too long for a sentence comes line by line, and none is lost."""
    at = 0
    for block in prose.blocks(plain):
        yield from _lines(plain, at, block.start)
        yield from _rows(plain, block)
        at = block.end
    yield from _lines(plain, at, len(plain))


def _rows(plain: str, block: prose.Block) -> Iterator[prose.Block]:
    """The lines of a table one by one, where a block is one; else the block."""
    lines = plain[block.start : block.end].split("\n")
    rows = [prose.is_row(line) or prose.COLUMNS.fullmatch(line) is not None for line in lines]
    if sum(rows) < _FEWEST_ROWS:
        yield block
        return
    at = block.start
    for line, row in zip(lines, rows, strict=True):
        if line.strip():
            kind: prose.Kind = "heading" if row else "sentence"
            yield replace(block, kind=kind, start=at, end=at + len(line))
        at += len(line) + 1


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


def _opens_a_table(words: str) -> bool:
    """Whether a line that is no sentence says what the rows below it count."""
    return len(words) <= prose.LONGEST_HEADING and not words.endswith((".", "!", "?"))


def _row(words: str, at: int, lexicon: Lexicon, around: ReadingState) -> Iterator[Claim]:
    """The number of a table's row, counted as its heading says."""
    found = prose.ROW.fullmatch(words)
    if found is None:
        return
    start, end = found.span("number")
    lower = lexicon.lower(words)
    number = next(n for n in numbers_in(lower, lexicon) if n.start <= start < n.end)
    claim = Claim(at + start, at + end, words[start:end], number.value, at, at + len(words))
    label = lower[slice(*found.span("label"))]
    row = None
    if around.heading is not None and number.value is not None:
        row = row_claim(claim, label, lexicon.places(words, []), around.heading, around)
        if row is not None and lexicon.code == "en":
            row = replace(row, strict=_row_is_sure(row, around))
    yield row or replace(claim, why="topic")


def _columns(words: str, at: int, lexicon: Lexicon) -> Iterator[Claim]:
    """The numbers of a row with several: which column counts what is not read."""
    for number in numbers_in(lexicon.lower(words), lexicon):
        start, end = at + number.start, at + number.end
        yield Claim(start, end, words[number.start : number.end], number.value, at,
                    at + len(words), why="topic")  # fmt: skip


def _row_is_sure(claim: Claim, around: ReadingState) -> bool:
    """Whether the title tells what the rows below it count, and when."""
    return around.titled and claim.first is not None and claim.last is not None


_LABELLED: Final = re.compile(r"[;,.]?[ \n]?[-–.)]?[ \n]?(?P<label>[^;:,]+?):[ \n]?")
_AFTER_LABELLED: Final = re.compile(r"(?: kişi)?(?: \(% ?[\d.,]+\))?[;,.]")


def _labelled(claim: Claim, context: ClaimContext, heading: Heading) -> Claim:
    """A number of a table written as a line ("Türkiye: 273,000; Lebanon: 191,400")."""
    clause, sentence = context.clause, context.sentence
    found = _LABELLED.fullmatch(sentence.lower, clause.start, clause.number.phrase_start)
    if found is None or not _AFTER_LABELLED.match(sentence.text, clause.number.end):
        return claim
    mine = [m for m in sentence.mentions if found.start() <= m.start < found.end()]
    return row_claim(replace(claim, why=""), found["label"], mine, heading, context.around) or claim


def _headed(words: str, lexicon: Lexicon, around: ReadingState, opening: bool) -> ReadingState:
    words = prose.bare_title(words)
    lower = lexicon.lower(words)
    times = lexicon.periods(words, around.near)
    masked = [(p.start, p.end) for p in times]
    mentions = lexicon.places(words, masked)
    codes = {code for mention in mentions for code in mention.codes}
    titled = place_of_title(mentions)
    spans = [p for p in times if p.kind in ("month", "span", "year") and p.first]
    days = [p.last for p in times if p.kind in ("day", "as_of") and p.last]
    # "Total spontaneous returns: 6,997" is a line of figures, and opens no section.
    lined = any((n.value or 0) >= prose.COUNTS for n in numbers_in(lower, lexicon))
    if lined and (around.span is not None or not opening):
        spans, days = [], []
    timed = bool(spans) or around.span is not None or lexicon.code != "en"
    named = (
        set() if lined or not timed else {name for pattern, name in SERIES if pattern.search(lower)}
    )
    series = (next(iter(named)) if len(named) == 1 else None) if named else around.series
    heading = (
        None
        if lined
        else counted_by(prose.blanked(lower, masked), times, series if named else None, lexicon)
    )
    # "Syria: developments in Ras al-Ain" is of a part of the country that is not known.
    unknown = titled == "SYR" and lexicon.code == "en" and (
        of_a_corner(lower) or any(m.code is None for m in strict_places.find(words, masked))
    )  # fmt: skip
    place = titled or (None if not opening and codes else around.place)
    return replace(
        around,
        place=place,
        named=around.named | codes,
        span=spans[0] if spans else around.span,
        day=days[0] if days else around.day,
        series=series,
        titled=not unknown if opening else around.titled and not codes,
        heading=heading or around.heading,
        sub_districts=_SUB_DISTRICTS.search(lower) is not None,
    )


def _in_camps(context: ClaimContext) -> bool:
    """Whether all of them live in camps, and not "many of whom"."""
    clause, sentence = context.clause, context.sentence
    mine = doubt.bearing(
        sentence.lower, clause.start, clause.end, max(clause.noun_end, clause.number.end)
    )
    return sentence.says("camps", clause.start, clause.start + len(mine))


_REFUGEES: Final = re.compile(r"\b(?:refugees?|host[ \n]countries|neighbou?ring[ \n]countries)\b")
_INSIDE: Final = re.compile(r"\b(?:idps?|internally|displaced|displacement|spontaneous)\b")
_DEPARTURES: Final = re.compile(r"\bdepartures\b")
_DASHED: Final = re.compile(
    r"[ \n][–-][ \n](?:(?:most|many|some|all)[ \n]of[ \n](?:whom|which|them)"
    r"|particularly|mainly|mostly|especially)\b"
    r"[^–;.]{3,80}?[ \n][–-](?=[ \n])"
)
"""An aside between dashes, on some of those counted."""
_TRENDS: Final = re.compile(r"\b(?:trends?|patterns?)[ \n](?:\w+[ \n]){0,2}$")
"""Before a time that tells since when people move so, and not what a number counts."""


def _sentence(
    words: str, at: int, lexicon: Lexicon, around: ReadingState
) -> tuple[list[Claim], ReadingState]:
    """The claims of one sentence, and the state of the reading after it."""
    words = prose.of_whole_places(words) if lexicon.code == "en" else words
    found = lexicon.periods(words, around.near)
    masked = [(p.start, p.end) for p in found]
    words = _DASHED.sub(lambda m: " " * len(m[0]), words) if lexicon.code == "en" else words
    times = [p for p in found if not _TRENDS.search(words[: p.start])]
    if lexicon.code == "en":
        times = [p for p in times if not periods.only_compared(words, p)]
    mentions = lexicon.places(words, masked)
    lower = prose.without_bodies(prose.blanked(lexicon.lower(words), masked))
    numbers = list(numbers_in(lower, lexicon))
    shares = [n for n in numbers if is_share(lower, n)]
    sites = [n for n in numbers if n not in shares and in_sites(lower, n)]
    wholes = [n for n in numbers if lexicon.code == "en" and is_total_of_part(lower, n)]
    claims: list[Claim] = []
    # A share in brackets, or "in 1,420 camps", does not part a number from the words behind it.
    counts = [n for n in numbers if n not in (*shares, *sites, *wholes)]
    clauses = clauses_of(lower, counts, mentions, lexicon)
    publisher = publisher_in(words)
    exact = (
        strict_places.find(
            words,
            masked,
            sub_districts=around.sub_districts
            or strict_places.AT_SUB_DISTRICTS.search(lower) is not None,
        )
        if lexicon.code == "en" and numbers
        else []
    )
    if around.sub_districts:
        mentions = [next((e for e in exact if e.start == m.start and e.codes), m) for m in mentions]
    levels: set[int] = set()
    handed = handed_out(lower, clauses, mentions, lexicon)
    sentence = ParsedSentence(lower, times, mentions, lexicon, exact, words)
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
            publisher=_named_for(number.phrase_end, words, publisher),
        )
        last = next(
            (c for c in reversed(claims) if c.group and c.start - at not in levels), around.before
        )
        if _of_strangers(claims, clause, lexicon):
            last = None
        context = ClaimContext(clause, sentence, clauses, last, around)
        claim = _understood(claim, context)
        if is_compared(sentence, clause):
            levels.add(number.start)
            claim = as_level(claim, context)
        labelled = False
        before = claims[-1] if claims else None
        if before and before.why in ("aid", "part", "harm") and sentence.says(
            "subset", clause.start, number.start
        ):  # fmt: skip
            claim = replace(claim, group=None, why=before.why)  # "238,000 students, among them …"
        if claim.why == "topic" and around.heading and lexicon.code != "ar":
            claim = _labelled(claim, context, around.heading)
            labelled = claim.group is not None
        given = handed.get(number.start, [])
        if around.series and given and of_community(sentence, clause):
            given = []
        if given and claim.group and claim.place is None:
            claim = replace(claim, place=given[0])
        claim = replace(claim, sites=claim.measure == "stock" and _in_camps(context))
        if last is not None and not last.strict:
            # A list goes on with what it divides, also where one of its parts is not sure.
            whole = next((c for c in claims if c.strict and c.group == last.group), last)
            context = replace(context, last=whole)
        sure = lexicon.code == "en" and is_sure(claim, context, handed=bool(given))
        sure = sure or (labelled and _row_is_sure(claim, around))
        claim = replace(claim, strict=sure)
        for place in given or [None]:
            claims.append(replace(claim, place=place) if place and claim.group else claim)
    aside = [
        Claim(at + n.start, at + n.end, "", n.value, at, at + len(words), why=why)
        for why, those in (("share", shares), ("thing", sites), ("topic", wholes))
        for n in those
    ]
    compared = lexicon.cues["compared"].search(lower)
    told_of = [p for p in times if compared is None or p.end <= compared.start()]
    main = [c for c in claims if compared is None or c.start - at < compared.start()]
    if lexicon.code == "en":
        told_of = told_of or times
    spoken = None if lexicon.code == "en" else publisher
    after = _after(around, main or claims, told_of, mentions, spoken)
    if lexicon.code == "en":
        departures = around.departures or _DEPARTURES.search(lower) is not None
        after = replace(
            after,
            abroad=_of_refugees(lower, after.abroad),
            departures=departures,
            sub_districts=goes_on_at_sub_districts(lower, around.sub_districts),
        )
    return [*claims, *aside], after


def _of_strangers(claims: Sequence[Claim], clause: Clause, lexicon: Lexicon) -> bool:
    """Whether a number goes on about people of its sentence whom nothing is known of.

    Those whom the sentence before counted are others.
    """
    named = clause.noun is not None and not clause.own
    return lexicon.code == "en" and bool(claims) and named and not any(c.group for c in claims)


def _of_refugees(lower: str, before: bool) -> bool:
    """Whether a text goes on about refugees after a sentence, as far as it says so."""
    refugees = _REFUGEES.search(lower) is not None
    inside = _INSIDE.search(lower) is not None
    return refugees if refugees != inside else before and not inside


def _after(
    around: ReadingState,
    claims: Sequence[Claim],
    times: Sequence[Period],
    mentions: Sequence[Mention],
    publisher: str | None,
) -> ReadingState:
    last = next((c for c in reversed(claims) if c.group), around.before)
    named = [m.code for m in mentions if m.code and not m.code.startswith("TUR") and (
        m.code.startswith(("SY", "X-SYR")))]  # fmt: skip
    dated = [p for p in times if p.first is not None]
    provinces = [m.code for m in mentions if m.code and re.match(r"TUR\d", m.code)]
    opening = min((c.start for c in claims), default=None)
    months = [p for p in dated if p.kind == "month" and around.span and around.span.kind == "month"]
    strange = opening is not None and any(
        around.span and (p.first, p.last) != (around.span.first, around.span.last) for p in months
    )
    several = len({(p.first, p.last) for p in dated}) > 1
    return replace(
        around,
        before=last,
        dated=next((c for c in reversed(claims) if c.group and c.first), around.dated),
        source=next((c.publisher for c in claims if c.publisher), publisher or around.source),
        open_time=around.open_time or strange or several,
        time=dated[0] if dated else around.time,
        named=around.named.union(*(m.codes for m in mentions)),
        lately=_lately(named, around),
        hosting=provinces[-1] if provinces else around.hosting,
    )


def _lately(named: Sequence[str], around: ReadingState) -> str | None:
    """The place that a text goes on to speak of; of a list of places, what they all lie in."""
    if not named:
        return around.lately
    apart = len(set(named)) > _FEW_NAMED and narrowest_place(named) is None
    return around.place if apart and around.place else named[0]


def _understood(claim: Claim, context: ClaimContext) -> Claim:
    if why := why_not_displacement(context):
        return replace(claim, why=why)
    topic = topic_of(context)
    if topic is None:
        return replace(claim, why="topic")
    group, unit, measure = topic
    claim = replace(claim, group=group, unit=unit, measure=measure)
    return with_days(with_place(claim, context), context)
