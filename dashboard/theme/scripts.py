"""Scripts that a page brings into Streamlit's own: what they say in the reader's language."""

import json
from typing import Final

from visuals.language.words import Words

_FILE_BOX: Final = """
window.nuzuhFile = GIVEN;
if (!window.nuzuhFileSays) {
  const set = (node, name, to) => {
    if (to && node.getAttribute(name) !== to) node.setAttribute(name, to);
  };
  window.nuzuhFileSays = () => {
    const { upload, another, remove, large, kind } = window.nuzuhFile;
    for (const box of document.querySelectorAll("[data-testid=stFileUploader]")) {
      const button = box.querySelector("[data-testid=stBaseButton-secondary] p");
      if (button && button.textContent !== upload) button.textContent = upload;
      for (const at of box.querySelectorAll("[data-testid=stFileChipDeleteBtn] button"))
        set(at, "aria-label", remove.replace("{thing}",
          at.closest("[data-testid=stFileChip]").querySelector("[title]").title));
      for (const at of box.querySelectorAll("[data-testid=stBaseButton-borderlessIcon]"))
        set(at, "aria-label", another);
      set(box.querySelector("input"), "aria-label",
        box.querySelector("[data-testid=stFileUploaderDropzone]").getAttribute("aria-label"));
      const refused = [...box.querySelectorAll("[data-testid=stFileChip]")]
        .find((chip) => chip.querySelector("[data-testid=stFileChipIconError]"));
      let said = box.querySelector(".nz-file-says");
      if (!refused) { said?.remove(); continue; }
      const name = refused.querySelector("[title]").title.toLowerCase();
      const kinds = (box.querySelector("input").accept || "").split(",").map((one) => one.trim());
      const text = kinds.some((one) => one && name.endsWith(one)) ? large : kind;
      if (!said) {
        said = document.createElement("p");
        said.className = "nz-file-says";
        said.setAttribute("role", "alert");
        box.append(said);
      }
      if (said.textContent !== text) said.textContent = text;
    }
  };
  new MutationObserver(() => window.nuzuhFileSays()).observe(document.body,
    { childList: true, subtree: true });
}
window.nuzuhFileSays();
"""


def file_box(words: Words) -> str:
    """What says the box's words; the same for everybody of a language."""
    thing = "{thing}"
    labels = {
        "upload": words("admin.upload"),
        "another": words("admin.another"),
        "remove": words("admin.remove", thing=thing),
        "large": words("admin.file_too_large"),
        "kind": words("admin.file_wrong_kind"),
    }
    as_json = json.dumps(labels, ensure_ascii=False).replace("<", "\\u003c")
    return _FILE_BOX.replace("GIVEN", as_json)
