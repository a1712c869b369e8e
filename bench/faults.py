"""Well-formed faults of an annual table: each cell is a number, each row has its codes, all wrong.

Each stands for what has gone wrong at some publisher: a digit too many, columns exchanged, a page
cut, an edition that was put back. `change` takes the rows of a release and those of the one before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pandas as pd

KEYS: Final = ("year", "coo_name", "coo", "coo_iso", "coa_name", "coa", "coa_iso")
MAIN: Final = {"population": "refugees", "solutions": "returned_refugees", "idmc": "total"}
OTHER: Final = {"population": "asylum_seekers", "solutions": "resettlement"}
HOST: Final = {"population": "TUR", "solutions": "TUR", "idmc": "SYR"}
ANSWER: Final = "origin-SYR"
"""The answer that lists the hosts of those who fled the area; UNHCR's total is another."""
SEED: Final = 20261130

Rows = pd.DataFrame
Change = Callable[[Rows, Rows], Rows]


@dataclass(frozen=True)
class Fault:
    """One way of being wrong.

    Attributes:
        name: As the report says it.
        change: The rows as they should be and those of the release before, to the wrong ones.
        only: Name of the one answer that is wrong; None where the whole table is, totals too.
    """

    name: str
    change: Change
    only: str | None = None
    needs_it: bool = False
    """Whether it shows only after the edition itself was published: alone it is an older one."""


def of(table: str) -> list[Fault]:
    """The faults that can befall a table."""
    main, host = MAIN[table], HOST[table]
    lost = [
        Fault("5 % of rows cut", lambda rows, _: _share_of(rows, 0.95)),
        Fault("20 % of rows cut", lambda rows, _: _share_of(rows, 0.80)),
        Fault("the newest year lost", _closed, needs_it=True),
        Fault("last year's file again", lambda _, before: before, needs_it=True),
        Fault(f"one host lost ({host})", lambda rows, _: rows[rows["coa_iso"] != host]),
    ]
    moved = [
        Fault("all values a thousandth", lambda rows, _: _times(rows, _all(rows), 0.001)),
        Fault("all values tenfold", lambda rows, _: _times(rows, _all(rows), 10)),
        Fault("every row twice", lambda rows, _: pd.concat([rows, rows], ignore_index=True)),
        Fault("digits after the first separator lost", _first_group),
        Fault("rows shifted by one", lambda rows, _: _shifted(rows)),
        Fault("years one too late", lambda rows, _: rows.assign(year=rows["year"] + 1)),
        Fault(f"{main} zeroed", lambda rows, _: rows.assign(**{main: 0.0})),
        Fault(f"{main} blank", lambda rows, _: rows.assign(**{main: float("nan")})),
        Fault(
            f"one host tenfold in every year ({host})",
            lambda rows, _: _times(rows, rows["coa_iso"] == host, 10),
        ),
        Fault(
            f"one cell of the year before last tenfold ({host})",
            lambda rows, _: _times(
                rows, (rows["coa_iso"] == host) & (rows["year"] == rows["year"].max() - 2), 10
            ),
        ),
    ]
    return [*lost, *moved, *_of_stocks(table), *_of_columns(table)]


def _of_stocks(table: str) -> list[Fault]:
    """Faults of the newest year alone: a flow of the newest year may be anything."""
    if table == "solutions":
        return []
    main, host = MAIN[table], HOST[table]

    def newest(rows: Rows) -> "pd.Series[bool]":
        return _newest(rows) & (rows["coa_iso"] == host)

    return [
        Fault(
            f"one host's newest year lost ({host})",
            lambda rows, _: rows[~(_newest(rows) & (rows["coa_iso"] == host))],
            needs_it=table == "idmc",
        ),
        Fault(
            f"the newest year of one host tenfold ({host})",
            lambda rows, _: _times(rows, newest(rows), 10),
        ),
        Fault(
            f"the newest year of one host a thousandth ({host})",
            lambda rows, _: _times(rows, newest(rows), 0.001),
        ),
        Fault(
            f"the newest year of {main} zeroed",
            lambda rows, _: rows.assign(**{main: rows[main].mask(_newest(rows), 0.0)}),
        ),
    ]


def _of_columns(table: str) -> list[Fault]:
    if table not in OTHER:
        return []
    main, other = MAIN[table], OTHER[table]
    found = [Fault(f"{main} and {other} exchanged", lambda rows, _: _exchanged(rows, main, other))]
    if table != "population":
        return found
    return [
        *found,
        Fault("refugees and idps exchanged", lambda rows, _: _exchanged(rows, main, "idps")),
        Fault("origin and asylum exchanged", lambda rows, _: _sides(rows)),
        Fault("two hosts exchanged (TUR, LBN)", lambda rows, _: _hosts(rows, "TUR", "LBN")),
        Fault("one host lost (DEU)", lambda rows, _: rows[rows["coa_iso"] != "DEU"]),
        Fault(
            "one host tenfold in every year (DEU)",
            lambda rows, _: _times(rows, rows["coa_iso"] == "DEU", 10),
        ),
        Fault("one answer: 5 % of rows cut", lambda rows, _: _share_of(rows, 0.95), ANSWER),
        Fault("one answer: half of it", lambda rows, _: rows.head(len(rows) // 2), ANSWER),
        Fault("one answer: rows shifted by one", lambda rows, _: _shifted(rows), ANSWER),
        Fault(
            "one answer: a host of tens of thousands tenfold (SWE)",
            lambda rows, _: _times(rows, rows["coa_iso"] == "SWE", 10),
            ANSWER,
        ),
    ]


def _closed(rows: Rows, _before: Rows) -> Rows:
    return rows[rows["year"] < rows["year"].max()]


def values_of(rows: Rows) -> list[str]:
    """The columns that are counts."""
    return [str(name) for name in rows.columns if name not in KEYS]


def _all(rows: Rows) -> "pd.Series[bool]":
    return pd.Series(True, index=rows.index)


def _newest(rows: Rows) -> "pd.Series[bool]":
    return rows["year"] == rows["year"].max()


def _times(rows: Rows, where: "pd.Series[bool]", times: float) -> Rows:
    values = values_of(rows)
    return rows.assign(
        **{name: rows[name].mask(where, (rows[name] * times).round()) for name in values}
    )


def _first_group(rows: Rows, _before: Rows) -> Rows:
    """3,214,780 read as 3."""
    found = rows.copy()
    for name in values_of(rows):
        for size in (1_000_000, 1_000):
            found[name] = found[name].mask(rows[name] >= size, rows[name] // size)
            rows = rows.assign(**{name: rows[name].mask(rows[name] >= size)})
    return found


def _share_of(rows: Rows, share: float) -> Rows:
    return rows.sample(frac=share, random_state=SEED).sort_index()


def _shifted(rows: Rows) -> Rows:
    values = values_of(rows)
    return rows.assign(**{name: rows[name].shift(1) for name in values})


def _exchanged(rows: Rows, one: str, other: str) -> Rows:
    return rows.assign(**{one: rows[other], other: rows[one]})


def _sides(rows: Rows) -> Rows:
    names = {"coo": "coa", "coa": "coo"}
    return rows.rename(columns=lambda name: names.get(name[:3], name[:3]) + name[3:])


def _hosts(rows: Rows, one: str, other: str) -> Rows:
    there = {one: other, other: one}
    return rows.assign(coa_iso=rows["coa_iso"].replace(there))
