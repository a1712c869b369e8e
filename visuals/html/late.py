"""Sources that somebody should look at, as page, edition and brief name them."""

from collections.abc import Sequence
from datetime import date, datetime
from html import escape

from data.status.late import Late
from visuals.html import elements
from visuals.html.elements import Reader
from visuals.language import figure_text
from visuals.language.words import Words


def source_line(words: Words, one: Late, day: date) -> str:
    """One source: its name, how fresh it is, how long ago it last answered, what is held.

    Args:
        words: The reader's words.
        one: The source.
        day: From which its age is counted.
    """
    text = words(f"state.{one.state}")
    status = one.status
    if status is not None and status.last_success is not None:
        text = words("sources.state_age", state=text, age=words.age(status.last_success, day))
    if status is not None and status.held_fetch is not None:
        text = words("sources.held", state=text)
    return f"{figure_text.source(words, one.source)}: {text}"


def lines_of_asked(words: Words, found: Sequence[Late], day: date) -> list[str]:
    """A line for each source that was asked before and is late, or in need of a person."""
    return [source_line(words, one, day) for one in found if not one.untried]


def late_in_brief(reader: Reader, found: Sequence[Late], at: datetime) -> str:
    """The same for a page that must stay light: those that were asked before, and when.

    Args:
        reader: The reader.
        found: As the situation has them.
        at: The moment for which they are late.
    """
    words = reader.words
    sentences = lines_of_asked(words, found, at.date()) or [words("situation.none_late")]
    lines = "<br>".join(escape(one) for one in sentences)
    when = escape(words("late.at", at=words.moment(at)))
    return f"{elements.heading(words('situation.late'))}<p>{lines}<br>{when}</p>"


def late_list(reader: Reader, found: Sequence[Late], day: date, *, more: str = "") -> str:
    """The sources that somebody should look at, or the sentence that none needs it.

    Args:
        reader: The reader.
        found: As the situation has them.
        day: From which their ages are counted.
        more: HTML behind them.
    """
    words = reader.words
    items = "".join(f"<li>{escape(line)}</li>" for line in lines_of_asked(words, found, day))
    shown = f"<ul>{items}</ul>" if items else ""
    # A fresh machine has asked nobody yet: one line, and the names for whoever opens it.
    never = [source_line(words, one, day) for one in found if one.untried]
    if never:
        label = words("situation.never", count=words.number(len(never)))
        names = "".join(f"<li>{escape(line)}</li>" for line in never)
        summary = f"<summary>{escape(label)}</summary>"
        shown += f'<details class="nz-counted">{summary}<ul>{names}</ul></details>'
    shown = shown or elements.quiet_line(words("situation.none_late"))
    return elements.block(elements.heading(words("situation.late")), shown, more)
