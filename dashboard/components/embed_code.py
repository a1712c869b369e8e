"""The code that puts a chart or a map into another site, fresh or frozen at a release."""

from dataclasses import dataclass
from html import escape

from dashboard.components import markup, tables
from visuals.html.elements import frame
from visuals.language.words import Words


@dataclass(frozen=True)
class Queries:
    """What an address asks for.

    Attributes:
        picture: Of the picture.
        live: Of a frame that stays as new as the dashboard.
        frozen: Of a frame that shows one release for good.
    """

    picture: str
    live: str
    frozen: str


def embed_snippets(
    words: Words, root: str, path: str, title: str, queries: Queries, size: tuple[int, int]
) -> str:
    """The code of the picture and of both frames, folded away.

    Args:
        words: The reader's words.
        root: Of the dashboard, without a slash at its end.
        path: Of the picture, without its ending.
        title: What the picture shows.
        queries: What is asked of the address.
        size: Pixels of the frame; on a phone it is as narrow as the phone.
    """
    address = f"{root}/{path}"
    picture = f'<img src="{address}.svg?{queries.picture}" alt="{escape(title, quote=True)}">'
    live, frozen = (
        frame(f"{address}.html?{query}", title, *size) for query in (queries.live, queries.frozen)
    )
    return tables.collapsible(
        words("charts.embed"),
        "".join(
            (
                _code(picture),
                markup.quiet_line(words("charts.frame.live")),
                _code(live),
                markup.quiet_line(words("charts.frame.frozen")),
                _code(frozen),
                markup.quiet_line(words("charts.oembed")),
                _code(f"{root}/nuzuh/oembed"),
            )
        ),
    )


def _code(html: str) -> str:
    return f"<p><code>{escape(html)}</code></p>"
