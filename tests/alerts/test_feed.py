"""The feed and the calendar: files that programs of others must be able to read."""

from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as Xml

import icalendar
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from alerts import calendar, feed, files, routes
from commands.main import main
from data import settings
from data.store import Status
from tests import asgi
from visuals.language.words import LANGUAGES, Words

NOW = datetime(2020, 2, 28, 9, tzinfo=UTC)
ATOM = {"a": feed.ATOM}


@pytest.fixture(scope="module")
def given_settings(store):
    return settings.load(store=store.address, address="https://figures.example.org")


@pytest.fixture(scope="module")
def made(store, given_settings):
    """Both in every language, as of the end of February 2020."""
    return files.all_of(given_settings, store, NOW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_feed_is_atom_and_tells_nothing_later_than_its_day(made, language):
    root = Xml.fromstring(made[f"feed.{language}.atom"])  # noqa: S314 - our own
    entries = root.findall("a:entry", ATOM)
    assert len(entries) > 10
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in entries]
    assert len(set(ids)) == len(ids)
    for name in ("id", "title", "updated", "content"):
        assert all(entry.findtext(f"a:{name}", namespaces=ATOM) for entry in entries)
    assert root.findtext("a:author/a:name", namespaces=ATOM)
    links = [e.find("a:link", ATOM).get("href") for e in entries]
    assert all(link.startswith("https://figures.example.org/") for link in links)
    surges = [e for e in entries if "place=" in e.find("a:link", ATOM).get("href")]
    days = [e.findtext("a:updated", namespaces=ATOM)[:10] for e in surges]
    assert days == sorted(days, reverse=True)
    assert max(days) <= "2020-02-28"


def test_the_second_wave_of_february_2020_is_an_entry_of_its_own(made):
    """It is what the only other open alert of the field is silent about."""
    root = Xml.fromstring(made["feed.en.atom"])  # noqa: S314 - our own
    titles = [e.findtext("a:title", namespaces=ATOM) for e in root.findall("a:entry", ATOM)]
    assert any(t.startswith("Higher wave") for t in titles)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_calendar_is_read_by_a_calendar(store, given_settings, language):
    body = files.ics(given_settings, store, datetime(2026, 11, 25, tzinfo=UTC))[language]
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    parsed = icalendar.Calendar.from_ical(body)
    events = parsed.walk("VEVENT")
    assert events
    assert len({str(e["UID"]) for e in events}) == len(events)
    words = Words(language)
    late = {e["DTSTART"].dt: str(e["DESCRIPTION"]) for e in events}
    for day, note in late.items():
        overdue = words("calendar.overdue_note", day=words.day(day)) in note
        assert overdue == (day < date(2026, 11, 25)), (day, note)


@given(st.text(st.characters(exclude_characters="\r\n"), max_size=300))
def test_a_line_of_the_calendar_folds_within_no_letter(said):
    lines = calendar.folded(said).split("\r\n")
    assert all(len(line.encode()) <= calendar.LONGEST for line in lines)
    assert "".join([lines[0], *(line[1:] for line in lines[1:])]) == said


def test_a_rhythm_is_expected_and_never_announced():
    """A publisher that has stopped is not expected for ever."""
    import pandas as pd

    def days(*found):
        rows = [("OCHA", "IDP movements", pd.Timestamp(day)) for day in found]
        return pd.DataFrame(rows, columns=["publisher", "dataset", "published_on"])

    words, now = Words("en"), datetime(2026, 6, 10, tzinfo=UTC)
    monthly = [date(2026, month, 5) for month in range(1, 7)]
    found = calendar.releases(words, [], {}, days(*monthly), now)
    assert [(r.day, r.tentative) for r in found] == [(date(2026, 7, 6), True)]
    (late,) = calendar.releases(words, [], {}, days(*monthly), now + timedelta(60))
    assert late.day == date(2026, 7, 6)  # never moved to today
    assert late.title.startswith("Overdue")
    assert "Overdue since 6 July 2026" in late.note
    assert calendar.releases(words, [], {}, days(*monthly), now + timedelta(200)) == []
    assert calendar.releases(words, [], {}, days(*monthly[:3]), now) == []


def test_when_a_source_is_asked_next_is_in_the_calendar():
    row = {"source": "unhcr_population", "title": "UNHCR", "cadence_days": 30.0}
    status = Status("unhcr_population", last_attempt=NOW, last_success=NOW, outcome="published")
    found = calendar.releases(Words("en"), [row], {"unhcr_population": status}, _nothing(), NOW)
    assert [r.uid for r in found] == ["due-unhcr_population"]
    assert abs((found[0].day - NOW.date()).days - 30) <= 4


def _nothing():
    import pandas as pd

    return pd.DataFrame(columns=["publisher", "dataset", "published_on"])


@pytest.mark.parametrize(
    ("path", "kind"), [(feed.PATH, "application/atom+xml"), (calendar.PATH, "text/calendar")]
)
def test_the_app_serves_both_in_the_readers_language(store, monkeypatch, path, kind):
    monkeypatch.setenv("NUZUH_STORE", store.address)
    status, headers, body = asked(path, "lang=ar", "tr")
    assert (status, headers["content-type"].partition(";")[0]) == (200, kind)
    assert "نزوح" in body.decode()
    _, headers, body = asked(path, "", "tr-TR,tr;q=0.9")
    assert headers["vary"] == "Accept-Language"
    assert ('xml:lang="tr"' in body.decode()) or ("LANGUAGE=tr" in body.decode())


def test_an_empty_store_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("NUZUH_STORE", str(tmp_path))
    status, _, body = asked(feed.PATH, "", "en")
    assert status == 503
    assert len(body.decode().splitlines()) == 1


def test_the_command_writes_both(store, tmp_path):
    result = CliRunner().invoke(
        main, ["--store", store.address, "alerts", "--feed", str(tmp_path / "out")]
    )
    assert result.exit_code == 0, result.output
    names = {f"feed.{x}.atom" for x in LANGUAGES} | {f"releases.{x}.ics" for x in LANGUAGES}
    assert {p.name for p in (tmp_path / "out").iterdir()} == names


def asked(path, query, language):
    """Status, headers and body of a GET, as the server would pass it on."""
    route = next(r for r in routes.ROUTES if r.path == path)
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(b"accept-language", language.encode())],
    }
    sent = asgi.messages(route.app, scope)
    head = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], head, asgi.body_of(sent)
