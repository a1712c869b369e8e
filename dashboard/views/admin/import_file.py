"""A file that a person got by hand: the same checks as on the command line, and a look before."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

import streamlit as st

from dashboard.components import file_box, markup
from dashboard.server.signin import Visitor
from dashboard.session import cached, day_box, drafts, handover, subprocess_cli, urlstate
from dashboard.session.urlstate import View
from dashboard.views.admin import judge, preview, table_grid
from visuals.language import figure_text

FORMS_DOC: Final = "docs/by-hand.md"
START: Final = "https://"
LARGEST: Final = 32
"""Megabytes of a file, as `.streamlit/config.toml` bounds what is sent at all."""
TYPES: Final = ("csv", "xlsx", "json", "txt", "html", "pdf")
CARRIED: Final = "published_figures"
"""The project's own tables: nobody brings them."""
_SEEN: Final = "import-seen"
_ROUND: Final = "import-round"
"""Counts imports: a new round has an empty box for the file."""


@dataclass(frozen=True)
class Taken:
    """A source that takes files."""

    name: str
    form: bool
    typed: bool


@dataclass(frozen=True)
class Brought:
    """The file that is looked at."""

    name: str
    body: bytes


def show(view: View, who: Visitor, *, ready: bool) -> None:
    """Source, file and provenance; then what would change; then a person's yes."""
    words = view.words
    sources = _sources()
    if not sources:
        st.html(markup.note(words("admin.trouble.refused")))
        return
    st.html(markup.block(markup.quiet_line(words("admin.import.intro"))))
    name = urlstate.choice(
        words("admin.source"),
        list(sources),
        key="source",
        name=lambda code: figure_text.source(words, {"source": code, "title": code}),
    )
    source = sources[name]
    if source.form:
        st.download_button(
            words("admin.form"),
            lambda: _form(name),
            file_name=f"{name}.xlsx",
            key=f"form-{name}",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
    else:
        st.html(markup.block(markup.quiet_line(words("admin.no_form", file=FORMS_DOC))))
    turn = st.session_state.setdefault(_ROUND, 0)
    draft, kept = drafts.read(who)
    brought = _file(view, who, name, turn, draft, kept)
    options = _provenance(view, source, turn, draft)
    st.html(markup.block(markup.quiet_line(words("admin.stored", name=who.name))))
    typed = {key: value for key, value in options.items() if value}
    if brought is None:
        if typed and typed != draft.typed:
            drafts.keep(who, drafts.Draft(typed, draft.file_name), kept)
        return
    if name == table_grid.SOURCE:
        digest = sha256(brought.body).hexdigest()
        mapping = table_grid.show(view, subprocess_cli.tidy(brought.name), brought.body, digest)
        if mapping is None:
            return
        typed["mapping"] = mapping
    if (typed, brought.name) != (draft.typed, draft.file_name) or brought.body != kept:
        drafts.keep(who, drafts.Draft(typed, brought.name), brought.body)
    _look_and_say_yes(view, who, name, brought, typed, ready=ready)


def _file(
    view: View, who: Visitor, name: str, turn: int, draft: drafts.Draft, kept: bytes | None
) -> Brought | None:
    """The file that was chosen now, or the one of the draft."""
    words = view.words
    kinds = ", ".join(TYPES).upper()
    label = words("admin.file", size=words.number(LARGEST), kinds=kinds)
    given = file_box.show(words, label, TYPES, key=f"file-{name}-{turn}", most=LARGEST)
    if given is not None:
        found = Brought(given.name, given.getvalue())
    elif kept is not None:
        found = Brought(draft.file_name, kept)
        st.html(markup.note(words("admin.draft", name=draft.file_name)))
        if st.button(words("admin.remove", thing=draft.file_name), key=f"draft-{turn}"):
            drafts.forget(who)
            st.rerun()
    else:
        return None
    if len(found.body) > LARGEST * 1_000_000:
        st.html(markup.note(words("admin.too_large", size=words.number(LARGEST))))
        return None
    if found.name.rpartition(".")[2].lower() not in TYPES:
        st.html(markup.note(words("admin.wrong_kind", kinds=kinds)))
        return None
    return found


def _look_and_say_yes(
    view: View, who: Visitor, name: str, file: Brought, given: dict[str, str], *, ready: bool
) -> None:
    words = view.words
    options = [f"--{option.replace('_', '-')}={value}" for option, value in given.items()]
    # What was looked at, to the byte and to the word; anything else is looked at again.
    looked_at = "\0".join([name, file.name, *options]).encode()
    mark = sha256(looked_at + b"\0" + file.body).hexdigest()
    seen: dict[str, judge.Seen] = st.session_state.setdefault(_SEEN, {})
    if st.button(words("admin.look"), key="import-look"):
        with (
            st.spinner(words("admin.working")),
            subprocess_cli.on_disk(file.name, file.body) as path,
        ):
            seen.clear()
            more = (f"--typed-by={who.name}", "--preview", "--rows=0", "--output={rows}", "--json")
            command = [*options, *more]
            seen[mark] = judge.read("import", *command, "--", name, str(path))
    if mark not in seen:
        return
    answer, rows, body = seen[mark]
    if not preview.show(view, answer):
        return
    if len(rows):
        judge.show(view, rows, body, key="import", name=f"{name}-{subprocess_cli.tidy(file.name)}")
    # A press must do what it says: what the checks doubt is held, and decided on after a look.
    label = words("admin.import_held" if answer.found.get("because") else "admin.publish")
    if st.button(label, key="import-publish", type="primary", disabled=not ready):
        trouble = handover.hand_over(
            "import",
            who,
            mark,
            file.body,
            source=name,
            file_name=subprocess_cli.tidy(file.name),
            file_sha256=sha256(file.body).hexdigest(),
            given=given,
        )
        if trouble is not None:
            st.html(markup.note(words("admin.not_handed_over"), markup.untranslated(trouble)))
            return
        drafts.forget(who)
        seen.clear()
        st.session_state[_ROUND] += 1
        st.rerun()


def _provenance(view: View, source: Taken, turn: int, draft: drafts.Draft) -> dict[str, str]:
    """Where the file comes from, under the names of a request."""
    words = view.words

    def asked(kind: str, most: int) -> str:
        key = f"{kind}-{source.name}-{turn}"
        label = words(f"admin.{kind}", start=START)
        if key not in st.session_state and kind in draft.typed:
            st.session_state[key] = draft.typed[kind]
        return st.text_input(label, key=key, max_chars=most, autocomplete="off").strip()

    given = {"publisher": asked("publisher", 120), "url": asked("url", 500)}
    if given["url"] and not given["url"].startswith(("https://", "http://")):
        st.html(markup.note(words("admin.no_address", start=START)))
        given["url"] = ""
    kind = "published_on" if source.typed else "as_of"
    label = words(f"admin.{kind.replace('_', '-')}")
    day = _day(view, f"{kind}-{source.name}-{turn}", label, draft.typed.get(kind))
    if day is not None:
        given[kind] = day.isoformat()
    return given


def _day(view: View, key: str, label: str, drafted: str | None) -> date | None:
    """A day that belongs to the file and not to the address of the page."""

    def take(given: str) -> None:
        st.session_state[key] = urlstate.read_day(given, view.today)

    chosen: date | None = st.session_state.setdefault(key, urlstate.read_day(drafted, view.today))
    day_box.show(
        label, chosen, take, key=f"{key}-box", earliest=urlstate.EARLIEST, latest=view.today
    )
    return chosen


def _sources() -> dict[str, Taken]:
    """Every source that takes files, those with a form first."""
    result = cached.cached_command(_listed, "sources")
    found = [Taken(s["source"], s["form"], s["typed"]) for s in result if s["source"] != CARRIED]
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
