"""A file that a person got by hand: its form, a look before, and the import."""

import sys
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands import outcomes, shared
from commands import preview as previews
from commands.decisions import run_and_record

if TYPE_CHECKING:
    from pipelines.forms.provenance import Provenance
    from pipelines.run.context import Outcome
    from pipelines.source import Source


@click.command("import", epilog="Example: nuzuh import pmm_provinces provinces.csv --preview")
@click.argument("source", required=False)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--as-of", type=shared.DAY, help="The day the file was got; its figures are known from it."
)
@click.option("--publisher", help="The body whose figures they are.")
@click.option("--published-on", type=shared.DAY, help="The day it published them.")
@click.option("--url", metavar="ADDRESS", help="Where it published them.")
@click.option("--typed-by", metavar="NAME", help="Who typed the file; stored, never published.")
@click.option(
    "--suggest", is_flag=True, help="Write what the columns of an office's own table seem to mean."
)
@click.option(
    "--map",
    "mapping",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="What its columns mean: the mapping that a person looked at.",
)
@click.option(
    "--mapping", "mapping_text", hidden=True, help="The mapping itself, as a page has it."
)
@click.option("--preview", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--rows", type=click.IntRange(0), help="Figures that --preview lists at most.")
@click.option("--yes", is_flag=True, help="Do not ask on a terminal.")
@click.option("--template", metavar="SOURCE", help="Write the empty form of a source instead.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the form, .csv or .xlsx; with --preview every figure as CSV.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def import_(
    given: dict[str, str],
    /,
    source: str | None,
    file: Path | None,
    as_of: datetime | None,
    suggest: bool,
    mapping: Path | None,
    mapping_text: str | None,
    preview: bool,
    rows: int | None,
    yes: bool,
    template: str | None,
    output: Path | None,
    as_json: bool,
    **said: Any,
) -> None:
    """Read, check and publish a file that a person got by hand.

    For a publisher's own file its name says what was asked, as the source names its documents: the
    rows of UNHCR's table by origin are origin-SYR.json. What is typed goes into a form, which
    --template writes.

    On a terminal it shows what would change and asks before it publishes; elsewhere (a script, a
    pipe) it publishes at once, as with --yes. --preview never publishes. One bad row is enough for
    nothing to be imported; each is named.
    """
    if template is not None:
        _write_template(template, output)
        return
    if source is None or file is None:
        raise click.UsageError("Name the source and the file: nuzuh import SOURCE FILE.")
    if suggest:
        _suggest(source, file, as_json)
        return
    from pipelines import local_files
    from pipelines.run import review, upload

    context = shared.context(given)
    (chosen,) = shared.chosen_sources((source,), context)
    asks = on_a_terminal() and not yes and not as_json
    provenance = _provenance(chosen, said, asks=asks and not preview)
    if mapping is not None:
        mapping_text = mapping.read_text(encoding="utf-8")
    provenance = replace(provenance, mapping=mapping_text)
    if preview or asks:
        found = review.preview_file(chosen, file, shared.day(as_of), context, provenance)
        if preview and output is not None:
            previews.write(found, output)
        previews.show(found, as_json, rows)
        if preview or not click.confirm("Publish this?", default=False):
            return

    def task(given_source: "Source") -> "Outcome":
        return run_and_record(
            context,
            "import",
            lambda _: upload.import_file(
                given_source, file, shared.day(as_of), context, provenance
            ),
            by=provenance.typed_by,
            source=given_source.name,
            file_name=file.name,
            file_sha256=sha256(local_files.read_file(file)).hexdigest(),
            given=_given(said | {"as_of": as_of}),
        )

    outcomes.conclude([(chosen, task)], as_json)


def _suggest(source: str, file: Path, as_json: bool) -> None:
    """Write a mapping to standard output; nothing is stored."""
    from datetime import UTC

    from data.store import Document
    from pipelines import local_files
    from pipelines.forms import table_mapping
    from pipelines.sources import any_table

    if source != any_table.NAME:
        raise click.UsageError(f"--suggest is for {any_table.NAME}.")
    body = local_files.read_file(file)
    document = Document(file.name, f"file:{file.name}", body, datetime.now(UTC), {})
    if as_json:
        shared.print_json(table_mapping.described(document))
        return
    click.echo(table_mapping.suggested(document), nl=False)


def _given(given: dict[str, Any]) -> dict[str, str]:
    """What was stated about the file, as the record of decisions has it."""
    found = {name: given[name] for name in ("as_of", "publisher", "url", "published_on")}
    return {
        name: f"{value:%Y-%m-%d}" if isinstance(value, datetime) else str(value)
        for name, value in found.items()
        if value
    }


def on_a_terminal() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty()


def _write_template(name: str, output: Path | None) -> None:
    from data.publication import atomic_write as outputs
    from pipelines import registry
    from pipelines.forms import templates

    forms = registry.templates()
    if name not in forms:
        raise click.UsageError(
            f"There is no form for {name!r}; there is one for: {', '.join(forms)}."
        )
    ending = output.suffix.lower() if output else ".csv"
    if ending not in (".csv", ".xlsx"):
        raise click.UsageError("A form is a .csv or a .xlsx file; end the name so.")
    body = templates.written(forms[name], "xlsx" if ending == ".xlsx" else "csv")
    if output is None:
        click.echo(body, nl=False)
        return
    outputs.write(output, body)
    click.echo(f"{output}: fill it in, then `nuzuh import {name} {output}`.", err=True)


def _provenance(source: "Source", given: dict[str, Any], *, asks: bool) -> "Provenance":
    """What the options say of the file; on a terminal the rest is asked for."""
    from pipelines.forms.provenance import Provenance

    typed = source.by_hand or source.reviewed
    publisher, url, published_on, who = (
        given[name] for name in ("publisher", "url", "published_on", "typed_by")
    )
    if typed and asks:
        left = " (leave empty where the file's rows say it)"
        publisher = publisher or click.prompt(f"Publisher{left}", default="", show_default=False)
        url = url or click.prompt(f"Address{left}", default="", show_default=False)
        published_on = published_on or _asked_day(f"Published on, 2026-09-17{left}")
        who = who or click.prompt("Typed by", default=shared.account() or None)
    if url and not url.startswith(("https://", "http://")):
        raise click.UsageError(f"--url {url} is no address; it starts with https://")
    return Provenance(
        publisher=publisher or None,
        address=url or None,
        published_on=shared.day(published_on),
        typed_by=who or (shared.account() if typed else None),
    )


def _asked_day(question: str) -> datetime | None:
    answer = click.prompt(question, default="", show_default=False)
    return shared.DAY.convert(answer, None, None) if answer else None
