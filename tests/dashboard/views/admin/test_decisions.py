"""What became of a decision, in the words of whoever decided."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from dashboard.session.urlstate import View
from dashboard.views.admin import decisions, health
from data.store import Decision
from visuals.language.words import Words

AT = datetime(2026, 12, 1, 10, 25, tzinfo=UTC)


def said(language: str, **more: Any) -> str:
    view = View(Words(language), None, date(2026, 12, 1))
    return decisions.outcome_note(view, Decision("1", asked_at=AT, by="amal@example.org", **more))


@pytest.mark.parametrize(
    ("language", "counts"),
    [
        ("en", "7,119 new, 2 changed, 0 withdrawn."),
        ("ar", "جديد: 7,119، متغيّر: 2، مسحوب: 0."),
        ("tr", "Yeni: 7.119, değişen: 2, geri çekilen: 0."),
    ],
)
def test_what_was_published_is_counted_in_the_readers_language(language, counts):
    numbers = {"new": 7119, "changed": 2, "withdrawn": 0}
    sentence = "7,249 figures: 7,119 new, 2 changed, 0 withdrawn. One place left out."
    done = {"kind": "accept", "outcome": "published", "sentence": sentence, "counts": numbers}
    assert counts in said(language, **done)
    assert "figures" not in said(language, **done)
    assert "One place left out." in said(language, **done, remarks=("One place left out.",))


def test_what_the_outcome_says_already_is_not_said_again_in_english():
    """Once each held import repeated a command of the terminal on a page in Arabic."""
    held = "Changed at least 3-fold. Look, then `nuzuh accept pmm_provinces` or `reject`."
    assert "Look" not in said("ar", kind="import", outcome="held", sentence=held)
    rejected = "Rejected by amal@example.org: a slip; the published figures stay."
    assert "stay" not in said("tr", kind="reject", outcome="rejected", sentence=rejected)


@pytest.mark.parametrize(
    ("language", "change", "told"),
    [
        ("en", "added", "The alert was added to the settings."),
        ("ar", "changed", "غُيّر التنبيه في الإعدادات."),
        ("tr", "removed", "Uyarı ayarlardan çıkarıldı."),
    ],
)
def test_a_change_of_an_alert_is_told_in_the_readers_language(language, change, told):
    """Each row of the record on alerts ended with an English sentence, in Arabic and Turkish."""
    given = {"alert": "border", "change": change, "digest": "1"}
    sentence = f"The alert border was {change} in the settings."
    done = said(language, kind="alert", outcome="unchanged", given=given, sentence=sentence)
    assert told in done
    assert sentence not in done


def test_a_new_frequency_is_told_in_the_readers_language():
    done = {"kind": "schedule", "outcome": "unchanged", "sentence": "Asked every 3 days."}
    assert "كل 3 أيام" in said("ar", given={"cadence_days": "3"}, **done)
    assert "Asked" not in said("ar", given={"cadence_days": "3"}, **done)


@pytest.mark.parametrize("kind", ["pause", "resume", "token", "revoke"])
def test_a_task_that_is_done_adds_no_english_to_its_own_name(kind):
    assert "It is done" not in said("tr", kind=kind, outcome="unchanged", sentence="It is done.")
    assert "No such" in said("tr", kind=kind, outcome="refused", sentence="No such source.")


@pytest.mark.parametrize(
    ("kind", "outcome", "sentence"),
    [
        ("import", "rejected", "The same as walid@example.org rejected on 3 May: a slip."),
        ("accept", "skipped", "Nothing is held. walid@example.org decided on it at 10:24."),
        ("accept", "published", "unhcr_population was published."),
    ],
)
def test_what_only_the_process_knows_is_told(kind, outcome, sentence):
    assert sentence in said("ar", kind=kind, outcome=outcome, sentence=sentence)


def test_a_source_without_its_key_has_no_next_try():
    """It stood there as asked "now" and was never asked."""
    view = View(Words("en"), None, date(2026, 12, 1))
    row = {"source": "dtm_api", "cadence_days": 7.0, "key": "required, not set"}
    assert health._next(view, row, None) == "once the key is set"
    assert health._next(view, row | {"key": "better, not set"}, None) == "now"
