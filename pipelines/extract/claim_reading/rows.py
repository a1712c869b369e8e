"""Rows of a table ("Hatay 255,617"), which have what they count from their heading. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from data.analysis.claims import Claim
from data.gazetteer import places as tables
from pipelines.extract.claim_reading.model import Heading, ReadingState
from pipelines.extract.languages import Lexicon
from pipelines.extract.languages.calendar import Period
from pipelines.extract.periods import runs_on
from pipelines.extract.places import Mention

_CAMPS: Final = re.compile(
    r"\bidp (?:camps?|sites?)\b|\bnumber of (?:camps?|sites?)\b|مخيمات (?:ال)?نازحين"
    r"|عدد (?:ال)?مخيمات|yerinden edilmiş kişi\w* kamp|kamp sayısı"
)
"""Of camps, it is open whether the rows count them or those who live there."""
_TOTAL: Final = re.compile(r"(?:(?:grand )?total|(?:ال)?مجموع|(?:ال)?اجمالي|(?:genel )?toplam)\W*")


def counted_by(
    lower: str, times: Sequence[Period], series: str | None, lexicon: Lexicon
) -> Heading | None:
    """What a heading's words count; None where they leave it open."""
    since = next((p.first for p in times if p.kind == "since" and p.first), None)
    noun = next((noun for pattern, noun in lexicon.nouns if pattern.search(lower)), None)

    def says(*cues: str) -> bool:
        return any(lexicon.cues[cue].search(lower) for cue in cues)

    unit = "families" if noun == "families" else "people"
    if says("harm", "aid") or _CAMPS.search(lower):
        return None
    if series == "moves" or noun == "moves":
        return Heading("IDP_ARR", "movements", "flow")
    if series == "returns":
        return Heading("RDP", "movements", "flow")
    running = "cumulative" if since else "flow"
    if noun in ("returns", "returnees") or says("returned"):
        if noun in ("syrians", "refugees") or says("abroad"):
            return Heading("RET", unit, running, since)
        return Heading("RDP", unit, running, since) if noun == "idps" or says("idps") else None
    if noun == "refugees" or (noun == "syrians" and says("protection", "stays")):
        return Heading("REF", unit, "stock")
    if since and says("displaced", "idps"):
        return Heading("NEWDISP", unit, "cumulative", since)
    if says("displaced", "arrived", "left"):
        return None
    if noun == "idps" or (noun in ("families", "people") and says("camps", "idps")):
        return Heading("IDP", unit, "stock")
    return None


def row_claim(
    claim: Claim, label: str, mentions: Sequence[Mention], heading: Heading, around: ReadingState
) -> Claim | None:
    """A row's claim; None where its label is no place of the tables, nor the total of all."""
    codes = [m.code for m in mentions if m.code]
    place = codes[0] if len(codes) == 1 == len(mentions) else None
    if around.sub_districts and len(mentions) == 1:
        seats = tables.meanings_of_name(mentions[0].name).get("admin3", set())
        place = next(iter(seats)) if len(seats) == 1 else place
    if place is None and _TOTAL.fullmatch(label.strip()):
        place = around.place or ("SYR" if heading.group in ("RET", "RDP", "IDP_ARR") else None)
    if place is None:
        return None
    country = str(tables.codes(place)["location_code"])
    claim = replace(claim, group=heading.group, unit=heading.unit, measure=heading.measure)
    if heading.group == "REF":
        if country in ("SYR", "ALL") or place.startswith("X-"):
            return None
        claim = replace(claim, place=place, origin="SYR", asylum=country)
    elif heading.group == "RET":
        abroad = country not in ("SYR", "ALL")
        claim = replace(
            claim, place="SYR", origin="SYR", asylum=country if abroad else "ALL"
        )  # fmt: skip
    elif country != "SYR":
        return None
    else:
        claim = replace(claim, place=place)
    if heading.measure == "cumulative":
        return replace(claim, first=heading.since, since=heading.since, last=around.newest)
    span = around.span
    if heading.measure == "flow":
        if span is not None and heading.unit != "movements" and runs_on(span, "", ""):
            return replace(claim, measure="cumulative", first=span.first, since=span.first,
                           last=span.last)  # fmt: skip
        return replace(claim, first=span.first, last=span.last) if span else claim
    first, last = around.present
    return replace(claim, first=first, last=last, day_stated=around.day is not None)
