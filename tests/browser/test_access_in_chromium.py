"""Every page for readers who do not see it, see it badly, or read no English.

Each page is opened once in each language and looked at in every way from there: opening is what
takes the time. What axe-core finds is what a screen reader, a low contrast or a lost focus would
make of the page; the rest are questions that axe-core does not ask.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

from dashboard.shell.navigation import PAGES
from data.gazetteer import area, crossings
from data.store import FigureFilter, Store
from tests.browser.axe import GRAVE, axe
from tests.browser.conftest import App, Sheet, opened
from tests.effort import ALL, in_each_language, tries
from visuals.language import area_text
from visuals.language.words import LANGUAGES, Words

CHOICES: dict[str, dict[str, str]] = {
    "place": {"place": "SY07"},
    "movements": {"month": "2019-12"},
    "compare": {"place": "X-SYR-NW", "group": "NEWDISP", "on": "2020-02-29"},
    "downloads": {"within": "SY07", "group": "IDP"},
}
"""What fills a page: the rest are full as they open."""
NAMES = [page.name for page in PAGES]
SMALL = {(name, "ar") for name in ("situation", "downloads")}
"""Tables with drawings, a map and a form: in Arabic, which runs from the right and is where
most can go wrong. The rest is opened in Arabic too, and less is asked of it."""
EVERY = pytest.mark.parametrize(
    ("name", "language"),
    [
        pytest.param(name, language, marks=[] if (name, language) in SMALL else pytest.mark.wide)
        for name in NAMES
        for language in LANGUAGES
    ],
)
SEEN = (390, 768, 1440)
WIDTHS = (1440, 390)
ZOOMED = 720
"""A laptop's 1,440 pixels at 200 %."""

SCROLLED = """() => [...document.querySelectorAll('.nz-wrap')]
  .filter((box) => box.scrollWidth > box.clientWidth + 1)
  .map((box) => box.querySelector('thead')?.textContent)"""
"""Tables of which a part is out of sight until somebody finds out that their box scrolls."""

SAYS = """() => {
  const mute = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE"]);
  const names = ["aria-label", "aria-description", "aria-roledescription", "aria-valuetext",
    "title", "placeholder", "alt", "data-label"];
  const found = [];
  const add = (text, kind, at) => {
    if (at.closest("[lang]").lang !== document.documentElement.lang) return;
    if (at.closest("code, .nz-address, [aria-hidden=true]")) return;
    if (at.closest("details:not([open])") || at.checkVisibility()) found.push([kind, text.trim()]);
  };
  const walk = document.createTreeWalker(document.body,
    NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  while (walk.nextNode()) {
    const at = walk.currentNode;
    const of = at.nodeType === 3 ? at.parentElement : at;
    if (mute.has(of.tagName.toUpperCase())) continue;
    if (at.nodeType === 3) add(at.data, "text", of);
    else for (const name of names) if (at.hasAttribute(name)) add(at.getAttribute(name), name, at);
  }
  return [...found, ["title", document.title]];
}"""
"""What a page says aloud or in a tooltip, but for codes, addresses and words marked as foreign."""

DRAWN = """() => {
  const told = document.querySelectorAll("table, .nz p a[href*='figure=']");
  const tables = [...told].map((at) => at.textContent);
  const drawn = document.querySelectorAll(".nz-stage > svg, .nz-drawing svg");
  return [...drawn].filter((at) => !at.closest("[aria-hidden=true]") && !at.closest("svg svg"))
    .map((at) => [at.closest("[aria-label]")?.getAttribute("aria-label")
      ?? at.querySelector(":scope > title")?.textContent ?? "", tables]);
}"""

CUT = """() => {
  const found = [];
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide > 0) found.push(`the page is ${wide} px too wide`);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !at.checkVisibility()) continue;
    if (at.closest("script, style, svg, .nz-skip, [aria-hidden=true]")) continue;
    const range = document.createRange();
    range.selectNodeContents(walk.currentNode);
    const text = range.getBoundingClientRect();
    if (!text.width) continue;
    let left = 0, right = window.innerWidth;
    for (let box = at; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (["auto", "scroll"].includes(style.overflowX) && box.scrollWidth > box.clientWidth) {
        left = -Infinity; right = Infinity;  // a reader scrolls there
        break;
      }
      if (style.overflowX !== "visible") {
        const edge = box.getBoundingClientRect();
        left = Math.max(left, edge.left); right = Math.min(right, edge.right);
      }
    }
    if (text.left < left - 1.5 || text.right > right + 1.5)
      found.push(walk.currentNode.data.trim().slice(0, 80));
  }
  return found;
}"""

CONTRAST = """() => {
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour, under) => {
    paint.fillStyle = `rgb(${under})`; paint.fillRect(0, 0, 1, 1);
    paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const app = getComputedStyle(document.querySelector(".stApp"));
  const ground = rgb(app.backgroundColor, [255, 255, 255]);
  const found = {};
  for (const text of document.querySelectorAll("svg text")) {
    if (!text.textContent.trim() || !text.checkVisibility({ opacityProperty: true })) continue;
    const style = getComputedStyle(text);
    if (Number(style.opacity) === 0 || style.fill === "none") continue;
    // A halo is what the letters stand on.
    const halo = style.paintOrder.startsWith("stroke") && style.stroke !== "none";
    const under = halo ? rgb(style.stroke, ground) : ground;
    const [one, other] = [light(rgb(style.fill, under)), light(under)].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) found[`${style.fill} on ${under}: ${ratio.toFixed(2)}`] = text.textContent;
  }
  return found;
}"""

FOCUS = """() => {
  const look = (at) => {
    const found = [];
    for (let up = 0; at && up < 4; up += 1, at = at.parentElement) {
      const style = getComputedStyle(at);
      const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
        ? style.outlineColor + style.outlineWidth : "";
      found.push([ring, style.boxShadow, style.borderColor, style.strokeWidth, style.stroke]);
    }
    return JSON.stringify(found);
  };
  const can = "a[href], button, input, select, textarea, summary, [tabindex]";
  const lost = [];
  let tried = 0;
  for (const at of document.querySelectorAll(can)) {
    if (at.tabIndex < 0 || at.disabled) continue;
    if (!at.checkVisibility({ visibilityProperty: true })) continue;
    document.activeElement?.blur();
    const before = look(at);
    at.focus();
    if (document.activeElement !== at) continue;
    tried += 1;
    if (look(at) === before) lost.push(at.outerHTML.slice(0, 160));
  }
  document.activeElement?.blur();
  return [tried, lost];
}"""

MOVES = """() => [...document.querySelectorAll("*")].filter((at) => {
  const style = getComputedStyle(at);
  const lasts = (times) => times.split(", ").some((time) => parseFloat(time) > 0.001);
  return style.animationName !== "none"
    || (style.transitionProperty !== "none" && lasts(style.transitionDuration));
}).map((at) => at.outerHTML.slice(0, 120))"""


DARK = """(dark) => dark ===
  (getComputedStyle(document.querySelector(".stApp")).backgroundColor === "rgb(20, 25, 30)")"""


@dataclass
class Look:
    """What was seen of one page in one language."""

    direction: str = ""
    wide: dict[int, tuple[bool, list[str]]] = field(default_factory=dict)
    """By width: whether the page is wider than it, and the tables that are."""
    hosts: set[str | None] = field(default_factory=set)
    """Who was asked for a part of the page."""
    errors: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """What the page's own security policy stopped."""
    faults: dict[str, list[str]] = field(default_factory=dict)
    """By width and scheme: what axe-core calls serious or critical, and where."""
    lesser: int = 0
    """Places that axe-core calls moderate or minor."""
    says: list[tuple[str, str]] = field(default_factory=list)
    drawings: list[tuple[str, list[str]]] = field(default_factory=list)
    cut: dict[int, list[str]] = field(default_factory=dict)
    faint: dict[str, dict[str, str]] = field(default_factory=dict)
    focus: tuple[int, list[str]] = (0, [])
    moves: list[str] = field(default_factory=list)


def choices(app: App, name: str) -> dict[str, str]:
    """The choices of a page's address; the provenance' page needs a number of this store."""
    if name != "figure":
        return CHOICES.get(name, {})
    figures = Store(str(app.store)).current().figures(FigureFilter(place=("TUR",), group=("REF",)))
    return {"figure": str(figures[figures["value"].eq(2_347_756)]["figure_id"].iloc[0])}


@pytest.fixture(scope="module")
def look(app, browser):
    """Opens a page in a language, once, and says what was seen."""
    kept: dict[tuple[str, str], Look] = {}

    def seen(name: str, language: str) -> Look:
        if (name, language) not in kept:
            tab.page.emulate_media(color_scheme="light", reduced_motion="no-preference")
            tab.page.set_viewport_size({"width": SEEN[0], "height": 900})
            for heard in (tab.requests, tab.errors, tab.refused):
                heard.clear()
            path = "" if name == NAMES[0] else name
            tab.open(app.at(path, lang=language, **choices(app, name)))
            found = Look(direction=tab.page.evaluate("document.documentElement.dir"))
            for width in SEEN:
                tab.page.set_viewport_size({"width": width, "height": 900})
                tab.keep(f"{name}-{language}-{width}")
                over = "document.documentElement.scrollWidth > window.innerWidth"
                found.wide[width] = (tab.page.evaluate(over), tab.page.evaluate(SCROLLED))
            look_at(tab, found, whole=ALL or (name, language) in SMALL)
            found.hosts = {urlsplit(request.url).hostname for request in tab.requests}
            found.errors, found.refused = [*tab.errors], [*tab.refused]
            kept[name, language] = found
        return kept[name, language]

    with opened(browser, 1440, 900) as tab:
        yield seen


def tall(tab: Sheet, width: int) -> None:
    """Make the tab as high as its page: axe-core leaves out what is scrolled away."""
    tab.page.set_viewport_size({"width": width, "height": 900})
    tab.page.wait_for_timeout(60)
    high = tab.page.evaluate(
        "Math.ceil(document.querySelector('.stMainBlockContainer').getBoundingClientRect().height)"
    )
    tab.page.set_viewport_size({"width": width, "height": min(int(high) + 40, 16_000)})
    tab.page.wait_for_timeout(60)


def look_at(tab: Sheet, found: Look, *, whole: bool) -> None:
    """Note what is seen of the page in a tab; where not the whole, what it says and draws."""
    page = tab.page
    page.emulate_media(reduced_motion="reduce")
    found.moves = page.evaluate(MOVES)
    found.says = [(kind, text) for kind, text in page.evaluate(SAYS)]
    found.drawings = [(label, tables) for label, tables in page.evaluate(DRAWN)]
    if not whole:
        return
    page.keyboard.press("Tab")  # from here on the browser shows where the focus is
    tried, lost = page.evaluate(FOCUS)
    found.focus = (tried, lost)
    for width in (*WIDTHS, ZOOMED):
        tall(tab, width)
        found.cut[width] = page.evaluate(CUT)
        for scheme in ("light", "dark") if width in WIDTHS else ():
            page.emulate_media(color_scheme=scheme)
            page.wait_for_function(DARK, arg=scheme == "dark")
            if width == WIDTHS[0]:
                found.faint[scheme] = page.evaluate(CONTRAST)
            if not ALL and (width == WIDTHS[0]) != (scheme == "light"):
                continue  # in small each width in one scheme
            violations = axe(tab, *(("color-contrast",) if scheme == "dark" else ()))
            found.faults[f"{width} {scheme}"] = [
                f"{fault['id']}: {node['html'][:160]}"
                for fault in violations
                for node in fault["nodes"]
                if fault["impact"] in GRAVE
            ]
            found.lesser += sum(
                len(fault["nodes"]) for fault in violations if fault["impact"] not in GRAVE
            )


@in_each_language()
@pytest.mark.parametrize("name", NAMES)
def test_a_page_fits_and_asks_nobody_else(look: Callable[..., Look], name, language):
    """An office with the cable pulled, or one that must not tell others what it reads."""
    seen = look(name, language)
    assert seen.direction == ("rtl" if language == "ar" else "ltr")
    assert seen.wide == dict.fromkeys(SEEN, (False, []))
    assert seen.hosts - {None} == {"127.0.0.1"}
    assert not seen.errors
    assert not seen.refused, "the page's own policy stopped a part of it"


@EVERY
def test_axe_finds_nothing_serious(look: Callable[..., Look], name, language):
    """A reader with a screen reader, or who sees little, is shut out by any one of these."""
    seen = look(name, language)
    print(f"\n{name} {language}: {seen.lesser} moderate or minor")  # noqa: T201
    assert {how: found for how, found in seen.faults.items() if found} == {}
    assert len(seen.faults) == tries(4, 2)


@in_each_language()
def test_axe_would_find_a_fault(app, sheet, language):
    """The tests above prove something only if a fault put into a page is found."""
    tab = sheet()
    tab.open(app.at("sources", lang=language))
    tall(tab, 1440)
    tab.page.evaluate(
        "document.querySelector('.nz').insertAdjacentHTML('beforeend',"
        " `<button></button><p style='color:#ccc;background:#fff'>Pale شاحب</p>`)"
    )
    assert {"button-name", "color-contrast"} <= {fault["id"] for fault in axe(tab)}


ALLOWED = (
    # Names of file formats and of standards are written so in every language.
    r"CSV|XLSX|JSON|GeoJSON|Parquet|GeoParquet|GPKG|HXL|PNG|SVG|SHA-256|Excel|PDF|HTML|DOCX|Atom|ZIP",
    # Other tools by their own names.
    r"LibreOffice|Power BI|Power Query|QGIS|WFS|OGC API – Features|Python|pandas|DuckDB|R|Arrow",
    r"Model Context Protocol|TOKEN|oEmbed",
    # Keys as they are engraved.
    r"Tab|Enter|Ctrl",
    # The sign of multiplication is no letter.
    r"×",
    # Services by the name that leads to them, and licences by their own short name.
    r"HDX Signals|HDX|HAPI|CC BY(?:-IGO|-SA|-NC)?(?: \d\.\d)?(?: IGO)?|CC0|ODbL|COD-AB",
    # Commands and settings, to be typed as they stand.
    r"nuzuh(?: [a-z]+)?|NUZUH_[A-Z_]+",
    # P-codes and country codes.
    r"SY\d+|TUR\d+|[A-Z]{3}\d*",
    # The symbol of a document of the United Nations, by which it is found.
    r"SG/SM/\d+",
    # Addresses in a citation.
    r"https?://\S+",
    # The chosen place stands with both its names, for whoever files by the Latin one.
    r"· [A-Z][\w' -]+",
)
"""What stays in Latin letters on an Arabic page, and why."""
LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


CROSSINGS = "|".join(map(re.escape, crossings.table()["name_tr"].dropna()))
"""Names of the Turkish side stay beside the Arabic ones: a driver reads them on the road sign."""
EXAMPLES = re.escape(area_text.examples(Words("ar"), area.load("idlib")))
"""The search says by example that it understands Latin letters as well."""


@pytest.mark.parametrize("name", NAMES)
def test_no_english_word_is_left_on_an_arabic_page(look: Callable[..., Look], name):
    """A reader of Arabic meets no button, hint or tooltip that says something in English."""
    allowed = re.compile(
        rf"(?<![A-Za-z])(?:{'|'.join((EXAMPLES, *ALLOWED, CROSSINGS))})(?![A-Za-z])"
    )
    left = {
        (kind, text) for kind, text in look(name, "ar").says if LATIN.search(allowed.sub(" ", text))
    }
    assert not left


ENGLISH = re.compile(
    r"\b(?:the|of|and|for|with|from|to|by|are|was|this|that|which|open|close|choose|show|help"
    r"|press|clear|search|download|upload|fullscreen|loading|running|results|option|axis|values"
    r"|chart|mark)\b",
    re.IGNORECASE,
)
OWN_NAMES = re.compile(r"Data Friendly Space|https?://\S+|CC BY[-\w. ]*")


@pytest.mark.wide
@pytest.mark.parametrize("name", NAMES)
def test_no_english_sentence_is_left_on_a_turkish_page(look: Callable[..., Look], name):
    left = {
        (kind, text)
        for kind, text in look(name, "tr").says
        if ENGLISH.search(OWN_NAMES.sub(" ", text))
    }
    assert not left


@EVERY
def test_each_drawing_has_a_sentence_with_numbers_and_a_table(
    look: Callable[..., Look], name, language
):
    """Whoever does not see a chart hears its message, and finds every number of it in a table.

    Or as a link to its provenance, where a sentence beside the table says it.
    """
    for label, tables in look(name, language).drawings:
        numbers = re.findall(r"\d+(?:[.,]\d{3})+", label)
        assert re.search(r"\d", label), (label, len(tables))
        assert all(any(number in table for table in tables) for number in numbers), label


def test_the_pages_have_the_drawings_they_are_known_for(look: Callable[..., Look]):
    """The test above would pass on pages that draw nothing."""
    for name in ("situation", "map", "place", "movements", "border", "compare", "figure"):
        assert look(name, "ar").drawings, name


@EVERY
def test_nothing_is_cut_and_nothing_scrolls_sideways(look: Callable[..., Look], name, language):
    """At 1440 and 390 pixels and at 200 % on a laptop."""
    cut = look(name, language).cut
    assert {width: found for width, found in cut.items() if found} == {}
    assert len(cut) == 3


@EVERY
def test_letters_of_charts_and_maps_can_be_read(look: Callable[..., Look], name, language):
    """4.5 to 1, as for every other text; axe-core does not look into drawings."""
    assert look(name, language).faint == {"light": {}, "dark": {}}


@EVERY
def test_the_focus_is_seen_wherever_it_is(look: Callable[..., Look], name, language):
    tried, lost = look(name, language).focus
    assert tried > 10
    assert lost == []


@EVERY
def test_nothing_moves_for_those_who_asked_for_rest(look: Callable[..., Look], name, language):
    assert look(name, language).moves == []
