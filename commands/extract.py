"""Figures out of a report's text on the command line."""

import sys
from datetime import datetime
from pathlib import Path

import click

from commands import shared


@click.command(epilog="Example: nuzuh extract idp-movements-december-2018.txt")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--published-on",
    type=shared.DAY,
    help="The day of publication: completes dates without a year, ends counts since a date.",
)
def extract(file: Path, published_on: datetime | None) -> None:
    """Print the figures that a report states, as JSON; a list, empty where none is certain.

    FILE is plain text, HTML or PDF; - reads from the keyboard or a pipe. Each figure carries its
    sentence and where that stands in the text. What is not certain is not printed.
    """
    from pipelines.extract import figures_in
    from pipelines.extract.documents import text_of
    from pipelines.run.upload import read_file, read_stream

    piped = str(file) == "-"
    body = read_stream(sys.stdin.buffer, "What came by the pipe") if piped else read_file(file)
    found = figures_in(text_of(body, file.name), published_on=shared.day(published_on))
    shared.print_json([statement.record() for statement in found])
