"""The feed and the calendar of a store, in each language, as bytes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from alerts import calendar, feed, surge_items
from data.settings import Settings
from data.store import Store, Wanted
from visuals.words import LANGUAGES, Words

ATOM: Final = "application/atom+xml; charset=utf-8"
ICS: Final = "text/calendar; charset=utf-8"


def atom(settings: Settings, store: Store, language: str, now: datetime) -> bytes:
    """The feed.

    Raises:
        StoreProblem: There is nothing to tell of yet.
    """
    release = store.current()
    day = now.date()
    newest = surge_items.alarms(surge_items.followed(release, day), day)[: feed.SHOWN]
    papers = surge_items.papers(release, newest)
    return feed.atom(language, newest, papers, store.releases(), settings.address)


def ics(settings: Settings, store: Store, language: str, now: datetime) -> bytes:
    """The calendar.

    Raises:
        StoreProblem: There is nothing to tell of yet.
    """
    release = store.current()
    words = Words(language)
    rows = [
        {str(name): value for name, value in row.items()}
        for row in release.table("sources").to_dict("records")
        if row["source"] not in settings.disabled
    ]
    published = release.vintages(Wanted())[["publisher", "dataset", "published_on"]]
    found = calendar.releases(words, rows, store.statuses(), published.drop_duplicates(), now)
    return calendar.ics(words, found, now)


def all_of(
    settings: Settings, store: Store, now: datetime, languages: Sequence[str] = tuple(LANGUAGES)
) -> dict[str, bytes]:
    """Both in every language, by file name."""
    found = {}
    for language in languages:
        found[f"feed.{language}.atom"] = atom(settings, store, language, now)
        found[f"releases.{language}.ics"] = ics(settings, store, language, now)
    return found
