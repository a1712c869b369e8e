"""The map on the page, as a Components v2 element that fetches once and then only changes.

Streamlit sends an element's script with every change: the one sent here only loads the real one,
which browsers keep, as they keep the outlines (`dashboard.kept`).
"""

import json
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import streamlit as st

from dashboard.server import hashed_assets
from dashboard.session.urlstate import View
from visuals.map import draw

LOADER: Final = """
export default async ({ data, parentElement }) => {
  const sent = JSON.parse(new TextDecoder().decode(data));
  const map = await import(new URL(sent.script, document.baseURI));
  const host = parentElement.querySelector(".nz-atlas");
  await map.default(host, sent);
  return () => map.leave(host);
};
"""


STILL: Final = """
export default ({ data, parentElement }) => {
  const host = parentElement.querySelector(".nz-drawing");
  if (host.drawn !== data.svg) host.innerHTML = host.drawn = data.svg;
};
"""


@cache
def _still() -> Any:
    return st.components.v2.component(
        "nuzuh_drawing",
        html='<div class="nz-drawing"></div>',
        js=STILL,
        isolate_styles=False,
    )


def still(svg: str, key: str) -> None:
    """Put a whole drawing made by `visuals` on the page: `st.html` takes SVG out.

    Everything in it was escaped there.
    """
    _still()(key=key, data={"svg": svg})


@cache
def _element() -> Any:
    return st.components.v2.component(
        "nuzuh_map",
        html='<div class="nz-atlas"></div>',
        js=LOADER,
        # The page's own table and link styles hold inside too.
        isolate_styles=False,
    )


def show(change: bytes, key: str) -> None:
    """Put a map on the page, or change the one that stands there.

    Args:
        change: As `packed` gives it.
        key: Names the map on its page.
    """
    _element()(key=key, data=change)


def packed(change: dict[str, Any], atlas: hashed_assets.HashedAsset) -> bytes:
    """A change as bytes: Streamlit's own JSON spends six bytes on each Arabic letter, this two.

    Args:
        change: What `map_svg.change` gives.
        atlas: What the change is placed on.
    """
    sent = change | {"script": hashed_assets.script().address, "atlas": atlas.address}
    return json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode()


def downloads(view: View, whole: Callable[[], str], name: str, key: str) -> None:
    """The picture as SVG and PNG, made when it is asked for.

    Args:
        view: The reader.
        whole: Draws it.
        name: Of the files.
        key: Names the buttons on their page.
    """
    words = view.words
    with st.container(horizontal=True, gap="small"):
        for form, mime, body in (
            ("svg", "image/svg+xml", lambda: whole().encode()),
            ("png", "image/png", lambda: draw.png(whole())),
        ):
            st.download_button(
                words(f"map.{form}"),
                body,
                file_name=f"{name}.{form}",
                mime=mime,
                key=f"{key}-{form}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )
