"""The first page in a coordinator's hand: the numbers have the room, what limits them one press."""

import pytest

from tests.browser.conftest import TOUCH
from tests.effort import in_each_language

ROOM = "all => all.map(one => one.getBoundingClientRect().height)"


@in_each_language()
def test_on_a_phone_caveats_take_no_more_room_than_their_number(app, sheet, language):
    tab = sheet(390, 844)
    tab.open(app.at(lang=language))
    folded = tab.page.locator(".nz-card .nz-fold")
    assert folded.count() >= 4
    assert max(folded.evaluate_all(ROOM)) < 60
    first = folded.first
    assert first.locator(".nz-chip").count() >= 2
    assert not first.locator(".nz-chip >> visible=true").count()
    first.locator("summary").click()
    assert first.locator(".nz-chip >> visible=true").count() == first.locator(".nz-chip").count()


@pytest.mark.parametrize("tablet", [{}, TOUCH])
def test_caveats_stand_in_full_where_there_is_room(app, sheet, tablet):
    tab = sheet(800, 900, **tablet)
    tab.open(app.at())
    for media in ("screen", "print"):
        tab.page.emulate_media(media=media)
        assert not tab.page.locator(".nz-fold > summary >> visible=true").count(), media
        chips = tab.page.locator(".nz-card .nz-chip")
        shown = tab.page.locator(".nz-card .nz-chip >> visible=true")
        assert chips.count() == shown.count(), media
