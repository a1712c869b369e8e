"""How pages look beyond the theme, and which way they run. Colours stay in the theme.

Streamlit has no setting for the direction of writing: the document's own `dir` and `lang` are set,
which turns grids, tables and screen readers; what Streamlit aligns by hand is put right below.
"""

import json
from typing import Final

import streamlit as st

from dashboard.theme import minify, widget_labels
from visuals import tokens
from visuals.html import cards
from visuals.language.words import Words

_LINE: Final = tokens.HAIR
_SOFT: Final = tokens.FAINT


def _cards(table: str) -> str:
    """A row of a table as a paragraph: nobody scrolls sideways for a number."""
    return f"""{table} thead {{ display: none; }}
  {table} tbody tr, {table} tfoot tr {{ display: flex; flex-wrap: wrap; gap: 0 var(--s4);
    padding: var(--s2) 0; border-bottom: 1px solid {_LINE}; }}
  {table} td {{ border: 0; padding: 0; min-width: 0; overflow-wrap: anywhere; }}
  {table} td.day, {table} code.nz-name {{ white-space: normal; }}
  {table} td.nz-within {{ padding: 0 var(--s2); outline-offset: -2px; }}
  {table} tfoot tr:is(:first-child, *) > * {{ border: 0; }}
  {table} th[scope=row] {{ border: 0; padding: 0; flex-basis: 100%; white-space: normal; }}
  {table} td:empty {{ display: none; }}
  {table} td::before {{ content: attr(data-label) ": "; color: {_SOFT}; font-size: var(--fine);
    font-weight: 400; }}
  {table} td.nz-num {{ font-weight: 650; text-align: start; }}"""


CSS: Final = f"""
{tokens.steps()}
.stMainBlockContainer {{ padding-top: var(--s3); padding-bottom: 3rem; max-width: 84rem; }}
/* Streamlit's own bar holds a menu in English and nothing that a reader needs. */
.stApp > header, [data-testid="stHeader"] {{ display: none; }}
.nz-mast {{ position: relative; display: flex; align-items: center; gap: var(--s2) var(--s4);
  border-bottom: 1px solid {_LINE}; padding: var(--s2) 0 var(--s3); font-size: var(--small); }}
.nz-mast a {{ color: inherit; text-decoration: none; padding: var(--s2) 0; white-space: nowrap; }}
.nz-mast > a {{ font-weight: 700; font-size: var(--lead); }}
.nz-mast > nav {{ display: flex; gap: 0 var(--s4); }}
.nz-mast [hidden] {{ display: none !important; }}
.nz-mast nav a {{ border-bottom: 2px solid transparent; }}
.nz-mast a:hover {{ text-decoration: underline; text-underline-offset: .25em; }}
.nz-mast nav a[aria-current] {{ border-bottom-color: currentColor; font-weight: 650; }}
.nz-more {{ position: relative; }}
.nz-mast .nz-more > button {{ border-color: {_LINE}; padding: var(--s2) var(--s4);
  white-space: nowrap; }}
.nz-mast .nz-more > button::after {{ content: ""; display: inline-block; width: .38em;
  height: .38em; margin-inline-start: .5em; vertical-align: .2em; border: solid currentColor;
  border-width: 0 1.5px 1.5px 0; transform: rotate(45deg); }}
.nz-mast .nz-more > button[aria-expanded=true]::after {{ transform: rotate(225deg);
  vertical-align: -.05em; }}
.nz-mast .nz-more > button.here {{ border-color: currentColor; font-weight: 650; }}
.nz-more > div {{ position: absolute; inset-inline-start: 0; top: calc(100% + .4rem); z-index: 60;
  min-width: 15rem; max-height: 80vh; overflow-y: auto; padding: var(--s2) var(--s4) var(--s4);
  box-sizing: border-box; background: var(--st-background-color, Canvas);
  border: 1px solid {_LINE}; border-radius: 4px; box-shadow: var(--lift); }}
.nz-more nav {{ display: flex; flex-direction: column; }}
.nz-more nav a {{ padding: var(--s3) 0; border: 0; }}
.nz-more nav a[aria-current] {{ text-decoration: underline; text-underline-offset: .3em; }}
.nz-looks {{ display: flex; flex-wrap: wrap; align-items: center; gap: var(--s2) var(--s4);
  border-top: 1px solid {_LINE}; margin-top: var(--s2); padding-top: var(--s3); }}
.nz-looks [role=group] {{ display: flex; gap: var(--s1); }}
.nz-find {{ position: relative; flex: 1 1 11rem; min-width: 9.5rem; max-width: 24rem; }}
.nz-find input {{ font: inherit; color: inherit; width: 100%; box-sizing: border-box;
  background: transparent; border: 1px solid {_SOFT}; border-radius: 4px; min-height: 2.2rem;
  padding: var(--s1) var(--s2); }}
.nz-find input::placeholder {{ color: {_SOFT}; opacity: 1; }}
.nz-find [role=listbox]:not(:empty), .nz-find [role=status]:not(.nz-told, :empty) {{
  position: absolute; inset-inline-start: 0; top: calc(100% + 2px); z-index: 60; width: 100%;
  min-width: min(22rem, 92vw); max-height: 70vh; overflow-y: auto; box-sizing: border-box;
  background: var(--st-background-color, Canvas); border: 1px solid {_LINE}; border-radius: 4px;
  box-shadow: var(--lift); }}
.nz-find [role=status]:not(.nz-told, :empty) {{ padding: var(--s3) var(--s4); }}
.nz-find [role=option] {{ display: flex; flex-direction: column; justify-content: center;
  min-height: 2.75rem; padding: var(--s2) var(--s4); box-sizing: border-box; }}
.nz-find [role=option]:is(:hover, [aria-selected=true]) {{ text-decoration: none;
  background: color-mix(in srgb, currentColor 10%, transparent); }}
.nz-find [role=option][aria-selected=true] {{ box-shadow: inset 0 0 0 2px currentColor; }}
.nz-find [role=option] small {{ color: {_SOFT}; }}
.nz-mast .nz-told {{ position: absolute; margin: 0; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }}
.nz-choices {{ display: flex; align-items: center; gap: var(--s1) var(--s4);
  margin-inline-start: auto; }}
.nz-more .nz-choices {{ flex-wrap: wrap; gap: var(--s2) var(--s4); margin-top: var(--s2);
  padding-top: var(--s3);
  border-top: 1px solid {_LINE}; }}
.nz-more .nz-known {{ flex-basis: 100%; }}
.nz-more .nz-known > div {{ position: static; width: auto; box-shadow: none; margin-top: var(--s2);
  }}
.nz-mast > a.nz-skip {{ position: absolute; inset-inline-start: 50%; top: -12rem; z-index: 100;
  padding: var(--s3) var(--s4); background: var(--st-background-color, Canvas); font-weight: 600;
  border: 1px solid currentColor; border-radius: 3px; }}
.nz-mast > a.nz-skip:focus {{ position: fixed; inset-inline-start: .6rem; top: .5rem; }}
/* Ours stands in the masthead; Streamlit's leads into a part that its own bar no longer heads. */
[data-testid="stSkipToContent"] {{ display: none; }}
.nz h1:focus {{ outline: none; }}
/* Streamlit's hints speak English alone. The button that follows a box says what Enter does. */
[data-testid="InputInstructions"] {{ display: none; }}
/* A lost line is said in the masthead, in the reader's language; no dialog of ours exists. */
[data-testid="stDialog"], [data-testid="stConnectionStatus"], .stApp ~ [role=dialog] {{
  display: none !important; }}
.stMain:focus-visible {{ outline: 2px solid {_SOFT}; outline-offset: -3px; }}
.stApp button:focus-visible, .stApp [role=slider]:focus-visible,
[data-testid="stTextInputRootElement"]:focus-within,
.stSelectbox [role=group]:focus-within, .stCheckbox label:focus-within {{
  outline: 2px solid currentColor; outline-offset: 2px; }}
[data-testid="stElementToolbar"]:focus-within {{ opacity: 1; }}
[data-testid="stSelectbox"] input {{ text-overflow: ellipsis; }}
/* White letters on the theme's own colour are too faint in the dark. */
[data-testid="stBaseButton-primary"], [data-testid="stBaseButton-primary"]:is(:hover, :focus,
  :active) {{ color: inherit; background: color-mix(in srgb, currentColor 9%, transparent);
  border: 1px solid currentColor; }}
[data-testid="stBaseButton-primary"] p {{ font-weight: 600; }}
.nz-day label {{ display: inline-flex; flex-direction: column; gap: var(--s2);
  font-size: var(--small); }}
.nz-day input {{ font: inherit; font-size: var(--text); color: inherit; min-width: 11rem;
  height: 2.5rem;
  background: var(--st-secondary-background-color, transparent); padding: var(--s1) var(--s3);
  border: 1px solid {_SOFT}; border-radius: 4px; }}
.nz-day input:focus-visible {{ outline: 2px solid currentColor; outline-offset: 2px; }}
.nz-day small {{ display: block; color: {_SOFT}; font-size: var(--fine); padding-top: var(--s1); }}
.nz-day [hidden] {{ display: none; }}
.nz-choices [role=group] {{ display: flex; gap: var(--s1); }}
.nz-mast button {{ font: inherit; color: inherit; background: none; border: 1px solid transparent;
  border-radius: 3px; padding: var(--s1) var(--s3); cursor: pointer; }}
.nz-mast button:hover {{ border-color: {_LINE}; }}
.nz-mast button[aria-pressed=true] {{ border-color: currentColor; font-weight: 600; }}
.nz-mast summary {{ cursor: pointer; padding: var(--s1) 0; white-space: nowrap; }}
.nz-mast :focus-visible, .nz :focus-visible {{ outline: 2px solid currentColor;
  outline-offset: 2px; }}
.nz-known {{ position: relative; }}
.nz-known > div {{ position: absolute; inset-inline-end: 0; top: 100%; z-index: 50; width: 17rem;
  max-width: 85vw; background: var(--st-background-color, Canvas);
  border: 1px solid {_LINE}; border-radius: 4px; padding: var(--s4);
  box-shadow: var(--lift); }}
.nz-known p {{ margin: 0 0 var(--s3); font-size: var(--small); }}
.nz-known input {{ font: inherit; color: inherit; background: transparent;
  padding: var(--s1) var(--s2);
  border: 1px solid {_SOFT}; border-radius: 3px; margin-inline-end: var(--s3); }}
.nz-known button {{ border-color: {_LINE}; }}
.stApp[data-test-script-state="running"]::before {{ content: ""; position: fixed; z-index: 99;
  top: 0; inset-inline: 0; height: 3px; background: currentColor; opacity: .55;
  animation: nz-run 1.2s ease-in-out infinite alternate; }}
@keyframes nz-run {{ from {{ transform: scaleX(.08); }} to {{ transform: scaleX(1); }} }}
@media (prefers-reduced-motion: reduce) {{ *, *::before {{ animation: none !important;
  transition: none !important; scroll-behavior: auto !important; }} }}
[data-testid="stMain"] [data-testid="stVerticalBlock"] {{ gap: var(--s4); }}
.nz {{ line-height: 1.4; }}
.nz p, .nz ul {{ margin: 0; }}
.nz ul {{ padding-left: 0; padding-right: 0; padding-inline-start: var(--s5);
  font-size: var(--small); }}
.nz li {{ margin: 0; padding: 0; }}
.nz h1 {{ font-size: var(--title); margin: 0; padding: 0; font-weight: 650; }}
.nz h2 {{ font-size: var(--lead); margin: var(--s4) 0 var(--s2); padding: 0; font-weight: 650; }}
.nz h3, .nz .nz-card h2 {{ font-size: var(--small); margin: 0; padding: 0; font-weight: 600; }}
.nz a {{ color: inherit; text-decoration: underline; text-decoration-color: {_SOFT};
  text-decoration-thickness: 1px; text-underline-offset: .18em; }}
.nz a:hover {{ text-decoration-color: currentColor; text-decoration-thickness: 2px; }}
.nz .soft, .nz-soft {{ color: {_SOFT}; font-size: var(--small); }}
.nz-note {{ border-inline-start: 3px solid currentColor; padding: var(--s2) var(--s4); }}
.nz-cards {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr));
  border-top: 1px solid {_LINE}; border-inline-start: 1px solid {_LINE}; }}
.nz-card {{ border-bottom: 1px solid {_LINE}; border-inline-end: 1px solid {_LINE};
  padding: var(--s4); display: flex; flex-direction: column; gap: var(--s1);
    min-width: 0; }}
.nz-value {{ font-size: var(--title); font-weight: 650; line-height: 1.15;
  font-variant-numeric: tabular-nums; }}
.nz-value a, .nz-num a {{ color: inherit; text-decoration-color: {_LINE}; }}
.nz-value a:hover, .nz-num a:hover {{ text-decoration-color: currentColor; }}
.nz-nothing {{ font-size: var(--lead); color: {_SOFT}; padding: var(--s2) 0; }}
.nz-spark {{ display: block; width: 100%; height: 2.3rem; margin: var(--s2) 0 var(--s1); }}
.nz-chips {{ display: flex; flex-wrap: wrap; gap: var(--s2); padding: 0; }}
.nz-chip {{ border: 1px solid {_LINE}; border-radius: 3px; padding: 0 var(--s2);
  font-size: var(--fine); }}
.nz-wrap {{ overflow-x: auto; }}
.nz table {{ border-collapse: collapse; width: 100%; font-size: var(--small); margin: 0; }}
.nz th, .nz td {{ text-align: start; padding: var(--s2) var(--s3); border: 0;
  border-bottom: 1px solid {_LINE}; vertical-align: top; }}
.nz th {{ font-weight: 600; color: {_SOFT}; white-space: nowrap; }}
.nz td.nz-num, .nz th.nz-num {{ text-align: right; font-variant-numeric: tabular-nums;
  white-space: nowrap; unicode-bidi: plaintext; }}
.nz td.day {{ white-space: nowrap; }}
@media screen {{ .nz td:is(.nz-when, .nz-num:has(small)) {{ min-width: 7.2rem; }} }}
.nz td.nz-num :is(small, [data-derived="difference"]) {{ white-space: normal; }}
.nz table:has(th:nth-child(6)) th {{ white-space: normal; }}
.nz details > summary {{ cursor: pointer; font-size: var(--small); padding: var(--s1) 0; }}
.nz code {{ font-size: var(--fine); overflow-wrap: anywhere; direction: ltr; unicode-bidi: isolate;
  background: none; color: inherit; padding: 0; }}
.nz code.nz-name {{ white-space: nowrap; }}
.nz dl {{ display: grid; grid-template-columns: minmax(8rem, max-content) 1fr;
  gap: var(--s2) var(--s4);
  margin: 0; padding: 0; }}
.nz dt {{ color: {_SOFT}; font-weight: 400; margin: 0; padding: 0; }}
.nz dd {{ margin: 0; padding: 0; overflow-wrap: anywhere; }}
.nz-matrix td.nz-within {{ outline: 2px solid {_SOFT}; outline-offset: -3px; }}
.nz-matrix tfoot th, .nz-matrix tfoot td {{ border-bottom: 0; border-top: 1px solid {_LINE}; }}
.nz-matrix tfoot tr:first-child > * {{ border-top: 2px solid {_SOFT}; }}
.nz p {{ overflow-wrap: anywhere; }}
.nz-drawing .nz-chart {{ display: block; width: 100%; max-width: 60rem; height: auto;
  font-family: inherit; }}
.nz-drawing .nz-chart text {{ fill: currentColor; }}
.nz-drawing .nz-roomy .nz-chart {{ font-size: 11px; }}
.nz-drawing .nz-chart [stroke="{tokens.GRID.light}"] {{ stroke: {_LINE}; }}
.nz-drawing .nz-chart [fill="{tokens.GROUND.light}"] {{ fill: var(--st-background-color, Canvas); }}
.nz-brush svg[data-first] {{ cursor: col-resize; }}
.nz-band {{ fill: currentColor; fill-opacity: .14; }}
@media (hover: none) {{ .nz .nz-hands {{ display: none; }} }}
.nz-list a[aria-label] {{ padding: var(--s3); text-decoration: none; }}
.nz-phone {{ display: none; }}
.nz-keys {{ list-style: none; margin: 0; padding: 0; font-size: var(--small); }}
.nz-keys svg {{ vertical-align: middle; }}
.nz-cover td {{ text-align: center; padding: var(--s1) var(--s2); }}
.nz-cover thead th:not(:first-child) {{ padding-inline: var(--s1); text-align: center; }}
@media (max-width: 1100px) {{ .nz-cover td.day {{ white-space: normal; }} }}
.nz-cover td a {{ text-decoration: none; display: block; min-width: 1.6rem; line-height: 1.9; }}
.nz-cover tbody th {{ color: inherit; white-space: normal; font-weight: 400; }}
.nz-cover tr.nz-of th {{ font-weight: 650; padding-top: var(--s3); }}
.nz-new {{ background: color-mix(in srgb, {tokens.AGE["new"].light} 45%, transparent); }}
.nz-year {{ background: color-mix(in srgb, {tokens.AGE["year"].light} 30%, transparent); }}
.nz-old {{ background: color-mix(in srgb, currentColor 9%, transparent); }}
.nz-line {{ font-size: var(--lead); max-width: 62rem; }}
.nz-acts a {{ display: inline-block; padding: var(--s3) 0; margin-inline-end: var(--s5); }}
.nz-share details {{ border: 1px solid {_LINE}; border-radius: 4px; padding: var(--s1) var(--s4); }}
.nz .nz-share details > summary {{ padding: var(--s3) 0; font-weight: 600; }}
.nz .nz-share h3 {{ margin-top: var(--s3); }}
.nz-share label span {{ display: block; font-size: var(--small); color: {_SOFT}; }}
.nz-share textarea {{ font: inherit; font-size: var(--small); color: inherit; width: 100%;
  background: transparent; border: 1px solid {_SOFT}; border-radius: 4px;
    padding: var(--s3);
  box-sizing: border-box; unicode-bidi: plaintext; }}
.stTextArea textarea {{ unicode-bidi: plaintext; text-align: start; }}
.nz-buttons {{ display: flex; flex-wrap: wrap; align-items: center; gap: var(--s3) var(--s4); }}
.nz-buttons button {{ font: inherit; color: inherit; background: none; min-height: 2.75rem;
  border: 1px solid currentColor; border-radius: 4px; padding: var(--s2) var(--s4); cursor: pointer;
    }}
.nz-share ul {{ list-style: none; padding: 0 !important; display: flex; flex-wrap: wrap;
  gap: 0 var(--s5); }}
.nz-share li a {{ display: inline-block; padding: var(--s3) 0; }}
.nz-list {{ display: flex; flex-wrap: wrap; gap: var(--s1) var(--s4); }}
@media (max-width: 1100px) {{
  /* Two boxes to a row: four would cut what is chosen in them. */
  [class*="st-key-asked"] > * {{ flex: 1 1 17rem; min-width: min(17rem, 100%); }}
}}
@media screen and (min-width: 641px) {{
  /* A longer name of one of two groups does not move its map down from the other. */
  [class*="st-key-abreast"][class*="groups"] h3 {{ min-height: 2lh; }}
}}
.nz .nz-paper {{ display: none; }}
@media print {{
  /* Two sheets of A4 for the situation and for a place: what is read, not what is pressed. */
  @page {{ size: A4; margin: 11mm 12mm; }}
  html {{ font-size: 9.2px !important; }}
  body {{ background: none !important; }}
  .stApp, .stApp > div, [data-testid="stAppViewContainer"], [data-testid="stMain"] {{
    position: static !important; overflow: visible !important; height: auto !important;
    background: none !important; }}
  /* Paper is light, whichever theme is on the screen: its letters would be white on white. */
  .stApp {{ color-scheme: light !important; --st-text-color: {tokens.INK.light};
    --st-background-color: {tokens.GROUND.light}; --st-border-color: {tokens.GRID.light}; }}
  .stApp, .stApp :is(h1, h2, h3, p, li, dt, dd, th, td, div, span, a, summary, b, small) {{
    color: {tokens.INK.light} !important; }}
  .stMainBlockContainer {{ padding: 0 !important; max-width: none !important; }}
  .nz-mast nav, .nz-find, .nz-choices, .nz-more, .nz-skip, .nz-zoom, .nz-share, .nz-panel, .nz-acts,
  .nz-files, .nz p:has(+ .nz-list), .hands, .nz-hands,
  .nz details:not([open], .nz-fold, .nz-counted), .nz-atlas details, [class*="st-key-take-"],
  .stDownloadButton, .stButton, [data-testid="stSlider"], .nz-day, .nz-list,
  [data-testid="stSelectbox"], [data-testid="stTextInput"], [data-testid="stCheckbox"] {{
    display: none !important; }}
  [data-testid="stMain"] [data-testid="stVerticalBlock"] {{ gap: var(--s2); }}
  .nz-wrap {{ overflow: visible; }}
  .nz-cards {{ grid-template-columns: repeat(3, 1fr); margin-inline-end: 1px; }}
  .nz-chip {{ border: 0; padding: 0; }}
  .nz-chip:not(:last-child)::after {{ content: " ·"; }}
  .nz th, .nz td {{ padding: var(--s1) var(--s3) var(--s1) 0; }}
  .nz-stage {{ max-width: 15cm; }}
  .nz-drawing .nz-chart {{ max-width: 8.6cm; }}
  /* Charts stand two to a row. */
  [data-testid="stVerticalBlock"]:has(> * > [class*="st-key-drawn-"]) {{ display: grid;
    grid-template-columns: 1fr 1fr; gap: var(--s2) var(--s6) !important; }}
  [data-testid="stVerticalBlock"]:has(> * > [class*="st-key-drawn-"]) > * {{ min-width: 0;
    grid-column: 1 / -1; }}
  [data-testid="stVerticalBlock"] > :has(> [class*="st-key-drawn-"]) {{ grid-column: auto;
    break-inside: avoid; }}
  .nz-counted > summary {{ list-style: none; }}
  .nz-first6 tbody tr:nth-child(n+7), .nz-first12 tbody tr:nth-child(n+13) {{ display: none; }}
  .nz .nz-paper {{ display: block; overflow-wrap: anywhere; }}
  .nz .nz-paper:empty {{ display: none; }}
  /* Drawn for a narrow screen: the letters of a wide one would be a millimetre high here. */
  .nz-drawing .nz-roomy {{ display: none !important; }}
  .nz-drawing .nz-phone {{ display: block !important; }}
  .nz h2, .nz h3, .nz h3 + p {{ break-after: avoid; }}
  .nz p, .nz tr, .nz-card, .nz-stage, .nz-drawing {{ break-inside: avoid; }}
}}
@media screen and (max-width: 700px) {{
  .nz-more {{ position: static; }}
  .nz-more > div, .nz-find [role=listbox]:not(:empty),
  .nz-find [role=status]:not(.nz-told, :empty) {{
    inset-inline: 0; top: calc(100% + 2px); min-width: 0; }}
  .nz-find {{ position: static; max-width: none; }}
}}
@media (pointer: coarse) {{
  /* A finger is 44 pixels wide. */
  .nz-mast a, .nz-mast button, .nz-mast summary, .nz-find input, .nz-known input,
  .nz details > summary, .nz-list a, .nz-acts a, .nz-alone a, .stApp button, .stApp [role=slider] {{
    min-height: 2.95rem; box-sizing: border-box; }}
  .nz-mast a, .nz-mast summary, .nz-list a, .nz-alone a {{
    display: inline-flex; align-items: center; }}
  .nz-mast button, .stApp button {{ min-width: 2.95rem; }}
  .stApp [data-testid="stSelectbox"] :is([role=group], input), .nz-day input, .stCheckbox label,
  .stApp [data-testid="stTextInput"] :is([data-testid$="RootElement"], input) {{
    min-height: 2.95rem; box-sizing: border-box; align-items: center; }}
  .nz details > summary {{ display: list-item; padding-block: var(--s4); }}
}}
@media screen and (max-width: 1100px) {{
  {_cards(".nz table:not(.nz-cover):has(th:nth-child(7))")}
}}
@media screen {{
  {_cards(".nz table.nz-matrix:has(th:nth-child(17))")}
}}
@media screen and (max-width: 640px) {{
  .nz-mast {{ gap: var(--s2) var(--s4); }}
  .nz-find input {{ min-height: 2.95rem; font-size: var(--text); }}
  .nz-mast .nz-more > button {{ min-height: 2.95rem; }}
  .stMainBlockContainer {{ padding-inline: var(--s4); }}
  .nz-cards {{ grid-template-columns: 1fr 1fr; }}
  .nz-cards.nz-wordy {{ grid-template-columns: 1fr; }}
  .nz-roomy {{ display: none; }}
  .nz-phone {{ display: block; }}
  .nz-card {{ padding: var(--s3); }}
  .nz-line {{ font-size: var(--text); }}
  .nz-value {{ font-size: var(--head); }}
  {_cards(".nz")}
  .nz dl {{ grid-template-columns: 1fr; gap: 0; }}
  .nz dd {{ margin-bottom: var(--s3); }}
  /* Of two maps one above the other, the second says what holds for both. */
  [class*="st-key-abreast-one-scale"] .stColumn:first-child .nz-legend > svg,
  [class*="st-key-abreast"] .stColumn:first-child .nz-map-notes p:not(:first-child) {{
    display: none; }}
}}
"""

SPOKEN_STATUS_CSS: Final = """
.stApp:not([data-test-connection-state="CONNECTED"]) .nz-mast::after { content: WORDS;
  flex-basis: 100%; font-weight: 600; border-inline-start: 3px solid currentColor;
  padding-inline-start: var(--s3); }
/* What Streamlit says of a fault is English, and asks strangers about it. */
.stException [data-testid="stAlertContentError"] { display: none; }
.stException [role=alert] { background: none; color: inherit; border-radius: 0;
  border-inline-start: 3px solid currentColor; padding: var(--s2) var(--s4); }
.stException [role=alert]::before { content: FAILED; }
"""
"""Rules whose words are the reader's: a lost line, and a part that could not be made."""

RTL: Final = """
/* Streamlit indents lists from the left: their numbers would stand outside the page. */
[data-testid="stHtml"] :is(ol, ul) { padding-left: 0; padding-inline-start: var(--s6); }
[data-testid="stHtml"] li { margin-left: 0; }
.stApp, [data-testid="stPopoverBody"], [data-baseweb="popover"] { direction: rtl; }
.stCheckbox [data-testid="stTooltipIcon"] { margin-right: var(--s2); }
.stApp label, .stApp p, .stApp h1, .stApp h2, .stApp h3, .stApp li { text-align: start; }
[data-testid="stSelectbox"] input { text-align: start; }
"""


def apply(words: Words) -> None:
    """Set the document's language and direction, and the shared styles, in one element."""
    offline, failed = (
        json.dumps(words(f"app.{name}"), ensure_ascii=False) for name in ("offline", "failed")
    )
    css = minify.rules(
        CSS + cards.UNFOLDED + (RTL if words.rtl else "")
    ) + SPOKEN_STATUS_CSS.replace("WORDS", offline).replace("FAILED", failed)
    code = script(words)
    st.html(f"<style>{css}</style><script>{code}</script>", unsafe_allow_javascript=True)


def script(words: Words) -> str:
    """What the page runs in a language: words of the catalogues, and nothing of an address."""
    return (
        f"document.documentElement.lang='{words.language}';"
        f"document.documentElement.dir='{words.direction}';"
        # Sliders ask for a language of their own and would take the browser's: an English page in
        # an Arabic browser ran backwards, an Arabic page elsewhere did not turn.
        f"window[Symbol.for('react-aria.i18n.locale')]='{words.language}';"
        "window.dispatchEvent(new Event('languagechange'));"
        f"(() => {{{widget_labels.script(words)}}})();"
    )
