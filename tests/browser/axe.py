"""What axe-core finds on a page as it stands in a tab."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Sheet

GRAVE = {"serious", "critical"}

PLAIN_LETTERS = """() => {
  const real = HTMLCanvasElement.prototype.getContext;
  const filled = (wide, high) => new Uint8Array(wide * high * 4).fill(1);
  HTMLCanvasElement.prototype.getContext = () => ({
    canvas: {}, fillText() {}, clearRect() {},
    measureText: (text) => ({ width: 30 * text.length }),
    getImageData: (x, y, wide, high) => ({ data: filled(wide, high) }),
  });
  window.realCanvas = () => { HTMLCanvasElement.prototype.getContext = real; };
}"""


LEFT_OUT = {
    "exclude": [
        ["tbody tr:nth-child(n+9)"],
        ["li:nth-child(n+17)"],
        ["[data-testid=stIconMaterial]"],
    ]
}
"""Rows of a kind that was looked at eight times, entries sixteen: they take axe-core longest. And
icons, which are letters by a font of their own."""


def axe(tab: Sheet, *rules: str) -> list[dict[str, Any]]:
    """What axe-core finds, by all its rules or by some.

    It draws words to tell icon fonts from letters, and takes joined Arabic letters for icons, which
    it leaves out: so it draws nothing here.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    if rules:
        options["runOnly"] = list(rules)
    tab.page.evaluate(PLAIN_LETTERS)
    found: list[dict[str, Any]] = Axe().run(tab.page, LEFT_OUT, options).response["violations"]
    tab.page.evaluate("window.realCanvas()")
    return found
