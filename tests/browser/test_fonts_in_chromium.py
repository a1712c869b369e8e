"""The cut text font on real pages: nobody may see that it was cut."""

import re

from fontTools.ttLib import TTFont
from PIL import Image, ImageChops

from dashboard.theme.fonts import build, latin
from tests.effort import first_of_each, in_each_language

STREAMLITS = re.compile(r"/static/media/SourceSansVF-Upright[^/]*\.woff2$")
TEXTS = """
() => [...document.querySelectorAll(".stApp *")].map((node) => {
  const own = node.children.length ? "" : node.textContent;
  const ours = getComputedStyle(node).fontFamily.startsWith('"Source Sans"');
  if (own.trim() && ours && node.checkVisibility()) node.setAttribute("data-own-text", own);
}).length
"""


def kept(tab, name):
    """A screenshot of the whole page, and its pixels."""
    return Image.open(tab.picture(name)).convert("RGB")


@in_each_language("en", "tr", "ar")
def test_the_page_looks_as_it_does_with_the_whole_font(app, sheet, language):
    """A letter that fell back to another font, or one a pixel further, would change thousands.

    Two drawings of one page differ by a few shades at the edges of letters.
    """
    whole = build.original(build.LETTERS)
    before, after = sheet(alone=True), sheet(alone=True)
    before.page.route(
        STREAMLITS, lambda route: route.fulfill(path=whole, content_type="font/woff2")
    )
    for tab in (before, after):
        tab.open(app.at("", lang=language))
        tab.page.wait_for_selector(".nz-stage circle.disc", state="attached")
    pictures = [
        kept(tab, f"letters-{language}-{name}") for tab, name in ((before, "whole"), (after, "cut"))
    ]
    assert pictures[0].size == pictures[1].size
    differs = ImageChops.difference(*pictures).convert("L").histogram()
    assert sum(differs[1:]) < 400
    assert sum(differs[48:]) == 0


@first_of_each(path=["place", ""], language=["tr", "en", "ar"])
def test_latin_text_is_set_in_the_cut_font_and_in_no_other(app, sheet, language, path):
    """What the whole font never had (Arabic, a few signs) alone comes from the reader's machine."""
    with TTFont(build.original(build.LETTERS)) as font:
        had = set(font.getBestCmap())
    tab = sheet(alone=True)
    tab.open(app.at(path, lang=language, **({"place": "SY07"} if path else {})))
    assert tab.page.evaluate(TEXTS)
    wire = tab.page.context.new_cdp_session(tab.page)
    for domain in ("DOM", "CSS"):
        wire.send(f"{domain}.enable")
    root = wire.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    asked = {"nodeId": root, "selector": "[data-own-text]"}
    seen, strange = 0, []
    for node in wire.send("DOM.querySelectorAll", asked)["nodeIds"]:
        pairs = wire.send("DOM.getAttributes", {"nodeId": node})["attributes"]
        own = dict(zip(pairs[::2], pairs[1::2], strict=True))["data-own-text"]
        used = wire.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        names = {font["familyName"] for font in used}
        seen += latin.NAME in names
        if names - {latin.NAME} and all(ord(c) in had or c.isspace() for c in own):
            strange.append((own[:40], sorted(names)))
    assert seen > 30
    assert strange == []
