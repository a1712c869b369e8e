"""An Atom feed (RFC 4287) of surges and new releases, for whoever would rather ask."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as Xml

from alerts import messages, surge_items
from alerts.ledger import Facts
from data.store import ReleaseInfo
from surges import outlook
from surges.rule import Alarm
from visuals.language import figure_text
from visuals.language.words import Words

ATOM: Final = "http://www.w3.org/2005/Atom"
PATH: Final = "/nuzuh/feed.atom"
SHOWN: Final = 50
_OF_SOURCE: Final = re.compile(r"(?:run|accept) ([a-z0-9_]+)")
_UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, even escaped."""
XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class _Entry:
    id: str
    title: str
    updated: datetime
    text: str
    link: str | None


def atom(
    language: str,
    alarms: Sequence[Alarm],
    provenance: dict[str, Facts],
    releases: Sequence[ReleaseInfo],
    site: str,
) -> bytes:
    """The feed in one language, the newest first.

    Args:
        language: Of its words; the ids are the same in all of them but for it.
        alarms: Every alarm; each is dated by the day it became known.
        provenance: `surge_items.provenance` of them.
        releases: The releases that are kept.
        site: The dashboard's address; "" leaves links out: a reader of feeds has no page that a
            relative one could start from.
    """
    words = Words(language)
    entries = [
        *(_alarm(words, alarm, provenance, site) for alarm in alarms),
        *(_release(words, release, site) for release in releases),
    ]
    entries.sort(key=lambda entry: (entry.updated, entry.id), reverse=True)
    return _written(words, entries[:SHOWN], site)


def _alarm(words: Words, alarm: Alarm, provenance: dict[str, Facts], site: str) -> _Entry:
    facts = surge_items.facts(alarm, provenance)
    news = words(f"alert.news.{alarm.kind}")
    known = alarm.report.known_on
    choices = {"lang": words.language, "known": known.isoformat()}
    page = messages.Writer(site).link("place", place=alarm.line.place, **choices)
    lines = [
        *messages.alarm(words, facts),
        messages.rule(words, alarm.rule),
        words("alert.not_why"),
    ]
    return _Entry(
        _id("surge", outlook.key(alarm), words),
        f"{news}: {messages.thread_title(words, facts)}",
        _start(known),
        "\n".join(lines),
        page if site else None,
    )


def _release(words: Words, release: ReleaseInfo, site: str) -> _Entry:
    found = _OF_SOURCE.fullmatch(release.reason)
    title = words("feed.rollback")
    if found is not None:
        source = {"source": found[1], "title": found[1]}
        title = words("feed.release", source=figure_text.source(words, source))
    count = words.number(release.figures)
    return _Entry(
        _id("release", release.id, words),
        title,
        release.published_at,
        words("feed.release_note", id=release.id, count=count),
        f"{site}/sources?lang={words.language}" if site else None,
    )


def _id(kind: str, name: str, words: Words) -> str:
    return uuid5(NAMESPACE_URL, f"nuzuh:{kind}:{name}:{words.language}").urn


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _written(words: Words, entries: Iterable[_Entry], site: str) -> bytes:
    listed = list(entries)
    Xml.register_namespace("", ATOM)
    feed = Xml.Element(f"{{{ATOM}}}feed", {XML_LANG: words.language})
    updated = max((entry.updated for entry in listed), default=datetime(2026, 1, 1, tzinfo=UTC))
    _add(feed, "id", _id("feed", site, words))
    _add(feed, "title", words("feed.title"))
    _add(feed, "updated", _moment(updated))
    author = Xml.SubElement(feed, f"{{{ATOM}}}author")
    _add(author, "name", messages.BRAND)
    if site:
        own = {"rel": "self", "href": f"{site}{PATH}?lang={words.language}"}
        Xml.SubElement(feed, f"{{{ATOM}}}link", own)
    for entry in listed:
        made = Xml.SubElement(feed, f"{{{ATOM}}}entry")
        _add(made, "id", entry.id)
        _add(made, "title", entry.title)
        _add(made, "updated", _moment(entry.updated))
        if entry.link:
            Xml.SubElement(made, f"{{{ATOM}}}link", {"rel": "alternate", "href": entry.link})
        _add(made, "content", entry.text).set("type", "text")
    body: bytes = Xml.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def _add(parent: Xml.Element, name: str, text: str) -> Xml.Element:
    made = Xml.SubElement(parent, f"{{{ATOM}}}{name}")
    made.text = _UNPRINTABLE.sub("", text)
    return made


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
