"""What a number counts, and why it counts no displacement. Pure."""

import re
from typing import Final

from pipelines.extract.claim_reading.model import ClaimContext, Clause, ParsedSentence
from pipelines.extract.doubt import GIVEN_TO, PROPOSED, PROVIDED_TO, RECEIVED
from pipelines.extract.numbers import in_brackets, is_label, is_money
from pipelines.extract.statement_reading import topics

_CHANGED: Final = re.compile(r"[ \n](?:\w+[ \n])?(?:azal|art)(?:arak|dı|tı|mış|ış)")
_FORECAST: Final = re.compile(
    r"\b(?:could|might|may|would)[ \n](?:\w+[ \n])?"
    r"(?:swell|rise|reach|grow|climb|increase|be[ \n](?:displaced|up[ \n]to)|displace|uproot)\b"
)
_EXPECTED: Final = re.compile(
    r"\b(?:anticipat(?:es?|ed|ing)|expect(?:s|ing)|project(?:s|ing|ions?)|forecasts?"
    r"|planning[ \n]figures?)\b[^.;]{0,80}$"
    r"|\b(?:to[ \n](?:help|assist|support|enable)|aim(?:ed|ing|s)[ \n](?:at|to))[ \n][^.;]{0,80}$"
)
_AVERAGE: Final = re.compile(
    r"بمعدل|متوسط|(?<!\w)و?(?:شهري|يومي)(?=[ \n]$)|\bortalama\b"
    r"|\b(?:average[ \n](?:of|number)|daily|per[ \n]day|on[ \n]average)\b"
)
"""Beside a number of each day, and of no time as a whole."""
_LEVEL: Final = re.compile(r"(?:%|per[ \n]?cent|percent)[ \n]to[ \n]$")
"""Of "fell by 18 per cent to 14,200" the number is no change."""
_SOME_OF_THEM: Final = re.compile(
    r"(?:عدد|اعداد)[ \n](?:\w+[ \n]){0,3}?(?:من[ \n])?(?:ال)?(?:ذكور|اناث|نساء|اطفال|رجال)(?!\w)"
    r"|\b(?:çocuk|kadın|erkek)\w*[ \n](?:\w+[ \n]){0,3}?(?:sayısı|oluştur\w+)"
)
"""Says that a number is of the women, men or children among them, in Arabic and Turkish."""
_OBJECT: Final = re.compile(r"'\w*n[ıiuü]\b")
_MADE_OF: Final = re.compile(r"\b(?:çocuk|kadın|erkek)\w*[ \n](?:\w+[ \n]){0,2}?oluştur")
"""In Turkish, of a number in the accusative: the women and children make it up."""
_FOOD: Final = re.compile(r"(?:\w+[ \n]){0,3}food[ -]insecure")
_AFFECTED: Final = re.compile(r"\baffect(?:ed|ing|s)[ \n](?:\w+[ \n])?$")
"""Before those who live where a storm was, displaced or not."""
_WERE_AFFECTED: Final = re.compile(
    r"\)?[ \n](?:are|were|was|have[ \n]been)[ \n](?:\w+[ \n])?affected\b(?!,)"
)
_ONE_OR_THE_OTHER: Final = re.compile(r"\d[ \n]?/[ \n]?$")
"""Before the second of two numbers, in Arabic and Turkish: "1.4 / 1.5 million"."""
_CAPACITY: Final = re.compile(
    r"\bcapacity\b[^.;:\d]{0,40}$|\bcapacity\b[^.;:]{0,60}\bexpand(?:ed|ing)?[ \n]to[ \n]$"
)
"""Before those whom a camp has room for."""
_POPULATION: Final = re.compile(
    r"\b(?:total|overall|whole)[ \n]population[ \n](?:(?:close|up)[ \n])?"
    r"(?:(?:to|of|at|is|was|reaches)[ \n])?$"
)
"""Before all who live there, displaced or not."""
_NOT_OF_HERE: Final = re.compile(
    r"\b(?:worldwide|globally|around[ \n]the[ \n]world|go-and-see"
    r"|(?:on|for)[ \n](?:\w+[ \n]){0,2}visits?)\b"
    r"|\bdünya[ \n](?:çapında|genelinde)|\bdünyada|(?:في|حول|انحاء|مستوي)[ \n]العالم(?!\w)"
)
"""Beside people of every country, or who came for a look."""
_AND_HOSTS: Final = re.compile(
    r"(?:\w+,?[ \n]){0,3}and[ \n](?:members[ \n]of[ \n])?host[ \n]communit"
)
"""Behind a number of those displaced together with who hosts them."""
_HALF: Final = re.compile(
    r",?[ \n](?:نصفهم|ثلثهم|ثلثاهم|half[ \n]of[ \n](?:them|whom)|bunların[ \n]yarısı|yarısı)"
)
_FEW: Final = 100
"""A number below this with no noun behind it counts nobody ("the first 10 provinces")."""


def why_not_displacement(context: ClaimContext) -> str:
    """Why a number tells of no displacement; empty where it may."""
    clause, sentence, words = context.clause, context.sentence, context.sentence.text
    number, lower = clause.number, sentence.lower
    if is_money(words, lower, number):
        return "money"
    if number.value is None:
        return "doubtful"
    ahead = lower[: number.phrase_start]
    if sentence.lexicon.code != "en" and _ONE_OR_THE_OTHER.search(ahead):
        return "doubtful"
    if is_label(lower, number) or _AFFECTED.search(ahead) or _POPULATION.search(ahead):
        return "topic"
    if _CAPACITY.search(ahead) or _WERE_AFFECTED.match(lower, clause.noun_end):
        return "topic"
    if _NOT_OF_HERE.search(lower, clause.start, clause.end) or _AND_HOSTS.match(
        lower, number.phrase_end + 1
    ):
        return "topic"
    cues = sentence.lexicon.cues
    counted = re.compile(r"'?\w{0,6}[ \n]?").match(lower, number.phrase_end)
    at = counted.end() if counted and sentence.lexicon.code == "tr" else number.phrase_end
    close = lower[at:].lstrip()
    apart = re.match(r"(?:\w+ ){1,2}(?=\w)", close)
    if (
        cues["part"].match(close)
        or (apart and cues["part"].match(close, apart.end()))
        or re.match(
            r"(?:of (?:them|the newly displaced|these|whom) )?(?:\w+ ){0,4}"
            r"(?:are|were) (?:women|children)",
            close,
        )
        or re.match(
            r"[,)]*[ \n](?:are|were)[ \n](?:\w+[ \n]){0,2}(?:women|children|girls|boys)", lower[at:]
        )
        or re.search(r"\b(?:women|children|girls|boys)[ \n]\($", ahead)
    ):
        return "part"
    if _OBJECT.match(lower, number.end) and _MADE_OF.search(lower, number.end):
        return "part"
    if sentence.lexicon.code != "en" and _SOME_OF_THEM.search(lower, clause.start, clause.end):
        return "part"
    if re.match(r"out-of-school[ \n]", close):
        return "part"
    if _FOOD.match(close):
        return "topic"
    if RECEIVED.match(lower, clause.noun_end) and clause.noun_end > number.phrase_end:
        return "aid"
    if cues["thing"].match(close) or (
        lower[: number.phrase_start].endswith(": ") and cues["thing"].match(lower, clause.start)
    ):
        return "thing"  # "204 tents", and "Sites: 204"
    if (
        clause.noun_end <= number.phrase_end
        and _names_another(clause, sentence)
        and any(
            (words_ahead := re.match(rf"(?:[\w-]+[ \n]){{{n}}}", close))
            and cues["thing"].match(close, words_ahead.end())
            for n in (1, 2)
        )
    ):
        return "thing"  # "204 emergency collective centres"
    level = _LEVEL.search(lower[: number.phrase_start]) is not None
    level = level or in_brackets(words, number)
    if (sentence.says("change", clause.start, number.start) and not level) or _CHANGED.match(
        lower, number.phrase_end
    ):
        return "change"
    half = _HALF.search if clause.noun == "people" else _HALF.match
    if half(lower, clause.noun_end, clause.end) and not context.says("displaced"):
        return "topic"  # all who live there, of whom half are displaced
    if sentence.lexicon.code == "en" and (
        PROVIDED_TO.search(ahead) or (context.says("need") and GIVEN_TO.search(ahead))
    ):
        return "aid"
    if not context.says("need"):
        if context.says("harm"):
            return "harm"
        strong = context.says("displaced", "returned")
        counted_moves = clause.noun in (
            "moves",
            "displacements",
            "returns",
            "returnees",
            "arrivals",
            "departures",
        )
        if context.says("aid") and not (strong or counted_moves):
            return "aid"
    if sentence.lexicon.code == "en" and PROPOSED.search(ahead):
        return "doubtful"
    wished = "wished" in cues and context.says("wished")
    if _FORECAST.search(lower, clause.start, clause.end) or wished:
        return "doubtful"
    if "entered" in cues and context.says("entered") and not context.says("returned"):
        return "topic"  # who came to a country is no count of those who are there
    if sentence.lexicon.code != "en" and cues["others"].match(close):
        return "topic"
    given = cues.get("given") if not context.says("need") else None
    if given is not None and given.search(lower, 0, number.phrase_start):
        return "aid"
    if _VISIT.search(lower, clause.start, clause.end) or _FOREIGNERS.search(
        lower, clause.start, number.phrase_start
    ):
        return "topic"
    if context.says("resettled") or _goes_on_about_resettled(context):
        return "topic"
    behind = clause.end if sentence.lexicon.code == "en" else number.start
    if _AVERAGE.search(lower, clause.start, behind) or (
        sentence.lexicon.code == "en"
        and _EXPECTED.search(lower[clause.start : number.phrase_start])
    ):
        return "doubtful"
    bare = clause.noun is None or clause.noun_end <= number.phrase_end
    few = number.value is not None and number.value < _FEW and not number.scaled
    listed = sentence.lexicon.code != "en" and _of_a_province(context)
    if bare and few and (not listed or _ORDINAL.match(lower, number.end)):
        return "topic"
    return "thing" if _counts_another(clause, sentence) else ""


_VISIT: Final = re.compile(
    r"(?<!\w)[بل]?(?:ال)?(?:عطله|اجازه|اجازات|لقضاء|زياره)(?!\w)|\b(?:bayram|ziyaret)\w*[ \n]için\b"
)
"""Beside people who went for a holiday, in Arabic and Turkish."""
_FOREIGNERS: Final = re.compile(r"\byabancı\w*|(?<!\w)(?:ال)?اجانب(?!\w)|\bikamet[ \n]izni")
"""Before a number of foreigners of every nationality."""
_ORDINAL: Final = re.compile(r"\.[ \n]\w")


def _goes_on_about_resettled(context: ClaimContext) -> bool:
    """Whether a number divides those resettled: "20,300 were resettled, among them 6,100 …"."""
    clause, sentence = context.clause, context.sentence
    if sentence.lexicon.code == "en" or context.says("returned"):
        return False
    return sentence.says("resettled", 0, clause.start)


def _counts_another(clause: Clause, sentence: ParsedSentence) -> bool:
    """Whether the word right behind a number is a noun that is none of ours: "41,000 calls".

    Only where the number would have its noun from elsewhere.
    """
    return not clause.own and _names_another(clause, sentence)


def _names_another(clause: Clause, sentence: ParsedSentence) -> bool:
    """Whether the word right behind a number is none that the reader knows to go on with."""
    end = clause.number.phrase_end
    if sentence.lexicon.goes_on.match(sentence.lower, end):
        return False
    ending = re.compile(r"'\w{1,6}").match(sentence.lower, end)
    space = re.compile(r"[ \n]*").match(sentence.lower, ending.end() if ending else end)
    at = space.end() if space else end
    if any(m.start <= at < m.end for m in sentence.mentions):
        return False
    cues = (cue for name, cue in sentence.lexicon.cues.items() if name not in _NOT_OURS)
    words = (*(p for p, _ in sentence.lexicon.nouns), *cues)
    return not any(pattern.match(sentence.lower, at) for pattern in words)


_NOT_OURS: Final = ("aid", "harm", "thing", "part", "change")


_ABROAD: Final = re.compile(
    r"(?<!\w)ك(?:ال)?لاجئين(?!\w)|(?:في[ \n]الخارج|خارج[ \n](?:البلاد|سوري[اه]))(?!\w)"
    r"|\b(?:sığınmacı|mülteci)[ \n]olarak\b"
)
"""Behind a number of those who live abroad as refugees, whoever was spoken of before."""
_THEREBY: Final = re.compile(r"(?<!\w)[وف]?(?:بذلك|ليصل|ليرتفع|لترتفع)(?!\w)")
"""A count that rises by those who have just been displaced goes on since its first day."""
_LEFT_BEHIND: Final = ("IDP_DEP", "IDP", "NEWDISP")


def topic_of(context: ClaimContext) -> tuple[str, str, str] | None:
    """Group, unit and kind of count, by the noun and by the words about those counted."""
    clause, sentence, says = context.clause, context.sentence, context.says
    last, around = context.last, context.around
    a, b = clause.start, clause.end
    noun = clause.noun
    if sentence.lexicon.code != "en" and _ABROAD.search(sentence.lower, clause.number.end, b):
        return "REF", "people", "stock"
    verb = says("returned", "displaced", "arrived", "left", "stays", "remain", "need")
    subset = says("subset")
    # "275,000 of these returns": the noun is that of the whole, and no verb of the part's own.
    own_return = says("returned") and noun not in ("returns", "returnees")
    lent = (
        noun is None
        or (not clause.own and not verb)
        or (
            subset
            and not says("arrived", "left", "stays", "displaced", "remain")
            and not own_return
        )
    )
    # "53,000 displaced families were registered: 33,100 families in Idleb governorate".
    listed = (
        sentence.lexicon.code == "en"
        and noun == "families"
        and context.goes_on
        and last is not None
    )
    lent = lent or (listed and not verb and last is not None and last.unit == "families")
    # Of those in need, the displaced are a group of their own.
    lent = lent and not (clause.own and noun == "idps" and last is not None and last.group == "PIN")
    if subset and lent and own_return and last is not None and last.group in ("NEWDISP", "IDP_ARR"):
        return "RDP", last.unit, "flow"  # "Of these, 4,500 returned to their homes"
    if (
        lent
        and last is not None
        and last.group
        and (clause.number.value or 0) >= 100
        and (not verb or subset)
        and around.series is None
    ):
        return last.group, last.unit, last.measure or "flow"
    if (
        not clause.own
        and last is not None
        and last.group == "RET"
        and says("arrived", "returned")
        and not says("left", "displaced")
    ):
        return last.group, last.unit, last.measure or "flow"  # "… and 78,000 came from Jordan"
    at_rest = says("stays") and not says("returned", "displaced", "arrived", "left", "need")
    whom = (None,) if sentence.lexicon.code == "en" else (None, "people")
    if noun in whom and at_rest and last is not None and last.group in ("REF", "IDP"):
        own = "people" if noun == "people" else last.unit  # "2,884 families of 13,839 people"
        return last.group, own, "stock"  # "461,100 in Gaziantep while Kilis hosts 96,400"
    unit = "families" if noun == "families" else "people"
    english = sentence.lexicon.code == "en"
    if not english and noun == "syrians" and _DISPLACED.search(sentence.lower, a, b):
        noun = "syrians" if says("protection") else "idps"
    if not english and says("left") and noun in ("syrians", "idps", "refugees"):
        foreign = any(_abroad(m.code) for m in sentence.mentions if a <= m.start < b)
        if says("abroad"):
            return "RET", unit, "flow"
        if foreign and not says("returned"):
            return None  # they left another country, and the text does not say for where
    if not english and noun == "refugees" and _of_any_nation(context):
        return None
    came_back = last is not None and last.group in ("RET", "RDP") and not own_return
    if not english and came_back and _OUT_OF_ABROAD.search(sentence.lower, clause.number.end, b):
        return "RET", unit, (last.measure if last else None) or "flow"
    if not english and noun in (None, "people") and _of_a_province(context):
        return "REF", "people", "stock"
    if (
        not english
        and noun == "idps"
        and clause.own
        and not says("arrived", "returned", "stays", "remain")
        and _fled_from(context)
    ):
        since_day = any(p.kind == "since" for p in sentence.times)
        return "NEWDISP", unit, "cumulative" if since_day else "flow"
    if english and monthly_of_another(context):
        return None
    if english and noun == "idps" and clause.own and _WHO_NEED.search(sentence.lower, a, b):
        return "IDP", unit, "stock"
    moved = english and _DISPLACEMENT_OF.search(sentence.lower[: clause.number.phrase_start])
    others = english and (
        (noun == "idps" and _AND_IN_NEED.match(sentence.lower, clause.number.end))
        or OTHERS_NEED.match(sentence.lower, clause.noun_end)
    )
    needs = says("need") and not others
    if needs and not moved and noun in ("people", "families", "idps", None):
        one_thing = english and _NEED_OF.search(sentence.lower, a, b)
        return None if one_thing else ("PIN", unit, "stock")
    if english and noun in ("people", "idps", "families") and _are_displaced(context):
        return "IDP", unit, "stock"
    monthly = around.series
    if noun is None and monthly is None and not verb:
        return None
    since = any(p.kind == "since" for p in sentence.times)
    running = "cumulative" if since else "flow"
    if monthly == "moves" and noun in ("arrivals", "departures") and unit == "people":
        unit = "movements"
    if noun == "displacements":
        return ("IDP_ARR" if monthly == "moves" else "NEWDISP"), "movements", running
    if english and noun in ("people", "idps") and _DEPARTING.search(sentence.lower, a, b):
        return "IDP_DEP", unit, running
    if noun == "moves" or (monthly == "moves" and noun in (None, "people", "idps") and not says(
            "stays", "remain")):  # fmt: skip
        if noun == "moves" and _REPATRIATION.search(sentence.lower, a, clause.noun_end):
            return "RET", "movements", running
        if noun == "moves" and (
            says("returned", "spontaneous")
            or (monthly == "returns" and not context.sentence_says("moves"))
        ):  # fmt: skip
            return "RDP", "movements", running
        since_day = since and noun == "moves" and not context.sentence_says("moves")
        return ("NEWDISP" if since_day else "IDP_ARR"), "movements", running
    if english and noun == "returns" and _REFUGEE_RETURNS.search(sentence.lower, a, b):
        return "RET", "people", running
    if noun in ("returns", "returnees") or (
        monthly == "returns" and noun in (None, "people", "idps")
    ):
        of_moves = last is not None and (last.group, last.unit) == ("RDP", "movements")
        of_moves = of_moves or (monthly == "moves" and noun == "returns")
        if monthly == "returns" or says("spontaneous") or (english and of_moves):
            return "RDP", "movements" if noun != "families" else "families", running
        inside = _WITHIN_SYRIA.search(sentence.lower, a, b) is not None
        if not english and inside and not any(
            _abroad(m.code) for m in sentence.mentions if a <= m.start < b
        ):  # fmt: skip
            return "RDP", unit, running
        abroad = context.sentence_says("abroad") or _from_abroad(sentence)
        told = last or around.dated
        abroad = abroad or (not english and told is not None and told.group == "RET")
        abroad = abroad and not says("idps")
        abroad = abroad or (english and not says("idps") and around.abroad)
        return ("RET" if abroad else "RDP"), unit, running
    if topics.LEFT_SITES.search(sentence.lower, a, b) and noun in ("people", "families", "idps"):
        return "IDP_DEP", unit, running
    if english and noun == "syrians" and _ADMITTED.search(sentence.lower, a, b):
        return None  # who came to a country is no count of those who are there
    remain = _REMAIN_DISPLACED.match(sentence.lower, clause.noun_end)
    if english and noun in ("people", "idps", None) and remain:
        return "IDP", unit, "stock"  # whoever of them returned
    came = sentence.says("returned", a, clause.number.start)
    came_later = (
        not english
        and noun == "idps"
        and clause.own
        and not came
        and _OTHERS_BACK.search(sentence.lower, clause.noun_end, b)
    )
    returned = (says("returned") and not came_later) or (
        not came_later
        and not says("displaced", "arrived", "stays", "remain", "left")
        and context.sentence_says("returned")
        and not context.sentence_says("displaced")
    )
    ahead = sentence.lower[: clause.number.phrase_start]
    if noun in ("refugees", "syrians") and (
        _HOSTS.search(ahead) or (_LIVING.search(ahead) and not came)
    ):  # fmt: skip
        return "REF", unit, "stock"  # whatever the sentence says of returns before it
    at_once = (
        english and _CAME_BACK.match(sentence.lower, clause.noun_end) is not None
    ) or _NUMBER_BACK.search(sentence.lower, a, clause.number.start) is not None
    if english and subset and noun == "refugees" and last is not None and last.group == "RET":
        return last.group, last.unit, last.measure or "flow"
    if english and noun in ("syrians", "people", "arrivals") and _LEFT_SYRIA.search(
        sentence.lower, a, b
    ):  # fmt: skip
        return None  # to another country: no displacement within this one
    if returned and (
        at_once or not (says("stays") and noun == "refugees" and not says("abroad"))
    ):  # fmt: skip
        if says("spontaneous") and noun != "refugees":
            return "RDP", "movements" if unit == "people" else unit, running
        inside = _WITHIN.search(sentence.lower, a, b) is not None
        here = noun == "syrians" and inside and not says("abroad")
        if not english and (here or (noun == "idps" and clause.own)):
            return "RDP", unit, running
        if (
            noun in ("refugees", "syrians")
            or says("abroad")
            or (context.sentence_says("abroad") and not says("idps") and noun in ("people", None))
        ):
            return "RET", unit, running
        listed = noun is None or (not english and noun in ("families", "people"))
        if listed and last is not None and last.group == "RET" and (english or not inside):
            return "RET", unit, running
        if english and around.abroad and noun in ("people", None) and not says("idps"):
            return "RET", unit, running
        return "RDP", unit, running
    if english and noun == "syrians" and says("present") and not codes_abroad(sentence):
        return "IDP", unit, "stock"  # "7.2 million Syrians remain in displacement"
    if noun in ("refugees", "syrians") and sentence.says("others", clause.number.end, b):
        return None  # of other nationalities
    if english and noun == "refugees" and _of_no_stock(clause, sentence):
        return None
    fled = noun == "syrians" and says("displaced") and not says("stays", "protection")
    if noun == "refugees" or (
        noun == "syrians" and not fled and context.sentence_says("protection", "stays")
    ):
        return "REF", unit, "stock"
    if noun == "syrians" and says("arrived"):
        return None  # who came to a country is no count of those who are there
    if noun == "syrians" and not fled and codes_abroad(sentence):
        return "REF", unit, "stock"
    if english and noun == "arrivals" and _to_abroad(context):
        return None
    if english and noun == "arrivals" and topics.FROM_ABROAD.search(sentence.lower, a, b):
        return "RET", unit, running
    if noun in ("departures",) or (says("left") and says("camps")):
        return "IDP_DEP", unit, running
    idps = noun == "idps" or says("idps")
    thereby = _THEREBY.search(sentence.lower, a, b)
    counting = (
        says("counting")
        and sentence.lexicon.code != "en"
        and not (says("rising") and not thereby)
        and not says("remain", "camps")
    )
    since_then = since or (thereby and any(p.kind == "span" for p in sentence.times))
    if noun == "idps" and since_then and counting:
        return "NEWDISP", unit, running  # "since December the number of those displaced …"
    stayed = last is not None and last.sentence_start >= 0 and last.group in _LEFT_BEHIND
    if says("remain") and (idps or says("camps") or says("stays") or stayed):
        return "IDP", unit, "stock"
    moving = around.before is not None and around.before.group in ("NEWDISP", "IDP_ARR", "IDP_DEP")
    moving = moving or (last is not None and last.group in ("NEWDISP", "IDP_ARR"))
    if noun == "arrivals" or (
        says("arrived")
        and (
            idps
            or ((moving or _moved_between(context)) and noun in _PEOPLE)
            or (noun == "families" and _within_syria(clause, sentence))
        )
    ):
        return "IDP_ARR", unit, running
    fresh = noun in ("idps", "families") and re.search(
        r"\bnewly[ \n]displaced\b", sentence.lower[a:b]
    )
    windowed = since or any(
        p.kind == "span" and p.end <= clause.number.start for p in sentence.times
    )
    registered = windowed and idps and re.search(r"\bregistered\b", sentence.lower[a:b])
    if sentence.lexicon.code == "en" and not says("remain", "camps", "present") and (
        registered or (fresh and (since or not says("stays", "present")))
    ):  # fmt: skip
        return "NEWDISP", unit, running  # since some day, or in the title's time
    if (
        noun == "idps"
        and not says("displaced")
        and (says("stays", "remain", "camps") or not context.sentence_says("displaced"))
    ):
        return "IDP", unit, "stock"
    if idps and says("stays") and not says("displaced"):
        return "IDP", unit, "stock"
    part_of_them = subset and last is not None and last.group == "IDP"
    if noun == "families" and says("stays") and (moving or part_of_them) and not says("displaced"):
        return "IDP", unit, "stock"
    if says("present") and noun in ("people", "idps", "families", None):
        return "IDP", unit, "stock"
    if says("camps") and (says("stays") or says("remain") or (not verb and clause.own)):
        return "IDP", unit, "stock"
    if says("left") and noun in ("people", "families", "idps") and sentence.mentions:
        return ("IDP_DEP" if around.departures else "NEWDISP"), unit, running
    if says("displaced") or (not says("stays", "arrived") and _shared(context)):
        return "NEWDISP", unit, running
    if monthly == "moves" and noun is None:
        return "IDP_ARR", "movements", running
    return None


_DISPLACED: Final = re.compile(r"(?<!\w)(?:ال)?نازح(?:ا|ين|ون)?(?!\w)|\byerinden[ \n]ed\w+")
_OUT_OF_ABROAD: Final = re.compile(r"[ \n]من[ \n]الخارج(?!\w)|[ \n]yurt[ \n]?dışından\b")
_ANY_NATION: Final = re.compile(r"\bsığınmacı")


def _of_any_nation(context: ClaimContext) -> bool:
    """Whether asylum seekers are counted in Turkish and nothing says that they are Syrians."""
    clause, lower = context.clause, context.sentence.lower
    counted = _ANY_NATION.search(lower, clause.number.end, clause.noun_end + 1)
    of_syrians = context.around.before is not None and context.around.before.group == "REF"
    return counted is not None and "suriye" not in lower and not of_syrians


def _abroad(code: str | None) -> bool:
    return code is not None and not code.startswith(("SY", "X-")) and code not in _PARTIES


_RANKED: Final = re.compile(
    r"(?<!\w)(?:ب?المرتبه|مرتبه|تليها|تلتها|ثم)(?!\w)|\bsırada\b|\bizl(?:iyor|edi)\b"
)
"""Puts one place after another in a list of those that host the most."""


def _goes_on_by_rank(context: ClaimContext) -> bool:
    """Whether a sentence goes on to rank provinces by their refugees: "then Bursa, 150,300"."""
    told = context.around.dated
    return (
        told is not None
        and (told.group, told.measure) == ("REF", "stock")
        and _RANKED.search(context.sentence.lower) is not None
        and not context.sentence_says("displaced", "returned")
    )


def _of_a_province(context: ClaimContext) -> bool:
    """Whether a number of a list is that of Syrians in a province of Türkiye.

    As in "Hatay'da 13 bin 645, Kilis'te 13 bin 544, toplam 181 bin 659 Suriyeli bulunuyor".
    """
    clause, sentence = context.clause, context.sentence
    nouns = [p for p, noun in sentence.lexicon.nouns if noun in ("syrians", "refugees")]
    mine = [m for m in sentence.mentions if clause.start <= m.start < clause.end and m.code]
    return (any(re.match(r"TUR\d", str(m.code)) for m in mine) and _goes_on_by_rank(context)) or (
        any(re.match(r"TUR\d", str(m.code)) for m in mine)
        and any(noun.search(sentence.lower) for noun in nouns)
        and context.sentence_says("stays", "protection")
        and not context.sentence_says("displaced")
        and not context.says("returned", "left", "harm")
    )


_WITHIN_SYRIA: Final = re.compile(
    r"داخل[ \n](?:سوري[اه]|البلاد)|(?<!\w)داخليا?(?!\w)|ülke[ \n]içinde"
)
_WITHIN: Final = re.compile(r"نازح|نزوح|داخلي|yerinden|ülke içinde")
"""Of those displaced within the country, in Arabic and Turkish."""


def _fled_from(context: ClaimContext) -> bool:
    """Whether the displaced are those of the place named right behind them: "نازح من إدلب"."""
    clause = context.clause
    return any(
        m.role == "from" and 0 <= m.start - clause.noun_end <= len(" من ريف ")
        for m in context.sentence.mentions
    )


_CAME_BACK: Final = re.compile(
    r"[ \n](?:from[ \n]\w+[ \n])?(?:who[ \n])?(?:(?:have|has|had|voluntarily|also)[ \n]){0,3}"
    r"(?:return(?:ed|ing)|(?:gone|went|came|come)[ \n](?:back|home)"
    r"|left\b[^.;]{0,60}\bto[ \n]return)\b"
)
"""Right behind people who came back, whatever else their sentence says of those who stay."""
_NUMBER_BACK: Final = re.compile(
    r"\bnumber[ \n]of[ \n](?:syrians|refugees|people|those)[^.;]{0,40}\breturned\b"
    r"|عدد[ \n](?:\w+[ \n]){0,2}(?:ال)?عائدين(?!\w)"
)
"""Ahead of a number of those who came back, also where it calls them registered refugees."""
_HOSTS: Final = re.compile(
    r"\b(?:hosts?|hosted|hosting|home[ \n]to|shelters)[ \n]$"
    r"|(?<!\w)و?[تي]ستضيف(?:[ \n]\w+){0,3}[ \n]ب?$"
)
_LIVING: Final = re.compile(
    r"(?<!\w)(?:ال)?(?:مقيمين|موجودين|متواجدين)(?:[ \n]\w+){0,3}[ \n]ب?"
    r"(?:[\d.,]+[ \n]?[/–-][ \n]?)?$"
)
_OTHERS_BACK: Final = re.compile(
    r"[ \n،][ \n]?"
    r"(?:و[ \n]?(?:عود|عاد)|(?:لكن|فيما|بينما)[ \n](?:\w+[ \n]){0,2}?(?:عاد|عود|يعود))"
)
"""Behind a number of the displaced, in Arabic: goes on to speak of returns by themselves."""
_LEFT_SYRIA: Final = re.compile(
    r"\bfled[ \n](?:out[ \n]of[ \n])?(?:syria|the[ \n]country)\b"
    r"|\barrivals[ \n]from[ \n]syria\b"
    r"|\b(?:fled|crossed|displaced|moved|moving)[ \n](?:the[ \n]border[ \n])?(?:in)?to[ \n]"
    r"(?:(?:\w+ern|north|south)[ \n])?(?:lebanon|iraq|jordan|turkey|t[üu]rkiye)\b"
)
_REFUGEE_RETURNS: Final = re.compile(r"\brefugee[ \n]returns?\b")
_REPATRIATION: Final = re.compile(r"\brepatriat\w+")
_WHO_NEED: Final = re.compile(
    r",[ \n](?:all[ \n]of[ \n])?who(?:m)?[ \n][^.;,]{0,40}\bin[ \n]need\b"
)
"""Says of all who are displaced that they are in need."""
_AND_IN_NEED: Final = re.compile(
    r"[ \n](?:people|persons)?,[ \n]and[ \n]the[ \n](?:\w+[ \n]){1,6}in[ \n]need\b"
)
"""Behind a number of the displaced: goes on to speak of others, who are in need."""
OTHERS_NEED: Final = re.compile(
    r"[^.;]{0,80}?,[ \n](?:and|while|with)[ \n](?:[\w-]+[ \n]){0,4}?"
    r"(?:\d[\d.,]*[ \n]?(?:%|per[ \n]?cent)?|half|most|many|all|everyone|the)"
    r"(?!\w)[^.;,]{0,80}\bneeds?\b"
)
"""Behind people of whom something else is said: goes on to count those in need by themselves."""
_DISPLACEMENT_OF: Final = re.compile(r"\bdisplacement[ \n]of[ \n]$")
_NEED_OF: Final = re.compile(
    r"\bin[ \n]need[ \n]of[ \n](?!(?:(?:humanitarian|urgent|immediate|emergency|some|any|form|of"
    r"|life-?saving|multi-?sectoral)[ \n])*(?:aid|assistance|help|support|relief|protection)\b)"
)
"""Those who need one thing, such as tents, are not all in need."""


def _to_abroad(context: ClaimContext) -> bool:
    """Whether those who arrived came to another country."""
    clause = context.clause
    mine = [m for m in context.sentence.mentions if clause.start <= m.start < clause.end]
    return any(m.role == "at" and m.code and not m.code.startswith(("SY", "X-")) for m in mine)


_DEPARTING: Final = re.compile(r"\bdeparting[ \n]")
_ANOTHER_SERIES: Final = re.compile(r"\b(?:returned|returns|returnees|srs?|departures|departing)\b")


def monthly_of_another(context: ClaimContext) -> bool:
    """Whether a number without a noun stands in a report on moves, beside returns or departures."""
    bare = context.clause.noun is None and context.around.series == "moves"
    return bare and _ANOTHER_SERIES.search(context.sentence.lower) is not None


_AS_OF_DISPLACED: Final = re.compile(
    r"[ \n](?:are|were)[ \n](?:internally[ \n]|newly[ \n])?displaced\b"
)
_ARE_INTERNALLY: Final = re.compile(
    r"[ \n]are[ \n](?:now[ \n]|currently[ \n]|still[ \n])?internally[ \n]displaced\b"
)
"""Behind people of whom the text speaks in the present: "3.4 million are internally displaced"."""
_LABELLED_DISPLACED: Final = re.compile(
    r"[ \n](?:internally[ \n]displaced\b"
    r"|displaced[ \n](?:within|inside)[ \n](?:syria|the[ \n]country)\b)"
)
_AUXILIARY: Final = re.compile(r"\b(?:been|be|were|was|had|have|has)\b")


def _are_displaced(context: ClaimContext) -> bool:
    """Whether people are displaced at a date: "as of 12 May, 7,400 people were displaced"."""
    clause, sentence = context.clause, context.sentence
    lower, end = sentence.lower, clause.noun_end
    if any(p.kind == "since" for p in sentence.times):
        return False
    as_of = any(p.kind == "as_of" and p.end <= clause.number.start for p in sentence.times)
    if _ARE_INTERNALLY.match(lower, end) or (as_of and _AS_OF_DISPLACED.match(lower, end)):
        return True
    label = _LABELLED_DISPLACED.match(lower, end) or lower[:end].endswith(
        "people internally displaced"
    )
    return bool(label) and not _AUXILIARY.search(lower, clause.start, clause.end)


_WENT_ON: Final = re.compile(
    r"\b(?:resettl\w+|submitted|departed|cross(?:ed|ing)|fled|arriv\w+|treat\w+|applied|approached"
    r"|granted)\b"
)
_THERE: Final = re.compile(
    r"\b(?:host\w*|liv(?:e|es|ed|ing)|resid\w+|home to|there (?:are|were))\b"
)
_ADMITTED: Final = re.compile(r"\b(?:were|was|been)[ \n](?:newly[ \n])?admitted\b")
_DISPLACED_AGAIN: Final = re.compile(
    r"\b(?:secondarily|re-?|again)[ \n]?displaced\b|\bdisplaced[ \n](?:again|inside|within)\b"
)
_REMAIN_DISPLACED: Final = re.compile(
    r"[ \n](?:in[ \n]total[ \n])?(?:still[ \n]|now[ \n])?remain(?:s|ed)?[ \n](?:\w+[ \n]){0,2}"
    r"(?:displaced|in[ \n](?:\w+[ \n])?displacement)\b"
)
_AND_OTHERS: Final = re.compile(r"[ \n]and[ \n]asylum[ -]seekers")


def _of_no_stock(clause: Clause, sentence: ParsedSentence) -> bool:
    """Whether refugees left, came or asked for something, or are not Syrians alone."""
    lower = sentence.lower
    mine = lower[clause.start : clause.end]
    if _DISPLACED_AGAIN.search(mine):
        return True  # within the country that hosts them
    if _AND_OTHERS.match(lower, clause.noun_end) and "syria" not in mine[: clause.noun_end]:
        return True
    return bool(_WENT_ON.search(mine)) and not _THERE.search(mine)


_PEOPLE: Final = ("people", "families", None)


def _within_syria(clause: Clause, sentence: ParsedSentence) -> bool:
    mine = [m for m in sentence.mentions if clause.start <= m.start < clause.end]
    codes = [str(m.code) for m in mine]
    whole = all(code.startswith(("SY", "X-SYR")) for code in codes)
    return whole and any(code.startswith(("SY0", "SY1")) for code in codes)


def _moved_between(context: ClaimContext) -> bool:
    """Whether a number went from one place of the country to another."""
    clause, sentence = context.clause, context.sentence
    mine = [m for m in sentence.mentions if clause.start <= m.start < clause.end and m.code]
    here = {m.role == "from" for m in mine if str(m.code).startswith(("SY", "X-SYR"))}
    here |= {False} if context.says("here") else set()
    return here == {True, False}


def _shared(context: ClaimContext) -> bool:
    """Whether a verb of displacement elsewhere in the sentence is also that of this number."""
    clause, sentence = context.clause, context.sentence
    if not context.sentence_says("displaced"):
        return False
    if sentence.lexicon.noun_follows or not clause.own:
        return True  # the verb ends the sentence, or the number stands in a list
    others = (c for c in context.clauses if c is not clause)
    return not any(sentence.says("displaced", c.start, c.end) for c in others)


def _from_abroad(sentence: ParsedSentence) -> bool:
    """Whether another country is named as the one they came from."""
    return any(
        m.role == "from" and m.code and not m.code.startswith(("SY", "X-SYR"))
        for m in sentence.mentions
    )


_PARTIES: Final = frozenset({"RUS", "IRN", "USA", "ISR"})
"""Countries that a text on Syria names as parties to the war, and not for whom they host."""


def codes_abroad(sentence: ParsedSentence) -> list[str]:
    """The places outside Syria that a sentence names, in order, but for parties to the war."""
    return [
        m.code
        for m in sentence.mentions
        if m.code
        and not m.code.startswith(("SY", "X-SYR"))
        and m.code not in _PARTIES
        and not (m.role == "from" and sentence.lexicon.code == "en")
    ]
