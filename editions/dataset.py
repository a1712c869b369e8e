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
    package = catalogue.of_all(release)
    return "" if package is None else catalogue.in_page(described(words, area, package, root))


def described(words: Words, area: Area, described: Described, root: str) -> dict[str, Any]:
    """What a page's head says of the figures.

    Args:
        words: The page's language.
        area: What the dashboard is about.
        described: The release.
        root: Where the dashboard is, without a slash at its end; empty where a page knows none.
    """
    covered = [words.place(code) for code in dict.fromkeys((*area.origins, *area.hosts))]
    name = f"{words('app.title')}: {area_text.name(words, area)}"
    return catalogue.schema_org(described, name, words("app.dataset"), covered, root)
