"""How pages look beyond the theme, and which way they run. Colours stay in the theme.

Streamlit has no setting for the direction of writing: the document's own `dir` and `lang` are set,
which turns grids, tables and screen readers; what Streamlit aligns by hand is put right below.
"""

import json
from typing import Final

import streamlit as st

from visuals.words import Words

_LINE: Final = "color-mix(in srgb, currentColor 18%, transparent)"
_SOFT: Final = "color-mix(in srgb, currentColor 70%, transparent)"

CSS: Final = f"""
.stMainBlockContainer {{ padding-top: 4.2rem; padding-bottom: 3rem; max-width: 84rem; }}
[data-testid="stMain"] [data-testid="stVerticalBlock"] {{ gap: .75rem; }}
.nz {{ line-height: 1.4; }}
.nz p, .nz ul {{ margin: 0; }}
.nz ul {{ padding-left: 0; padding-right: 0; padding-inline-start: 1.1rem; font-size: .92rem; }}
.nz li {{ margin: 0; padding: 0; }}
.nz h1 {{ font-size: 1.6rem; margin: 0; padding: 0; font-weight: 650; }}
.nz h2 {{ font-size: 1.12rem; margin: .9rem 0 .35rem; padding: 0; font-weight: 650; }}
.nz h3 {{ font-size: .92rem; margin: 0; padding: 0; font-weight: 600; }}
.nz a {{ color: inherit; text-decoration: underline; text-decoration-color: {_SOFT};
  text-decoration-thickness: 1px; text-underline-offset: .18em; }}
.nz a:hover {{ text-decoration-color: currentColor; text-decoration-thickness: 2px; }}
.nz .soft, .nz-soft {{ color: {_SOFT}; font-size: .86rem; }}
.nz-note {{ border-inline-start: 3px solid currentColor; padding: .35rem .75rem; }}
.nz-cards {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(14.5rem, 1fr));
  border-top: 1px solid {_LINE}; border-inline-start: 1px solid {_LINE}; }}
.nz-card {{ border-bottom: 1px solid {_LINE}; border-inline-end: 1px solid {_LINE};
  padding: .7rem .85rem .75rem; display: flex; flex-direction: column; gap: .15rem; min-width: 0; }}
.nz-value {{ font-size: 1.75rem; font-weight: 650; line-height: 1.15;
  font-variant-numeric: tabular-nums; }}
.nz-value a, .nz-num a {{ color: inherit; text-decoration-color: {_LINE}; }}
.nz-value a:hover, .nz-num a:hover {{ text-decoration-color: currentColor; }}
.nz-nothing {{ font-size: 1.05rem; color: {_SOFT}; padding: .35rem 0; }}
.nz-spark {{ display: block; width: 100%; height: 2.3rem; margin: .3rem 0 .1rem; }}
.nz-chips {{ display: flex; flex-wrap: wrap; gap: .25rem; padding: 0; }}
.nz-chip {{ border: 1px solid {_LINE}; border-radius: 3px; padding: 0 .35rem; font-size: .78rem; }}
.nz-wrap {{ overflow-x: auto; max-height: 30rem; overflow-y: auto; }}
.nz-wrap.full {{ max-height: none; }}
.nz table {{ border-collapse: collapse; width: 100%; font-size: .88rem; margin: 0; }}
.nz th, .nz td {{ text-align: start; padding: .3rem .6rem; border: 0;
  border-bottom: 1px solid {_LINE}; vertical-align: top; }}
.nz th {{ font-weight: 600; color: {_SOFT}; white-space: nowrap; }}
.nz td.nz-num, .nz th.nz-num {{ text-align: right; font-variant-numeric: tabular-nums;
  white-space: nowrap; unicode-bidi: plaintext; }}
.nz td.day {{ white-space: nowrap; }}
.nz details > summary {{ cursor: pointer; font-size: .9rem; padding: .2rem 0; }}
.nz code {{ font-size: .82rem; overflow-wrap: anywhere; direction: ltr; unicode-bidi: isolate;
  background: none; color: inherit; padding: 0; }}
.nz dl {{ display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .3rem 1rem;
  margin: 0; padding: 0; }}
.nz dt {{ color: {_SOFT}; font-weight: 400; margin: 0; padding: 0; }}
.nz dd {{ margin: 0; padding: 0; overflow-wrap: anywhere; }}
.nz-matrix td.nz-within {{ outline: 2px solid {_SOFT}; outline-offset: -3px; }}
.nz-matrix tfoot th, .nz-matrix tfoot td {{ border-bottom: 0; border-top: 1px solid {_LINE}; }}
.nz-matrix tfoot tr:first-child > * {{ border-top: 2px solid {_SOFT}; }}
.nz p {{ overflow-wrap: anywhere; }}
.nz-list {{ display: flex; flex-wrap: wrap; gap: .2rem .9rem; }}
@media (max-width: 640px) {{
  .stMainBlockContainer {{ padding-inline: .9rem; }}
  .nz-cards {{ grid-template-columns: 1fr 1fr; }}
  .nz-card {{ padding: .55rem .6rem; }}
  .nz-value {{ font-size: 1.3rem; }}
  /* A row of a table is a paragraph here: nobody scrolls sideways for a number. */
  .nz thead {{ display: none; }}
  .nz tbody tr, .nz tfoot tr {{ display: flex; flex-wrap: wrap; gap: 0 .8rem; padding: .4rem 0;
    border-bottom: 1px solid {_LINE}; }}
  .nz td {{ border: 0; padding: 0; }}
  .nz-matrix td.nz-within {{ padding: 0 .4rem; outline-offset: 0; }}
  .nz-matrix tfoot th, .nz-matrix tfoot td, .nz-matrix tfoot tr:first-child > * {{ border: 0; }}
  .nz th[scope=row] {{ border: 0; padding: 0; flex-basis: 100%; white-space: normal; }}
  .nz td:empty {{ display: none; }}
  .nz td::before {{ content: attr(data-label) ": "; color: {_SOFT}; font-size: .8rem;
    font-weight: 400; }}
  .nz td.nz-num {{ font-weight: 650; }}
  .nz dl {{ grid-template-columns: 1fr; gap: 0; }}
  .nz dd {{ margin-bottom: .5rem; }}
}}
"""

RTL: Final = """
[data-testid="stButtonGroup"] { direction: ltr; }
[data-testid="stSidebar"][data-collapsed="true"] { transform: none !important; visibility: hidden; }
.stApp, .stApp header, [data-testid="stPopoverBody"], [data-baseweb="popover"] { direction: rtl; }
.stApp label, .stApp p, .stApp h1, .stApp h2, .stApp h3, .stApp li { text-align: start; }
.stApp .vega-embed, .stApp canvas { direction: ltr; }
[data-testid="stSelectbox"] input, [data-testid="stDateInput"] input { text-align: start; }
"""


def apply(words: Words) -> None:
    """Set the document's language and direction, and the shared styles, in one element."""
    css = CSS + (RTL if words.rtl else "")
    # Words of the catalogues only; nothing of an address reaches the script.
    script = (
        f"document.documentElement.lang='{words.language}';"
        f"document.documentElement.dir='{words.direction}';"
        "var skip=document.querySelector('[data-testid=stSkipToContent]');"
        f"if(skip)skip.textContent={json.dumps(words('app.skip'))};"
    )
    st.html(f"<style>{css}</style><script>{script}</script>", unsafe_allow_javascript=True)
