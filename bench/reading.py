"""How well texts are read: precision and recall on the project's own corpus, by language and kind.

    python -m bench.reading [--detail] [--json FILE]

The corpus is `tests/pipelines/extract`: texts in words of our own with what a careful reader takes
from them.
`claims/before_rules` was written before the rules that read it and no rule was changed after
looking at one of its texts; `claims/with_rules` and the numbered texts were read while the rules
were written, so that their score says nothing of other texts.
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
FOLDERS: Final = {"before_rules": "before the rules", "with_rules": "with the rules"}
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
                    tuple(one["claims"]),
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
        if detail and text.folder == "with_rules" and (extra or missing):
            print(text.id, "\n  found ", list(extra), "\n  wanted", list(missing))
    return held


def main() -> None:
    """Print the scores."""
    parser = argparse.ArgumentParser(prog="python -m bench.reading")
    parser.add_argument("--detail", action="store_true", help="what was misread with the rules")
    parser.add_argument("--json", type=Path, metavar="FILE")
    given = parser.parse_args()
    held = scores(detail=given.detail)
    print("What is checked, read boldly (value, kind, place and period all counted)")
    print(f"{'written':18}{'language':10}{'kind':18}{'stated':>8}{'precision':>11}{'recall':>8}")
    for (folder, language, kind), score in sorted(held.items()):
        if language and kind:
            continue
        print(
            f"{FOLDERS[folder]:18}{language or 'all':10}{kind or 'all':18}{score.wanted:8}"
            f"{score.precision:11.3f}{score.recall:8.3f}"
        )
    print("\nWhat may become a figure, read strictly")
    for name, score in (
        ("numbered texts", candidates()),
        *((FOLDERS[folder], candidates_of_claims(folder)) for folder in FOLDERS),
    ):
        print(f"{name:46}{score.wanted:8}{score.precision:11.3f}{score.recall:8.3f}")
    if given.json:
        rows = [
            {"written": f, "language": lang or "all", "kind": k or "all", "stated": s.wanted,
             "precision": round(s.precision, 3), "recall": round(s.recall, 3)}
            for (f, lang, k), s in sorted(held.items())
        ]  # fmt: skip
        given.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
