"""What of the first page can be sent, and to what a reader can subscribe."""

from typing import Any, Final

from dashboard.components import share_box
from dashboard.session import cached, urlstate
from dashboard.session.urlstate import View
from data.store import Release
from visuals.language import area_text, situation_text
from visuals.language.words import LANGUAGES

BRIEF: Final = "nuzuh/brief/{language}.{form}"
FEED: Final = "nuzuh/feed.atom?lang={language}"
CALENDAR: Final = "nuzuh/releases.ics?lang={language}"
"""What app.py serves beside the dashboard; no "./", so that the browser goes there itself."""


def show(view: View, release: Release, notes: list[str]) -> None:
    """The message, the brief, the feed and the calendar.

    Args:
        view: The reader.
        release: Whose headlines go along.
        notes: The sentences on top of the page.
    """
    words, area = view.words, cached.area()
    headlines = cached.headlines(release, release.id, view.known, view.day, undated=view.undated)
    address = urlstate.permanent_address(view)
    labels = ("title", "copy", "copied", "not_copied", "send", "mail")
    share_box.show(
        {
            **{name: words(f"share.{name}") for name in labels},
            "label": words("share.message"),
            "message": situation_text.message(words, area, notes, headlines, address),
            "subject": words("brief.title", area=area_text.name(words, area)),
            "groups": [*_briefs(view), _subscriptions(view)],
            "note": words("share.alerts"),
        }
    )


def _briefs(view: View) -> list[dict[str, Any]]:
    """The brief in each language; it is of the newest release, so that no past day offers it."""
    words = view.words
    if view.known is not None:
        return []
    own = [words.language, *(code for code in LANGUAGES if code != words.language)]
    links = [
        {
            "href": BRIEF.format(language=code, form=form),
            "label": words(f"share.{name}", language=LANGUAGES[code]),
        }
        for code in own
        for form, name in (("pdf", "pdf"), ("docx", "word"))
    ]
    return [{"title": words("share.brief"), "links": links}]


def _subscriptions(view: View) -> dict[str, Any]:
    words = view.words
    links = [
        {"href": path.format(language=words.language), "label": words(f"share.{name}")}
        for path, name in ((FEED, "feed"), (CALENDAR, "calendar"))
    ]
    return {"title": words("share.subscribe"), "links": links}
