"""What stands above every page: its name, the pages, the language, the day, the light version.

Our own small element rather than Streamlit's menu and widgets: it speaks the reader's language
throughout, runs from right to left, and spares a first visit the date picker's and icons' weight.
It also takes the clicks on links within the dashboard, so that following one costs a round trip and
not a whole page. Without its script the links are links still.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

import streamlit as st

from dashboard.theme import minify

KEY: Final = "masthead"
SCRIPT: Final = """
const make = (name, given, ...inside) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (key === "text") made.textContent = value;
    else if (value !== undefined && value !== null && value !== false)
      made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...inside);
  return made;
};
const plain = (event) => event.button === 0 &&
  !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.defaultPrevented);
const inside = (event) => event.composedPath().find((at) => at.matches?.("a[href^='./']"));

export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".nz-mast");
  window.nuzuhGo = (address) => setTriggerValue("asked", { go: address });
  if (!window.nuzuhListens) {
    window.nuzuhListens = true;
    document.addEventListener("click", (event) => {
      const link = plain(event) && inside(event);
      if (!link || link.hasAttribute("download")) return;
      event.preventDefault();
      window.nuzuhGo(link.getAttribute("href") ?? link.href.baseVal);
    });
  }
  const drawn = JSON.stringify(data);
  if (place.dataset.drawn === drawn) return;
  place.dataset.drawn = drawn;
  const focused = place.querySelector(":focus")?.dataset.id;
  const link = ({ id, href, label, current, lang }) => make("a", {
    text: label, href, lang, target: "_self", "data-id": id,
    "aria-current": current ? "page" : null,
  });
  const day = make("input", {
    type: "date", value: data.known.value, min: data.known.min, max: data.known.max,
    "aria-label": data.known.label, "data-id": "day",
  });
  const choose = (value) => setTriggerValue("asked", { known: value });
  day.addEventListener("change", () => {
    if (day.value === "" || day.validity.valid) choose(day.value);
  });
  const now = make("button", { type: "button", text: data.known.now, "data-id": "now" });
  now.addEventListener("click", () => choose(""));
  const skip = make("a", { text: data.skip, href: "#stMain", class: "nz-skip", "data-id": "skip" });
  skip.addEventListener("click", (event) => {
    const first = document.querySelector(".stMainBlockContainer h1");
    if (!first) return;
    event.preventDefault();
    first.tabIndex = -1;
    first.focus();
    first.scrollIntoView({ block: "start" });
  });
  const menu = make("nav", { "aria-label": data.menu }, ...data.pages.map(link));
  const languages = data.languages.map((language) => {
    const button = make("button", {
      type: "button", text: language.label, lang: language.id, "data-id": language.id,
      "aria-pressed": String(language.current),
    });
    button.addEventListener("click", () => setTriggerValue("asked", { lang: language.id }));
    return button;
  });
  const open = place.querySelector(".nz-known")?.open;
  place.replaceChildren(
    skip,
    link({ ...data.home, id: "home" }),
    make("details", { class: "nz-menu" },
      make("summary", { text: data.menu }), menu.cloneNode(true)),
    menu,
    make("div", { class: "nz-choices" },
      make("details", { class: "nz-known", open: open ?? false },
        make("summary", { text: data.known.summary, "data-id": "known" }),
        make("div", {}, make("p", { text: data.known.help }), day, now)),
      make("div", { role: "group", "aria-label": data.language }, ...languages),
      ...data.links.map(link)),
  );
  const again = focused ? [...place.querySelectorAll(`[data-id="${focused}"]`)] : [];
  again.find((at) => at.offsetParent)?.focus();
}
"""


@cache
def _element() -> Any:
    return st.components.v2.component(
        "nuzuh_masthead",
        html='<header class="nz-mast"></header>',
        js=minify.script(SCRIPT),
        isolate_styles=False,
    )


def show(data: dict[str, Any], on_asked: Callable[[dict[str, str]], None]) -> None:
    """Put the masthead on the page.

    Args:
        data: skip, home, menu, pages, links, language, languages and known, as the script reads
            them.
        on_asked: Told what a reader asked for, before the page runs again: one of go (an address
            within the dashboard), lang (a language) and known (a day, or nothing for now).
    """

    def asked() -> None:
        given = getattr(st.session_state.get(KEY), "asked", None)
        if isinstance(given, dict):
            on_asked({str(name): str(value) for name, value in given.items()})

    _element()(key=KEY, data=data, on_asked_change=asked)
