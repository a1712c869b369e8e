"""The figures as a schema.org `Dataset`, in the words of a page."""

from typing import Any

from data.gazetteer.area import Area
from data.publication import catalogue
from data.publication.catalogue import Described
from data.store import Release
from visuals.language import area_text
from visuals.language.words import Words


def head(words: Words, area: Area, release: Release, root: str) -> str:
    """JSON-LD for the head of a page; nothing where the release holds no figure."""
    told = catalogue.of_all(release)
    return "" if told is None else catalogue.in_page(described(words, area, told, root))


def described(words: Words, area: Area, told: Described, root: str) -> dict[str, Any]:
    """What a page's head says of the figures.

    Args:
        words: The page's language.
        area: What the dashboard is about.
        told: The release.
        root: Where the dashboard is, without a slash at its end; empty where a page knows none.
    """
    covered = [words.place(code) for code in dict.fromkeys((*area.origins, *area.hosts))]
    name = f"{words('app.title')}: {area_text.name(words, area)}"
    return catalogue.schema_org(told, name, words("app.dataset"), covered, root)
