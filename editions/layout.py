"""What every page of the light edition shares: head, styles, navigation, foot. No script."""

import re
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Final

from editions.content import Content
from visuals import tokens
from visuals.html import cards
from visuals.language import area_text
from visuals.language.words import LANGUAGES, Words
from visuals.map import draw

FIRST: Final = "index.html"
NAVIGATION: Final = ("situation", "maps", "places", "compare", "sources", "method")
LIMIT: Final = 100_000
"""Bytes of a page, uncompressed."""
FIRST_LIMIT: Final = 40_000

_COLOURS: Final = {
    "ink": tokens.INK,
    "soft": tokens.SOFT,
    "line": tokens.LINE,
    "ground": tokens.GROUND,
    "link": tokens.LINK,
}
CSS: Final = (
    tokens.schemes(_COLOURS)
    + tokens.flat("""
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);line-height:1.45;
font-family:system-ui,"Noto Sans","Noto Sans Arabic",sans-serif}
header,main,footer{max-width:66rem;margin:0 auto;padding:var(--s3) var(--s4)}
header{border-bottom:1px solid var(--line)}
footer{border-top:1px solid var(--line);margin-top:var(--s6);font-size:var(--small);
color:var(--soft)}
header p{margin:var(--s1) 0}header b{font-size:var(--lead)}
nav{display:flex;flex-wrap:wrap;gap:var(--s1) var(--s4);padding:var(--s1) 0}
nav a[aria-current]{color:inherit;font-weight:650;text-decoration:none}
a{color:var(--link);text-underline-offset:.16em;text-decoration-thickness:1px}
h1{font-size:var(--title);line-height:1.2;margin:var(--s4) 0 var(--s1)}
h2{font-size:var(--lead);margin:var(--s6) 0 var(--s2)}h3{font-size:var(--text);
margin:var(--s5) 0 var(--s1)}
p{margin:var(--s2) 0}ul,ol{padding-inline-start:var(--s5);margin:var(--s2) 0}
.soft,.nz-soft,figcaption,small,summary{color:var(--soft);font-size:var(--small)}
.nz-note{border-inline-start:3px solid currentColor;padding:var(--s1) var(--s4);margin:var(--s3) 0}
.nz-cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(12.2rem,1fr));gap:1px;
margin:var(--s3) 0}
.nz-card{outline:1px solid var(--line);padding:var(--s3) var(--s4)}
.nz-card h2{margin:0;font-size:var(--small);font-weight:600}.nz-card p{margin:0}
.nz-card ul{font-size:var(--small)}
.nz-value{font-size:var(--title);font-weight:650;line-height:1.2}
.nz-value a,td.nz-num a{color:inherit;text-decoration-color:var(--line)}
.nz-spark{display:block;width:100%;height:2.1rem;margin:var(--s2) 0 0}
.nz-spark *{fill:none;vector-effect:non-scaling-stroke;stroke-linecap:round;stroke-linejoin:round}
.nz-chip{display:inline-block;border:1px solid var(--line);border-radius:3px;padding:0 var(--s2);
font-size:var(--fine);margin:var(--s1) 0;margin-inline-end:var(--s2)}
table{border-collapse:collapse;width:100%;font-size:var(--small)}
th,td{text-align:start;padding:var(--s2) 0;padding-inline-end:var(--s4);
border-bottom:1px solid var(--line);
vertical-align:top}
th{font-weight:600;color:var(--soft)}
td.nz-num{font-variant-numeric:tabular-nums;font-weight:600;white-space:nowrap}
td.day{white-space:nowrap}
code{font-size:var(--fine);overflow-wrap:anywhere;direction:ltr;unicode-bidi:isolate}
:target{background:color-mix(in srgb,var(--link) 18%,transparent)}
figure{margin:var(--s3) 0}svg{display:block;width:100%;height:auto}
svg.nz-hidden{position:absolute;width:0;height:0}
.nz-chart text{fill:var(--soft)}
.nz-chart [stroke="GRID"]{stroke:var(--line)}.nz-chart [fill="GROUND"]{fill:var(--ground)}
.nz-list{display:flex;flex-wrap:wrap;
gap:var(--s1) var(--s4)}
.two{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(24rem,100%),1fr));
gap:var(--s2) var(--s6)}
summary{cursor:pointer}
@media (max-width:40rem){thead{display:block;position:absolute;width:1px;
height:1px;overflow:hidden;clip-path:inset(50%)}
tbody tr{display:flex;flex-wrap:wrap;gap:0 var(--s4);padding:var(--s2) 0;
border-bottom:1px solid var(--line)}
td{border:0;padding:0}td:empty{display:none}td.day{white-space:normal}
.nz-cards{grid-template-columns:repeat(2,minmax(0,1fr))}.nz-card{padding:var(--s3)}.nz-value{font-size:var(--head)}}
@media print{PRINTED
body{font-size:9.5pt}nav,.langs{display:none}header,main,footer{max-width:none;padding:var(--s1) 0}
.nz-cards{grid-template-columns:repeat(5,1fr)}.nz-card{padding:var(--s2)}.nz-value{font-size:var(--lead)}
figure .nz-map{width:74%!important;margin:auto}
h2,h3{break-after:avoid}tr,figure,.nz-card{break-inside:avoid}a{text-decoration:none}}
""")
    .replace("PRINTED", tokens.printed())
    .replace("GRID", tokens.GRID.light)
    .replace("GROUND", tokens.GROUND.light)
    + cards.UNFOLDED
)
_BARE: Final = tokens.flat(
    "body{font:var(--lead) system-ui,sans-serif;max-width:30rem;margin:3rem auto;"
    "padding:0 var(--s4)}"
    "h1{font-size:var(--head)}"
)
DATASET: Final = "https://schema.org/Dataset"
_CSS_LINE: Final = CSS.replace("\n", "")
MAP_CSS: Final = draw.STYLE.replace("\n", "") + draw.DARK.replace("\n", "")


@dataclass(frozen=True)
class Page:
    """One page before it is dressed.

    Attributes:
        name: Its file.
        title: In the reader's words.
        body: Makes the HTML of its main part, when the page is asked for.
        section: The entry of the navigation it belongs to.
        map: Whether it has a map and needs its styles.
        head: What describes the figures to those who collect data sets: the properties of a
            schema.org `Dataset`, as microdata, since no page of the edition has a script.
    """

    name: str
    title: str
    body: Callable[[], str]
    section: str = ""
    map: bool = False
    head: str = ""


@dataclass(frozen=True)
class EditionReader:
    """Who reads the edition, and where each number's provenance lies; a `visuals.pieces.Reader`."""

    words: Words
    content: Content
    places: frozenset[str] = frozenset()
    provenance: Mapping[str, str] = field(default_factory=dict)
    """The address of a figure's provenance by its id."""

    @property
    def known(self) -> date | None:
        """Shown as known at the end of that day."""
        return self.content.known

    @property
    def day(self) -> date:
        """The day the edition speaks from."""
        return self.content.day

    def link(self, page: str, **choices: str | None) -> str:
        """The file of a page; "" for a place that has none."""
        if page == "figure":
            return self.provenance[str(choices["figure"])]
        if page == "place":
            code = str(choices["place"])
            return f"place-{code}.html" if code in self.places else ""
        return FIRST if page == "situation" else f"{page}.html"


def plain_page(words: Words, title: str, main: str) -> bytes:
    """A page that belongs to no release: a few words and links."""
    return (
        f'<!DOCTYPE html>\n<html lang="{words.language}" dir="{words.direction}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>:root{{color-scheme:light dark}}"
        f"{_BARE}</style>\n</head>\n<body>\n<main>{main}</main>\n</body>\n</html>\n"
    ).encode()


def not_in_edition(words: Words, first: str) -> bytes:
    """What a link to a page that this edition does not have leads to.

    Args:
        words: Of the reader.
        first: The address of the first page.
    """
    sentence = escape(words("edition.no_page"))
    begin = f'<a href="{first}">{escape(words("edition.begin"))}</a>'
    return plain_page(words, words("app.title"), f"<h1>{sentence}</h1><p>{begin}</p>")


def page_file(reader: EditionReader, page: Page, languages: tuple[str, ...]) -> str:
    """The page as a file's text."""
    words, content = reader.words, reader.content
    css = _CSS_LINE + (MAP_CSS if page.map else "")
    navigation = "".join(_entry(reader, name, page) for name in NAVIGATION)
    listed = " ".join(_language(code, words, page.name) for code in languages)
    state = words(
        "edition.state",
        number=content.number,
        at=words.moment(content.published_at),
        count=words.number(content.count),
    )
    looking_back = (
        f'<p class="nz-note">{escape(words("app.known_banner", day=words.day(content.known)))}</p>'
        if content.known
        else ""
    )
    subtitle = words("app.subtitle", area=area_text.name(words, content.area))
    scope = f' itemscope itemtype="{DATASET}"' if page.head else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{words.language}" dir="{words.direction}"{scope}>\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(page.title)} · {escape(words('app.title'))}</title>\n"
        f"{page.head}<style>{css}</style>\n</head>\n<body>\n<header>\n"
        f"<p><b>{escape(words('app.title'))}</b> "
        f'<span class="soft">{escape(subtitle)}</span></p>\n'
        f'<nav aria-label="{escape(words("edition.pages"), quote=True)}">{navigation}</nav>\n'
        f'<p class="langs">{listed}</p>\n<p class="soft">{escape(state)}</p>\n{looking_back}'
        f"</header>\n<main>\n<h1>{escape(page.title)}</h1>\n{_slim(page.body())}\n</main>\n<footer>\n"
        f"<p>{escape(words('app.disclaimer'))}</p>\n<p>{escape(words('edition.licence'))}</p>\n"
        "</footer>\n</body>\n</html>\n"
    )


_SPARK: Final = '<img class="nz-spark" '
_IMAGE: Final = re.compile(
    r'<img class="nz-spark" src="data:image/svg\+xml;base64,([^"]*)" alt="([^"]*)"[^>]*>'
)
_LABELS: Final = re.compile(r' data-label="[^"]*"')


def _slim(body: str) -> str:
    """Without what only the app's tables need: a tenth of a page that comes over a thin line."""
    bare = _LABELS.sub("", body).replace(' class=""', "").replace(' target="_self"', "")
    return _IMAGE.sub(_inlined, bare) if _SPARK in bare else bare


_DRESS: Final = re.compile(
    r' (?:fill="none"|(?:vector-effect|stroke-linecap|stroke-linejoin|width|height)="[^"]*")'
)
"""What every small line is drawn with: the page's styles say it once."""


def _inlined(image: re.Match[str]) -> str:
    """A drawing that the app must hide in an image stands in the page, dressed by its styles."""
    drawn = _DRESS.sub("", b64decode(image[1]).decode())
    return drawn.replace(
        '<svg xmlns="http://www.w3.org/2000/svg"',
        f'<svg class="nz-spark" role="img" aria-label="{image[2]}"',
        1,
    )


def _entry(reader: EditionReader, name: str, page: Page) -> str:
    here = ' aria-current="page"' if page.section == name else ""
    label = escape(reader.words(f"edition.nav.{name}"))
    return f'<a href="{reader.link(name)}"{here}>{label}</a>'


def _language(code: str, words: Words, page: str) -> str:
    name = LANGUAGES[code]
    if code == words.language:
        return f"<b>{name}</b>"
    turned = Words(code).direction
    return f'<a href="../{code}/{page}" lang="{code}" dir="{turned}" hreflang="{code}">{name}</a>'


def split_blocks(weights: Sequence[int], room: int) -> list[range]:
    """Which blocks stand on one page: as many as fit, in their order.

    Weights come from the figures and not from their text, so that a page has the same name and
    holds the same figures in every language.
    """
    pages: list[range] = []
    begun, used = 0, 0
    for number, weight in enumerate(weights):
        if used and used + weight > room:
            pages.append(range(begun, number))
            begun, used = number, 0
        used += weight
    return [*pages, range(begun, len(weights))] if weights else pages
