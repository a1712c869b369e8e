"""The situation on the command line: what the first page shows, with ids, ages and alternatives."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from commands import shared
from data.schema.languages import LANGUAGES

if TYPE_CHECKING:
    from surges.situation import Situation
    from visuals.language.words import Words


@click.command(epilog="Example: nuzuh situation --as-known-on 2020-02-11 --json")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="As JSON, every figure with all columns.")
@click.option("--as-known-on", type=shared.DAY, help="Show what was known on that day.")
@shared.undated
@click.pass_obj
def situation(
    given: dict[str, str], lang: str, as_json: bool, as_known_on: datetime | None, undated: bool
) -> None:
    """What the first page shows: headlines, what changed, surges, sources that are late."""
    from functools import partial

    from data.gazetteer import area as areas
    from data.publication import harm
    from surges import situation as situations
    from visuals.language import situation_text, surge_rule
    from visuals.language.words import Words

    settings, known, now = shared.settings(given), shared.day(as_known_on), shared.now()
    store = shared.store(given)
    release = store.current()
    if release.warning:
        click.echo(release.warning, err=True)
    area = areas.load(settings.area)
    found = situations.gather(
        release,
        area,
        known or now.date(),
        known=known,
        undated=undated,
        statuses=store.statuses(),
        now=now,
    )
    if settings.public:
        harm.refuse(situations.all_figures(found))
    for fault in store.side_faults():
        # What is late is read from such notes: one that is damaged counts as none.
        click.echo(f"{fault.path} {fault.sentence}.", err=True)
    if as_json:
        say = partial(surge_rule.unusual, Words(lang))
        shared.print_json(situations.as_json(found, say))
        return
    sentences = situation_text.sentences(
        Words(lang),
        area,
        found.day,
        surges=found.surges,
        newest_report=found.newest_report,
        headlines=found.headlines,
        late=found.late if known is None else None,
    )
    for line in (*sentences, *_changes(Words(lang), found)):
        click.echo(line)
    if found.hidden:
        click.echo(Words(lang).days(found.hidden, "known.hidden"), err=True)


class Reader:
    """Who reads a terminal: it has words and a day, and no page to link to."""

    def __init__(self, words: "Words", found: "Situation") -> None:
        self.words, self.known, self.day = words, found.known, found.day

    def link(self, page: str, **choices: str | None) -> str:
        """No page has an address here."""
        return ""


def _changes(words: "Words", found: "Situation") -> list[str]:
    """The same as the first page says it, a line for each thing."""
    from visuals.html import cards, late
    from visuals.html.surges import counted, size, where
    from visuals.language import area_text, figure_text

    reader = Reader(words, found)
    lines: list[str] = []
    for one in found.headlines:
        figure = one.figure
        lines.append(area_text.question(words, one.question, figure))
        if figure is None:
            lines.append(f"  {words('figure.none_known' if found.known else 'figure.none')}")
            continue
        lines.append(f"  {figure_text.value(words, figure)}")
        lines.append(f"  {cards.when_and_age(reader, figure)}")
        lines.append(f"  {cards.change_html(reader, one)}")
        lines += [f"  [{caveat}]" for caveat in figure_text.caveats(words, figure)]
        lines += [
            f"  - {cards.alternative_html(words, one, row, figure_text.value(words, row))}"
            for row in one.alternatives
        ]
    lines.append(words("brief.changes"))
    for group in found.changes:
        for change in group.lines:
            row = change.row
            text = figure_text.value(words, row)
            if change.kind == "changed" and change.before is not None:
                old = figure_text.value(words, change.before)
                text = words("since.changed", old=old, new=text)
            line = (
                figure_text.publisher(words, row),
                figure_text.at_place(words, row),
                figure_text.when(words, row),
                text,
            )
            lines.append(f"  {' · '.join(line)}")
    lines.append(words("situation.surges", day=words.day(found.day)))
    lines += [
        f"  {where(reader, alarm)}: {counted(reader, alarm)} · {size(reader, alarm)}"
        for alarm in found.surges
    ] or [f"  {words('situation.no_surge')}"]
    lines.append(words("situation.late"))
    lines += [
        f"  {late.source_line(words, one, (found.asked or shared.now()).date())}"
        for one in found.late
    ] or [f"  {words('situation.none_late')}"]
    return lines
