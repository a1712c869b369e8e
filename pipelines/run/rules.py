"""What each kind of source is held against before readers see it, with the limits and the reasons.

A check is worth what it was measured to be: `python -m bench.holds` tries every rule on real
releases, which must pass, and on well-formed faults, which must be held, and writes
`docs/checks.md`. Change a limit here only beside that table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from data.schema.check_results import CheckResult
from pipelines.run import comparisons
from pipelines.run.comparisons import Case, Size

Kind = Literal["editions", "rounds", "feed", "form"]


@dataclass(frozen=True)
class Rule:
    """One reason to wait for a person.

    Attributes:
        check: What it looks at; a doubt where a person must look.
        holds: When it holds, with its limits, for `docs/checks.md`.
        reason: Why the limits are where they are: what was measured on real releases.
    """

    check: Callable[[Case], CheckResult | None]
    holds: str
    reason: str


CLOSED: Final = (Size(1_000_000, 1.05), Size(100_000, 1.5), Size(10_000, 3.0))
SMALL: Final = Size(1_000, 3.0)
HALVED: Final = Size(1_000, 1.5)

EDITIONS: Final = (
    Rule(
        comparisons.went_back,
        "The newest figure is older than the newest one published before.",
        "An edition never ends earlier than the one before. Over carried figures alone it is no "
        "doubt: they stay, nothing is withdrawn.",
    ),
    Rule(
        lambda case: comparisons.years_gone(case, share=0.03, least=10_000),
        "3 % of the figures of closed years are gone or blank, or one of 10,000 or more.",
        "From one real edition to the next no figure of a closed year went; of the newest year, "
        "whose mid-year rows the year's end replaces, 25 of 997 did.",
    ),
    Rule(
        lambda case: comparisons.history_changed(case, CLOSED, small=SMALL, share=0.005, count=5),
        "A figure of a closed year changed by 5 % (1,000,000 or more), by half (100,000 or "
        "more) or 3-fold (10,000 or more); or 5 figures and 0.5 % of them of 1,000 or more did "
        "3-fold.",
        "UNHCR leaves closed years alone: 6 of some 11,500 changed in four editions, the largest "
        "by 0.2 % (6,547,818 became 6,559,736), the furthest from 45,141 to 56,580. A year's end "
        "is closed as soon as a later year is there: 0 of 948 and 0 of 952 changed.",
    ),
    Rule(
        lambda case: comparisons.reverted(case, share=0.9, count=5),
        "9 of 10 of the figures that changed, and 5 at least, are what an earlier vintage said.",
        "An edition that was put back. Real editions go on: none of their changes was a way back.",
    ),
    Rule(
        lambda case: comparisons.newest_changed(case, Size(100_000, 3.0)),
        "A published stock of the newest year, 100,000 or more, became 3 times as large or as "
        "small, or is gone.",
        "From mid-year to year's end the largest moved 1.2-fold; below 100,000 real ones were "
        "withdrawn (70,020 Palestinians in Egypt) or grew 3.5-fold (Sudanese in Egypt).",
    ),
    Rule(
        lambda case: comparisons.stock_jumped(case, Size(100_000, 6.0), before=True),
        "A stock that was 100,000 or more a year before became 6 times as large or as small.",
        "Wars move large stocks: Sudanese in Egypt 181,620 to 575,006 within a year. A digit too "
        "many or too few is tenfold.",
    ),
    Rule(
        lambda case: comparisons.stock_jumped(case, SMALL, share=0.15, count=5),
        "15 % of the newest stocks of 1,000 or more, and 5 at least, moved 3-fold within a year.",
        "In real editions 1 to 8 of 104 to 113 did (at most 7 %).",
    ),
    Rule(
        lambda case: comparisons.stock_jumped(case, HALVED, share=0.45, count=10),
        "45 % of the newest stocks of 1,000 or more, and 10 at least, moved by half within a year.",
        "One column halved or doubled. In real editions 6 to 23 % did since 2017; 32 % in 2016.",
    ),
    Rule(
        lambda case: comparisons.repeated(case, least=1_000, share=0.25, count=5),
        "25 % of the newest stocks of 1,000 or more, and 5 at least, are the year before's to the "
        "last person.",
        "Last year's rows under this year's name. In real editions 1 or 2 of 102 to 109 are.",
    ),
    Rule(
        lambda case: comparisons.newest_lost(case, least=100_000),
        "A stock of 100,000 or more has no figure for the newest year.",
        "In real editions the largest that ended was 70,020.",
    ),
    Rule(
        lambda case: comparisons.holes(case, least=1_000, count=5),
        "5 figures are missing, or 0, between neighbours of 1,000 or more.",
        "Rows that were cut leave holes in many series; real editions have 1 or 2.",
    ),
    Rule(
        lambda case: comparisons.parts(case, share=0.01, least=10_000),
        "A total of 10,000 or more over all countries differs by 1 % from their sum.",
        "UNHCR's own sum is of the same rows: in real editions the two are equal.",
    ),
)
"""Tables that are published anew as a whole, once or twice a year."""

_BACK: Final = Rule(
    comparisons.went_back,
    "The newest figure is older than the newest one published before.",
    "What was published stays; a person is told that the answer lost its end.",
)
_FIGURES_MISSING: Final = Rule(
    lambda case: comparisons.gone(case, share=0.10),
    "10 % of the published figures are gone from an answer that lists all of them.",
    "A part of the pages was lost; withdrawn figures are few.",
)
_SHRUNK: Final = Rule(
    lambda case: comparisons.shrunk(case, share=0.5),
    "An answer that never lists everything has less than half of the figures of the one before.",
    "A window of days or rounds varies; half of it is a cut.",
)
_JUMPED: Final = Rule(
    lambda case: comparisons.jumped(case, Size(1_000, 5.0)),
    "A published figure of 1,000 or more became 5 times as large or as small; the whole year's "
    "flow may replace the half year's.",
    "Corrections of one figure are smaller; a digit lost or doubled is tenfold.",
)
_STOCK: Final = Rule(
    lambda case: comparisons.stock_jumped(case, Size(10_000, 3.0)),
    "The newest stock of 10,000 or more is 3 times as large or as small as the one before it.",
    "A digit lost or doubled is tenfold.",
)
_PLACES: Final = Rule(
    lambda case: comparisons.fewer_places(case, share=0.8),
    "A new round names less than 80 % of the places of the round before.",
    "A workbook of which one sheet or region was sent. Rounds 7, 10 and 11 name the same 270.",
)
_ROUND: Final = Rule(
    lambda case: comparisons.round_jumped(case, Size(10_000, 2.0)),
    "All places of a level together, 10,000 or more, are 2 times as many or as few as in the round "
    "before.",
    "Columns exchanged, thousands for people, a sheet lost. From round 7 to 11 of IOM's DTM in "
    "Syria no group's sum moved by more than 1.25.",
)
_PLACE: Final = Rule(
    lambda case: comparisons.stock_jumped(case, Size(100_000, 6.0), before=True),
    "A place that had 100,000 or more in the round before has 6 times as many or as few.",
    "A digit lost or doubled. The largest real move of such a place was 3.3-fold (Jebel Saman, "
    "132,044 in round 7 and 438,835 in round 10).",
)
_MANY_PLACES: Final = Rule(
    lambda case: comparisons.stock_jumped(case, Size(10_000, 3.0), share=0.25, count=5),
    "25 % of the places of 10,000 or more, and 5 at least, moved 3-fold.",
    "Rows shifted, codes exchanged. Real rounds: 12 of 114 from 7 to 10, none from 10 to 11.",
)
_REPEATED: Final = Rule(
    lambda case: comparisons.repeated(case, least=1_000, share=0.8, count=50, continued=True),
    "80 % of the newest stocks of 1,000 or more, and 50 at least, are the round before's to the "
    "last person.",
    "A round under the next one's name. From round 10 to 11 of IOM's DTM 109 of 389 sub-districts' "
    "groups stayed as they were, from round 7 to 10 26 of 382.",
)
_SUMS: Final = Rule(
    lambda case: comparisons.sum_jumped(case, Size(1_000, 10.0)),
    "All figures of one measure and unit together changed 10-fold.",
    "Thousands for people, or another unit.",
)

ROUNDS: Final = (
    _FIGURES_MISSING,
    _SHRUNK,
    _BACK,
    _JUMPED,
    _ROUND,
    _PLACE,
    _MANY_PLACES,
    _REPEATED,
    _PLACES,
    _SUMS,
)
"""Counts of places, round by round."""
FEEDS: Final = (_FIGURES_MISSING, _SHRUNK, _BACK, _JUMPED, _STOCK, _SUMS)
"""Events, reports and registers that are asked every day."""
FORMS: Final = (_BACK, _JUMPED, _STOCK, _SUMS)
"""Files that a person brings: each holds some days of many."""

RULES: Final[Mapping[Kind, tuple[Rule, ...]]] = {
    "editions": EDITIONS,
    "rounds": ROUNDS,
    "feed": FEEDS,
    "form": FORMS,
}


def found(case: Case, kind: Kind) -> list[CheckResult]:
    """What a person should look at before readers do; nothing where all is as it should be."""
    doubts = [rule.check(case) for rule in RULES[kind]]
    return [doubt for doubt in doubts if doubt is not None]
