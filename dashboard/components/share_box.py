"""Send what the page says: a message with its link, the brief, the feed and the calendar.

The message is a text box that can be read and changed before it is sent. Copying, and the share
sheet of phones, are the browser's own; where it has none, the button is not there.
"""

from functools import cache
from typing import Any, Final

import streamlit as st

from dashboard.theme import minify

SCRIPT: Final = """
export default function ({ data, parentElement }) {
  const box = parentElement.querySelector(".nz-share");
  const drawn = JSON.stringify(data);
  if (box.dataset.drawn === drawn) return;
  box.dataset.drawn = drawn;
  const make = (name, given, ...inside) => {
    const made = document.createElement(name);
    Object.assign(made, given);
    made.append(...inside);
    return made;
  };
  const text = make("textarea", { value: data.message, rows: 9, dir: "auto" });
  const told = make("span", { role: "status", className: "soft" });
  const copy = make("button", { type: "button", textContent: data.copy });
  copy.onclick = async () => {
    let done = false;
    try {
      await navigator.clipboard.writeText(text.value);
      done = true;
    } catch (error) {
      // Only a page that came over HTTPS may write there; the older way works everywhere else.
      text.select();
      done = document.execCommand("copy");
    }
    told.textContent = done ? data.copied : data.not_copied;
  };
  const send = make("button", { type: "button", textContent: data.send });
  send.hidden = !navigator.share;
  send.onclick = () => navigator.share({ text: text.value }).catch(() => {});
  const mail = make("a", { textContent: data.mail });
  const address = () => mail.href = "mailto:?subject=" + encodeURIComponent(data.subject) +
    "&body=" + encodeURIComponent(text.value);
  address();
  text.oninput = address;
  const links = (title, all) => make("div", {}, make("h3", { textContent: title }),
    make("ul", {}, ...all.map(({ href, label }) =>
      make("li", {}, make("a", { href, textContent: label })))));
  const open = box.querySelector("details")?.open ?? true;
  box.replaceChildren(make("details", { open },
    make("summary", { textContent: data.title }),
    make("label", {}, make("span", { textContent: data.label }), text),
    make("p", { className: "nz-buttons" }, send, copy, mail, told),
    ...data.groups.map((group) => links(group.title, group.links)),
    make("p", { className: "soft", textContent: data.note })));
}
"""


@cache
def _element() -> Any:
    return st.components.v2.component(
        "nuzuh_share",
        html='<div class="nz nz-share"></div>',
        js=minify.script(SCRIPT),
        isolate_styles=False,
    )


def show(data: dict[str, Any]) -> None:
    """Put the box on the page.

    Args:
        data: title, label, message, subject, copy, copied, not_copied, send, mail, note, and
            groups of links as the script reads them.
    """
    _element()(key="share", data=data)
