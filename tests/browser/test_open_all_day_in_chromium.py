"""A tab that an office leaves open while releases come, go, and the disk under them is away."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from data.store import FigureFilter, Publication, Store
from tests import carried
from tests.browser.conftest import App, served
from visuals.language.words import Words

SERIES = "published_figures~IDP_ARR~flow~movements~OCHA~IDP_movements"
LOOKED_AT = 11_000
"""Milliseconds after which the pointer is looked at again, and some."""
SHOWN = 31_000
"""Milliseconds after which a release is shown to whoever asks, whatever is not made of it yet."""


@dataclass
class Office:
    """The served app and the folder that its scheduler writes."""

    app: App
    store: Store


@pytest.fixture
def office(tmp_path):
    folder = tmp_path / "store"
    store = carried.publish(folder)
    serving = served(folder)
    yield Office(next(serving), store)
    next(serving, None)


def revise(store: Store, value: int) -> None:
    """Say another number for the largest sub-district of the month before the newest."""
    found = store.current().figures(FigureFilter(group=("IDP_ARR",), admin_level=(3,)))
    month = sorted(found["as_of"].unique())[-2]
    one = found[found["as_of"].eq(month)].sort_values("value").tail(1)
    said = one.assign(
        value=value, value_raw=str(value), known_from=pd.NaT, retrieved_at=datetime.now(UTC)
    )
    (via,) = said["via"]
    revision = Publication(str(via), said, "revised", complete=False)
    assert store.publish(revision, now=datetime.now(UTC)).changed == 1


def month_before(tab):
    tab.page.locator("[class*=st-key-map-earlier] button").click()
    tab.page.wait_for_timeout(1_500)
    tab.settle()


@pytest.mark.wide
def test_a_choice_in_an_open_tab_is_answered_out_of_the_newest_release(office, sheet):
    """Who plans at noon must not be shown the number that was withdrawn at nine."""
    tab = sheet(1440)
    tab.open(office.app.at("map", lang="en", series=SERIES, level="3"))
    tab.page.wait_for_selector(".nz-stage a[aria-label]")
    revise(office.store, 77_777)
    revise(office.store, 88_888)
    office.store.prune(keep=1, younger_than=timedelta(0), now=datetime.now(UTC))
    tab.page.wait_for_timeout(SHOWN)
    month_before(tab)
    assert "88,888" in tab.page.inner_text(".stMainBlockContainer table")
    assert f"series={SERIES}" in tab.page.url.replace("%7E", "~")
    assert not tab.errors


@pytest.mark.wide
def test_a_choice_while_the_disk_is_away_is_a_sentence_and_then_goes_on(office, sheet):
    """A file server restarts in the middle of a meeting."""
    words = Words("ar")
    tab = sheet(390)
    tab.open(office.app.at("map", lang=words.language, series=SERIES, level="3"))
    tab.page.wait_for_selector(".nz-stage a[aria-label]")
    folder = Path(office.store.address)
    away = folder.rename(folder.with_name("unmounted"))
    tab.page.wait_for_timeout(LOOKED_AT)
    month_before(tab)
    assert tab.page.locator("[data-testid=stException]").count() == 0
    assert tab.page.locator(".nz-stage").count() or words("app.broken") in tab.page.content()
    tab.open(office.app.at("place", place="SY070301", lang=words.language))
    told = tab.page.inner_text(".stMainBlockContainer")
    assert words("app.away", since="@").split("@")[0].strip() in told
    assert words("app.broken") in told
    tab.keep("store-away-ar")
    away.rename(folder)
    tab.page.wait_for_timeout(LOOKED_AT)
    tab.open(office.app.at("place", place="SY070301", lang=words.language))
    told = tab.page.inner_text(".stMainBlockContainer")
    assert words("app.broken") not in told
    assert words("app.away", since="@").split("@")[0].strip() not in told
