"""What the columns of an office's own table mean: each chosen by a person, its first cells beside.

The command line suggests (`nuzuh import any_table FILE --suggest`); what is certain is chosen
already, and nothing is published that a person has not seen.
"""

import json
from html import escape
from typing import Any, Final

import streamlit as st

from dashboard.components import markup
from dashboard.session import subprocess_cli
from dashboard.session.urlstate import View
from visuals.html import tables

SOURCE: Final = "any_table"
LEVELS: Final = ("country", "admin1", "admin2", "admin3", "community")
GROUPS: Final = ("IDP", "RDP", "RET", "POP", "HST")
UNITS: Final = ("people", "families")
LEFT_OUT: Final = "none"
DAY: Final = "day"
MEANINGS: Final = (
    LEFT_OUT,
    DAY,
    *(f"place {level} {by}" for level in LEVELS for by in ("code", "name")),
    *(f"count {group} {unit}" for group in GROUPS for unit in UNITS),
)
"""What a column may mean, as a code."""
_SEEN: Final = "table-columns"


def show(view: View, name: str, body: bytes, mark: str) -> str | None:
    """The grid; the mapping as JSON on one line, or None while it says too little.

    Args:
        view: The administrator's.
        name: Of the file.
        body: The file.
        mark: Names the file among those of the session.
    """
    words = view.words
    described = _described(view, name, body, mark)
    if described is None:
        return None
    st.html(markup.block(markup.quiet_line(words("table.intro"))))
    columns = described["columns"]
    _first_rows(view, columns)
    chosen = [
        st.selectbox(
            words("table.means", column=column["heading"]),
            MEANINGS,
            index=MEANINGS.index(suggested(column)),
            format_func=lambda code: _named(view, code),
            key=f"table-{mark}-{at}",
            help=words("table.unsure") if column["why"] else None,
        )
        for at, column in enumerate(columns)
    ]
    top = dict(described["mapping"])
    with st.container(horizontal=True, gap="small"):
        parts = st.checkbox(
            words("table.sum_rows"), value=bool(top["sum_rows"]), key=f"table-{mark}-parts"
        )
        sites = st.checkbox(
            words("table.sites_only"), value="caveat" in top, key=f"table-{mark}-sites"
        )
    if DAY not in chosen:
        day = st.date_input(
            words("table.as_of"),
            value=None,
            max_value=view.today,
            key=f"table-{mark}-day",
            format="YYYY-MM-DD",
        )
        top |= {"as_of": day.isoformat()} if day else {}
    top["sum_rows"] = parts
    top.pop("caveat", None)
    top |= {"caveat": "sites_only"} if sites else {}
    found = mapping(top, [column["heading"] for column in columns], chosen)
    if found is None:
        st.html(markup.note(words("table.too_little")))
        return None
    return json.dumps(found, ensure_ascii=False)


def suggested(column: dict[str, Any]) -> str:
    """The meaning that is chosen at first: what is certain, else that the column is left out."""
    if not column["certain"]:
        return LEFT_OUT
    meaning = column["said"]
    code = {
        "day": DAY,
        "place": f"place {meaning.get('level')} {meaning.get('by')}",
        "count": f"count {meaning.get('group')} {meaning.get('unit')}",
    }.get(column["sort"], LEFT_OUT)
    return code if code in MEANINGS else LEFT_OUT


def mapping(top: dict[str, Any], headings: list[str], chosen: list[str]) -> dict[str, Any] | None:
    """The mapping that the choices make; None without a place, a count and a day.

    Args:
        top: What stands outside of columns.
        headings: Of the columns.
        chosen: A code of `MEANINGS` for each.
    """
    columns = [(heading, code.split()) for heading, code in zip(headings, chosen, strict=True)]
    places = [
        {"column": heading, "level": code[1], "by": code[2]}
        for heading, code in columns
        if code[0] == "place"
    ]
    counts = [
        {"column": heading, "group": code[1], "measure": "stock", "unit": code[2]}
        for heading, code in columns
        if code[0] == "count"
    ]
    days = [heading for heading, code in columns if code[0] == DAY]
    if not counts or len(days) > 1 or bool(days) == ("as_of" in top):
        return None
    if not any(place["level"] != LEVELS[-1] for place in places):
        return None
    left = [heading for heading, code in columns if code[0] == LEFT_OUT]
    more = {"as_of_column": days[0]} if days else {}
    return top | more | {"place": places, "count": counts, "leave_out": left}


def _described(view: View, name: str, body: bytes, mark: str) -> dict[str, Any] | None:
    seen: dict[str, dict[str, Any]] = st.session_state.setdefault(_SEEN, {})
    if mark not in seen:
        with (
            st.spinner(view.words("admin.working")),
            subprocess_cli.on_disk(name, body) as path,
        ):
            result = subprocess_cli.run(
                *("import", "--suggest", "--json", "--", SOURCE, str(path)),
                seconds=subprocess_cli.READ_TIMEOUT,
                hidden=path.parent,
            )
        if result.trouble is not None:
            sentence = markup.untranslated(result.sentence) if result.sentence else ""
            st.html(markup.note(view.words(f"admin.trouble.{result.trouble}"), sentence))
            return None
        seen.clear()
        seen[mark] = result.found
    return seen[mark]


def _first_rows(view: View, columns: list[dict[str, Any]]) -> None:
    rows = [
        [
            escape(column["heading"]),
            escape(" · ".join(text for text in column["first"] if text)),
            escape(_named(view, suggested(column))),
        ]
        for column in columns
    ]
    labels = [view.words(f"table.{name}") for name in ("column", "first_cells", "seems")]
    st.html(markup.block(tables.html(labels, rows, ["", "", ""], full=True)))


def _named(view: View, code: str) -> str:
    words = view.words
    sort, *more = code.split()
    if sort == "place":
        level = _level(view, more[0])
        return words(f"table.by_{more[1]}", level=level)
    if sort == "count":
        return words("table.count", group=words(f"group.{more[0]}"), unit=words(f"unit.{more[1]}"))
    return words(f"table.{sort}")


def _level(view: View, level: str) -> str:
    words = view.words
    if level == LEVELS[-1]:
        return words("table.community")
    if level == "admin1":
        return " / ".join(words(f"kind.admin1.{country}") for country in ("SYR", "TUR"))
    return words(f"kind.{level}")
