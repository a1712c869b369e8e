"""What publishing would change, as the command line tells it, before an administrator says yes."""

import streamlit as st

from dashboard.components import markup
from dashboard.session.subprocess_cli import CliResult
from dashboard.session.urlstate import View
from data.schema.check_results import CheckResult
from visuals.html import check_results


def trouble(view: View, result: CliResult) -> str:
    """Why there is no answer, as a note; "" where there is one."""
    if result.trouble is None:
        return ""
    more = markup.untranslated(result.sentence) if result.sentence else ""
    return markup.note(view.words(f"admin.trouble.{result.trouble}"), more)


def show(view: View, result: CliResult, *, why: bool = True) -> bool:
    """Put what would change on the page; whether there is something to say yes to.

    Args:
        view: The reader's.
        result: What the command answered.
        why: Whether to say why it would be held; not where that stands above already.
    """
    if result.trouble is not None:
        st.html(trouble(view, result))
        return False
    words, found = view.words, result.found
    counts = {n: words.number(found.get(n, 0)) for n in ("new", "changed", "same", "withdrawn")}
    parts = [markup.paragraph(words("admin.counts", **counts))]
    doubted = tuple(CheckResult(one["code"], one["facts"]) for one in found.get("because", []))
    if why and doubted:
        parts.append(markup.quiet_line(words("admin.doubts")))
        parts.append(check_results.listed(words, doubted, tuple(found["doubts"])))
    remarks = "".join(
        f"<li>{markup.untranslated(str(remark))}</li>" for remark in found.get("remarks", [])
    )
    if remarks:
        parts += [markup.quiet_line(words("admin.remarks")), f"<ul>{remarks}</ul>"]
    named = found.get("tables", {})
    parts += [
        markup.quiet_line(words("admin.table", name=name, rows=words.number(rows)))
        for name, rows in named.items()
    ]
    every = found.get("new", 0) + found.get("changed", 0)
    st.html(markup.block(*parts))
    return bool(every or found.get("withdrawn") or named)
