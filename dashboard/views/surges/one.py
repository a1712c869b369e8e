"""One surge in full: how unusual, how the rule did there before, what would end it, and context."""

from collections.abc import Iterable, Sequence
from html import escape

from dashboard.components import markup
from dashboard.session.urlstate import View
from dashboard.views.surges import listing
from data.analysis import context
from data.store import Release
from surges import outlook
from surges.rule import Alarm, Followed
from surges.score import Row
from visuals.html import context as context_text
from visuals.html import surges as surge_text


def show_surge(
    view: View,
    release: Release,
    followed: Sequence[Followed],
    rows: Iterable[Row],
    asked: str,
) -> str:
    """The surge that the address names, or that no alert of that name is known.

    Args:
        view: The reader.
        release: Where what was reported around it comes from.
        followed: What the rule says of every series.
        rows: What came of each listed event.
        asked: The alarm's own name, from the address.
    """
    words = view.words
    back = markup.alone(markup.anchor(view.link("surges"), words("surges.all")))
    found = _named(followed, asked)
    if found is None:
        gone = words("surges.gone", day=words.day(view.day))
        return markup.block(markup.note(gone), back)
    report = found.report
    around = context.place_context(release, found.line.place, report.start, report.end, view.known)
    return markup.block(
        markup.heading(surge_text.where(view, found)),
        f'<p class="nz-value">{surge_text.number(view, found)}</p>',
        listing.counted_days(view, found),
        listing.both_counts(view, found),
        f"<p>{escape(surge_text.size(view, found))}</p>",
        "".join(f"<p>{escape(line)}</p>" for line in listing.outlook_of(view, found, rows)),
        listing.evidence_links(view, found),
        context_text.around(view, found.line.place, around),
        back,
    )


def _named(followed: Iterable[Followed], asked: str) -> Alarm | None:
    alarms = (alarm for line in followed for alarm in line.alarms)
    return next((alarm for alarm in alarms if outlook.key(alarm) == asked), None)
