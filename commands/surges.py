"""Surges on the command line: what fires now, and how good the rule is."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands import shared
from data.schema.languages import LANGUAGES

if TYPE_CHECKING:
    from surges.score import Score

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(epilog="Example: nuzuh surges --score --series mine.csv --events mine-events.csv")
@click.option("--score", "scored", is_flag=True, help="Against dated events, as known then.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="As a table, each field a column.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--as-known-on", type=shared.DAY, help="What fired on that day, as known then.")
@click.option("--series", type=FILE, help="Judge these series instead of the store's figures.")
@click.option("--events", "event_file", type=FILE, help="Score against these events.")
@click.pass_obj
def surges(
    given: dict[str, str],
    /,
    *,
    scored: bool,
    as_json: bool,
    as_csv: bool,
    lang: str,
    as_known_on: datetime | None,
    series: Path | None,
    event_file: Path | None,
) -> None:
    """What is a surge now, by two open rules; with --score, how good the first is.

    The first is of flows: reports far above their baseline. The second is of rounds: unusual
    changes of a stock between two rounds that compare, by sub-district; no list of events scores
    it. The column `rule` tells them apart.

    A series file is CSV with place_code, period_start, period_end, value, unit and measure; an
    events file has place_code, window_start, window_end, expected (must_fire, must_stay_silent or
    undecided) and label. Either is scored with --score, which --events implies.
    """
    if as_json and as_csv:
        raise click.UsageError("Give --json or --csv, one of both.")
    if event_file is not None or scored:
        if as_csv:
            raise click.UsageError("The score is printed as text or with --json.")
        _print_score(_score(given, series, event_file), as_json=as_json)
    else:
        known = shared.day(as_known_on)
        _print_now(given, series, known, lang, as_json=as_json, as_csv=as_csv)


def _score(given: dict[str, str], series: Path | None, event_file: Path | None) -> "Score":
    from surges import events, figures
    from surges.rule import Robust, follow_all
    from surges.score import is_same_place, score
    from surges.series import read

    if series is not None and event_file is None:
        raise click.UsageError("A series needs events to be scored against; give --events FILE.")
    wanted = events.read(event_file) if event_file else events.listed()
    lines = read(series) if series else figures.lines(shared.store(given).current())
    inside = is_same_place if series else events.inside
    return score(follow_all(lines, Robust()), wanted, inside)


def _print_score(found: "Score", *, as_json: bool) -> None:
    from surges.score import as_json as whole

    answer = whole(found)
    if as_json:
        shared.print_json(answer)
        return
    heads = ("event", "place", "from", "to", "expected", "outcome", "alarm", "delay")
    rows = [
        [
            row["label"],
            row["place_code"] or f"{len(row['place_codes'])} places",
            row["window_start"],
            row["window_end"],
            row["expected"],
            row["outcome"] if row["why"] is None else f"{row['outcome']} ({row['why']})",
            row["alarm_date"],
            row["delay_days"],
        ]
        for row in answer["events"]
    ]
    shared.print_table(heads, rows)
    click.echo("")
    for name in ("recall", "precision"):
        click.echo(f"{name}: {_share(answer[name], answer[name + '_interval'])}")
    click.echo(
        f"hits {answer['hits']}, misses {answer['misses']}, events without data "
        f"{answer['no_data']}; false alarms {answer['false_alarms']} in "
        f"{answer['place_years']:g} place-years; median delay {_days(answer['delay_days'])}, "
        f"until known {_days(answer['known_delay_days'])}"
    )


def _share(share: float | None, between: list[float] | None) -> str:
    if share is None or between is None:
        return "nothing to divide by"
    return f"{share:.0%} (95% interval {between[0]:.0%} to {between[1]:.0%})"


def _days(days: float | None) -> str:
    return "unknown" if days is None else f"{days:g} days"


def _print_now(
    given: dict[str, str],
    series: Path | None,
    known: date | None,
    lang: str,
    *,
    as_json: bool,
    as_csv: bool,
) -> None:
    from data.publication.exports import of_table
    from surges import answer

    found = _now(given, series, known, lang)
    listed = found["alarms"]
    if as_csv:
        click.echo(of_table(answer.typed(listed), answer.TABLE, "csv"), nl=False)
        return
    if as_json:
        shared.print_json(found)
        return
    if not listed:
        click.echo(f"No surge in {found['series']} series, as known on {found['as_known_on']}.")
        return
    heads = ("rule", "place", "detector", "publisher", "from", "to", "number", "unit", "level")
    shared.print_table((*heads, "how unusual"), [_row(alarm) for alarm in listed])


def _now(
    given: dict[str, str], series: Path | None, known: date | None, lang: str
) -> dict[str, Any]:
    """As the API answers `surges`; of a file every alarm, since it has no today."""
    from functools import partial

    from surges import current
    from surges.rule import Robust, follow_all
    from surges.score import alarm_json
    from surges.series import read
    from visuals.language import surge_rule
    from visuals.language.words import Words

    say, day = partial(surge_rule.unusual, Words(lang)), shared.now().date()
    if series is None:
        return current.as_object(shared.store(given).current(), known, day, say)
    lines = read(series)
    alarms = [alarm for line in follow_all(lines, Robust()) for alarm in line.alarms]
    return {
        "as_known_on": (known or day).isoformat(),
        "series": len(lines),
        "alarms": [alarm_json(alarm, say) for alarm in alarms],
    }


def _row(alarm: dict[str, Any]) -> list[Any]:
    return [
        alarm["rule"],
        alarm["place_code"],
        alarm["detector"],
        alarm["publisher"],
        alarm["period_start"],
        alarm["alarm_date"],
        f"{alarm['value']:,}",
        alarm["unit"],
        alarm["level"],
        alarm["unusual"],
    ]
