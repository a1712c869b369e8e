"""What is written from the registry: the list of sources in docs/, the APIs that settings know."""

import inspect
import sys
from pathlib import Path
from typing import Final

from data.settings import APIS
from pipelines.registry import SOURCES
from pipelines.source import Source

PATH: Final = Path(__file__).resolve().parent.parent / "docs" / "sources.md"
HEAD: Final = """# Sources

Written from the registry by `make dictionary`; a test keeps the two equal. How each fares on your
machine is on the Sources page and in `nuzuh sources`.

A source is *fresh* until its next asking is due, *late* after the days named here, *dead* after
four times as many. Where several sources carry one collection, the first that has a figure is
shown and the others check it. Another address of an API (`NUZUH_URL_…`) and a key (`NUZUH_KEY_…`)
come from the environment or from `nuzuh.toml`.
"""
KEYS: Final = {"none": "none", "optional": "used where set", "required": "needed"}


def render() -> str:
    """The whole document, as Markdown."""
    return "\n".join([HEAD, *(_section(source) for source in SOURCES)])


def apis() -> str:
    """The API of each source, once, under the heading `api`: what settings may name."""
    return "\n".join(["api", *dict.fromkeys(s.api for s in SOURCES if s.api)]) + "\n"


def _section(source: Source) -> str:
    rows = [f"| {name} | {fact} |" for name, fact in _facts(source) if fact]
    return "\n".join(
        [f"## `{source.name}`", "", _meaning(source), "", "| | |", "|---|---|", *rows, ""]
    )


def _meaning(source: Source) -> str:
    """What the source's module says of itself."""
    text = inspect.getdoc(sys.modules[source.read.__module__]) or ""
    return text if source.name in source.read.__module__ else f"{source.title}. {text}"


def _facts(source: Source) -> list[tuple[str, str]]:
    asked = "by a person, with `nuzuh import`" if source.by_hand else _every(source)
    return [
        ("title", source.title),
        ("publisher", f"[{source.publisher}]({source.homepage})"),
        ("licence", source.licence),
        ("asked", asked),
        ("late after", f"{source.late_after.days} days"),
        ("address", f"`NUZUH_URL_{source.api}`" if source.api else ""),
        ("key", f"`NUZUH_KEY_{source.api}`, {KEYS[source.key]}" if source.key != "none" else ""),
        ("published", "after a person has said so" if source.reviewed else ""),
        ("also fills", ", ".join(f"`{name}`" for name in source.tables)),
        (
            "one collection",
            f"`{source.origin}`, in place {source.origin_rank}" if source.origin else "",
        ),
        ("if it stops", f"`{source.replaced_by}`" if source.replaced_by else ""),
    ]


def _every(source: Source) -> str:
    days = source.cadence.days
    return "every day" if days == 1 else f"every {days} days"


if __name__ == "__main__":
    PATH.write_text(render(), encoding="utf-8")
    APIS.write_text(apis(), encoding="utf-8")
