"""The light edition: plain pages that need no script, no network and no app."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Final

from data.publication import harm
from editions.content import Content
from editions.layout import FIRST, EditionReader, Page, page_file, plain_page
from editions.pages import compare, maps, method, place, provenance, situation, sources
from visuals.language.words import LANGUAGES, Words

MODULES: Final[tuple[Callable[[EditionReader], list[Page]], ...]] = (
    situation.pages,
    maps.pages,
    place.pages,
    compare.pages,
    sources.pages,
    method.pages,
    provenance.pages,
)


class NoPage(LookupError):  # noqa: N818 - reads as a fact where it is raised
    """A page that this edition does not have."""


@dataclass(frozen=True)
class Edition:
    """One language of the light edition, made when it is asked for."""

    content: Content
    language: str
    languages: tuple[str, ...] = tuple(LANGUAGES)
    """The languages that stand beside it, for the links between them."""
    searched: harm.Pages | None = None
    """The pages made with it, where all are: what they share is searched once."""

    @cached_property
    def pages(self) -> Mapping[str, Page]:
        """Every page by its file name, none made yet."""
        kinds = range(len(MODULES))
        return {name: page for kind in kinds for name, page in self._of_kind(kind).items()}

    def page(self, name: str) -> Page:
        """One page, its kind asked before the others: a first page does not wait for the maps.

        Raises:
            NoPage: There is none of that name.
        """
        for kind in range(len(MODULES)):
            if name in self._of_kind(kind):
                return self._of_kind(kind)[name]
        raise NoPage(name)

    def file(self, name: str) -> bytes:
        """One page.

        Raises:
            NoPage: There is none of that name.
            HarmFound: It says what a public page must not.
        """
        body = page_file(self._reader, self.page(name), self.languages)
        (self.searched or harm.Pages()).refuse(body, f"{self.language}/{name}")
        return body.encode()

    def _of_kind(self, kind: int) -> dict[str, Page]:
        if kind not in self._listed:
            self._listed[kind] = {page.name: page for page in MODULES[kind](self._reader)}
        return self._listed[kind]

    @cached_property
    def _listed(self) -> dict[int, dict[str, Page]]:
        """Pages by the number of their module, as far as they were asked for."""
        return {}

    @cached_property
    def _reader(self) -> EditionReader:
        return EditionReader(
            Words(self.language),
            self.content,
            frozenset(self.content.codes),
            self.content.addresses,
        )


def files(content: Content, languages: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Every file of the edition, path first: a folder for each language, and its first page."""
    yield FIRST, language_choice(languages)
    searched = harm.Pages()
    for language in languages:
        edition = Edition(content, language, languages, searched)
        for name in edition.pages:
            yield f"{language}/{name}", edition.file(name)


def language_choice(languages: tuple[str, ...]) -> bytes:
    """The page in front of the languages: one link to each."""
    links = "".join(
        f'<p><a href="{code}/{FIRST}" lang="{code}" dir="{Words(code).direction}" '
        f'hreflang="{code}">{escape(Words(code)("app.title"))} · {LANGUAGES[code]}</a></p>'
        for code in languages
    )
    title = " · ".join(dict.fromkeys(Words(code)("app.title") for code in languages))
    return plain_page(Words(languages[0]), title, links)
