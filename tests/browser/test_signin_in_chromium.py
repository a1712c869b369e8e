"""Signing in, deciding and signing out as people do it, against a real provider."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
import requests
from click.testing import CliRunner

from commands.main import main
from dashboard.server import signin
from data import settings
from data.handover.inbox import Inbox
from data.settings import ROOT
from data.store import Decision, FigureFilter, Store
from pipelines.registry import SOURCES
from tests import carried
from tests.browser.axe import GRAVE, axe
from tests.browser.conftest import Sheet, read_only, served, snap
from tests.effort import ALL, in_each_language
from tests.servers.oidc import ADMINISTRATOR, READER, STRANGER, Provider
from tests.servers.post import webhook
from tests.signing_in import cookie, signed_in
from visuals.html import check_results
from visuals.language.words import Words

URL = "https://www.goc.gov.tr/gecici-koruma5638"
HEAD = "province,as_of,syrians,source_url\n"


def bring(store: Path, day: str, number: str, name: str = "provinces.csv") -> int:
    """A form with one row, imported as the command line does."""
    path = store / name
    path.write_text(f"{HEAD}Şanlıurfa,{day},{number},{URL}\n", encoding="utf-8")
    words = ["--store", str(store), "import", "pmm_provinces", str(path)]
    return CliRunner().invoke(main, words).exit_code


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A guarded office with a held run and two alerts, one of which cannot be delivered."""
    store, inbox = tmp_path_factory.mktemp("office"), tmp_path_factory.mktemp("inbox")
    carried.publish(store)
    assert bring(store, "2026-08-17", "245100") == 0
    assert bring(store, "2026-09-17", "2451000") == 1
    with Provider() as provider, webhook() as hook:
        alerts = [
            {
                "name": "team",
                "channels": ["${TEAM_CHANNEL}"],
                "measures": ["displacement", "health"],
                "within": ["SY07"],
                "language": "ar",
                "quiet": "21:00-07:00",
                "zone": "Asia/Damascus",
            },
            {"name": "nowhere", "channels": ["json://127.0.0.1:9/secret-token"]},
        ]
        given = provider.settings(
            NUZUH_CACHE=str(tmp_path_factory.mktemp("cache")),
            NUZUH_INBOX=str(inbox),
            NUZUH_ALERTS=json.dumps(alerts),
            TEAM_CHANNEL=f"json://127.0.0.1:{hook.port}/office-token",
        )
        nobody = ",".join(source.name for source in SOURCES)
        # The dashboard sees the store read-only where that can be had, and the inbox beside it.
        for app in served(store, read_only(store), **given):
            with scheduler(store, NUZUH_DISABLE=nobody, NUZUH_INBOX=str(inbox)):
                listening(inbox)
                yield app, provider, hook


def listening(inbox: Path) -> None:
    """Wait until somebody carries out what is handed over: till then no button can be pressed."""
    until = time.monotonic() + 60
    while Inbox(inbox).readiness(datetime.now(UTC)) != "ready":
        assert time.monotonic() < until, "The scheduler did not come up."
        time.sleep(0.1)


@contextmanager
def scheduler(store: Path, **given: str) -> Iterator[None]:
    """The process that carries out what administrators decide; it asks no publisher here."""
    environment = {**os.environ, "NUZUH_STORE": str(store), **given}
    command = [sys.executable, "-m", "pipelines", "serve"]
    with subprocess.Popen(command, env=environment, cwd=ROOT) as process:
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


def sign_in(tab: Sheet, address: str, account: str, language: str = "en") -> None:
    """From wherever an address leads who is not signed in, through the provider, and back."""
    tab.page.goto(address, wait_until="domcontentloaded")
    tab.page.get_by_role("link", name=Words(language)("signin.button")).click()
    tab.page.get_by_role("button", name=account).click()
    tab.settle()


def let_in(tab: Sheet, address: str, cookies: dict[str, str]) -> None:
    """With the cookies of a sign-in that was walked without the browser."""
    given = [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
    tab.page.context.add_cookies(given)


def test_a_reader_signs_in_reads_the_page_of_the_link_and_signs_out(office, sheet):
    app, _, _ = office
    tab, words = sheet(), Words("ar")
    shared = app.at("place", place="TUR031", lang="ar")
    tab.page.goto(shared, wait_until="domcontentloaded")
    assert tab.page.title().startswith(words("signin.title"))
    assert not [r for r in tab.requests if r.resource_type in ("script", "websocket", "font")]
    sign_in(tab, shared, READER, "ar")
    assert "place=TUR031" in tab.page.url
    assert tab.page.get_by_role("heading", name=words.place("TUR031")).first.is_visible()
    assert not tab.page.get_by_role("link", name=words("admin.nav")).count()
    tab.keep("signin-reader-ar")
    # The office is not hidden from a reader: it is not there, and the first page stands instead.
    tab.page.goto(app.at("admin", lang="en"), wait_until="domcontentloaded")
    tab.settle()
    assert not tab.page.get_by_text(Words("en")("admin.held.intro")).count()
    tab.page.get_by_role("link", name=Words("en")("signin.out")).click()
    tab.page.wait_for_url("**/nuzuh/sign-in**")
    tab.page.goto(shared, wait_until="domcontentloaded")
    assert tab.page.get_by_role("link", name=words("signin.button")).is_visible()
    assert not tab.errors


def test_the_sign_in_is_reached_and_done_by_keyboard_without_script(office, sheet):
    app, _, _ = office
    tab = sheet(java_script_enabled=False)
    tab.page.goto(f"{app.address}/nuzuh/light/tr/index.html")
    assert tab.page.locator("html").get_attribute("lang") == "tr"
    for _ in range(8):
        tab.page.keyboard.press("Tab")
        if tab.page.locator(":focus").inner_text() == Words("tr")("signin.button"):
            break
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/authorize**")
    tab.page.get_by_role("button", name=READER).press("Enter")
    tab.page.wait_for_url("**/nuzuh/light/tr/index.html")
    assert "1.182.989" in tab.page.content()


@in_each_language()
def test_the_page_before_the_figures_is_fit_to_be_seen(office, sheet, language):
    app, _, _ = office
    for scheme, width in (("light", 1440), ("dark", 390)):
        tab = sheet(width=width, height=800, color_scheme=scheme)
        tab.page.goto(f"{app.address}/nuzuh/sign-in?failed=1&lang={language}")
        assert tab.page.evaluate("document.documentElement.dir") == Words(language).direction
        assert _grave(tab) == []
        assert _wide(tab) <= 0
        snap(tab.page, f"signin-page-{language}-{scheme}-{width}")


def test_who_is_in_no_group_or_brings_a_forged_token_is_told_so(office, sheet):
    app, provider, _ = office
    tab, words = sheet(), Words("en")
    tab.page.goto(app.at(lang="en"), wait_until="domcontentloaded")
    tab.page.get_by_role("link", name=words("signin.button")).click()
    tab.page.get_by_role("button", name=STRANGER).click()
    tab.page.wait_for_url("**/nuzuh/sign-in**")
    assert tab.page.get_by_text(words("signin.outside", name=STRANGER)).is_visible()
    assert _grave(tab) == []
    snap(tab.page, "signin-outside-en")
    tab.page.get_by_role("link", name=words("signin.out")).click()
    provider.fault = "nonce"
    try:
        tab.page.get_by_role("link", name=words("signin.button")).click()
        tab.page.get_by_role("button", name=ADMINISTRATOR).click()
        tab.page.wait_for_url("**failed=1**")
    finally:
        provider.fault = None
    assert tab.page.get_by_text(words("signin.failed")).is_visible()


@pytest.mark.wide
def test_a_page_that_stays_open_asks_for_the_sign_in_when_it_ends(office, sheet):
    """A laptop that was left open shows no figures once its hours are over; nobody pressed."""
    app, provider, _ = office
    given = {n.removeprefix("NUZUH_").lower(): v for n, v in provider.settings().items()}
    configured = signin.config_of(settings.load(address=app.address, **given))
    tab, words, seconds = sheet(), Words("en"), 25
    let_in(tab, app.address, cookie(configured, made=time.time() - configured.seconds + seconds))
    tab.open(app.at("map", lang="en"))
    assert tab.page.locator(".nz-stage").count()
    tab.page.wait_for_url("**/nuzuh/sign-in?**", timeout=(seconds + 20) * 1000)
    tab.page.get_by_role("link", name=words("signin.button")).click()
    tab.page.get_by_role("button", name=READER).click()
    tab.settle()
    assert "/map?" in tab.page.url
    assert tab.page.locator(".nz-stage").count()


@pytest.mark.wide
def test_a_page_whose_reader_signed_out_elsewhere_asks_inside_the_page(office, sheet):
    """The next press of anything finds Streamlit's own way to sign in, and the way back."""
    app, _, _ = office
    reader = signed_in(app.address, READER)
    tab, words = sheet(), Words("en")
    let_in(tab, app.address, reader.cookies.get_dict())
    tab.open(app.at("map", lang="en"))
    reader.get(f"{app.address}/auth/logout", allow_redirects=False, timeout=30)
    press(tab, words("map.earlier"))
    again = tab.page.get_by_role("button", name=words("signin.button"))
    again.wait_for()
    assert not tab.page.locator(".nz-mast, .nz-stage").count()
    assert _grave(tab) == []
    tab.keep("signin-ended-en")
    again.click()
    tab.page.get_by_role("button", name=READER).click()
    tab.settle()
    assert "/map" in tab.page.url
    assert tab.page.locator(".nz-stage").count()


@pytest.mark.wide
def test_an_administrator_looks_at_a_held_run_and_rejects_it_with_a_reason(office, sheet):
    app, _, _ = office
    tab, words = sheet(), Words("en")
    sign_in(tab, app.at("admin", lang="en"), ADMINISTRATOR)
    assert tab.page.get_by_role("heading", name=words("admin.title"), exact=True).is_visible()
    assert not tab.page.get_by_role("button", name=words("admin.accept")).count()
    waiting = Store(str(app.store)).status("pmm_provinces")
    assert waiting is not None
    for language in ("ar", "en"):
        tab.open(app.at("admin", lang=language))
        for doubt in waiting.held_doubts:
            said = check_results.sentence(Words(language), doubt)
            assert tab.page.get_by_text(said, exact=True).is_visible()
        tab.keep(f"office-held-why-{language}")
    press(tab, words("admin.look"))
    assert tab.page.get_by_role("cell", name="2,451,000").is_visible()
    tab.keep("office-held-en")
    look_everywhere(tab, "office-held")
    tab.page.get_by_label(words("admin.why")).fill("a digit too many")
    tab.page.keyboard.press("Enter")
    tab.settle()
    press(tab, words("admin.reject"))
    told(tab, words("admin.outcome.rejected"))
    assert tab.page.get_by_text(words("admin.held.none")).is_visible()
    tab.open(app.at("admin", lang="en", task="decisions"))  # and after a refresh
    assert tab.page.get_by_text(words("admin.outcome.rejected")).first.is_visible()
    assert tab.page.get_by_role("cell", name="a digit too many", exact=True).is_visible()
    tab.keep("office-decisions-en")
    status = Store(str(app.store)).status("pmm_provinces")
    assert status is not None
    assert status.held_fetch is None
    assert status.sentence == (
        f"Rejected by {ADMINISTRATOR}: a digit too many; the published figures stay."
    )


def test_an_administrator_brings_a_file_sees_what_it_does_and_stands_by_it(office, sheet, tmp_path):
    """From the empty form to a release that says who accepted it: a jump is held all the same."""
    app, _, _ = office
    tab, words = sheet(), Words("en")
    let_in(tab, app.address, signed_in(app.address, ADMINISTRATOR).cookies.get_dict())
    tab.open(app.at("admin", lang="en", task="import", source="pmm_provinces"))
    with tab.page.expect_download() as form:
        tab.page.get_by_role("button", name=words("admin.form")).click()
    assert form.value.suggested_filename == "pmm_provinces.xlsx"
    assert Path(form.value.path()).read_bytes().startswith(b"PK")
    upload(tab, tmp_path / "provinces.csv", f"{HEAD}Nowhere,2026-10-17,1,{URL}\n")
    press(tab, words("admin.look"))
    tab.page.get_by_text("'Nowhere' is not known").wait_for()
    tab.page.get_by_label(words("admin.publisher")).fill("PMM")
    tab.page.keyboard.press("Tab")
    tab.settle()
    tab.page.context.clear_cookies()  # the sign-in ends in the middle of the form
    let_in(tab, app.address, signed_in(app.address, ADMINISTRATOR).cookies.get_dict())
    tab.open(app.at("admin", lang="en", task="import", source="pmm_provinces"))
    assert tab.page.get_by_text(words("admin.draft", name="provinces.csv")).is_visible()
    assert tab.page.get_by_label(words("admin.publisher")).input_value() == "PMM"
    tab.page.get_by_label(words("admin.publisher")).fill("")
    tab.page.keyboard.press("Tab")
    tab.settle()
    upload(tab, tmp_path / "provinces.docx", "no form")
    assert tab.page.get_by_text(words("admin.file_wrong_kind")).is_visible()
    tab.open(app.at("admin", lang="en", task="import", source="pmm_provinces"))
    assert not tab.page.get_by_role("button", name=words("admin.publish")).count()
    upload(tab, tmp_path / "mended.csv", f"{HEAD}Şanlıurfa,2026-10-17,24490000,{URL}\n")
    press(tab, words("admin.look"))
    tab.page.get_by_role("cell", name="24,490,000").wait_for()  # the file is read in a process
    assert tab.page.get_by_text(words("admin.doubts")).is_visible()
    tab.keep("office-import-en")
    look_everywhere(tab, "office-import")
    before = Store(str(app.store)).current().id
    assert not tab.page.get_by_role("button", name=words("admin.publish")).count()
    press(tab, words("admin.import_held"))
    told(tab, words("admin.outcome.held"))
    tab.open(app.at("admin", lang="en"))
    press(tab, words("admin.look"))
    press(tab, words("admin.accept"))
    told(tab, words("admin.outcome.published"))
    store = Store(str(app.store))
    release = store.current()
    assert release.id != before
    assert release.reason == f"accept pmm_provinces by {ADMINISTRATOR}"
    (document,) = store.documents("pmm_provinces", release.manifest.fetches["pmm_provinces"][-1])
    assert document.query["typed_by"] == ADMINISTRATOR
    assert document.name == "mended.csv"


@pytest.mark.wide
def test_an_administrator_makes_a_token_for_a_spreadsheet_and_revokes_it(office, sheet):
    """The store is read-only for the page: the scheduler notes the token, as other decisions."""
    app, _, _ = office
    tab, words = sheet(), Words("en")
    let_in(tab, app.address, signed_in(app.address, ADMINISTRATOR).cookies.get_dict())
    tab.open(app.at("admin", lang="en", task="tokens"))
    assert tab.page.get_by_text(words("admin.tokens.none")).is_visible()
    tab.page.get_by_label(words("admin.tokens.name")).fill("Excel of the WASH team")
    tab.page.keyboard.press("Enter")
    tab.settle()
    press(tab, words("admin.tokens.make"))
    secret = tab.page.locator("[data-testid=stCode] code").inner_text().strip()
    told(tab, words("admin.outcome.unchanged"))
    assert tab.page.get_by_text("Excel of the WASH team: reads").is_visible()
    tab.keep("office-tokens-en")
    look_everywhere(tab, "office-tokens")
    asked = f"{app.address}/nuzuh/api/v1/figures?within=SY07&limit=1"
    assert requests.get(asked, auth=("excel", secret), timeout=30).status_code == 200
    press(tab, words("admin.tokens.copied"))
    assert secret not in tab.page.content()
    press(tab, words("admin.tokens.revoke"))
    tab.page.get_by_text(f"revoked by {ADMINISTRATOR}").wait_for(timeout=90_000)
    assert requests.get(asked, auth=("excel", secret), timeout=30).status_code == 401


@in_each_language()
def test_a_file_too_large_or_of_a_wrong_kind_is_one_sentence_in_the_readers_language(
    office, sheet, tmp_path, language
):
    """Streamlit says it in English, and of the large one only in a corner of its own."""
    app, _, _ = office
    tab, words = sheet(), Words(language)
    account = "omar@example.org"  # whose draft is nobody else's
    office[1].people[account] = ["information-management"]
    let_in(tab, app.address, signed_in(app.address, account).cookies.get_dict())
    tab.open(app.at("admin", lang=language, task="import", source="pmm_provinces"))
    upload(tab, tmp_path / "provinces.docx", "no form")
    assert tab.page.get_by_text(words("admin.file_wrong_kind")).is_visible()
    tab.open(app.at("admin", lang=language, task="import", source="pmm_provinces"))
    upload(tab, tmp_path / "provinces.csv", HEAD + "x" * 33_000_000)
    assert tab.page.get_by_text(words("admin.file_too_large")).is_visible()
    assert not tab.page.get_by_role("button", name=words("admin.look")).count()
    assert not tab.errors


@pytest.mark.wide
def test_an_administrator_asks_pauses_reschedules_and_goes_back(office, sheet):
    """Each deed of the health page and the undo, carried out by the other process and told."""
    app, _, _ = office
    tab, words = sheet(), Words("en")
    let_in(tab, app.address, signed_in(app.address, ADMINISTRATOR).cookies.get_dict())
    name, store = "unhcr_population", Store(str(app.store))
    health = app.at("admin", lang="en", task="sources", source=name)
    deeds = ("ask", "pause", "resume", "schedule")
    for deed in deeds:
        tab.open(health)
        if deed == "schedule":
            month = words("sources.every", span=words.span(timedelta(days=30)))
            box = tab.page.get_by_label(words("admin.cadence"), exact=True)
            tab.page.locator(".stSelectbox").filter(has=box).click()
            box.fill(month)
            tab.page.get_by_role("option", name=month).click()
            tab.settle()
        button = "admin.cadence.button" if deed == "schedule" else f"admin.{deed}"
        press(tab, words(button))
        done = carried_out(store, deed)
        assert (done.by, done.source) == (ADMINISTRATOR, name)
        status = store.status(name)
        paused = status is not None and status.paused is not None
        assert paused == (deed == "pause")
    assert store.status(name).cadence_days == 30
    tab.open(health)
    tab.keep("office-health-en")
    look_everywhere(tab, "office-health")
    # Undo: what readers would see first, then a yes.
    last = store.current().figures(FigureFilter(source=("pmm_provinces",)))
    later = int(last.sort_values("as_of")["value"].iloc[-1]) + 400
    assert bring(app.store, "2026-11-17", str(later), "later.csv") == 0
    newest = store.current()
    tab.open(app.at("admin", lang="en", task="decisions", release=newest.manifest.parent))
    assert tab.page.get_by_text(
        words("admin.back.preview", new="0", changed="0", withdrawn="1")
    ).is_visible()
    assert tab.page.get_by_role("cell", name=f"{later:,}").is_visible()
    look_everywhere(tab, "office-undo")
    press(tab, words("admin.back.button"))
    carried_out(store, "rollback")
    assert store.current().reason.startswith(f"rollback to {newest.manifest.parent}")
    assert len(store.current().figures()) == len(newest.figures()) - 1


def published_by(store: Store, source: str) -> pd.DataFrame:
    """Wait until the scheduler's process has published a source's first figures."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        figures = store.current().figures(FigureFilter(source=(source,)))
        if len(figures):
            return figures
        time.sleep(0.2)
    raise AssertionError(f"Nobody published: {source}.")


def carried_out(store: Store, kind: str) -> Decision:
    """Wait until the scheduler's process has carried out the newest decision of a kind."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        for one in store.decisions(20):
            if one.kind == kind and one.state == "done":
                return one
        time.sleep(0.2)
    raise AssertionError(f"Nobody carried out: {kind}.")


OWN_TABLE = """Date;Admin 3 Pcode;Site;IDP individuals;HH
2025-11-15;SY070301;A;600;120
2025-11-15;SY070301;B;410;80
2025-11-15;SY020401;C;90;18
"""


@pytest.mark.wide
def test_an_administrator_says_what_the_columns_of_an_offices_own_table_mean(
    office, sheet, tmp_path
):
    """Nothing is published on a guess: each meaning is chosen, its first cells and sums beside."""
    app, _, _ = office
    tab, words = sheet(height=1200), Words("en")
    let_in(tab, app.address, signed_in(app.address, ADMINISTRATOR).cookies.get_dict())
    tab.open(app.at("admin", lang="en", task="import", source="any_table"))
    for field, said in (("publisher", "ACU"), ("url", "https://example.org/table")):
        label = words(f"admin.{field}", start="https://")
        tab.page.get_by_label(label).fill(said)
        tab.page.keyboard.press("Tab")
        tab.settle()
    tab.page.get_by_label(words("admin.published-on")).fill("2025-12-05")
    tab.settle()
    upload(tab, tmp_path / "own.csv", OWN_TABLE)
    grid = tab.page.locator("table", has_text=words("table.first_cells"))
    grid.wait_for(timeout=60_000)
    first = grid.locator("tr", has_text="HH").inner_text()
    assert "120 · 80" in first
    assert words("table.none") in first  # households of whom, nobody can know from the heading
    choose(tab, words("table.means", column="HH"), count(words, "IDP", "families"))
    press(tab, words("admin.look"))
    preview = tab.page.locator(".stMainBlockContainer")
    for number in ("1,010", "200", "90", "18"):
        assert preview.get_by_role("cell", name=number, exact=True).first.is_visible()
    assert not preview.get_by_role("cell", name="600", exact=True).count()  # one site of two
    tab.keep("office-own-table-en")
    press(tab, words("admin.publish"))
    told(tab, words("admin.outcome.published"))
    figures = published_by(Store(str(app.store)), "any_table")
    dana = figures[figures["place_code"].eq("SY070301")]
    assert dict(zip(dana["unit"], dana["value"], strict=True)) == {"people": 1_010, "families": 200}
    assert set(figures["publisher"]) == {"ACU"}


def count(words: Words, group: str, unit: str) -> str:
    """What the grid calls a column of counts."""
    return words("table.count", group=words(f"group.{group}"), unit=words(f"unit.{unit}"))


def choose(tab: Sheet, label: str, meaning: str) -> None:
    box = tab.page.get_by_role("combobox", name=re.compile(re.escape(label)))
    box.click()
    box.fill(meaning)  # a long list is drawn as far as it is seen
    tab.page.get_by_role("option").first.click()
    tab.settle()


@pytest.mark.wide
def test_an_administrator_sees_the_alerts_without_their_secrets_and_sends_a_test(office, sheet):
    app, _, hook = office
    tab, words = sheet(), Words("en")
    let_in(tab, app.address, signed_in(app.address, ADMINISTRATOR).cookies.get_dict())
    tab.open(app.at("admin", lang="en", task="alerts"))
    content = tab.page.content()
    assert "secret-token" not in content
    assert "office-token" not in content
    press(tab, words("admin.test.of", name="team"))
    assert tab.page.get_by_text(re.compile(f"team.1.*{words('admin.sent')}")).is_visible()
    assert len(hook.sent) == 1
    press(tab, words("admin.test.of", name="nowhere"))
    assert tab.page.get_by_text(re.compile("nowhere.1")).last.is_visible()
    tab.keep("office-alerts-en")
    look_everywhere(tab, "office-alerts")


def told(tab: Sheet, outcome: str) -> None:
    """Wait until the page says by itself what became of a decision."""
    tab.page.get_by_text(outcome).first.wait_for(timeout=90_000)
    tab.settle()


def press(tab: Sheet, name: str) -> None:
    tab.page.get_by_role("button", name=name).first.click()
    tab.page.wait_for_timeout(300)
    tab.settle()


def upload(tab: Sheet, path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    tab.page.locator("input[type=file]").first.set_input_files(str(path))
    tab.page.get_by_text(path.name).first.wait_for()
    tab.settle()


def look_everywhere(tab: Sheet, name: str) -> None:
    """What axe finds grave and what is cut: in Arabic on a phone in the dark, and as it stands."""
    if ALL:
        assert _grave(tab) == []
    in_language(tab, "ar")
    tab.keep(f"{name}-ar-light-1440")
    tab.page.emulate_media(color_scheme="dark")
    tab.page.set_viewport_size({"width": 390, "height": 900})
    tab.page.wait_for_timeout(300)
    assert _grave(tab) == []
    assert _wide(tab) <= 0
    tab.keep(f"{name}-ar-dark-390")
    tab.page.emulate_media(color_scheme="light")
    tab.page.set_viewport_size({"width": 1440, "height": 900})
    in_language(tab, "en")


def in_language(tab: Sheet, language: str) -> None:
    tab.page.locator(f".nz-mast [data-id={language}]").first.click()
    tab.page.wait_for_function(f"() => document.documentElement.lang === '{language}'")
    tab.settle()


def _grave(tab: Sheet) -> list[str]:
    return [
        f"{v['id']}: {node['html'][:200]}"
        for v in axe(tab)
        if v["impact"] in GRAVE
        for node in v["nodes"]
    ]


def _wide(tab: Sheet) -> int:
    return int(tab.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth"))


def test_a_reader_who_signed_in_checks_a_text_and_nobody_else_does(office, sheet):
    """The process that reads it has to reach the store of a guarded office too."""
    app, _, _ = office
    tab, words = sheet(390), Words("ar")
    address = app.at("check", lang="ar")
    tab.page.goto(address, wait_until="domcontentloaded")
    assert not tab.page.locator("textarea").count()  # the sign-in stands there instead
    sign_in(tab, address, READER, "ar")
    said = "In February 2020, some 453,556 IDP movements were tracked in Idleb governorate."
    tab.page.locator("textarea").fill(said)
    # English on a page that runs from the right stood from the right, its full stop in front.
    set_as = tab.page.locator("textarea").evaluate(
        "(box) => [getComputedStyle(box).unicodeBidi, getComputedStyle(box).textAlign]"
    )
    assert set_as == ["plaintext", "start"]
    tab.page.keyboard.press("Control+Enter")
    tab.settle()
    tab.page.get_by_role("button", name=words("check.run")).click()
    right = "|".join(words(f"check.verdict.{name}") for name in ("confirmed", "rounded"))
    tab.page.get_by_text(re.compile(right)).first.wait_for(timeout=60_000)
    tab.settle()
    assert words.number(453_556) in tab.page.locator(".stMainBlockContainer").inner_text()
    assert tab.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    tab.keep("check-signed-in-ar-390")
    assert not tab.errors
