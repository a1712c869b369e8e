"""Editions and briefs: seconds to make them and what they weigh."""

import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from time import perf_counter

from bench import content as contents
from bench import table
from bench.table import Budget, Row
from data import settings
from data.gazetteer import area
from data.schema.languages import LANGUAGES
from editions import brief, bundle, light, pdf, word
from editions.content import Content, gather

EDITIONS = "editions"
FIRST = 40.0
PAGE = 100.0


def measure(_store: Path, _rivals: Path, *, quick: bool) -> list[Row]:
    """The rows of this subject, of the carried figures; `quick` makes one language once."""
    with tempfile.TemporaryDirectory() as folder:
        release = contents.carried(Path(folder)).current()
        content = gather(release, area.load(settings.load().area), None)
        return _rows(content, quick=quick)


def _rows(content: Content, *, quick: bool) -> list[Row]:
    pages: dict[str, dict[str, bytes]] = {}
    sizes: dict[str, float] = {}

    def edition(language: str) -> None:
        pages[language] = dict(light.files(content, (language,)))

    def briefed(name: str, language: str, make: Callable[[brief.Brief], bytes]) -> None:
        sizes[name] = len(make(brief.compose(content, language))) / 1000

    def bundled() -> None:
        sizes["offline bundle"] = len(bundle.zipped(content, bundle.files(content))) / 1000

    tasks: dict[str, Callable[[], None]] = {} if quick else {"offline bundle": bundled}
    for code in tuple(LANGUAGES)[: 1 if quick else None]:
        tasks[f"light edition, {code}"] = partial(edition, code)
        for form, make in (("PDF", pdf.render), ("Word", word.render)):
            name = f"brief, {form}, {code}"
            tasks[name] = partial(briefed, name, code, make)
    timed = {name: partial(_seconds, task) for name, task in tasks.items()}
    taken = table.interleaved(timed, 1 if quick else 3, within=60)
    first = {f"first page, {code}": [_first(found) / 1000] for code, found in pages.items()}
    largest = {f"largest page, {code}": [_largest(found) / 1000] for code, found in pages.items()}
    whole = {name: [size] for name, size in sizes.items()}
    whole |= {
        f"light edition, {code}, all pages": [sum(map(len, found.values())) / 1000]
        for code, found in pages.items()
    }
    return [
        *table.rows(EDITIONS, "made in", "s", taken),
        *table.rows(
            EDITIONS, "first page", "kB", first, budgets=[Budget(who, FIRST) for who in first]
        ),
        *table.rows(
            EDITIONS, "largest page", "kB", largest, budgets=[Budget(who, PAGE) for who in largest]
        ),
        *table.rows(EDITIONS, "whole", "kB", whole),
    ]


def _seconds(task: Callable[[], None]) -> float:
    begun = perf_counter()
    task()
    return perf_counter() - begun


def _first(pages: Mapping[str, bytes]) -> int:
    return max(len(body) for name, body in pages.items() if name.endswith("index.html"))


def _largest(pages: Mapping[str, bytes]) -> int:
    return max(len(body) for name, body in pages.items() if name.endswith(".html"))
