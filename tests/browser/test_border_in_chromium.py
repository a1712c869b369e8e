"""Movements, the border, places and downloads as a reader meets them in a real browser."""

import pytest

CASES = (("movements", "movements", {"month": "2019-12"}),)


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "light"), ("en", "dark")])
@pytest.mark.parametrize(("name", "path", "choices"), CASES)
def test_the_page_is_kept_for_people_to_look_at(app, sheet, name, path, choices, language, scheme):
    tab = sheet(1440, color_scheme=scheme)
    tab.open(app.at(path, lang=language, **choices))
    for width in (390, 1440):
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.keep(f"border-{name}-{language}-{scheme}-{width}")
        assert tab.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not tab.errors
