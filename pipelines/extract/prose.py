"""A report's text as headings, sentences and bullets, each with its place in the text. Pure.

Offsets are sacred: what is made uniform (digits, spaces, quotes) keeps its length, so that a span
in the worked text is the same span in the text that a person has before them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["heading", "sentence", "bullet"]
LONGEST: Final = 1_500
"""A sentence longer than this is a table or noise: nothing is read from it, and work is bounded."""
LONGEST_HEADING: Final = 160
_FEWEST_PAIRS: Final = 2

_SAME: Final = {
    **{ord("٠") + n: str(n) for n in range(10)},
    **{ord("۰") + n: str(n) for n in range(10)},
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2008\u2009\u202f\t\x0b\x0c\u200e\u200f\u00ad"), " "),
    **dict.fromkeys(map(ord, "’‘ʼ`´"), "'"),
    **dict.fromkeys(map(ord, "‐‑"), "-"),
    **dict.fromkeys(map(ord, "‒–—−"), "–"),
    **dict.fromkeys(map(ord, "\r\x85\u2028\u2029"), "\n"),
    ord("٬"): ",",
    ord("٫"): ".",
}
_BULLET: Final = re.compile(r" {0,8}(?:[•▪●◦■*·#►‣–-]|\(?\d{1,2}[.)])[ ]{1,8}(?=\S)")
_KEY_FIGURE: Final = re.compile(
    r" {0,8}(?:(?:up to|over|about|around|some|nearly|almost|approx\.?|~) ?)?"
    r"(?:\d{1,3}(?:,\d{3})+|\d{3,}|\d+(?:\.\d+)? ?(?:million|thousand|[KM]\b)) +[A-Za-z].{1,120}"
    r"(?<![,;:.–-]) *"
)
"""A line of key figures, "176,000 people displaced since 9 October", that ends no sentence."""
_LABELLED: Final = re.compile(
    r" {0,8}(?=[^\n]{0,80}\b(?:IDPs?|people|persons|individuals|returnees|returns|refugees"
    r"|Syrians|movements|arrivals|departures|displacements|displaced|families|households|SRs)\b)"
    r"[A-Z][^\n.;!?]{2,100}?[: ] {0,3}"
    r"(?:\d{1,3}(?:,\d{3})+|\d{3,}|\d+(?:\.\d+)? ?(?:million|thousand|[KM]\b))"
    r"(?: ?\([^()\n]{1,30}\))? *",
    re.IGNORECASE,
)
"""A line that says what it counts and then the number: "IDPs in camps: 1.7 million"."""
_NUMBER_ALONE: Final = re.compile(
    r" {0,8}\d{1,3}(?:(?:,\d{3})*|\.\d+)(?: ?(?:million|thousand|[KM]))? *", re.IGNORECASE
)
"""A line of nothing but a number, whose label is the line below it."""
VERB: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|received?|recorded|displaced|returned|fled|tracked|arrived"
    r"|moved|left|remain(?:ed|s)?|hosts?|hosted|lives?|crossed|saw|witnessed|accounted)\b",
    re.IGNORECASE,
)
_END: Final = re.compile(r"[.!?][\"')\]]{0,2}(?=\s|$)|(?<=[a-z)])\.\d{1,2}(?=\s+[A-Z])")
"""Also with the number of a footnote: "Idleb governorate.3 In May …"."""
_SHORT: Final = re.compile(
    r"(?:\b(?:approx|no|nos|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|st|dr|mr|ms|fig|vs|e\.g"
    r"|i\.e|etc|est|gov|sub)|\b[A-Za-z])$",
    re.IGNORECASE,
)


FOLLOWED: Final = re.compile(
    r",?[ \n]followed[ \n]by[ \n][^.;:\d]{1,80},[ \n]which[ \n]"
    r"(?:received|saw|recorded|registered|hosts?|hosted)\b"
)
"""Where the words of a further place begin: "…, followed by Atareb, which received 4,100"."""
TAIL: Final = re.compile(
    r"[,(]?[ \n]?\b(?:mostly|most[ \n]commonly"
    r"|mainly|primarily|largely|predominantly|particularly|especially|notably"
    r"|most[ \n]of|the[ \n]majority|chiefly|in[ \n]particular|many[ \n]of|more[ \n]than[ \n]half"
    r"|the[ \n]rest|معظمهم|غالبيتهم|اغلبهم|اكثرهم"
    r"|\d[\d.]*[ \n]?(?:%|per[ \n]?cent|percent)[ \n]of[ \n](?:whom|which|them|these))\b",
    re.IGNORECASE,
)
"""Behind a number: tells of the most of those counted, and not of all."""
MOVES_OF: Final = re.compile(r"\bmovements?[ \n]of[ \n](?:\w+[ \n])?$", re.IGNORECASE)
"""Before people whose moves are counted: "movements of some 43,000 IDPs"."""
AHEAD: Final = re.compile(r"(?<=[ \n])(?:while|whereas)[ \n]", re.IGNORECASE)
"""In front of a sentence's first number: what stands before it tells of others."""
COUNTS: Final = 100
"""From here on a number of a heading counts people, and numbers no report."""
ROW: Final = re.compile(
    r"[\s|]*(?:\d{1,2}[.)–-] ?)?(?P<label>[^\W\d][^\d\n]{1,60}?)[\s:|–-]+"
    r"(?P<number>\d{1,3}(?:[.,]\d{3})+|\d{4,7}|(?:\d{1,2} milyon )?\d{1,3} bin(?: \d{1,3})?)"
    r"(?: (?:kişi|people|persons|شخص\w?))?"
    r"(?: ?\((?:%|yüzde)? ?\d+(?:[.,]\d+)? ?%?\))?[\s|]*"
)
"""A line of a table: a name and a number ("Hatay 255,617"). It is no heading of what follows."""


COLUMNS: Final = re.compile(
    r"[\s|]*[^\W\d][^\d\n]{1,60}?"
    r"(?:[\s|]+(?:\d{1,3}(?:[.,]\d{3})+|(?!(?:19|20)\d\d\b)\d{1,7})){2,}[\s|]*"
)
"""A line of a table with several numbers, of which its name tells nothing apart."""


def is_row(line: str) -> bool:
    """Whether a line is one of a table, and no title with a year ("Syria 2021")."""
    found = ROW.fullmatch(line)
    return found is not None and re.fullmatch(r"(?:19|20)\d\d", found["number"]) is None


def is_key_figure(line: str) -> bool:
    """Whether a line is a number and its label, and speaks of what the title names."""
    return _KEY_FIGURE.fullmatch(line.replace("\n", " ")) is not None


@dataclass(frozen=True)
class Block:
    """A piece of the text: `text[start:end]`."""

    kind: Kind
    start: int
    end: int
    paragraph: int


_ASSESSED: Final = re.compile(
    r"(?P<to>\bto[ \n])?\b(?:the[ \n])?assessed[ \n]"
    r"(?:communit(?:y|ies)|communites|locations|areas)[ \n]"
    r"(?P<at>(?:in|across|within)[ \n])",
    re.IGNORECASE,
)
_OF_THE_ASSESSED: Final = re.compile(
    r"\bof[ \n](?:all[ \n])?(?:the[ \n])?assessed[ \n]communities\b", re.IGNORECASE
)


def is_of_assessed(text: str) -> bool:
    """Whether a text counts in the communities assessed alone, as REACH's do."""
    return _ASSESSED.search(text) is not None or _OF_THE_ASSESSED.search(text) is not None


def of_whole_places(words: str) -> str:
    """The words without "assessed communities in", of the same length.

    What was counted there is given for the place named behind it.
    """
    return _ASSESSED.sub(lambda m: f"{m['to'] or m['at']:>{len(m.group())}}", words)


def uniform(text: str) -> str:
    """The text with Western digits, plain spaces and quotes; every character keeps its place."""
    return text.translate(_SAME)


_NO_PLACE_OF_A_TITLE: Final = re.compile(
    r"[A-Z]\w+ \| (?=[A-Z])"  # the office: "Turkey | Syria: …"
    r"|\b(?:Turkey|T[uü]rkiye|Jordan|Gaziantep|Amman)[ ]Hub\b"
    r"|[\[(][A-Z]{2,3}(?:[ ]?/{1,2}[ ]?[A-Z]{2,3}){0,4}[\])]"  # the languages: "[EN/AR]"
    r"|(?:\bNo[.]?[ ]?|#[ ]?)\d{1,3}\b"
    r"|\((?:[A-Z]{2,}|[A-Z]/\d{4}/\d+|Earthquakes?|DG ECHO[^()]{0,60})\)"
    r"|\b(?:Fiscal Year|(?:DG )?ECHO|Secretary-General|(?:Strategy and )?Response(?: Plan)?"
    r"|Situation (?:Report|Update|Overview)|Progress Report|Violence|Conflict)\b"
)
"""What stands in a report's title and is neither a place nor a day, though it looks like one."""


def bare_title(title: str) -> str:
    """A title without what only says which report it is, of the same length.

    Of "Turkey | Syria: Flash Update No. 3 - 22 October [EN/AR]" neither Turkey nor AR is a place
    that it is about, and 3 is no day.
    """
    return _NO_PLACE_OF_A_TITLE.sub(lambda m: " " * len(m.group()), title)


_BODIES: Final = re.compile(
    r"\bneeds[ \n]assessments?[ \n]programme\b"
    r"|\bcamp[ \n](?:coordination[ \n](?:and|&)[ \n]camp[ \n]management"
    r"|management[ \n](?:and|&)[ \n]camp[ \n]coordination)\b"
    r"|\bhigh(?:er)?[ \n](?:commission(?:er)?|council)[ \n](?:for|of|on)[ \n]refugees\b"
    r"|\bworld[ \n](?:food|health)[ \n](?:programme|organi[sz]ation)\b"
    r"|(?<=مفوضيه)[ \n](?:\w+[ \n]){0,4}(?:لشوون|لشئون|لشوؤن)?[ \n]?(?:ال|لل)لاجئين"
    r"|\bmülteciler[ \n](?=yüksek[ \n]komiser)"
)
"""Bodies whose names tell of aid, camps or refugees, and no number beside them does."""


def without_bodies(lower: str) -> str:
    """Words in lower case without such names, of the same length."""
    return _BODIES.sub(lambda m: " " * len(m.group()), lower)


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with blanks in place of some of it; every other character keeps its place."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def blocks(text: str) -> Iterator[Block]:
    """The pieces of a uniform text, in order; what is too long for a sentence is left out."""
    opening = True
    paragraphs = list(_paragraphs(text))
    labelled = _labelled_below(text, paragraphs)
    for number, (first, last) in enumerate(paragraphs):
        if number - 1 in labelled:
            continue
        if number in labelled:
            opening = False
            yield Block("sentence", *_trimmed(text, first, paragraphs[number + 1][1]), number)
            continue
        for kind, start, end in _parts(text, first, last, opening):
            if kind == "sentence":
                for a, b in _sentences(text, start, end):
                    if b - a <= LONGEST:
                        yield Block("sentence", a, b, number)
            elif end - start <= LONGEST:
                yield Block(kind, start, end, number)
            opening = opening and kind == "heading"


def _labelled_below(text: str, paragraphs: Sequence[tuple[int, int]]) -> set[int]:
    """Which paragraphs are nothing but a number, of which the next one tells what it counts."""
    alone = [_NUMBER_ALONE.fullmatch(text, a, b) is not None for a, b in paragraphs]
    found = {
        n
        for n, (a, b) in enumerate(paragraphs[1:])
        if alone[n] and not alone[n + 1] and b - a <= LONGEST_HEADING
    }
    return found if len(found) >= _FEWEST_PAIRS else set()


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Spans between blank lines."""
    start: int | None = None
    at = end = 0
    for line in text.split("\n"):
        if line.strip():
            start = at if start is None else start
            end = at + len(line)
        elif start is not None:
            yield start, end
            start = None
        at += len(line) + 1
    if start is not None:
        yield start, end


def _parts(text: str, first: int, last: int, opening: bool) -> Iterator[tuple[Kind, int, int]]:
    """A paragraph's headings, bullets and running text."""
    lines = []
    at = first
    for line in text[first:last].split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    here: list[tuple[int, int]] = []
    lines = _with_labels(text, lines)
    keyed = _keyed(text, lines)
    for n in range(1, len(lines)):
        if keyed[n] and not keyed[n - 1] and _runs_on(text[slice(*lines[n - 1])]):
            keyed[n] = ""  # a line that only happens to begin with a number
    for n, (a, b) in enumerate(lines):
        line = text[a:b]
        following = text[lines[n + 1][0] : lines[n + 1][1]].lstrip() if n + 1 < len(lines) else ""
        if keyed[n] and keyed[n] in (*keyed[max(n - 1, 0) : n], *keyed[n + 1 : n + 2]):
            # Each line of a list of key figures says its own.
            if here:
                yield _running(here)
            here, opening = [], False
            yield "sentence", a, b
            continue
        if line.isupper() and len(line.split()) > 1 and _is_heading(line.rstrip(" ?")) and here:
            yield _running(here)  # "KEY FIGURES" between bullets
            here = []
            yield "heading", *_trimmed(text, a, b)
            continue
        alone = not here and (not following or opening)
        if alone and _is_heading(line) and not _goes_on(following):
            yield "heading", *_trimmed(text, a, b)
            continue
        opening = False
        bullet = _BULLET.match(line)
        if bullet:
            if here:
                yield _running(here)
            here = []
            a += bullet.end()
            # A bullet runs on over the lines that follow it, as far as the next one.
            here.append((a, b))
            continue
        here.append((a, b))
    if here:
        yield _running(here)


def _with_labels(text: str, lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The lines; where numbers and labels take turns, each number with its label is one line."""
    alone = [_NUMBER_ALONE.fullmatch(text, a, b) is not None for a, b in lines]
    pairs = [n for n in range(len(lines) - 1) if alone[n] and not alone[n + 1]]
    if len(pairs) < _FEWEST_PAIRS:
        return lines
    joined = {n: (lines[n][0], lines[n + 1][1]) for n in pairs}
    return [joined.get(n, line) for n, line in enumerate(lines) if n - 1 not in joined]


def _keyed(text: str, lines: Sequence[tuple[int, int]]) -> list[str]:
    """Which lines are key figures: "number" where it stands first, "label" where it does not."""
    forms = (("number", _KEY_FIGURE), ("label", _LABELLED))
    return [
        "number" if "\n" in text[a:b] else
        next((name for name, form in forms if form.fullmatch(text, a, b)), "") for a, b in lines
    ]  # fmt: skip


def _runs_on(line: str) -> bool:
    """Whether a line is one of running text, and its sentence goes on in the next."""
    return not line.rstrip().endswith((".", ":", ";", "!", "?")) and not _is_heading(line)


def _running(lines: list[tuple[int, int]]) -> tuple[Kind, int, int]:
    return "sentence", lines[0][0], lines[-1][1]


def _goes_on(following: str) -> bool:
    """Whether a line is a sentence's next one, and not a title's date ("as of 15 January")."""
    return following[:1].islower() and not re.match(r"(?:as of|covering|for the)\b", following)


def _is_heading(line: str) -> bool:
    text = line.strip()
    return (
        len(text) <= LONGEST_HEADING
        and not text.endswith((".", ";", ",", "!", "?"))
        and not VERB.search(text.replace("Displaced", ""))
        and not _BULLET.match(line)
    )


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for stop in _END.finditer(text, start, end):
        before = text[max(at, stop.start() - 8) : stop.start()]
        after = text[stop.end() : stop.end() + 3].lstrip()
        if text[stop.start()] == "." and _SHORT.search(before) and after:
            continue
        if after[:1].islower():
            continue
        a, b = _trimmed(text, at, stop.end())
        if b > a:
            yield a, b
        at = stop.end()
    a, b = _trimmed(text, at, end)
    if b > a:
        yield a, b


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
