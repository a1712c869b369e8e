"""A file that a person got by hand: the same checks as on the command line, and a look before."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

import streamlit as st

from dashboard.components import day_box, file_box, markup
from dashboard.server.signin import Visitor
from dashboard.session import cached, subprocess_cli, urlstate
from dashboard.session.urlstate import View
from dashboard.views.admin import preview
from dashboard.views.admin.preview import SHOWN
from visuals.language import figure_text

FORMS_DOC: Final = "docs/by-hand.md"
START: Final = "https://"
LARGEST: Final = 32
"""Megabytes of a file, as `.streamlit/config.toml` bounds what is sent at all."""
TYPES: Final = ("csv", "xlsx", "json", "txt", "html", "pdf")
CARRIED: Final = "published_figures"
"""The project's own tables: nobody brings them."""
_SEEN: Final = "import-seen"
_DONE: Final = "import-done"
_ROUND: Final = "import-round"
"""Counts imports: a new round has an empty box for the file."""


@dataclass(frozen=True)
class Taken:
    """A source that takes files."""

    name: str
    form: bool
    typed: bool


def show(view: View, who: Visitor) -> None:
    """Source, file and papers; then what would change; then a person's yes."""
    words = view.words
    done = st.session_state.pop(_DONE, None)
    if done is not None:
        st.html(preview.outcome(view, done))
    sources = _sources()
    if not sources:
        st.html(markup.note(words("office.trouble.refused")))
        return
    st.html(markup.block(markup.soft(words("office.import.intro"))))
    name = urlstate.choice(
        words("office.source"),
        list(sources),
        key="source",
        name=lambda code: figure_text.source(words, {"source": code, "title": code}),
    )
    source = sources[name]
    if source.form:
        st.download_button(
            words("office.form"),
            lambda: _form(name),
            file_name=f"{name}.xlsx",
            key=f"form-{name}",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
    else:
        st.html(markup.block(markup.soft(words("office.no_form", file=FORMS_DOC))))
    turn = st.session_state.setdefault(_ROUND, 0)
    kinds = ", ".join(TYPES).upper()
    label = words("office.file", size=words.number(LARGEST), kinds=kinds)
    given = file_box.show(words, label, TYPES, key=f"file-{name}-{turn}", most=LARGEST)
    options = _papers(view, source, turn)
    st.html(markup.block(markup.soft(words("office.stored", name=who.name))))
    if given is None:
        return
    body = given.getvalue()
    if len(body) > LARGEST * 1_000_000 or given.name.rpartition(".")[2].lower() not in TYPES:
        st.html(markup.note(words("office.wrong_file")))
        return
    command = [*options, f"--typed-by={who.name}"]
    _look_and_say_yes(view, name, given.name, body, command)


def _look_and_say_yes(view: View, name: str, file: str, body: bytes, options: list[str]) -> None:
    words = view.words
    # What was looked at, to the byte and to the word; anything else is looked at again.
    mark = sha256("\0".join([name, file, *options]).encode() + b"\0" + body).hexdigest()
    seen: dict[str, subprocess_cli.CliResult] = st.session_state.setdefault(_SEEN, {})
    if st.button(words("office.look"), key="import-look"):
        with st.spinner(words("office.working")):
            looked = _run(
                name,
                file,
                body,
                [*options, "--preview", f"--rows={SHOWN}"],
                subprocess_cli.READ_TIMEOUT,
            )
        seen.clear()
        seen[mark] = looked
    if mark not in seen or not preview.show(view, seen[mark]):
        return
    if st.button(words("office.publish"), key="import-publish", type="primary"):
        with st.spinner(words("office.working")):
            st.session_state[_DONE] = _run(
                name, file, body, [*options, "--yes"], subprocess_cli.WRITE_TIMEOUT
            )
        seen.clear()
        st.session_state[_ROUND] += 1
        cached.forget()
        st.rerun()


def _run(
    name: str, file: str, body: bytes, options: list[str], seconds: float
) -> subprocess_cli.CliResult:
    with subprocess_cli.on_disk(file, body) as path:
        words = ("import", *options, "--json", "--", name, str(path))
        return subprocess_cli.run(*words, seconds=seconds, hidden=path.parent)


def _papers(view: View, source: Taken, turn: int) -> list[str]:
    """Where the file comes from, as options of the command."""
    words = view.words

    def asked(kind: str, most: int) -> str:
        key = f"{kind}-{source.name}-{turn}"
        label = words(f"office.{kind}", start=START)
        return st.text_input(label, key=key, max_chars=most, autocomplete="off").strip()

    given = {"publisher": asked("publisher", 120), "url": asked("url", 500)}
    if given["url"] and not given["url"].startswith(("https://", "http://")):
        st.html(markup.note(words("office.no_address", start=START)))
        given["url"] = ""
    kind = "published-on" if source.typed else "as-of"
    day = _day(view, f"{kind}-{source.name}-{turn}", words(f"office.{kind}"))
    if day is not None:
        given[kind] = day.isoformat()
    return [f"--{option}={value}" for option, value in given.items() if value]


def _day(view: View, key: str, label: str) -> date | None:
    """A day that belongs to the file and not to the address of the page."""

    def take(given: str) -> None:
        st.session_state[key] = urlstate.read_day(given, view.today)

    chosen: date | None = st.session_state.setdefault(key, None)
    day_box.show(
        label, chosen, take, key=f"{key}-box", earliest=urlstate.EARLIEST, latest=view.today
    )
    return chosen


def _sources() -> dict[str, Taken]:
    """Every source that takes files, those with a form first."""
    told = cached.asked(_listed, "sources")
    found = [Taken(s["source"], s["form"], s["typed"]) for s in told if s["source"] != CARRIED]
    return {s.name: s for s in sorted(found, key=lambda s: (not s.form, not s.typed))}


def _listed() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = subprocess_cli.run(
        "sources", "--json", seconds=subprocess_cli.READ_TIMEOUT
    ).found["sources"]
    return rows


def _form(name: str) -> bytes:
    with subprocess_cli.on_disk(f"{name}.xlsx", b"") as path:
        path.unlink()
        subprocess_cli.run(
            "import", f"--template={name}", f"--output={path}", seconds=subprocess_cli.READ_TIMEOUT
        )
        return path.read_bytes() if path.exists() else b""
