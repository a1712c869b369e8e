"""The shape of a language's words, and what all three share. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from pipelines.extract.languages.calendar import Period
from pipelines.extract.places import Mention

Find = Callable[[str, date | None], list[Period]]
Locate = Callable[[str, list[tuple[int, int]]], list[Mention]]
Pattern = re.Pattern[str]


@dataclass(frozen=True)
class Lexicon:
    """One language.

    Attributes:
        code: Its code.
        lower: A text in lower case, each character in its place.
        scales: Words for thousand and more: pattern to factor. An inflected form is one of them.
        spelled: Whole numbers in words, with the number.
        before: Words before a number that tell how exact it is: pattern to a code of
            `QUALIFIERS`, longest first.
        after: The same behind it.
        passed: A verb farther before a number that says it was exceeded.
        decimal: The sign before a fraction.
        joins: What may stand between the parts of one number ("509 bin 387").
        ranged: What stands between the ends of a range.
        connectives: Where the words of one number end and those of the next begin.
        nouns: What is counted: pattern to noun, the most telling first.
        cues: What happened to those counted, and what makes a number none of ours.
        skipped: What may stand between a number and its noun.
        goes_on: What may stand right behind a number that has its noun from elsewhere; another word
            there names what it counts.
        noun_follows: Whether a number without a noun takes the next one's (Turkish).
        respectively, each: Words that hand out numbers to places.
        periods: Finds the times of a sentence.
        places: Finds the places of a sentence.
    """

    code: str
    lower: Callable[[str], str]
    scales: tuple[tuple[Pattern, int], ...]
    spelled: tuple[tuple[Pattern, int], ...]
    before: tuple[tuple[Pattern, str], ...]
    after: tuple[tuple[Pattern, str], ...]
    decimal: str
    joins: Pattern
    ranged: Pattern
    connectives: Pattern
    nouns: tuple[tuple[Pattern, str], ...]
    cues: Mapping[str, Pattern]
    skipped: Pattern
    periods: Find
    places: Locate
    respectively: Pattern
    each: Pattern
    goes_on: Pattern
    noun_follows: bool = False
    passed: Pattern | None = None


def any_of(*words: str) -> Pattern:
    """A pattern that finds any of the words, each whole; `*` stands for an ending."""
    parts = [word.replace(" ", r"[ \n]{1,2}").replace("*", r"\w*") for word in words]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


def stems(*words: str) -> Pattern:
    """A pattern that finds the words with whatever follows them."""
    parts = [word.replace(" ", r"[ \n]{1,2}") for word in words]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})")


PUBLISHERS: Final[tuple[tuple[Pattern, str], ...]] = (
    (re.compile(r"\b(?:UNHCR|UN Refugee Agency|UN refugee agency|BMMYK)\b"
                r"|المفوضي[ةه](?! الاوروبي)|مفوضي[ةه] (?:ال)?لاجئين|Mülteciler Yüksek Komiserliği"),
     "UNHCR"),
    (re.compile(r"\b(?:OCHA|UN(?:'s)? humanitarian (?:office|agency)|Office for the Coordination of "
                r"Humanitarian Affairs)\b|اوتشا|أوتشا|مكتب (?:الأمم المتحدة ل)?تنسيق الش[ؤئ]ون "
                r"ال[إا]نساني[ةه]|İnsani İşler Eşgüdüm"), "OCHA"),
    (re.compile(r"\b(?:IOM|DTM|International Organi[sz]ation for Migration)\b|المنظم[ةه] الدولي[ةه] "
                r"للهجر[ةه]|Uluslararası Göç Örgütü"), "IOM"),
    (re.compile(r"\b(?:IDMC|Internal Displacement Monitoring Cent(?:re|er))\b|مركز رصد النزوح"
                r"|Yerinden Edilme İzleme Merkezi"), "IDMC"),
    (re.compile(r"\b(?:PMM|DGMM|Presidency of Migration Management|Migration Management)\b"
                r"|(?:رئاس[ةه]|[إا]دار[ةه]) [إا]?دار?[ةه]? ?الهجر[ةه]|Göç İdaresi"), "PMM"),
    (re.compile(r"\b(?:[Ii]nterior [Mm]inist(?:er|ry)|Minist(?:er|ry) of (?:the )?Interior)\b"
                r"|وزير الداخلي[ةه] التركي|وزار[ةه] الداخلي[ةه] التركي[ةه]|İçişleri Bakan"
                r"|\bBakan (?:Ali )?Yerlikaya\b|\bBakan (?:Süleyman )?Soylu\b"),
     "Türkiye Ministry of Interior"),
    (re.compile(r"\bResponse Coordinat(?:ion Group|ors)\b|منسقو (?:ال)?استجاب[ةه]|Müdahale Koordinatörlüğü"),
     "Response Coordination Group"),
    (re.compile(r"\bGeneral Security\b|(?:ال|لل)[أا]من العام|Genel Güvenlik"), "Lebanon General Security"),
    (re.compile(r"\bCCCM\b"), "CCCM Cluster"),
    (re.compile(r"\bHNAP\b"), "HNAP"),
    (re.compile(r"\bREACH\b"), "REACH"),
    (re.compile(r"\bAFAD\b"), "AFAD"),
    (re.compile(r"\b(?:SARC|Syrian Arab Red Crescent)\b|الهلال ال[أا]حمر العربي السوري"
                r"|Suriye (?:Arap )?Kızılayı"), "SARC"),
    (re.compile(r"\bWFP\b|World Food Programme|برنامج ال[أا]غذي[ةه] العالمي|Dünya Gıda Programı"),
     "WFP"),
    (re.compile(r"\bUNICEF\b|يونيسف|اليونيسيف"), "UNICEF"),
    (re.compile(r"\b(?:UN|United Nations|U\.N\.)(?!\w)(?! Security Council)|ال[أا]مم المتحد[ةه]"
                r"|Birleşmiş Milletler|\bBM\b"), "United Nations"),
)  # fmt: skip
"""Who is named as the source, whatever the language; a body's own name before the United Nations."""


def publisher_in(text: str) -> str | None:
    """The body that a sentence names as its source, where it names one."""
    for pattern, publisher in PUBLISHERS:
        if pattern.search(text):
            return publisher
    return None
