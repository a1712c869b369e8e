"""A box for one file, with Streamlit's English texts in the reader's language.

The words travel with the one page that has such a box, and with no other.
"""

from collections.abc import Sequence
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard.theme import scripts
from visuals.language.words import Words

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
    code = scripts.file_box(words)
    with st.container(key="file-words"):
        st.html(f"<style>{_STYLE}</style><script>{code}</script>", unsafe_allow_javascript=True)
    return given
