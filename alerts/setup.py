"""What alerts work with, as the settings describe it: release, statuses, channels."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

from alerts import channels, health, surge_items
from alerts.delivery import AlertContext
from alerts.ledger import Item
from alerts.messages import Writer
from alerts.subscriptions import MEASURES, Subscription, read
from data.gazetteer import area as areas
from data.settings import Settings
from data.store import Store, StoreEmpty


def _utc_now() -> datetime:
    return datetime.now(UTC)


def context_of(
    settings: Settings, store: Store, now: Callable[[], datetime] = _utc_now
) -> AlertContext:
    """What alerts work with, as the settings describe it.

    Raises:
        BadConfiguration: An alert cannot be used.
        NoSuchArea: There is no file for the area.
    """
    return AlertContext(
        store=store,
        alerts=read(settings.alerts),
        items=_items(settings, store),
        write=Writer(settings.address),
        sender=post(settings),
        now=now,
    )


def post(settings: Settings) -> channels.Post:
    """What hands messages over."""
    return channels.Post(settings.smtp, settings.address)


def _items(settings: Settings, store: Store) -> Callable[[Subscription, datetime], list[Item]]:
    area = areas.load(settings.area)

    @lru_cache(maxsize=4)
    def surges(day: date) -> tuple[Item, ...]:
        try:
            release = store.current()
        except StoreEmpty:
            return ()
        found = surge_items.followed(release, day)
        provenance = surge_items.provenance(release, surge_items.newest_figures(found, day))
        return tuple(surge_items.items(found, day, provenance))

    def items(alert: Subscription, now: datetime) -> list[Item]:
        # What is known is dated by UTC days, as everything stored is.
        asked = [
            item
            for item in (surges(now.date()) if set(alert.measures) - {"health"} else ())
            if alert.wants(item.facts["place"], MEASURES[item.facts["detector"]], item.level, area)
        ]
        if "health" in alert.measures:
            asked += _health(settings, store, now)
        return asked

    return items


def _health(settings: Settings, store: Store, now: datetime) -> list[Item]:
    try:
        register = store.current().table("sources").to_dict("records")
    except StoreEmpty:
        register = []
    remote = "://" in settings.store and not settings.store.startswith("file://")
    folder = None if remote else Path(settings.store.removeprefix("file://"))
    full = health.disk(folder, settings.disk_least)
    rows = [{str(name): value for name, value in row.items()} for row in register]
    return health.items(rows, store.statuses(), full, now, settings.disabled)
