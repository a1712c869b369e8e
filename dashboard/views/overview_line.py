"""The few sentences on top of the first page: surging or not, what changed, what is late."""

from datetime import UTC, datetime
from html import escape
from typing import Final

from dashboard.components import last_visit, markup
from dashboard.session import cached, urlstate
from dashboard.session.urlstate import View
from dashboard.views.recent_changes import SINCE
from data.analysis import changes
from data.status.late import late
from data.store import Release
from visuals.language import situation_text
from visuals.language.situation_text import RecentChanges

SEND: Final = "send"
WELCOME: Final = "welcome"
"""Parts of the page that its address unfolds."""


def sentences(view: View, release: Release) -> list[str]:
    """The sentences as text; sources are late for now alone, never for a past day."""
    register = cached.table(release, release.id, "sources").to_dict("records")
    wanting = late(register, cached.statuses(), datetime.now(UTC)) if view.known is None else None
    return situation_text.sentences(
        view.words,
        cached.area(),
        view.day,
        surges=cached.active_surges(release, release.id, view.known, view.day),
        newest_report=cached.newest_report(release, release.id, view.known, view.day),
        headlines=cached.headlines(release, release.id, view.known, view.day, undated=view.undated),
        late=wanting,
        lately=_lately(view, release),
    )


def html(view: View, release: Release, sentences: list[str]) -> str:
    """The sentences as one paragraph, and the ways to send them and to a first visit's help."""
    first, *rest = sentences
    surges = cached.active_surges(release, release.id, view.known, view.day)
    made = surges[0].made if surges else None
    begun = escape(first) if made is None else markup.derived(made, first)
    more = " ".join(escape(sentence) for sentence in rest)
    links = (
        markup.anchor(view.link(urlstate.FIRST, open=SEND), view.words("share.title")),
        markup.anchor(view.link(urlstate.FIRST, open=WELCOME), view.words("welcome.title")),
    )
    return markup.block(
        f'<p class="nz-line"><strong>{begun}</strong> {more}</p>',
        f'<p class="nz-acts">{" ".join(links)}</p>',
    )


def _lately(view: View, release: Release) -> RecentChanges | None:
    """How much changed since the day of the address, else since the visit that the browser sent."""
    if release.history_lost:
        return None
    now = datetime.now(UTC)
    at = changes.moment(urlstate.remembered_choice(SINCE), now) or changes.moment(
        last_visit.previous_visit_if_known(), now
    )
    if at is None:
        return None
    groups = cached.changes(release, release.id, at, view.day)
    count = sum(len(group.lines) + sum(group.more.values()) for group in groups)
    return RecentChanges(at.date(), count)
