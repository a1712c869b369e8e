"""Every number of a text held against what was published, on the command line."""

import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from commands import shared
from data.schema.languages import LANGUAGES

if TYPE_CHECKING:
    from data.analysis.claims import Claim, Verdict
    from visuals.language.words import Words

MOST_PIPED: Final = 33_000_000
"""Bytes of a document that comes by a pipe, as a page sends it."""
AT_ONCE: Final = 200
"""Numbers asked for in one question to the store."""
FORMS: Final = ("text", "json", "csv", "docx")


@click.command(epilog="Example: nuzuh check report.docx --published-on 2020-02-28")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--published-on", type=shared.DAY, help="The text's day; else every day is searched.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with the claims.")
@click.option("--format", "form", type=click.Choice(FORMS), default="text", show_default=True)
@click.option("--with-text", is_flag=True, help="The text itself beside the claims (JSON).")
@click.option(
    "--most-memory", type=click.IntRange(min=1), metavar="BYTES", help="End rather than take more."
)
@click.option("--name", default="", metavar="NAME", help="Name of what comes by a pipe.")
@click.option("-o", "out", type=click.Path(path_type=Path), metavar="FILE", help="Not stdout.")
@click.pass_obj
def check(
    given: dict[str, str],
    /,
    files: tuple[Path, ...],
    published_on: datetime | None,
    lang: str,
    as_json: bool,
    form: str,
    with_text: bool,
    most_memory: int | None,
    name: str,
    out: Path | None,
) -> None:
    """Hold every number of a text against what was published, then and now.

    FILES are plain text, HTML, PDF, DOCX or ODT, in English, Arabic or Turkish; - reads from a
    pipe. Nothing of them is stored or logged.
    """
    from visuals.language.words import Words

    form = "json" if as_json else form
    if most_memory is not None:
        _bound_memory(most_memory)
    if form in ("csv", "docx") and len(files) > 1:
        raise click.UsageError(f"{form} holds one text; name one file.")
    if form == "docx" and out is None and sys.stdout.isatty():
        raise click.UsageError("A Word file is not text; name a file with -o.")
    words, day = Words(lang), shared.day(published_on)
    try:
        texts = [(str(file), _text(file, name)) for file in files]
    except MemoryError:
        raise click.ClickException(
            "The document takes more memory than a text may; split it, or save its text to a file."
        ) from None
    found = judged(given, [text for _, text in texts], day)
    body = _body(words, texts, found, form, day, with_text=with_text)
    if out is None:
        click.echo(body, nl=form == "text")
    else:
        from data.publication import atomic_write

        atomic_write.write(out, body)


def _text(file: Path, name: str) -> str:
    from pipelines.extract.documents import text_of
    from pipelines.local_files import read_file, read_stream

    if str(file) != "-":
        return text_of(read_file(file), file.name)
    return text_of(read_stream(sys.stdin.buffer, "What came by the pipe", MOST_PIPED), name)


def _bound_memory(most: int) -> None:
    """Let this process take so much memory and no more, where the system has such a bound.

    For a process that is alone with somebody else's file: a small one can open into a large one.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    if soft == resource.RLIM_INFINITY or soft > bound:
        resource.setrlimit(resource.RLIMIT_DATA, (bound, hard))


def judged(given: dict[str, str], texts: Sequence[str], day: date | None) -> "list[list[Verdict]]":
    """The verdicts of each text; the store is asked once for all of them."""
    from data.analysis.claims import Published, judge
    from pipelines.extract.claims import claims_in

    read = [claims_in(text, published_on=day) for text in texts]
    understood = [claim for claims in read for claim in claims if claim.group]
    published = Published(_rows(given, understood))
    return [[judge(claim, published, published_on=day) for claim in claims] for claims in read]


def _rows(given: dict[str, str], claims: "Sequence[Claim]") -> list[Any]:
    """Every vintage that may answer: of the claims' places and people, and with their numbers."""
    if not claims:
        return []
    from data.analysis import rows
    from data.analysis.claims import names_a_figure, places_of
    from data.store import FigureFilter

    release = shared.store(given).current()
    if release.warning:
        click.echo(release.warning, err=True)
    places = tuple(sorted({code for claim in claims for code in places_of(claim)}))
    values = sorted({claim.value for claim in claims if claim.value and names_a_figure(claim)})
    asked = [FigureFilter(place=places)] if places else []
    asked += [
        FigureFilter(value=tuple(values[at : at + AT_ONCE]))
        for at in range(0, len(values), AT_ONCE)
    ]
    held: dict[tuple[Any, ...], Any] = {}
    for wanted in asked:
        for row in rows.as_records(release.vintage_rows(wanted)):
            held[row["figure_id"], row["known_from"], row["retrieved_at"]] = row
    return list(held.values())


def _body(
    words: "Words",
    texts: list[tuple[str, str]],
    judged: "list[list[Verdict]]",
    form: str,
    day: date | None,
    *,
    with_text: bool,
) -> bytes:
    if form == "docx":
        from editions import checked_text

        return checked_text.render(words, texts[0][1], judged[0], day)
    from visuals.language.claim_text import record

    records = [[record(words, verdict) for verdict in verdicts] for verdicts in judged]
    if form == "csv":
        return _csv(records[0])
    if form == "json":
        return _json(texts, records, day, with_text=with_text)
    return "\n".join(
        line for (name, _), claims in zip(texts, records, strict=True)
        for line in _lines(words, name, claims, several=len(texts) > 1)
    ).encode()  # fmt: skip


def _lines(words: "Words", name: str, claims: list[Any], *, several: bool) -> list[str]:
    lines = [name] if several else []
    for claim in claims:
        label = words(f"check.verdict.{claim['verdict']}")
        lines.append(f"{claim['raw']}  [{label}]  {claim['sentence']}")
        lines += [f"    {reason}" for reason in claim["reasons"]]
        lines += [f"    {claim['citation']}"] if claim["citation"] else []
    return lines or [words("check.none")]


def _json(
    texts: list[tuple[str, str]], records: list[list[Any]], day: date | None, *, with_text: bool
) -> bytes:
    import json

    found = [
        {"file": name, "published_on": day.isoformat() if day else None}
        | ({"text": text} if with_text else {})
        | {"claims": claims}
        for (name, text), claims in zip(texts, records, strict=True)
    ]
    whole = {"files": found} if len(found) > 1 else found[0]
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


COLUMNS: Final = (
    *("start", "end", "raw", "value", "high", "qualifier", "verdict", "group", "unit", "measure"),
    *("place", "origin", "asylum", "first", "last", "since", "publisher", "why", "understood"),
    *("sentence", "reasons", "gap", "figure_ids", "citation"),
)


def _csv(claims: list[Any]) -> bytes:
    """One row for each number; what a spreadsheet would compute is made text."""
    import csv
    import io

    from data.publication.exports import harmless

    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for claim in claims:
        row = {name: claim.get(name) for name in COLUMNS}
        row["reasons"] = " ".join(claim["reasons"])
        row["figure_ids"] = " ".join(figure["figure_id"] for figure in claim["figures"])
        writer.writerow({name: harmless(value) for name, value in row.items()})
    return "\ufeff".encode() + out.getvalue().encode()
