"""The figures as one HTML table: what a spreadsheet's web query reads."""

from html import escape
from typing import Any, Final

import pandas as pd
import pyarrow
from starlette.requests import Request
from starlette.responses import Response

from api import answers, documentation
from api.answers import Frozen, Rows
from api.parameters import Question
from api.problems import Problem
from data.gazetteer import places
from data.publication import exports
from data.publication.connections import MOST, TABLE
from data.schema.tables import FIGURES
from data.settings import Settings
from visuals.language.words import Words

NAME: Final = "place_name"


def answer(
    request: Request, question: Question, frozen: Frozen, given: Settings, headers: dict[str, str]
) -> Response:
    """One table, as many rows as a web query bears; a cell holds a published value and no more."""
    rows = Rows(question, frozen.release, vintages=False, public=given.public)
    found = [FIGURES.none]
    for piece in rows.found():
        found.append(piece)
        if sum(map(len, found)) > MOST:
            raise Problem(413, f"A table of over {MOST:,} rows; narrow it or take figures.")
    whole = FIGURES.frame(pyarrow.concat_tables(found))
    if given.public and len(whole) and not exports.may_leave(whole):
        raise Problem(503, "These figures may not be shown by a public office.")
    body = _table(whole, Words(question.one("lang", "en")))
    headers |= answers.provenance(frozen.release, whole["source"] if len(whole) else ())
    headers["Content-Security-Policy"] = documentation.SAFE["Content-Security-Policy"]
    return Response(body.encode(), headers=headers, media_type="text/html; charset=utf-8")


def _table(found: pd.DataFrame, words: Words) -> str:
    lines = ["".join(f"<th>{name}</th>" for name in TABLE)]
    columns = [name for name in TABLE if name != NAME]
    for row in found[columns].to_dict("records") if len(found) else ():
        code = str(row["place_code"])
        row[NAME] = words.place(code) if places.is_known_code(code) else None
        lines.append("".join(f"<td>{_cell(row[name])}</td>" for name in TABLE))
    listed = "\n".join(f"<tr>{line}</tr>" for line in lines)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Nuzuh</title>'
        f"<table>\n{listed}\n</table></html>\n"
    )


def _cell(value: Any) -> str:
    """As it was published; nothing that a spreadsheet would compute, and nothing for null."""
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return escape(str(exports.harmless(value)))
