"""`nuzuh doctor`: everything that can be looked at, each with what to do about it."""

import stat
import sys
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

import click

from commands import shared

if TYPE_CHECKING:
    from data.status.health import Condition
    from pipelines.run.context import RunContext

State = Literal["good", "look", "wrong"]
OVERDUE: Final = timedelta(days=1)
"""A source that should have been asked so long ago shows that nobody runs the scheduler."""
AHEAD: Final = timedelta(minutes=10)
_SECONDS: Final = 3.0


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `wrong` means that figures are not served or not renewed."""

    name: str
    state: State
    sentence: str


@click.command(epilog="Example: nuzuh doctor --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def doctor(given: dict[str, str], as_json: bool) -> None:
    """Look at settings, store, disk, clock, sources, alerts and app; say what to do.

    Nothing is changed and no publisher is asked. Exit 1 where something is wrong.
    """
    found = list(_checks(given))
    good = all(check.state != "wrong" for check in found)
    if as_json:
        shared.print_json({"good": good, "checks": [asdict(check) for check in found]})
    else:
        for check in found:
            click.echo(f"{check.state:5}  {check.name}: {check.sentence}")
    if not good:
        raise click.exceptions.Exit(1)


def _checks(given: dict[str, str]) -> Iterator[Check]:
    from alerts import subscriptions
    from data.gazetteer.area import NoSuchArea
    from data.settings import BadConfiguration

    try:
        context = shared.context(given)
        subscriptions.read(context.settings.alerts)
    except (BadConfiguration, NoSuchArea) as problem:
        yield Check("settings", "wrong", str(problem))
        return
    yield Check(
        "settings", "good", f"Read; Python {sys.version.split()[0]}, area {context.settings.area}."
    )
    yield from _contact(context)
    yield from _secrets_on_disk(context)
    yield from _writable(context)
    yield from _disk(context)
    condition = yield from _store(context)
    if condition is not None:
        yield from _clock(condition)
        yield from _sources(context, condition)
        yield from _scheduler(context)
        yield from _channels(context)
    yield from _handover(context)
    yield from _sign_in(context)
    yield from _app(context)


def _sign_in(context: "RunContext") -> Iterator[Check]:
    """What the dashboard would refuse to start with."""
    from data.settings import SIGN_IN_SECRET

    given = context.settings
    faults = given.sign_in_faults
    missing = faults.pop(SIGN_IN_SECRET, None)
    for sentence in faults.values():
        sentence_ = f"{sentence}; the dashboard does not start (docs/sign-in.md)."
        yield Check("sign-in", "wrong", sentence_)
    if missing is not None:
        # It may be in the dashboard's environment alone, where it belongs.
        yield Check("sign-in", "look", f"{missing}, here; the dashboard needs it to start.")
    elif given.sign_in and not faults:
        yield Check("sign-in", "good", "Readers sign in, and the settings for it fit together.")


def _contact(context: "RunContext") -> Iterator[Check]:
    if not context.settings.contact:
        yield Check(
            "contact",
            "look",
            "None is set, and HAPI gives nothing without; set NUZUH_CONTACT to an address "
            "that publishers may write to.",
        )


def _secrets_on_disk(context: "RunContext") -> Iterator[Check]:
    from pathlib import Path

    from data.settings import CONFIG

    file = Path(CONFIG)
    if not (context.settings.key or context.settings.smtp) or not file.is_file():
        return
    if file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        yield Check(
            "secrets",
            "look",
            f"Others on this machine may read {CONFIG}; chmod 600 it, or keep keys in the "
            "environment.",
        )


def _writable(context: "RunContext") -> Iterator[Check]:
    from data.store import StoreBusy, StoreNotWritable, StoreProblem

    try:
        with context.store.lock_source("doctor"):
            yield Check("writing", "good", f"The store {context.store.address} can be written.")
    except StoreBusy:
        yield Check("writing", "good", "Another doctor holds the store this moment.")
    except StoreNotWritable as problem:
        reads = context.store.address.startswith(("https://", "http://"))
        yield Check("writing", "good" if reads else "wrong", str(problem))
    except StoreProblem as problem:
        yield Check("writing", "wrong", str(problem))


def _disk(context: "RunContext") -> Iterator[Check]:
    from pathlib import Path

    from alerts import health

    folder = (
        context.settings.cache if "://" in context.store.address else Path(context.store.address)
    )
    full = health.disk(folder, context.settings.disk_least)
    if full is None:
        yield Check("disk", "good", f"More than {context.settings.disk_least:,} MB are free.")
    else:
        yield Check(
            "disk",
            "wrong",
            f"{full.facts['free_mb']:,} MB are free where {folder} lies; "
            "run `nuzuh prune`, or make room.",
        )


def _store(context: "RunContext") -> "Generator[Check, None, Condition | None]":
    from data.status import health as condition
    from data.store import StoreProblem

    try:
        found = condition.condition_of(context.store, context.now(), context.settings.disabled)
    except StoreProblem as problem:
        yield Check("store", "wrong", str(problem))
        return None
    release = found.release
    if release.warning:
        yield Check("store", "wrong", release.warning)
    else:
        sentence = f"Release {release.id} with {release.count():,} figures is whole."
        yield Check("store", "good", sentence)
    for fault in context.store.side_faults():
        yield Check(fault.path, "look", f"{fault.path} {fault.sentence}.")
    return found


def _clock(found: "Condition") -> Iterator[Check]:
    ahead = found.release.published_at - found.at
    if ahead > AHEAD:
        yield Check(
            "clock",
            "wrong",
            f"The newest release is of {found.release.published_at:%Y-%m-%d %H:%M} UTC, which has "
            "not come yet; set this machine's clock.",
        )


def _sources(context: "RunContext", found: "Condition") -> Iterator[Check]:
    from pipelines.run.source_register import why_skipped

    ran = 0
    for source in context.sources:
        state, status = found.states.get(source.name, "never"), found.statuses.get(source.name)
        skipped = why_skipped(source, context.settings)
        if skipped is not None:
            if source.key == "required" and not source.by_hand:
                yield Check(source.name, "look", skipped)
            continue
        ran += status is not None
        if status is not None and status.held_fetch is not None:
            why = " ".join(status.held_reasons) or "It differs too much."
            yield Check(
                source.name,
                "look",
                f"Waits for a person: {why} `nuzuh accept {source.name}` or `nuzuh reject`.",
            )
        elif status is not None and status.outcome == "failed":
            yield Check(source.name, "look", str(status.sentence))
        elif state in ("late", "dead"):
            since = shared.moment(status.last_success) if status else None
            other = f" Instead of it: {source.replaced_by}." if source.replaced_by else ""
            yield Check(source.name, "look", f"Is {state}, last well at {since}.{other}")
    yield Check("sources", "good", f"{ran} of {len(context.sources)} ran on this store so far.")


def _scheduler(context: "RunContext") -> Iterator[Check]:
    from pipelines.run import schedule
    from pipelines.run.source_register import why_skipped

    now, statuses = context.now(), context.store.statuses()
    overdue = []
    for source in context.sources:
        status = statuses.get(source.name)
        due = None if status and status.paused else schedule.due_at(source, status)
        if (
            why_skipped(source, context.settings) is None
            and due is not None
            and now - due > OVERDUE
        ):
            overdue.append(source.name)
    if overdue:
        yield Check(
            "scheduler",
            "wrong",
            f"{len(overdue)} sources should have been asked more than a day ago "
            f"({', '.join(overdue[:3])} …); start `nuzuh serve` or the timer.",
        )


def _handover(context: "RunContext") -> Iterator[Check]:
    """Whether what administrators decide in the browser is carried out by anybody."""
    from data.handover import inbox_of

    if not context.settings.sign_in:
        return  # nobody decides in the browser where nobody signs in
    inbox = inbox_of(context.settings)
    if inbox is None:
        yield Check(
            "decisions",
            "look",
            "The store lies at an address, and no folder is named through which the dashboard "
            "hands decisions over; set NUZUH_INBOX for dashboard and scheduler alike.",
        )
        return
    state = inbox.readiness(context.now())
    waiting = len(inbox.waiting())
    if state == "not_writable":
        yield Check(
            "decisions",
            "wrong",
            f"The inbox {inbox.folder} may not be written; check its permissions.",
        )
    elif state == "nobody":
        yield Check(
            "decisions",
            "wrong",
            f"Nobody carries out what administrators decide ({waiting:,} waiting in "
            f"{inbox.folder}); start `nuzuh serve` with this NUZUH_INBOX.",
        )
    else:
        yield Check("decisions", "good", f"Carried out from {inbox.folder}; {waiting:,} waiting.")


def _channels(context: "RunContext") -> Iterator[Check]:
    for channel in context.store.channels():
        if channel.problem:
            yield Check(f"alerts to {channel.name}", "look", channel.problem)


def _app(context: "RunContext") -> Iterator[Check]:
    from http.client import HTTPConnection, HTTPException

    port = context.settings.port
    line = HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        line.request("GET", "/nuzuh/health")
        status = line.getresponse().status
    except (OSError, HTTPException):
        yield Check("app", "look", f"Nothing answers at port {port}; `make run` starts it.")
        return
    finally:
        line.close()
    if status == 200:
        yield Check("app", "good", f"Answers at port {port}.")
    else:
        yield Check("app", "wrong", f"Port {port} answers {status}; look at the app's log.")
