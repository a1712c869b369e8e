"""A dashboard beside its store: the disk under it comes unmounted, and comes back."""

from datetime import UTC, datetime

import pytest
import streamlit as st

from dashboard.session import cached
from data.store import Publication, Store, StoreBroken, StoreEmpty, serving
from data.store import mirror as mirrors
from tests import carried
from tests.builders import figures
from tests.dashboard.pages.test_pages import opened, said
from visuals.language.words import Words

pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture(autouse=True)
def _forgotten():
    yield
    mirrors.stop_all()


def _published(folder, value):
    rows = figures({"source": "s", "via": "s", "value": value})
    Store(str(folder)).publish(Publication("s", rows, "s"), now=datetime.now(UTC))


def test_a_disk_that_is_gone_is_not_called_an_empty_store(tmp_path):
    """ "There are no figures yet" would send somebody to load them afresh, over the vintages."""
    folder, elsewhere = tmp_path / "store", tmp_path / "unmounted"
    store = serving(str(folder), tmp_path)
    with pytest.raises(StoreEmpty):
        store.current()
    _published(folder, 1)
    before = store.current()
    folder.rename(elsewhere)
    away = serving(str(folder), tmp_path).current()
    assert (away.id, away.away_since is not None) == (before.id, True)
    with pytest.raises(StoreBroken, match="nuzuh"):
        away.figures()
    assert not folder.exists(), "reading must not make a folder in the place of a disk"
    elsewhere.rename(folder)
    _published(folder, 2)
    back = serving(str(folder), tmp_path).current()
    assert (back.away_since, back.figures()["value"].tolist()) == (None, [2])


def test_a_page_that_was_made_goes_on_while_the_disk_is_gone(tmp_path, monkeypatch):
    """An office reads on through five minutes of a file server's restart."""
    folder, elsewhere = tmp_path / "store", tmp_path / "unmounted"
    carried.publish(folder)
    monkeypatch.setenv("NUZUH_STORE", str(folder))
    st.cache_resource.clear()
    assert "2,347,756" in said(opened())
    folder.rename(elsewhere)
    cached._current.clear()
    app = opened()
    assert not app.exception
    assert "2,347,756" in said(app)
    assert Words("en")("app.away", since="@").split("@")[0] in said(app)
    for page in ("place", "sources", "downloads"):
        app = opened(page)
        assert not app.exception
        assert Words("en")("app.empty") not in said(app)
    elsewhere.rename(folder)
    cached._current.clear()
    app = opened("place")
    assert not app.exception
    assert Words("en")("app.away", since="@").split("@")[0] not in said(app)


@pytest.mark.parametrize("harm", ["gone", "garbled", "cut"])
def test_a_file_harmed_under_an_open_page_is_one_sentence(tmp_path, harm):
    """The page that asks next says what to do; it must not end in a traceback."""
    _published(tmp_path, 1)
    release = Store(str(tmp_path)).current()
    file = tmp_path / next(iter(release.manifest.figures.values())).path
    assert len(release.figures()) == 1
    if harm == "gone":
        file.unlink()
    else:
        body = file.read_bytes()
        file.write_bytes(b"\0" * len(body) if harm == "garbled" else body[: len(body) // 2])
    for asked in (release, Store(str(tmp_path)).release(release.id)):
        with pytest.raises(StoreBroken, match="nuzuh"):
            asked.figures()


def test_a_question_ill_put_is_no_fault_of_the_store(tmp_path):
    """A bug must still crash, or an administrator would search a sound disk for it."""
    _published(tmp_path, 1)
    with pytest.raises(Exception, match="nosuch") as told:
        Store(str(tmp_path)).current().sql("select nosuch from figures", [])
    assert not isinstance(told.value, StoreBroken)
