"""The figures that a report states, for a person to decide on. Pure; open rules.

What single sentences state beyond doubt (`statements`), and the claims that are certain
(`claims`): their noun, place and time stand with the number or in the title.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from data.analysis.claims import Claim
from pipelines.extract import prose
from pipelines.extract.claims import claims_in
from pipelines.extract.figure_doubts import undoubted
from pipelines.extract.model import Statement, dataset_of
from pipelines.extract.statements import stated_in

_DATASETS: Final = {
    ("IDP_ARR", "movements"): "IDP movements",
    ("RDP", "movements"): "IDP spontaneous returns",
    ("IDP_ARR", ""): "Arrivals of newly displaced",
    ("NEWDISP", ""): "New displacement",
    ("IDP_DEP", ""): "Departures of IDPs",
    ("RDP", ""): "IDP returns",
    ("RET", ""): "Refugee returns",
    ("REF", ""): "Registered Syrians",
    ("IDP", ""): "IDPs",
    ("PIN", ""): "People in need",
}
"""What is counted, by group and unit ("" is any other), as `statements` names it."""


def figures_in(text: str, *, published_on: date | None = None) -> list[Statement]:
    """The figures that a report states, in the order of the text.

    Args:
        text: Plain text. Any text will do; one without figures gives none.
        published_on: The day of publication, where it is known: it completes dates without a year
            and ends counts "since" a date.
    """
    stated = stated_in(text, published_on=published_on)
    found = [*stated, *_sure(text, stated, published_on)]
    found = undoubted(found, text, published_on)
    if prose.is_of_assessed(prose.uniform(text)):
        found = [_partly(one) for one in found]
    return sorted(found, key=lambda one: (one.value_start, one.value_end))


def _partly(one: Statement) -> Statement:
    """A flow of a report on assessed communities is of them alone."""
    if one.measure != "flow":
        return one
    return replace(
        one, caveat=f"{one.caveat} partial_coverage" if one.caveat else "partial_coverage"
    )


def _sure(text: str, stated: Sequence[Statement], published_on: date | None) -> Iterator[Statement]:
    """The certain claims; nothing that one text states with two values."""
    read = {one.value_start for one in stated}
    added = [
        _statement(claim, text)
        for claim in claims_in(text, published_on=published_on, stated=stated)
        if claim.strict and claim.start not in read
    ]
    values: dict[tuple[Any, ...], list[Statement]] = {}
    for one in (*stated, *added):
        values.setdefault(one.key, []).append(one)
    yield from (one for one in added if all(_agrees(one, other) for other in values[one.key]))


_COARSER: Final = 1.2
"""How much more than "over half a million" a number may be that says the same more finely."""


def _agrees(one: Statement, other: Statement) -> bool:
    """Whether another number of the same place and time is this one, or this one told roughly.

    "586,000 people fled" in one paragraph is "over half a million displaced" in another.
    """
    if one.value == other.value:
        return True
    rough = other.value % 100_000 == 0 and one.value % 100_000 != 0
    return rough and other.qualifier == "over" and other.value < one.value < _COARSER * other.value


def _statement(claim: Claim, text: str) -> Statement:
    group, unit, measure = str(claim.group), claim.unit, str(claim.measure)
    base = _DATASETS.get((group, unit)) or _DATASETS[group, ""]
    caveats = ["movements_not_people"] * (unit == "movements")
    caveats += ["sites_only"] * claim.sites
    caveats += ["period_from_context"] * (not claim.day_stated)
    return Statement(
        dataset=dataset_of(base, measure, sites=claim.sites),
        measure=measure,
        population_group=group,
        unit=unit,
        value=int(claim.value or 0),
        value_raw=claim.raw,
        qualifier=claim.qualifier,
        place_code=str(claim.place),
        origin_code=claim.origin,
        asylum_location_code=claim.asylum,
        reference_period_start=claim.first or claim.last or date.min,
        reference_period_end=claim.last,
        cumulative_since=claim.since,
        category="sites" if claim.sites else None,
        caveat=" ".join(caveats) or None,
        evidence_start=claim.sentence_start,
        evidence_end=claim.sentence_end,
        value_start=claim.start,
        value_end=claim.end,
        evidence=text[claim.sentence_start : claim.sentence_end],
    )
