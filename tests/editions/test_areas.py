"""A second area is a file: of another country nothing of Idlib is left on any output."""

import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from click.testing import CliRunner

from alerts import delivery, feed, files, setup
from commands.main import main
from data import settings
from data.gazetteer import area
from data.store import Store
from editions import brief, bundle, content, light
from pipelines.figures import table_of
from pipelines.registry import SOURCES
from pipelines.run.context import context_of
from pipelines.run.run import run_source
from pipelines.source import Reading
from tests.run_contexts import context_in, fake_source
from visuals.language.words import LANGUAGES, Words

IRAQ = """
origins = ["IRQ"]
hosts = ["TUR", "JOR"]
bounds = [38.0, 29.0, 49.0, 37.6]
since = 2011
"""
NAMES = ("idleb", "idlib", "İdlib", "إدلب", "ادلب", "aleppo", "halep", "حلب", "afrin", "hatay")
OF_IDLIB = re.compile("|".join((*NAMES, "north-west", "SY07", "SY02", "X-SYR")), re.I)


def read(documents, where):
    """IDPs in Iraq and refugees from Iraq in Jordan, as UNHCR counts them; numbers made up."""
    document = documents[0]
    shared = {
        "publisher": "UNHCR",
        "dataset": "Table",
        "measure": "stock",
        "unit": "people",
        "admin_level": 0,
        "reference_period_start": "2025-01-01",
        "reference_period_end": "2025-12-31",
        "as_of": "2025-12-31",
        "retrieved_at": document.fetched_at,
        "source_url": document.url,
        "content_sha256": document.sha256,
        "locator": "$",
    }
    idps = {"population_group": "IDP", "place_code": "IRQ", "location_code": "IRQ", "value": 999}
    abroad = {
        "population_group": "REF",
        "place_code": "JOR",
        "location_code": "JOR",
        "asylum_location_code": "JOR",
        "origin_code": "IRQ",
        "origin_location_code": "IRQ",
        "value": 777,
    }
    rows = [shared | idps, shared | abroad, *(shared | month for month in months(document))]
    return Reading(table_of(rows))


def months(document):
    """New displacements by month: a quiet year and more, then a wave, so that an alert is due."""
    for number in range(15):
        month = pd.Period(document.fetched_at.date(), "M") + number - 15
        yield {
            "dataset": "Months",
            "measure": "flow",
            "population_group": "NEWDISP",
            "place_code": "IRQ",
            "location_code": "IRQ",
            "reference_period_start": str(month.start_time.date()),
            "reference_period_end": str(month.end_time.date()),
            "as_of": str(month.end_time.date()),
            "value": 60_000 if number == 14 else 2_000 + 10 * number,
        }


@pytest.fixture(scope="module")
def iraq(tmp_path_factory):
    """The store of an office that follows Iraq, and its area's file."""
    folder = tmp_path_factory.mktemp("iraq")
    file = folder / "iraq.toml"
    file.write_text(IRAQ, encoding="utf-8")
    made = context_in(folder / "store", fake_source(read=read))
    made = replace(made, area=area.load(str(file)))
    assert run_source(made.sources[0], made).state == "published"
    return made.store, file


def test_the_situation_answers_the_questions_of_its_own_country(iraq):
    store, file = iraq
    words = ["--store", store.address, "--area", str(file), "situation", "--json"]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    values = {h["question"]: h["figure"] and h["figure"]["value"] for h in told["headlines"]}
    assert values["displaced_irq"] == 999
    assert values["hosted_jor"] == 777
    assert values["hosted_tur"] is None
    assert not OF_IDLIB.findall(result.stdout)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_idlib_is_on_any_page_brief_or_feed(iraq, language):
    store, file = iraq
    shown = content.gather(store.current(), area.load(str(file)))
    edition = light.Edition(shown, language)
    for name in edition.pages:
        found = OF_IDLIB.findall(edition.file(name).decode())
        assert not found, (name, found)
    assert not OF_IDLIB.findall(brief.compose(shown, language).texts())
    body = feed.atom(language, [], {}, store.releases(), "").decode()
    assert not OF_IDLIB.findall(body)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_idlib_is_in_alerts_calendars_or_the_offline_bundle(iraq, tmp_path, language):
    store, file = iraq
    alert = {"name": "iraq", "channels": ["mailto:x@y.z"], "within": ["IRQ"], "language": language}
    given = settings.load(
        store=store.address, area=str(file), address="https://example.org", alerts=[alert]
    )
    now = store.current().published_at
    box = Box()
    context = setup.context_of(given, store, now=lambda: now)
    delivery.deliver(replace(context, store=Store(str(tmp_path)), sender=box))
    assert Words(language).number(60_000) in "".join(box.taken), "no alert was sent at all"
    told = [*box.taken, *(body.decode() for body in files.all_of(given, store, now).values())]
    shown = content.gather(store.current(), area.load(str(file)))
    told += [body.decode() for name, body in bundle.files(shown, (language,)).items() if page(name)]
    assert not [found for text in told for found in OF_IDLIB.findall(text)]


class Box:
    """A mailbox: the text of each message that was handed over."""

    def __init__(self):
        self.taken = []

    def send(self, _to, message):
        self.taken.append(message.text)


def page(name):
    """Whether a file of the bundle is text."""
    return name.endswith((".html", ".csv", ".txt", ".md"))


def test_sources_about_another_countrys_people_are_not_listed(iraq):
    _, file = iraq
    made = context_in("x")
    listed = {s.name for s in context_of(replace_area(made.settings, file), SOURCES).sources}
    assert not {"dtm_syria_rounds", "pmm_provinces", "crossing_status", "unhcr_odp"} & listed
    assert "ocha_idp_movements" not in listed
    assert {"unhcr_population", "hapi_idps", "published_figures"} <= listed


def replace_area(settings, file):
    return settings.model_copy(update={"area": str(file)})


def test_the_north_east_has_its_own_questions_and_crossings():
    found = area.load("north-east")
    assert {q.places[0] for q in found.questions} >= {"SY08", "SY11", "SY09", "IRQ"}
    assert found.joins("SY08", "IRQ")
    assert not found.joins("SY07", "TUR031")
    assert not found.happened_here("SY07")
    assert set(found.name) == set(LANGUAGES)
