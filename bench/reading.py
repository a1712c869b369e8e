"""How well texts are read: precision and recall on the project's own corpus, by language and kind.

    python -m bench.reading [--detail] [--write]

The corpus is `tests/pipelines/extract`: texts in words of our own with what a careful reader takes
from them.
`claims/before_rules` was written before the rules that read it and no rule was changed after
looking at one of its texts. `claims/mended` was written before them too and looked at afterwards;
`claims/with_rules` and the numbered texts were read while the rules were written: what these score
says nothing of other texts.
"""

import argparse
import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from data.analysis.claims import Claim
from pipelines.extract import figures_in
from pipelines.extract.claims import claims_in

CORPUS: Final = Path(__file__).resolve().parents[1] / "tests" / "pipelines" / "extract"
FOLDERS: Final = {
    "before_rules": "before the rules",
    "mended": "before the rules, mended since",
    "with_rules": "with the rules",
}
LANGUAGES: Final = ("en", "ar", "tr")


@dataclass(frozen=True)
class Text:
    """A text of the corpus with what a careful reader takes from it."""

    id: str
    kind: str
    language: str
    folder: str
    on: Any
    text: str
    claims: tuple[str, ...]


@dataclass
class Score:
    """Numbers right, found and stated."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    def add(self, other: "Score") -> None:
        """Count another text's."""
        self.right, self.found = self.right + other.right, self.found + other.found
        self.wanted += other.wanted

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of what the texts state that was found."""
        return self.right / self.wanted if self.wanted else 1.0


def texts() -> Iterator[Text]:
    """The corpus of claims, folder by folder."""
    for folder in FOLDERS:
        for language in LANGUAGES:
            path = CORPUS / "claims" / folder / f"{language}.toml"
            for one in tomllib.loads(path.read_text("utf-8"))["text"]:
                yield Text(
                    one["id"], one["kind"], language, folder, one["on"], one["text"],
                    tuple(claim.partition(" | ")[0] for claim in one["claims"]),
                )  # fmt: skip


def mark(claim: Claim) -> str:
    """A claim as the corpus writes it."""
    parts = (claim.value, claim.group, claim.unit, claim.measure, claim.place, claim.first,
             claim.last)  # fmt: skip
    return " ".join("-" if part is None else str(part) for part in parts)


def read(text: Text) -> tuple[Score, Counter[str], Counter[str]]:
    """A text's score, and what was found and wanted."""
    found = Counter(
        mark(claim)
        for claim in claims_in(text.text, published_on=text.on)
        if claim.group is not None and claim.place is not None
    )
    wanted = Counter(text.claims)
    return (
        Score((found & wanted).total(), found.total(), wanted.total()),
        found - wanted,
        wanted - found,
    )


_CANDIDATE: Final = (
    *("value", "qualifier", "unit", "population_group", "measure", "place_code", "origin_code"),
    *("reference_period_start", "reference_period_end", "cumulative_since"),
)


def candidates() -> Score:
    """The strict reader on the numbered texts: what may become a figure."""
    total = Score()
    for path in sorted(CORPUS.glob("*.txt")):
        stated = json.loads(path.with_suffix(".json").read_text("utf-8"))
        wanted = Counter(tuple(row[name] for name in _CANDIDATE) for row in stated)
        found = Counter(
            tuple(one.record()[name] for name in _CANDIDATE)
            for one in figures_in(path.read_text("utf-8"))
        )
        total.add(Score((found & wanted).total(), found.total(), wanted.total()))
    return total


def candidates_of_claims(folder: str) -> Score:
    """The strict reader on the English texts of a folder of claims, where it is sure at all."""
    total = Score()
    for text in texts():
        if text.language != "en" or text.folder != folder:
            continue
        found = Counter(
            f"{one.value} {one.population_group} {one.unit} {one.measure} {one.place_code} "
            f"{one.reference_period_start} {one.reference_period_end or '-'}"
            for one in figures_in(text.text, published_on=text.on)
            if "range_high" not in (one.caveat or "")
        )
        wanted = Counter(text.claims)
        total.add(Score((found & wanted).total(), found.total(), wanted.total()))
    return total


def scores(*, detail: bool = False) -> Mapping[tuple[str, str, str], Score]:
    """By folder, language and kind; "" stands for all of them."""
    held: defaultdict[tuple[str, str, str], Score] = defaultdict(Score)
    for text in texts():
        score, extra, missing = read(text)
        for language in (text.language, ""):
            for kind in (text.kind, ""):
                held[text.folder, language, kind].add(score)
        if detail and text.folder != "before_rules" and (extra or missing):
            print(text.id, "\n  found ", list(extra), "\n  wanted", list(missing))
    return held


DOC: Final = Path(__file__).resolve().parents[1] / "docs" / "check.md"
BEGIN: Final = "<!-- written by python -m bench.reading --write -->"
END: Final = "<!-- to here -->"


def report(held: Mapping[tuple[str, str, str], Score]) -> str:
    """The scores as tables, texts written before the rules and with them apart."""
    named = {"en": "English", "ar": "Arabic", "tr": "Turkish", "": "all"}
    lines = [
        "| texts | language | kind | stated | precision | recall |",
        "|---|---|---|---|---|---|",
    ]
    for (folder, language, kind), score in sorted(held.items()):
        if not (language and kind):
            lines.append(
                f"| written {FOLDERS[folder]} | {named[language]} | {kind or 'all'} | "
                f"{score.wanted} | {score.precision:.3f} | {score.recall:.3f} |"
            )
    lines += ["", "What may become a figure (English):", ""]
    lines += ["| texts | stated | precision | recall |", "|---|---|---|---|"]
    for name, score in (
        ("numbered, read while the rules were written", candidates()),
        *((f"written {FOLDERS[folder]}", candidates_of_claims(folder)) for folder in FOLDERS),
    ):
        lines.append(f"| {name} | {score.wanted} | {score.precision:.3f} | {score.recall:.3f} |")
    return "\n".join(lines)


def main() -> None:
    """Print the scores."""
    parser = argparse.ArgumentParser(prog="python -m bench.reading")
    parser.add_argument("--detail", action="store_true", help="what was misread of texts looked at")
    parser.add_argument("--write", action="store_true", help="write the tables of docs/check.md")
    given = parser.parse_args()
    held = scores(detail=given.detail)
    print(report(held))
    if given.write:
        before, _, after = DOC.read_text("utf-8").partition(BEGIN)
        rest = after.partition(END)[2]
        DOC.write_text(f"{before}{BEGIN}\n{report(held)}\n{END}{rest}", "utf-8")


if __name__ == "__main__":
    main()
