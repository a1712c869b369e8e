"""Streamlit's own English, put into the reader's language.

Streamlit has no setting for the language of what its widgets say by themselves. A script of ours
puts the catalogue's words in place of the few that a page of this dashboard can show; it watches
for new ones, so that a list which opens later speaks the language too. What is not named here stays
as Streamlit says it, which the tests of the pages find.
"""

import json
from typing import Final

from dashboard.theme import minify
from visuals.language.words import Words

WIDGET_LABELS: Final = {
    "Choose an option": "widget.choose",
    "Clear value": "widget.clear",
    "Close": "widget.close",
    "Close fullscreen": "widget.small",
    "Fullscreen": "widget.large",
    "No results": "app.no_results",
    "Open": "widget.open",
}
"""What Streamlit says: the catalogue's key for it."""
BEGUN: Final = {
    "Close fullscreen: ": "widget.small_of",
    "Fullscreen: ": "widget.large_of",
    "Help for ": "widget.help_of",
}
"""How something begins that Streamlit says of a thing with a name of ours: a text with `thing`."""

SCRIPT: Final = """
window.nuzuhSaid = GIVEN;
if (!window.nuzuhSays) {
  const names = ["aria-label", "aria-roledescription", "placeholder", "title"];
  const places = "[aria-label], [aria-roledescription], [placeholder], [title]";
  const texts = "[role=listbox], [role=tooltip]";
  const before = new WeakMap();
  const said = (text) => {
    const { whole, begun } = window.nuzuhSaid;
    if (Object.hasOwn(whole, text)) return whole[text];
    const [start, say] = begun.find(([start]) => text.startsWith(start)) ?? [];
    return start ? say.replace("{thing}", text.slice(start.length)) : text;
  };
  // What was put is remembered with what it was put for: a change of language starts from there.
  const turned = (node, name, now, put) => {
    const held = before.get(node) ?? {};
    const from = held[name]?.put === now ? held[name].from : now;
    const to = said(from);
    if (to === now) return;
    before.set(node, { ...held, [name]: { from, put: to } });
    put(to);
  };
  window.nuzuhSays = () => {
    // An unseen dialog of Streamlit's ("Page not found") would keep the mouse off the page.
    document.querySelector("section[role=dialog] > button")?.click();
    for (const node of document.querySelectorAll(places))
      for (const name of names)
        if (node.hasAttribute(name))
          turned(node, name, node.getAttribute(name), (to) => node.setAttribute(name, to));
    for (const list of document.querySelectorAll(texts)) {
      const walk = document.createTreeWalker(list, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        const node = walk.currentNode;
        turned(node, "text", node.data, (to) => { node.data = to; });
      }
    }
  };
  let due = false;
  const soon = () => {
    if (due) return;
    due = true;
    queueMicrotask(() => { due = false; window.nuzuhSays(); });
  };
  new MutationObserver(soon).observe(document.body, {
    childList: true, subtree: true, attributes: true, attributeFilter: names,
  });
}
window.nuzuhSays();
"""


def script(words: Words) -> str:
    """The script for a reader's language; it holds words of the catalogues and nothing else."""
    thing = "{thing}"
    given = {
        "whole": {words_key: words(key) for words_key, key in WIDGET_LABELS.items()},
        "begun": [[start, words(key, thing=thing)] for start, key in BEGUN.items()],
    }
    # Nothing in a catalogue closes a script, and nothing may.
    as_json = json.dumps(given, ensure_ascii=False).replace("<", "\\u003c")
    return minify.script(SCRIPT).replace("GIVEN", as_json)
