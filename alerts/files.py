"""The feed and the calendar of a store, as bytes by language: what they tell is gathered once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from alerts import calendar, feed, surge_items
from data.settings import Settings
from data.store import Store
from visuals.language.words import LANGUAGES, Words

ATOM: Final = "application/atom+xml; charset=utf-8"
ICS: Final = "text/calendar; charset=utf-8"
PUBLISHED: Final = ("publisher", "dataset", "published_on")


def atom(
    settings: Settings,
    store: Store,
    now: datetime,
    site: str,
    languages: Sequence[str] = tuple(LANGUAGES),
) -> dict[str, bytes]:
    """The feed; `site` is the dashboard's address, "" where it is not known.

    Raises:
        StoreProblem: There is nothing to tell of yet.
    """
    release = store.current()
    day = now.date()
    newest = surge_items.alarms(surge_items.followed(release, day), day)[: feed.SHOWN]
    provenance = surge_items.provenance(release, [alarm.report.figures[-1] for alarm in newest])
    kept = store.releases()
    return {language: feed.atom(language, newest, provenance, kept, site) for language in languages}


def ics(
    settings: Settings,
    store: Store,
    now: datetime,
    site: str = "",
    languages: Sequence[str] = tuple(LANGUAGES),
) -> dict[str, bytes]:
    """The calendar, which has no links of ours.

    Raises:
        StoreProblem: There is nothing to tell of yet.
    """
    release = store.current()
    rows = [
        {str(name): value for name, value in row.items()}
        for row in release.table("sources").to_dict("records")
        if row["source"] not in settings.disabled
    ]
    published = release.vintages(columns=PUBLISHED).drop_duplicates()
    statuses = store.statuses()

    def calendar_in(words: Words) -> bytes:
        return calendar.ics(words, calendar.releases(words, rows, statuses, published, now), now)

    return {language: calendar_in(Words(language)) for language in languages}


def all_of(settings: Settings, store: Store, now: datetime) -> dict[str, bytes]:
    """Both in every language, by file name."""
    feeds, calendars = atom(settings, store, now, settings.address), ics(settings, store, now)
    return {
        **{f"feed.{language}.atom": body for language, body in feeds.items()},
        **{f"releases.{language}.ics": body for language, body in calendars.items()},
    }
