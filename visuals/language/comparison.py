"""A comparison of sources as one object, as the command line and the API give it."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from data.analysis.comparison import Comparison
from data.analysis.gap_reasons import Pair
from visuals.language import figure_text, reasons
from visuals.language.words import Words


def as_object(found: Comparison, words: Words, known: date | None) -> dict[str, Any]:
    """Every source side by side, the gaps with their reasons, the parts and the cases.

    Args:
        found: What was compared.
        words: The language of the sentences.
        known: The day whose knowledge is shown; None for now.
    """
    rows = found.rows
    figures = found.figures.to_json(orient="records", date_format="iso", date_unit="s")
    listed = json.loads(figures)
    for row in listed:
        for name, value in row.items():
            if isinstance(value, str) and value.endswith("T00:00:00") and len(value) == 19:
                row[name] = value[:10]
        others = found.checks.get(row["figure_id"])
        row["same_count"] = [] if others is None else others["figure_id"].tolist()
    return {
        "place": found.place,
        "population_group": found.group,
        "on": found.on.isoformat(),
        "as_known_on": known.isoformat() if known else None,
        "figures": listed,
        "pairs": [_pair(words, pair, rows) for pair in found.pairs()],
        "parts": [
            {
                "figure_id": part.figure,
                "total": part.total,
                "sum_of_parts": part.summed,
                "difference": part.missing,
                "case": part.case,
                "sentence": reasons.parts_sentence(words, part, rows[part.figure]),
                "reasons": [
                    {"code": r.code, "sentence": words(f"reason.{r.code}")} for r in part.reasons
                ],
            }
            for part in found.parts
        ],
        "cases": [
            {
                "case": case.code,
                "title": words(f"case.{case.code}"),
                "citations": [
                    {
                        "publisher": figure_text.publisher(words, {"publisher": c.publisher}),
                        "published_on": c.published_on.isoformat() if c.published_on else None,
                        "address": c.address,
                    }
                    for c in case.known(known)
                ],
            }
            for case in found.cases
        ],
        "changed": sorted(found.changed),
    }


def _pair(words: Words, pair: Pair, rows: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "left": pair.left,
        "right": pair.right,
        "gap": pair.gap,
        "reasons": [
            {
                "code": reason.code,
                "case": reason.case or None,
                "sentence": reasons.sentence(words, reason, rows[pair.left], rows[pair.right]),
            }
            for reason in pair.reasons
        ],
    }
