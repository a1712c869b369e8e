"""What stands above every page: its name, the pages, the language, the day, the light version.

Our own small element rather than Streamlit's menu and widgets: it speaks the reader's language
throughout, runs from right to left, and spares a first visit the date picker's and icons' weight.
It is one row at every width: what has no room stands under one button, and nothing stands twice.
It also takes the clicks on links within the dashboard, so that following one costs a round trip and
not a whole page. Without its script the links are links still.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

import streamlit as st

from dashboard.theme import minify

KEY: Final = "masthead"
ROOMY: Final = 1080
"""Pixels from which the day and the languages stand in the row itself."""
PHONE: Final = 600
"""Pixels under which every page stands under the button: the search has the room."""
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

const finder = (data) => {
  const input = make("input", {
    type: "search", role: "combobox", "aria-label": data.label, placeholder: data.placeholder,
    "aria-expanded": "false", "aria-controls": "nz-found", "aria-autocomplete": "list",
    "aria-keyshortcuts": "/ Control+K", autocomplete: "off", spellcheck: "false", maxlength: 80,
    enterkeyhint: "go", "data-id": "find",
  });
  const list = make("div", { role: "listbox", id: "nz-found", "aria-label": data.label });
  const told = make("span", { role: "status", class: "nz-told" });
  const box = make("div", { role: "search", class: "nz-find" }, input, list, told);
  let at = -1, asked = 0, waiting;
  const options = () => [...list.querySelectorAll("[role=option]")];
  const mark = (to) => {
    const all = options();
    at = all.length ? (to + all.length) % all.length : -1;
    all.forEach((one, index) => one.setAttribute("aria-selected", String(index === at)));
    if (at < 0) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    asked += 1;
    clearTimeout(waiting);
    list.replaceChildren();
    told.textContent = "";
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const show = (found) => {
    at = -1;
    input.removeAttribute("aria-activedescendant");
    list.replaceChildren(...found.map(({ name, detail, href }, index) =>
      make("a", { role: "option", id: "nz-found-" + index, href, tabindex: "-1", target: "_self",
        "aria-selected": "false" }, make("bdi", { text: name }), make("small", { text: detail }))));
    input.setAttribute("aria-expanded", String(found.length > 0));
    told.textContent = found.length ? data.count.replace("{count}", found.length) : data.none;
    told.classList.toggle("nz-told", found.length > 0);
  };
  const ask = async () => {
    const mine = ++asked, typed = input.value.trim();
    if (typed.length < 2) { close(); return; }
    try {
      const answer = await fetch(data.address + "&q=" + encodeURIComponent(typed));
      const found = await answer.json();
      if (mine === asked) show(found);
    } catch (error) {
      if (mine !== asked) return;
      show([]);
      told.textContent = data.failed;
    }
  };
  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 140); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); mark(at < 0 && step < 0 ? -1 : at + step); }
    if (event.key === "Escape") { if (options().length) event.preventDefault(); close(); }
    const link = event.key === "Enter" && options()[Math.max(at, 0)];
    if (link) { link.click(); input.value = ""; close(); }
  });
  list.addEventListener("click", () => { input.value = ""; setTimeout(close); });
  const left = () => { if (!box.contains(document.activeElement)) close(); };
  box.addEventListener("focusout", () => setTimeout(left, 200));
  return box;
};

const unfolds = (button, panel, box) => {
  const set = (open) => {
    button.setAttribute("aria-expanded", String(open));
    panel.hidden = !open;
  };
  box.nuzuhFold = () => set(false);
  button.addEventListener("click", () => set(panel.hidden));
  panel.addEventListener("click", (event) => { if (event.target.closest("a")) set(false); });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden || event.defaultPrevented) return;
    event.preventDefault();
    set(false);
    button.focus();
  });
  box.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !box.contains(event.relatedTarget)) set(false);
  });
};
// Streamlit keeps a theme for each address that a tab was opened at, and reads it at the start.
const themes = {
  held: () => {
    try { return localStorage.getItem("nuzuh.theme") ?? ""; } catch { return ""; }
  },
  choose: (name, paths) => {
    try {
      if (name) localStorage.setItem("nuzuh.theme", name);
      else localStorage.removeItem("nuzuh.theme");
      for (const path of paths) {
        const key = "stActiveTheme-" + new URL(path, document.baseURI).pathname + "-v2";
        if (name) localStorage.setItem(key, JSON.stringify(name));
        else localStorage.removeItem(key);
      }
    } catch { return; }
    location.reload();
  },
};
// One row: the last of the everyday pages go under the button until the rest has room.
const fit = (place) => {
  const { links, more, menu, choices, rest } = place.nuzuhParts;
  const roomy = place.clientWidth >= ROOMY;
  const home = roomy ? place : more.panel;
  if (choices.parentElement !== home) home.append(choices);
  const shown = [...links];
  const under = (link) => { more.pages.prepend(link); };
  menu.replaceChildren(...links);
  more.pages.replaceChildren(...rest);
  if (place.clientWidth < PHONE) while (shown.length) under(shown.pop());
  while (shown.length && place.scrollWidth > place.clientWidth) under(shown.pop());
  menu.hidden = !shown.length;
  more.button.textContent = shown.length ? more.words.more : more.words.menu;
  more.button.classList.toggle("here", Boolean(more.pages.querySelector("[aria-current]")));
};
// Again where the row got another width, or letters and styles that came late made a part wider.
const watched = new ResizeObserver((all) => {
  for (const place of new Set(all.map(({ target }) => target.closest(".nz-mast")))) {
    if (!place?.nuzuhParts) continue;
    const { clientWidth, scrollWidth } = place;
    if (place.nuzuhWide === clientWidth && scrollWidth <= clientWidth) continue;
    place.nuzuhWide = clientWidth;
    const focused = document.activeElement;
    fit(place);
    if (place.contains(focused)) focused.focus();
  }
});
// What a choice changed, said once the page stands still: on a slow machine the script has ended
// before its last headings stand, so what is drawn is watched beside the script.
const listens = () => {
  const app = document.querySelector(".stApp");
  let before;
  const said = () => [...document.querySelectorAll(".stMainBlockContainer :is(h1, .nz-says)")]
    .map((at) => at.textContent.trim()).filter(Boolean);
  const tell = () => {
    if (app.dataset.testScriptState !== "notRunning") return;
    const now = said(), told = document.querySelector(".nz-mast > [role=status]");
    const other = before === undefined ? [] : now.filter((part) => !before.includes(part));
    if (other.length && told) told.textContent = other.join(". ");
    before = now;
  };
  let due;
  new MutationObserver(() => { clearTimeout(due); due = setTimeout(tell, 300); })
    .observe(app, { attributes: true, attributeFilter: ["data-test-script-state"],
      childList: true, characterData: true, subtree: true });
};

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
    document.addEventListener("pointerdown", (event) => {
      for (const box of document.querySelectorAll(".nz-more, .nz-known")) {
        if (box.contains(event.target)) continue;
        if (box.nuzuhFold) box.nuzuhFold();
        else box.open = false;
      }
    });
    listens();
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
      const wanted = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey ||
        event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
      const field = wanted && document.querySelector(".nz-find input");
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.select();
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
  const menu = make("nav", { "aria-label": data.menu });
  const more = {
    words: data,
    button: make("button", { type: "button", "aria-expanded": "false",
      "aria-controls": "nz-more", "data-id": "more" }),
    pages: make("nav", { "aria-label": data.more }),
    panel: make("div", { id: "nz-more", hidden: true }),
  };
  const languages = data.languages.map((language) => {
    const button = make("button", {
      type: "button", text: language.label, lang: language.id, "data-id": language.id,
      "aria-pressed": String(language.current),
    });
    button.addEventListener("click", () => setTriggerValue("asked", { lang: language.id }));
    return button;
  });
  const theme = themes.held();
  const paths = ["./", ...data.pages.map(({ href }) => href)];
  const looks = data.themes.map(({ id, label }) => {
    const button = make("button", { type: "button", text: label, "data-id": "theme" + id,
      "aria-pressed": String(theme === id) });
    button.addEventListener("click", () => themes.choose(id, paths));
    return button;
  });
  const open = place.querySelector(".nz-known")?.open;
  const known = make("details", { class: "nz-known", open: open ?? false },
    make("summary", { text: data.known.summary, "data-id": "known" }),
    make("div", {}, make("p", { text: data.known.help }), day, now));
  const choices = make("div", { class: "nz-choices" }, known,
    make("div", { role: "group", "aria-label": data.language }, ...languages),
    ...data.links.map(link));
  more.panel.append(more.pages, make("div", { class: "nz-looks" },
    make("div", { role: "group", "aria-label": data.theme }, ...looks), link(data.light)));
  const box = make("div", { class: "nz-more" }, more.button, more.panel);
  unfolds(more.button, more.panel, box);
  const all = data.pages.map((page) => ({ everyday: page.everyday, at: link(page) }));
  // The same one again: a new one would be empty, and readers of screens hear only what they know.
  const told = place.querySelector(":scope > [role=status]")
    ?? make("p", { role: "status", class: "nz-told" });
  place.replaceChildren(skip, link({ ...data.home, id: "home" }), menu, box,
    finder(data.find), told);
  place.nuzuhParts = {
    more, menu, choices,
    links: all.filter(({ everyday }) => everyday).map(({ at }) => at),
    rest: all.filter(({ everyday }) => !everyday).map(({ at }) => at),
  };
  place.nuzuhWide = place.clientWidth;
  fit(place);
  for (const part of [place, menu, choices, box]) watched.observe(part);
  const again = focused ? [...place.querySelectorAll(`[data-id="${focused}"]`)] : [];
  (again.find((at) => at.offsetParent) ?? (again.length ? more.button : null))?.focus();
}
"""


@cache
def _element() -> Any:
    return st.components.v2.component(
        "nuzuh_masthead",
        html='<header class="nz-mast"></header>',
        js=minify.script(SCRIPT.replace("ROOMY", str(ROOMY)).replace("PHONE", str(PHONE))),
        isolate_styles=False,
    )


def show(data: dict[str, Any], on_asked: Callable[[dict[str, str]], None]) -> None:
    """Put the masthead on the page.

    Args:
        data: skip, home, menu, more, pages, find, light, links, theme, themes, language,
            languages and known, as the script reads them.
        on_asked: Told what a reader asked for, before the page runs again: one of go (an address
            within the dashboard), lang (a language) and known (a day, or nothing for now).
    """

    def asked() -> None:
        given = getattr(st.session_state.get(KEY), "asked", None)
        if isinstance(given, dict):
            on_asked({str(name): str(value) for name, value in given.items()})

    _element()(key=KEY, data=data, on_asked_change=asked)
