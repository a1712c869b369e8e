"""Texts about a checked text's numbers: how it was read, the verdict, how to cite the figure."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from data.analysis.claims import REGIONS, Claim, Verdict
from data.analysis.gap_reasons import difference
from visuals.language import figure_text, reasons
from visuals.language.words import Words

Row = Mapping[str, Any]


def understood(words: Words, claim: Claim) -> str:
    """What was understood of a number; what the text does not say is left out."""
    if claim.value is None or claim.group is None:
        return words(f"check.why.{claim.why or 'topic'}")
    parts = [
        number(words, claim),
        words(f"group.{claim.group}"),
        words(f"unit.{claim.unit}"),
        words(f"measure.{claim.measure}") if claim.measure else "",
        words.place(claim.place) if claim.place else words("check.no_place"),
        _from(words, claim),
        when(words, claim),
        words("check.named", publisher=named(words, claim.publisher)) if claim.publisher else "",
    ]
    return " · ".join(part for part in parts if part)


def number(words: Words, claim: Claim) -> str:
    """The number as understood, with its "about" or "over"."""
    if claim.value is None:
        return claim.raw
    if claim.high is not None:
        return words("check.range", low=words.number(claim.value), high=words.number(claim.high))
    row = {"value": claim.value, "qualifier": claim.qualifier, "missing_reason": None}
    return figure_text.value(words, row)


def named(words: Words, publisher: str) -> str:
    """A publisher's name in the reader's language."""
    return figure_text.publisher(words, {"publisher": publisher})


def _from(words: Words, claim: Claim) -> str:
    if claim.group == "RET" and claim.asylum and claim.asylum != "ALL":
        return words("check.from", place=words.place(claim.asylum))
    if claim.group not in ("REF", "RET") and claim.origin and claim.origin != claim.place:
        return words("check.from", place=words.place(claim.origin))
    return ""


def when(words: Words, claim: Claim) -> str:
    """The day or period that a claim speaks of; that it is not stated where it is not."""
    if claim.since is not None:
        if claim.last is None:
            return words("check.since", day=words.day(claim.since))
        return words("check.window", since=words.day(claim.since), day=words.day(claim.last))
    if claim.first and claim.last:
        return words.period(claim.first, claim.last)
    return words.day(claim.last) if claim.last else words("check.no_time")


def figure(words: Words, row: Row) -> str:
    """A published figure in one phrase: number, what, when and who."""
    return words(
        "check.figure",
        value=figure_text.value(words, row),
        what=figure_text.at_place(words, row),
        when=figure_text.when(words, row),
        publisher=figure_text.publisher(words, row),
    )


def sentence(words: Words, verdict: Verdict) -> str:
    """The verdict as a sentence or two."""
    return " ".join(_sentences(words, verdict))


def _sentences(words: Words, verdict: Verdict) -> Iterator[str]:
    claim, figures = verdict.claim, verdict.figures
    if verdict.code == "not_understood":
        yield words(f"check.why.{claim.why or 'topic'}")
        return
    if not figures:
        yield words("check.says.no_figure", searched=searched(words, claim))
        return
    best = figures[0]
    if verdict.code == "no_figure":
        yield words("check.says.no_figure", searched=searched(words, claim))
        yield words("check.says.beside", figure=figure(words, best))
        return
    yield words(
        f"check.says.{verdict.code}",
        figure=figure(words, best),
        named=named(words, claim.publisher) if claim.publisher else "",
        publisher=figure_text.publisher(words, best),
    )
    if verdict.newer is not None:
        yield words("check.says.newer", figure=figure(words, verdict.newer))
    if verdict.gap is not None:
        yield words("check.says.gap", gap=words.signed(verdict.gap))
    if verdict.named_region and claim.place:
        yield words(
            "check.says.region",
            region=words.place(str(best["place_code"])),
            place=words.place(_called(verdict, claim.place)),
        )


def _called(verdict: Verdict, place: str) -> str:
    """The name that the text gives the region: where people are, or what they fled."""
    region, origin = verdict.figures[0]["place_code"], verdict.claim.origin
    fled = origin is not None and region in REGIONS.get(origin, ())
    return origin if origin and fled and region not in REGIONS.get(place, ()) else place


def searched(words: Words, claim: Claim) -> str:
    """What was searched for and not found."""
    parts = [
        words(f"group.{claim.group}"),
        words(f"unit.{claim.unit}"),
        words.place(claim.place) if claim.place else words("check.no_place"),
        when(words, claim),
    ]
    return " · ".join(parts)


def why(words: Words, verdict: Verdict) -> list[str]:
    """The reasons why the text's number is not the nearest figure, as far as rules give one."""
    if verdict.code not in ("differs", "other_kind", "other_place_or_time") or not verdict.figures:
        return []
    best = dict(verdict.figures[0])
    row = _as_row(verdict.claim, best, timed=verdict.code == "other_place_or_time")
    pair = difference({**row, "value": -1}, best)  # what is asked is never the number itself
    kept = [reason for reason in pair.reasons if reason.code not in _UNSAID]
    return [reasons.sentence(words, reason, row, best) for reason in kept]


_UNSAID = frozenset({"rounding", "same_number", "not_explained"})
"""Reasons between two publishers' figures, which a text is none of."""


def _as_row(claim: Claim, best: Row, *, timed: bool) -> dict[str, Any]:
    """The claim in the columns that two figures are compared by; what it does not say is alike."""
    day: date | None = claim.last if claim.day_stated or timed else None
    return {
        **best,
        "figure_id": "",
        "value": claim.value,
        "qualifier": claim.qualifier,
        "measure": claim.measure or best["measure"],
        "unit": claim.unit,
        "population_group": claim.group,
        "place_code": claim.place or best["place_code"],
        "origin_code": best["origin_code"],
        "as_of": day or best["as_of"],
        "cumulative_since": claim.since or best["cumulative_since"],
        "reference_period_start": claim.first or best["reference_period_start"],
        "reference_period_end": claim.last or best["reference_period_end"],
        "asylum_location_code": claim.asylum or best["asylum_location_code"],
    }


def citation(words: Words, row: Row) -> str:
    """One line to paste under a number: who, what, when, where it was published, and its id."""
    published = row["published_on"]
    return words(
        "check.citation" if published else "check.citation_undated",
        publisher=figure_text.publisher(words, row),
        value=figure_text.value(words, row),
        what=figure_text.at_place(words, row),
        when=figure_text.when(words, row),
        published=words.day(published) if published else "",
        address=str(row["source_url"] or ""),
        figure=str(row["figure_id"]),
    )


def record(words: Words, verdict: Verdict) -> dict[str, Any]:
    """A verdict as JSON gives it: the claim, the figures and their texts."""
    claim = verdict.claim
    fields = claim.record()
    for name in ("strict", "day_stated", "sites"):
        fields.pop(name)
    return {
        "value": fields.pop("value"),
        "verdict": verdict.code,
        "start": fields.pop("start"),
        "end": fields.pop("end"),
        **fields,
        "understood": understood(words, claim),
        "sentence": sentence(words, verdict),
        "reasons": why(words, verdict),
        "gap": verdict.gap,
        "figures": [cited(words, row) for row in verdict.figures],
        "newer": cited(words, verdict.newer) if verdict.newer else None,
        "citation": citation(words, verdict.figures[0]) if verdict.figures else None,
    }


_SHOWN = (
    *("figure_id", "value", "qualifier", "publisher", "dataset", "measure", "population_group"),
    *("unit", "place_code", "origin_code", "asylum_location_code", "reference_period_start"),
    *("reference_period_end", "cumulative_since", "as_of", "published_on", "known_from"),
    *("source_url", "content_sha256", "locator", "licence", "caveat"),
)


def cited(words: Words, row: Row) -> dict[str, Any]:
    """A figure as JSON with its provenance, what it says in a phrase, and how to cite it."""
    held = {
        name: row[name].isoformat() if isinstance(row[name], date) else row[name] for name in _SHOWN
    }
    return {**held, "said": figure(words, row), "citation": citation(words, row)}
