"""What became known lately."""

from dashboard import cached
from dashboard.urlstate import View
from data.store import Release
from visuals import changes as lately


def changes(view: View, release: Release) -> str:
    """The newest vintages of the area, newest first, with the day each became known."""
    found = cached.vintages(release, release.id, lately.wanted(cached.area(), view.day))
    return lately.table(view, found)
