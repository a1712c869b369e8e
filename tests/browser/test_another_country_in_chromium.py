"""An office in another country, with live sources alone: nothing of Idlib on what readers see.

The area is a file that names no place of Syria; every publisher answers as it answers everybody.
"""

import os
import re
import subprocess
import sys
import urllib.request
from urllib.parse import unquote

import pypdfium2
import pytest

from dashboard.shell.navigation import PAGES
from data.settings import ROOT
from tests.browser.conftest import served
from tests.editions.test_areas import IRAQ, NAMES
from tests.effort import in_each_language, one_in
from tests.servers.everyone import everyone

OF_IDLIB = re.compile("|".join((*NAMES, "SY0[2567]", "SY11", "X-SYR", "cilvegözü")), re.IGNORECASE)
"""The area's places; other governorates of Syria are neighbours that Iraq's pages may name."""


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """The app of an office that follows Iraq, after a run of every source that it lists."""
    folder = tmp_path_factory.mktemp("iraq")
    file = folder / "iraq.toml"
    file.write_text(IRAQ, encoding="utf-8")
    store = folder / "store"
    with everyone() as publishers:
        given = {**publishers.environment, "NUZUH_AREA": str(file), "NUZUH_STORE": str(store)}
        done = subprocess.run(
            [sys.executable, "-m", "pipelines", "run"],
            cwd=ROOT,
            env={**os.environ, **given},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert "published" in done.stdout, done.stdout + done.stderr
        yield from served(store, NUZUH_AREA=str(file))


def fetched(office, path):
    with urllib.request.urlopen(f"{office.address}/{path}", timeout=60) as answer:  # noqa: S310
        return answer.read()


def refuse(said, where):
    found = {match[0] for match in OF_IDLIB.finditer(unquote(said))}
    assert not found, (where, found)


@pytest.mark.parametrize("page", one_in(4, [page.name for page in PAGES]))
def test_no_page_names_a_place_of_idlib(office, sheet, page):
    """An office in Mosul that is shown Bab al-Hawa trusts nothing else that it reads."""
    tab = sheet(1440)
    tab.open(office.at("" if page == PAGES[0].name else page, lang="en"))
    refuse(tab.page.evaluate("() => document.querySelector('.stApp').outerHTML"), page)
    assert not tab.errors


@in_each_language("ar", "tr")
def test_nor_does_the_first_page_in_another_language(office, sheet, language):
    tab = sheet(390)
    tab.open(office.at("", lang=language))
    refuse(tab.page.evaluate("() => document.querySelector('.stApp').outerHTML"), language)


@in_each_language()
def test_nor_do_the_edition_the_brief_the_feed_and_the_picture(office, language):
    refuse(fetched(office, f"nuzuh/light/{language}/index.html").decode(), "edition")
    refuse(fetched(office, f"nuzuh/feed.atom?lang={language}").decode(), "feed")
    document = pypdfium2.PdfDocument(fetched(office, f"nuzuh/brief/{language}.pdf"))
    try:
        refuse("\n".join(page.get_textpage().get_text_range() for page in document), "brief")
    finally:
        document.close()
