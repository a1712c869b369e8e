"""What can be asked, for machines (OpenAPI 3.1) and for readers, from one list of parameters."""

from collections.abc import Mapping
from html import escape
from importlib.metadata import version
from typing import Any, Final

from api.parameters import Parameter
from api.problems import MEDIA_TYPE, TITLES
from data.publication.exports import FORMS
from data.schema.contract import Column
from data.schema.tables import FIGURES
from surges import answer
from visuals import tokens

Endpoints = Mapping[str, tuple[str, tuple[Parameter, ...]]]
SAFE: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "no-cache",
}
_TYPES: Final[Mapping[str, dict[str, Any]]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "timestamp": {"type": "string", "format": "date-time"},
    "flag": {"type": "boolean"},
}
_SURGES: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["as_known_on", "series", "alarms"],
    "properties": {
        "as_known_on": {"type": "string", "format": "date", "description": "The day asked about."},
        "series": {"type": "integer", "description": "How many series the two rules looked at."},
        "alarms": {
            "type": "array",
            "description": "The newest of each series that is still a surge.",
            "items": {"$ref": "#/components/schemas/Surge"},
        },
    },
}
_STYLE: Final = tokens.flat("""
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:auto;
padding:var(--s4)}table{border-collapse:collapse;width:100%}td,th{text-align:start;
vertical-align:top;padding:var(--s2) var(--s3);border-bottom:1px solid HAIR}
code{overflow-wrap:anywhere}
""").replace("HAIR", tokens.HAIR)
EXAMPLES: Final = (
    (
        "IDPs of every sub-district of Idleb",
        "figures?within=SY07&admin_level=3&group=IDP",
    ),
    ("What was known on 11 February 2020", "figures?place=X-SYR-NW&as_known_on=2020-02-11"),
    ("Every published version of Syrians in Türkiye", "vintages?asylum=TUR&group=REF&origin=SYR"),
    ("Why sources differ", "compare?place=X-SYR-NW&group=NEWDISP&on=2020-02-29"),
    ("Figures that anybody may use", "figures?within=SY07&licence=open&format=parquet"),
    ("A hundred rows, then the next", "figures?limit=100"),
    ("Surges of both rules as a table, as known then", "surges?as_known_on=2020-02-20&format=csv"),
)
"""Addresses that the readable page shows; the tests ask each of them."""


def openapi(endpoints: Endpoints, prefix: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document.

    Args:
        endpoints: Meaning and parameters of each address below `prefix`.
        prefix: Where they begin.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Nuzuh",
            "version": version("nuzuh"),
            "description": (
                "Published displacement figures with their provenance. Each row says its licence; "
                "kinds of count, units, sources and levels are never to be added up."
            ),
            "license": {"name": "Each publisher's, in every row"},
        },
        "servers": [{"url": prefix}],
        "paths": {f"/{name}": _path(name, *group) for name, group in endpoints.items()},
        "components": {
            "schemas": {"Figure": _figure(), "Surge": answer.schema(), "Problem": _problem()}
        },
    }


def _path(name: str, meaning: str, allowed: tuple[Parameter, ...]) -> dict[str, Any]:
    formats = next((p.allowed for p in allowed if p.name == "format"), ("json",))
    table: dict[str, Any] = {"text/html": {"schema": {"type": "string"}}}
    rows = {"type": "array", "items": {"$ref": "#/components/schemas/Figure"}}
    schema = rows if name in ("figures", "vintages") else _SURGES if name == "surges" else {}
    content: dict[str, Any] = {
        FORMS[form].mime: {"schema": schema if form == "json" else {}}  # type: ignore[index]
        for form in formats
    }
    content = table if name == "table" else content
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "get": {
            "operationId": name,
            "summary": meaning,
            "parameters": [_parameter(p) for p in allowed],
            "responses": {
                "200": {"description": meaning, "content": content},
                "304": {"description": "The same as before."},
                **{
                    str(status): {"description": title, "content": problem}
                    for status, title in TITLES.items()
                },
            },
        }
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    kinds = {"day": {"type": "string", "format": "date"}, "flag": {"type": "boolean"}}
    one: dict[str, Any] = dict(kinds.get(parameter.kind, {"type": "string"}))
    if parameter.kind == "number":
        one = {"type": "integer"}
    if parameter.allowed:
        one["enum"] = [int(v) if parameter.kind == "number" else v for v in parameter.allowed]
    schema = {"type": "array", "items": one} if parameter.repeatable else one
    found: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.meaning,
        "schema": schema,
    }
    if parameter.repeatable:
        found |= {"style": "form", "explode": True}
    return found


def _figure() -> dict[str, Any]:
    return {
        "type": "object",
        "description": FIGURES.meaning,
        "required": FIGURES.names,
        "properties": {column.name: _column(column) for column in FIGURES.columns},
    }


def _column(column: Column) -> dict[str, Any]:
    found = dict(_TYPES[column.kind])
    if column.null is not None:
        found["type"] = [found["type"], "null"]
    meaning = column.meaning if column.null is None else f"{column.meaning}. Null: {column.null}"
    return found | {"description": meaning}


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
        },
    }


def page(endpoints: Endpoints, prefix: str) -> str:
    """The same for readers: HTML without script."""
    base = prefix.rsplit("/", 1)[-1]
    examples = "".join(
        f'<li>{escape(example)}: <a href="./{base}/{escape(address)}"><code>{prefix}/'
        f"{escape(address)}</code></a></li>"
        for example, address in EXAMPLES
    )
    parts = "".join(
        f"<h2><code>{prefix}/{name}</code></h2><p>{escape(meaning)}</p>{_table(allowed)}"
        for name, (meaning, allowed) in endpoints.items()
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>Nuzuh: the figures for other tools</title>'
        f"<style>{_STYLE}</style><h1>The figures for other tools</h1>"
        "<p>Every row says its publisher, dates, address and licence. Counts of different kind, "
        "unit, source, round or level are not to be added up.</p>"
        f"<ul>{examples}</ul>{parts}"
        f'<p>For machines: <a href="./{base}/openapi.json">OpenAPI 3.1</a>.</p></html>'
    )


def _table(allowed: tuple[Parameter, ...]) -> str:
    if not allowed:
        return ""
    rows = "".join(
        f"<tr><td><code>{p.name}</code></td><td>{escape(p.meaning)}</td>"
        f"<td>{', '.join(f'<code>{v}</code>' for v in p.allowed)}</td></tr>"
        for p in allowed
    )
    return f"<table><tr><th>Name</th><th>Meaning</th><th>Values</th></tr>{rows}</table>"
