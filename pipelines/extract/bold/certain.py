"""Which claims may become a figure: those of which nothing is in doubt. Pure."""

import re
from collections.abc import Sequence
from typing import Final, Literal

from data.analysis.claims import Claim
from pipelines.extract import topics
from pipelines.extract.bold.model import Around, Clause, Told
from pipelines.extract.bold.where import finest
from pipelines.extract.doubt import doubtful

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
_UNDER: Final = re.compile(r"(?:(?:fewer|less) than|under|below)[ \n]$")


def is_sure(
    claim: Claim,
    clause: Clause,
    told: Told,
    clauses: Sequence[Clause],
    last: Claim | None,
    around: Around,
    words: str,
    handed: bool,
) -> bool:
    """Whether nothing of a claim is in doubt, so that a person may decide to publish it.

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
    follows = last is not None and last.strict and last.group == claim.group
    if claim.group == "IDP" and re.search(
        r"\breach(?:ed|es)\b", told.lower[clause.start : clause.end]
    ):
        return False  # "the number of displaced people reached 68,000": since some day, perhaps
    inside = around.series or follows or told.says("idps", 0, len(told.lower))
    if claim.group == "RDP" and not (inside or told.says("spontaneous", 0, len(told.lower))):
        return False  # nothing says that they came back from within the country
    idps = told.says("idps", clause.start, clause.end)
    if (
        claim.group == "IDP_ARR"
        and claim.unit == "families"
        and not (idps or follows or claim.origin)
    ):
        return False  # families arrive for other reasons too
    if re.search(r"(?<!the )\bmost\b", told.lower[clause.start : number.start]):
        return False
    if claim.group != "PIN" and topics.AID.search(told.lower[clause.start : clause.end]):
        return False
    if around.series and claim.measure == "flow" and claim.unit == "people":
        return False  # a monthly table of moves counts moves, also where it says people
    return (
        _meant(clause, told, around, follows=follows)
        and _placed_surely(claim, clause, told, clauses, around, follows and last, handed=handed)
        and _timed_surely(claim, clause, told, around, follows=follows)
    )


def _meant(clause: Clause, told: Told, around: Around, *, follows: bool) -> bool:
    """Whether noun and verb leave no doubt of what is counted."""
    acted = any(told.says(cue, clause.start, clause.end) for cue in _ACTED)
    plain = clause.noun in _PLAIN_NOUNS and (around.series or _COUNTED.search(told.lower))
    if clause.own and (acted or plain):
        return True
    return follows and (not clause.own or told.says("subset", clause.start, clause.end))


def _placed_surely(
    claim: Claim,
    clause: Clause,
    told: Told,
    clauses: Sequence[Clause],
    around: Around,
    last: Claim | Literal[False] | None,
    *,
    handed: bool,
) -> bool:
    """Whether the place is the text's own word for a whole area of the tables."""
    mine = [m for m in told.exact if clause.start <= m.start < clause.end]
    both = claim.place == "X-SYR-ALEPPO-IDLEB"
    if both and not _BETWEEN.search(told.lower, clause.start, clause.end):
        return False
    if any(not m.codes for m in mine):
        return both
    inside = claim.group not in ("REF", "RET") and claim.origin is not None
    if inside and len(str(claim.place)) == COUNTRY and any(m.role != "from" for m in mine):
        return False  # where they came to is named, and not understood
    if handed:
        return True
    if claim.group == "RET" and claim.place == "SYR":
        return True  # of Syrians who came back it is the one country there is
    ats = [c for m in mine if m.role != "from" for c in m.codes]
    if len(ats) > 1 and finest(ats) is None:
        return False
    if mine:
        named = {c for m in mine for c in m.codes}
        return both or bool({claim.place, claim.origin, claim.asylum} & named)
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
    claim: Claim, clause: Clause, told: Told, around: Around, *, follows: bool
) -> bool:
    """Whether the days are the sentence's own, or the title's."""
    if any(p.kind == "vague" for p in told.times) or _ABOUT_THEN.search(told.text):
        return False
    several = len({(p.first, p.last, p.kind) for p in told.times}) > 1
    mine = any(clause.start <= p.start < clause.end for p in told.times)
    if several and not mine:
        return follows and not clause.own  # a list goes on with the time of its whole
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
