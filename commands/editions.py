"""Editions on the command line: the light edition, the brief, the offline bundle."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from commands import shared
from data.schema.languages import LANGUAGES

if TYPE_CHECKING:
    from data.settings import Settings
    from editions.content import Content

LONGEST: Final = 900
"""Seconds that an edition may take beside a scheduler."""
NOT_GUARDED: Final = (
    "No edition was written into {folder}: readers of this office sign in, and a written file "
    "cannot ask for that. Set NUZUH_SIGN_IN_EDITIONS=true to write editions all the same."
)
_FORMS: Final = (".pdf", ".docx")


@click.command(epilog="Example: nuzuh edition --out edition --lang ar")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="A new folder.")
@click.option("--keep", "kept", is_flag=True, help="With its bundle, where NUZUH_EDITIONS says.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="One language; all where none is named.")
@click.option("--as-known-on", type=shared.DAY, help="Show what was known on that day.")
@shared.undated
@shared.unguarded
@click.pass_obj
def edition(
    given: dict[str, str],
    out: Path | None,
    kept: bool,
    lang: str | None,
    as_known_on: datetime | None,
    undated: bool,
    unguarded: bool,
) -> None:
    """The light edition: plain pages that open from a folder, without script or network."""
    if kept:
        after_a_run(given)
        return
    if out is None:
        raise click.UsageError("Name a folder with --out, or use --keep.")
    shared.may_be_written(shared.settings(given), unguarded)
    from editions import light, publish

    with _unsearched():
        content = _content(given, as_known_on, undated=undated)
        made = dict(light.files(content, (lang,) if lang else tuple(LANGUAGES)))
    publish.write(out, made)
    size = sum(map(len, made.values()))
    click.echo(f"{len(made):,} pages, {size / 1e6:.1f} MB: open {out / 'index.html'}", err=True)


@click.command(epilog="Example: nuzuh brief --lang ar --out brief.pdf")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FILE.pdf|.docx")
@click.option("--as-known-on", type=shared.DAY, help="Show what was known on that day.")
@shared.undated
@shared.unguarded
@click.pass_obj
def brief(
    given: dict[str, str],
    lang: str,
    out: Path,
    as_known_on: datetime | None,
    undated: bool,
    unguarded: bool,
) -> None:
    """One to two pages: headline figures with dates, what changed, map, charts, sources."""
    if out.suffix.lower() not in _FORMS:
        raise click.UsageError(f"A brief is {' or '.join(_FORMS)}; name the file so.")
    shared.may_be_written(shared.settings(given), unguarded)
    from data.publication import atomic_write
    from editions import brief as briefs
    from editions import pdf, word

    composed = briefs.compose(_content(given, as_known_on, undated=undated), lang)
    render = pdf.render if out.suffix.lower() == ".pdf" else word.render
    body = render(composed)
    atomic_write.write(out, body)
    click.echo(f"{composed.number}, {len(body) / 1000:,.0f} kB in {out}", err=True)


@click.command(epilog="Example: nuzuh bundle --out nuzuh.zip")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FILE.zip")
@click.option("--as-known-on", type=shared.DAY, help="Show what was known on that day.")
@shared.undated
@shared.unguarded
@click.pass_obj
def bundle(
    given: dict[str, str],
    out: Path,
    as_known_on: datetime | None,
    undated: bool,
    unguarded: bool,
) -> None:
    """Everything in one archive: the edition, the briefs, CSV, dictionary, manifest."""
    shared.may_be_written(shared.settings(given), unguarded)
    from data.publication import atomic_write
    from editions import bundle as bundles

    content = _content(given, as_known_on, undated=undated)
    body = bundles.zipped(content, bundles.files(content))
    atomic_write.write(out, body)
    click.echo(f"{len(body) / 1e6:.1f} MB in {out}", err=True)


def in_child(given: dict[str, str], folder: str) -> None:
    """The newest release's edition, written by a process of its own."""
    shared.in_child(
        given,
        "edition",
        "--keep",
        seconds=LONGEST,
        environment={**os.environ, "NUZUH_EDITIONS": folder},
        otherwise="The edition was not written",
    )


def after_a_run(given: dict[str, str]) -> None:
    """Write the newest release's edition and bundle where the settings name a folder for them.

    Failures here are printed on stderr and stop nothing: the figures are published already.
    """
    settings = shared.settings(given)
    if not settings.editions:
        return
    if settings.sign_in and not settings.sign_in_editions:
        click.echo(NOT_GUARDED.format(folder=settings.editions), err=True)
        return
    try:
        from editions import publish

        folder = Path(settings.editions)
        with _unsearched():
            kept = publish.keep(folder, _content(given, None, settings), settings.editions_kept)
    except Exception as problem:  # noqa: BLE001 - a broken brief must not look like broken figures
        sentence = " ".join(str(problem).split())
        kind = type(problem).__name__
        shared.say("edition", f"The edition was not written ({kind}: {sentence}).", err=True)
        return
    shared.say("edition", f"Edition {kept.name} is in {folder}.", err=True)


@contextmanager
def _unsearched() -> Iterator[None]:
    """Memory is not searched for garbage: what an edition is made of stays until it is written."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


def _content(
    given: dict[str, str],
    known: datetime | None,
    settings: "Settings | None" = None,
    *,
    undated: bool = False,
) -> "Content":
    from data.gazetteer import area
    from editions import content

    loaded = settings or shared.settings(given)
    release = shared.store(given).current()
    if release.warning:
        sys.stderr.write(f"{release.warning}\n")
    return content.gather(
        release,
        area.load(loaded.area),
        shared.day(known),
        undated=undated,
        public=loaded.public,
        statuses=shared.store(given).statuses(),
        now=shared.now(),
    )
