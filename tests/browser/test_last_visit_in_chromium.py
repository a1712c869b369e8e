"""What a reader finds who comes back after a run that changed one number."""

from datetime import UTC, datetime, timedelta

import pytest

from data.store import Publication, Store
from tests import builders
from tests.browser.conftest import served
from visuals.language.words import Words

NOW = datetime.now(UTC).replace(microsecond=0)
FIRST, VISIT = NOW - timedelta(days=2), NOW - timedelta(days=1)
YEARS = {"2023": 80_000, "2024": 90_000, "2025": 100_000}


def published(store: Store, years: dict[str, int], at: datetime) -> None:
    rows = builders.figures(
        *(
            {
                "reference_period_start": f"{year}-01-01",
                "reference_period_end": f"{year}-12-31",
                "as_of": f"{year}-12-31",
                "value": value,
                "retrieved_at": at,
            }
            for year, value in years.items()
        )
    )
    store.publish(Publication("test_source", rows, "test"), now=at)


@pytest.fixture
def altered(tmp_path):
    """The app on a store that two runs have written, one cell altered between them."""
    store = Store(str(tmp_path))
    published(store, YEARS, FIRST)
    published(store, YEARS | {"2024": 91_000}, NOW)
    yield from served(tmp_path)


@pytest.mark.parametrize(
    ("language", "said"),
    [pytest.param("en", "90,000 → 91,000", marks=pytest.mark.wide), ("tr", "91.000")],
)
def test_one_altered_cell_is_exactly_one_line(altered, sheet, language, said):
    """The number that an office cited moved: it is told, and nothing beside it."""
    tab = sheet()
    tab.open(altered.at("sources", lang=language))
    kept = int(VISIT.timestamp() * 1000)
    tab.page.evaluate(
        "at => localStorage.setItem('nuzuh.visits', JSON.stringify({before: at, latest: at}))", kept
    )
    tab.open(altered.at(lang=language))
    title = Words(language)("since.title")
    lines = tab.page.locator(".nz", has=tab.page.get_by_role("heading", name=title)).locator("li")
    lines.first.wait_for()
    tab.settle()
    assert lines.count() == 1
    assert said in lines.first.inner_text()
    tab.keep(f"one-line-{language}")
    tab.page.evaluate(
        "at => localStorage.setItem('nuzuh.visits', JSON.stringify({before: at, latest: at}))",
        int((NOW + timedelta(seconds=1)).timestamp() * 1000),
    )
    tab.open(altered.at(lang=language))
    tab.page.wait_for_timeout(1500)
    tab.settle()
    assert lines.count() == 0
