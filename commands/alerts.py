"""Alerts on the command line: subscriptions, sending, a test, the feed and the calendar."""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from commands import shared

if TYPE_CHECKING:
    from alerts.delivery import Waiting
    from alerts.subscriptions import Subscription
    from data.store import Store

NOT_SENT: Final = "Alerts were not sent"
LONGEST: Final = 600
"""Seconds that telling everybody may take beside a scheduler."""
PAUSE: Final = timedelta(minutes=15)
"""A scheduler looks this often for what waits: the end of quiet hours, a channel to try again."""


@click.command(epilog="Example: nuzuh alerts --test idlib-office")
@click.option("--send", is_flag=True, help="Tell every channel what is new.")
@click.option("--dry-run", is_flag=True, help="Show what --send would send; send and note nothing.")
@click.option("--test", metavar="NAME", help="Send a test message to each channel of an alert.")
@click.option(
    "--feed", type=click.Path(path_type=Path), metavar="DIR", help="Write feed, calendar."
)
@shared.unguarded
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def alerts(
    given: dict[str, str],
    send: bool,
    dry_run: bool,
    test: str | None,
    feed: Path | None,
    unguarded: bool,
    as_json: bool,
) -> None:
    """Open threads and how each channel fares; who is told is in nuzuh.toml (docs/alerts.md)."""
    from alerts import delivery, setup
    from alerts.subscriptions import addresses, read

    settings, store = shared.settings(given), shared.store(given)
    if feed is not None:
        shared.may_be_written(settings, unguarded)
        _write(feed, given, store)
        return
    subscriptions = read(settings.alerts)
    if test is not None:
        _test(given, test, as_json=as_json)
        return
    if dry_run:
        _preview(delivery.preview(setup.context_of(settings, store, shared.now)), as_json=as_json)
        return
    if send:
        delivery.deliver(setup.context_of(settings, store, shared.now))
    channels = [
        delivery.read(store, address).channel.as_json()
        for alert in subscriptions
        for address in addresses(alert)
    ]
    threads = delivery.open_threads(store, subscriptions)
    _print(channels, threads, [alert_summary(alert) for alert in subscriptions], as_json=as_json)
    if send and any(channel["problem"] for channel in channels):
        raise click.exceptions.Exit(1)


def alert_summary(alert: "Subscription") -> dict[str, Any]:
    """What an alert says and to which channels, by name and kind: never where they lead."""
    from alerts.subscriptions import addresses

    summary = alert.model_dump(mode="json", exclude={"channels"})
    return summary | {"channels": [{"name": a.name, "kind": a.kind} for a in addresses(alert)]}


def _print(
    channels: list[dict[str, Any]],
    threads: list[dict[str, Any]],
    summaries: list[dict[str, Any]],
    *,
    as_json: bool,
) -> None:
    if as_json:
        shared.print_json({"channels": channels, "threads": threads, "alerts": summaries})
        return
    if not channels:
        click.echo("Nobody is told anything yet; add [[alerts]] to nuzuh.toml (docs/alerts.md).")
        return
    heads = ("name", "kind", "last_success", "failures", "problem", "waiting", "next_try")
    shared.print_table(heads, [[channel[name] for name in heads] for channel in channels])
    click.echo("")
    if not threads:
        click.echo("No thread is open.")
        return
    named = ("channel", "thread", "topic", "phase", "level", "opened", "messages", "last_message")
    shared.print_table(named, [[thread[name] for name in named] for thread in threads])


def _preview(waiting: "Sequence[Waiting]", *, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "channel": each.channel,
                "now": each.now,
                "language": each.message.language,
                "subject": each.message.subject,
                "text": each.message.text,
            }
            for each in waiting
        ]
        shared.print_json({"messages": rows})
        return
    if not waiting:
        click.echo("Nothing would be sent.")
    for each in waiting:
        when = "now" if each.now else "later: quiet hours, or the channel rests"
        click.echo(f"== {each.channel} ({when}): {each.message.subject}\n\n{each.message.text}")


def _write(folder: Path, given: dict[str, str], store: "Store") -> None:
    from alerts import files
    from data.publication import atomic_write

    folder.mkdir(parents=True, exist_ok=True)
    for name, body in files.all_of(shared.settings(given), store, shared.now()).items():
        atomic_write.write(folder / name, body)
        click.echo(f"{folder / name}", err=True)


def _test(given: dict[str, str], name: str, *, as_json: bool) -> None:
    from alerts import setup
    from alerts.channels import NotDelivered
    from alerts.ledger import Outgoing
    from alerts.messages import Writer
    from alerts.subscriptions import addresses, read

    settings = shared.settings(given)
    alert = next((a for a in read(settings.alerts) if a.name == name), None)
    if alert is None:
        raise click.UsageError(f"There is no alert {name!r}; `nuzuh alerts` lists them.")
    letter, now = Writer(settings.address).test(alert), shared.now()
    sender = setup.post(settings)
    results: list[dict[str, str | None]] = []
    for address in addresses(alert):
        identity = f"test.{address.name}.{now:%Y%m%d%H%M%S%f}"
        message = Outgoing(
            id=identity,
            root=identity,
            threads=(),
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            language=alert.language,
            composed_at=now,
        )
        problem = None
        try:
            sender.send(address, message)
        except NotDelivered as refused:
            problem = refused.problem
        results.append({"name": address.name, "kind": address.kind, "problem": problem})
    if as_json:
        shared.print_json({"channels": results})
    else:
        rows = [[r["name"], r["kind"], _problem_text(r["problem"])] for r in results]
        shared.print_table(("name", "kind", "said"), rows)
    if any(result["problem"] for result in results):
        raise click.exceptions.Exit(1)


def _problem_text(problem: str | None) -> str:
    from visuals.language.words import Words

    return "sent" if problem is None else Words("en")(f"channel.problem.{problem}")


def after_a_run(given: dict[str, str]) -> None:
    """Send what is new on every channel; failures here are printed on stderr and stop nothing."""
    from data.settings import BadConfiguration
    from data.store import StoreBusy, StoreProblem

    try:
        settings = shared.settings(given)
        if not settings.alerts:
            return
        from alerts import delivery, setup

        outcomes = delivery.deliver(setup.context_of(settings, shared.store(given), shared.now))
    except StoreBusy:
        return  # another process is telling, and will say everything
    except (BadConfiguration, StoreProblem) as problem:
        shared.say("alerts", f"{NOT_SENT} ({' '.join(str(problem).split())}).", err=True)
    except Exception as problem:  # noqa: BLE001 - the figures are published already
        shared.say("alerts", f"{NOT_SENT} ({type(problem).__name__}).", err=True)
    else:
        say_failing([channel.name for channel in outcomes if channel.problem])


def record_changes(given: dict[str, str]) -> None:
    """Put into the record of decisions what was changed in the alerts since somebody last looked.

    Alerts are changed in the settings, by whoever may edit them there: the record knows when it
    was first seen and what, and no name.
    """
    from hashlib import sha256

    from alerts.subscriptions import read
    from data.store import Decision

    store, now = shared.store(given), shared.now()
    before: dict[str, str] = {}
    for one in reversed([d for d in store.decisions() if d.kind == "alert"]):
        before[one.given["alert"]] = one.given["digest"]
    now_ = {alert.name: alert_summary(alert) for alert in read(shared.settings(given).alerts)}
    here = {
        name: sha256(repr(sorted(summary.items())).encode()).hexdigest()[:16]
        for name, summary in now_.items()
    }
    gone = {name: "" for name, digest in before.items() if digest and name not in here}
    for name, digest in (here | gone).items():
        if before.get(name, "") == digest:
            continue
        change = "removed" if not digest else "changed" if before.get(name) else "added"
        store.note(
            Decision(
                id=sha256(f"alert {name} {digest} {now}".encode()).hexdigest()[:24],
                kind="alert",
                asked_at=now,
                given={"alert": name, "change": change, "digest": digest},
                state="done",
                outcome="unchanged",
                sentence=f"The alert {name} was {change} in the settings.",
                done_at=now,
            )
        )


def say_failing(names: Sequence[str]) -> None:
    """Name the channels that fail, on stderr; nothing where none does."""
    if names:
        shared.say("alerts", f"Alerts wait for: {', '.join(names)}; see `nuzuh alerts`.", err=True)


def in_child(given: dict[str, str], environment: Mapping[str, str]) -> None:
    """The same by a process of its own, so that a channel that hangs stops no scheduler."""
    shared.in_child(
        given, "alerts", "--send", seconds=LONGEST, environment=environment, otherwise=NOT_SENT
    )


class Watch:
    """Between runs of a scheduler: tells what is new after a run, and every quarter of an hour."""

    def __init__(
        self,
        given: dict[str, str],
        mark: Callable[[], object],
        now: Callable[[], datetime] = shared.now,
        tell: Callable[[dict[str, str], Mapping[str, str]], None] = in_child,
    ) -> None:
        self._given, self._mark, self._now, self._tell = given, mark, now, tell
        self._wanted = bool(shared.settings(given).alerts)
        self._environment = dict(os.environ)
        self._last: tuple[object, datetime] | None = None
        if self._wanted:
            # The children that run one source each leave the telling to this process.
            os.environ["NUZUH_ALERTS"] = ""

    def look(self) -> None:
        """Tell, if something ran since the last look or enough time has passed."""
        if not self._wanted:
            return
        now, mark = self._now(), self._mark()
        if self._last is not None and self._last[0] == mark and now - self._last[1] < PAUSE:
            return
        self._last = (mark, now)
        self._tell(self._given, self._environment)
