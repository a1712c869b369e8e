"""Figures out of reports' texts on the command line."""

import sys
from datetime import datetime
from pathlib import Path

import click

from commands import shared


@click.command(epilog="Example: nuzuh extract idp-movements-december-2018.txt")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--published-on",
    type=shared.DAY,
    help="The day of publication: completes dates without a year, ends counts since a date.",
)
def extract(files: tuple[Path, ...], published_on: datetime | None) -> None:
    """Print the figures that reports state, as JSON; a list, empty where none is certain.

    FILES are plain text, HTML, PDF, DOCX or ODT; - reads from the keyboard or a pipe. Each figure
    carries its sentence and where that stands in the text, and of several files the file's name.
    What is not certain is not printed.
    """
    from pipelines.extract import figures_in
    from pipelines.extract.documents import text_of
    from pipelines.local_files import read_file, read_stream

    found = []
    for file in files:
        piped = str(file) == "-"
        body = read_stream(sys.stdin.buffer, "What came by the pipe") if piped else read_file(file)
        stated = figures_in(text_of(body, file.name), published_on=shared.day(published_on))
        named = {"file": str(file)} if len(files) > 1 else {}
        found += [named | statement.record() for statement in stated]
    shared.print_json(found)
