"""What the commands share: what they work with, and how they print."""

import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from data.settings import Settings
    from data.store import Store
    from pipelines.run.context import RunContext
    from pipelines.source import Source

DAY: Final = click.DateTime(["%Y-%m-%d"])


def settings(given: dict[str, str]) -> "Settings":
    """The settings in force, with what the command line says instead."""
    from data import settings

    return settings.load(**given)


def store(given: dict[str, str]) -> "Store":
    """The store that the settings name."""
    from data.store import Policy, Store

    loaded = settings(given)
    policy = Policy(loaded.keep_days, loaded.keep_weeks, loaded.keep_months)
    return Store(loaded.store, loaded.cache, policy)


def context(given: dict[str, str]) -> "RunContext":
    """What a run works with, as the settings describe it, with every source."""
    from pipelines.registry import SOURCES
    from pipelines.run.context import context_of

    return context_of(settings(given), SOURCES)


def chosen_sources(names: tuple[str, ...], context: "RunContext") -> list["Source"]:
    """The sources of those names; all that are not left out where none is named."""
    if not names:
        return [s for s in context.sources if s.name not in context.settings.disabled]
    from pipelines.registry import by_name

    found = {name: by_name(name) for name in names}
    for name, source in found.items():
        if source is None:
            known = ", ".join(s.name for s in context.sources)
            raise click.UsageError(f"There is no source {name!r}; choose one of: {known}.")
    return [source for source in found.values() if source is not None]


def account() -> str | None:
    """The account that runs the command, which is who decides unless somebody says so."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None


def day(moment: datetime | None) -> date | None:
    """The day of a moment."""
    return moment.date() if moment else None


def moment(moment: datetime | None) -> str | None:
    """A moment as JSON and tables write it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def now() -> datetime:
    """Now, in UTC."""
    from datetime import UTC

    return datetime.now(UTC)


def options(given: dict[str, str]) -> list[str]:
    """The options before the command, for the tool in a process of its own."""
    return [text for name, value in given.items() for text in (f"--{name}", value)]


def in_child(
    given: dict[str, str],
    *words: str,
    seconds: float,
    environment: Mapping[str, str],
    otherwise: str,
    most_memory: int | None = None,
) -> None:
    """The tool in a process of its own: its memory goes back, and nothing it does stops this one.

    Args:
        given: The options.
        words: The command.
        seconds: It is ended after so long.
        environment: All of it.
        most_memory: Bytes that it may write to; None for as many as there are.
        otherwise: Said on stderr, with the reason, where it could not come to its end.
    """
    import subprocess

    from data.process_limits import bound_memory

    command = [sys.executable, "-m", "pipelines", *options(given), *words]
    try:
        with subprocess.Popen(  # noqa: S603 - our own interpreter
            command, env=dict(environment), stdout=subprocess.DEVNULL
        ) as child:
            if most_memory is not None:
                bound_memory(child, most_memory)
            try:
                child.wait(seconds)
            except BaseException:
                child.kill()
                raise
    except (OSError, subprocess.TimeoutExpired) as problem:
        say("child", f"{otherwise} ({type(problem).__name__}).", err=True)


def say(event: str, sentence: str, *, err: bool = False, **facts: Any) -> None:
    """One line of the log: the sentence, or as JSON where the settings ask for that.

    Args:
        event: What kind of line it is, in one word that stays the same.
        sentence: For people; without a secret, as every sentence is.
        err: Whether a person should look.
        facts: What a program would look for; None is left out.
    """
    from data import settings

    with suppress(settings.BadConfiguration):
        if settings.load().log == "json":
            entry = {"at": moment(now()), "level": "warning" if err else "info", "event": event}
            entry |= {name: value for name, value in facts.items() if value is not None}
            click.echo(json.dumps(entry | {"sentence": sentence}, ensure_ascii=False), err=err)
            return
    click.echo(sentence, err=err)


undated: Final = click.option(
    "--undated",
    is_flag=True,
    help="With --as-known-on: also figures of which nobody knows when they were published.",
)
unguarded: Final = click.option(
    "--unguarded",
    is_flag=True,
    help="Write it although readers sign in: whoever has the file can read it.",
)


def may_be_written(settings: "Settings", unguarded: bool) -> None:
    """Stop a file that no sign-in can guard, where readers sign in, unless it was allowed.

    Raises:
        ClickException: One sentence that says so, and how to write it all the same.
    """
    if not settings.sign_in:
        return
    if not unguarded and not settings.sign_in_editions:
        raise click.ClickException(
            "Readers of this office sign in, and a written file cannot ask for that: whoever has "
            "it can read it. Write it all the same with --unguarded, or always with "
            "NUZUH_SIGN_IN_EDITIONS=true."
        )
    click.echo("No sign-in guards this file: whoever has it can read it.", err=True)


def print_json(found: Any) -> None:
    """One JSON document on stdout."""
    click.echo(json.dumps(found, ensure_ascii=False, indent=1))


def print_table(heads: tuple[str, ...], rows: list[list[Any]]) -> None:
    """Columns as wide as what they hold."""
    cells = [list(heads), *[["" if v is None else str(v) for v in row] for row in rows]]
    widths = [max(len(row[n]) for row in cells) for n in range(len(heads))]
    for row in cells:
        click.echo("  ".join(v.ljust(w) for v, w in zip(row, widths, strict=True)).rstrip())
