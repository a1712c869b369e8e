"""A box for one file. What Streamlit's own says in English is said in the reader's language.

The words travel with the one page that has such a box, and with no other.
"""

import json
from collections.abc import Sequence
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from visuals.language.words import Words

_SCRIPT: Final = """
window.nuzuhFile = GIVEN;
if (!window.nuzuhFileSays) {
  const set = (node, name, to) => {
    if (to && node.getAttribute(name) !== to) node.setAttribute(name, to);
  };
  window.nuzuhFileSays = () => {
    const { upload, another, remove } = window.nuzuhFile;
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
    }
  };
  new MutationObserver(() => window.nuzuhFileSays()).observe(document.body,
    { childList: true, subtree: true });
}
window.nuzuhFileSays();
"""
_STYLE: Final = """
[data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
.st-key-file-words { display: none; }
"""


def show(
    words: Words, label: str, types: Sequence[str], *, key: str, most: int
) -> UploadedFile | None:
    """The box, and what is in it.

    Args:
        words: The reader's.
        label: Stands above it; says what may be brought, since Streamlit's own sentence does not.
        types: Endings of files.
        key: Names the box on its page.
        most: Megabytes.
    """
    given = st.file_uploader(label, type=list(types), key=key, max_upload_size=most)
    code = script(words)
    with st.container(key="file-words"):
        st.html(f"<style>{_STYLE}</style><script>{code}</script>", unsafe_allow_javascript=True)
    return given


def script(words: Words) -> str:
    """What says the box's words; the same for everybody of a language."""
    thing = "{thing}"
    said = {
        "upload": words("office.upload"),
        "another": words("office.another"),
        "remove": words("office.remove", thing=thing),
    }
    told = json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")
    return _SCRIPT.replace("GIVEN", told)
