"""What publishing would change, as a table and as JSON."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from commands import shared
from data.schema.check_results import EXAMPLE_ROWS

if TYPE_CHECKING:
    from data.schema.check_results import CheckResult
    from pipelines.run.preview import Preview

SHOWN: Final = 200
"""Rows of a preview that a terminal shows."""


def show(
    found: "Preview", as_json: bool, most: int | None = None, *, held: str | None = None
) -> None:
    """What would change: figure by figure, and for reports with the sentence."""
    from pipelines.run import preview as previews

    listed = found.figures.sort_values(["change", "place_code"])
    if most is not None:
        # What changes comes first, so that a bound leaves out what does not.
        listed = listed.sort_values("change", key=lambda c: c == "same", kind="stable").head(most)
    rows = [previews.record(row, found.evidence) for row in listed.to_dict("records")]
    if as_json:
        shared.print_json(
            {
                "held": held,
                "new": found.count("new"),
                "changed": found.count("changed"),
                "same": found.count("same"),
                "withdrawn": len(found.withdrawn),
                "tables": dict(found.tables),
                "doubts": [doubt.sentence for doubt in found.doubts],
                "because": [_doubt(doubt, most) for doubt in found.doubts],
                "remarks": list(found.remarks),
                "figures": rows,
            }
        )
        return
    moved = [row for row in rows if row["change"] != "same"]
    if moved:
        heads = ("change", "place_code", "population_group", "measure", "unit", "as_of")
        table = [
            [*(row[name] for name in heads), row["value_before"], row["value"]] for row in moved
        ]
        shared.print_table((*heads, "before", "value"), table[:SHOWN])
        for row in moved[:SHOWN]:
            if row["evidence"]:
                click.echo(f"  {row['value_raw']} ({row['publisher']}): {row['evidence']}")
    if len(moved) > SHOWN:
        click.echo(f"… and {len(moved) - SHOWN:,} more; --json lists all.")
    counts = [f"{found.count(name):,} {name}" for name in ("new", "changed", "same")]
    click.echo(f"{', '.join(counts)}, {len(found.withdrawn):,} withdrawn.")
    for name, size in found.tables.items():
        click.echo(f"Table {name}: {size:,} rows.")
    for sentence in found.remarks:
        click.echo(sentence)
    for result in found.doubts:
        click.echo(f"Would be held: {result.sentence}")
        if result.rows:
            of = ("place_code", "origin_code", "population_group", "measure", "as_of")
            names = (*of, "value_before", "value")
            shared.print_table(
                names,
                [[getattr(row, name) for name in names] for row in result.rows[:EXAMPLE_ROWS]],
            )
        if len(result.rows) > EXAMPLE_ROWS:
            click.echo(f"… and {len(result.rows) - EXAMPLE_ROWS:,} more; --json lists all.")


def _doubt(result: "CheckResult", most: int | None) -> dict[str, Any]:
    """A doubt as JSON, with its largest changes first and no more of them than asked."""
    fields = asdict(result)
    return fields | {"rows": fields["rows"][:most], "row_count": len(result.rows)}


def write(found: "Preview", output: Path) -> None:
    """Every row that a person judges, as CSV: what is doubted first."""
    from data.publication import atomic_write
    from data.publication.exports import harmless
    from pipelines.run import preview as previews

    rows = previews.listed(found)
    texts = rows.select_dtypes(include=["object", "string"]).columns
    safe = rows.assign(**{name: rows[name].map(harmless) for name in texts})
    body: str = safe.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\r\n")
    atomic_write.write(output, body.encode("utf-8-sig"))
