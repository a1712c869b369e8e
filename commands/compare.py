"""Sources side by side on the command line, with the reason for each gap."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from commands import shared
from data.schema import codes as words
from data.schema.languages import LANGUAGES

if TYPE_CHECKING:
    from data.analysis.comparison import Comparison
    from visuals.language.words import Words


@click.command(epilog="Example: nuzuh compare --place X-SYR-NW --group NEWDISP --on 2020-02-29")
@click.option("--place", required=True, metavar="CODE", help="ISO3, P-code or X- code.")
@click.option("--group", required=True, type=click.Choice(list(words.POPULATION_GROUPS)))
@click.option("--on", required=True, type=shared.DAY, help="The day asked about.")
@click.option("--as-known-on", type=shared.DAY, help="Show what was known on that day.")
@click.option("--against", metavar="FIGURE", help="The figure_id that the others are told against.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def compare(
    given: dict[str, str],
    place: str,
    group: str,
    on: datetime,
    as_known_on: datetime | None,
    against: str | None,
    lang: str,
    as_json: bool,
) -> None:
    """Every source for one place, group and day, and why they differ. Nothing is added up."""
    from data.analysis import comparison, precedence, reconciliations
    from data.gazetteer import area, places
    from data.store import FigureFilter
    from visuals.language.comparison import as_object
    from visuals.language.words import Words

    if not places.is_known_code(place):
        raise click.UsageError(f"There is no place {place!r}; places go by code, as SY07 or TUR.")
    day, known = on.date(), shared.day(as_known_on)
    release = shared.store(given).current()
    if release.warning:
        click.echo(release.warning, err=True)
    wanted = FigureFilter(place=reconciliations.places_of(place, group, day), as_known_on=known)
    found = comparison.compare(
        precedence.figures(release, wanted),
        place,
        group,
        day,
        origins=area.load(shared.settings(given).area).origins,
        known=known,
    )
    ids = set(found.figures["figure_id"])
    if against is not None and against not in ids:
        raise click.UsageError(f"There is no figure {against!r} in this comparison.")
    if as_json:
        shared.print_json(as_object(found, Words(lang), known))
    else:
        _print(found, Words(lang), against or found.reference, known)


def _print(found: "Comparison", words: "Words", against: str | None, known: Any) -> None:
    from visuals.language import figure_text, reasons

    if against is None:
        click.echo(words("compare.none"), err=True)
        return
    rows = {str(row["figure_id"]): row for row in found.figures.to_dict("records")}
    for code, row in rows.items():
        click.echo(f"{figure_text.value(words, row)}  {figure_text.at_place(words, row)}")
        when = reasons.window(words, row)
        click.echo(
            f"    {figure_text.publisher(words, row)} · {figure_text.dataset(words, row)} · {when}"
        )
        if code == against:
            click.echo(f"    {words('compare.this')}")
            continue
        pair = found.pair(against, code)
        for reason in pair.reasons:
            click.echo(f"    - {reasons.sentence(words, reason, rows[against], row)}")
        if pair.gap is not None:
            click.echo(f"    {words('compare.gap', gap=words.signed(pair.gap))}")
    for part in found.parts:
        why = " ".join(words(f"reason.{reason.code}") for reason in part.reasons)
        click.echo(f"{reasons.parts_sentence(words, part, rows[part.figure])} {why}")
    for case in found.cases:
        click.echo(words("compare.case", case=words(f"case.{case.code}")))
        for citation in case.known(known):
            day = words.day(citation.published_on)
            publisher = figure_text.publisher(words, {"publisher": citation.publisher})
            cited = words("compare.cited", publisher=publisher, day=day)
            click.echo(f"    {cited}: {citation.address}")
