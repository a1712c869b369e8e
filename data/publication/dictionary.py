"""The data dictionary, written from `data/schema/`: `make dictionary` rewrites it."""

from pathlib import Path
from typing import Final

from data.gazetteer.authorisations import AUTHORISATIONS
from data.publication.exports import EXPORT
from data.schema.codes import (
    CAVEATS,
    MEASURES,
    MISSING_REASONS,
    POPULATION_GROUPS,
    QUALIFIERS,
    UNITS,
)
from data.schema.contract import Column, Table
from data.schema.tables import FIGURE_KEY, TABLES

PATH: Final = Path(__file__).resolve().parents[2] / "docs" / "data-dictionary.md"
HEAD: Final = """# Data dictionary

Written from `data/schema/` by `make dictionary`; a test keeps the two equal. A column without a
meaning for null is never null. Dates are days (ISO 8601), timestamps are UTC.
"""
WORDS: Final = {
    "Measures": MEASURES,
    "Population groups": POPULATION_GROUPS,
    "Units": UNITS,
    "Qualifiers": QUALIFIERS,
    "Missing reasons": MISSING_REASONS,
    "Caveats": CAVEATS,
}


def render() -> str:
    """The whole document, as Markdown."""
    key = ", ".join(f"`{name}`" for name in FIGURE_KEY)
    figure = (
        "`figure_id` is a hash of what makes one number: "
        f"{key}. Value, `known_from` and `retrieved_at` stay out of it, so that vintages share it."
    )
    tables = [
        _table(table, figure if table.name == "figures" else "")
        for table in (*TABLES, AUTHORISATIONS, EXPORT)
    ]
    return "\n".join([HEAD, *tables, *(_words(*item) for item in WORDS.items())])


def _table(table: Table, remark: str) -> str:
    rules = [f"- Refused: {rule.says}." for rule in table.rules]
    lines = [
        f"## {table.name}",
        "",
        table.meaning,
        "",
        *([remark, ""] if remark else []),
        f"One row for each {', '.join(f'`{name}`' for name in table.key)}.",
        "",
        "| column | type | unit | meaning | null means | values |",
        "|---|---|---|---|---|---|",
        *(_row(column) for column in table.columns),
        "",
        *([*rules, ""] if rules else []),
    ]
    return "\n".join(lines)


def _row(column: Column) -> str:
    values = ", ".join(f"`{v}`" for v in column.vocabulary) if column.vocabulary else ""
    if column.minimum is not None:
        values = f"at least {column.minimum:g}"
    if column.pattern is not None:
        values = f"`{column.pattern}`"
    cells = (
        f"`{column.name}`",
        column.kind,
        column.unit or "",
        column.meaning,
        column.null or "never null",
        values,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _words(title: str, words: dict[str, str]) -> str:
    rows = [f"| `{code}` | {meaning} |" for code, meaning in words.items()]
    return "\n".join([f"## {title}", "", "| code | meaning |", "|---|---|", *rows, ""])


if __name__ == "__main__":
    PATH.write_text(render(), encoding="utf-8")
