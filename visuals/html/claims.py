"""A checked text as HTML: the text with its marks, and a list of what was found for each number.

A verdict has its number, its words and its kind of line under it; colour only adds to that.
Works on what `nuzuh check --json` answers.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from data.analysis.claims import VERDICTS
from visuals import tokens
from visuals.html.elements import Reader, anchor, external_link, heading
from visuals.language.words import Words

Claim = Mapping[str, Any]

QUIET: Final = frozenset({"not_understood"})
"""Verdicts without a number of their own: they are marked, and listed last."""
CSS: Final = (
    """
.nz-read { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.75; max-width: 62rem;
  border: 1px solid HAIR; border-radius: 4px;
  padding: var(--s4); max-height: 34rem; overflow-y: auto; }
.nz-read mark { background: color-mix(in srgb, var(--nz-said, currentColor) 14%, transparent);
  color: inherit; border-bottom: 2px solid var(--nz-said, currentColor); padding: 0 .1em;
  border-radius: 2px; }
.nz-read sup, .nz-claims sup { font-size: .72em; font-weight: 600; padding-inline-start: .12em; }
.nz-v-rounded { border-bottom-style: dashed !important; }
.nz-v-confirmed_then { border-bottom-style: double !important;
  border-bottom-width: 4px !important; }
.nz-v-other_kind, .nz-v-other_place_or_time, .nz-v-other_source {
  border-bottom-style: dotted !important; border-bottom-width: 3px !important; }
.nz-v-differs { border-bottom-width: 4px !important; }
.nz-v-no_figure { border-bottom-style: dashed !important; }
.nz-v-not_understood { border-bottom-style: dotted !important;
  border-bottom-width: 1px !important; background: none !important; }
.nz .nz-claims { list-style: none; margin: 0; padding: 0; }
.nz-claims > li { border-top: 1px solid HAIR;
  padding: var(--s3) 0; margin: 0; }
.nz-claims p { margin: var(--s1) 0; }
.nz-verdict { border-bottom: 2px solid var(--nz-said, currentColor); font-weight: 600; }
.nz .nz-legend { display: flex; flex-wrap: wrap; gap: var(--s2) var(--s5); font-size: var(--small);
  padding: 0 0 var(--s3); }
""".replace("HAIR", tokens.HAIR)
    + "".join(
        f".nz-v-{verdict} {{ --nz-said: {pair.light}; }}\n"
        for verdict, pair in tokens.VERDICT.items()
    )
)


def numbered(claims: Sequence[Claim]) -> list[tuple[int | None, Claim]]:
    """The claims with the numbers they are marked by; those not understood have none."""
    found: list[tuple[int | None, Claim]] = []
    count = 0
    for claim in claims:
        if claim["verdict"] in QUIET:
            found.append((None, claim))
            continue
        count += 1
        found.append((count, claim))
    return found


def marked(words: Words, text: str, claims: Sequence[Claim]) -> str:
    """The text as it was, each number marked with its verdict."""
    parts, at = [], 0
    for number, claim in numbered(claims):
        start, end = int(claim["start"]), int(claim["end"])
        label = words(f"check.verdict.{claim['verdict']}")
        note = f"<sup>{words.number(number)}</sup>" if number is not None else ""
        if start < at:  # one number stated for two places
            parts.append(note)
            continue
        parts.append(escape(text[at:start]))
        parts.append(
            f'<mark class="nz-v-{escape(claim["verdict"])}" title="{escape(label, quote=True)}">'
            f"{escape(text[start:end])}{note}</mark>"
        )
        at = end
    parts.append(escape(text[at:]))
    return (
        f'<div class="nz-read" dir="auto" tabindex="0" role="region" '
        f'aria-label="{escape(words("check.marked"), quote=True)}">{"".join(parts)}</div>'
    )


def legend(words: Words, claims: Sequence[Claim]) -> str:
    """The verdicts that occur, with how often."""
    counts = {code: sum(c["verdict"] == code for c in claims) for code in VERDICTS}
    items = "".join(
        f'<span><span class="nz-verdict nz-v-{code}">'
        f"{escape(words(f'check.verdict.{code}'))}</span> {words.number(count)}</span>"
        for code, count in counts.items()
        if count
    )
    return f'<div class="nz-legend">{items}</div>'


def listed(reader: Reader, claims: Sequence[Claim]) -> str:
    """Each number with its verdict, the sentence, the figures and a citation to paste."""
    rows = sorted(numbered(claims), key=lambda pair: pair[0] is None)
    return f'<ul class="nz-claims">{"".join(_item(reader, n, c) for n, c in rows)}</ul>'


def _item(reader: Reader, number: int | None, claim: Claim) -> str:
    words = reader.words
    label = words(f"check.verdict.{claim['verdict']}")
    mark = f"<sup>{words.number(number)}</sup>" if number is not None else ""
    head = (
        f"<p><bdi><strong>{escape(str(claim['raw']))}</strong></bdi>{mark} "
        f'<span class="nz-verdict nz-v-{escape(claim["verdict"])}">{escape(label)}</span></p>'
    )
    if claim["verdict"] in QUIET:
        return f'<li>{head}<p class="soft">{escape(claim["sentence"])}</p></li>'
    lines = f"<p>{escape(claim['sentence'])}</p>"
    lines += "".join(f'<p class="soft">{escape(reason)}</p>' for reason in claim["reasons"])
    understood = words("check.understood")
    lines += f'<p class="soft">{escape(understood)}: {escape(claim["understood"])}</p>'
    return f"<li>{head}{lines}{_figures(reader, claim)}</li>"


def _figures(reader: Reader, claim: Claim) -> str:
    shown = [*claim["figures"], *([claim["newer"]] if claim["newer"] else [])]
    if not shown:
        return ""
    words = reader.words
    items = "".join(
        f"<li>{anchor(reader.link('figure', figure=row['figure_id']), row['said'])}"
        f'<p class="soft">{escape(row["citation"])}</p>'
        f"<p>{external_link(str(row['source_url'] or ''))}</p></li>"
        for row in shown
    )
    return f"<details><summary>{escape(words('check.cite'))}</summary><ul>{items}</ul></details>"


def page(reader: Reader, text: str, claims: Sequence[Claim]) -> str:
    """Legend, marked text and list as one piece."""
    words = reader.words
    return "".join(
        (
            f"<style>{CSS}</style>",
            heading(words("check.marked")),
            legend(words, claims),
            marked(words, text, claims),
            heading(words("check.list")),
            listed(reader, claims),
        )
    )
